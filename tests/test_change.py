"""`change` and `drop`: before and after are shown, and nothing that waits goes out with what is not so any more."""

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
    drafts,
    previewed,
    problems,
    rich,
    to_mentors,
    written,
    wrote,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from lorbot.core import writing
from lorbot.core.correspondence import Mail, Progress, Purpose
from lorbot.core.decide import decide
from lorbot.core.decision import Decision, Draft
from lorbot.core.dossier import Dossier, Letter, State
from lorbot.core.events import Ticked

LOPEZ = "lopez@hospital.example"


def approved() -> Dossier:
    """The ask to Dr. Lopez, with a line of the applicant's own, is approved and waits for its hour."""
    shown = after(rich(), "ask Dr. Lopez for ERAS", "I still think of Mr. H.")
    return after(shown, "Re: x", "send", answers="p-l1-ask")


def waiting(purpose: Purpose, state: State = State.PACKET_SENT, **letter: Any) -> Dossier:
    """A mail of lorbot's own to Dr. Chen is on its way, for the letter for ERAS."""
    dossier = rich().with_letter(replace(rich().letter("l2"), state=state, **letter))
    draft = writing.to_mentor(
        dossier, purpose, [dossier.letter("l2")], policy=POLICY, now=NOW, more={"last": False, "agreed": True}
    )
    return WRITER.write(Decision(dossier=dossier, mails=(draft,)), NOW)


def rows(decision: Decision) -> list[tuple[str, str, str]]:
    written(decision)
    (told,) = [d for d in drafts(decision) if d.template == "applicant/change"]
    return [(r["what"], r["before"], r["after"]) for r in told.context["rows"]]


def ticked(dossier: Dossier) -> Dossier:
    """The clock has gone over it."""
    return WRITER.write(decide(dossier, Ticked(), NOW, POLICY), NOW)


def on_the_way(dossier: Dossier) -> list[tuple[Purpose, str]]:
    return [(purpose, how) for purpose, _, how in to_mentors(dossier)]


# -- what the subject means ----------------------------------------------------------------------------------------

SEPT_1 = "Wednesday, September 1, 2027, 11:59 PM (New York time)"
SEPT_20 = "Monday, September 20, 2027, 11:59 PM (New York time)"


@pytest.mark.parametrize(
    ("subject", "body", "expected"),
    [
        ("change deadline of ERAS to 20 Sept 2027", "", [("deadline", SEPT_1, SEPT_20)]),
        ("change the deadline for ERAS 2028 to 20 September 2027", "", [("deadline", SEPT_1, SEPT_20)]),
        ("change application ERAS", "due: 20 Sept 2027\ncycle: 8", [("cycle", "", "8"), ("deadline", SEPT_1, SEPT_20)]),
        ("change email of Dr. Lopez to E@New.example", "", [("email", LOPEZ, "e@new.example")]),
        ("change Dr. Lopez's email to e@new.example.", "", [("email", LOPEZ, "e@new.example")]),
        ("change Dr. Lopez", "email: e@new.example", [("email", LOPEZ, "e@new.example")]),
        ("change mentor Dr. Lopez", "role: research", [("role", "clinical", "research")]),
        ("change mentor Lopez", "backup for: Chen", [("backup for", "", "Dr. Wei Chen")]),
        ("change mentor Lopez", "meet: yes", [("in person", "no", "yes")]),
        ("change Dr. Lopez to Dr. Elena Lopes", "", [("name", "Dr. Elena Lopez", "Dr. Elena Lopes")]),
        ("rename mentor Lopez to Dr. Elena Lopes", "", [("name", "Dr. Elena Lopez", "Dr. Elena Lopes")]),
        ("change name of Lopez to Dr. Elena Lopes", "", [("name", "Dr. Elena Lopez", "Dr. Elena Lopes")]),
        ("change Garden grant to Rhodes", "", [("name", "Garden grant", "Rhodes")]),
        ("change my school to Harborview", "", [("school", "Lakeside College of Medicine", "Harborview")]),
        ("change role of Lopez to clinical", "", []),
    ],
)  # fmt: skip
def test_what_is_changed_is_shown_before_and_after(
    subject: str, body: str, expected: list[tuple[str, str, str]]
) -> None:
    decision = decided(rich(), subject, body)
    assert rows(decision) == expected
    assert len(decision.dossier.letters) == 3


