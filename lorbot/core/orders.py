"""What one mail asks for: its commands one after the other, each with the lines that belong to it.

A command stands in the subject, in the first line, or on a line of its own after an empty line or another command; or
it is a whole sentence of the table of sentences. A line of a value, of free text or of a quotation is none.
"""

import re
from dataclasses import replace

from lorbot.core import commands, wishes
from lorbot.core.commands import form, people
from lorbot.core.courtesy import is_courtesy, is_greeting, ungreeted
from lorbot.core.dossier import Dossier
from lorbot.core.names import family_name
from lorbot.core.order import Doubt, Item, Order, Orders
from lorbot.core.standing import names_mentors, standing, taken

_UNBROKEN = 60  # a line shorter than this was ended by its writer, not by a mail program
_MOST_ALIKE = 20  # commands for one thing that are compared
_COLON = re.compile(r"^[^:]{1,40}:")
_WITH_FORM = {"mentor", "application"}


class _Block:
    """A command with the lines below it; without one, the text above the first."""

    def __init__(self, head: tuple[Item, ...], indented: int) -> None:
        self.head, self.lines, self.indented = head, list[str](), indented
        self.is_field = form.knows(self.last.command.fields if self.last else ())

    @property
    def last(self) -> Order | None:
        return self.head[-1] if self.head and isinstance(self.head[-1], Order) else None


def in_mail(dossier: Dossier, subject: str, words: str, sender: str) -> Orders:
    """The commands of a mail; `subject` is "" where it is none of this mail's. Where nothing is clear, a first line
    that only begins like a command is taken for one: what is wrong with it can be said.
    """
    found = _in_blocks(dossier, in_line(dossier, subject) if subject else (), words, sender)
    return found if found.items else in_first_line(dossier, words)


def in_first_line(dossier: Dossier, words: str) -> Orders:
    """What the first line of a text begins like, with the rest as its body."""
    lines = ungreeted(words)
    return Orders(items=in_line(dossier, lines[0].strip(), "\n".join(lines[1:])) if lines else ())


def in_text(dossier: Dossier, words: str, sender: str) -> Orders:
    """The commands of a text that are clear: lines that are nothing else, and sentences of the table."""
    return _in_blocks(dossier, (), words, sender)


def _in_blocks(dossier: Dossier, head: tuple[Item, ...], words: str, sender: str) -> Orders:
    items: list[Item] = []
    left: list[str] = []
    for block in _blocks(dossier, head, words.split("\n")):
        found, rest = _in_block(dossier, block, sender)
        items += found
        left += rest
    return Orders(items=_once(dossier, items), left=tuple(left) if items else ())


def in_line(dossier: Dossier, line: str, body: str = "") -> tuple[Item, ...]:
    """What a subject or a first line asks for: a command by itself, a sentence, or what only begins like a command."""
    if is_courtesy(line):
        return ()
    found = standing(dossier, line)
    wished = (found,) if found else wishes.in_sentence(dossier, line)
    if wished:
        return (*wished[:-1], replace(wished[-1], body=body))
    begun = commands.find(line)
    return (taken(begun, line, body),) if begun else ()


def _blocks(dossier: Dossier, head: tuple[Item, ...], lines: list[str]) -> list[_Block]:
    first = next((line for line in lines if line.strip()), "")
    blocks = [_Block(head, _indented(first))]  # HTML may come out indented as a whole
    above = "start"
    for number, line in enumerate(lines):
        below = next((x for x in lines[number + 1 : number + 3] if x.strip()), "")
        found = _begun(dossier, blocks[-1], line, above, below)
        if found is not None:
            blocks.append(_Block((found,), blocks[0].indented))
            above = "command"
            continue
        blocks[-1].lines.append(line)
        if not line.strip():
            above = "start" if above == "start" else "blank"
        elif above != "start" or not is_greeting(line):
            is_field = len(line) < _UNBROKEN and blocks[-1].is_field(line)
            above = "field" if is_field and not line.rstrip().endswith(":") else "text"
    return blocks


