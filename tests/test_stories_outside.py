"""Stories of what happened outside mail: a yes at the bedside, a no on the phone, a change of plans, a wrong name."""

from datetime import timedelta
from pathlib import Path

import pytest
from stage import HOME, KIM, LOPEZ, Stage, Style, apple, gmail, outlook, top_posted

from lorbot.core.dossier import State
from lorbot.sandbox.server import MailServer

ASK = "Letter of recommendation for my residency application in internal medicine"
STYLES = [top_posted, gmail, outlook, apple]

KIM_FORM = f"""email: {KIM}
role: research
worked together: I wrote the code that cleaned your cohort in 2026, and I presented the poster in your Monday meeting.
backup for: Dr. Lopez"""


@pytest.fixture
def stage(tmp_path: Path, mail_server: MailServer) -> Stage:
    return Stage(tmp_path, mail_server)


def subjects(stage: Stage) -> list[str]:
    return [m.subject for m in stage.nadia.reads()]


def letter(stage: Stage) -> State:
    return stage.dossier.letters[0].state


@pytest.mark.parametrize("style", STYLES)
def test_a_yes_on_the_ward_and_the_packet_follows_on_her_word(stage: Stage, style: Style) -> None:
    stage.prepared()
    stage.nadia.writes("Agreed: Dr. Lopez", "on: yesterday\nnote: after rounds\n\nThanks,\nNadia")
    stage.turn()
    told, preview = sorted(stage.nadia.reads(), key=lambda m: "Shall I" in m.subject)
    assert "Next, by itself: a reminder, on Wednesday, August 18, 2027." in told.text
    assert "Your note is kept: after rounds" in told.text
    assert stage.lopez.reads() == []

    stage.nadia.answers(preview, "send", style)
    stage.turn()
    packet = stage.lopez.reads_one("Everything for the letter")
    assert [a.name for a in packet.incoming.attachments] == ["Rahman_CV.pdf"]
    assert letter(stage) is State.PACKET_SENT


def test_a_yes_in_person_while_the_ask_stands_open_stops_the_notes(stage: Stage) -> None:
    stage.asked()
    stage.passes(days=3)
    stage.nadia.writes("said yes: Lopez")
    stage.turn()
    preview = next(m for m in stage.nadia.reads() if "Shall I" in m.subject)
    for _ in range(20):
        stage.passes(days=1)
    assert stage.lopez.reads() == []  # no note asks her again, and no packet goes without the word
    again = [m for m in stage.nadia.reads() if "Once more" in m.subject]
    assert len(again) == 1

    stage.nadia.answers(preview, "send")
    stage.turn()
    assert stage.lopez.reads() == []  # put away by then, and shown afresh
    stage.nadia.answers(next(m for m in stage.nadia.reads() if "Shall I" in m.subject), "send")
    stage.turn()
    assert stage.lopez.reads_one(ASK).subject == f"Re: {ASK}"


@pytest.mark.parametrize("style", [gmail, outlook, apple])
def test_a_no_on_the_phone_and_the_backup_is_asked(stage: Stage, style: Style) -> None:
    stage.asked()
    stage.nadia.writes("mentor Dr. Harold Kim", KIM_FORM)
    stage.turn()
    stage.nadia.reads()
    stage.nadia.writes("declined Dr. Lopez", "note: she is on leave")
    stage.turn()
    told, question = sorted(stage.nadia.reads(), key=lambda m: "decide" in m.subject)
    assert "Your backup is Dr. Harold Kim" in told.text
    assert stage.lopez.reads() == []

    stage.nadia.answers(question, "thank, backup", style)
    stage.turn()
    preview = next(m for m in stage.nadia.reads() if "Shall I" in m.subject)
    assert stage.lopez.reads_one(ASK).text.startswith("Dear Dr. Lopez,\n\nThank you for telling me.")
    stage.nadia.answers(preview, "send", style)
    stage.turn()
    assert stage.kim.reads_one().subject == ASK
    for _ in range(12):
        stage.passes(days=7)
    assert stage.lopez.reads() == []


def test_a_talk_settles_what_a_hedge_left_open(stage: Stage) -> None:
    stage.lopez.answers(stage.asked(), "I could write one, but we only worked together for a week. Shall we talk?")
    stage.turn()
    assert letter(stage) is State.HELD
    stage.nadia.reads()

    stage.nadia.writes("talked to Dr. Lopez", "We had coffee.")
    stage.turn()
    question = next(m for m in stage.nadia.reads() if "what came of it" in m.subject)
    stage.nadia.answers(question, "She said yes!\n\nNadia", apple)
    stage.turn()
    done, preview = sorted(stage.nadia.reads(), key=lambda m: "Shall I" in m.subject)
    assert "Dr. Elena Lopez has agreed." in done.text
    stage.nadia.answers(preview, "ok", gmail)
    stage.turn()
    assert stage.lopez.reads_one().incoming.attachments


