"""Whom and what the applicant means: one, or a question who of several."""

from dataclasses import replace

import pytest
from dossiers import rich, small

from lorbot.core.commands.people import find_mentors, known_mentor, letters_meant, meant, split_names, the_application
from lorbot.core.dossier import Dossier, Mentor, State

CHEN = "Dr. Wei Chen <chen@hospital.example>"
LOPEZES = "Dr. Elena Lopez <lopez@hospital.example> · Dr. Maria Lopez <maria.lopez@clinic.example>"
ALL = "Dr. Elena Lopez · Sam Kim, MD · Dr. Wei Chen · Dr. Maria Lopez · Dr. Ana"


def crowded() -> Dossier:
    """Two of one family name, and one who is known by a first name."""
    more = (
        Mentor(id="m4", name="Dr. Maria Lopez", email="maria.lopez@clinic.example"),
        Mentor(id="m5", name="Dr. Ana", email="ana.ruiz@clinic.example"),
    )
    return replace(rich(), mentors=(*rich().mentors, *more))


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("Dr. Lopez", ["Dr. Lopez"]),
        ("Dr. Lopez, Dr. Kim and Stein", ["Dr. Lopez", "Dr. Kim", "Stein"]),
        ("Lopez & Kim", ["Lopez", "Kim"]),
        ("Lopez, and Kim", ["Lopez", "Kim"]),
        ("Elena Lopez, MD", ["Elena Lopez, MD"]),
        ("Elena Lopez, MD, PhD and Sam Kim, M.D.", ["Elena Lopez, MD, PhD", "Sam Kim, M.D."]),
        ("Anders and", ["Anders and"]),
        ("", []),
    ],
)
def test_names_side_by_side(who: str, names: list[str]) -> None:
    assert split_names(who) == names


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ("Chen", ["m3"]),
        ("dr chen", ["m3"]),
        ("chen@hospital.example", ["m3"]),
        ("Wei Chen <Chen@Hospital.example>", ["m3"]),
        ("“Chen”", ["m3"]),
        ("Lopez", ["m1", "m4"]),
        ("Dr. Maria Lopez", ["m4"]),
        ("E Lopez", ["m1"]),
        ("Nobody", []),
        ("nobody@hospital.example", []),
        ("", []),
    ],
)
def test_a_mentor_by_name_or_address(wanted: str, ids: list[str]) -> None:
    assert [m.id for m in find_mentors(crowded(), wanted)] == ids


@pytest.mark.parametrize(
    ("argument", "mentors", "application", "problems"),
    [
        ("Chen", ["m3"], None, []),
        ("Dr. Chen and Kim for ERAS 2028", ["m3", "m2"], "a1", []),
        ("Chen for garden", ["m3"], "a2", []),
        (
            "Chen for AMCAS",
            [],
            None,
            ["“AMCAS” is not one of your applications; there are: ERAS 2028, internal medicine · Garden grant"],
        ),
        (
            "Lopez and Chen",
            ["m3"],
            None,
            [f"“Lopez” could be several people: {LOPEZES}; write the full name or the address"],
        ),
        (
            "Stein",
            [],
            None,
            [f"“Stein” is not one of your mentors; there are: {ALL}. To add one, use the subject: mentor Stein"],
        ),
        ("", [], None, ["the name of the mentor is missing"]),
    ],
)
def test_who_is_meant(argument: str, mentors: list[str], application: str | None, problems: list[str]) -> None:
    found = meant(crowded(), argument)
    seen = ([m.id for m in found.mentors], found.application.id if found.application else None, list(found.problems))
    assert seen == (mentors, application, problems)


@pytest.mark.parametrize(
    ("name", "email", "known"),
    [
        ("Dr. Wei Chen", "new@hospital.example", "m3"),  # in full: the address changes
        ("Chen", "", "m3"),
        ("Chen", "chen@hospital.example", "m3"),
        ("chen@hospital.example", "new@hospital.example", "m3"),
        ("Dr. Li Chen", "li@hospital.example", None),
        ("Dr. Ana Ruiz", "ana.ruiz@clinic.example", "m5"),  # the same person by the address, now in full
        ("Dr. Ana Ruiz", "", None),
        ("Dr. Stein", "chen@hospital.example", None),  # the address is found to be taken later
    ],
)
def test_whom_a_form_is_about(name: str, email: str, known: str | None) -> None:
    mentor, problem = known_mentor(crowded(), name, email)
    assert (mentor.id if mentor else None, problem) == (known, "")


@pytest.mark.parametrize(
    ("name", "email", "problem"),
    [
        (
            "Chen",
            "li.chen@x.example",
            f"“Chen” could be {CHEN}, with another address; write the full name of whom you mean",
        ),
        ("Lopez", "", f"“Lopez” could be {LOPEZES}; write the full name, or the address in place of the name"),
        ("who@hospital.example", "", "the mentor needs a name in the subject: mentor Dr. Elena Lopez"),
    ],
)
def test_a_form_that_could_be_about_somebody_else_is_asked_about(name: str, email: str, problem: str) -> None:
    assert known_mentor(crowded(), name, email) == (None, problem)


def test_a_fuller_name_takes_the_place_of_a_first_name() -> None:
    mentor, _ = known_mentor(crowded(), "Dr. Ana Ruiz", "ana.ruiz@clinic.example")
    assert mentor is not None
    assert mentor.name == "Dr. Ana Ruiz"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("ERAS", "a1"), ("eras 2028, INTERNAL medicine", "a1"), ("grant", "a2"), ("", None), ("2027", None)],
)
def test_an_application_by_its_words(wanted: str, found: str | None) -> None:
    application, problem = the_application(rich(), wanted)
    assert (application.id if application else None) == found
    assert bool(problem) is (found is None)


def test_without_applications_the_way_to_one_is_told() -> None:
    assert the_application(small(), "") == (
        None,
        "there is no application yet; send one with the subject: application NAME",
    )


def test_the_letters_of_those_who_are_meant() -> None:
    dossier = rich().with_letter(replace(rich().letter("l3"), state=State.CANCELLED))
    assert [x.id for x in letters_meant(rich(), meant(rich(), "Chen"))] == ["l2", "l3"]
    assert [x.id for x in letters_meant(dossier, meant(dossier, "Chen"))] == ["l2"]
    assert [x.id for x in letters_meant(dossier, meant(dossier, "Chen for grant"))] == ["l3"]
