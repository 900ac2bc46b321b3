"""What stands in one cell of a table of programmes: a deadline, a count, letter types, a rule. Never a guess."""

import re
from datetime import date, datetime

from lorbot.core import dates, sheets
from lorbot.core.letter_types import LetterType, type_in, ways_in
from lorbot.core.service import Rule

EMPTIED = frozenset(
    {"-", "–", "—", "none", "n/a", "na", "n.a.", "tbd", "tba", "?", "unknown", "not known", "not given"}
)
"""Cells that say that there is nothing; an empty cell leaves what was there before."""

_MOST_LETTERS = 20
_COUNT = re.compile(
    r"(?:at least |min(?:imum)?\.?(?: of)? )?(\d{1,2})(?: ?(?:-|–|to|or) ?\d{1,2})?\+?(?: (?:letters?|lors?))?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[;,+\n&]|\band\b", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:(?:letters?|lors?) )?(?:(?:from|of|by|in) )?(?:(?:a|an|the|your) )?", re.IGNORECASE)
_TIMES = re.compile(r"(?:(\d{1,2}) ?[x×]? ?)?(.+?)(?: ?[x×] ?(\d{1,2}))?", re.IGNORECASE)
_NUMBERS = {"one": "1", "two": "2", "three": "3", "four": "4", "a": "1", "an": "1"}
_RULES: tuple[tuple[str, Rule], ...] = (
    ("verif", Rule.VERIFIED), ("complet", Rule.COMPLETE), ("submi", Rule.SUBMIT), ("letter", Rule.LETTERS),
)  # fmt: skip


def is_emptied(cell: str) -> bool:
    return cell.strip().lower() in EMPTIED


def deadline_in(cell: str, zone_said: str, today: date, zone: str) -> tuple[datetime, str] | str:
    """The moment and its zone, or what is wrong in words."""
    if zone_said and not dates.zone_in(zone_said):
        return f"time zone “{zone_said}” is not known; write America/Chicago or CT"
    found = dates.moment_in(sheets.day_of(cell), today, dates.zone_in(zone_said) or zone)
    return found or f"deadline “{cell}” is not a date I can read; write for example: 30 Sept 2027, 5 pm ET"


def count_in(cell: str) -> int | str:
    """How many letters are wanted, the least where a range stands; or what is wrong in words."""
    found = _COUNT.fullmatch(" ".join(cell.split()))
    if found and int(found[1]) <= _MOST_LETTERS:
        return int(found[1])
    dated = "; a spreadsheet makes a date of 3-4" if re.match(r"\d{4}-\d\d-\d\d", cell) else ""
    return f"letters wanted “{cell}” is not a number I can read; write for example: 3{dated}"


def rule_in(cell: str) -> str | None:
    """The rule of a deadline, or None where it is not known."""
    low = cell.lower()
    return next((rule.value for part, rule in _RULES if part in low), None)


def must_haves_in(cell: str, specialties: tuple[str, ...] = ()) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The letter types of "2 specialty, chair or PD", one for each letter, and what in it is not known.

    Where one of several types will do, they stand in one: "department chair or program director". The name of one of
    `specialties` means a letter in the specialty.
    """
    found: list[str] = []
    unknown: list[str] = []
    for piece in [cell] if type_in(cell) else _BETWEEN.split(cell):
        part = " ".join(piece.split())
        first, _, rest = part.partition(" ")
        times = _TIMES.fullmatch(f"{_NUMBERS[first.lower()]} {rest}" if rest and first.lower() in _NUMBERS else part)
        if not part or times is None:
            continue
        kinds = _alternatives(times[2], specialties)
        if not kinds:
            unknown.append(part)
        else:
            found += [kinds] * min(int(times[1] or times[3] or 1), _MOST_LETTERS)
    return tuple(found[:_MOST_LETTERS]), tuple(unknown)


def _alternatives(words: str, specialties: tuple[str, ...]) -> str:
    """ "chair or PD" in lorbot's own words; "" where any of it is not known."""
    kinds = [_kind(part, specialties) for part in ways_in(words)]
    known = [kind.value for kind in kinds if kind is not None]
    return " or ".join(dict.fromkeys(known)) if len(known) == len(kinds) else ""


def _kind(words: str, specialties: tuple[str, ...]) -> LetterType | None:
    bare = _ABOUT.sub("", " ".join(words.split()))
    if bare.lower().removesuffix(" letter").removesuffix(" letters") in {s.lower() for s in specialties if s}:
        return LetterType.SPECIALTY
    return type_in(words) or type_in(bare) or type_in(bare.removesuffix("s"))
