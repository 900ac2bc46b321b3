"""A backup for every letter: named, or proposed by fit; promoted only with the applicant's word."""

from dataclasses import replace
from typing import Any

import pytest
from dossiers import NOW, WRITER, after, answer, decided, rich, templates, written
from test_choices import BOUNCED, DECIDE, KEY, SILENT, asked, open_questions, replied, says

from lorbot.core import letters, view
from lorbot.core.application import Application
from lorbot.core.backups import Backup, backup_for
from lorbot.core.dossier import Dossier, Letter, Mentor, State

TODAY = view.local_day(NOW, "America/New_York")
TWO = "On 5 West I presented Mr. H. In May I taught the interns."


def unnamed() -> Dossier:
    """Nobody is named as a backup: Kim is in no plan, Chen writes already."""
    return rich().with_mentor(replace(rich().mentor("m2"), backup_for=""))


def with_mentors(dossier: Dossier, *more: dict[str, Any]) -> Dossier:
    made = (Mentor(**{"id": f"m{9 + n}", "worked_together": TWO} | given) for n, given in enumerate(more))
    return replace(dossier, mentors=(*dossier.mentors, *made))


def name_of(dossier: Dossier) -> tuple[str, bool, bool]:
    found = backup_for(dossier, dossier.letter("l1"), TODAY)
    return (found.mentor.name, found.named, found.planned) if found else ("", False, False)


def test_who_was_named_comes_first_and_else_somebody_is_proposed() -> None:
    assert name_of(rich()) == ("Sam Kim, MD", True, False)
    assert name_of(unnamed()) == ("Sam Kim, MD", False, False)


def test_a_proposal_goes_by_the_review_and_not_by_the_order_of_the_list() -> None:
    hardly = {"name": "Dr. Ada Byron", "email": "ada@x.example", "closeness": "hardly"}
    well = {"name": "Dr. Ruth Stein", "email": "ruth@x.example", "closeness": "well", "known_since": "2020"}
    assert name_of(with_mentors(unnamed(), hardly, well)) == ("Dr. Ruth Stein", False, False)
    without_address = well | {"email": ""}
    assert name_of(with_mentors(unnamed(), hardly, without_address)) == ("Sam Kim, MD", False, False)


@pytest.mark.parametrize("state", [s for s in State if s not in letters.ASKABLE])
def test_who_writes_or_has_answered_for_this_application_is_not_proposed(state: State) -> None:
    busy = rich().with_letter(Letter(id="l4", mentor="m2", application="a1", state=state))
    assert name_of(busy) == ("", False, False)
    elsewhere = rich().with_letter(Letter(id="l4", mentor="m2", application="a2", state=state))
    assert name_of(elsewhere) == ("Sam Kim, MD", True, False)


def test_who_is_in_the_plan_and_not_asked_yet_comes_last() -> None:
    planned = unnamed().with_letter(Letter(id="l4", mentor="m2", application="a1"))
    assert name_of(planned) == ("Sam Kim, MD", False, True)
    free = {"name": "Dr. Ada Byron", "closeness": "hardly"}
    assert name_of(with_mentors(planned, free)) == ("Dr. Ada Byron", False, False)


def test_somebody_elses_backup_is_proposed_after_the_others() -> None:
    other = with_mentors(rich(), {"name": "Dr. Ada Byron", "email": "ada@x.example", "closeness": "hardly"})
    found = backup_for(other, other.letter("l2"), TODAY)
    assert found == Backup(mentor=other.mentor("m9"), named=False)


# -- the word `backup` -------------------------------------------------------------------------------------------


def test_a_proposed_backup_is_named_in_the_question_and_shown_on_the_word() -> None:
    before = asked("silent", SILENT, State.SILENT, base=unnamed())
    question = before.mail(KEY)
    assert question is not None
    assert "- **backup**: I show you the ask to Sam Kim, MD, whom you have not asked for this yet" in question.text
    dossier = replied(before, "backup")
    assert [p.mail.to.email for p in dossier.previews] == ["kim@hospital.example"]
    assert (dossier.letter("l1").state, open_questions(dossier)) == (State.CANCELLED, [])


