"""The time to ask: told when it opens, when half of it is gone, and when it is late; once each, in one mail."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dossiers import after, answer, decided
from hypothesis import given, settings
from hypothesis import strategies as st
from mentors import DAY, DEADLINE, NOW, POLICY, World, asked, dossier
from test_deadlines import serving

from lorbot.core import asking_time, clock
from lorbot.core.application import Programme
from lorbot.core.dossier import Dossier, Letter, Mentor, State

HOME = "America/New_York"
MARCH = NOW - 90 * DAY
"""Long before: the time to ask for ERAS is from 2 June to 30 June, half of it gone on 16 June."""


def told(world: World) -> list[tuple[str, str]]:
    """What the applicant was told of the time to ask, and when, by the applicant's clock."""
    return [
        (f"{at.astimezone(ZoneInfo(HOME)):%m-%d %H:%M}", m.subject) for at, m in world.sent if "-time-to-ask-" in m.key
    ]


def test_the_applicant_is_told_three_times_and_then_no_more() -> None:
    world = World(dossier(), now=MARCH)
    world.until(DEADLINE + 60 * DAY)
    assert told(world) == [
        ("06-02 08:00", "It is time to ask for ERAS 2028"),
        ("06-16 08:00", "Half of the time to ask for ERAS 2028 is gone"),
        ("07-01 08:00", "It is late to ask for ERAS 2028: 8 weeks left"),
    ]
    assert world.dossier.application("a1").window_told == ("opens 2027-09-01", "half 2027-09-01", "late 2027-09-01")


def test_one_mail_names_everybody_who_is_still_to_be_asked_and_nobody_else() -> None:
    made = dossier()
    others = (
        Mentor(id="m3", name="Dr. Wei Chen", email="chen@hospital.example"),
        Mentor(id="m4", name="Dr. Never", email="never@hospital.example", never=True),
        Mentor(id="m5", name="Dr. Asked", email="asked@hospital.example"),
    )
    states = [("m2", State.PLANNED), ("m3", State.PLANNED), ("m4", State.PLANNED), ("m5", State.ASKED)]
    more = (Letter(id=f"l{m}", mentor=m, application="a1", state=state, asked_at=NOW) for m, state in states)
    made = replace(made, mentors=(*made.mentors, *others), letters=(*made.letters, *more))
    world = World(made, now=MARCH)
    world.until(datetime(2027, 6, 2, 20, tzinfo=ZoneInfo(HOME)))
    (mail,) = [m for _, m in world.sent if "-time-to-ask-" in m.key]
    assert mail.letters == ("l1", "lm3")
    assert "ask Dr. Elena Lopez for ERAS 2028" in mail.text
    assert "ask Dr. Wei Chen for ERAS 2028" in mail.text
    assert [name for name in ("Kim", "Never", "Asked") if name in mail.text] == []  # Dr. Kim is the backup


@pytest.mark.parametrize(
    "made",
    [
        asked(MARCH),
        replace(dossier(), letters=()),
        dossier(state=State.PREVIEWED),
        dossier(state=State.CANCELLED),
        dossier().with_application(replace(dossier().application("a1"), deadline=None)),
        dossier().with_application(replace(dossier().application("a1"), outcome="matched")),
        dossier().with_application(replace(dossier().application("a1"), rule="verified")),
        replace(dossier(), paused=True),
    ],
    ids=["asked", "no letter", "shown", "cancelled", "no deadline", "over", "not the letters'", "paused"],
)
def test_nothing_is_told_where_nobody_is_to_be_asked_or_no_date_is_known(made: Dossier) -> None:
    world = World(made, now=MARCH)
    world.until(DEADLINE + 10 * DAY)
    assert told(world) == []


@pytest.mark.parametrize(
    ("slept_until", "subjects"),
    [
        (datetime(2027, 6, 20, 12, tzinfo=ZoneInfo(HOME)), ["Half of the time to ask for ERAS 2028 is gone"]),
        (datetime(2027, 8, 30, 12, tzinfo=ZoneInfo(HOME)), ["It is late to ask for ERAS 2028: 2 days left"]),
        (datetime(2027, 9, 1, 23, 59, tzinfo=ZoneInfo(HOME)), []),  # the deadline
        (datetime(2027, 12, 1, 12, tzinfo=ZoneInfo(HOME)), []),
    ],
)
def test_after_a_long_sleep_only_the_last_is_told_and_never_after_the_deadline(
    slept_until: datetime, subjects: Sequence[str]
) -> None:
    world = World(dossier(), now=slept_until)
    world.turn()
    world.turn()
    assert [subject for _, subject in told(world)] == subjects


