"""The line a mail program writes over what it quotes: "On Monday, Jane Doe <jane@example.org> wrote:".

A test looks at no more than four lines, so a text is read in time proportional to its length.
"""

import re
from collections.abc import Sequence

WRAPPED_LINES = 4  # over how many lines programs spread it
_LONGEST = 300  # characters of a line that are looked at

# English, German, French, Spanish, Italian, Portuguese, Dutch, Nordic, Polish, Russian, Vietnamese, Indonesian
_OPENING_WORDS = """
    On At Mon Tue Wed Thu Fri Sat Sun Monday Tuesday Wednesday Thursday Friday Saturday Sunday Quoting
    Am Um Le El Il Em No Op Den På Ons Dnia W В На Пн Вт Ср Чт Пт Сб Вс Ngày Pada
"""
_CLOSING_WORDS = """
    wrote writes said sent schrieb écrit ecrit escribió escribio escreveu scritto scrisse geschreven schreef skrev
    kirjoitti
    napisał napisała napisał(a) napsal napsala написал написала написал(а) пишет писал yazdı írta scris viết menulis
"""
_OPENINGS = frozenset(_OPENING_WORDS.split())
_LAST_WORDS = frozenset(_CLOSING_WORDS.split())
_LAST_SIGNS = ("写道", "寫道", "のメール")
_MIDDLE_WORDS = frozenset(("schrieb", "skrev", "schreef", "escribió", "kirjoitti", "napisał"))  # the name comes after
_COLONS = frozenset(":：")
_CLOSES = _COLONS | {"-"}
_DATE = re.compile(r"\W{0,3}\d{1,4}(?:[-/.]\d{1,2}[-/.]\d{1,4}\b|\.? ?[^\W\d]{2,12}\.? \d{2,4}\b|年)|在 ?\d{4}")
_ADDRESS = re.compile(r"[^<>@]{0,100}<[^<>@\s]{1,64}@[^<>@\s]{1,255}>\s")
_WHEN_OR_WHO = re.compile(r"\d{1,4}[:./年h -] ?\d|\d{4}|<[^<>\s]{1,64}@|@[a-z0-9-]{1,63}\.|<mailto", re.IGNORECASE)
_OWN_SENTENCE = re.compile(
    r"\b(?:i|we|she|he|they|ich|wir|je|yo) (?:(?:also|have|first|once) )?(?:wrote|said|sent|schrieb|skrev)\b"
)
# In any language: a year, a time, an address in brackets, a colon at the end.
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)|\d[/.-]\d{1,2}[/.-]\d\d(?!\d)")
_TIME = re.compile(r"(?<![\d.:])\d{1,2}[:.]\d\d(?![\d])")
_BRACKETED = re.compile(r"[<(][^<>()@\s]{1,64}@[^<>()@\s]{1,255}[>)]")
_DASHED = re.compile(r"-{3,20} ?[^\s-][^\n]{0,100} (?:wrote|schrieb|a écrit|escribió|ha scritto|skrev) ?-{3,20}$")
_STAMP = re.compile(  # Gmail, in some languages, writes no verb
    r"\d{4}[-/]\d{1,2}[-/]\d{1,2} "
    r"(?:[^<>@\n]{1,100}<[^<>@\s]{1,64}@[^<>\s]{1,255}>:?|\d{1,2}:\d\d GMT[+-]\d\d:\d\d [^\n]{1,100})\s{0,3}$"
)


def attribution_end(lines: Sequence[str], at: int) -> int:
    """The index after the introduction of a quotation that begins at `at`; `at` where none begins."""
    first = unquoted(lines[at])
    if not first:
        return at
    if _DASHED.match(first):
        return at + 1
    if first[0].isdigit() and _STAMP.match(first):
        return at + 1
    end = _opened_end(lines, at) if _opens(first) else at
    return end if end > at else _any_tongue_end(lines, at)


def _opened_end(lines: Sequence[str], at: int) -> int:
    """The index after an introduction that opens with one of the known words or a date; `at` where none does."""
    last = min(at + WRAPPED_LINES, len(lines))
    if not any(lines[index].rstrip()[-1:] in _CLOSES for index in range(at, last)):
        return at
    joined = ""
    for index in range(at, last):
        line = unquoted(lines[index])
        if not line:
            break
        joined = f"{joined} {line}".strip()
        if _closes(joined):
            introduces = introduces_somebody([joined]) and not _begins_later(lines, at, index)
            return index + 1 if introduces else at
    return at


def _any_tongue_end(lines: Sequence[str], at: int) -> int:
    """The index after an introduction of whatever language, of two lines at most; `at` where there is none."""
    if not any(line.rstrip()[-1:] in _COLONS for line in lines[at : at + 2]):
        return at
    first = unquoted(lines[at])
    if not (_TIME.search(first) or _BRACKETED.search(first)):
        return at
    joined = first
    for index in (at, at + 1):
        if index > at:
            line = unquoted(lines[index]) if index < len(lines) else ""
            if not line or _opens(line) or (_TIME.search(line) and _BRACKETED.search(line)):
                return at  # what begins in the second line leaves the first to the writer
            joined = f"{first} {line}"
        if joined[-1] in _COLONS and all(sign.search(joined) for sign in (_YEAR, _TIME, _BRACKETED)):
            return at if _OWN_SENTENCE.search(joined.lower()) else index + 1
    return at


def introduces_somebody(lines: Sequence[str]) -> bool:
    """Whether the lines name a time or an address, and are no sentence of the writer's."""
    joined = " ".join(unquoted(line) for line in lines[:WRAPPED_LINES])
    return bool(_WHEN_OR_WHO.search(joined)) and not _OWN_SENTENCE.search(joined.lower())


def unquoted(line: str) -> str:
    """The start of a line without marks of quoting."""
    return line[:_LONGEST].lstrip("> \t|").rstrip().replace("\xa0", " ").replace("&lt;", "<").replace("&gt;", ">")


def _opens(line: str) -> bool:
    first = line.lstrip("- ").partition(" ")[0].rstrip(",.")
    return first in _OPENINGS or bool(_DATE.match(line) or ("@" in line and _ADDRESS.match(f"{line} ")))


def _closes(joined: str) -> bool:
    """Whether the line ends with a verb of writing and a colon, or dashes (Zoho)."""
    if joined[-1] not in _CLOSES:
        return False
    words = joined[-_LONGEST:].rstrip(":： -").casefold().split()
    if not words:
        return False
    last = words[-1].rpartition(">")[2]
    if last == "sent":  # what somebody sent may be a thing; with an address it is a mail
        return "@" in joined
    return last in _LAST_WORDS or words[-1].endswith(_LAST_SIGNS) or not _MIDDLE_WORDS.isdisjoint(words)


def _begins_later(lines: Sequence[str], at: int, last: int) -> bool:
    """Whether the introduction that ends in line `last` begins below `at`, which is then the writer's."""
    rest = [unquoted(line) for line in lines[at + 1 : last + 1]]
    return any(line.partition(" ")[0] in _OPENINGS and introduces_somebody(rest[i:]) for i, line in enumerate(rest))
