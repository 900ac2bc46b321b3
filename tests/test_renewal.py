"""Mail that waits and the facts it was made from: nothing goes that today's facts would not make again."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from dossiers import NOW, POLICY, WRITER, after, answer, attachment, decided, previewed, rich, templates, to_mentors
from hypothesis import given
from hypothesis import strategies as st
from mentors import said

from lorbot.core import edits, outgoing
from lorbot.core.correspondence import Mail, Purpose
from lorbot.core.decide import decide
from lorbot.core.dossier import Dossier, State
from lorbot.core.events import Ticked
from lorbot.core.reading import Stance

KEY = "p-l1-ask"

CHANGES = {
    "deadline": ("application ERAS", "deadline: 20 September 2027", "September 20, 2027"),
    "preferred date": ("application ERAS", "preferred: 20 August 2027", "My preferred date"),
    "instructions": ("application Garden", "instructions: by post", ""),
    "greeting": ("mentor Lopez", "greeting: Elena", "Dear Elena,"),
    "what the two did": ("mentor Lopez", "worked together: I was your student for a whole year.", "a whole year"),
    "mentor's address": ("mentor Dr. Elena Lopez", "email: elena@clinic.example", "elena@clinic.example"),
    "applicant's name": ("profile", "name: Nadia Rahman-Ortiz", "Rahman-Ortiz"),
    "goal": ("profile", "goal: I want to become a cardiologist.", "a cardiologist"),
    "specialty": ("profile", "specialty: pediatrics", "application in pediatrics"),
    "signature": ("profile", "signature: Nadia | M4", "M4"),
}  # fmt: skip
"""What changes after a preview was shown, and a piece of what is then read; "" where the mail stays the same."""


def changed(dossier: Dossier, what: str) -> Dossier:
    subject, body, _ = CHANGES[what]
    return after(dossier, subject, body)


def sends(dossier: Dossier, key: str = "") -> Dossier:
    (preview,) = dossier.previews
    latest = [m.key for m in dossier.mails if m.key.startswith(preview.id)][-1]
    return after(dossier, "Re: Shall I send this?", "send", answers=key or latest)


def ask_of(dossier: Dossier) -> Mail | None:
    return next((m for m in dossier.mails if m.purpose is Purpose.ASK and m.progress == "queued"), None)


@pytest.mark.parametrize("what", CHANGES)
def test_send_never_sends_a_fact_that_has_changed_since(what: str) -> None:
    dossier = changed(previewed(), what)
    piece = CHANGES[what][2]
    if piece and what != "deadline":  # with another deadline it is shown at once
        decision = decided(dossier, "Re: x", "send", answers=KEY)
        assert templates(decision) == ["applicant/preview"]
        assert piece in answer(decision)
        assert "What has changed:" in answer(decision)
        dossier = WRITER.write(decision, NOW)
        assert to_mentors(dossier) == []
    sent = ask_of(sends(dossier))
    assert sent is not None
    assert not sent.outdated
    assert piece.removeprefix("Subject: ") in f"{sent.to.email} {sent.subject} {sent.text}"


@pytest.mark.parametrize("what", CHANGES)
def test_an_approved_mail_that_waits_for_its_hour_is_taken_back_and_shown_again(what: str) -> None:
    sunday = NOW - timedelta(days=2)
    dossier = after(previewed(), "Re: x", "send", answers=KEY, now=sunday)
    dossier = changed(dossier, what)
    piece = CHANGES[what][2]
    leaving = [m for m in outgoing.waiting(dossier, NOW + timedelta(days=3)) if m.mentor and m.purpose is Purpose.ASK]
    assert bool(leaving) is not bool(piece)
    decision = decide(dossier, Ticked(), sunday, POLICY)
    dossier = WRITER.write(decision, sunday)
    assert [p.mail.purpose for p in dossier.previews] == ([Purpose.ASK] if piece else [])
    if piece:
        assert to_mentors(dossier) == [(Purpose.ASK, "lopez@hospital.example", "dropped")]
        (shown,) = [m for m in dossier.mails if m.key == dossier.previews[0].id]
        assert "I have taken back the ask to Dr. Elena Lopez" in shown.text
        assert piece in shown.text
        assert decide(dossier, Ticked(), sunday, POLICY).mails == ()
        assert ask_of(sends(dossier)) is not None


def test_what_is_no_part_of_the_mail_changes_nothing() -> None:
    dossier = after(previewed(), "profile", "pronouns: she/her")
    assert to_mentors(sends(dossier)) == [(Purpose.ASK, "lopez@hospital.example", "queued")]


def test_an_edited_preview_keeps_its_text_and_names_what_is_outdated_in_it() -> None:
    dossier = previewed()
    text = dossier.previews[0].mail.text.replace("Do you feel that", "Do you think that")
    dossier = after(dossier, "Re: x", f"edit\n{text}", answers=KEY, typed=f"edit\n{text}")
    assert dossier.previews[0].mail.text == text
    dossier = changed(changed(dossier, "goal"), "greeting")
    decision = decided(dossier, "Re: x", "send", answers=f"{KEY}-again")
    told = answer(decision)
    assert "Your own text is kept as you wrote it" in told
    assert "- was: Dear Dr. Lopez,\n  now: Dear Elena, (your text still says it as it was)" in told
    assert text in told
    dossier = WRITER.write(decision, NOW)
    assert to_mentors(dossier) == []
    sent = ask_of(sends(dossier))
    assert sent is not None
    assert sent.text == text


def test_an_answer_to_an_older_showing_is_not_taken_for_the_newer() -> None:
    dossier = previewed()
    edited = after(dossier, "Re: x", "edit\nDear you,\n\nplease write.", answers=KEY)
    decision = decided(edited, "Re: x", "send", answers=KEY)
    assert templates(decision) == ["applicant/preview"]
    assert "showed an older text" in answer(decision)
    assert to_mentors(WRITER.write(decision, NOW)) == []
    assert ask_of(sends(edited)) is not None


def test_a_packet_on_its_way_is_written_anew_with_the_newest_cv_and_the_true_deadline() -> None:
    dossier = rich().with_letter(replace(rich().letter("l1"), state=State.ASKED, asked_at=NOW))
    saturday = NOW + timedelta(days=4)
    yes = said("Yes, gladly.", Stance.YES, acts=True)
    dossier = WRITER.write(decide(dossier, yes, saturday, POLICY), saturday)
    assert [m.purpose for m in dossier.mails if m.mentor and m.purpose is Purpose.PACKET] == [Purpose.PACKET]
    new = attachment("cv new.pdf")
    dossier = after(dossier, "cv", files=(new,), now=saturday)
    dossier = after(dossier, "application ERAS", "deadline: 20 September 2027", now=saturday)
    (packet,) = [m for m in dossier.mails if m.purpose is Purpose.PACKET]
    assert [e.sha256 for e in packet.enclosures] == [new.sha256]
    assert "September 20, 2027" in packet.text
    assert packet.progress == "queued"


def test_a_letter_that_moved_on_takes_nothing_with_it() -> None:
    dossier = previewed()
    dossier = dossier.with_letter(replace(dossier.letter("l1"), state=State.PACKET_SENT))
    decision = decided(dossier, "Re: x", "send", answers=KEY)
    assert templates(decision) == ["applicant/preview_gone"]
    assert "has already agreed" in answer(decision)
    assert to_mentors(decision.dossier) == []


def test_an_ask_with_a_deadline_that_has_passed_does_not_go() -> None:
    late = NOW + timedelta(days=100)
    decision = decided(previewed(), "Re: x", "send", now=late, answers=KEY)
    assert templates(decision) == ["applicant/preview_gone"]
    assert "The deadline of ERAS 2028, internal medicine has passed" in answer(decision, late)


def test_a_mail_of_an_older_file_goes_as_it_was_shown() -> None:
    dossier = previewed()
    (preview,) = dossier.previews
    old = replace(preview, mail=replace(preview.mail, template="", more={}))
    dossier = changed(replace(dossier, previews=(old,)), "goal")
    assert to_mentors(sends(dossier, KEY)) == [(Purpose.ASK, "lopez@hospital.example", "queued")]


# -- an ask that is shown again ----------------------------------------------------------------------------------

OWN = "I still think of Mr. H."


@pytest.mark.parametrize(
    ("subject", "body", "words"),
    [
        ("ask Dr. Lopez for ERAS", "", ""),
        ("application ERAS", "deadline: 20 September 2027", ""),
        ("profile", "goal: I want to become a cardiologist.", "send"),
    ],
)
def test_an_ask_that_is_shown_again_keeps_the_applicants_own_lines(subject: str, body: str, words: str) -> None:
    dossier = after(rich(), "ask Dr. Lopez for ERAS", OWN)
    dossier = after(dossier, subject, body)
    dossier = after(dossier, "Re: x", words, answers=KEY) if words else dossier
    assert OWN in dossier.previews[0].mail.text


def test_own_lines_outlast_a_skip_and_new_ones_take_their_place() -> None:
    dossier = after(rich(), "ask Dr. Lopez for ERAS", OWN)
    dossier = after(dossier, "Re: x", "skip", answers=KEY)
    dossier = after(dossier, "ask Dr. Lopez for ERAS")
    assert OWN in dossier.previews[0].mail.text
    dossier = after(dossier, "ask Dr. Lopez for ERAS", "Other words of mine.")
    assert OWN not in dossier.previews[0].mail.text
    assert "Other words of mine." in dossier.previews[0].mail.text


def test_asking_again_keeps_a_text_of_ones_own_too() -> None:
    dossier = after(previewed(), "Re: x", "edit\nDear you,\n\nplease write.", answers=KEY)
    dossier = after(dossier, "ask Dr. Lopez for ERAS")
    assert dossier.previews[0].mail.text == "Dear you,\n\nplease write."


# -- a preview that nobody answers -------------------------------------------------------------------------------


def expired() -> Dossier:
    dossier = previewed()
    for days in (4, 14):
        now = NOW + timedelta(days=days)
        dossier = WRITER.write(decide(dossier, Ticked(), now, POLICY), now)
    return dossier


def test_an_expired_ask_leaves_the_letter_planned_and_says_how_to_ask_again() -> None:
    dossier = expired()
    told = dossier.mail(f"{KEY}-expired")
    assert told is not None
    assert "**send**" in told.text
    assert "“ask Dr. Elena Lopez”" in told.text
    assert (dossier.previews, dossier.letter("l1").state) == ((), State.PLANNED)


@pytest.mark.parametrize("key", [KEY, f"{KEY}-again", f"{KEY}-expired"])
def test_send_on_an_expired_preview_says_so_and_shows_a_fresh_one(key: str) -> None:
    now = NOW + timedelta(days=20)
    dossier = after(expired(), "profile", "goal: I want to become a cardiologist.", now=now)
    decision = decided(dossier, "Re: x", "send", now=now, answers=key)
    text = answer(decision, now)
    assert "had waited so long for your word that I had put it away" in text
    assert "a cardiologist" in text
    dossier = WRITER.write(decision, now)
    assert (to_mentors(dossier), dossier.letter("l1").state, dossier.put_away) == ([], State.PREVIEWED, ())
    sent = after(dossier, "Re: x", "send", now=now, answers=f"{KEY}-again-2" if dossier.mail(f"{KEY}-again-2") else "")
    assert to_mentors(sent) == [(Purpose.ASK, "lopez@hospital.example", "queued")]


def test_send_on_an_expired_preview_of_a_letter_that_is_asked_for_again_shows_the_one_that_waits() -> None:
    now = NOW + timedelta(days=20)
    dossier = after(expired(), "ask Dr. Lopez for ERAS", now=now)
    decision = decided(dossier, "Re: x", "send", now=now, answers=KEY)
    after_all = WRITER.write(decision, now)
    assert (len(after_all.previews), to_mentors(after_all)) == (1, [])


def test_a_command_in_answer_to_an_expired_preview_is_still_a_command() -> None:
    assert templates(decided(expired(), "status", answers=KEY)) == ["applicant/status"]


# -- what has changed, in sentences ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        ("One. Two.", "One. Two.", ()),
        ("A,\nIt is on May 1. Thanks.", "A,\nIt is on May 2. Thanks.", (("It is on May 1.", "It is on May 2."),)),
        ("One.", "One.\nTwo.", (("", "Two."),)),
        ("One.\nTwo.", "Two.", (("One.", ""),)),
        ("We saw Dr. H. Miller. Yes.", "We saw Dr. H. Miller. No.", (("Yes.", "No."),)),
        ("To: Dr. Elena <a@x.example>", "To: Prof. Elena <a@x.example>",
         (("To: Dr. Elena <a@x.example>", "To: Prof. Elena <a@x.example>"),)),
    ],
)  # fmt: skip
def test_changes_are_told_sentence_by_sentence(before: str, now: str, found: tuple[tuple[str, str], ...]) -> None:
    assert edits.changes(before, now) == found


@given(st.text(alphabet="ab. \nA", max_size=60), st.text(alphabet="ab. \nA", max_size=60))
def test_changes_lead_from_one_text_to_the_other(before: str, now: str) -> None:
    found = edits.changes(before, now)
    assert bool(found) is (edits._sentences(before) != edits._sentences(now))
    assert all(was in " ".join(edits._sentences(before)) for was, _ in found)
    assert all(new in " ".join(edits._sentences(now)) for _, new in found)


@given(st.dates(date(2027, 7, 1), date(2028, 6, 1)), st.sampled_from(["send", "ok", "yes"]))
def test_whatever_the_deadline_becomes_what_goes_names_it(day: date, word: str) -> None:
    dossier = after(previewed(), "application ERAS", f"deadline: {day:%-d %B %Y}")
    (preview,) = dossier.previews
    latest = [m.key for m in dossier.mails if m.key.startswith(preview.id)][-1]
    sent = ask_of(after(dossier, "Re: x", word, answers=latest))
    assert sent is None or f"{day:%B} {day.day}, {day.year}" in sent.text
