"""Who writes for what: one assignment over all applications at once, as a mixed-integer programme solved by HiGHS.

First what is covered, in this order: places that are required, the number of letters that must come together, what is
usual. Then, with nothing of that given up, the writers: backups stay in reserve, those who know the applicant best
write, no more letters than are needed, few from one mentor, what is planned already, and the order of their ids. So the
same dossier gives the same plan whatever the order of its tables.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lorbot.core import fit
from lorbot.core.letter_types import LetterType
from lorbot.core.planning.cases import Candidate, Choice, Stands
from lorbot.core.planning.integers import Programme
from lorbot.core.planning.mix import Mix, Reader
from lorbot.core.value import Line, value

REQUIRED, NEEDED, USUAL = 0, 1, 2
RESERVE = 1_000  # points that a named backup costs as a first writer: taken where a place stays empty without
LOAD = (0, 2, 4, 8, 16)  # points for the first, second, ... letter of one mentor; from the last on, as much for each
_POINT = 65_536  # what a point weighs against the order of ids

Key = tuple[Line, Line]  # mentor, application


@value
class Solution:
    """Whose letters are in the plan, those that stand already included, and what stays uncovered by level."""

    chosen: frozenset[Key] = frozenset()
    missing: tuple[int, int, int] = (0, 0, 0)  # required, needed, usual; each programme counts
    cost: int = 0  # in points; the smaller the better
    crowded: tuple[Line, ...] = ()  # applications whose pins break a rule together; nothing new is planned there


def solve(choice: Choice) -> Solution | None:
    """The best assignment; None where it could not be proved in time."""
    crowded = tuple(m.application for m in choice.mixes if is_crowded(m, choice.of(m.application)))
    programme = Programme()
    letter = {_key(c): _letter_column(programme, c, crowded) for c in choice.candidates}
    levels: tuple[dict[int, float], ...] = ({}, {}, {})
    for mix in choice.mixes:
        mine = choice.of(mix.application)
        _bound(programme, mix, mine, letter)
        for reader in _merged(mix.readers):
            _cover(programme, reader, mine, letter, levels)
    costs = _costs(programme, choice, letter)
    weights = _weights(levels, choice)
    first = programme.solved(weights)
    if first is None:
        return None
    missing = [round(sum(first[column] * many for column, many in level.items())) for level in levels]
    for level, most in zip(levels, missing, strict=True):
        programme.row(level, most=most)
    best = programme.solved(costs)
    if best is None:
        return None
    chosen = frozenset(key for key, column in letter.items() if best[column] > 0.5)
    points = round(sum(round(cost) // _POINT * best[column] for column, cost in costs.items()))
    return Solution(chosen=chosen, missing=(missing[0], missing[1], missing[2]), cost=points, crowded=crowded)


def is_crowded(mix: Mix, candidates: Iterable[Candidate]) -> bool:
    """Whether what the applicant pinned breaks a rule together, with what stands already."""
    mine = tuple(candidates)
    pinned = [c for c in mine if c.pinned and c.stands is Stands.FREE]
    taken = [c for c in mine if c.stands in {Stands.FILLS, Stands.WAITS}]
    if pinned and mix.most is not None and len(pinned) + len(taken) > mix.most:
        return True
    return any(
        shut_out(mix, one, other)
        for one in (*pinned, *taken)
        for other in (*pinned, *taken)
        if one in pinned or other in pinned
    )


def shut_out(mix: Mix, one: Candidate, committee: Candidate) -> bool:
    """Whether `one` may not write beside the committee letter that it contributed to."""
    if mix.service.counts.contributors_may_write is not False or one.mentor.id == committee.mentor.id:
        return False
    return one.contributes and not one.is_committee and committee.is_committee


def _key(candidate: Candidate) -> Key:
    return candidate.mentor.id, candidate.application


def _letter_column(programme: Programme, candidate: Candidate, crowded: Sequence[str]) -> int:
    """1 where this letter is in the plan: as it must be, or as is best."""
    column = programme.column(1, whole=True)
    pinned = candidate.pinned and candidate.stands is Stands.FREE
    free = candidate.stands is Stands.FREE and candidate.application not in crowded
    if candidate.stands is Stands.FILLS or (pinned and free):
        programme.row({column: 1}, least=1)
    elif not free:
        programme.row({column: 1}, most=0)
    return column


def _bound(programme: Programme, mix: Mix, mine: Sequence[Candidate], letter: Mapping[Key, int]) -> None:
    """The rules about several letters of one application."""
    if mix.most is not None:
        fills = sum(1 for c in mine if c.stands is Stands.FILLS)
        waits = sum(1 for c in mine if c.stands is Stands.WAITS)
        programme.row({letter[_key(c)]: 1 for c in mine}, most=max(mix.most - waits, fills))
    for one in mine:
        for other in mine:
            if shut_out(mix, one, other) and not (one.stands is other.stands is Stands.FILLS):
                programme.row({letter[_key(one)]: 1, letter[_key(other)]: 1}, most=1)


def _merged(readers: Iterable[Reader]) -> list[tuple[Reader, int, dict[tuple[int, int], int]]]:
    """Readers with the same places, how many there are, and how often each pair of numbers is wanted."""
    found: dict[tuple[Any, ...], tuple[Reader, int, dict[tuple[int, int], int]]] = {}
    for reader in readers:
        key = (reader.places, reader.specialty, reader.most, reader.instead)
        first, many, numbers = found.get(key, (reader, 0, {}))
        wants = (reader.needs, reader.usual)
        found[key] = (first, many + reader.many, numbers | {wants: numbers.get(wants, 0) + reader.many})
    return list(found.values())


def _cover(
    programme: Programme, merged: tuple[Reader, int, dict[tuple[int, int], int]], mine: Sequence[Candidate],
    letter: Mapping[Key, int], levels: Sequence[dict[int, float]],
) -> None:  # fmt: skip
    """What these readers miss, as columns of the three levels."""
    reader, many, numbers = merged
    fills: dict[int, list[int]] = {}  # by letter: the places it may fill
    kept_free: dict[int, float] = {}  # required places that nobody can fill yet: no other letter takes their room
    for place in reader.places:
        missing = programme.column(place.least)
        if place.required:
            kept_free[missing] = 1
        levels[REQUIRED if place.required else USUAL][missing] = many
        terms: dict[int, float] = {missing: 1}
        for candidate in mine:
            if candidate.fills(place, reader.specialty):
                filled = programme.column(1)
                terms[filled] = 1
                fills.setdefault(letter[_key(candidate)], []).append(filled)
        terms |= _instead(place.instead, place.least, mine, letter, reader)
        programme.row(terms, least=place.least)
    for column, places in fills.items():
        programme.row({column: -1, **dict.fromkeys(places, 1)}, most=0)
    if reader.most is not None and reader.places:
        programme.row(dict.fromkeys((f for places in fills.values() for f in places), 1), most=reader.most)
    everything = {letter[_key(c)]: 1.0 for c in mine}
    for wants, times in numbers.items():
        for level, wanted in zip((NEEDED, USUAL), wants, strict=True):
            least = min(wanted, reader.most) if reader.most is not None else wanted
            if least > 0:
                missing = programme.column(least)
                levels[level][missing] = times
                instead = _instead(reader.instead, least, mine, letter, reader)
                programme.row({**everything, **instead, **kept_free, missing: 1}, least=least)


def _instead(
    kinds: Sequence[LetterType], least: int, mine: Sequence[Candidate], letter: Mapping[Key, int], reader: Reader
) -> dict[int, float]:
    """The letters of which one alone satisfies all that is wanted."""
    return {letter[_key(c)]: least for c in mine if any(c.counts_as(kind, reader.specialty) for kind in kinds)}


def _weights(levels: Sequence[dict[int, float]], choice: Choice) -> dict[int, float]:
    """One number for the three levels, the first far above the second and that above the third."""
    most = [sum(r.many * _wanted(r) for m in choice.mixes for r in m.readers) + 1] * 2
    factors = (most[0] * most[1], most[1], 1)
    return {column: many * f for level, f in zip(levels, factors, strict=True) for column, many in level.items()}


def _wanted(reader: Reader) -> int:
    return sum(place.least for place in reader.places) + max(reader.needs, reader.usual)


def _costs(programme: Programme, choice: Choice, letter: Mapping[Key, int]) -> dict[int, float]:
    """What each letter costs: less, the better its writer knows the applicant; and more with each for one mentor."""
    mentors = list(dict.fromkeys(c.mentor.id for c in choice.candidates))
    applications = [mix.application for mix in choice.mixes]
    costs: dict[int, float] = {}
    for candidate in choice.candidates:
        points = fit.BEST - candidate.worth + (RESERVE if candidate.reserve and not candidate.pinned else 0)
        at = mentors.index(candidate.mentor.id) * (applications.index(candidate.application) + 1)
        order = min(at, _POINT // 128) + (0 if candidate.letter else _POINT // 128)
        costs[letter[_key(candidate)]] = points * _POINT + order
    for mentor in mentors:
        mine = [letter[_key(c)] for c in choice.candidates if c.mentor.id == mentor]
        loads = [programme.column(1) for _ in mine]
        programme.row({**dict.fromkeys(mine, 1), **dict.fromkeys(loads, -1)}, most=0)
        costs |= {column: LOAD[min(n, len(LOAD) - 1)] * _POINT for n, column in enumerate(loads)}
    return costs
