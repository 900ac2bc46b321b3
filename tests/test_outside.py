"""What the applicant tells happened outside mail, and letters steered one by one: every command in every state."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from dossiers import (
    NOW,
    POLICY,
    WRITER,
    after,
    decided,
    drafts,
    previewed,
    problems,
    rich,
    templates,
    to_mentors,
    written,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from lorbot.core.commands import find
from lorbot.core.correspondence import Contact, Direction, Mail, Progress, Purpose
from lorbot.core.decide import decide
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter, State
from lorbot.core.events import Accepted, Ticked
from lorbot.core.message import Address

NAMES = ("agreed", "declined", "talked", "received", "assigned", "cancel", "remind", "thank")
ASKED_AT = NOW - timedelta(days=3)
LOPEZ = "lopez@hospital.example"


def standing(state: State, base: Dossier | None = None, **more: Any) -> Dossier:
    """Dr. Lopez' letter in `state`, with what has happened on the way there."""
    dossier = base or rich()
    begun = state not in {State.PLANNED, State.PREVIEWED}
    agreed = state in {State.AGREED, State.PACKET_SENT, State.REPORTED, State.RECEIVED, State.ASSIGNED, State.THANKED,
                       State.TOLD, State.WITHDRAWN}  # fmt: skip
    usual: dict[str, Any] = {
        "asked_at": ASKED_AT if begun else None, "last_sent_at": ASKED_AT if begun else None,
        "agreed_at": ASKED_AT if agreed else None, "unanswered": 1 if state is State.ASKED else 0,
    }  # fmt: skip
    return dossier.with_letter(replace(dossier.letter("l1"), **(usual | {"state": state} | more)))


def queued(purpose: Purpose, letters: tuple[str, ...] = ("l1",), mentor: str = "m1") -> Mail:
    return Mail(
        key=f"{letters[0]}-{purpose.value.replace(' ', '-')}", purpose=purpose, to=Address(email="x@hospital.example"),
        subject="s", text="t", letters=letters, mentor=mentor, decided_at=NOW, not_before=NOW + timedelta(days=1),
    )  # fmt: skip


def unfit(decision: Decision) -> list[str]:
    """What a command that does not fit was answered with; rendered on the way."""
    written(decision)
    return [said for d in drafts(decision) if d.template == "applicant/unfit" for said in d.context["said"]]


def shown(decision: Decision) -> list[str]:
    """The mails shown to the applicant for a word: the template of each."""
    return [w.mail.template for w in decision.mails if hasattr(w, "shown_as")]


# -- state x command -----------------------------------------------------------------------------------------------

PACKET, NOTE, NUDGE = "mentor/packet", "mentor/cancelled", "mentor/nudge"
REMINDER, THANKS = "mentor/reminder", "mentor/thanks"
NO = "-"  # the command does not fit: it is told, and nothing changes
SAME = "="  # it fits, and the letter stays where it is

TABLE: dict[State, tuple[str, ...]] = {
    # agreed, declined, talked, received, assigned, cancel, remind, thank
    State.PLANNED: ("agreed", "declined", SAME, "received", NO, "cancelled", NO, NO),
    State.PREVIEWED: ("agreed", "declined", SAME, "received", NO, "cancelled", NO, NO),
    State.ASKED: ("agreed", "declined", SAME, "received", NO, "cancelled", SAME, NO),
    State.HELD: ("agreed", "declined", SAME, "received", NO, "cancelled", NO, NO),
    State.SILENT: ("agreed", "declined", SAME, "received", NO, "cancelled", NO, NO),
    State.BOUNCED: ("agreed", "declined", SAME, "received", NO, "cancelled", NO, NO),
    State.AGREED: (SAME, "withdrawn", SAME, "received", NO, SAME, SAME, NO),
    State.PACKET_SENT: (NO, "withdrawn", SAME, "received", NO, SAME, SAME, NO),
    State.REPORTED: (NO, NO, SAME, "received", NO, SAME, NO, NO),
    State.RECEIVED: (NO, NO, SAME, NO, "assigned", NO, NO, SAME),
    State.ASSIGNED: (NO, NO, SAME, NO, SAME, NO, NO, SAME),
    State.THANKED: (NO, NO, SAME, NO, SAME, NO, NO, NO),
    State.TOLD: (NO, NO, SAME, NO, SAME, NO, NO, NO),
    State.DECLINED: ("agreed", NO, SAME, "received", NO, NO, NO, SAME),
    State.WITHDRAWN: ("agreed", NO, SAME, "received", NO, NO, NO, SAME),
    State.CANCELLED: ("agreed", NO, SAME, "received", NO, NO, NO, NO),
}
"""Where each command leaves a letter, or that it does not fit."""

