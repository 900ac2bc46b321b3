"""What follows when the applicant answers a question: every word, and what it promises."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from dossiers import NOW, POLICY, WRITER, after, answer, decided, rich, templates, to_mentors

from lorbot.core import moves, outgoing, outside, writing
from lorbot.core.addressing import readdressed
from lorbot.core.commands import cancel
from lorbot.core.correspondence import Mail, Progress, Purpose
from lorbot.core.decide import decide
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter, Mentor, State
from lorbot.core.events import Ticked
from lorbot.core.message import Address

DECIDE = ("thank", "packet", "wait 10 days", "backup", "write:")
SILENT = ("backup", "talk", "wait 10 days", "close")
OVERDUE = ("received", "wait 3 days", "backup", "write:")
BOUNCED = ("address name@example.edu", "backup", "nothing")
EPISODES = ("episode:", "ask anyway", "nothing")
WRONG = ("apologise", "address name@example.edu", "nothing")
KEY = "q-k"
LOPEZ = "lopez@hospital.example"
ASKED_AT = NOW - timedelta(days=16)


def asked(
    topic: str,
    choices: tuple[str, ...],
    state: State,
    *,
    about: str = "",
    base: Dossier | None = None,
    **letter: Any,
) -> Dossier:
    """Dr. Lopez' letter stands in `state`, and the applicant has been asked about it."""
    dossier = base or rich()
    dossier = dossier.with_letter(
        replace(dossier.letter("l1"), **{"state": state, "asked_at": ASKED_AT, "waiting": True, **letter})
    )
    purpose = Purpose.APOLOGY if "apologise" in choices else Purpose.GRACEFUL
    prepared = None
    if {"thank", "apologise"} & set(choices):
        prepared = writing.to_mentor(dossier, purpose, [dossier.letter("l1")], policy=POLICY, now=NOW)
    more = {
        "quote": "I hardly know you.", "telling": "I hardly know you.", "genuine": True, "signals": [], "dates": [],
        "colleagues": [], "asked_on": "", "what": "ask", "address": LOPEZ, "remark": "", "subject": "Letter",
        "sender": "e@x.example", "sender_name": "",
    }  # fmt: skip
    question = writing.question(
        dossier, topic, dossier.letter("l1"), choices, policy=POLICY, now=NOW, key="k", prepared=prepared, more=more,
        about=about,
    )  # fmt: skip
    return WRITER.write(Decision(dossier=dossier, mails=(question,)), NOW)


def replied(dossier: Dossier, words: str, key: str = KEY) -> Dossier:
    return after(dossier, "Re: Please decide", words, answers=key)


def says(dossier: Dossier, words: str) -> str:
    """What the applicant is told, without the footer."""
    decision = decided(dossier, "Re: Please decide", words, answers=KEY)
    mails = [m for m in WRITER.write(decision, NOW).mails if m.text and m.subject and m.mentor == "m1"]
    return mails[-1].text.partition("\n\nTo see")[0]


def open_questions(dossier: Dossier) -> list[str]:
    return [q.id for q in dossier.questions]


def lukewarm() -> Dossier:
    return asked("lukewarm", DECIDE, State.HELD)


def silent() -> Dossier:
    return asked("silent", SILENT, State.SILENT, unanswered=3, done=("nudge1", "nudge2", "choose"))


def test_every_choice_that_is_offered_has_a_move() -> None:
    offered = {
        *DECIDE,
        *SILENT,
        *OVERDUE,
        *BOUNCED,
        *WRONG,
        *EPISODES,
        "received",
        "not yet",
        "same person",
        "it arrived",
        "send again",
        "cc jane@hospital.example",
        *outside.AFTER_A_TALK,
        *cancel.WORDS,
    }
    assert {choice.split()[0].rstrip(":") for choice in offered} == set(moves.MOVES)


@pytest.mark.parametrize("words", ["hm", "", "yes", "thank, packet", "What did she mean?", "packet but only the CV"])
def test_an_unclear_answer_does_nothing_and_asks_again(words: str) -> None:
    before = lukewarm()
    decision = decided(before, "Re: x", words, answers=KEY)
    assert templates(decision) == ["applicant/question_unclear"]
    assert (decision.dossier.questions, decision.dossier.letters) == (before.questions, before.letters)
    again = WRITER.write(decision, NOW)
    assert open_questions(replied(again, "thank", key=f"{KEY}-again")) == []


