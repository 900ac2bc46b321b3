"""What counts as a concrete episode, on what people write; and what kind of thing is missing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorbot.core.episodes import MOST, Lacks, account_of

ENOUGH: dict[str, tuple[str, ...]] = {
    "I was your sub-intern on 5 West in March. We looked after Mr. H. with endocarditis, and you watched me lead the "
    "family meeting.": ("We looked after Mr. H. with endocarditis", "you watched me lead the family meeting"),
    "- March 2027: sub-I on 5 West, presented Mr. H. at morning report - May 2027: QI project on hand hygiene, poster "
    "at SGIM": ("presented Mr. H. at morning report", "QI project on hand hygiene, poster at SGIM"),
    "1. Presented a case of hyponatremia in May. 2. Wrote the discharge protocol for 6 East": (
        "Presented a case of hyponatremia in May", "Wrote the discharge protocol for 6 East",
    ),
    "I cared for a 72-year-old man with sepsis on the MICU. I drew the timeline on the board.": (
        "I cared for a 72-year-old man with sepsis on the MICU", "I drew the timeline on the board",
    ),
    "In your lab in 2026 I built the cohort and wrote the code": ("In your lab in 2026 I built the cohort",
                                                                 "wrote the code"),
    "sub-I March 2027; family meeting Mr. H; morning report talk on hyponatremia": (
        "family meeting Mr. H", "morning report talk on hyponatremia",
    ),
}  # fmt: skip

TOO_LITTLE = [
    ("", Lacks.EVERYTHING, 0),
    (" ?! ", Lacks.EVERYTHING, 0),
    ("I was your sub-intern on 5 West.", Lacks.DEED, 0),
    ("two years in your lab on sepsis biomarkers", Lacks.DEED, 0),
    ("I rotated with you in the geriatrics clinic in the fall of 2026.", Lacks.DEED, 0),
    ("I took your organic chemistry course in fall 2025", Lacks.DEED, 0),
    ("I learned a lot and showed great interest during the four weeks in March.", Lacks.DEED, 0),
    ("See my CV", Lacks.DEED, 0),
    ("I presented well and led many things.", Lacks.SETTING, 0),
    ("I presented a poster in May 2027. In May 2027 I presented a poster.", Lacks.ANOTHER, 1),
    ("In May 2027 I presented a poster on sepsis. I presented a poster.", Lacks.ANOTHER, 1),
    ("On 5 West I led the family meeting of Mr. H. Ito.", Lacks.ANOTHER, 1),
]


@pytest.mark.parametrize("text", ENOUGH)
def test_two_separate_things_with_their_place_or_time_are_enough(text: str) -> None:
    account = account_of(text)
    assert (account.episodes, account.lacks) == (ENOUGH[text], None)


@pytest.mark.parametrize(("text", "lacks", "count"), TOO_LITTLE)
def test_what_is_missing_is_named_by_its_kind(text: str, lacks: Lacks, count: int) -> None:
    account = account_of(text)
    assert (account.lacks, len(account.episodes)) == (lacks, count)


@given(st.text(max_size=400))
def test_any_text_is_counted_and_nothing_is_made_up(text: str) -> None:
    account = account_of(text)
    assert (account.lacks is None) == (len(account.episodes) >= 2)
    squeezed = "".join(text.split())
    assert [e for e in account.episodes if "".join(e.split()) not in squeezed] == []


@pytest.mark.parametrize(
    "unit", ["I led the x on 5 West in May, and ", ". A", " ", "- ", "1. ", "Mr. ", "wrote the code, ", "(((", "A. "]
)
def test_a_long_text_takes_no_long_time(unit: str) -> None:
    began = datetime.now(tz=UTC)
    assert len(account_of(unit * (200_000 // len(unit))).episodes) <= MOST
    assert datetime.now(tz=UTC) - began < timedelta(seconds=3)
