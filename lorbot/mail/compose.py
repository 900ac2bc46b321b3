"""A mail of lorbot's own as bytes: headers, text, HTML form and enclosures (RFC 5322, 2045, 3834).

No header is made from text that may hold a line break: every value is a `Line`. Ids are never folded inside or encoded:
the standard library would make encoded words of long ones, and the thread would be lost.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from email.header import Header
from email.headerregistry import Address as HeaderAddress
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime

from lorbot.core.correspondence import Mail
from lorbot.core.dossier import Applicant
from lorbot.core.message import Address
from lorbot.core.value import Line, one_line, value
from lorbot.errors import SendingError

_MOST_REFERENCES = 20
_LONGEST_LOCAL_PART = 64  # octets, RFC 5321 section 4.5.3.1.1
_ID = re.compile(r"[!-;=?A-~]{1,250}@[!-;=?A-~]{1,250}")
_MAILBOX = re.compile(r"[^\s<>@,;:\"()\[\]\\\x00-\x1f\x7f-\U0010ffff]{1,64}@[^\s<>@,;:\"()\[\]\\\x00-\x1f\x7f]{1,255}")
_MEDIA_TYPE = re.compile(r"(?!multipart/|message/)[a-z0-9][a-z0-9!#$&^_.+-]{0,80}/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}")
_CALENDAR = re.compile(r"text/calendar; method=(?P<method>PUBLISH); charset=(?P<charset>utf-8)")


class _Policy(EmailPolicy):
    """Headers as SMTP wants them: ids broken between each other only, and encoded words that keep their spaces."""

    def fold_binary(self, name: str, value: str) -> bytes:
        text = str(value)
        if name in {"In-Reply-To", "References"}:
            text = f"{self.linesep} ".join(text.split())
        elif text.isascii():
            return super().fold_binary(name, value)
        elif isinstance(value, AddressHeader):
            text = f",{self.linesep} ".join(_encoded_address(a, self.linesep) for a in value.addresses)
        else:
            text = Header(text, "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {text}{self.linesep}".encode("ascii")


_POLICY = _Policy(linesep="\r\n", max_line_length=78)


@value
class Identity:
    """Who lorbot's mail is from. In personal mode the mailbox is the applicant's own."""

    address: Line  # the mailbox's address
    personal: bool
    name: Line = "lorbot"
    reply_to_applicant: bool = True  # office mode: the applicant's address in Reply-To of mail to mentors
    copy_to_applicant: bool = False  # office mode: ... in Cc
    plus_addressing: bool = False
    loop_mark: Line = "lorbot"  # the value of X-Lorbot-Loop

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def compose(
    mail: Mail, applicant: Applicant, identity: Identity, *, token: str, at: datetime, content: Callable[[str], bytes]
) -> bytes:
    """The mail as it goes to the SMTP server at `at`, with CRLF line ends. `content` gives an enclosure's bytes.

    Raises SendingError for an address that no mail can be sent to.
    """
    message = EmailMessage(policy=_POLICY)
    to_mentor = mail.to.email != applicant.email
    message["From"] = _header_address(sender(applicant, identity, to_mentor=to_mentor))
    message["To"] = _header_address(mail.to)
    if copies := _copies(mail, applicant, identity, to_mentor=to_mentor):
        message["Cc"] = [_header_address(c) for c in copies]
    if replies := _reply_to(applicant, identity, token, to_mentor=to_mentor):
        message["Reply-To"] = [_header_address(r) for r in replies]
    message["Subject"] = one_line(mail.subject)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{mail.message_id}>"
    if answered := _ids([mail.in_reply_to]):
        message["In-Reply-To"] = answered
    if earlier := _ids(mail.references):
        message["References"] = earlier
    if mail.automatic:  # RFC 3834; a mail the applicant approved is hers, and a vacation program should answer it
        message["Auto-Submitted"] = "auto-replied" if mail.answers_a_mail else "auto-generated"
    message["X-Auto-Response-Suppress"] = "All" if not to_mentor else "DR, RN, NRN"
    message["X-Lorbot-Loop"] = identity.loop_mark
    message.set_content(mail.text + "\n", cte="quoted-printable")
    if mail.html:
        message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    for enclosure in mail.enclosures:
        kind, _, subtype = _media_type(enclosure.media_type).partition("/")
        message.add_attachment(
            content(enclosure.sha256), maintype=kind, subtype=subtype, filename=enclosure.name,
            params=_parameters(enclosure.media_type),
        )  # fmt: skip
    _bound(message, mail.message_id)
    return message.as_bytes()


def _bound(message: EmailMessage, message_id: str) -> None:
    """Give the parts boundaries that follow from the Message-ID: the same mail is the same bytes each time."""
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        made = hashlib.sha256(f"{message_id} {number}".encode()).hexdigest()
        part.set_boundary(f"={made[:40]}=")  # "=" and then hex: no quoted-printable or base64 line holds it


def recipients(mail: Mail, applicant: Applicant, identity: Identity) -> tuple[str, ...]:
    """The envelope's recipients, the one that matters first. Raises SendingError, as `compose` does."""
    to_mentor = mail.to.email != applicant.email
    copies = _copies(mail, applicant, identity, to_mentor=to_mentor)
    return tuple(dict.fromkeys(_header_address(a).addr_spec for a in (mail.to, *copies)))


