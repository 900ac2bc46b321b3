"""What follows from a mentor's mail: every rule, its precedence, and that nothing unsure is ever acted on."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from mentors import (
    DAY,
    LOPEZ,
    NOW,
    POLICY,
    World,
    asked,
    dossier,
    in_days,
    incoming,
    said,
    standing,
    templates,
    with_queued,
    with_second_letter,
    wrote,
)

from lorbot.core import letters
from lorbot.core.answers import RULES
from lorbot.core.correspondence import Contact, Direction, Progress, Purpose
from lorbot.core.decide import decide
from lorbot.core.decision import Decision, Draft, QuestionDraft
from lorbot.core.dossier import Dossier, State
from lorbot.core.events import MentorWrote, SomebodyElseWrote
from lorbot.core.message import Address
from lorbot.core.reading import FoundDate, Kind, Reading, Signal, Stance

YES, NO, LUKEWARM, UNDECIDED, NONE = Stance.YES, Stance.NO, Stance.LUKEWARM, Stance.UNDECIDED, Stance.NONE
ASKED, HELD, AGREED, SENT, SILENT = State.ASKED, State.HELD, State.AGREED, State.PACKET_SENT, State.SILENT
DECLINED, WITHDRAWN, CANCELLED = State.DECLINED, State.WITHDRAWN, State.CANCELLED
JULY = FoundDate(on=date(2027, 7, 1), words="July 1")
SURE: dict[str, Any] = {"acts": True}
FORGED: dict[str, Any] = {"acts": True, "genuine": False}


def follows(before: Dossier, event: MentorWrote) -> Decision:
    return decide(before, event, NOW, POLICY)


def rule_of(decision: Decision) -> str:
    return decision.why[0].removeprefix("Dr. Elena Lopez wrote: ")


def mentors_get(decision: Decision) -> list[Purpose]:
    """What goes to the mentor without a word of the applicant's."""
    return [m.purpose for m in decision.mails if isinstance(m, Draft) and m.purpose not in letters.TO_APPLICANT]


