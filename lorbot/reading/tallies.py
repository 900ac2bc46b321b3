"""How well each label was read: precision, recall and F1, what was taken for what, and how much would be acted on.

Invariant: a share of nothing is None, never 0 or 1, so that a label nobody gave cannot look good or bad.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lorbot.core.reading import Signal, Stance
from lorbot.reading.evaluate import Compared


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a label was read rightly, read where it does not hold, and missed where it does."""

    right: int
    extra: int
    missed: int

    @property
    def labelled(self) -> int:
        return self.right + self.missed

    @property
    def read(self) -> int:
        return self.right + self.extra

    @property
    def precision(self) -> float | None:
        """The share of what was read that holds."""
        return _share(self.right, self.read)

    @property
    def recall(self) -> float | None:
        """The share of what holds that was read."""
        return _share(self.right, self.labelled)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both; None for a label that was neither given nor read."""
        return _share(2 * self.right, self.labelled + self.read)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of some replies would be acted on."""

    replies: int
    acted_on: int

    @property
    def share(self) -> float | None:
        return _share(self.acted_on, self.replies)


def confusion(read: Iterable[Compared]) -> Mapping[tuple[Stance, Stance], int]:
    """How often a reply of one stance, the first, was read as another, the second."""
    return Counter((each.reply.stance, each.reading.stance) for each in read)


def stance_tallies(read: Iterable[Compared]) -> Mapping[Stance, Tally]:
    """How well each stance was read."""
    cells = confusion(read)
    return {stance: _tally(stance, cells) for stance in Stance}


def macro_f1(tallies: Iterable[Tally]) -> float | None:
    """The mean of the F1 of the labels, each counting alike; one that was neither given nor read is left out."""
    found = [tally.f1 for tally in tallies if tally.f1 is not None]
    return _share(sum(found), len(found))


def signal_tallies(read: Iterable[Compared]) -> Mapping[Signal, Tally]:
    """How well each signal was read."""
    read = tuple(read)
    right = Counter(signal for each in read for signal in each.reply.signals & each.reading.signals)
    extra = Counter(signal for each in read for signal in each.reading.signals - each.reply.signals)
    missed = Counter(signal for each in read for signal in each.reply.signals - each.reading.signals)
    return {signal: Tally(right[signal], extra[signal], missed[signal]) for signal in Signal}


def sum_of(tallies: Mapping[Signal, Tally]) -> Tally:
    """All labels together: what a micro-average is made of."""
    each = tuple(tallies.values())
    return Tally(sum(t.right for t in each), sum(t.extra for t in each), sum(t.missed for t in each))


def coverage(read: Iterable[Compared]) -> Coverage:
    """How many of these would be acted on."""
    acts = [each.reading.acts for each in read]
    return Coverage(len(acts), sum(acts))


def _tally(stance: Stance, cells: Mapping[tuple[Stance, Stance], int]) -> Tally:
    right = cells.get((stance, stance), 0)
    read = sum(cells.get((other, stance), 0) for other in Stance)
    labelled = sum(cells.get((stance, other), 0) for other in Stance)
    return Tally(right, read - right, labelled - right)


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole else None
