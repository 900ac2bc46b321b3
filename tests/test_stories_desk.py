"""The applicant writes as people write: several things in one mail, in sentences, inline, from every mail program."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from stage import (
    CV,
    KIM,
    MENTOR,
    NADIA,
    Received,
    Stage,
    Style,
    apple,
    gmail,
    outlook,
    top_posted,
)

from lorbot.core.dossier import State
from lorbot.sandbox.server import MailServer

ASK = "Letter of recommendation for my residency application in internal medicine"
KIM_FORM = """email: kim@hospital.example
role: research
worked together: two years in his laboratory on sepsis, where I built the cohort and presented the poster"""
FORWARDED = """From: Harold Kim <kim@hospital.example>
Date: Mon, Jun 14, 2027 at 9:12 AM
Subject: Letter?
To: Nadia Rahman <nadia@students.example>

Dear Nadia,

pause

I would be happy to write for you.

Harold Kim"""


@pytest.fixture
def stage(tmp_path: Path, mail_server: MailServer) -> Stage:
    return Stage(tmp_path, mail_server)


def by_subject(mails: list[Received], words: str) -> Received:
    (found,) = [m for m in mails if words in m.subject]
    return found


def test_one_mail_with_everything_gets_one_answer_and_a_preview(stage: Stage) -> None:
    stage.nadia.writes(
        "My season",
        f"Hi lorbot,\n\nmentor Dr. Elena Lopez\n{MENTOR}\n\nmentor Dr. Harold Kim\n{KIM_FORM}\n\n"
        "application ERAS 2028\nservice: ERAS residency\ndeadline: 1 September 2027, 11:59 pm ET\n\n"
        "ask Dr. Lopez for ERAS\n\ncv\n\nThanks,\nNadia",
        files=(CV,),
    )
    stage.turn()

    mails = stage.nadia.reads()
    assert sorted(m.subject for m in mails) == ["Re: My season", "Shall I send this to Dr. Elena Lopez?"]
    told = by_subject(mails, "My season").text
    assert [line for line in told.split("\n") if line[:3] in {f"**{n}" for n in range(1, 6)}] == [
        "**1. mentor Dr. Elena Lopez**", "**2. mentor Dr. Harold Kim**", "**3. application ERAS 2028**",
        "**4. ask Dr. Lopez for ERAS**", "**5. cv**",
    ]  # fmt: skip
    assert [(m.name, m.email) for m in stage.dossier.mentors] == [
        ("Dr. Elena Lopez", "lopez@hospital.example"), ("Dr. Harold Kim", KIM),
    ]  # fmt: skip
    assert [m.kind for m in stage.dossier.materials] == ["cv"]
    assert stage.lopez.reads() == []


@pytest.mark.parametrize("style", [top_posted, gmail, outlook, apple])
def test_send_and_a_wish_beside_it_from_every_mail_program(stage: Stage, style: Style) -> None:
    preview = stage.previewed()

    stage.nadia.answers(preview, "send. And what's the status?", style)
    stage.turn()

    assert stage.lopez.reads_one(ASK)
    told = stage.nadia.reads_one().text
    assert "goes out now" in told
    assert "I took this from: “And what's the status?”" in told


@pytest.mark.parametrize("style", [top_posted, gmail, outlook, apple])
def test_a_wish_in_answer_to_an_old_mail_is_taken_from_every_mail_program(stage: Stage, style: Style) -> None:
    stage.prepared()
    stage.nadia.writes("status")
    stage.turn()
    status = stage.nadia.reads_one()

    stage.nadia.answers(status, "Could you please ask Dr Lopez for my ERAS letter?\n\nThanks,\nNadia", style)
    stage.turn()

    preview = stage.nadia.reads_one("Shall I send this to Dr. Elena Lopez?")
    assert "as: **ask Dr. Elena Lopez for ERAS 2028**" in preview.text
    assert stage.lopez.reads() == []


@pytest.mark.parametrize("style", [top_posted, gmail, outlook, apple])
def test_the_missing_line_of_a_form_is_answered_from_every_mail_program(stage: Stage, style: Style) -> None:
    stage.nadia.writes("mentor Dr. Harold Kim", KIM_FORM.replace("kim@hospital.example", "kim@"))
    stage.turn()
    mistake = stage.nadia.reads_one()

    stage.nadia.answers(mistake, "email: kim@hospital.example", style)
    stage.turn()

    assert [(m.email, m.role) for m in stage.dossier.mentors] == [(KIM, "research")]
    assert "email: kim@hospital.example" in stage.nadia.reads_one().text


def inside(mail: Received, old: str, new: str) -> Received:
    """The mail as its reader changed it before answering: in the text and in the HTML."""
    assert old in mail.text
    changed = replace(mail.incoming, text=mail.text.replace(old, new, 1))
    return replace(mail, incoming=changed, html=mail.html.replace(old, new.replace("\n", "<br>"), 1))


@pytest.mark.parametrize("style", [top_posted, gmail, outlook, apple])
@pytest.mark.parametrize("above", ["", "See below, thanks."])
def test_a_form_filled_in_inside_the_quoted_mail_is_understood(stage: Stage, style: Style, above: str) -> None:
    stage.nadia.writes("mentor Dr. Harold Kim", KIM_FORM.replace("kim@hospital.example", "kim@"))
    stage.turn()
    mistake = stage.nadia.reads_one()

    filled = inside(mistake, "email: kim@\n", "email: kim@hospital.example\n")
    stage.nadia.answers(inside(filled, "known since:", "known since: 2024"), above, style)
    stage.turn()

    assert [(m.email, m.known_since) for m in stage.dossier.mentors] == [(KIM, "2024")]


def test_what_is_typed_below_a_quoted_line_belongs_to_it(stage: Stage) -> None:
    stage.nadia.writes("mentor Dr. Harold Kim", KIM_FORM.replace("kim@hospital.example", ""))
    stage.turn()
    stage.nadia.reads()
    stage.nadia.writes("mentor Dr. Harold Kim", "email: kim@\nrole: wizard")
    stage.turn()
    mistake = stage.nadia.reads_one()

    plain, _ = top_posted(mistake, "")
    answer = plain.replace(">     known since:", ">     known since:\n2024, in the laboratory", 1).replace(
        ">     email: kim@", ">     email: kim@hospital.example", 1
    )
    stage.nadia.answers(mistake, "x", lambda _mail, _text: (answer, ""))
    stage.turn()

    assert [(m.email, m.known_since) for m in stage.dossier.mentors] == [(KIM, "2024, in the laboratory")]


def test_a_phone_signature_and_html_alone_do_no_harm(stage: Stage) -> None:
    stage.prepared()
    stage.nadia.writes(
        "",
        html="<html><body><div>Hi lorbot,</div><div><br></div><div>Please stop everything for now.</div>"
        "<div>What&#8217;s the status?</div><div><br></div><div>Sent from my iPhone</div></body></html>",
    )
    stage.turn()

    told = stage.nadia.reads_one().text
    assert stage.dossier.paused
    assert "**1. pause**" in told
    assert "**2. status**" in told
    assert "iPhone" not in told


def gmail_forward() -> tuple[str, str]:
    return f"Could he write for me?\n\n---------- Forwarded message ---------\n{FORWARDED}\n", ""


def outlook_forward() -> tuple[str, str]:
    lines = FORWARDED.replace("Date:", "Sent:").replace("From: Harold Kim", "From: Kim, Harold").split("\n")
    head = "<br>".join(f"<b>{x.partition(':')[0]}:</b>{x.partition(':')[2]}" for x in lines[:4])
    head = head.replace(" <kim@hospital.example>", " &lt;kim@hospital.example&gt;")
    head = head.replace(" <nadia@students.example>", " &lt;nadia@students.example&gt;")
    body = "".join(f"<div>{line or '<br>'}</div>" for line in lines[5:])
    return "", f'<div><br></div><hr style="width:98%"><div id="divRplyFwdMsg"><font>{head}</font></div>{body}'


def apple_forward() -> tuple[str, str]:
    quoted = "\n".join(f"> {line}".rstrip() for line in FORWARDED.split("\n"))
    return f"\n\nSent from my iPhone\n\nBegin forwarded message:\n\n{quoted}\n", ""


@pytest.mark.parametrize("forward", [gmail_forward, outlook_forward, apple_forward])
@pytest.mark.parametrize("subject", ["Fwd: Letter?", "mentor"])
def test_a_forwarded_mail_introduces_a_mentor_from_every_mail_program(
    stage: Stage, forward: Callable[[], tuple[str, str]], subject: str
) -> None:
    plain, html = forward()
    stage.nadia.writes(subject, plain, html=html)
    stage.turn()

    form = stage.nadia.reads_one()
    assert "    Subject: mentor Harold Kim\n\n    email: kim@hospital.example" in form.text
    assert (stage.dossier.mentors, stage.dossier.paused) == ((), False)

    stage.nadia.answers(form, "worked together: two years in his laboratory on sepsis\nrole: research", gmail)
    stage.turn()
    assert [(m.name, m.email, m.role) for m in stage.dossier.mentors] == [("Harold Kim", KIM, "research")]
    assert stage.kim.reads() == []


def test_a_known_mentors_mail_that_is_passed_on_decides_nothing(stage: Stage) -> None:
    stage.asked()
    yes = FORWARDED.replace("Harold Kim <kim@hospital.example>", "Elena Lopez <elena@home.example>")
    stage.nadia.writes(
        "Fwd: Letter?", f"She wrote to my private address.\n\n---------- Forwarded message ---------\n{yes}"
    )
    stage.turn()

    question = stage.nadia.reads_one()
    assert "an address that I do not know (elena@home.example)" in question.text
    assert "> I would be happy to write for you." in question.text
    assert [x.state for x in stage.dossier.letters] == [State.ASKED]

    stage.nadia.answers(question, "received", outlook)
    stage.turn()
    assert [x.state for x in stage.dossier.letters] == [State.RECEIVED]


@pytest.mark.parametrize("style", [top_posted, gmail, outlook, apple])
def test_which_of_two_is_answered_from_every_mail_program(stage: Stage, style: Style) -> None:
    stage.prepared()
    stage.nadia.writes("mentor Dr. Maria Lopez", KIM_FORM.replace("kim@hospital", "maria.lopez@clinic"))
    stage.turn()
    stage.nadia.reads()
    stage.nadia.writes("ask Lopez for ERAS")
    stage.turn()
    question = stage.nadia.reads_one()
    assert question.incoming.to[0].email == NADIA

    stage.nadia.answers(question, "the second", style)
    stage.turn()

    assert stage.nadia.reads_one("Shall I send this to Dr. Maria Lopez?")
