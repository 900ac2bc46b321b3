"""A table of programmes as it comes by mail, and what the answer brings with it."""

import csv
from dataclasses import replace
from io import BytesIO, StringIO
from typing import Any

from dossiers import attachment, decided, drafts, rich
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from lorbot.core.application import Programme
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier
from lorbot.documents import examined

ERAS = "programs ERAS 2028"


def sent(content: bytes | str, words: str = "", dossier: Dossier | None = None, name: str = "programs.csv") -> Decision:
    """`programs` with this table attached, and these lines in the mail."""
    content = content.encode() if isinstance(content, str) else content
    seen = examined(content)
    files = (attachment(name, sha256=seen.sha256),)
    return decided(dossier or rich(), ERAS, words, files=files, examined=(seen,))


def told(words: str, dossier: Dossier) -> Decision:
    """`programs` without a table."""
    return decided(dossier, ERAS, words)


def programmes(decision: Decision) -> tuple[Programme, ...]:
    return decision.dossier.programmes_of("a1")


def context(decision: Decision) -> dict[str, Any]:
    (draft,) = drafts(decision)
    return draft.context


def content(decision: Decision, name: str) -> bytes:
    """A file that comes with the answer."""
    (draft,) = drafts(decision)
    (file,) = [e for e in draft.enclosures if e.name == name]
    return decision.files[file.sha256]


def book(decision: Decision) -> Workbook:
    return load_workbook(BytesIO(content(decision, "programs.xlsx")))


def rows(decision: Decision, page: str) -> list[dict[str, Any]]:
    """A page of the workbook, a row for each program, by heading."""
    headings, *found = book(decision)[page].iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in found]


def sent_back(decision: Decision) -> list[list[str]]:
    return list(csv.reader(StringIO(content(decision, "programs_to_mend.csv").decode("utf-8-sig"), newline="")))


def ranks(decision: Decision) -> list[tuple[int | None, str]]:
    return [(row["Rank (lorbot)"], row["Program"]) for row in rows(decision, "Programs")]


def with_wishes(dossier: Dossier, table: dict[str, dict[str, str]], **fields: Any) -> Dossier:
    """A dossier with these programs, each with what the table says under the applicant's own headings."""
    made = (
        Programme(id=f"p{n}", application="a1", name=name, wishes=wishes, **fields)
        for n, (name, wishes) in enumerate(table.items(), 1)
    )
    return replace(dossier, programmes=tuple(made))
