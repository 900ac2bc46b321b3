"""A mail's text that came back in a reply: what the applicant changed, and what only mail programs did.

Mail programs re-wrap lines, curl quotes, repeat links behind their text and set marks of emphasis. None of that is
an edit: a paragraph that says the same goes out as it was shown, byte for byte.
"""

import re
from difflib import SequenceMatcher
from itertools import pairwise

_TYPOGRAPHY = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", ">": None, "*": None, "_": None, "…": "..."}
)
_REPEATED_LINK = re.compile(r"<(?:mailto:|https?://)[^<>\s]{1,500}>")
_BETWEEN_PARAGRAPHS = re.compile(r"\n[ \t]*\n")
_BETWEEN_SENTENCES = re.compile(
    r"(?:(?<=[a-z][a-z][.?])|(?<=[\d)”\"][.?])|(?<=[.?][”\"]))(?<!\b[A-Z][a-z]\.)(?<!\bProf\.)\s+(?=[A-Z“\"])"
)
"""Not after the point of "Dr." or of an initial."""

_TELLING = 30  # characters without blanks: a paragraph that short may be anybody's
_BEGINS = re.compile(r"\s*(?:[-*•>|]|\d{1,2}[.)])\s")  # a line of a list or a quotation stands by itself
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


def changes(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """What two versions of a mail say differently, sentence by sentence: (was, is now), "" for what is new or gone."""
    was, now = _sentences(before), _sentences(after)
    pairs = SequenceMatcher(a=was, b=now, autojunk=False).get_opcodes()
    return tuple((" ".join(was[a:b]), " ".join(now[c:d])) for kind, a, b, c, d in pairs if kind != "equal")


def holds(text: str, sentence: str) -> bool:
    """Whether a text says that sentence, whatever mail programs made of its white space and quote marks."""
    return bool(_folded(sentence)) and _folded(sentence) in _folded(text)


def came_back_in_part(shown: str, returned: str) -> bool:
    """Whether a text holds a part of `shown`, and not all of it: something may have been changed or cut."""
    if _folded(shown) in _folded(returned):
        return False
    return any(holds(returned, p) for p in _paragraphs(shown) if len(_folded(p)) >= _TELLING)


def _sentences(text: str) -> list[str]:
    return [s for line in text.split("\n") for s in _BETWEEN_SENTENCES.split(line.strip()) if s]


def _paragraphs(text: str) -> list[str]:
    return [p.strip("\n") for p in _BETWEEN_PARAGRAPHS.split(text) if p.strip()]


def _unwrapped(paragraph: str) -> str:
    """Lines that a mail program broke near its edge, as one; short lines were broken by a person."""
    lines = paragraph.split("\n")
    joined = lines[0]
    for before, line in pairwise(lines):
        broken = len(before.strip()) + len(line.strip().split(" ", 1)[0]) >= _EDGE and not _BEGINS.match(line)
        joined += (" " + line.strip()) if broken else ("\n" + line)
    return joined


def _folded(text: str) -> str:
    return "".join(_REPEATED_LINK.sub("", text).translate(_TYPOGRAPHY).split())