TABLE: list[tuple[State, MentorWrote, str, State, list[str], list[Purpose]]] = [
    # a plain yes, in every state it may come in
    (ASKED, said("Yes, gladly.", YES, **SURE), "agrees", AGREED, ["told_agreed"], [Purpose.PACKET]),
    (HELD, said("Yes, gladly.", YES, **SURE), "agrees", AGREED, ["told_agreed"], [Purpose.PACKET]),
    (SILENT, said("Yes, gladly.", YES, **SURE), "agrees", AGREED, ["told_agreed"], [Purpose.PACKET]),
    (ASKED, said("Yes, gladly.", YES), "probably agrees", HELD, ["needs_unsure_yes"], []),
    (ASKED, said("Yes, gladly.", YES, **FORGED), "probably agrees", HELD, ["needs_unsure_yes"], []),
    (SENT, said("Yes, will do.", YES, **SURE), "tells how it goes", SENT, ["told_wrote"], []),
    (State.THANKED, said("Yes!", YES, **SURE), "tells how it goes", State.THANKED, ["told_wrote"], []),
    (CANCELLED, said("Yes, gladly.", YES, **SURE), "says yes too late", CANCELLED, ["needs_late_yes"], []),
    (DECLINED, said("I can after all.", YES, **SURE), "says yes after a no", HELD, ["needs_changed_mind"], []),
    # hedges
    (ASKED, said("I could, but.", LUKEWARM), "hesitates", HELD, ["needs_lukewarm"], []),
    (SENT, said("It may be short.", LUKEWARM), "hesitates", SENT, ["needs_lukewarm"], []),
    (CANCELLED, said("I could, but.", LUKEWARM), "tells how it goes", CANCELLED, ["told_wrote"], []),
    (ASKED, said("Let me think.", UNDECIDED), "has not decided", HELD, ["needs_undecided"], []),
    (SENT, said("I am not sure I can.", UNDECIDED), "has not decided", SENT, ["needs_undecided"], []),
    # a no
    (ASKED, said("No, sorry.", NO), "declines", DECLINED, ["needs_declined"], []),
    (HELD, said("No, sorry.", NO), "declines", DECLINED, ["needs_declined"], []),
    (AGREED, said("I cannot after all.", NO), "withdraws", WITHDRAWN, ["needs_withdrawn"], []),
    (SENT, said("I cannot after all.", NO), "withdraws", WITHDRAWN, ["needs_withdrawn"], []),
    (ASKED, said("No.", NO, genuine=False), "perhaps a stop or a no", HELD, ["needs_unsure"], []),
    (SENT, said("No.", NO, genuine=False), "perhaps a stop or a no", SENT, ["needs_unsure"], []),
    (DECLINED, said("No, as I said.", NO), "tells how it goes", DECLINED, ["told_wrote"], []),
    (State.REPORTED, said("No trouble.", NO), "tells how it goes", State.REPORTED, ["told_wrote"], []),
    # the letter is written
    (SENT, said("Done.", NONE, Signal.SUBMITTED, **SURE), "reports that it is submitted", State.REPORTED,
     ["needs_reported"], []),
    (State.RECEIVED, said("Done.", NONE, Signal.SUBMITTED, **SURE), "reports that it is submitted", State.RECEIVED,
     ["needs_reported"], []),
    (SENT, said("Done?", NONE, Signal.SUBMITTED), "perhaps submitted", SENT, ["needs_unsure_submitted"], []),
    (SENT, said("Done.", NONE, Signal.SUBMITTED, **FORGED), "perhaps submitted", SENT, ["needs_unsure_submitted"], []),
    (SENT, said("Here.", NONE, Signal.LETTER_ATTACHED, attached="letter.pdf"), "sent the letter itself", SENT,
     ["told_stray_letter"], [Purpose.STRAY_LETTER]),
    (ASKED, said("Here.", NONE, Signal.LETTER_ATTACHED, attached="letter.pdf"), "sent the letter itself", AGREED,
     ["told_stray_letter"], [Purpose.STRAY_LETTER]),
    (SENT, said("Here.", NONE, Signal.LETTER_ATTACHED, attached="letter.pdf", genuine=False), "sent the letter itself",
     SENT, ["needs_stray_letter"], []),
    (CANCELLED, said("Here.", NONE, Signal.LETTER_ATTACHED, attached="letter.pdf"), "sent the letter itself",
     CANCELLED, ["needs_stray_letter"], []),
    (SENT, said("Here.", NONE, Signal.LETTER_ATTACHED), "tells how it goes", SENT, ["told_wrote"], []),
    # what only the applicant can answer
    (ASKED, said("Draft it.", NONE, Signal.DRAFT_REQUEST), "asks for a draft", ASKED, ["needs_draft"], []),
    (ASKED, said("Draft it, then yes.", YES, Signal.DRAFT_REQUEST, **SURE), "asks for a draft", ASKED, ["needs_draft"],
     []),
    (SENT, said("Dead link.", NONE, Signal.PROBLEM), "cannot submit", SENT, ["needs_problem"], []),
    (State.REPORTED, said("Rejected.", NONE, Signal.PROBLEM), "cannot submit", State.REPORTED, ["needs_problem"], []),
    (SENT, said("A week more.", NONE, Signal.NEEDS_MORE_TIME), "needs more time", SENT, ["needs_more_time"], []),
    (ASKED, said("Can we meet?", NONE, Signal.MEET), "wants to talk", ASKED, ["needs_meet"], []),
    (ASKED, said("Who else writes?", NONE, Signal.ASKS_OTHER), "waits for an answer", ASKED, ["needs_asked"], []),
    (ASKED, said("My assistant Jane does these.", NONE, Signal.REDIRECT), "hands it on", ASKED,
     ["needs_delegated"], []),
    (ASKED, said("Ask me on July 1.", UNDECIDED, Signal.REMIND_LATER, dates=(JULY,)), "asks to be reminded later",
     ASKED, ["told_later"], []),
    (ASKED, said("Yes, but only after July 1.", LUKEWARM, dates=(JULY,)), "sets a condition", HELD,
     ["needs_conditional"], []),
    (ASKED, said("When?", NONE, Signal.ASKS_DEADLINE), "asks for facts", ASKED, ["needs_asked"], []),
    (SENT, said("Your CV?", NONE, Signal.WANTS_MATERIALS), "asks for facts", SENT, ["needs_asked"], []),
    (SENT, said("Half done.", NONE, Signal.PROGRESS), "tells how it goes", SENT, ["told_wrote"], []),
    (ASKED, said("Hm."), "says something lorbot does not understand", ASKED, ["needs_unsure"], []),
    (SILENT, said("Hm."), "says something lorbot does not understand", SILENT, ["needs_unsure"], []),
    # turned away
    (ASKED, said("Stop.", NONE, Signal.STOP), "asked for silence", DECLINED, ["told_stopped"], []),
    (SENT, said("Stop.", NONE, Signal.STOP), "asked for silence", WITHDRAWN, ["told_stopped"], []),
    (State.THANKED, said("Stop.", NONE, Signal.STOP), "asked for silence", State.THANKED, ["told_stopped"], []),
    (ASKED, said("Stop.", NONE, Signal.STOP, genuine=False), "perhaps a stop or a no", HELD, ["needs_unsure"], []),
    (ASKED, said("Yes. Stop.", YES, Signal.STOP, **SURE), "asked for silence", DECLINED, ["told_stopped"], []),
    (ASKED, said("Who?", NONE, Signal.WRONG_PERSON), "not the person meant", State.BOUNCED, ["needs_wrong_person"], []),
    (ASKED, said("Who?", NO, Signal.WRONG_PERSON), "not the person meant", State.BOUNCED, ["needs_wrong_person"], []),
    (ASKED, said("Who?", NONE, Signal.WRONG_PERSON, genuine=False), "perhaps a stop or a no", HELD, ["needs_unsure"],
     []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "event", "rule", "after", "told", "sends"),
    TABLE,
    ids=[
        f"{row[0]}: {row[1].reading.words} {'' if row[1].genuine else 'forged '}{row[1].reading.acts}" for row in TABLE
    ],
)
def test_what_follows_from_a_mail(
    state: State, event: MentorWrote, rule: str, after: State, told: list[str], sends: list[Purpose]
) -> None:
    decision = follows(standing(state), event)
    told_templates = [t.removeprefix("applicant/") for t in templates(decision) if t.startswith("applicant/")]
    found = (rule_of(decision), decision.dossier.letter("l1").state, told_templates, mentors_get(decision))
    assert found == (rule, after, told, sends)
    World(standing(state)).happens(event)  # and every mail of it can be written


