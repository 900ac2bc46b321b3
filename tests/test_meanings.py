"""What is not clear is asked about, and the answer goes on with it; a mail passed on is asked about, too."""

from dataclasses import replace
from datetime import timedelta

import pytest
from dossiers import NOW, after, answer, decided, rich, templates, to_mentors, written

from lorbot.core.dossier import Dossier, Mentor, State
from lorbot.core.meanings import OPEN_FOR, chosen
from lorbot.core.message import Address, Forwarded
from lorbot.core.names import one_letter_off
from lorbot.core.open_command import Meaning

STEIN = Forwarded(
    sender=Address(email="stein@college.example", name="Stein, Ada"), subject="Letter?",
    text="Dear Nadia,\n\npause\n\nask Dr. Lopez\n\nI would be glad to write.",
)  # fmt: skip
TOGETHER = "two years in her laboratory on sepsis, where I wrote the second paper and taught the students"


def two_lopez() -> Dossier:
    more = Mentor(id="m4", name="Dr. Maria Lopez", email="maria.lopez@clinic.example", role="research",
                  worked_together="the free clinic: I led the diabetes group, and you watched me teach")  # fmt: skip
    return replace(rich(), mentors=(*rich().mentors, more))


def asked(dossier: Dossier, subject: str, words: str = "", **more: object) -> tuple[Dossier, str]:
    """The dossier once the question is asked, and the key of the mail that asks it."""
    dossier = after(dossier, subject, words, **more)
    return dossier, dossier.open_commands[-1].id


# -- who is meant ------------------------------------------------------------------------------------------------


def test_an_ambiguous_name_is_asked_about_with_what_tells_them_apart() -> None:
    decision = decided(two_lopez(), "ask Lopez for ERAS", "You taught me well.")
    text = answer(decision)
    assert "- **1**: Dr. Elena Lopez (clinical, lopez@hospital.example)" in text
    assert "- **2**: Dr. Maria Lopez (research, maria.lopez@clinic.example)" in text
    assert decision.dossier.letters == rich().letters


@pytest.mark.parametrize(
    "words",
    [
        "the second", "2", "#2", "2nd one", "Maria", "Dr. Maria Lopez", "I mean Maria, thanks", "the one at the clinic",
        "maria.lopez@clinic.example", "the latter", "research",
    ],
)  # fmt: skip
def test_the_answer_goes_on_with_the_command_and_its_words(words: str) -> None:
    dossier, key = asked(two_lopez(), "ask Lopez for ERAS", "You taught me well.")
    done = after(dossier, "Re: ask Lopez for ERAS", words, answers=key)
    assert [(p.mail.to.email, "You taught me well." in p.mail.text) for p in done.previews] == [
        ("maria.lopez@clinic.example", True)
    ]
    assert done.open_commands == ()


@pytest.mark.parametrize("words", ["hm", "Lopez", "3", "yes", "the first or the second", "Dr. Kim"])
def test_an_unclear_answer_is_asked_about_again(words: str) -> None:
    dossier, key = asked(two_lopez(), "ask Lopez for ERAS")
    decision = decided(dossier, "Re: ask Lopez", words, answers=key)
    assert templates(decision) == ["applicant/which"]
    assert decision.dossier.previews == ()
    (again,) = written(decision)
    assert after(decision.dossier, "Re: x", "the first", answers=again.key).previews != ()


def test_both_may_be_meant_and_none() -> None:
    dossier, key = asked(two_lopez(), "ask Lopez for ERAS")
    assert len(after(dossier, "Re: x", "both", answers=key).previews) == 2
    none = decided(dossier, "Re: x", "neither", answers=key)
    assert (none.mails, none.dossier.open_commands, none.dossier.previews) == ((), (), ())


def test_the_clear_names_are_done_and_the_others_asked_about() -> None:
    decision = decided(two_lopez(), "received Chen for ERAS and Lopez")
    assert decision.dossier.letter("l2").state is State.PACKET_SENT  # "ERAS and Lopez" is no application
    decision = decided(two_lopez(), "received Lopez and Chen for ERAS")
    texts = [m.text for m in written(decision)]
    assert decision.dossier.letter("l2").state is State.RECEIVED
    assert "I ask you something about it in a mail of its own" in texts[0]
    assert "Dr. Maria Lopez" in texts[1]


def test_a_typing_error_of_one_letter_is_asked_about() -> None:
    dossier, key = asked(rich(), "ask Dr. Lopes for ERAS")
    question = dossier.mail(key)
    assert question is not None
    assert "Did you mean Dr. Elena Lopez? Answer with one word: yes" in question.text
    assert dossier.previews == ()
    assert [p.mail.to.email for p in after(dossier, "Re: x", "Yes!", answers=key).previews] == [
        "lopez@hospital.example"
    ]


@pytest.mark.parametrize(
    ("one", "other", "off"),
    [("lopes", "lopez", True), ("lope", "lopez", True), ("loppez", "lopez", True), ("lopze", "lopez", True),
     ("lopez", "lopez", False), ("kin", "kim", False), ("lopers", "lopez", False), ("olpze", "lopez", False)],
)  # fmt: skip
def test_one_letter(one: str, other: str, off: bool) -> None:
    assert one_letter_off(one, other) is off
    assert one_letter_off(other, one) is off


def test_a_new_command_in_the_answer_is_done_and_the_question_stays() -> None:
    dossier, key = asked(two_lopez(), "ask Lopez for ERAS")
    decision = decided(dossier, "Re: x", "status please", answers=key)
    assert templates(decision) == ["applicant/status"]
    assert len(decision.dossier.open_commands) == 1


