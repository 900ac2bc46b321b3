"""Bytes of a mail as text, whatever charset they claim to be in.

It never raises, and what it returns can always be encoded as UTF-8 again.
"""

import codecs

# Decoding these is slow on long input (punycode is quadratic) or means something else than text.
_REFUSED = frozenset({"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})

# What mail programs mean by these names (WHATWG Encoding, section 4.2).
_MEANT = {
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "tis-620": "cp874",
}


def decode(raw: bytes, declared: str = "") -> str:
    """Text in the declared charset if it is one and fits; else as UTF-8; else as windows-1252 with replacements."""
    for name in (_codec(declared), "utf-8", "cp1252"):
        if not name:
            continue
        try:
            return _clean(raw.decode(name))
        except (UnicodeError, LookupError):
            continue
    return raw.decode("cp1252", errors="replace")


def _codec(declared: str) -> str:
    """Python's name for a declared charset, or "" where there is none that may be used."""
    name = declared.strip(" \t\"'").lower().removesuffix("-i").removesuffix("-e")  # iso-8859-8-i of RFC 1556
    if not name or "\0" in name or len(name) > 60:
        return ""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    return "" if found in _REFUSED else _MEANT.get(found, found)


def _clean(text: str) -> str:
    # UTF-7 may decode to half a surrogate pair, which no UTF-8 writer accepts.
    return text.encode("utf-8", errors="replace").decode("utf-8")
