"""Dates and times as people write them in a command: "1 Sept 2027, 11:59 pm ET", "2027-09-01", "in 3 weeks".

Strict: what is not understood is None, never a guess. 9/1/2027 is read as an American writes it, month first,
and every date is echoed in words.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
_UNIT_DAYS = {"day": 1, "week": 7, "fortnight": 14, "month": 30}
_ZONES = {
    "et": "America/New_York", "est": "America/New_York", "edt": "America/New_York", "eastern": "America/New_York",
    "ct": "America/Chicago", "cst": "America/Chicago", "cdt": "America/Chicago", "central": "America/Chicago",
    "mt": "America/Denver", "mst": "America/Denver", "mdt": "America/Denver", "mountain": "America/Denver",
    "pt": "America/Los_Angeles", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles",
    "pacific": "America/Los_Angeles",
    "utc": "UTC", "gmt": "UTC", "z": "UTC",
}  # fmt: skip

_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_AMERICAN = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")
_DAY_MONTH = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?(?: of)?[ .-]{1,2}([a-z]{3,9})\.?(?:,? (\d{4}))?\b")
_MONTH_DAY = re.compile(r"\b([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?\b(?:,? (\d{4}))?")
_CLOCK = re.compile(r"\b(\d{1,2})(?::(\d{2}))? ?(am|pm|a\.m\.|p\.m\.)?(?=\W|$)")
_SPAN = re.compile(r"\b(\d{1,3}|[a-z]+) (day|week|fortnight|month)s?\b")
_IANA = re.compile(r"\b([A-Z][A-Za-z_]+/[A-Z][A-Za-z_]+)\b")


def day_in(text: str, today: date) -> date | None:
    """The one day that `text` names, or None. A day without a year is the next such day from `today` on."""
    low = text.lower()
    for pattern, order in ((_ISO, "ymd"), (_AMERICAN, "mdy")):
        if found := pattern.search(low):
            parts = dict(zip(order, map(int, found.groups()), strict=True))
            return _day(parts["y"], parts["m"], parts["d"])
    for pattern, day_group, month_group in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        for found in pattern.finditer(low):
            month = _month(found[month_group])
            if month:
                return _with_year(month, int(found[day_group]), found[3], today)
    return _relative_day(low, today)


def moment_in(text: str, today: date, zone: str) -> tuple[datetime, str] | None:
    """The moment that `text` names and the zone it is in; the end of the day where no time stands."""
    day = day_in(text, today)
    if day is None:
        return None
    zone = zone_in(text) or zone
    at = _clock_in(_without_date(text.lower())) or time(23, 59)
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC), zone


def zone_in(text: str) -> str:
    """The IANA name of the time zone that `text` names, or ""."""
    if found := _IANA.search(text):
        try:
            return ZoneInfo(found[1]).key
        except (KeyError, ValueError):
            return ""
    words = re.findall(r"[a-z]+", text.lower())
    return next((_ZONES[word] for word in words if word in _ZONES), "")


def days_in(text: str) -> int | None:
    """How many days a span names: "3 days" is 3, "two weeks" is 14."""
    found = _SPAN.search(text.lower())
    if not found:
        return None
    count = int(found[1]) if found[1].isdigit() else _NUMBERS.get(found[1], 0)
    return count * _UNIT_DAYS[found[2]] or None


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
    return zone if zone == "UTC" else f"{zone.rsplit('/', 1)[-1].replace('_', ' ')} time"


def _relative_day(low: str, today: date) -> date | None:
    if "tomorrow" in low:
        return today + timedelta(days=1)
    if re.search(r"\btoday\b", low):
        return today
    if re.search(r"\bin\b", low) and (days := days_in(low)):
        return today + timedelta(days=days)
    for number, name in enumerate(_WEEKDAYS):
        if re.search(rf"\b(?:on|by|next|until)? ?{name}(?:day|sday|nesday|rsday|urday)?\b", low):
            return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    return None


def _with_year(month: int, day: int, year: str | None, today: date) -> date | None:
    if year:
        return _day(int(year), month, day)
    this_year = _day(today.year, month, day)
    return this_year if this_year is None or this_year >= today else _day(today.year + 1, month, day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(word: str) -> int | None:
    full = next((month for month in _MONTHS if month.startswith(word)), None)
    return _MONTHS.index(full) + 1 if full else None


def _without_date(low: str) -> str:
    for pattern in (_ISO, _AMERICAN):
        if pattern.search(low):
            return pattern.sub(" ", low, count=1)
    for pattern, month_group in ((_DAY_MONTH, 2), (_MONTH_DAY, 1)):
        for found in pattern.finditer(low):
            if _month(found[month_group]):
                return f"{low[: found.start()]} {low[found.end() :]}"
    return low


def _clock_in(low: str) -> time | None:
    if "noon" in low:
        return time(12)
    for found in _CLOCK.finditer(low):
        hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").replace(".", "")
        if not half and found[2] is None:
            continue
        if half:
            hour = hour % 12 + (12 if half == "pm" else 0)
        if hour < 24 and minute < 60:
            return time(hour, minute)
    return None
