"""A stage for stories: a mail server, the real daemon on a state folder of its own, and people who write and read.

Mail goes over SMTP and IMAP, the configuration is a file; only the clock is the test's: `now` stands still until
it is moved.
"""

import smtplib
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from html import escape
from itertools import count
from json import dumps
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from imapclient import IMAPClient

from lorbot.config import load
from lorbot.core.documents import Examined
from lorbot.core.dossier import Dossier
from lorbot.core.message import Incoming
from lorbot.daemon import Daemon
from lorbot.mail.message import parse
from lorbot.sandbox.people import File, paper
from lorbot.shell.examiner import Examiner
from lorbot.wiring import parts_of

HOME = ZoneInfo("America/New_York")
LORBOT = "lorbot@school.example"
NADIA = "nadia@students.example"
LOPEZ = "lopez@hospital.example"
KIM = "kim@hospital.example"
PASSWORD = "pw"
MONDAY = datetime(2027, 6, 14, 10, 0, tzinfo=HOME)  # a working day, in working hours

CV = File(name="CV final.pdf", content=paper("Nadia Rahman", "Curriculum vitae"))

PROFILE = """stage: fourth-year medical student
school: Lakeside College of Medicine
specialty: internal medicine
goal: I want to become a general internist at a safety-net hospital.
AAMC ID: 14789321
waiver: yes"""

APPLICATION = """service: ERAS residency
deadline: 1 September 2027, 11:59 pm ET"""

MENTOR = """email: lopez@hospital.example
role: clinical
known since: March 2027
worked together: I was your sub-intern on 5 West for four weeks in March. You watched me lead the family meeting of
  Mr. H., and I presented him at morning report."""

NUMBERS = count(1)


class OnceForEach(Examiner):
    """Looks into a document when it is first seen: the same bytes give the same findings in every story."""

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[bytes, Examined] = {}

    def examine(self, contents: Iterable[bytes]) -> tuple[Examined, ...]:
        contents = tuple(contents)
        new = [content for content in dict.fromkeys(contents) if content not in self._found]
        self._found |= zip(new, super().examine(new), strict=True)
        return tuple(self._found[content] for content in contents)


EXAMINER = OnceForEach()


class Server(Protocol):
    """What a stage needs of a mail server; the embedded one and Dovecot have it."""

    imap_port: int
    smtp_port: int

    def deliver(self, user: str, raw: bytes, folder: str = "INBOX") -> None: ...
    def mails(self, user: str, folder: str = "INBOX") -> list[bytes]: ...


@dataclass(frozen=True, kw_only=True)
class Received:
    """A mail in somebody's hands."""

    raw: bytes
    incoming: Incoming
    headers: Mapping[str, str]  # decoded, by lower-case name; the topmost of each
    html: str

    @property
    def subject(self) -> str:
        return self.incoming.subject

    @property
    def text(self) -> str:
        return self.incoming.text


Style = Callable[[Received, str], tuple[str, str]]
"""How a mail program puts an answer: its text part and its HTML part, "" for none."""


class Actor:
    """Somebody with a mailbox."""

    def __init__(self, stage: "Stage", name: str, email: str) -> None:
        self.stage, self.name, self.email = stage, name, email
        self._seen = 0

    def writes(self, subject: str, text: str = "", **more: Any) -> bytes:
        """A new mail to lorbot, over SMTP; `more` as for `letter`, and login=False for a mail anybody could write."""
        login = more.pop("login", True)
        raw = letter(self, subject, text, **more)
        self.hands_in(raw, more.get("to", self.stage.address), login=login)
        return raw

    def answers(self, mail: Received, text: str, style: Style | None = None, **more: Any) -> bytes:
        """An answer in the thread, to Reply-To where there is one, the old mail below."""
        plain, html = (style or top_posted)(mail, text)
        thread = {
            "In-Reply-To": f"<{mail.incoming.message_id}>",
            "References": " ".join(f"<{r}>" for r in (*mail.incoming.references, mail.incoming.message_id)),
        }
        to = mail.headers.get("reply-to") or mail.incoming.sender.email
        subject = f"Re: {mail.subject.removeprefix('Re: ')}"
        return self.writes(subject, plain, **{"html": html, "to": to, "headers": thread} | more)

    def hands_in(self, raw: bytes, to: str, *, login: bool = True) -> None:
        with smtplib.SMTP("127.0.0.1", self.stage.server.smtp_port, "localhost", timeout=10) as session:
            if login:
                session.login(self.email, PASSWORD)
            session.sendmail(self.email, [a.strip().rpartition("<")[2].rstrip(">") for a in to.split(",")], raw)

    def reads(self) -> list[Received]:
        """What has come since the last time and is for this person: copies of mail to others are passed over."""
        raws = self.stage.server.mails(self.email)
        new, self._seen = raws[self._seen :], len(raws)
        mails = [received(raw) for raw in new]
        return [mail for mail in mails if self.email in {a.email for a in mail.incoming.to[:1]}]

    def reads_one(self, subject: str = "") -> Received:
        """The one mail that has come, and its subject holds `subject`."""
        mails = self.reads()
        assert [m.subject for m in mails if subject.lower() in m.subject.lower()] == [m.subject for m in mails]
        assert len(mails) == 1, [m.subject for m in mails]
        return mails[0]