@pytest.mark.parametrize(
    ("subject", "body", "problem"),
    [
        ("change", "", "it is not said what to change"),
        ("change Stein to Stone", "", "“Stein to Stone” does not tell me"),
        ("change email to e@new.example", "", "“email to e@new.example” does not tell me"),
        ("change Dr. Lopez", "", "it is not said what is new; add lines such as: email: ..."),
        ("change Dr. Lopez to Sam Kim, MD", "", "there is a Sam Kim, MD already"),
        ("change Dr. Lopez to Dr. Lopes", "role: research", "a new name and other lines at once"),
        ("change deadline of ERAS to soon", "", "deadline “soon” is not a date"),
        ("change email of Lopez to nothing", "", "“nothing” is not an e-mail address"),
        ("change email of Lopez to kim@hospital.example", "", "kim@hospital.example is already the address of Sam Kim"),
    ],
)
def test_what_is_not_clear_changes_nothing(subject: str, body: str, problem: str) -> None:
    decision = decided(rich(), subject, body)
    assert problems(decision)[0].startswith(problem)
    assert (decision.dossier.mentors, decision.dossier.applications) == (rich().mentors, rich().applications)


def test_a_change_plans_no_letter() -> None:
    one = replace(rich(), applications=rich().applications[:1], letters=rich().letters[:1])
    decision = decided(one, "change email of Kim to k@new.example")
    assert (rows(decision)[0][2], decision.dossier.letters) == ("k@new.example", one.letters)


def test_lines_that_are_not_understood_are_named() -> None:
    assert "- shoe size: 40" in answer(decided(rich(), "change Dr. Lopez", "role: research\nshoe size: 40"))


# -- what waits ----------------------------------------------------------------------------------------------------


def test_an_ask_that_was_approved_with_the_old_deadline_is_shown_again_with_the_applicants_lines() -> None:
    decision = decided(approved(), "change deadline of ERAS to 20 September 2027")
    dossier = ticked(WRITER.write(decision, NOW))
    assert on_the_way(dossier) == [(Purpose.ASK, "dropped")]
    (preview,) = dossier.previews
    assert "September 20, 2027" in preview.mail.text
    assert "I still think of Mr. H." in preview.mail.text
    assert "what you have seen comes to you once more" in written(decision)[-1].text
    sent = after(dossier, "Re: x", "send", answers=preview.id)
    assert on_the_way(sent) == [(Purpose.ASK, "dropped"), (Purpose.ASK, "queued")]


@pytest.mark.parametrize("answer_to", ["p-l1-ask", "p-l1-ask-again"])
def test_only_the_new_preview_can_be_sent(answer_to: str) -> None:
    decision = decided(previewed(), "change deadline of ERAS to 20 September 2027")
    assert "the ask to Dr. Elena Lopez: written anew; it follows in a mail of its own" in written(decision)[-1].text
    sent = after(WRITER.write(decision, NOW), "Re: x", "send", answers=answer_to)
    queued = [m for m in sent.mails if m.purpose is Purpose.ASK]
    assert ["September 20" in m.text for m in queued] == ([True] if answer_to.endswith("again") else [])


def test_a_packet_on_its_way_is_written_anew_and_goes() -> None:
    decision = decided(waiting(Purpose.PACKET, State.AGREED), "change deadline of ERAS to 20 September 2027")
    dossier = WRITER.write(decision, NOW)
    assert on_the_way(dossier) == [(Purpose.PACKET, "queued")]
    (packet,) = [m for m in dossier.mails if m.purpose is Purpose.PACKET]
    assert "September 20" in packet.text
    assert "what I write by myself is written anew" in answer_to_change(decision)


