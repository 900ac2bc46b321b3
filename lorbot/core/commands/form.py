"""Taking a command's body apart: `key: value` lines in any order, continuation lines, free text last.

Linear in the length of the text; nothing written is lost: a line is a field, free text, or named as not understood.
"""

import re
from collections.abc import Sequence

from lorbot.core.commands.base import Field, Form

_KEYED = re.compile(r"^\s*(?:[-*•]\s*)?([A-Za-z][A-Za-z' /-]{0,60}?)\s*[:=]\s*(.*)$")
_GREETING = re.compile(r"^(?:hi|hello|dear|hey)\b.{0,40}[,!]?$", re.IGNORECASE)
_CLOSING = re.compile(r"^(?:thanks|thank you|best|cheers|many thanks|regards)\b.{0,30}$", re.IGNORECASE)
_LINKISH = re.compile(r"^(?:https?|mailto)$", re.IGNORECASE)


def parse(body: str, fields: Sequence[Field]) -> Form:
    """The fields, the lines that look like fields and are not, and the free text."""
    known = {_norm(word): f for f in fields for word in f.words}
    found: dict[str, list[str]] = {}
    named: list[tuple[str, str, list[str]]] = []
    unknown: list[str] = []
    free: list[str] = []
    current: list[str] | None = None
    for line in _lines(body):
        keyed = _KEYED.match(line)
        taker, name = _field_of(keyed[1], known, fields) if keyed else (None, "")
        if keyed and taker:
            current = [keyed[2].strip()]
            if name:
                named.append((taker.name, name, current))
            else:
                found[taker.name] = current
        elif keyed and fields and not _LINKISH.match(keyed[1]) and current is None and not free:
            unknown.append(line.strip())
        elif not line.strip():
            current = None
        elif current is not None:
            current.append(line.strip())
        else:
            free.append(line.rstrip())
    return Form(
        fields={name: " ".join(part for part in parts if part) for name, parts in found.items()},
        named=tuple((name, who, " ".join(parts)) for name, who, parts in named),
        unknown=tuple(unknown),
        free=_trimmed(free),
    )


def _lines(body: str) -> list[str]:
    return body.replace("\r\n", "\n").split("\n")


def _field_of(key: str, known: dict[str, Field], fields: Sequence[Field]) -> tuple[Field | None, str]:
    norm = _norm(key)
    if norm in known:
        return known[norm], ""
    for taker in (f for f in fields if f.takes_name):
        for word in taker.words:
            if norm.startswith(_norm(word) + " "):
                rest = key.strip()[len(word) :].strip()
                return taker, rest.removeprefix("for ").strip()
    return None, ""


def _norm(key: str) -> str:
    return " ".join(key.lower().replace("-", " ").replace("_", " ").split())


def _trimmed(free: list[str]) -> str:
    """Free text without a greeting to lorbot and a closing."""
    lines = [line for line in free if line.strip()]
    while lines and _GREETING.match(lines[0].strip()) and "lorbot" in lines[0].lower():
        lines = lines[1:]
    while lines and _CLOSING.match(lines[-1].strip()):
        lines = lines[:-1]
    return "\n".join(lines).strip()
