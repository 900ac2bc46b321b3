"""Dates as people write them; what is not understood is None, never a guess."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorbot.core import zones
from lorbot.core.dates import day_in, days_in, moment_in, past_day_in, say, say_moment

TODAY = date(2027, 3, 10)  # a Wednesday
HOME = "America/New_York"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-09-01", "2027-09-01"),
        ("2027/9/1", "2027-09-01"),
        ("2027-09-01T23:59Z", "2027-09-01"),
        ("1 Sept 2027", "2027-09-01"),
        ("1-Sep-2028", "2028-09-01"),
        ("1. September 2027", "2027-09-01"),
        ("the 1st of September, 2027", "2027-09-01"),
        ("September 1, 2027", "2027-09-01"),
        ("Sept. 1st 2027", "2027-09-01"),
        ("SEP 1 2027", "2027-09-01"),
        ("1 Sept '28", "2028-09-01"),
        ("Wednesday, September 1, 2027", "2027-09-01"),
        ("9/1/2027", "2027-09-01"),
        ("9/1/27", "2027-09-01"),
        ("9/1", "2027-09-01"),
        ("1 March", "2028-03-01"),  # has been this year
        ("10 March", "2027-03-10"),
        ("29 Feb", "2028-02-29"),
        ("tomorrow", "2027-03-11"),
        ("today", "2027-03-10"),
        ("next week", "2027-03-17"),
        ("in 3 weeks", "2027-03-31"),
        ("in a month", "2027-04-09"),
        ("next Friday", "2027-03-12"),
        ("Wed", "2027-03-17"),
        ("thurs.", "2027-03-11"),
    ],
)  # fmt: skip
def test_a_day_as_people_write_it(text: str, day: str) -> None:
    assert day_in(text, TODAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text",
    [
        "", "soon", "September", "September 2027", "25/12/2027", "30 Feb", "31 June 2027", "2027-13-01", "9999-12-31",
        "1 Smarch 2027", "24/7", "1 Sept or 5 Sept", "between 9/1 and 9/5", "Friday, September 1, 2027",
        "Monday or Tuesday", "1 Sept 2027 (opens 1 June 2027)", "3 weeks",
    ],
)  # fmt: skip
def test_what_is_not_one_day_is_none(text: str) -> None:
    assert day_in(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "utc", "zone"),
    [
        ("1 September 2027, 11:59 pm ET", "2027-09-02T03:59", HOME),
        ("1 Sept 2027", "2027-09-02T03:59", HOME),
        ("1 Sept 2027 at 5 p.m. CT", "2027-09-01T22:00", "America/Chicago"),
        ("1 Sept 2027 5PM PST", "2027-09-02T00:00", "America/Los_Angeles"),
        ("SEPT 1 2027, 17:00 UTC", "2027-09-01T17:00", "UTC"),
        ("2027-09-01T23:59Z", "2027-09-01T23:59", "UTC"),
        ("11:59 pm Eastern Time on September 1st, 2027", "2027-09-02T03:59", HOME),
        ("1 Sept 2027 23:59:00", "2027-09-02T03:59", HOME),
        ("1 Sept 2027, noon", "2027-09-01T16:00", HOME),
        ("1 Sept 2027, 12 noon", "2027-09-01T16:00", HOME),
        ("1 Sept 2027, 12 am", "2027-09-01T04:00", HOME),
        ("1 Sept 2027 in the afternoon", "2027-09-02T03:59", HOME),
        ("Sept 15 5pm", "2027-09-15T21:00", HOME),
        ("1 January 2028, 12:00 america/los_angeles", "2028-01-01T20:00", "America/Los_Angeles"),
        ("Jan 5, 2028 5pm ET", "2028-01-05T22:00", HOME),  # winter time
        ("in 3 weeks", "2027-04-01T03:59", HOME),
    ],
)  # fmt: skip
def test_a_deadline_as_people_write_it(text: str, utc: str, zone: str) -> None:
    assert moment_in(text, TODAY, HOME) == (datetime.fromisoformat(utc).replace(tzinfo=UTC), zone)


@pytest.mark.parametrize(
    "text",
    [
        "1 Sept 2027 17:00 CEST", "1 Sept 2027 17:00+02:00", "2027-09-01 23:59 -0400", "1 Sept 2027 25:00",
        "1 Sept 2027 at 1700", "the deadline for cycle 2028 is 1 Sept 2027", "", "tba",
    ],
)  # fmt: skip
def test_a_deadline_with_something_not_understood_is_none(text: str) -> None:
    assert moment_in(text, TODAY, HOME) is None


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("3 days", 3), ("10days", 10), ("one day", 1), ("two weeks", 14), ("a fortnight", 14), ("1 month", 30),
        ("wait 2 weeks", 14), ("1.5 weeks", None), ("3-4 days", None), ("a few days", None), ("0 days", None),
        ("", None),
    ],
)  # fmt: skip
def test_how_many_days_a_span_names(text: str, days: int | None) -> None:
    assert days_in(text) == days


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("ET", HOME), ("Pacific time", "America/Los_Angeles"), ("america/chicago", "America/Chicago"),
        ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"), ("America/Argentina", ""),
        ("Mars/Olympus", ""), ("CEST", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_time_zone_as_people_write_it(text: str, zone: str) -> None:
    assert zones.named_in(text) == zone


def test_a_moment_is_said_with_its_zone() -> None:
    assert say(date(2027, 9, 1)) == "Wednesday, September 1, 2027"
    moment = datetime(2027, 9, 2, 3, 59, tzinfo=UTC)
    assert say_moment(moment, HOME) == "Wednesday, September 1, 2027, 11:59 PM (New York time)"
    assert say_moment(moment, "UTC") == "Thursday, September 2, 2027, 3:59 AM (UTC)"


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_what_is_said_is_understood_again(day: date) -> None:
    assert day_in(say(day), TODAY) == day


_PIECES = st.sampled_from(["1", "31", "99", "2027", "0000", "9999", "Sept", "feb", "/", "-", ":", " ", ",", "pm", "ET",
                           "America/X", "Z", "T", "+02:00", "weeks", "in", "noon", "²", "'27", "Monday",
                           "next week"])  # fmt: skip


@given(
    st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=12).map("".join)),
    st.dates(date(2000, 1, 1), date(2090, 1, 1)),
)
def test_no_text_is_too_odd(text: str, today: date) -> None:
    found = moment_in(text, today, HOME)
    assert found is None or day_in(text, today) is not None
    assert days_in(text) is None or days_in(text)


def test_a_long_text_takes_no_long_time() -> None:
    began = datetime.now(tz=UTC)
    for piece in ("1 ", "sept ", "a", "1/", "12:", "in ", "1 sept 2027 "):
        moment_in(piece * (200_000 // len(piece)), TODAY, HOME)
    assert datetime.now(tz=UTC) - began < timedelta(seconds=10)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", "2027-03-10"),
        ("yesterday", "2027-03-09"),
        ("March 8", "2027-03-08"),
        ("Monday, March 8", "2027-03-08"),
        ("12 December", "2026-12-12"),  # the last one, not the next
        ("2/28/2027", "2027-02-28"),
        ("last Friday", "2027-03-05"),
        ("on Wednesday", "2027-03-03"),
        ("3 days ago", "2027-03-07"),
        ("a week ago", "2027-03-03"),
        ("Tuesday, March 8", None),
        ("March 20, 2027", None),
        ("March 8 or March 9", None),
        ("tomorrow", None),
        ("the other day", None),
        ("", None),
    ],
)
def test_a_day_that_has_been(text: str, day: str | None) -> None:
    assert past_day_in(text, TODAY) == (date.fromisoformat(day) if day else None)


@given(st.text(max_size=60), st.dates(date(2001, 1, 1), date(2099, 1, 1)))
def test_a_day_that_has_been_is_never_ahead(text: str, today: date) -> None:
    found = past_day_in(text, today)
    assert found is None or found <= today
