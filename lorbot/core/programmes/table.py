"""A table of programmes taken over row by row: each whole or not at all, with what it changed or what is wrong.

A row is about the programme of its name, and of its specialty where several have that name. An empty cell leaves what
was there; a cell with "-" takes it away. Programmes that are not in the table stay.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from lorbot.core import dates, sheets
from lorbot.core.application import Programme
from lorbot.core.dossier import next_id
from lorbot.core.programmes import cells, columns
from lorbot.core.sheets import Row, Sheet
from lorbot.core.value import LINE_LIMIT, Line, Text, value

_WEIGHTS = {"weight", "weights", "my weights", "weighting", "importance"}
_PREFERRED = {"prefer", "preferred", "preference", "preferences", "i prefer", "best"}
_OWN = {"my", "me", "mine", "my own", "my score", "my scores", "own"}


@value
class Taken:
    """What became of one row: what it changed (nothing where it says what is known), or what is wrong."""

    number: int
    name: Line
    changes: tuple[Line, ...] = ()
    new: bool = False
    wrong: Text = ""
    remark: Line = ""


@value
class Entered:
    programmes: tuple[Programme, ...]  # of the application, all of them
    taken: tuple[Taken, ...]
    weights: dict[Line, Line]  # heading -> what stands in the row of weights
    preferences: dict[Line, Line]
    own: dict[Line, Line]
    missing: tuple[Line, ...] = ()  # ids of those that are not in the table


@value
class Basis:
    """What a row is read against."""

    application: Line
    specialty: Line  # the applicant's own
    zone: Line  # where a deadline names none
    today: date


class _Known:
    """The programmes while rows are entered, by name."""

    def __init__(self, programmes: tuple[Programme, ...], next_number: int) -> None:
        self.by_id = {p.id: p for p in programmes}
        self.number = next_number
        self.named: dict[str, list[str]] = {}
        for programme in programmes:
            self.named.setdefault(_folded(programme.name), []).append(programme.id)

    def find(self, name: str, specialty: str) -> tuple[Programme | None, str]:
        """The programme that a row is about, None for a new one; or why it is not clear."""
        found = [self.by_id[x] for x in self.named.get(_folded(name), ())]
        same = [p for p in found if _folded(p.specialty) == _folded(specialty)]
        if same:
            return same[0], ""
        if not specialty and len(found) > 1:
            told = ", ".join(p.specialty or "none" for p in found)
            return None, f"there are {len(found)} programs of that name ({told}); write the specialty of the one meant"
        loose = found if not specialty else [p for p in found if not p.specialty]
        return (loose[0] if loose else None), ""

    def put(self, programme: Programme) -> None:
        if programme.id not in self.by_id:
            self.named.setdefault(_folded(programme.name), []).append(programme.id)
            self.number += 1
        self.by_id[programme.id] = programme


def entered(sheet: Sheet, programmes: tuple[Programme, ...], taken_ids: Iterator[str], basis: Basis) -> Entered:
    """Every row of the table taken over into `programmes`; `taken_ids` are the ids of all applications' programmes."""
    known = _Known(programmes, int(next_id("p", taken_ids)[1:]))
    wishes = columns.wishes_in(sheet.headings)
    special: dict[str, dict[str, str]] = {"weights": {}, "preferences": {}, "own": {}}
    rows_of: dict[str, int] = {}
    done = []
    for row in sheet.rows:
        kind = _special(row)
        if kind:
            special[kind] |= _by_heading(sheet, row)
            continue
        done.append(_row(row, wishes, known, rows_of, basis))
    missing = tuple(x for x in known.by_id if x not in rows_of)
    return Entered(programmes=tuple(known.by_id.values()), taken=tuple(done), missing=missing, **special)


def removed(programmes: tuple[Programme, ...], names: str) -> tuple[tuple[Programme, ...], tuple[str, ...]]:
    """The programmes that a list of names means, and what in it means none or several."""
    found: list[Programme] = []
    unclear: list[str] = []
    whole = _named(programmes, names)
    parts = [names] if whole else [part for line in names.split(";") for part in line.split(",")]
    for part in (" ".join(p.split()) for p in parts):
        meant = _named(programmes, part) if part else []
        if len(meant) == 1:
            found += [p for p in meant if p not in found]
        elif part:
            unclear.append(f"“{part}” could be {' or '.join(said(p) for p in meant)}" if meant
                           else f"“{part}” is not one of your programs")  # fmt: skip
    return tuple(found), tuple(unclear)


def said(programme: Programme) -> str:
    return f"{programme.name} ({programme.specialty})" if programme.specialty else programme.name


def _named(programmes: tuple[Programme, ...], name: str) -> list[Programme]:
    low = _folded(name)
    exact = [p for p in programmes if low in {_folded(p.name), _folded(said(p)), _folded(f"{p.name} {p.specialty}")}]
    return exact or [p for p in programmes if low and f" {low} " in f" {_folded(p.name)} "]


def _special(row: Row) -> str:
    name = sheets.norm(row.get("name"))
    kinds = (("weights", _WEIGHTS), ("preferences", _PREFERRED), ("own", _OWN))
    return next((kind for kind, words in kinds if name in words), "")