def _begun(dossier: Dossier, block: _Block, line: str, above: str, below: str) -> Item | None:
    """The command that begins with this line, or None: a line of a value or of free text begins none."""
    if above == "text" or not line.strip() or _indented(line) > block.indented:
        return None
    last = block.last
    if block.is_field(line):
        return None
    found = standing(dossier, line)
    if isinstance(found, Order) and last is not None and _is_said_again(found, last, line):
        return None
    if above == "start" and not block.head:
        return found or _told(dossier, line)
    stands = isinstance(found, Order) and _may_follow(found, last, line, above, below)
    return found if stands else None


def _is_said_again(found: Order, head: Order, line: str) -> bool:
    """Whether a sentence below a command says the same as it: "cv", and then "My CV is attached."."""
    same = found.command.name == head.command.name and (not found.command.argument or found.argument == head.argument)
    return same and line.rstrip().endswith(".")


def _indented(line: str) -> int:
    return len(line) - len(line.lstrip())


def _may_follow(found: Order, last: Order | None, line: str, above: str, below: str) -> bool:
    """Whether a line below others is a command rather than a part of what stands above it."""
    command = found.command
    if above == "field" and command.name not in _WITH_FORM:
        return False
    if _COLON.match(line) and not line.lower().startswith("subject"):
        begins_form = command.name in _WITH_FORM and form.knows(command.fields)(below)
        return begins_form or (names_mentors(command) and bool(found.argument))
    if last is not None and last.command.free_text:  # there only in its own name, since all else may be text
        return line.strip().lower().startswith((command.name, f"subject: {command.name}", "please"))
    return True


def _told(dossier: Dossier, line: str) -> Item | None:
    """A first line with the news or the story below it: "I matched!!", "Please send my mentors an update:"."""
    wished = wishes.in_sentence(dossier, line.rstrip(" :"))
    if len(wished) != 1 or not isinstance(wished[0], Order):
        return None
    command, argument = wished[0].command, wished[0].argument
    return wished[0] if command.free_text and not (names_mentors(command) and argument) else None


def _in_block(dossier: Dossier, block: _Block, sender: str) -> tuple[list[Item], list[str]]:
    """The commands of one block, and what was found to be none."""
    body = "\n".join(block.lines)
    if not block.head:
        found, left = wishes.in_prose(dossier, body, sender)
        return list(found), list(left)
    last = block.last
    if last is None or last.command.free_text:
        found, _ = wishes.in_prose(dossier, body, sender) if last is not None and last.taken_as else ((), ())
        found = tuple(item for item in found if not _repeats(item, last))
        return [*block.head[:-1], replace(block.head[-1], body="" if found else body), *found], []
    text = form.parse(body, last.command.fields, sender).free
    found, left = wishes.in_prose(dossier, text, sender)
    known = {family_name(m.name).casefold() for m in dossier.mentors} if left else set()
    told = [x for x in left if any(name in x.casefold() for name in known)]
    if last.command.borrows_form:
        told = [x for x in told if not _COLON.match(x)]
    return [*block.head[:-1], replace(block.head[-1], body=body), *found], told


def _repeats(item: Item, head: Order | None) -> bool:
    return isinstance(item, Order) and head is not None and item.command.name == head.command.name


def _once(dossier: Dossier, items: list[Item]) -> tuple[Item, ...]:
    """Each command once: what repeats another and adds nothing to it is left out."""
    kept: dict[tuple[str, ...], list[Item]] = {}
    for item in items:
        same = kept.setdefault(_key(dossier, item), [])
        if not same or (item.body.strip() and not same[0].body.strip()):
            same[:1] = [item]
        elif item.body.strip() and all(item.body.strip() != other.body.strip() for other in same[-_MOST_ALIKE:]):
            same.append(item)
    places = {id(item): place for place, item in enumerate(items)}
    return tuple(sorted((item for same in kept.values() for item in same), key=lambda item: places[id(item)]))


def _key(dossier: Dossier, item: Item) -> tuple[str, ...]:
    if isinstance(item, Doubt):
        return ("?", *sorted(m.line for m in item.meanings))
    if not names_mentors(item.command):
        return (item.command.name, item.argument.casefold())
    meant = people.meant(dossier, item.argument)
    if meant.problems:
        return (item.command.name, item.argument.casefold())
    return (item.command.name, *sorted(m.id for m in meant.mentors), meant.application.id if meant.application else "")
