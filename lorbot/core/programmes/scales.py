"""A column of the table as numbers from 0 to 1, by a rule that is said in words. What cannot be read stays unknown.

The larger, the better, unless the applicant prefers the low or gives the column a negative weight.
"""

import re
from collections.abc import Mapping

from lorbot.core.programmes.cells import EMPTIED
from lorbot.core.value import Line, value

LOW = frozenset(
    {"low", "lower", "lowest", "small", "smaller", "short", "near", "close", "few", "fewer", "less", "little", "cheap"}
)
HIGH = frozenset({"high", "higher", "highest", "large", "larger", "big", "far", "many", "more", "long"})
_YES = frozenset({"yes", "y", "true", "x", "✓", "✔"})
_NO = frozenset({"no", "n", "false", "none", "✗"})
_RATINGS = {
    "very high": 5, "excellent": 5, "outstanding": 5, "high": 4, "strong": 4, "good": 4, "medium": 3, "moderate": 3,
    "average": 3, "fair": 3, "ok": 3, "okay": 3, "low": 2, "weak": 2, "poor": 2, "very low": 1, "very poor": 1,
}  # fmt: skip
_NUMBER = re.compile(
    r"(?:[~≈]|about |ca\.? )?([$€£]?) ?"  # 1: a currency
    r"([-+]?(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,12})(?:\.\d{1,6})?|[-+]?\.\d{1,6})(k\b)?"  # 2: the number, 3: thousands
    r" ?((?:(?:/|of|out of) ?\d{1,3})?(?: ?[-/%°]? ?[a-z][a-z/. ]{0,30})?[%°]?)",  # 4: what it counts, or is out of
    re.IGNORECASE,
)
_UNITS = {
    "mi": "mile", "miles": "mile", "kms": "km", "kilometers": "km", "kilometres": "km", "h": "hour", "hr": "hour",
    "hrs": "hour", "hours": "hour", "min": "minute", "mins": "minute", "minutes": "minute", "residents": "resident",
}  # fmt: skip
_UNKNOWN = EMPTIED - {"none"} | {""}
_PLAIN = re.compile(r"[^\w%]+")


@value
class Scale:
    """A column scaled: a value from 0 to 1 for each programme that has one, and the rule; or why it cannot be."""

    values: dict[Line, float]  # by the id of the programme
    rule: Line = ""
    problem: Line = ""


def scaled(cells: Mapping[str, str], preference: str = "", *, low: bool = False) -> Scale:
    """The cells of a column, by programme. `low` turns the scale round, for a negative weight; a preference for the low
    or the high counts before it.
    """
    known = {x: " ".join(cell.split()) for x, cell in cells.items() if cell.strip().lower() not in _UNKNOWN}
    if not known:
        return Scale(values={}, problem="no program in your table has a value for it")
    if is_direction(preference):
        preference, low = "", preference.lower() in LOW
    kinds = (_yes_or_no, _ratings, _amounts)
    found = (scale for kind in kinds if (scale := kind(known, preference, low)))
    return next(found, None) or _words(known, preference, low)


def matches(cell: str, liked: str) -> bool:
    """Whether a cell holds one of the words or names that are liked: "Boston, MA" holds "Boston"."""
    return any(f" {_plain(one)} " in f" {_plain(cell)} " for one in _several(liked) if _plain(one))


def is_direction(preference: str) -> bool:
    return preference.lower() in LOW | HIGH


def number_in(text: str) -> float | None:
    found = _number(" ".join(text.split()))
    return found[0] if found else None


def _yes_or_no(known: Mapping[str, str], liked: str, low: bool) -> Scale | None:
    if not {cell.lower() for cell in known.values()} <= _YES | _NO:
        return None
    if liked and liked.lower() not in _YES | _NO:
        return Scale(values={}, problem=f"you prefer “{liked}”, and its values are yes and no; write one of them")
    low = low != (liked.lower() in _NO)
    return Scale(
        values={x: float((cell.lower() in _YES) != low) for x, cell in known.items()},
        rule="no is 1, yes is 0" if low else "yes is 1, no is 0",
    )


def _ratings(known: Mapping[str, str], liked: str, low: bool) -> Scale | None:
    if not {cell.lower() for cell in known.values()} <= _RATINGS.keys():
        return None
    if liked and liked.lower() not in _RATINGS:
        return None
    ranks = {x: float(_RATINGS[cell.lower()]) for x, cell in known.items()}
    return _near(ranks, _RATINGS[liked.lower()], low) if liked else _in_proportion(ranks, known, low)


def _amounts(known: Mapping[str, str], liked: str, low: bool) -> Scale | None:
    """Where at least half of the cells are numbers. The others stay unknown."""
    found = {x: number for x, cell in known.items() if (number := _number(cell))}
    if len(found) * 2 < len(known):
        return None
    units = sorted({unit for _, unit in found.values() if unit})
    if len(units) > 1:
        return Scale(values={}, problem=f"its numbers are of several kinds ({', '.join(units)}); write them in one")
    numbers = {x: number for x, (number, _) in found.items()}
    if not liked:
        return _in_proportion(numbers, known, low)
    target = number_in(liked)
    if target is None:
        return Scale(
            values={}, problem=f"you prefer “{liked}”, and its values are numbers; write low, high or a number"
        )
    return _near(numbers, target, low)


def _in_proportion(numbers: Mapping[str, float], known: Mapping[str, str], low: bool) -> Scale:
    least, most = min(numbers.values()), max(numbers.values())
    if least == most:
        return Scale(values=dict.fromkeys(numbers, 0.5), rule="all are the same, and count one half")
    values = {x: ((most - n) if low else (n - least)) / (most - least) for x, n in numbers.items()}
    worst, best = (min(known[x] for x, v in values.items() if v == end)[:40] for end in (0.0, 1.0))
    return Scale(values=values, rule=f"0 for {worst}, 1 for {best}, in proportion between them")


def _near(numbers: Mapping[str, float], target: float, low: bool) -> Scale:
    off = {x: abs(n - target) for x, n in numbers.items()}
    furthest = max(off.values())
    near = {x: 1.0 - (distance / furthest if furthest else 0.0) for x, distance in off.items()}
    ends = ("0", "1") if low else ("1", "0")
    rule = f"{ends[0]} for what you prefer, {ends[1]} for the furthest from it, in proportion between them"
    return Scale(values={x: 1.0 - v if low else v for x, v in near.items()}, rule=rule)


def _words(known: Mapping[str, str], liked: str, low: bool) -> Scale:
    if not liked:
        return Scale(values={}, problem="its values are words, and I do not know which you like")
    yes, no = ("0", "1") if low else ("1", "0")
    return Scale(
        values={x: float(matches(cell, liked) != low) for x, cell in known.items()},
        rule=f"{yes} where it says {' or '.join(_several(liked))[:200]}, else {no}",
    )


def _number(cell: str) -> tuple[float, str] | None:
    """The number in a cell and what it counts ("40 miles" is 40, mile), or None."""
    found = _NUMBER.fullmatch(cell.strip())
    if found is None:
        return None
    number = float(found[2].replace(",", "")) * (1000 if found[3] else 1)
    unit = " ".join(found[4].lower().split()).strip(" .")
    return number, found[1] or _UNITS.get(unit, unit)


def _several(liked: str) -> list[str]:
    parts = re.split(r"[,;]|\bor\b|\band\b", liked)
    return [" ".join(part.split()) for part in parts if part.strip()]


def _plain(text: str) -> str:
    return " ".join(_PLAIN.sub(" ", text.casefold()).split())