def test_a_note_of_the_clock_is_written_anew_before_it_goes() -> None:
    asked = waiting(Purpose.NUDGE, State.ASKED, asked_at=NOW - timedelta(days=8), done=("nudge1",), unanswered=1)
    dossier = after(asked, "change deadline of ERAS to 20 September 2027")
    assert (on_the_way(dossier), dossier.letter("l2").done) == ([(Purpose.NUDGE, "queued")], ("nudge1",))
    (nudge,) = [m for m in dossier.mails if m.purpose is Purpose.NUDGE]
    assert "September 20" in nudge.text


def test_a_reminder_is_taken_back_with_the_deadline_it_counted_to() -> None:
    reminded = waiting(Purpose.REMINDER, done=("reminder14",))
    decision = decided(reminded, "change deadline of ERAS to 20 September 2027")
    assert "taken back; I write it anew when it is due" in answer_to_change(decision)
    dossier = WRITER.write(decision, NOW)
    assert (on_the_way(dossier), dossier.letter("l2").done) == ([(Purpose.REMINDER, "dropped")], ())


def answer_to_change(decision: Decision) -> str:
    return next(m.text for m in written(decision) if m.subject.startswith("Re: change"))


def test_a_new_name_is_in_every_greeting_that_waits() -> None:
    held = after(rich().with_letter(replace(rich().letter("l1"), state=State.ASKED)), "declined Lopez")
    renamed = after(held, "change Dr. Lopez to Dr. Elena Lopes")
    shown = after(renamed, "Re: x", "thank", answers=renamed.questions[0].id)
    assert on_the_way(shown) == []
    (preview,) = shown.previews
    assert preview.mail.text.startswith("Dear Dr. Lopes,")
    assert preview.mail.to.name == "Dr. Elena Lopes"


def test_a_thank_you_that_was_approved_is_shown_again_with_the_new_name() -> None:
    held = after(rich().with_letter(replace(rich().letter("l1"), state=State.ASKED)), "declined Lopez")
    approved_ = after(held, "Re: x", "thank", answers=held.questions[0].id)
    renamed = ticked(after(approved_, "change Dr. Lopez to Dr. Elena Lopes"))
    assert on_the_way(renamed) == [(Purpose.GRACEFUL, "dropped")]
    (preview,) = renamed.previews
    assert preview.mail.text.startswith("Dear Dr. Lopes,")
    sent = after(renamed, "Re: x", "send", answers=preview.id)
    assert on_the_way(sent)[-1] == (Purpose.GRACEFUL, "queued")


def test_what_was_approved_for_the_old_address_is_shown_before_it_goes_to_the_new_one() -> None:
    decision = decided(approved(), "change email of Lopez to e@new.example")
    assert "what you have seen comes to you once more" in answer(decision)
    shown = ticked(WRITER.write(decision, NOW))
    assert on_the_way(shown) == [(Purpose.ASK, "dropped")]
    sent = after(shown, "Re: x", "send", answers=shown.previews[0].id)
    assert to_mentors(sent)[-1] == (Purpose.ASK, "e@new.example", "queued")


def test_a_note_of_the_clock_goes_to_the_new_address() -> None:
    before = waiting(Purpose.NUDGE, State.ASKED, asked_at=NOW - timedelta(days=8), done=("nudge1",), unanswered=1)
    decision = decided(before, "change email of Chen to c@new.example")
    assert to_mentors(WRITER.write(decision, NOW)) == [(Purpose.NUDGE, "c@new.example", "queued")]
    assert "the gentle note to Dr. Wei Chen: goes to the new address" in answer(decision)


