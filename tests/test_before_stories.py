"""Before an ask, day by day, on a real mail server with the real daemon: the review, the ask held back, the waiver, and
whoever takes over.
"""

from pathlib import Path

import pytest
from stage import APPLICATION, KIM, MENTOR, PROFILE, Received, Stage, Style, apple, gmail, outlook, returned

from lorbot.core.dossier import State
from lorbot.sandbox.server import MailServer

ASK = "Letter of recommendation for my residency application in internal medicine"
NO = "Dear Nadia,\n\nI am sorry, but I cannot write a letter for you this year.\n\nElena Lopez"
THIN = """email: lopez@hospital.example
role: clinical
in person: yes
closeness: knows me a little
observed: yes, daily on the ward
last worked together: March 2027
worked together: I was your sub-intern on 5 West for four weeks in March."""
KIM_WITHOUT_APPLICATION = f"""email: {KIM}
role: research
known since: 2025
worked together: In your laboratory I built the sepsis cohort in 2025, and in May I presented the poster."""
STYLES = pytest.mark.parametrize("style", [gmail, outlook, apple])


@pytest.fixture
def stage(tmp_path: Path, mail_server: MailServer) -> Stage:
    return Stage(tmp_path, mail_server)


def told(stage: Stage, *mails: tuple[str, str]) -> list[Received]:
    """Nadia writes these commands and reads the answers."""
    for subject, text in mails:
        stage.nadia.writes(subject, text)
    stage.turn()
    return stage.nadia.reads()


def introduced(stage: Stage, *, profile: str = PROFILE, mentor: str = MENTOR) -> Received:
    """Nadia has told who she is, where she applies and who Dr. Lopez is; the answer about the mentor."""
    return told(
        stage, ("profile", profile), ("application ERAS 2028", APPLICATION), ("mentor Dr. Elena Lopez", mentor)
    )[-1]


def one(mails: list[Received], subject: str) -> Received:
    found = [m for m in mails if subject.lower() in m.subject.lower()]
    assert len(found) == 1, [m.subject for m in mails]
    return found[0]


def answered(stage: Stage, mail: Received, words: str, style: Style) -> list[Received]:
    stage.nadia.answers(mail, words, style)
    stage.turn()
    return stage.nadia.reads()


def head_of(preview: Received) -> str:
    return preview.text.partition("the mail begins")[0]


def test_a_mentor_is_reviewed_from_what_was_told_and_again_before_the_ask(stage: Stage) -> None:
    answer = introduced(stage, mentor=THIN)

    for sentence in (
        "To think about: You say that Dr. Lopez knows you a little.",
        "Good: Dr. Lopez has seen you at work, as you tell it.",
        "Good: You worked together within the last year.",
        "Warning: You name no single thing yet that happened between you two.",
        "You two meet, so ask in person first, if you can:",
        "agreed Dr. Elena Lopez",
        "No backup is there, should Dr. Lopez not write",
    ):
        assert sentence in answer.text
        assert sentence.replace("“", "") in answer.html.replace("\n", " ") or "**" in sentence

    (preview,) = told(stage, ("ask Dr. Lopez anyway", ""))
    assert "To think about: You say that Dr. Lopez knows you a little." in head_of(preview)
    assert "You two meet, so ask in person first, if you can:" in head_of(preview)
    assert stage.lopez.reads() == []


@STYLES
def test_an_ask_is_held_back_and_shown_once_the_applicant_tells_more(stage: Stage, style: Style) -> None:
    introduced(stage, mentor=THIN)
    (held,) = told(stage, ("ask Dr. Lopez", "I hope that the spring was kind to you."))
    assert held.subject == "Before I ask Dr. Elena Lopez: what did you two do together?"
    assert "> I was your sub-intern on 5 West" in held.text

    more = "I presented Mr. H. at morning report, and you watched me lead the meeting with his family.\n\nNadia"
    preview = one(answered(stage, held, more, style), "Shall I send this")
    assert "you watched me lead the meeting with his family" in preview.text
    assert "I hope that the spring was kind to you." in preview.text

    answered(stage, preview, "send", style)
    ask = stage.lopez.reads_one(ASK)
    assert "I presented Mr. H. at morning report" in ask.text


@STYLES
def test_who_insists_sees_the_ask_and_is_never_held_back_again(stage: Stage, style: Style) -> None:
    introduced(stage, mentor=THIN)
    (held,) = told(stage, ("ask Dr. Lopez", ""))
    preview = one(answered(stage, held, "insist", style), "Shall I send this")
    answered(stage, preview, "skip", style)

    (again,) = told(stage, ("ask Dr. Lopez", ""))
    assert again.subject == "Shall I send this to Dr. Elena Lopez?"
    answered(stage, again, "send", style)
    assert stage.lopez.reads_one().subject == ASK


@STYLES
def test_a_waiver_that_is_missing_is_asked_for_and_taken_from_the_answer(stage: Stage, style: Style) -> None:
    introduced(stage, profile=PROFILE.replace("waiver: yes", "").strip())
    (preview,) = told(stage, ("ask Dr. Lopez", ""))
    assert "You have not told me whether you waive your right to see the letter." in head_of(preview)

    sent = one(answered(stage, preview, "send\nwaiver: no", style), "Shall I")
    assert "I have not waived my right to see the letter" in sent.text
    ask = stage.lopez.reads_one(ASK)
    assert "waive" not in ask.text

    stage.lopez.answers(ask, "I would be delighted to write you a strong letter.\n\nElena Lopez")
    stage.turn()
    assert "Confidentiality: under FERPA, I have not waived my right to see the letter" in stage.lopez.reads_one().text