def test_where_the_named_one_declined_it_is_said_and_the_next_one_shown() -> None:
    base = rich().with_letter(Letter(id="l4", mentor="m2", application="a1", state=State.DECLINED))
    base = with_mentors(base, {"name": "Dr. Ruth Stein", "email": "ruth@x.example"})
    before = asked("silent", SILENT, State.SILENT, base=base)
    dossier = replied(before, "backup")
    assert [p.mail.to.email for p in dossier.previews] == ["ruth@x.example"]
    told = says(before, "backup")
    assert "Sam Kim, MD has declined for this application" in told
    assert "The ask to Dr. Ruth Stein follows" in told


def test_who_wants_no_mail_is_passed_over_for_the_next_one() -> None:
    base = rich().with_mentor(replace(rich().mentor("m2"), never=True))
    base = with_mentors(base, {"name": "Dr. Ruth Stein", "email": "ruth@x.example"})
    before = asked("silent", SILENT, State.SILENT, base=base)
    assert [p.mail.to.email for p in replied(before, "backup").previews] == ["ruth@x.example"]
    assert "Sam Kim, MD asked to get no more mail." in says(before, "backup")


@pytest.mark.parametrize(
    ("change", "letter", "sentence"),
    [
        ({"email": ""}, None, "The address of Sam Kim, MD is missing"),
        ({"never": True}, None, "Sam Kim, MD asked to get no more mail."),
        ({}, State.DECLINED, "Sam Kim, MD has declined for this application"),
        ({}, State.WITHDRAWN, "Sam Kim, MD has withdrawn for this application"),
        ({}, State.PACKET_SENT, "Sam Kim, MD has already been asked for this application."),
        ({}, State.ASKED, "Sam Kim, MD has already been asked for this application."),
        ({"worked_together": ""}, None, "Before I show you the ask to Sam Kim, MD, I need a few words"),
    ],
)
def test_a_backup_who_cannot_be_asked_closes_nothing(
    change: dict[str, Any], letter: State | None, sentence: str
) -> None:
    base = rich().with_mentor(replace(rich().mentor("m2"), **change))
    base = base.with_letter(Letter(id="l4", mentor="m2", application="a1", state=letter)) if letter else base
    before = asked("silent", SILENT, State.SILENT, base=base)
    dossier = replied(before, "backup")
    assert sentence in says(before, "backup")
    assert (dossier.letter("l1").state, dossier.previews) == (State.SILENT, ())
    assert KEY in open_questions(dossier)


def test_a_backup_whose_story_is_missing_is_asked_about_and_then_shown() -> None:
    base = rich().with_mentor(replace(rich().mentor("m2"), worked_together="two years in your lab"))
    dossier = replied(asked("silent", SILENT, State.SILENT, base=base), "backup")
    (held,) = [q for q in dossier.questions if q.topic == "episodes"]
    dossier = replied(dossier, "I built the cohort in 2026 and presented the poster in May.", key=held.id)
    assert [p.mail.to.email for p in dossier.previews] == ["kim@hospital.example"]
    assert "two years in your lab. I built the cohort in 2026" in dossier.previews[0].mail.text


def test_backup_after_a_bounce_closes_the_letter() -> None:
    dossier = replied(asked("bounced", BOUNCED, State.BOUNCED), "backup")
    assert (dossier.letter("l1").state, len(dossier.previews), open_questions(dossier)) == (State.CANCELLED, 1, [])


def test_backup_after_a_bounced_packet_leaves_the_question_for_the_address_open() -> None:
    dossier = replied(asked("bounced", BOUNCED, State.PACKET_SENT), "backup")
    assert (dossier.letter("l1").state, len(dossier.previews), open_questions(dossier)) == (
        State.PACKET_SENT, 1, [KEY],
    )  # fmt: skip


