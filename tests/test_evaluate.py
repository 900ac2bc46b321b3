"""How readers are measured: labels, figures, wrong acts, the curve, and `lorbot eval`."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from lorbot import cli
from lorbot.core.reading import Kind, Reading, Signal, Stage, Stance
from lorbot.reading import READERS, default_reader
from lorbot.reading.curve import Point, risk_coverage, svg
from lorbot.reading.evaluate import (
    Compared,
    Labelled,
    LabelsUnreadableError,
    Score,
    labelled_lines,
    read_all,
    readable_lines,
    score,
)
from lorbot.reading.reader import Said
from lorbot.reading.scorecard import figures, text
from lorbot.reading.tallies import Coverage, Tally, confusion, coverage, macro_f1, signal_tallies, stance_tallies

ON = date(2026, 9, 1)
REPLIES = Path(__file__).parent / "replies.jsonl"


def labelled(id_: str, stance: str, *signals: str, stage: str = "asked", body: str = "Well.") -> Labelled:
    return Labelled(
        id=id_,
        said=Said(words=body, stage=Stage(stage), written_on=ON),
        stance=Stance(stance),
        signals=frozenset(map(Signal, signals)),
    )


def read_as(stance: str, *signals: str, confidence: float = 0.5, acts: bool = False) -> Reading:
    return Reading(
        kind=Kind.HUMAN,
        stance=Stance(stance),
        signals=frozenset(map(Signal, signals)),
        confidence=confidence,
        acts=acts,
    )


READ = (
    Compared(reply=labelled("1", "yes", "asks_how"), reading=read_as("yes", "asks_how", confidence=0.95, acts=True)),
    Compared(
        reply=labelled("2", "lukewarm", body="Yes\x9b31m, briefly.\nAnn"),
        reading=read_as("yes", confidence=0.95, acts=True),
    ),
    Compared(reply=labelled("3", "yes"), reading=read_as("none", "meet", confidence=0.5)),
    Compared(
        reply=labelled("4", "none", "submitted", stage="reminded"),
        reading=read_as("none", "submitted", confidence=0.9, acts=True),
    ),
    Compared(
        reply=labelled("5", "none", "submitted", stage="agreed"), reading=read_as("none", "progress", confidence=0.4)
    ),
)


# -- what is counted ---------------------------------------------------------------------------------------------


def test_the_score_counts_labels_and_wrong_acts() -> None:
    assert score(READ) == Score(
        replies=5, stances_right=3, signals_right=2, signals_extra=2, signals_missed=1,
        plain_yes=2, plain_yes_acted_on=1, wrong_acts=("2",),
    )  # fmt: skip


def test_each_stance_is_tallied_and_what_was_taken_for_what() -> None:
    assert confusion(READ) == {
        (Stance.YES, Stance.YES): 1, (Stance.LUKEWARM, Stance.YES): 1, (Stance.YES, Stance.NONE): 1,
        (Stance.NONE, Stance.NONE): 2,
    }  # fmt: skip
    assert stance_tallies(READ) == {
        Stance.YES: Tally(1, 1, 1), Stance.LUKEWARM: Tally(0, 0, 1), Stance.UNDECIDED: Tally(0, 0, 0),
        Stance.NO: Tally(0, 0, 0), Stance.NONE: Tally(2, 1, 0),
    }  # fmt: skip


def test_each_signal_is_tallied() -> None:
    found = {signal: tally for signal, tally in signal_tallies(READ).items() if tally != Tally(0, 0, 0)}
    assert found == {
        Signal.ASKS_HOW: Tally(1, 0, 0), Signal.SUBMITTED: Tally(1, 0, 1), Signal.MEET: Tally(0, 1, 0),
        Signal.PROGRESS: Tally(0, 1, 0),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("tally", "precision", "recall", "f1"),
    [
        (Tally(3, 1, 2), 0.75, 0.6, 2 / 3),
        (Tally(0, 2, 0), 0.0, None, 0.0),
        (Tally(0, 0, 2), None, 0.0, 0.0),
        (Tally(0, 0, 0), None, None, None),
    ],
)
def test_a_share_of_nothing_is_none(
    tally: Tally, precision: float | None, recall: float | None, f1: float | None
) -> None:
    assert (tally.precision, tally.recall) == (precision, recall)
    assert tally.f1 == (f1 if f1 is None else pytest.approx(f1))


def test_a_label_that_does_not_occur_has_no_part_in_the_macro_average() -> None:
    assert macro_f1([Tally(1, 0, 0), Tally(0, 1, 1), Tally(0, 0, 0)]) == 0.5
    assert macro_f1([Tally(0, 0, 0)]) is None


@pytest.mark.parametrize(
    ("reply", "plain_yes", "plain_report"),
    [
        (labelled("1", "yes", "asks_deadline", "wants_materials"), True, False),
        (labelled("1", "yes", "meet"), False, False),
        (labelled("1", "yes", stage="agreed"), False, False),
        (labelled("1", "none", "submitted", stage="updated"), False, True),
        (labelled("1", "none", "submitted", "meet", stage="reminded"), False, False),
        (labelled("1", "none", "submitted"), False, False),
    ],
)
def test_what_could_have_been_acted_on_is_told_by_the_labels(
    reply: Labelled, plain_yes: bool, plain_report: bool
) -> None:
    assert (reply.is_plain_yes, reply.is_plain_report) == (plain_yes, plain_report)


def test_coverage_is_the_share_that_is_acted_on() -> None:
    assert coverage(READ) == Coverage(replies=5, acted_on=3)
    assert (Coverage(4, 3).share, Coverage(0, 0).share) == (0.75, None)


# -- the curve ---------------------------------------------------------------------------------------------------


def test_the_curve_goes_from_the_surest_to_all_and_takes_the_equally_sure_together() -> None:
    assert risk_coverage(READ) == risk_coverage(READ[::-1])
    assert risk_coverage(READ) == (
        Point(coverage=0.4, risk=0.5, confidence=0.95),
        Point(coverage=0.6, risk=1 / 3, confidence=0.9),
        Point(coverage=0.8, risk=0.5, confidence=0.5),
        Point(coverage=1.0, risk=0.4, confidence=0.4),
    )
    assert risk_coverage(()) == ()


def test_the_picture_shows_every_point_within_its_frame_and_escapes_its_title() -> None:
    picture = ET.fromstring(svg(risk_coverage(READ), "5 <replies> & more"))
    space = "{http://www.w3.org/2000/svg}"
    line = picture.find(f"{space}polyline")
    assert line is not None
    assert line.get("points") == "286.0,60.0 394.0,160.0 502.0,60.0 610.0,120.0"
    assert picture.findtext(f"{space}title") == "5 <replies> & more"
    assert (
        picture.findtext(f"{space}circle/{space}title") == "confidence 0.95 or more: 40.0% of the replies, 50.0% wrong"
    )


@pytest.mark.parametrize("points", [(), (Point(1.0, 0.0, 0.5),), (Point(0.5, 1.0, 0.9), Point(1.0, 1.0, 0.1))])
def test_a_curve_of_any_shape_can_be_drawn(points: tuple[Point, ...]) -> None:
    assert ET.fromstring(svg(points, "none")).get("width") == "640"


# -- lines -------------------------------------------------------------------------------------------------------

GOOD = {"id": "1", "stage": "asked", "body": "Sure.", "stance": "yes", "signals": ["asks_how"]}


def line(**changed: object) -> str:
    return json.dumps({**GOOD, **changed})


def test_a_line_is_read_with_its_labels_and_other_keys_are_passed_over() -> None:
    assert list(labelled_lines([line(why="plain")], ON)) == [labelled("1", "yes", "asks_how", body="Sure.")]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("{", "it is no JSON"),
        ("[" * 200_000, "it is no JSON"),
        ("[1]", "it is no JSON object"),
        (line(id=1), '"id" is missing or no text'),
        (line(body=None), '"body" is missing or no text'),
        (line(stance=["yes"]), '"stance" is missing or no text'),
        (line(stage="begun"), '"stage" must be one of asked, agreed, reminded, updated'),
        (line(stance="maybe"), '"stance" must be one of yes, lukewarm, undecided, no, none'),
        (line(signals="meet"), '"signals" is missing or no list'),
        (line(signals=[{}]), '"signals" may hold submitted, wants_materials'),
        ('{"id": "caf\udce9"}', "it is not UTF-8"),
    ],
)
def test_a_bad_line_is_named_with_what_is_wrong(bad: str, why: str) -> None:
    replies, wrong = readable_lines([line(), "\n", bad], ON)
    assert [reply.id for reply in replies] == ["1"]
    assert [str(each).startswith(f"line 3: {why}") for each in wrong] == [True]
    with pytest.raises(LabelsUnreadableError, match=r'^line 3: .*; each line must be like \{"id": "1"'):
        list(labelled_lines([line(), "\n", bad], ON))


# -- what is shown -----------------------------------------------------------------------------------------------


def test_the_text_holds_every_figure_in_columns() -> None:
    shown = text(READ)
    rows = [" ".join(row.split()) for row in shown.splitlines()]
    for row in (
        "replies 5",
        "stance right 0.600",
        "stance macro-F1 0.433",
        "signals micro-F1 0.571",
        "yes 0.500 0.500 0.500 2 2",
        "undecided - - - 0 0",
        "yes 1 0 0 0 1",
        "submitted 1.000 0.500 0.667 2 1",
        "all together 0.500 0.667 0.571 3 4",
        "all 3 5 0.600",
        "plain yes 1 2 0.500",
        "plain reports 1 2 0.500",
        "wrong acts 1 3",
        "2: labelled lukewarm, acted on as yes",
        '"Yes\N{REPLACEMENT CHARACTER}31m, briefly."',
    ):
        assert row in rows, row
    assert all(character.isprintable() for row in shown.splitlines() for character in row)
    tables = [part.splitlines() for part in shown.split("\n\n")[1:4]]
    assert [len({len(row) for row in table}) for table in tables] == [1, 1, 1]


def test_the_figures_are_one_object_with_the_same_numbers() -> None:
    found = json.loads(json.dumps(figures(READ)))
    assert found.keys() == {"replies", "stance", "signals", "acts", "wrong_acts", "curve"}
    assert found["stance"]["accuracy"] == 0.6
    assert found["stance"]["by_stance"]["yes"] == {
        "precision": 0.5, "recall": 0.5, "f1": 0.5, "labelled": 2, "read": 2,
    }  # fmt: skip
    assert found["stance"]["confusion"]["lukewarm"] == {"yes": 1, "lukewarm": 0, "undecided": 0, "no": 0, "none": 0}
    assert found["signals"]["micro_f1"] == 0.5714
    assert found["acts"] == {
        "all": {"acted_on": 3, "replies": 5, "share": 0.6},
        "plain_yes": {"acted_on": 1, "replies": 2, "share": 0.5},
        "plain_reports": {"acted_on": 1, "replies": 2, "share": 0.5},
    }
    assert found["wrong_acts"] == [
        {"id": "2", "labelled": "lukewarm", "read": "yes", "first_line": "Yes\N{REPLACEMENT CHARACTER}31m, briefly."}
    ]
    assert found["curve"][0] == {"coverage": 0.4, "risk": 0.5, "confidence": 0.95}


# -- lorbot eval -------------------------------------------------------------------------------------------------


def run(*arguments: str | Path, env: Mapping[str, str] | None = None) -> Result:
    result = CliRunner().invoke(cli.main, ["eval", *map(str, arguments)], env=env)
    assert isinstance(result.exception, SystemExit | None), result.exception
    return result


def test_eval_prints_the_figures_of_the_default_reader() -> None:
    read = read_all(default_reader(), labelled_lines(REPLIES.read_text().splitlines(), ON))
    result = run(REPLIES)
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"{text(read)}\n", "")


def test_eval_tells_a_bad_line_leaves_it_out_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    path.write_bytes(f"{line()}\n{line(stance='maybe')}\n".encode() + b"\xff\n")
    result = run("--json", path)
    shown = json.loads(result.stdout)
    assert (result.exit_code, shown["reader"], shown["replies"], shown["left_out"]) == (0, "default", 1, 2)
    assert [row.split(";")[0] for row in result.stderr.splitlines()] == [
        'lorbot: left out: line 2: "stance" must be one of yes, lukewarm, undecided, no, none',
        "lorbot: left out: line 3: it is not UTF-8",
    ]


def test_eval_has_nothing_to_say_of_a_file_without_labels(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    path.write_text("{\n")
    result = run(path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "line 1: it is no JSON" in result.stderr
    assert "there is no labelled reply to measure on" in result.stderr


def test_eval_draws_the_curve(tmp_path: Path) -> None:
    path = tmp_path / "curve.svg"
    assert run(REPLIES, "--reader", "rules", "--plot", path).exit_code == 0
    assert ET.parse(path).getroot().findtext("{http://www.w3.org/2000/svg}title") == "32 replies, reader: rules"


def test_eval_says_when_the_picture_cannot_be_written(tmp_path: Path) -> None:
    result = run(REPLIES, "--plot", tmp_path / "nowhere" / "curve.svg")
    assert (result.exit_code, "curve.svg" in result.stderr) == (1, True)


def test_every_reader_can_be_named() -> None:
    choices = next(option.type for option in cli.evaluate.params if option.name == "reader")
    assert list(choices.choices) == list(READERS)  # type: ignore[attr-defined]
