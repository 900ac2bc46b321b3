"""The plan of a dossier: what every application wants, what is there, who should write, and what to know about it.

The plan changes nothing: letters, pins and mentors are the applicant's. It is made anew from the dossier each time.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from lorbot.core import letters, services
from lorbot.core.dossier import Dossier
from lorbot.core.letter_types import LetterType
from lorbot.core.planning import notices, reserve
from lorbot.core.planning.cases import Candidate, Choice, Services, Stands, choice_of
from lorbot.core.planning.counting import Answer
from lorbot.core.planning.mix import Mix, Reader
from lorbot.core.planning.notices import Notice
from lorbot.core.planning.reserve import StandIn
from lorbot.core.planning.seating import Seating, seated
from lorbot.core.planning.solve import Solution, solve
from lorbot.core.policy import Policy
from lorbot.core.value import Line, value


@value
class Pick:
    """A letter of the plan."""

    candidate: Candidate
    type: LetterType  # the place it fills for most readers; ANY where its type does not matter
    more: bool = False  # one more than is wanted
    backup: StandIn | None = None

    @property
    def is_new(self) -> bool:
        """Whether it is still to be asked for."""
        return self.candidate.stands is Stands.FREE

    @property
    def is_written(self) -> bool:
        return bool(self.candidate.letter and self.candidate.letter.state in letters.WROTE)


@value
class Gap:
    """What nobody fills."""

    type: LetterType
    many: int
    also: tuple[LetterType, ...] = ()  # a letter of such a type does as well
    required: bool = False  # by the service
    programmes: tuple[Line, ...] = ()  # that miss it; () where it is the application's
    required_by: tuple[Line, ...] = ()  # those that must have it


@value
class Group:
    """Programmes that get the same letters."""

    programmes: tuple[Line, ...]
    mentors: tuple[Line, ...]
    satisfied: bool


@value
class ApplicationPlan:
    """What is planned for one application."""

    application: Line
    mix: Mix
    picks: tuple[Pick, ...] = ()
    waiting: tuple[Candidate, ...] = ()  # it is not known whether these come
    left: tuple[Candidate, ...] = ()  # mentors who are not in the plan
    dropped: tuple[Candidate, ...] = ()  # planned by the applicant, and not needed
    seating: Seating = Seating()
    gaps: tuple[Gap, ...] = ()
    groups: tuple[Group, ...] = ()
    notices: tuple[Notice, ...] = ()
    crowded: bool = False

    @property
    def new(self) -> tuple[Pick, ...]:
        return tuple(p for p in self.picks if p.is_new)


@value
class Unsaid:
    """What nobody said of a mentor's letter, and an application wants to know."""

    mentor: Line
    types: tuple[LetterType, ...]


@value
class Plan:
    applications: tuple[ApplicationPlan, ...] = ()
    over: tuple[Line, ...] = ()  # applications for which nothing is planned any more
    questions: tuple[Unsaid, ...] = ()
    notices: tuple[Notice, ...] = ()
    missing: tuple[int, int, int] = (0, 0, 0)
    cost: int = 0
    solved: bool = True


def plan_of(dossier: Dossier, policy: Policy, now: datetime, known: Services = services.service) -> Plan:
    """The plan as of `now`. It depends on what the dossier holds, and not on the order in which it does."""
    choice = choice_of(dossier, policy, now, known)
    solution = solve(choice)
    over = tuple(sorted({a.id for a in dossier.applications} - {m.application for m in choice.mixes}))
    if solution is None:
        return Plan(over=over, solved=False)
    applications = tuple(_application(dossier, mix, choice, solution) for mix in choice.mixes)
    return Plan(
        applications=applications, over=over, questions=_questions(choice, applications),
        notices=notices.of_load(choice, solution), missing=solution.missing, cost=solution.cost,
    )  # fmt: skip


