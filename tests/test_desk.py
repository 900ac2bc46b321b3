"""Where a mail of the applicant's goes: command, answer, confirmation; and what is not believed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from dossiers import (
    NOW,
    POLICY,
    WRITER,
    after,
    answer,
    decided,
    previewed,
    rich,
    templates,
    to_mentors,
    written,
    wrote,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from lorbot.core.correspondence import Purpose
from lorbot.core.decide import decide
from lorbot.core.desk import HELD_FOR, MOST_HELD
from lorbot.core.dossier import Dossier

FORGED: dict[str, Any] = {"genuine": False, "doubt": "no authentication results"}


@pytest.mark.parametrize(
    ("subject", "words", "template"),
    [
        ("status", "", "status"),
        ("Re: Fwd: status", "", "status"),
        ("STATUS?", "hello", "status"),
        ("", "status", "status"),
        ("Hello", "Hi lorbot,\n\nstatus please\n\nNadia", "status"),
        ("lorbot: please pause", "", "paused"),
        ("Mentor: Dr Stein", "", "mentor"),
        ("A question", "mentor Dr. Stein\nrole: clinical", "mentor"),
        ("help", "", "help"),
        ("Help mentor", "", "help"),
        ("resume", "", "resumed"),
        ("“status”", "", "status"),
        ("What do you think of Lopez?", "She is great.", "not_understood"),
        ("", "", "not_understood"),
        ("pause the music", "for me", "not_understood"),
        ("Status update from Bob", "hi", "not_understood"),
        ("send", "", "not_understood"),
        ("yes", "yes", "not_understood"),
    ],
)
def test_a_command_stands_in_the_subject_or_the_first_line(subject: str, words: str, template: str) -> None:
    decision = decided(rich(), subject, words)
    assert templates(decision) == [f"applicant/{template}"]
    answer(decision)


def test_an_answer_is_in_the_thread_of_the_command() -> None:
    event = wrote("status")
    (mail,) = list(WRITER.write(decide(rich(), event, NOW, POLICY), NOW).mails)
    assert (mail.in_reply_to, mail.references, mail.subject, mail.answers_a_mail, mail.to.email, mail.purpose) == (
        event.incoming.message_id,
        (event.incoming.message_id,),
        "Re: status",
        True,
        "nadia@students.example",
        Purpose.REPLY,
    )


def mistaken() -> tuple[Dossier, str]:
    """A mentor's form had a mistake; the key of the mail that says so."""
    dossier = after(rich(), "mentor Dr. Stein", "email: stein@\nrole: clinical")
    return dossier, dossier.mails[-1].key


def test_a_mistake_can_be_answered_with_the_line_alone() -> None:
    dossier, key = mistaken()
    decision = decided(dossier, "Re: mentor Dr. Stein", "email: stein@hospital.example", answers=key)
    assert templates(decision) == ["applicant/mentor"]
    assert decision.dossier.mentors[-1].email == "stein@hospital.example"


def test_thanks_for_an_answer_are_no_command() -> None:
    dossier, key = mistaken()
    assert templates(decided(dossier, "Re: mentor Dr. Stein", "Thank you!", answers=key)) == [
        "applicant/not_understood"
    ]


def test_an_answer_may_begin_with_a_command() -> None:
    dossier, key = mistaken()
    assert templates(decided(dossier, "Re: mentor Dr. Stein", "status", answers=key)) == ["applicant/status"]


def test_an_answer_with_a_new_subject_is_a_new_command() -> None:
    decision = decided(previewed(), "status", "", answers="p-l1-ask")
    assert templates(decision) == ["applicant/status"]
    assert len(decision.dossier.previews) == 1


def test_a_command_that_answers_no_preview_is_done_and_the_preview_waits() -> None:
    decision = decided(previewed(), "Re: Shall I send this to Dr. Elena Lopez?", "pause", answers="p-l1-ask")
    text = answer(decision)
    assert (decision.dossier.paused, len(decision.dossier.previews)) == (True, 1)
    assert "The ask to Dr. Elena Lopez still waits for your word" in text
    (mail,) = written(decision)
    sent = after(WRITER.write(decision, NOW), "Re: x", "send", answers=mail.key)
    assert [m[:2] for m in to_mentors(sent)] == [(Purpose.ASK, "lopez@hospital.example")]


# -- mail that does not prove to be the applicant's ----------------------------------------------------------------


def held(subject: str = "pause", words: str = "", **more: Any) -> Dossier:
    return after(rich(), subject, words, **FORGED, **more)


