"""The life of a letter: what going quiet takes along, and what hearing from the mentor starts anew."""

from dataclasses import replace

import pytest
from mentors import DAY, NOW, POLICY, asked, standing, with_queued, with_second_letter

from lorbot.core import letters, writing
from lorbot.core.correspondence import Contact, Direction, Mail, Preview, Progress, Purpose, Question
from lorbot.core.dossier import Dossier, State

EVERY_STATE = frozenset(State)


def full() -> Dossier:
    """One queued mail of every purpose, and a preview and a question, about each of two letters."""
    made = with_second_letter(asked(), state=State.ASKED)
    for letter in ("l1", "l2"):
        for purpose in Purpose:
            key = f"{letter}-{purpose.name.lower()}"
            made = with_queued(made, purpose, key=key, letters=(letter,))
        mail = made.mail(f"{letter}-ask")
        assert isinstance(mail, Mail)
        preview = Preview(id=f"p-{letter}", mail=mail, step="ask", shown_at=NOW)
        question = Question(id=f"q-{letter}", topic="silent", letter=letter, choices=("close",), asked_at=NOW)
        made = replace(made, previews=(*made.previews, preview), questions=(*made.questions, question))
    return made


def queued(made: Dossier, letter: str) -> set[Purpose]:
    return {m.purpose for m in made.mails if m.progress is Progress.QUEUED and letter in m.letters}


@pytest.mark.parametrize("state", sorted(letters.CLOSED))
def test_a_letter_that_closes_takes_its_waiting_mail_with_it_and_no_others(state: State) -> None:
    before = full()
    after = letters.moved(before, "l1", state, reason="why")
    assert queued(after, "l1") == letters.TO_APPLICANT
    assert queued(after, "l2") == set(Purpose)
    assert ([p.id for p in after.previews], [q.id for q in after.questions]) == (["p-l2"], ["q-l2"])
    assert (after.letter("l1").state, after.letter("l1").reason) == (state, "why")
    dropped = [m for m in after.mails if m.progress is Progress.DROPPED]
    assert {m.remark for m in dropped} == {"no longer needed"}


@pytest.mark.parametrize("state", sorted(EVERY_STATE - letters.CLOSED))
def test_other_moves_drop_nothing(state: State) -> None:
    before = full()
    moved = letters.moved(before, "l1", state, waiting=True)
    assert moved == before.with_letter(replace(before.letter("l1"), state=state, waiting=True))


def test_a_mail_that_has_begun_to_leave_is_not_dropped() -> None:
    begun = with_queued(asked(), Purpose.NUDGE, progress=Progress.SENDING)
    assert letters.quiet(begun, ["l1"]).mail("k1") == begun.mail("k1")


def test_hearing_from_the_mentor_starts_the_clock_again() -> None:
    before = full()
    done = ("nudge1", "nudge2", "choose", "reminder14", "last call")
    letter = replace(before.letter("l1"), done=done, unanswered=3, snooze_until=NOW.date(), waiting=True)
    after = letters.heard(before.with_letter(letter), ["l1"], NOW + DAY)
    assert after.letter("l1") == replace(
        letter, done=("reminder14", "last call"), unanswered=0, snooze_until=None, last_heard_at=NOW + DAY
    )
    assert set(Purpose) - queued(after, "l1") == {Purpose.NUDGE, Purpose.REMINDER, Purpose.LAST_CALL}
    assert queued(after, "l2") == set(Purpose)


def test_a_step_is_marked_once() -> None:
    after = letters.stepped(letters.stepped(asked(), "l1", "nudge1"), "l1", "nudge1", "nudge2")
    assert after.letter("l1").done == ("nudge1", "nudge2")


def test_a_mail_stands_in_the_correspondence_once_each_way() -> None:
    made = standing(State.ASKED)
    contact = Contact(
        direction=Direction.IN, message_id="x@y", mentor="m1", letters=("l1",), purpose="answer", subject="s", at=NOW
    )
    once = letters.with_contact(made, contact)
    assert letters.with_contact(once, replace(contact, telling="again")) == once
    other_way = letters.with_contact(once, replace(contact, direction=Direction.OUT))
    assert len(other_way.contacts) == len(once.contacts) + 1


def test_every_state_is_somewhere_in_the_tables_or_waits_for_the_applicant() -> None:
    tables = letters.UNANSWERED | letters.UNDER_WAY | letters.CLOSED | letters.WROTE | letters.ASKABLE
    assert EVERY_STATE - tables == {State.HELD, State.SILENT}
    assert letters.IN < letters.WROTE
    assert not letters.CLOSED & letters.WROTE


def test_what_follows_in_the_thread_answers_its_last_mail() -> None:
    made = letters.with_contact(
        asked(),
        Contact(direction=Direction.IN, message_id="r@hospital.example", mentor="m1", letters=("l1",), purpose="answer",
                subject="AW: Re: " + asked().contacts[0].subject, at=NOW),
    )  # fmt: skip
    draft = writing.to_mentor(made, Purpose.NUDGE, [made.letter("l1")], policy=POLICY, now=NOW)
    ask = made.contacts[0].message_id
    assert (draft.in_reply_to, draft.references) == ("r@hospital.example", (ask, "r@hospital.example"))
    assert (draft.thread_subject, draft.answers_a_mail) == (made.contacts[0].subject, True)
