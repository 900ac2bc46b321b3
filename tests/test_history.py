"""`history`: what passed, in order, readable after years."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from dossiers import NOW, after, answer, decided, problems, rich, small, written
from stage import Received, Stage, Style, apple, gmail, outlook

from lorbot.core.correspondence import Contact, Direction, Mail, Progress, Purpose
from lorbot.core.dossier import Dossier, State
from lorbot.core.history import overview, without_words
from lorbot.core.message import Address
from lorbot.sandbox.server import MailServer

ZONE = "America/New_York"


def mail(number: int, **more: object) -> Mail:
    at = NOW + timedelta(days=number)
    usual = {
        "key": f"l2-own-{number}", "purpose": Purpose.OWN_WORDS, "to": Address(email="chen@hospital.example"),
        "subject": "Re: A letter" if number else "A letter", "text": f"text {number}", "letters": ("l2",),
        "mentor": "m3", "decided_at": at, "sent_at": at, "progress": Progress.SENT, "message_id": f"{number}@x.example",
    }  # fmt: skip
    return Mail(**(usual | more))  # type: ignore[arg-type]


def came(number: float, **more: object) -> Contact:
    usual = {
        "direction": Direction.IN, "message_id": f"i{number}@x.example", "mentor": "m3", "letters": ("l2",),
        "purpose": "answer", "subject": "Re: A letter", "at": NOW + timedelta(days=number), "telling": "Gladly.",
    }  # fmt: skip
    return Contact(**(usual | more))  # type: ignore[arg-type]


def corresponded() -> Dossier:
    dossier = replace(rich(), mails=(mail(40), mail(0), mail(1)), contacts=(came(0.5),))
    return dossier.noting(NOW + timedelta(days=50), "received: Dr. Wei Chen")


def rows(dossier: Dossier, **more: str) -> list[tuple[str, str, str]]:
    chen = next(m for m in overview(dossier, ZONE, **more) if m["name"] == "Dr. Wei Chen")
    return [(m["name"], row["who"], row["what"] or row["words"]) for m in chen["months"] for row in m["rows"]]


def test_everything_stands_in_order_by_months_the_newest_last() -> None:
    assert rows(corresponded()) == [
        ("June 2027", "out", "own words"),
        ("June 2027", "in", "Gladly."),
        ("June 2027", "out", "own words"),
        ("July 2027", "out", "own words"),
        ("August 2027", "you", "told me that the letter is in"),
    ]


def test_a_subject_stands_where_it_changes() -> None:
    text = answer(decided(corresponded(), "history Chen"))
    assert text.count("“A letter”") == 1
    assert "3 mails sent, 1 answer so far." in text


def test_a_mail_that_is_known_by_its_trace_alone_is_there_too() -> None:
    trace = came(3, direction=Direction.OUT, purpose="nudge", telling="")
    assert ("June 2027", "out", "nudge") in rows(replace(corresponded(), contacts=(trace,)))
    assert len(rows(replace(corresponded(), contacts=(replace(trace, message_id="0@x.example"),)))) == 4


def test_of_one_application_only_what_is_about_it() -> None:
    dossier = replace(corresponded(), mails=(mail(0), mail(1, letters=("l3",))), contacts=())
    assert [who for _, who, _ in rows(dossier, application="a2")] == ["out", "you"]


@pytest.mark.parametrize("subject", ["history", "history of all my mentors", "history everyone"])
def test_all_mentors_are_shown_where_none_is_named(subject: str) -> None:
    text = answer(decided(corresponded(), subject))
    assert [line for line in text.split("\n") if line.startswith("## ")] == [
        "## Dr. Elena Lopez (lopez@hospital.example)",
        "## Sam Kim, MD (kim@hospital.example)",
        "## Dr. Wei Chen (chen@hospital.example)",
    ]


def test_the_history_of_nobody_explains_itself() -> None:
    assert any("“nobody” is not one of your mentors; there are: Dr. Elena" in p for p in
               problems(decided(rich(), "history of nobody")))  # fmt: skip
    assert "you have named no mentor" in answer(decided(small(), "history"))
    assert "Nothing has passed yet." in answer(decided(rich(), "history Lopez"))


def test_a_history_of_years_stays_a_mail() -> None:
    long = replace(rich(), mails=tuple(mail(n) for n in range(0, 1500, 3)))
    (shown,) = written(decided(long, "history"))
    assert shown.text.count("\n- ") == 500
    assert "**June 2031**" in shown.text
    assert len(shown.html) < 500_000


@pytest.mark.parametrize(
    ("subject", "line"),
    [
        ("agreed Lopez", "you told me that Dr. Elena Lopez said yes"),
        ("declined Lopez", "you told me that Dr. Elena Lopez said no"),
        ("talked Lopez", "you talked with Dr. Elena Lopez"),
        ("cancel Lopez", "you cancelled the letter"),
        ("assigned Lopez", "you told me that the letter is assigned"),
        ("received Lopez", "you told me that the letter is in"),
    ],
)
def test_what_the_applicant_reported_is_there_with_the_note(subject: str, line: str) -> None:
    state = State.RECEIVED if subject.startswith("assigned") else State.ASKED
    dossier = rich().with_letter(replace(rich().letter("l1"), state=state, asked_at=NOW))
    dossier = after(dossier, subject, "note: on the ward, after rounds")
    dossier = dossier.with_mentor(replace(dossier.mentor("m3"), name="Dr. Elena Lopez-Chen"))
    told = answer(decided(dossier, "history"))
    noted = "" if subject.startswith("received") else ", and noted: “on the ward, after rounds”"
    assert [x.partition(": ")[2] for x in told.split("\n") if ": you " in x] == [line + noted]
    assert "rounds" not in str(without_words(overview(dossier, ZONE)))


def test_an_office_sees_that_mail_went_and_not_what_was_said() -> None:
    hidden = str(without_words(overview(corresponded(), ZONE)))
    assert "own words" in hidden
    assert "Gladly" not in hidden
    assert "A letter" not in hidden


@pytest.mark.parametrize("style", [gmail, outlook, apple])
def test_a_season_is_told_as_it_was(tmp_path: Path, mail_server: MailServer, style: Style) -> None:
    stage = Stage(tmp_path, mail_server)
    ask = stage.asked()
    stage.now += timedelta(days=1, hours=2)
    stage.lopez.answers(ask, "I would be delighted to write you a strong letter.", style)
    stage.turn()
    stage.nadia.reads()
    stage.now += timedelta(days=20)
    stage.nadia.writes("received Dr. Lopez")
    stage.turn()
    stage.nadia.reads()

    stage.nadia.answers(_status(stage), "history of Dr. Lopez", style)
    stage.turn()

    told = stage.nadia.reads_one()
    lines = [line.strip(" *-") for line in told.text.split("\n") if "AM" in line or "PM" in line]
    assert lines == [
        f"Mon, June 14, 10:00 AM: the ask, “{ask.subject}”: sent",
        "Tue, June 15, 12:00 PM: Dr. Elena Lopez wrote: “I would be delighted to write you a strong letter.”",
        "Tue, June 15, 12:00 PM: the packet: sent",
        "Mon, July 5, 12:00 PM: you told me that the letter is in",
    ]
    assert "June 2027" in told.html


def _status(stage: Stage) -> Received:
    stage.nadia.writes("status")
    stage.turn()
    return stage.nadia.reads_one()
