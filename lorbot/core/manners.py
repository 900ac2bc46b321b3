"""When a mail may reach a mentor: weekdays, working hours, no holidays, not during an absence.

Invariant: `next_allowed` returns a moment at which `is_allowed` holds, at or after the one given.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from lorbot.core.policy import Policy
from lorbot.core.value import value

_ONE_DAY = timedelta(days=1)
_A_YEAR = 366


@value
class Away:
    """An absence: from its first day, None for one that has begun, to the day before the return."""

    until: date
    since: date | None = None

    def holds(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and day < self.until


def is_allowed(moment: datetime, zone: str, policy: Policy, away: Away | None = None) -> bool:
    """Whether a mail may be sent to a mentor who lives in `zone` at `moment`."""
    local = moment.astimezone(ZoneInfo(zone))
    return _is_open(local.date(), policy, away) and policy.hours_from <= local.hour < policy.hours_to


def next_allowed(moment: datetime, zone: str, policy: Policy, away: Away | None = None) -> datetime:
    """The first moment from `moment` on at which a mail may be sent, in UTC."""
    if is_allowed(moment, zone, policy, away):
        return moment.astimezone(UTC)
    local = moment.astimezone(ZoneInfo(zone))
    day = local.date() if local.hour < policy.hours_from else local.date() + _ONE_DAY
    while not is_allowed(start := start_of(day, zone, policy), zone, policy, away):
        # a day more also where the clocks skip the only hour of the day
        day = away.until if away is not None and away.holds(day) else day + _ONE_DAY
    return start


def last_before(day: date, zone: str, policy: Policy) -> datetime:
    """The beginning of the last day before `day` on which a mail may be sent, in UTC."""
    day -= _ONE_DAY
    while not is_allowed(start_of(day, zone, policy), zone, policy):
        day -= _ONE_DAY
    return start_of(day, zone, policy)


def working_days_later(moment: datetime, days: int, zone: str, policy: Policy) -> datetime:
    """`moment` and so many working days on, at an hour at which mail may be sent."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    for _ in range(days):
        day += _ONE_DAY
        while not _is_open(day, policy, None):
            day += _ONE_DAY
    return next_allowed(start_of(day, zone, policy), zone, policy)


def open_day_until(day: date, policy: Policy) -> date:
    """The last day up to `day` on which mail may go; an absence is no matter."""
    return next(d for d in (day - n * _ONE_DAY for n in range(_A_YEAR)) if _is_open(d, policy, None))


def start_of(day: date, zone: str, policy: Policy) -> datetime:
    """The beginning of the working hours of `day` in `zone`, in UTC."""
    return datetime.combine(day, time(policy.hours_from), ZoneInfo(zone)).astimezone(UTC)


def _is_open(day: date, policy: Policy, away: Away | None) -> bool:
    if away is not None and away.holds(day):
        return False
    if policy.weekdays_only and day.weekday() >= 5:
        return False
    if _in_quiet_days(day, policy):
        return False
    return not (policy.holidays and day in _holidays(policy.holidays, day.year))


def _in_quiet_days(day: date, policy: Policy) -> bool:
    first, last, today = policy.quiet_from, policy.quiet_to, f"{day:%m-%d}"
    if not first or not last:
        return False
    if first <= last:
        return first <= today <= last
    return today >= first or today <= last


@lru_cache(maxsize=32)
def _holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))
