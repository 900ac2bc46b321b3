"""Chooses, from replies held back, how far the scores are to be believed: thresholds, sharpness, and when to act.

Invariants: only replies that neither the weights nor the rules were made from are looked at; of two settings that do
equally well the more careful one is taken.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lorbot.reading.evaluate import Labelled
from lorbot.reading.model import Settings
from lorbot.reading.sentences import sentences
from lorbot.reading.trained import MAY_DOUBT, bar_of, may_act, stance_odds, sureness
from lorbot.reading.training.measure import act_was_said, is_plain, read
from lorbot.reading.training.solver import LABELS, SIGNALS, STANCES, Floats

RISKS = {"yes": 0.001, "yes, doubtful words": 0.0006, "submitted": 0.0003, "submitted, doubtful words": 0.0003}
"""For each bar the wrong acts that it may let pass, for each reply read."""

LEAST = 0.7  # however good the held-back replies look: nobody acts on what he holds for hardly likelier than not

BARS = tuple(RISKS)
NEVER = dict.fromkeys(BARS, 1.01)
_STEPS = np.arange(-2.0, 1.01, 0.1)  # scores tried as the threshold of a signal
_USUAL = -0.7  # the threshold that all signals together like best, for those with few examples
_CAUTION = 6  # imaginary replies, read rightly and wrongly, that hold a threshold near the usual one
_SHARPNESS = np.arange(0.6, 2.01, 0.05)


@dataclass(frozen=True, slots=True)
class Risk:
    """What acting from one sureness on would have meant on the replies held back."""

    bar: str  # the act, and whether its words are doubtful
    sureness: float
    acted: int
    wrong: int  # what was acted on had not been said
    unheard: int  # it was said, and something else that the applicant must see to
    share: float  # of the replies that could have been acted on, those rightly acted on


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
    """The curve of risk against coverage for each bar, each from the surest reply down."""
    offered: dict[str, list[tuple[float, str, Labelled]]] = {bar: [] for bar in BARS}
    for reply, row in zip(replies, scores.tolist(), strict=True):
        found, cut = read(reply, row, replace(settings, bars=NEVER)), sentences(reply.said.words)
        for act in MAY_DOUBT:
            if cut and may_act(act, reply.said.stage, found.stance, found.signals):
                of = dict(zip(LABELS, row, strict=True))
                sure = sureness(stance_odds(of, settings.sharpness), of)[act]
                offered[bar_of(act, cut)].append((sure, act, reply))
    plain = {act: sum(is_plain(act, reply) for reply in replies) for act in MAY_DOUBT}
    return tuple(risk for bar in BARS for risk in _curve(bar, offered[bar], plain))


def bars(curve: Sequence[Risk], replies: int) -> dict[str, float]:
    """For each bar the lowest sureness within its risk; just above 1, which is never, when none is."""
    return {bar: _bar([risk for risk in curve if risk.bar == bar], risk * replies) for bar, risk in RISKS.items()}


def _bar(curve: Sequence[Risk], most_wrong: float) -> float:
    within = [risk.sureness for risk in curve if risk.wrong <= most_wrong]
    return round(max(LEAST, min(within, default=1.01)), 4)


def _threshold(scores: Floats, wanted: Floats) -> float:
    def quality(at: float) -> float:
        heard = scores > at
        right = float((wanted * heard).sum()) + _CAUTION * (1 - abs(at - _USUAL))
        return 2 * right / (float(wanted.sum() + heard.sum()) + 2 * _CAUTION)

    return round(float(max(_STEPS, key=quality)), 2)


def _curve(bar: str, offered: Sequence[tuple[float, str, Labelled]], plain: Mapping[str, int]) -> Iterator[Risk]:
    wrong = unheard = 0
    for acted, (sure, act, reply) in enumerate(sorted(offered, key=lambda each: -each[0]), start=1):
        said = act_was_said(act, reply)
        wrong += not said
        unheard += said and not is_plain(act, reply)
        share = (acted - wrong - unheard) / max(1, plain[act])
        yield Risk(bar, round(sure, 4), acted, wrong, unheard, round(share, 4))
