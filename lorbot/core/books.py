"""A workbook as Excel, LibreOffice and Google Sheets open it (.xlsx, ECMA-376), made in memory by openpyxl.

Invariants: the same pages give the same bytes; no cell is a formula, or begins like one (CWE-1236).
"""

import re
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from lorbot.core import sheets
from lorbot.core.workbook import Cell, Page

_MADE = datetime(1980, 1, 1)  # noqa: DTZ001 - the beginning of a zip file's time, which knows no zone
_MOST_IN_CELL = 32_000  # characters; Excel takes 32,767
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TITLE = re.compile(r"[\[\]:*?/\\]")
_HEAD = PatternFill("solid", start_color="FFF4F7FA")


def xlsx_of(pages: Sequence[Page]) -> bytes:
    """The pages as a file. Dates are dates, numbers are numbers, and all else is text."""
    book = Workbook()
    book.remove(book.active)
    styles: dict[tuple[str, type], Any] = {}
    for page in pages:
        _fill(book.create_sheet(_TITLE.sub(" ", page.title)[:31]), page, styles)
    book.properties.creator = "lorbot"
    book.properties.created = book.properties.modified = _MADE
    out = BytesIO()
    with _Archive(out, "w", ZIP_DEFLATED) as archive:
        _Writer(book, archive).write_data()
    return out.getvalue()


def _fill(sheet: Worksheet, page: Page, styles: dict[tuple[str, type], Any]) -> None:
    for at, heading in enumerate(page.headings, 1):
        cell = sheet.cell(1, at)
        _put(cell, heading.words)
        cell.font, cell.fill = Font(bold=True), _HEAD
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(at)].width = heading.width
    for number, row in enumerate(page.rows, 2):
        for at, content in enumerate(row):
            if content is None or content == "":
                continue
            heading = page.headings[at]
            cell = sheet.cell(number, at + 1)
            _put(cell, content)
            styled = ("" if isinstance(content, str) else heading.number_format, type(content))
            if styled not in styles:
                styles[styled] = _styled(cell, styled[0])
            cell._style = styles[styled]  # noqa: SLF001 - as styles are set one by one, 2,000 rows take ten seconds
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(page.headings))}{len(page.rows) + 1}"
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def _styled(cell: Any, number_format: str) -> Any:
    """The style of a cell of this kind, to be shared by all of its kind."""
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if number_format:
        cell.number_format = number_format
    return cell._style  # noqa: SLF001 - see where it is used


def _put(cell: Any, content: Cell) -> None:
    text = sheets.escaped(_NOT_XML.sub("", content))[:_MOST_IN_CELL] if isinstance(content, str) else content
    cell.value = text
    if isinstance(text, str):
        cell.data_type = "s"


class _Archive(ZipFile):
    """A zip file whose entries have no time of their own."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        entry = ZipInfo(getattr(zinfo_or_arcname, "filename", zinfo_or_arcname), _MADE.timetuple()[:6])
        super().writestr(entry, data, ZIP_DEFLATED)


class _Writer(ExcelWriter):  # type: ignore[misc]
    """openpyxl's own writer, without its temporary files on disk."""

    def write_worksheet(self, ws: Worksheet) -> None:
        writer = WorksheetWriter(ws, BytesIO())
        writer.write()
        ws._rels, ws._drawing = writer._rels, None  # noqa: SLF001 - as openpyxl's own method does
        self._archive.writestr(ws.path[1:], writer.out.getvalue())
        self.manifest.append(ws)