SHOWS: dict[tuple[str, State], str] = {
    **{("agreed", s): PACKET for s, row in TABLE.items() if row[0] != NO},
    **{("cancel", s): NOTE for s in (State.ASKED, State.HELD, State.SILENT)},
    ("remind", State.ASKED): NUDGE, ("remind", State.AGREED): PACKET, ("remind", State.PACKET_SENT): REMINDER,
    ("thank", State.RECEIVED): THANKS, ("thank", State.ASSIGNED): THANKS,
    ("thank", State.DECLINED): "mentor/declined", ("thank", State.WITHDRAWN): "mentor/declined",
}  # fmt: skip

CASES = [(state, name, row[n]) for state, row in TABLE.items() for n, name in enumerate(NAMES)]


@pytest.mark.parametrize(("state", "name", "becomes"), CASES, ids=[f"{s.value}-{n}" for s, n, _ in CASES])
def test_every_command_in_every_state(state: State, name: str, becomes: str) -> None:
    body = "to: a further one" if name == "assigned" else ""
    before = standing(state)
    decision = decided(before, f"{name} Dr. Lopez for ERAS", body)
    written(decision)
    said = unfit(decision) + problems(decision)
    assert decision.dossier.letter("l1").state.value == (state.value if becomes in {NO, SAME} else becomes)
    assert bool(said) == (becomes == NO)
    assert becomes != NO or decision.dossier.letters == before.letters
    assert shown(decision) == [SHOWS[key] for key in SHOWS if key == (name, state)]
    assert to_mentors(WRITER.write(decision, NOW)) == []
    assert all("Elena Lopez" in words for words in said)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("argument", "problem"),
    [
        ("", "the name of the mentor is missing"),
        ("Stein", "“Stein” is not one of your mentors"),
        ("Lopez for the moon", "“the moon” is not one of your applications"),
    ],
)
def test_whom_it_is_about_is_never_guessed(name: str, argument: str, problem: str) -> None:
    before = standing(State.ASKED)
    decision = decided(before, f"{name} {argument}")
    assert problems(decision)[0].startswith(problem)
    assert (decision.dossier.letters, shown(decision)) == (before.letters, [])


@pytest.mark.parametrize("name", ["agreed", "declined", "cancel", "assigned"])
def test_of_two_letters_that_could_be_meant_both_are_named(name: str) -> None:
    dossier = rich().with_application(replace(rich().application("a2"), service="eras-residency"))
    state = State.RECEIVED if name == "assigned" else State.ASKED
    for letter_id in ("l2", "l3"):
        dossier = dossier.with_letter(replace(dossier.letter(letter_id), state=state))
    decision = decided(dossier, f"{name} Chen")
    assert problems(decision) == [
        (
            "Dr. Wei Chen has more than one such letter: ERAS 2028, internal medicine · Garden grant; "
            "add “for” and the name of one"
        )
    ]
    assert decision.dossier.letters == dossier.letters


@pytest.mark.parametrize(
    ("line", "name", "argument"),
    [
        ("said yes: Dr. Lopez", "agreed", "Dr. Lopez"),
        ("yes from Dr. Lopez", "agreed", "Dr. Lopez"),
        ("Talked to Dr. Lopez", "talked", "Dr. Lopez"),
        ("no from Kim", "declined", "Kim"),
        ("Please remind Dr. Lopez", "remind", "Dr. Lopez"),
        ("rename Dr. Lopez to Dr. Lopes", "change", "Dr. Lopez to Dr. Lopes"),
    ],
)
def test_people_say_it_in_their_own_way(line: str, name: str, argument: str) -> None:
    found = find(line)
    assert found is not None
    assert (found[0].name, found[1]) == (name, argument)


@pytest.mark.parametrize("line", ["Thank you!", "Thank you so much for this", "remind me on Friday", "Remind me"])
def test_courtesies_are_no_commands(line: str) -> None:
    assert find(line) is None


# -- agreed --------------------------------------------------------------------------------------------------------