def test_every_rule_is_in_the_table() -> None:
    names = {row[2] for row in TABLE} | {"writes after having asked for silence"}
    assert {rule.name for rule in RULES} == names


@pytest.mark.parametrize("stance", list(Stance))
@pytest.mark.parametrize("state", list(State))
def test_what_is_not_sure_never_sends_a_packet_and_never_closes_a_letter(state: State, stance: Stance) -> None:
    for signal in (None, *Signal):
        event = said("Words.", stance, *([signal] if signal else []), acts=True, genuine=False, attached="letter.pdf")
        decision = follows(standing(state), event)
        assert mentors_get(decision) == []
        closed = decision.dossier.letter("l1").state in letters.CLOSED
        assert closed is (state in letters.CLOSED and decision.dossier.letter("l1").state is state)
        assert not decision.dossier.mentor("m1").never


def test_a_yes_sends_the_packet_once_and_tells_the_applicant() -> None:
    world = World(asked())
    world.happens(said("Yes, gladly.\nAsk me anything.", YES, **SURE))
    world.happens(said("Yes, gladly, as I said.", YES, message_id="again@hospital.example", **SURE))
    world.leave()
    packets = [m for _, m in world.sent if m.purpose is Purpose.PACKET]
    assert [(m.key, m.to.email, m.in_reply_to, [e.name for e in m.enclosures]) for m in packets] == [
        ("l1-packet", LOPEZ, "reply@hospital.example", ["Rahman_CV.pdf"])
    ]
    assert [m.purpose for _, m in world.sent if m.to.email != LOPEZ] == [Purpose.NOTICE, Purpose.NOTICE]
    letter = world.dossier.letter("l1")
    assert (letter.state, letter.agreed_at, letter.packet_at, letter.unanswered) == (SENT, NOW, NOW, 0)


