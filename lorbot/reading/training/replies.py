"""The labelled replies to learn from, and which of them must stay together.

Invariants: files are read in the order of their names; a reply's author is its file, so that leaving a file out shows
how the reader does with an author it never saw; neighbours of a file stay on one side of every other split, since
pairs that differ in a few words stand next to each other.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from lorbot.core.reading import Signal, Stage, Stance
from lorbot.reading.evaluate import Labelled, labelled_lines
from lorbot.reading.features import Look, look
from lorbot.reading.reader import RuleReader
from lorbot.reading.training.solver import SIGNALS, STANCES, Floats

WRITTEN_ON = date(2026, 9, 1)  # no label depends on it
NEIGHBOURS = 20  # replies of a file that are kept together
FOLDS = 5
KNOWN_TO_THE_RULES = frozenset({"a", "d", "g", "h"})  # the files that the rules were written from
SHOWN = 3  # of the replies in those files, one in so many is learnt with what the rules made of it


@dataclass(frozen=True, slots=True)
class Examples:
    """Labelled replies with their features, and the file and the fold of each."""

    replies: tuple[Labelled, ...]
    looks: tuple[Look, ...]
    files: tuple[str, ...]
    folds: tuple[str, ...]
    digests: dict[str, str]  # file name to SHA-256

    def lessons(self) -> list[Look]:
        """The looks to learn from: where the rules were written from the very replies, they are mostly hidden.

        They are right there far more often than on mail of a stranger, and would be trusted too much.
        """
        hidden = [file in KNOWN_TO_THE_RULES and at % SHOWN > 0 for at, file in enumerate(self.files)]
        return [_without_rules(look) if hide else look for look, hide in zip(self.looks, hidden, strict=True)]

    @property
    def stages(self) -> list[Stage]:
        """What each reply answers."""
        return [reply.said.stage for reply in self.replies]

    @property
    def targets(self) -> Floats:
        """One row for each reply: 1 for a label that holds, else 0, in the order of the solver's LABELS."""
        return np.array([_row(reply.stance, reply.signals) for reply in self.replies])


def read_folder(folder: Path) -> Examples:
    """Every *.jsonl file of `folder`; raises ValueError when there is none."""
    replies: list[Labelled] = []
    files: list[str] = []
    folds: list[str] = []
    digests: dict[str, str] = {}
    for path in sorted(folder.glob("*.jsonl")):
        content = path.read_bytes()
        digests[path.name] = hashlib.sha256(content).hexdigest()
        for number, reply in enumerate(labelled_lines(content.decode().splitlines(), WRITTEN_ON)):
            replies.append(reply)
            files.append(path.stem)
            folds.append(str(number // NEIGHBOURS % FOLDS))
    if not replies:
        raise ValueError(f"{folder} holds no *.jsonl file with labelled replies")
    return Examples(tuple(replies), tuple(_looks(replies)), tuple(files), tuple(folds), digests)


def _looks(replies: Iterable[Labelled]) -> Iterable[Look]:
    rules = RuleReader()
    for reply in replies:
        yield look(rules.examine(reply.said), reply.said.stage)


def _without_rules(look: Look) -> Look:
    return Look(_unruled(look.whole), tuple(map(_unruled, look.parts)))


def _unruled(found: frozenset[str]) -> frozenset[str]:
    return frozenset(name for name in found if not name.startswith(("RULE ", "RULES ")))


def _row(stance: Stance, signals: frozenset[Signal]) -> list[float]:
    return [*(float(each is stance) for each in STANCES), *(float(each in signals) for each in SIGNALS)]
