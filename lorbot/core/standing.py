"""Whether a line is a command and nothing else, so that it may stand anywhere in a text.

Stricter than `commands.find`, which takes what only begins like one: "received your note" names nobody, "status:
married" is a line of a form.
"""

import re

from lorbot.core import commands, names
from lorbot.core.commands import people
from lorbot.core.commands.base import Command
from lorbot.core.dossier import Dossier
from lorbot.core.open_command import Meaning
from lorbot.core.order import Doubt, Item, Order

_LONGEST = 200  # characters
_EVERYONE = re.compile(r"(?:everyone|everybody|all)(?: (?:my )?mentors)?(?: for .{1,100})?$", re.IGNORECASE)
_BESIDE_A_FILE = {"attached", "here", "enclosed", "is", "see", "attachment", "as", "pdf", "new", "version", "my", "the"}
_WORD = re.compile(r"[a-z0-9']+")
_NEW_NAMES = {"mentor", "material", "application"}  # commands whose NAME is not yet known
_LONGEST_NAME = 8  # words of an application's name
_LONGEST_PURPOSE = 4  # words of an application that is not known
_MAY_BE_ASKED = {"status", "help", "plan", "programmes", "history", "export", "ask", "remind", "thank"}
"""Commands that change nothing by themselves: "status?" is one. "received Lopez?" is a question."""


def standing(dossier: Dossier, line: str) -> Item | None:
    """The command that the whole line is, or None."""
    if len(line) > _LONGEST or line.lstrip()[:1] in {">", "|"}:
        return None
    found = commands.find(line)
    return taken(found, line) if found and _fits(dossier, *found) else None


def taken(found: tuple[Command, str], line: str, body: str = "") -> Item:
    """The command that was found, or a doubt where the line only asks about it."""
    command, argument = found[0], "" if found[0].alone else found[1]
    if not line.rstrip().endswith("?") or command.name in _MAY_BE_ASKED or command.name in _NEW_NAMES:
        return Order(command=command, argument=argument, line=line, body=body)
    meant = f"{command.name} {argument}".strip()
    return Doubt(said=line, meanings=(Meaning(label=meant, detail=command.does, line=meant),), body=body)


def names_mentors(command: Command) -> bool:
    """Whether the command takes mentors that are known: "NAME [for APPLICATION]", "[NAME]", "me or NAME"."""
    return "NAME" in command.argument and command.name not in _NEW_NAMES


def are_named(dossier: Dossier, who: str) -> bool:
    """Whether these are names, each of a mentor or with a title: "Lopez and Dr. Stein"."""
    given = people.names_in(dossier, who)
    return bool(given) and all(
        people.find_mentors(dossier, name) or people.nearly_meant(dossier, name) or names.is_titled(name)
        for name in given
    )


def _fits(dossier: Dossier, command: Command, argument: str) -> bool:  # noqa: PLR0911 - one a kind of argument
    kind, words = command.argument, argument.split()
    if command.alone:
        return True
    if names_mentors(command):
        argument = argument[3:] if kind.startswith("[to ") and argument.lower().startswith("to ") else argument
        literal = set(re.findall(r"\b[a-z]{2,}\b", kind)) - {"for", "or"}  # "me or NAME"
        return _fits_mentors(dossier, argument) or argument in literal or (not argument and kind.startswith("["))
    if command.name == "mentor":
        return names.is_titled(argument) or names.is_proper(argument.replace(",", "")) or "@" in argument
    if kind == "NAME":
        return 0 < len(words) <= _LONGEST_NAME and not argument.endswith((".", "!", "?", ","))
    if kind.startswith("APPLICATION"):
        what = argument.partition(":")[0]
        return bool(what.strip()) and people.the_application(dossier, what)[0] is not None
    if kind == "[APPLICATION]":
        return not argument or people.the_application(dossier, argument)[0] is not None
    if kind == "[command]":
        return not argument or commands.named(argument.lower()) is not None
    if not kind:
        return set(_WORD.findall(argument.lower())) <= _BESIDE_A_FILE
    return set(_WORD.findall(argument.lower())) <= set(_WORD.findall(kind.lower()))


def _fits_mentors(dossier: Dossier, argument: str) -> bool:
    if _EVERYONE.match(argument):
        return True
    who, what = people.take_apart(argument)
    plain = all(names.is_proper(name) for name in people.names_in(dossier, who))
    return (are_named(dossier, who) or (plain and bool(who.strip()))) and (
        len(what.split()) <= _LONGEST_PURPOSE or people.the_application(dossier, what)[0] is not None
    )
