"""Reads twice before it acts: the reader in this package, and a second opinion that can only make it more careful.

Invariants: the reading is always the local one; `acts` is true only where the local reader would act and the opinion
names the very same act; a disagreement, a failure or silence means that the applicant is asked. What is not to be
acted on anyway is never shown to anybody else.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from lorbot.core.reading import Kind, Reading, Signal, Stance
from lorbot.reading.acting import ANSWERED_FROM_DOSSIER
from lorbot.reading.language_model import NoOpinionError, Opinion
from lorbot.reading.reader import Reader, Said


class Adviser(Protocol):
    """Whatever has a second opinion on a reply."""

    def opinion(self, said: Said) -> Opinion:
        """What `said` is taken to say. Raises NoOpinionError where there is no opinion that counts."""
        ...


class CarefulReader:
    """A Reader in front of another. `told` gets a sentence, without a word of the mail, when there was no opinion."""

    def __init__(self, local: Reader, adviser: Adviser, told: Callable[[str], None]) -> None:
        self._local, self._adviser, self._told = local, adviser, told

    def read(self, said: Said) -> Reading:
        reading = self._local.read(said)
        if not reading.acts or reading.kind is not Kind.HUMAN:  # an absence is a matter of headers and a date
            return reading
        try:
            second = self._adviser.opinion(said)
        except NoOpinionError as error:
            self._told(str(error))
            return replace(reading, acts=False)
        return replace(reading, acts=agree(reading, second))


def agree(reading: Reading, second: Opinion) -> bool:
    """Whether the opinion is of the same act: a yes that needs nothing from the applicant, or a report alone."""
    if second.stance is not reading.stance:
        return False
    if reading.stance is Stance.YES:
        return ANSWERED_FROM_DOSSIER.issuperset(second.signals)
    return second.signals == reading.signals == {Signal.SUBMITTED}
