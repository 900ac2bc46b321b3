"""Stories of deadlines, day by day, on a real mail server with the real daemon: programs with dates of their own, a
deadline anywhere on earth that moves, and the time to ask that comes while the daemon runs.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from stage import CV, HOME, MENTOR, MONDAY, PROFILE, Received, Stage, outlook

from lorbot.core import clock
from lorbot.core.application import Programme
from lorbot.core.policy import Policy
from lorbot.sandbox.server import MailServer

YES = "Dear Nadia,\n\nI would be delighted to write you a strong letter.\n\nElena Lopez"


@pytest.fixture
def stage(tmp_path: Path, mail_server: MailServer) -> Stage:
    return Stage(tmp_path, mail_server)


def told(stage: Stage, *mails: tuple[str, str]) -> list[Received]:
    """Nadia writes these commands and reads the answers."""
    for subject, text in mails:
        stage.nadia.writes(subject, text, files=(CV,) if subject == "cv" else ())
    stage.turn()
    return stage.nadia.reads()


def flat(mail: Received) -> str:
    return " ".join(mail.text.split())


def begun(stage: Stage, dates: str = "") -> list[Received]:
    """Nadia has told who she is, where she applies and who Dr. Lopez is; the answers."""
    application = f"service: ERAS residency\n{dates}"
    return told(
        stage, ("profile", PROFILE), ("cv", "Here."), ("application ERAS 2028", application),
        ("mentor Dr. Elena Lopez", MENTOR),
    )  # fmt: skip


def with_programmes(stage: Stage, *named: tuple[str, datetime]) -> None:
    """Her list of programs is known, each with its own deadline."""
    rows = (
        Programme(id=f"p{n}", application="a1", name=name, deadline=at, time_zone="America/New_York")
        for n, (name, at) in enumerate(named, 1)
    )
    store = stage.daemon.parts.store
    store.save(replace(stage.dossier, programmes=tuple(rows)))
    stage.restart()


def agreed(stage: Stage, ask: Received) -> Received:
    """Nadia approves the ask and Dr. Lopez agrees; the packet."""
    stage.nadia.answers(ask, "send")
    stage.turn()
    asked = stage.lopez.reads_one("Letter of recommendation")
    stage.passes(hours=2)
    stage.lopez.answers(asked, YES)
    stage.turn()
    stage.nadia.reads()
    return stage.lopez.reads_one()


def days_pass(stage: Stage, until: datetime) -> tuple[list[Received], list[Received]]:
    """What Nadia and Dr. Lopez get up to then: the daemon wakes whenever something is due."""
    nadia, lopez = [], []
    while stage.now < until:
        due = clock.next_due(stage.dossier, Policy(), stage.now)
        stage.now = max(min(due or until, until), stage.now + timedelta(minutes=1))
        stage.turn()
        nadia += stage.nadia.reads()
        lopez += stage.lopez.reads()
    return nadia, lopez


def test_programs_alone_have_deadlines_and_the_next_counts_when_one_is_missed(stage: Stage) -> None:
    begun(stage)
    (nothing,) = told(stage, ("ask Dr. Lopez", ""))
    assert "the deadline of ERAS 2028 is missing" in nothing.text

    mercy, stone = MONDAY + timedelta(days=30, hours=7), MONDAY + timedelta(days=60, hours=7)
    with_programmes(stage, ("Stone Hill", stone), ("Mercy Hospital", mercy))
    (ask,) = told(stage, ("ask Dr. Lopez", ""))
    first = "Wednesday, July 14, 2027, 5:00 PM (New York time), the date of Mercy Hospital, the earliest of my programs"
    assert f"The deadline is {first}." in flat(ask)
    assert f"Deadline: {first}" in flat(agreed(stage, ask))
    (status,) = told(stage, ("status", ""))
    assert "Deadline: Wednesday, July 14, 2027, 5:00 PM (New York time), the date of Mercy Hospital" in flat(status)
    assert "- Friday, August 13, 2027, 5:00 PM (New York time), Stone Hill" in flat(status)

    to_nadia, to_lopez = days_pass(stage, mercy + timedelta(days=1))
    assert [f"due in {n} days" in mail.text for n, mail in zip((14, 7), to_lopez, strict=True)] == [True, True]
    overdue = next(m for m in to_nadia if "Urgent" in m.subject)
    assert "The deadline of Mercy Hospital has passed" in flat(overdue)
    assert "For Stone Hill there is time: until Friday, August 13, 2027, 5:00 PM (New York time)." in flat(overdue)

    to_nadia, to_lopez = days_pass(stage, stone + timedelta(days=1))
    (reminder,) = to_lopez
    assert "due in 14 days, on Friday, August 13, 2027, 5:00 PM (New York time), the date of Stone Hill." in flat(
        reminder
    )
    assert "The deadline of Stone Hill has passed" in flat(next(m for m in to_nadia if m.subject.startswith("Urgent")))
    assert days_pass(stage, stone + timedelta(days=10))[1] == []  # three mails without an answer, and no more


def test_a_deadline_anywhere_on_earth_moves_and_takes_its_reminders_along(stage: Stage) -> None:
    stage.now = MONDAY + timedelta(hours=4)
    *_, application, _ = begun(stage, "deadline: 14 July 2027, AoE\npreferred: 1 July 2027")
    assert "deadline: Wednesday, July 14, 2027, 11:59 PM (anywhere on earth, UTC-12)" in flat(application)
    assert "You named no time for “14 July 2027, AoE”, so I took the end of that day." in flat(application)
    told(stage, ("mentor Dr. Elena Lopez", "time zone: PT"))
    (ask,) = told(stage, ("ask Dr. Lopez", ""))
    packet = flat(agreed(stage, ask))
    there = "where you are, that is Thursday, July 15, 2027, 4:59 AM (Los Angeles time)"
    assert f"Deadline: Wednesday, July 14, 2027, 11:59 PM (anywhere on earth, UTC-12); {there}" in packet
    assert "Preferred date, if you can manage it: Thursday, July 1, 2027" in packet

    _, (reminder,) = days_pass(stage, datetime(2027, 7, 1, 12, tzinfo=HOME))
    assert "due in 14 days, on Wednesday, July 14, 2027" in flat(reminder)
    told(stage, ("change deadline of ERAS 2028 to 18 August 2027, AoE", ""))
    last_minute = datetime(2027, 8, 19, 7, 59, tzinfo=HOME)
    to_nadia, to_lopez = days_pass(stage, last_minute - timedelta(minutes=1))
    assert [m.text.count("Wednesday, August 18, 2027, 11:59 PM (anywhere on earth, UTC-12)") for m in to_lopez] == [
        1,
        1,
    ]
    assert [m.subject for m in to_nadia if "Urgent" in m.subject] == []
    to_nadia, to_lopez = days_pass(stage, last_minute)
    assert ([m.subject[:33] for m in to_nadia], to_lopez) == (["Urgent: the deadline has passed, "], [])


def test_she_says_when_the_letters_must_be_there_and_the_time_to_ask_comes(stage: Stage) -> None:
    stage.now = datetime(2027, 5, 24, 10, tzinfo=HOME)
    *_, application, _ = begun(stage, "deadline: 1 October 2027, 11:59 pm ET, verified")
    assert "the service must have verified the application" in flat(application)
    (refused,) = told(stage, ("ask Dr. Lopez", ""))
    assert "I do not know when the letters of ERAS 2028 must be there" in flat(refused)
    (changed,) = told(stage, ("change letters by of ERAS 2028 to 1 September 2027, 11:59 pm ET", ""))
    assert "The time to ask is from Wednesday, June 2, 2027 to Wednesday, June 30, 2027" in flat(changed)

    to_nadia, _ = days_pass(stage, datetime(2027, 6, 2, 7, 59, tzinfo=HOME))
    assert to_nadia == []
    stage.passes(minutes=1)
    notice = stage.nadia.reads_one("It is time to ask for ERAS 2028")
    assert "- **ask Dr. Elena Lopez**" in notice.text
    assert "must be there by Wednesday, September 1, 2027, 11:59 PM (New York time), 13 weeks from now" in flat(notice)
    assert notice.headers["auto-submitted"] == "auto-generated"
    stage.nadia.answers(notice, "ask Dr. Elena Lopez", outlook)
    stage.turn()
    preview = stage.nadia.reads_one("Shall I send this")
    assert "The deadline is Wednesday, September 1, 2027, 11:59 PM (New York time)." in flat(preview)
    assert "October" not in preview.text
    agreed(stage, preview)
    to_nadia, _ = days_pass(stage, datetime(2027, 7, 10, tzinfo=HOME))
    assert to_nadia == []  # nobody is left to ask: neither half of the time nor its end is told
