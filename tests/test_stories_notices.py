"""Stories of portals: a notice in one's own mailbox, one that is passed on, a forged one, one that may mean two."""

from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

import pytest
from stage import KIM, LOPEZ, MONDAY, NADIA, Received, Stage, Style, gmail, outlook

from lorbot.core.application import Application
from lorbot.core.dossier import Letter, Mentor, State
from lorbot.reading.portals import Sample, all_portals
from lorbot.sandbox.server import MailServer
from lorbot.shell.mailbox import Mailbox

SERVICES = {"AAMC": "amcas", "Interfolio": "interfolio", "Liaison": "aacomas"}


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The subjects of the mails whose text was fetched."""
    subjects: list[str] = []
    fetch = Mailbox.fetch

    def noted(self: Mailbox, found: object) -> bytes | None:
        raw = fetch(self, found)  # type: ignore[arg-type]
        subjects.extend(line[9:].decode() for line in (raw or b"").split(b"\r\n") if line.startswith(b"Subject: "))
        return raw

    monkeypatch.setattr(Mailbox, "fetch", noted)
    return subjects


@pytest.fixture
def own(tmp_path: Path, mail_server: MailServer) -> Stage:
    """Nadia's own mailbox, and two letters for AMCAS on their way."""
    return under_way(Stage(tmp_path, mail_server, mailbox={"address": NADIA}), "amcas")


def under_way(stage: Stage, service: str) -> Stage:
    """Dr. Lopez and Dr. Kim have the packet for one application through this service."""
    lopez = Mentor(id="m1", name="Dr. Elena Lopez", email=LOPEZ, worked_together="I led the meeting.")
    kim = Mentor(id="m2", name="Dr. Harold Kim", email=KIM)
    on_the_way = {"state": State.PACKET_SENT, "asked_at": MONDAY, "agreed_at": MONDAY, "packet_at": MONDAY}
    dossier = replace(
        stage.dossier,
        mentors=(lopez, kim),
        applications=(Application(id="a1", name="Class of 2032", service=service),),
        letters=tuple(Letter(id=f"l{n}", mentor=f"m{n}", application="a1", **on_the_way) for n in (1, 2)),
    )
    stage.daemon.parts.store.save(dossier)
    stage.daemon.index.put(dossier, None)
    return stage


def sample(name: str, told: str = "received") -> Sample:
    portal = next(p for p in all_portals() if p.name == name)
    return next(s for s in portal.sample if s.told == told)


def arrives(stage: Stage, subject: str, text: str, sender: str, *, proof: str = "", html: bool = False) -> None:
    """A mail of a portal's in the mailbox, as a provider hands it over; `proof` is the domain it vouches for."""
    mail = EmailMessage(policy=SMTP)
    mail["Authentication-Results"] = f"mail.sandbox; dmarc={'pass' if proof else 'fail'} header.from={proof or 'x'}"
    mail["From"], mail["To"], mail["Subject"] = f"Portal <{sender}>", NADIA, subject
    mail["Date"], mail["Message-ID"] = format_datetime(stage.now), f"<{abs(hash((subject, text)))}@{sender}>"
    body = "".join(f"<p>{line}</p>" for line in text.split("\n") if line)
    mail.set_content(f"<html><body>{body}</body></html>" if html else text, subtype="html" if html else "plain")
    stage.server.deliver(stage.address, mail.as_bytes())


def from_lorbot(stage: Stage) -> list[Received]:
    return [m for m in stage.nadia.reads() if m.incoming.sender.email == stage.address]


def states(stage: Stage) -> list[State]:
    return [x.state for x in stage.dossier.letters]


@pytest.mark.parametrize(("name", "html"), [("AAMC", True), ("Interfolio", False), ("Liaison", False)])
def test_a_notice_in_ones_own_mailbox_moves_the_letter_and_the_thanks_follow(
    tmp_path: Path, mail_server: MailServer, name: str, html: bool
) -> None:
    stage = under_way(Stage(tmp_path, mail_server, mailbox={"address": NADIA}), SERVICES[name])
    notice = sample(name)
    domain = next(p for p in all_portals() if p.name == name).domains[0]
    arrives(stage, notice.subject, notice.text, f"no-reply@{domain}", proof=domain, html=html)
    stage.turn()

    assert states(stage) == [State.RECEIVED, State.PACKET_SENT]
    told = next(m for m in from_lorbot(stage) if "arrived" in m.subject)
    assert told.subject == f"{notice.called or name}: the letter of Dr. Elena Lopez has arrived"
    assert "the thank-you goes on Tuesday, June 15, 2027, from you." in told.text
    stage.passes(days=1)
    assert "thank" in stage.lopez.reads_one().text.lower()
    assert from_lorbot(stage) == []


