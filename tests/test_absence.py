"""Automatic answers: not an answer, never replied to; a named day of return moves the clock."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from mentors import (
    DAY,
    NOW,
    POLICY,
    World,
    asked,
    away,
    in_days,
    said,
    standing,
    templates,
    with_queued,
    with_second_letter,
    wrote,
)

from lorbot.core.correspondence import Progress, Purpose
from lorbot.core.decide import decide
from lorbot.core.decision import QuestionDraft
from lorbot.core.dossier import State
from lorbot.core.events import MentorWrote
from lorbot.core.reading import Absence, Kind

RETURN = date(2027, 6, 14)  # a Monday
BACK = datetime(2027, 6, 14, 12, tzinfo=UTC)  # 8 in the morning in New York


def test_queued_mail_waits_for_the_return_and_the_applicant_is_told() -> None:
    queued = with_queued(asked(), Purpose.NUDGE, not_before=NOW)
    decision = decide(queued, away(RETURN), NOW, POLICY)
    assert [m.not_before for m in decision.dossier.mails if m.key == "k1"] == [BACK]
    assert decision.dossier.mentor("m1").away_until == RETURN
    assert templates(decision) == ["applicant/told_away"]
    assert decision.why == ("Dr. Elena Lopez is away until Monday, June 14, 2027; mail waits until then",)


def test_it_is_no_answer() -> None:
    before = asked()
    after = decide(before, away(RETURN), NOW, POLICY).dossier
    assert (after.letters, after.contacts) == (before.letters, before.contacts)


def test_the_same_return_is_told_once() -> None:
    world = World(asked())
    assert len(world.happens(away(RETURN)).mails) == 1
    assert world.happens(away(RETURN, message_id="again@hospital.example")).mails == ()
    assert len(world.happens(away(date(2027, 6, 21), message_id="more@hospital.example")).mails) == 1


@pytest.mark.parametrize(
    ("days", "template"), [(100, "applicant/told_away"), (14, "applicant/told_away"), (10, "applicant/needs_away")]
)
def test_the_applicant_is_warned_when_the_deadline_falls_into_the_absence(days: int, template: str) -> None:
    decision = decide(in_days(standing(State.PACKET_SENT), days), away(RETURN), NOW, POLICY)
    assert templates(decision) == [template]


def test_every_letter_that_comes_too_late_is_named_in_one_warning() -> None:
    made = in_days(with_second_letter(standing(State.PACKET_SENT), state=State.PACKET_SENT), 10)
    made = made.with_application(replace(made.application("a2"), deadline=NOW + 11 * DAY))
    (question,) = decide(made, away(RETURN), NOW, POLICY).mails
    assert isinstance(question, QuestionDraft)
    assert question.choices == ("backup", "talk", "wait 13 days")
    assert [x["name"] for x in question.mail.context["late"]] == ["ERAS 2028", "Garden grant"]


OPEN_END = Absence.AWAY


def test_an_absence_without_an_end_is_asked_about_once_and_the_clock_goes_on() -> None:
    world = World(asked())
    decision = world.happens(away(None, absence=OPEN_END))
    assert templates(decision) == ["applicant/needs_away"]
    assert decision.dossier.mentor("m1").away_until is None
    assert world.happens(away(None, absence=OPEN_END, message_id="again@hospital.example")).mails == ()
    world.until(NOW + 8 * DAY)
    assert [what for _, what in world.days()] == ["nudge"]


def test_who_is_gone_for_good_is_asked_about_and_gets_no_notes_meanwhile() -> None:
    world = World(asked())
    decision = world.happens(away(None, absence=Absence.GONE))
    assert templates(decision) == ["applicant/needs_gone"]
    assert decision.dossier.mentor("m1").away_until is None
    assert world.happens(away(None, absence=Absence.GONE, message_id="again@hospital.example")).mails == ()
    world.until(NOW + 30 * DAY)
    assert world.days() == []
    key = decision.mails[0].mail.key  # type: ignore[union-attr]
    world.leave()
    world.happens(wrote("lopez@new.example", key))
    assert world.dossier.mentor("m1").email == "lopez@new.example"


def test_a_person_who_writes_is_back_and_the_next_absence_is_told_anew() -> None:
    world = World(in_days(asked(), 10))
    assert len(world.happens(away(RETURN)).mails) == 1
    world.leave()
    world.happens(said("I will think about it.", message_id="person@hospital.example"))
    mentor = world.dossier.mentor("m1")
    assert (mentor.away_until, mentor.absence_told) == (None, "")
    assert "away" not in {q.topic for q in world.dossier.questions}


def test_after_waiting_at_the_applicants_word_nothing_goes_before_the_return() -> None:
    world = World(in_days(standing(State.PACKET_SENT), 10))
    decision = world.happens(away(RETURN))
    world.leave()
    world.happens(wrote("wait", decision.mails[0].mail.key))  # type: ignore[union-attr]
    assert world.dossier.letter("l1").snooze_until == RETURN
    world.until(NOW + 12 * DAY)
    assert world.days() == []


# -- an absence that is still to come ------------------------------------------------------------------------------

LEAVES = date(2027, 6, 9)  # a Wednesday


def leaving(**more: object) -> MentorWrote:
    return away(RETURN, away_from=LEAVES, **more)


def test_before_an_absence_mail_goes_as_ever() -> None:
    queued = with_queued(asked(), Purpose.NUDGE, not_before=NOW)
    decision = decide(queued, leaving(), NOW, POLICY)
    assert [m.not_before for m in decision.dossier.mails if m.key == "k1"] == [NOW]
    assert templates(decision) == ["applicant/told_away"]


def test_a_note_that_would_fall_into_the_absence_follows_it() -> None:
    world = World(asked(NOW))
    world.happens(away(date(2027, 6, 18), away_from=date(2027, 6, 8)))
    world.until(NOW + 16 * DAY)
    assert world.days() == []
    world.until(NOW + 21 * DAY)
    assert world.days() == [("06-21 08:00", "nudge")]


def test_a_reminder_of_a_deadline_in_the_absence_goes_before_it() -> None:
    world = World(in_days(standing(State.PACKET_SENT, last_sent_at=NOW - 20 * DAY), 17))  # June 18
    decision = world.happens(away(date(2027, 6, 21), away_from=LEAVES))
    assert templates(decision) == ["applicant/needs_away"]
    world.until(NOW + 30 * DAY)
    assert world.days() == [("06-04 08:00", "reminder"), ("06-08 08:00", "reminder")]


def test_a_reminder_that_could_only_come_too_late_is_not_sent() -> None:
    world = World(in_days(standing(State.PACKET_SENT, last_sent_at=NOW - 20 * DAY), 17))
    world.happens(away(date(2027, 6, 21), away_from=LEAVES))
    world.now = NOW + 9 * DAY  # nothing ran until the absence had begun
    world.until(NOW + 30 * DAY)
    assert world.days() == []


def test_a_deadline_before_the_absence_is_no_reason_to_warn() -> None:
    assert templates(decide(in_days(standing(State.PACKET_SENT), 6), leaving(), NOW, POLICY)) == ["applicant/told_away"]


@pytest.mark.parametrize(
    "event",
    [
        away(None),
        away(date(2027, 5, 1)),  # past
        away(date(2027, 6, 1)),  # today
        away(RETURN, genuine=False),
        said("A newsletter.", kind=Kind.OTHER),
        said("Your letter was received.", kind=Kind.PORTAL_NOTICE),
    ],
    ids=["no date", "past", "today", "forged", "list", "portal"],
)
def test_nothing_follows_from_other_automatic_mail(event: object) -> None:
    before = asked()
    decision = decide(before, event, NOW, POLICY)  # type: ignore[arg-type]
    changed = replace(decision.dossier, journal=before.journal, handled=before.handled)
    assert (changed, decision.mails) == (before, ())
    assert len(decision.dossier.journal) == len(before.journal) + 1


def test_nobody_is_told_of_an_absence_that_holds_nothing_up() -> None:
    decision = decide(standing(State.THANKED), away(RETURN), NOW, POLICY)
    assert (decision.mails, decision.dossier.mentor("m1").away_until) == ((), RETURN)


def test_a_mail_approved_during_an_absence_leaves_after_it() -> None:
    world = World(standing(State.RECEIVED, received_at=NOW))
    world.happens(away(RETURN))
    world.until(NOW + 30 * DAY)
    assert world.days() == [("06-14 08:00", "thanks")]


def test_mail_to_the_applicant_never_waits_for_a_mentor() -> None:
    queued = with_queued(asked(), Purpose.QUESTION)
    after = decide(queued, away(RETURN), NOW, POLICY).dossier
    assert [(m.not_before, m.progress) for m in after.mails if m.key == "k1"] == [(None, Progress.QUEUED)]
