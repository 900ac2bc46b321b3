"""What the applicant wants done, as values: an order that is clear, or a doubt that has to be asked about."""

from dataclasses import field

from lorbot.core.commands.base import Command
from lorbot.core.open_command import Meaning
from lorbot.core.value import Line, Text, value


@value
class Order:
    """A command as it stands in a mail."""

    command: Command
    argument: Line
    line: Line  # the whole line, as written
    body: Text = ""  # the lines that belong to it
    taken_as: Line = ""  # the command that a sentence was taken for; "" where the line is the command itself


@value
class Doubt:
    """Something that may mean one thing or another, or perhaps nothing."""

    said: Line
    meanings: tuple[Meaning, ...]
    body: Text = ""


Item = Order | Doubt


@value
class Orders:
    """All that one mail asks for, in its order; `left` are sentences in which nothing was found."""

    items: tuple[Item, ...] = field(default=())
    left: tuple[Line, ...] = field(default=())
