"""What breaks a rule as things stand, and what to know about the letters of a plan: a name each, and whom it is about.

The sentences are in templates/applicant/_plan.txt; what is known of a mentor is said by the fit review.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from lorbot.core import fit
from lorbot.core.letter_types import LetterType
from lorbot.core.planning.cases import Candidate, Choice, Stands
from lorbot.core.planning.mix import Mix
from lorbot.core.planning.solve import Solution, shut_out
from lorbot.core.planning.stored import Stored
from lorbot.core.value import Line, value


@value
class Notice:
    name: Line
    mentor: Line = ""  # an id
    number: int = 0
    words: Line = ""
    breaks: bool = False  # a rule is broken as things stand


_OF_STORED: dict[Stored, str] = {
    Stored.NOT_TAKEN: "stored_not_taken", Stored.TOO_OLD: "stored_too_old", Stored.UNDATED: "stored_undated",
    Stored.UNKNOWN: "stored_unknown", Stored.USABLE: "stored_usable",
}  # fmt: skip


def of_application(mix: Mix, chosen: Sequence[Candidate], everybody: Sequence[Candidate]) -> tuple[Notice, ...]:
    """The notices about one application: what breaks a rule first."""
    found = [*_broken(mix, everybody), *_of_service(mix, chosen)]
    for candidate in chosen:
        found += _of_letter(mix, candidate, chosen)
    return tuple(sorted(found, key=lambda notice: not notice.breaks))


def of_gaps(missing: Collection[LetterType], mix: Mix, everybody: Sequence[Candidate]) -> tuple[Notice, ...]:
    """Mentors who hardly know the applicant and could fill a gap by kind: first they would have to get to know."""
    return tuple(
        Notice(name="could_grow", mentor=c.mentor.id)
        for c in everybody
        if c.barred == "hardly_known" and any(c.counts_as(kind, s) for kind in missing for s in mix.specialties)
    )


def of_load(choice: Choice, solution: Solution) -> tuple[Notice, ...]:
    """Mentors who write many letters in this plan."""
    load = Counter(mentor for mentor, _ in solution.chosen)
    mentors = dict.fromkeys(c.mentor.id for c in choice.candidates)
    return tuple(Notice(name="load", mentor=m, number=load[m]) for m in mentors if load[m] >= fit.MOST_AT_ONCE)


def _broken(mix: Mix, everybody: Sequence[Candidate]) -> Iterator[Notice]:
    """What stands already, or is pinned, and should not."""
    taken = [c for c in everybody if c.stands in {Stands.FILLS, Stands.WAITS}]
    pinned = [c for c in everybody if c.pinned and c.stands in {Stands.FREE, Stands.BARRED}]
    for candidate in pinned:
        if candidate.barred:
            yield Notice(name=f"pinned_{candidate.barred}", mentor=candidate.mentor.id, breaks=True)
    if mix.most is not None and len(taken) > mix.most:
        yield Notice(name="too_many", number=len(taken), words=str(mix.most), breaks=True)
    free = [c for c in pinned if c.stands is Stands.FREE]
    if mix.most is not None and free and len(taken) + len(free) > mix.most:
        yield Notice(name="too_many_pinned", number=len(taken) + len(free), words=str(mix.most), breaks=True)
    both = [*taken, *free]
    for one in both:
        if any(shut_out(mix, one, other) for other in both):
            yield Notice(name="contributor_writes", mentor=one.mentor.id, breaks=True)
    for candidate in everybody:
        if mix.solicited and candidate.letter and candidate.stands is not Stands.BARRED:
            yield Notice(name="solicited_asked", mentor=candidate.mentor.id, breaks=True)
        if mix.solicited and candidate.letter and candidate.stands is Stands.BARRED and candidate.barred == "solicited":
            yield Notice(name="solicited_planned", mentor=candidate.mentor.id, breaks=True)


def _of_service(mix: Mix, chosen: Sequence[Candidate]) -> Iterator[Notice]:
    if mix.solicited:
        yield Notice(name="solicited")
    if mix.unknown:
        yield Notice(name="unknown")
    if mix.form and chosen:
        yield Notice(name="form", words=mix.form.name)


def _of_letter(mix: Mix, candidate: Candidate, chosen: Sequence[Candidate]) -> Iterator[Notice]:
    new = candidate.stands is Stands.FREE
    if new and candidate.stored in _OF_STORED:
        yield Notice(
            name=_OF_STORED[candidate.stored], mentor=candidate.mentor.id, words=candidate.mentor.stored_letter
        )
    if new and not candidate.mentor.email:
        yield Notice(name="no_address", mentor=candidate.mentor.id)
    beside = candidate.contributes and any(c.is_committee for c in chosen if c is not candidate)
    if new and beside and mix.service.counts.contributors_may_write is None:
        yield Notice(name="contributor", mentor=candidate.mentor.id)
