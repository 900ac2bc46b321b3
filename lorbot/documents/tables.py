"""Reading a text as the table it may be: rows of text.

Rows keep their number: an empty one stays as an empty row. What is too much is cut, and said to be.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import StringIO

from lorbot.core.documents import MOST_ROWS, Examined
from lorbot.documents.kinds import text_of

MOST_COLUMNS = 60
_MOST_IN_CELL = 4_000  # characters
_MOST_IN_TABLE = 8_000_000  # characters
_MOST_EMPTY = 1_000  # rows one after another: Excel's sheets may be a million rows long
_SEPARATORS = ",;\t|"
_SOONEST_HEADINGS = 5  # lines in which the separator is sought

Row = tuple[str, ...]


def steps(seen: Examined, content: bytes) -> Iterator[Examined]:
    """A text as the table it may be. Any text is one; who wanted a document looks at something else."""
    yield seen
    text = text_of(content).replace("\x00", "")
    separator = ""
    if text[:4].lower() == "sep=":  # Excel's own way to say it
        separator, text = text[4:5], "\n" + text.partition("\n")[2]
    lines = StringIO(text, newline="")
    rows = csv.reader(lines, delimiter=separator or _separator(text), skipinitialspace=True)
    csv.field_size_limit(_MOST_IN_TABLE)
    yield with_rows(seen, rows)


def _separator(text: str) -> str:
    """The one that the first lines hold most often, outside quotes."""
    lines = [line for line in text[:20_000].split("\n") if line.strip()][:_SOONEST_HEADINGS]
    bare = "".join(part for line in lines for part in line.split('"')[::2])
    return max(_SEPARATORS, key=bare.count)


def with_rows(seen: Examined, rows: Iterable[Iterable[str]]) -> Examined:
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
    row = [cell.strip()[:_MOST_IN_CELL] for cell in cells][:MOST_COLUMNS]
    while row and not row[-1]:
        row.pop()
    return tuple(row)
