"""Nadia's table of programs, as spreadsheet programs write it, there and back by mail."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from papers import excel
from stage import APPLICATION, MENTOR, Received, Stage, Style, gmail, outlook

from lorbot.core.workbook import MEDIA_TYPE
from lorbot.mail.message import parse
from lorbot.sandbox.people import File
from lorbot.sandbox.server import MailServer


def _day(month: int, day: int, hour: int = 0) -> datetime:
    """A cell of a spreadsheet: it has no zone."""
    return datetime(2027, month, day, hour)  # noqa: DTZ001


PROGRAMS = [
    ["Where I apply, 2028"], [],
    ["Residency Program", "City, State", "Application deadline", "Letters", "Required letters", "Distance (mi)",
     "Research (1-5)", "Minimum Step 2", "Visa"],
    ["Lakeside Hospital", "Boston, MA", _day(9, 15), "3-4", "1 chair, 1 internal medicine", 12, 5, 230, True],
    ["Northern Medical Center", "Chicago, IL", _day(9, 1, 17), 3, "Program Director", 900, 4, 250, True],
    ["County General", "Dallas, TX", None, 1, None, 1600, 2, None, False],
    ["Hôpital Saint-Luc", "Montréal", _day(5, 1), 2, None, 250, 3, None, None],
]  # fmt: skip
MARCH_4 = _day(3, 4)
WISHES = "weights: distance -2, research 3\nprefer city: Boston, Chicago\nmy Step 2: 245"


@pytest.fixture
def stage(tmp_path: Path, mail_server: MailServer) -> Stage:
    made = Stage(tmp_path, mail_server)
    made.nadia.writes("profile", "specialty: internal medicine")
    made.nadia.writes("application ERAS 2028", APPLICATION)
    made.turn()
    made.nadia.reads()
    return made


def sheet(*rows: list[object], name: str = "my programs.xlsx") -> File:
    return File(name=name, content=excel(*rows), media_type=MEDIA_TYPE)


def attached(mail: Received, name: str) -> bytes:
    """A file as the reader of the mail saves it."""
    (found,) = [a for a in mail.incoming.attachments if a.name == name]
    return parse(mail.raw).files[found.sha256]


def ranked(mail: Received) -> list[tuple[object, ...]]:
    """Rank, name and score of the first sheet."""
    page = load_workbook(BytesIO(attached(mail, "programs.xlsx")))["Programs"]
    return [(row[0], row[1], row[4]) for row in page.iter_rows(min_row=2, values_only=True)]


def test_a_table_from_excel_comes_back_ranked_with_what_the_letters_need(stage: Stage) -> None:
    stage.nadia.writes("Programs ERAS 2028", WISHES, files=(sheet(*PROGRAMS),))
    stage.turn()

    mail = stage.nadia.reads_one("Programs ERAS 2028")
    assert [a.name for a in mail.incoming.attachments] == ["programs.xlsx"]
    assert mail.text.startswith(
        "**Next:** find a letter from a program director. Northern Medical Center wants it by September 1, 2027.\n"
    )
    assert "**1. Lakeside Hospital, Boston, MA: 100 of 100**" in mail.text
    assert "needs a letter from the department chair, plus a letter from somebody in the specialty" in mail.text
    assert "your step 2 of 245 is below the 250 in your table" in mail.text
    assert "The deadline has passed of Hôpital Saint-Luc." in mail.text
    assert "<strong>1. Lakeside Hospital" in mail.html
    assert [(rank, name) for rank, name, _ in ranked(mail)] == [
        (1, "Lakeside Hospital"), (2, "Northern Medical Center"), (3, "Hôpital Saint-Luc"), (4, "County General"),
    ]  # fmt: skip
    assert "programs of ERAS 2028 from a table: 4 rows taken (4 new, 0 changed), 0 not" in stage.journal


def test_letters_arrive_and_the_same_list_says_so(stage: Stage) -> None:
    stage.nadia.writes("mentor Dr. Elena Lopez", MENTOR)
    stage.nadia.writes("programs ERAS 2028", files=(sheet(["Program", "Letters"], ["County General", 1]),))
    stage.turn()
    before = stage.nadia.reads()[-1].text
    stage.nadia.writes("ask Dr. Lopez")
    stage.turn()
    stage.nadia.answers(stage.nadia.reads_one("Shall I send this"), "send")
    stage.turn()
    stage.nadia.reads()
    stage.nadia.writes("agreed Dr. Lopez")
    stage.turn()
    stage.nadia.reads()
    stage.nadia.writes("programs")
    stage.turn()
    agreed = stage.nadia.reads_one().text
    stage.nadia.writes("received Dr. Lopez")
    stage.turn()
    stage.nadia.reads()
    stage.nadia.writes("programs?")
    stage.turn()

    assert "Letters: satisfied if Dr. Elena Lopez (not asked yet) writes, by September 1, 2027." in before
    assert "Letters: satisfied once Dr. Elena Lopez writes, by September 1, 2027." in agreed
    assert "Letters: its letter is in." in stage.nadia.reads_one().text


WRITTEN: tuple[Callable[[str], bytes], ...] = (
    lambda text: text.replace(",", ";").encode("cp1252"),
    lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
    lambda text: ("sep=|\n" + text.replace(",", "|")).encode(),
    lambda text: text.replace(",", "\t").encode("utf-16"),
)
"""How spreadsheet programs write a table: European and American Excel, Excel's own line, and its "Unicode text"."""


