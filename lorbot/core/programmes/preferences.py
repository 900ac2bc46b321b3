"""What the applicant cares about, taken from lines and from rows of the table: weights, preferences, own numbers.

What is not understood is named, and the rest is kept.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from lorbot.core import sheets
from lorbot.core.application import Application
from lorbot.core.programmes import columns, scales
from lorbot.core.programmes.cells import is_emptied
from lorbot.core.programmes.columns import Column
from lorbot.core.value import Line, value

T = TypeVar("T")

MOST_WEIGHT = 100
_MOST = 60  # columns of a table
_WEIGHT = re.compile(r"[-+−–]?\d{1,3}(?:\.\d{1,3})?")
_PAIR = re.compile(r"(.+?)\s*[:=]?\s*(?<![\d.])([-+−–]?\d{1,3}(?:\.\d{1,3})?)")
_ANYTHING = {"any", "anything", "no preference", "all"}


@value
class Told:
    """The application with what was told, and what was not understood, in words."""

    application: Application
    problems: tuple[Line, ...] = ()


def weighed(application: Application, said: Iterable[tuple[str, str]], known: tuple[Column, ...]) -> Told:
    """`said` are columns with their weights: from 0, which takes one out, to 100; below 0 less is better."""
    weights, problems = dict(application.weights), []
    for what, given in said:
        column = _column(what, known)
        number = given.strip().replace("−", "-").replace("–", "-")
        if isinstance(column, str):
            problems.append(f"weight {what}: {column}")
        elif not _WEIGHT.fullmatch(number) or abs(float(number)) > MOST_WEIGHT:
            problems.append(f"weight {what}: “{given}” is not a number from -{MOST_WEIGHT} to {MOST_WEIGHT}")
        else:
            weights[column.key] = float(number)
    return _checked(replace(application, weights=_at_most(weights, problems)), problems)


def preferred(application: Application, said: Iterable[tuple[str, str]], known: tuple[Column, ...]) -> Told:
    """`said` are columns with what is liked best there; "any" or "-" takes a preference back."""
    preferences, problems = dict(application.preferences), []
    for what, given in said:
        column = _column(what, known)
        if isinstance(column, str):
            problems.append(f"prefer {what}: {column}")
        elif is_emptied(given) or given.lower() in _ANYTHING:
            preferences.pop(column.key, None)
        elif column.key in {"letters", "deadline"}:
            problems.append(f"prefer {what}: it has no values to choose from; it can only have a weight")
        elif given.strip():
            preferences[column.key] = given
    return _checked(replace(application, preferences=_at_most(preferences, problems)), problems)


def owned(application: Application, said: Iterable[tuple[str, str]], known: tuple[Column, ...]) -> Told:
    """`said` are the applicant's own numbers, to be compared with a column of what programmes want at least."""
    own, problems = dict(application.own), []
    for what, given in said:
        key = sheets.norm(what)
        key = columns.compared_with(key) or key
        if is_emptied(given):
            own.pop(key, None)
        elif key and given.strip():
            own[key] = given
            if known[len(columns.CRITERIA) :] and key not in {columns.compared_with(c.key) for c in known}:
                problems.append(
                    f"my {what}: your table has no column “minimum {what}” to compare it with. To say what you like in "
                    f"a program, write: prefer {what}: {given}"
                )
    return Told(application=replace(application, own=_at_most(own, problems)), problems=tuple(problems))


def settled(application: Application, known: tuple[Column, ...]) -> Application:
    """What was told before the table came, under the headings that it has: "distance" for "Distance from home"."""
    keys = {c.key for c in known}
    told = {*application.weights, *application.preferences} - keys
    named = {key: found[0].key for key in sorted(told) if len(found := columns.meant(key, known)) == 1}
    return replace(
        application,
        weights=_renamed(application.weights, named), preferences=_renamed(application.preferences, named),
    )  # fmt: skip


def pairs_in(words: str) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """The columns and weights of "research 5, city 2, distance -1", and what in it is none."""
    found: list[tuple[str, str]] = []
    unclear: list[str] = []
    for part in (p.strip() for p in re.split(r"[,;]", words)):
        pair = _PAIR.fullmatch(part[:200])
        if pair:
            found.append((pair[1], pair[2]))
        elif part:
            unclear.append(part)
    return tuple(found), tuple(unclear)


def _column(said: str, known: tuple[Column, ...]) -> Column | str:
    """The column that is meant. Before any table came, whatever is named."""
    found = columns.meant(said, known)
    if columns.is_unweighed(said):
        return "it cannot be weighed"
    if len(found) == 1:
        return found[0]
    if found:
        return f"it could be {' or '.join(f'“{c.heading}”' for c in found)}; write the whole heading"
    if known[len(columns.CRITERIA) :] or not sheets.norm(said):
        listed = ", ".join(f"“{c.heading}”" for c in known[:20])
        return f"your table has no such column to weigh; there are: {listed}"
    return Column(key=sheets.norm(said), heading=said)


def _renamed(kept: dict[str, T], named: dict[str, str]) -> dict[str, T]:
    """What was told under another name; what stands under the new one already counts."""
    return {named[key]: given for key, given in kept.items() if key in named} | {
        key: given for key, given in kept.items() if key not in named
    }


def _checked(application: Application, problems: list[str]) -> Told:
    """Without what contradicts itself: a preference for the high, and a weight that says less is better."""
    for key, liked in application.preferences.items():
        if liked.lower() in scales.HIGH and application.weights.get(key, 0) < 0:
            less = f"{key}: its weight is below 0, which means the less, the better, and you prefer “{liked}”"
            problems.append(f"{less}; I go by what you prefer")
    return Told(application=application, problems=tuple(problems))


def _at_most(kept: dict[str, T], problems: list[str]) -> dict[str, T]:
    if len(kept) <= _MOST:
        return kept
    problems.append(f"more than {_MOST} columns were named; I keep the first {_MOST}")
    return dict(list(kept.items())[:_MOST])
