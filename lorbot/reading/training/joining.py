"""More to learn from: two short replies as if one person had written both in one mail.

After the yes people say several things at once: it is in, the link was dead first, and how was the interview? The
labels of such a mail are those of both. Invariants: nothing is random; what is said about writing comes from one
of the two alone; mail for the wrong person is joined to nothing; answers to the first ask are left as they are, since
there the second half often takes back the first.
"""

from collections.abc import Sequence

import numpy as np

from lorbot.core.reading import Signal, Stage, Stance
from lorbot.reading.features import Look
from lorbot.reading.training.solver import LABELS, STANCES, Floats

SHORT = 3  # sentences
_STRIDE = 7  # steps through the short replies from partner to partner
_NONE, _WRONG_PERSON = LABELS.index(Stance.NONE), LABELS.index(Signal.WRONG_PERSON)


def joined(lessons: Sequence[Look], targets: Floats, stages: Sequence[Stage]) -> tuple[list[Look], Floats]:
    """The lessons and their targets, and behind them those of the joined replies."""
    looks, rows = list(lessons), [targets]
    for stage in Stage:
        if stage is Stage.ASKED:
            continue
        short = [
            at for at, own in enumerate(stages)
            if own is stage and not targets[at, _WRONG_PERSON] and len(lessons[at].parts) <= SHORT
        ]  # fmt: skip
        signals = [at for at in short if targets[at, _NONE] and targets[at, len(STANCES) :].any()]
        for number, second in enumerate(signals):
            first = short[(number * _STRIDE + len(short) // 2) % len(short)]
            if first != second:
                looks.append(_one(lessons[first], lessons[second]))
                both = np.maximum(targets[first], targets[second])
                both[_NONE] = targets[first, _NONE]
                rows.append(both[np.newaxis])
    return looks, np.vstack(rows)


def _one(first: Look, second: Look) -> Look:
    later = frozenset(name for name in second.whole if not name.startswith("FIRST "))
    return Look(first.whole | later, first.parts + second.parts)
