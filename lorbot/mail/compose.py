"""A mail of lorbot's own as bytes: headers, text, HTML form and enclosures (RFC 5322, 2045, 3834).

No header is made from text that may hold a line break: every value is a `Line`.
"""

from collections.abc import Callable
from datetime import datetime
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from lorbot.core.dossier import Applicant, Mail
from lorbot.core.message import Address
from lorbot.core.value import Line, one_line, value
from lorbot.errors import SendingError

_POLICY = SMTP.clone(max_line_length=78, utf8=False)


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
    if mail.in_reply_to:
        message["In-Reply-To"] = f"<{mail.in_reply_to}>"
    if mail.references:
        message["References"] = " ".join(f"<{r}>" for r in mail.references[-20:])
    message["Auto-Submitted"] = "auto-replied" if mail.answers_a_mail else "auto-generated"
    message["X-Auto-Response-Suppress"] = "All" if not to_mentor else "DR, RN, NRN"
    message["X-Lorbot-Loop"] = identity.loop_mark
    message.set_content(mail.text + "\n", cte="quoted-printable")
    if mail.html:
        message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    for enclosure in mail.enclosures:
        kind, _, subtype = enclosure.media_type.partition("/")
        message.add_attachment(
            content(enclosure.sha256), maintype=kind or "application", subtype=subtype or "octet-stream",
            filename=enclosure.name,
        )  # fmt: skip
    return message.as_bytes()


def recipients(mail: Mail, applicant: Applicant, identity: Identity) -> tuple[str, ...]:
    """The envelope's recipients, the one that matters first."""
    to_mentor = mail.to.email != applicant.email
    copies = _copies(mail, applicant, identity, to_mentor=to_mentor)
    return tuple(dict.fromkeys((mail.to.email, *(c.email for c in copies))))


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
    local, _, domain = identity.address.partition("@")
    own = f"{local}+{token}@{domain}" if identity.plus_addressing else identity.address
    name = sender(applicant, identity, to_mentor=to_mentor).name
    replies = [Address(email=own, name=name)]
    if to_mentor and not identity.personal and identity.reply_to_applicant:
        replies.append(Address(email=applicant.email, name=applicant.name))
    return replies if len(replies) > 1 or identity.plus_addressing else []


def _header_address(address: Address) -> HeaderAddress:
    local, _, domain = address.email.rpartition("@")
    try:
        return HeaderAddress(display_name=one_line(address.name), username=local, domain=_ascii(domain))
    except (ValueError, IndexError) as error:
        raise SendingError(f"{address.email} is not an address mail can be sent to ({error})") from error


def _ascii(domain: str) -> str:
    return domain if domain.isascii() else domain.encode("idna").decode("ascii")
