"""Reading a table, CSV or XLSX, as rows of text: what the cells show, never their formulas.

Rows keep their number: an empty one stays as an empty row. What is too much is cut, and said to be.
"""

import csv
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from io import BytesIO, StringIO
from typing import Any

from openpyxl import load_workbook

from lorbot.core.documents import MOST_ROWS, OWN_SHEET, Examined, Flaw
from lorbot.documents.archive import Archive
from lorbot.documents.kinds import text_of

_MOST_COLUMNS = 60
_MOST_IN_CELL = 4_000  # characters
_MOST_IN_TABLE = 8_000_000  # characters
_MOST_EMPTY = 1_000  # rows one after another: Excel's sheets may be a million rows long
_SEPARATORS = ",;\t|"
_NOT_FORMAT = re.compile(r"\[[^\]]*\]|\"[^\"]*\"")  # a language or a colour, and words
_SOONEST_HEADINGS = 5  # lines in which the separator is sought

Row = tuple[str, ...]


def text_steps(seen: Examined, content: bytes) -> Iterator[Examined]:
    """A text as the table it may be. Any text is one; who wanted a document looks at something else."""
    yield seen
    text = text_of(content).replace("\x00", "")
    separator = ""
    if text[:4].lower() == "sep=":  # Excel's own way to say it
        separator, text = text[4:5], "\n" + text.partition("\n")[2]
    lines = StringIO(text, newline="")
    rows = csv.reader(lines, delimiter=separator or _separator(text), skipinitialspace=True)
    csv.field_size_limit(_MOST_IN_TABLE)
    yield _with_rows(seen, rows)


def sheet_steps(seen: Examined, content: bytes) -> Iterator[Examined]:
    """The first sheet that holds anything; in a workbook of lorbot's own, the one that is the applicant's."""
    try:
        if Archive(content).is_bomb:
            yield replace(seen, flaws=(Flaw.BOMB,))
            return
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError):
        yield replace(seen, flaws=(Flaw.DAMAGED,))
        return
    for sheet in sorted(book.worksheets, key=lambda each: each.title != OWN_SHEET):
        sheet.reset_dimensions()  # what a file says of its size is not believed
        seen = _with_rows(seen, ([_shown(cell) for cell in row[:_MOST_COLUMNS]] for row in sheet.iter_rows()))
        if seen.rows:
            break
    yield seen


def _separator(text: str) -> str:
    """The one that the first lines hold most often, outside quotes."""
    lines = [line for line in text[:20_000].split("\n") if line.strip()][:_SOONEST_HEADINGS]
    bare = "".join(part for line in lines for part in line.split('"')[::2])
    return max(_SEPARATORS, key=bare.count)


def _with_rows(seen: Examined, rows: Iterable[Iterable[str]]) -> Examined:
    taken: list[Row] = []
    filled = size = empty = 0
    for cells in rows:
        row = _trimmed(cells)
        filled, empty = (filled + 1, 0) if row else (filled, empty + 1)
        size += sum(len(cell) for cell in row)
        if filled > MOST_ROWS + 1 or size > _MOST_IN_TABLE:  # one row more: the headings
            return replace(seen, rows=tuple(taken), more_rows=True)
        if empty > _MOST_EMPTY:
            break
        taken.append(row)
    while taken and not taken[-1]:
        taken.pop()
    return replace(seen, rows=tuple(taken))


def _trimmed(cells: Iterable[str]) -> Row:
    row = [cell.strip()[:_MOST_IN_CELL] for cell in cells][:_MOST_COLUMNS]
    while row and not row[-1]:
        row.pop()
    return tuple(row)


def _shown(cell: Any) -> str:
    """A cell as a person sees it. Excel makes a date of "March 2027": that is given back as it was typed."""
    content = cell.value
    if content is None:
        return ""
    if isinstance(content, bool):
        return "yes" if content else "no"
    if isinstance(content, datetime) and content.time() != time():
        return content.strftime("%Y-%m-%d %H:%M")
    if isinstance(content, date):
        day_shown = "d" in _NOT_FORMAT.sub("", str(getattr(cell, "number_format", "d")).lower())
        return content.strftime("%Y-%m-%d" if day_shown else "%B %Y")
    if isinstance(content, float) and content.is_integer() and abs(content) < 1e15:
        return str(int(content))
    return str(content)
