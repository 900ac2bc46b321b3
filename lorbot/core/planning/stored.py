"""A letter that was written already and is kept somewhere: whether a service takes it."""

import re
from datetime import date
from enum import StrEnum

from lorbot.core import dates, spans
from lorbot.core.dossier import Mentor
from lorbot.core.service import Reuse
from lorbot.core.spans import Ago

_DAY = re.compile(r"\b(\d{1,2})-(\d{1,2})\b")
_YEARS_BEFORE = re.compile(r"\byear before\b|\bprevious\b")


class Stored(StrEnum):
    NONE = ""
    USABLE = "usable"
    NOT_TAKEN = "not taken"  # the service wants letters written for it, on request
    TOO_OLD = "too old"
    UNDATED = "undated"  # there is an age limit, and nobody said when the letter was written
    UNKNOWN = "unknown"  # nobody knows whether the service takes it


def stored_of(mentor: Mentor, reuse: Reuse, season: int, today: date) -> Stored:
    """What becomes of the mentor's stored letter; `season` is the year in which the application is sent."""
    if not mentor.stored_letter.strip():
        return Stored.NONE
    if reuse.stored_allowed is False:
        return Stored.NOT_TAKEN
    age = _age(mentor.stored_letter, oldest(reuse.written_after, season), today)
    if age is not Stored.NONE:
        return age
    return Stored.USABLE if reuse.stored_allowed else Stored.UNKNOWN


def _age(text: str, first: date | None, today: date) -> Stored:
    """Whether the letter is too old, or may be; NONE where it is not, or no day is set."""
    if first is None:
        return Stored.NONE
    ago, limit = _written(text, today), (today - first).days
    if ago is None or ago.least <= limit < ago.most:
        return Stored.UNDATED
    return Stored.TOO_OLD if ago.least > limit else Stored.NONE


def oldest(written_after: str, season: int) -> date | None:
    """The day of "05-01 of the year before"; None where there is no such rule, or it is not understood."""
    found = _DAY.search(written_after)
    if not found:
        return None
    year = season - 1 if _YEARS_BEFORE.search(written_after) else season
    try:
        return date(year, int(found[1]), int(found[2]))
    except ValueError:
        return None


def _written(text: str, today: date) -> Ago | None:
    """How long ago the letter was written: to the day where one is named, else as far as the words tell."""
    day = dates.past_day_in(text, today)
    if day is not None:
        return Ago(least=(today - day).days, most=(today - day).days)
    return spans.ended(text, today)
