"""The applicant's commands. One table; adding a command is its module, its template and a line here."""

from lorbot.core.commands import application, ask, material, mentor, outcome, pause, profile, received, status
from lorbot.core.commands.base import Command
from lorbot.core.commands.help import help_for

COMMANDS: tuple[Command, ...] = (
    profile.COMMAND,
    material.CV,
    material.STATEMENT,
    material.MATERIAL,
    application.COMMAND,
    mentor.COMMAND,
    ask.COMMAND,
    status.COMMAND,
    received.COMMAND,
    outcome.COMMAND,
    pause.PAUSE,
    pause.RESUME,
    help_for(lambda: COMMANDS),
)


def find(line: str) -> tuple[Command, str] | None:
    """The command that a line begins with, and what follows it; the longest word wins. None where it is none."""
    low = " ".join(line.lower().split()).strip(" .!:")
    best: tuple[int, Command] | None = None
    for command in COMMANDS:
        for word in command.words:
            if (low == word or low.startswith((word + " ", word + ":"))) and len(word) > (best[0] if best else 0):
                best = (len(word), command)
    if best is None:
        return None
    rest = " ".join(line.split()).strip()[best[0] :]
    return best[1], rest.strip(" :.!")
