"""`mentors`: who your mentors are; with a table attached, many are entered at once.

A row goes through the checks of the command `mentor`, and is taken whole or not at all.
"""

from collections.abc import Iterator
from dataclasses import replace

from lorbot.core import letters, names, season, sheets
from lorbot.core.commands import mentor, tables
from lorbot.core.commands.base import Command, Form, Request, answered, mistaken, reply
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Mentor
from lorbot.core.roll import Roll
from lorbot.core.sheets import Row, Sheet
from lorbot.core.value import Line, Text, value

MOST_SHOWN = 60  # rows of each table in the answer
_NAMES = ("name", "first", "last")
_HEADINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("name", ("name", "mentor", "full name", "mentor name", "name of mentor", "writer", "letter writer", "recommender",
              "referee", "evaluator", "faculty")),
    ("first", ("first name", "first", "given name", "forename")),
    ("last", ("last name", "last", "surname", "family name")),
    ("prefix", ("prefix", "salutation", "honorific")),
    ("email", ("email address", "e mail address", "mail address")),
    ("title", ("job title", "academic title", "rank")),
    ("time_zone", ("tz",)),
    ("worked_together", ("how we worked together", "what we did", "how do you know them", "relationship")),
    ("application", ("letter for", "applications")),
)  # fmt: skip
_PREFIXES = {"dr", "doctor", "prof", "mr", "mrs", "ms", "mx"}  # "Professor" is a position as well
_SAME = ("name", "email", "title", "role", "specialty", "known_since", "worked_together", "highlights", "greeting",
         "time_zone", "assistant", "in_person", "counts_as", "growth", "renown", "stored_letter")  # fmt: skip


@value
class Taken:
    """What became of one row: taken, with what it changed, or not, with what is wrong."""

    number: int
    name: Line
    did: Text = ""
    wrong: Text = ""
    same_as: int = 0  # the row that says the same; 0 for none


def handle(request: Request, dossier: Dossier) -> Decision:
    found = tables.attached(request)
    problems = list(tables.problems(request, found))
    if problems:
        return mistaken(dossier, request, COMMAND, problems)
    if not found:
        return _listed(request, dossier)
    sheet = sheets.read(found[0].rows, _words(), _NAMES)
    if sheet is None:
        return mistaken(dossier, request, COMMAND, [_NO_HEADINGS])
    dossier, done = _entered(request, dossier, sheet)
    return _told(request, dossier, sheet, done)


# -- the table as it came ------------------------------------------------------------------------------------------

_NO_HEADINGS = (
    "I find no row of headings with a column “name” in the table; the first row should read, for example: name, email, "
    "role, known since, worked together. Write “mentors” without a file, and I send you an empty table to fill in"
)


def _words() -> dict[str, str]:
    """Every heading that is known, with its field: the keys of the command `mentor`, and what lists call them."""
    known = {sheets.norm(word): f.name for f in mentor.COMMAND.fields for word in f.words}
    return known | {word: name for name, words in _HEADINGS for word in words}


# -- the rows --------------------------------------------------------------------------------------------------------


def _entered(request: Request, dossier: Dossier, sheet: Sheet) -> tuple[Dossier, list[Taken]]:
    """Every row, those that name a backup after the others: the mentor they are the backup of may stand below."""
    roll = Roll(dossier)
    seen: dict[tuple[tuple[str, str], ...], int] = {}
    rows_of: dict[str, int] = {}  # by mentor
    done = []
    for row in sorted(sheet.rows, key=lambda r: bool(r.get("backup_for"))):
        same = tuple(sorted((k, v.strip().lower()) for k, v in row.cells.items()))
        if same in seen:
            done.append(Taken(number=row.number, name=_name(row), same_as=seen[same]))
            continue
        seen[same] = row.number
        done.append(_row(request, roll, row, rows_of))
    return roll.whole(), sorted(done, key=lambda t: t.number)


def _row(request: Request, roll: Roll, row: Row, rows_of: dict[str, int]) -> Taken:
    name = _name(row)
    if not name:
        return Taken(number=row.number, name=row.get("email"), wrong="the name is missing")
    fields = {f.name: row.get(f.name) for f in mentor.COMMAND.fields if row.get(f.name)}
    fields["known_since"] = sheets.month_of(row.get("known_since"))
    if sheets.norm(row.get("title")) in _PREFIXES:
        del fields["title"]
    before = roll.cut_out(name, row.get("email"), row.get("backup_for"))
    found = mentor.entered(replace(request, argument=name, form=Form(fields=fields)), before)
    problems = list(found.problems)
    if found.mentor and found.mentor.id in rows_of:
        problems.append(f"row {rows_of[found.mentor.id]} is about {found.mentor.name} too; keep one of them")
    if problems or found.mentor is None:
        return Taken(number=row.number, name=name, wrong="; ".join(problems))
    roll.put_back(found.dossier)
    rows_of[found.mentor.id] = row.number
    return Taken(number=row.number, name=found.mentor.name, did="; ".join(_did(before, found)))


