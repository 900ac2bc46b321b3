"""Dates and times as people write them in a command: "1 Sept 2027, 11:59 pm ET", "2027-09-01", "in 3 weeks".

Strict: what is not understood is None, never a guess; so is a text that names two days, or a weekday that does not
fit. 9/1/2027 is read as an American writes it, month first, and every date is echoed in words.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lorbot.core import zones

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12,
}  # fmt: skip
_UNIT_DAYS = {"day": 1, "week": 7, "fortnight": 14, "month": 30}
_YEARS = range(2000, 2100)  # what a person can mean; and no arithmetic runs over the calendar's edge

_YEAR = r"(?:(?:,? ?|[.-])(\d{4}|'\d{2})\b)?"
_ISO = re.compile(r"(?<![\d/])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_AMERICAN = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?(?![\d/])")
_DAY_MONTH = re.compile(rf"(?<![\d:.])(\d{{1,2}})(?:st|nd|rd|th)?(?: of)?[ .-]{{1,2}}([a-z]{{3,9}})\b\.?{_YEAR}")
_MONTH_DAY = re.compile(rf"\b([a-z]{{3,9}})\.? (\d{{1,2}})(?:st|nd|rd|th)?\b(?![:/]){_YEAR}")
_CLOCK = re.compile(r"(?<![\d.:])(\d{1,2})(?::(\d{2}))?(?::00)? ?(?:([ap])\.?m\b\.?)?(?![\d:])")
_NAMED_CLOCK = ((re.compile(r"\bnoon\b"), time(12)), (re.compile(r"\b(?:cob|close of business)\b"), time(17)))
_SPAN = re.compile(r"(?<![\d.,-])\b(?:(\d{1,3}) ?|([a-z]{1,10}) )(day|week|fortnight|month)s?\b")
_WEEKDAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)(?:s|rs?|nes)?(?:day|urday)?\b")
_NAMED_ZONES = {"UTC": "UTC", zones.ANYWHERE: "anywhere on earth, UTC-12"}
_BETWEEN_DIGITS = re.compile(r"(?<=\d)t(?=\d)")  # the T of 2027-09-01T23:59


def day_in(text: str, today: date) -> date | None:
    """The one day that `text` names, or None. A day without a year is the next such day from `today` on."""
    return _taken_out(_low(text), today)[0]


def past_day_in(text: str, today: date) -> date | None:
    """The one day up to today that `text` names: "June 12", "yesterday", "last Friday", "3 days ago"; else None. A day
    without a year is the last such day.
    """
    low = _low(text)
    named = [today - timedelta(days=ago) for word, ago in (("yesterday", 1), ("today", 0)) if word in low.split()]
    span = _SPAN.search(low)
    if span and re.search(r"\bago\b", low) and (days := _days_of(span)):
        named.append(today - timedelta(days=days))
    calendar = _calendar_days(low, today - timedelta(days=364))
    weekdays = {_weekday(m) for m in _WEEKDAY.finditer(low)}
    if not named and not calendar and len(weekdays) == 1:
        return today - timedelta(days=(today.weekday() - weekdays.pop() - 1) % 7 + 1)
    found = {*named, *(day for day, _, _ in calendar)}
    day = found.pop() if len(found) == 1 else None
    return day if day and day <= today and all(w == day.weekday() for w in weekdays) else None


def moment_in(text: str, today: date, zone: str) -> tuple[datetime, str] | None:
    """The moment that `text` names and the zone it is in; `zone` where it names none, and 23:59, the last minute of the
    day, where no time stands. An hour that the clocks skip is the one after it, of one that they repeat the first.
    """
    day, rest = _taken_out(_low(text), today)
    if day is None or zones.is_foreign(text):
        return None
    clock, rest = _clock_taken_out(zones.without_anywhere(rest))
    if re.search(r"\d", rest):
        return None  # "25:00", "UTC+2", a second date: something that was meant and is not understood
    zone = zone_in(text) or zone
    return datetime.combine(day, clock or time(23, 59), ZoneInfo(zone)).astimezone(UTC), zone


def zone_in(text: str) -> str:
    """The IANA name of the time zone that `text` names, or ""."""
    return zones.named_in(text)


def days_in(text: str) -> int | None:
    """How many days a span names: "3 days" is 3, "two weeks" is 14."""
    found = _SPAN.search(_low(text))
    return _days_of(found) if found else None


def say(day: date) -> str:
    """A day in words: Wednesday, September 1, 2027."""
    return f"{day:%A, %B} {day.day}, {day.year}"


def say_moment(moment: datetime, zone: str) -> str:
    """A moment in words, in `zone`: Wednesday, September 1, 2027, 11:59 PM (New York time)."""
    local = moment.astimezone(ZoneInfo(zone))
    clock = f"{local:%I:%M %p}".lstrip("0")
    return f"{say(local.date())}, {clock} ({zone_name(zone)})"


def zone_name(zone: str) -> str:
    """A time zone as a person says it: America/New_York is New York time."""
    if zone in _NAMED_ZONES:
        return _NAMED_ZONES[zone]
    return f"{zone.rsplit('/', 1)[-1].replace('_', ' ')} time"


def local_day(moment: datetime, zone: str) -> date:
    """The calendar day of `moment` in `zone`."""
    return moment.astimezone(ZoneInfo(zone)).date()


def says_time(text: str, today: date) -> bool:
    """Whether `text` names a time of day, so that `moment_in` need not take the end of the day."""
    return _clock_taken_out(_taken_out(_low(text), today)[1])[0] is not None


def _low(text: str) -> str:
    return _BETWEEN_DIGITS.sub(" ", " ".join(text.replace("’", "'").lower().split()))


def _taken_out(low: str, today: date) -> tuple[date | None, str]:
    """The one day, and the text without it."""
    found = [*_calendar_days(low, today)]
    if not found:
        return _relative_day(low, today)
    day, start, end = found[0]
    if day is None or len({other for other, _, _ in found}) > 1:
        return None, low
    rest = low[:start] + " " + low[end:]
    return (day if _fits_weekday(rest, day) else None), rest


def _calendar_days(low: str, today: date) -> list[tuple[date | None, int, int]]:
    """Every day of the calendar that the text names, with where it stands."""
    found = [(_day(int(m[1]), int(m[3]), int(m[4])), m.start(), m.end()) for m in _ISO.finditer(low)]
    found += [(_with_year(int(m[1]), int(m[2]), m[3], today), m.start(), m.end()) for m in _AMERICAN.finditer(low)]
    for pattern, day_group, month_group in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        found += [
            (_with_year(month, int(m[day_group]), m[3], today), m.start(), m.end())
            for m in pattern.finditer(low)
            if (month := _month(m[month_group])) and not any(s <= m.start() < e for _, s, e in found)
        ]
    return found


def _relative_day(low: str, today: date) -> tuple[date | None, str]:
    for word, ahead in (("tomorrow", 1), ("today", 0), ("next week", 7)):
        if re.search(rf"\b{word}\b", low):
            return today + timedelta(days=ahead), low.replace(word, " ")
    span = _SPAN.search(low)
    if span and re.search(r"\bin\b", low) and (days := _days_of(span)):
        return today + timedelta(days=days), low[: span.start()] + low[span.end() :]
    named = {_weekday(m) for m in _WEEKDAY.finditer(low)}
    if len(named) != 1:
        return None, low
    return today + timedelta(days=(named.pop() - today.weekday() - 1) % 7 + 1), _WEEKDAY.sub(" ", low)


def _fits_weekday(rest: str, day: date) -> bool:
    return all(_weekday(found) == day.weekday() for found in _WEEKDAY.finditer(rest))


def _weekday(found: re.Match[str]) -> int:
    return next(number for number, name in enumerate(_WEEKDAYS) if name.startswith(found[1]))


def _with_year(month: int, day: int, year: str | None, today: date) -> date | None:
    if year:
        number = int(year.lstrip("'"))
        return _day(number if number > 99 else 2000 + number, month, day)
    years = (today.year + ahead for ahead in range(9))  # 29 February may be eight years away (2096 to 2104)
    return next((found for y in years if (found := _day(y, month, day)) and found >= today), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


def _month(word: str) -> int | None:
    full = next((month for month in _MONTHS if month.startswith(word)), None)
    return _MONTHS.index(full) + 1 if full else None


def _days_of(span: re.Match[str]) -> int | None:
    count = int(span[1]) if span[1] else _NUMBERS.get(span[2], 0)
    return count * _UNIT_DAYS[span[3]] or None


def _clock_taken_out(low: str) -> tuple[time | None, str]:
    for pattern, named in _NAMED_CLOCK:
        if pattern.search(low):
            low = re.sub(r"\b12 ?(?=noon)", "", low)
            return named, pattern.sub(" ", low)
    for found in _CLOCK.finditer(low):
        hour, minute = int(found[1]), int(found[2] or 0)
        if not found[3] and found[2] is None:
            continue  # a bare number is no time
        if found[3]:
            hour = hour % 12 + (12 if found[3] == "p" else 0)
        if hour < 24 and minute < 60:
            return time(hour, minute), low[: found.start()] + low[found.end() :]
    return None, low
