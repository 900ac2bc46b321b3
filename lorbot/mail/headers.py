"""The header of a mail as plain text, every access safe.

Values are unfolded, cut at `LONGEST_LINE` characters and hold no line breaks; RFC 2047 is decoded only on request.
"""

import re
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

from lorbot.core.message import Address
from lorbot.core.value import one_line, value
from lorbot.mail.addresses import mailboxes
from lorbot.mail.charset import decode
from lorbot.mail.limits import LONGEST_LINE
from lorbot.mail.words import decode_words

MOST_IDS = 100  # of a References header; the newest are kept

_MSG_ID = re.compile(r"<([^<>\s]+)>")


@value
class Headers:
    """Header fields in the order they stand, names in lower case."""

    fields: tuple[tuple[str, str], ...] = ()

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of the header `name` (lower case), top first."""
        return tuple(content for field, content in self.fields if field == name)

    def first(self, name: str) -> str:
        """The topmost value, or ""."""
        return next((content for field, content in self.fields if field == name), "")

    def has(self, name: str) -> bool:
        return any(field == name for field, _ in self.fields)

    def text(self, name: str) -> str:
        """The topmost value decoded, on one line."""
        return one_line(decode_words(self.first(name)))

    def addresses(self, *names: str) -> tuple[Address, ...]:
        """The mailboxes of all headers of these names."""
        return tuple(box for name in names for content in self.all(name) for box in mailboxes(content))

    def ids(self, name: str) -> tuple[str, ...]:
        """The message ids of all headers of this name, without brackets (RFC 5322 section 3.6.4)."""
        return tuple(i for content in self.all(name) for i in message_ids(content))[-MOST_IDS:]

    def moment(self, name: str) -> datetime | None:
        """The date and time of a header, aware, in UTC; None where it is missing or cannot be read."""
        return moment(self.first(name))


def read_headers(part: Message) -> Headers:
    """The headers of a mail or of one of its parts, as parsed under the compat32 policy."""
    return Headers(fields=tuple((name.lower(), _plain(content)) for name, content in part.raw_items()))


def message_ids(content: str) -> tuple[str, ...]:
    """The ids in angle brackets; where there are none, the bare words that could be ids."""
    return tuple(_MSG_ID.findall(content)) or tuple(word for word in content.split() if "@" in word)


def moment(content: str) -> datetime | None:
    """A date of RFC 5322 section 3.3 in UTC; one without a zone is taken as UTC."""
    try:
        found = parsedate_to_datetime(content[:200])
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _plain(content: object) -> str:
    """One header value as parsed: raw octets stand in it as surrogates."""
    raw = str(content)[: 2 * LONGEST_LINE].encode("utf-8", errors="surrogateescape")
    text = decode(raw)
    return text.replace("\r", "").replace("\n", "").replace("\0", "").strip()[:LONGEST_LINE]
