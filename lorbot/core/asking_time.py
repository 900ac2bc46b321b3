"""The time to ask: the applicant is told when it opens, when half of it is gone, and when it is late.

One mail for an application and a moment, naming every mentor whose letter is planned and not asked for; each once, of
several that were missed only the last, and never after the deadline. Where programmes have dates of their own, the
next one's time begins when the one before it has passed.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from lorbot.core import deadlines, manners, view, when_due, writing
from lorbot.core.application import Application
from lorbot.core.correspondence import Purpose
from lorbot.core.deadlines import Due
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter, State
from lorbot.core.policy import Policy
from lorbot.core.value import Line, Moment, value


class Phase(StrEnum):
    """How far the time to ask has come."""

    OPENS = "opens"
    HALF = "half"
    LATE = "late"


@value
class Notice:
    """A moment of which the applicant is told. Another deadline has moments of its own, and so other marks."""

    at: Moment
    phase: Phase
    due: Due

    @property
    def mark(self) -> Line:
        return f"{self.phase.value} {self.due.day}"


def ticked(dossier: Dossier, policy: Policy, now: datetime) -> Decision:
    """The mails that are due, at most one for each application."""
    decision = Decision(dossier=dossier)
    for application in dossier.applications:
        passed = [n for n in coming(decision.dossier, application, policy, now) if n.at <= now]
        if passed:
            decision = decision.followed_by(_told(decision.dossier, application, passed[-1], policy, now))
    return decision


def times(dossier: Dossier, policy: Policy, now: datetime) -> Iterator[datetime]:
    """When there is something to tell."""
    for application in dossier.applications:
        yield from (notice.at for notice in coming(dossier, application, policy, now))


def coming(dossier: Dossier, application: Application, policy: Policy, now: datetime) -> tuple[Notice, ...]:
    """What the applicant is still to be told of the time to ask, earliest first; () where nobody is left to ask."""
    if application.outcome or not to_ask(dossier, application):
        return ()
    untold = (n for n in _notices(dossier, application, policy) if n.mark not in application.window_told)
    return tuple(n for n in untold if n.due.at > now)


def as_told(dossier: Dossier, application: Application, policy: Policy, now: datetime) -> Dossier:
    """The dossier after an answer that said how the time to ask stands: what has been by then is not told again."""
    marks = [n.mark for n in _notices(dossier, application, policy) if n.at <= now < n.due.at]
    new = tuple(mark for mark in marks if mark not in application.window_told)
    return dossier.with_application(replace(application, window_told=application.window_told + new)) if new else dossier


def to_ask(dossier: Dossier, application: Application) -> tuple[Letter, ...]:
    """The letters that are planned and not asked for. A backup waits for its turn."""
    planned = (x for x in dossier.letters if x.application == application.id and x.state is State.PLANNED)
    return tuple(x for x in planned if not (m := dossier.mentor(x.mentor)).never and not m.backup_for)


def _notices(dossier: Dossier, application: Application, policy: Policy) -> Iterator[Notice]:
    zone = view.zone_of(dossier.applicant, policy)
    before: datetime | None = None
    for due in deadlines.dues(dossier, application, policy):
        begins, half, ends = deadlines.window_days(application, due)
        for phase, day in ((Phase.OPENS, begins), (Phase.HALF, half), (Phase.LATE, ends + timedelta(days=1))):
            at = manners.start_of(day, zone, policy)
            at = max(at, before) if before else at
            if at < due.at:
                yield Notice(at=at, phase=phase, due=due)
        before = due.at


def _told(dossier: Dossier, application: Application, notice: Notice, policy: Policy, now: datetime) -> Decision:
    about = to_ask(dossier, application)
    window = deadlines.ask_window(dossier, application, policy, now)
    several = len(dossier.applications) > 1
    names = [dossier.mentor(x.mentor).name for x in about]
    mail = writing.to_applicant(
        dossier, Purpose.NOTICE, "applicant/told_window", key=f"{application.id}-time-to-ask-{notice.phase.value}",
        letters=about,
        more={
            "application": view.of_application(dossier, application, policy, now),
            "window": when_due.of_window(window, now),
            "phase": notice.phase.value,
            "asks": [f"ask {name} for {application.name}" if several else f"ask {name}" for name in names],
            "mentors": names,
        },
    )  # fmt: skip
    why = {
        Phase.OPENS: f"the time to ask for {application.name} has come",
        Phase.HALF: f"half of the time to ask for {application.name} is gone",
        Phase.LATE: f"it is late to ask for {application.name}",
    }[notice.phase]
    dossier = as_told(dossier, application, policy, now)
    return Decision(dossier=dossier.noting(now, f"{why}; the applicant is told"), mails=(mail,), why=(why,))
