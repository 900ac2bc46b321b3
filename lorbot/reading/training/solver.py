"""Finds the weights: one softmax over the stances and one yes-or-no for each signal, over the same features.

Invariants: nothing is random, so that the same examples in the same order give the same weights on the same machine;
weights are kept small (ridge), since most features are rare.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from lorbot.core.reading import Signal, Stance
from lorbot.reading.model import REACH

STANCES: tuple[Stance, ...] = tuple(Stance)
SIGNALS: tuple[Signal, ...] = tuple(Signal)
LABELS: tuple[str, ...] = (*STANCES, *SIGNALS)

SEEN_AT_LEAST = 2  # rows; a rarer feature is left out
STRENGTH = 3.0  # the larger, the larger weights may grow
STEPS = 80  # of the quasi-Newton search; more changed no figure

Floats: TypeAlias = NDArray[np.float64]
Row: TypeAlias = Collection[str]  # the features of a sentence, or of a whole reply


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights by feature and label, and one bias for each label."""

    names: tuple[str, ...]
    weights: Floats
    bias: Floats

    def scores(self, replies: Sequence[Sequence[Row]]) -> Floats:
        """For each reply, given as its rows, the score of each of LABELS."""
        rows = [row for reply in replies for row in reply]
        return _pool(np.asarray(_matrix(rows, _places(self.names)) @ self.weights), _starts(replies))[0] + self.bias


def fit(replies: Sequence[Sequence[Row]], targets: Floats) -> Fit:
    """The weights for `replies`, each of one row or more, whose labels are the rows of `targets` (0 or 1, as LABELS).

    The score of a reply is the soft maximum of those of its rows: one sentence that says it is enough.
    """
    rows, starts = [row for reply in replies for row in reply], _starts(replies)
    counts = Counter(name for row in rows for name in row)
    names = tuple(sorted(name for name, count in counts.items() if count >= SEEN_AT_LEAST))
    given = _matrix(rows, _places(names))
    turned = given.T.tocsr()
    owners = np.repeat(np.arange(len(replies)), [len(reply) for reply in replies])
    shape, width = (len(names), len(LABELS)), len(LABELS)

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat[:-width].reshape(shape)
        pooled, shares = _pool(np.asarray(given @ weights), starts)
        cost, slope = _cost(pooled + flat[-width:], targets)
        ridge = float((weights * weights).sum()) / (2 * STRENGTH)
        down = np.asarray(turned @ (shares * slope[owners])) + weights / STRENGTH
        return cost + ridge, np.concatenate([down.ravel(), slope.sum(axis=0)])

    start = np.zeros(shape[0] * width + width)
    end = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS, "maxcor": 8}).x
    return Fit(names, end[:-width].reshape(shape), end[-width:])


def _pool(scores: Floats, starts: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """The soft maximum of each reply's rows, and the share each row has in it."""
    owners = np.zeros(len(scores), dtype=np.int64)
    owners[starts[1:]] = 1
    owners = np.cumsum(owners)
    tops = np.maximum.reduceat(scores, starts, axis=0)
    parts = np.exp(scores - tops[owners])
    sums = np.add.reduceat(parts, starts, axis=0)
    return tops + np.log(sums), parts / sums[owners]


def _cost(scores: Floats, targets: Floats) -> tuple[float, Floats]:
    """The negative log-likelihood of `targets`, and its slope by score."""
    one, many = scores[:, : len(STANCES)], scores[:, len(STANCES) :]
    wanted, said = targets[:, : len(STANCES)], targets[:, len(STANCES) :]
    logs = one - one.max(axis=1, keepdims=True)
    logs -= np.log(np.exp(logs).sum(axis=1, keepdims=True))
    cost = -(logs * wanted).sum() + (np.logaddexp(0.0, many) - many * said).sum()
    return float(cost), np.hstack([np.exp(logs) - wanted, 1.0 / (1.0 + np.exp(-many)) - said])


def _starts(replies: Sequence[Sequence[Row]]) -> NDArray[np.int64]:
    return np.cumsum([0, *(len(reply) for reply in replies[:-1])], dtype=np.int64)


def _places(names: Sequence[str]) -> dict[str, int]:
    return {name: at for at, name in enumerate(names)}


def _matrix(rows: Sequence[Row], places: Mapping[str, int]) -> csr_matrix:
    """In each row the same number in every column whose feature was found, so that all rows are equally long."""
    ends, columns, cells = [0], [], []
    for row in rows:
        own = sorted(places[name] for name in row if name in places)
        columns += own
        cells += [REACH / float(np.sqrt(max(1, len(own))))] * len(own)
        ends.append(len(columns))
    return csr_matrix((cells, columns, ends), shape=(len(rows), len(places)))
