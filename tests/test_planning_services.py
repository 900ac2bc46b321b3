"""Plans on what the services really want, as the data files have it."""

from dataclasses import replace
from datetime import UTC, datetime

import dossiers
import pytest
from dossiers import decided, problems
from planning import GOOD, NOW, POLICY, dossier, mentor

from lorbot.core import services
from lorbot.core.application import Application, Programme
from lorbot.core.dossier import Dossier
from lorbot.core.planning.plan import plan_of


def applying(service: str, specialty: str = "", **counts_as: str) -> Dossier:
    """An application to a real service, with mentors who know the applicant well."""
    to = Application(
        id="a1", name=f"{services.service(service).title} 2028", service=service,
        deadline=datetime(2027, 9, 1, 21, tzinfo=UTC), time_zone="America/New_York",
    )  # fmt: skip
    people = [mentor(n, **GOOD, counts_as=what.replace("_", " ")) for n, what in enumerate(counts_as.values(), 1)]
    made = dossier(people, [to])
    return replace(made, applicant=replace(made.applicant, specialty=specialty))


def answer(made: Dossier) -> str:
    return dossiers.answer(decided(made, "plan"))


@pytest.mark.parametrize("service", sorted(services.all_services()))
@pytest.mark.parametrize("specialty", ["", "EM", "plastic surgery"])
def test_every_service_gives_a_plan_that_reads_well(service: str, specialty: str) -> None:
    made = decided(applying(service, specialty, a="science", b="physician", c="research"), "plan")
    text = dossiers.answer(made)
    assert problems(made) == []
    assert "I could not work out a plan" not in text


def test_room_is_kept_for_a_letter_that_is_required_and_has_no_writer_yet() -> None:
    made = applying("omsas", a="academic", b="academic", c="academic")
    plan = plan_of(made, POLICY, NOW)
    [found] = plan.applications
    assert len(found.new) == 2, "a third would leave no room: OMSAS takes three, and one is from outside one's studies"
    assert "- one letter from outside your studies, which is required" in answer(made)


def test_the_form_of_the_specialty_is_found_under_the_names_people_use() -> None:
    for name in ("emergency medicine", "Emergency Medicine", "EM"):
        assert "standardized form, the SLOE" in answer(applying("eras-residency", name, a="specialty"))


def test_what_is_usual_is_said_in_the_words_of_the_service_and_no_number_is_made_up() -> None:
    text = answer(applying("aacomas", a="osteopathic"))
    assert "It takes 6 at the most. Usual: a letter from a DO is strongly recommended." in text
    assert "usually wants" not in text


def test_nothing_is_to_be_asked_for_where_the_institution_asks() -> None:
    text = answer(applying("academic-promotion", a="colleague"))
    assert text.startswith("**Next:** nothing to ask for.")
    assert "Letters for this are asked for by the institution" in text


def test_a_program_that_takes_either_of_two_types_is_satisfied_by_one_of_them() -> None:
    wanted = Programme(
        id="p1", application="a1", name="Lakeside", letters=1, types=("department chair or program director",)
    )
    chair = replace(applying("eras-residency", a="department chair"), programmes=(wanted,))
    assert "| program director or department chair, required | Dr. Ada Name1 | to be asked |" in answer(chair)
    assert "Lakeside requires" not in answer(chair)
    nobody = answer(replace(applying("eras-residency", a="physician"), programmes=(wanted,)))
    assert "- one letter from a program director or from the department chair, which Lakeside requires" in nobody


def test_of_programs_that_want_different_things_only_what_all_want_is_said_of_them() -> None:
    small = Programme(id="p1", application="a1", name="Lakeside", letters=3, types=("department chair",))
    other = Programme(id="p2", application="a1", name="Northern", letters=4)
    text = answer(replace(applying("eras-residency", a="physician"), programmes=(small, other)))
    assert "The programs want 3 or 4 letters." in text
    assert "Required:" not in text


def test_an_ask_for_a_promotion_says_who_asks_the_outside_reviewers() -> None:
    made = applying("academic-promotion", a="colleague")
    told = dossiers.answer(decided(made, f"mentor {made.mentors[0].name}", f"for: {made.applications[0].name}"))
    assert "asked by your institution, never by you. Send this only if it lets you ask" in told
