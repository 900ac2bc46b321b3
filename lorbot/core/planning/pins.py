"""The applicant's own decisions in a plan, as mail has them: "pin: Lopez for ERAS 2028 as science", "not: Stein"."""

import re
from dataclasses import replace

from lorbot.core.application import Application, Pin
from lorbot.core.commands import people
from lorbot.core.dossier import Dossier, Mentor
from lorbot.core.letter_types import LetterType, type_in
from lorbot.core.value import Line, value

VERBS = ("pin", "not", "unpin")

_LINE = re.compile(r"^\s*[-*•>]?\s*(pin|not|unpin)\s*[:=]\s*(.+?)\s*$", re.IGNORECASE)
_AS = re.compile(r"\s+as\s+(?:an?\s+|the\s+)?(.+?)(?:\s+letter)?(?=\s+for\s|$)", re.IGNORECASE)


@value
class Pinned:
    """The dossier with what was right, what that was in words, and what was wrong."""

    dossier: Dossier
    done: tuple[Line, ...] = ()
    problems: tuple[Line, ...] = ()
    wrong: tuple[tuple[Line, Line], ...] = ()  # the lines that were not done, each with its verb


def lines_in(text: str) -> list[tuple[str, str]]:
    """What is pinned, each with its verb; several stand on lines of their own, or between semicolons."""
    found = (_LINE.match(line) for line in text.split("\n"))
    return [
        (match[1].lower(), part.strip()) for match in found if match for part in match[2].split(";") if part.strip()
    ]


def applied(dossier: Dossier, lines: list[tuple[str, str]], here: Application | None) -> Pinned:
    """Each line done, in its order. `here` is the application where a line names none."""
    done: list[str] = []
    problems: list[str] = []
    wrong: list[tuple[str, str]] = []
    for verb, given in lines:
        dossier, says, why_not = _one(dossier, verb, given, here)
        done += says
        problems += why_not
        wrong += [(verb, given)] if why_not else []
    return Pinned(dossier=dossier, done=tuple(done), problems=tuple(problems), wrong=tuple(wrong))


def _one(dossier: Dossier, verb: str, given: str, here: Application | None) -> tuple[Dossier, list[str], list[str]]:
    found_type = _AS.search(given)
    as_type = type_in(found_type[1]) if found_type else None
    if found_type and as_type is None:
        named = ", ".join(kind.value for kind in LetterType)
        return dossier, [], [f"{verb}: “{found_type[1]}” is no type of letter that I know; there are: {named}"]
    argument = _AS.sub("", given, count=1)
    meant = people.meant(dossier, argument)
    if meant.problems:
        return dossier, [], [f"{verb}: {problem}" for problem in meant.problems]
    applications, problem = _applications(dossier, verb, meant.application or here)
    if problem:
        return dossier, [], [f"{verb}: {problem}"]
    done = []
    for application in applications:
        for mentor in meant.mentors:
            dossier, says = _set(dossier, verb, mentor, application, as_type.value if as_type else "")
            done += [says] if says else []
    none = f"unpin: nothing is pinned for {' and '.join(m.name for m in meant.mentors)}"
    return dossier, done, [] if done else [none]


def _applications(dossier: Dossier, verb: str, named: Application | None) -> tuple[tuple[Application, ...], str]:
    if named is not None:
        return (named,), ""
    if verb == "unpin":
        return dossier.applications, ""
    application, problem = people.the_application(dossier, "")
    return (application,) if application else (), problem


def _set(dossier: Dossier, verb: str, mentor: Mentor, application: Application, as_type: str) -> tuple[Dossier, str]:
    before = dossier.application(application.id)
    kept = tuple(p for p in before.pins if p.mentor != mentor.id)
    if verb == "unpin":
        says = f"{mentor.name} for {before.name} is left to the plan again" if len(kept) < len(before.pins) else ""
        return dossier.with_application(replace(before, pins=kept)), says
    pin = Pin(mentor=mentor.id, writes=verb == "pin", as_type=as_type if verb == "pin" else "")
    as_what = f" (as {as_type})" if pin.as_type else ""
    says = f"{mentor.name} {'writes' if pin.writes else 'does not write'} for {before.name}{as_what}"
    return dossier.with_application(replace(before, pins=(*kept, pin))), says
