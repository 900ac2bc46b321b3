"""What an application wants, from its service and from the programmes in the applicant's table."""

from collections.abc import Iterable

import pytest
from planning import SERVICES, application, dossier, programme, service

from lorbot.core.application import Programme
from lorbot.core.letter_types import LetterType as T
from lorbot.core.planning.mix import Mix, mix_of
from lorbot.core.service import Counts, Service, StandardForm, Wanted


def mix(wants: Service, *programmes: Programme, specialty: str = "") -> Mix:
    made = dossier([], [application(1, "custom")], programmes=programmes, specialty=specialty)
    return mix_of(made, made.applications[0], wants)


def places(of: Mix) -> list[list[tuple[T, int, bool]]]:
    return [[(p.type, p.least, p.required) for p in reader.places] for reader in of.readers]


def numbers(of: Mix) -> list[tuple[int, int, int]]:
    """How many letters must come, how many are usual, and how many programmes say so."""
    return [(r.needs, r.usual, len(r.programmes)) for r in of.readers]


@pytest.mark.parametrize(
    ("name", "wanted", "many"),
    [
        ("amcas", [[(T.NON_SCIENCE, 1, False), (T.SCIENCE, 2, False)]], [(0, 3, 0)]),
        ("aacomas", [[(T.OSTEOPATHIC, 1, False), (T.SCIENCE, 2, False)]], [(0, 3, 0)]),
        ("tmdsas", [[]], [(3, 0, 0)]), ("caspa", [[(T.PA, 1, True), (T.SCIENCE, 1, False)]], [(3, 2, 0)]),
        ("eras", [[(T.SPECIALTY, 2, False)]], [(0, 3, 0)]), ("custom", [[]], [(0, 0, 0)]), ("promotion", [], []),
    ],
)  # fmt: skip
def test_what_a_service_wants(name: str, wanted: object, many: object) -> None:
    found = mix(SERVICES[name])
    assert (places(found), numbers(found)) == (wanted, many)
    assert (found.unknown, found.solicited) == (name == "custom", name == "promotion")


def names(readers: Iterable[tuple[str, ...]]) -> list[str]:
    return [" ".join(name.removeprefix("Program ") for name in programmes) for programmes in readers]


def test_programmes_that_want_the_same_are_one_reader_and_what_one_says_stands_above_what_is_usual() -> None:
    found = mix(
        SERVICES["eras"], programme(1, "a1", 4, "chair"), programme(2, "a1"), programme(3, "a1", 4, "chair"),
        programme(4, "a1", None, "specialty"), programme(5, "a1", 3, "bogus"),
    )  # fmt: skip
    assert names(r.programmes for r in found.readers) == ["01 03", "02", "04", "05"]
    usual = (T.SPECIALTY, 2, False)
    assert places(found) == [
        [(T.CHAIR, 1, True), usual], [usual], [(T.SPECIALTY, 1, True), (T.SPECIALTY, 1, False)], [usual],
    ]  # fmt: skip
    assert numbers(found) == [(4, 0, 2), (0, 3, 1), (1, 3, 1), (3, 0, 1)]
    assert {r.most for r in found.readers} == {4}


def test_where_every_programme_gets_all_letters_the_service_stands_for_itself() -> None:
    found = mix(SERVICES["aacomas"], programme(1, "a1", 4, "physician"))
    assert numbers(found) == [(0, 3, 0), (4, 0, 1)]
    assert places(found)[1] == [(T.PHYSICIAN, 1, True)]


def test_a_form_of_the_specialty_is_wanted_there_and_is_a_letter_of_the_specialty_too() -> None:
    assert places(mix(SERVICES["eras"], specialty="Emergency medicine")) == [[(T.STANDARD, 2, False)]]
    assert places(mix(SERVICES["eras"], specialty="surgery")) == [[(T.SPECIALTY, 2, False)]]
    both = mix(SERVICES["eras"], programme(1, "a1", specialty="Emergency Medicine"), programme(2, "a1"))
    assert places(both) == [[(T.STANDARD, 2, False)], [(T.SPECIALTY, 2, False)]]
    needed = service("x", forms=(StandardForm(specialty="surgery", name="eSLOR", required=True),))
    assert places(mix(needed, specialty="surgery")) == [[(T.STANDARD, 1, True)]]


def test_a_rule_for_one_specialty_holds_there_alone() -> None:
    wants = service("x", counts=Counts(least=1), wanted=(Wanted(type=T.CHAIR, specialty="surgery", required=True),))
    assert places(mix(wants, specialty="Surgery")) == [[(T.CHAIR, 1, True)]]
    assert places(mix(wants, specialty="medicine")) == [[]]


def test_a_committee_letter_stands_for_others_and_leaves_no_gap_of_its_own() -> None:
    (reader,) = mix(SERVICES["amcas"]).readers
    assert {p.type: p.instead for p in reader.places} == dict.fromkeys((T.SCIENCE, T.NON_SCIENCE), (T.COMMITTEE,))
    assert reader.instead == (T.COMMITTEE,)
    (reader,) = mix(SERVICES["aacomas"]).readers
    assert {p.type: p.instead for p in reader.places} == {T.SCIENCE: (T.COMMITTEE,), T.OSTEOPATHIC: ()}
    assert reader.instead == ()