def test_the_same_mail_twice_changes_nothing() -> None:
    once = World(asked())
    once.happens(said("Yes, gladly.", YES, **SURE))
    again = once.happens(said("Yes, gladly.", YES, **SURE))
    assert (again.mails, again.dossier, again.why) == ((), once.dossier, ("handled before",))


def test_a_yes_at_night_is_followed_in_the_morning() -> None:
    night = datetime(2027, 6, 5, 2, 0, tzinfo=NOW.tzinfo)  # Friday, 22:00 in New York
    world = World(asked(), now=night)
    world.happens(said("Yes, gladly.", YES, **SURE))
    world.leave()
    assert world.to_mentors() == []
    notice = next(m for _, m in world.sent if m.purpose is Purpose.NOTICE)
    assert "Monday, June 7, 2027, 8:00 AM" in notice.text
    world.until(night + 3 * DAY)
    assert world.days() == [("06-07 08:00", "packet")]


def test_a_hedge_holds_a_graceful_text_that_goes_only_on_a_word() -> None:
    world = World(asked())
    question = world.happens(said("I could, but I hardly know you.", LUKEWARM)).mails[0]
    assert isinstance(question, QuestionDraft)
    assert question.choices == ("thank", "packet", "wait 10 days", "backup", "write:")
    world.until(NOW + 100 * DAY)
    assert world.to_mentors() == []
    held = world.dossier.question(question.mail.key)
    assert held is not None
    assert held.prepared is not None
    world.happens(wrote("thank", question.mail.key))
    world.until(world.now + 3 * DAY)
    assert [m.text for _, m in world.to_mentors()] == [held.prepared.text]
    assert world.dossier.letter("l1").state is DECLINED


def test_after_a_withdrawal_nothing_queued_leaves() -> None:
    queued = with_queued(standing(AGREED), Purpose.PACKET, not_before=NOW + DAY)
    world = World(queued)
    world.happens(said("I cannot after all.", NO))
    world.until(NOW + 200 * DAY)
    assert world.to_mentors() == []
    assert [m.progress for m in world.dossier.mails if m.key == "k1"] == [Progress.DROPPED]


def test_a_request_for_silence_is_kept_for_every_letter_and_for_good() -> None:
    both = with_second_letter(with_queued(asked(), Purpose.OWN_WORDS), state=State.RECEIVED, received_at=NOW)
    world = World(both)
    world.happens(said("Stop.", NONE, Signal.STOP))
    assert world.dossier.mentor("m1").never
    for number, words in enumerate(("Hello?", "Yes, gladly.", "Here it is.", "Done.")):
        signals = {"Here it is.": (Signal.LETTER_ATTACHED,), "Done.": (Signal.SUBMITTED,)}.get(words, ())
        stance = YES if words.startswith("Yes") else NONE
        mail = f"{number}@hospital.example"
        decision = world.happens(said(words, stance, *signals, acts=True, attached="letter.pdf", message_id=mail))
        assert mentors_get(decision) == []
    world.until(NOW + 400 * DAY)
    assert world.to_mentors() == []