def key_of(dossier: Dossier) -> str:
    return dossier.held[-1].id


def test_an_unproved_command_does_nothing_and_is_asked_about() -> None:
    decision = decided(rich(), "pause", "", **FORGED)
    text = answer(decision)
    assert templates(decision) == ["applicant/confirm"]
    assert "Subject: pause" in text
    assert "no authentication results" in text
    assert replace(decision.dossier, held=(), journal=(), handled=()) == rich()
    assert [m.to.email for m in WRITER.write(decision, NOW).mails] == ["nadia@students.example"]


def test_a_confirmed_command_is_done() -> None:
    dossier = held()
    confirmed = after(dossier, "Re: Was this you?", "Yes, that was me.\n\nNadia", answers=key_of(dossier))
    assert (confirmed.paused, confirmed.held) == (True, ())


def test_a_denied_command_is_forgotten() -> None:
    dossier = held()
    decision = decided(dossier, "Re: Was this you?", "No!", answers=key_of(dossier))
    assert (decision.dossier.paused, decision.dossier.held, decision.mails) == (False, (), ())


def test_an_unclear_confirmation_keeps_the_command_and_does_nothing() -> None:
    dossier = held()
    again = after(dossier, "Re: Was this you?", "What is this?", answers=key_of(dossier))
    assert (again.paused, again.held) == (False, dossier.held)
    assert after(again, "Re: Was this you?", "yes", answers=key_of(dossier)).paused


def test_a_confirmation_comes_in_time_or_not_at_all() -> None:
    dossier = held()
    late = decided(dossier, "Re: Was this you?", "yes", now=NOW + HELD_FOR, answers=key_of(dossier))
    assert (late.dossier.paused, late.dossier.held, templates(late)) == (False, (), ["applicant/not_understood"])
    in_time = NOW + HELD_FOR - timedelta(seconds=1)
    assert decided(dossier, "Re: x", "yes", now=in_time, answers=key_of(dossier)).dossier.paused


def test_an_unproved_confirmation_confirms_nothing() -> None:
    dossier = held()
    again = decided(dossier, "Re: Was this you?", "yes", answers=key_of(dossier), **FORGED)
    assert (again.dossier.paused, len(again.dossier.held)) == (False, 2)


def test_an_unproved_answer_to_a_preview_sends_nothing_until_it_is_confirmed() -> None:
    dossier = after(previewed(), "Re: Shall I send this?", "send", answers="p-l1-ask", **FORGED)
    assert to_mentors(dossier) == []
    dossier = after(dossier, "Re: Was this you?", "yes", answers=key_of(dossier))
    assert to_mentors(dossier) == [(Purpose.ASK, "lopez@hospital.example", "queued")]


def test_only_so_many_wait_at_once() -> None:
    dossier = rich()
    for number in range(MOST_HELD + 2):
        dossier = after(dossier, f"status {number}", **FORGED)
    assert (len(dossier.held), len(dossier.mails)) == (MOST_HELD, MOST_HELD)
    later = after(dossier, "pause", now=NOW + HELD_FOR, **FORGED)
    assert [h.event.incoming.subject for h in later.held] == ["pause"]


# -- whatever comes ------------------------------------------------------------------------------------------------

ODD = st.one_of(
    st.text(max_size=120),
    st.sampled_from(
        [
            "mentor",
            "mentor ,",
            "ask for",
            "material ../",
            "application :",
            "outcome",
            "received",
            "cv",
            "help ?",
            "mentor Dr.",
            "profile",
            "ask all",
            "ask everyone for x",
            "@",
            "mentor a@b",
            "resume",
            "matched",
        ]
    ),
)

PREVIEWED = previewed()


@settings(max_examples=150, deadline=None)
@given(ODD, ODD, st.sampled_from(["", "p-l1-ask", "h-x", "nobody"]), st.booleans())
def test_no_mail_is_too_odd(subject: str, words: str, answers: str, genuine: bool) -> None:
    event = wrote(subject, words, answers=answers, genuine=genuine, between_markers=words)
    decision = decide(PREVIEWED, event, NOW, POLICY)
    assert decision.why
    assert decision == decide(PREVIEWED, event, NOW, POLICY)
    assert [m.to.email for m in WRITER.write(decision, NOW).mails if m not in PREVIEWED.mails and m.mentor != "m1"] in (
        [],
        ["nadia@students.example"],
        ["nadia@students.example"] * 2,
    )
