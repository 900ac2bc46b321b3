"""Encoded words of a header (RFC 2047) as text, for reading only: never put back into a header as they are."""

import base64
import binascii
import quopri
import re

from lorbot.mail.charset import decode

_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,75})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]+(?==\?)")


def decode_words(value: str) -> str:
    """The value with its encoded words decoded; what cannot be decoded stays as it is."""
    if "=?" not in value:
        return value
    joined = _BETWEEN_WORDS.sub(r"\1", value)
    pieces: list[str] = []
    pending, charset, position = b"", "", 0
    for word in _ENCODED_WORD.finditer(joined):
        this_charset = word[1].partition("*")[0].lower()  # RFC 2231 section 5: charset*language
        if word.start() > position or this_charset != charset:
            pieces += [decode(pending, charset), joined[position : word.start()]]
            pending, charset = b"", this_charset
        # A character may be split over two words (forbidden, and common): decode them together.
        pending += _octets(word[2].lower(), word[3])
        position = word.end()
    return "".join([*pieces, decode(pending, charset), joined[position:]])


def _octets(encoding: str, text: str) -> bytes:
    raw = text.encode("ascii", errors="ignore")
    if encoding == "q":
        return quopri.decodestring(raw, header=True)
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except binascii.Error:
        return raw
