"""The whole correspondence, dated: every mail out and in, and what the applicant reported. For `history`.

Made of the mails, the contacts and the journal alone; no text of a mail is in it but the one sentence that mattered.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from lorbot.core import dates
from lorbot.core.correspondence import Direction, Mail, Progress
from lorbot.core.dossier import Dossier, Entry, Mentor
from lorbot.core.letters import TO_APPLICANT
from lorbot.core.threads import bare_subject
from lorbot.core.value import Line, Moment, value

_FIRST = {"in": 0, "you": 1, "out": 2}
"""What comes first of one moment: the answer, then what followed from it."""

NOTED = "; noted: "
"""What stands in a line of the journal before the applicant's own note."""

BOUNCED = "bounced: "
"""What the remark of a mail begins with that came back."""


@value
class Row:
    """One thing that happened. `who` is "out" (to the mentor), "in" (from the mentor) or "you" (the applicant)."""

    at: Moment
    who: Line
    what: Line = ""  # the purpose of a mail that went out; what was reported
    subject: Line = ""
    state: Line = ""  # how far a mail has come: a Progress, "came back" or "preview"
    leaves: Moment | None = None  # when a mail that waits may leave
    remark: Line = ""  # what the mail server said
    to: Line = ""  # the address, where it is not the mentor's
    words: Line = ""  # the telling sentence of a mail that came in; the applicant's note on what was reported


def overview(
    dossier: Dossier, zone: str, mentors: Collection[str] | None = None, application: str = ""
) -> list[dict[str, Any]]:
    """The correspondence with each mentor, by months, the newest last: plain values for a template.

    `mentors` are ids, None for all; with `application` only what is about it, and what is about no letter at all.
    """
    wanted = [m for m in dossier.mentors if mentors is None or m.id in mentors]
    return [_mentor(dossier, mentor, zone, application) for mentor in wanted]


def without_words(seen: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same without what anybody wrote: an office sees that mail went and came, never what was said."""
    return [
        mentor
        | {"months": [m | {"rows": [r | {"words": "", "subject": ""} for r in m["rows"]]} for m in mentor["months"]]}
        for mentor in seen
    ]


def _mentor(dossier: Dossier, mentor: Mentor, zone: str, application: str) -> dict[str, Any]:
    rows = _with_new_subjects(sorted(_rows(dossier, mentor, application), key=lambda row: (row.at, _FIRST[row.who])))
    months = groupby(rows, key=lambda row: f"{row.at.astimezone(ZoneInfo(zone)):%B %Y}")
    return {
        "name": mentor.name,
        "email": mentor.email,
        "out": sum(row.who == "out" and row.state == Progress.SENT for row in rows),
        "came": sum(row.who == "in" for row in rows),
        "months": [{"name": name, "rows": [_shown(row, zone) for row in of_month]} for name, of_month in months],
    }


def _with_new_subjects(rows: list[Row]) -> list[Row]:
    """The rows with a subject only where it is not that of the mail before: a thread goes on for months."""
    shown, last = [], ""
    for row in rows:
        subject = bare_subject(row.subject) if row.who == "out" else ""
        shown.append(replace(row, subject="" if subject == last else subject))
        last = subject or last
    return shown


def _shown(row: Row, zone: str) -> dict[str, str]:
    return {
        "on": _short(row.at, zone),
        "who": row.who,
        "what": row.what,
        "subject": row.subject,
        "state": row.state,
        "leaves": dates.say_moment(row.leaves, zone) if row.leaves and row.leaves > row.at else "",
        "remark": row.remark,
        "to": row.to,
        "words": row.words,
    }


def _short(moment: datetime, zone: str) -> str:
    """Mon, June 14, 10:33 AM: the year stands above."""
    local = moment.astimezone(ZoneInfo(zone))
    clock = f"{local:%I:%M %p}".lstrip("0")
    return f"{local:%a}, {local:%B} {local.day}, {clock}"


def _rows(dossier: Dossier, mentor: Mentor, application: str) -> Iterator[Row]:
    """Everything that passed, in no order."""
    about = {x.id for x in dossier.letters_of(mentor.id) if not application or x.application == application}

    def is_meant(letters: tuple[str, ...]) -> bool:
        return not application or not letters or bool(about & set(letters))

    mails = [m for m in dossier.mails if m.mentor == mentor.id and m.purpose not in TO_APPLICANT]
    yield from (_out(m, mentor) for m in mails if is_meant(m.letters))
    for preview in dossier.previews:
        if preview.mail.mentor == mentor.id and is_meant(preview.mail.letters):
            what, subject = preview.mail.purpose.value, preview.mail.subject
            yield Row(at=preview.shown_at, who="out", what=what, subject=subject, state="preview")
    known = {m.message_id for m in mails}
    for contact in dossier.contacts:
        if contact.mentor != mentor.id or not is_meant(contact.letters):
            continue
        if contact.direction is Direction.IN:
            yield Row(at=contact.at, who="in", subject=contact.subject, words=contact.telling)
        elif contact.message_id not in known:
            yield Row(at=contact.at, who="out", what=contact.purpose, subject=contact.subject, state=Progress.SENT)
    for entry in dossier.journal:
        if said := _reported(dossier, entry, mentor, about):
            yield Row(at=entry.at, who="you", what=said, words=entry.what.partition(NOTED)[2])


def _out(mail: Mail, mentor: Mentor) -> Row:
    back = mail.remark.startswith(BOUNCED)
    return Row(
        at=mail.sent_at or mail.decided_at,
        who="out",
        what=mail.purpose.value,
        subject=mail.subject,
        state="came back" if back else mail.progress.value,
        leaves=mail.not_before if mail.progress is Progress.QUEUED else None,
        remark=mail.remark.removeprefix(BOUNCED) if back or mail.progress is Progress.REFUSED else "",
        to=mail.to.email if mail.to.email != mentor.email else "",
    )


def _reported(dossier: Dossier, entry: Entry, mentor: Mentor, about: set[str]) -> str:
    """What the applicant reported or decided about this mentor, as a line of the journal tells it; else ""."""
    what = entry.what.partition(NOTED)[0]
    if entry.letter in about and what.startswith(_DECIDED):
        return what.removeprefix("the applicant ")
    for begins, said in _REPORTED.items():
        if what.startswith(begins) and mentor.name in what.removeprefix(begins).split(", "):
            return said.format(name=mentor.name)
    for noted, told in _OF_A_LETTER.items():
        if entry.letter in about and noted.fullmatch(what):
            return told.format(name=mentor.name)
    meant = {dossier.letter(x).application for x in about}
    if any(a.id in meant and what.startswith(f"outcome of {a.name}: ") for a in dossier.applications):
        return f"told me the {what}"
    return ""


_DECIDED = ("the applicant decided: ", "the applicant skipped ")
"""An approval is not among them: the mail it sent stands in the history itself."""

_REPORTED = {"received: ": "told me that the letter is in", "talked with ": "talked with {name}"}
"""How the journal begins a line about what the applicant reported, the names behind it; and what is said of it."""

_OF_A_LETTER = {
    re.compile(r".+ said yes, as the applicant tells"): "told me that {name} said yes",
    re.compile(r".+ said no, as you tell me"): "told me that {name} said no",
    re.compile(r"the letter of .+ is assigned"): "told me that the letter is assigned",
    re.compile(r"the letter of .+ was cancelled"): "cancelled the letter",
}
"""What the journal says of a letter that the applicant reported on; and what is said of it. The name in it is the one
the mentor had then.
"""
