"""A mail that came in, as values: who, when, what, in answer to what. Made by `lorbot.mail.message`.

Header values are untrusted text made safe (one line, no controls); addresses are lower-cased.
"""

import hashlib
from enum import StrEnum

from lorbot.core.notice import Notice
from lorbot.core.value import Line, Moment, Text, value


@value
class Address:
    """A mailbox of RFC 5322 section 3.4. `email` is lower case; `name` may be empty."""

    email: Line
    name: Line = ""


@value
class Attachment:
    """What came with a mail. The bytes are kept apart, as a file named by `sha256`, never by `name`."""

    name: Line
    media_type: Line
    sha256: Line
    size: int  # bytes


class Origin(StrEnum):
    """What made the mail, by its headers and its parts alone (RFC 3834, RFC 3464)."""

    PERSON = "person"
    AUTO_REPLY = "auto_reply"  # vacation, out of office, ticket system
    BOUNCE = "bounce"  # a delivery status notification, standard or not
    BULK = "bulk"  # a list, a newsletter, a calendar's answer to an invitation: never answered
    SELF = "self"  # lorbot's own mail come back


@value
class Bounce:
    """What a delivery status notification says (RFC 3464), as far as it could be read."""

    recipients: tuple[Line, ...] = ()
    permanent: bool = True
    code: Line = ""  # enhanced status code (RFC 3463), such as 5.1.1
    diagnostic: Line = ""
    original_ids: tuple[Line, ...] = ()  # Message-IDs found in the returned mail


@value
class Forwarded:
    """A mail of somebody else's inside another, as the one who passed it on shows it: nothing of it is proved."""

    sender: Address
    subject: Line = ""
    text: Text = ""
    guess: Line = ""  # the stance that the reader would take it for: yes, lukewarm, undecided, no; "" for none
    notice: Notice | None = None  # what a portal tells in it, where its sender is one


@value
class Incoming:
    """A parsed mail. Nothing here is trusted: `sender` is what From claims."""

    message_id: Line  # without angle brackets; "" when the mail has none
    content_hash: Line  # SHA-256 of the raw bytes, hex
    sender: Address
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    delivered_to: tuple[Line, ...] = ()  # Delivered-To, X-Original-To: where a reply token may stand
    subject: Line = ""
    date: Moment | None = None  # the Date header, when it could be read
    in_reply_to: tuple[Line, ...] = ()
    references: tuple[Line, ...] = ()
    text: Text = ""  # the whole text part, or the HTML part as text
    attachments: tuple[Attachment, ...] = ()
    origin: Origin = Origin.PERSON
    origin_why: Line = ""  # the header or part that told
    bounce: Bounce | None = None
    senders: int = 1  # how many addresses From holds, over all From headers; more than one is never trusted

    @property
    def key(self) -> str:
        """What this mail is known by once handled: its Message-ID and what it says. The trace headers do not count,
        so that a second copy by another way is the same mail, and a reused Message-ID is not.
        """
        said = "\n".join((self.sender.email, self.date.isoformat() if self.date else "", self.subject, self.text))
        return f"{self.message_id}|{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()[:16]}"
