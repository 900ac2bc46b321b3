"""Tables of people: headings as people write them, rows with their numbers, and a table to send back.

Invariant: no cell that is sent back begins like a formula (a spreadsheet would run it: CWE-1236).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from lorbot.core.value import Line, Text, value

_PUNCTUATION = re.compile(r"[^\w@]+|_")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SERIAL = re.compile(r"[2-6]\d{4}(?:\.0)?")  # Excel's number of a day between 1954 and 2091
_FIRST_DAY = date(1899, 12, 30)
_HEADINGS_WITHIN = 10  # rows; what stands above them is a title
WRONG = "what is wrong"


@value
class Row:
    """One row with anything in it. `number` is that of the spreadsheet program."""

    number: int
    cells: dict[Line, Text]  # by field
    given: tuple[Text, ...]  # as it stands in the table

    def get(self, field: str) -> str:
        return self.cells.get(field, "").strip()


@value
class Sheet:
    headings: tuple[Text, ...]  # as they stand in the table
    rows: tuple[Row, ...]
    unknown: tuple[Line, ...] = ()  # headings that mean nothing here


def read(rows: Sequence[Sequence[str]], words: Mapping[str, str], wanted: Iterable[str]) -> Sheet | None:
    """The table as rows by field, or None where no row of headings is found: one that has one of `wanted`.

    `words` are the headings that are known, as `norm` makes them, each with its field.
    """
    wanted = set(wanted)
    for at, heading in enumerate(rows[:_HEADINGS_WITHIN]):
        fields = [words.get(norm(cell), "") for cell in heading]
        if wanted & set(fields):
            found = (_row(number, cells, fields) for number, cells in enumerate(rows[at + 1 :], at + 2))
            unknown = (c for c, field in zip(heading, fields, strict=True) if c and not field and norm(c) != WRONG)
            return Sheet(headings=tuple(heading), rows=tuple(r for r in found if r), unknown=tuple(unknown))
    return None


def norm(heading: str) -> str:
    """A heading without case and punctuation: "E-Mail Address *" and "email address" differ in the hyphen alone."""
    return " ".join(_PUNCTUATION.sub(" ", heading.lower().partition("(")[0]).split())


def csv_of(rows: Iterable[Iterable[str]]) -> bytes:
    """A table as CSV that Excel opens as it should: UTF-8 with its mark, every cell quoted, no formula."""
    lines = (",".join(_quoted(cell) for cell in row) for row in rows)
    return ("\ufeff" + "".join(f"{line}\r\n" for line in lines)).encode()


def sent_back(sheet: Sheet, wrong: Mapping[int, str]) -> bytes:
    """The rows that were not taken, with what is wrong in a column of its own, to be mended and sent again."""
    kept = [at for at, heading in enumerate(sheet.headings) if norm(heading) != WRONG]
    table = [[*(sheet.headings[at] for at in kept), WRONG]]
    table += [
        [*(row.given[at] if at < len(row.given) else "" for at in kept), wrong[row.number]]
        for row in sheet.rows
        if row.number in wrong
    ]
    return csv_of(table)


def month_of(cell: str) -> str:
    """A month that a spreadsheet has made a number of ("46447" for March 2027) as a month again; else the cell."""
    if not _SERIAL.fullmatch(cell):
        return cell
    return f"{_FIRST_DAY + timedelta(days=int(float(cell))):%B %Y}"


def day_of(cell: str) -> str:
    """A day that a spreadsheet has made a number of ("46660" for September 30, 2027) as a day again; else the cell."""
    return f"{_FIRST_DAY + timedelta(days=int(float(cell)))}" if _SERIAL.fullmatch(cell) else cell


def escaped(cell: str) -> str:
    """The cell so that no spreadsheet program runs it as a formula."""
    return f"'{cell}" if cell.lstrip(" \n'").startswith(_FORMULA) or cell.startswith(_FORMULA) else cell


def _row(number: int, cells: Sequence[str], fields: Sequence[str]) -> Row | None:
    given = tuple(_unescaped(cell) for cell in cells)
    found: dict[str, str] = {}
    for field, cell in zip(fields, given, strict=False):
        if field and cell.strip() and not found.get(field):
            found[field] = cell
    return Row(number=number, cells=found, given=given) if any(cell.strip() for cell in given) else None


def _quoted(cell: str) -> str:
    return '"' + escaped(cell).replace('"', '""') + '"'


def _unescaped(cell: str) -> str:
    """What `_quoted` put before a cell is taken off again when the table comes back."""
    return cell[1:] if cell.startswith("'") and cell[1:].lstrip(" \n'").startswith(_FORMULA) else cell
