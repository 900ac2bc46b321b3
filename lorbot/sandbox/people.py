"""Simulated people with mailboxes of their own: they read their mail over IMAP, think, and answer over SMTP.

A person is a table of habits: the first habit that fits a mail decides what is answered, and after how many hours.
People see what a mail program shows them, nothing of lorbot's state.
"""

import re
import smtplib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from hashlib import sha256

from imapclient import IMAPClient

from lorbot.core.message import Incoming
from lorbot.mail.message import parse

PASSWORD = "sandbox"  # noqa: S105 - of mailboxes that live for a minute on loopback


@dataclass(frozen=True, kw_only=True)
class File:
    """Something to attach."""

    name: str
    content: bytes
    media_type: str = "application/pdf"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a person answers, and after how many hours. `automatic` is what a vacation program sends."""

    text: str
    after_hours: float = 5
    files: tuple[File, ...] = ()
    automatic: bool = False
    subject: str = ""  # "" answers in the thread; else a new mail to the same people


@dataclass(frozen=True, kw_only=True)
class Habit:
    """When a mail looks like this (its subject and text, lower case), this is done; once, unless `always`."""

    sees: str  # a regular expression
    does: tuple[Reply, ...] = ()  # (): reads it and says nothing
    always: bool = False


@dataclass(frozen=True, kw_only=True)
class Errand:
    """A mail a person writes without being asked, at a time."""

    at: datetime
    to: str
    subject: str
    text: str
    files: tuple[File, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """A mail as it lies in a mailbox."""

    owner: str
    uid: int
    raw: bytes
    incoming: Incoming
    reply_to: tuple[str, ...]


@dataclass(kw_only=True)
class Person:
    name: str
    email: str
    habits: Sequence[Habit] = ()
    errands: list[Errand] = field(default_factory=list)
    answers_to: str = ""  # the one address whose mail is acted on; "" for everybody's
    signature: str = ""
    seen: int = 0  # the last UID read
    used: set[int] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A mail that will leave a person's hands."""

    at: datetime
    person: Person
    message: EmailMessage
    to: tuple[str, ...]


class Town:
    """The people, and the post they have in hand."""

    def __init__(self, people: Sequence[Person], *, imap_port: int, smtp_port: int) -> None:
        self.people = list(people)
        self._imap_port, self._smtp_port = imap_port, smtp_port
        self.planned: list[Planned] = []
        for person in self.people:
            self.planned += [_from_errand(person, errand) for errand in person.errands]

    def next_at(self) -> datetime | None:
        """When somebody will write next."""
        return min((p.at for p in self.planned), default=None)

    def write(self, now: datetime, sent: Callable[[Planned], None]) -> int:
        """Everybody hands in what is due. Returns how many mails."""
        due = sorted((p for p in self.planned if p.at <= now), key=lambda p: p.at)
        self.planned = [p for p in self.planned if p.at > now]
        for planned in due:
            self._submit(planned)
            sent(planned)
        return len(due)

    def read(self, who: Collection[str], now: datetime, seen: Callable[[Person, Delivered], None]) -> int:
        """Those whose mailbox got something read what is new and plan an answer. Returns how many mails were read."""
        count = 0
        for person in (p for p in self.people if p.email in who):
            for delivered in self._new(person):
                count += 1
                seen(person, delivered)
                self._consider(person, delivered, now)
        return count

    def _consider(self, person: Person, delivered: Delivered, now: datetime) -> None:
        incoming = delivered.incoming
        if person.answers_to and incoming.sender.email != person.answers_to:
            return
        shown = f"{incoming.subject}\n{incoming.text}".lower()
        for number, habit in enumerate(person.habits):
            if (number in person.used and not habit.always) or not re.search(habit.sees, shown, re.DOTALL):
                continue
            person.used.add(number)
            self.planned += [_from_reply(person, delivered, reply, now) for reply in habit.does]
            return

    def _new(self, person: Person) -> list[Delivered]:
        with IMAPClient("127.0.0.1", self._imap_port, ssl=False) as client:
            client.login(person.email, PASSWORD)
            client.select_folder("INBOX", readonly=True)
            uids = [uid for uid in client.search(["UID", f"{person.seen + 1}:*"]) if uid > person.seen]
            fetched = client.fetch(uids, ["BODY.PEEK[]"]) if uids else {}
        person.seen = max(uids, default=person.seen)
        raws = [(uid, bytes(fetched[uid][b"BODY[]"])) for uid in sorted(uids)]
        return [_delivered(person, uid, raw) for uid, raw in raws]

    def _submit(self, planned: Planned) -> None:
        with smtplib.SMTP("127.0.0.1", self._smtp_port, "localhost") as session:
            session.login(planned.person.email, PASSWORD)
            session.send_message(planned.message, planned.person.email, planned.to)


