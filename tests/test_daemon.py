"""The loop when things break: servers that fail, a process that is killed at any moment, and how it ends."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import servers
from aiosmtpd.smtp import SMTP
from imapclient import IMAPClient
from servers import Fault, FaultySmtp, Reaction, react
from stage import LORBOT, PROFILE, Received, Stage, received

from lorbot import daemon as loop
from lorbot import dossiers, inbox
from lorbot.core.correspondence import Mail, Progress, Purpose
from lorbot.core.dossier import State
from lorbot.core.events import Ticked
from lorbot.daemon import Daemon
from lorbot.errors import ConfigurationError, LoginRefusedError, LorbotError, MailboxError, TemplateError
from lorbot.outbox import Outbox
from lorbot.sandbox.server import MailServer
from lorbot.shell.mailbox import Mailbox
from lorbot.shell.sender import Outcome, Sender
from lorbot.shell.spool import Spool
from lorbot.shell.store import TinyStore

YES = "Dear Nadia,\n\nI would be delighted to write you a strong letter."


class Killed(BaseException):
    """The process ends here, as by SIGKILL: nothing catches it."""


@pytest.fixture
def smtp() -> Iterator[FaultySmtp]:
    with FaultySmtp() as server:
        yield server


@pytest.fixture
def stage(tmp_path: Path, mail_server: MailServer) -> Stage:
    return Stage(tmp_path, mail_server)


@pytest.fixture
def faulty(tmp_path: Path, mail_server: MailServer, smtp: FaultySmtp) -> Stage:
    """People hand in their mail at the good server, lorbot at the one that fails."""
    return Stage(tmp_path, mail_server, smtp_port=smtp.smtp_port)


@contextmanager
def running(daemon: Daemon) -> Iterator[threading.Thread]:
    """The daemon at work in a thread, until left."""
    thread = threading.Thread(target=daemon.run)
    thread.start()
    try:
        yield thread
    finally:
        daemon.stop()
        thread.join(10)
        assert not thread.is_alive()


def until(holds: Any, *, within: float = 30) -> None:
    """Wait for something another thread or process does."""
    end = time.monotonic() + within
    while not holds():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def taken(smtp: FaultySmtp) -> list[str]:
    return [received(mail.raw).subject for mail in smtp.accepted]


def last(smtp: FaultySmtp) -> Received:
    return received(smtp.accepted[-1].raw)


def the_ask(stage: Stage) -> Mail:
    return next(m for m in stage.dossier.mails if m.purpose is Purpose.ASK)


# -- the SMTP server fails ---------------------------------------------------------------------------------------


def test_what_cannot_be_handed_in_waits_and_is_sent_once_when_the_server_is_back(
    faulty: Stage, smtp: FaultySmtp
) -> None:
    smtp.stop()
    faulty.nadia.writes("help")
    faulty.turn()
    faulty.passes(minutes=1)
    assert [m.progress for m in faulty.dossier.mails] == [Progress.QUEUED]

    smtp.start()
    faulty.passes(minutes=1)
    assert taken(smtp) == []  # the server is given a rest
    faulty.passes(minutes=10)
    faulty.passes(hours=5)
    assert taken(smtp) == ["Re: help"]
    assert [m.progress for m in faulty.dossier.mails] == [Progress.SENT]


def test_a_server_that_is_down_is_knocked_at_once_and_not_for_every_mail(
    faulty: Stage, smtp: FaultySmtp, monkeypatch: pytest.MonkeyPatch
) -> None:
    knocked: list[int] = []
    send = Sender.send

    def counting(self: Sender, raw: bytes, *envelope: Any) -> Outcome:
        knocked.append(len(raw))
        return send(self, raw, *envelope)

    monkeypatch.setattr(Sender, "send", counting)
    smtp.stop()
    for subject in ("help", "status", "profile"):
        faulty.nadia.writes(subject)
    faulty.turn()
    faulty.passes(minutes=1)
    assert len(knocked) == 1

    smtp.start()
    faulty.passes(minutes=5)
    assert sorted(taken(smtp)) == ["Re: help", "Re: profile", "Re: status"]


def test_a_mail_put_off_by_the_server_is_offered_again_and_taken_once(faulty: Stage, smtp: FaultySmtp) -> None:
    smtp.at_final_dot = "451 4.3.0 try again later"
    faulty.nadia.writes("help")
    faulty.turn()
    faulty.passes(minutes=6)
    assert len(smtp.offered) == 2

    smtp.at_final_dot = None
    faulty.passes(hours=1)
    faulty.passes(hours=5)
    assert taken(smtp) == ["Re: help"]
    assert len({received(mail.raw).incoming.message_id for mail in smtp.offered}) == 1


def test_a_refused_ask_is_told_to_the_applicant_in_the_same_turn(faulty: Stage, smtp: FaultySmtp) -> None:
    smtp.at_recipient = {"lopez@hospital.example": "550 5.1.1 nobody of that name"}
    approve(faulty, smtp)

    question = last(smtp)
    assert "did not arrive" in question.subject
    assert "nobody of that name" in question.text
    assert the_ask(faulty).progress is Progress.REFUSED
    assert faulty.dossier.letters[0].state is State.BOUNCED
    assert ["lopez@hospital.example"] not in [list(mail.recipients) for mail in smtp.offered]


def test_a_mail_lost_after_the_final_dot_is_not_sent_again_by_itself(faulty: Stage, smtp: FaultySmtp) -> None:
    question = lost(faulty, smtp)

    for _ in range(3):
        faulty.restart()
        faulty.passes(days=1)
    assert asks_offered(smtp) == 1
    assert the_ask(faulty).progress is Progress.UNKNOWN

    faulty.nadia.answers(question, "send again", to=LORBOT)
    faulty.turn()
    faulty.turn()
    assert asks_offered(smtp) == 2
    assert the_ask(faulty).progress is Progress.SENT
    assert faulty.dossier.letters[0].state is State.ASKED


def test_a_mail_lost_after_the_final_dot_counts_as_sent_when_the_applicant_says_so(
    faulty: Stage, smtp: FaultySmtp
) -> None:
    question = lost(faulty, smtp)

    faulty.nadia.answers(question, "it arrived", to=LORBOT)
    faulty.turn()
    assert asks_offered(smtp) == 1
    assert the_ask(faulty).progress is Progress.SENT
    assert faulty.dossier.letters[0].state is State.ASKED


def test_a_password_that_cannot_be_had_leaves_the_mail_queued(
    tmp_path: Path, mail_server: MailServer, smtp: FaultySmtp
) -> None:
    secret = tmp_path / "password.txt"
    secret.write_text("pw")
    secret.chmod(0o600)
    stage = Stage(tmp_path, mail_server, smtp_port=smtp.smtp_port, smtp={"password_file": "password.txt"})
    aside = secret.rename(tmp_path / "aside")
    stage.nadia.writes("help")
    with pytest.raises(ConfigurationError, match="password"):
        stage.turn()
    assert [m.progress for m in stage.dossier.mails] == [Progress.QUEUED]

    aside.rename(secret)
    stage.restart()
    stage.passes(minutes=10)
    assert taken(smtp) == ["Re: help"]


def approve(stage: Stage, smtp: FaultySmtp) -> None:
    """Nadia sends the ask; what she reads comes from the SMTP server, as it is not delivered."""
    stage.prepared()
    stage.nadia.writes("ask Dr. Lopez")
    stage.turn()
    stage.nadia.answers(last(smtp), "send", to=LORBOT)
    stage.turn()


def lost(stage: Stage, smtp: FaultySmtp) -> Received:
    """The ask is offered and the connection cut before the answer. Returns what the applicant is asked."""
    stage.prepared()
    stage.nadia.writes("ask Dr. Lopez")
    stage.turn()
    stage.nadia.answers(last(smtp), "send", to=LORBOT)
    send = Sender.send

    def dropping(self: Sender, raw: bytes, *envelope: Any) -> Outcome:
        smtp.at_final_dot = Fault.DROP if b'To: "Dr. Elena Lopez"' in raw else None
        return send(self, raw, *envelope)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sender, "send", dropping)
        stage.turn()
    smtp.at_final_dot = None
    question = next(m for m in map(received, (o.raw for o in smtp.accepted)) if "did a mail reach" in m.subject)
    assert "not send it again by myself" in question.text
    return question


def asks_offered(smtp: FaultySmtp) -> int:
    return sum(mail.recipients[0] == "lopez@hospital.example" for mail in smtp.offered)


# -- the process is killed ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("in_sent", "progress"), [(True, Progress.SENT), (False, Progress.UNKNOWN)])
def test_a_mail_that_was_on_its_way_when_the_process_was_killed_is_looked_for_in_sent(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, in_sent: bool, progress: Progress
) -> None:
    offered: list[bytes] = []

    def killed(_self: Sender, raw: bytes, *_: Any) -> Outcome:
        offered.append(raw)
        raise Killed

    preview = stage.previewed()
    stage.nadia.answers(preview, "send")
    with monkeypatch.context() as patch:
        patch.setattr(Sender, "send", killed)
        with pytest.raises(Killed):
            stage.turn()
    key = next(m.key for m in stage.dossier.mails if m.progress is Progress.SENDING)
    if in_sent:
        stage.server.deliver(LORBOT, offered[0], "Sent")

    stage.restart()
    stage.turn()
    stage.turn()

    mail = stage.dossier.mail(key)
    assert mail is not None
    assert mail.progress is progress
    assert received(offered[0]).incoming.message_id == mail.message_id
    everywhere = [
        received(raw).incoming.message_id
        for who in ("nadia@students.example", "lopez@hospital.example")
        for raw in stage.server.mails(who)
    ]
    assert mail.message_id not in everywhere


def test_a_mail_spooled_before_the_kill_is_handled_once_after_it(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.nadia.writes("help")
    killed_in(stage, monkeypatch, TinyStore, "save")
    assert len(list(stage.daemon.parts.state.spool.iterdir())) == 1

    stage.restart()
    stage.turn()
    stage.turn()
    assert [m.subject for m in stage.nadia.reads()] == ["Re: help"]
    assert stage.flags() == {"help": {"lorbot"}}


def test_a_mail_fetched_before_the_kill_is_fetched_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.nadia.writes("help")
    killed_in(stage, monkeypatch, Spool, "put")

    stage.restart()
    stage.turn()
    assert [m.subject for m in stage.nadia.reads()] == ["Re: help"]


def test_a_mail_decided_before_the_kill_and_not_yet_marked_is_not_decided_twice(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.nadia.writes("profile", PROFILE)
    killed_in(stage, monkeypatch, Mailbox, "mark")
    before = stage.dossier

    stage.restart()
    stage.turn()
    stage.turn()
    assert [m.subject for m in stage.nadia.reads()] == ["Re: profile"]
    assert stage.dossier.journal == before.journal
    assert stage.flags() == {"profile": {"lorbot"}}


def test_a_mail_that_kills_the_process_three_times_goes_to_quarantine(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    parse = inbox.parse

    def deadly(raw: bytes, **limits: int) -> Any:
        if b"Subject: deadly" in raw:
            raise Killed
        return parse(raw, **limits)

    monkeypatch.setattr(inbox, "parse", deadly)
    stage.nadia.writes("deadly")
    stage.nadia.writes("help")
    stage.nadia.writes("status")
    for _ in range(3):
        with pytest.raises(Killed):
            stage.turn()
        stage.restart()
    stage.turn()

    assert {m.subject for m in stage.nadia.reads()} == {"Re: help", "Re: status"}
    (mail,) = (path for path in stage.daemon.parts.state.quarantine.iterdir() if path.suffix == ".eml")
    assert b"Subject: deadly" in mail.read_bytes()
    assert "3 times" in mail.with_name(f"{mail.name}.why.txt").read_text()


def killed_in(stage: Stage, monkeypatch: pytest.MonkeyPatch, where: type, what: str) -> None:
    """A turn in which the process is killed at the first call of a method."""

    def kill(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(where, what, kill)
        with pytest.raises(Killed):
            stage.turn()


# -- a fault in one place ----------------------------------------------------------------------------------------


def test_a_broken_template_holds_up_its_own_mail_only_and_the_end_of_a_turn_says_so(stage: Stage) -> None:
    (stage.folder / "templates" / "applicant").mkdir(parents=True)
    broken = stage.folder / "templates" / "applicant" / "status.txt"
    broken.write_text("Subject: {{ nonsense }}\n\nText")
    with_templates = stage.config.read_text() + '[templates]\nfolder = "templates"\n'
    stage.config.write_text(with_templates)
    stage.restart()
    stage.nadia.writes("status")
    stage.nadia.writes("help")

    for _ in range(5):  # more often than a mail that kills the process would be tried
        with pytest.raises(LorbotError, match="not everything could be done"):
            stage.turn()
    assert [m.subject for m in stage.nadia.reads()] == ["Re: help"]

    broken.unlink()
    stage.restart()
    stage.turn()
    assert [m.subject for m in stage.nadia.reads()] == ["Re: status"]


def test_a_dossier_whose_clock_fails_does_not_stop_the_others(
    tmp_path: Path, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [
        {"name": "Kim", "email": "kim@hospital.example"},
        {"name": "Nadia Rahman", "email": "nadia@students.example"},
    ]
    stage = Stage(tmp_path, mail_server, applicants=people)
    stage.nadia.writes("help")
    stage.kim.writes("help")
    decide = dossiers.decide

    def failing(dossier: Any, event: Any, *rest: Any) -> Any:
        if isinstance(event, Ticked) and dossier.applicant.name == "Kim":
            raise TemplateError("template x.txt: broken")
        return decide(dossier, event, *rest)

    monkeypatch.setattr(dossiers, "decide", failing)
    with pytest.raises(LorbotError, match="not everything"):
        stage.turn()
    assert [len(stage.nadia.reads()), len(stage.kim.reads())] == [1, 1]


def test_a_mark_the_server_refuses_costs_nothing_but_the_mark(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(*_: object) -> bool:
        raise MailboxError("the IMAP server failed while marking a mail: it said 'store failed: NO'")

    monkeypatch.setattr(Mailbox, "mark", refusing)
    stage.nadia.writes("help")
    stage.turn()
    stage.turn()
    assert [m.subject for m in stage.nadia.reads()] == ["Re: help"]
    assert list(stage.daemon.parts.state.spool.iterdir()) == []


def test_a_material_that_is_gone_holds_up_the_packet_until_it_is_back(stage: Stage) -> None:
    ask = stage.asked()
    (material,) = stage.daemon.parts.state.files.iterdir()
    aside = material.rename(stage.folder / "aside")
    stage.lopez.answers(ask, YES)
    with pytest.raises(LorbotError, match="not everything"):
        stage.turn()
    assert stage.lopez.reads() == []
    assert stage.nadia.reads_one().subject == "Dr. Elena Lopez says yes"

    aside.rename(material)
    stage.restart()
    stage.turn()
    assert [a.name for a in stage.lopez.reads_one().incoming.attachments] == ["Rahman_CV.pdf"]


# -- the IMAP server fails ---------------------------------------------------------------------------------------


def test_the_daemon_answers_within_moments_while_it_waits(stage: Stage) -> None:
    with running(stage.daemon):
        until(lambda: stage.daemon.parts.mailbox.alive)
        stage.nadia.writes("help")
        until(lambda: stage.server.mails("nadia@students.example"))
    assert stage.nadia.reads_one().subject == "Re: help"


def test_the_daemon_connects_again_after_the_server_was_restarted(
    stage: Stage, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "LONGEST_BACKOFF_SECONDS", 0.2)
    with running(stage.daemon):
        until(lambda: stage.daemon.parts.mailbox.alive)
        mail_server.stop()
        until(lambda: not stage.daemon.parts.mailbox.alive)
        mail_server.start()
        stage.nadia.writes("help")
        until(lambda: stage.server.mails("nadia@students.example"))
    assert stage.nadia.reads_one().subject == "Re: help"


def test_a_refused_login_is_not_tried_again_soon(
    tmp_path: Path, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(tmp_path, mail_server, mailbox={"password": "wrong"})
    tried: list[str] = []
    connect = Mailbox.connect

    def counting(self: Mailbox) -> None:
        tried.append("login")
        connect(self)

    monkeypatch.setattr(Mailbox, "connect", counting)
    with running(stage.daemon):
        until(lambda: tried)
        time.sleep(0.6)
    assert tried == ["login"]
    assert loop.LOGIN_REFUSED_SECONDS >= 600
    with pytest.raises(LoginRefusedError, match="refused the login of lorbot"):
        stage.turn()


def test_where_the_server_does_not_push_the_daemon_looks_for_itself(
    tmp_path: Path, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    capable = IMAPClient.has_capability
    monkeypatch.setattr(IMAPClient, "has_capability", lambda self, name: name != "IDLE" and capable(self, name))
    stage = Stage(tmp_path, mail_server, mailbox={"poll_seconds": 1})
    with running(stage.daemon):
        until(lambda: stage.daemon.parts.mailbox.alive)
        time.sleep(0.3)  # it waits by now
        stage.nadia.writes("help")
        until(lambda: stage.server.mails("nadia@students.example"), within=5)


def test_the_clock_goes_on_while_the_mailbox_cannot_be_reached(
    faulty: Stage, smtp: FaultySmtp, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty.nadia.writes("help")
    killed_in(faulty, monkeypatch, Outbox, "send")
    mail_server.stop()
    faulty.restart()
    faulty.daemon.now = lambda: faulty.now + timedelta(seconds=time.monotonic() % 1)
    with running(faulty.daemon):
        until(lambda: taken(smtp) == ["Re: help"])


# -- the process as the operator sees it -------------------------------------------------------------------------


@contextmanager
def process(*arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    """`lorbot` as a process of its own."""
    command = [sys.executable, "-m", "lorbot", *map(str, arguments)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ)
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def logged(child: subprocess.Popen[str], event: str) -> dict[str, Any]:
    """Wait for a line of the log."""
    assert child.stderr is not None
    for line in child.stderr:
        said: dict[str, Any] = json.loads(line)
        if said["event"] == event:
            return said
    raise AssertionError(f"it ended without {event}")


def test_sigterm_ends_a_waiting_daemon_at_once(stage: Stage) -> None:
    with process("run", "--config", stage.config) as child:
        logged(child, "connected")
        time.sleep(0.3)  # it waits by now
        begin = time.monotonic()
        child.send_signal(signal.SIGTERM)
        assert child.wait(10) == 0
        assert time.monotonic() - begin < 5


def test_sigterm_lets_the_mail_in_hand_go_first_and_no_other(
    faulty: Stage, smtp: FaultySmtp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "react", slowly)
    smtp.at_final_dot = SLOWLY
    faulty.nadia.writes("help")
    faulty.nadia.writes("status")
    with process("run", "--config", faulty.config) as child:
        until(lambda: smtp.offered)
        child.send_signal(signal.SIGTERM)
        assert child.wait(10) == 0
    assert len(smtp.offered) == 1
    assert sorted(m.progress for m in faulty.dossier.mails) == [Progress.QUEUED, Progress.SENT]


SLOWLY = "250 2.0.0 taken, after all"


async def slowly(_server: SMTP, reaction: Reaction) -> str:
    """A server that takes its time over the last answer."""
    if reaction == SLOWLY:
        await asyncio.sleep(1)
        return SLOWLY
    return await react(_server, reaction)


def test_after_a_sigkill_the_mail_on_its_way_is_unknown_and_the_rest_goes_on(faulty: Stage, smtp: FaultySmtp) -> None:
    smtp.at_final_dot = Fault.HANG
    faulty.nadia.writes("help")
    faulty.nadia.writes("status")
    with process("run", "--config", faulty.config) as child:
        until(lambda: smtp.offered)
        child.kill()
        child.wait(10)
    smtp.at_final_dot = None

    with process("run", "--once", "--config", faulty.config) as child:
        assert child.wait(10) == 0
    assert len(smtp.offered) == 2
    assert len(taken(smtp)) == 1
    assert sorted(m.progress for m in faulty.dossier.mails) == [Progress.SENT, Progress.UNKNOWN]


def test_a_second_daemon_on_the_same_state_folder_is_refused_in_a_sentence(stage: Stage) -> None:
    with stage.daemon.parts.state.lock(), process("run", "--config", stage.config) as child:
        _, said = child.communicate(timeout=10)
    assert child.returncode == 1
    assert said.startswith("lorbot: another lorbot is using the state folder")
    assert "Traceback" not in said