def test_what_does_not_speak_of_a_fact_is_left_alone() -> None:
    before = approved()
    for subject, body in (("change Lopez", "role: research"), ("change role of Chen to research", "")):
        assert on_the_way(after(before, subject, body)) == [(Purpose.ASK, "queued")]
    assert on_the_way(after(before, "change deadline of Garden to 20 September 2027")) == [(Purpose.ASK, "queued")]


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("application ERAS", "deadline: 20 Sept 2027"),
        ("mentor Lopez", "greeting: Elena"),
        ("profile", "goal: Surgery."),
    ],
)
def test_the_forms_themselves_send_nothing_old_either(subject: str, body: str) -> None:
    dossier = ticked(after(approved(), subject, body))
    assert on_the_way(dossier) == [(Purpose.ASK, "dropped")]
    assert len(dossier.previews) == 1


def test_a_bounced_letter_goes_on_once_the_address_is_right() -> None:
    bounced = rich().with_letter(replace(rich().letter("l1"), state=State.BOUNCED))
    assert "to see it, write to me: ask Dr. Elena Lopez" in answer(
        decided(bounced, "change email of Lopez to e@new.example")
    )


CHANGES = st.sampled_from(
    [
        ("change deadline of ERAS to {day} September 2027", "September {day}, 2027"),
        ("change Dr. Wei Chen to Dr. Wei Chan{day}", "Dear Dr. Chan{day},"),
        ("change signature of me to x", ""),
        ("change application ERAS\ninstructions: by post to room {day}", ""),
    ]
)


@settings(max_examples=40, deadline=None)
@given(
    purpose=st.sampled_from([Purpose.NUDGE, Purpose.PACKET, Purpose.REMINDER, Purpose.LAST_CALL, Purpose.ASK]),
    changes=st.lists(st.tuples(CHANGES, st.integers(3, 28)), min_size=1, max_size=4),
    shown=st.booleans(),
)
def test_no_mail_that_may_leave_names_an_old_fact(
    purpose: Purpose, changes: list[tuple[tuple[str, str], int]], shown: bool
) -> None:
    states = {Purpose.NUDGE: State.ASKED, Purpose.ASK: State.PREVIEWED, Purpose.PACKET: State.AGREED}
    dossier = rich().with_letter(replace(rich().letter("l2"), state=states.get(purpose, State.PACKET_SENT)))
    about = [dossier.letter("l2")]
    draft: Draft = writing.to_mentor(
        dossier, purpose, about, policy=POLICY, now=NOW, more={"last": False, "personal": "So far so good."}
    )
    mail = writing.previewed(dossier, draft, about, policy=POLICY, now=NOW) if shown else draft
    dossier = WRITER.write(Decision(dossier=dossier, mails=(mail,)), NOW)
    for (line, _), day in changes:
        subject, _, body = line.format(day=day).partition("\n")
        dossier = after(dossier, subject, body)
    deadline = dossier.application("a1").deadline
    assert deadline is not None
    name = dossier.mentor("m3").name.rsplit(" ", 1)[-1]
    dossier = ticked(dossier)
    for waits in could_leave(dossier):
        assert waits.text.startswith(f"Dear Dr. {name},")
        assert f"September {(deadline - timedelta(hours=12)).day}, 2027" in waits.text
        assert (purpose is not Purpose.ASK) or "So far so good." in waits.text


def could_leave(dossier: Dossier) -> list[Mail]:
    """What is on its way to a mentor, or goes on the applicant's word; what is outdated is shown again instead."""
    queued = [m for m in dossier.mails if m.progress is Progress.QUEUED and m.to.email != dossier.applicant.email]
    return [m for m in (*queued, *(p.mail for p in dossier.previews)) if not m.outdated]


# -- drop ----------------------------------------------------------------------------------------------------------


