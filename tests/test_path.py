"""Looking ahead: which letters come next and when, and which mentor is worth keeping warm for what."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from dossiers import NOW, POLICY, answer, decided, rich, small

from lorbot.core import stages
from lorbot.core.correspondence import Contact, Direction, Purpose
from lorbot.core.dossier import Dossier, State
from lorbot.core.path import path
from lorbot.core.stages import STEPS, Stage, Standing, standing_in

JUNE, MARCH = date(2027, 6, 15), date(2027, 3, 15)
DAY = timedelta(days=1)


def at(stage: str, **more: Any) -> Dossier:
    """Nadia at this stage, with no application."""
    dossier = replace(rich(), applications=(), letters=())
    return replace(dossier, applicant=replace(dossier.applicant, stage=stage), **more)


# -- where somebody stands ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "today", "standing"),
    [
        ("premed", JUNE, Standing(stage=Stage.PREMED)),
        ("Pre-Med, entering 2029", JUNE, Standing(stage=Stage.PREMED, ends=2029)),
        ("college senior", JUNE, Standing(stage=Stage.PREMED)),
        ("post-bac student", JUNE, Standing(stage=Stage.PREMED)),
        ("fourth-year medical student", JUNE, Standing(stage=Stage.STUDENT, year=4, ends=2028, assumed=True)),
        ("fourth-year medical student", MARCH, Standing(stage=Stage.STUDENT, year=4, ends=2027, assumed=True)),
        ("third-year medical student", MARCH, Standing(stage=Stage.STUDENT, year=3, ends=2028, assumed=True)),
        ("MS3", JUNE, Standing(stage=Stage.STUDENT, year=3, ends=2029, assumed=True)),
        ("M4, class of 2027", JUNE, Standing(stage=Stage.STUDENT, year=4, ends=2027)),
        ("medical student at Lakeside College of Medicine", JUNE, Standing(stage=Stage.STUDENT)),
        ("MD/PhD student", JUNE, Standing(stage=Stage.STUDENT)),
        ("PGY-2", JUNE, Standing(stage=Stage.RESIDENT, year=2)),
        ("chief resident, finishing 2028", JUNE, Standing(stage=Stage.RESIDENT, ends=2028)),
        ("cardiology fellow", JUNE, Standing(stage=Stage.FELLOW)),
        ("junior faculty", JUNE, Standing(stage=Stage.FACULTY)),
        ("Assistant Professor of Medicine", JUNE, Standing(stage=Stage.FACULTY)),
        ("attending", JUNE, Standing(stage=Stage.FACULTY)),
        ("attending medical school", JUNE, None),
        ("postdoctoral fellow", JUNE, None),
        ("medical student, soon a resident", JUNE, None),
        ("retired", JUNE, None),
        ("", JUNE, None),
    ],
)
def test_a_stage_is_read_or_left_alone(words: str, today: date, standing: Standing | None) -> None:
    assert standing_in(words, today) == standing


# -- when the next letters are wanted ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "what", "when", "rest", "later"),
    [
        ("premed", "medical school", "", ["clerkships"], ["residency", "a fellowship", "a first job", "promotion"]),
        ("premed, entering 2029", "medical school", "May 27, 2028", ["clerkships"],
         ["residency", "a fellowship", "a first job", "promotion"]),
        ("third-year medical student", "residency", "September 1, 2028", ["clerkships"],
         ["a fellowship", "a first job", "promotion"]),
        ("fourth-year medical student", "residency", "September 1, 2027", [],
         ["a fellowship", "a first job", "promotion"]),
        ("PGY-2", "a fellowship", "", [], ["a first job", "promotion"]),
        ("PGY-2, finishing 2029", "a fellowship", "June 30, 2028", [], ["a first job", "promotion"]),
        ("fellow", "a first job", "", [], ["promotion"]),
        ("associate professor", "promotion", "", [], []),
    ],
)  # fmt: skip
def test_the_way_from_each_stage(stage: str, what: str, when: str, rest: list[str], later: list[str]) -> None:
    seen = path(at(stage), POLICY, NOW)
    assert (seen["next"]["what"], seen["next"]["when"]) == (what, when)
    assert ([s["what"] for s in seen["rest"]], seen["later"]) == (rest, later)


def test_a_date_that_nobody_has_published_is_not_there() -> None:
    for step in STEPS:
        assert (step.usual is None) or re.match(r"https?://", step.usual.source)
        assert not step.note or re.match(r"https?://", step.note_source)


def test_a_year_that_was_counted_here_is_a_condition_and_the_right_one_is_asked_for() -> None:
    text = answer(decided(at("third-year medical student"), "calendar"))
    assert "usually by September 1, 2028, if you graduate in 2029;" in text
    assert "If that is wrong, please tell me the year in which you graduate" in text
    told = answer(decided(at("third-year medical student, class of 2030"), "calendar"))
    assert "usually by September 1, 2029; one medical school" in told
    assert "If that is wrong" not in told


def test_an_application_that_is_known_goes_before_what_is_usual() -> None:
    seen = path(rich(), POLICY, NOW)["next"]
    assert (seen["when"], seen["application"]) == ("Wednesday, September 1, 2027", "ERAS 2028, internal medicine")
    assert (seen["usual"], seen["if_ends"]) == ("", 0)


def test_after_the_match_the_next_letters_are_those_of_the_next_step() -> None:
    dossier = rich()
    matched = dossier.with_application(replace(dossier.application("a1"), outcome="matched"))
    assert path(matched, POLICY, NOW)["next"]["what"] == "a fellowship"


def test_a_usual_day_that_is_over_is_called_over() -> None:
    seen = path(at("M4, class of 2027"), POLICY, NOW)["next"]
    assert (seen["when"], seen["passed"]) == ("", "September 1, 2026")


@pytest.mark.parametrize("stage", ["", "retired", "medical student, soon a resident"])
def test_where_somebody_stands_is_asked_and_not_guessed(stage: str) -> None:
    seen = path(at(stage), POLICY, NOW)
    assert seen == {"stage": "", "next": None, "rest": [], "later": [], "mentors": []}
    assert "once I know where you stand" in answer(decided(at(stage), "calendar"))


# -- whom to keep warm -------------------------------------------------------------------------------------------


def mentors(dossier: Dossier, now: datetime = NOW) -> dict[str, tuple[list[str], str]]:
    return {m["name"]: (m["worth"], m["news"]) for m in path(dossier, POLICY, now)["mentors"]}


def known(dossier: Dossier, mentor: str, **more: Any) -> Dossier:
    return dossier.with_mentor(replace(dossier.mentor(mentor), **more))


def test_who_knows_the_applicant_is_worth_keeping_warm_and_it_says_why() -> None:
    dossier = known(at("PGY-2"), "m3", closeness="knows me well", observed="daily", last_worked="May 2027")
    found = {m["name"]: m for m in path(dossier, POLICY, NOW)["mentors"]}
    assert found["Dr. Wei Chen"]["worth"] == ["a fellowship", "a first job"]
    assert found["Dr. Wei Chen"]["why"] == ["knows you well", "saw you at work", "worked with you within the last year"]


@pytest.mark.parametrize(
    "more",
    [
        {"closeness": "hardly knows me", "observed": "daily"},
        {"closeness": "my aunt, knows me well", "observed": "daily"},
        {"closeness": "knows me well", "observed": "no"},
        {"never": True, "closeness": "knows me well"},
        {},  # nothing is known that speaks for her
    ],
)
def test_who_is_not_named(more: dict[str, Any]) -> None:
    worked = {"worked_together": "two years in your laboratory"}
    assert "Dr. Wei Chen" not in mentors(known(at("PGY-2"), "m3", **worked | more))


def test_who_has_only_said_no_is_not_named() -> None:
    dossier = known(rich(), "m1", closeness="knows me well")
    assert "Dr. Elena Lopez" in mentors(dossier)
    declined = dossier.with_letter(replace(dossier.letter("l1"), state=State.DECLINED))
    assert "Dr. Elena Lopez" not in mentors(declined)


def wrote(dossier: Dossier, days_ago: int, purpose: Purpose = Purpose.PACKET, mentor: str = "m3") -> Dossier:
    contact = Contact(
        direction=Direction.OUT, message_id=f"x{days_ago}", mentor=mentor, letters=("l2",), purpose=purpose.value,
        subject="s", at=NOW - days_ago * DAY,
    )  # fmt: skip
    return replace(dossier, contacts=(*dossier.contacts, contact))


@pytest.mark.parametrize(
    ("state", "days_ago", "news"),
    [
        (State.PACKET_SENT, 10, "in October 2027"),  # 120 days after the last mail
        (State.THANKED, 100, "in July 2027"),
        (State.THANKED, 130, "now"),
        (State.ASKED, 130, ""),  # a question stands open: no news beside it
        (State.HELD, 130, ""),
        (State.PLANNED, 130, ""),  # has not been asked for anything: mail about news would be odd
    ],
)
def test_an_update_is_suggested_after_a_long_silence(state: State, days_ago: int, news: str) -> None:
    dossier = known(wrote(rich(), days_ago), "m3", closeness="knows me well")
    dossier = replace(dossier, letters=(replace(dossier.letter("l2"), state=state),))
    assert mentors(dossier)["Dr. Wei Chen"][1] == news


def test_no_more_than_a_few_updates_a_year_are_suggested() -> None:
    dossier = known(rich(), "m3", closeness="knows me well")
    for days_ago in (350, 300, 250, 200):
        dossier = wrote(dossier, days_ago, Purpose.UPDATE)
    assert mentors(dossier)["Dr. Wei Chen"][1] == "in June 2027"  # a year after the first of four
    assert mentors(dossier, NOW + 20 * DAY)["Dr. Wei Chen"][1] == "now"


def test_nothing_speaks_of_chances() -> None:
    stages_known = ("premed", "third-year medical student", "PGY-2", "fellow", "associate professor", "")
    text = " ".join(answer(decided(at(stage), "calendar")) for stage in stages_known)
    assert not re.search(r"\bchances?\b|\blikely\b|\bcompetitive\b|\bstrongest\b|\bodds\b|\bbest\b", text)


def test_an_empty_dossier_has_an_answer() -> None:
    assert "Looking ahead" in answer(decided(small(), "calendar"))
    assert stages.steps_ahead(None) == STEPS
    assert NOW.tzinfo is UTC