def test_a_wrong_person_gets_at_most_the_apology() -> None:
    both = with_second_letter(with_queued(asked(), Purpose.NUDGE), state=ASKED, asked_at=NOW)
    world = World(both)
    question = world.happens(said("Who are you?", NONE, Signal.WRONG_PERSON)).mails[0]
    assert isinstance(question, QuestionDraft)
    assert [x.state for x in world.dossier.letters] == [State.BOUNCED, State.BOUNCED]
    world.until(NOW + 100 * DAY)
    assert world.to_mentors() == []
    world.happens(wrote("apologise", question.mail.key))
    world.until(world.now + 3 * DAY)
    assert [m.purpose for _, m in world.to_mentors()] == [Purpose.APOLOGY]
    assert [c.purpose for c in world.dossier.contacts] == ["ask", "answer"]  # an apology is no correspondence


def test_the_ask_to_the_right_address_begins_a_thread_of_its_own() -> None:
    world = World(asked())
    question = world.happens(said("Who are you?", NONE, Signal.WRONG_PERSON)).mails[0]
    assert isinstance(question, QuestionDraft)
    world.happens(wrote("address elena@hospital.example", question.mail.key))
    mail = world.dossier.previews[0].mail
    assert (mail.to.email, mail.in_reply_to, mail.references) == ("elena@hospital.example", "", ())
    assert not mail.subject.startswith("Re:")


def test_reported_is_not_received_and_thanks_come_a_working_day_after_the_word() -> None:
    world = World(in_days(standing(SENT), 20))
    question = world.happens(said("Done.", NONE, Signal.SUBMITTED, acts=True)).mails[0]
    assert isinstance(question, QuestionDraft)
    world.until(NOW + 2 * DAY)
    assert world.to_mentors() == []
    world.happens(wrote("received", question.mail.key))
    world.until(NOW + 30 * DAY)
    assert world.days() == [("06-04 08:00", "thanks")]


@pytest.mark.parametrize("state", [State.RECEIVED, State.THANKED, State.TOLD])
def test_a_late_report_takes_nothing_back(state: State) -> None:
    decision = follows(standing(state), said("Done.", NONE, Signal.SUBMITTED, acts=True))
    assert decision.dossier.letter("l1").state is state


def test_a_yes_in_another_conversation_is_no_yes_to_the_ask() -> None:
    lunch = said("Yes, gladly.", YES, acts=True, about=(), subject="Lunch on Thursday")
    assert rule_of(follows(asked(), lunch)) == "probably agrees"
    no_lunch = said("No, sorry.", NO, about=(), subject="Lunch on Thursday")
    assert rule_of(follows(asked(), no_lunch)) == "perhaps a stop or a no"


def test_a_reply_whose_ids_were_lost_is_known_by_its_subject() -> None:
    subject = asked().contacts[0].subject
    reply = said("Yes, gladly.", YES, acts=True, about=(), subject=f"RE: {subject.upper()}")
    assert rule_of(follows(asked(), reply)) == "agrees"


def test_one_who_may_mean_either_of_two_letters_is_asked_about() -> None:
    both = with_second_letter(asked(), state=ASKED, asked_at=NOW)
    for about in ((), ("l1", "l2")):
        decision = follows(both, said("Yes, gladly.", YES, acts=True, about=about))
        assert (rule_of(decision), mentors_get(decision)) == ("probably agrees", [])
    answered = follows(both, said("Yes, gladly.", YES, acts=True, about=("l1",)))
    assert [x.state for x in answered.dossier.letters] == [AGREED, ASKED]


def test_work_on_a_letter_is_about_the_one_under_way() -> None:
    both = with_second_letter(standing(SENT), state=ASKED, asked_at=NOW)
    decision = follows(both, said("Done.", NONE, Signal.SUBMITTED, about=()))
    assert decision.mails[0].letter == "l1"  # type: ignore[union-attr]


