"""Reads a mentor's own words with a trained model, on top of the rules.

Invariants: kind, dates, absence and attachments are those of the rules; reading never raises on any text and takes
time linear in it; `acts` is true only where the model is surer than the risk it was set for asks, and it must be
surer where the words are such as often carry a reservation.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lorbot.core.reading import Evidence, Kind, Reading, Signal, Stage, Stance
from lorbot.reading.acting import ANSWERED_FROM_DOSSIER, may_be_about_more, may_be_reserved
from lorbot.reading.colleagues import find_colleagues
from lorbot.reading.features import look
from lorbot.reading.model import Model, Scores, Settings, shipped
from lorbot.reading.reader import RuleReader, Said
from lorbot.reading.sentences import Sentence

NEEDS_APPLICANT = frozenset(Signal) - ANSWERED_FROM_DOSSIER


@dataclass(frozen=True, slots=True)
class Verdict:
    """The labels that scores come to."""

    stance: Stance
    signals: frozenset[Signal]
    confidence: float
    acts: bool


class TrainedReader:
    """The reader that has seen labelled replies; it takes the place of RuleReader, on which it builds."""

    def __init__(self, model: Model | None = None, first: RuleReader | None = None) -> None:
        """Without arguments, the model in this package over the rules in this package; reads a file."""
        self._model = shipped() if model is None else model
        self._first = RuleReader() if first is None else first

    def read(self, said: Said) -> Reading:
        examined = self._first.examine(said)
        first, cut = examined.reading, examined.cut
        if first.kind is not Kind.HUMAN or not cut:
            return first
        seen = look(examined, said.stage)
        scores = self._model.scores(seen)
        found = verdict(said.stage, cut, scores.of, self._model.settings)
        signals = found.signals
        if said.attachments and Signal.LETTER_ATTACHED in first.signals:  # no words need to mention it
            signals |= {Signal.LETTER_ATTACHED}
        return replace(
            first,
            stance=found.stance,
            signals=signals,
            evidence=tuple(_evidence(scores, cut, first, [found.stance, *sorted(signals)])),
            colleagues=find_colleagues(said.words) if Signal.REDIRECT in signals else (),
            confidence=round(found.confidence, 3),
            acts=found.acts and signals == found.signals,
        )


def verdict(stage: Stage, cut: Sequence[Sentence], scores: Mapping[str, float], settings: Settings) -> Verdict:
    """What the scores of a reply come to; mail for somebody else says nothing about writing. `cut` is not empty."""
    signals = frozenset(signal for signal in Signal if scores[signal] > settings.thresholds[signal])
    odds = stance_odds(scores, settings.sharpness)
    stance = Stance.NONE if Signal.WRONG_PERSON in signals else max(odds, key=lambda each: odds[each])
    sure = sureness(odds, scores)
    acts = any(
        may_act(act, stage, stance, signals) and sure[act] >= settings.bars[bar_of(act, cut)] for act in MAY_DOUBT
    )
    return Verdict(stance, signals, odds[stance], acts)


def may_act(act: str, stage: Stage, stance: Stance, signals: frozenset[Signal]) -> bool:
    """Whether the labels are those of a plain yes to the first ask, or of a plain report that the letter is in."""
    if act == Stance.YES:
        return stage is Stage.ASKED and stance is Stance.YES and ANSWERED_FROM_DOSSIER.issuperset(signals)
    return stage is not Stage.ASKED and stance is Stance.NONE and signals == {Signal.SUBMITTED}


def bar_of(act: str, cut: Sequence[Sentence]) -> str:
    """The bar for that act in `Settings.bars`: one for plain words, one for words that often carry a reservation."""
    return f"{act}, doubtful words" if MAY_DOUBT[act](cut) else act


MAY_DOUBT: Mapping[str, Callable[[Sequence[Sentence]], bool]] = {
    Stance.YES: may_be_reserved,
    Signal.SUBMITTED: may_be_about_more,
}
"""The acts, and whether the words of one give reason to be surer than usual."""


def stance_odds(scores: Mapping[str, float], sharpness: float) -> dict[Stance, float]:
    """The probability of each stance, as sharp as held-back replies showed it to be."""
    raised = {stance: scores[stance] * sharpness for stance in Stance}
    top = max(raised.values())
    parts = {stance: math.exp(each - top) for stance, each in raised.items()}
    whole = sum(parts.values())
    return {stance: part / whole for stance, part in parts.items()}


def sureness(odds: Mapping[Stance, float], scores: Mapping[str, float]) -> dict[str, float]:
    """How sure it is, from 0 to 1, that the reply is a plain yes, or a plain report that the letter is in.

    The least of what must all hold: the stance, the report, and the absence of every signal that somebody must see to.
    """
    said = {signal: 1 / (1 + math.exp(-max(-30.0, min(30.0, scores[signal])))) for signal in Signal}
    quiet = 1 - max(said[signal] for signal in NEEDS_APPLICANT - {Signal.SUBMITTED})
    plain = min(1 - said[signal] for signal in Signal if signal is not Signal.SUBMITTED)
    return {
        Stance.YES: min(odds[Stance.YES], quiet, 1 - said[Signal.SUBMITTED]),
        Signal.SUBMITTED: min(odds[Stance.NONE], said[Signal.SUBMITTED], plain),
    }


def _evidence(
    scores: Scores, cut: Sequence[Sentence], first: Reading, labels: Sequence[Stance | Signal]
) -> Iterator[Evidence]:
    """For each label the sentence that a rule found for it, else the one that speaks most for it."""
    for label in labels:
        if label is not Stance.NONE:
            best = max(range(len(scores.by_sentence)), key=lambda at: scores.by_sentence[at][label])
            yield Evidence(label=label, sentence=first.sentence_for(label) or cut[best].words)
