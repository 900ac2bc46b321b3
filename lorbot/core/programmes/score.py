"""The score of a programme: the weighted average of what is known about it, every part of it to be seen.

A part is a criterion's value from 0 to 1 times its weight. A criterion without a value is left out, and said to be.
"""

from collections.abc import Iterable
from math import fsum

from lorbot.core.value import Line, value


@value
class Part:
    """What one criterion says about one programme."""

    key: Line
    heading: Line
    weight: float  # without its sign: a negative weight has turned the scale round
    value: float | None = None  # 0 to 1; None where it is not known
    cell: Line = ""  # what stands in the table, or in words what it was compared with


@value
class Score:
    total: float | None  # 0 to 100; None where nothing that has a weight is known
    known: float  # which part of all the weight is known, 0 to 1
    parts: tuple[Part, ...]

    def share(self, part: Part) -> float | None:
        """How many of the points of the total come from this part; None where it is not known."""
        known = _known_weight(self.parts)
        return None if part.value is None or not known else 100 * (part.value * (part.weight / known))


def scored(parts: Iterable[Part]) -> Score:
    """The sums are exact (`fsum`), so that no order of columns or rows changes a digit."""
    parts = tuple(parts)
    whole, known = fsum(p.weight for p in parts), _known_weight(parts)
    if not known:
        return Score(total=None, known=0.0, parts=parts)
    total = 100 * fsum(p.weight * p.value for p in parts if p.value is not None) / known
    return Score(total=min(100.0, max(0.0, total)), known=known / whole, parts=parts)


def _known_weight(parts: Iterable[Part]) -> float:
    return fsum(p.weight for p in parts if p.value is not None)
