"""A command that waits because it could mean several things, until the applicant has said which.

Invariant: nothing of it has been done. What it means in the end is a line that is a command by itself.
"""

from lorbot.core.message import Incoming
from lorbot.core.value import Line, Moment, Text, value


@value
class Meaning:
    """One of the things that may be meant."""

    label: Line  # as the question lists it: "Dr. Elena Lopez"
    detail: Line = ""  # what tells it from the others: "clinical, lopez@hospital.example"
    line: Line  # the command with nothing left open: "ask lopez@hospital.example for ERAS 2028"


@value
class OpenCommand:
    id: Line  # equals the key of the mail that asks
    said: Line  # what is not clear, as it was written
    incoming: Incoming  # the mail of the command, with its files
    body: Text  # what belongs to the command: fields and text
    meanings: tuple[Meaning, ...]
    asked_at: Moment
