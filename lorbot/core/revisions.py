"""Entries as a calendar gets them: each with its UID, and with a sequence that says whether it has changed.

Invariant: the sequence of a UID never falls, and it rises only when the entry says something else than it did when it
was last given out (RFC 5545 section 3.8.7.4). What is off is called off once, and stays so until its day has come.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID, uuid5

from lorbot.core.occasion import Occasion, Published, is_ahead, is_yet_to_begin
from lorbot.core.value import Line, Moment, value

OFF = "No longer needed"
_LORBOT = UUID("b1f8a6de-2a4b-5c0e-9d3f-6c1a52e0f7b4")  # another would make every entry a new one


@value
class Revision:
    """An entry, and which version of it this is."""

    occasion: Occasion
    uid: Line
    sequence: int
    changed_at: Moment
    cancelled: bool = False


def uid_of(dossier_id: str, what: str) -> str:
    """The UID of an entry: the same for ever, and telling nothing of host or person (RFC 7986 section 5.3)."""
    return str(uuid5(_LORBOT, f"{dossier_id} {what}"))


def mark_of(occasion: Occasion) -> str:
    """A short hash of all that an entry says."""
    at = occasion.at.astimezone(UTC).isoformat() if occasion.at else ""
    said = [occasion.title, occasion.day.isoformat(), at, occasion.zone, occasion.text, list(occasion.alarms)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def revised(
    dossier_id: str, before: Iterable[Published], occasions: Iterable[Occasion], now: datetime
) -> tuple[tuple[Revision, ...], tuple[Published, ...]]:
    """What a calendar gets now: the occasions, and what is off; and all that has been given out by then."""
    known = {p.uid: p for p in before}
    current = [_current(uid_of(dossier_id, o.what), o, known, now) for o in occasions]
    gone = known.keys() - {r.uid for r in current}
    off = [_called_off(known[uid], now) for uid in sorted(gone) if _is_off(known[uid], now)]
    shown = (*current, *sorted(off, key=lambda r: (r.occasion.day, r.uid)))
    return shown, tuple((known | {r.uid: _published(r, known.get(r.uid)) for r in shown}).values())


def _current(uid: str, occasion: Occasion, known: dict[str, Published], now: datetime) -> Revision:
    was = known.get(uid)
    if was is None:
        return Revision(occasion=occasion, uid=uid, sequence=0, changed_at=now)
    if was.mark == mark_of(occasion) and not was.cancelled:
        return Revision(occasion=occasion, uid=uid, sequence=was.sequence, changed_at=was.changed_at)
    return Revision(occasion=occasion, uid=uid, sequence=was.sequence + 1, changed_at=now)


def _is_off(was: Published, now: datetime) -> bool:
    """What was called off is off until its day is over; what has begun is history, and nobody's calendar loses it."""
    return is_ahead(was, now) if was.cancelled else is_yet_to_begin(was, now)


def _called_off(was: Published, now: datetime) -> Revision:
    title = f"{OFF}: {was.title}" if was.title else OFF
    occasion = Occasion(
        what=was.uid, title=title, day=was.day, zone=was.zone, at=was.at, text="This date no longer holds.", quiet=True
    )
    if was.cancelled:
        sequence, changed_at = was.sequence, was.changed_at
    else:
        sequence, changed_at = was.sequence + 1, now
    return Revision(occasion=occasion, uid=was.uid, sequence=sequence, changed_at=changed_at, cancelled=True)


def _published(revision: Revision, was: Published | None) -> Published:
    if revision.cancelled and was is not None:
        title, mark = was.title, was.mark
    else:
        title, mark = revision.occasion.title, mark_of(revision.occasion)
    return Published(
        uid=revision.uid, mark=mark, sequence=revision.sequence, changed_at=revision.changed_at, title=title,
        day=revision.occasion.day, zone=revision.occasion.zone, at=revision.occasion.at, cancelled=revision.cancelled,
    )  # fmt: skip
