"""A rule of reading: phrases that stand for a label, how strong they are, and when they do not count.

Invariants: a phrase is looked for in the plain form of one sentence (see `sentences`); every gap in a phrase is
bounded, so that reading takes time linear in the mail; a rule that `consumes` takes its words from the rules after it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lorbot.core.reading import Signal, Stage, Stance
from lorbot.reading.sentences import Sentence

ASKED = frozenset({Stage.ASKED})
DUE = frozenset({Stage.AGREED, Stage.REMINDED})  # after a yes, while the letter is not in
LATER = frozenset(Stage) - ASKED
ALWAYS = frozenset(Stage)

START = "<"
"""Put before a phrase that only counts where a clause begins: "Sure, ..." and not "I am not sure"."""

_CLAUSE = re.compile(r"^\W*|(?<=[,;:!?(-]) |\b(?:ps|but|and|so|oh) ")
_CLAUSES_LIMIT = 60  # places in one sentence where a phrase may begin a clause


@dataclass(frozen=True, slots=True)
class Rule:
    """`strength` ranks stances (the strongest found wins); a signal needs none."""

    label: Stance | Signal
    anywhere: re.Pattern[str] | None
    opening: re.Pattern[str] | None  # phrases that must begin a clause
    stages: frozenset[Stage]
    strength: int
    unless: re.Pattern[str] | None
    consumes: bool

    def find(self, plain: str, clauses: Sequence[int]) -> re.Match[str] | None:
        """Where one of the phrases stands in a plain sentence whose clauses begin at `clauses`, or None."""
        if self.anywhere is not None and (found := self.anywhere.search(plain)) is not None:
            return found
        if self.opening is None:
            return None
        return next((found for at in clauses if (found := self.opening.match(plain, at)) is not None), None)


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that was found, and where."""

    rule: Rule
    sentence: Sentence


def rule(
    label: Stance | Signal,
    *phrases: str,
    stages: frozenset[Stage] = ALWAYS,
    strength: int = 0,
    unless: str = "",
    consumes: bool = False,
) -> Rule:
    """A rule of `phrases` (regular expressions over the plain form), void in a sentence where `unless` is found."""
    anywhere = [phrase for phrase in phrases if not phrase.startswith(START)]
    opening = [phrase.removeprefix(START) for phrase in phrases if phrase.startswith(START)]
    return Rule(
        label=label,
        anywhere=any_of(*anywhere) if anywhere else None,
        opening=re.compile("|".join(opening)) if opening else None,
        stages=stages,
        strength=strength,
        unless=re.compile(unless) if unless else None,
        consumes=consumes,
    )


def any_of(*phrases: str) -> re.Pattern[str]:
    """One pattern that finds any of `phrases` where a word begins; one that begins with ^ or (?< says where itself."""
    free = [phrase for phrase in phrases if phrase.startswith(("^", "(?<", "[", r"\?"))]
    bound = [phrase for phrase in phrases if phrase not in free]
    return re.compile("|".join([rf"\b(?:{'|'.join(bound)})", *free] if bound else free))


def hits(rules: Iterable[Rule], said: Sequence[Sentence], stage: Stage) -> Iterator[Hit]:
    """What of `rules` is found in `said`, sentence by sentence, in the order of the rules."""
    table = [each for each in rules if stage in each.stages]
    for sentence in said:
        left, clauses = sentence.plain, clause_starts(sentence.plain)
        for each in table:
            found = each.find(left, clauses)
            if found is None or (each.unless is not None and each.unless.search(left)):
                continue
            yield Hit(each, sentence)
            if each.consumes:
                left = f"{left[: found.start()]} ~ {left[found.end() :]}"
                clauses = clause_starts(left)


def clause_starts(plain: str) -> list[int]:
    """Where the clauses of a plain sentence begin."""
    return [found.end() for found in _CLAUSE.finditer(plain)][:_CLAUSES_LIMIT]