def test_nobody_is_promoted_without_a_word() -> None:
    for topic, choices, state in (("declined", DECIDE, State.DECLINED), ("silent", SILENT, State.SILENT)):
        dossier = asked(topic, choices, state, base=unnamed())
        assert dossier.previews == ()
        assert [x.mentor for x in dossier.letters] == ["m1", "m3", "m3"]


# -- where it is told ----------------------------------------------------------------------------------------------


def test_mentor_ask_and_status_say_who_would_take_over() -> None:
    named, proposed = rich(), unnamed()
    alone = replace(unnamed(), mentors=tuple(m for m in unnamed().mentors if m.id != "m2"))
    told = {
        "named": ("Your backup, should Dr. Lopez not write: Sam Kim, MD.", named),
        "proposed": ("I would propose Sam Kim, MD; to settle it,", proposed),
        "nobody": ("No backup is there, should Dr. Lopez not write", alone),
    }
    for sentence, dossier in told.values():
        assert sentence in answer(decided(dossier, "mentor Dr. Elena Lopez", "for: ERAS"))
        assert sentence in answer(decided(dossier, "ask Lopez for ERAS"))
    assert "- for Dr. Elena Lopez: Sam Kim, MD, named by you" in answer(decided(named, "status"))
    assert "- for Dr. Elena Lopez: Sam Kim, MD, my proposal" in answer(decided(proposed, "status"))
    assert "No backup is there for Dr. Elena Lopez and Dr. Wei Chen." in answer(decided(alone, "status"))


# -- the ask that is held back ---------------------------------------------------------------------------------------


def thin(together: str = "I was your sub-intern on 5 West.") -> Dossier:
    return rich().with_mentor(replace(rich().mentor("m1"), worked_together=together))


def held() -> Dossier:
    dossier = after(thin(), "ask Lopez for ERAS", "I hope that you are well.")
    assert (dossier.previews, [q.topic for q in dossier.questions]) == ((), ["episodes"])
    return dossier


def key(dossier: Dossier) -> str:
    return dossier.questions[0].id


@pytest.mark.parametrize(
    ("together", "sentence"),
    [
        ("", "I do not know yet what you and Dr. Elena Lopez did together"),
        ("two years in your lab", "What I do not see yet is what happened there"),
        ("I presented well", "I cannot see where, when or with whom it was"),
        ("I led the family meeting of Mr. H.", "- I led the family meeting of Mr. H.\n"),
    ],
)
def test_a_held_back_ask_shows_what_was_given_and_what_is_missing(together: str, sentence: str) -> None:
    decision = decided(thin(together), "ask Lopez for ERAS")
    assert templates(decision) == ["applicant/needs_episodes"]
    text = answer(decision)
    assert sentence in text
    assert together in text
    assert "    episode: In March on 5 West I presented Mr. H." in text
    assert decision.dossier.letter("l1").state is State.PLANNED


@pytest.mark.parametrize(
    "words",
    ["ask anyway", "Insist", "I insist.\n\nNadia", "as it is: yes", "Please ask her anyway!"],
)
def test_who_insists_gets_the_preview_with_the_lines_of_the_ask_and_is_never_held_back_again(words: str) -> None:
    dossier = replied(held(), words, key=key(held()))
    (preview,) = dossier.previews
    assert "I hope that you are well." in preview.mail.text
    assert dossier.questions == ()
    skipped = replied(dossier, "skip", key=preview.id)
    assert templates(decided(skipped, "ask Lopez for ERAS")) == ["applicant/preview"]
    assert templates(decided(skipped, "ask Lopez for Garden")) == ["applicant/preview"]


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("ask Lopez for ERAS anyway", ""), ("ask Lopez for ERAS", "as it is: yes"),
        ("ask Lopez for ERAS", "as it is: yes\nDo you remember Mr. H.?"),
        ("ask Lopez for ERAS", "episode: I led the meeting of Mr. H. and presented him in May."),
    ],
)  # fmt: skip
def test_one_may_insist_or_tell_more_in_the_ask_itself(subject: str, words: str) -> None:
    assert templates(decided(thin(), subject, words)) == ["applicant/preview"]


