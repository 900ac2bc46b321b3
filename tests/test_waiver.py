"""The waiver: only what is unmistakable is recorded, and everything that speaks of it says the same."""

import pytest
from dossiers import NOW, WRITER, after, answer, decided, previewed, rich, small, to_mentors
from hypothesis import given
from hypothesis import strategies as st

from lorbot.core import waiver, writing
from lorbot.core.correspondence import Purpose
from lorbot.core.dossier import Dossier
from lorbot.core.policy import Policy
from lorbot.core.waiver import NOT_WAIVED, WAIVED
from lorbot.mail.render import Renderer


@pytest.mark.parametrize(
    ("said", "recorded"),
    [
        ("yes", WAIVED), ("Waive", WAIVED), ("waived", WAIVED), ("I waive my right to see", WAIVED),
        ("Yes, I waive my right to see the letters.", WAIVED), ("I hereby waive all rights of access", WAIVED),
        ("I have waived my right to see the letters", WAIVED), ("my right is waived", WAIVED),
        ("I give up my right to read them", WAIVED), ("I waive my FERPA rights, thanks", WAIVED),
        ("no", NOT_WAIVED), ("do not waive", NOT_WAIVED), ("I don’t waive", NOT_WAIVED), ("not waived", NOT_WAIVED),
        ("I have not waived my right to see the letters", NOT_WAIVED), ("I want to keep my right", NOT_WAIVED),
        ("No, I do not waive my right to see my letters of recommendation", NOT_WAIVED), ("won't waive", NOT_WAIVED),
        ("no, waived", ""), ("yes, I do not waive", ""), ("perhaps", ""), ("not sure", ""), ("not yet", ""),
        ("I don't mind waiving", ""), ("waive for Dr. Lopez only", ""), ("should I waive?", ""), ("waive?", ""),
        ("I do not know", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_choice_as_people_write_it(said: str, recorded: str) -> None:
    assert waiver.stated_in(said) == recorded


@given(st.text(alphabet="waivenot yI'rghmd,.", max_size=60))
def test_no_text_is_both(said: str) -> None:
    stated = waiver.stated_in(said)
    assert stated in {WAIVED, NOT_WAIVED, ""}
    if stated == WAIVED:
        assert not {"not", "no", "never", "don't"} & set(said.lower().replace(",", " ").replace(".", " ").split())


def packet(dossier: Dossier) -> str:
    draft = writing.to_mentor(dossier, Purpose.PACKET, [dossier.letter("l1")], policy=Policy(), now=NOW)
    return Renderer().render(draft.template, draft.context).text


@pytest.mark.parametrize(
    ("said", "sentence"),
    [("waive", "I have waived my right to see the letter"), ("no", "I have not waived my right to see the letter")],
)
def test_what_was_recorded_is_echoed_understood_again_and_in_the_packet(said: str, sentence: str) -> None:
    decision = decided(rich(), "profile", f"waiver: {said}")
    echoed = next(line for line in answer(decision).split("\n") if line.startswith("- waiver: "))
    assert echoed == f"- waiver: {sentence}s"
    assert waiver.stated_in(echoed.removeprefix("- waiver: ")) == decision.dossier.applicant.waiver
    assert f"- Confidentiality: under FERPA, {sentence}\n" in packet(decision.dossier)
    assert ("What that means:" in answer(decision)) is (said == "no")


def unsaid() -> Dossier:
    return Dossier(**{**vars(rich()), "applicant": small().applicant})


def test_where_nothing_is_recorded_the_packet_is_silent_and_the_preview_asks() -> None:
    assert "right to see" not in packet(unsaid())
    head = answer(decided(unsaid(), "ask Lopez for ERAS")).partition("the mail begins")[0]
    assert "You have not told me whether you waive your right to see the letter." in head
    assert "You have not told me" not in answer(decided(rich(), "ask Lopez for ERAS"))


@pytest.mark.parametrize(
    ("words", "recorded", "sent"),
    [
        ("send\nwaiver: I waive my right to see the letters", WAIVED, True),
        ("waiver: do not waive\n\nsend", NOT_WAIVED, True),
        ("waiver: no\n\nThanks,\nNadia", NOT_WAIVED, False),
        ("send\nwaiver: not sure", "", False),
        ("edit\nDear Dr. Lopez,\n\nwaiver: I waive my right to see the letters", "", False),
    ],
)
def test_the_waiver_may_stand_in_the_answer_to_a_preview(words: str, recorded: str, sent: bool) -> None:
    before = previewed(unsaid())
    dossier = after(before, "Re: Shall I", words, answers=before.previews[0].id)
    assert dossier.applicant.waiver == recorded
    assert bool(to_mentors(dossier)) is sent
    if not sent:
        assert len(dossier.previews) == 1


def test_an_answer_that_says_the_waiver_alone_is_told_that_the_ask_still_waits() -> None:
    before = previewed(unsaid())
    text = answer(decided(before, "Re: x", "waiver: no", answers=before.previews[0].id))
    assert "“I have not waived my right to see the letters.”" in text
    assert "**Nothing was sent.**" in text
    again = WRITER.write(decided(before, "Re: x", "waiver: no", answers=before.previews[0].id), NOW)
    assert to_mentors(after(again, "Re: x", "send", answers=f"{before.previews[0].id}-again"))
