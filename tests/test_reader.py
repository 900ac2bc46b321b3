"""The reader: labels, what it may act on alone, kinds, and that nothing makes it raise or slow."""

import json
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lorbot.core.message import Attachment, Origin
from lorbot.core.reading import Absence, Colleague, Evidence, FoundDate, Kind, Reading, Signal, Stage, Stance
from lorbot.reading.colleagues import find_colleagues
from lorbot.reading.evaluate import Score, labelled_lines, measure
from lorbot.reading.reader import Reader, RuleReader, Said
from lorbot.reading.report import LineUnreadableError, explain, outcomes, read_lines, row
from lorbot.reading.sentences import INPUT_LIMIT, sentences

ON = date(2026, 9, 1)  # a Tuesday
READER: Reader = RuleReader()
REPLIES = (Path(__file__).parent / "replies.jsonl").read_text(encoding="utf-8").splitlines()


def read(words: str, stage: Stage = Stage.ASKED) -> Reading:
    return READER.read(Said(words=words, stage=stage, written_on=ON))


@pytest.mark.parametrize("line", REPLIES, ids=[json.loads(line)["id"] for line in REPLIES])
def test_every_labelled_reply_is_read_as_labelled(line: str) -> None:
    reply = next(labelled_lines([line], ON))
    reading = READER.read(reply.said)
    assert (reading.kind, reading.stance, reading.signals) == (Kind.HUMAN, reply.stance, reply.signals)


def test_a_plain_yes_is_acted_on_and_shows_its_sentence() -> None:
    words = "Happy to! When do they need it?"
    assert read(words) == Reading(
        kind=Kind.HUMAN,
        stance=Stance.YES,
        signals=frozenset({Signal.ASKS_DEADLINE}),
        evidence=(
            Evidence(label="yes", sentence="Happy to!"),
            Evidence(label="asks_deadline", sentence="When do they need it?"),
        ),
        confidence=0.95,
        acts=True,
        words=words,
    )


@pytest.mark.parametrize(
    "words",
    [
        "Sure.",
        "Yes, I would be honored to write you a strong letter.",
        "Of course! Send me your CV.",
        "I wouldn't hesitate for a second. Absolutely.",
        "No problem at all.",
        "Gladly. Which portal?",
    ],
)
def test_a_yes_without_reservation_is_acted_on(words: str) -> None:
    assert (read(words).stance, read(words).acts) == (Stance.YES, True)


@pytest.mark.parametrize(
    "words",
    [
        "Yes, if the dean allows it.",
        "Sure, I guess.",
        "Yes, though it would be short.",
        "Happy to, but I hardly know you.",
        "Yes. I met you briefly on two shifts.",
        "Of course. Can we talk first?",
        "Yes, you write it and I'll sign.",
        "Yes. Remind me again in October.",
        "Sure, but ask Dr. Okafor as well, she saw more of you.",
        "Yes to lunch. The letter should come from someone else.",
        "Of course I'll read your statement!",
        "Yes, unless my surgery is moved.",
        "I would love to, but I can't.",
        "Yes, and it will be an honest one.",
        "Yes. The link is dead, though.",
        "Can't.",
        "",
    ],
)
def test_anything_short_of_a_plain_yes_waits_for_the_applicant(words: str) -> None:
    assert read(words).acts is False


@pytest.mark.parametrize("stage", [Stage.AGREED, Stage.REMINDED, Stage.UPDATED])
@pytest.mark.parametrize("words", ["Submitted!", "I uploaded it this morning.", "It's in."])
def test_a_plain_report_of_submission_is_acted_on(stage: Stage, words: str) -> None:
    reading = read(words, stage)
    assert (reading.stance, reading.signals, reading.acts) == (Stance.NONE, frozenset({Signal.SUBMITTED}), True)


@pytest.mark.parametrize(
    "words",
    [
        "I uploaded Peter's this morning.",
        "I will have it submitted tomorrow.",
        "I tried to upload it but the page gives an error.",
        "One of three is submitted, the other link is dead.",
        "Sure.",
        "Have you submitted yours?",
        "I sent it and it came back.",
    ],
)
def test_no_doubtful_report_is_acted_on(words: str) -> None:
    assert read(words, Stage.REMINDED).acts is False


def test_a_plain_yes_after_a_yes_is_not_a_first_yes() -> None:
    assert read("Sure.", Stage.AGREED).acts is False


def test_a_long_yes_is_left_to_the_applicant() -> None:
    assert read("Yes. " + "We remember the night clinic and the singing. " * 8).acts is False


