"""`status`: every letter, where it stands, what happens next and when."""

from lorbot.core import season
from lorbot.core.commands.base import Command, Request, answered
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier


def handle(request: Request, dossier: Dossier) -> Decision:
    seen = season.overview(dossier, request.policy, request.now)
    return answered(dossier, request, "status", why="status was asked for", season=seen)


COMMAND = Command(
    name="status",
    words=("status", "overview", "where do we stand", "how are we doing"),
    does="every letter, where it stands, and what happens next",
    example="Subject: status",
    handle=handle,
    alone=True,
)
