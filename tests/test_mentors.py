"""Tables of mentors and applicants: headings, rows taken whole or not at all, and the rows that come back."""

import csv
import time
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from dossiers import answer, attachment, decided, drafts, problems, rich, small, written
from hypothesis import given
from hypothesis import strategies as st
from papers import excel

from lorbot.core import enrolment, sheets
from lorbot.core.commands import mentor, people
from lorbot.core.decision import Decision
from lorbot.core.documents import MOST_ROWS, Examined, Flaw, Kind
from lorbot.core.dossier import Dossier, Mentor
from lorbot.core.roll import Roll
from lorbot.documents import examined


def sent(content: bytes | str, dossier: Dossier | None = None, name: str = "mentors.csv") -> Decision:
    """`mentors` with this table attached."""
    content = content.encode() if isinstance(content, str) else content
    seen = examined(content)
    file = attachment(name, sha256=seen.sha256)
    return decided(dossier or rich(), "mentors", files=(file,), examined=(seen,))


def rows(decision: Decision, which: str) -> list[tuple[int, str, str]]:
    (draft,) = drafts(decision)
    return [(row["number"], row["name"], row["says"]) for row in draft.context[which]]


def sent_back(decision: Decision) -> list[list[str]]:
    """The table that comes with the answer, as a spreadsheet program reads it."""
    (draft,) = drafts(decision)
    (file,) = draft.enclosures
    content = decision.files[file.sha256]
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


# -- the list ---------------------------------------------------------------------------------------------------------


def test_without_a_table_the_mentors_are_listed_with_an_empty_one_to_fill_in() -> None:
    decision = decided(rich(), "mentors")
    assert "| Sam Kim, MD | kim@hospital.example | none planned |" in answer(decision)
    assert sent_back(decision) == [["name", *(f.word for f in mentor.COMMAND.fields)]]
    assert decision.dossier.mentors == rich().mentors


def test_the_empty_table_filled_in_is_understood_whole() -> None:
    heading = ",".join(sent_back(decided(small(), "mentors"))[0])
    decision = sent(f"{heading}\nDr. Ada Byron,ada@college.example,Professor,research\n", small())
    (ada,) = decision.dossier.mentors
    assert ada == Mentor(id="m1", name="Dr. Ada Byron", email="ada@college.example", title="Professor", role="research")
    assert "left it out" not in answer(decision)


# -- headings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    [
        "name,email,role", "Name,E-Mail,Kind", "MENTOR;Email Address;Role", "Full Name\te-mail address\trole",
        "Recommender|mail|role", '"Name *","E-mail (work)","Role"', "\ufeffname,email,role", "sep=;\nname;email;role",
        "My mentors 2027\n\nname,email,role",
    ],
)  # fmt: skip
def test_headings_are_taken_as_people_write_them(heading: str) -> None:
    separator = next(s for s in ";\t|," if s in heading.rpartition("\n")[2])
    row = separator.join(("Ada Byron", "ada@college.example", "research"))
    (ada,) = sent(f"{heading}\n{row}\n", small()).dossier.mentors
    assert (ada.name, ada.email, ada.role) == ("Ada Byron", "ada@college.example", "research")


@pytest.mark.parametrize(
    ("heading", "row", "name", "title"),
    [
        ("first name,last name", "Ada,Byron", "Ada Byron", ""),
        ("title,first,surname", "Dr.,Ada,Byron", "Dr. Ada Byron", ""),
        ("title,name", "Prof,Ada Byron", "Prof. Ada Byron", ""),
        ("title,name", "Professor of Medicine,Ada Byron", "Ada Byron", "Professor of Medicine"),
        ("title,name", "Dr,Dr. Ada Byron", "Dr. Ada Byron", ""),
        ("prefix,name,title", "Dr,Ada Byron,Dean", "Dr. Ada Byron", "Dean"),
    ],
)
def test_a_name_in_pieces_is_put_together(heading: str, row: str, name: str, title: str) -> None:
    (ada,) = sent(f"{heading}\n{row}\n", small()).dossier.mentors
    assert (ada.name, ada.title) == (name, title)


def test_a_column_that_means_nothing_is_named() -> None:
    assert "I did not understand this column and left it out: shoe size." in answer(
        sent("name,shoe size\nAda Byron,38\n")
    )


def test_a_table_without_headings_is_explained() -> None:
    (problem,) = problems(sent("Ada Byron,ada@college.example\nKim,kim@x.example\n"))
    assert problem.startswith("I find no row of headings with a column “name”")


# -- rows -------------------------------------------------------------------------------------------------------------

MIXED = """Name,Email,Role,Known since,For,Backup for
Dr. Ada Byron,ada@college.example,research,46447,ERAS 2028,
Lopez,lopez@hospital.example,research,,,
Boris,no address,clinical,,,
Noor Haddad,noor@x.example,boss,,Rhodes,
,nobody@x.example,,,,

Dr. Ada Byron,ADA@college.example,research,46447,ERAS 2028,
Ada Byron,ada@college.example,clinical,,,
Ines Ruiz,lopez@hospital.example,,,,
Max Bauer,max@x.example,,,,Carl Vogt
Carl Vogt,carl@x.example,,,,
"""