def test_one_may_insist_in_the_mentors_form() -> None:
    dossier = after(held(), "mentor Dr. Elena Lopez", "as it is: yes")
    assert dossier.questions == ()
    assert templates(decided(dossier, "ask Lopez for ERAS")) == ["applicant/preview"]


@pytest.mark.parametrize(
    "words",
    [
        "episode: I led the family meeting of Mr. H.\nepisode: In May I presented him at morning report.",
        "I led the family meeting of Mr. H., and in May I presented him at morning report.\n\nThanks,\nNadia",
        "worked together: I led the family meeting of Mr. H.\n  In May I presented him at morning report.",
    ],
)
def test_what_is_told_is_added_and_the_ask_shown(words: str) -> None:
    dossier = replied(held(), words, key=key(held()))
    (preview,) = dossier.previews
    together = dossier.mentor("m1").worked_together
    assert together.startswith("I was your sub-intern on 5 West. I led the family meeting of Mr. H.")
    assert "presented him at morning report" in preview.mail.text
    assert dossier.questions == ()


def test_one_episode_is_kept_and_one_more_asked_for() -> None:
    before = held()
    dossier = replied(before, "episode: I led the family meeting of Mr. H.", key=key(before))
    assert dossier.previews == ()
    assert "I led the family meeting of Mr. H." in dossier.mentor("m1").worked_together
    again = replied(dossier, "ask anyway", key=f"{key(before)}-again")
    assert len(again.previews) == 1


@pytest.mark.parametrize("words", ["What do you mean?", "I have no idea, she is busy", "hm"])
def test_what_tells_nothing_is_not_added(words: str) -> None:
    before = held()
    decision = decided(before, "Re: x", words, answers=key(before))
    assert templates(decision) == ["applicant/question_unclear"]
    assert decision.dossier.mentors == before.mentors


def test_several_asks_are_held_back_one_by_one_and_the_others_shown() -> None:
    decision = decided(thin(), "ask Lopez and Kim for ERAS")
    assert templates(decision) == ["applicant/needs_episodes", "applicant/preview"]
    assert len(written(decision)) == 2


def test_an_ask_that_was_shown_and_is_held_back_by_now_is_planned_again() -> None:
    shown = after(rich(), "ask Lopez for ERAS")
    dossier = after(shown, "mentor Dr. Elena Lopez", "worked together: on 5 West\nfor: ERAS")
    dossier = after(dossier, "ask Lopez for ERAS")
    assert (dossier.letter("l1").state, dossier.previews) == (State.PLANNED, ())


def test_asking_twice_holds_back_once() -> None:
    dossier = after(held(), "ask Lopez for ERAS")
    assert [q.topic for q in dossier.questions] == ["episodes"]


def test_an_account_that_replaces_another_says_so_and_an_episode_adds() -> None:
    text = answer(decided(rich(), "mentor Dr. Elena Lopez", "worked together: I ran the clinic in May.\nfor: ERAS"))
    assert "> I was your sub-intern on 5 West. I led the family meeting of Mr. H." in text
    dossier = after(rich(), "mentor Dr. Elena Lopez", "episode: I ran the clinic in May.\nfor: ERAS")
    assert dossier.mentor("m1").worked_together == f"{rich().mentor('m1').worked_together} I ran the clinic in May."


def test_an_application_without_letters_has_no_backups_to_speak_of() -> None:
    bare = replace(rich(), applications=(*rich().applications, Application(id="a3", name="Third")))
    assert "Third" in answer(decided(bare, "status"))
    assert WRITER.write(decided(bare, "status"), NOW).previews == ()