def test_thank_sends_the_ready_text_and_closes_the_letter() -> None:
    before = lukewarm()
    dossier = replied(before, "Thank her, please.\n\nNadia")
    prepared = before.questions[0].prepared
    assert prepared is not None
    assert dossier.mail(prepared.key) == replace(prepared, not_before=NOW, decided_at=NOW, automatic=False)
    assert (dossier.letter("l1").state, open_questions(dossier)) == (State.DECLINED, [])
    assert "goes now. The letter is closed." in says(before, "thank")


@pytest.mark.parametrize("state", [State.DECLINED, State.WITHDRAWN])
def test_thank_leaves_a_closed_letter_as_it_is(state: State) -> None:
    assert replied(asked("declined", DECIDE, state), "thank").letter("l1").state is state


def test_packet_is_a_yes() -> None:
    dossier = replied(lukewarm(), "packet")
    letter = dossier.letter("l1")
    assert (letter.state, letter.agreed_at, letter.waiting) == (State.AGREED, NOW, False)
    assert to_mentors(dossier) == [(Purpose.PACKET, LOPEZ, "queued")]


def test_no_packet_goes_for_a_letter_that_is_written() -> None:
    dossier = replied(asked("draft", ("write:", "packet"), State.RECEIVED), "packet")
    assert (dossier.letter("l1").state, to_mentors(dossier)) == (State.RECEIVED, [])


@pytest.mark.parametrize(
    ("words", "until"),
    [("wait", date(2027, 6, 25)), ("wait 2 weeks", date(2027, 6, 29)), ("wait until 1 July", date(2027, 7, 1))],
)
def test_wait_gives_the_mentor_time(words: str, until: date) -> None:
    letter = replied(lukewarm(), words).letter("l1")
    assert (letter.state, letter.snooze_until, letter.waiting) == (State.ASKED, until, False)


def test_wait_after_a_yes_goes_back_to_the_yes() -> None:
    assert replied(asked("lukewarm", DECIDE, State.HELD, agreed_at=NOW), "wait").letter("l1").state is State.AGREED
    assert replied(asked("lukewarm", DECIDE, State.HELD, packet_at=NOW), "wait").letter("l1").state is State.PACKET_SENT


def ticked_until(dossier: Dossier, days: int) -> Dossier:
    for hours in range(0, days * 24, 6):
        now = NOW + timedelta(hours=hours)
        dossier = WRITER.write(decide(dossier, Ticked(), now, POLICY), now)
    return dossier


def test_wait_after_silence_sends_no_more_mail_and_asks_again() -> None:
    dossier = replied(silent(), "wait 10 days")
    assert "Nothing more goes to Dr. Elena Lopez; I ask you again on Friday, June 25, 2027." in says(
        silent(), "wait 10 days"
    )
    assert open_questions(ticked_until(dossier, 9)) == []
    later = ticked_until(dossier, 12)
    assert [q.topic for q in later.questions] == ["silent"]
    assert to_mentors(later) == []


def test_wait_after_the_deadline_asks_again_on_that_day_and_not_before() -> None:
    past = rich().with_application(replace(rich().application("a1"), deadline=NOW - timedelta(days=1)))
    before = asked("overdue", OVERDUE, State.PACKET_SENT, base=past, done=("overdue",))
    dossier = replied(before, "wait 3 days")
    assert "I ask you again on Friday, June 18, 2027, unless the letter is in by then." in says(before, "wait 3 days")
    assert [q.letter for q in ticked_until(dossier, 2).questions if q.letter == "l1"] == []
    assert [q.topic for q in ticked_until(dossier, 4).questions if q.letter == "l1"] == ["overdue"]


def test_thank_and_backup_go_together() -> None:
    for words in ("thank, backup", "backup and thank"):
        dossier = replied(lukewarm(), words)
        assert to_mentors(dossier) == [(Purpose.GRACEFUL, LOPEZ, "queued")]
        assert [p.mail.to.email for p in dossier.previews] == ["kim@hospital.example"]
        assert (dossier.letter("l1").state, dossier.letter("l4").state, open_questions(dossier)) == (
            State.DECLINED, State.PREVIEWED, [],
        )  # fmt: skip


