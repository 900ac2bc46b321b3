"""The clock: what is due when, for the mentor and for the applicant, and that it never rushes or stands still."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from mentors import (
    DAY,
    NOW,
    POLICY,
    World,
    asked,
    away,
    dossier,
    in_days,
    said,
    standing,
    templates,
    with_queued,
    with_second_letter,
    wrote,
)

from lorbot.core import clock, manners, outgoing
from lorbot.core.correspondence import Progress, Purpose
from lorbot.core.dossier import State
from lorbot.core.reading import Signal, Stance

AGREED: dict[str, Any] = {"agreed_at": NOW, "packet_at": NOW, "unanswered": 0}


def test_a_silent_mentor_gets_two_notes_and_then_the_applicant_chooses() -> None:
    world = World(asked())
    world.until(NOW + 40 * DAY)
    assert world.days() == [("06-08 10:00", "nudge"), ("06-15 10:00", "nudge")]
    assert [(f"{at:%m-%d}", m.key) for at, m in world.sent if m.purpose is Purpose.QUESTION] == [
        ("06-17", "q-l1-silent"),
        ("06-22", "q-l1-silent-again"),
    ]
    assert (world.dossier.letter("l1").state, world.dossier.letter("l1").unanswered) == (State.SILENT, 3)


def test_a_mentor_who_agreed_is_reminded_twice_and_the_last_note_is_only_shown() -> None:
    world = World(standing(State.PACKET_SENT, **AGREED))
    world.until(datetime(2027, 9, 20, tzinfo=UTC))
    assert world.days() == [("08-18 08:00", "reminder"), ("08-25 08:00", "reminder")]
    asks = [(f"{at - timedelta(hours=4):%m-%d %H:%M}", m.key) for at, m in world.sent if m.purpose in {
        Purpose.PREVIEW, Purpose.QUESTION}]  # fmt: skip
    assert asks == [("08-30 08:00", "p-l1-last-call"), ("09-01 23:59", "q-l1-overdue"),
                    ("09-06 23:59", "q-l1-overdue-again")]  # fmt: skip
    assert world.dossier.previews == ()  # nobody is offered a last note after the deadline


def test_an_approved_last_note_goes_and_nothing_after_it() -> None:
    world = World(standing(State.PACKET_SENT, **AGREED))
    world.until(datetime(2027, 8, 30, 14, tzinfo=UTC))
    world.happens(wrote("send", "p-l1-last-call"))
    world.leave()
    world.until(datetime(2027, 12, 1, tzinfo=UTC))
    assert [p for _, p in world.days()] == ["reminder", "reminder", "last call"]


@pytest.mark.parametrize(
    ("state", "fields", "slept", "left"),
    [
        (State.ASKED, {}, 8, ["nudge"]),
        (State.ASKED, {}, 15, ["nudge"]),  # the second, not both
        (State.ASKED, {}, 30, []),  # only the applicant is asked
        (State.PACKET_SENT, AGREED, 86, ["reminder"]),
        (State.PACKET_SENT, AGREED, 92, []),
        (State.PACKET_SENT, AGREED, 120, []),
        (State.RECEIVED, {"received_at": NOW}, 60, ["thanks"]),
    ],
)
def test_after_a_long_sleep_one_mail_is_sent_where_several_were_missed(
    state: State, fields: dict[str, Any], slept: int, left: list[str]
) -> None:
    world = World(standing(state, **fields), now=NOW + slept * DAY)
    while not manners.is_allowed(world.now, "America/New_York", POLICY):
        world.now += DAY
    world.turn()
    world.turn()
    assert [p for _, p in world.days()] == left


def test_nudges_keep_to_the_mentors_hours_and_holidays() -> None:
    asked_late = asked(datetime(2027, 6, 11, 21, 30, tzinfo=UTC))  # a week before a holiday, 17:30 in New York
    lopez = replace(asked_late.mentor("m1"), time_zone="America/Los_Angeles")
    world = World(asked_late.with_mentor(lopez))
    world.until(NOW + 40 * DAY)
    assert [f"{at:%m-%d %H:%M}" for at, m in world.to_mentors()] == ["06-21 15:00", "06-25 21:30"]


def test_one_held_up_by_a_holiday_does_not_meet_the_next() -> None:
    world = World(asked(datetime(2027, 12, 10, 15, tzinfo=UTC)))
    world.dossier = in_days(world.dossier, 90, world.dossier.contacts[0].at)
    world.until(datetime(2028, 2, 1, tzinfo=UTC))
    left = [f"{at:%m-%d %H:%M} {m.purpose.value}" for at, m in world.sent]
    assert left == ["12-17 15:00 nudge", "01-03 13:00 nudge", "01-04 13:00 question", "01-09 13:00 question"]


def test_several_letters_of_one_mentor_are_one_reminder_and_one_thank_you() -> None:
    both = with_second_letter(
        standing(State.PACKET_SENT, **AGREED), state=State.PACKET_SENT, asked_at=NOW, last_sent_at=NOW
    )
    both = both.with_application(replace(both.application("a2"), deadline=both.application("a1").deadline))
    world = World(both)
    world.until(datetime(2027, 8, 20, tzinfo=UTC))
    assert [(m.purpose, m.letters) for _, m in world.to_mentors()] == [(Purpose.REMINDER, ("l1", "l2"))]
    assert [x.done for x in world.dossier.letters] == [("reminder14",), ("reminder14",)]
    for letter in world.dossier.letters:
        world.dossier = world.dossier.with_letter(replace(letter, state=State.RECEIVED, received_at=world.now))
    world.until(datetime(2027, 8, 30, tzinfo=UTC))
    assert [(m.purpose, m.letters) for _, m in world.to_mentors()][1:] == [(Purpose.THANKS, ("l1", "l2"))]
    assert {x.state for x in world.dossier.letters} == {State.THANKED}


@pytest.mark.parametrize(("asked_days_ago", "first"), [(6, Purpose.THANKS), (7, Purpose.NUDGE)])
def test_two_different_mails_to_one_mentor_are_a_day_apart(asked_days_ago: int, first: Purpose) -> None:
    at = NOW - asked_days_ago * DAY
    both = with_second_letter(
        dossier(state=State.RECEIVED, received_at=NOW), state=State.ASKED, asked_at=at, last_sent_at=at
    )
    world = World(both)
    world.until(NOW + 6 * DAY)
    (one, mail), (other, _) = world.to_mentors()
    assert mail.purpose is first
    assert other - one >= DAY


def test_whatever_the_policy_says_a_mentor_gets_two_unanswered_mails_and_one_last() -> None:
    eager = replace(POLICY, nudge_after_days=(2, 4, 6, 8, 10), choose_after_days=20, remind_before_days=(30, 20, 10, 5))
    world = World(asked(), policy=eager)
    world.until(NOW + 30 * DAY)
    assert [p for _, p in world.days()] == ["nudge", "nudge"]  # the ask was the first
    world = World(standing(State.PACKET_SENT, **AGREED), policy=eager)
    world.until(datetime(2027, 9, 20, tzinfo=UTC))
    assert [p for _, p in world.days()] == ["reminder", "reminder", "reminder"]
    assert [m.key for _, m in world.sent if m.purpose is Purpose.PREVIEW] == []


@pytest.mark.parametrize("heard", [said("Hm."), said("When is it due?", Stance.NONE, Signal.ASKS_DEADLINE)])
def test_any_human_answer_drops_the_queued_nudge_and_stops_the_clock_until_the_applicant_decides(heard: Any) -> None:
    world = World(with_queued(asked(), Purpose.NUDGE, not_before=NOW + DAY), now=NOW + 7 * DAY)
    world.happens(heard)
    assert [m.progress for m in world.dossier.mails if m.key == "k1"] == [Progress.DROPPED]
    world.until(NOW + 60 * DAY)
    assert world.to_mentors() == []


def test_the_clock_counts_from_the_last_answer() -> None:
    world = World(asked(last_heard_at=NOW + 5 * DAY))
    world.until(NOW + 13 * DAY)
    assert world.days() == [("06-14 08:00", "nudge")]  # 12 days after the ask is a Sunday


def test_wait_is_one_note_on_the_named_day() -> None:
    world = World(asked())
    question = world.happens(said("Not now.", Stance.UNDECIDED)).mails[0]
    world.happens(wrote("wait 10 days", question.mail.key))  # type: ignore[union-attr]
    world.sent.clear()
    world.until(NOW + 16 * DAY)
    assert world.days() == [("06-11 08:00", "nudge")]


def test_wait_after_the_last_note_asks_the_applicant_again_and_not_the_mentor() -> None:
    world = World(asked())
    world.until(NOW + 17 * DAY)
    world.sent.clear()
    world.happens(wrote("wait 10 days", "q-l1-silent"))
    world.until(NOW + 60 * DAY)
    assert world.to_mentors() == []
    questions = [(f"{at:%m-%d}", m.key) for at, m in world.sent if m.purpose is Purpose.QUESTION]
    assert questions == [("06-28", "q-l1-silent-2"), ("07-03", "q-l1-silent-2-again")]


def test_wait_after_the_deadline_asks_again_on_that_day_and_not_at_once() -> None:
    world = World(standing(State.PACKET_SENT, **AGREED))
    world.until(datetime(2027, 9, 2, 15, tzinfo=UTC))
    world.sent.clear()
    world.happens(wrote("wait 3 days", "q-l1-overdue"))
    world.until(datetime(2027, 9, 30, tzinfo=UTC))
    assert [(f"{at:%m-%d}", m.key) for at, m in world.sent if m.purpose is Purpose.QUESTION] == [
        ("09-05", "q-l1-overdue-2"),
        ("09-10", "q-l1-overdue-2-again"),
    ]


def test_a_letter_asked_for_shortly_before_the_deadline_is_not_chased_after_it() -> None:
    world = World(in_days(asked(), 10))
    world.until(NOW + 60 * DAY)
    assert world.days() == [("06-08 10:00", "nudge")]
    assert [m.key for _, m in world.sent if m.purpose is Purpose.QUESTION] == ["q-l1-overdue", "q-l1-overdue-again"]


@pytest.mark.parametrize("fields", [lambda at: {"last_sent_at": at}, lambda at: {"last_heard_at": at}])
def test_no_reminder_within_four_days_of_the_packet_or_of_an_answer(fields: Any) -> None:
    at = NOW + 78 * DAY  # some hours after the first reminder would have been due
    world = World(standing(State.PACKET_SENT, **{**AGREED, **fields(at)}), now=at)
    world.until(NOW + 90 * DAY)
    assert world.days() == [("08-23 08:00", "reminder"), ("08-27 08:00", "reminder")]  # never two within four days


def test_no_reminder_while_the_packet_waits_to_leave() -> None:
    late = standing(State.AGREED, agreed_at=NOW)
    at = NOW + 79 * DAY
    queued = with_queued(late, Purpose.PACKET, not_before=at + 2 * DAY)
    world = World(queued, now=at)
    assert world.turn().mails == ()
    world.until(NOW + 85 * DAY)
    assert [m.purpose for _, m in world.to_mentors()] == [Purpose.PACKET]


def test_a_silence_that_was_asked_for_never_wakes_the_clock() -> None:
    silent = asked().with_mentor(replace(asked().mentor("m1"), never=True))
    queued = with_queued(silent, Purpose.THANKS)
    assert outgoing.waiting(queued, NOW) == ()
    assert outgoing.next_departure(queued) is None
    received = silent.with_letter(replace(silent.letter("l1"), state=State.RECEIVED, received_at=NOW))
    world = World(received)
    world.until(NOW + 400 * DAY)
    assert world.to_mentors() == []


def test_a_pause_stops_everything_and_ends_without_a_flood() -> None:
    world = World(replace(asked(), paused=True))
    assert clock.next_due(world.dossier, POLICY, NOW) is None
    world.now += 15 * DAY
    assert world.turn().mails == ()
    world.dossier = replace(world.dossier, paused=False)
    world.turn()
    assert [p for _, p in world.days()] == ["nudge"]


def test_a_received_letter_is_thanked_for_one_working_day_later() -> None:
    friday = datetime(2027, 6, 4, 15, tzinfo=UTC)
    world = World(standing(State.RECEIVED, received_at=friday), now=friday)
    world.until(NOW + 30 * DAY)
    assert world.days() == [("06-07 08:00", "thanks")]
    assert world.dossier.letter("l1").state is State.THANKED


def test_a_reported_letter_that_nobody_confirms_is_brought_up_once() -> None:
    world = World(standing(State.REPORTED, last_heard_at=NOW))
    world.until(NOW + 60 * DAY)
    assert [(f"{at:%m-%d}", m.key) for at, m in world.sent] == [
        ("06-04", "q-l1-check-portal"),
        ("06-09", "q-l1-check-portal-again"),
    ]


def test_nudges_are_counted_from_the_return() -> None:
    world = World(asked())
    world.happens(away(date(2027, 6, 14)))
    world.until(NOW + 40 * DAY)
    assert world.days() == [("06-21 08:00", "nudge"), ("06-28 08:00", "nudge")]


def test_mail_that_missed_its_hour_waits_for_the_next_one_allowed() -> None:
    queued = with_queued(standing(State.AGREED), Purpose.PACKET, not_before=NOW)
    world = World(queued, now=datetime(2027, 6, 5, 3, tzinfo=UTC))  # Friday, 23:00 in New York
    world.turn()
    assert world.sent == []
    world.until(NOW + 10 * DAY)
    assert world.days() == [("06-07 08:00", "packet")]


@pytest.mark.parametrize(("days_late", "left"), [(2, ["reminder"]), (6, [])])
def test_a_reminder_that_could_not_leave_for_days_says_nothing_true_any_more(days_late: int, left: list[str]) -> None:
    queued = with_queued(standing(State.PACKET_SENT, **AGREED), Purpose.REMINDER, not_before=NOW)
    world = World(queued, now=NOW + days_late * DAY)
    world.turn()
    assert [p for _, p in world.days()] == left


def test_a_preview_is_shown_once_more_and_then_put_away() -> None:
    world = World(asked())
    world.dossier = world.dossier.with_letter(replace(world.dossier.letter("l1"), state=State.PACKET_SENT, **AGREED))
    world.until(datetime(2027, 8, 30, 14, tzinfo=UTC))
    world.dossier = world.dossier.with_application(
        replace(world.dossier.application("a1"), deadline=datetime(2028, 3, 1, tzinfo=UTC))
    )
    world.sent.clear()
    world.until(datetime(2027, 10, 15, tzinfo=UTC))
    assert [(f"{at:%m-%d}", m.key) for at, m in world.sent] == [
        ("09-03", "p-l1-last-call-again"),
        ("09-13", "p-l1-last-call-expired"),
    ]
    assert world.dossier.previews == ()


def test_the_next_step_is_told_for_the_status() -> None:
    made = asked()
    assert clock.next_step(made, made.letter("l1"), POLICY, NOW) == ("nudge1", NOW + 7 * DAY)
    done = replace(made.letter("l1"), state=State.THANKED)
    assert clock.next_step(made.with_letter(done), done, POLICY, NOW) is None


def test_what_is_due_is_never_before_now_and_a_tick_settles_it() -> None:
    made = asked()
    late = NOW + 9 * DAY
    assert clock.next_due(made, POLICY, late) == late
    assert clock.ticked(made, POLICY, NOW) == clock.ticked(made, POLICY, NOW)
    assert templates(clock.ticked(made, POLICY, late)) == ["mentor/nudge"]
