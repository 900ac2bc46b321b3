"""Measures on replies held back: stances, the micro-averaged F1 of the signals, and what would be acted on.

Invariant: what is measured goes through the very rules by which the reader turns scores into labels and acts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from lorbot.core.reading import Signal, Stage, Stance
from lorbot.reading.evaluate import Labelled
from lorbot.reading.features import Look
from lorbot.reading.model import Settings
from lorbot.reading.sentences import sentences
from lorbot.reading.trained import Verdict, verdict
from lorbot.reading.training.joining import joined
from lorbot.reading.training.replies import Examples
from lorbot.reading.training.solver import LABELS, Fit, Floats, Row, fit


@dataclass(frozen=True, slots=True)
class Figures:
    """How a set of replies was read.

    `acts` counts those acted on: `wrong_acts` where that was not said, `unheard` where it was said and something else
    too that the applicant must see to; `plain` counts those that could have been acted on.
    """

    name: str
    replies: int
    stance_accuracy: float
    signals_f1: float
    acts: int
    wrong_acts: int
    unheard: int
    plain: int


def held_back(examples: Examples, groups: Sequence[str]) -> Floats:
    """The scores of every reply by a model that saw no reply of its group."""
    lessons, targets, own = examples.lessons(), examples.targets, np.array(groups)
    scores = np.zeros(targets.shape)
    for group in sorted(set(groups)):
        left = np.flatnonzero(own == group).tolist()
        learnt = np.flatnonzero(own != group).tolist()
        both = fit_both([lessons[at] for at in learnt], targets[learnt], [examples.stages[at] for at in learnt])
        unseen = [examples.looks[at] for at in left]
        scores[left] = (both[0].scores(wholes(unseen)) + both[1].scores(parts(unseen))) / 2
    return scores


def fit_both(lessons: Sequence[Look], targets: Floats, stages: Sequence[Stage]) -> tuple[Fit, Fit]:
    """The table of whole replies and the table of their sentences."""
    lessons, targets = joined(lessons, targets, stages)
    return fit(wholes(lessons), targets), fit(parts(lessons), targets)


def wholes(looks: Sequence[Look]) -> list[list[Row]]:
    """Each reply as one row of features."""
    return [[look.whole] for look in looks]


def parts(looks: Sequence[Look]) -> list[list[Row]]:
    """Each reply as a row for each sentence."""
    return [list(look.parts) or [frozenset()] for look in looks]


def figures(name: str, replies: Sequence[Labelled], scores: Floats, settings: Settings) -> Figures:
    """The figures of `replies` with these scores, read as the reader would read them."""
    stances = right = extra = missed = acts = wrong = unheard = plain = 0
    for reply, row in zip(replies, scores.tolist(), strict=True):
        found = read(reply, row, settings)
        stances += found.stance is reply.stance
        right += len(found.signals & reply.signals)
        extra += len(found.signals - reply.signals)
        missed += len(reply.signals - found.signals)
        acts += found.acts
        said = act_was_said(Stance.YES if found.stance is Stance.YES else Signal.SUBMITTED, reply)
        wrong += found.acts and not said
        unheard += found.acts and said and not may_be_acted_on(reply)
        plain += may_be_acted_on(reply)
    f1 = 2 * right / max(1, 2 * right + extra + missed)
    return Figures(name, len(replies), stances / max(1, len(replies)), f1, acts, wrong, unheard, plain)


def read(reply: Labelled, row: Sequence[float], settings: Settings) -> Verdict:
    """What the reader would make of a reply with these scores."""
    cut = sentences(reply.said.words)
    scores = dict(zip(LABELS, row, strict=True))
    return verdict(reply.said.stage, cut, scores, settings) if cut else Verdict(Stance.NONE, frozenset(), 0.0, False)


def may_be_acted_on(reply: Labelled) -> bool:
    """Whether it is labelled as a plain yes to the first ask, or a plain report that the letter is in."""
    return is_plain(Stance.YES, reply) or is_plain(Signal.SUBMITTED, reply)


def is_plain(act: str, reply: Labelled) -> bool:
    """Whether it is labelled as what that act is for, with no signal that somebody must see to."""
    return reply.is_plain_yes if act == Stance.YES else reply.is_plain_report


def act_was_said(act: str, reply: Labelled) -> bool:
    """Whether the reply says what that act is for, whatever else it says."""
    if act == Stance.YES:
        return reply.stance is Stance.YES
    return Signal.SUBMITTED in reply.signals


def by_file(examples: Examples, scores: Floats, settings: Settings) -> Iterator[Figures]:
    """The figures of each file."""
    for file in sorted(set(examples.files)):
        own = [at for at, each in enumerate(examples.files) if each == file]
        yield figures(file, [examples.replies[at] for at in own], scores[own], settings)
