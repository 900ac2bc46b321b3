"""The hold for a mentor's calendar: the day a letter is due, in the packet, where the applicant wishes it.

It invites nobody, blocks no hour and rings no bell; lorbot's own reminders do that. The same letter keeps its UID, and
the sequence rises when a later packet says something else than the mentor has.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from lorbot.core import dates, deadlines, ics, names, revisions, view
from lorbot.core.correspondence import Mail, Progress, Purpose
from lorbot.core.dossier import Dossier, Letter
from lorbot.core.ics import CalendarFile
from lorbot.core.occasion import Occasion
from lorbot.core.policy import Policy
from lorbot.core.revisions import Revision

KEY = "holds"
"""Where a packet remembers what its hold said: `Mail.more`, a list of uid, mark and sequence."""

_LEFT = frozenset({Progress.SENT, Progress.SENDING, Progress.UNKNOWN})


def holds(dossier: Dossier, letters: Sequence[Letter], policy: Policy) -> tuple[Revision, ...]:
    """An entry for each of the letters whose true deadline is known; () where the applicant does not wish it."""
    if not dossier.applicant.calendar_holds:
        return ()
    found = ((letter, _occasion(dossier, letter, policy)) for letter in letters)
    return tuple(_revision(dossier, letter, occasion) for letter, occasion in found if occasion)


def hold_file(dossier: Dossier, letters: Sequence[Letter], policy: Policy) -> CalendarFile | None:
    """The file that goes with a packet for these letters. The same facts make the same bytes, whatever the hour."""
    found = holds(dossier, letters, policy)
    if not found:
        return None
    name = dossier.applicant.name
    kept = "_".join("".join(c for c in word if c.isalnum() or c == "-") for word in name.split())[:60]
    content = ics.ics(found, f"Letter for {name}", max(r.changed_at for r in found))
    return CalendarFile(name=f"Letter_for_{kept or 'me'}.ics", content=content)


def remembered(found: Sequence[Revision]) -> list[dict[str, Any]]:
    """What a packet keeps of its hold, as plain values."""
    return [{"uid": r.uid, "mark": revisions.mark_of(r.occasion), "sequence": r.sequence} for r in found]


def files(dossier: Dossier, policy: Policy) -> dict[str, bytes]:
    """The files of all packets that wait, by SHA-256: to be kept with the dossier that names them."""
    waiting = [m for m in dossier.mails if m.progress is Progress.QUEUED]
    waiting += [p.mail for p in dossier.previews] + [q.prepared for q in dossier.questions if q.prepared]
    packets = (mail for mail in waiting if mail.purpose is Purpose.PACKET and mail.more.get(KEY))
    made = [_file_of(dossier, mail, policy) for mail in packets]
    return {file.sha256: file.content for file in made if file}


def _file_of(dossier: Dossier, mail: Mail, policy: Policy) -> CalendarFile | None:
    known = {letter.id for letter in dossier.letters}
    return hold_file(dossier, [dossier.letter(x) for x in mail.letters if x in known], policy)


def _occasion(dossier: Dossier, letter: Letter, policy: Policy) -> Occasion | None:
    application = dossier.application(letter.application)
    due = deadlines.due_of(dossier, application, policy)
    if due is None:
        return None
    name = dossier.applicant.name
    of_programme = f" It is the deadline of {due.programme}, the earliest." if due.programme else ""
    return Occasion(
        what=f"hold {letter.mentor} {letter.id}", day=due.day, zone=due.zone,
        title=f"Letter for {name} due",
        text=f"The letter of recommendation for {name}: {view.purpose(dossier.applicant, application)}. The deadline "
        f"is {dates.say_moment(due.at, due.zone)}.{of_programme} How to submit it is in {_possessive(name)} mail.",
    )  # fmt: skip


def _revision(dossier: Dossier, letter: Letter, occasion: Occasion) -> Revision:
    uid, mark = revisions.uid_of(dossier.id, occasion.what), revisions.mark_of(occasion)
    was = [h for m in dossier.mails if m.progress in _LEFT for h in m.more.get(KEY, ()) if h["uid"] == uid]
    last = max(was, key=lambda h: int(h["sequence"]), default=None)
    sequence = 0 if last is None else int(last["sequence"]) + (last["mark"] != mark)
    at = letter.agreed_at or letter.asked_at or dossier.created_at or datetime(2000, 1, 1, tzinfo=UTC)
    return Revision(occasion=occasion, uid=uid, sequence=sequence, changed_at=at)


def _possessive(name: str) -> str:
    given = names.given_name(name)
    return f"{given}’" if given.endswith("s") else f"{given}’s"