def _name(row: Row) -> str:
    """The name, put together where it stands in several columns; "Dr." may stand under "title"."""
    name = row.get("name") or " ".join(x for x in (row.get("first"), row.get("last")) if x)
    prefix = row.get("prefix") or (row.get("title") if sheets.norm(row.get("title")) in _PREFIXES else "")
    if not name or not prefix or names.has_title(name):
        return name
    return f"{prefix if prefix.endswith('.') or len(prefix) > 4 else prefix + '.'} {name}"


def _did(before: Dossier, found: mentor.Entered) -> Iterator[str]:
    """What a row changed: each value before and after."""
    assert found.mentor is not None
    planned = len(found.dossier.letters) > len(before.letters)
    letter = [f"letter for {found.application.name} planned"] if planned and found.application else []
    if found.before is None:
        yield from ("added", *letter)
        return
    changes = [
        f"{field.replace('_', ' ')}: {_shown(old)} → {_shown(new)}"
        for field in _SAME
        if (old := getattr(_old(before, found.before), field)) != (new := getattr(found.mentor, field))
    ]
    if found.before.backup_for != found.mentor.backup_for:
        changes.append(f"backup for: {found.dossier.mentor(found.mentor.backup_for).name}")
    yield from (*changes, *letter) if changes or letter else ("nothing new",)


def _old(before: Dossier, known: Mentor) -> Mentor:
    """The mentor as the dossier had it: `known` may bear a new name already."""
    return before.mentor(known.id)


def _shown(content: object) -> str:
    text = ("yes" if content else "no") if isinstance(content, bool) else str(content)
    text = " ".join(text.split())
    return f"“{text[:60]}{'…' if len(text) > 60 else ''}”" if text else "(nothing)"


# -- the answers -----------------------------------------------------------------------------------------------------


def _told(request: Request, dossier: Dossier, sheet: Sheet, done: list[Taken]) -> Decision:
    wrong = {t.number: t.wrong for t in done if t.wrong}
    taken = [t for t in done if not t.wrong and not t.same_as]
    content = sheets.sent_back(sheet, wrong) if wrong else b""
    why = f"mentors from a table: {len(taken)} rows taken, {len(wrong)} not"
    told = answered(
        dossier, request, "mentors_entered",
        why=why, taken=_rows(taken), wrong=_rows([t for t in done if t.wrong]),
        same=[{"number": t.number, "as": t.same_as} for t in done if t.same_as][:MOST_SHOWN],
        columns=list(sheet.unknown[:MOST_SHOWN]), shown=MOST_SHOWN,
    )  # fmt: skip
    return tables.with_file(told, "mentors_to_mend.csv", content) if content else told


def _rows(done: list[Taken]) -> list[dict[str, object]]:
    return [{"number": t.number, "name": t.name, "says": " ".join((t.wrong or t.did).split())} for t in done]


def _listed(request: Request, dossier: Dossier) -> Decision:
    """Who the mentors are, and an empty table to fill in."""
    shown = [
        {
            "name": m.name,
            "email": m.email,
            "letters": [
                f"{dossier.application(x.application).name}: {season.SAYING[x.state]}"
                for x in dossier.letters_of(m.id)
                if x.state not in letters.CLOSED or not dossier.letters_of(m.id)[1:]
            ],
        }
        for m in dossier.mentors
    ]
    heading = ["name", *(f.word for f in mentor.COMMAND.fields)]
    told = Decision(
        dossier=dossier.noting(request.now, "the list of mentors was asked for"),
        mails=(reply(dossier, request, "mentors", mentors=shown, shown=MOST_SHOWN),),
        why=("the list of mentors was asked for",),
    )
    return tables.with_file(told, "mentors.csv", sheets.csv_of([heading]))


COMMAND = Command(
    name="mentors",
    words=(
        "mentors", "my mentors", "list of mentors", "list mentors", "mentor list", "mentors list", "mentors csv",
        "mentors table", "mentors attached",
    ),
    does="lists your mentors; with a table attached (CSV or Excel), enters many at once",
    example="Subject: mentors\n\n(alone, or with a CSV or Excel file: one row for each mentor, headings above)",
    handle=handle,
    alone=True,
)  # fmt: skip