class Stage:
    """A daemon and the people around it. `changes` are sections of the configuration, merged over the usual ones."""

    def __init__(self, folder: Path, server: Server, *, smtp_port: int = 0, **changes: Any) -> None:
        self.folder, self.server = folder, server
        self.config = folder / "config.toml"
        document = _usual(server.imap_port, smtp_port or server.smtp_port)
        for section, keys in changes.items():
            document[section] = document.get(section, {}) | keys if isinstance(keys, dict) else keys
        self.config.write_text(toml(document))
        self.config.chmod(0o600)
        self.address: str = document["mailbox"]["address"]
        self.now = MONDAY
        self.nadia = Actor(self, "Nadia Rahman", NADIA)
        self.lopez = Actor(self, "Elena Lopez", LOPEZ)
        self.kim = Actor(self, "Harold Kim", KIM)
        self.restart()

    def restart(self) -> None:
        """A new process, as far as the state folder can tell."""
        self.daemon = Daemon(replace(parts_of(load(self.config, {})), examiner=EXAMINER))
        self.daemon.open(self.now)

    def turn(self) -> None:
        """Connect, do all there is to do now, and leave."""
        self.daemon.once(self.now)

    def passes(self, **time: float) -> None:
        """Time passes, and the daemon does what is due."""
        self.now += timedelta(**time)
        self.turn()

    @property
    def dossier(self) -> Dossier:
        store = self.daemon.parts.store
        (dossier_id,) = store.ids()
        return store.load(dossier_id)

    @property
    def journal(self) -> str:
        return "\n".join(entry.what for entry in self.dossier.journal)

    def prepared(self) -> None:
        """Nadia has told who she is, where she applies and who Dr. Lopez is, and has read the answers."""
        self.nadia.writes("profile", PROFILE)
        self.nadia.writes("cv", "Here it is.", files=(CV,))
        self.nadia.writes("application ERAS 2028", APPLICATION)
        self.nadia.writes("mentor Dr. Elena Lopez", MENTOR)
        self.turn()
        self.nadia.reads()

    def previewed(self) -> Received:
        """... and the ask waits for her word."""
        self.prepared()
        self.nadia.writes("ask Dr. Lopez")
        self.turn()
        return self.nadia.reads_one("Shall I send this")

    def asked(self) -> Received:
        """... and Dr. Lopez has it."""
        self.nadia.answers(self.previewed(), "send")
        self.turn()
        self.nadia.reads()
        return self.lopez.reads_one("Letter of recommendation")

    def flags(self, folder: str = "INBOX") -> dict[str, set[str]]:
        """The flags of each mail in lorbot's mailbox, by subject."""
        with self.program(folder) as client:
            fetched = client.fetch(client.search(), ["FLAGS", "BODY.PEEK[HEADER]"])
        return {
            parse(mail[b"BODY[HEADER]"]).incoming.subject: {flag.decode() for flag in mail[b"FLAGS"]} - {"\\Recent"}
            for mail in fetched.values()
        }

    def program(self, folder: str = "INBOX") -> IMAPClient:
        """A mail program on lorbot's mailbox, logged in, with `folder` open."""
        client = IMAPClient("127.0.0.1", self.server.imap_port, ssl=False, timeout=10)
        client.login(self.address, PASSWORD)
        client.select_folder(folder)
        return client


def letter(
    sender: Actor,
    subject: str,
    text: str = "",
    *,
    html: str = "",
    to: str = "",
    files: Iterable[File] = (),
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """A mail as a mail program writes it; without text it is HTML alone."""
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((sender.name, sender.email))
    message["To"] = to or sender.stage.address
    message["Subject"] = subject
    message["Date"] = format_datetime(sender.stage.now)
    message["Message-ID"] = f"<{next(NUMBERS)}.{sender.stage.now:%H%M%S}@{sender.email.partition('@')[2]}>"
    for name, content in (headers or {}).items():
        message[name] = content
    if text or not html:
        message.set_content(text)
    if html and text:
        message.add_alternative(html, subtype="html")
    elif html:
        message.set_content(html, subtype="html")
    for file in files:
        kind, _, subtype = file.media_type.partition("/")
        message.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.name)
    return message.as_bytes()


