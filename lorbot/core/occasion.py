"""One dated entry of the season, and what is remembered of those that were given out as a calendar."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from lorbot.core.value import Line, Moment, Text, value


@value
class Occasion:
    """One entry: all day, or at the moment `at`, said in `zone`."""

    what: Line  # a name for it that stays, whatever changes: "deadline a1"
    title: Line
    day: date  # in `zone`
    zone: Line  # IANA name
    text: Text  # what to do, and the word to write to lorbot
    at: Moment | None = None
    alarms: tuple[int, ...] = ()  # so many days before, in the morning
    quiet: bool = False  # an expected mail of lorbot's own: nothing to do


@value
class Published:
    """An entry that was given out, as it was last."""

    uid: Line
    mark: Line  # of what it said
    sequence: int
    changed_at: Moment
    title: Line  # with the day and hour, what it needs to be called off
    day: date
    zone: Line
    at: Moment | None = None
    cancelled: bool = False


def is_ahead(entry: Occasion | Published, now: datetime) -> bool:
    """Whether it is still to come: a moment until it is there, a day until it is over."""
    return entry.at >= now if entry.at else entry.day >= now.astimezone(ZoneInfo(entry.zone)).date()


def is_yet_to_begin(entry: Occasion | Published, now: datetime) -> bool:
    """The same without the day that has begun: what was expected today may have happened."""
    return entry.at > now if entry.at else entry.day > now.astimezone(ZoneInfo(entry.zone)).date()