def test_backup_alone_leaves_the_answer_to_the_mentor_open() -> None:
    dossier = replied(lukewarm(), "backup")
    assert (open_questions(dossier), dossier.letter("l1").state) == ([KEY], State.HELD)
    assert "Dr. Elena Lopez still waits for your answer" in says(lukewarm(), "backup")
    dossier = replied(dossier, "thank", key=f"{KEY}-again")
    assert (open_questions(dossier), to_mentors(dossier)) == ([], [(Purpose.GRACEFUL, LOPEZ, "queued")])


def test_backup_after_silence_closes_the_letter() -> None:
    dossier = replied(silent(), "backup")
    assert (dossier.letter("l1").state, open_questions(dossier), len(dossier.previews)) == (State.CANCELLED, [], 1)


def test_backup_with_own_words_closes_the_letter_and_sends_them() -> None:
    dossier = replied(lukewarm(), "backup\nwrite: Dear Elena, thank you.")
    assert (dossier.letter("l1").state, to_mentors(dossier)) == (
        State.CANCELLED,
        [(Purpose.OWN_WORDS, LOPEZ, "queued")],
    )


@pytest.mark.parametrize(
    ("backup", "sentence"),
    [
        ({"backup_for": "", "never": True}, "No backup for Dr. Elena Lopez is there."),
        ({"never": True}, "Sam Kim, MD asked to get no more mail."),
        ({"worked_together": ""}, "Before I show you the ask to Sam Kim, MD, I need a few words"),
        ({"email": ""}, "The address of Sam Kim, MD is missing"),
    ],
)
def test_a_backup_who_cannot_be_asked_leaves_everything_open(backup: dict[str, Any], sentence: str) -> None:
    base = rich().with_mentor(replace(rich().mentor("m2"), **backup))
    before = asked("silent", SILENT, State.SILENT, base=base)
    dossier = replied(before, "backup")
    assert (dossier.letter("l1").state, dossier.previews, KEY in open_questions(dossier)) == (State.SILENT, (), True)
    assert sentence in says(before, "backup")


def test_a_backup_who_declined_is_not_asked() -> None:
    base = rich().with_letter(Letter(id="l4", mentor="m2", application="a1", state=State.DECLINED))
    dossier = replied(asked("silent", SILENT, State.SILENT, base=base), "backup")
    assert (dossier.previews, dossier.letter("l4").state) == ((), State.DECLINED)


def test_own_words_go_word_for_word() -> None:
    text = "Dear Elena,\n\nthank you: see you at 5.\n\nThanks,\nNadia"
    dossier = replied(lukewarm(), f"write: {text}")
    (mail,) = [m for m in dossier.mails if m.purpose is Purpose.OWN_WORDS]
    assert mail.text.startswith(text)
    assert (open_questions(dossier), dossier.letter("l1").waiting) == ([], False)


def test_received_is_thanked_by_the_clock_and_not_before() -> None:
    dossier = replied(asked("reported", ("received", "not yet"), State.REPORTED), "Yes!")
    assert (dossier.letter("l1").state, dossier.letter("l1").received_at) == (State.RECEIVED, NOW)
    assert to_mentors(dossier) == []
    assert [m[0] for m in to_mentors(ticked_until(dossier, 4))] == [Purpose.THANKS]


def test_not_yet_leaves_the_letter_reported() -> None:
    letter = replied(asked("reported", ("received", "not yet"), State.REPORTED), "not yet").letter("l1")
    assert (letter.state, letter.waiting) == (State.REPORTED, False)


def test_talk_stays_open_until_the_applicant_tells_how_it_went() -> None:
    dossier = replied(silent(), "talk")
    assert (open_questions(dossier), dossier.letter("l1").waiting) == ([KEY], True)
    assert "backup, wait 10 days, close" in says(silent(), "talk")
    assert replied(dossier, "close", key=f"{KEY}-again").letter("l1").state is State.CANCELLED


def test_close_closes() -> None:
    dossier = replied(silent(), "close")
    assert (dossier.letter("l1").state, open_questions(dossier), to_mentors(dossier)) == (State.CANCELLED, [], [])


