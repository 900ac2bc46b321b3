"""`pause` and `resume`: while paused, nothing goes to any mentor."""

from dataclasses import replace

from lorbot.core.commands import material, received_files
from lorbot.core.commands.base import Command, Request, answered
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier


def _pause(request: Request, dossier: Dossier) -> Decision:
    why = "paused: nothing goes to any mentor until resume"
    return answered(replace(dossier, paused=True), request, "paused", why=why, was=dossier.paused)


def _resume(request: Request, dossier: Dossier) -> Decision:
    """Go on after a pause; a résumé that comes as an attachment is a CV."""
    if received_files.holds_document(request.event):
        return material.CV.handle(request, dossier)
    return answered(replace(dossier, paused=False), request, "resumed", why="resumed", was=not dossier.paused)


PAUSE = Command(
    name="pause",
    words=("pause", "stop for now", "hold everything"),
    does="sends nothing to any mentor until you write: resume",
    example="Subject: pause",
    handle=_pause,
    alone=True,
)
RESUME = Command(
    name="resume",
    words=("resume", "continue", "go on", "unpause"),
    does="goes on after a pause",
    example="Subject: resume",
    handle=_resume,
    alone=True,
)
