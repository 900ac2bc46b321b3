"""Chooses, from replies held back, how far the scores are to be believed: thresholds, sharpness, and when to act.

Invariants: only replies that neither the weights nor the rules were made from are looked at; of two settings that do
equally well the more careful one is taken.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from lorbot.core.reading import Signal, Stance
from lorbot.reading.evaluate import Labelled
from lorbot.reading.model import Settings
from lorbot.reading.sentences import sentences
from lorbot.reading.trained import may_act, stance_odds, sureness
from lorbot.reading.training.measure import is_plain, read
from lorbot.reading.training.solver import LABELS, SIGNALS, STANCES, Floats

RISK = 0.001  # wrong acts for each reply read, at most
_STEPS = np.arange(-2.0, 1.01, 0.1)  # scores tried as the threshold of a signal
_USUAL = -0.7  # the threshold that all signals together like best, for those with few examples
_CAUTION = 6  # imaginary replies, read rightly and wrongly, that hold a threshold near the usual one
_SHARPNESS = np.arange(0.6, 2.01, 0.05)


@dataclass(frozen=True, slots=True)
class Risk:
    """What acting from one sureness on would have meant on the replies held back."""

    act: str
    sureness: float
    acted: int
    wrong: int
    right_share: float  # of the replies that could have been acted on


def thresholds(scores: Floats, targets: Floats) -> dict[str, float]:
    """For each signal the threshold with the best F1."""
    return {signal.value: _threshold(scores[:, at], targets[:, at]) for at, signal in enumerate(SIGNALS, len(STANCES))}


def sharpness(scores: Floats, targets: Floats) -> float:
    """The factor under which the probabilities of the stances fit best what was held back (temperature scaling)."""

    def cost(factor: float) -> float:
        logs = scores[:, : len(STANCES)] * factor
        logs = logs - np.logaddexp.reduce(logs, axis=1, keepdims=True)
        return float(-(logs * targets[:, : len(STANCES)]).sum())

    return round(float(min(_SHARPNESS, key=cost)), 2)


def risks(replies: Sequence[Labelled], scores: Floats, settings: Settings) -> tuple[Risk, ...]:
    """The curve of risk against coverage for both acts, each from the surest reply down."""
    rows = scores.tolist()
    return tuple(risk for act in (Stance.YES, Signal.SUBMITTED) for risk in _curve(act, replies, rows, settings))


def least_sureness(curve: Sequence[Risk], act: str, replies: int) -> float:
    """The lowest sureness above which acting stays within the risk; just above 1, which is never, when none does."""
    sure = 1.01
    for risk in curve:
        if risk.act == act:
            if risk.wrong > RISK * replies:
                break
            sure = risk.sureness
    return round(sure, 4)


def _threshold(scores: Floats, wanted: Floats) -> float:
    def quality(at: float) -> float:
        heard = scores > at
        right = float((wanted * heard).sum()) + _CAUTION * (1 - abs(at - _USUAL))
        return 2 * right / (float(wanted.sum() + heard.sum()) + 2 * _CAUTION)

    return round(float(max(_STEPS, key=quality)), 2)


def _curve(
    act: str, replies: Sequence[Labelled], rows: Sequence[Sequence[float]], settings: Settings
) -> Iterator[Risk]:
    right = [is_plain(act, reply) for reply in replies]
    offered = []
    for at, (reply, row) in enumerate(zip(replies, rows, strict=True)):
        found, cut = read(reply, row, settings), sentences(reply.said.words)
        if cut and may_act(act, reply.said.stage, cut, found.stance, found.signals):
            scores = dict(zip(LABELS, row, strict=True))
            offered.append((sureness(stance_odds(scores, settings.sharpness), scores)[act], at))
    wrong = 0
    for acted, (sure, at) in enumerate(sorted(offered, reverse=True), start=1):
        wrong += not right[at]
        yield Risk(act, round(sure, 4), acted, wrong, round((acted - wrong) / max(1, sum(right)), 4))