@pytest.mark.parametrize(
    "words", ["lopez@new.example", "address lopez@new.example", "Her new address is Lopez@New.example."]
)
def test_a_new_address_shows_the_ask_again(words: str) -> None:
    dossier = replied(asked("bounced", BOUNCED, State.BOUNCED), words)
    assert dossier.mentor("m1").email == "lopez@new.example"
    assert [p.mail.to.email for p in dossier.previews] == ["lopez@new.example"]
    assert (dossier.letter("l1").state, to_mentors(dossier)) == (State.PREVIEWED, [])


def test_a_packet_that_came_back_goes_to_the_new_address() -> None:
    dossier = replied(asked("bounced", BOUNCED, State.PACKET_SENT, agreed_at=ASKED_AT), "lopez@new.example")
    letter = dossier.letter("l1")
    assert to_mentors(dossier) == [(Purpose.PACKET, "lopez@new.example", "queued")]
    assert (letter.state, letter.agreed_at, letter.waiting) == (State.AGREED, ASKED_AT, False)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("nadia@students.example", "is your own address"), ("kim@hospital.example",
        "is already the address of Sam Kim, MD"),
        ("lopez@", ""), ("lopez@x..example", "is not an e-mail address"),
        ("address name@example.edu", "the right address in place of the example"),
    ],
)  # fmt: skip
def test_a_wrong_address_is_told_and_asked_again(address: str, sentence: str) -> None:
    before = asked("bounced", BOUNCED, State.BOUNCED)
    dossier = replied(before, address)
    assert (dossier.mentor("m1").email, open_questions(dossier), dossier.previews) == (LOPEZ, [KEY], ())
    assert sentence in says(before, address)


def test_an_apology_goes_to_whom_it_was_meant_for() -> None:
    dossier = replied(asked("wrong_person", WRONG, State.BOUNCED), "apologise\naddress lopez@new.example")
    assert to_mentors(dossier) == [(Purpose.APOLOGY, LOPEZ, "queued")]
    assert dossier.mentor("m1").email == "lopez@new.example"


SAME = ("same person", "write:", "nothing")


def test_another_address_of_the_same_person_is_taken_over() -> None:
    dossier = replied(asked("somebody_else", SAME, State.ASKED, about="elena@home.example"), "same person")
    assert dossier.mentor("m1").email == "elena@home.example"


@pytest.mark.parametrize("taken", ["kim@hospital.example", "nadia@students.example"])
def test_two_people_never_share_an_address(taken: str) -> None:
    dossier = replied(asked("somebody_else", SAME, State.ASKED, about=taken), "same")
    assert (dossier.mentor("m1").email, open_questions(dossier)) == (LOPEZ, [KEY])


def test_nothing_is_nothing() -> None:
    before = asked("draft", ("write:", "packet", "backup", "nothing"), State.ASKED)
    dossier = replied(before, "nothing")
    assert (to_mentors(dossier), open_questions(dossier), dossier.letter("l1")) == ([], [], before.letter("l1"))
    assert "no note goes to Dr. Elena Lopez by itself" in says(before, "nothing")


def with_lost_ask() -> Dossier:
    ask = Mail(
        key="l1-ask", purpose=Purpose.ASK, to=Address(email=LOPEZ, name="Dr. Elena Lopez"), subject="Letter", text="x",
        letters=("l1",), mentor="m1", decided_at=NOW, progress=Progress.UNKNOWN, message_id="l1-ask@school.example",
    )  # fmt: skip
    return asked("unknown", ("it arrived", "send again"), State.PREVIEWED, about="l1-ask", base=rich().with_mail(ask))


@pytest.mark.parametrize(
    ("words", "progress", "state"),
    [("it arrived", Progress.SENT, State.ASKED), ("send it again", Progress.QUEUED, State.PREVIEWED)],
)
def test_a_mail_whose_fate_is_unknown(words: str, progress: Progress, state: State) -> None:
    dossier = replied(with_lost_ask(), words)
    mail = dossier.mail("l1-ask")
    assert mail is not None
    assert (mail.progress, dossier.letter("l1").state) == (progress, state)


def test_an_answer_to_a_question_that_is_settled_does_nothing() -> None:
    settled = replied(lukewarm(), "thank")
    decision = decided(settled, "Re: x", "packet", answers=KEY)
    assert templates(decision) == ["applicant/not_understood"]
    assert "settled already" in answer(decision)
    assert to_mentors(decision.dossier) == to_mentors(settled)


