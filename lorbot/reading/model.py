"""A linear model of replies: the score of each label is the sum of the weights of the features found.

Invariants: inference is plain Python and linear in the features; a feature the model does not know counts for nothing;
the weights are whole numbers of one byte, so that the same file gives the same scores on every machine.
"""

import gzip
import json
import math
from array import array
from collections.abc import Collection, Mapping, Sequence
from importlib import resources
from typing import Any

from lorbot.core.value import Line, value

REACH = 3.0  # the length to which a reply's features are scaled, whatever their number


@value
class Settings:
    """What belongs to the weights: labels in the order of the columns, and how far each score is to be believed."""

    labels: tuple[Line, ...]
    bias: tuple[float, ...]
    scale: tuple[float, ...]  # what one unit of a weight is worth, for each label
    sharpness: float  # multiplies the scores of the stances before they become probabilities
    thresholds: Mapping[Line, float]  # for each signal the score from which on it counts as said
    act_yes: float  # the least sureness for acting on a yes, see `sureness` in `trained`
    act_submitted: float
    trained_on: Mapping[Line, Line]  # file name to the SHA-256 of its content


class Model:
    """The weights of every feature, read once."""

    def __init__(self, settings: Settings, names: Sequence[str], weights: bytes) -> None:
        """`weights` holds one signed byte for each label, feature by feature in the order of `names`."""
        width = len(settings.labels)
        cells = array("b", weights)
        if len(cells) != width * len(names):
            raise ValueError(f"{len(names)} features of {width} labels need {width * len(names)} weights")
        self.settings = settings
        self._cells = cells
        self._places = {name: at * width for at, name in enumerate(names)}

    def scores(self, found: Collection[str]) -> dict[str, float]:
        """The score of every label: log-odds for a signal, a logit among the stances for a stance."""
        width, cells = len(self.settings.labels), self._cells
        known = [self._places[name] for name in found if name in self._places]
        totals = [sum(column) for column in zip(*(cells[at : at + width] for at in known), strict=True)]
        reach = REACH / math.sqrt(max(1, len(known)))
        sums = totals or [0] * width
        own = self.settings
        return {
            label: bias + total * scale * reach
            for label, bias, total, scale in zip(own.labels, own.bias, sums, own.scale, strict=True)
        }

    def to_bytes(self) -> bytes:
        """The model as one file: a line of settings, the number of features, a line for each, then the weights."""
        names = sorted(self._places, key=lambda name: self._places[name])
        own = {key: _plain(each) for key, each in vars(self.settings).items() if not key.startswith("_")}
        lines = [json.dumps(own, sort_keys=True), str(len(names)), *names, ""]
        return gzip.compress("\n".join(lines).encode() + self._cells.tobytes(), mtime=0)


def from_bytes(packed: bytes) -> Model:
    """The model that `to_bytes` made; raises ValueError or OSError on anything else."""
    settings, count, rest = gzip.decompress(packed).split(b"\n", 2)
    *names, weights = rest.split(b"\n", int(count))
    return Model(Settings(**json.loads(settings)), [name.decode() for name in names], weights)


def shipped() -> Model:
    """The model in this package."""
    return from_bytes(resources.files("lorbot.reading").joinpath("weights.gz").read_bytes())


def _plain(given: Any) -> Any:
    return dict(given) if isinstance(given, Mapping) else given
