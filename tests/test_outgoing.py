"""What follows when a mail has left, was refused, bounced, or nobody knows."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from mentors import (
    DAY,
    KIM,
    NADIA,
    NOW,
    POLICY,
    World,
    asked,
    dossier,
    incoming,
    standing,
    templates,
    with_queued,
    with_second_letter,
    wrote,
)

from lorbot.core import clock, outgoing
from lorbot.core.correspondence import Mail, Progress, Purpose
from lorbot.core.decide import decide
from lorbot.core.dossier import Dossier, State
from lorbot.core.events import Accepted, Failed, Lost, MailBounced, Ticked
from lorbot.core.message import Address, Bounce

MINUTE = timedelta(minutes=1)


def on_its_way(before: Dossier, purpose: Purpose = Purpose.NUDGE, **mail: Any) -> Dossier:
    return with_queued(before, purpose, **{"progress": Progress.SENDING, "attempts": 1, **mail})


def mail_of(after: Dossier) -> Mail:
    mail = after.mail("k1")
    assert mail is not None
    return mail


@pytest.mark.parametrize(
    ("purpose", "before", "after", "unanswered"),
    [
        (Purpose.ASK, State.PREVIEWED, State.ASKED, 1),
        (Purpose.ASK, State.BOUNCED, State.ASKED, 1),
        (Purpose.ASK, State.AGREED, State.AGREED, 2),  # known to have left only days later
        (Purpose.NUDGE, State.ASKED, State.ASKED, 2),
        (Purpose.PACKET, State.AGREED, State.PACKET_SENT, 1),
        (Purpose.PACKET, State.REPORTED, State.REPORTED, 1),
        (Purpose.PACKET, State.WITHDRAWN, State.WITHDRAWN, 1),
        (Purpose.REMINDER, State.PACKET_SENT, State.PACKET_SENT, 2),
        (Purpose.LAST_CALL, State.PACKET_SENT, State.PACKET_SENT, 2),
        (Purpose.THANKS, State.RECEIVED, State.THANKED, 1),
        (Purpose.THANKS, State.TOLD, State.TOLD, 1),
        (Purpose.OUTCOME, State.THANKED, State.TOLD, 1),
        (Purpose.GRACEFUL, State.DECLINED, State.DECLINED, 1),
        (Purpose.OWN_WORDS, State.ASKED, State.ASKED, 1),
        (Purpose.STRAY_LETTER, State.PACKET_SENT, State.PACKET_SENT, 1),
    ],
)
def test_an_accepted_mail_moves_its_letter(purpose: Purpose, before: State, after: State, unanswered: int) -> None:
    made = on_its_way(standing(before), purpose)
    decision = decide(made, Accepted(key="k1", remark="250 ok"), NOW + DAY, POLICY)
    letter = decision.dossier.letter("l1")
    assert (letter.state, letter.unanswered, letter.last_sent_at) == (after, unanswered, NOW + DAY)
    sent = mail_of(decision.dossier)
    assert (sent.progress, sent.sent_at, sent.remark) == (Progress.SENT, NOW + DAY, "250 ok")
    assert decision.dossier.contacts[-1].message_id == "k1@school.example"
    assert decision.why == (f"{purpose.value} sent to Dr. Elena Lopez",)


def test_a_new_ask_forgets_what_never_arrived() -> None:
    bounced = standing(State.BOUNCED, done=("nudge1", "nudge2"), unanswered=3, snooze_until=NOW.date(), waiting=True)
    letter = decide(on_its_way(bounced, Purpose.ASK), Accepted(key="k1"), NOW + DAY, POLICY).dossier.letter("l1")
    assert (letter.done, letter.unanswered, letter.snooze_until, letter.waiting) == ((), 1, None, False)
    assert letter.asked_at == NOW + DAY


@pytest.mark.parametrize("purpose", [Purpose.NOTICE, Purpose.QUESTION, Purpose.PREVIEW, Purpose.REPLY])
def test_mail_to_the_applicant_leaves_no_trace_in_the_correspondence(purpose: Purpose) -> None:
    made = on_its_way(asked(), purpose, to=Address(email=NADIA))
    decision = decide(made, Accepted(key="k1"), NOW, POLICY)
    assert decision.dossier == made.with_mail(replace(mail_of(made), progress=Progress.SENT, sent_at=NOW))


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 5), (2, 10), (3, 20), (6, 160), (7, 240), (11, 240)], ids=str)
def test_a_temporary_refusal_is_tried_again_later_each_time(attempts: int, minutes: int) -> None:
    made = on_its_way(asked(), attempts=attempts)
    decision = decide(made, Failed(key="k1", permanent=False, code=451, remark="greylisted"), NOW, POLICY)
    mail = mail_of(decision.dossier)
    assert (mail.progress, mail.next_try_at, mail.remark, decision.mails) == (
        Progress.QUEUED, NOW + minutes * MINUTE, "451 greylisted", (),
    )  # fmt: skip
    assert outgoing.waiting(decision.dossier, NOW + (minutes - 1) * MINUTE) == ()
    assert outgoing.waiting(decision.dossier, NOW + minutes * MINUTE) == (mail,)
    assert outgoing.next_departure(decision.dossier) == NOW + minutes * MINUTE


def test_in_the_end_a_temporary_refusal_is_a_refusal() -> None:
    made = on_its_way(asked(), attempts=POLICY.send_attempts)
    decision = decide(made, Failed(key="k1", permanent=False, code=451, remark="greylisted"), NOW, POLICY)
    assert (mail_of(decision.dossier).progress, templates(decision)) == (Progress.REFUSED, ["applicant/needs_bounced"])


def test_a_server_that_is_never_reached_refuses_nothing() -> None:
    world = World(with_queued(asked(), Purpose.OWN_WORDS))
    for _ in range(100):
        world.dossier = outgoing.sending(world.dossier, "k1")
        assert world.happens(Failed(key="k1", permanent=False, remark="no route to host")).mails == ()
        world.now += 5 * MINUTE
    assert (mail_of(world.dossier).progress, mail_of(world.dossier).attempts) == (Progress.QUEUED, 0)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (State.PREVIEWED, State.BOUNCED),
        (State.ASKED, State.BOUNCED),
        (State.AGREED, State.AGREED),
        (State.PACKET_SENT, State.PACKET_SENT),
        (State.RECEIVED, State.RECEIVED),
        (State.DECLINED, State.DECLINED),
    ],
)
@pytest.mark.parametrize("how", ["refused", "bounced"])
def test_a_mail_that_cannot_be_delivered_stops_the_letter_and_asks_for_the_address(
    how: str, before: State, after: State
) -> None:
    progress = Progress.SENDING if how == "refused" else Progress.SENT
    made = on_its_way(standing(before), Purpose.OWN_WORDS, progress=progress)
    bounce = Bounce(code="5.1.1", diagnostic="no such user", original_ids=("k1@school.example",))
    event = (
        Failed(key="k1", permanent=True, code=550, remark="no such user")
        if how == "refused"
        else MailBounced(incoming=incoming("undeliverable"), bounce=bounce, key="k1")
    )
    decision = decide(made, event, NOW, POLICY)
    letter = decision.dossier.letter("l1")
    assert (letter.state, letter.waiting) == (after, True)
    assert templates(decision) == ["applicant/needs_bounced"]
    world = World(made)
    world.happens(event)
    world.until(NOW + 60 * DAY)
    assert world.to_mentors() == []


def test_each_letter_of_a_bounced_mail_keeps_its_own_state() -> None:
    both = with_second_letter(standing(State.PACKET_SENT), state=State.ASKED, asked_at=NOW)
    made = on_its_way(both, Purpose.REMINDER, letters=("l1", "l2"))
    after = decide(made, Failed(key="k1", permanent=True, code=550), NOW, POLICY).dossier
    assert [x.state for x in after.letters] == [State.PACKET_SENT, State.BOUNCED]


@pytest.mark.parametrize(
    ("purpose", "permanent", "email", "why"),
    [
        (Purpose.NUDGE, False, "lopez@hospital.example", "a delivery notice was noted; the mail system still tries"),
        (Purpose.NOTICE, True, NADIA, f"the notice to {NADIA} could not be delivered: 5.1.1"),
        (Purpose.NUDGE, True, "old@hospital.example",
         "the nudge to old@hospital.example could not be delivered: 5.1.1"),  # the address was mended meanwhile
    ],
)  # fmt: skip
def test_a_bounce_that_says_nothing_new_stops_nothing(purpose: Purpose, permanent: bool, email: str, why: str) -> None:
    made = on_its_way(asked(), purpose, progress=Progress.SENT, to=Address(email=email))
    event = MailBounced(incoming=incoming("x"), bounce=Bounce(permanent=permanent, code="5.1.1"), key="k1")
    decision = decide(made, event, NOW, POLICY)
    assert (decision.dossier.letters, decision.mails, decision.why) == (made.letters, (), (why,))


def test_a_bounce_of_a_mail_nobody_knows_is_only_noted() -> None:
    event = MailBounced(incoming=incoming("x"), bounce=Bounce(), key="l9-ask")
    assert decide(asked(), event, NOW, POLICY).why == ("a notice about an unknown mail",)


def test_a_mail_of_unknown_fate_is_never_sent_again_by_itself() -> None:
    world = World(on_its_way(asked(), Purpose.OWN_WORDS))
    assert outgoing.interrupted(world.dossier) == ("k1",)
    decision = world.happens(Lost(key="k1", remark="the connection broke"))
    assert templates(decision) == ["applicant/needs_unknown"]
    assert mail_of(world.dossier).progress is Progress.UNKNOWN
    assert outgoing.interrupted(world.dossier) == ()
    world.until(NOW + 5 * DAY)
    assert world.to_mentors() == []


@pytest.mark.parametrize(("word", "sent"), [("it arrived", []), ("send again", ["k1"])])
def test_the_applicant_settles_an_unknown_fate(word: str, sent: list[str]) -> None:
    world = World(on_its_way(standing(State.AGREED), Purpose.PACKET))
    question = world.happens(Lost(key="k1")).mails[0]
    world.happens(wrote(word, question.mail.key))  # type: ignore[union-attr]
    world.leave()
    assert [m.key for _, m in world.to_mentors()] == sent
    assert world.dossier.letter("l1").state is State.PACKET_SENT


def test_a_lost_mail_to_the_applicant_is_only_noted() -> None:
    made = on_its_way(asked(), Purpose.QUESTION, to=Address(email=NADIA))
    decision = decide(made, Lost(key="k1", remark="broke"), NOW, POLICY)
    assert (decision.mails, mail_of(decision.dossier).progress) == ((), Progress.UNKNOWN)


def test_an_attempt_is_counted_before_the_mail_is_offered() -> None:
    before = with_queued(asked(), Purpose.NUDGE)
    assert mail_of(outgoing.sending(before, "k1")) == replace(mail_of(before), progress=Progress.SENDING, attempts=1)
    with pytest.raises(KeyError):
        outgoing.sending(before, "no such key")


def test_what_waits_leaves_in_the_order_of_the_decisions() -> None:
    made = with_queued(dossier(), Purpose.NOTICE, key="late", decided_at=NOW)
    made = with_queued(made, Purpose.NOTICE, key="early", decided_at=NOW - DAY)
    made = with_queued(made, Purpose.NOTICE, key="tomorrow", decided_at=NOW - DAY, not_before=NOW + DAY)
    made = with_queued(made, Purpose.NOTICE, key="sent", progress=Progress.SENT)
    assert [m.key for m in outgoing.waiting(made, NOW)] == ["early", "late"]
    assert outgoing.next_departure(made) == NOW - DAY


def test_a_pause_holds_mail_to_mentors_and_not_to_the_applicant() -> None:
    made = replace(with_queued(with_queued(asked(), Purpose.PACKET), Purpose.REPLY, key="k2"), paused=True)
    assert [m.key for m in outgoing.waiting(made, NOW)] == ["k2"]
    assert clock.next_due(made, POLICY, NOW) == NOW


def test_a_retry_at_night_waits_for_the_morning() -> None:
    evening = datetime(2027, 6, 1, 21, 58, tzinfo=NOW.tzinfo)  # 17:58 in New York
    made = on_its_way(standing(State.AGREED), Purpose.PACKET, not_before=evening)
    failed = decide(made, Failed(key="k1", permanent=False, code=451), evening, POLICY).dossier
    later = evening + 5 * MINUTE
    ticked = decide(failed, Ticked(), later, POLICY).dossier
    assert outgoing.waiting(ticked, later) == ()
    assert outgoing.next_departure(ticked) == datetime(2027, 6, 2, 12, tzinfo=NOW.tzinfo)


def test_a_second_address_of_another_mentor_is_left_alone() -> None:
    made = on_its_way(asked(), Purpose.ASK, to=Address(email=KIM), mentor="m2", letters=())
    assert decide(made, Failed(key="k1", permanent=True, code=550), NOW, POLICY).mails == ()
