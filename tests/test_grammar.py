"""Articles and first letters of what people typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorbot.core.dossier import Applicant
from lorbot.core.grammar import inside, place, with_article
from lorbot.core.view import phrase, standing


@pytest.mark.parametrize(
    "said",
    [
        "a fourth-year medical student", "an M4", "an MS4", "a PGY-2 resident", "an undergraduate", "an 8-week intern",
        "an honors student", "a one-year fellow", "a European", "an unemployed physician", "a university student",
        "an MD candidate", "a US citizen", "an intern", "an 11th grader", "a hospitalist", "an hour", "a house officer",
        "an Assistant Professor of Medicine", "a uro-oncology fellow", "an internal medicine resident",
    ],
)  # fmt: skip
def test_a_word_gets_its_article(said: str) -> None:
    assert with_article(said.split(" ", 1)[1]) == said
    assert with_article(said) == said


@pytest.mark.parametrize(
    ("words", "in_a_sentence"),
    [
        ("Two years in your lab", "two years in your lab"),
        ("The Saturday clinic", "the Saturday clinic"),
        ("i worked with you", "I worked with you"),
        ("I was there", "I was there"),
        ("Organic chemistry, fall 2025", "Organic chemistry, fall 2025"),
        ("Mr. H. and the family meeting", "Mr. H. and the family meeting"),
        ("Fourth-year medical student", "fourth-year medical student"),
        ("Assistant Professor", "Assistant Professor"),
        ("", ""),
    ],
)
def test_words_begin_as_they_do_inside_a_sentence(words: str, in_a_sentence: str) -> None:
    assert inside(words) == in_a_sentence


@pytest.mark.parametrize(
    ("school", "named"),
    [
        ("University of Michigan", "the University of Michigan"),
        ("the University of Michigan", "the University of Michigan"),
        ("Medical College of Wisconsin", "the Medical College of Wisconsin"),
        ("Lakeside College of Medicine", "Lakeside College of Medicine"),
        ("Harvard Medical School", "Harvard Medical School"),
    ],
)
def test_a_school_gets_its_article(school: str, named: str) -> None:
    assert place(school) == named


@pytest.mark.parametrize(
    ("stage", "school", "said"),
    [
        ("M4", "Lakeside", "an M4 at Lakeside"),
        ("", "University of Lakeside", "from the University of Lakeside"),
        ("M4 at Lakeside", "Lakeside", "an M4 at Lakeside"),
        ("", "", ""),
    ],
)
def test_what_an_applicant_is(stage: str, school: str, said: str) -> None:
    assert standing(Applicant(name="N", email="n@x.example", stage=stage, school=school)) == said


@given(st.text(max_size=40))
def test_any_text_stays_what_it_is_but_for_its_first_letter(words: str) -> None:
    assert inside(words)[1:] == words[1:]
    assert with_article(words).endswith(inside(words.strip())[1:])
    assert phrase(words)["text"] == words.strip()
