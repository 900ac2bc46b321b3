"""What `lorbot check` finds, against real servers on loopback."""

import dataclasses
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from servers import Dovecot, FaultySmtp

from lorbot.config import Settings
from lorbot.errors import MailboxError
from lorbot.sandbox.server import MailServer
from lorbot.shell.check import Finding, check
from lorbot.shell.mailbox import Mailbox
from lorbot.shell.state import StateFolder

MONDAY = datetime(2027, 6, 7, 14, tzinfo=UTC)  # 10 in New York
SUNDAY = datetime(2027, 6, 6, 14, tzinfo=UTC)
NADIA = {"name": "Nadia Karim", "email": "nadia@students.example"}
SIGNED = (
    b"Authentication-Results: mail.sandbox;\r\n dmarc=pass header.from=students.example\r\nFrom: a@b.c\r\n\r\nhi\r\n"
)

Make = Callable[..., Settings]


@pytest.fixture
def settings(mail_server: MailServer, tmp_path: Path) -> Make:
    """Settings for Nadia's own mailbox on the embedded server, with changes by section."""

    def made(**changes: Any) -> Settings:
        mailbox = {
            "address": "nadia@students.example",
            "imap_host": "127.0.0.1",
            "imap_port": mail_server.imap_port,
            "imap_security": "plain",
            "password": "pw",
            "authserv_id": "mail.sandbox",
        }
        smtp = {"host": "127.0.0.1", "port": mail_server.smtp_port, "security": "plain"}
        return Settings(
            mailbox=mailbox | changes.pop("mailbox", {}),
            smtp=smtp | changes.pop("smtp", {}),
            state={"folder": str(tmp_path / "state")},
            **{"applicants": (NADIA,)} | changes,
        )

    return made


def found(settings: Settings, name: str, now: datetime = MONDAY) -> Finding:
    return {finding.name: finding for finding in check(settings, now)}[name]


def test_where_all_is_well_every_step_says_so(settings: Make, mail_server: MailServer, tmp_path: Path) -> None:
    assert list(check(settings(), MONDAY)) == [
        Finding(name="configuration", ok=True, says="nadia@students.example is the own mailbox of Nadia Karim"),
        Finding(name="state folder", ok=True, says=f"{tmp_path}/state can be written, by its owner alone"),
        Finding(
            name="clock",
            ok=True,
            says="it is Monday, 07 June 2027, 10:00 in America/New_York; mentors there may be written to now",
        ),
        Finding(name="templates", ok=True, says="the built-in ones"),
        Finding(
            name="services",
            ok=True,
            says="16 are known",
            remedy="checked before this season opened: aacomas, amcas, amcas-md-phd, eras-fellowship, eras-residency, "
            "tmdsas; docs/services.md says how to renew them",
        ),
        Finding(
            name="IMAP login",
            ok=True,
            says=f"127.0.0.1:{mail_server.imap_port}, plain, logged in as nadia@students.example",
        ),
        Finding(name="IMAP folders", ok=True, says="INBOX, Junk, Sent"),
        Finding(name="IMAP push", ok=True, says="the server tells of new mail at once (IDLE)"),
        Finding(name="IMAP marks", ok=True, says="mails that were handled are marked lorbot"),
        Finding(name="authserv_id", ok=True, says="commands are believed when mail.sandbox vouches for their sender"),
        Finding(
            name="SMTP login",
            ok=True,
            says=f"the SMTP server 127.0.0.1:{mail_server.smtp_port}, plain, logged in as nadia@students.example, "
            "mails up to 67 MB",
        ),
    ]


def test_checking_leaves_the_mailbox_as_it_was(settings: Make, mail_server: MailServer) -> None:
    mail_server.deliver("nadia@students.example", SIGNED)
    assert all(finding.ok for finding in check(settings(), MONDAY))
    assert mail_server.mails("nadia@students.example") == [SIGNED]
    assert mail_server.mails("nadia@students.example", "Sent") == []
    assert mail_server.accepted == []


def test_a_real_server_passes_as_well(dovecot: Dovecot, settings: Make) -> None:
    mailbox = {"imap_port": dovecot.imap_port}
    tried = list(check(settings(mailbox=mailbox, smtp={"port": dovecot.smtp_port}), MONDAY))
    assert [finding for finding in tried if not finding.ok] == []
    assert len(tried) == 11


