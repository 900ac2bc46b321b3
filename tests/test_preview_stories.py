"""Previews on a real mail server: what is shown is what goes, from every mail program, and never an old fact."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from stage import LORBOT, NADIA, Received, Stage, Style, apple, gmail, outlook, returned, top_posted

from lorbot.core.correspondence import Progress
from lorbot.core.dossier import State
from lorbot.sandbox.server import MailServer

STYLES = [top_posted, gmail, outlook, apple]
OLD_GOAL, NEW_GOAL = "a general internist at a safety-net hospital", "a cardiologist in the country"
BEGIN, END = "---------- the mail begins ----------\n", "\n---------- the mail ends ----------"


@pytest.fixture
def stage(tmp_path: Path, mail_server: MailServer) -> Stage:
    return Stage(tmp_path, mail_server)


def shown(preview: Received) -> str:
    """The text between the marker lines."""
    return preview.text.partition(BEGIN)[2].partition(END)[0]


def line(preview: Received, key: str) -> str:
    """What the preview shows behind "To:", "Subject:" or "Enclosed:"."""
    head = preview.text.partition(BEGIN)[0].split("\n")
    return next((text.removeprefix(f"{key}: ") for text in head if text.startswith(f"{key}: ")), "")


def is_as_shown(mail: Received, preview: Received) -> None:
    to = mail.incoming.to[0]
    assert f"{to.name} <{to.email}>" == line(preview, "To")
    assert mail.subject == line(preview, "Subject")
    assert mail.text.removesuffix("\n") == shown(preview)
    assert ", ".join(a.name for a in mail.incoming.attachments) == line(preview, "Enclosed")


def changed(mail: Received, old: str, new: str) -> Received:
    """The mail as the applicant's program holds it after something in it was changed."""
    assert old in mail.text
    assert old in mail.html
    return replace(
        mail, incoming=replace(mail.incoming, text=mail.text.replace(old, new)), html=mail.html.replace(old, new)
    )


def sends(stage: Stage, preview: Received, words: str = "send", style: Style = top_posted) -> None:
    stage.nadia.answers(preview, words, style)
    stage.turn()


def alone(_mail: Received, text: str) -> tuple[str, str]:
    """The answer without the old mail."""
    return text, ""


def below(mail: Received, text: str) -> tuple[str, str]:
    """The old mail first, the answer below it."""
    plain, html = top_posted(mail, "")
    return f"{plain.strip()}\n\n{text}\n", html


# -- what is shown is what goes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", STYLES)
def test_an_ask_goes_byte_for_byte_as_it_was_shown(stage: Stage, style: Style) -> None:
    preview = stage.previewed()
    sends(stage, preview, style=style)
    is_as_shown(stage.lopez.reads_one(), preview)


def test_a_last_reminder_goes_as_it_was_shown_even_on_the_next_day(stage: Stage) -> None:
    stage.lopez.answers(stage.asked(), "I would be delighted to write you a strong letter.\n\nElena Lopez")
    stage.turn()
    stage.now = stage.now.replace(month=8, day=30)
    stage.turn()
    stage.lopez.reads()
    preview = next(m for m in stage.nadia.reads() if "Shall I send" in m.subject)
    stage.now += timedelta(days=1)
    sends(stage, preview, "ok")
    is_as_shown(stage.lopez.reads_one(), preview)


@pytest.mark.parametrize("outcome", ["matched", "accepted", "not this time"])
def test_a_note_about_the_outcome_goes_as_it_was_shown(stage: Stage, outcome: str) -> None:
    stage.asked()
    stage.nadia.writes("received Dr. Lopez for ERAS 2028")
    stage.turn()
    stage.nadia.writes("outcome ERAS 2028", f"outcome: {outcome}\nnews: Lakeside, my first choice — naïve as I was.")
    stage.turn()
    preview = next(m for m in stage.nadia.reads() if "Shall I send" in m.subject)
    sends(stage, preview, style=outlook)
    is_as_shown(stage.lopez.reads_one(), preview)


def test_news_goes_as_it_was_shown(stage: Stage) -> None:
    stage.asked()
    stage.nadia.writes("received Dr. Lopez for ERAS 2028")
    stage.nadia.writes("update", "From May on I am in Chicago.\n\n.and a line that begins with a point\n- a - list")
    stage.turn()
    preview = next(m for m in stage.nadia.reads() if "Shall I send" in m.subject)
    sends(stage, preview, style=apple)
    for days in (1, 3, 3):  # the thank-you goes first, and news not on its heels
        stage.passes(days=days)
    is_as_shown(next(m for m in stage.lopez.reads() if "in Chicago" in m.text), preview)


def test_the_ready_thank_you_goes_as_the_question_showed_it(stage: Stage) -> None:
    stage.lopez.answers(stage.asked(), "I could write one, but I hardly know you.\n\nElena Lopez")
    stage.turn()
    question = stage.nadia.reads_one("Please decide")
    sends(stage, question, "thank", gmail)
    ready = "\n".join(x.removeprefix("> ").removeprefix(">") for x in question.text.split("would send")[1].split("\n")
                      if x.startswith(">"))  # fmt: skip
    assert stage.lopez.reads_one().text.removesuffix("\n") == ready


