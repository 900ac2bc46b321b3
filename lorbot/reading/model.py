"""A linear model of replies: the score of a label is the sum of the weights of the features found.

Two tables vote, each with half a voice: one reads the reply as a whole, one takes its sentences singly and believes
the one that says most. Invariants: inference is plain Python and linear in the features; a feature the model does not
know counts for nothing; a weight is a whole number of one byte, so that the same file gives the same reading anywhere.
"""

import gzip
import json
import math
import struct
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from lorbot.core.value import Line, value
from lorbot.reading.features import Look

REACH = 3.0  # the length to which the features of a text are scaled, whatever their number

_LANE = 4  # bytes for the sum of one label: room for 16 million features
_LANES = struct.Struct("<I").iter_unpack
_ZERO = 128  # what a weight of 0 is in its lane
_RAISED = bytes((cell + _ZERO) % 256 for cell in range(256))  # a signed byte to its lane, and back


@value
class Settings:
    """How far each score is to be believed."""

    labels: tuple[Line, ...]  # in the order of the columns of both tables
    sharpness: float  # multiplies the scores of the stances before they become probabilities
    thresholds: dict[str, float]  # for each signal the score above which it counts as said
    bars: dict[str, float]  # for each act, and each with doubtful words, the least sureness for acting
    trained_on: dict[str, str]  # file name to the SHA-256 of its content


@dataclass(frozen=True, slots=True)
class Table:
    """The weights of features, one signed byte for each label; `scale` is what one unit is worth, label by label.

    The weights of a feature are read as one whole number, a lane for each label, so that one addition adds them all.
    """

    starts: Mapping[str, int]  # feature to the first byte of its lanes
    lanes: bytes  # feature after feature, each weight moved up by _ZERO to be no less than 0
    scale: tuple[float, ...]
    bias: tuple[float, ...]

    def sums(self, found: Collection[str]) -> list[float]:
        """The score of each label for these features, without the bias."""
        known = [start for start in map(self.starts.get, found) if start is not None]
        if not known:
            return [0.0] * len(self.scale)
        size, rows = _LANE * len(self.scale), self.lanes
        total = sum(int.from_bytes(rows[start : start + size], "little") for start in known)
        lanes = _LANES(total.to_bytes(size, "little"))
        zero, reach = _ZERO * len(known), REACH / math.sqrt(len(known))
        return [(lane - zero) * scale * reach for (lane,), scale in zip(lanes, self.scale, strict=True)]


@dataclass(frozen=True, slots=True)
class Scores:
    """The score of each label, a logit, for a whole reply and for each of its sentences."""

    of: Mapping[str, float]
    by_sentence: tuple[Mapping[str, float], ...]


class Model:
    """Two tables and what belongs to them."""

    def __init__(self, settings: Settings, whole: Table, parts: Table) -> None:
        self.settings = settings
        self._whole, self._parts = whole, parts
        self._bias = [(a + b) / 2 for a, b in zip(whole.bias, parts.bias, strict=True)]

    def scores(self, seen: Look) -> Scores:
        labels = self.settings.labels
        whole = self._whole.sums(seen.whole)
        rows = [self._parts.sums(part) for part in seen.parts or (frozenset(),)]
        parts = rows[0] if len(rows) == 1 else [_soft_maximum(column) for column in zip(*rows, strict=True)]
        totals = [(a + b) / 2 + c for a, b, c in zip(whole, parts, self._bias, strict=True)]
        return Scores(
            of=dict(zip(labels, totals, strict=True)),
            by_sentence=tuple(dict(zip(labels, row, strict=True)) for row in rows),
        )

    def to_bytes(self) -> bytes:
        """The model as one compressed file, the same bytes for the same model; takes some seconds."""
        return gzip.compress(self.unpacked(), mtime=0)

    def unpacked(self) -> bytes:
        """The content of that file: a line of settings, then the two tables."""
        own = {key: each for key, each in vars(self.settings).items() if not key.startswith("_")}
        head = json.dumps(own, sort_keys=True).encode()
        return b"\n".join([head, _packed(self._whole) + _packed(self._parts)])


def from_bytes(packed: bytes) -> Model:
    """The model that `to_bytes` made; raises OSError or ValueError on anything else."""
    head, rest = gzip.decompress(packed).split(b"\n", 1)
    whole, rest = _unpacked(rest)
    parts, _ = _unpacked(rest)
    return Model(Settings(**json.loads(head)), whole, parts)


@cache
def shipped() -> Model:
    """The model in this package; it is read once."""
    return from_bytes(resources.files("lorbot.reading").joinpath("weights.gz").read_bytes())


def table(names: Sequence[str], weights: bytes, scale: Sequence[float], bias: Sequence[float]) -> Table:
    """A table of `weights`, feature by feature in the order of `names`; raises ValueError when their number is off."""
    width = len(scale)
    if len(weights) != width * len(names) or len(bias) != width:
        raise ValueError(f"{len(names)} features of {width} labels cannot have {len(weights)} weights")
    lanes = bytearray(_LANE * len(weights))
    lanes[::_LANE] = weights.translate(_RAISED)  # the lowest byte of each lane
    starts = dict(zip(names, range(0, len(lanes), _LANE * width), strict=True))
    return Table(starts, bytes(lanes), tuple(scale), tuple(bias))


def _packed(own: Table) -> bytes:
    head = json.dumps({"names": len(own.starts), "scale": own.scale, "bias": own.bias})
    return "\n".join([head, *own.starts, ""]).encode() + own.lanes[::_LANE].translate(_RAISED)


def _unpacked(packed: bytes) -> tuple[Table, bytes]:
    line, rest = packed.split(b"\n", 1)
    head = json.loads(line)
    *names, rest = rest.split(b"\n", head["names"])
    size = len(names) * len(head["scale"])
    return table([name.decode() for name in names], rest[:size], head["scale"], head["bias"]), rest[size:]


def _soft_maximum(values: Sequence[float]) -> float:
    top = max(values)
    return top + math.log(sum(math.exp(each - top) for each in values))