def test_after_a_refused_login_the_rest_of_imap_is_not_tried_and_smtp_is(settings: Make) -> None:
    tried = list(check(settings(mailbox={"password": "wrong"}, smtp={"password": "pw"}), MONDAY))
    assert [(finding.name, finding.ok) for finding in tried[5:]] == [
        ("IMAP login", False),
        ("IMAP folders", False),
        ("IMAP push", False),
        ("IMAP marks", False),
        ("authserv_id", False),
        ("SMTP login", True),
    ]
    assert "refused the login of nadia@students.example" in tried[5].says
    assert "an app password where your school asks for one" in tried[5].remedy
    assert {(finding.says, finding.remedy) for finding in tried[6:10]} == {
        ("not tried, since the IMAP login failed", "mend that first")
    }
    assert "wrong" not in str(tried)


def test_a_server_that_is_not_there_is_told_with_what_to_look_at(settings: Make) -> None:
    with FaultySmtp() as gone:
        port = gone.smtp_port
    changed = settings(mailbox={"imap_port": port}, smtp={"port": port})
    remedy = "check the host and the port"
    assert found(changed, "IMAP login") == Finding(
        name="IMAP login",
        ok=False,
        says=f"the IMAP server 127.0.0.1:{port} cannot be reached: nothing listens on that port",
        remedy=remedy,
    )
    assert found(changed, "SMTP login") == Finding(
        name="SMTP login",
        ok=False,
        says=f"the SMTP server 127.0.0.1:{port} cannot be reached: nothing listens on that port",
        remedy=remedy,
    )


def test_a_password_that_cannot_be_had_is_a_finding(settings: Make, tmp_path: Path) -> None:
    finding = found(settings(mailbox={"password": "", "password_file": str(tmp_path / "gone")}), "IMAP login")
    assert finding == Finding(
        name="IMAP login",
        ok=False,
        says=f"the password file {tmp_path}/gone cannot be read (No such file or directory)",
        remedy="correct password_file, or write the password into that file",
    )


def test_a_folder_that_is_not_there_fails_alone(settings: Make) -> None:
    tried = list(check(settings(mailbox={"junk_folder": "Trödel"}), MONDAY))
    assert [finding.name for finding in tried if not finding.ok] == ["IMAP folders"]
    assert "Trödel" in tried[6].says


@pytest.mark.parametrize(
    ("mailbox", "mails", "ok", "says", "remedy"),
    [
        ({"authserv_id": ""}, 0, True, "not set: each command", ""),
        ({"authserv_id": ""}, 2, True, "not set: each command", 'write authserv_id = "mail.sandbox"'),
        ({"authserv_id": "MAIL.sandbox"}, 2, True, "commands are believed when MAIL.sandbox vouches", ""),
        ({"authserv_id": "mx.google.com"}, 0, True, "commands are believed when mx.google.com vouches", ""),
        (
            {"authserv_id": "mx.google.com"},
            2,
            False,
            "none of the latest mails carries mx.google.com",
            'write authserv_id = "mail.sandbox"',
        ),
        ({"trust_from": True}, 0, False, "anybody can give commands", "set trust_from = false"),
    ],
)
def test_the_authserv_id_is_compared_with_the_latest_mails(
    settings: Make, mail_server: MailServer, mailbox: dict[str, Any], mails: int, ok: bool, says: str, remedy: str
) -> None:
    for _ in range(mails):
        mail_server.deliver("nadia@students.example", SIGNED)
    finding = found(settings(mailbox=mailbox), "authserv_id")
    assert (finding.ok, says in finding.says, remedy in finding.remedy) == (ok, True, True)
    assert bool(finding.remedy) is bool(remedy)


def test_an_office_without_applicants_has_nothing_to_do(settings: Make) -> None:
    assert found(settings(applicants=()), "configuration") == Finding(
        name="configuration",
        ok=False,
        says="nadia@students.example works for nobody",
        remedy="write name and email of each applicant below a line [[applicants]]",
    )


def test_a_running_lorbot_is_no_fault(settings: Make, tmp_path: Path) -> None:
    with StateFolder(tmp_path / "state").lock():
        finding = found(settings(), "state folder")
    assert finding == Finding(
        name="state folder",
        ok=True,
        says=f"{tmp_path}/state can be written, by its owner alone; a running lorbot holds it",
    )


def test_a_state_folder_that_cannot_be_made_is_a_finding(settings: Make, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    finding = found(settings(), "state folder")
    assert (finding.ok, "cannot be made" in finding.says, bool(finding.remedy)) == (False, True, True)


@pytest.mark.parametrize("now", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)])
def test_a_clock_that_cannot_be_right_is_told(settings: Make, now: datetime) -> None:
    finding = found(settings(), "clock", now)
    assert (finding.ok, finding.remedy) == (False, "set this computer's clock; deadlines and reminders follow it")