def test_without_a_waiver_the_packet_does_not_speak_of_one(stage: Stage) -> None:
    introduced(stage, profile=PROFILE.replace("waiver: yes", "").strip())
    (preview,) = told(stage, ("ask Dr. Lopez", ""))
    answered(stage, preview, "send", gmail)
    stage.lopez.answers(stage.lopez.reads_one(ASK), "I would be delighted to write you a strong letter.\n\nElena Lopez")
    stage.turn()
    assert "right to see" not in stage.lopez.reads_one().text


def asked(stage: Stage) -> Received:
    """Dr. Lopez has the ask. Dr. Kim is known, in no plan, and nobody's backup."""
    introduced(stage)
    told(stage, ("application Garden grant", "deadline: 1 October 2027"))
    told(stage, ("mentor Dr. Harold Kim", KIM_WITHOUT_APPLICATION))
    (preview,) = told(stage, ("ask Dr. Lopez for ERAS", ""))
    assert "I would propose Dr. Harold Kim" in head_of(preview)
    answered(stage, preview, "send", gmail)
    return stage.lopez.reads_one(ASK)


@STYLES
def test_after_a_no_the_proposed_backup_is_shown_on_the_word_and_the_mentor_left_in_peace(
    stage: Stage, style: Style
) -> None:
    ask = asked(stage)
    stage.lopez.answers(ask, NO, style)
    stage.turn()
    question = stage.nadia.reads_one("Dr. Elena Lopez declined")
    assert "I show you the ask to Dr. Harold Kim, whom you have not asked for this yet" in question.text
    assert stage.kim.reads() == []

    preview = one(answered(stage, question, "thank, backup", style), "Shall I send this to Dr. Harold Kim?")
    assert "I built the sepsis cohort" in preview.text
    assert stage.kim.reads() == []
    answered(stage, preview, "send", style)
    assert stage.kim.reads_one().subject == ASK
    assert "honesty" in stage.lopez.reads_one().text

    (again,) = told(stage, ("ask Dr. Lopez for ERAS", ""))
    assert "has declined, and I do not ask again for the same purpose" in again.text
    for days in (7, 7, 7):
        stage.passes(days=days)
    assert stage.lopez.reads() == []


@STYLES
def test_after_silence_the_backup_is_shown_on_the_word(stage: Stage, style: Style) -> None:
    asked(stage)
    for days in (7, 7, 2):
        stage.passes(days=days)
    question = stage.nadia.reads_one("no answer from Dr. Elena Lopez")
    assert "I show you the ask to Dr. Harold Kim" in question.text
    assert len(stage.lopez.reads()) == 2

    preview = one(answered(stage, question, "backup", style), "Shall I send this to Dr. Harold Kim?")
    assert stage.dossier.letters[0].state is State.CANCELLED
    answered(stage, preview, "send", style)
    assert stage.kim.reads_one().subject == ASK


def test_after_a_bounce_the_backup_is_offered_beside_the_address(stage: Stage) -> None:
    ask = asked(stage)
    stage.server.deliver(stage.address, returned(ask))
    stage.turn()
    question = stage.nadia.reads_one("did not arrive")
    assert "I show you the ask to Dr. Harold Kim" in question.text
    assert one(answered(stage, question, "backup", gmail), "Shall I send this to Dr. Harold Kim?")


def test_where_nobody_is_left_the_question_says_how_to_name_somebody_and_backup_works_then(stage: Stage) -> None:
    introduced(stage)
    (preview,) = told(stage, ("ask Dr. Lopez", ""))
    answered(stage, preview, "send", gmail)
    stage.lopez.answers(stage.lopez.reads_one(ASK), NO)
    stage.turn()
    question = stage.nadia.reads_one("declined")
    assert "nobody is left to ask so far" in question.text

    (how,) = answered(stage, question, "backup", gmail)
    assert "No backup for Dr. Elena Lopez is there. Send: mentor NAME" in how.text
    told(stage, ("mentor Dr. Harold Kim", KIM_WITHOUT_APPLICATION + "\nbackup for: Dr. Lopez"))
    assert one(answered(stage, how, "backup", gmail), "Shall I send this to Dr. Harold Kim?")


def test_who_declined_is_not_asked_again_under_another_name(stage: Stage) -> None:
    stage.lopez.answers(asked(stage), NO)
    stage.turn()
    stage.nadia.reads()
    told(stage, ("mentor Dr. Elena Lopez", "email: e.lopez@home.example"))
    (entered,) = told(stage, ("mentor Dr. Maria Garcia", MENTOR + "\nfor: ERAS 2028"))
    assert "has declined, and I do not ask again for the same purpose" in entered.text
    (refused,) = told(stage, ("ask Dr. Garcia for ERAS", "as it is: yes"))
    assert "Please mend" in refused.text or "has declined" in refused.text
    assert stage.dossier.previews == ()
    assert stage.lopez.reads() == []
