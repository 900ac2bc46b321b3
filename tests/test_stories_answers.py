"""Every answer a mentor may give, in words: what goes out to whom, where the letter stands, and what each ready word
of the applicant's does. Read by the reader that ships.
"""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from correspondence import begun
from mentors import DAY, LOPEZ, NOW, in_days, incoming, standing, with_second_letter
from mentors import asked as with_ask

from lorbot.core.correspondence import Progress, Purpose
from lorbot.core.dossier import State
from lorbot.core.events import MailBounced
from lorbot.core.message import Bounce

HOME = "elena@home.example"
JANE = "jane@hospital.example"
ASKED, AGREED = False, True

Row = tuple[str, bool, str, list[str], list[str], State, bool]

TABLE: list[Row] = [
    ("strong yes", ASKED, "Happy to, you were excellent! I will gladly write a strong letter.",
     ["packet"], ["says yes"], State.PACKET_SENT, False),
    ("plain yes", ASKED, "Sure.", ["packet"], ["says yes"], State.PACKET_SENT, False),
    ("yes, and when is it due", ASKED, "Yes, gladly. When is it due, and how do I submit it?",
     ["packet"], ["says yes"], State.PACKET_SENT, False),
    ("hedged", ASKED, "I can write one, but I don't know you that well and it would be fairly generic.",
     [], ["has a reservation"], State.HELD, True),
    ("no", ASKED, "I'm sorry, I am not able to write one.", [], ["declined"], State.DECLINED, True),
    ("no, and another", ASKED, "I'm afraid I can't. Ask Dr. Jane Rosen (rosen@hospital.example), she knows you better.",
     [], ["declined", "suggests Dr. Jane Rosen"], State.DECLINED, True),
    ("yes, later", ASKED, "Yes, if you can send me everything before August. I can only do it after 1 August.",
     [], ["on a condition"], State.HELD, True),
    ("remind me", ASKED, "I am swamped right now, please remind me in two weeks.", [], ["asked again later"],
     State.ASKED, False),
    ("remind me too late", ASKED, "I'm swamped. Ask me again in October.", [], ["Please decide"], State.HELD, True),
    ("talk first", ASKED, "I would like to talk first. Can you come by my office next week?",
     [], ["wants to talk with you"], State.ASKED, True),
    ("material first", ASKED, "Send me your CV and the deadline, please.", [], ["waits for your answer"],
     State.ASKED, True),
    ("draft", ASKED, "Write a draft and I'll sign it.", [], ["asks you to draft"], State.ASKED, True),
    ("delegates", ASKED, f"My assistant Jane Doe handles these, please contact {JANE}.",
     [], ["hands the letter on"], State.ASKED, True),
    ("the office writes", ASKED, "The clerkship office does these for all; write to clerkship@hospital.example.",
     [], ["hands the letter on"], State.ASKED, True),
    ("already sent", AGREED, "I uploaded it last week.", [], ["says the letter is in"], State.REPORTED, False),
    ("cannot upload", AGREED, "The link is dead and the portal refuses my file.", [], ["cannot submit"],
     State.PACKET_SENT, False),
    ("asks again", AGREED, "When is the deadline, and how do I submit it?", [], ["waits for your answer"],
     State.PACKET_SENT, False),
    ("more time", AGREED, "I need more time. Could I have until August 20?", [], ["needs more time"],
     State.PACKET_SENT, False),
    ("too much time", AGREED, "I will need more time, until September 20.", [], ["needs more time"],
     State.PACKET_SENT, False),
    ("withdraws", AGREED, "I'm so sorry, I have to withdraw; I can't write the letter after all.",
     [], ["Urgent, today"], State.WITHDRAWN, True),
    ("stop", ASKED, "Please stop writing to me.", [], ["wants no more mail"], State.DECLINED, False),
    ("wrong person", ASKED, "You have the wrong person, I don't know you.", [], ["is not Dr. Elena Lopez"],
     State.BOUNCED, True),
    ("something else", ASKED, "Thanks for the news about the department dinner. See you.", [], ["not sure what"],
     State.ASKED, True),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_what_an_answer_brings(row: Row) -> None:
    _, agreed, words, to_lopez, to_nadia, state, waiting = row
    world = begun(agreed=agreed)
    world.lopez(words)
    mentors, applicant = world.new()
    assert [m.purpose.value for m in mentors] == to_lopez
    assert len(applicant) == len(to_nadia)
    assert all(part in m.subject for part, m in zip(to_nadia, applicant, strict=True)), [m.subject for m in applicant]
    assert (world.letter.state, world.letter.waiting) == (state, waiting)
    assert all(words in m.text.replace("\n> ", " ") for m in applicant[:1])
    if waiting:  # the clock writes to nobody until the applicant has decided
        world.until(NOW + 60 * DAY)
        assert world.new()[0] == []


WORDS: list[tuple[str, str, list[str], State]] = [
    ("hedged", "thank", ["graceful"], State.DECLINED),
    ("hedged", "packet", ["packet"], State.PACKET_SENT),
    ("yes, later", "packet", ["packet"], State.PACKET_SENT),
    ("yes, later", "thank", ["graceful"], State.DECLINED),
    ("no", "thank", ["graceful"], State.DECLINED),
    ("no, and another", "thank, backup", ["graceful"], State.DECLINED),
    ("remind me too late", "thank", ["graceful"], State.DECLINED),
    ("talk first", "write: Thursday at four?", ["own words"], State.ASKED),
    ("talk first", "agreed", [], State.AGREED),
    ("talk first", "declined", [], State.DECLINED),
    ("material first", "send", ["answer"], State.ASKED),
    ("material first", "packet", ["packet"], State.PACKET_SENT),
    ("draft", "packet", ["packet"], State.PACKET_SENT),
    ("delegates", f"cc {JANE}, packet", ["packet"], State.PACKET_SENT),
    ("delegates", f"packet and cc {JANE}", ["packet"], State.PACKET_SENT),
    ("delegates", "cc", [], State.ASKED),
    ("delegates", "nothing", [], State.ASKED),
    ("already sent", "received", [], State.RECEIVED),
    ("cannot upload", "send", ["answer"], State.PACKET_SENT),
    ("cannot upload", "write: Try Firefox.", ["own words"], State.PACKET_SENT),
    ("asks again", "send", ["answer"], State.PACKET_SENT),
    ("more time", "send", ["answer"], State.PACKET_SENT),
    ("more time", "wait until August 20", [], State.PACKET_SENT),
    ("too much time", "backup", [], State.PACKET_SENT),
    ("withdraws", "thank, backup", ["graceful"], State.WITHDRAWN),
    ("wrong person", "apologise", ["apology"], State.BOUNCED),
]


@pytest.mark.parametrize(("kind", "word", "sends", "state"), WORDS, ids=[f"{w[0]}: {w[1]}" for w in WORDS])
def test_what_a_ready_word_does(kind: str, word: str, sends: list[str], state: State) -> None:
    _, agreed, words, *_ = next(row for row in TABLE if row[0] == kind)
    world = begun(agreed=agreed)
    if kind == "no, and another":
        words = words.partition(" Ask")[0]
    world.lopez(words)
    world.new()
    world.nadia(word)
    mentors, applicant = world.new()
    assert ([m.purpose.value for m in mentors], world.letter.state) == (sends, state)
    assert applicant, "the applicant is told"
    assert not any(line.startswith(">") for m in mentors for line in m.text.splitlines()), "nothing is quoted"


# -- the clock afterwards ------------------------------------------------------------------------------------------


def test_who_wants_to_be_reminded_later_gets_no_mail_before_that_day() -> None:
    world = begun()
    world.lopez("I am swamped right now, please remind me in two weeks.")
    world.until(NOW + 21 * DAY)
    first = [at for at, m in world.to_mentors() if m.purpose is Purpose.NUDGE]
    assert first[0].date() == (NOW + 14 * DAY).date()


def test_time_that_was_given_is_time_without_reminders() -> None:
    world = begun(agreed=True)
    world.lopez("I need more time. Could I have until August 27?")
    world.nadia("send")
    mentors, _ = world.new()
    assert "Friday, August 27, 2027 is fine" in mentors[0].text
    assert "The deadline is Wednesday, September 1, 2027" in mentors[0].text
    world.until(datetime(2027, 8, 27, 11, tzinfo=NOW.tzinfo))
    assert world.new()[0] == []


def test_more_time_than_there_is_is_never_granted_by_a_ready_word() -> None:
    world = begun(agreed=True)
    world.lopez("I will need more time, until September 20.")
    (question,) = world.dossier.questions
    assert "after the deadline" in world.new()[1][0].text
    assert ("send" in question.choices, question.prepared) == (False, None)


def test_a_question_answered_before_a_yes_leaves_the_letter_on_its_clock() -> None:
    world = begun()
    world.lopez("Send me your CV and the deadline, please.")
    world.nadia("send")
    (answer,), _ = world.new()
    assert ([e.name for e in answer.enclosures], "September 1, 2027" in answer.text) == (["Rahman_CV.pdf"], True)
    assert not world.letter.waiting
    world.until(NOW + 30 * DAY)
    assert Purpose.NUDGE in [m.purpose for m in world.new()[0]]


def test_a_fact_that_is_not_known_is_asked_of_the_applicant() -> None:
    unknown = with_ask()
    unknown = unknown.with_application(replace(unknown.application("a1"), deadline=None))
    world = begun(unknown)
    world.lopez("When is the deadline?")
    (mail,) = world.new()[1]
    assert "I know no deadline that is still ahead" in mail.text
    assert "send" not in world.dossier.questions[0].choices


# -- answers that contradict each other, or come too late ------------------------------------------------------------


NIGHT = datetime(2027, 6, 5, 2, 0, tzinfo=NOW.tzinfo)  # Friday, 22:00 in New York


@pytest.mark.parametrize(
    ("second", "state"),
    [
        ("I'm so sorry, I have to withdraw; I can't write the letter after all.", State.WITHDRAWN),
        ("On reflection, I don't know you that well; it would be fairly generic.", State.HELD),
    ],
)
def test_a_doubt_in_the_same_night_keeps_the_packet_here(second: str, state: State) -> None:
    world = begun(now=NIGHT)
    world.lopez("Sure, gladly. I would be delighted to write you a strong letter.")
    world.now += timedelta(hours=1)
    world.lopez(second)
    world.until(NIGHT + 20 * DAY)
    assert world.new()[0] == []
    assert (world.letter.state, world.letter.waiting) == (state, True)


def test_a_yes_after_a_no_shows_both_and_keeps_the_thank_you_for_the_no() -> None:
    world = begun(now=NIGHT)
    world.lopez("I'm sorry, I am not able to write one.")
    world.nadia("thank")
    world.new()
    world.lopez("I found the time: I would be delighted to write you a strong letter!")
    mentors, (question,) = world.new()
    assert "a no and then a yes" in question.subject
    assert "I am not able to write one" in question.text
    assert "I found the time" in question.text
    world.until(NIGHT + 5 * DAY)
    assert (mentors, world.new()[0], world.letter.state) == ([], [], State.HELD)
    assert [m.progress for m in world.dossier.mails if m.purpose is Purpose.GRACEFUL] == [Progress.DROPPED]
    world.nadia("packet")
    world.until(world.now + DAY)
    assert [m.purpose for m in world.new()[0]] == [Purpose.PACKET]


def test_a_yes_to_one_letter_and_a_no_to_the_other_are_kept_apart() -> None:
    world = begun(with_second_letter(with_ask(), state=State.ASKED, asked_at=NOW))
    world.lopez("Sure, gladly. I would be delighted to write you a strong letter.", about=("l1",))
    world.lopez("I'm sorry, I am not able to write this one.", about=("l2",))
    assert [x.state for x in world.dossier.letters] == [State.PACKET_SENT, State.DECLINED]


@pytest.mark.parametrize(("word", "sends"), [("thank", [Purpose.GRACEFUL]), ("packet", [Purpose.PACKET])])
def test_a_yes_after_the_deadline_sends_no_packet_by_itself(word: str, sends: list[Purpose]) -> None:
    world = begun(in_days(with_ask(), -1))
    world.lopez("Sure, gladly. I would be delighted to write you a strong letter.")
    mentors, (question,) = world.new()
    assert (mentors, world.letter.state) == ([], State.HELD)
    assert "the deadline has passed" in question.text
    world.nadia(word)
    assert [m.purpose for m in world.new()[0]] == sends


@pytest.mark.parametrize(("word", "sends"), [("thank", [Purpose.GRACEFUL]), ("packet", [Purpose.PACKET])])
def test_a_yes_to_a_letter_that_was_closed_is_not_left_without_an_answer(word: str, sends: list[Purpose]) -> None:
    world = begun(standing(State.CANCELLED))
    world.lopez("Sorry for the delay. Yes, I would be delighted to write you a strong letter.")
    mentors, (question,) = world.new()
    assert (mentors, world.letter.state, "but late" in question.subject) == ([], State.CANCELLED, True)
    world.nadia(word)
    assert [m.purpose for m in world.new()[0]] == sends


@pytest.mark.parametrize("state", [State.RECEIVED, State.THANKED, State.TOLD])
def test_an_answer_to_an_old_thread_about_a_finished_letter_is_shown_and_changes_nothing(state: State) -> None:
    world = begun(standing(state, received_at=NOW))
    world.lopez("My pleasure. Let me know where you match!")
    mentors, applicant = world.new()
    assert (mentors, len(applicant), world.letter.state) == ([], 1, state)


# -- other addresses, and people beside the mentor -------------------------------------------------------------------


def test_another_address_is_asked_about_once_and_the_mail_counts_then() -> None:
    world = begun()
    world.lopez("Sure, gladly. I would be delighted to write you a strong letter.", sender=HOME)
    mentors, (question,) = world.new()
    assert (mentors, world.letter.state) == ([], State.ASKED)
    assert "goes by the name of Dr. Elena Lopez" in question.text
    world.nadia("same person")
    (packet,), told = world.new()
    assert (packet.purpose, packet.to.email) == (Purpose.PACKET, HOME)
    assert "Dr. Elena Lopez says yes" in [m.subject for m in told]
    assert any(f"Mail from {LOPEZ} is known as well" in m.text for m in told)
    assert (world.dossier.mentor("m1").email, world.dossier.mentor("m1").addresses) == (HOME, (LOPEZ,))
    world.lopez("I uploaded it last week.", sender=LOPEZ)
    assert world.letter.state is State.REPORTED


def test_what_the_applicant_writes_beside_it_answers_the_mail() -> None:
    world = begun()
    world.lopez("Sure, gladly. I would be delighted to write you a strong letter.", sender=HOME)
    world.new()
    world.nadia("same person\nwrite: Thank you, I will come by.")
    assert [(m.purpose, m.to.email) for m in world.new()[0]] == [(Purpose.OWN_WORDS, HOME)]


def test_an_assistant_gets_copies_by_consent_and_never_speaks_for_the_mentor() -> None:
    world = begun(agreed=True)
    world.lopez("I have put her in for Dr. Lopez.", sender=JANE)
    assert world.new()[0] == []
    world.nadia(f"cc {JANE}")
    world.until(NOW + 85 * DAY)
    reminders = [m for m in world.new()[0] if m.purpose is Purpose.REMINDER]
    assert reminders
    assert [[c.email for c in m.cc] for m in reminders] == [[JANE]] * len(reminders)
    state = world.letter.state
    world.lopez("It is submitted.", sender=JANE)
    (question,) = world.new()[1]
    assert (world.letter.state, "for the assistant" in question.text) == (state, True)


def test_a_copy_that_comes_back_stops_nothing() -> None:
    world = begun(with_ask().with_mentor(replace(with_ask().mentor("m1"), assistant=JANE)), agreed=True)
    packet = next(m for m in world.dossier.mails if m.purpose is Purpose.PACKET)
    assert [c.email for c in packet.cc] == [JANE]
    bounce = Bounce(recipients=(JANE,), permanent=True, code="5.1.1")
    world.happens(MailBounced(incoming=incoming("undelivered"), bounce=bounce, key=packet.key))
    assert (world.letter.state, world.dossier.questions) == (State.PACKET_SENT, ())


def test_a_colleague_who_is_named_is_a_form_away() -> None:
    world = begun()
    world.lopez("I'm afraid I can't. Ask Dr. Jane Rosen (rosen@hospital.example), she knows you better.")
    assert len(world.dossier.mentors) == 2
    world.nadia("yes")
    entered = world.dossier.mentors[-1]
    assert (entered.name, entered.email) == ("Dr. Jane Rosen", "rosen@hospital.example")
    assert [(x.mentor, x.application, x.state) for x in world.dossier.letters][-1] == (entered.id, "a1", State.PLANNED)


def test_a_letter_that_came_along_is_refused_and_the_way_to_submit_is_told() -> None:
    world = begun(agreed=True)
    world.lopez("Here is the letter.", attached="letter for Nadia.pdf")
    (answer,), (told,) = world.new()
    assert (answer.purpose, "refused unread" in told.subject) == (Purpose.STRAY_LETTER, True)
    assert "Letter Writer Portal" in answer.text


def test_a_portal_that_refuses_the_letter_and_takes_it_in_the_end() -> None:
    world = begun(agreed=True)
    world.lopez("The link is dead and the portal refuses my file.")
    world.nadia("send")
    world.lopez("I uploaded it last week.")
    world.nadia("received")
    world.until(NOW + 10 * DAY)
    assert [m.purpose.value for m in world.new()[0]] == ["answer", "thanks"]
