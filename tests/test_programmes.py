"""Tables of programmes: headings, cells, rows taken whole or not at all, the lines beside them, and the workbook."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from dossiers import DEADLINE, POLICY, answer, attachment, decided, problems, rich, small, written
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import ERAS, book, content, context, programmes, rows, sent, sent_back, told, with_wishes

from lorbot.core import deadlines, sheets
from lorbot.core.application import Programme
from lorbot.core.commands.programmes import MOST_PROGRAMMES
from lorbot.core.letter_types import any_of
from lorbot.core.programmes import cells, columns
from lorbot.documents import examined

# -- headings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    [
        "name,city,letters", "Program,Location,# of letters", "INSTITUTION;City/State;Letters wanted",
        "Hospital\tTown\tLORs", "Residency Program|Place|Number of letters", '"Program *","City","Letters (min)"',
        "\ufeffname,city,letters", "sep=;\nname;city;letters", "Where I apply\n\nSchool,City,letters needed",
    ],
)  # fmt: skip
def test_headings_are_taken_as_people_write_them(heading: str) -> None:
    separator = next(s for s in ";\t|," if s in heading.rpartition("\n")[2])
    (found,) = programmes(sent(f"{heading}\n{separator.join(('Bay Hospital', 'Boston', '3'))}\n"))
    assert (found.name, found.city, found.letters, found.wishes) == ("Bay Hospital", "Boston", 3, {})


def test_any_other_column_is_something_the_applicant_cares_about() -> None:
    (bay,) = programmes(sent("Program,Distance (miles),Notes,notes,Type,what is wrong\nBay,12,near,x,academic,old\n"))
    assert bay.wishes == {"Distance (miles)": "12", "Notes": "near", "notes 2": "x", "Type": "academic"}


def test_a_table_without_a_column_of_names_is_explained() -> None:
    (problem,) = problems(sent("Where,City\nBay,Boston\n"))
    assert problem.startswith("I find no row of headings with a column “program” or “name”")


# -- cells ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "count"),
    [("3", 3), ("3-4", 3), ("3 – 4 letters", 3), ("at least 2", 2), ("4+", 4), ("min. 3", 3), ("2 LORs", 2), ("0", 0)],
)
def test_a_count_of_letters_is_the_least_that_is_said(cell: str, count: int) -> None:
    assert cells.count_in(cell) == count


@pytest.mark.parametrize("cell", ["many", "up to 4", "99", "3 of 4", "-1", "1.5", "2027-03-04"])
def test_what_is_no_count_is_not_guessed(cell: str) -> None:
    said = cells.count_in(cell)
    assert isinstance(said, str)
    assert said.startswith(f"letters wanted “{cell}” is not a number I can read")


@pytest.mark.parametrize(
    ("cell", "types"),
    [
        ("chair", ("department chair",)),
        ("2 specialty, chair", ("in the specialty", "in the specialty", "department chair")),
        ("chair or PD", ("department chair or program director",)),
        ("SLOE x2; letter from the program director", ("standardized form", "standardized form", "program director")),
        ("MD/DO", ("physician or osteopathic physician",)),
        ("two internal medicine and one research letter", ("in the specialty",) * 2 + ("research supervisor",)),
        ("3 Physicians", ("physician",) * 3),
    ],
)  # fmt: skip
def test_must_haves_are_letters_one_by_one(cell: str, types: tuple[str, ...]) -> None:
    assert cells.must_haves_in(cell, ("Internal Medicine",)) == (types, ())
    assert all(any_of(line) for line in types)


def test_a_must_have_that_is_not_known_is_named_beside_what_is() -> None:
    assert cells.must_haves_in("chair, wizard or PD, 2 elves") == (("department chair",), ("wizard or PD", "2 elves"))


@pytest.mark.parametrize(
    ("deadline", "zone", "at", "named"),
    [
        ("30 Sept 2027", "", datetime(2027, 10, 1, 3, 59, tzinfo=UTC), "America/New_York"),
        ("9/30/2027 5 pm", "CT", datetime(2027, 9, 30, 22, 0, tzinfo=UTC), "America/Chicago"),
        ("2027-09-30 17:00 PT", "", datetime(2027, 10, 1, 0, 0, tzinfo=UTC), "America/Los_Angeles"),
        ("46660", "", datetime(2027, 10, 1, 3, 59, tzinfo=UTC), "America/New_York"),
        ("1 May 2027", "", datetime(2027, 5, 2, 3, 59, tzinfo=UTC), "America/New_York"),
    ],
)
def test_a_deadline_has_its_zone_and_may_have_passed(deadline: str, zone: str, at: datetime, named: str) -> None:
    (bay,) = programmes(sent(f"Program;Deadline;Time zone\nBay;{deadline};{zone}\n"))
    assert (bay.deadline, bay.time_zone) == (at, named)


def test_the_deadline_of_the_letters_goes_before_that_of_the_application_whatever_their_order() -> None:
    for heading, row in (("deadline,letter deadline", "1 Oct 2027,1 Sept 2027"), ("LOR deadline,due", "9/1/2027,10/1")):
        (bay,) = programmes(sent(f"name,{heading}\nBay,{row}\n"))
        assert bay.deadline == datetime(2027, 9, 2, 3, 59, tzinfo=UTC)


# -- rows -------------------------------------------------------------------------------------------------------------

MIXED = """Program,Specialty,Deadline,Time zone,Rule,Letters,Must have,Distance
Lakeside Hospital,internal medicine,30 Sept 2027,ET,all complete,3,chair,12 miles
Northern Center,,rolling,Mars,,many,wizard,900 miles
,,,,,,,40 miles
Bay Hospital,,9/20/2027,,sometimes,2,,

