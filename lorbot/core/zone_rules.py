"""A time zone as a calendar file carries it: the VTIMEZONE of RFC 5545 section 3.6.5, as a rule for each change.

Outlook reads rules alone: yearly, on a certain weekday of a month ([MS-OXCICAL] section 2.1.3.1.1.19.2.2,
https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxcical/9b81b753-23fc-4635-a4f0-16445897d22b); with
dates in their place it shifts events by an hour (https://github.com/iCalcreator/iCalcreator/issues/86). The library
writes such dates, so the rules are read off the zone here.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from lorbot.core.value import Line, value

_YEARS = 9  # a rule is believed when it held for so many
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_A_WEEK = timedelta(days=7)


@value
class Change:
    """One change of the clocks: when, in the local time before it, and between which offsets from UTC (seconds)."""

    onset: datetime  # without a zone
    before: int
    after: int
    name: Line
    summer: bool

    @property
    def kind(self) -> tuple[object, ...]:
        """What the same change has in common from year to year."""
        on = (self.onset.month, self.onset.weekday(), self.onset.time())
        return (*on, self.before, self.after, self.name, self.summer)


def zone_component(zone: str, first_year: int) -> Timezone:
    """The VTIMEZONE of an IANA zone for the years from `first_year` on."""
    component = Timezone()
    component.add("tzid", zone)
    changes = changes_of(zone, first_year)
    kinds = [list(same) for _, same in groupby(sorted(changes, key=lambda c: repr(c.kind)), key=lambda c: c.kind)]
    rules = [(same[0], weekday_rule(same)) for same in kinds]
    if len(rules) != 2 or any(rule is None for _, rule in rules):  # a zone whose changes follow no rule: each by itself
        rules = [(change, None) for change in (_beginning(zone, first_year - 1), *changes)]
    for change, rule in sorted(rules, key=lambda r: r[0].onset):
        component.add_component(_observance(change, rule))
    return component


@lru_cache(maxsize=32)
def changes_of(zone: str, first_year: int) -> tuple[Change, ...]:
    """Every change of the clocks from the year before `first_year` on, earliest first."""
    return tuple(_changes(ZoneInfo(zone), first_year - 1))


def weekday_rule(changes: list[Change]) -> str | None:
    """The weekday of the month on which these changes fall, "2SU" or "-1SU", one a year; None where there is none."""
    onsets = [c.onset for c in changes]
    if len(onsets) < _YEARS or len({o.year for o in onsets}) != len(onsets):
        return None
    day = _DAYS[onsets[0].weekday()]
    if all((o + _A_WEEK).month != o.month for o in onsets):
        return f"-1{day}"
    counted = {(o.day - 1) // 7 + 1 for o in onsets}
    return f"{counted.pop()}{day}" if len(counted) == 1 else None


def _changes(zone: ZoneInfo, first_year: int) -> Iterator[Change]:
    moment = datetime(first_year, 1, 1, tzinfo=UTC)
    end = datetime(min(first_year + _YEARS + 1, 9999), 1, 1, tzinfo=UTC)
    while moment < end:
        later = moment + timedelta(days=1)
        if moment.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
            yield _change(zone, moment, later)
        moment = later


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> Change:
    """The change between two moments, to the minute."""
    was = _offset(before, zone)
    low, high = before, after
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) // 2
        middle = middle.replace(second=0, microsecond=0)
        low, high = (middle, high) if _offset(middle, zone) == was else (low, middle)
    local = high.astimezone(zone)
    return Change(
        onset=(high + timedelta(seconds=was)).replace(tzinfo=None), before=was, after=_offset(high, zone),
        name=local.tzname() or "", summer=bool(local.dst()),
    )  # fmt: skip


def _offset(moment: datetime, zone: ZoneInfo) -> int:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


def _beginning(zone: str, year: int) -> Change:
    """What holds before the first change of a zone without a rule, and always where the clocks do not change."""
    local = datetime(year, 1, 1, tzinfo=UTC).astimezone(ZoneInfo(zone))
    offset = _offset(local, ZoneInfo(zone))
    onset = datetime(1970, 1, 1)  # noqa: DTZ001 - the local time of the zone that is described
    return Change(onset=onset, before=offset, after=offset, name=local.tzname() or "", summer=False)


def _observance(change: Change, rule: str | None) -> TimezoneStandard | TimezoneDaylight:
    made = TimezoneDaylight() if change.summer else TimezoneStandard()
    made.add("dtstart", _first_onset(change.onset, rule) if rule else change.onset)
    made.add("tzoffsetfrom", timedelta(seconds=change.before))
    made.add("tzoffsetto", timedelta(seconds=change.after))
    made.add("tzname", change.name)
    if rule:
        made.add("rrule", {"FREQ": "YEARLY", "BYMONTH": change.onset.month, "BYDAY": rule})
    return made


def _first_onset(onset: datetime, rule: str) -> datetime:
    """The rule's day in 1970: from there on calendars count, and some compare zones by days long past."""
    days = [onset.replace(year=1970, day=day) for day in range(1, monthrange(1970, onset.month)[1] + 1)]
    fitting = [day for day in days if _DAYS[day.weekday()] == rule[-2:]]
    return fitting[-1] if rule.startswith("-1") else fitting[int(rule[0]) - 1]
