"""A mail's text that came back in a reply: what the applicant changed, and what only mail programs did.

Mail programs re-wrap lines, curl quotes, repeat links behind their text and set marks of emphasis. None of that is
an edit: a paragraph that says the same goes out as it was shown, byte for byte.
"""

import re
from itertools import pairwise

_TYPOGRAPHY = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", ">": None, "*": None, "_": None, "…": "..."}
)
_REPEATED_LINK = re.compile(r"<(?:mailto:|https?://)[^<>\s]{1,500}>")
_BETWEEN_PARAGRAPHS = re.compile(r"\n[ \t]*\n")
_EDGE = 66  # mail programs wrap at 66 to 78 characters (RFC 3676 section 4.2)


def same_text(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but white space, quote marks and typography, as mail programs change them."""
    return _folded(one) == _folded(other)


def edited(shown: str, returned: str) -> str:
    """The text as the applicant means it: changed paragraphs as they came back, the others as they were shown.

    Lines of a changed paragraph that a mail program broke are one line again.
    """
    known = {_folded(paragraph): paragraph for paragraph in _paragraphs(shown)}
    return "\n\n".join(known.get(_folded(p)) or _unwrapped(p) for p in _paragraphs(returned))


def _paragraphs(text: str) -> list[str]:
    return [p.strip("\n") for p in _BETWEEN_PARAGRAPHS.split(text) if p.strip()]


def _unwrapped(paragraph: str) -> str:
    """Lines that a mail program broke near its edge, as one; short lines were broken by a person."""
    lines = paragraph.split("\n")
    joined = lines[0]
    for before, line in pairwise(lines):
        broken = len(before.strip()) + len(line.strip().split(" ", 1)[0]) >= _EDGE
        joined += (" " + line.strip()) if broken else ("\n" + line)
    return joined


def _folded(text: str) -> str:
    return "".join(_REPEATED_LINK.sub("", text).translate(_TYPOGRAPHY).split())
