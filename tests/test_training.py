"""Run where numpy and scipy are installed; skipped elsewhere, since only learning needs them."""

import json
from datetime import date
from pathlib import Path

import pytest

from lorbot.core.reading import Kind, Reading, Signal, Stage, Stance
from lorbot.reading.evaluate import Labelled
from lorbot.reading.features import Look, look
from lorbot.reading.model import Settings
from lorbot.reading.reader import Examined, RuleReader, Said

np = pytest.importorskip("numpy")
pytest.importorskip("scipy")

from lorbot.reading.training import choose, joining, measure, replies, solver  # noqa: E402

ON = date(2026, 9, 1)
SETTINGS = Settings(
    labels=solver.LABELS, sharpness=1.0, thresholds=dict.fromkeys(Signal, 0.0), bars=dict.fromkeys(choose.BARS, 0.5),
    trained_on={},
)  # fmt: skip


def target(*labels: str) -> list[float]:
    return [float(each in labels) for each in solver.LABELS]


def labelled(stage: str, stance: str, *signals: str) -> Labelled:
    said = Said(words="Delighted.", stage=Stage(stage), written_on=ON)
    return Labelled(id="x", said=said, stance=Stance(stance), signals=frozenset(map(Signal, signals)))


def scored(**given: float) -> list[float]:
    return [given.get(label, -9.0) for label in solver.LABELS]


def test_what_was_learnt_is_read_back() -> None:
    rows = [[{"good"}], [{"good"}], [{"bad"}], [{"bad"}]]
    wanted = np.array([target("yes", "meet")] * 2 + [target("no")] * 2)
    got = solver.fit(rows, wanted).scores([[{"good"}], [{"bad", "unknown"}]])
    assert [solver.LABELS[at] for at in got[:, : len(solver.STANCES)].argmax(axis=1)] == ["yes", "no"]
    assert (got[:, solver.LABELS.index("meet")] > 0).tolist() == [True, False]


def test_learning_twice_gives_the_same_to_the_bit() -> None:
    rows = [[{"a", "b"}, {"c"}], [{"a"}], [{"b", "c"}], [{"c"}, {"a"}]]
    wanted = np.array([target("yes"), target("no"), target("none", "stop"), target("yes")])
    one, two = solver.fit(rows, wanted), solver.fit(rows, wanted)
    assert one.names == two.names == ("a", "b", "c")
    assert (one.weights == two.weights).all()


def test_a_feature_seen_once_is_left_out() -> None:
    assert solver.fit([[{"a", "x"}], [{"a"}]], np.array([target("yes"), target("no")])).names == ("a",)


def test_the_slope_is_that_of_the_cost() -> None:
    scores = np.linspace(-1.0, 1.0, 2 * len(solver.LABELS)).reshape(2, -1)
    wanted = np.array([target("yes", "stop"), target("none")])
    cost, slope = solver._cost(scores, wanted)
    for at in (0, 3, 7, len(solver.LABELS) - 1):
        moved = scores.copy()
        moved[1, at] += 1e-6
        assert (solver._cost(moved, wanted)[0] - cost) / 1e-6 == pytest.approx(slope[1, at], abs=1e-4)


def test_one_sentence_that_says_it_is_enough() -> None:
    pooled, shares = solver._pool(np.array([[5.0], [-5.0], [-5.0], [1.0]]), np.array([0, 3]))
    assert pooled[:, 0] == pytest.approx([5.0, 1.0], abs=1e-3)
    assert shares[:, 0] == pytest.approx([1.0, 0.0, 0.0, 1.0], abs=1e-3)


def test_acting_stops_where_the_risk_would_be_too_great() -> None:
    curve = [
        choose.Risk("yes", 0.99, 1, 0, 0, 0.1), choose.Risk("yes", 0.9, 2, 1, 0, 0.1),
        choose.Risk("yes", 0.8, 3, 2, 0, 0.1), choose.Risk("submitted", 0.7, 1, 1, 0, 0.0),
    ]  # fmt: skip
    assert choose.bars(curve, 1000) == {**choose.NEVER, "yes": 0.9}
    assert choose.bars(curve, 900) == {**choose.NEVER, "yes": 0.99}


def test_nothing_is_acted_on_that_is_hardly_likelier_than_not() -> None:
    assert choose.bars([choose.Risk("yes", 0.5, 9, 0, 0, 1.0)], 1000) == {**choose.NEVER, "yes": choose.LEAST}


def test_the_risk_curve_counts_from_the_surest_down() -> None:
    told = [labelled("asked", "yes"), labelled("asked", "lukewarm"), labelled("asked", "yes", "meet")]
    scores = np.array([scored(yes=5, none=0), scored(yes=2, none=0), scored(yes=1, none=0)])
    assert choose.risks(told, scores, SETTINGS) == (
        choose.Risk("yes", 0.9933, 1, 0, 0, 1.0),
        choose.Risk("yes", 0.8808, 2, 1, 0, 1.0),
        choose.Risk("yes", 0.731, 3, 1, 1, 1.0),
    )


