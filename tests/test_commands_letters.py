"""The commands about letters, through `decide`: ask, received, outcome. Nobody is asked twice, nothing is guessed."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from dossiers import NOW, WRITER, after, decided, problems, rich, templates, to_mentors, written

from lorbot.core.correspondence import Contact, Direction, Mail, Purpose
from lorbot.core.dossier import Dossier, State
from lorbot.core.message import Address
from lorbot.core.policy import Policy
from lorbot.core.season import overview, without_words

# -- ask ---------------------------------------------------------------------------------------------------------


def test_an_ask_is_shown_with_the_applicants_own_lines() -> None:
    decision = decided(
        rich(), "ask Dr. Lopez", "Hi lorbot,\n\nI still think of Mr. H.\n\nAnd of 5 West.\n\nThanks,\nNadia"
    )
    (mail,) = written(decision)
    own = mail.text.partition("present him at morning report.\n\n")[2]
    assert own.startswith("I still think of Mr. H.\n\nAnd of 5 West.\n\nI am ")
    assert decision.dossier.letter("l1").state is State.PREVIEWED


def test_several_are_asked_at_once_and_what_is_wrong_with_one_stops_no_other() -> None:
    decision = decided(rich(), "ask Dr Lopez, Dr. Kim and Stein for ERAS")
    assert templates(decision) == ["applicant/preview", "applicant/preview", "applicant/mistake"]
    previews = WRITER.write(decision, NOW).previews
    assert [p.mail.to.email for p in previews] == ["lopez@hospital.example", "kim@hospital.example"]
    assert problems(decision)[0].startswith("“Stein” is not one of your mentors")


def test_everyone_is_whoever_has_not_been_asked_and_is_no_backup() -> None:
    decision = decided(rich(), "ask everyone for ERAS")
    assert [p.mail.to.email for p in WRITER.write(decision, NOW).previews] == ["lopez@hospital.example"]
    assert problems(decided(previewed_and_sent(), "ask all mentors")) == ["there is nobody left to ask"]


def previewed_and_sent() -> Dossier:
    return rich().with_letter(replace(rich().letter("l1"), state=State.ASKED))


@pytest.mark.parametrize(
    ("change", "subject", "problem"),
    [
        ({}, "ask", "the name of the mentor is missing"),
        ({}, "ask Kim", "it is not said for which application; there are: ERAS 2028, internal medicine · Garden grant"),
        ({}, "ask Chen for ERAS", "Dr. Wei Chen has already agreed and has the packet"),
        (
            {"email": ""},
            "ask Lopez",
            "the address of Dr. Elena Lopez is missing; send: mentor Dr. Elena Lopez, with a line: email: ...",
        ),
        ({"never": True}, "ask Lopez", "Dr. Elena Lopez asked to get no more mail"),
    ],
)
def test_what_stands_in_the_way_of_an_ask(change: dict[str, Any], subject: str, problem: str) -> None:
    dossier = rich().with_mentor(replace(rich().mentor("m1"), **change))
    decision = decided(dossier, subject)
    assert problems(decision) == [problem]
    assert decision.dossier.letters == dossier.letters


@pytest.mark.parametrize(("deadline", "word"), [(None, "is missing"), (NOW - timedelta(hours=1), "has passed")])
def test_no_ask_without_a_deadline_ahead(deadline: datetime | None, word: str) -> None:
    dossier = rich().with_application(replace(rich().application("a1"), deadline=deadline))
    assert problems(decided(dossier, "ask Lopez")) == [
        (
            f"the deadline of ERAS 2028, internal medicine {word}; send: application ERAS 2028, internal medicine, "
            "with a line: deadline: ..."
        )
    ]


@pytest.mark.parametrize("state", [s for s in State if s not in {State.PLANNED, State.PREVIEWED, State.BOUNCED}])
def test_nobody_is_asked_twice(state: State) -> None:
    dossier = rich().with_letter(replace(rich().letter("l1"), state=state, asked_at=NOW))
    decision = decided(dossier, "ask Lopez for ERAS")
    assert len(problems(decision)) == 1
    assert decision.dossier.letters == dossier.letters


# -- received ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "state", [State.PACKET_SENT, State.AGREED, State.REPORTED, State.ASKED, State.HELD, State.SILENT]
)
def test_a_letter_is_received(state: State) -> None:
    dossier = rich().with_letter(replace(rich().letter("l1"), state=state))
    letter = after(dossier, "received Dr. Lopez!").letter("l1")
    assert (letter.state, letter.received_at) == (State.RECEIVED, NOW)


def test_received_lets_nothing_else_leave_about_the_letter() -> None:
    reminder = Mail(
        key="l2-reminder14",
        purpose=Purpose.REMINDER,
        to=Address(email="chen@hospital.example"),
        subject="s",
        text="t",
        letters=("l2",),
        mentor="m3",
        decided_at=NOW,
    )
    dossier = after(rich().with_mail(reminder), "received Chen for ERAS")
    assert to_mentors(dossier) == [(Purpose.REMINDER, "chen@hospital.example", "dropped")]
    assert [x.state for x in dossier.letters] == [State.PLANNED, State.RECEIVED, State.PACKET_SENT]


@pytest.mark.parametrize(
    ("subject", "problem"),
    [
        (
            "received Chen",
            (
                "Dr. Wei Chen writes for more than one application: ERAS 2028, internal medicine · Garden grant; "
                "add “for” and the name of one"
            ),
        ),
        (
            "received Lopez",
            (
                "Dr. Elena Lopez has not agreed to write, as far as I know (planned); if the letter is there all "
                "the same, write: received Dr. Elena Lopez for ERAS 2028, internal medicine"
            ),
        ),
        ("received Kim", "the letter of Sam Kim, MD is not in your plan"),
        ("received", "the name of the mentor is missing"),
    ],
)
def test_what_was_received_is_never_guessed(subject: str, problem: str) -> None:
    decision = decided(rich(), subject)
    assert problems(decision) == [problem]
    assert decision.dossier.letters == rich().letters


def test_said_in_full_a_letter_that_was_never_agreed_is_received_all_the_same() -> None:
    assert after(rich(), "received Lopez for ERAS").letter("l1").state is State.RECEIVED


def test_received_twice_is_told() -> None:
    dossier = after(rich(), "received Chen for ERAS")
    assert problems(decided(dossier, "received Chen for ERAS")) == [
        "the letter of Dr. Wei Chen is already marked as received"
    ]


def test_of_two_that_were_received_the_one_that_is_known_counts() -> None:
    decision = decided(rich(), "received Chen and Stein for ERAS")
    assert (
        problems(decision)[1] == "(this went through, and need not be sent again: Dr. Wei Chen is marked as received)"
    )
    assert decision.dossier.letter("l2").state is State.RECEIVED


# -- outcome -----------------------------------------------------------------------------------------------------


def finished() -> Dossier:
    return rich().with_letter(replace(rich().letter("l2"), state=State.THANKED))


@pytest.mark.parametrize(
    ("subject", "body", "outcome", "news"),
    [
        (
            "outcome ERAS 2028",
            "outcome: matched\nnews: At Lakeside: my first choice.",
            "matched",
            "At Lakeside: my first choice.",
        ),
        ("matched ERAS 2028", "", "matched", ""),
        ("outcome ERAS: I did not match", "", "not this time", ""),
        (
            "outcome ERAS",
            "Great news: I matched at Lakeside!\n\nThank you,\nNadia",
            "matched",
            "Great news: I matched at Lakeside!",
        ),
        ("outcome ERAS", "result: no offers", "not this time", ""),
        ("outcome ERAS", "result: I wasn’t accepted anywhere", "not this time", ""),
        ("outcome ERAS", "I can’t believe it, I got in!", "accepted", "I can’t believe it, I got in!"),
        ("result ERAS", "outcome: waitlisted", "not this time", ""),
    ],
)
def test_an_outcome_is_recorded_and_a_note_shown(subject: str, body: str, outcome: str, news: str) -> None:
    decision = decided(finished(), subject, body)
    application = decision.dossier.application("a1")
    assert (application.outcome, application.news) == (outcome, news)
    assert templates(decision) == ["applicant/preview", "applicant/outcome"]
    written(decision)
    assert to_mentors(WRITER.write(decision, NOW)) == []


@pytest.mark.parametrize(
    "body", ["", "outcome: who knows", "I was rejected here and accepted there", "I matched, but was not accepted"]
)
def test_an_outcome_is_never_guessed(body: str) -> None:
    decision = decided(finished(), "outcome ERAS", body)
    assert problems(decision) == [
        "I cannot tell how it ended; add a line: outcome: matched (or accepted, or not this time)"
    ]
    assert decision.dossier.applications == finished().applications


def test_a_corrected_outcome_takes_the_place_of_the_older_note() -> None:
    dossier = after(after(finished(), "outcome ERAS: matched"), "outcome ERAS: matched", "At Lakeside.")
    (preview,) = dossier.previews
    assert "Where I am going next: at Lakeside." in preview.mail.text


def test_a_mentor_known_by_a_first_name_alone_is_not_asked() -> None:
    """Never "Dear Dr. Maria": the address tells that Maria is a first name."""
    maria = replace(rich().mentor("m1"), name="Dr. Maria", email="maria.lopez@hospital.example")
    (problem,) = problems(decided(rich().with_mentor(maria), "ask Maria"))
    assert problem.startswith("“Dr. Maria” looks like a first name")
    named = rich().with_mentor(replace(maria, greeting="Dr. Lopez"))
    (mail,) = written(decided(named, "ask Maria"))
    assert "Dear Dr. Lopez," in mail.text


def test_an_approved_ask_does_not_wait_for_the_applicant_any_more() -> None:
    approved = previewed_and_approved()
    row = overview(approved, Policy(), NOW)["applications"][0]["letters"][0]
    assert (row["state"], row["saying"]) == ("previewed", "approved; the ask is on its way")


def previewed_and_approved() -> Dossier:
    shown = WRITER.write(decided(rich(), "ask Lopez"), NOW)
    return WRITER.write(decided(shown, "Re: x", "send", answers=shown.previews[0].id), NOW)


def test_an_office_sees_where_letters_stand_and_not_what_was_said() -> None:
    heard = Contact(
        direction=Direction.IN, message_id="x", mentor="m1", letters=("l1",), purpose="answer", subject="Re", at=NOW,
        telling="I hardly know you.",
    )  # fmt: skip
    season = overview(replace(rich(), contacts=(heard,)), Policy(), NOW)
    assert "I hardly know you." in str(season)
    assert "I hardly know you." not in str(without_words(season))