@pytest.mark.parametrize(
    ("words", "stance"),
    [
        ("I can’t think of anyone I’d rather write for.", Stance.YES),
        ("I can't see why not.", Stance.YES),
        ("cant do it this yr, sorry", Stance.NO),
        ("I won’t be able to write one.", Stance.NO),
        ("I don't need to think about that. Put me down.", Stance.YES),
    ],
)
def test_negations_are_read_for_what_they_mean(words: str, stance: Stance) -> None:
    assert read(words).stance is stance


@pytest.mark.parametrize(
    ("origin", "kind"), [(Origin.BOUNCE, Kind.BOUNCE), (Origin.BULK, Kind.OTHER), (Origin.SELF, Kind.OTHER)]
)
def test_mail_that_no_person_wrote_is_not_read_as_an_answer(origin: Origin, kind: Kind) -> None:
    said = Said(words="Yes, of course.", stage=Stage.ASKED, written_on=ON, origin=origin)
    assert READER.read(said) == Reading(kind=kind, confidence=1.0, words="Yes, of course.")


def test_an_automatic_reply_gives_the_day_of_return() -> None:
    words = "I am out of the office until 14 September. Please contact Rosa Diaz at rdiaz@example.org."
    said = Said(words=words, stage=Stage.ASKED, written_on=ON, origin=Origin.AUTO_REPLY)
    assert READER.read(said) == Reading(
        kind=Kind.AUTO_REPLY,
        signals=frozenset({Signal.REDIRECT}),
        evidence=(Evidence(label="absence", sentence="I am out of the office until 14 September."),),
        dates=(FoundDate(on=date(2026, 9, 14), words="14 September"),),
        back_on=date(2026, 9, 14),
        absence=Absence.AWAY,
        colleagues=(Colleague(name="Rosa Diaz", email="rdiaz@example.org"),),
        confidence=0.95,
        acts=True,
        words=words,
    )


def test_an_absence_without_a_date_is_not_acted_on() -> None:
    said = Said(words="I am on vacation.", stage=Stage.ASKED, written_on=ON, origin=Origin.AUTO_REPLY)
    assert (READER.read(said).kind, READER.read(said).back_on, READER.read(said).acts) == (Kind.AUTO_REPLY, None, False)


def test_an_out_of_office_note_is_known_by_its_words_when_the_headers_are_silent() -> None:
    assert read("I am out of the office until October 5 with limited access to email.").kind is Kind.AUTO_REPLY


def test_a_person_who_mentions_being_away_is_still_a_person() -> None:
    reading = read("Yes, gladly! I am away from the office until October 5 and will start then.")
    assert (reading.kind, reading.stance) == (Kind.HUMAN, Stance.YES)


@pytest.mark.parametrize(
    ("name", "words", "stage", "found"),
    [
        ("Letter for Jane.pdf", "Here.", Stage.AGREED, True),
        ("scan0001.pdf", "I enclose it for you.", Stage.REMINDED, True),
        ("scan0001.pdf", "Good morning.", Stage.REMINDED, False),
        ("photo.jpg", "See attached.", Stage.AGREED, True),
        ("letter.pdf", "Hello.", Stage.UPDATED, False),
        ("cover.jpg", "Good morning.", Stage.AGREED, False),
    ],
)
def test_a_letter_that_came_along_is_noticed(name: str, words: str, stage: Stage, found: bool) -> None:
    attachment = Attachment(name=name, media_type="application/pdf", sha256="0" * 64, size=9)
    reading = READER.read(Said(words=words, stage=stage, written_on=ON, attachments=(attachment,)))
    assert (Signal.LETTER_ATTACHED in reading.signals) is found


@pytest.mark.parametrize(
    ("words", "people"),
    [
        ("Ask Dr. Ada Obi (ada.obi@example.edu).", (Colleague(name="Ada Obi", email="ada.obi@example.edu"),)),
        ("Try Denise, then Prof. Lund.", (Colleague(name="Denise"), Colleague(name="Lund"))),
        ("Call me on Monday.", ()),
    ],
)
def test_named_people_are_found_with_their_address(words: str, people: tuple[Colleague, ...]) -> None:
    assert find_colleagues(words) == people


def test_sentences_keep_the_words_and_leave_out_what_mail_programs_add() -> None:
    text = "Hi Ann,\n\nDr. Lee can’t. I’m in.\n\nBest,\nSent from my iPhone\n-- \nProf. X"
    assert [(s.words, s.plain) for s in sentences(text)] == [
        ("Dr. Lee can't.", "dr. lee can not."),
        ("I'm in.", "i am in."),
    ]


