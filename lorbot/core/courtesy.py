"""Greetings, thanks, closings and names around an answer: what is polite and says nothing.

Closed lists, not patterns: "Thanks, Nadia" says nothing, "thanks, but change the date" does.
"""

import re
from itertools import dropwhile

_GREETINGS = {"hi", "hello", "hey", "dear", "good morning", "good afternoon", "good evening"}
_ADDRESSED = {"", "lorbot", "there", "all", "team", "assistant"}
_CLOSINGS = {
    "thanks", "thank you", "many thanks", "thx", "ty", "thanks a lot", "thanks again", "thanks so much",
    "thank you so much", "thank you very much", "thanks very much", "thanks in advance", "thank you in advance",
    "thank you again", "best", "best wishes", "best regards", "kind regards", "kindest regards", "warm regards",
    "warm wishes", "warmly", "all best", "all the best", "regards", "with best regards", "with kind regards",
    "sincerely", "yours", "yours sincerely", "sincerely yours", "yours truly", "respectfully", "cheers", "take care",
    "have a good day", "have a nice day", "have a great day", "have a good weekend", "have a nice weekend",
    "have a great weekend", "thanks and best", "thanks and best regards", "thank you and best regards", "talk soon",
}  # fmt: skip
_YES = ("yes", "y", "true", "often", "daily", "weekly")
_DEVICE = re.compile(r"^(?:sent (?:from|via|with|using) .{1,50}|get outlook for .{1,20})$")
_PUNCTUATION = re.compile(r"[.!,;:\"“”()*_]+")
_POLITE = re.compile(r"\b(?:please|kindly|thank you|thanks|thx|lorbot)\b")


def plain(line: str) -> str:
    """A line in lower case without punctuation and quote marks; apostrophes stay."""
    return " ".join(_PUNCTUATION.sub(" ", line.lower().replace("’", "'")).split())


def bluntly(line: str) -> str:
    """`plain`, without "please" and its kin."""
    return " ".join(_POLITE.sub(" ", plain(line)).split())


def says_yes(given: str) -> bool:
    """Whether a line says yes, in whatever words follow: "yes, every week"."""
    return plain(given).split(" ", 1)[0] in _YES


def content(text: str, sender: str = "") -> list[str]:
    """The lines that say something: no greeting on top, no courtesies, no name and signature of the sender's.

    `sender` is the sender's name; further lines of it are a signature's.
    """
    return [line.strip() for line in ungreeted(text) if not is_courtesy(line, sender)]


def ungreeted(text: str) -> list[str]:
    """The lines of a text from the first one on that is neither empty nor a greeting to the program."""
    return list(dropwhile(lambda line: not line.strip() or is_greeting(line), text.split("\n")))


def is_greeting(line: str) -> bool:
    """Whether a line greets the program and says nothing else: "Hi lorbot,"."""
    words = plain(line)
    return any(words.removeprefix(g).strip() in _ADDRESSED for g in _GREETINGS if words.startswith(g))


def is_courtesy(line: str, sender: str = "") -> bool:
    """Whether a line is thanks, a closing, a device's line, or the sender's name or signature."""
    words = plain(line.strip().lstrip("-–—~ "))
    if not words or words in _CLOSINGS or _DEVICE.match(words):
        return True
    signed = {plain(part) for part in sender.split("\n")}
    names = {*signed, *plain(sender.partition("\n")[0]).split()}
    return words in names or any(words.removesuffix(f" {name}") in _CLOSINGS for name in (*names, "lorbot"))


def without_farewell(text: str, sender: str = "") -> str:
    """A text without the greeting to the program above it and the closing and name below it."""
    lines = ungreeted(text)
    while lines and is_courtesy(lines[-1], sender):
        lines.pop()
    return "\n".join(lines)
