"""`programmes`: where you apply, as a table; it comes back ranked by what you care about, with what the letters need.

A row is taken whole or not at all. Nothing about a programme is known but what the table says.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lorbot.core import deadlines, redating, sheets, view
from lorbot.core.application import Application, Programme
from lorbot.core.commands import people, tables
from lorbot.core.commands.base import Command, Field, Request, answered, mistaken, zone_of
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier
from lorbot.core.programmes import columns, pages, preferences, shown, table
from lorbot.core.programmes.fits import Present
from lorbot.core.programmes.preferences import Told
from lorbot.core.programmes.ranking import ranked
from lorbot.core.sheets import Sheet
from lorbot.core.value import Line, value
from lorbot.core.workbook import MEDIA_TYPE

MOST_PROGRAMMES = 2_000  # of one application
MOST_SHOWN = 40  # rows of a kind in the answer
_YES = {"yes", "y", "true", "all"}
_NO_HEADINGS = (
    "I find no row of headings with a column “program” or “name” in the table; the first row should read, for example: "
    "program, city, specialty, deadline, letters wanted, must have, distance. Write “programs” without a file, and I "
    "send you an empty table to fill in"
)


@value
class Done:
    """What became of the table and of the lines, for the answer."""

    taken: tuple[table.Taken, ...] = ()
    removed: tuple[Line, ...] = ()
    problems: tuple[Line, ...] = ()


def handle(request: Request, dossier: Dossier) -> Decision:
    """The table and the lines are taken over, and the ranking as it is then is the answer."""
    application, problem = people.the_application(dossier, request.argument)
    if application is None:
        return mistaken(dossier, request, COMMAND, [_asked_again(request, problem)])
    found = tables.attached(request)
    problems = list(tables.problems(request, found, MOST_PROGRAMMES))
    sheet = sheets.read(columns.without_ours(found[0].rows), columns.WORDS, ("name",)) if found else None
    if found and sheet is None and not problems:
        problems.append(_NO_HEADINGS)
    if problems:
        return mistaken(dossier, request, COMMAND, problems)
    before = dossier
    dossier, done = _taken_over(request, dossier, application, sheet)
    if len(dossier.programmes_of(application.id)) > MOST_PROGRAMMES:
        most = f"{application.name} can have {MOST_PROGRAMMES:,} programs, and with this table it would have more"
        return mistaken(before, request, COMMAND, [f"{most}; I took nothing"])
    was = deadlines.due_of(before, application, request.policy, now=request.now)
    redated = redating.redated(dossier, application.id, was, request.policy, request.now)
    return redated.then(lambda d: _answered(request, d, application.id, sheet, done))


def _asked_again(request: Request, problem: str) -> str:
    sent = request.event.incoming.attachments
    return f"{problem}. Then send the table again, with the name in the subject" if sent else problem


# -- what came ---------------------------------------------------------------------------------------------------------


def _taken_over(
    request: Request, dossier: Dossier, application: Application, sheet: Sheet | None
) -> tuple[Dossier, Done]:
    problems: list[str] = []
    own = dossier.programmes_of(application.id)
    told = table.Entered(programmes=own, taken=(), weights={}, preferences={}, own={})
    if sheet:
        zone = application.time_zone or zone_of(dossier, request.policy)
        basis = table.Basis(
            application=application.id, specialty=dossier.applicant.specialty, zone=zone,
            today=view.local_day(request.now, zone),
        )  # fmt: skip
        told = table.entered(sheet, own, (p.id for p in dossier.programmes), basis)
    kept, removed = _kept(request, told, sheet, problems)
    known = columns.columns_of(kept)
    application, more = _with_wishes(request, preferences.settled(application, known), told, known)
    others = tuple(p for p in dossier.programmes if p.application != application.id)
    dossier = replace(dossier, programmes=(*others, *kept)).with_application(application)
    problems += [*more, *_unread(request, sheet)]
    return dossier, Done(taken=told.taken, removed=removed, problems=tuple(dict.fromkeys(problems)))


def _kept(
    request: Request, told: table.Entered, sheet: Sheet | None, problems: list[str]
) -> tuple[tuple[Programme, ...], tuple[str, ...]]:
    """The programmes without those that are to go: named to be removed, or not in a table that replaces them all."""
    gone, unclear = table.removed(told.programmes, request.form.get("remove"))
    problems += unclear
    if request.form.get("replace").lower() in _YES:
        missing = [p for p in told.programmes if p.id in told.missing]
        wrong = any(t.wrong for t in told.taken)
        if sheet is None:
            problems.append("replace: it needs a table, which was not attached; nothing was removed")
        elif wrong and missing:
            nothing = "replace: as some rows were not taken, I removed nothing"
            problems.append(f"{nothing}; send the whole table once they are mended, or name programs with “remove:”")
        else:
            gone = (*gone, *(p for p in missing if p not in gone))
    ids = {p.id for p in gone}
    return tuple(p for p in told.programmes if p.id not in ids), tuple(table.said(p) for p in gone)


def _with_wishes(
    request: Request, application: Application, told: table.Entered, known: tuple[columns.Column, ...]
) -> tuple[Application, list[str]]:
    """The application with the weights, preferences and numbers of the table and of the lines; the lines count."""
    form = request.form
    pairs, unclear = preferences.pairs_in(form.get("weight"))
    example = "weights: distance 3, city 1"
    problems = [f"weights: “{x}” is not a column and its weight; write for example: {example}" for x in unclear]
    for field in ("prefer", "my"):
        if form.get(field):
            example = "prefer city: Boston, Chicago" if field == "prefer" else "my step 2: 245"
            problems.append(f"{field}: name the column before the colon; write for example: {example}")
    named: dict[str, list[tuple[str, str]]] = {"weight": [], "prefer": [], "my": []}
    for field, column, given in form.named:
        named[field].append((column, given))
    steps = (
        (preferences.weighed, [*told.weights.items(), *pairs, *named["weight"]]),
        (preferences.preferred, [*told.preferences.items(), *named["prefer"]]),
        (preferences.owned, [*told.own.items(), *named["my"]]),
    )
    for step, said in steps:
        result: Told = step(application, said, known)
        application, problems = result.application, [*problems, *result.problems]
    return application, problems


def _unread(request: Request, sheet: Sheet | None) -> Iterator[str]:
    """What stands in the mail as text and means something here only in another form."""
    lines = request.form.free.split("\n")
    if sheet is None and sum(1 for line in lines if line.count(",") + line.count("\t") + line.count("|") > 1) > 1:
        yield "I read a table only from an attachment: save it as CSV or .xlsx and attach it"
    for line in lines:
        if line.lower().startswith(("weight ", "weights ", "prefer ")) and ":" not in line:
            yield f"“{line[:80]}” has no colon; write for example: weight distance: 3"


# -- the answer --------------------------------------------------------------------------------------------------------


def _answered(request: Request, dossier: Dossier, application_id: str, sheet: Sheet | None, done: Done) -> Decision:
    application = dossier.application(application_id)
    programmes = dossier.programmes_of(application.id)
    ranking = ranked(dossier, application, request.policy, request.now)
    wrong = {t.number: t.wrong for t in done.taken if t.wrong}
    changed = [t for t in done.taken if t.changes or t.remark]
    told = answered(
        dossier, request, "programmes",
        why=_why(application, done, table_came=sheet is not None),
        application=application.name, table_came=sheet is not None,
        new=sum(t.new for t in done.taken), rows=sum(not t.wrong for t in done.taken),
        changed=_rows(changed, [("; ".join((*t.changes, *((t.remark,) if t.remark else ())))) for t in changed]),
        wrong=_rows([t for t in done.taken if t.wrong], list(wrong.values())),
        removed=list(done.removed), problems=list(done.problems), shown=MOST_SHOWN,
        ranking=shown.of_ranking(ranking, Present(dossier, application)),
    )  # fmt: skip
    if programmes:
        today = view.local_day(request.now, zone_of(dossier, request.policy))
        from lorbot.core.books import xlsx_of  # noqa: PLC0415 - loads openpyxl, which little else needs

        book = xlsx_of(pages.pages_of(application, programmes, ranking, today))
        told = tables.with_file(told, "programs.xlsx", book, MEDIA_TYPE)
    else:
        told = tables.with_file(told, "programs.csv", sheets.csv_of([[heading for _, heading in columns.SHOWN]]))
    if sheet and wrong:
        told = tables.with_file(told, "programs_to_mend.csv", sheets.sent_back(sheet, wrong))
    return told


def _rows(taken: Sequence[table.Taken], says: Sequence[str]) -> list[dict[str, object]]:
    return [
        {"number": t.number, "name": t.name, "says": " ".join(said.split())}
        for t, said in zip(taken, says, strict=True)
    ]


def _why(application: Application, done: Done, *, table_came: bool) -> str:
    if not table_came:
        gone = f"; {len(done.removed)} removed" if done.removed else ""
        return f"the programs of {application.name} were ranked{gone}"
    taken = [t for t in done.taken if not t.wrong]
    rows = f"{len(taken)} {'row' if len(taken) == 1 else 'rows'}"
    new, changed = sum(t.new for t in taken), sum(bool(t.changes) for t in taken)
    return (
        f"programs of {application.name} from a table: {rows} taken ({new} new, {changed} changed), "
        f"{len(done.taken) - len(taken)} not; {len(done.removed)} removed"
    )


COMMAND = Command(
    name="programmes",
    words=(
        "programmes",
        "programs",
        "program list",
        "programme list",
        "list of programs",
        "list of programmes",
        "my programs",
        "my programmes",
        "school list",
        "schools",
        "my schools",
        "rank programs",
        "rank my programs",
    ),
    does="ranks your programs by what you care about, from your own table (CSV or Excel), and says which letter each "
    "still needs by when",
    example="""Subject: programs ERAS 2028

weight distance: -2
weight research: 3
prefer city: Boston, Chicago
my step 2: 245

(with a CSV or Excel file: one row for each program, headings above, any columns you like; without it, ranks anew)""",
    handle=handle,
    argument="[APPLICATION]",
    fields=(
        Field(name="weight", words=("weight", "weights", "importance"), takes_name=True),
        Field(name="prefer", words=("prefer", "preferred", "preference", "i prefer"), takes_name=True),
        Field(name="my", words=("my",), takes_name=True),
        Field(name="remove", words=("remove", "removed", "drop"), example="Lakeside Hospital, Northern Medical Center"),
        Field(name="replace", words=("replace", "replace all"), example="yes"),
    ),
)
