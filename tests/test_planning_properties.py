"""What holds for every plan, whatever the dossier: on many that nobody thought of, and against all other plans."""

import statistics
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from random import Random
from time import process_time
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from planning import (
    GOOD,
    NOW,
    POLICY,
    SERVICES,
    application,
    dossier,
    letter,
    mentor,
    planned,
    programme,
    season,
    shuffled,
)

from lorbot.core import fit
from lorbot.core.application import Pin
from lorbot.core.dossier import Dossier, State
from lorbot.core.letter_types import LetterType as T
from lorbot.core.planning.cases import Candidate, Choice, Stands, choice_of
from lorbot.core.planning.plan import Plan
from lorbot.core.planning.seating import seated
from lorbot.core.planning.solve import LOAD, RESERVE

FEW = settings(max_examples=30, deadline=None, derandomize=True)

TYPES = ("", "science", "non-science", "do letter", "pa", "chair", "specialty", "committee letter",
         "science, contributes to the committee letter", "arm's length")  # fmt: skip
CLOSENESS = ("knows me well", "a little", "hardly", "my aunt", "")
STATES = (State.PLANNED, State.ASKED, State.HELD, State.RECEIVED, State.DECLINED, State.BOUNCED)
WISHES = ((), ("chair",), ("specialty", "specialty"), ("chair", "science", "pa"))


@st.composite
def dossiers(draw: Any, most_mentors: int = 6, names: tuple[str, ...] = tuple(SERVICES)) -> Dossier:
    people = [
        mentor(n, **GOOD | {
            "counts_as": draw(st.sampled_from(TYPES)), "closeness": draw(st.sampled_from(CLOSENESS)),
            "never": draw(st.sampled_from((False, False, True))), "backup_for": draw(st.sampled_from(("", "", "m1"))),
            "observed": draw(st.sampled_from(("yes", "no", ""))),
        })
        for n in range(1, draw(st.integers(1, most_mentors)) + 1)
    ]  # fmt: skip
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3))
    applications = [application(n, name) for n, name in enumerate(chosen, 1)]
    pairs = [(m.id, a.id) for m in people for a in applications]
    about = draw(st.lists(st.sampled_from(pairs), max_size=4, unique=True))
    letters = [letter(n, m, a, draw(st.sampled_from(STATES))) for n, (m, a) in enumerate(about, 1)]
    pins = draw(st.lists(st.sampled_from(pairs), max_size=3, unique=True))
    applications = [
        replace(a, pins=tuple(Pin(mentor=m, writes=draw(st.booleans())) for m, of in pins if of == a.id))
        for a in applications
    ]
    table = [
        programme(n, draw(st.sampled_from(applications)).id, draw(st.sampled_from((None, 2, 5))),
                  *draw(st.sampled_from(WISHES)))
        for n in range(draw(st.integers(0, 4)))
    ]  # fmt: skip
    return dossier(people, applications, letters, programmes=tuple(table), specialty="surgery")


def value_of(plan: Plan) -> tuple[tuple[int, int, int], int]:
    """How good a plan is, the smaller the better."""
    return plan.missing, plan.cost


def broken(made: Dossier, plan: Plan) -> Iterator[str]:
    """Every hard rule that what the plan adds breaks: written down a second time, from the dossier alone."""
    for planned_for in plan.applications:
        a, service = made.application(planned_for.application), planned_for.mix.service
        writers = [p.candidate.mentor for p in planned_for.picks]
        new = [p.candidate.mentor for p in planned_for.new]
        live = [x for x in made.letters if x.application == a.id and x.state in STATES[1:4]]
        pins = {p.mentor: p.writes for p in a.pins}
        if len({m.id for m in writers}) < len(writers):
            yield "two letters of one mentor"
        if service.counts.most is not None and new and len(live) + len(new) > service.counts.most:
            yield "too many letters"
        if service.counts.most_per_programme and any(len(g.mentors) > 4 for g in planned_for.groups):
            yield "too many letters for one program"
        for m in new:
            declined = any(
                x.mentor == m.id and x.application == a.id and x.state is State.DECLINED for x in made.letters
            )
            if m.never or declined or pins.get(m.id) is False:
                yield "somebody who must not be asked"
            if m.closeness in {"hardly", "my aunt"} and not pins.get(m.id):
                yield "family or a stranger"
            if service.name == "promotion":
                yield "a reviewer asked by the applicant"
        contributors = {m.id for m in writers if "contributes" in m.counts_as}
        committee = {m.id for m in writers if m.counts_as == "committee letter"}
        added = {m.id for m in new} & (contributors | committee)
        if service.counts.contributors_may_write is False and contributors and committee and added:
            yield "a contributor beside the committee letter"


@FEW
@given(dossiers())
def test_no_plan_breaks_a_hard_rule_of_a_service(made: Dossier) -> None:
    plan = planned(made)
    assert plan.solved
    assert list(broken(made, plan)) == []


@FEW
@given(dossiers(), st.sampled_from(TYPES))
def test_adding_a_good_mentor_never_makes_a_plan_worse(made: Dossier, counts_as: str) -> None:
    before = planned(made)
    good = mentor(77, **GOOD, counts_as=counts_as)
    after = planned(replace(made, mentors=(*made.mentors, good)))
    assert value_of(after) <= value_of(before)