def test_a_clock_behind_the_newest_dossier_is_told(settings: Make, tmp_path: Path) -> None:
    newest = StateFolder(tmp_path / "state").dossiers / "d000000000000.json"
    newest.write_text("{}")
    os.utime(newest, (MONDAY.timestamp() + 7200, MONDAY.timestamp() + 7200))
    assert not found(settings(), "clock").ok
    os.utime(newest, (MONDAY.timestamp() + 60, MONDAY.timestamp() + 60))
    assert found(settings(), "clock").ok


def test_the_clock_tells_when_mentors_may_be_written_to(settings: Make) -> None:
    assert found(settings(), "clock", SUNDAY).says == (
        "it is Sunday, 06 June 2027, 10:00 in America/New_York; "
        "mentors there may be written to from Monday, 07 June, 08:00"
    )


@pytest.mark.parametrize(
    ("content", "ok", "says"),
    [
        ({"ask.txt": b"Dear"}, True, "1 of your own in {}, else the built-in ones"),
        ({}, True, "0 of your own in {}, else the built-in ones"),
        ({"ask.txt": b"J\xe9"}, False, "{}/ask.txt is not UTF-8"),
        (None, False, "{} cannot be read (No such file or directory)"),
    ],
)
def test_the_templates_folder_is_read(
    settings: Make, tmp_path: Path, content: dict[str, bytes] | None, ok: bool, says: str
) -> None:
    folder = tmp_path / "templates"
    if content is not None:
        folder.mkdir()
        for name, raw in content.items():
            (folder / name).write_bytes(raw)
    finding = found(settings(templates={"folder": str(folder)}), "templates")
    assert (finding.ok, finding.says, bool(finding.remedy)) == (ok, says.format(folder), not ok)


@pytest.mark.parametrize(
    ("files", "ok", "says", "remedy"),
    [
        (
            {"amcas.toml": b"checked_on = 2027-05-20"},
            True,
            "16 are known, 1 of your own files in {}",
            "aacomas, amcas-md-phd, eras-f",
        ),
        ({}, True, "16 are known, 0 of your own files in {}", "checked before this season opened: aacomas, amcas"),
        ({"amcas.toml": b"colour = 1"}, False, "{}/amcas.toml: colour is not known", "remove it"),
        ({"amcas.toml": b"title = 'J\xe9'"}, False, "{}/amcas.toml is not UTF-8", "save it as UTF-8"),
        (None, False, "{} cannot be read (No such file or directory)", "mend that"),
    ],
)
def test_the_services_folder_is_read(
    settings: Make, tmp_path: Path, files: dict[str, bytes] | None, ok: bool, says: str, remedy: str
) -> None:
    folder = tmp_path / "services"
    if files is not None:
        folder.mkdir()
        for name, raw in files.items():
            (folder / name).write_bytes(raw)
    finding = found(settings(services={"folder": str(folder)}), "services")
    assert (finding.ok, finding.says) == (ok, says.format(folder))
    assert remedy in finding.remedy


def test_ones_own_template_is_read_before_a_mail_is_made_of_it(settings: Make, tmp_path: Path) -> None:
    mine = tmp_path / "templates" / "mentor" / "thanks.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text('{% extends "mentor/_base.txt" %}\n{% block body %}\nThank you, Dr. Weber.\n{% endblock %}\n')
    finding = found(settings(templates={"folder": str(tmp_path / "templates")}), "templates")
    assert finding == Finding(
        name="templates",
        ok=False,
        says=f"{mine}, line 3: “Dr. Weber” is a person's name",
        remedy="write {{ mentor.greeting }}, {{ mentor.name }} or {{ applicant.name }}",
    )


def test_a_step_that_loses_the_connection_does_not_take_later_ones_with_it(
    settings: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(box: Mailbox) -> bool:
        box.close()
        raise MailboxError("the connection broke; check this network")

    monkeypatch.setattr(Mailbox, "idles", property(lost))
    failed = [finding for finding in check(settings(), MONDAY) if not finding.ok]
    assert failed == [Finding(name="IMAP push", ok=False, says="the connection broke", remedy="check this network")]


def test_a_server_that_neither_pushes_nor_keeps_marks_will_do(settings: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Mailbox._open
    monkeypatch.setattr(Mailbox, "idles", property(lambda _: False))
    monkeypatch.setattr(
        Mailbox, "_open", lambda *given: dataclasses.replace(opened(*given), permanent_flags=frozenset({"\\seen"}))
    )
    tried = list(check(settings(mailbox={"poll_seconds": 90}), MONDAY))
    assert all(finding.ok for finding in tried)
    assert [finding.says for finding in tried[7:9]] == [
        "the server does not tell of new mail; lorbot looks every 90 seconds",
        "INBOX keeps no mark lorbot: what was handled does not show there, lorbot remembers it by itself",
    ]
