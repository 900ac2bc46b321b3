"""Automatic answers: not an answer, never replied to; a named day of return moves the clock."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from mentors import DAY, NOW, POLICY, World, asked, away, in_days, said, standing, templates, with_queued

from lorbot.core.correspondence import Progress, Purpose
from lorbot.core.decide import decide
from lorbot.core.dossier import State
from lorbot.core.reading import Kind

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


@pytest.mark.parametrize(("days", "too_late"), [(100, False), (10, True)])
def test_the_applicant_is_warned_when_the_deadline_falls_into_the_absence(days: int, too_late: bool) -> None:
    decision = decide(in_days(standing(State.PACKET_SENT), days), away(RETURN), NOW, POLICY)
    assert decision.mails[0].context["too_late"] is too_late  # type: ignore[union-attr]


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
