"""`history [NAME]`: the whole correspondence with the mentors, dated, the newest last."""

import re

from lorbot.core import history, view
from lorbot.core.commands import people
from lorbot.core.commands.base import Command, Request, answered, mistaken
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier

_OF = re.compile(r"^(?:of|with|for|about)\s+", re.IGNORECASE)
_EVERYBODY = re.compile(r"^(?:(?:all|everyone|everybody|everything|my|the|mentors|letters)\b\s*)*$", re.IGNORECASE)


def handle(request: Request, dossier: Dossier) -> Decision:
    """Show what passed with one mentor, with several, or with all."""
    argument = _OF.sub("", request.argument)
    found = people.Meant() if _EVERYBODY.match(argument) else people.meant(dossier, argument)
    if found.problems:
        return mistaken(dossier, request, COMMAND, list(found.problems))
    application = found.application.id if found.application else ""
    mentors = [m.id for m in found.mentors] if found.mentors else None
    seen = history.overview(dossier, view.zone_of(dossier.applicant, request.policy), mentors, application)
    return answered(dossier, request, "history", why="the history was asked for", history=seen)


COMMAND = Command(
    name="history",
    words=("history", "correspondence", "all mails"),
    does="shows every mail to and from your mentors, and what you told me, with its date",
    example="Subject: history Dr. Lopez",
    handle=handle,
    argument="[NAME]",
)
