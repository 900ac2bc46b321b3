"""The day on which a letter must be there, and the weeks in which to ask for it, counted backwards from that day.

All that counts to a deadline asks here. Of several dates the earliest decides; which of them say anything of the
letters is in `lorbot.core.dated`. A preferred date is never a deadline.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from lorbot.core import dated, dates, services
from lorbot.core.application import Application
from lorbot.core.dated import Dated
from lorbot.core.dossier import Dossier, Letter
from lorbot.core.policy import Policy
from lorbot.core.value import Line, Moment, value


class When(StrEnum):
    """Where today stands to the ask window."""

    AHEAD = "ahead"
    NOW = "now"
    PAST = "past"


class Standing(StrEnum):
    """Whether there is time left for a letter."""

    MISSING = "missing"  # nobody has said when it must be there
    AHEAD = "ahead"
    PASSED = "passed"


@value
class Due:
    """The true date of an application's letters. A preferred date is never one."""

    at: Moment
    zone: Line  # IANA name of the zone in which it is said
    day: date  # in that zone
    programme: Line = ""  # the name of the programme that sets it; "" for the application as a whole
    others: tuple[Line, ...] = ()  # more programmes that set the same moment

    @property
    def programmes(self) -> tuple[Line, ...]:
        return (self.programme, *self.others) if self.programme else ()


@value
class Window:
    """The weeks in which to ask."""

    begins: date
    ends: date  # the last day of it
    when: When
    half: date  # the day from which on half of it is gone
    due: Due  # what it is counted from


def due_of(dossier: Dossier, application: Application, policy: Policy, *, now: datetime | None = None) -> Due | None:
    """When the letters of an application must be there; the earliest where its programmes differ. None: not known.

    With `now` a date that has passed does not count as long as another is ahead; once all have passed, the last does.
    """
    return _first_after(now, dues(dossier, application, policy))


def due_of_letter(dossier: Dossier, letter: Letter, policy: Policy) -> Due | None:
    """What the clock of a letter counts to: the first date after it was begun that was not missed and told of; where
    none is left, the last.
    """
    times = [at for at in (letter.asked_at or letter.agreed_at, letter.missed_at) if at]
    return _first_after(max(times, default=None), dues(dossier, dossier.application(letter.application), policy))


def dues(dossier: Dossier, application: Application, policy: Policy) -> tuple[Due, ...]:
    """Every date by which the letters must be there, earliest first; programmes with the same moment share one."""
    found: dict[datetime, list[Dated]] = {}
    for each in dated.given(dossier, application):
        if each.counts:
            found.setdefault(each.at, []).append(each)
    zone = application.time_zone or policy.time_zone
    return tuple(_due(same, zone) for same in found.values())


def standing(dossier: Dossier, application: Application, now: datetime) -> Standing:
    """Whether a date by which the letters must be there is ahead of `now`."""
    times = [d.at for d in dated.given(dossier, application) if d.counts]
    if not times:
        return Standing.MISSING
    return Standing.AHEAD if max(times) > now else Standing.PASSED


def days_left(due: Due, now: datetime) -> int:
    """Whole days from today to the day of the deadline, in the deadline's zone; negative once it has passed."""
    return (due.day - dates.local_day(now, due.zone)).days


def weeks_left(dossier: Dossier, application: Application, policy: Policy, now: datetime) -> int | None:
    """Whole weeks until the letters must be there, 0 where that is past; None where nobody knows when that is."""
    due = due_of(dossier, application, policy, now=now)
    return None if due is None else max(days_left(due, now) // 7, 0)


def ask_window(dossier: Dossier, application: Application, policy: Policy, now: datetime) -> Window | None:
    """When to ask for an application's letters; None where nobody knows when they must be there."""
    due = due_of(dossier, application, policy, now=now)
    if due is None:
        return None
    begins, half, ends = window_days(application, due)
    today = dates.local_day(now, due.zone)
    when = When.AHEAD if today < begins else When.NOW if today <= ends else When.PAST
    return Window(begins=begins, half=half, ends=ends, when=when, due=due)


def window_days(application: Application, due: Due) -> tuple[date, date, date]:
    """When to begin to ask, when half of that time is gone, and the last day, by the lead time of the service."""
    last, first = services.service(application.service).ask_weeks_before
    begins, ends = due.day - timedelta(weeks=first), due.day - timedelta(weeks=last)
    return begins, begins + (ends - begins) / 2, ends


def _first_after(moment: datetime | None, found: tuple[Due, ...]) -> Due | None:
    ahead = (due for due in found if moment is None or due.at > moment)
    return next(ahead, found[-1] if found else None)


def _due(same: list[Dated], zone: str) -> Due:
    first = same[0]
    zone = first.zone or zone
    others = tuple(d.programme for d in same[1:]) if first.programme else ()
    return Due(
        at=first.at, zone=zone, day=dates.local_day(first.at, zone), programme=first.programme, others=others
    )  # fmt: skip
