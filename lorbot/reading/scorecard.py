"""A reader's figures made plain: aligned text for a terminal, one JSON object for a program.

Invariant: nothing of a mail reaches the terminal but printable characters of its first line.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lorbot.core.reading import Kind, Reading, Signal, Stance
from lorbot.core.value import one_line
from lorbot.reading.curve import risk_coverage
from lorbot.reading.evaluate import Compared, Labelled, score
from lorbot.reading.tallies import (
    Coverage,
    Tally,
    confusion,
    coverage,
    macro_f1,
    signal_tallies,
    stance_tallies,
    sum_of,
)

FIRST_LINE = 80  # characters of a mail that are shown
_FIGURES = ("precision", "recall", "F1", "labelled", "read")
_WIDE = max(len(label) for label in (*Stance, *Signal)) + 2


def text(read: Sequence[Compared]) -> str:
    """Everything, for a person."""
    parts = [_summary(read), _by_stance(read), _confusion(read), _by_signal(read), _acts(read)]
    return "\n\n".join("\n".join(part) for part in parts)


def figures(read: Sequence[Compared]) -> dict[str, Any]:
    """Everything as one JSON object; a share of nothing is null."""
    stances, signals, cells = stance_tallies(read), signal_tallies(read), confusion(read)
    return {
        "replies": len(read),
        "stance": {
            "accuracy": _rounded(_accuracy(read)),
            "macro_f1": _rounded(macro_f1(stances.values())),
            "by_stance": {stance: _tally(tally) for stance, tally in stances.items()},
            "confusion": {one: {other: cells.get((one, other), 0) for other in Stance} for one in Stance},
        },
        "signals": {
            "micro_f1": _rounded(sum_of(signals).f1),
            "by_signal": {signal: _tally(tally) for signal, tally in signals.items()},
        },
        "acts": {name: _coverage(found) for name, found in _coverages(read)},
        "wrong_acts": [
            {
                "id": each.reply.id,
                "labelled": _labels(each.reply),
                "read": _labels(each.reading),
                "first_line": _first_line(each.reply.said.words),
            }
            for each in read
            if each.is_wrong_act
        ],
        "curve": [
            {"coverage": _rounded(at.coverage), "risk": _rounded(at.risk), "confidence": _rounded(at.confidence)}
            for at in risk_coverage(read)
        ],
    }


def _summary(read: Sequence[Compared]) -> Iterator[str]:
    yield f"{'replies':{_WIDE}}{len(read):>9}"
    yield f"{'stance right':{_WIDE}}{_said(_accuracy(read)):>9}"
    yield f"{'stance macro-F1':{_WIDE}}{_said(macro_f1(stance_tallies(read).values())):>9}"
    yield f"{'signals micro-F1':{_WIDE}}{_said(sum_of(signal_tallies(read)).f1):>9}"


def _by_stance(read: Sequence[Compared]) -> Iterator[str]:
    yield _row("stance", _FIGURES)
    yield from _table(stance_tallies(read))


def _by_signal(read: Sequence[Compared]) -> Iterator[str]:
    tallies = signal_tallies(read)
    yield _row("signal", _FIGURES)
    yield from _table(tallies)
    yield from _table({"all together": sum_of(tallies)})


def _confusion(read: Sequence[Compared]) -> Iterator[str]:
    cells = confusion(read)
    yield _row("labelled, read as", tuple(Stance))
    for labelled in Stance:
        yield _row(labelled, [str(cells.get((labelled, stance), 0)) for stance in Stance])


def _acts(read: Sequence[Compared]) -> Iterator[str]:
    yield _row("acted on without asking", ("acted on", "of", "share"))
    for name, found in _coverages(read):
        yield _row(f"  {name.replace('_', ' ')}", (str(found.acted_on), str(found.replies), _said(found.share)))
    wrong = [each for each in read if each.is_wrong_act]
    yield _row("  wrong acts", (str(len(wrong)), str(sum(each.reading.acts for each in read))))
    for each in wrong:
        yield f"  {_printable(each.reply.id)}: labelled {_labels(each.reply)}, acted on as {_labels(each.reading)}"
        yield f'      "{_first_line(each.reply.said.words)}"'


def _coverages(read: Sequence[Compared]) -> Iterator[tuple[str, Coverage]]:
    yield "all", coverage(read)
    yield "plain_yes", coverage(each for each in read if each.reply.is_plain_yes)
    yield "plain_reports", coverage(each for each in read if each.reply.is_plain_report)


def _table(tallies: Mapping[Any, Tally]) -> Iterator[str]:
    for label, tally in tallies.items():
        shares = map(_said, (tally.precision, tally.recall, tally.f1))
        yield _row(label, (*shares, str(tally.labelled), str(tally.read)))


def _row(name: str, cells: Iterable[str]) -> str:
    return f"{name:{_WIDE}}" + "".join(f"{cell:>11}" for cell in cells)


def _tally(tally: Tally) -> dict[str, float | int | None]:
    shares = {"precision": tally.precision, "recall": tally.recall, "f1": tally.f1}
    return {key: _rounded(share) for key, share in shares.items()} | {"labelled": tally.labelled, "read": tally.read}


def _coverage(found: Coverage) -> dict[str, float | int | None]:
    return {"acted_on": found.acted_on, "replies": found.replies, "share": _rounded(found.share)}


def _accuracy(read: Sequence[Compared]) -> float | None:
    return score(read).stance_accuracy if read else None


def _labels(said: Labelled | Reading) -> str:
    kind = said.kind if isinstance(said, Reading) and said.kind is not Kind.HUMAN else said.stance
    return " + ".join([kind, *sorted(said.signals)])


def _first_line(words: str) -> str:
    return _printable(one_line(words.strip().partition("\n")[0], FIRST_LINE))


def _printable(line: str) -> str:
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in line)


def _said(share: float | None) -> str:
    return "-" if share is None else f"{share:.3f}"


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
