"""What counts in the score: the columns that the applicant weighs or has a preference for, each with its scale.

A preference or a number of the applicant's own without a weight weighs 1; a weight of 0 takes a column out.
"""

from datetime import datetime

from lorbot.core.application import Application, Programme
from lorbot.core.dossier import Dossier
from lorbot.core.programmes import columns, scales
from lorbot.core.programmes.cells import is_emptied
from lorbot.core.programmes.columns import Column
from lorbot.core.programmes.fits import Fit, Present
from lorbot.core.programmes.scales import Scale
from lorbot.core.programmes.score import Part
from lorbot.core.value import Line, value

_NO_VALUE = "no program in your table has a value for it"


@value
class Criterion:
    key: Line
    heading: Line
    weight: float  # with its sign
    preference: Line = ""
    scale: Scale
    told: dict[Line, Line]  # by programme: the cell, or in words what it was compared with

    def part(self, programme: Programme) -> Part:
        return Part(
            key=self.key, heading=self.heading, weight=abs(self.weight), value=self.scale.values.get(programme.id),
            cell=self.told.get(programme.id, ""),
        )  # fmt: skip


class Table:
    """The programmes of an application with what their columns say."""

    def __init__(self, dossier: Dossier, application: Application, now: datetime) -> None:
        self.dossier, self.application, self.now = dossier, application, now
        self.programmes = dossier.programmes_of(application.id)
        self.present = Present(dossier, application)
        self.columns = columns.columns_of(self.programmes)
        self._cells = {p.id: columns.cells_of(p) for p in self.programmes}

    def cells(self, key: str) -> dict[str, str]:
        """A column without what says that nothing is known, by programme."""
        found = {x: row.get(key, "") for x, row in self._cells.items()}
        return {x: cell for x, cell in found.items() if cell and not (is_emptied(cell) and cell.lower() != "none")}

    def deadlines(self) -> dict[str, datetime]:
        found = {p.id: p.deadline or self.application.deadline for p in self.programmes}
        return {x: deadline for x, deadline in found.items() if deadline}


def criteria_of(table: Table) -> tuple[Criterion, ...]:
    """Every criterion with a weight, scaled over the programmes of the table; in the order of the columns."""
    application = table.application
    own = {c.key for c in table.columns if columns.compared_with(c.key) in application.own}
    wanted = {*application.weights, *application.preferences, *own}
    found = [c for c in table.columns if c.key in wanted]
    found += [Column(key=key, heading=key) for key in sorted(wanted - {c.key for c in found})]
    made = (_criterion(table, column) for column in found)
    return tuple(c for c in made if c.weight)


def _criterion(table: Table, column: Column) -> Criterion:
    application = table.application
    weight = application.weights.get(column.key, 1.0)
    preference = application.preferences.get(column.key, "")
    own = application.own.get(columns.compared_with(column.key), "")
    cells = table.cells(column.key)
    if column.key == "letters":
        scale, cells = _of_letters(table, low=weight < 0)
    elif column.key == "deadline":
        scale, cells = _of_deadlines(table, low=weight < 0)
    elif own:
        scale, cells = _compared(columns.compared_with(column.key), own, cells)
    else:
        if column.key == "specialty":
            preference = preference or table.dossier.applicant.specialty
        scale = scales.scaled(cells, preference, low=weight < 0)
    return Criterion(
        key=column.key, heading=column.heading, weight=weight, preference=preference or own, scale=scale, told=cells
    )


def _of_letters(table: Table, *, low: bool) -> tuple[Scale, dict[str, str]]:
    met = {p.id: m for p in table.programmes if (m := table.present.met(p)).fit is not Fit.UNKNOWN}
    values = {x: m.sure / m.wanted for x, m in met.items()}
    return (
        Scale(values={x: 1 - v if low else v for x, v in values.items()},
              rule="the part of the letters it wants that are in or agreed", problem=_nothing(met)),
        {x: f"{m.sure} of {m.wanted} in or agreed" for x, m in met.items()},
    )  # fmt: skip


def _of_deadlines(table: Table, *, low: bool) -> tuple[Scale, dict[str, str]]:
    ahead = {x: deadline >= table.now for x, deadline in table.deadlines().items()}
    return (
        Scale(values={x: float(is_ahead != low) for x, is_ahead in ahead.items()},
              rule="1 where it is ahead, 0 where it has passed", problem=_nothing(ahead)),
        {x: "ahead" if is_ahead else "passed" for x, is_ahead in ahead.items()},
    )  # fmt: skip


def _compared(what: str, own: str, cells: dict[str, str]) -> tuple[Scale, dict[str, str]]:
    """The applicant's own number beside the least that the table says a programme wants: met, below, or not known."""
    values: dict[str, float] = {}
    told: dict[str, str] = {}
    mine = scales.number_in(own)
    for x, cell in cells.items():
        least = scales.number_in(cell)
        if mine is not None and least is not None:
            values[x] = float(mine >= least)
            told[x] = f"your {what} of {own} {'meets' if mine >= least else 'is below'} the {cell} in your table"
        elif own.casefold().strip() == cell.casefold().strip():
            values[x], told[x] = 1.0, f"your {what} of {own} meets the {cell} in your table"
    rule = f"1 where your {what} ({own}) is at least what the table says, 0 where it is below"
    return Scale(values=values, rule=rule, problem=_nothing(values)), told


def _nothing(found: object) -> str:
    return "" if found else _NO_VALUE
