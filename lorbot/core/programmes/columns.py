"""The columns of a table of programmes: those that lorbot knows, and any other, which the applicant cares about."""

import re
from collections.abc import Iterable, Mapping, Sequence

from lorbot.core import sheets
from lorbot.core.application import Programme
from lorbot.core.value import Line, value

OURS = "(lorbot)"
"""Ends the headings of the columns that lorbot adds: they mean nothing on the way in."""

SHOWN: tuple[tuple[str, Line], ...] = (
    ("name", "Program"), ("city", "City"), ("specialty", "Specialty"), ("deadline", "Deadline"),
    ("time_zone", "Time zone"), ("rule", "Rule"), ("letters", "Letters wanted"), ("types", "Must have"),
    ("portal", "Link"),
)  # fmt: skip
"""The fields of a programme as headings, in the order of the table that is sent back."""

_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("name", ("name", "program", "programme", "program name", "name of program", "institution", "hospital", "school",
              "residency", "residency program", "fellowship", "university", "medical school", "program institution")),
    ("city", ("city", "location", "town", "place", "city state", "city and state")),
    ("specialty", ("specialty", "speciality", "field", "program specialty")),
    ("deadline", ("deadline", "application deadline", "due", "due date", "due by", "apply by", "deadline date")),
    ("letters_by", ("letter deadline", "letters deadline", "deadline for letters", "letters due", "letters by",
                    "lor deadline")),
    ("time_zone", ("time zone", "timezone", "tz", "zone")),
    ("rule", ("rule", "deadline rule", "deadline type", "deadline means")),
    ("letters", ("letters", "letters wanted", "number of letters", "no of letters", "of letters", "how many letters",
                 "letters needed", "lors", "lor", "number of lors", "lors wanted", "lors needed")),
    ("types", ("must have", "must have types", "must have letters", "types", "letter types", "types of letters",
               "required letters", "letters required", "required types", "letter requirements", "lor requirements",
               "lors required", "required lors")),
    ("portal", ("portal", "link", "url", "website", "web site", "homepage")),
)  # fmt: skip
WORDS: Mapping[str, str] = {word: field for field, words in _WORDS for word in words}
"""The headings that are known, as `sheets.norm` makes them, each with its field."""

CRITERIA: Mapping[str, Line] = {
    "city": "City", "specialty": "Specialty", "deadline": "Deadline", "letters": "Letters",
}  # fmt: skip
"""The known columns that can be weighed."""

_HEADINGS_WITHIN = 10  # rows
_CRITERION_OF = {"types": "letters", "letters_by": "deadline"}
_LEAST = re.compile(
    r"(?:minimum|min|least|required|wanted|needed|cut ?off) (?:for |of )?(?P<after>.+)"
    r"|(?P<before>.+?) (?:minimum|min|required|wanted|needed|cut ?off)"
)


@value
class Column:
    """A column that can be weighed. `key` is its heading without case and punctuation, or the name of its field."""

    key: Line
    heading: Line


def wishes_in(headings: Iterable[str]) -> dict[int, str]:
    """The columns that the applicant cares about: where they stand, and their headings; one of a name is numbered."""
    found: dict[int, str] = {}
    taken: set[str] = set()
    for at, heading in enumerate(headings):
        shown = " ".join(heading.split())
        key = sheets.norm(shown)
        if not key or key in WORDS or key == sheets.norm(sheets.WRONG):
            continue
        if key in taken:
            number = next(n for n in range(2, 100) if f"{key} {n}" not in taken)
            shown, key = f"{shown.partition('(')[0].strip()} {number}", f"{key} {number}"
        taken.add(key)
        found[at] = shown
    return found


def without_ours(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The table without the columns that lorbot added to it."""
    ours = {at for row in rows[:_HEADINGS_WITHIN] for at, cell in enumerate(row) if cell.strip().lower().endswith(OURS)}
    return [["" if at in ours else cell for at, cell in enumerate(row)] for row in rows]


def columns_of(programmes: Iterable[Programme]) -> tuple[Column, ...]:
    """Every column that can be weighed: those that lorbot knows, then the applicant's own in alphabetical order."""
    own: dict[str, set[str]] = {}
    for programme in programmes:
        for heading in programme.wishes:
            own.setdefault(sheets.norm(heading), set()).add(heading)
    known = [Column(key=key, heading=heading) for key, heading in CRITERIA.items()]
    return (*known, *(Column(key=key, heading=min(own[key])) for key in sorted(own)))


def by_key(programme: Programme) -> dict[str, tuple[str, str]]:
    """The applicant's own columns of a programme: heading and cell, by key."""
    return {sheets.norm(heading): (heading, cell) for heading, cell in programme.wishes.items()}


def cells_of(programme: Programme) -> dict[str, str]:
    """What stands in the columns of a programme, by their keys."""
    own = {key: cell for key, (_, cell) in by_key(programme).items()}
    return own | {"city": programme.city, "specialty": programme.specialty}


def meant(said: str, columns: Iterable[Column]) -> tuple[Column, ...]:
    """The columns that the applicant's words for one can mean: by its heading, or by some of its words."""
    key = sheets.norm(said)
    field = WORDS.get(key, "")
    key = _CRITERION_OF.get(field, field) if field else key
    columns = tuple(columns)
    exact = tuple(c for c in columns if c.key == key)
    words = set(key.split())
    return exact or tuple(c for c in columns if words and words <= set(c.key.split()))


def is_unweighed(said: str) -> bool:
    """Whether the words name a column that has nothing to weigh: the name, the link."""
    field = WORDS.get(sheets.norm(said), "")
    return bool(field) and _CRITERION_OF.get(field, field) not in CRITERIA


def compared_with(key: str) -> str:
    """What a column gives the least of: "minimum step 2" and "step 2 wanted" are about "step 2"; "" for any other."""
    found = _LEAST.fullmatch(key)
    return (found["after"] or found["before"] or "") if found else ""
