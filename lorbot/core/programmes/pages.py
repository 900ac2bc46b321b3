"""The workbook that goes with the answer: the ranking, how it is made, and the applicant's own table to change."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from lorbot.core import sheets
from lorbot.core.application import Application, Programme
from lorbot.core.documents import OWN_SHEET
from lorbot.core.programmes import columns, words
from lorbot.core.programmes.criteria import Criterion
from lorbot.core.programmes.fits import Fit
from lorbot.core.programmes.ranking import Ranked, Ranking
from lorbot.core.workbook import Cell, Heading, Page

_DAY, _MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
_WIDTHS = {
    "name": 34, "city": 18, "specialty": 20, "deadline": 17, "time_zone": 18, "rule": 11, "letters": 9, "types": 28,
    "portal": 24,
}  # fmt: skip
_NARROW, _WIDE = 12, 40
_NOTES: dict[str, str] = {
    "The score": "Each criterion's value from 0 to 1 times its weight, summed up, divided by the sum of the weights, "
    "times 100. The columns of points in the sheet “Programs” add up to it.",
    "Not known": "A criterion for which the table has no value for a program is left out of its score, and nothing is "
    "guessed. The column “Known” says how much of the weight is left. Below one half there is no rank.",
    "Weights": "A column that you prefer something in, or have a number of your own for, weighs 1 if you give it no "
    "weight. Below 0 means the less, the better. 0 takes it out.",
    "Letters": "One letter fills one place. Must-haves are filled first, and letters that are in count before those "
    "that are agreed, asked for or planned. What a letter counts as comes from what you told me about the mentor.",
    "What it is not": "It compares the programs with what you told me you care about. It says nothing about how any of "
    "them will decide.",
    "To change it": f"Change the sheet “{OWN_SHEET}” (programs, and the rows “weight”, “prefer” and “my own” above "
    "them) and send me the file with the subject “programs”. Columns and sheets that I made are left alone.",
}


def pages_of(
    application: Application, programmes: tuple[Programme, ...], ranking: Ranking, today: date
) -> tuple[Page, ...]:
    """`programmes` are those of the application in the order in which they came."""
    return (_ranking(ranking), _rules(ranking, today), _own(application, programmes))


def _ranking(ranking: Ranking) -> Page:
    counting = [c for c in ranking.criteria if not c.scale.problem]
    ours = columns.OURS
    headings = [
        Heading(words=f"Rank {ours}", width=9), Heading(words="Program", width=34), Heading(words="City", width=18),
        Heading(words="Specialty", width=20), Heading(words=f"Score {ours}", width=9, number_format="0.0"),
        Heading(words=f"Known {ours}", width=9, number_format="0%"), Heading(words=f"Letters so far {ours}", width=30),
        Heading(words=f"Still needed {ours}", width=34),
        Heading(words=f"Letters due {ours}", width=12, number_format=_DAY), Heading(words=f"Why {ours}", width=60),
        *(Heading(words=f"Points: {c.heading} {ours}", width=13, number_format="0.0") for c in counting),
    ]  # fmt: skip
    return Page("Programs", headings, [list(_ranked(found, bool(counting))) for found in ranking.programmes])


def _ranked(found: Ranked, weighed: bool) -> Iterator[Cell]:
    programme, score, met = found.programme, found.score, found.met
    yield from (found.rank, programme.name, programme.city, programme.specialty)
    yield round(score.total, 4) if score.total is not None else None
    yield round(score.known, 4) if weighed else None
    yield words.having(met)
    yield "not in your table" if met.fit is Fit.UNKNOWN else "; ".join(words.needed(met.needs)) or "nothing"
    yield found.due.day
    yield f"{words.of_score(score)} Letters: {words.of_letters(found)}.".strip()
    for part in score.parts:
        share = score.share(part)
        yield "not known" if share is None else round(share, 4)


def _rules(ranking: Ranking, today: date) -> Page:
    headings = [
        Heading(words="What counts", width=24), Heading(words="Weight", width=9),
        Heading(words="You prefer or have", width=26),
        Heading(words="How it becomes a value from 0 to 1", width=80), Heading(words="Known for", width=12),
    ]  # fmt: skip
    rows: list[list[Cell]] = [_rule(c) for c in ranking.criteria] or [["nothing yet", None, None, _NOTHING, None]]
    notes: list[list[Cell]] = [[head, None, None, text, None] for head, text in _NOTES.items()]
    made: list[list[Cell]] = [["As of", None, None, words.day_said(today), None]]
    return Page("How the score is made", headings, [*rows, [], *notes, *made])


_NOTHING = "You have given no weights yet, so the programs stand in the order of what their letters still need."


def _rule(criterion: Criterion) -> list[Cell]:
    scale = criterion.scale
    said = f"left out: {scale.problem}" if scale.problem else scale.rule
    return [criterion.heading, _number(criterion.weight), criterion.preference, said, len(scale.values)]


def _own(application: Application, programmes: tuple[Programme, ...]) -> Page:
    """The table of the applicant, as it would be sent: the fields, the columns of her own, and what she prefers."""
    known = columns.columns_of(programmes)
    own = known[len(columns.CRITERIA) :]
    headings = [Heading(words=heading, width=_WIDTHS[field], number_format=_MOMENT if field == "deadline" else "")
                for field, heading in columns.SHOWN]  # fmt: skip
    cells = {p.id: columns.cells_of(p) for p in programmes}
    headings += [
        Heading(words=c.heading, width=_width(c.heading, (cells[p.id].get(c.key, "") for p in programmes))) for c in own
    ]
    keys = [*(field for field, _ in columns.SHOWN), *(c.key for c in own)]
    told: list[list[Cell]] = [
        ["weight", *(_number(application.weights[k]) if k in application.weights else None for k in keys[1:])],
        ["prefer", *(application.preferences.get(k) for k in keys[1:])],
        ["my own", *(_typed(application.own.get(columns.compared_with(k), "")) for k in keys[1:])],
    ]
    rows = [[*_fields(p), *(_typed(cells[p.id].get(c.key, "")) for c in own)] for p in programmes]
    return Page(OWN_SHEET, headings, [*told, *rows])


def _fields(programme: Programme) -> Iterator[Cell]:
    zone = programme.time_zone or "UTC"
    local = programme.deadline.astimezone(ZoneInfo(zone)) if programme.deadline else None
    yield from (programme.name, programme.city, programme.specialty)
    yield local.replace(tzinfo=None, second=0, microsecond=0) if local else None
    yield zone if local else ""
    yield from (programme.rule, programme.letters, ", ".join(programme.types), programme.portal)


def _typed(cell: str) -> Cell:
    """A number as a number, where it is written as the spreadsheet program will show it; else the text."""
    if cell.isascii() and cell.removeprefix("-").isdigit() and str(int(cell)) == cell and len(cell) < 12:
        return int(cell)
    return cell


def _number(weight: float) -> Cell:
    return int(weight) if weight.is_integer() else weight


def _width(heading: str, cells: Iterator[str]) -> int:
    longest = max((len(cell) for cell in cells), default=0)
    return max(_NARROW, min(_WIDE, longest + 2), min(24, len(sheets.norm(heading)) + 4))
