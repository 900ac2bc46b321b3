"""What a mentor's letter counts as, from what the applicant wrote: yes, no, or nobody said."""

from typing import Any

import pytest

from lorbot.core.dossier import Mentor
from lorbot.core.letter_types import LetterType as T
from lorbot.core.planning import counting
from lorbot.core.planning.counting import DERIVED, Answer, contributes, counted, not_understood

YES, NO, UNSAID = Answer.YES, Answer.NO, Answer.UNSAID


def answer(kind: T, *, usual: bool = False, **mentor: Any) -> Answer:
    """For an application in emergency medicine."""
    made = Mentor(**{"id": "m1", "name": "Dr. Ada Byron"} | mentor)
    return counted(made, "emergency medicine", form_is_usual=usual)[kind]


@pytest.mark.parametrize("kind", T)
def test_of_a_mentor_of_whom_nothing_is_said_little_is_known(kind: T) -> None:
    known = {T.ANY: YES, T.COMMITTEE: NO, T.ARMS_LENGTH: NO}
    assert answer(kind) is known.get(kind, UNSAID)


def test_every_type_has_its_rule() -> None:
    assert set(DERIVED) == set(T) - {T.ANY}


@pytest.mark.parametrize(
    ("mentor", "kind", "expected"),
    [
        ({"counts_as": "science"}, T.SCIENCE, YES), ({"counts_as": "science"}, T.PHYSICIAN, NO),
        ({"counts_as": "science, MD"}, T.PHYSICIAN, YES), ({"counts_as": "none"}, T.SCIENCE, NO),
        ({"title": "Professor of Chemistry", "role": "academic"}, T.SCIENCE, YES),
        ({"title": "Professor of Chemistry", "role": "academic"}, T.NON_SCIENCE, NO),
        ({"title": "Professor of Chemistry", "counts_as": "non-science"}, T.SCIENCE, NO),
        ({"title": "Lecturer in English"}, T.NON_SCIENCE, YES), ({"title": "Lecturer in English"}, T.SCIENCE, NO),
        ({"title": "Professor of Psychology", "role": "academic"}, T.SCIENCE, UNSAID),
        ({"title": "Professor of Biology", "role": "research"}, T.SCIENCE, UNSAID),  # did she teach the applicant?
        ({"title": "Professor of Medicine", "role": "clinical"}, T.SCIENCE, NO),
        ({"name": "Sam Kim, MD"}, T.PHYSICIAN, YES), ({"name": "Sam Kim, PhD"}, T.PHYSICIAN, NO),
        ({"name": "Sam Kim, DO"}, T.OSTEOPATHIC, YES), ({"name": "Sam Kim, MD"}, T.OSTEOPATHIC, NO),
        ({"title": "osteopathic physician"}, T.OSTEOPATHIC, YES), ({"name": "Dr. Do Kim"}, T.OSTEOPATHIC, UNSAID),
        ({"name": "Sam Kim, PA-C"}, T.PA, YES), ({"title": "physician assistant"}, T.PA, YES),
        ({"title": "physician assistant"}, T.PHYSICIAN, NO), ({"name": "Sam Kim, MD"}, T.PA, NO),
        ({"name": "Sam Kim, DDS"}, T.DENTIST, YES), ({"name": "Sam Kim, MD"}, T.DENTIST, NO),
        ({"role": "clinical"}, T.CLINICAL, YES), ({"role": "research"}, T.CLINICAL, NO),
        ({"role": "research"}, T.RESEARCH, YES), ({"role": "professional"}, T.SUPERVISOR, YES),
        ({"specialty": "Emergency Medicine"}, T.SPECIALTY, YES), ({"specialty": "surgery"}, T.SPECIALTY, NO),
        ({"title": "Professor of Emergency Medicine"}, T.SPECIALTY, YES), ({"name": "Al Roe, PhD"}, T.SPECIALTY, NO),
        ({"title": "Program Director"}, T.DIRECTOR, YES), ({"title": "residency program director"}, T.DIRECTOR, YES),
        ({"title": "Associate Program Director"}, T.DIRECTOR, NO), ({"title": "Clerkship Director"}, T.DIRECTOR, NO),
        ({"title": "Chair of Medicine"}, T.CHAIR, YES), ({"title": "Vice Chair"}, T.CHAIR, NO),
        ({"title": "Professor"}, T.CHAIR, NO), ({"name": "Pre-health Committee"}, T.COMMITTEE, YES),
        ({"counts_as": "SLOE"}, T.STANDARD, YES), ({"specialty": "surgery"}, T.STANDARD, NO),
        ({"specialty": "emergency medicine"}, T.STANDARD, UNSAID),
        ({"specialty": "emergency medicine", "usual": True}, T.STANDARD, YES),
        ({"role": "academic"}, T.ACADEMIC, YES), ({"role": "community"}, T.NON_ACADEMIC, YES),
        ({"role": "community"}, T.ACADEMIC, NO), ({"role": "research"}, T.NON_ACADEMIC, NO),
        ({"counts_as": "arm's length"}, T.ARMS_LENGTH, YES), ({"role": "clinical"}, T.COLLEAGUE, NO),
    ],
)  # fmt: skip
def test_what_a_letter_counts_as(mentor: dict[str, Any], kind: T, expected: Answer) -> None:
    assert answer(kind, **mentor) is expected


@pytest.mark.parametrize(
    ("line", "yes", "wrong"),
    [
        ("science, contributes to the committee letter", True, ()), ("committee contributor", True, ()),
        ("in the committee packet; PI", True, ()), ("committee letter", False, ()), ("none", False, ()),
        ("science, boss", False, ("boss",)), ("", False, ()),
    ],
)  # fmt: skip
def test_who_contributes_to_a_committee_letter(line: str, yes: bool, wrong: tuple[str, ...]) -> None:
    made = Mentor(id="m1", name="x", counts_as=line)
    assert (contributes(made), not_understood(line)) == (yes, wrong)
    assert (counting.counted(made)[T.COMMITTEE] is YES) == (line == "committee letter")
