"""`python -m lorbot.reading.training FOLDER`: learns from the labelled replies in FOLDER and writes the weights.

With --figures it first measures by leaving out one file after the other, chooses thresholds from that, and prints and
writes what it found; without, it keeps the settings of the weights there are.
"""

import csv
import sys
from collections.abc import Iterable
from dataclasses import astuple, fields, replace
from pathlib import Path

import click
import numpy as np

from lorbot.reading.model import Model, Settings, Table, shipped, table
from lorbot.reading.training import choose
from lorbot.reading.training.measure import Figures, by_file, figures, fit_both, held_back
from lorbot.reading.training.replies import FOLDS, KNOWN_TO_THE_RULES, Examples, read_folder
from lorbot.reading.training.solver import LABELS, Fit

WEIGHTS = Path(__file__).parent.parent / "weights.gz"


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--figures", "curve", type=click.Path(path_type=Path), help="Measure, and write the risk curve here.")
@click.option("--check", is_flag=True, help="Write nothing; fail unless the weights come out as they are.")
def main(folder: Path, curve: Path | None, check: bool) -> None:
    """Learn from the labelled replies in FOLDER."""
    examples = read_folder(folder)
    settings = shipped().settings if curve is None else _measured(examples, curve)
    model = learn(examples, replace(settings, trained_on=examples.digests))
    if not check:
        WEIGHTS.write_bytes(model.to_bytes())
    elif model.to_bytes() != shipped().to_bytes():
        sys.exit("the weights in the package are not what these replies give")


def learn(examples: Examples, settings: Settings) -> Model:
    """The model of all `examples`."""
    whole, parts = fit_both(examples.lessons(), examples.targets, examples.stages)
    return Model(settings, _rounded(whole), _rounded(parts))


def _rounded(own: Fit) -> Table:
    """Weights as whole numbers of one byte; features that come to nothing are left out."""
    scale = np.abs(own.weights).max(axis=0) / 127.0
    units = np.rint(own.weights / scale).astype(np.int8)
    kept = np.flatnonzero(np.abs(units).max(axis=1) > 1)
    names = [own.names[at] for at in kept]
    return table(names, units[kept].tobytes(), _six(scale), _six(own.bias))


def _six(values: Iterable[float]) -> list[float]:
    return [round(float(each), 6) for each in values]


def _measured(examples: Examples, curve: Path) -> Settings:
    """Settings chosen on held-back replies the rules were not written from; prints figures, writes the risk curve."""
    scores = held_back(examples, examples.files)
    fresh = [at for at, file in enumerate(examples.files) if file not in KNOWN_TO_THE_RULES]
    replies = [examples.replies[at] for at in fresh]
    settings = Settings(
        labels=LABELS,
        sharpness=choose.sharpness(scores[fresh], examples.targets[fresh]),
        thresholds=choose.thresholds(scores[fresh], examples.targets[fresh]),
        bars={},
        trained_on=examples.digests,
    )
    risks = choose.risks(replies, scores[fresh], settings)
    settings = replace(settings, bars=choose.bars(risks, len(replies)))
    _write(curve, risks)
    unseen = figures("unseen by the rules", replies, scores[fresh], settings)
    _print("one file left out", [*by_file(examples, scores, settings), unseen])
    crossed = held_back(examples, examples.folds)
    _print(f"{FOLDS}-fold, neighbours together", by_file(examples, crossed, settings))
    return settings


def _write(curve: Path, risks: Iterable[choose.Risk]) -> None:
    with curve.open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow([field.name for field in fields(choose.Risk)])
        rows.writerows(astuple(risk) for risk in risks)


def _print(title: str, rows: Iterable[Figures]) -> None:
    click.echo(
        f"\n{title}\n{'file':22}{'replies':>8}{'stance':>8}{'signals':>8}{'acts':>6}{'wrong':>6}{'unheard':>8}{'plain':>6}"
    )
    for row in rows:
        click.echo(
            f"{row.name:22}{row.replies:8}{row.stance_accuracy:8.3f}{row.signals_f1:8.3f}"
            f"{row.acts:6}{row.wrong_acts:6}{row.unheard:8}{row.plain:6}"
        )


if __name__ == "__main__":
    main()
