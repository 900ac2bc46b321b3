"""Stories of automatic answers: one that is waited out, one that comes too late, one without an end, one for good."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from stage import KIM, Received, Stage

from lorbot.core.dossier import State
from lorbot.sandbox.server import MailServer


@pytest.fixture
def stage(tmp_path: Path, mail_server: MailServer) -> Stage:
    return Stage(tmp_path, mail_server)


def is_away(stage: Stage, ask: Received, words: str) -> None:
    """The mentor's mail program answers by itself."""
    headers = {"In-Reply-To": f"<{ask.incoming.message_id}>", "Auto-Submitted": "auto-replied"}
    stage.lopez.answers(ask, words, headers=headers)
    stage.turn()


def test_an_absence_is_waited_out_and_told_once(stage: Stage) -> None:
    ask = stage.asked()
    note = "I am out of the office. I will be back on Monday, June 28.\n\n"
    note += "For urgent matters please contact Rosa Diaz at rdiaz@hospital.example."
    is_away(stage, ask, note)
    told = stage.nadia.reads_one("is away until Monday, June 28, 2027")
    assert "> I will be back on Monday, June 28." in told.text
    assert "Rosa Diaz (rdiaz@hospital.example)" in told.text

    stage.now += timedelta(hours=1)
    is_away(stage, ask, note)
    assert stage.nadia.reads() == []
    stage.passes(days=13)  # June 27: a week and a half without an answer, and no note
    assert stage.lopez.reads() == []
    assert "rdiaz@hospital.example" not in {m.to.email for m in stage.dossier.mails}
    stage.passes(days=9)
    assert len(stage.lopez.reads()) == 1


def test_a_return_after_the_deadline_is_urgent_and_the_backup_is_one_word_away(stage: Stage) -> None:
    ask = stage.asked()
    together = "In March I wrote the protocol, and in May I presented the poster."
    form = f"email: {KIM}\nbackup for: Dr. Lopez\nworked together: {together}"
    stage.nadia.writes("mentor Dr. Harold Kim", form)
    stage.turn()
    stage.nadia.reads()
    is_away(stage, ask, "I am on sabbatical until fall 2027 and return on September 13.")
    question = stage.nadia.reads_one("Please act: Dr. Elena Lopez is away until Monday, September 13, 2027")
    assert stage.dossier.mentors[0].away_until == date(2027, 9, 13)

    stage.nadia.answers(question, "backup")
    stage.turn()
    preview = next(m for m in stage.nadia.reads() if "Shall I" in m.subject)
    assert KIM in preview.text
    assert [x.state for x in stage.dossier.letters] == [State.CANCELLED, State.PREVIEWED]


def test_an_absence_without_an_end_is_a_question_and_a_persons_answer_ends_it(stage: Stage) -> None:
    ask = stage.asked()
    is_away(stage, ask, "I am on leave until further notice.")
    stage.nadia.reads_one("Please decide: Dr. Elena Lopez is away, I do not know until when")
    is_away(stage, ask, "I am on leave until further notice. Stay well.")
    assert stage.nadia.reads() == []

    stage.lopez.answers(ask, "Dear Nadia,\n\nI would be delighted to write you a strong letter.\n\nElena Lopez")
    stage.turn()
    assert stage.lopez.reads_one().incoming.attachments
    assert [q.topic for q in stage.dossier.questions] == []


def test_who_has_left_for_good_can_be_asked_elsewhere(stage: Stage) -> None:
    is_away(stage, stage.asked(), "I am no longer with Lakeside Hospital. This mailbox is not monitored.")
    question = stage.nadia.reads_one("Dr. Elena Lopez is no longer at this address")
    stage.passes(days=20)
    assert stage.lopez.reads() == []
    stage.nadia.reads()
    stage.nadia.answers(question, "lopez@new.example")
    stage.turn()
    assert stage.dossier.mentors[0].email == "lopez@new.example"