NO_ROLE = "role “boss” is not one of: academic, clinical, research, community, professional"
NO_APPLICATION = "“Rhodes” is not one of your applications; there are: ERAS 2028, internal medicine · Garden grant"


def test_each_row_is_taken_whole_or_not_at_all_with_the_reason() -> None:
    decision = sent(MIXED)
    assert rows(decision, "taken") == [
        (2, "Dr. Ada Byron", "added; letter for ERAS 2028, internal medicine planned"),
        (3, "Dr. Elena Lopez", "role: “clinical” → “research”"),
        (11, "Max Bauer", "added"),
        (12, "Carl Vogt", "added"),
    ]
    assert rows(decision, "wrong") == [
        (4, "Boris", "“no address” is not an e-mail address (An email address must have an @-sign)"),
        (5, "Noor Haddad", f"{NO_ROLE}; {NO_APPLICATION}"),
        (6, "nobody@x.example", "the name is missing"),
        (9, "Ada Byron", "row 2 is about Dr. Ada Byron too; keep one of them"),
        (10, "Ines Ruiz", "lopez@hospital.example is already the address of Dr. Elena Lopez"),
    ]  # fmt: skip
    assert "Row 8 says the same as row 2." in answer(decision)
    after = decision.dossier
    assert [m.name for m in after.mentors[3:]] == ["Dr. Ada Byron", "Carl Vogt", "Max Bauer"]
    ada, carl, bauer = after.mentors[3:]
    assert (ada.known_since, ada.role) == ("March 2027", "research")
    assert bauer.backup_for == carl.id
    assert [(x.id, x.mentor) for x in after.letters] == [("l1", "m1"), ("l2", "m3"), ("l3", "m3"), ("l4", ada.id)]


def test_the_rows_that_were_not_taken_come_back_mended_and_are_taken() -> None:
    first = sent(MIXED)
    table = sent_back(first)
    assert table[0] == ["Name", "Email", "Role", "Known since", "For", "Backup for", "what is wrong"]
    assert [row[0] for row in table[1:]] == ["Boris", "Noor Haddad", "", "Ada Byron", "Ines Ruiz"]
    table[1][1] = "boris@x.example"
    again = sent(sheets.csv_of(table[:2]), first.dossier)
    assert rows(again, "taken") == [(2, "Boris", "added")]
    assert "column" not in answer(again)


def test_a_table_sent_twice_changes_nothing_the_second_time() -> None:
    first = sent("name,email,role\nAda Byron,ada@college.example,research\n")
    second = sent("name,email,role\nAda Byron,ada@college.example,research\n", first.dossier)
    assert rows(second, "taken") == [(2, "Ada Byron", "nothing new")]
    assert second.dossier.mentors == first.dossier.mentors


def test_an_excel_file_is_as_good() -> None:
    content = excel(
        ["Name", "Email", "Known since"], ["Ada Byron", "ada@college.example", 46447], [None], ["Carl Vogt"]
    )
    (ada, carl) = sent(content, small(), "list.bin").dossier.mentors
    assert (ada.known_since, carl.name) == ("March 2027", "Carl Vogt")


COLUMNS = (
    "email",
    "title",
    "role",
    "specialty",
    "known since",
    "worked together",
    "greeting",
    "time zone",
    "in person",
)
CELLS = st.sampled_from(["", "x@y.example", "no", "Professor", "clinical", "boss", "CT", "Mars", "yes", "Dear Dr. B"])


@given(st.lists(CELLS, min_size=len(COLUMNS), max_size=len(COLUMNS)))
def test_a_row_is_checked_as_the_command_mentor_checks_it(cells: list[str]) -> None:
    form = "\n".join(f"{key}: {cell}" for key, cell in zip(COLUMNS, cells, strict=True) if cell)
    by_mail = decided(small(), "mentor Ada Byron", form)
    by_table = sent(sheets.csv_of([["name", *COLUMNS], ["Ada Byron", *cells]]), small())
    wrong = "; ".join(problems(by_mail))
    assert [says for _, _, says in rows(by_table, "wrong")] == ([wrong] if wrong else [])
    assert by_table.dossier.mentors == (() if wrong else by_mail.dossier.mentors)


def test_a_new_letter_has_a_number_of_its_own_whosever_the_last_one_is() -> None:
    dossier = rich().with_letter(replace(rich().letter("l1"), id="l9"))
    after = sent("name,for\nAda Byron,Garden grant\nCarl Vogt,Garden grant\n", dossier).dossier
    assert [(x.id, x.mentor) for x in after.letters[-2:]] == [("l10", "m4"), ("l11", "m5")]
    assert len(after.letters) == len(dossier.letters) + 2


# -- what no table does ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "=cmd|' /C calc'!A0", "'=1"])
def test_no_cell_comes_back_as_a_formula(cell: str) -> None:
    decision = sent(sheets.csv_of([["name", "role", cell], [f"x{cell}", "boss", cell]]))
    for back in (c for row in sent_back(decision) for c in row):
        assert not back.lstrip(" '").startswith(("=", "+", "-", "@")) or back.startswith("'")
        assert not back.startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(st.lists(st.text(alphabet="=+-@'\" \t\nab,;"), min_size=2, max_size=2), min_size=1, max_size=4))
