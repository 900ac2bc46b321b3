"""What one mail asks for: commands in their order, sentences that mean one, and what is none."""

from dataclasses import replace
from time import process_time

import pytest
from dossiers import answer, attachment, decided, previewed, rich, templates, to_mentors, written
from hypothesis import given, settings
from hypothesis import strategies as st

from lorbot.core import commands, orders
from lorbot.core.commands.base import Command, Request, answered
from lorbot.core.correspondence import Purpose
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier
from lorbot.core.order import Doubt, Item

NADIA = "Nadia Rahman"
FORMS = "mentor Dr. Ann Stein\nemail: stein@x.example\nrole: research\n\nmentor Dr. Bo Byron\nemail: byron@x.example"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands that are built elsewhere, by their names alone."""

    def handle(request: Request, dossier: Dossier) -> Decision:
        return answered(dossier, request, "paused", why=f"{request.command} {request.argument}", was=False)

    kinds = {"agreed": "NAME [for APPLICATION]", "declined": "NAME [for APPLICATION]", "talked": "NAME",
             "remind": "NAME", "thank": "NAME", "cancel": "NAME", "forget": "me or NAME", "history": "[NAME]",
             "plan": "", "export": ""}  # fmt: skip
    made = tuple(
        Command(name=name, words=(name,), does="x", example="x", handle=handle, argument=kind)
        for name, kind in kinds.items()
    )
    monkeypatch.setattr(commands, "COMMANDS", (*commands.COMMANDS, *made))


def said(item: Item) -> str:
    if isinstance(item, Doubt):
        return "? " + " | ".join(m.line for m in item.meanings)
    return f"{item.command.name} {item.argument}".strip()


def found(subject: str, words: str = "") -> list[str]:
    return [said(item) for item in orders.in_mail(rich(), subject, words, NADIA).items]


# -- several commands in one mail --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "words", "asked"),
    [
        ("status", "pause", ["status", "pause"]),
        ("", "status\npause", ["status", "pause"]),
        ("", "status\n\npause\n\nThanks,\nNadia", ["status", "pause"]),
        ("", "received Lopez\nreceived Kim", ["received Lopez", "received Kim"]),
        ("Hello", FORMS, ["mentor Dr. Ann Stein", "mentor Dr. Bo Byron"]),
        ("", FORMS.replace("\n\n", "\n"), ["mentor Dr. Ann Stein", "mentor Dr. Bo Byron"]),
        ("mentor Dr. Ann Stein", "email: a@x.example\n\nask Dr. Stein", ["mentor Dr. Ann Stein", "ask Dr. Stein"]),
        ("status", "status", ["status"]),
        ("received Lopez", "Dr. Lopez's letter is in.", ["received Lopez"]),
        ("mentor Dr. Bo Byron", "Subject: mentor Dr. Bo Byron\nemail: b@x.example", ["mentor Dr. Bo Byron"]),
        ("ask Dr. Lopez", "You taught me well.\n\nask Dr. Kim", ["ask Dr. Lopez", "ask Dr. Kim"]),
        ("cv", "Here it is.\n\nPlease also ask Dr. Kim for ERAS.",
         ["cv", "ask Sam Kim, MD for ERAS 2028, internal medicine"]),
    ],
)  # fmt: skip
def test_each_command_of_a_mail_is_found_once_and_in_order(subject: str, words: str, asked: list[str]) -> None:
    assert found(subject, words) == asked


@pytest.mark.parametrize(
    ("subject", "words", "asked"),
    [
        ("profile", "stage: M4\nstatus: married\nmentor: Dr. Kim\n\ngoal: to match\npause: never", ["profile"]),
        ("mentor Dr. Bo Byron", "worked together:\nstatus\nemail: b@x.example", ["mentor Dr. Bo Byron"]),
        ("mentor Dr. Bo Byron", "highlights: she said\n  pause\nfor: ERAS", ["mentor Dr. Bo Byron"]),
        ("mentor Dr. Bo Byron", "for: ERAS\n\napplication: ERAS", ["mentor Dr. Bo Byron"]),
        ("ask Dr. Lopez", "received your note\n\nReceived with thanks.\n\nGo on\n\nPlease forgive me.",
         ["ask Dr. Lopez"]),
        ("ask Dr. Lopez", "We stood there and said\nstatus\nand laughed.", ["ask Dr. Lopez"]),
        ("outcome ERAS", "I matched at Lakeside.\n\nmatched: yes\n\nThank you, Dr. Lopez.", ["outcome ERAS"]),
        ("status", "> pause\n> ask Dr. Lopez", ["status"]),
        ("Thank you", "", []),
        ("Which one", "I wonder what a pause is.", []),
    ],
)  # fmt: skip
def test_what_stands_in_a_value_or_a_text_or_a_quotation_is_no_command(
    subject: str, words: str, asked: list[str]
) -> None:
    assert found(subject, words) == asked


def test_the_lines_below_a_command_are_its_own() -> None:
    items = orders.in_mail(rich(), "", f"{FORMS}\n\nask Dr. Lopez\nYou taught me.", NADIA).items
    bodies = [item.body for item in items]
    assert bodies == ["email: stein@x.example\nrole: research", "email: byron@x.example", "You taught me."]


def test_one_mail_answers_all_and_what_is_wrong_comes_back_filled_in() -> None:
    words = "pause\n\nmentor Dr. Ann Stein\nemail: stein@\nrole: research\n\nreceived Chen\n\nstatus"
    decision = decided(rich(), "", words)
    text = answer(decision)
    assert decision.dossier.paused
    assert [line for line in text.split("\n") if line.startswith("**")][:4] == [
        "**1. pause**", "**2. mentor Dr. Ann Stein**", "**3. received Chen**", "**4. status**",
    ]  # fmt: skip
    assert "    Subject: mentor Dr. Ann Stein\n" in text
    assert "    role: research" in text
    assert "writes for more than one application" in text
    assert text.count("for all commands, “help”") == 1


def test_a_preview_keeps_a_mail_of_its_own_and_the_answer_says_so() -> None:
    mails = written(decided(rich(), "pause", "ask Dr. Lopez"))
    shown = next(m for m in mails if m.key == "p-l1-ask")
    told = next(m for m in mails if m.key.startswith("r-"))
    assert len(mails) == 2
    assert shown.subject == "Shall I send this to Dr. Elena Lopez?"
    assert "The mail itself comes to you apart" in told.text


def test_two_previews_of_one_ask_are_one() -> None:
    mails = written(decided(rich(), "ask Dr. Lopez", "\nask Elena Lopez for ERAS"))
    assert [m.key for m in mails if m.key.startswith("p-")] == ["p-l1-ask"]


def test_what_is_not_understood_is_named() -> None:
    text = answer(decided(rich(), "", "Please stop everything for now. The weather is nice. Dr. Kim is away."))
    assert "I took this from: “Please stop everything for now.”" in text
    assert "> The weather is nice.\n> Dr. Kim is away." in text


def test_each_file_goes_to_the_command_that_its_name_tells() -> None:
    decision = decided(rich(), "cv", "statement", files=("My_Statement.pdf", "Nadia CV 2027.pdf"))
    assert {m.kind: m.sha256 for m in decision.dossier.materials if m.version == 2 or m.kind == "statement"} == {
        "cv": attachment("Nadia CV 2027.pdf").sha256,
        "statement": attachment("My_Statement.pdf").sha256,
    }
    unclear = decided(rich(), "cv", "statement", files=("one.pdf", "two.pdf"))
    assert unclear.dossier.materials == rich().materials


# -- sentences ---------------------------------------------------------------------------------------------------

ERAS = "ERAS 2028, internal medicine"


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        ("please ask Dr Lopez for my ERAS letter", ["ask Dr Lopez for my ERAS letter"]),
        ("Could you ask Dr. Lopez for a letter of recommendation for ERAS?", [f"ask Dr. Elena Lopez for {ERAS}"]),
        ("I'd like you to ask Dr. Lopez and Dr. Kim for ERAS", [f"ask Dr. Elena Lopez and Sam Kim, MD for {ERAS}"]),
        ("ask Dr. Lopez for ERAS and Dr. Chen for the Garden grant",
         ["ask Dr. Lopez for ERAS", "ask Dr. Wei Chen for Garden grant"]),
        ("Please ask both Elena and Sam", ["ask both Elena and Sam"]),
        ("could you remind Dr. Kim", ["remind Sam Kim, MD"]),
        ("Can you give Dr. Kim a gentle nudge please?", ["remind Sam Kim, MD"]),
        ("Dr. Lopez said yes in person today", ["agreed Dr. Elena Lopez"]),
        ("Great, Dr. Kim has just agreed!", ["agreed Sam Kim, MD"]),
        ("Dr. Kim turned me down", ["declined Sam Kim, MD"]),
        ("Dr. Kim’s letter is in.", ["received Sam Kim, MD"]),
        ("The letters from Dr. Kim and Dr. Chen have arrived", ["received Sam Kim, MD and Dr. Wei Chen"]),
        ("I matched!!", ["outcome"]),
        ("We did not match", []),
        ("I didn't match this year.", ["outcome"]),
        ("please stop everything for now", ["pause"]),
        ("Don't send anything to anyone", ["pause"]),
        ("what's the status?", ["status"]),
        ("how are things going", ["status"]),
        ("Has Dr. Kim answered yet?", ["status"]),
        ("here is my new CV", ["cv"]),
        ("My updated résumé is attached.", ["cv"]),
        ("thank Dr. Lopez for me", ["thank Dr. Lopez for me"]),
        ("What did Dr. Kim say?", ["history Sam Kim, MD"]),
        ("I talked to Dr. Kim yesterday", ["talked Sam Kim, MD"]),
        ("Delete all my data", ["forget me"]),
        ("forget me", ["forget me"]),
        ("status\n\nforget Dr. Kim\n\nforget about the notes", ["status", "forget Dr. Kim"]),
        ("pause and remind Dr. Kim", ["pause", "remind Sam Kim, MD"]),
        ("Thanks! Please remind Dr. Kim. And Dr. Lopez said yes.", ["remind Sam Kim, MD", "agreed Dr. Elena Lopez"]),
        # two meanings, or one that is not sure
        ("drop Dr. Kim", ["drop Dr. Kim"]),
        ("Stop writing to Dr. Kim", ["? cancel Sam Kim, MD | pause"]),
        ("Dr. Kim has submitted the letter", ["? received Sam Kim, MD"]),
        ("Dr. Kim can't write a letter for me", ["? declined Sam Kim, MD"]),
        ("Could you also please pause?", ["pause"]),
        ("received Lopez?", ["? received Lopez"]),
        ("pause?", ["? pause"]),
    ],
)  # fmt: skip
def test_a_clear_sentence_is_a_command(sentence: str, asked: list[str]) -> None:
    assert found("", sentence) == asked


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize(
    "sentence",
    [
        "should I ask Dr Lopez?", "don't ask Dr. Kim yet", "Please don't remind Dr. Kim.", "if I matched I am glad",
        "If Dr. Kim said yes, then thank Dr. Lopez.", "I asked Dr. Kim", "I will ask Dr. Kim myself",
        "Dr. Kim never said yes", "Dr. Kim didn't turn me down", "Dr. Kim might have said yes", "Has Dr. Kim agreed",
        "Dr. Kim said yes?", "I should thank Dr. Kim", "Maybe you could remind Dr. Kim", "I hope I matched",
        "Did I say that I matched?", "My friend said: I matched!", "Is Dr. Kim's letter good?", "I would stop",
        "do not stop everything for now", "You were about to remind Dr. Kim", "She said yes",
        "Dr. Kim’s letter is not in", "Nobody told me that Dr. Kim turned me down", "My mother said yes",
        "Could you tell Dr. Lopez that her house is in order", "He is my new CV", "I was not accepted at all",
    ],
)  # fmt: skip
def test_what_is_denied_imagined_asked_or_past_is_never_the_command(sentence: str) -> None:
    changing = [s for s in found("", sentence) if not s.startswith(("status", "history"))]
    assert changing == []
    assert [s for s in found(sentence) if not s.startswith(("status", "history"))] == []


def test_the_answer_says_how_a_sentence_was_taken_and_nothing_goes_to_a_mentor() -> None:
    decision = decided(rich(), "could you please ask Dr Lopez for my ERAS letter?")
    text = answer(decision)
    assert text.startswith(
        f"I took “could you please ask Dr Lopez for my ERAS letter?” as: **ask Dr. Elena Lopez for {ERAS}**"
    )
    assert to_mentors(decision.dossier) == []


# -- answers that say more ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "send. And what's the status?",
        "send\n\nstatus",
        "Send it, and pause please",
        "Hi lorbot,\nsend\nAlso how are things?",
    ],
)
def test_an_answer_and_a_wish_are_both_done(words: str) -> None:
    decision = decided(previewed(), "Re: Shall I", words, answers="p-l1-ask")
    assert to_mentors(decision.dossier) == [(Purpose.ASK, "lopez@hospital.example", "queued")]
    assert answer(decision).startswith("**1. send")
    assert "\n**2. " in answer(decision)


@pytest.mark.parametrize(
    "words",
    [
        "send\nedit\n\nstatus",
        "edit the greeting\n\nstatus",
        "send. And do the thing.",
        "send, but status",
        "status. And change the second line.",
        "ask Lopes. send",
        "send\nif I matched",
    ],
)
def test_where_any_of_it_is_not_clear_neither_is_done(words: str) -> None:
    decision = decided(previewed(), "Re: Shall I", words, answers="p-l1-ask")
    assert templates(decision) == ["applicant/preview_unclear"]
    assert len(decision.dossier.previews) == 1


@pytest.mark.parametrize(
    "words", ["edit\nDear you,\n\npause\n\nstatus", "edit: Dear Dr. Lopez,\n\nstatus\n\nYours, Nadia"]
)
def test_behind_edit_all_is_text(words: str) -> None:
    decision = decided(previewed(), "Re: Shall I", words, answers="p-l1-ask")
    assert templates(decision) == ["applicant/preview"]
    assert not decision.dossier.paused


def test_a_wish_under_an_old_subject_is_taken_as_the_wish() -> None:
    assert templates(decided(rich(), "Re: pause", "status")) == ["applicant/status"]
    assert templates(decided(rich(), "Re: Done: Dr. Lopez", "also please pause", answers="r-old")) == [
        "applicant/paused"
    ]


# -- whatever comes ----------------------------------------------------------------------------------------------

BLOCKS = {
    "pause": "pause\n",
    "status": "status please\n",
    "received Chen for ERAS": "received Chen for ERAS\n",
    "mentor Dr. Ann Stein": "mentor Dr. Ann Stein\nemail: stein@x.example\nworked together: we led\n  the ward\n",
    "mentor Dr. Bo Byron": "mentor Dr. Bo Byron\nrole: research\nsince: 2024\n",
    "application Rhodes": "application Rhodes\ndeadline: 1 Oct 2027\n",
    "ask Dr. Lopez": "ask Dr. Lopez\nYou taught me to listen.\n\nAnd to wait.\n",
    "outcome Garden grant": "outcome Garden grant\nI got it, and am glad.\n",
    "help": "help ask\n",
}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(sorted(BLOCKS)), min_size=1, max_size=6, unique=True), st.booleans())
def test_of_a_mail_made_of_commands_each_is_done_exactly_once(names: list[str], titled: bool) -> None:
    body = "\n".join(BLOCKS[name] for name in names)
    subject, words = (body.partition("\n")[0], body.partition("\n")[2]) if titled else ("", body)
    event_orders = orders.in_mail(rich(), subject, words, NADIA)
    known = [said(item) for item in event_orders.items]
    assert known == ["help ask" if name == "help" else name for name in names]
    assert event_orders.left == ()
    decision = decided(rich(), subject, words)
    written(decision)
    assert [m.name for m in decision.dossier.mentors].count("Dr. Ann Stein") == ("mentor Dr. Ann Stein" in names)
    assert decision.dossier.paused == ("pause" in names)
    assert sum(w.startswith("received: ") for w in decision.why) == ("received Chen for ERAS" in names)


PIECES = st.one_of(
    st.text(max_size=60),
    st.sampled_from([*BLOCKS.values(), "ask Lopez", "received Lopes", "Dr. Kim said yes.", "drop Dr. Kim", "> pause",
                     "send", "the second", "yes", "email: x", "Subject: mentor X", "mentor", "ask for", "a and b for c",
                     "and and and", "Dr.", "ask Dr. for Dr. for", "material x", "help ?", "?", "Re:", "write: x"]),
)  # fmt: skip
WAITING = previewed()


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=5), PIECES, st.sampled_from(["", "p-l1-ask", "r-x", "w-x"]))
def test_no_text_of_any_kind_makes_the_desk_raise(pieces: list[str], subject: str, answers: str) -> None:
    decision = decided(WAITING, subject, "\n".join(pieces), answers=answers)
    keys = [m.key for m in written(decision)]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    "words",
    [
        "ask Dr. Lopez and " * 8_000,
        "status\n\n" * 20_000,
        "a b and c. " * 15_000,
        "Dr. Lopez\n" * 15_000,
        "ask Dr. Lopez\n\nx\n\n" * 8_000,
        "mentor Dr. Ann Stein\nemail: a@x.example\n\n" * 3_000,
        ("and " * 45 + "\n") * 800,
    ],
)
def test_a_long_mail_takes_time_in_proportion(words: str) -> None:
    begun = process_time()
    orders.in_mail(replace(rich()), "", words[:160_000], NADIA)
    assert process_time() - begun < 20  # some seconds on a busy machine; minutes where it is not in proportion
