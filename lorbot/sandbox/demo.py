"""`lorbot demo`: a season in a minute. A mail server, the real daemon, simulated people, sped-up time.

The daemon is made from settings exactly as in production and speaks SMTP and IMAP; only its clock is given. Whether
every letter reached its proper end is judged by the mails in the people's mailboxes alone.
"""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from lorbot.config import Settings
from lorbot.daemon import Daemon
from lorbot.errors import LorbotError
from lorbot.mail.message import parse
from lorbot.sandbox import mail_server_class, story
from lorbot.sandbox.endings import Judgement, judge
from lorbot.sandbox.page import page
from lorbot.sandbox.people import PASSWORD, Delivered, Person, Planned, Town
from lorbot.sandbox.telling import Line, line_of
from lorbot.shell.journal import set_up_logging
from lorbot.wiring import parts_of

Say = Callable[[str], None]

MOST_STEPS = 3000


class Server(Protocol):
    """A running mail server on loopback. `accepted` grows by (MAIL FROM, RCPT TO) with every mail delivered."""

    imap_port: int
    smtp_port: int
    accepted: list[tuple[str, str]]


ServerFor = Callable[[Mapping[str, str]], AbstractContextManager[Server]]
"""Makes a mail server for users and their passwords."""


@dataclass(kw_only=True)
class Record:
    """Every mail as it went by, in order."""

    mails: list[Line] = field(default_factory=list)
    raws: list[bytes] = field(default_factory=list)
    received: dict[str, list[Delivered]] = field(default_factory=dict)


def play(folder: Path, *, echo: Say, say: Say, server: ServerFor | None = None) -> bool:
    """Play the story. Writes `folder`/mails/*.eml and `folder`/index.html; True if every letter ended as it should.

    `echo` gets the correspondence as it happens, `say` what a person needs to know. `server`: the embedded one, where
    no other is given.
    """
    _make_room(folder)
    set_up_logging("error")
    people = story.everybody()
    users = {p.email: PASSWORD for p in people} | {story.LORBOT: PASSWORD}
    start = server or mail_server_class()
    with tempfile.TemporaryDirectory(prefix="lorbot-demo-") as state, start(users) as running:
        daemon = Daemon(parts_of(_settings(Path(state), running.imap_port, running.smtp_port)))
        town = Town(people, imap_port=running.imap_port, smtp_port=running.smtp_port)
        echo(_prologue())
        record = _live(daemon, town, running.accepted, echo)
    judgement = judge(story.ENDINGS, record.received, story.THE_LETTER)
    _leave(folder, record, judgement)
    say(_epilogue(judgement, folder, len(record.mails)))
    return judgement.ok


def _live(daemon: Daemon, town: Town, accepted: list[tuple[str, str]], echo: Say) -> Record:
    """From the first mail to the last, jumping from one moment at which anything happens to the next."""
    record = Record()
    now, seen = story.BEGIN, 0
    daemon.open(now)
    daemon.parts.mailbox.connect()
    try:
        for _ in range(MOST_STEPS):
            wrote = town.write(now, lambda planned: _note_written(record, planned, echo))
            daemon.turn(now)
            got = {recipient for _, recipient in accepted[seen:]}
            seen = len(accepted)
            read = town.read(got, now, lambda person, mail: _note_read(record, person, mail, echo))
            if wrote or read:
                continue
            following = _following(daemon, town, now)
            if following is None or following > story.END:
                break
            now = following
    finally:
        daemon.parts.mailbox.close()
    return record


def _following(daemon: Daemon, town: Town, now: datetime) -> datetime | None:
    """The next moment at which anybody does anything. What is still due now waits for something else."""
    due = daemon.index.next_due()
    times = [t for t in (town.next_at(), due) if t is not None and t > now]
    if due is not None and due <= now:
        times.append(now + timedelta(hours=1))
    return min(times, default=None)


def _note_written(record: Record, planned: Planned, echo: Say) -> None:
    raw = planned.message.as_bytes()
    line = line_of(raw, parse(raw).incoming)
    before = record.mails[-1] if record.mails else None
    record.mails.append(line)
    record.raws.append(raw)
    echo(line.shown(before))


def _note_read(record: Record, person: Person, delivered: Delivered, echo: Say) -> None:
    record.received.setdefault(person.email, []).append(delivered)
    if delivered.incoming.sender.email != story.LORBOT:
        return  # a copy of what a mentor wrote; it was shown when it was written
    line = line_of(delivered.raw, delivered.incoming)
    before = record.mails[-1] if record.mails else None
    record.mails.append(line)
    record.raws.append(delivered.raw)
    echo(line.shown(before))


def _settings(state: Path, imap_port: int, smtp_port: int) -> Settings:
    return Settings.model_validate(
        {
            "mailbox": {
                "address": story.LORBOT,
                "provider": "custom",
                "imap_host": "127.0.0.1",
                "imap_port": imap_port,
                "imap_security": "plain",
                "password": PASSWORD,
                "authserv_id": "mail.sandbox",
            },
            "smtp": {"host": "127.0.0.1", "port": smtp_port, "security": "plain"},
            "applicants": [{"name": story.APPLICANT, "email": story.APPLICANT_EMAIL}],
            "office": {"show_applicant": "reply_to"},
            "state": {"folder": str(state / "state")},
        }
    )


def _make_room(folder: Path) -> None:
    """An empty folder for the result. Only a folder that a demo made is emptied."""
    if folder.exists() and any(folder.iterdir()) and not (folder / "index.html").exists():
        raise LorbotError(f"{folder} is not empty and not of an earlier demo; choose another with --folder")
    shutil.rmtree(folder / "mails", ignore_errors=True)
    (folder / "mails").mkdir(parents=True, exist_ok=True)


def _leave(folder: Path, record: Record, judgement: Judgement) -> None:
    for number, (line, raw) in enumerate(zip(record.mails, record.raws, strict=True), 1):
        (folder / "mails" / f"{number:03d}-{line.file_name()}.eml").write_bytes(raw)
    (folder / "index.html").write_text(page(record.mails, judgement), encoding="utf-8")


def _prologue() -> str:
    return (
        f"\n{story.APPLICANT} is a fourth-year medical student. She applies to residency in internal medicine and\n"
        f"writes mails to lorbot. Her mentors have never heard of it; they answer as people do.\n"
    )


def _epilogue(judgement: Judgement, folder: Path, count: int) -> str:
    lines = ["", f"{count} mails. How it ended, by the mails in the mentors' own mailboxes:", ""]
    lines += [
        f"  {'ok  ' if e.ok else 'FAIL'} {e.mentor:<20} {e.how}{'' if e.ok else '  -  ' + e.problem}"
        for e in judgement.ends
    ]
    lines += [f"  {'ok  ' if not p else 'FAIL'} {name}{'' if not p else ': ' + p}" for name, p in judgement.rules]
    return "\n".join(
        [*lines, "", f"The correspondence: {folder / 'index.html'}", f"Every mail:         {folder / 'mails'}/"]
    )
