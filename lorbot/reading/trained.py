"""Reads a mentor's own words with a trained model, on top of the rules.

Invariants: kind, dates, absence and attachments are those of the rules; reading never raises on any text and takes
time linear in it; `acts` is true only where the model is surer than the risk it was set for, and the rules see no
reason against it.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lorbot.core.reading import Evidence, Kind, Reading, Signal, Stage, Stance
from lorbot.reading.acting import ANSWERED_FROM_DOSSIER, plain_report, plain_yes
from lorbot.reading.agreeing import FIRM
from lorbot.reading.colleagues import find_colleagues
from lorbot.reading.features import look
from lorbot.reading.model import Model, Scores, Settings, shipped
from lorbot.reading.reader import Reader, RuleReader, Said
from lorbot.reading.rules import Hit, rule
from lorbot.reading.sentences import Sentence, sentences

NEEDS_APPLICANT = frozenset(Signal) - ANSWERED_FROM_DOSSIER

_HEARD_YES = rule(Stance.YES, "yes", strength=FIRM)  # stands for the yes that the model heard


@dataclass(frozen=True, slots=True)
class Verdict:
    """The labels that scores come to."""

    stance: Stance
    signals: frozenset[Signal]
    confidence: float
    acts: bool


class TrainedReader:
    """The reader that has seen labelled replies; it takes the place of RuleReader, on which it builds."""

    def __init__(self, model: Model | None = None, first: Reader | None = None) -> None:
        """Without arguments, the model in this package over the rules in this package; reads a file."""
        self._model = shipped() if model is None else model
        self._first = RuleReader() if first is None else first

    def read(self, said: Said) -> Reading:
        first = self._first.read(said)
        cut = sentences(said.words)
        if first.kind is not Kind.HUMAN or not cut:
            return first
        seen = look(cut, said.stage, first)
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
    bars = {Stance.YES: settings.act_yes, Signal.SUBMITTED: settings.act_submitted}
    acts = any(sure[act] >= bar and may_act(act, stage, cut, stance, signals) for act, bar in bars.items())
    return Verdict(stance, signals, odds[stance], acts)


def may_act(act: str, stage: Stage, cut: Sequence[Sentence], stance: Stance, signals: frozenset[Signal]) -> bool:
    """Whether nothing in the labels or in the words speaks against that act, however sure the model is.

    The words are held to the same list of reservations as those that the rules alone would act on.
    """
    spoken = dict.fromkeys(signals, "")
    if act == Stance.YES:
        return stance is Stance.YES and plain_yes([Hit(_HEARD_YES, cut[0])], spoken, cut, stage)
    return plain_report(stance, spoken, cut, stage)


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