def test_a_yes_in_person_drops_what_asked_for_it_and_shows_the_packet_with_what_comes_next() -> None:
    dossier = standing(State.ASKED, unanswered=2, done=("nudge1",)).with_mail(queued(Purpose.NUDGE))
    decision = decided(dossier, "agreed Dr. Lopez", "on: June 12\nnote: she would like to see the CV\nfoo: bar")
    (packet, told) = written(decision)
    letter = decision.dossier.letter("l1")
    assert (letter.state, letter.unanswered, letter.done) == (State.AGREED, 0, ())
    assert letter.agreed_at == datetime(2027, 6, 12, 16, tzinfo=NOW.tzinfo)  # noon in New York
    assert to_mentors(decision.dossier) == [(Purpose.NUDGE, "x@hospital.example", "dropped")]
    assert packet.text.startswith("Dr. Elena Lopez said yes, and this is the packet")
    for words in (
        "Next, by itself: a reminder, on Wednesday, August 18, 2027.", "she would like to see the CV", "- foo: bar",
        "the gentle note to x@hospital.example: not sent",
    ):  # fmt: skip
        assert words in told.text
    assert "she would like to see the CV" in decision.dossier.journal[-2].what


def test_who_was_never_asked_by_mail_may_agree_and_a_letter_is_planned_for_it() -> None:
    decision = decided(rich(), "agreed Kim for ERAS")
    assert decision.dossier.letter("l4").state is State.AGREED
    assert shown(decision) == [PACKET]


def test_the_packet_that_the_applicant_approved_is_what_goes() -> None:
    dossier = after(standing(State.ASKED), "agreed Lopez")
    sent = after(dossier, "Re: x", "send", answers=dossier.previews[0].id)
    assert to_mentors(sent) == [(Purpose.PACKET, LOPEZ, "queued")]
    sent = decide(sent, Accepted(key=sent.previews[0].mail.key if sent.previews else "l1-packet"), NOW, POLICY).dossier
    assert sent.letter("l1").state is State.PACKET_SENT


def test_agreed_twice_tells_where_the_packet_is_and_shows_it_where_it_is_nowhere() -> None:
    once = after(standing(State.ASKED), "agreed Lopez")
    (said,) = unfit(decided(once, "agreed Lopez"))
    assert "the packet waits for your word" in said
    approved = after(once, "Re: x", "send", answers=once.previews[0].id)
    assert "the packet is on its way" in unfit(decided(approved, "agreed Lopez"))[0]
    skipped = after(once, "Re: x", "skip", answers=once.previews[0].id)
    assert shown(decided(skipped, "agreed Lopez")) == [PACKET]


@pytest.mark.parametrize(("change", "words"), [({"email": ""}, "I have no address"), ({"never": True}, "bring the")])
def test_without_a_way_to_write_the_yes_counts_and_the_applicant_is_told(change: dict[str, Any], words: str) -> None:
    dossier = rich().with_mentor(replace(rich().mentor("m1"), **change))
    decision = decided(dossier, "agreed Lopez")
    (told,) = written(decision)
    assert words in told.text
    assert decision.dossier.letter("l1").state is State.AGREED


@pytest.mark.parametrize("given", ["soon", "July 1, 2027", "June 12 or June 14"])
def test_a_day_that_is_not_past_is_asked_about(given: str) -> None:
    before = standing(State.ASKED)
    decision = decided(before, "agreed Lopez", f"on: {given}")
    assert problems(decision)[0].startswith(f"on: “{given}” is not a day in the past")
    assert decision.dossier.letters == before.letters


# -- declined, cancel ----------------------------------------------------------------------------------------------


def test_a_no_in_person_is_as_a_no_by_mail() -> None:
    dossier = standing(State.ASKED).with_mail(queued(Purpose.NUDGE))
    decided_ = decided(dossier, "declined Lopez", "note: on leave until the spring")
    question, told = written(decided_)
    closed = WRITER.write(decided_, NOW)
    assert templates(decided_) == ["applicant/needs_declined", "applicant/declined"]
    assert "What **thank** would send" in question.text
    assert "Your backup is Sam Kim, MD" in told.text
    assert to_mentors(closed) == [(Purpose.NUDGE, "x@hospital.example", "dropped")]
    answered = after(closed, "Re: x", "thank, backup", answers=closed.questions[0].id)
    assert [m for m in to_mentors(answered) if m[2] == "queued"] == [(Purpose.GRACEFUL, LOPEZ, "queued")]
    assert [p.mail.to.email for p in answered.previews] == ["kim@hospital.example"]


