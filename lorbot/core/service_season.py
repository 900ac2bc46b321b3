"""When the season of a service opened, and whether what is known of it was checked since."""

from datetime import date, timedelta

from lorbot.core.service import Service

A_YEAR = timedelta(days=365)


def opened(service: Service, today: date) -> date | None:
    """The day on which the current season opened; None where no source names an opening.

    The newest known opening up to today; where the next one is not known, its anniversary once that has come.
    """
    days = sorted(date.fromisoformat(d.opens[:10]) for d in service.dates if d.opens)
    past = [day for day in days if day <= today]
    if not days:
        return None
    if past and days[-1] > today:
        return past[-1]
    return _anniversary(past[-1] if past else days[0], today)


def stale(service: Service, today: date) -> bool:
    """Whether a season has opened since the rules were checked. Without a known opening, whether a year has passed."""
    if not service.sources:
        return False
    begun = opened(service, today)
    return service.checked_on < (begun if begun is not None else today - A_YEAR)


def _anniversary(day: date, today: date) -> date:
    """The last anniversary up to today, which may be before `day` itself."""
    this_year = _in_year(day, today.year)
    return this_year if this_year <= today else _in_year(day, today.year - 1)


def _in_year(day: date, year: int) -> date:
    return day.replace(year=year, day=min(day.day, 28) if day.month == 2 else day.day)