@FEW
@given(dossiers(), st.integers(0, 9))
def test_the_same_input_gives_the_same_plan_whatever_the_order_of_its_tables(made: Dossier, seed: int) -> None:
    order = Random(seed)
    keys: dict[str, float] = {}
    other = shuffled(made, lambda item_id: keys.setdefault(item_id, order.random()))
    assert planned(made) == planned(made) == planned(other)


@FEW
@given(dossiers())
def test_what_is_pinned_stays_pinned_unless_it_breaks_a_rule_and_that_is_said(made: Dossier) -> None:
    for planned_for in planned(made).applications:
        writers = {p.candidate.mentor.id for p in planned_for.picks}
        said = {n.mentor for n in planned_for.notices if n.breaks}
        waits = {c.mentor.id for c in planned_for.waiting}
        for pin in made.application(planned_for.application).pins:
            if pin.writes:
                assert pin.mentor in writers | said | waits or planned_for.crowded


@FEW
@given(dossiers())
def test_a_plan_that_is_followed_is_the_plan_again(made: Dossier) -> None:
    plan = planned(made)
    new = [(p.candidate.mentor.id, p.candidate.application) for a in plan.applications for p in a.new]
    there = {(x.mentor, x.application) for x in made.letters}
    followed = [letter(50 + n, m, a) for n, (m, a) in enumerate(new) if (m, a) not in there]
    after = planned(replace(made, letters=(*made.letters, *followed)))
    assert [(p.candidate.mentor.id, p.candidate.application) for a in after.applications for p in a.new] == new
    assert value_of(after) == value_of(plan)


# -- against trying all plans ------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None, derandomize=True)
@given(dossiers(most_mentors=3, names=("amcas", "aacomas", "caspa", "eras")))
def test_no_other_plan_is_better(made: Dossier) -> None:
    """Every way to take or leave each mentor for each application, one by one."""
    plan = planned(made)
    if any(a.crowded for a in plan.applications):
        return
    choice = choice_of(made, POLICY, NOW, SERVICES.__getitem__)
    free = [c for c in choice.candidates if c.stands is Stands.FREE]
    if len(free) > 9:
        return
    fixed = [c for c in choice.candidates if c.stands is Stands.FILLS]
    tried = (
        [*fixed, *(c for c, taken in zip(free, which, strict=True) if taken)]
        for which in product((0, 1), repeat=len(free))
    )
    assert value_of(plan) == min(value(choice, chosen) for chosen in tried if is_allowed(choice, chosen))


def is_allowed(choice: Choice, chosen: list[Candidate]) -> bool:
    if any(c.pinned and c.stands is Stands.FREE and c not in chosen for c in choice.candidates):
        return False
    for mix in choice.mixes:
        mine = [c for c in chosen if c.application == mix.application]
        new = [c for c in mine if c.stands is Stands.FREE]
        waiting = [c for c in choice.of(mix.application) if c.stands is Stands.WAITS]
        if mix.most is not None and new and len(mine) + len(waiting) > mix.most:
            return False
        apart = mix.service.counts.contributors_may_write is False
        for one, other in product(mine, mine):
            if apart and one.contributes and other.is_committee and (one in new or other in new):
                return False
    return True


def value(choice: Choice, chosen: list[Candidate]) -> tuple[tuple[int, int, int], int]:
    missing = [0, 0, 0]
    for mix in choice.mixes:
        mine = [c for c in chosen if c.application == mix.application]
        for reader in mix.readers:
            gaps = [s for s in seated(reader, mine).gaps if s.type is not T.ANY]
            kept_free = sum(s.required for s in gaps)  # no other letter takes the room of one that must still be found
            missing[0] += reader.many * kept_free
            missing[2] += reader.many * sum(not s.required for s in gaps)
            stands_for_all = any(c.counts_as(k, reader.specialty) for c in mine for k in reader.instead)
            for level, wanted in ((1, reader.needs), (2, reader.usual)):
                least = min(wanted, reader.most) if reader.most else wanted
                missing[level] += 0 if stands_for_all else reader.many * max(least - len(mine) - kept_free, 0)
    points = sum(fit.BEST - c.worth + (RESERVE if c.reserve and not c.pinned else 0) for c in chosen)
    loads = [sum(c.mentor.id == m for c in chosen) for m in {c.mentor.id for c in chosen}]
    points += sum(LOAD[min(n, len(LOAD) - 1)] for load in loads for n in range(load))
    return (missing[0], missing[1], missing[2]), points


# -- in time -----------------------------------------------------------------------------------------------------------


def test_forty_programs_twelve_mentors_and_four_services_are_planned_in_a_fifth_of_a_second() -> None:
    made = season(programmes=40, mentors=12)
    planned(made)  # scipy is imported once
    assert statistics.median(seconds(made) for _ in range(5)) < 0.2


def seconds(made: Dossier) -> float:
    """Of the processor's time, so that a busy machine does not count."""
    begun = process_time()
    planned(made)
    return process_time() - begun


if __name__ == "__main__":  # python tests/test_planning_properties.py
    taken = sorted(seconds(season()) for _ in range(25))
    print(f"40 programs, 12 mentors, 4 services: median {statistics.median(taken):.3f} s, slowest {taken[-1]:.3f} s")
