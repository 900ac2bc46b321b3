"""The applicant's commands. One table; adding a command is its module, its template and a line here."""

import re

from lorbot.core.commands import (
    agenda,
    agreed,
    application,
    ask,
    assigned,
    cancel,
    change,
    declined,
    drop,
    export,
    forget,
    history,
    material,
    mentor,
    mentors,
    outcome,
    pause,
    plan,
    profile,
    programmes,
    received,
    remind,
    send_new,
    status,
    talked,
    thank,
    update,
)
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
    plan.COMMAND,
    status.COMMAND,
    agenda.COMMAND,
    agreed.COMMAND,
    declined.COMMAND,
    talked.COMMAND,
    received.COMMAND,
    assigned.COMMAND,
    remind.COMMAND,
    thank.COMMAND,
    outcome.COMMAND,
    cancel.COMMAND,
    change.COMMAND,
    drop.COMMAND,
    update.COMMAND,
    pause.PAUSE,
    pause.RESUME,
    send_new.COMMAND,
    mentors.COMMAND,
    programmes.COMMAND,
    history.COMMAND,
    export.COMMAND,
    forget.COMMAND,
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
    if command.unless and (_WORDS.findall(rest.lower()) or [""])[0] in command.unless:
        return None
    if command.alone and not set(_WORDS.findall(rest.lower())) <= _FILLERS:
        return None
    return command, _argument(rest)


def named(name: str) -> Command | None:
    """The command of that name, where there is one."""
    return next((command for command in COMMANDS if command.name == name), None)


def _begins(said: str, word: str) -> bool:
    return said[: len(word)].lower() == word.lower() and not said[len(word) : len(word) + 1].isalnum()


def _argument(rest: str) -> str:
    """What follows the command's word, without the punctuation around it; "Jr." and "M.D." keep their full stop."""
    rest = rest.strip(' :!?–—-,“”"')
    if rest.endswith(".") and not is_suffix(rest.rsplit(" ", 1)[-1]):
        rest = rest.rstrip(". ")
    return rest.lstrip(". ")
