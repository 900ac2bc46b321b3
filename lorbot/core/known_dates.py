"""What the dates of a service say about an application: proposed to the applicant, never taken as its deadline.

A date of another cycle is said to be one, and nothing is concluded from it for this one.
"""

import re
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from lorbot.core import dates, deadlines, services
from lorbot.core.application import Application
from lorbot.core.deadlines import Due
from lorbot.core.dossier import Dossier
from lorbot.core.policy import Policy
from lorbot.core.services import Dates
from lorbot.core.value import Line, Moment, value

View = dict[str, Any]

_SPAN = re.compile(r"\b20(\d\d) ?[-/–] ?(?:20)?(\d\d)\b")
_YEAR = re.compile(r"\b20\d\d\b")
_KINDS = ("letters_by", "visible_from", "advised_by")


@value
class Known:
    """A date of a service."""

    at: Moment
    zone: Line
    says_time: bool


def seen(dossier: Dossier, application: Application, policy: Policy, now: datetime) -> list[View]:
    """Each date worth a line: those of this cycle, or of the last one known where nobody knows this one's deadline.

    What schools advise comes with either; it is never a deadline. A deadline of the service for letters comes also
    where the applicant's own is later.
    """
    due = deadlines.due_of(dossier, application, policy, now=now)
    wanted = cycle_of(application)
    who = "schools" if services.service(application.service).stage == "premed" else "programs"
    lines = []
    for known in of_cycle(application):
        ours = _year_in(known.cycle) == wanted
        for kind in _KINDS:
            moment = _moment(getattr(known, kind), known.zone or policy.time_zone)
            if moment is None or (due and not _still_of_use(kind, moment.at, due, ours=ours)):
                continue
            may_be_ours = (ours or not wanted) and moment.at > now
            write = _write(kind, known, moment) if may_be_ours else ""
            lines.append(
                {
                    "kind": kind,
                    "cycle": known.cycle,
                    "who": who,
                    "on": _on(moment),
                    "past": moment.at <= now,
                    "write": write,
                }
            )
    return lines


def cycle_of(application: Application) -> str:
    """The year of the application's cycle, from what the applicant wrote for it or else from its name: "2028"."""
    return _year_in(application.cycle) or _year_in(application.name)


def of_cycle(application: Application) -> tuple[Dates, ...]:
    """The dates of the application's cycle, else the latest earlier ones; () where none are known."""
    wanted = cycle_of(application)
    years = {_year_in(d.cycle): d for d in services.service(application.service).dates}
    latest = max((year for year in years if not wanted or year <= wanted), default=None)
    return tuple(d for d in services.service(application.service).dates if _year_in(d.cycle) == latest)


def _still_of_use(kind: str, at: datetime, due: Due, *, ours: bool) -> bool:
    """Whether a date is worth a line beside a deadline that is known."""
    return ours and (kind == "advised_by" or (kind == "letters_by" and at < due.at))


def _on(moment: Known) -> str:
    if moment.says_time:
        return dates.say_moment(moment.at, moment.zone)
    return dates.say(dates.local_day(moment.at, moment.zone))


def _write(kind: str, known: Dates, moment: Known) -> str:
    """The line that makes a date the applicant's own: what is advised can only be preferred."""
    local = moment.at.astimezone(ZoneInfo(moment.zone))
    day = f"{local.day} {local:%B %Y}"
    if kind == "advised_by":
        return f"preferred: {day}"
    clock = f", {local:%H:%M}" if moment.says_time else ""
    return f"deadline: {day}{clock}" + (f", {moment.zone}" if known.zone else "")


def _moment(said: str, zone: str) -> Known | None:
    """A day, to its end, or a moment, in `zone`; None where nothing is said, or not as a date."""
    try:
        at = datetime.fromisoformat(said) if "T" in said else datetime.combine(date.fromisoformat(said), time(23, 59))
    except ValueError:
        return None
    return Known(at=at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC), zone=zone, says_time="T" in said)


def _year_in(words: str) -> str:
    """The year of a cycle: "2028", "2027-28"; "" where there is none, or several."""
    if span := _SPAN.search(words):
        return f"20{span[2]}"
    years = set(_YEAR.findall(words))
    return years.pop() if len(years) == 1 else ""