def test_a_mentor_by_mistake_is_dropped_with_all_that_names_it() -> None:
    named = rich().with_application(replace(rich().application("a1"), letter_ids={"m1": "123"}))
    shown = previewed(named)
    dossier = after(shown, "drop Dr. Lopez")
    assert [m.id for m in dossier.mentors] == ["m2", "m3"]
    assert [x.id for x in dossier.letters] == ["l2", "l3"]
    assert (dossier.previews, dossier.mentor("m2").backup_for) == ((), "")
    assert dossier.application("a1").letter_ids == {}
    assert [m.key for m in dossier.mails if m.mentor == "m1" or "l1" in m.letters] == []
    assert [e.what for e in dossier.journal if e.letter == "l1"] == []
    assert decide(dossier, wrote("Re: x", "send", answers="p-l1-ask"), NOW, POLICY).dossier.mails == dossier.mails
    assert decide(dossier, Ticked(), NOW, POLICY).mails == ()


def test_a_letter_by_mistake_is_dropped_and_the_mentor_stays() -> None:
    two = rich().with_letter(Letter(id="l9", mentor="m1", application="a2"))
    dossier = after(two, "drop Lopez for Garden")
    assert ([x.id for x in dossier.letters_of("m1")], len(dossier.mentors)) == (["l1"], 3)


def test_an_application_by_mistake_is_dropped_with_its_letters() -> None:
    dossier = after(previewed(replace(rich(), letters=rich().letters[:1])), "drop ERAS 2028")
    assert ([a.id for a in dossier.applications], dossier.letters, dossier.previews) == (["a2"], (), ())


@pytest.mark.parametrize(
    "subject", ["drop Chen", "drop ERAS", "drop Chen for Garden", "remove application Garden grant"]
)
def test_what_has_begun_is_cancelled_and_not_dropped(subject: str) -> None:
    before = rich()
    text = answer(decided(before, subject))
    assert "to end it, send: cancel Dr. Wei Chen" in text
    assert after(before, subject).letters == before.letters


def test_who_has_got_mail_stays_on_record() -> None:
    sent = approved()
    sent = replace(
        sent, mails=tuple(replace(m, progress=Progress.SENT) if m.key == "l1-ask" else m for m in sent.mails)
    )
    sent = sent.with_letter(replace(sent.letter("l1"), state=State.BOUNCED))
    assert "which stays on record; to end it, send: cancel Dr. Elena Lopez" in answer(decided(sent, "drop Lopez"))


def test_a_document_by_mistake_is_dropped_and_the_earlier_one_counts() -> None:
    two = after(rich(), "cv", files=("newer.pdf",))
    decision = decided(two, "drop cv")
    assert "From now on Rahman_CV.pdf (version 1) goes with the packets." in answer(decision)
    assert [m.version for m in decision.dossier.materials] == [1]
    none = after(decision.dossier, "drop my cv")
    assert none.materials == ()


def test_a_packet_on_its_way_does_not_take_a_dropped_document_along() -> None:
    dossier = after(waiting(Purpose.PACKET, State.AGREED), "drop cv")
    packets = [m for m in dossier.mails if m.purpose is Purpose.PACKET]
    assert [(m.progress, bool(m.enclosures)) for m in packets] == [(Progress.QUEUED, False)]


def test_a_document_that_somebody_has_is_not_dropped() -> None:
    sent = waiting(Purpose.PACKET, State.AGREED)
    sent = replace(sent, mails=tuple(replace(m, progress=Progress.SENT) for m in sent.mails))
    assert "Dr. Wei Chen got Rahman_CV.pdf already" in answer(decided(sent, "drop cv"))


@pytest.mark.parametrize(
    ("subject", "problem"),
    [("drop", "the name of the mentor is missing"), ("drop Stein", "“Stein” is not one of your mentors"),
     ("drop document transcript", "I have no material “transcript”"), ("drop Lopez for the moon", "“the moon” is not")],
)  # fmt: skip
def test_what_is_dropped_is_never_guessed(subject: str, problem: str) -> None:
    decision = decided(rich(), subject)
    assert problems(decision)[0].startswith(problem)
    assert (decision.dossier.mentors, decision.dossier.letters) == (rich().mentors, rich().letters)