def test_whatever_the_cells_none_is_a_formula_and_all_come_back(table: list[list[str]]) -> None:
    content = sheets.csv_of(table).decode("utf-8-sig")
    back = list(csv.reader(StringIO(content, newline="")))
    assert all(not c.startswith(("=", "+", "-", "@", "\t", "\r")) for row in back for c in row)


def test_five_thousand_rows_take_seconds_and_more_are_refused() -> None:
    content = "name,email,worked together,for\n" + "".join(
        f"Dr. First{n} Last{n % 700}x{n},p{n}@h.example,clinic {n},ERAS 2028\n" for n in range(MOST_ROWS)
    )
    began = time.process_time()
    decision = sent(content)
    written(decision)
    assert time.process_time() - began < 20
    assert len(decision.dossier.mentors) == len({m.id for m in decision.dossier.mentors}) == MOST_ROWS + 3
    assert len(decision.dossier.letters) == len({x.id for x in decision.dossier.letters}) == MOST_ROWS + 3
    assert problems(sent(content + "Ada Byron,,,\n")) == [
        "the table has more than 5,000 rows; please send it in parts of at most 5,000"
    ]


@pytest.mark.parametrize(
    ("name", "kind", "more", "says"),
    [
        ("m.xls", Kind.OLD_SHEET, {}, "m.xls is an Excel file of the old kind; save it as .xlsx or as CSV"),
        ("m.xlsx", Kind.LOCKED_OFFICE, {}, "m.xlsx has a password"),
        ("m.pdf", Kind.PDF, {}, "m.pdf is no table"),
        ("m.xlsx", Kind.SHEET, {"flaws": (Flaw.BOMB,)}, "the table could not be read"),
        ("m.xlsx", Kind.SHEET, {"looked_into": False}, "the table could not be read"),
        ("m.csv", Kind.TEXT, {}, "the table is empty"),
    ],
)
def test_what_is_no_table_is_said_with_the_remedy(name: str, kind: Kind, more: Any, says: str) -> None:
    seen = Examined(sha256=attachment(name).sha256, kind=kind, **more)
    (problem,) = problems(decided(rich(), "mentors", files=(name,), examined=(seen,)))
    assert problem.startswith(says)


NAMES = st.lists(
    st.sampled_from(["Kim", "Dr. Kim", "Elena Lopez", "lopez", "Ana Lopez-Kim", "E Lopez", "Chen, Wei", "García", "A"]),
    max_size=6,
)


@given(NAMES, st.sampled_from(["Kim", "lopez", "Dr. Garcia", "Wei Chen", "E. Lopez", "Lopez-Kim", "k@x.example", ""]))
def test_the_small_dossier_of_a_row_answers_as_the_whole_one(names: list[str], wanted: str) -> None:
    mentors = tuple(
        Mentor(id=f"m{n}", name=name, email=f"{name[:1].lower()}@x.example") for n, name in enumerate(names, 1)
    )
    dossier = replace(rich(), mentors=mentors, letters=())
    small_one = Roll(dossier).cut_out(wanted)
    assert people.find_mentors(small_one, wanted) == people.find_mentors(dossier, wanted)
    assert Roll(dossier).whole() == dossier


# -- applicants ------------------------------------------------------------


def test_applicants_of_a_table_are_enrolled_or_named_with_the_reason() -> None:
    content = (
        "Student Name;E-mail;Time zone\nNadia Rahman;nadia@x.example;CT\nBo;bo;\nCy;;\n;d@x.example;\n"
        "Ed;ed@x.example;Mars\n"
        "Fay;nadia@x.example;\nGil;lorbot@school.example;\nHal;hal@x.example;\n"
    )
    sheet, problem = enrolment.table(examined(content.encode()))
    assert sheet is not None
    assert problem == ""
    done = enrolment.enrolled(sheet, {"hal@x.example"}, "lorbot@school.example")
    assert [(e.number, e.applicant.name, e.applicant.time_zone) for e in done if e.applicant] == [
        (2, "Nadia Rahman", "America/Chicago")
    ]
    assert [(e.number, e.wrong) for e in done if e.wrong] == [
        (3, "“bo” is not an e-mail address (An email address must have an @-sign)"),
        (4, "the address is missing"),
        (5, "the name is missing"),
        (6, "time zone “Mars” is not known; write America/Chicago or CT"),
        (7, "row 2 has the address too"),
        (8, "lorbot@school.example is lorbot's own mailbox"),
    ]
    assert [(e.number, e.remark) for e in done if e.remark] == [(9, "enrolled already; nothing was changed")]


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"", b"a,b\n1,2\n", b"name\n" + b"x\n" * 5_001])
def test_what_is_no_table_of_applicants_is_explained(content: bytes) -> None:
    sheet, problem = enrolment.table(examined(content))
    assert sheet is None
    assert "; " in problem