def test_explain_shows_words_labels_and_what_follows() -> None:
    said = Said(words="Yes. By when?", stage=Stage.ASKED, written_on=ON)
    assert explain(said, READER.read(said), cut="> old mail") == (
        "In answer to stage asked, written on 2026-09-01\n\n"
        "Read:\n  | Yes. By when?\n\n"
        "Cut as quoted or signature:\n  | > old mail\n\n"
        'kind: human\nstance: yes, from "Yes."\nsignal: asks_deadline, from "By when?"\nconfidence: 0.95\n\n'
        "It is a plain yes; lorbot would send the packet at once and tell the applicant.\n"
    )


@pytest.mark.parametrize("stance", list(Stance))
@pytest.mark.parametrize("signal", list(Signal))
def test_every_label_has_an_outcome(stance: Stance, signal: Signal) -> None:
    said = Said(words="x", stage=Stage.AGREED, written_on=ON)
    told = outcomes(said, Reading(kind=Kind.HUMAN, stance=stance, signals=frozenset({signal})))
    assert len(told) == (1 if stance is Stance.NONE else 2)


def test_a_row_has_exactly_the_promised_keys() -> None:
    reading = Reading(
        kind=Kind.HUMAN, stance=Stance.NO, signals=frozenset({Signal.STOP, Signal.MEET}), confidence=0.123456
    )
    assert row("7", reading) == {
        "id": "7", "kind": "human", "stance": "no", "signals": ["meet", "stop"], "confidence": 0.123, "acts": False,
    }  # fmt: skip


def test_lines_are_read_with_their_own_date_and_blank_lines_passed_over() -> None:
    lines = ['{"id": "1", "stage": "asked", "body": "Sure.", "stance": "no"}\n', "\n"]
    assert list(read_lines(lines, READER)) == [
        {"id": "1", "kind": "human", "stance": "yes", "signals": [], "confidence": 0.95, "acts": True}
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "it is no JSON"),
        ("[1]", "it is no JSON object"),
        ('{"id": 1, "stage": "asked", "body": "x"}', '"id" is missing or no text'),
        ('{"id": "1", "stage": "asked"}', '"body" is missing or no text'),
        ('{"id": "1", "stage": "begun", "body": "x"}', "stage must be one of asked, agreed, reminded, updated"),
        ('{"id": "1", "stage": "asked", "body": "x", "date": "soon"}', '"date" must be a day'),
    ],
)
def test_a_bad_line_is_named_with_what_is_wrong(line: str, why: str) -> None:
    with pytest.raises(LineUnreadableError, match=r"^line 2: ") as raised:
        list(read_lines(["", line], READER))
    assert why in str(raised.value)


def test_measure_counts_right_labels_and_wrong_acts() -> None:
    lines = [
        '{"id": "a", "stage": "asked", "body": "Sure.", "stance": "yes", "signals": []}',
        '{"id": "b", "stage": "asked", "body": "Sure.", "stance": "no", "signals": ["meet"]}',
    ]
    assert measure(READER, labelled_lines(lines, ON)) == Score(
        replies=2, stances_right=1, signals_right=0, signals_extra=0, signals_missed=1,
        plain_yes=1, plain_yes_acted_on=1, wrong_acts=("b",),
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    words=st.one_of(
        st.text(max_size=400),
        st.lists(st.sampled_from([*" ".join(REPLIES).split(), "31/02", "0000", "\n", "?", "99th"])).map(" ".join),
    ),
    stage=st.sampled_from(Stage),
    origin=st.sampled_from(Origin),
    written_on=st.dates(),
)
def test_no_text_makes_the_reader_raise(words: str, stage: Stage, origin: Origin, written_on: date) -> None:
    reading = READER.read(Said(words=words, stage=stage, written_on=written_on, origin=origin))
    assert isinstance(reading, Reading)
    assert not (reading.acts and reading.stance in (Stance.NO, Stance.LUKEWARM, Stance.UNDECIDED))


@pytest.mark.parametrize(
    "piece", [".", "a", "i ", "if you ", "Ask ", "send me ", "- ", "1/", "?", "Dr. ", "not ", " ", "yes. ", "A. ", "'m"]
)
def test_hostile_mail_is_read_in_linear_time(piece: str) -> None:
    started = time.process_time()
    read(piece * (INPUT_LIMIT // len(piece)))
    assert time.process_time() - started < 4.0
