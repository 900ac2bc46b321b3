"""The day on which a letter must be there, and the weeks in which to ask for it, counted backwards from that day."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from lorbot.core import services, view
from lorbot.core.application import Application
from lorbot.core.dossier import Dossier
from lorbot.core.policy import Policy
from lorbot.core.value import Line, Moment, value


class When(StrEnum):
    """Where today stands to the ask window."""

    AHEAD = "ahead"
    NOW = "now"
    PAST = "past"


@value
class Due:
    """The true date of an application's letters. A preferred date is never one."""

    at: Moment
    zone: Line  # IANA name of the zone in which it is said
    day: date  # in that zone
    programme: Line = ""  # the name of the programme that sets it; "" for the application as a whole


@value
class Window:
    """The weeks in which to ask."""

    begins: date
    ends: date
    when: When


def due_of(dossier: Dossier, application: Application, policy: Policy) -> Due | None:
    """When the letters of an application must be there; the earliest where its programmes differ. None: not known."""
    zone = application.time_zone or policy.time_zone
    found = [(p.deadline, p.time_zone or zone, p.name) for p in dossier.programmes_of(application.id) if p.deadline]
    if application.deadline is not None:
        found.append((application.deadline, zone, ""))
    if not found:
        return None
    at, said_in, programme = min(found)
    return Due(at=at, zone=said_in, day=view.local_day(at, said_in), programme=programme)


def ask_window(dossier: Dossier, application: Application, policy: Policy, now: datetime) -> Window | None:
    """When to ask for an application's letters; None where nobody knows when they must be there."""
    due = due_of(dossier, application, policy)
    if due is None:
        return None
    last, first = services.service(application.service).ask_weeks_before
    begins, ends = due.day - timedelta(weeks=first), due.day - timedelta(weeks=last)
    today = view.local_day(now, due.zone)
    when = When.AHEAD if today < begins else When.NOW if today <= ends else When.PAST
    return Window(begins=begins, ends=ends, when=when)