def test_a_no_of_somebody_whom_no_mail_reaches_offers_none() -> None:
    dossier = rich().with_mentor(replace(rich().mentor("m1"), email=""))
    closed = after(dossier, "declined Lopez")
    (question,) = closed.questions
    assert (question.choices, question.prepared) == (("backup", "nothing"), None)


def test_a_letter_that_was_agreed_is_cancelled_on_a_second_word() -> None:
    dossier = standing(State.PACKET_SENT).with_mail(queued(Purpose.REMINDER))
    asked = after(dossier, "cancel Lopez")
    assert asked.letter("l1").state is State.PACKET_SENT
    kept = after(asked, "Re: x", "no", answers=asked.questions[0].id)
    assert (kept.letter("l1").state, kept.questions) == (State.PACKET_SENT, ())
    gone = after(asked, "Re: x", "cancel", answers=asked.questions[0].id)
    assert gone.letter("l1").state is State.CANCELLED
    assert [m[2] for m in to_mentors(gone)] == ["dropped"]
    (note,) = gone.previews
    assert "Thank you for having been ready to write it" in note.mail.text


def test_what_was_for_two_letters_still_goes_for_the_other() -> None:
    both = rich().with_mail(replace(queued(Purpose.PACKET, ("l2", "l3"), "m3"), template="mentor/packet"))
    for letter_id in ("l2", "l3"):
        both = both.with_letter(replace(both.letter(letter_id), state=State.AGREED))
    asked = after(both, "cancel Chen for Garden")
    gone = after(asked, "Re: x", "cancel", answers=asked.questions[0].id)
    (packet,) = [m for m in gone.mails if m.purpose is Purpose.PACKET and m.progress is Progress.QUEUED]
    assert packet.letters == ("l2",)
    assert "Garden" not in packet.text


def test_a_reminder_for_two_letters_is_written_anew_for_the_other() -> None:
    reminded = rich().with_mail(queued(Purpose.REMINDER, ("l2", "l3"), "m3"))
    for letter_id in ("l2", "l3"):
        reminded = reminded.with_letter(replace(reminded.letter(letter_id), done=("reminder14",)))
    gone = after(reminded, "declined Chen for Garden")
    assert (gone.letter("l2").done, gone.letter("l3").state) == ((), State.WITHDRAWN)


def test_a_letter_that_nobody_heard_of_may_be_cancelled_and_asked_for_after_all() -> None:
    gone = after(previewed(), "cancel Lopez")
    assert (gone.letter("l1").state, gone.previews) == (State.CANCELLED, ())
    assert after(gone, "ask Lopez").letter("l1").state is State.PREVIEWED