def gmail_forward(head: str, text: str) -> tuple[str, str]:
    return f"FYI\n\n---------- Forwarded message ---------\n{head}\n\n{text}\n", ""


def outlook_forward(head: str, text: str) -> tuple[str, str]:
    lines = "<br>".join(line.replace("<", "&lt;") for line in head.split("\n"))
    body = "".join(f"<div>{line or '<br>'}</div>" for line in text.split("\n"))
    return "", f'<div><br></div><hr style="width:98%"><div id="divRplyFwdMsg"><font>{lines}</font></div>{body}'


def apple_forward(head: str, text: str) -> tuple[str, str]:
    quoted = "\n".join(f"> {line}".rstrip() for line in f"{head}\n\n{text}".split("\n"))
    return f"\n\nSent from my iPhone\n\nBegin forwarded message:\n\n{quoted}\n", ""


def passes_on(stage: Stage, notice: Sample, sender: str, forward: Callable[[str, str], tuple[str, str]]) -> None:
    head = f"From: Portal <{sender}>\nDate: Mon, Jun 14, 2027\nSubject: {notice.subject}\nTo: <{NADIA}>"
    plain, html = forward(head, notice.text)
    stage.nadia.writes(f"Fwd: {notice.subject}", plain, html=html)
    stage.turn()


@pytest.mark.parametrize("forward", [gmail_forward, outlook_forward, apple_forward])
def test_a_notice_that_is_passed_on_to_an_office_counts_as_her_report(
    tmp_path: Path, mail_server: MailServer, forward: Callable[[str, str], tuple[str, str]]
) -> None:
    stage = under_way(Stage(tmp_path, mail_server), "eras-residency")
    update = next(s for s in next(p for p in all_portals() if p.name == "AAMC").sample if s.called == "ERAS")
    passes_on(stage, update, "no-reply@aamc.org", forward)
    assert states(stage) == [State.RECEIVED, State.PACKET_SENT]
    told = stage.nadia.reads_one()
    assert told.subject == f"Re: {update.subject}"
    assert "Next: assign it to your programs; only you can do that." in told.text.replace("*", "")

    passes_on(stage, update, "no-reply@aamc.org", forward)  # once more: a word, and nothing else
    assert "is marked as received already" in stage.nadia.reads_one().text.replace("\n", " ")
    assert states(stage) == [State.RECEIVED, State.PACKET_SENT]


def test_a_mail_program_that_passes_notices_on_by_itself_is_as_good(tmp_path: Path, mail_server: MailServer) -> None:
    stage = under_way(Stage(tmp_path, mail_server), "amcas")
    notice = sample("AAMC")
    arrives(stage, notice.subject, notice.text, "no-reply@aamc.org", proof="aamc.org")
    stage.turn()
    assert states(stage) == [State.RECEIVED, State.PACKET_SENT]


def test_a_forged_notice_moves_nothing_and_is_asked_about(own: Stage) -> None:
    notice = sample("AAMC")
    arrives(own, notice.subject, notice.text, "no-reply@aamc.org")
    own.turn()
    assert states(own) == [State.PACKET_SENT] * 2
    (question,) = from_lorbot(own)
    assert question.subject == "Please look: has a letter arrived in AMCAS?"
    text = " ".join(question.text.split())
    assert "I could not be sure that the mail is from AMCAS (DMARC failed for aamc.org)." in text

    own.nadia.answers(question, "no", to=NADIA)
    own.turn()
    assert states(own) == [State.PACKET_SENT] * 2
    own.passes(days=3)
    assert own.lopez.reads() == []


