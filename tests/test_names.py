"""How people are addressed: a plain name rather than a wrong one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorbot.core.names import family_name, formal, given_name, is_suffix, matches


@pytest.mark.parametrize(
    ("name", "greeting", "family", "first"),
    [
        ("Dr. Elena M. Lopez, MD", "Dr. Lopez", "Lopez", "Elena"),
        ("dr elena lopez", "Dr. lopez", "lopez", "elena"),
        ("Elena Lopez, MD, PhD", "Dr. Lopez", "Lopez", "Elena"),
        ("Elena Lopez M.D.", "Dr. Lopez", "Lopez", "Elena"),
        ("Lopez, Elena, MD", "Dr. Lopez", "Lopez", "Elena"),
        ("Lopez, Elena", "Lopez, Elena", "Lopez", "Elena"),
        ("Elena Lopez", "Elena Lopez", "Lopez", "Elena"),
        ("Elena Lopez, MPH", "Elena Lopez, MPH", "Lopez", "Elena"),
        ("Dr. Lopez, MD", "Dr. Lopez", "Lopez", "Lopez"),
        ("Dr. Maria", "Dr. Maria", "Maria", "Maria"),
        ("Maria, MD", "Maria, MD", "Maria", "Maria"),
        ("Dr. Carlos de la Cruz", "Dr. de la Cruz", "de la Cruz", "Carlos"),
        ("Dr. de la Cruz", "Dr. de la Cruz", "de la Cruz", "de"),
        ("Dr. Van Buren", "Dr. Van Buren", "Van Buren", "Van"),
        ("Prof. Dr. Hans Müller", "Prof. Müller", "Müller", "Hans"),
        ("Professor Ada Byron", "Professor Byron", "Byron", "Ada"),
        ("Ms. Jane Roe, MS", "Ms. Roe", "Roe", "Jane"),
        ("Dr. Jack Ma", "Dr. Ma", "Ma", "Jack"),
        ("Jack Ma, MA", "Jack Ma, MA", "Ma", "Jack"),
        ("Kim Do", "Kim Do", "Do", "Kim"),
        ("Kim Nguyen DO", "Dr. Nguyen", "Nguyen", "Kim"),
        ("DR. JACK MA", "Dr. MA", "MA", "JACK"),
        ("Dr. Carlos Ruiz Jr.", "Dr. Ruiz", "Ruiz", "Carlos"),
        ("Dr. Mary-Ann O’Brien", "Dr. O’Brien", "O’Brien", "Mary-Ann"),
        ("Dr.", "Dr.", "Dr.", "Dr."),
        ("  Elena  ", "Elena", "Elena", "Elena"),
        ("", "", "", ""),
    ],
)  # fmt: skip
def test_a_name_as_a_letter_uses_it(name: str, greeting: str, family: str, first: str) -> None:
    assert (formal(name), family_name(name), given_name(name)) == (greeting, family, first)


@pytest.mark.parametrize(
    ("name", "wanted", "meant"),
    [
        ("Dr. Elena Lopez, MD", "lopez", True),
        ("Dr. Elena Lopez, MD", "Dr Lopez", True),
        ("Dr. Elena Lopez, MD", "Elena", True),
        ("Dr. Elena Lopez, MD", "E. Lopez", True),
        ("Dr. Elena Lopez, MD", "Lopez, Elena", True),
        ("Dr. Elena García", "garcia", True),
        ("Dr. Elena Garcia", "García", True),
        ("Dr. Mary O’Brien", "o'brien", True),
        ("Dr. Elena Lopez-Ruiz", "Ruiz", True),
        ("Dr. Elena Lopez", "Maria Lopez", False),
        ("Dr. Lopez", "Elena Lopez", False),
        ("Dr. Elena Lopez", "Lope", False),
        ("Dr. Elena Lopez", "Dr.", False),
        ("Dr. Elena Lopez", "", False),
    ],
)  # fmt: skip
def test_whom_a_written_name_can_mean(name: str, wanted: str, meant: bool) -> None:
    assert matches(name, wanted) is meant


@pytest.mark.parametrize(
    ("word", "is_one"), [("Jr.", True), ("M.D.", True), ("PhD", True), ("Lopez", False), ("", False)]
)
def test_what_stands_behind_names(word: str, is_one: bool) -> None:
    assert is_suffix(word) is is_one


@given(st.text(max_size=60))
def test_any_text_has_some_form_of_address(name: str) -> None:
    assert bool(formal(name)) == bool(family_name(name)) == bool(name.strip())
    matches(name, name)
