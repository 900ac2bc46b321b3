"""A calendar as the bytes of an .ics file (RFC 5545), as Google Calendar, Apple Calendar and Outlook take it in.

The same entries at the same moment are the same bytes. Nobody is invited: an entry has no organizer and no attendee,
who stand in group-scheduled entries alone (RFC 5545 section 3.8.4.3), so that no calendar answers by mail.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event

from lorbot.core.correspondence import Enclosure
from lorbot.core.occasion import Occasion
from lorbot.core.revisions import Revision
from lorbot.core.value import Line, value
from lorbot.core.zone_rules import zone_component

MEDIA_TYPE = "text/calendar; method=PUBLISH; charset=utf-8"
"""RFC 5545 section 8.1: the method of the type is that of the file."""

PRODID = "-//lorbot//letters of recommendation//EN"
MORNING = time(9)  # when an alarm rings


@value
class CalendarFile:
    """A file made here."""

    name: Line
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def enclosure(self) -> Enclosure:
        return Enclosure(name=self.name, media_type=MEDIA_TYPE, sha256=self.sha256)


def ics(revisions: Sequence[Revision], name: str, made_at: datetime) -> bytes:
    """The file, CRLF line ends and folded lines included. Raises ValueError without an entry: RFC 5545 section 3.6
    wants a component.
    """
    if not revisions:
        raise ValueError("a calendar without an entry is none")
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODID)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)  # RFC 7986 section 5.1; the other is what programs read before it
    calendar.add("x-wr-calname", name)
    for zone in sorted({r.occasion.zone for r in revisions if r.occasion.at} - {"UTC"}):
        years = [r.occasion.day.year for r in revisions if r.occasion.at and r.occasion.zone == zone]
        calendar.add_component(zone_component(zone, min(years)))
    for revision in revisions:
        calendar.add_component(_event(revision, made_at))
    content: bytes = calendar.to_ical()
    return content


def _event(revision: Revision, made_at: datetime) -> Event:
    occasion = revision.occasion
    event = Event()
    event.add("uid", revision.uid)
    event.add("dtstamp", made_at.astimezone(UTC).replace(microsecond=0))
    event.add("last-modified", revision.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", revision.sequence)
    event.add("status", "CANCELLED" if revision.cancelled else "CONFIRMED")
    _add_time(event, occasion)
    event.add("summary", occasion.title)
    event.add("description", occasion.text)
    event.add("class", "PRIVATE")  # names of mentors and applicants are nobody's business in a shared calendar
    event.add("transp", "TRANSPARENT")  # a date, not a meeting: nobody is busy
    event.add("x-microsoft-cdo-busystatus", "FREE")  # the same for Outlook, [MS-OXCICAL] section 2.1.3.1.1.20.31
    for days in () if revision.cancelled else occasion.alarms:
        event.add_component(_alarm(occasion, days))
    return event


def _add_time(event: Event, occasion: Occasion) -> None:
    """All day with the day after as its end, which it does not include; or a moment, which ends as it begins
    (RFC 5545 section 3.6.1).
    """
    if occasion.at is None:
        event.add("dtstart", occasion.day)
        event.add("dtend", occasion.day + timedelta(days=1))
    else:
        zone = UTC if occasion.zone == "UTC" else ZoneInfo(occasion.zone)
        event.add("dtstart", occasion.at.astimezone(zone).replace(second=0, microsecond=0))


def _alarm(occasion: Occasion, days: int) -> Alarm:
    """So many days before, at nine in the morning; relative to the start, as Outlook keeps it."""
    local = occasion.at.astimezone(ZoneInfo(occasion.zone)).time() if occasion.at else time(0)
    start = datetime.combine(occasion.day, local.replace(second=0, microsecond=0))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", occasion.title)
    alarm.add("trigger", datetime.combine(occasion.day - timedelta(days=days), MORNING) - start)
    return alarm
