"""Which letter fills which place of a reader, and which go where not all may be sent: the best of all ways, not the
first that comes to hand.
"""

from collections.abc import Sequence

from lorbot.core import fit
from lorbot.core.letter_types import LetterType
from lorbot.core.planning.cases import Candidate, Stands
from lorbot.core.planning.mix import Place, Reader
from lorbot.core.value import Line, value

_REQUIRED, _USUAL, _ANY, _LEFT_OUT, _NEVER = -1_000_000, -10_000, 0, -100_000_000, 10**10


@value
class Seat:
    """One letter that is wanted, and whose it is."""

    type: LetterType  # ANY where the type does not matter
    required: bool = False
    mentor: Line = ""  # "" for a gap
    also: tuple[LetterType, ...] = ()  # a letter of such a type does as well
    covered: bool = False  # by a letter that stands for it: nothing is missing


@value
class Seating:
    """The letters that one reader gets."""

    seats: tuple[Seat, ...] = ()
    more: tuple[Line, ...] = ()  # mentors whose letters are sent and fill no place that is wanted

    @property
    def gaps(self) -> tuple[Seat, ...]:
        return tuple(s for s in self.seats if not s.mentor and not s.covered)


def seated(reader: Reader, letters: Sequence[Candidate]) -> Seating:
    """The letters in the places of `reader`; among equals those that are certain, then the better ones."""
    stands_for = {place: _stand_in(place.instead, letters, reader) for place in reader.places}
    open_places = [p for p in reader.places if not stands_for[p] for _ in range(p.least)]
    covered = [_covered(p) for p in reader.places if stands_for[p] for _ in range(p.least)]
    everything = _stand_in(reader.instead, letters, reader)
    alone = {*stands_for.values(), everything} - {""}
    places = _assigned(open_places, letters, reader, alone)
    sent = [letters[row] for row in sorted(places)]
    by_place = {places[row]: letters[row].mentor.id for row in places if places[row] < len(open_places)}
    seats = [
        Seat(type=p.type, also=p.also, required=p.required, mentor=by_place.get(n, ""))
        for n, p in enumerate(open_places)
    ] + covered  # fmt: skip
    seats += [Seat(type=LetterType.COMMITTEE, mentor=c.mentor.id) for c in sent if c.mentor.id in alone]
    free = [c.mentor.id for c in sent if c.mentor.id not in alone and c.mentor.id not in by_place.values()]
    wanted = max(reader.needs, reader.usual, len(open_places) + len(covered))
    room = max(wanted - len(covered) - len(by_place), 0)  # letters of any type make up the number
    seats += [Seat(type=LetterType.ANY, mentor=mentor) for mentor in free[:room]]
    missing = 0 if everything else wanted - len(seats)
    return Seating(seats=(*seats, *[Seat(type=LetterType.ANY)] * missing), more=tuple(free[room:]))


def _covered(place: Place) -> Seat:
    return Seat(type=place.type, also=place.also, required=place.required, covered=True)


def _stand_in(kinds: Sequence[LetterType], letters: Sequence[Candidate], reader: Reader) -> str:
    """Whose letter alone satisfies what these kinds stand for; "" for nobody's."""
    return next((c.mentor.id for c in letters if any(c.counts_as(k, reader.specialty) for k in kinds)), "")


def _assigned(places: Sequence[Place], letters: Sequence[Candidate], reader: Reader, alone: set[str]) -> dict[int, int]:
    """For each letter that is sent its place, or a number beyond the places."""
    import numpy as np  # noqa: PLC0415 - as in `solve`
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415

    if not letters:
        return {}
    room = len(letters) if reader.most is None else min(reader.most, len(letters))
    left_out = len(letters) - room
    cost = np.zeros((len(letters), len(places) + room + left_out))
    for row, candidate in enumerate(letters):
        worse = fit.BEST - candidate.worth + (0 if candidate.stands is Stands.FILLS else 1) + row / 1_000
        for column, place in enumerate(places):
            fits = candidate.fills(place, reader.specialty)
            cost[row, column] = (_REQUIRED if place.required else _USUAL) + worse if fits else _NEVER
        cost[row, len(places) : len(places) + room] = _ANY + worse
        cost[row, len(places) + room :] = _NEVER if candidate.mentor.id in alone else _LEFT_OUT
    rows, columns = linear_sum_assignment(cost)
    return {int(r): int(c) for r, c in zip(rows, columns, strict=True) if c < len(places) + room}