def test_a_change_of_plans_is_told_kindly_and_nothing_more_goes(stage: Stage) -> None:
    stage.asked()
    stage.now += timedelta(hours=9)  # the office hours are over
    stage.nadia.writes("cancel Dr. Lopez")
    stage.turn()
    told, preview = sorted(stage.nadia.reads(), key=lambda m: "Shall I" in m.subject)
    assert "is cancelled; nothing goes out about it by itself" in told.text
    stage.nadia.answers(preview, "send", outlook)
    stage.turn()
    assert stage.lopez.reads() == []
    stage.passes(hours=14)
    note = stage.lopez.reads_one(ASK)
    assert "I do not need it any more. Thank you for your time." in note.text
    assert stage.now.astimezone(HOME).hour == 9
    for _ in range(30):
        stage.passes(days=3)
    assert stage.lopez.reads() == []


def test_a_letter_that_was_agreed_is_cancelled_only_on_a_second_word(stage: Stage) -> None:
    stage.lopez.answers(
        stage.asked(), "Dear Nadia,\n\nI would be delighted to write you a strong letter.\n\nElena Lopez"
    )
    stage.turn()
    stage.lopez.reads()
    stage.nadia.reads()
    stage.nadia.writes("cancel Lopez")
    stage.turn()
    question = next(m for m in stage.nadia.reads() if "confirm" in m.subject)
    assert letter(stage) is State.PACKET_SENT
    stage.nadia.answers(question, "cancel", gmail)
    stage.turn()
    assert letter(stage) is State.CANCELLED
    preview = next(m for m in stage.nadia.reads() if "Shall I" in m.subject)
    stage.nadia.answers(preview, "skip", apple)
    stage.turn()
    for _ in range(30):
        stage.passes(days=3)
    assert stage.lopez.reads() == []


def test_a_wrong_name_is_never_sent(stage: Stage) -> None:
    preview = stage.previewed()
    stage.now += timedelta(hours=9)
    stage.nadia.answers(preview, "send")
    stage.turn()
    stage.nadia.reads()

    stage.nadia.writes("change Dr. Elena Lopez to Dr. Elena Lopes")
    stage.turn()
    told, again = sorted(stage.nadia.reads(), key=lambda m: "Shall I" in m.subject)
    assert "what you have seen comes to you once more" in told.text
    assert "- was: Dear Dr. Lopez,\n  now: Dear Dr. Lopes," in again.text
    stage.passes(hours=14)
    assert stage.lopez.reads() == []  # it had been approved, with the old name
    stage.nadia.answers(again, "send", outlook)
    stage.turn()
    assert stage.lopez.reads_one(ASK).text.startswith("Dear Dr. Lopes,")


def test_who_was_entered_by_mistake_is_gone_and_the_address_free(stage: Stage) -> None:
    stage.previewed()
    stage.nadia.writes("drop Dr. Lopez")
    stage.turn()
    assert "the ask to Dr. Elena Lopez: not sent" in stage.nadia.reads_one().text
    assert (stage.dossier.mentors, stage.dossier.letters) == ((), ())
    stage.nadia.writes("mentor Dr. Ellen Lopez", f"email: {LOPEZ}")
    stage.turn()
    assert stage.nadia.reads_one().subject == "Re: mentor Dr. Ellen Lopez"
    for _ in range(10):
        stage.passes(days=3)
    assert stage.lopez.reads() == []


@pytest.mark.parametrize("style", [gmail, outlook, apple])
def test_a_reminder_and_a_thank_you_at_once_and_the_portal_told(stage: Stage, style: Style) -> None:
    stage.asked()
    stage.passes(days=3)
    stage.nadia.writes("remind Dr. Lopez")
    stage.turn()
    stage.nadia.answers(stage.nadia.reads_one("Shall I send this"), "send", style)
    stage.turn()
    assert "slipped past you" in stage.lopez.reads_one().text
    stage.passes(days=4)
    assert stage.lopez.reads() == []  # it took the place of the clock's first note

    stage.nadia.reads()
    stage.nadia.writes("received Dr. Lopez")
    stage.nadia.writes("assigned Dr. Lopez", "to: all 24 programs")
    stage.nadia.writes("thank Dr. Lopez")
    stage.turn()
    mails = stage.nadia.reads()
    assert [m.subject for m in mails if m.subject.startswith("Re:")] == [
        "Re: received Dr. Lopez", "Re: assigned Dr. Lopez",
    ]  # fmt: skip
    stage.nadia.answers(next(m for m in mails if "Shall I" in m.subject), "send", style)
    stage.turn()
    assert "has arrived. Thank you for writing it" in stage.lopez.reads_one().text
    stage.passes(days=5)
    assert stage.lopez.reads() == []
    assert letter(stage) is State.THANKED


def test_a_thank_you_to_lorbot_is_no_command(stage: Stage) -> None:
    stage.nadia.writes("status")
    stage.turn()
    stage.nadia.answers(stage.nadia.reads_one(), "Thank you so much for this!", gmail)
    stage.turn()
    assert "mentors" not in " ".join(subjects(stage))
    assert stage.dossier.letters == ()
