"""A workbook as values: sheets with headings and cells. `lorbot.core.books` makes a file of it."""

from collections.abc import Sequence
from datetime import date, datetime

from lorbot.core.value import Line, value

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | float | date | datetime | None


@value
class Heading:
    words: Line
    width: int  # in characters
    number_format: Line = ""  # "0.0", "yyyy-mm-dd"


class Page:
    """One sheet: headings in its first row, which stays in sight, and rows of cells below them."""

    def __init__(self, title: str, headings: Sequence[Heading], rows: Sequence[Sequence[Cell]]) -> None:
        self.title, self.headings, self.rows = title, headings, rows