def test_what_an_answer_has_told_is_not_told_again() -> None:
    now = datetime(2027, 6, 20, 12, tzinfo=ZoneInfo(HOME))
    made = after(
        replace(dossier(), applications=()), "application ERAS 2028", "deadline: 1 Sept 2027, 11:59 pm ET", now
    )
    world = World(after(made, "mentor Dr. Elena Lopez", "specialty: cardiology", now), now=now)
    assert "Now is the time to ask" in answer(decided(made, "application ERAS", now=now), now)
    world.until(DEADLINE)
    assert told(world) == [("07-01 08:00", "It is late to ask for ERAS 2028: 8 weeks left")]


def test_an_answer_that_tells_nothing_of_the_time_to_ask_takes_nothing_off() -> None:
    now = datetime(2027, 6, 20, 12, tzinfo=ZoneInfo(HOME))
    for subject in (
        "change portal of ERAS 2028 to https://eras.example",
        "change specialty of Dr. Lopez to cardiology",
    ):
        world = World(after(dossier(), subject, now=now), now=now)
        world.turn()
        assert [subject for _, subject in told(world)] == ["Half of the time to ask for ERAS 2028 is gone"]
    world = World(after(dossier(), "change deadline of ERAS 2028 to 25 August 2027", now=now), now=now)
    world.turn()
    assert told(world) == []  # the answer told it


def test_another_deadline_has_a_time_to_ask_of_its_own() -> None:
    world = World(dossier(), now=MARCH)
    world.until(datetime(2027, 6, 10, tzinfo=ZoneInfo(HOME)))
    moved = world.dossier.application("a1")
    world.dossier = world.dossier.with_application(replace(moved, deadline=DEADLINE + 28 * DAY))
    world.until(DEADLINE + 28 * DAY)
    assert [at for at, _ in told(world)] == ["06-02 08:00", "06-30 08:00", "07-14 08:00", "07-29 08:00"]


def test_when_one_programme_has_passed_the_next_one_is_told_of() -> None:
    made = dossier().with_application(replace(dossier().application("a1"), deadline=None))
    days = (("p1", "Mercy", DEADLINE), ("p2", "Lakeside", DEADLINE + 45 * DAY))
    rows = (Programme(id=i, application="a1", name=name, deadline=at, time_zone=HOME) for i, name, at in days)
    world = World(replace(made, programmes=tuple(rows)), now=datetime(2027, 8, 1, tzinfo=ZoneInfo(HOME)))
    world.turn()
    world.until(DEADLINE + 60 * DAY)
    assert told(world) == [
        ("08-01 00:00", "It is late to ask for ERAS 2028: 4 weeks left"),
        ("09-01 23:59", "It is late to ask for ERAS 2028: 6 weeks left"),
    ]
    (_, first), (_, second) = [(at, m) for at, m in world.sent if "-time-to-ask-" in m.key]
    assert "the date of Mercy" in first.text
    assert "the date of Lakeside" in second.text


def test_an_applicant_elsewhere_is_told_in_the_morning_there() -> None:
    made = dossier()
    world = World(replace(made, applicant=replace(made.applicant, time_zone="Asia/Tokyo")), now=MARCH)
    world.until(datetime(2027, 6, 3, tzinfo=ZoneInfo(HOME)))
    assert [at for at, _ in told(world)] == ["06-01 19:00"]  # 2 June, eight in the morning, in Tokyo


def test_where_there_is_time_to_ask_until_the_deadline_it_is_never_late(monkeypatch: pytest.MonkeyPatch) -> None:
    serving(monkeypatch, ask_weeks_before=(0, 2))
    made = dossier().with_application(replace(dossier().application("a1"), service="casper"))
    assert [n.phase.value for n in asking_time.coming(made, made.application("a1"), POLICY, MARCH)] == ["opens", "half"]


def test_the_daemon_wakes_when_there_is_something_to_tell() -> None:
    assert clock.next_due(dossier(), POLICY, MARCH) == datetime(2027, 6, 2, 8, tzinfo=ZoneInfo(HOME))
    assert [n.phase.value for n in asking_time.coming(dossier(), dossier().application("a1"), POLICY, MARCH)] == [
        "opens", "half", "late",
    ]  # fmt: skip


@given(st.lists(st.integers(-40, 260), min_size=1, max_size=3, unique=True), st.integers(0, 150))
@settings(max_examples=12, deadline=None, derandomize=True)
def test_each_moment_is_told_once_at_the_most_and_never_after_its_deadline(days: list[int], begun: int) -> None:
    made = dossier().with_application(replace(dossier().application("a1"), deadline=None))
    rows = tuple(
        Programme(id=f"p{n}", application="a1", name=f"Program {n}", deadline=NOW + timedelta(days=ahead))
        for n, ahead in enumerate(days)
    )
    world = World(replace(made, programmes=rows), now=NOW + begun * DAY)
    world.turn()
    world.until(NOW + 300 * DAY)
    found = told(world)
    assert len(found) <= 3 * len(days)
    assert len(set(found)) == len(found)
    assert all(at < max(NOW + timedelta(days=d) for d in days) for at, m in world.sent if "ask for" in m.subject)
    marks = world.dossier.application("a1").window_told
    assert len(set(marks)) == len(marks)
