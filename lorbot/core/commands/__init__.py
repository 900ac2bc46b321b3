"""The applicant's commands. One table; adding a command is its module, its template and a line here."""

import re

from lorbot.core.commands import application, ask, material, mentor, outcome, pause, profile, received, status, update
from lorbot.core.commands.base import Command
from lorbot.core.commands.help import help_for
from lorbot.core.names import is_suffix

_POLITE = re.compile(
    r"^[\s.:!“”\"'*-]*(?:(?:subject ?:|please\b|(?:(?:hi|hello|dear|hey) )?lorbot\b[,:]?) ?)*", re.IGNORECASE
)
_WORDS = re.compile(r"[a-z']+|\d+")
_FILLERS = {
    "please", "now", "everything", "all", "my", "me", "the", "of", "it", "is", "for", "a", "while",
    "letters", "mails", "mail", "report", "update", "thanks", "lorbot",
}  # fmt: skip
"""What may follow a command that stands alone: "status of my letters, please"."""

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
    update.COMMAND,
    pause.PAUSE,
    pause.RESUME,
    help_for(lambda: COMMANDS),
)


def find(line: str) -> tuple[Command, str] | None:
    """The command that a line begins with, and what follows it; the longest word wins. None where it is none."""
    said = _POLITE.sub("", " ".join(line.split()))
    found = [(word, command) for command in COMMANDS for word in command.words if _begins(said, word)]
    if not found:
        return None
    word, command = max(found, key=lambda x: len(x[0]))
    rest = said[len(word) :]
    if command.alone and not set(_WORDS.findall(rest.lower())) <= _FILLERS:
        return None
    return command, _argument(rest)


def _begins(said: str, word: str) -> bool:
    return said[: len(word)].lower() == word.lower() and not said[len(word) : len(word) + 1].isalnum()


def _argument(rest: str) -> str:
    """What follows the command's word, without the punctuation around it; "Jr." and "M.D." keep their full stop."""
    rest = rest.strip(' :!?–—-,“”"')
    if rest.endswith(".") and not is_suffix(rest.rsplit(" ", 1)[-1]):
        rest = rest.rstrip(". ")
    return rest.lstrip(". ")