def test_csv_from_every_program_is_read(stage: Stage) -> None:
    text = "Institution,City,Deadline,Number of LORs\nHôpital Saint-Luc {},Montréal,9/15/2027,3\n"
    for number, write in enumerate(WRITTEN):
        file = File(name="programs.csv", content=write(text.format(number)), media_type="text/csv")
        stage.nadia.writes("program list for ERAS", files=(file,))
    stage.turn()

    assert [(p.name, p.city, p.letters) for p in stage.dossier.programmes] == [
        (f"Hôpital Saint-Luc {number}", "Montréal", 3) for number in range(4)
    ]
    assert "Hôpital Saint-Luc 3, Montréal" in stage.nadia.reads()[-1].text


@pytest.mark.parametrize("style", [gmail, outlook])
def test_the_workbook_is_changed_and_sent_back_in_answer(stage: Stage, style: Style) -> None:
    stage.nadia.writes("programs ERAS 2028", WISHES, files=(sheet(*PROGRAMS),))
    stage.turn()
    mail = stage.nadia.reads_one()
    book = load_workbook(BytesIO(attached(mail, "programs.xlsx")))
    page = book["Your table"]
    column = {cell.value: cell.column for cell in page[1]}
    row = {cell.value: cell.row for cell in page["A"]}
    page.cell(row["weight"], column["Distance (mi)"]).value = 0
    page.cell(row["weight"], column["Research (1-5)"]).value = 0
    page.cell(row["prefer"], column["City"]).value = "Dallas"
    page.cell(row["my own"], column["Minimum Step 2"]).value = "-"
    changed = BytesIO()
    book.save(changed)

    stage.nadia.answers(mail, "programs ERAS 2028", style, files=(
        File(name="programs.xlsx", content=changed.getvalue(), media_type=MEDIA_TYPE),
    ))  # fmt: skip
    stage.turn()

    again = stage.nadia.reads_one()
    assert ranked(again)[0] == (1, "County General", 100)
    assert [(p.deadline, p.time_zone) for p in stage.dossier.programmes][1] == (
        datetime.fromisoformat("2027-09-01T21:00+00:00"), "America/New_York",
    )  # fmt: skip


def test_rows_that_are_wrong_come_back_and_are_mended(stage: Stage) -> None:
    stage.nadia.writes("programs", files=(
        sheet(["Program", "Deadline", "Letters"], ["Bay Hospital", "rolling", 3], ["County General", "", MARCH_4]),
    ))  # fmt: skip
    stage.turn()
    mail = stage.nadia.reads_one()
    assert mail.text.startswith("**Next:** 2 rows were not taken. Mend them in the attached programs_to_mend.csv")
    assert "a spreadsheet makes a date of 3-4" in mail.text

    mended = attached(mail, "programs_to_mend.csv").decode().replace("rolling", "").replace("2027-03-04", "3-4")
    stage.nadia.writes("programs", files=(File(name="m.csv", content=mended.encode(), media_type="text/csv"),))
    stage.turn()

    assert [(p.name, p.letters) for p in stage.dossier.programmes] == [("Bay Hospital", 3), ("County General", 3)]
    assert "Taken from your table: 2 rows, all new." in stage.nadia.reads_one().text


def test_which_application_is_meant_is_asked(stage: Stage) -> None:
    stage.nadia.writes("application Rural residency", APPLICATION)
    stage.turn()
    stage.nadia.reads()
    table = sheet(["Program"], ["Bay Hospital"])
    stage.nadia.writes("programs", files=(table,))
    stage.turn()
    assert "it is not said for which application; there are: ERAS 2028 · Rural" in stage.nadia.reads_one().text
    assert stage.dossier.programmes == ()

    stage.nadia.writes("programs for rural residency", files=(table,))
    stage.turn()
    (found,) = stage.dossier.programmes
    assert stage.dossier.application(found.application).name == "Rural residency"


def test_what_is_no_table_is_explained(stage: Stage) -> None:
    stage.nadia.writes("programs", files=(File(name="programs.pdf", content=b"%PDF-1.7\n%%EOF\n"),))
    stage.turn()
    assert "programs.pdf is no table; save it as .xlsx or as CSV and send me that" in stage.nadia.reads_one().text
