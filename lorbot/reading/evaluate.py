"""Measures a reader against labelled replies: how often it is right, and above all when it would act wrongly.

Invariant: an act is right when the labels hold the very thing acted on, a yes to the first ask without a signal that
needs the applicant, or a report of submission; everything else counts as wrong.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lorbot.core.reading import Kind, Reading, Signal, Stage, Stance
from lorbot.core.value import Line, value
from lorbot.errors import LorbotError
from lorbot.reading.acting import ANSWERED_FROM_DOSSIER
from lorbot.reading.reader import Reader, Said

_EXAMPLE = '{"id": "1", "stage": "asked", "body": "...", "stance": "yes", "signals": ["meet"]}'


class LabelsUnreadableError(LorbotError):
    """A line of a JSONL file that holds no labelled reply."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(f"line {number}: {why}; each line must be like {_EXAMPLE}")


class NoLabelsError(LorbotError):
    """A file without a single labelled reply."""

    def __init__(self) -> None:
        super().__init__(f"there is no labelled reply to measure on; each line must be like {_EXAMPLE}")


@value
class Labelled:
    """A reply with what a careful person noted down."""

    id: Line
    said: Said
    stance: Stance
    signals: frozenset[Signal]

    @property
    def is_plain_yes(self) -> bool:
        """A yes to the first ask that needs nothing from the applicant."""
        return (
            self.said.stage is Stage.ASKED
            and self.stance is Stance.YES
            and self.signals.isdisjoint(frozenset(Signal) - ANSWERED_FROM_DOSSIER)
        )

    @property
    def is_plain_report(self) -> bool:
        """A report, once a letter was agreed on, that it is in; and nothing else."""
        return self.said.stage is not Stage.ASKED and self.stance is Stance.NONE and self.signals == {Signal.SUBMITTED}


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """A labelled reply beside what a reader made of it."""

    reply: Labelled
    reading: Reading

    @property
    def stance_is_right(self) -> bool:
        return self.reply.stance is self.reading.stance

    @property
    def is_wrong_act(self) -> bool:
        return self.reading.acts and not _right_act(self.reply, self.reading)


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """How a reader did on a set of replies."""

    replies: int
    stances_right: int
    signals_right: int
    signals_extra: int
    signals_missed: int
    plain_yes: int
    plain_yes_acted_on: int
    wrong_acts: tuple[str, ...]  # ids

    @property
    def stance_accuracy(self) -> float:
        return self.stances_right / self.replies if self.replies else 0.0

    @property
    def signals_f1(self) -> float:
        """The micro-averaged F1 over all signals."""
        counted = 2 * self.signals_right + self.signals_extra + self.signals_missed
        return 2 * self.signals_right / counted if counted else 1.0


def labelled_lines(lines: Iterable[str], written_on: date) -> Iterator[Labelled]:
    """Labelled replies, one JSON object a line: {"id", "stage", "body", "stance", "signals"}.

    Raises LabelsUnreadableError at a line that is none.
    """
    for found in _each_line(lines, written_on):
        if isinstance(found, LabelsUnreadableError):
            raise found
        yield found


def readable_lines(
    lines: Iterable[str], written_on: date
) -> tuple[tuple[Labelled, ...], tuple[LabelsUnreadableError, ...]]:
    """The labelled replies, and what is wrong with each line that is none."""
    found = tuple(_each_line(lines, written_on))
    replies = tuple(each for each in found if isinstance(each, Labelled))
    return replies, tuple(each for each in found if isinstance(each, LabelsUnreadableError))


def read_all(reader: Reader, replies: Iterable[Labelled]) -> tuple[Compared, ...]:
    """Every reply beside what `reader` makes of it."""
    return tuple(Compared(reply=reply, reading=reader.read(reply.said)) for reply in replies)


def measure(reader: Reader, replies: Iterable[Labelled]) -> Score:
    """How `reader` does on `replies`."""
    return score(read_all(reader, replies))


def score(read: Iterable[Compared]) -> Score:
    """The figures of replies that were read."""
    read = tuple(read)
    signals = [(each.reply.signals, each.reading.signals) for each in read]
    plain = [each.reading for each in read if each.reply.is_plain_yes]
    return Score(
        replies=len(read),
        stances_right=sum(each.stance_is_right for each in read),
        signals_right=sum(len(labelled & found) for labelled, found in signals),
        signals_extra=sum(len(found - labelled) for labelled, found in signals),
        signals_missed=sum(len(labelled - found) for labelled, found in signals),
        plain_yes=len(plain),
        plain_yes_acted_on=sum(reading.acts for reading in plain),
        wrong_acts=tuple(each.reply.id for each in read if each.is_wrong_act),
    )


def _each_line(lines: Iterable[str], written_on: date) -> Iterator[Labelled | LabelsUnreadableError]:
    """What stands in each line that is not blank: a labelled reply, or what is wrong with it."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _labelled(number, line, written_on)


def _labelled(number: int, line: str, written_on: date) -> Labelled | LabelsUnreadableError:
    try:
        line.encode()
    except UnicodeEncodeError:  # a byte that is none, read as half a surrogate pair (PEP 383)
        return LabelsUnreadableError(number, "it is not UTF-8")
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        return LabelsUnreadableError(number, "it is no JSON")
    if not isinstance(given, dict):
        return LabelsUnreadableError(number, "it is no JSON object")
    if wrong := next(_wrong(given), ""):
        return LabelsUnreadableError(number, wrong)
    return Labelled(
        id=given["id"],
        said=Said(words=given["body"], stage=Stage(given["stage"]), written_on=written_on),
        stance=Stance(given["stance"]),
        signals=frozenset(map(Signal, given["signals"])),
    )


def _wrong(given: Mapping[str, Any]) -> Iterator[str]:
    for key in ("id", "stage", "body", "stance"):
        if not isinstance(given.get(key), str):
            yield f'"{key}" is missing or no text'
    for key, known in (("stage", Stage), ("stance", Stance)):
        if given.get(key) not in list(known):
            yield f'"{key}" must be one of {", ".join(known)}'
    signals = given.get("signals")
    if not isinstance(signals, list):
        yield '"signals" is missing or no list'
    elif any(signal not in list(Signal) for signal in signals):
        yield f'"signals" may hold {", ".join(Signal)}'


def _right_act(reply: Labelled, reading: Reading) -> bool:
    if reading.kind is not Kind.HUMAN:
        return reply.stance is Stance.NONE
    if reading.stance is Stance.YES:
        return reply.is_plain_yes
    return Signal.SUBMITTED in reply.signals and reply.stance is Stance.NONE
