"""A mail that somebody passes on: what the writer says above it, and whose mail it is by the head that was copied.

Gmail, Outlook and Apple Mail copy the head as text, in the language of their user; nothing in it is proved.
Time is proportional to the text.
"""

import re

from lorbot.core.message import Address, Forwarded
from lorbot.core.value import value
from lorbot.mail.attribution import unquoted
from lorbot.mail.separators import field_of, is_from, is_original, is_rule

_HEAD_LINES = 12
_SUBJECTS = frozenset(
    (
        "subject",
        "betreff",
        "objet",
        "asunto",
        "assunto",
        "oggetto",
        "onderwerp",
        "ämne",
        "emne",
        "aihe",
        "temat",
        "тема",
    )
)
_MAILTO = re.compile(r"[\[<(]mailto:([^\]>)\s]{3,254})[\]>)]", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>\[\]();,:\"']{1,64}@[^\s<>\[\]();,:\"']{1,190}")


@value
class PassedOn:
    """A text taken apart: what stands above the forwarded mail, and that mail."""

    above: str
    mail: Forwarded


def passed_on(text: str) -> PassedOn | None:
    """The first mail that is passed on in `text`; None where there is none whose sender can be read."""
    lines = text.replace("\r\n", "\n").split("\n")
    for at, line in enumerate(lines):
        if not is_from(line):
            continue
        head = _head(lines, at)
        sender = _sender(line)
        if len(head) < 2 or sender is None:
            continue
        subject = next((_after_colon(h) for h in head if field_of(h) in _SUBJECTS), "")
        body = "\n".join(_unmarked(x) for x in lines[at + len(head) :]).strip("\n")
        return PassedOn(above=_above(lines[:at]), mail=Forwarded(sender=sender, subject=subject, text=body))
    return None


def _unmarked(line: str) -> str:
    return line.lstrip("> \t") if line.lstrip()[:1] == ">" else line


def _head(lines: list[str], at: int) -> list[str]:
    """The lines of the copied head, from "From:" on."""
    head = []
    for line in lines[at : at + _HEAD_LINES]:
        if not unquoted(line).strip() or (not field_of(line) and "@" not in line):
            break
        head.append(line)
    return head if sum(bool(field_of(line)) for line in head) > 1 else []


def _above(lines: list[str]) -> str:
    """The writer's own lines: without the rule or the title that a program puts over the copied head."""
    kept = list(lines)
    while kept and (not kept[-1].strip(" >\t") or is_rule(kept[-1]) or is_original(unquoted(kept[-1]))
                    or field_of(kept[-1])):  # fmt: skip
        kept.pop()
    return "\n".join(kept)


def _sender(line: str) -> Address | None:
    """The name and the address of a "From:" line; a name may hold a comma here, as Outlook writes it."""
    given = _MAILTO.sub(r"<\1>", _after_colon(line).replace("*", ""))
    found = list(_ADDRESS.finditer(given))
    if not found:
        return None
    name = given[: found[0].start()].strip(" <([\"'")
    return Address(email=found[0][0].lower().rstrip("."), name=name)


def _after_colon(line: str) -> str:
    return re.split(r"[:：]", unquoted(line), maxsplit=1)[-1].strip(" *")
