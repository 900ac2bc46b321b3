"""News and outcomes on a real mail server: who should hear does, in the applicant's words, with one `send all`."""

from pathlib import Path

import pytest
from stage import KIM, LOPEZ, Received, Stage, Style, apple, gmail, outlook

from lorbot.core.dossier import State
from lorbot.sandbox.server import MailServer

NEWS = "I have eleven interviews, three of them in Chicago.\n\nOur poster on sepsis was accepted."
KIMS = (
    f"email: {KIM}\nrole: research\nknown since: 2026\n"
    "worked together: two years in your laboratory on sepsis, where I built the cohort and presented the poster"
)
STYLES = [gmail, outlook, apple]


@pytest.fixture
def stage(tmp_path: Path, mail_server: MailServer) -> Stage:
    """Dr. Lopez and Dr. Kim have both written, and were thanked a week ago."""
    stage = Stage(tmp_path, mail_server)
    stage.asked()
    stage.nadia.writes("mentor Dr. Harold Kim", KIMS)
    stage.nadia.writes("ask Dr. Kim")
    stage.turn()
    stage.nadia.answers(next(m for m in stage.nadia.reads() if "Shall I send" in m.subject), "send")
    stage.turn()
    stage.nadia.writes("received Dr. Lopez for ERAS 2028")
    stage.nadia.writes("received Dr. Kim for ERAS 2028")
    for days in (0, 1, 6):
        stage.passes(days=days)
    for actor in (stage.nadia, stage.lopez, stage.kim):
        actor.reads()
    return stage


def told(stage: Stage, subject: str, body: str) -> tuple[Received, dict[str, Received]]:
    """The answer to the command, and the previews by the mentor's address."""
    stage.nadia.writes(subject, body)
    stage.turn()
    mails = stage.nadia.reads()
    previews = [m for m in mails if "Shall I send" in m.subject]
    (answer,) = [m for m in mails if m not in previews]
    return answer, {m.text.partition("\nTo: ")[2].partition("<")[2].partition(">")[0]: m for m in previews}


def shown(preview: Received) -> str:
    return preview.text.partition("the mail begins ----------\n")[2].partition("\n---------- the mail ends")[0]


@pytest.mark.parametrize("style", STYLES)
def test_one_word_sends_the_news_to_every_mentor_who_wrote(stage: Stage, style: Style) -> None:
    answer, previews = told(stage, "update", f"{NEWS}\n\nThanks,\nNadia")
    assert "your news to Dr. Elena Lopez and Dr. Harold Kim follows, each in a mail of its own" in answer.text
    assert set(previews) == {LOPEZ, KIM}

    stage.nadia.answers(answer, "send all", style)
    stage.turn()

    assert stage.lopez.reads_one().text.removesuffix("\n") == shown(previews[LOPEZ])
    news = stage.kim.reads_one()
    assert news.text.removesuffix("\n") == shown(previews[KIM])
    assert NEWS in news.text
    assert "- Dr. Elena Lopez, now\n- Dr. Harold Kim, now" in stage.nadia.reads_one().text


@pytest.mark.parametrize("style", STYLES)
def test_all_but_one_and_that_one_changed(stage: Stage, style: Style) -> None:
    _, previews = told(stage, "update", NEWS)
    stage.nadia.answers(previews[LOPEZ], "send all but Dr. Kim", style)
    stage.turn()
    assert "Still waiting for your word, as you asked:\n\n- Dr. Harold Kim" in stage.nadia.reads_one().text
    assert stage.lopez.reads_one().subject.startswith("Re: ")
    assert stage.kim.reads() == []

    stage.nadia.answers(previews[KIM], "edit\nDear Harold,\n\nI have eleven interviews.\n\nNadia", style)
    stage.turn()
    stage.nadia.answers(stage.nadia.reads_one(), "send", style)
    stage.turn()
    assert stage.kim.reads_one().text.strip() == "Dear Harold,\n\nI have eleven interviews.\n\nNadia"


def test_whom_the_news_is_for_can_be_said(stage: Stage) -> None:
    answer, previews = told(stage, "update", f"to: Dr. Kim\n\n{NEWS}")
    assert set(previews) == {KIM}
    assert "send all" not in answer.text
    stage.nadia.answers(previews[KIM], "skip all", gmail)
    stage.turn()
    assert "Not sent, as you asked:\n\n- Dr. Harold Kim" in stage.nadia.reads_one().text
    assert stage.kim.reads() == []


def test_who_had_a_mail_yesterday_gets_the_news_some_days_later_and_who_declined_never(stage: Stage) -> None:
    _, previews = told(stage, "update", NEWS)
    stage.nadia.answers(previews[LOPEZ], "send all", apple)
    stage.turn()
    assert len(stage.lopez.reads()) == len(stage.kim.reads()) == 1
    stage.nadia.reads()
    stage.passes(days=1)
    answer, _ = told(stage, "update", "It is twelve by now.")
    stage.nadia.answers(answer, "send all", outlook)
    stage.turn()
    assert "June 25, 2027" in stage.nadia.reads_one().text
    assert stage.lopez.reads() == []
    stage.lopez.writes("Re: your letter", "Please stop writing to me.")
    stage.passes(days=3)
    assert "It is twelve by now." in stage.kim.reads_one().text


@pytest.mark.parametrize("style", STYLES)
def test_an_outcome_is_told_to_all_who_wrote_with_one_word(stage: Stage, style: Style) -> None:
    answer, previews = told(stage, "outcome ERAS 2028", "outcome: matched\nnews: I go to Lakeside.")
    assert "send all" in answer.text
    stage.nadia.answers(answer, "send all", style)
    stage.turn()
    note = stage.lopez.reads_one().text
    assert note.removesuffix("\n") == shown(previews[LOPEZ])
    assert "I matched." in note
    assert "I go to Lakeside." in stage.kim.reads_one().text
    assert {x.state for x in stage.dossier.letters} == {State.TOLD}


def test_not_this_time_is_told_with_dignity_and_each_application_by_itself(stage: Stage) -> None:
    stage.nadia.writes("application Rhodes", "deadline: 1 October 2027")
    stage.nadia.writes("mentor Dr. Harold Kim", "for: Rhodes")
    stage.nadia.writes("received Dr. Kim for Rhodes")
    for days in (0, 1, 6):
        stage.passes(days=days)
    stage.nadia.reads()
    stage.kim.reads()
    _, previews = told(stage, "outcome ERAS 2028", "outcome: not this time\nnews: I apply again next year.")
    assert set(previews) == {LOPEZ, KIM}
    stage.nadia.answers(previews[KIM], "send all", outlook)
    stage.turn()
    note = stage.kim.reads_one().text
    assert "It did not work out this time. I apply again next year." in " ".join(note.split())
    assert "as grateful for your letter as I would have been with another result" in note
    assert "Congratulations" not in note
    stage.nadia.reads()
    _, rhodes = told(stage, "outcome Rhodes", "outcome: accepted")
    assert set(rhodes) == {KIM}
    assert "Rhodes" in shown(rhodes[KIM])