ENDINGS = ("declined Lopez for ERAS", "cancel Lopez for ERAS")
MAY_COME = st.sampled_from(
    ["talked Lopez", "remind Lopez", "thank Lopez", "ask Lopez for ERAS", "status", "pause", "resume", "cancel Lopez",
     "change email of Lopez to e@new.example", "change deadline of ERAS to 20 September 2027", "declined Lopez",
     "change Dr. Lopez to Dr. Lopes", "application ERAS", "mentor Dr. Lopez", "received all", "drop Lopez"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    state=st.sampled_from([s for s in State if TABLE[s][5] != NO]),
    ending=st.sampled_from(ENDINGS),
    waiting=st.sets(st.sampled_from([Purpose.ASK, Purpose.NUDGE, Purpose.PACKET, Purpose.REMINDER, Purpose.LAST_CALL])),
    together=st.booleans(),
    then=st.lists(st.tuples(MAY_COME, st.integers(0, 40)), max_size=5),
)
def test_after_an_ending_nothing_goes_but_what_the_applicant_approves(
    state: State, ending: str, waiting: set[Purpose], together: bool, then: list[tuple[str, int]]
) -> None:
    """Whatever waited, whatever is said later and however much time passes: no mail about the letter leaves for the
    mentor unless the applicant approves it, and here nothing is approved.
    """
    dossier = standing(state).with_letter(Letter(id="l9", mentor="m1", application="a2", state=State.PACKET_SENT))
    for purpose in waiting:
        dossier = dossier.with_mail(queued(purpose, ("l1", "l9") if together else ("l1",)))
    dossier = after(dossier, ending)
    if dossier.letter("l1").state not in {State.DECLINED, State.WITHDRAWN, State.CANCELLED}:
        keys = [q.id for q in dossier.questions]
        dossier = after(dossier, "Re: x", "cancel", answers=keys[-1]) if keys else after(dossier, ENDINGS[0])
    if dossier.letter("l1").state not in {State.DECLINED, State.WITHDRAWN, State.CANCELLED}:
        return  # a letter reported as submitted is not declined
    now = NOW
    for subject, days in then:
        now += timedelta(days=days)
        dossier = WRITER.write(decide(dossier, Ticked(), now, POLICY), now)
        dossier = after(dossier, subject, now=now)
        assert about_l1(dossier) == []
    for days in range(0, 120, 3):
        dossier = WRITER.write(decide(dossier, Ticked(), now + timedelta(days=days), POLICY), now)
        assert about_l1(dossier) == []


def about_l1(dossier: Dossier) -> list[tuple[Purpose, str]]:
    """What would leave for Dr. Lopez about the letter that has ended."""
    return [
        (m.purpose, m.key) for m in dossier.mails
        if m.progress is Progress.QUEUED and "l1" in m.letters and m.to.email != dossier.applicant.email
    ]  # fmt: skip


# -- talked --------------------------------------------------------------------------------------------------------


def test_a_talk_begins_the_clock_again() -> None:
    dossier = standing(State.ASKED, unanswered=2, done=("nudge1",), asked_at=NOW - timedelta(days=13))
    dossier = dossier.with_mail(queued(Purpose.NUDGE))
    decision = decided(dossier, "talked Lopez", "note: she is thinking about it")
    letter = decision.dossier.letter("l1")
    assert (letter.last_heard_at, letter.unanswered, letter.done) == (NOW, 0, ())
    assert [m[2] for m in to_mentors(decision.dossier)] == ["dropped"]
    (told,) = written(decision)
    assert "the clock begins again today. Next, by itself: a gentle note, on Tuesday, June 22, 2027." in told.text


def test_wait_until_a_day_and_nothing_goes_before_it() -> None:
    waiting = after(standing(State.HELD, waiting=True), "talked Lopez", "wait until: July 9")
    letter = waiting.letter("l1")
    assert (letter.state, letter.waiting, letter.snooze_until) == (State.ASKED, False, date(2027, 7, 9))
    before = decide(waiting, Ticked(), NOW + timedelta(days=20), POLICY)
    assert before.mails == ()
    assert [d.template for d in drafts(decide(waiting, Ticked(), NOW + timedelta(days=24), POLICY))] == ["mentor/nudge"]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("yesterday", "wait until: “yesterday” is not a day ahead"),
        ("October 1", "wait until: Friday, October 1, 2027 is not before the deadline of ERAS 2028"),
    ],
)
def test_a_day_that_does_not_help_is_asked_about(given: str, problem: str) -> None:
    assert problems(decided(standing(State.ASKED), "talked Lopez", f"wait until: {given}"))[0].startswith(problem)


@pytest.mark.parametrize(
    ("words", "state", "shows"),
    [("agreed", State.AGREED, [PACKET]), ("she said yes", State.AGREED, [PACKET]), ("no", State.DECLINED, []),
     ("wait 10 days", State.ASKED, []), ("declined", State.DECLINED, [])],
)  # fmt: skip
def test_a_letter_that_stood_still_is_asked_about_and_goes_on_with_the_answer(
    words: str, state: State, shows: list[str]
) -> None:
    asked = after(standing(State.HELD, waiting=True), "talked Lopez")
    (question,) = asked.questions
    assert (question.topic, question.choices) == ("talked", ("agreed", "declined", "wait 10 days"))
    decision = decided(asked, "Re: x", words, answers=question.id)
    written(decision)
    assert (decision.dossier.letter("l1").state, shown(decision)) == (state, shows)


# -- received, assigned --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "received"),
    [
        ("received all", ["l1", "l2", "l3"]),
        ("received all letters for Garden", ["l3"]),
        ("received everything", ["l1", "l2", "l3"]),
        ("received Lopez and Chen for ERAS", ["l1", "l2"]),
    ],
)
def test_several_letters_are_received_at_once(subject: str, received: list[str]) -> None:
    dossier = after(standing(State.REPORTED), subject)
    assert [x.id for x in dossier.letters if x.state is State.RECEIVED] == received


def test_received_all_where_nothing_is_on_its_way() -> None:
    dossier = replace(rich(), letters=(rich().letter("l1"),))
    assert problems(decided(dossier, "received all")) == ["no letter is on its way, as far as I know"]