def sender(applicant: Applicant, identity: Identity, *, to_mentor: bool) -> Address:
    """Whom a mail is from: the applicant in personal mode, else the applicant "via lorbot"; lorbot to the applicant."""
    if not to_mentor:
        return Address(email=identity.address, name=identity.name)
    if identity.personal:
        return Address(email=identity.address, name=applicant.name)
    return Address(email=identity.address, name=f"{applicant.name} via {identity.name}")


def _copies(mail: Mail, applicant: Applicant, identity: Identity, *, to_mentor: bool) -> list[Address]:
    copies = list(mail.cc)
    if to_mentor and not identity.personal and identity.copy_to_applicant:
        copies.append(Address(email=applicant.email, name=applicant.name))
    return copies


def _reply_to(applicant: Applicant, identity: Identity, token: str, *, to_mentor: bool) -> list[Address]:
    """Where answers go: always to lorbot's mailbox; in office mode to the applicant too, where it is so configured."""
    local, _, domain = identity.address.rpartition("@")
    tagged = f"{local}+{token}"
    fits = identity.plus_addressing and len(tagged) <= _LONGEST_LOCAL_PART
    own = f"{tagged}@{domain}" if fits else identity.address
    name = sender(applicant, identity, to_mentor=to_mentor).name
    replies = [Address(email=own, name=name)]
    if to_mentor and not identity.personal and identity.reply_to_applicant:
        replies.append(Address(email=applicant.email, name=applicant.name))
    return replies if len(replies) > 1 or fits else []


def _header_address(address: Address) -> HeaderAddress:
    """An address as a header holds it, the domain in its ASCII form (RFC 5891)."""
    local, _, domain = address.email.rpartition("@")
    try:
        bare = f"{local}@{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"
    except UnicodeError as error:
        raise SendingError(f"{address.email} is not an address mail can be sent to ({error})") from error
    if not _MAILBOX.fullmatch(bare):
        raise SendingError(f"“{address.email}” is not an address mail can be sent to")
    return HeaderAddress(display_name=one_line(address.name), addr_spec=bare)


def _encoded_address(address: HeaderAddress, linesep: str) -> str:
    """An address with its name in encoded words (RFC 2047). The standard library's own lose the spaces between them."""
    if address.display_name.isascii():
        return str(address)
    return f"{Header(address.display_name, 'utf-8', maxlinelen=64).encode(linesep=linesep)} <{address.addr_spec}>"


def _ids(ids: Iterable[str]) -> str:
    """Message-IDs in their brackets, the first and the newest ones: by the first, mail programs know a long thread.
    What cannot stand in a header is left out.
    """
    found = [f"<{i}>" for i in ids if _ID.fullmatch(i)]
    kept = found if len(found) <= _MOST_REFERENCES else [found[0], *found[1 - _MOST_REFERENCES :]]
    return " ".join(kept)


def _media_type(given: str) -> str:
    """A type that a part of bytes can have: no container, and nothing that a sender made up."""
    if _CALENDAR.fullmatch(given):
        return "text/calendar"
    return given.lower() if _MEDIA_TYPE.fullmatch(given.lower()) else "application/octet-stream"


def _parameters(given: str) -> dict[str, str]:
    """What the type of a calendar of lorbot's own says besides (RFC 5545 section 8.1)."""
    found = _CALENDAR.fullmatch(given)
    return found.groupdict() if found else {}
