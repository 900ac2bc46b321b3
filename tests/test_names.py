"""How people are addressed: a plain name rather than a wrong one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorbot.core.dossier import Mentor
from lorbot.core.names import family_name, formal, given_name, is_suffix, matches
from lorbot.core.view import of_mentor


@pytest.mark.parametrize(
    ("name", "greeting", "family", "first"),
    [
        ("Dr. Elena M. Lopez, MD", "Dr. Lopez", "Lopez", "Elena"),
        ("dr elena lopez", "Dr. Lopez", "Lopez", "Elena"),
        ("Elena Lopez, MD, PhD", "Dr. Lopez", "Lopez", "Elena"),
        ("Elena Lopez M.D.", "Dr. Lopez", "Lopez", "Elena"),
        ("Lopez, Elena, MD", "Dr. Lopez", "Lopez", "Elena"),
        ("Lopez, Elena", "Elena Lopez", "Lopez", "Elena"),
        ("Elena Lopez", "Elena Lopez", "Lopez", "Elena"),
        ("Elena Lopez, MPH", "Elena Lopez", "Lopez", "Elena"),
        ("Dr. Lopez, MD", "Dr. Lopez", "Lopez", "Lopez"),
        ("Dr. Maria", "Dr. Maria", "Maria", "Maria"),
        ("Maria, MD", "Maria", "Maria", "Maria"),
        ("Dr. Carlos de la Cruz", "Dr. de la Cruz", "de la Cruz", "Carlos"),
        ("Dr. de la Cruz", "Dr. de la Cruz", "de la Cruz", "de"),
        ("Dr. Van Buren", "Dr. Van Buren", "Van Buren", "Van"),
        ("Prof. Dr. Hans Müller", "Prof. Dr. Müller", "Müller", "Hans"),
        ("Professor Ada Byron", "Professor Byron", "Byron", "Ada"),
        ("Ms. Jane Roe, MS", "Ms. Roe", "Roe", "Jane"),
        ("Dr. Jack Ma", "Dr. Ma", "Ma", "Jack"),
        ("Jack Ma, MA", "Jack Ma", "Ma", "Jack"),
        ("Kim Do", "Kim Do", "Do", "Kim"),
        ("Kim Nguyen DO", "Dr. Nguyen", "Nguyen", "Kim"),
        ("DR. JACK MA", "Dr. Ma", "Ma", "Jack"),
        ("Dr. Carlos Ruiz Jr.", "Dr. Ruiz", "Ruiz", "Carlos"),
        ("Dr. Mary-Ann O’Brien", "Dr. O’Brien", "O’Brien", "Mary-Ann"),
        ("Dr. Jan van der Berg", "Dr. van der Berg", "van der Berg", "Jan"),
        ("Dr. Rosa dos Santos Silva", "Dr. dos Santos Silva", "dos Santos Silva", "Rosa"),
        ("Dr. Sean O'Neil-Smith", "Dr. O'Neil-Smith", "O'Neil-Smith", "Sean"),
        ("dr. sean o'neil-smith", "Dr. O'Neil-Smith", "O'Neil-Smith", "Sean"),
        ("dr carlos de la cruz", "Dr. de la Cruz", "de la Cruz", "Carlos"),
        ("Dr. Gabriel García Márquez", "Dr. García Márquez", "García Márquez", "Gabriel"),
        ("Dr. José Ortega y Gasset", "Dr. Ortega y Gasset", "Ortega y Gasset", "José"),
        ("Dr. Cruz Martinez", "Dr. Martinez", "Martinez", "Cruz"),
        ("Dr. Mary Ann Smith", "Dr. Smith", "Smith", "Mary"),
        ("Dr. E. M. Lopez", "Dr. Lopez", "Lopez", "E."),
        ("Dr. Raman K.", "Dr. Raman", "Raman", "Raman"),
        ("Dr.Lopez", "Dr. Lopez", "Lopez", "Lopez"),
        ("Dr. med. Anna Weber", "Dr. Weber", "Weber", "Anna"),
        ("Prof. Dr. Dr. h.c. Hans Müller", "Prof. Dr. Müller", "Müller", "Hans"),
        ("Dean Ada Smith", "Dean Smith", "Smith", "Ada"),
        ("Dean Smith", "Dean Smith", "Smith", "Dean"),
        ("Sister Mary Agnes", "Sister Mary Agnes", "Agnes", "Mary"),
        ("Rev. John Smith", "Rev. Smith", "Smith", "John"),
        ("Rev. Dr. Martin King", "Rev. Dr. King", "King", "Martin"),
        ("Capt. Jane Roe, USN", "Capt. Roe", "Roe", "Jane"),
        ("Lt. Col. Jane Roe, MD", "Lt. Col. Roe", "Roe", "Jane"),
        ("Elena Lopez, MD (ret.)", "Dr. Lopez", "Lopez", "Elena"),
        ("Elena Lopez, MD, Professor of Medicine", "Dr. Lopez", "Lopez", "Elena"),
        ("Elena Lopez, Associate Professor of Medicine", "Professor Lopez", "Lopez", "Elena"),
        ("Dr. Wang Wei", "Dr. Wang Wei", "Wei", "Wang"),
        ("Dr. Kim Davis", "Dr. Davis", "Davis", "Kim"),
        ("Dr. Wei Chen", "Dr. Chen", "Chen", "Wei"),
        ("Dr. Kim Min-jun", "Dr. Kim Min-jun", "Min-jun", "Kim"),
        ("Dr. Harold Kim", "Dr. Kim", "Kim", "Harold"),
        ("Madonna", "Madonna", "Madonna", "Madonna"),
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


@pytest.mark.parametrize(
    ("name", "office", "greeting"),
    [
        ("Elena Lopez", "Associate Professor of Medicine", "Professor Lopez"),
        ("Elena Lopez", "MD, PhD", "Dr. Lopez"),
        ("Elena Lopez", "Chief resident", "Elena Lopez"),
        ("Elena Lopez", "", "Elena Lopez"),
        ("Dr. Elena Lopez", "Professor of Medicine", "Dr. Lopez"),
        ("Maria", "Professor of Medicine", "Maria"),
    ],
)
def test_an_office_gives_the_title_that_the_name_lacks(name: str, office: str, greeting: str) -> None:
    assert formal(name, office) == greeting


@pytest.mark.parametrize("greeting", ["Professor Wang", "Elena", "Dr. Van Gogh"])
def test_the_greeting_that_the_applicant_wrote_is_taken_as_it_is(greeting: str) -> None:
    mentor = Mentor(id="m1", name="Dr. Wang Wei", title="Professor", greeting=greeting)
    assert of_mentor(mentor)["greeting"] == greeting
