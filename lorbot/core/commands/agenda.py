"""`calendar`: what comes next, as a list and as a file for the applicant's own calendar; and the way ahead."""

from lorbot.core import agenda, calendar_file, dates, deadlines
from lorbot.core.commands.base import Command, Request, answered
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier
from lorbot.core.occasion import Occasion
from lorbot.core.path import path

MOST_SHOWN = 12  # dates in the mail; the file has all


def handle(request: Request, dossier: Dossier) -> Decision:
    """Answer with the file; what it brought is remembered, so that the next one says what has changed."""
    policy, now = request.policy, request.now
    coming = agenda.agenda(dossier, policy, now)
    after, file = calendar_file.calendar_file(dossier, policy, now)
    told = answered(
        after, request, "calendar", why="the calendar was asked for",
        coming=[{"title": _title(o), "on": _on(o)} for o in coming], shown=MOST_SHOWN,
        file=file.name if file else "", cancelled=any(p.cancelled for p in after.published),
        undated=[a.name for a in dossier.applications if deadlines.due_of(dossier, a, policy) is None],
        paused=dossier.paused, path=path(dossier, policy, now),
    )  # fmt: skip
    return calendar_file.enclosing(told, file)


def _title(occasion: Occasion) -> str:
    """What a calendar calls lorbot's is mine in a mail of mine."""
    return occasion.title.replace("lorbot: ", "My ", 1) if occasion.quiet else occasion.title


def _on(occasion: Occasion) -> str:
    return dates.say_moment(occasion.at, occasion.zone) if occasion.at else dates.say(occasion.day)


COMMAND = Command(
    name="calendar",
    words=("calendar", "my calendar", "calendar file", "ics", "dates", "my dates", "key dates"),
    does="what comes next, as a file for your own calendar, and the way ahead",
    example="Subject: calendar",
    handle=handle,
    alone=True,
)
