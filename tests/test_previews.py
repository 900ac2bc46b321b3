"""What follows when the applicant answers a preview. Nothing goes out without an unmistakable word."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from dossiers import NOW, POLICY, WRITER, after, answer, decided, previewed, rich, templates, to_mentors, written, wrote

from lorbot.core import outgoing
from lorbot.core.correspondence import Preview, Progress, Purpose
from lorbot.core.decide import decide
from lorbot.core.dossier import Dossier, Letter, State
from lorbot.core.letters import moved
from lorbot.core.manners import next_allowed

KEY = "p-l1-ask"
SUNDAY = NOW - timedelta(days=2)
ASK = (Purpose.ASK, "lopez@hospital.example", "queued")


def preview(dossier: Dossier) -> Preview:
    (found,) = dossier.previews
    return found


def replied(dossier: Dossier, words: str, **more: Any) -> Dossier:
    return after(dossier, "Re: Shall I send this?", words, answers=KEY, **more)


def test_the_ask_is_shown_and_does_not_go() -> None:
    dossier = previewed()
    assert to_mentors(dossier) == []
    assert dossier.letter("l1").state is State.PREVIEWED
    shown = dossier.mail(KEY)
    assert shown is not None
    assert preview(dossier).mail.text in shown.text


def test_send_sends_it_byte_for_byte() -> None:
    before = previewed()
    dossier = replied(before, "Send!\n\nThanks,\nNadia")
    assert dossier.previews == ()
    assert dossier.mail("l1-ask") == replace(preview(before).mail, not_before=NOW, decided_at=NOW, automatic=False)
    assert [m.key for m in outgoing.waiting(dossier, NOW) if m.mentor == "m1" and m.purpose is Purpose.ASK] == [
        "l1-ask"
    ]


def test_sent_on_a_sunday_it_leaves_on_monday() -> None:
    decision = decided(previewed(), "Re: x", "ok", now=SUNDAY, answers=KEY)
    (mail,) = [m for m in decision.dossier.mails if m.key == "l1-ask"]
    assert mail.not_before == next_allowed(SUNDAY, "America/New_York", POLICY) > SUNDAY
    assert "goes out on Monday, June 14, 2027, 8:00 AM (New York time)" in answer(decision, SUNDAY)


@pytest.mark.parametrize(
    "words", ["yes but change the date", "send?", "", "no, send it", "What is this?", "send\nbut fix the name"]
)
def test_an_unclear_answer_sends_nothing_and_asks(words: str) -> None:
    before = previewed()
    decision = decided(before, "Re: x", words, answers=KEY)
    assert templates(decision) == ["applicant/preview_unclear"]
    assert to_mentors(decision.dossier) == []
    assert decision.dossier.previews == before.previews


@pytest.mark.parametrize("first", ["hm", "later 5 days"])
def test_the_mail_that_asks_back_can_be_answered_too(first: str) -> None:
    dossier = replied(previewed(), first)
    (again,) = [m.key for m in dossier.mails if m.key.startswith(f"{KEY}-again")]
    dossier = after(dossier, "Re: x", "send", answers=again)
    assert to_mentors(dossier) == [ASK]


def test_skip_drops_it_and_the_letter_is_planned_again() -> None:
    dossier = replied(previewed(), "skip")
    assert (dossier.previews, to_mentors(dossier), dossier.letter("l1").state) == ((), [], State.PLANNED)


@pytest.mark.parametrize(
    ("words", "until"),
    [("later", date(2027, 6, 18)), ("in 2 weeks", date(2027, 6, 29)), ("Later 1 July, please", date(2027, 7, 1))],
)
def test_later_puts_it_off(words: str, until: date) -> None:
    before = previewed()
    dossier = replied(before, words)
    moment = preview(dossier).later_until
    assert moment is not None
    assert moment.isoformat() == f"{until}T12:00:00+00:00"  # 8 in the morning in New York
    assert preview(dossier) == replace(preview(before), later_until=moment)


def test_a_new_text_is_shown_again_before_it_goes() -> None:
    text = "Dear Elena,\n\nwill you write for me?\n\nNadia"
    decision = decided(previewed(), "Re: x", f"edit\n{text}", answers=KEY)
    assert templates(decision) == ["applicant/preview"]
    assert text in answer(decision)
    dossier = WRITER.write(decision, NOW)
    assert (preview(dossier).mail.text, to_mentors(dossier)) == (text, [])
    (again,) = [m.key for m in dossier.mails if m.key.startswith(f"{KEY}-again")]
    dossier = after(dossier, "Re: x", "send", answers=again)
    sent = dossier.mail("l1-ask")
    assert sent is not None
    assert (sent.text, sent.progress) == (text, Progress.QUEUED)


def shown_text() -> str:
    return preview(previewed()).mail.text


@pytest.mark.parametrize(
    ("words", "goes"),
    [("send", [ASK]), ("", []), ("edit", []), ("Thanks,\nNadia", [])],
)
def test_text_changed_between_the_marker_lines(words: str, goes: list[object]) -> None:
    changed = shown_text().replace("Dr. Lopez", "Elena")
    dossier = replied(previewed(), words, between_markers=changed)
    text = (goes and dossier.mail("l1-ask")) or preview(dossier).mail
    assert (text.text, to_mentors(dossier)) == (changed, goes)


@pytest.mark.parametrize("words", ["skip", "later", "what?", "yes but change the date"])
def test_changed_text_alone_changes_nothing_where_another_word_is_said(words: str) -> None:
    dossier = replied(previewed(), words, between_markers=shown_text().replace("Dr. Lopez", "Elena"))
    assert to_mentors(dossier) == []
    assert [p.mail.text for p in dossier.previews] in ([], [shown_text()])


def test_a_reply_without_the_old_mail_sends_what_was_shown() -> None:
    sent = replied(previewed(), "send", between_markers=None).mail("l1-ask")
    assert sent is not None
    assert sent.text == shown_text()


@pytest.mark.parametrize("returned", ["", "   \n"])
@pytest.mark.parametrize("words", ["send", "edit", ""])
def test_a_text_that_was_emptied_between_the_markers_is_asked_about(words: str, returned: str) -> None:
    decision = decided(previewed(), "Re: x", words, between_markers=returned, answers=KEY)
    assert templates(decision) == ["applicant/preview_unclear"]
    assert to_mentors(decision.dossier) == []
    assert "I cannot tell what the mail is to say" in answer(decision)


def test_what_a_mail_program_wrapped_goes_as_it_was_shown() -> None:
    wrapped = "\n".join(
        " ".join(line.split(" ")[:9]) + "\n" + " ".join(line.split(" ")[9:]) for line in shown_text().split("\n")
    )
    sent = replied(previewed(), "send", between_markers=wrapped.replace("'", "’")).mail("l1-ask")
    assert sent is not None
    assert sent.text == shown_text()


def test_an_answer_to_a_preview_that_is_over_does_nothing() -> None:
    sent = replied(previewed(), "send")
    decision = decided(sent, "Re: x", "send", answers=KEY)
    assert templates(decision) == ["applicant/not_understood"]
    assert to_mentors(decision.dossier) == [ASK]


def test_a_newer_preview_takes_the_place_of_an_older_one() -> None:
    dossier = previewed(previewed())
    assert preview(dossier).id == f"{KEY}-2"
    assert to_mentors(replied(dossier, "send")) == []
    assert to_mentors(after(dossier, "Re: x", "send", answers=f"{KEY}-2")) == [ASK]


def test_nothing_goes_to_a_mentor_who_asked_for_silence() -> None:
    before = previewed()
    before = before.with_mentor(replace(before.mentor("m1"), never=True))
    decision = decided(before, "Re: x", "send", answers=KEY)
    assert (templates(decision), decision.dossier.previews, to_mentors(decision.dossier)) == (
        ["applicant/preview_gone"],
        (),
        [],
    )
    written(decision)


def test_with_a_new_address_the_preview_is_shown_again_before_it_goes_there() -> None:
    dossier = after(previewed(), "mentor Dr. Elena Lopez", "email: elena@clinic.example")
    decision = decided(dossier, "Re: x", "send", answers=KEY)
    text = answer(decision)
    assert "- was: To: Dr. Elena Lopez <lopez@hospital.example>" in text
    assert "now: To: Dr. Elena Lopez <elena@clinic.example>" in text
    dossier = WRITER.write(decision, NOW)
    assert to_mentors(dossier) == []
    dossier = after(dossier, "Re: x", "send", answers=f"{KEY}-again")
    assert to_mentors(dossier) == [(Purpose.ASK, "elena@clinic.example", "queued")]


def test_a_letter_that_was_closed_takes_its_preview_with_it() -> None:
    dossier = moved(previewed(), "l1", State.CANCELLED)
    assert to_mentors(replied(dossier, "send")) == []


def test_while_paused_an_approved_mail_waits() -> None:
    dossier = replied(replace(previewed(), paused=True), "send")
    assert to_mentors(dossier) == [ASK]
    assert {m.purpose for m in outgoing.waiting(dossier, NOW)} <= {Purpose.PREVIEW, Purpose.REPLY}
    assert any("resume" in m.text for m in dossier.mails if m.purpose is Purpose.REPLY)


def test_two_previews_are_answered_one_by_one() -> None:
    base = rich().with_letter(Letter(id="l4", mentor="m2", application="a1"))
    dossier = after(previewed(base), "ask Kim for ERAS")
    dossier = after(dossier, "Re: x", "send", answers="p-l4-ask", now=NOW + timedelta(minutes=1))
    assert to_mentors(dossier) == [(Purpose.ASK, "kim@hospital.example", "queued")]
    assert [p.id for p in dossier.previews] == [KEY]


def test_the_same_mail_twice_is_handled_once() -> None:
    event = wrote("Re: x", "send", answers=KEY)
    once = WRITER.write(decide(previewed(), event, NOW, POLICY), NOW)
    assert decide(once, event, NOW, POLICY).dossier == once