def test_sharpness_falls_where_the_scores_were_too_sure() -> None:
    scores = np.array([scored(yes=4, no=-4)] * 10)
    wanted = np.array([target("yes")] * 6 + [target("no")] * 4)
    assert choose.sharpness(scores, wanted) == pytest.approx(0.6)


def test_figures_count_what_the_reader_would_say() -> None:
    told = [labelled("asked", "yes"), labelled("asked", "lukewarm"), labelled("reminded", "none", "submitted")]
    scores = np.array([scored(yes=5), scored(yes=5), scored(none=5, submitted=5, stop=1)])
    assert measure.figures("x", told, scores, SETTINGS) == measure.Figures("x", 3, 2 / 3, 2 / 3, 2, 1, 0, 2)


def test_rules_are_hidden_only_where_they_were_written_from_the_reply(tmp_path: Path) -> None:
    line = json.dumps({"id": "1", "stage": "asked", "body": "Sure.", "stance": "yes", "signals": []})
    for name in ("a.jsonl", "i.jsonl"):
        (tmp_path / name).write_text(f"{line}\n" * 3)
    examples = replies.read_folder(tmp_path)
    ruled = ["RULES yes" in look.whole for look in examples.lessons()]
    assert (examples.files, ruled) == (("a", "a", "a", "i", "i", "i"), [True, False, False, True, True, True])


def test_neighbours_share_a_fold(tmp_path: Path) -> None:
    line = json.dumps({"id": "1", "stage": "asked", "body": "Sure.", "stance": "yes", "signals": []})
    (tmp_path / "b.jsonl").write_text(f"{line}\n" * (replies.NEIGHBOURS + 1))
    assert replies.read_folder(tmp_path).folds == ("0",) * replies.NEIGHBOURS + ("1",)


def test_a_folder_without_replies_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no"):
        replies.read_folder(tmp_path)


def test_an_empty_reply_has_one_empty_row() -> None:
    nothing = look(Examined(Reading(kind=Kind.HUMAN)), Stage.ASKED)
    assert measure.parts([nothing]) == [[frozenset()]]


@pytest.mark.parametrize(
    ("act", "given", "plain"),
    [
        ("yes", ("asked", "yes", "asks_deadline"), True),
        ("yes", ("asked", "yes", "meet"), False),
        ("yes", ("agreed", "yes"), False),
        ("submitted", ("updated", "none", "submitted"), True),
        ("submitted", ("updated", "none", "submitted", "problem"), False),
        ("submitted", ("asked", "none", "submitted"), False),
        ("submitted", ("agreed", "lukewarm", "submitted"), False),
    ],
)
def test_plain_is_what_the_labels_say(act: str, given: tuple[str, ...], plain: bool) -> None:
    assert measure.is_plain(act, labelled(*given)) is plain


def looked(stage: str, body: str) -> Look:
    said = Said(words=body, stage=Stage(stage), written_on=replies.WRITTEN_ON)
    return look(RuleReader().examine(said), said.stage)


def test_two_short_replies_after_the_yes_are_also_learnt_as_one() -> None:
    told = [("reminded", "It is in."), ("reminded", "Is the link dead?"), ("reminded", "I can not do it after all.")]
    looks = [looked(*each) for each in told]
    wanted = np.array([target("none", "submitted"), target("none", "problem"), target("no")])
    lessons, targets = joining.joined(looks, wanted, [Stage.REMINDED] * 3)
    assert lessons[:3] == looks
    made = {tuple(np.array(solver.LABELS)[row == 1]) for row in targets[3:]}
    assert made == {("none", "submitted", "problem"), ("no", "problem")}
    assert [lesson.parts for lesson in lessons[3:]] == [
        looks[1].parts + looks[0].parts, looks[2].parts + looks[1].parts
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "body", "labels"),
    [
        ("asked", "It is in.", ("none", "submitted")),
        ("reminded", "You have the wrong person.", ("none", "wrong_person")),
        ("reminded", "It is in. So far. So good. Thank you.", ("none", "submitted")),
        ("reminded", "Thank you.", ("none",)),
    ],
)
def test_what_would_teach_something_untrue_is_not_joined(stage: str, body: str, labels: tuple[str, ...]) -> None:
    looks, wanted = [looked(stage, body)] * 3, np.array([target(*labels)] * 3)
    lessons, targets = joining.joined(looks, wanted, [Stage(stage)] * 3)
    assert (len(lessons), len(targets)) == (3, 3)
