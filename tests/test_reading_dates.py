"""Dates in words, and the day an out-of-office names."""

from datetime import date

import pytest

from lorbot.core.reading import FoundDate
from lorbot.reading.absence import back_on, is_absence_note
from lorbot.reading.dates import find_dates

ON = date(2026, 9, 1)  # a Tuesday


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("by 2027-06-01", date(2027, 6, 1)),
        ("on 15 October", date(2026, 10, 15)),
        ("the 15th of June, 2027", date(2027, 6, 15)),
        ("October 3rd", date(2026, 10, 3)),
        ("Oct. 3", date(2026, 10, 3)),
        ("January 5", date(2027, 1, 5)),
        ("since August 28", date(2026, 8, 28)),
        ("10/4", date(2026, 10, 4)),
        ("25/12", date(2026, 12, 25)),
        ("12/3/27", date(2027, 12, 3)),
        ("05.10.2026", date(2026, 10, 5)),
        ("by Friday", date(2026, 9, 4)),
        ("by Monday, 14 September", date(2026, 9, 14)),
        ("next tues", date(2026, 9, 8)),
        ("until the 12th", date(2026, 9, 12)),
        ("mid-October", date(2026, 10, 15)),
        ("the end of February", date(2027, 2, 28)),
        ("in March", date(2027, 3, 1)),
        ("in two weeks", date(2026, 9, 15)),
        ("in 10 days", date(2026, 9, 11)),
        ("tomorrow", date(2026, 9, 2)),
        ("next week", date(2026, 9, 7)),
        ("by the end of the month", date(2026, 9, 30)),
        ("after Labor Day", date(2026, 9, 7)),
        ("Thanksgiving", date(2026, 11, 26)),
    ],
)
def test_a_date_is_resolved_against_the_day_of_the_mail(words: str, day: date) -> None:
    assert [found.on for found in find_dates(words, ON)] == [day]


@pytest.mark.parametrize(
    "words", ["31 June", "13/32", "you may", "I sat with it", "", "24/7 care", "room 5512", "2027-13-01"]
)
def test_what_is_no_date_is_not_found(words: str) -> None:
    assert find_dates(words, ON) == ()


def test_dates_come_in_the_order_of_the_text_each_once_with_their_words() -> None:
    assert find_dates("Friday, or October 3, or 3 October", ON) == (
        FoundDate(on=date(2026, 9, 4), words="Friday"),
        FoundDate(on=date(2026, 10, 3), words="October 3"),
    )


def test_a_december_date_in_a_january_mail_lies_behind() -> None:
    assert find_dates("I sent it on December 28", date(2027, 1, 4))[0].on == date(2026, 12, 28)


def test_the_end_of_the_calendar_raises_nothing() -> None:
    assert find_dates("tomorrow, next week, in 90 months, January 5", date.max) is not None


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("I will be out of the office until Monday, 14 September.", date(2026, 9, 14)),
        ("I will be back in the office on September 9.", date(2026, 9, 9)),
        ("I am away, returning 10/5.", date(2026, 10, 5)),
        ("On leave from September 3 through September 11.", date(2026, 9, 14)),
        ("Out of office 3 September - 9 September.", date(2026, 9, 10)),
        ("I am out of the office. I return on the 12th.", date(2026, 9, 12)),
        ("Out since August 20, back soon.", None),
        ("Away. For urgent matters call on Monday.", None),
    ],
)
def test_the_day_of_return_is_the_one_tied_to_the_return(words: str, day: date | None) -> None:
    assert back_on(words, ON) == day


@pytest.mark.parametrize(
    ("words", "subject", "note"),
    [
        ("I am currently out of the office.", "", True),
        ("Thank you for your message.", "Automatic reply: a letter", True),
        ("I have limited access to e-mail.", "", True),
        ("Yes, gladly.", "Re: a letter", False),
    ],
)
def test_an_absence_note_is_known_by_words_or_subject(words: str, subject: str, note: bool) -> None:
    assert is_absence_note(words, subject) is note
