"""Which of the present letters a programme's wishes are met with, and which letter it still needs.

Each letter fills one place. The places are filled together, best first: must-haves before the others, and letters that
are in before those that are agreed, asked for or planned.
"""

from collections.abc import Iterable
from enum import StrEnum

from lorbot.core import letters, services
from lorbot.core.application import Application, Programme
from lorbot.core.dossier import Dossier, Letter, Mentor, State
from lorbot.core.letter_types import LetterType, any_of
from lorbot.core.planning import counting
from lorbot.core.planning.counting import Answer
from lorbot.core.planning.mix import form_of, is_usual
from lorbot.core.value import Line, value

Place = frozenset[LetterType]  # the types that will do

ANY: Place = frozenset({LetterType.ANY})


class Stands(StrEnum):
    """How far a letter has come."""

    IN = "in"
    COMING = "agreed"
    ASKED = "asked"
    PLANNED = "not asked yet"


class Fit(StrEnum):
    """How far the letters satisfy a programme."""

    UNKNOWN = "unknown"  # the table does not say what it wants
    SATISFIED = "satisfied"
    COMING = "coming"  # once those who agreed have written
    HOPED = "hoped"  # if those who are asked, or to be asked, write too
    NEEDS = "needs"  # a letter that nobody is planned for


STANDS: dict[Stands, frozenset[State]] = {
    Stands.IN: letters.IN,
    Stands.COMING: letters.UNDER_WAY | {State.REPORTED},
    Stands.ASKED: frozenset({State.ASKED, State.HELD, State.SILENT}),
    Stands.PLANNED: letters.ASKABLE,
}
_COST = {Stands.IN: 0, Stands.COMING: 1, Stands.ASKED: 25, Stands.PLANNED: 625}
_UNFILLED, _UNFILLED_MUST = 20_000, 1_000_000  # more than all of 20 letters cost
_NEVER = 1_000_000_000


@value
class Met:
    """What a programme's wishes are met with."""

    fit: Fit
    wanted: int = 0
    having: dict[Stands, tuple[Line, ...]]  # the names of the mentors
    needs: tuple[Place, ...] = ()
    over: int = 0  # letters that it wants beyond what the service lets it have
    most: int = 0  # what the service lets it have, where that is less than it wants

    @property
    def sure(self) -> int:
        """How many letters are in or agreed."""
        return len(self.having.get(Stands.IN, ())) + len(self.having.get(Stands.COMING, ()))


class Present:
    """The letters of one application, to be asked for each of its programmes; equal wishes are worked out once."""

    def __init__(self, dossier: Dossier, application: Application) -> None:
        self._dossier, self._application = dossier, application
        self._most = services.service(application.service).counts.most_per_programme
        left_out = {pin.mentor for pin in application.pins if not pin.writes}
        self._letters = [
            (x, stands) for x in dossier.letters
            if x.application == application.id and x.mentor not in left_out and (stands := _stands(x))
        ]  # fmt: skip
        self._known: dict[tuple[int | None, tuple[str, ...], str], Met] = {}

    def met(self, programme: Programme) -> Met:
        wishes = (programme.letters, programme.types, programme.specialty)
        if wishes not in self._known:
            self._known[wishes] = self._worked_out(programme)
        return self._known[wishes]

    def could_write(self, place: Place) -> tuple[str, ...]:
        """The mentors whose letter would fill this place and who are not in the plan for this application."""
        planned = {x.mentor for x in self._dossier.letters if x.application == self._application.id}
        return tuple(
            m.name for m in self._dossier.mentors
            if m.id not in planned and not m.never and place & self._types_of(m, "")
        )  # fmt: skip

    def _worked_out(self, programme: Programme) -> Met:
        musts = [frozenset(any_of(line)) for line in programme.types]
        wanted = max(programme.letters or 0, len(musts))
        if not wanted:
            return Met(fit=Fit.UNKNOWN, having={})
        most = wanted if self._most is None else self._most
        places = [*musts, *([ANY] * max(0, min(wanted, most) - len(musts)))]
        filled = self._filled(places, programme.specialty)
        having = {
            stands: tuple(self._dossier.mentor(x.mentor).name for at, (x, s) in enumerate(self._letters)
                          if s is stands and at in filled.values())
            for stands in Stands
        }  # fmt: skip
        needs = tuple(place for at, place in enumerate(places) if at not in filled)
        over = max(0, wanted - most)
        return Met(
            fit=_fit(having, needs, over if len(musts) > most else 0), wanted=len(places),
            having={k: v for k, v in having.items() if v}, needs=needs, over=over, most=most if over else 0,
        )  # fmt: skip

    def _filled(self, places: list[Place], specialty: str) -> dict[int, int]:
        """Which letter fills which place, both by number: the assignment of the least cost."""
        from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - a second to load, which a start need not pay

        if not self._letters:
            return {}
        mentors = [self._dossier.mentor(x.mentor) for x, _ in self._letters]
        counts = [self._types_of(m, specialty) | ANY for m in mentors]
        costs = [
            [_COST[s] if place & types else _NEVER for types, (_, s) in zip(counts, self._letters, strict=True)]
            + [_UNFILLED if place == ANY else _UNFILLED_MUST] * len(places)
            for place in places
        ]  # fmt: skip
        chosen = zip(*linear_sum_assignment(costs), strict=True)
        return {int(place): int(letter) for place, letter in chosen if letter < len(self._letters)}

    def _types_of(self, mentor: Mentor, specialty: str) -> Place:
        """What the mentor's letter is known to count as; in the applicant's own specialty where "" is given."""
        specialty = specialty or self._dossier.applicant.specialty
        usual = is_usual(form_of(services.service(self._application.service), specialty))
        counted = counting.counted_for(mentor, self._application, specialty, form_is_usual=usual)
        return frozenset(kind for kind, answer in counted.items() if answer is Answer.YES)


def _fit(having: dict[Stands, tuple[str, ...]], needs: Iterable[Place], over: int) -> Fit:
    if tuple(needs) or over:
        return Fit.NEEDS
    if having[Stands.ASKED] or having[Stands.PLANNED]:
        return Fit.HOPED
    return Fit.COMING if having[Stands.COMING] else Fit.SATISFIED


def _stands(letter: Letter) -> Stands | None:
    return next((stands for stands, states in STANDS.items() if letter.state in states), None)