def _from_errand(person: Person, errand: Errand) -> Planned:
    message = _message(person, errand.at, errand.to, errand.subject, _signed(person, errand.text))
    _attach(message, errand.files)
    return Planned(at=errand.at, person=person, message=message, to=(errand.to,))


def _from_reply(person: Person, delivered: Delivered, reply: Reply, now: datetime) -> Planned:
    """As mail programs answer: to Reply-To where there is one, in the thread, the old mail below."""
    incoming = delivered.incoming
    at = now + timedelta(hours=reply.after_hours)
    to = (incoming.sender.email,) if reply.automatic or not delivered.reply_to else delivered.reply_to
    quoted = "" if reply.automatic or reply.subject else f"\n\n{_quoted(incoming)}"
    text = reply.text if reply.automatic else _signed(person, reply.text) + quoted
    subject = reply.subject or f"Re: {incoming.subject.removeprefix('Re: ')}"
    message = _message(person, at, ", ".join(to), subject, text)
    if not reply.subject:
        message["In-Reply-To"] = f"<{incoming.message_id}>"
        message["References"] = " ".join(f"<{r}>" for r in (*incoming.references, incoming.message_id))
    if reply.automatic:
        message["Auto-Submitted"] = "auto-replied"
    _attach(message, reply.files)
    return Planned(at=at, person=person, message=message, to=to)


def _delivered(person: Person, uid: int, raw: bytes) -> Delivered:
    parsed = parse(raw)
    reply_to = tuple(a.email for a in parsed.headers.addresses("reply-to"))
    return Delivered(owner=person.email, uid=uid, raw=raw, incoming=parsed.incoming, reply_to=reply_to)


def _message(person: Person, at: datetime, to: str, subject: str, text: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((person.name, person.email))
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    mark = sha256("\n".join((person.email, to, subject, text)).encode()).hexdigest()[:12]
    message["Message-ID"] = f"<{at:%Y%m%d%H%M%S}.{mark}@{person.email.partition('@')[2]}>"
    message.set_content(text)
    return message


def _attach(message: EmailMessage, files: Sequence[File]) -> None:
    for file in files:
        kind, _, subtype = file.media_type.partition("/")
        message.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.name)


def _signed(person: Person, text: str) -> str:
    return f"{text}\n\n{person.signature}" if person.signature else text


def _quoted(incoming: Incoming) -> str:
    """The mail under the answer, as mail programs put it."""
    on = (
        f"{incoming.date:%a, %b} {incoming.date.day}, {incoming.date:%Y at %I:%M %p}"
        if incoming.date
        else "an earlier day"
    )
    name = incoming.sender.name or incoming.sender.email
    lines = "\n".join(f"> {line}".rstrip() for line in incoming.text.rstrip().split("\n"))
    return f"On {on} {name} <{incoming.sender.email}> wrote:\n\n{lines}"


def paper(title: str, *lines: str) -> bytes:
    """A one-page PDF, letter size, with a few lines of text."""
    shown = [title, "", *lines]
    escaped = [line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") for line in shown]
    stream = "BT /F1 12 Tf 72 720 Td 16 TL " + " ".join(f"({line}) Tj T*" for line in escaped) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources 6 0 R >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Font << /F1 5 0 R >> >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1", "replace")
    begin = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{begin}\n%%EOF\n".encode()
    return bytes(out)