def test_while_paused_the_answer_says_so() -> None:
    assert "goes once you end the pause, with: resume" in says(replace(lukewarm(), paused=True), "thank")


def test_only_mail_that_waits_moves_to_a_new_address() -> None:
    def mail(key: str, progress: Progress, to: str = LOPEZ) -> Mail:
        return Mail(key=key, purpose=Purpose.NUDGE, to=Address(email=to), subject="s", text="t", mentor="m1",
                    letters=("l1",), decided_at=NOW, progress=progress)  # fmt: skip

    mails = (mail("a", Progress.QUEUED), mail("b", Progress.SENT), mail("c", Progress.QUEUED, "kim@hospital.example"))
    dossier = replace(lukewarm(), mails=mails)
    moved = readdressed(dossier, dossier.mentor("m1"), "new@x.example")
    assert [m.to.email for m in moved.mails] == ["new@x.example", LOPEZ, "kim@hospital.example"]
    assert isinstance(moved.mentor("m1"), Mentor)


def test_a_ready_text_whose_facts_have_changed_is_shown_before_it_goes() -> None:
    dossier = after(lukewarm(), "mentor Dr. Elena Lopez", "greeting: Elena")
    decision = decided(dossier, "Re: x", "thank", answers=KEY)
    assert templates(decision) == ["applicant/preview", "applicant/done"]
    after_all = WRITER.write(decision, NOW)
    (preview,) = after_all.previews
    shown = after_all.mail(preview.id)
    assert shown is not None
    assert "- was: Dear Dr. Lopez,\n  now: Dear Elena," in shown.text
    assert (to_mentors(after_all), after_all.letter("l1").state) == ([], State.DECLINED)
    sent = after(after_all, "Re: x", "send", answers=preview.id)
    assert to_mentors(sent) == [(Purpose.GRACEFUL, LOPEZ, "queued")]


def test_the_apology_still_goes_to_whoever_has_the_old_address() -> None:
    dossier = asked("wrong_person", WRONG, State.BOUNCED)
    dossier = after(dossier, "mentor Dr. Elena Lopez", "email: elena@clinic.example")
    dossier = replied(dossier, "apologise")
    leaving = [(m.purpose, m.to.email) for m in outgoing.waiting(dossier, NOW) if m.purpose is Purpose.APOLOGY]
    assert leaving == [(Purpose.APOLOGY, LOPEZ)]


@pytest.mark.parametrize(("topic", "choices", "state"), [("asked", ("write:", "nothing"), State.HELD)])
@pytest.mark.parametrize("words", ["write: Let us talk.", "nothing"])
def test_a_hedge_that_is_not_settled_is_brought_up_again_after_some_days(
    topic: str, choices: tuple[str, ...], state: State, words: str
) -> None:
    dossier = replied(asked(topic, choices, state, last_heard_at=NOW), words)
    week = NOW + timedelta(days=7)
    assert templates(decide(dossier, Ticked(), week - timedelta(hours=1), POLICY)) == []
    dossier = replace(dossier, mails=tuple(replace(m, progress=Progress.SENT) for m in dossier.mails))
    decision = decide(dossier, Ticked(), week, POLICY)
    assert templates(decision) == ["applicant/needs_held"]
    assert decision.dossier.letter("l1").waiting
    asked_again = WRITER.write(decision, week)
    assert templates(decide(asked_again, Ticked(), week, POLICY)) == []
    again = replied(asked_again, "write: And again.", "q-l1-held")
    assert "held" not in again.letter("l1").done


def test_own_words_after_the_deadline_do_not_end_the_matter() -> None:
    base = rich().with_application(replace(rich().application("a1"), deadline=NOW - timedelta(days=1)))
    base = replace(base, letters=base.letters[:1])
    dossier = asked("overdue", OVERDUE, State.PACKET_SENT, base=base, done=("reminder14", "overdue"))
    dossier = replied(dossier, "write: Is there anything I can do?")
    dossier = replace(dossier, mails=tuple(replace(m, progress=Progress.SENT) for m in dossier.mails))
    assert templates(decide(dossier, Ticked(), NOW + timedelta(days=6), POLICY)) == []
    assert templates(decide(dossier, Ticked(), NOW + timedelta(days=8), POLICY)) == ["applicant/needs_overdue"]