Lakeside Hospital,internal medicine,,,,,,15 miles
Lakeside Hospital,family medicine,TBD,,,,,15 miles
"""


def test_each_row_is_taken_whole_or_not_at_all_with_the_reason() -> None:
    decision = sent(MIXED)
    wrong = (
        "time zone “Mars” is not known; write America/Chicago or CT",
        "letters wanted “many” is not a number I can read; write for example: 3",
        "must have “wizard”: I do not know such a letter; write for example: chair, 2 specialty, PD",
    )
    assert [(row["number"], row["name"], row["says"]) for row in context(decision)["wrong"]] == [
        (3, "Northern Center", "; ".join(wrong)),
        (4, "", "the name of the program is missing"),
        (5, "Bay Hospital", "rule “sometimes” is not one of: letters, submit, complete, verified"),
        (7, "Lakeside Hospital", "row 2 is about Lakeside Hospital (internal medicine) too; keep one of them"),
    ]
    assert programmes(decision) == (
        Programme(
            id="p1", application="a1", name="Lakeside Hospital", specialty="internal medicine", rule="complete",
            deadline=datetime(2027, 10, 1, 3, 59, tzinfo=UTC), time_zone="America/New_York", letters=3,
            types=("department chair",), wishes={"Distance": "12 miles"},
        ),
        Programme(
            id="p2", application="a1", name="Lakeside Hospital", specialty="family medicine",
            wishes={"Distance": "15 miles"},
        ),
    )  # fmt: skip
    assert "Taken from your table: 2 rows, all new." in answer(decision)
    assert decision.dossier.journal[-1].what == (
        "programs of ERAS 2028, internal medicine from a table: 2 rows taken (2 new, 0 changed), 4 not; 0 removed"
    )


def test_the_rows_that_were_not_taken_come_back_mended_and_are_taken() -> None:
    first = sent(MIXED)
    back = sent_back(first)
    assert back[0][-1] == "what is wrong"
    assert [row[0] for row in back[1:]] == ["Northern Center", "", "Bay Hospital", "Lakeside Hospital"]
    back[3][4] = "verified"
    again = sent(sheets.csv_of([back[0], back[3]]), dossier=first.dossier)
    assert [(p.name, p.rule) for p in programmes(again)][2:] == [("Bay Hospital", "verified")]
    assert context(again)["wrong"] == []


def test_a_row_sent_again_changes_what_it_says_and_leaves_the_rest() -> None:
    first = sent(
        "Program,City,Letters,Must have,Distance,Visa\nBay,Boston,3,chair,12 miles,yes\nCity,Reno,2,,,\n"
    ).dossier
    again = sent("Name,City,Letters,Must have,DISTANCE (miles),Visa\nBAY,,4,-,15 miles,?\n", dossier=first)
    bay, city = programmes(again)
    assert bay == replace(first.programmes[0], letters=4, types=(), wishes={"DISTANCE (miles)": "15 miles"})
    assert city == first.programmes[1]
    changes = (
        "Letters wanted: “3” → “4”", "Must have: “department chair” → (nothing)",
        "DISTANCE (miles): “12 miles” → “15 miles”", "Visa: “yes” → (nothing)",
    )  # fmt: skip
    assert [row["says"] for row in context(again)["changed"]] == ["; ".join(changes)]


def test_a_table_sent_twice_changes_nothing_the_second_time() -> None:
    first = sent(MIXED)
    again = sent(MIXED, dossier=first.dossier)
    assert programmes(again) == programmes(first)
    assert (context(again)["new"], context(again)["changed"]) == (0, [])
    assert "Taken from your table: 2 rows, nothing changed." in answer(again)


def test_which_of_two_programs_of_one_name_is_meant_is_asked() -> None:
    dossier = replace(rich(), programmes=tuple(
        Programme(id=f"p{n}", application="a1", name="Bay", specialty=s)
        for n, s in enumerate(("surgery", "medicine"), 1)
    ))  # fmt: skip
    decision = sent("name,city\nBay,Boston\n", dossier=dossier)
    assert [row["says"] for row in context(decision)["wrong"]] == [
        "there are 2 programs of that name (surgery, medicine); write the specialty of the one meant"
    ]
    (problem,) = context(told("remove: Bay", dossier))["problems"]
    assert problem == "“Bay” could be Bay (surgery) or Bay (medicine)"
    assert [p.specialty for p in programmes(told("remove: Bay surgery", dossier))] == ["medicine"]


FOUR = {name: {"Distance": "12 miles"} for name in ("Bay, the Hospital", "City", "Delta", "Echo Center")}


@pytest.mark.parametrize(
    ("table", "words", "left", "problem"),
    [
        ("", "remove: City, echo", ["Bay, the Hospital", "Delta"], ""),
        ("", "remove: Bay, the Hospital", ["City", "Delta", "Echo Center"], ""),
        ("", "remove: Nowhere; Delta", ["Bay, the Hospital", "City", "Echo Center"], "“Nowhere” is not one of your"),
        ("name\nCity\nNew\n", "", [*FOUR, "New"], ""),
        ("name\nCity\nNew\n", "replace: yes", ["City", "New"], ""),
        ("name,letters\nCity,2\nDelta,many\n", "replace: yes", [*FOUR], "replace: as some rows were not taken"),
        ("", "replace: yes", [*FOUR], "replace: it needs a table"),
    ],
)
def test_programs_stay_unless_they_are_named_or_all_are_replaced(
    table: str, words: str, left: list[str], problem: str
) -> None:
    dossier = with_wishes(rich(), FOUR)
    decision = sent(table, words, dossier) if table else told(words, dossier)
    assert [p.name for p in programmes(decision)] == left
    assert [p[: len(problem)] for p in context(decision)["problems"]] == ([problem] if problem else [])
    gone = [p.name for p in dossier.programmes if p.name not in left]
    assert context(decision)["removed"] == gone
    assert all(name in answer(decision) for name in gone)


def test_the_programs_of_another_application_are_left_alone() -> None:
    other = Programme(id="p7", application="a2", name="City")
    decision = sent("name\nCity\nBay\n", "replace: yes", replace(rich(), programmes=(other,)))
    assert decision.dossier.programmes[0] == other
    assert [(p.id, p.name) for p in programmes(decision)] == [("p8", "City"), ("p9", "Bay")]


def test_an_earlier_deadline_of_a_program_is_that_of_the_letters() -> None:
    dossier = sent("name,deadline\nBay,20 Aug 2027\n").dossier
    due = deadlines.due_of(dossier, dossier.application("a1"), POLICY)
    assert due is not None
    assert (due.programme, due.at < DEADLINE) == ("Bay", True)


# -- what is asked, and what is too much ------------------------------------------------------------------------------


def test_the_application_is_asked_for_where_it_is_not_clear() -> None:
    (problem,) = problems(decided(rich(), "programs"))
    assert problem == "it is not said for which application; there are: ERAS 2028, internal medicine · Garden grant"
    seen = examined(b"name\nBay\n")
    file = attachment("p.csv", sha256=seen.sha256)
    (with_table,) = problems(decided(rich(), "programs", files=(file,), examined=(seen,)))
    assert with_table == f"{problem}. Then send the table again, with the name in the subject"
    (none,) = problems(decided(small(), "programs"))
    assert none == "there is no application yet; send one with the subject: application NAME"
    one = replace(rich(), applications=rich().applications[:1])
    assert "I know no program of yours for ERAS 2028" in answer(decided(one, "my programs"))


def test_without_a_program_an_empty_table_comes_to_fill_in() -> None:
    decision = told("", rich())
    heading = content(decision, "programs.csv").decode("utf-8-sig")
    assert heading.strip() == ",".join(f'"{h}"' for _, h in columns.SHOWN)
    (bay,) = programmes(sent(heading + "Bay,Boston,surgery,9/30/2027,CT,complete,3,chair,https://bay.example\n"))
    assert (bay.specialty, bay.time_zone, bay.rule, bay.letters) == ("surgery", "America/Chicago", "complete", 3)


def test_more_programs_than_anybody_applies_to_are_refused_and_nothing_is_taken() -> None:
    many = "name\n" + "".join(f"Hospital {n}\n" for n in range(MOST_PROGRAMMES))
    decision = sent(many + "One more\n")
    assert problems(decision) == ["the table has more than 2,000 rows; please send it in parts of at most 2,000"]
    full = replace(rich(), programmes=tuple(
        Programme(id=f"p{n}", application="a1", name=f"Center {n}") for n in range(MOST_PROGRAMMES)
    ))  # fmt: skip
    decision = sent("name\nBay\n", dossier=full)
    assert problems(decision) == [
        "ERAS 2028, internal medicine can have 2,000 programs, and with this table it would have more; I took nothing"
    ]
    assert decision.dossier.programmes == full.programmes


def test_a_table_in_the_text_is_not_taken_silently_for_nothing() -> None:
    decision = told("Here they are:\n\nname,city,letters\nBay,Boston,3\n", rich())
    assert context(decision)["problems"] == [
        "I read a table only from an attachment: save it as CSV or .xlsx and attach it"
    ]


# -- weights, preferences and own numbers -----------------------------------------------------------------------------

KNOWN = "Program,City,Distance from home,Research,Research money,Minimum Step 2\nBay,Boston,12,high,1,230\n"


@pytest.mark.parametrize(
    ("words", "weights"),
    [
        ("weight distance: 3", {"distance from home": 3}),
        ("Weight of Distance: -2.5", {"distance from home": -2.5}),
        ("weights: research 5, city 2, distance -1", {"research": 5, "city": 2, "distance from home": -1}),
        ("weight location: 1\nweight letters wanted: 2\nweight must have: 3", {"city": 1, "letters": 3}),
        ("weight research = 5", {"research": 5}),
        ("weight step 2: 4", {"minimum step 2": 4}),
    ],
)
def test_weights_are_about_columns_by_their_words(words: str, weights: dict[str, float]) -> None:
    assert sent(KNOWN, words).dossier.application("a1").weights == weights


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("weight size: 2", "weight size: your table has no such column to weigh; there are: “City”"),
        ("weight money: x", "weight money: “x” is not a number from -100 to 100"),
        ("weight research money: 101", "weight research money: “101” is not a number from -100 to 100"),
        ("weight name: 3", "weight name: it cannot be weighed"),
        ("weights: research 5, nonsense", "weights: “nonsense” is not a column and its weight"),
        ("prefer: Boston", "prefer: name the column before the colon; write for example: prefer city: Boston, Chicago"),
        ("prefer deadline: late", "prefer deadline: it has no values to choose from"),
        ("my research: high", "my research: your table has no column “minimum research” to compare it with"),
        ("weight distance: -1\nprefer distance: high", "distance from home: its weight is below 0"),
        ("weight distance 3", "“weight distance 3” has no colon"),
    ],
)
def test_what_is_not_understood_of_the_wishes_is_named(words: str, problem: str) -> None:
    decision = sent(KNOWN, words) if ":" in words else told(words, sent(KNOWN).dossier)
    assert [p[: len(problem)] for p in context(decision)["problems"]] == [problem]
    assert problem in answer(decision)


def test_two_columns_that_could_be_meant_are_asked_about() -> None:
    decision = sent("name,Call days,Call nights\nBay,1,2\n", "weight call: 2")
    (problem,) = context(decision)["problems"]
    assert problem == "weight call: it could be “Call days” or “Call nights”; write the whole heading"


def test_rows_of_the_table_give_weights_preferences_and_own_numbers() -> None:
    table = (
        "Program,City,Distance,Letters wanted,Minimum Step 2\nweights,2,-3,1,\nprefer,Boston,,,\n"
        "my own,,,,245\nBay,Boston,12,3,230\n"
    )
    application = sent(table).dossier.application("a1")
    assert application.weights == {"city": 2, "distance": -3, "letters": 1}
    assert (application.preferences, application.own) == ({"city": "Boston"}, {"step 2": "245"})
    assert [p.name for p in sent(table).dossier.programmes] == ["Bay"]


def test_what_was_told_before_the_table_holds_for_its_columns() -> None:
    before = told("weight distance: -3\nprefer setting: rural\nmy step 2: 245", rich())
    assert context(before)["problems"] == []
    after = sent("name,Distance from home,Setting\nBay,12,rural\n", dossier=before.dossier).dossier.application("a1")
    assert after.weights == {"distance from home": -3}
    assert after.preferences == {"setting": "rural"}


def test_a_preference_is_taken_back_and_a_weight_set_to_nothing() -> None:
    dossier = sent(KNOWN, "prefer city: Boston\nweight research: 3\nmy step 2: 245").dossier
    after = told("prefer city: any\nweight research: 0\nmy step 2: -", dossier)
    assert after.dossier.application("a1") == replace(rich().application("a1"), weights={"research": 0})
    assert context(after)["ranking"]["weighed"] is False


# -- the workbook -----------------------------------------------------------------------------------------------------

TABLE = """Program,City,Specialty,Deadline,Time zone,Letters,Must have,Distance,Research,Minimum Step 2,Fee
Lakeside Hospital,"Boston, MA",internal medicine,9/30/2027 5 pm,CT,3,"chair, 2 specialty",12 miles,high,230,=1+1
Bay Hospital,Reno,internal medicine,,,2,,900 miles,,250,-5
"""
WORDS = "weight distance: -2\nweight research: 1\nprefer city: Boston\nmy step 2: 245"


def test_the_workbook_shows_the_ranking_how_it_is_made_and_the_table() -> None:
    made = book(sent(TABLE, WORDS))
    assert made.sheetnames == ["Programs", "How the score is made", "Your table"]
    assert [page.freeze_panes for page in made] == ["A2"] * 3
    assert all(page.column_dimensions[c[0].column_letter].width >= 7 for page in made for c in page.iter_cols())
    found = rows(sent(TABLE, WORDS), "Programs")
    assert [(r["Rank (lorbot)"], r["Program"], r["Score (lorbot)"], r["Known (lorbot)"]) for r in found] == [
        (1, "Lakeside Hospital", 90, 1), (2, "Bay Hospital", 0, 0.8),
    ]  # fmt: skip
    assert found[0]["Letters due (lorbot)"] == datetime(2027, 9, 30)  # noqa: DTZ001 - a cell has no zone
    points = [[v for k, v in row.items() if k.startswith("Points")] for row in found]
    assert points == [[20, 40, 20, 10], [0, 0, 0, "not known"]]


def test_the_same_gives_the_same_bytes_and_no_cell_is_a_formula() -> None:
    made = book(sent(TABLE, WORDS)).properties
    one, other = (content(sent(TABLE, WORDS), "programs.xlsx") for _ in range(2))
    assert one == other
    assert {entry.date_time[0] for entry in ZipFile(BytesIO(one)).infolist()} == {1980}
    assert {made.modified.year, made.created.year} == {1980}
    texts = [
        c for page in book(sent(TABLE, WORDS)) for row in page.iter_rows() for c in row if isinstance(c.value, str)
    ]
    assert {c.data_type for c in texts} == {"s"}
    assert [c.value for c in texts if c.value.startswith(("=", "+", "-", "@"))] == []
    assert "'=1+1" in [c.value for c in texts]


def test_the_workbook_comes_back_unchanged_and_changes_nothing() -> None:
    first = sent(TABLE, WORDS)
    again = sent(content(first, "programs.xlsx"), dossier=first.dossier, name="programs.xlsx")
    assert programmes(again) == programmes(first)
    assert again.dossier.application("a1") == first.dossier.application("a1")
    assert (context(again)["wrong"], context(again)["changed"], context(again)["problems"]) == ([], [], [])


def test_its_first_sheet_saved_as_csv_changes_nothing_either() -> None:
    first = sent(TABLE, WORDS)
    lines = [["" if c is None else str(c) for c in row] for row in book(first)["Programs"].iter_rows(values_only=True)]
    again = sent(sheets.csv_of(lines), dossier=first.dossier)
    assert sorted(programmes(again), key=lambda p: p.id) == list(programmes(first))
    assert context(again)["wrong"] == []


def test_what_is_changed_in_the_workbook_is_taken() -> None:
    first = sent(TABLE, WORDS)
    made = book(first)
    page = made["Your table"]
    column, row = {c.value: c.column for c in page[1]}, {c.value: c.row for c in page["A"]}
    page.cell(row["weight"], column["Research"]).value = 7
    page.cell(row["Bay Hospital"], column["Letters wanted"]).value = 4
    changed = BytesIO()
    made.save(changed)
    again = sent(changed.getvalue(), dossier=first.dossier, name="programs.xlsx")
    assert programmes(again)[1].letters == 4
    assert again.dossier.application("a1").weights["research"] == 7
    assert [row["says"] for row in context(again)["changed"]] == ["Letters wanted: “2” → “4”"]


CELLS = st.text(alphabet="ab1 ,;=-+@\"'(:/%.\n\u2028é✓\ud7ff\ufffe", max_size=12)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(
    st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=1, max_size=4),
    st.lists(CELLS, min_size=3, max_size=3),
)
def test_no_column_and_no_cell_ever_breaks_it(table: list[list[str]], words: list[str]) -> None:
    table = [[row[0].replace("\ufffe", ""), *row[1:]] for row in table]  # which no XML can hold
    headings = ["Program", *[f"Own {n} {c}" for n, c in enumerate(table[0][1:])]]
    lines = f"weight own 0: {words[0]}\nprefer own 1: {words[1]}\nmy own 2: {words[2]}"
    decision = sent(sheets.csv_of([headings, *table]), lines)
    assert written(decision)
    if programmes(decision):
        again = sent(content(decision, "programs.xlsx"), dossier=decision.dossier, name="p.xlsx")
        assert [p.name for p in programmes(again)] == [p.name for p in programmes(decision)]


def test_a_name_in_the_table_is_named_when_its_mentor_is_forgotten() -> None:
    dossier = with_wishes(rich(), {"Bay": {"Who I know": "Dr. Lopez"}})
    assert "your table of programs" in answer(decided(dossier, "forget Dr. Lopez"))


def test_two_tables_of_two_commands_in_one_mail_go_each_to_its_own() -> None:
    mentors, table = (
        examined(b"name,email\nDr. Ada Byron,ada@college.example\n"),
        examined(b"program,city\nBay,Boston\n"),
    )
    files = tuple(attachment(n, sha256=s.sha256) for n, s in (("mentors.csv", mentors), ("my programs.csv", table)))
    decision = decided(rich(), "", f"mentors\n\n{ERAS}\n", files=files, examined=(mentors, table))
    assert [m.name for m in decision.dossier.mentors][3:] == ["Dr. Ada Byron"]
    assert [p.name for p in decision.dossier.programmes] == ["Bay"]


def test_another_deadline_in_the_table_sets_the_clock_of_its_letters_anew() -> None:
    dossier = rich()
    dossier = dossier.with_application(replace(dossier.application("a1"), deadline=None))
    first = sent("name,deadline,rule\nLakeside,1 Sept 2027,letters\n", dossier=dossier).dossier
    reminded = first.with_letter(replace(first.letter("l1"), done=("reminder14", "nudge1")))
    same = sent("name,city\nLakeside,Boston\n", dossier=reminded).dossier
    assert same.letter("l1").done == ("reminder14", "nudge1")
    later = sent("name,deadline,rule\nLakeside,1 Oct 2027,letters\n", dossier=reminded).dossier
    assert later.letter("l1").done == ("nudge1",)
