"""Measures a reader against labelled replies: how often it is right, and above all when it would act wrongly.

Invariant: an act is right when the labels hold the very thing acted on, a yes to the first ask without a signal that
needs the applicant, or a report of submission; everything else counts as wrong.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from lorbot.core.reading import Kind, Reading, Signal, Stage, Stance
from lorbot.core.value import Line, value
from lorbot.reading.acting import ANSWERED_FROM_DOSSIER
from lorbot.reading.reader import Reader, Said


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
    """Labelled replies, one JSON object a line: {"id", "stage", "body", "stance", "signals"}."""
    for line in lines:
        given = json.loads(line)
        yield Labelled(
            id=given["id"],
            said=Said(words=given["body"], stage=Stage(given["stage"]), written_on=written_on),
            stance=Stance(given["stance"]),
            signals=frozenset(map(Signal, given["signals"])),
        )


def measure(reader: Reader, replies: Iterable[Labelled]) -> Score:
    """How `reader` does on `replies`."""
    read = [(reply, reader.read(reply.said)) for reply in replies]
    plain = [reading for reply, reading in read if reply.is_plain_yes]
    return Score(
        replies=len(read),
        stances_right=sum(reply.stance is reading.stance for reply, reading in read),
        signals_right=sum(len(reply.signals & reading.signals) for reply, reading in read),
        signals_extra=sum(len(reading.signals - reply.signals) for reply, reading in read),
        signals_missed=sum(len(reply.signals - reading.signals) for reply, reading in read),
        plain_yes=len(plain),
        plain_yes_acted_on=sum(reading.acts for reading in plain),
        wrong_acts=tuple(reply.id for reply, reading in read if reading.acts and not _right_act(reply, reading)),
    )


def _right_act(reply: Labelled, reading: Reading) -> bool:
    if reading.kind is not Kind.HUMAN:
        return reply.stance is Stance.NONE
    if reading.stance is Stance.YES:
        return reply.is_plain_yes
    return Signal.SUBMITTED in reply.signals and reply.stance is Stance.NONE
