"""How long ago, and for how long, as people write it: "March 2027", "since 2026", "two years ago", "a week".

What a text leaves open is a span from the least to the most it can mean, and what is not understood is None.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from lorbot.core.value import value

A_MONTH = 30  # days
A_YEAR = 365  # days

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"((?:19|20)\d\d)"
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "fall": (9, 11), "autumn": (9, 11), "winter": (12, 14)}
"""First and last month; 13 is the January after."""

_UNITS = {"day": 1, "week": 7, "fortnight": 14, "month": A_MONTH, "semester": 120, "year": A_YEAR, "yr": A_YEAR}
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "couple": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "several": 3, "many": 3, "some": 2, "few": 3,
}  # fmt: skip
_NOW = re.compile(r"\b(?:now|still|current(?:ly)?|ongoing|at present|today|yesterday|this (?:week|month)|every week)\b")
_COUNTED = re.compile(
    r"(?<![\d.])\b(\d{1,2}|[a-z]{1,7})(?: of)?[ -](day|week|fortnight|month|semester|year|yr)s?\b(?![ -]?old\b)"
)
_MONTH_YEAR = re.compile(rf"\b{_MONTH}\b\.?(?: \d{{1,2}}(?:st|nd|rd|th)?)?,?(?: of)? {_YEAR}\b")
_NUMERIC = re.compile(rf"(?<![\d/-])(?:(\d{{1,2}})/{_YEAR}|{_YEAR}-(\d{{1,2}}))(?![\d/])")
_SEASON_YEAR = re.compile(rf"\b(spring|summer|fall|autumn|winter)(?: of|,)? {_YEAR}\b")
_YEAR_ALONE = re.compile(rf"(?<![\d/]){_YEAR}\b")
_LAST = re.compile(rf"\b(last|this|past) (spring|summer|fall|autumn|winter|year|month|week|{_MONTH})\b")
_MONTH_ALONE = re.compile(rf"\b{_MONTH}\b")
_NO_STAY_BEFORE = re.compile(r"(?:\b(?:once|twice|times|every|each|per|hours?|days?|afternoons?|mornings?) )$")
_NO_STAY_AFTER = re.compile(r"^ (?:later|ago|before|after|earlier|of life|a|per|each|every|out of)\b")


@value
class Ago:
    """A time in the past, in days before today: it is at least `least` and at most `most` days ago."""

    least: int
    most: int


def begun(text: str, today: date) -> Ago | None:
    """How long ago the earliest time is that `text` names: "2024 to 2026" is 2024."""
    return max(_times(text, today), key=lambda ago: ago.most, default=None)


def ended(text: str, today: date) -> Ago | None:
    """How long ago the latest time is that `text` names: "2024 to 2026" is 2026, "since 2024, ongoing" is now."""
    return min(_times(text, today), key=lambda ago: ago.least, default=None)


def longest_stay(text: str) -> int | None:
    """The longest time together that `text` names, in days; None where it names none, or says "since"."""
    low = _low(text)
    if re.search(r"\b(?:since|summers?|years|months)\b", low):
        return None
    stays = [
        _NUMBERS.get(found[1], 0) * _UNITS[found[2]] if not found[1].isdigit() else int(found[1]) * _UNITS[found[2]]
        for found in _COUNTED.finditer(low)
        if not _NO_STAY_BEFORE.search(low[max(found.start() - 12, 0) : found.start()])
        and not _NO_STAY_AFTER.match(low[found.end() : found.end() + 12])
    ]
    return max((stay for stay in stays if stay), default=None)


def _times(text: str, today: date) -> list[Ago]:
    low = _low(text)
    found = [*_dated(low, today)] or [*_said(low, today)] or [*_alone(low, today)]
    now = [Ago(least=0, most=0)] if _NOW.search(low) else []
    return now + [ago for ago in found if ago.most >= 0]


def _dated(low: str, today: date) -> Iterator[Ago]:
    """Times with a year."""
    taken: list[tuple[int, int]] = []
    for match in _MONTH_YEAR.finditer(low):
        taken.append(match.span())
        yield _ago(_first(int(match[2]), _month(match[1])), _first(int(match[2]), _month(match[1]) + 1), today)
    for match in _NUMERIC.finditer(low):
        year, month = int(match[2] or match[3]), int(match[1] or match[4])
        if 1 <= month <= 12:
            taken.append(match.span())
            yield _ago(_first(year, month), _first(year, month + 1), today)
    for match in _SEASON_YEAR.finditer(low):
        taken.append(match.span())
        first, last = _SEASONS[match[1]]
        year = int(match[2])
        begin = _first(year - 1, first) if match[1] == "winter" else _first(year, first)  # either winter of a year
        yield _ago(begin, _first(year, last + 1), today)
    for match in _YEAR_ALONE.finditer(low):
        if not any(start <= match.start() < end for start, end in taken):
            yield _ago(date(int(match[1]), 1, 1), date(int(match[1]) + 1, 1, 1), today)


def _said(low: str, today: date) -> Iterator[Ago]:
    """Times counted from today: "two years ago", "last summer"."""
    for match in _LAST.finditer(low):
        yield _last(match[1] == "this", match[2], today)
    for match in _COUNTED.finditer(low):
        count = int(match[1]) if match[1].isdigit() else _NUMBERS.get(match[1], 0)
        if count and not re.match(r"(?:few|some|several|many)", match[1]):
            yield Ago(least=count * _UNITS[match[2]], most=count * _UNITS[match[2]])
        elif count:
            yield Ago(least=count * _UNITS[match[2]], most=10 * count * _UNITS[match[2]])


def _alone(low: str, today: date) -> Iterator[Ago]:
    for match in _MONTH_ALONE.finditer(low):
        yield _last(False, match[1], today)


def _last(this: bool, what: str, today: date) -> Ago:
    if what in {"year", "month", "week"}:
        return {
            ("year", True): Ago(least=0, most=(today - date(today.year, 1, 1)).days),
            ("year", False): _ago(date(today.year - 1, 1, 1), date(today.year, 1, 1), today),
            ("month", True): Ago(least=0, most=A_MONTH),
            ("month", False): Ago(least=1, most=2 * A_MONTH),
            ("week", True): Ago(least=0, most=7),
            ("week", False): Ago(least=1, most=14),
        }[what, this]
    first, last = _SEASONS[what] if what in _SEASONS else (_month(what), _month(what))
    years = (today.year, today.year - 1, today.year - 2)
    under_way = this or what[:3] in _MONTHS  # "last summer", in summer, is the one before
    year = next(y for y in years if _first(y, first if under_way else last + 1) <= today)
    return _ago(_first(year, first), _first(year, last + 1), today)


def _ago(begin: date, end: date, today: date) -> Ago:
    """From the first day to the day before `end`; less than nothing for what is still to come."""
    return Ago(least=max((today - end + timedelta(days=1)).days, 0), most=(today - begin).days)


def _first(year: int, month: int) -> date:
    """The first day of a month; months beyond December are the next year's."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _month(word: str) -> int:
    return _MONTHS.index(word[:3]) + 1


def _low(text: str) -> str:
    return " ".join(text.lower().replace("–", "-").split())[:2_000]