def received(raw: bytes) -> Received:
    parsed = parse(raw)
    names = {name for name, _ in parsed.headers.fields}
    headers = {name: parsed.headers.text(name) for name in names}
    return Received(raw=raw, incoming=parsed.incoming, headers=headers, html=parsed.html)


def returned(mail: Received, *, code: str = "5.1.1", says: str = "no such user") -> bytes:
    """The notice with which a mail system gives `mail` back (RFC 3464)."""
    head = mail.raw.partition(b"\r\n\r\n")[0].decode("ascii", "replace")
    to = mail.incoming.to[0].email
    lines = f"""From: Mail Delivery System <mailer-daemon@hospital.example>
To: {mail.incoming.sender.email}
Subject: Undelivered Mail Returned to Sender
Date: {mail.headers["date"]}
Message-ID: <bounce.{next(NUMBERS)}@hospital.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

I could not deliver your message to {to}: {says}.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; hospital.example

Final-Recipient: rfc822; {to}
Action: failed
Status: {code}
Diagnostic-Code: smtp; 550 {code} {says}
--b
Content-Type: text/rfc822-headers

{head}
--b--
"""
    return "\r\n".join(lines.splitlines()).encode() + b"\r\n"


def top_posted(mail: Received, text: str) -> tuple[str, str]:
    """As Thunderbird and many others: the answer, a line, the old mail behind "> "."""
    return f"{text}\n\nOn {_day(mail)}, {_who(mail)} wrote:\n{_marked(mail.text)}\n", ""


def gmail(mail: Received, text: str) -> tuple[str, str]:
    """Gmail in a browser: both parts, the old mail in a blockquote."""
    line = f"On {_day(mail)} {_who(mail)} wrote:"
    html = (
        f'<div dir="ltr">{_as_html(text)}</div><br><div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">{escape(line)}<br></div>'
        f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{_body(mail)}</blockquote></div>'
    )
    return f"{text}\n\n{line}\n\n{_marked(mail.text)}\n", html


def outlook(mail: Received, text: str) -> tuple[str, str]:
    """Outlook: HTML alone, a rule, the head of the old mail, and the old mail unmarked."""
    head = {"From": _who(mail), "Sent": _day(mail), "To": NADIA, "Subject": mail.subject}
    lines = "<br>".join(f"<b>{name}:</b> {escape(content)}" for name, content in head.items())
    return "", (
        f'<html><body><div class="elementToProof">{_as_html(text)}</div><div id="appendonsend"></div>'
        f'<hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg"><font>{lines}</font></div>'
        f"<div>{_body(mail)}</div></body></html>"
    )


def apple(mail: Received, text: str) -> tuple[str, str]:
    """Mail on an iPhone: the attribution is quoted too."""
    quoted = _marked(f"On {_day(mail)}, {_who(mail)} wrote:\n\n{mail.text}")
    return f"{text}\n\nSent from my iPhone\n\n{quoted}\n", ""


def toml(document: Mapping[str, Any]) -> str:
    """A document of sections, lists of sections and plain values as TOML."""
    lines: list[str] = []
    for section, keys in document.items():
        for table in keys if isinstance(keys, list) else [keys]:
            lines.append(f"[[{section}]]" if isinstance(keys, list) else f"[{section}]")
            lines += [f"{key} = {dumps(content)}" for key, content in table.items()]
    text = "\n".join(lines) + "\n"
    assert tomllib.loads(text) == {section: keys for section, keys in document.items() if keys}
    return text


def _usual(imap_port: int, smtp_port: int) -> dict[str, Any]:
    return {
        "mailbox": {
            "address": LORBOT, "provider": "custom", "imap_host": "127.0.0.1", "imap_port": imap_port,
            "imap_security": "plain", "password": PASSWORD, "authserv_id": "mail.sandbox",
        },
        "smtp": {"host": "127.0.0.1", "port": smtp_port, "security": "plain"},
        "applicants": [{"name": "Nadia Rahman", "email": NADIA}],
        "state": {"folder": "state"},
    }  # fmt: skip


def _day(mail: Received) -> str:
    moment = mail.incoming.date
    assert moment is not None
    return f"{moment.astimezone(HOME):%a, %b %d, %Y at %I:%M %p}"


def _who(mail: Received) -> str:
    return f"{mail.incoming.sender.name} <{mail.incoming.sender.email}>"


def _marked(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.rstrip().split("\n"))


def _body(mail: Received) -> str:
    return mail.html or _as_html(mail.text)


def _as_html(text: str) -> str:
    return escape(text).replace("\n", "<br>")