def test_only_what_a_service_wants_assigned_is_assigned() -> None:
    dossier = rich().with_letter(replace(rich().letter("l3"), state=State.RECEIVED))
    (said,) = unfit(decided(dossier, "assigned Chen for Garden"))
    assert said.startswith("Letters for Garden grant need no assigning")


def test_programmes_are_added_and_a_letter_that_was_thanked_for_stays_so() -> None:
    once = after(standing(State.THANKED), "assigned Lopez", "to: 20 programs in the East")
    assert "already marked as assigned" in unfit(decided(once, "assigned Lopez"))[0]
    twice = after(once, "assigned Lopez", "to: 4 programs in the West").letter("l1")
    assert (twice.state, twice.assigned_to) == (State.THANKED, "20 programs in the East; 4 programs in the West")


# -- remind, thank -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "letter", "says"),
    [
        (State.ASKED, {"unanswered": 3, "done": ("nudge1", "nudge2")}, "promised not to ask about it again"),
        (State.ASKED, {"unanswered": 3}, "3 mails of yours without an answer"),
        (State.ASKED, {"waiting": True}, "waits for your answer to my question"),
        (State.PACKET_SENT, {"unanswered": 3}, "3 mails of yours without an answer"),
    ],
)
def test_manners_hold_for_a_reminder_that_was_asked_for(state: State, letter: dict[str, Any], says: str) -> None:
    (said,) = unfit(decided(standing(state, **letter), "remind Lopez"))
    assert says in said


def test_after_a_last_call_there_is_no_reminder_until_the_mentor_is_heard_of() -> None:
    call = Contact(
        direction=Direction.OUT, message_id="x", mentor="m1", letters=("l1",), purpose="last call", subject="s", at=NOW
    )
    called = replace(standing(State.PACKET_SENT), contacts=(call,))
    assert "promised not to ask" in unfit(decided(called, "remind Lopez"))[0]
    later = NOW + timedelta(days=1)
    heard = after(called, "talked Lopez", now=later)
    assert shown(decided(heard, "remind Lopez", now=later)) == [REMINDER]


@pytest.mark.parametrize(
    ("deadline", "says"), [(None, "deadline of ERAS"), (NOW - timedelta(days=2), "I do not remind after it")]
)
def test_no_reminder_without_a_deadline_ahead(deadline: datetime | None, says: str) -> None:
    dossier = standing(State.PACKET_SENT)
    dossier = dossier.with_application(replace(dossier.application("a1"), deadline=deadline))
    assert says in unfit(decided(dossier, "remind Lopez"))[0]


def test_the_last_reminder_says_that_it_is() -> None:
    nudge = decided(standing(State.ASKED, unanswered=2, done=("nudge1",)), "remind Lopez")
    call = decided(standing(State.PACKET_SENT, unanswered=2), "remind Lopez")
    assert "This is my last note about it" in written(nudge)[0].text
    assert "This is my last reminder" in written(call)[0].text


def test_a_reminder_takes_the_place_of_the_clocks_own() -> None:
    dossier = after(standing(State.ASKED), "remind Lopez")
    sent = after(dossier, "Re: x", "send", answers=dossier.previews[0].id)
    assert sent.letter("l1").done == ("nudge1",)
    again = decided(sent, "remind Lopez")
    assert "is on its way already and goes out on" in unfit(again)[0]


def test_one_reminder_is_for_all_letters_of_a_mentor() -> None:
    (note,) = [w for w in decided(rich(), "remind Chen").mails if hasattr(w, "shown_as")]
    assert note.mail.letters == ("l2", "l3")


def test_thanks_go_once() -> None:
    dossier = after(standing(State.RECEIVED, received_at=NOW), "thank Lopez")
    assert decide(dossier, Ticked(), NOW + timedelta(days=2), POLICY).mails == ()
    sent = after(dossier, "Re: x", "send", answers=dossier.previews[0].id)
    assert unfit(decided(sent, "thank Lopez")) == ["The thank-you to Dr. Elena Lopez is on its way already."]
    gone = decide(sent, Accepted(key="l1-thanks-now"), NOW, POLICY).dossier
    assert gone.letter("l1").state is State.THANKED
    assert unfit(decided(gone, "thank Lopez")) == [
        "The letter of Dr. Elena Lopez has arrived, and you have said thank you; once is enough."
    ]
