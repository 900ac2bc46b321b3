"""The risk-coverage curve of a reader: how often its stance is wrong among the replies it is surest of.

Coverage is the share of all replies that are at least so sure, risk the share of wrong stances among them. Invariant:
replies of the same confidence enter together, so that the order in which they stand in a file changes nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from lorbot.reading.evaluate import Compared


@dataclass(frozen=True, slots=True)
class Point:
    """What holds for all replies of at least this confidence."""

    coverage: float
    risk: float
    confidence: float


def risk_coverage(read: Iterable[Compared]) -> tuple[Point, ...]:
    """The curve, from the surest replies to all of them."""
    return tuple(_points(sorted(((each.reading.confidence, each.stance_is_right) for each in read), reverse=True)))


def _points(surest_first: Sequence[tuple[float, bool]]) -> Iterator[Point]:
    covered = wrong = 0
    for confidence, alike in groupby(surest_first, key=lambda each: each[0]):
        right = [is_right for _, is_right in alike]
        covered += len(right)
        wrong += right.count(False)
        yield Point(covered / len(surest_first), wrong / covered, confidence)


# -- as a picture ------------------------------------------------------------------------------------------------

WIDTH, HEIGHT = 640, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 610, 60, 360  # of the plot, in the same units
TICKS = 5
LEAST_SCALE = 0.05  # a curve of a reader that is never wrong is a line at the bottom, not noise


def svg(points: Sequence[Point], title: str) -> str:
    """The curve as a picture of its own (SVG 1.1, https://www.w3.org/TR/SVG11/); nothing is fetched from elsewhere."""
    scale = _scale(points)
    places = [(_x(point.coverage), _y(point.risk / scale), point) for point in points]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in places)
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="28" font-size="15">{escape(title)}</text>',
        *_grid(scale),
        f'<polyline points="{line}" fill="none" stroke="#1f5fa8" stroke-width="2"/>',
        *(_dot(x, y, point) for x, y, point in places),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _scale(points: Sequence[Point]) -> float:
    """The risk at the top of the picture: the highest there is, up to the next twentieth."""
    highest = max((point.risk for point in points), default=0.0)
    return max(LEAST_SCALE, -(-highest // LEAST_SCALE) * LEAST_SCALE)


def _grid(scale: float) -> Iterator[str]:
    """Lines and numbers of both axes, and what they stand for."""
    for step in range(TICKS + 1):
        part = step / TICKS
        x, y = _x(part), _y(part)
        yield f'<path d="M{x:.1f} {TOP}V{BOTTOM}M{LEFT} {y:.1f}H{RIGHT}" stroke="#ddd"/>'
        yield f'<text x="{x:.1f}" y="{BOTTOM + 18}" text-anchor="middle">{part:.0%}</text>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{part * scale:.0%}</text>'
    middle = (LEFT + RIGHT) / 2
    yield f'<text x="{middle:.1f}" y="{HEIGHT - 15}" text-anchor="middle">coverage: replies, the surest first</text>'
    yield f'<text x="{LEFT}" y="{TOP - 12}">risk: wrong stances among them</text>'


def _dot(x: float, y: float, point: Point) -> str:
    """A point that says its numbers when it is pointed at."""
    says = f"confidence {point.confidence:.2f} or more: {point.coverage:.1%} of the replies, {point.risk:.1%} wrong"
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="#1f5fa8"><title>{says}</title></circle>'


def _x(part: float) -> float:
    return LEFT + part * (RIGHT - LEFT)


def _y(part: float) -> float:
    return BOTTOM - part * (BOTTOM - TOP)
