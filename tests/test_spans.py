"""How long ago and for how long, as people write it; seen from Tuesday, June 15, 2027."""

from datetime import date

import pytest

from lorbot.core import spans
from lorbot.core.spans import Ago

TODAY = date(2027, 6, 15)


def ago(begin: date, end: date) -> Ago:
    """From the first day to the last, in days before today."""
    return Ago(least=max((TODAY - end).days, 0), most=(TODAY - begin).days)


MARCH = ago(date(2027, 3, 1), date(2027, 3, 31))
SUMMER = ago(date(2026, 6, 1), date(2026, 8, 31))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("March 2027", MARCH), ("Since mid-March 2027", MARCH), ("03/2027", MARCH), ("2027-03", MARCH),
        ("12 March 2027", MARCH), ("March 12, 2027", MARCH), ("in March", MARCH),
        ("summer 2026", SUMMER), ("the summer of 2026", SUMMER), ("last summer", SUMMER),
        ("2024", ago(date(2024, 1, 1), date(2024, 12, 31))),
        ("2024 to 2026", ago(date(2024, 1, 1), date(2024, 12, 31))),
        ("three years", Ago(least=1095, most=1095)), ("for two weeks", Ago(least=14, most=14)),
        ("winter 2026", ago(date(2025, 12, 1), date(2027, 2, 28))),
        ("several years", Ago(least=1095, most=10950)), ("last year", ago(date(2026, 1, 1), date(2026, 12, 31))),
        ("June 2027", ago(date(2027, 6, 1), date(2027, 6, 30))),
        ("December", ago(date(2026, 12, 1), date(2026, 12, 31))),
        ("my first year of medical school", None), ("September 2027", None), ("long ago", None), ("", None),
    ],
)  # fmt: skip
def test_since_when(text: str, found: Ago | None) -> None:
    assert spans.begun(text, TODAY) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("since 2024, ongoing", Ago(least=0, most=0)), ("we still work together", Ago(least=0, most=0)),
        ("2024-2026", ago(date(2026, 1, 1), date(2026, 12, 31))), ("two years ago", Ago(least=730, most=730)),
        ("May 2024", ago(date(2024, 5, 1), date(2024, 5, 31))), ("hm", None),
    ],
)  # fmt: skip
def test_until_when(text: str, found: Ago | None) -> None:
    assert spans.ended(text, TODAY) == found


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("I spent a week on your service", 7), ("a one-week elective", 7), ("two weeks in clinic", 14),
        ("five days in February and two weeks in March", 14), ("four weeks on 5 West", 28),
        ("twice a week in clinic", None), ("three days a week", None), ("a 2-year-old girl, and one week later", None),
        ("every week since 2024", None), ("", None),
    ],
)  # fmt: skip
def test_the_longest_time_together(text: str, days: int | None) -> None:
    assert spans.longest_stay(text) == days
