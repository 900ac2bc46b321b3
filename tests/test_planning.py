"""The plan: who writes, what is missing, what breaks a rule; the rules one by one, and what the applicant decides."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from planning import (
    GOOD,
    SERVICES,
    application,
    dossier,
    gaps,
    letter,
    mentor,
    noticed,
    planned,
    programme,
    season,
    writers,
)

from lorbot.core import refusals
from lorbot.core.application import Pin
from lorbot.core.dossier import Dossier, Mentor, State
from lorbot.core.letter_types import LetterType as T
from lorbot.core.planning.plan import ApplicationPlan
from lorbot.core.planning.rules import RULES
from lorbot.core.planning.stored import Stored, oldest, stored_of
from lorbot.core.service import Reuse
from lorbot.mail.render import builtin_folder

TODAY = date(2027, 6, 15)


def for_amcas(*mentors: Mentor, letters: tuple[Any, ...] = (), **more: Any) -> Dossier:
    return dossier(mentors, [application(1, "amcas", **more)], letters)


def science(number: int, **more: Any) -> Mentor:
    return mentor(number, **{"counts_as": "science", **GOOD, **more})


def one(made: Dossier) -> ApplicationPlan:
    (found,) = planned(made).applications
    return found


# -- who writes ------------------------------------------------------------------------------------------------------


def test_a_less_famous_mentor_who_knows_the_applicant_outranks_a_famous_one_who_hardly_does() -> None:
    famous = science(1, closeness="hardly", renown="president of the national society", observed="")
    known = science(2, known_since="", last_worked="")
    for closeness in ("hardly", "a little", ""):
        made = for_amcas(replace(famous, closeness=closeness), known, science(3), science(4))
        assert writers(planned(made)) == {"a1": {"m2", "m3", "m4"}}


def test_between_two_who_know_the_applicant_equally_the_name_in_the_field_decides() -> None:
    made = for_amcas(science(1), science(2), science(3), science(4, renown="leads the society"))
    assert "m4" in writers(planned(made))["a1"]


def test_types_come_before_worth_and_no_more_letters_are_planned_than_are_wanted() -> None:
    weak = mentor(4, counts_as="non-science", closeness="a little")
    found = one(for_amcas(science(1), science(2), science(3), weak))
    assert [(p.candidate.mentor.id, p.type) for p in found.picks][-1] == ("m4", T.NON_SCIENCE)
    assert (len(found.picks), found.gaps) == (3, ())


def test_all_applications_are_planned_at_once_and_not_one_after_the_other() -> None:
    """The only DO is also the best scientist: AMCAS takes the others, and AACOMAS her for the place nobody else has."""
    best = science(1, name="Ada Byron, DO", counts_as="science, do letter", growth="much", renown="yes, very")
    made = dossier([best, science(2), science(3), mentor(4, **GOOD, counts_as="non-science")],
                   [application(1, "amcas"), application(2, "aacomas")])  # fmt: skip
    plan = planned(made)
    assert plan.missing == (0, 0, 0)
    seats = {s.mentor: s.type for s in plan.applications[1].seating.seats}
    assert seats == {"m1": T.OSTEOPATHIC, "m2": T.SCIENCE, "m3": T.SCIENCE}


def test_what_is_asked_agreed_or_received_has_its_place_and_what_waits_fills_none() -> None:
    weak = mentor(9, counts_as="science", closeness="hardly")
    fills = [State.PREVIEWED, State.ASKED, State.AGREED, State.PACKET_SENT, State.REPORTED, State.RECEIVED,
             State.ASSIGNED, State.THANKED, State.TOLD]  # fmt: skip
    for state in State:
        made = for_amcas(weak, science(1), science(2), letters=(letter(1, "m9", "a1", state),))
        assert ("m9" in writers(planned(made))["a1"]) == (state in fills), state
        waiting = [c.mentor.id for c in one(made).waiting]
        assert waiting == (["m9"] if state in {State.HELD, State.SILENT} else [])


def test_the_plan_takes_letters_that_were_planned_where_others_are_no_better() -> None:
    mentors = [science(n) for n in range(1, 7)]
    letters = tuple(letter(n, f"m{n}", "a1") for n in (4, 5, 6))
    assert writers(planned(for_amcas(*mentors))) == {"a1": {"m1", "m2", "m3"}}
    assert writers(planned(for_amcas(*mentors, letters=letters))) == {"a1": {"m4", "m5", "m6"}}


def test_one_mentor_is_not_burdened_where_another_is_nearly_as_good() -> None:
    names = ("tmdsas", "tmdsas", "tmdsas", "tmdsas", "tmdsas")
    people = [science(n, growth="much") for n in (1, 2, 3)] + [science(4), science(5), science(6)]
    made = dossier(people, [application(n, name) for n, name in enumerate(names, 1)])
    load = {m.id: sum(m.id in who for who in writers(planned(made)).values()) for m in people}
    assert sum(load.values()) == 15
    assert max(load.values()) < 5


def test_a_backup_stays_in_reserve_until_its_place_would_stay_empty() -> None:
    behind = science(3, backup_for="m1")
    found = one(for_amcas(science(1), science(2), behind, science(4, closeness="a little")))
    assert {p.candidate.mentor.id for p in found.picks} == {"m1", "m2", "m4"}
    backup = next(p.backup for p in found.picks if p.candidate.mentor.id == "m1")
    assert backup is not None
    assert (backup.mentor, backup.named, backup.fits) == ("m3", True, True)
    assert {p.candidate.mentor.id for p in one(for_amcas(science(1), science(2), behind)).picks} == {"m1", "m2", "m3"}
    declined = (letter(1, "m1", "a1", State.DECLINED),)
    promoted = one(for_amcas(science(1), science(2), behind, science(4), letters=declined))
    assert {p.candidate.mentor.id for p in promoted.picks} == {"m2", "m3", "m4"}


def test_backups_are_proposed_that_fill_the_same_place() -> None:
    found = one(for_amcas(science(1), science(2), mentor(3, **GOOD, counts_as="non-science"),
                          science(4, closeness="a little"), mentor(5, counts_as="non-science")))  # fmt: skip
    backups = {p.candidate.mentor.id: p.backup and (p.backup.mentor, p.backup.fits) for p in found.picks}
    assert backups == {"m1": ("m4", True), "m2": ("m4", True), "m3": ("m5", True)}


# -- what is missing -------------------------------------------------------------------------------------------------


def test_what_nobody_said_is_a_gap_and_a_question_and_is_not_planned_on() -> None:
    plan = planned(for_amcas(science(1), mentor(2, **GOOD), mentor(3, title="Professor of English", **GOOD)))
    assert gaps(plan) == {"a1": [(T.SCIENCE, 1)]}
    assert [(q.mentor, q.types) for q in plan.questions] == [("m2", (T.SCIENCE,))]
    assert plan.missing == (0, 0, 1)


def test_each_programme_gets_at_most_so_many_and_misses_only_what_it_wants() -> None:
    people = [mentor(n, specialty="surgery", **GOOD) for n in range(1, 4)]
    people += [mentor(4, title="Chair of Medicine", **GOOD), mentor(5, role="research", **GOOD)]
    made = dossier(people, [application(1, "eras")], specialty="surgery", programmes=(
        programme(1, "a1", 3), programme(2, "a1", 4, "chair", "research"), programme(3, "a1", 4, "pd"),
    ))  # fmt: skip
    found = one(made)
    sent = {g.programmes[0][-2:]: set(g.mentors) for g in found.groups}
    assert all(len(mentors) <= 4 for mentors in sent.values())
    assert {"m4", "m5"} <= sent["02"]
    assert len(sent["01"]) == 3 or len(sent["01"]) == 4
    assert [(g.type, g.many, g.required_by) for g in found.gaps] == [(T.DIRECTOR, 1, ("Program 03",))]
    assert [g.satisfied for g in found.groups] == [True, True, False]


def test_a_committee_letter_stands_for_the_others() -> None:
    committee = mentor(1, name="Pre-health Committee", **GOOD)
    assert writers(planned(for_amcas(committee, science(2), science(3)))) == {"a1": {"m1"}}
    made = dossier([committee, science(2)], [application(1, "aacomas")])
    assert gaps(planned(made)) == {"a1": [(T.OSTEOPATHIC, 1)]}


def test_an_application_that_is_over_is_left_alone() -> None:
    made = for_amcas(science(1), outcome="accepted")
    assert (planned(made).applications, planned(made).over) == ((), ("a1",))


def test_an_unknown_service_keeps_what_is_planned_and_says_that_it_does_not_know() -> None:
    made = dossier([science(1), science(2)], [application(1, "custom")], [letter(1, "m2", "a1")])
    assert writers(planned(made)) == {"a1": {"m2"}}
    assert ("unknown", "") in noticed(planned(made))


# -- the rules -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"never": True}, "never"), ({"closeness": "my uncle, knows me well"}, "family"),
        ({"closeness": "hardly"}, "hardly_known"),
    ],
)  # fmt: skip
def test_who_is_not_planned_even_where_a_gap_stays(change: dict[str, Any], name: str) -> None:
    found = one(for_amcas(science(1, **change), science(2)))
    assert [(c.mentor.id, c.barred) for c in found.left] == [("m1", name)]
    assert T.SCIENCE in {g.type for g in found.gaps}


@pytest.mark.parametrize("state", [State.DECLINED, State.WITHDRAWN, State.CANCELLED])
def test_whose_letter_is_closed_is_not_planned_again(state: State) -> None:
    begun = replace(letter(1, "m1", "a1", state), asked_at=application(1, "amcas").deadline)
    found = one(for_amcas(science(1), science(2), letters=(begun,)))
    assert [c.barred for c in found.dropped] == ["cancelled" if state is State.CANCELLED else "declined"]


def test_the_person_at_an_address_that_said_no_is_known_under_another_name() -> None:
    made = for_amcas(science(1), letters=(letter(1, "m1", "a1", State.DECLINED),))
    made = refusals.noted(made, made.letter("l1"))
    again = replace(made, mentors=(science(2, email=made.mentor("m1").email),), letters=())
    assert one(again).picks == ()


def test_no_more_letters_than_a_service_takes_and_too_many_are_named() -> None:
    people = [science(n) for n in range(1, 8)]
    asked = tuple(letter(n, f"m{n}", "a1", State.ASKED) for n in range(1, 6))
    caspa = [application(1, "caspa")]
    full = planned(dossier(people, caspa, asked))
    assert writers(full) == {"a1": {"m1", "m2", "m3", "m4", "m5"}}  # the physician assistant's place stays empty
    over = planned(dossier(people, caspa, (*asked, letter(6, "m6", "a1", State.HELD))))
    assert ("too_many", "") in noticed(over)
    assert ("too_many", "") not in noticed(full)


def test_where_room_is_short_what_is_required_comes_first() -> None:
    people = [*(mentor(n) for n in range(1, 5)), science(5), mentor(6, counts_as="pa")]
    asked = [letter(n, f"m{n}", "a1", State.ASKED) for n in range(1, 5)]
    plan = planned(dossier(people, [application(1, "caspa")], asked))
    assert writers(plan) == {"a1": {"m1", "m2", "m3", "m4", "m6"}}
    assert gaps(plan) == {"a1": [(T.SCIENCE, 1)]}
    asked[0] = letter(1, "m1", "a1", State.HELD)  # takes up room until it is decided
    assert writers(planned(dossier(people, [application(1, "caspa")], asked))) == {"a1": {"m2", "m3", "m4", "m6"}}


def contributing(**letters: State) -> Dossier:
    people = [mentor(1, name="Pre-health Committee", counts_as="committee letter"),
              science(2, counts_as="science, do letter, contributes to the committee letter")]  # fmt: skip
    made = [letter(n, m, "a1", s) for n, (m, s) in enumerate(letters.items(), 1)]
    return dossier(people, [application(1, "aacomas"), application(2, "amcas")], made)


def test_who_contributed_to_a_committee_letter_does_not_write_beside_it() -> None:
    assert writers(planned(contributing(m1=State.AGREED)))["a1"] == {"m1"}
    assert ("contributor_writes", "m2") not in noticed(planned(contributing(m1=State.AGREED)))
    assert writers(planned(contributing(m2=State.AGREED)))["a1"] == {"m2"}
    both = planned(contributing(m1=State.AGREED, m2=State.ASKED))
    assert writers(both)["a1"] == {"m1", "m2"}  # it stands as it is, and is named
    assert ("contributor_writes", "m2") in noticed(both)


def test_reviewers_of_a_promotion_are_never_asked_by_the_applicant() -> None:
    made = dossier([science(1), science(2)], [application(1, "promotion")],
                   [letter(1, "m1", "a1"), letter(2, "m2", "a1", State.ASKED)])  # fmt: skip
    plan = planned(made)
    assert not plan.applications[0].new
    assert noticed(plan) >= {("solicited", ""), ("solicited_planned", "m1"), ("solicited_asked", "m2")}


@pytest.mark.parametrize(
    ("kept", "reuse", "expected"),
    [
        ("", Reuse(stored_allowed=False), Stored.NONE), ("Interfolio", Reuse(), Stored.UNKNOWN),
        ("Interfolio, 3 May 2026", Reuse(stored_allowed=False), Stored.NOT_TAKEN),
        ("Interfolio", Reuse(stored_allowed=True), Stored.USABLE),
        ("Interfolio, 3 May 2026", Reuse(stored_allowed=True, written_after="05-01 of the year before"), Stored.USABLE),
        ("30 April 2026", Reuse(stored_allowed=True, written_after="05-01 of the year before"), Stored.TOO_OLD),
        ("from 2026", Reuse(stored_allowed=True, written_after="05-01 of the year before"), Stored.UNDATED),
        ("March 2025", Reuse(written_after="05-01 of the year before"), Stored.TOO_OLD),
        ("on file", Reuse(stored_allowed=True, written_after="05-01 of the year before"), Stored.UNDATED),
    ],
)  # fmt: skip
def test_a_stored_letter(kept: str, reuse: Reuse, expected: Stored) -> None:
    assert stored_of(mentor(1, stored_letter=kept), reuse, 2027, TODAY) is expected


def test_a_day_that_is_none_is_no_rule() -> None:
    assert [oldest(words, 2027) for words in ("", "13-45", "05-01", "05-01 of the year before")] == [
        None, None, date(2027, 5, 1), date(2026, 5, 1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("service", "kept", "name"),
    [("caspa", "Interfolio", "stored_not_taken"), ("tmdsas", "April 2025", "stored_too_old"),
     ("tmdsas", "May 2027", "stored_usable"), ("amcas", "x", "stored_unknown"), ("tmdsas", "x", "stored_undated")],
)  # fmt: skip
def test_stored_letters_are_spoken_of_with_the_letter_they_are_for(service: str, kept: str, name: str) -> None:
    plan = planned(dossier([science(1, stored_letter=kept)], [application(1, service)]))
    assert noticed(plan) == {(name, "m1")}


def test_the_other_warnings() -> None:
    three = [application(n, "tmdsas") for n in (1, 2, 3)]
    assert noticed(planned(dossier([science(1), science(2, email="")], three))) >= {
        ("load", "m1"),
        ("no_address", "m2"),
    }
    em = dossier([mentor(1, specialty="emergency medicine", **GOOD)], [application(1, "eras")],
                 specialty="emergency medicine")  # fmt: skip
    assert ("form", "") in noticed(planned(em))
    assert ("could_grow", "m1") in noticed(planned(for_amcas(science(1, closeness="hardly"))))
    unsure = contributing(m1=State.AGREED, m2=State.PLANNED)
    pinned = replace(unsure.applications[1], pins=(Pin(mentor="m1", writes=True), Pin(mentor="m2", writes=True)))
    assert ("contributor", "m2") in noticed(planned(unsure.with_application(pinned)))


# -- what the applicant decides ---------------------------------------------------------------------------------------


def pinned(made: Dossier, *pins: Pin) -> Dossier:
    return made.with_application(replace(made.applications[0], pins=pins))


def test_what_is_pinned_stays_and_what_is_not_wanted_does_not_come() -> None:
    made = for_amcas(science(1), science(2), science(3), mentor(4, closeness="hardly"), science(5))
    made = pinned(made, Pin(mentor="m4", writes=True), Pin(mentor="m1", writes=False))
    who = writers(planned(made))["a1"]
    assert "m4" in who
    assert "m1" not in who


def test_a_pin_for_a_type_says_what_the_letter_counts_as() -> None:
    made = pinned(for_amcas(science(1), science(2), science(3)), Pin(mentor="m3", writes=True, as_type="non-science"))
    assert {p.candidate.mentor.id: p.type for p in one(made).picks} == {
        "m1": T.SCIENCE, "m2": T.SCIENCE, "m3": T.NON_SCIENCE,
    }  # fmt: skip


def test_a_pin_that_breaks_a_rule_is_named_and_not_followed() -> None:
    made = for_amcas(science(1), science(2, never=True), letters=(letter(1, "m1", "a1", State.DECLINED),))
    plan = planned(pinned(made, Pin(mentor="m1", writes=True), Pin(mentor="m2", writes=True)))
    assert writers(plan) == {"a1": set()}
    assert noticed(plan) >= {("pinned_declined", "m1"), ("pinned_never", "m2")}


def test_pins_that_break_a_rule_together_stop_the_plan_of_that_application_and_no_other() -> None:
    people = [science(n) for n in range(1, 8)]
    made = dossier(people, [application(1, "caspa"), application(2, "amcas")])
    made = pinned(made, *(Pin(mentor=f"m{n}", writes=True) for n in range(1, 7)))
    plan = planned(made)
    assert [(a.crowded, len(a.picks)) for a in plan.applications] == [(True, 0), (False, 3)]
    assert ("too_many_pinned", "") in noticed(plan)
    committee = pinned(contributing(), Pin(mentor="m1", writes=True), Pin(mentor="m2", writes=True))
    assert planned(committee).applications[0].crowded


def test_every_rule_and_every_notice_has_its_sentence() -> None:
    text = (builtin_folder() / "applicant" / "_plan.txt").read_text("utf-8")
    assert [rule.name for rule in RULES if f'"{rule.name}":' not in text] == []
    named = {"solicited", "solicited_asked", "solicited_planned", "too_many", "too_many_pinned", "contributor_writes",
             "contributor", "form", "unknown", "load", "could_grow", "no_address", "stored_not_taken",
             "stored_too_old", "stored_undated", "stored_unknown", "stored_usable"}  # fmt: skip
    assert [name for name in named if f'n.name == "{name}"' not in text] == []
    hard = [f"pinned_{rule.name}" for rule in RULES if not rule.yields and rule.name != "not_wanted"]
    assert [name for name in hard if f'"{name}"' not in text] == []
    assert [kind for kind in T if kind is not T.ANY and f'"{kind.value}"' not in text] == []


def test_a_large_season_names_every_service() -> None:
    assert [a.mix.service.name for a in planned(season()).applications] == ["eras", "amcas", "aacomas", "caspa"]
    assert set(SERVICES) > {"eras", "amcas", "aacomas", "caspa"}
