"""What the embedded mail server testifies about a mail: whom it vouches for, and which claims of others it takes off.

A delivered mail has exactly one Authentication-Results of our authserv-id, and it is ours (RFC 8601 section 5).
"""

import re
from collections.abc import Mapping
from enum import StrEnum

from lorbot.core.value import one_line

_BREAK = rb"(?:\r\n|[\r\n]|\Z)"
_HEAD = re.compile(rb"(?:[^\r\n]++" + _BREAK + rb")*+")
_FIELD = re.compile(rb"[^\r\n]++" + _BREAK + rb"(?:[ \t][^\r\n]*+" + _BREAK + rb")*+")
_ADDRESS = r"[^<>@\s\",;:()\\]+@[^<>@\s\",;:()\\]+"
_ONE_SENDER = re.compile(rf'(?:"(?:[^"\\]|\\.)*+"|[^"<>@,;:()\\])*+<({_ADDRESS})>|({_ADDRESS})')


class Vouch(StrEnum):
    """Of whom the server testifies that From tells the truth."""

    LOGGED_IN = "logged_in"  # the SMTP login is the From address
    EVERY_LOCAL_SENDER = "every_local_sender"  # From is any user here: one person plays everybody


def header_fields(raw: bytes) -> list[bytes]:
    """The fields of a mail's header, each with its continuation lines and line ends; joined, they are the header.

    A bare CR or LF ends a line, as in every lenient reader: no field can hide behind one.
    """
    return _FIELD.findall(_head(raw))


def sole_sender(raw: bytes) -> str:
    """The address of a From that is beyond doubt: one field, one address, no comment. Else ""."""
    senders = [field for field in header_fields(raw) if _name(field) == b"from"]
    if len(senders) != 1:
        return ""
    found = _ONE_SENDER.fullmatch(one_line(_unfolded(senders[0]).partition(b":")[2].decode("utf-8", "replace")))
    return (found[1] or found[2]).lower() if found else ""


def vouched_sender(raw: bytes, *, login: str, users: Mapping[str, str], vouches_for: Vouch) -> str:
    """The From address of a mail, where the server can testify that it belongs to the submitter. Else ""."""
    sender = sole_sender(raw)
    match vouches_for:
        case Vouch.LOGGED_IN:
            return sender if sender == login else ""
        case Vouch.EVERY_LOCAL_SENDER:
            return sender if sender in users else ""


def authentication_results(authserv_id: str, vouched: str, login: str) -> str:
    """The server's Authentication-Results field (RFC 8601 section 2.2), with its line end."""
    if not vouched:
        return f"Authentication-Results: {authserv_id}; dmarc=none\r\n"
    submitted = f"; auth=pass smtp.auth={login}" if login else ""
    domain = vouched.rpartition("@")[2]
    return f"Authentication-Results: {authserv_id}; dmarc=pass header.from={domain}{submitted}\r\n"


def without_claims(raw: bytes, authserv_id: str) -> bytes:
    """The mail without any Authentication-Results that names our authserv-id (RFC 8601 section 5).

    A field that only mentions it goes as well: a border may drop more than it must, never less.
    """
    ours = re.compile(rb"(?<![\w.-])" + re.escape(authserv_id.encode()) + rb"(?![\w.-])", re.IGNORECASE)
    body = raw[len(_head(raw)) :]
    kept = [field for field in header_fields(raw) if not _claims(field, ours)]
    return b"".join([*kept, body])


def octets(head: str) -> bytes:
    """Header text as bytes; what came undecodable from the SMTP line goes back as it came."""
    return head.encode("utf-8", "surrogateescape")


def _claims(field: bytes, ours: re.Pattern[bytes]) -> bool:
    if _name(field) != b"authentication-results":
        return False
    return ours.search(_unfolded(field).replace(b"\\", b"")) is not None  # a quoted-pair may hide a letter


def _head(raw: bytes) -> bytes:
    found = _HEAD.match(raw)
    return found[0] if found else b""


def _name(field: bytes) -> bytes:
    return field.partition(b":")[0].strip().lower()


def _unfolded(field: bytes) -> bytes:
    return field.replace(b"\r", b"").replace(b"\n", b"")
