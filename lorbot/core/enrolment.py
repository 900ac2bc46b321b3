"""Applicants from a table: which rows can be enrolled, and what is wrong with the others.

A row is taken whole or not at all.
"""

from collections.abc import Collection

from lorbot.core import dates, sheets
from lorbot.core.addressing import AddressError, address_in
from lorbot.core.documents import MOST_ROWS, Examined
from lorbot.core.dossier import Applicant
from lorbot.core.sheets import Row, Sheet
from lorbot.core.value import Line, Text, value

_HEADINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("name", ("name", "applicant", "full name", "student", "student name", "applicant name")),
    ("first", ("first name", "first", "given name", "forename")),
    ("last", ("last name", "last", "surname", "family name")),
    ("email", ("email", "e mail", "mail", "address", "email address", "e mail address", "school email")),
    ("time_zone", ("time zone", "timezone", "zone", "tz")),
)
_NAMES = ("name", "first", "last")


@value
class Enrolled:
    """What became of one row: an applicant to be enrolled, or why not; neither for one who is enrolled already."""

    number: int
    name: Line
    applicant: Applicant | None = None
    wrong: Text = ""
    remark: Line = ""


def table(seen: Examined) -> tuple[Sheet | None, str]:
    """The table of applicants, or None and why there is none, in words."""
    if seen.more_rows:
        return None, f"it has more than {MOST_ROWS:,} rows; split it into parts of at most {MOST_ROWS:,}"
    if not seen.rows or seen.flaws or not seen.looked_into:
        return None, f"it is {seen.kind.value} that holds no table; save it as .xlsx or as CSV"
    words = {word: name for name, known in _HEADINGS for word in known}
    sheet = sheets.read(seen.rows, words, _NAMES)
    if sheet is None:
        return None, "it has no row of headings with a column “name”; the first row should read: name, email, time zone"
    return sheet, ""


def enrolled(sheet: Sheet, known: Collection[str], mailbox: str) -> list[Enrolled]:
    """Every row; `known` are the addresses of those enrolled already, `mailbox` is lorbot's own."""
    rows_of: dict[str, int] = {}
    done = []
    for row in sheet.rows:
        found = _enrolled(row, known, mailbox)
        email = found.applicant.email if found.applicant else ""
        if email in rows_of:
            found = Enrolled(number=row.number, name=found.name, wrong=f"row {rows_of[email]} has the address too")
        elif email:
            rows_of[email] = row.number
        done.append(found)
    return done


def _enrolled(row: Row, known: Collection[str], mailbox: str) -> Enrolled:
    name = row.get("name") or " ".join(x for x in (row.get("first"), row.get("last")) if x)
    problems = [] if name else ["the name is missing"]
    email = zone = ""
    try:
        email = address_in(row.get("email")) if row.get("email") else ""
        problems += [] if email else ["the address is missing"]
    except AddressError as error:
        problems.append(str(error))
    if email == mailbox.lower():
        problems.append(f"{email} is lorbot's own mailbox")
    if row.get("time_zone"):
        zone = dates.zone_in(row.get("time_zone")) or ""
        problems += [] if zone else [f"time zone “{row.get('time_zone')}” is not known; write America/Chicago or CT"]
    if problems:
        return Enrolled(number=row.number, name=name or row.get("email"), wrong="; ".join(problems))
    if email in known:
        return Enrolled(number=row.number, name=name, remark="enrolled already; nothing was changed")
    return Enrolled(number=row.number, name=name, applicant=Applicant(name=name, email=email, time_zone=zone))
