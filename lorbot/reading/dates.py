"""Dates as people write them in mail, resolved against the day the mail was written.

Invariants: a date without a year is the one nearest to the mail, rather ahead than behind; a number pair is month/day
as American mentors write it unless only day/month is possible; what is no calendar date is not found.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from lorbot.core.reading import FoundDate
from lorbot.reading.sentences import INPUT_LIMIT, straight

PAST_DAYS = 60  # days: a date without a year lies at most this far behind the mail, else it is next year's
FOUND_LIMIT = 50  # dates read out of one mail

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH = (
    r"(?P<month>january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)\b(?:\.(?= ?[0-9]))?"
)
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?\b"
_YEAR = r"(?:,? (?P<year>20[0-9]{2})\b)?"
_PART = r"mid[- ]|middle of |end of |early |late |in |beginning of |by |until |after |before "
_WEEKDAY = (
    r"(?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    r"|mon|tues|tue|wed|thurs|thur|thu|fri|sat(?! (?:with|down|in|on|there|next|through))|sun)\b"
    r"(?!\.?,? (?:the )?(?:[0-9]{1,2}(?:st|nd|rd|th)?\b|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)))"
)
_COUNT = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10, "a couple of": 2}
_UNIT = {"day": 1, "week": 7, "month": 30}


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date and where in the text it stands."""

    on: date
    start: int
    end: int
    words: str


def find_dates(text: str, written_on: date) -> tuple[FoundDate, ...]:
    """Every date that `text` names, in the order of the text, each once."""
    seen: dict[date, FoundDate] = {}
    for span in date_spans(text, written_on):
        seen.setdefault(span.on, FoundDate(on=span.on, words=span.words))
    return tuple(seen.values())


def date_spans(text: str, written_on: date) -> tuple[DateSpan, ...]:
    """As `find_dates`, with places and repetitions."""
    text = straight(text[:INPUT_LIMIT])
    lower = text.lower()
    if len(lower) != len(text):  # a few letters grow when lowered, and places would no longer agree
        text = lower
    spans: list[DateSpan] = []
    for found, resolve in _matches(lower):
        if any(s.start < found.end() and found.start() < s.end for s in spans):
            continue
        try:
            on = resolve(found, written_on)
        except (ValueError, OverflowError):  # 31 June, or a day beyond the calendar: not a date
            continue
        spans.append(DateSpan(on, found.start(), found.end(), text[found.start() : found.end()].strip()))
        if len(spans) >= FOUND_LIMIT:
            break
    return tuple(sorted(spans, key=lambda span: span.start))


def _matches(text: str) -> Iterator[tuple[re.Match[str], Callable[[re.Match[str], date], date]]]:
    forms = _FORMS if any(map(str.isdigit, text)) else _FORMS_IN_WORDS
    for pattern, resolve in forms:
        for found in pattern.finditer(text):
            yield found, resolve


def _full(found: re.Match[str], written_on: date) -> date:
    del written_on
    return date(int(found["year"]), int(found["m"]), int(found["day"]))


def _named(found: re.Match[str], written_on: date) -> date:
    month = _month(found["month"])
    if found["year"]:
        return date(int(found["year"]), month, int(found["day"]))
    return _nearest(month, int(found["day"]), written_on)


def _numeric(found: re.Match[str], written_on: date) -> date:
    a, b, year = int(found["a"]), int(found["b"]), found["year"]
    month, day = (b, a) if a > 12 or found["sep"] == "." else (a, b)
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    return _nearest(month, day, written_on)


def _part_of_month(found: re.Match[str], written_on: date) -> date:
    day = {"mid": 15, "middle of": 15, "end of": 28, "late": 25}.get(found["part"].strip("- "), 1)
    on = _nearest(_month(found["month"]), day, written_on)
    return _month_end(on) if day == 28 else on


def _weekday(found: re.Match[str], written_on: date) -> date:
    wanted = next(i for i, name in enumerate(_DAYS) if name.startswith(found["weekday"][:3]))
    ahead = (wanted - written_on.weekday()) % 7 or 7
    return written_on + timedelta(days=ahead)


