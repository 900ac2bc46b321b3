"""A mail's bytes as values: who, when, what, in answer to what, made by whom.

Whatever the bytes are, the outcome is a value or UnparseableMailError. Nothing read here is trusted.
"""

import hashlib
from dataclasses import replace
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from pydantic import Field

from lorbot.core.message import Address, Bounce, Incoming, Origin
from lorbot.core.value import value
from lorbot.errors import UnparseableMailError
from lorbot.mail import automatic, bounce, limits
from lorbot.mail.body import Body, read_body
from lorbot.mail.headers import Headers, message_ids, read_headers

_DELIVERED_TO = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to")


@value
class Parsed:
    """A mail taken apart. `authentication` holds the Authentication-Results, top first (RFC 8601 section 5)."""

    incoming: Incoming
    html: str = ""  # as it came; never shown, never run
    files: dict[str, bytes] = Field(default_factory=dict)  # by SHA-256
    authentication: tuple[str, ...] = ()
    headers: Headers = Headers()


def parse(raw: bytes, *, most_bytes: int = limits.MOST_BYTES) -> Parsed:
    """Read a whole mail. Raises UnparseableMailError, saying why, for one that cannot be read safely."""
    limits.check(raw, most_bytes)
    try:
        return _parse(raw)
    except limits.PARSER_FAULTS as fault:
        raise _unreadable(fault) from fault


def peek(header_bytes: bytes) -> Incoming:
    """Read a header fetched alone: no text, no attachments; the hash is that of `header_bytes`.

    Raises UnparseableMailError, as `parse` does.
    """
    limits.check(header_bytes)
    try:
        mail = message_from_bytes(header_bytes, policy=compat32)
        headers = read_headers(mail)
        expected = Bounce() if bounce.bounce_sign(headers) else None
        return replace(
            _incoming(header_bytes, headers, Body(), automatic.origin(headers, expected), expected), bounce=None
        )
    except limits.PARSER_FAULTS as fault:
        raise _unreadable(fault) from fault


def _parse(raw: bytes) -> Parsed:
    mail: Message = message_from_bytes(raw, policy=compat32)
    headers = read_headers(mail)
    body = read_body(mail)
    returned = bounce.read(mail, headers, raw)
    kinds = tuple(str(part.get("content-type", "")) for part in mail.walk())
    return Parsed(
        incoming=_incoming(raw, headers, body, automatic.origin(headers, returned, kinds), returned),
        html=body.html,
        files=body.files,
        authentication=headers.all("authentication-results"),
        headers=headers,
    )


def _incoming(raw: bytes, headers: Headers, body: Body, made: tuple[Origin, str], returned: Bounce | None) -> Incoming:
    senders = headers.addresses("from")
    origin, why = made
    return Incoming(
        message_id=next(iter(message_ids(headers.first("message-id"))), ""),
        content_hash=hashlib.sha256(raw).hexdigest(),
        sender=next((s for s in senders if s.email), Address(email="")),
        to=headers.addresses("to"),
        cc=headers.addresses("cc"),
        delivered_to=tuple(box.email for box in headers.addresses(*_DELIVERED_TO) if box.email),
        subject=headers.text("subject"),
        date=headers.moment("date"),
        in_reply_to=headers.ids("in-reply-to"),
        references=headers.ids("references"),
        text=body.whole_text(),
        attachments=tuple(body.attachments),
        origin=origin,
        origin_why=why,
        bounce=returned if origin is Origin.BOUNCE else None,
        senders=_count_of_senders(headers),
    )


def _count_of_senders(headers: Headers) -> int:
    """How many mailboxes From holds, over all From headers; one too long to be read whole counts as several."""
    froms = headers.all("from")
    cut = any(len(content) >= limits.LONGEST_LINE for content in froms)
    return max(len(headers.addresses("from")), len(froms)) + cut


def _unreadable(fault: BaseException) -> UnparseableMailError:
    return UnparseableMailError(f"the mail is broken in a way that cannot be read safely ({type(fault).__name__})")