# -- changed by the applicant ------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", STYLES)
def test_a_text_changed_between_the_lines_is_what_goes(stage: Stage, style: Style) -> None:
    preview = stage.previewed()
    stage.nadia.answers(changed(preview, OLD_GOAL, NEW_GOAL), "send", style)
    stage.turn()
    assert stage.lopez.reads_one().text.removesuffix("\n") == shown(preview).replace(OLD_GOAL, NEW_GOAL)


@pytest.mark.parametrize("style", STYLES)
def test_a_text_changed_between_the_lines_without_a_word_is_shown_once_more(stage: Stage, style: Style) -> None:
    preview = stage.previewed()
    stage.nadia.answers(changed(preview, OLD_GOAL, NEW_GOAL), "", style)
    stage.turn()
    again = stage.nadia.reads_one()
    assert shown(again) == shown(preview).replace(OLD_GOAL, NEW_GOAL)
    assert stage.lopez.reads() == []


@pytest.mark.parametrize("style", [*STYLES, alone])
def test_a_whole_text_copied_below_edit_loses_nothing(stage: Stage, style: Style) -> None:
    preview = stage.previewed()
    text = shown(preview).replace(OLD_GOAL, NEW_GOAL)
    sends(stage, preview, f"edit\n{text}", style)
    again = stage.nadia.reads_one()
    assert shown(again) == text
    sends(stage, again, "send", style)
    is_as_shown(stage.lopez.reads_one(), again)


def test_quote_marks_of_the_mail_program_go_and_those_of_the_applicant_stay(stage: Stage) -> None:
    preview = stage.previewed()
    twice = changed(preview, f"I want to become {OLD_GOAL}.", "You wrote then:\n> a born internist\nand I agree.")
    plain, _ = top_posted(twice, "")
    deeper = "\n".join(f"> {x}".rstrip() for x in plain.strip().split("\n"))
    wrote = f"On Mon, Jun 14, 2027 at 10:05 AM, Nadia Rahman <{NADIA}> wrote:"
    stage.nadia.answers(preview, "", lambda _mail, _text: (f"send\n\n{wrote}\n{deeper}\n", ""))
    stage.turn()
    assert "You wrote then:\n> a born internist\nand I agree." in stage.lopez.reads_one().text


def test_an_answer_below_the_old_mail_is_found(stage: Stage) -> None:
    preview = stage.previewed()
    sends(stage, preview, "send", below)
    is_as_shown(stage.lopez.reads_one(), preview)


def test_a_signature_of_a_program_is_no_part_of_the_text(stage: Stage) -> None:
    preview = stage.previewed()
    text = "Dear Dr. Lopez,\n\nwould you write me a strong letter?\n\nWith best regards,\nNadia Rahman"
    sends(stage, preview, f"edit\n{text}\n\n-- \nNadia Rahman\nM4, Lakeside College of Medicine", apple)
    assert shown(stage.nadia.reads_one()) == text


@pytest.mark.parametrize("style", [gmail, outlook])
@pytest.mark.parametrize("gone", ["everything between", "the first line", "the last line", "both lines and a part"])
def test_a_text_in_pieces_is_asked_about(stage: Stage, style: Style, gone: str) -> None:
    preview = stage.previewed()
    begin, end = BEGIN.strip(), END.strip()
    old = {"the first line": begin, "the last line": end}.get(gone, "")
    mail = changed(preview, old, "") if old else preview
    if gone == "everything between":
        mail = changed(preview, shown(preview).split("\n")[0], "")
        for part in (p for p in shown(preview).split("\n")[1:] if p):
            mail = replace(mail, incoming=replace(mail.incoming, text=mail.text.replace(part, "")),
                           html=mail.html.replace(part.replace('"', "&quot;"), ""))  # fmt: skip
    if gone == "both lines and a part":
        mail = changed(changed(changed(preview, begin, ""), end, ""), OLD_GOAL, NEW_GOAL)
    stage.nadia.answers(mail, "send", style)
    stage.turn()
    assert "I cannot tell what the mail is to say" in stage.nadia.reads_one().text
    assert stage.lopez.reads() == []


def test_a_reply_cut_loose_from_its_thread_sends_nothing(stage: Stage) -> None:
    preview = stage.previewed()
    stage.nadia.answers(preview, "send", headers={})
    stage.turn()
    assert stage.lopez.reads() == []
    assert len(stage.nadia.reads()) == 1