def _day_alone(found: re.Match[str], written_on: date) -> date:
    day = int(found["day"])
    if day >= written_on.day:
        return written_on.replace(day=day)
    return (_month_end(written_on) + timedelta(days=1)).replace(day=day)


def _in_a_while(found: re.Match[str], written_on: date) -> date:
    count = found["count"]
    number = int(count) if count.isdigit() else _COUNT[count]
    return written_on + timedelta(days=number * _UNIT[found["unit"]])


def _nearby(found: re.Match[str], written_on: date) -> date:
    words = found.group()
    if words in ("today", "tonight"):
        return written_on
    if words == "tomorrow":
        return written_on + timedelta(days=1)
    if words == "next week":
        return written_on + timedelta(days=7 - written_on.weekday())
    if "month" in words:
        return _month_end(written_on)
    return written_on + timedelta(days=(4 - written_on.weekday()) % 7)  # the end of the week is its Friday


def _holiday(found: re.Match[str], written_on: date) -> date:
    words = found.group()
    years = [written_on.year, written_on.year + 1]
    if words.startswith("fourth"):
        return _nearest(7, 4, written_on)
    month, weekday, nth = (9, 0, 1) if words == "labor day" else (11, 3, 4)
    days = [
        date(y, month, 1) + timedelta(days=(weekday - date(y, month, 1).weekday()) % 7 + 7 * (nth - 1)) for y in years
    ]
    return next(day for day in days if day >= written_on - timedelta(days=PAST_DAYS))


def _month(name: str) -> int:
    return next(i for i, month in enumerate(_MONTHS, start=1) if month.startswith(name[:3]))


def _month_end(on: date) -> date:
    return (on.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _nearest(month: int, day: int, written_on: date) -> date:
    """The day in the mail's year, unless it lies more than PAST_DAYS back or most of a year ahead."""
    on = date(written_on.year, month, day)
    if on < written_on - timedelta(days=PAST_DAYS):
        return date(written_on.year + 1, month, day)
    if on > written_on + timedelta(days=365 - PAST_DAYS):
        return date(written_on.year - 1, month, day)
    return on


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b{pattern}")


_Form = tuple[re.Pattern[str], Callable[[re.Match[str], date], date]]

_FORMS_IN_NUMBERS: tuple[_Form, ...] = (
    (_form(r"(?P<year>20[0-9]{2})-(?P<m>[0-9]{2})-(?P<day>[0-9]{2})\b"), _full),
    (_form(rf"{_DAY}(?: of|-)? ?{_MONTH}{_YEAR}"), _named),
    (_form(rf"{_MONTH} (?:the )?{_DAY}{_YEAR}"), _named),
    (_form(r"(?P<a>[0-9]{1,2})(?P<sep>[/.])(?P<b>[0-9]{1,2})[/.](?P<year>20[0-9]{2}|[0-9]{2})\b"), _numeric),
    (_form(r"(?!24/7)(?P<a>[0-9]{1,2})(?P<sep>/)(?P<b>[0-9]{1,2})(?P<year>)\b(?![/0-9])"), _numeric),
    (_form(r"(?<=the )(?P<day>[0-9]{1,2})(?:st|nd|rd|th)\b"), _day_alone),
)
_FORMS_IN_WORDS: tuple[_Form, ...] = (
    (_form(rf"(?P<part>{_PART}){_MONTH}(?! (?:i|we|you)\b)"), _part_of_month),
    (_form(r"(?:labor day|thanksgiving|fourth of july)\b"), _holiday),
    (_form(_WEEKDAY), _weekday),
    (_form(rf"in (?:about )?(?P<count>[0-9]{{1,2}}|{'|'.join(_COUNT)}) (?P<unit>day|week|month)s?\b"), _in_a_while),
    (_form(r"(?:today|tonight|tomorrow|next week|(?:the )?end of the (?:month|week))\b"), _nearby),
)
_FORMS = (*_FORMS_IN_NUMBERS, *_FORMS_IN_WORDS)