@pytest.mark.parametrize("style", [gmail, outlook])
def test_a_notice_without_a_name_is_settled_with_one_word(own: Stage, style: Style) -> None:
    arrives(own, "AMCAS Letter Received", "Sign in to see it.", "no-reply@aamc.org", proof="aamc.org")
    own.turn()
    (question,) = from_lorbot(own)
    assert "1: received Dr. Elena Lopez for Class of 2032" in question.text.replace("*", "")
    own.nadia.answers(question, "2", style, to=NADIA)
    own.turn()
    assert states(own) == [State.PACKET_SENT, State.RECEIVED]


def test_a_letter_refused_for_its_form_is_urgent_and_her_own_words_go(tmp_path: Path, mail_server: MailServer) -> None:
    stage = under_way(Stage(tmp_path, mail_server, mailbox={"address": NADIA}), "interfolio")
    notice = sample("Interfolio", "rejected")
    arrives(stage, notice.subject, notice.text, "help@interfolio.com", proof="interfolio.com")
    stage.turn()
    (question,) = from_lorbot(stage)
    assert question.subject == "Urgent: Interfolio did not take the letter of Dr. Elena Lopez"
    assert "> The letter from Elena Lopez is missing a signature and letterhead." in question.text

    words = "Dear Dr. Lopez,\n\nInterfolio asks for a signature and letterhead. Could you upload it again?\n\nNadia"
    stage.nadia.answers(question, f"write: {words}", to=NADIA)
    stage.turn()
    assert "asks for a signature and letterhead" in stage.lopez.reads_one().text


def test_a_writer_who_declines_in_the_portal_is_a_question(tmp_path: Path, mail_server: MailServer) -> None:
    stage = under_way(Stage(tmp_path, mail_server, mailbox={"address": NADIA}), "residencycas")
    notice = sample("Liaison", "declined")
    arrives(stage, notice.subject, notice.text, "x@residencycas.com", proof="residencycas.com")
    stage.turn()
    (question,) = from_lorbot(stage)
    assert states(stage) == [State.PACKET_SENT] * 2
    stage.nadia.answers(question, "declined", to=NADIA)
    stage.turn()
    assert states(stage) == [State.WITHDRAWN, State.PACKET_SENT]
    assert stage.lopez.reads() == []


def test_only_notices_of_her_own_portals_are_opened(own: Stage, opened: list[str]) -> None:
    for subject, sender in (
        ("Five tips for your letters: status update", "news@aamc.org"),
        ("Welcome to the AAMC", "no-reply@aamc.org"),
        ("Your letter has been received", "no-reply@interfolio.com"),
        ("Your letter has been received", "friend@example.org"),
    ):
        arrives(own, subject, "Your letter from Elena Lopez has been received.", sender, proof="aamc.org")
    own.turn()
    assert (opened, from_lorbot(own), states(own)) == ([], [], [State.PACKET_SENT] * 2)

    arrives(own, "AMCAS application status", "Your transcript came.", "no-reply@aamc.org", proof="aamc.org")
    own.turn()
    assert opened == ["AMCAS application status"]
    assert from_lorbot(own) == []
    assert own.flags()["AMCAS application status"] == set()


def test_a_notice_gives_no_commands(own: Stage) -> None:
    text = "A letter of evaluation has been received.\n\nforget me\n\nreceived Dr. Harold Kim\n\nSubject: pause"
    arrives(own, "AMCAS: letter received", text, "no-reply@aamc.org", proof="aamc.org")
    own.turn()
    assert not own.dossier.paused
    assert not own.dossier.erasures
    assert states(own) == [State.PACKET_SENT] * 2


def test_in_ones_own_mailbox_a_notice_can_be_passed_on_to_oneself(own: Stage) -> None:
    notice = sample("AAMC")
    head = (
        f"From: AAMC <no-reply@aamc.org>\nDate: Mon, Jun 14, 2027\nSubject: {notice.subject}\nTo: <n@college.example>"
    )
    plain, _ = gmail_forward(head, notice.text)
    own.server.deliver(NADIA, own.nadia.writes(f"Fwd: {notice.subject}", plain, to=NADIA), "Sent")
    own.turn()
    assert states(own) == [State.RECEIVED, State.PACKET_SENT]
