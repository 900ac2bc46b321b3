"""Reading a sheet of Excel as rows of text: what the cells show, never their formulas."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from lorbot.core.documents import OWN_SHEET, Examined, Flaw
from lorbot.documents.archive import Archive
from lorbot.documents.tables import MOST_COLUMNS, with_rows

_NOT_FORMAT = re.compile(r"\[[^\]]*\]|\"[^\"]*\"")  # a language or a colour, and words


def steps(seen: Examined, content: bytes) -> Iterator[Examined]:
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
        seen = with_rows(seen, ([_shown(cell) for cell in row[:MOST_COLUMNS]] for row in sheet.iter_rows()))
        if seen.rows:
            break
    yield seen


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
