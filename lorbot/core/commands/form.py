"""Taking a command's body apart: `key: value` lines in any order, continuation lines, free text last.

Linear in the length of the text; nothing written is lost: a line is a field, free text, or named as not understood.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from difflib import get_close_matches

from lorbot.core.commands.base import MOST_SHOWN, Field, Form
from lorbot.core.courtesy import is_courtesy, is_greeting, without_farewell

_KEYED = re.compile(
    r"^(\s*)((?:[-*•–]|\d{1,2}[.)])\s+)?"  # indentation, and the mark of a list
    r"([*_]{0,2}[^\W\d_][\w .'’/()#&*-]{0,60}?)\s{0,8}"  # the key
    r"(?:(?<!\d)[:=：]|[:=：](?!\d))\s*(.*)$"  # the colon, which is not that of 11:59
)
_LINKISH = re.compile(r"^(?:https?|mailto)$", re.IGNORECASE)
_PUNCTUATION = re.compile(r"[-_*#()'’]+")
_UNBROKEN = 60  # a line shorter than this was ended by its writer, not by a mail program (RFC 3676 section 4.2)
_LONGEST_KEY = 4  # words


class _Reading:
    """What the lines so far have given. One for each form."""

    def __init__(self, fields: Sequence[Field], sender: str) -> None:
        self.fields, self.sender = fields, sender
        self.known = {_norm(word): f for f in fields for word in f.words}
        self.found: dict[str, list[str]] = {}
        self.named: list[tuple[str, str, list[str]]] = []
        self.unknown: list[str] = []
        self.closest: dict[str, str] = {}
        self.free: list[str] = []
        self.current: list[str] | None = None  # the parts of the value that goes on
        self.width = 0  # of the line before

    def take(self, line: str) -> None:
        self._sort(line)
        self.width = len(line)

    def _sort(self, line: str) -> None:
        keyed = _KEYED.match(line) if self.fields else None
        taker, name = self._field_of(keyed[3]) if keyed else (None, "")
        if keyed and _norm(keyed[3]) == "subject" and not self.free:
            return  # the form was sent back whole, with the line that names the command
        if keyed and taker:
            self._begin(taker, name, keyed[4].strip())
        elif keyed and self._is_unknown(keyed):
            self._name(line.strip(), keyed[3])
        elif not line.strip():
            self._pause(line)
        elif self.current is not None and not is_courtesy(line, self.sender):
            self.current.append(line.strip())
        elif self.free or not is_greeting(line):
            self.current = None
            self.free.append(line.rstrip())

    def _begin(self, taker: Field, name: str, given: str) -> None:
        self.current = [given]
        if name:
            self.named.append((taker.name, name, self.current))
            return
        before = self.found.get(taker.name, [])
        if given and given not in before:
            before = [*before, given]
        self.current = self.found[taker.name] = before or [given]

    def _pause(self, line: str) -> None:
        """An empty line ends a value, but not one that has not begun."""
        if self.current is not None and not any(self.current):
            return
        self.current = None
        if self.free:
            self.free.append(line.strip())

    def _name(self, line: str, key: str) -> None:
        self.unknown.append(line)
        self.current = None
        if len(self.unknown) > MOST_SHOWN:
            return
        closest = get_close_matches(_norm(key), self.known, n=1, cutoff=0.7)
        if closest:
            self.closest[line] = self.known[closest[0]].word

    def _is_unknown(self, keyed: re.Match[str]) -> bool:
        """Whether the line has a key of its own, and is no text with a colon in it."""
        if self.free or _LINKISH.match(keyed[3]):
            return False
        if self.current is None:
            return True
        if keyed[1] or keyed[2] or len(keyed[3].split()) > _LONGEST_KEY:
            return False  # indented, or in a list: it belongs to the value above
        return bool(self.current[-1]) and self.width < _UNBROKEN

    def knows(self, key: str) -> bool:
        return self._field_of(key)[0] is not None

    def _field_of(self, key: str) -> tuple[Field | None, str]:
        norm = _norm(key)
        if norm in self.known:
            return self.known[norm], ""
        for taker in (f for f in self.fields if f.takes_name):
            for word in sorted(taker.words, key=len, reverse=True):
                if norm.startswith(_norm(word) + " "):
                    rest = _PUNCTUATION.sub(" ", key).split()[len(_norm(word).split()) :]
                    return taker, " ".join(rest).removeprefix("for ").removeprefix("of ").strip()
        return None, ""


def parse(body: str, fields: Sequence[Field], sender: str = "") -> Form:
    """The fields, the lines that look like fields and are not, and the free text without `sender`'s closing."""
    reading = _Reading(fields, sender)
    for line in body.replace("\r\n", "\n").split("\n"):
        reading.take(line)
    return Form(
        fields={name: _joined(parts) for name, parts in reading.found.items()},
        named=tuple((name, who, _joined(parts)) for name, who, parts in reading.named),
        unknown=tuple(reading.unknown),
        closest=reading.closest,
        free=without_farewell("\n".join(reading.free), sender),
    )


def knows(fields: Sequence[Field]) -> Callable[[str], bool]:
    """Whether a line is `key: value` with a key of these fields."""
    reading = _Reading(fields, "")

    def is_field(line: str) -> bool:
        keyed = _KEYED.match(line) if fields else None
        return keyed is not None and reading.knows(keyed[3])

    return is_field


def with_text(form: Form) -> Form:
    """The form of a command that takes free text: a line with a key of its own ("Great news: I matched") is text."""
    return replace(form, unknown=(), closest={}, free="\n".join(x for x in (*form.unknown, form.free) if x))


def _joined(parts: list[str]) -> str:
    return " ".join(part for part in parts if part)


def _norm(key: str) -> str:
    return " ".join(_PUNCTUATION.sub(" ", key.lower()).split())