def _by_heading(sheet: Sheet, row: Row) -> dict[str, str]:
    given = zip(sheet.headings, row.given, strict=False)
    return {
        heading: cell.strip() for heading, cell in given
        if cell.strip() and heading.strip() and columns.WORDS.get(sheets.norm(heading)) != "name"
        and sheets.norm(heading) != sheets.norm(sheets.WRONG)
    }  # fmt: skip


def _row(row: Row, wishes: Mapping[int, str], known: _Known, rows_of: dict[str, int], basis: Basis) -> Taken:
    name = " ".join(row.get("name").split())
    if not name:
        return Taken(number=row.number, name="", wrong="the name of the program is missing")
    specialty = "" if cells.is_emptied(row.get("specialty")) else row.get("specialty")
    before, unclear = known.find(name, specialty)
    if before and before.id in rows_of:
        wrong = f"row {rows_of[before.id]} is about {said(before)} too; keep one of them"
        return Taken(number=row.number, name=name, wrong=wrong)
    fresh = before or Programme(id=f"p{known.number}", application=basis.application, name=name)
    problems = [unclear] if unclear else []
    after = replace(fresh, **dict(_fields(row, fresh, basis, problems)), wishes=_wishes(row, wishes, fresh.wishes))
    if problems:
        return Taken(number=row.number, name=name, wrong="; ".join(problems))
    known.put(after)
    rows_of[after.id] = row.number
    cut = [wishes[at] for at, cell in enumerate(row.given) if at in wishes and len(cell) > LINE_LIMIT]
    return Taken(
        number=row.number, name=said(after), new=before is None,
        changes=tuple(_changes(before, after)) if before else (),
        remark=f"{' and '.join(cut)}: I keep the first {LINE_LIMIT} characters" if cut else "",
    )  # fmt: skip


def _fields(row: Row, before: Programme, basis: Basis, problems: list[str]) -> Iterator[tuple[str, Any]]:
    """The fields that a row gives anew; what is wrong with it is added to `problems`."""
    for field in ("city", "specialty", "portal"):
        if given := row.get(field):
            yield field, "" if cells.is_emptied(given) else given
    yield from _deadline(row, before, basis, problems)
    if given := row.get("rule"):
        rule = "" if cells.is_emptied(given) else cells.rule_in(given)
        if rule is None:
            problems.append(f"rule “{given}” is not one of: letters, submit, complete, verified")
        else:
            yield "rule", rule
    yield from _letters(row, basis, problems)


def _deadline(row: Row, before: Programme, basis: Basis, problems: list[str]) -> Iterator[tuple[str, Any]]:
    given, zone_said = row.get("letters_by") or row.get("deadline"), row.get("time_zone")
    if cells.is_emptied(given):
        yield from (("deadline", None), ("time_zone", ""))
    elif given:
        found = cells.deadline_in(given, zone_said, basis.today, before.time_zone or basis.zone)
        if isinstance(found, str):
            problems.append(found)
        else:
            yield from zip(("deadline", "time_zone"), found, strict=True)


def _letters(row: Row, basis: Basis, problems: list[str]) -> Iterator[tuple[str, Any]]:
    count, types = row.get("letters"), row.get("types")
    if types.isdigit() and not count:  # "required letters: 3"
        count, types = types, ""
    if cells.is_emptied(count):
        yield "letters", None
    elif count:
        letters = cells.count_in(count)
        if isinstance(letters, str):
            problems.append(letters)
        else:
            yield "letters", letters
    if cells.is_emptied(types):
        yield "types", ()
    elif types:
        found, unknown = cells.must_haves_in(types, (row.get("specialty"), basis.specialty))
        if unknown:
            example = "chair, 2 specialty, PD"
            quoted = ", ".join(f"“{x}”" for x in unknown)
            problems.append(f"must have {quoted}: I do not know such a letter; write for example: {example}")
        yield "types", found


def _wishes(row: Row, headings: Mapping[int, str], before: Mapping[str, str]) -> dict[str, str]:
    """The columns that the applicant cares about; one that comes with another spelling is the same one."""
    wishes = dict(before)
    spelled = {sheets.norm(heading): heading for heading in before}
    for at, heading in headings.items():
        cell = row.given[at].strip() if at < len(row.given) else ""
        if not cell:
            continue
        wishes.pop(spelled.get(sheets.norm(heading), ""), None)
        if cell.lower() in cells.EMPTIED - {"none"}:
            continue
        wishes[heading] = cell
    return wishes


def _changes(before: Programme, after: Programme) -> Iterator[str]:
    for field, heading in columns.SHOWN:
        old, new = getattr(before, field), getattr(after, field)
        if old != new and field not in {"name", "time_zone"}:
            yield f"{heading}: {_shown(old, before.time_zone)} → {_shown(new, after.time_zone)}"
    was, now = (columns.by_key(p) for p in (before, after))
    for key in sorted({*was, *now}):
        old, new = was.get(key, ("", "")), now.get(key, ("", ""))
        if old[1] != new[1]:
            yield f"{new[0] or old[0]}: {_shown(old[1])} → {_shown(new[1])}"


def _shown(content: object, zone: str = "UTC") -> str:
    if isinstance(content, datetime):
        return dates.say_moment(content, zone)
    text = ", ".join(content) if isinstance(content, tuple) else str(content if content is not None else "")
    return f"“{text[:60]}{'…' if len(text) > 60 else ''}”" if text else "(nothing)"


def _folded(words: str) -> str:
    return " ".join(words.casefold().replace(",", " ").split())