def test_a_mail_out_of_the_blue_is_shown_and_not_lost() -> None:
    planned = dossier(state=State.PLANNED)
    decision = follows(planned, said("Shall I write for you?", about=(), subject="Letter"))
    assert templates(decision) == ["applicant/told_wrote"]
    nobody = replace(planned, letters=())
    assert follows(nobody, said("Hello.", about=())).why == (
        "Dr. Elena Lopez wrote; there is no letter it could be about",
    )


def test_a_new_answer_takes_the_place_of_the_open_question() -> None:
    world = World(asked())
    first = world.happens(said("Let me think.", UNDECIDED)).mails[0]
    world.happens(said("I could, but.", LUKEWARM, message_id="second@hospital.example"))
    assert [q.topic for q in world.dossier.questions] == ["lukewarm"]
    world.happens(said("Yes, gladly.", YES, message_id="third@hospital.example", **SURE))
    assert world.dossier.questions == ()
    world.leave()
    world.happens(wrote("thank", first.mail.key))  # type: ignore[union-attr]
    world.leave()
    assert [m.purpose for _, m in world.to_mentors()] == [Purpose.PACKET]


def test_a_person_who_writes_is_back_and_waiting_mail_comes_forward() -> None:
    away = standing(SENT)
    away = away.with_mentor(replace(away.mentor("m1"), away_until=(NOW + 30 * DAY).date()))
    queued = with_queued(away, Purpose.OWN_WORDS, not_before=NOW + 30 * DAY)
    after = follows(queued, said("Half done.", NONE, Signal.PROGRESS)).dossier
    assert after.mentor("m1").away_until is None
    assert [m.not_before for m in after.mails if m.key == "k1"] == [NOW]


def test_a_mail_in_the_thread_from_elsewhere_is_shown_and_never_acted_on() -> None:
    before = asked()
    reading = Reading(kind=Kind.HUMAN, stance=YES, acts=True, words="Dr. Lopez says yes.")
    mail = incoming("Dr. Lopez says yes.", sender=Address(email="office@hospital.example", name="Front office"))
    event = SomebodyElseWrote(incoming=mail, mentor="m1", reading=reading, letters=("l1",))
    decision = decide(before, event, NOW, POLICY)
    assert (decision.dossier.letters, templates(decision)) == (before.letters, ["applicant/needs_somebody_else"])
    robot = replace(event, reading=Reading(kind=Kind.AUTO_REPLY))
    assert decide(before, robot, NOW, POLICY).mails == ()


def test_what_is_remembered_of_a_mail_is_one_bounded_sentence() -> None:
    secret = "The rest of this mail is nobody's business but ours. " * 40
    words = f"{'I could write one, but I do not know you that well ' * 12}.\n{secret}"
    for event in (said(words, LUKEWARM), said(secret, NONE), said(words, NO)):
        decision = follows(asked(), event)
        after = decision.dossier
        kept = [c.telling for c in after.contacts] + [e.what for e in after.journal] + [x.reason for x in after.letters]
        assert max(len(text) for text in (*kept, *decision.why)) <= 300
        assert not any(secret.strip() in text for text in kept)


def test_the_correspondence_holds_what_threads_are_made_of() -> None:
    after = follows(asked(), said("Hm.", message_id="")).dossier
    assert after.contacts[-1] == Contact(
        direction=Direction.IN, message_id="0" * 64, mentor="m1", letters=("l1",), purpose="answer",
        subject="Re: Letter of recommendation", at=NOW, telling="Hm.",
    )  # fmt: skip
    assert after.letter("l1").last_heard_at == NOW
    assert after.letter("l1").unanswered == 0


def test_the_packet_goes_out_even_where_the_deadline_is_unknown() -> None:
    unknown = asked().with_application(replace(asked().application("a1"), deadline=None))
    assert mentors_get(follows(unknown, said("Yes, gladly.", YES, **SURE))) == [Purpose.PACKET]
