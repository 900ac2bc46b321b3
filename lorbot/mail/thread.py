"""Which mail of lorbot's own a mail answers: signed Message-IDs and reply tokens.

A Message-ID carries the dossier and the key of the mail (which names the letter), and an HMAC over both. What is not
signed with this installation's key is foreign, whatever it looks like. Ids are lower case, as some systems fold them.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable

from lorbot.core.message import Incoming
from lorbot.core.value import Line, value

_MAC_HEX = 20  # 80 bits: a guess is hopeless, and the local part stays under 64 octets (RFC 5321 section 4.5.3.1.1)
_TOKEN = re.compile(r"^(d[0-9a-f]{12})\.([a-z0-9-]{1,60})\.([0-9a-f]{20})$")


@value
class Answered:
    """The mail of lorbot's own that was answered or returned."""

    dossier: Line
    key: Line


def dossier_id(secret: bytes, email: str) -> str:
    """The id of an applicant's dossier: the same for the same address, and telling nothing about it."""
    return "d" + _mac(secret, "dossier", email.lower())[:12]


def token(secret: bytes, dossier: str, key: str) -> str:
    """What stands before the @ of a Message-ID, and after the + of a reply address."""
    return f"{dossier}.{key}.{_mac(secret, dossier, key)[:_MAC_HEX]}"


def message_id(secret: bytes, dossier: str, key: str, domain: str) -> str:
    """The Message-ID of a mail (RFC 5322 section 3.6.4), without angle brackets: the same decision, the same id."""
    return f"{token(secret, dossier, key)}@{domain}"


def verified(secret: bytes, candidate: str) -> Answered | None:
    """The mail that a Message-ID or a token stands for, or None where the signature is not ours."""
    found = _TOKEN.match(candidate.strip().strip("<>").partition("@")[0].lower())
    if found is None:
        return None
    dossier, key, mac = found.groups()
    if not hmac.compare_digest(mac, _mac(secret, dossier, key)[:_MAC_HEX]):
        return None
    return Answered(dossier=dossier, key=key)


def answered_by(secret: bytes, incoming: Incoming) -> Answered | None:
    """The mail of lorbot's own that `incoming` answers: by In-Reply-To, by References from the last one back, or by
    the token of the address it was sent to.
    """
    ids = [*incoming.in_reply_to, *reversed(incoming.references)]
    return next((a for a in (verified(secret, i) for i in (*ids, *_tokens(incoming))) if a), None)


def returned_in(secret: bytes, original_ids: Iterable[str]) -> Answered | None:
    """The mail of lorbot's own that a bounce returns."""
    return next((a for a in (verified(secret, i) for i in original_ids) if a), None)


def is_own(secret: bytes, incoming: Incoming) -> bool:
    """Whether a mail is one of lorbot's own come back."""
    return verified(secret, incoming.message_id) is not None


def _tokens(incoming: Incoming) -> list[str]:
    addresses = [a.email for a in (*incoming.to, *incoming.cc)] + list(incoming.delivered_to)
    return [local.partition("+")[2] for local in (a.partition("@")[0] for a in addresses) if "+" in local]


def _mac(secret: bytes, *parts: str) -> str:
    return hmac.new(secret, "\x00".join(parts).encode(), hashlib.sha256).hexdigest()