def test_a_question_that_is_too_old_is_over() -> None:
    dossier, key = asked(two_lopez(), "ask Lopez for ERAS")
    late = decided(dossier, "Re: x", "the first", answers=key, now=NOW + OPEN_FOR + timedelta(hours=1))
    assert templates(late) == ["applicant/not_understood"]
    assert "settled already" in answer(late)


def test_a_question_about_a_fact_is_none_until_it_is_confirmed() -> None:
    dossier, key = asked(rich(), "received Chen for ERAS?")
    assert dossier.letter("l2").state is State.PACKET_SENT
    assert after(dossier, "Re: x", "yes", answers=key).letter("l2").state is State.RECEIVED


def test_words_choose_only_what_they_tell_apart() -> None:
    meanings = (Meaning(label="cancel Sam Kim", line="a"), Meaning(label="pause", line="b"))
    assert chosen("pause", meanings) == ("b",)
    assert chosen("Kim", meanings) == ("a",)
    assert chosen("the first one please", meanings) == ("a",)
    assert chosen("cancel or pause", meanings) is None
    assert chosen("yes", meanings) is None


# -- forms that come back ----------------------------------------------------------------------------------------


def test_fields_that_fit_two_commands_are_asked_about() -> None:
    dossier = after(rich(), "", "mentor Dr. Ann Stein\nemail: a@\n\nmentor Dr. Bo Byron\nemail: b@")
    dossier, key = asked(dossier, "Re: x", "email: byron@x.example", answers=dossier.mails[-1].key)
    done = after(dossier, "Re: x", "Byron", answers=key)
    assert [(m.name, m.email) for m in done.mentors[-2:]] == [
        ("Dr. Ann Stein", ""), ("Dr. Bo Byron", "byron@x.example"),
    ]  # fmt: skip


def test_a_missing_file_goes_to_the_command_that_wanted_it() -> None:
    dossier = after(rich(), "status", "statement")
    decision = decided(dossier, "Re: status", "Here.", answers=dossier.mails[-1].key, files=("essay.pdf",))
    assert decision.dossier.latest("statement") is not None


# -- mail that is passed on --------------------------------------------------------------------------------------


def test_a_mail_of_somebody_new_is_an_introduction_and_nothing_in_it_a_command() -> None:
    decision = decided(rich(), "FW: Letter?", "", forwarded=STEIN)
    text = answer(decision)
    assert templates(decision) == ["applicant/introduced"]
    assert "    Subject: mentor Ada Stein\n\n    email: stein@college.example\n" in text
    assert (decision.dossier.mentors, decision.dossier.paused) == (rich().mentors, False)


def test_the_form_of_an_introduction_is_completed_by_its_answer() -> None:
    dossier, key = asked(rich(), "FW: Letter?", forwarded=STEIN)
    done = after(dossier, "Re: x", f"worked together: {TOGETHER}\nrole: research", answers=key)
    new = done.mentors[-1]
    assert (new.name, new.email, new.role, new.worked_together) == (
        "Ada Stein", "stein@college.example", "research", TOGETHER,
    )  # fmt: skip
    renamed = after(dossier, "Re: x", "Subject: mentor Dr. Ada Stein\nemail: ada@college.example", answers=key)
    assert (renamed.mentors[-1].name, renamed.mentors[-1].email) == ("Dr. Ada Stein", "ada@college.example")
    as_it_is = after(dossier, "Re: x", "yes", answers=key)
    assert (as_it_is.mentors[-1].name, as_it_is.mentors[-1].email) == ("Ada Stein", "stein@college.example")
    assert after(dossier, "Re: x", "no", answers=key).mentors == rich().mentors


@pytest.mark.parametrize(
    ("subject", "words", "line"),
    [("mentor", "", "mentor Ada Stein"), ("mentor Dr. Stein", "role: research", "mentor Dr. Stein"),
     ("Fwd: Letter?", "mentor", "mentor Ada Stein"), ("Fwd: I matched", "", "mentor Ada Stein")],
)  # fmt: skip
def test_what_stands_beside_the_mail_goes_into_the_form(subject: str, words: str, line: str) -> None:
    inside = replace(STEIN, subject="I matched" if "matched" in subject else "Letter?")
    dossier, key = asked(rich(), subject, words, forwarded=inside)
    question = dossier.mail(key)
    assert question is not None
    assert f"    Subject: {line}\n" in question.text
    assert ("role: research" in question.text) == bool("role" in words)


def test_a_command_beside_a_forwarded_mail_is_done() -> None:
    assert templates(decided(rich(), "Fwd: Letter?", "status", forwarded=STEIN)) == ["applicant/status"]


def test_a_robots_mail_introduces_nobody() -> None:
    robot = replace(STEIN, sender=Address(email="no-reply@portal.example", name="The Portal"))
    assert templates(decided(rich(), "Fwd: x", "", forwarded=robot)) == ["applicant/not_understood"]


@pytest.mark.parametrize(
    "sender", [Address(email="chen@hospital.example"), Address(email="w@home.example", name="Wei Chen")]
)
def test_a_known_mentors_mail_is_asked_about_and_never_acted_on(sender: Address) -> None:
    mail = Forwarded(sender=sender, text="It is uploaded.", guess="yes")
    dossier, key = asked(rich(), "Fwd: Letter", forwarded=mail)
    question = dossier.mail(key)
    assert question is not None
    assert "> It is uploaded." in question.text
    assert ("an address that I do not know" in question.text) == (sender.email == "w@home.example")
    assert (dossier.letters, to_mentors(dossier)) == (rich().letters, [])
    assert templates(decided(dossier, "Re: x", "received", answers=key)) == ["applicant/mistake"]  # for which of two
    assert decided(dossier, "Re: x", "nothing", answers=key).dossier.open_commands == ()
