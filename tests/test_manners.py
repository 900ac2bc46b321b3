"""When a mail may reach a mentor."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorbot.core.manners import Away, is_allowed, next_allowed, start_of, working_days_later
from lorbot.core.policy import Policy

POLICY = Policy()
HOME = "America/New_York"
ZONES = ("America/New_York", "America/Los_Angeles", "Pacific/Honolulu", "Europe/London", "Asia/Kolkata", "Africa/Cairo",
         "Pacific/Apia", "UTC")  # fmt: skip
POLICIES = (POLICY, Policy(weekdays_only=False, holidays="", hours_from=2, hours_to=3),
            Policy(hours_from=0, hours_to=24), Policy(quiet_from="", quiet_to=""), Policy(quiet_from="07-01",
            quiet_to="07-31"))  # fmt: skip


def at(local: str, zone: str = HOME) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("moment", "goes"),
    [
        ("2027-06-15T10:00", "2027-06-15T10:00"),  # a Tuesday
        ("2027-06-15T07:59", "2027-06-15T08:00"),
        ("2027-06-15T08:00", "2027-06-15T08:00"),
        ("2027-06-15T17:59", "2027-06-15T17:59"),
        ("2027-06-15T18:00", "2027-06-16T08:00"),
        ("2027-06-18T23:00", "2027-06-21T08:00"),  # Juneteenth (observed) is that Friday; then the weekend
        ("2027-06-19T10:00", "2027-06-21T08:00"),  # Saturday
        ("2027-07-03T10:00", "2027-07-06T08:00"),  # 4 July is a Sunday, kept on Monday
        ("2027-11-25T10:00", "2027-11-26T08:00"),  # Thanksgiving
        ("2027-12-23T18:00", "2028-01-03T08:00"),  # the quiet days, over the year's end
        ("2028-01-01T10:00", "2028-01-03T08:00"),
        ("2027-03-12T18:00", "2027-03-15T08:00"),  # the clocks go forward that Sunday
        ("2027-11-05T18:00", "2027-11-08T08:00"),  # and back that one
    ],
)  # fmt: skip
def test_the_next_hour_that_manners_allow(moment: str, goes: str) -> None:
    assert next_allowed(at(moment), HOME, POLICY) == at(goes)


def test_an_hour_is_the_mentors_own() -> None:
    moment = datetime(2027, 6, 15, 13, 0, tzinfo=UTC)  # 9 in New York, 6 in Los Angeles
    assert is_allowed(moment, HOME, POLICY)
    assert next_allowed(moment, "America/Los_Angeles", POLICY) == at("2027-06-15T08:00", "America/Los_Angeles")


@pytest.mark.parametrize(
    ("away_until", "goes"),
    [
        (date(2027, 6, 14), "2027-06-15T10:00"),
        (date(2027, 6, 17), "2027-06-17T08:00"),
        (date(2027, 6, 19), "2027-06-21T08:00"),
        (date(2099, 12, 30), "2100-01-04T08:00"),
    ],
)  # fmt: skip
def test_nothing_goes_during_an_absence(away_until: date, goes: str) -> None:
    assert next_allowed(at("2027-06-15T10:00"), HOME, POLICY, Away(until=away_until)) == at(goes)


def test_an_absence_of_centuries_takes_no_time() -> None:
    began = datetime.now(tz=UTC)
    next_allowed(at("2027-06-15T10:00"), HOME, POLICY, Away(until=date(9990, 1, 1)))
    assert datetime.now(tz=UTC) - began < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("moment", "days", "goes"),
    [
        ("2027-06-15T22:00", 1, "2027-06-16T08:00"),
        ("2027-06-17T10:00", 1, "2027-06-21T08:00"),  # Juneteenth and a weekend
        ("2027-06-15T10:00", 3, "2027-06-21T08:00"),
        ("2027-12-23T10:00", 1, "2028-01-03T08:00"),
    ],
)  # fmt: skip
def test_working_days(moment: str, days: int, goes: str) -> None:
    assert working_days_later(at(moment), days, HOME, POLICY) == at(goes)


MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


ABSENCES = st.dates(date(2024, 1, 1), date(2031, 1, 1))


@given(
    MOMENTS,
    st.sampled_from(ZONES),
    st.sampled_from(POLICIES),
    st.none() | st.builds(Away, until=ABSENCES, since=st.none() | ABSENCES),
)
def test_the_next_moment_is_allowed_the_first_and_stable(
    moment: datetime, zone: str, policy: Policy, away: Away | None
) -> None:
    found = next_allowed(moment, zone, policy, away)
    assert found >= moment
    assert is_allowed(found, zone, policy, away)
    assert next_allowed(found, zone, policy, away) == found
    if found > moment:
        for hours in (0, 1, 5, 13, 22):
            between = moment + timedelta(hours=hours)
            assert between >= found or not is_allowed(between, zone, policy, away)
        assert not is_allowed(found - timedelta(seconds=1), zone, policy, away)
        first = is_allowed(start_of(found.astimezone(ZoneInfo(zone)).date(), zone, policy), zone, policy, away)
        assert first