def _application(dossier: Dossier, mix: Mix, choice: Choice, solution: Solution) -> ApplicationPlan:
    mine = choice.of(mix.application)
    chosen = [c for c in mine if (c.mentor.id, c.application) in solution.chosen]
    others = [c for c in mine if c not in chosen]
    seatings = [(reader, seated(reader, chosen)) for reader in mix.readers]
    seating = next((s for reader, s in seatings if reader == mix.whole), Seating())
    groups = tuple(_group(reader.programmes, s) for reader, s in seatings if reader.programmes)
    gaps = _merged_gaps(seatings)
    picks = [_pick(c, seating, groups) for c in chosen]
    backups = reserve.stand_ins(dossier, mix, [(p.candidate, p.type) for p in picks if not p.is_written], others)
    picks = [replace(p, backup=backups.get(p.candidate.mentor.id)) for p in picks]
    return ApplicationPlan(
        application=mix.application, mix=mix, picks=tuple(picks), seating=seating, groups=groups,
        waiting=tuple(c for c in others if c.stands is Stands.WAITS),
        left=tuple(c for c in others if c.stands in {Stands.FREE, Stands.BARRED} and c.letter is None),
        dropped=tuple(c for c in others if c.stands in {Stands.FREE, Stands.BARRED} and c.letter is not None),
        gaps=gaps, crowded=mix.application in solution.crowded,
        notices=(*notices.of_application(mix, chosen, mine), *notices.of_gaps([g.type for g in gaps], mix, mine)),
    )  # fmt: skip


def _group(programmes: tuple[str, ...], seating: Seating) -> Group:
    sent = tuple(s.mentor for s in seating.seats if s.mentor) + seating.more
    return Group(programmes=programmes, mentors=sent, satisfied=not seating.gaps)


def _merged_gaps(seatings: Sequence[tuple[Reader, Seating]]) -> tuple[Gap, ...]:
    """What is missing of each type, with the programmes that miss it."""
    found: dict[tuple[LetterType, ...], list[tuple[Reader, int, bool]]] = {}
    for reader, seating in seatings:
        for kinds in dict.fromkeys((seat.type, *seat.also) for seat in seating.gaps):
            seats = [seat for seat in seating.gaps if (seat.type, *seat.also) == kinds]
            found.setdefault(kinds, []).append((reader, len(seats), any(s.required for s in seats)))
    return tuple(
        Gap(
            type=kinds[0], also=kinds[1:], many=max(many for _, many, _ in missed),
            programmes=tuple(sorted(p for r, _, _ in missed for p in r.programmes)),
            required_by=tuple(sorted(p for r, _, required in missed if required for p in r.programmes)),
            required=any(required and not r.programmes for r, _, required in missed),
        )
        for kinds, missed in sorted(found.items(), key=lambda item: (not any(x[2] for x in item[1]), item[0]))
    )  # fmt: skip


def _pick(candidate: Candidate, seating: Seating, groups: Sequence[Group]) -> Pick:
    mine = candidate.mentor.id
    kind = next((seat.type for seat in seating.seats if seat.mentor == mine), LetterType.ANY)
    return Pick(candidate=candidate, type=kind, more=mine in seating.more and _is_spare(candidate, groups))


def _is_spare(candidate: Candidate, groups: Sequence[Group]) -> bool:
    """Whether no programme gets this letter either."""
    return not any(candidate.mentor.id in g.mentors for g in groups)


def _questions(choice: Choice, applications: Sequence[ApplicationPlan]) -> tuple[Unsaid, ...]:
    """For each mentor the types that an application misses, and of which nobody said whether the letter counts."""
    found: dict[str, dict[LetterType, None]] = {}
    for planned in applications:
        missing = {gap.type for gap in planned.gaps} - {LetterType.ANY}
        for candidate in choice.of(planned.application):
            if candidate.stands not in {Stands.FREE, Stands.FILLS}:
                continue
            for kind in sorted(missing):
                if all(candidate.answer(kind, s) is Answer.UNSAID for s in planned.mix.specialties):
                    found.setdefault(candidate.mentor.id, {})[kind] = None
    return tuple(Unsaid(mentor=mentor, types=tuple(kinds)) for mentor, kinds in found.items())