# -- old facts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", [gmail, outlook, apple])
def test_send_on_a_preview_whose_facts_have_changed_shows_what_changed(stage: Stage, style: Style) -> None:
    preview = stage.previewed()
    stage.nadia.writes("profile", f"goal: I want to become {NEW_GOAL}.")
    stage.nadia.writes("mentor Dr. Elena Lopez", "greeting: Elena")
    stage.turn()
    stage.nadia.reads()

    sends(stage, preview, "send", style)
    again = stage.nadia.reads_one("Shall I send this")
    assert "Nothing was sent yet" in again.text
    assert "- was: Dear Dr. Lopez,\nnow: Dear Elena," in again.text.replace("  now", "now")
    assert stage.lopez.reads() == []

    sends(stage, again, "send", style)
    ask = stage.lopez.reads_one()
    is_as_shown(ask, again)
    assert NEW_GOAL in ask.text


def test_an_ask_that_was_approved_on_friday_night_does_not_go_with_the_old_deadline(stage: Stage) -> None:
    preview = stage.previewed()
    stage.now = stage.now.replace(day=18, hour=19)
    sends(stage, preview)
    assert "Monday, June 21" in stage.nadia.reads_one().text
    stage.nadia.writes("application ERAS 2028", "deadline: 15 September 2027, 11:59 pm ET")
    stage.turn()

    told = stage.nadia.reads()
    again = next(m for m in told if "Shall I send" in m.subject)
    assert "I have taken back the ask to Dr. Elena Lopez" in again.text
    assert "September 15, 2027" in shown(again)
    stage.passes(days=3, hours=-9)
    assert stage.lopez.reads() == []

    sends(stage, again)
    is_as_shown(stage.lopez.reads_one(), again)


def test_own_lines_are_still_there_when_the_ask_came_back_from_a_wrong_address(stage: Stage) -> None:
    stage.prepared()
    stage.nadia.writes("ask Dr. Lopez", "I still think of Mr. H.")
    stage.turn()
    sends(stage, stage.nadia.reads_one())
    ask = stage.lopez.reads_one()
    stage.server.deliver(LORBOT, returned(ask))
    stage.turn()
    sends(stage, next(m for m in stage.nadia.reads() if "did not arrive" in m.subject), "address kim@hospital.example")
    again = next(m for m in stage.nadia.reads() if "Shall I send" in m.subject)
    assert "I still think of Mr. H." in shown(again)


# -- what nobody answers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", [gmail, outlook, apple])
def test_send_on_a_preview_that_was_given_up_shows_it_afresh(stage: Stage, style: Style) -> None:
    preview = stage.previewed()
    for days in (4, 10):
        stage.passes(days=days)
    notice = stage.nadia.reads()[-1]
    assert "so I put it away" in notice.text
    assert stage.dossier.letters[0].state is State.PLANNED

    sends(stage, preview, "send", style)
    fresh = stage.nadia.reads_one("Shall I send this")
    assert "had put it away" in fresh.text
    assert stage.lopez.reads() == []
    sends(stage, fresh, "send", style)
    is_as_shown(stage.lopez.reads_one(), fresh)


def test_a_question_is_asked_once_more_in_its_thread_and_then_only_listed(stage: Stage) -> None:
    stage.lopez.answers(stage.asked(), "I could write one, but I hardly know you.\n\nElena Lopez")
    stage.turn()
    question = stage.nadia.reads_one("Please decide")
    stage.passes(days=4)
    assert stage.nadia.reads() == []
    stage.passes(days=1)
    again = stage.nadia.reads_one()
    assert again.subject == f"Re: {question.subject}"
    assert again.incoming.in_reply_to == (question.incoming.message_id,)
    assert again.text.startswith("I asked you this on Monday, June 14, 2027, and it still waits for your word.")
    assert "I hardly know you." in again.text
    for _ in range(10):
        stage.passes(days=5)
    assert stage.nadia.reads() == []
    stage.nadia.writes("status")
    stage.turn()
    assert "answered; waits for your decision: answer with thank" in stage.nadia.reads_one().text

    stage.now += timedelta(days=1)  # a Monday
    sends(stage, again, "thank", outlook)
    assert "I appreciate your honesty" in stage.lopez.reads_one().text


def test_after_own_words_on_a_hedge_the_letter_is_brought_up_again(stage: Stage) -> None:
    stage.lopez.answers(stage.asked(), "I could write one, but I hardly know you.\n\nElena Lopez")
    stage.turn()
    sends(stage, stage.nadia.reads_one("Please decide"), "write: Dear Dr. Lopez,\n\nmay I come by on Friday?", gmail)
    assert "may I come by" in stage.lopez.reads_one().text
    stage.nadia.reads()
    stage.passes(days=6)
    assert stage.nadia.reads() == []
    stage.passes(days=1)
    question = stage.nadia.reads_one("Please decide: the letter of Dr. Elena Lopez waits")
    assert stage.lopez.reads() == []
    sends(stage, question, "packet", apple)
    assert [a.name for a in stage.lopez.reads_one().incoming.attachments] == ["Rahman_CV.pdf"]
    assert not [m for m in stage.dossier.mails if m.progress is Progress.QUEUED and m.to.email != NADIA]
