"""The calendar file, read back with two other libraries, and held against what calendars say they take in.

RULES is a table: each rule with the place where it is written. What Google, Apple and Microsoft do beyond what they
have written cannot be tried here.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject
from dossiers import DEADLINE, NOW, POLICY, rich
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from lorbot.core.application import Application, Programme
from lorbot.core.calendar_file import calendar_file
from lorbot.core.dossier import Dossier, Letter, Mentor, State
from lorbot.core.ics import ics
from lorbot.core.occasion import Occasion
from lorbot.core.revisions import Revision
from lorbot.core.zone_rules import zone_component

DAY = timedelta(days=1)


def season() -> Dossier:
    """Something of everything: all-day and timed entries, two zones, alarms, words with every sign that is escaped."""
    dossier = rich()
    return replace(
        dossier,
        mentors=tuple(replace(m, name="Dr. Zoë Åström; Ph.D., “Zo”") if m.id == "m3" else m for m in dossier.mentors),
        applications=(
            replace(dossier.application("a1"), preferred=date(2027, 8, 20), opens=date(2027, 9, 1)),
            replace(dossier.application("a2"), name="Rhodes, Oxford; the \\ one: ✓", time_zone="Europe/London"),
        ),
        programmes=(Programme(id="p1", application="a1", name="Lakeside", deadline=DEADLINE + DAY),),
    )


def file_of(dossier: Dossier, now: datetime = NOW) -> bytes:
    file = calendar_file(dossier, POLICY, now)[1]
    assert file is not None
    return file.content


def made() -> tuple[bytes, ...]:
    """A first calendar, and a later one in which something has changed and something is off."""
    first, file = calendar_file(season(), POLICY, NOW)
    changed = first.with_application(replace(first.application("a1"), deadline=DEADLINE + 3 * DAY, preferred=None))
    assert file is not None
    return file.content, file_of(changed, NOW + DAY)


# -- the file as lines -----------------------------------------------------------------------------------------------


def lines(raw: bytes) -> list[str]:
    """Content lines, unfolded (RFC 5545 section 3.1)."""
    return raw.replace(b"\r\n ", b"").replace(b"\r\n\t", b"").decode("utf-8").split("\r\n")[:-1]


def components(raw: bytes, name: str) -> list[dict[str, list[str]]]:
    """Every component of this name: its own properties, the name with its parameters as the key."""
    found, stack = [], []
    for line in lines(raw):
        head, _, content = line.partition(":")
        if head == "BEGIN":
            stack.append((content, {}))
        elif head == "END":
            kind, properties = stack.pop()
            assert kind == content
            found += [properties] if kind == name else []
        else:
            stack[-1][1].setdefault(head, []).append(content)
    assert stack == []
    return found


def events(raw: bytes) -> list[dict[str, list[str]]]:
    return components(raw, "VEVENT")


def _head(raw: bytes) -> dict[str, list[str]]:
    return components(raw, "VCALENDAR")[0]


def _starts(event: dict[str, list[str]]) -> list[str]:
    return [key for key in event if key.startswith("DTSTART")]


def _zones_are_defined(raw: bytes) -> bool:
    used = {zone for line in lines(raw) for zone in re.findall(r"^DT\w+;TZID=([^:;]+):", line)}
    return used == {zone["TZID"][0] for zone in components(raw, "VTIMEZONE")} != set()


def _days_end_after_they_begin(raw: bytes) -> bool:
    whole = [e for e in events(raw) if "DTSTART;VALUE=DATE" in e]
    ends = [(e["DTSTART;VALUE=DATE"][0], e["DTEND;VALUE=DATE"][0]) for e in whole]
    as_day = {d: datetime.strptime(d, "%Y%m%d").replace(tzinfo=UTC) for pair in ends for d in pair}
    return bool(ends) and all(as_day[end] - as_day[begin] == DAY for begin, end in ends)


def _observances(raw: bytes) -> list[dict[str, list[str]]]:
    return components(raw, "STANDARD") + components(raw, "DAYLIGHT")


def _once(raw: bytes, *names: str) -> bool:
    return all(sum(len(e.get(n, [])) for n in names) == 1 for e in events(raw))


MS = "https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxcical/"

RULES: dict[str, Callable[[bytes], bool]] = {
    # RFC 5545
    "lines end with CRLF (RFC 5545 3.1)": lambda raw: b"\n" not in raw.replace(b"\r\n", b"") and raw.endswith(b"\r\n"),
    "no line is over 75 octets (RFC 5545 3.1)": lambda raw: all(len(line) <= 75 for line in raw.split(b"\r\n")),
    "it is UTF-8 without a byte order mark (RFC 5545 3.1.4)": lambda raw: raw.decode("utf-8")[0] == "B",
    "no control character (RFC 5545 3.1)": lambda raw: not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", raw),
    "it begins and ends as one calendar (RFC 5545 3.4)": lambda raw: (
        lines(raw)[0], lines(raw)[-1], raw.count(b"BEGIN:VCALENDAR")) == ("BEGIN:VCALENDAR", "END:VCALENDAR", 1),
    "version and product once (RFC 5545 3.7.3, 3.7.4)": lambda raw: all(
        len(_head(raw).get(name, [])) == 1 for name in ("VERSION", "PRODID", "METHOD", "CALSCALE")),
    "the version is 2.0 (RFC 5545 3.7.4)": lambda raw: _head(raw)["VERSION"] == ["2.0"],
    "it publishes (RFC 5546 3.2.1)": lambda raw: _head(raw)["METHOD"] == ["PUBLISH"],
    "there is an event (RFC 5545 3.6)": lambda raw: len(events(raw)) > 0,
    "each event has one UID, stamp, start and title (RFC 5545 3.6.1, RFC 5546 3.2.1)": lambda raw: all(
        [len(e.get("UID", [])), len(e.get("DTSTAMP", [])), len(_starts(e)), len(e.get("SUMMARY", []))] == [1] * 4
        for e in events(raw)),
    "no UID twice (RFC 5545 3.8.4.7)": lambda raw: len({e["UID"][0] for e in events(raw)}) == len(events(raw)),
    "a UID is a UUID and names nobody (RFC 7986 5.3)": lambda raw: all(
        re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", e["UID"][0]) for e in events(raw)),
    "stamps are in UTC (RFC 5545 3.8.7.2, 3.8.7.3)": lambda raw: all(
        re.fullmatch(r"\d{8}T\d{6}Z", e[key][0]) for e in events(raw) for key in ("DTSTAMP", "LAST-MODIFIED")),
    "a sequence is a number, and there once (RFC 5545 3.8.7.4)": lambda raw: _once(raw, "SEQUENCE") and all(
        e["SEQUENCE"][0].isdigit() for e in events(raw)),
    "an all-day event ends on the day after, which is not in it (RFC 5545 3.6.1, 3.8.2.2)": _days_end_after_they_begin,
    "a moment has no end of its own (RFC 5545 3.6.1)": lambda raw: all(
        not any(k.startswith(("DTEND", "DURATION")) for k in e) for e in events(raw) if "DTSTART;VALUE=DATE" not in e),
    "each zone that is used is defined, and no other (RFC 5545 3.2.19)": _zones_are_defined,
    "a zone's change has its onset and both offsets (RFC 5545 3.6.5)": lambda raw: all(
        {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"} <= set(o) for o in _observances(raw)),
    "an alarm that shows has a text and a trigger (RFC 5545 3.6.6)": lambda raw: all(
        (a["ACTION"], len(a["DESCRIPTION"]), len(a["TRIGGER"])) == (["DISPLAY"], 1, 1)
        for a in components(raw, "VALARM")) and bool(components(raw, "VALARM")),
    "a trigger is a duration before the start (RFC 5545 3.8.6.3, 3.3.6)": lambda raw: all(
        re.fullmatch(r"-P(\d+D)?(T(\d+H)?(\d+M)?)?", a["TRIGGER"][0]) for a in components(raw, "VALARM")),
    "nobody is in the way of anything (RFC 5545 3.8.2.7)": lambda raw: all(
        e["TRANSP"] == ["TRANSPARENT"] for e in events(raw)),
    "nobody is invited (RFC 5545 3.8.4.1, 3.8.4.3: both are for group scheduling alone)": lambda raw: not re.search(
        rb"(?m)^(ATTENDEE|ORGANIZER|RSVP|REQUEST-STATUS)", raw),
    "what is called off says so (RFC 5545 3.8.1.11)": lambda raw: all(
        e["STATUS"] in (["CONFIRMED"], ["CANCELLED"]) for e in events(raw)),
    "the calendar has its name in both ways (RFC 7986 5.1)": lambda raw: (
        _head(raw)["NAME"] == _head(raw)["X-WR-CALNAME"] == ["Letters for Nadia"]),
    # Google Calendar: https://support.google.com/calendar/answer/37118, and the limit of 1 MB that it shows on import
    "it is under 1 MB (Google Calendar)": lambda raw: len(raw) < 1_000_000,
    "no event repeats, which an import may read otherwise": lambda raw: not any("RRULE" in e for e in events(raw)),
    # Apple Calendar: https://support.apple.com/guide/calendar/import-or-export-calendars-icl1023/mac
    "zones have names that Apple and Google know, those of IANA (RFC 7808 has them)": lambda raw: all(
        ZoneInfo(zone["TZID"][0]) for zone in components(raw, "VTIMEZONE")),
    # Outlook and Exchange
    f"a zone's rule is yearly, on one weekday of one month ({MS}9b81b753-23fc-4635-a4f0-16445897d22b)": lambda raw: all(
        re.fullmatch(r"FREQ=YEARLY;BYDAY=(-1|[1-4])(SU|MO|TU|WE|TH|FR|SA);BYMONTH=\d{1,2}", o["RRULE"][0])
        for o in _observances(raw)),
    f"a zone has no dates in place of a rule ({MS}832b62de-0dba-446a-b66e-efa0b5f80fac)": lambda raw: not any(
        "RDATE" in o for o in _observances(raw)),
    f"a reminder counts in minutes from the start ({MS}9710b22c-ba2e-4581-be59-e143a952708a)": lambda raw: not any(
        key.startswith("TRIGGER;") or a[key][0].endswith("S") for a in components(raw, "VALARM") for key in a),
    "the time is free ([MS-OXCICAL] 2.1.3.1.1.20.31)": lambda raw: all(
        e["X-MICROSOFT-CDO-BUSYSTATUS"] == ["FREE"] for e in events(raw)),
    f"an all-day event is made of days, not of flags ({MS}0f262da6-c5fd-459e-9f18-145eba86b5d2)": lambda raw: (
        b"ALLDAYEVENT" not in raw),
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_the_file_keeps_what_calendars_ask_for(rule: str) -> None:
    for raw in made():
        assert RULES[rule](raw)


def test_a_rule_of_the_table_can_fail() -> None:
    """Each with the file that would break it, where one is easily made."""
    raw = made()[0]
    assert not RULES["lines end with CRLF (RFC 5545 3.1)"](raw.replace(b"\r\n", b"\n"))
    assert not RULES["no line is over 75 octets (RFC 5545 3.1)"](raw.replace(b"\r\n ", b""))
    assert not RULES["each zone that is used is defined, and no other (RFC 5545 3.2.19)"](
        raw.replace(b"London", b"Paris", 1)
    )
    assert not RULES["nobody is invited (RFC 5545 3.8.4.1, 3.8.4.3: both are for group scheduling alone)"](
        raw.replace(b"UID:", b"ORGANIZER:", 1)
    )


# -- other libraries -------------------------------------------------------------------------------------------------


def test_ical_reads_back_what_was_meant() -> None:
    (calendar,) = [IcsCalendarStream.calendar_from_ics(made()[0].decode())]
    said = {e.summary: e for e in calendar.events}
    due = said["Letters due: ERAS 2028, internal medicine"]
    assert due.dtstart.astimezone(UTC) == DEADLINE
    assert str(due.dtstart.tzinfo) == "America/New_York"
    london = said["Letters due: Rhodes, Oxford; the \\ one: ✓"]
    assert london.dtstart.astimezone(UTC) == DEADLINE
    assert str(london.dtstart.tzinfo) == "Europe/London"
    preferred = said["Preferred date: ERAS 2028, internal medicine"]
    assert (preferred.dtstart, preferred.dtend) == (date(2027, 8, 20), date(2027, 8, 21))
    assert "lorbot: reminder to Dr. Zoë Åström; Ph.D., “Zo”" in said
    assert [a.trigger for a in due.alarm] == [
        -timedelta(days=7, hours=14, minutes=59),
        -timedelta(days=1, hours=14, minutes=59),
    ]


def test_vobject_reads_back_the_same() -> None:
    for raw in made():
        calendar = vobject.readOne(raw.decode())
        calendar.validate(raiseException=True)
        ours = {(e["UID"][0], int(e["SEQUENCE"][0]), e["STATUS"][0]) for e in events(raw)}
        assert {(e.uid.value, int(e.sequence.value), e.status.value) for e in calendar.vevent_list} == ours
        due = next(e for e in calendar.vevent_list if e.summary.value.endswith("Rhodes, Oxford; the \\ one: ✓"))
        assert due.dtstart.value.astimezone(UTC) == DEADLINE


def test_an_alarm_rings_at_nine_in_the_morning() -> None:
    for raw in made():
        for event in IcsCalendarStream.calendar_from_ics(raw.decode()).events:
            begin = (
                event.dtstart
                if isinstance(event.dtstart, datetime)
                else datetime.combine(event.dtstart, datetime.min.time())
            )
            for alarm in event.alarm or ():
                assert (begin.replace(tzinfo=None) + alarm.trigger).strftime("%H:%M") == "09:00"


def test_what_changed_has_risen_and_what_is_gone_is_cancelled() -> None:
    first, second = ({e["SUMMARY"][0]: e for e in events(raw)} for raw in made())
    due, preferred = "Letters due: ERAS 2028\\, internal medicine", "Preferred date: ERAS 2028\\, internal medicine"
    assert (first[due]["SEQUENCE"], second[due]["SEQUENCE"]) == (["0"], ["1"])
    gone = second[f"No longer needed: {preferred}"]
    assert (gone["UID"], gone["SEQUENCE"], gone["STATUS"]) == (first[preferred]["UID"], ["1"], ["CANCELLED"])
    opens = "Opens: ERAS 2028\\, internal medicine"
    assert second[opens] | {"DTSTAMP": 0} == first[opens] | {"DTSTAMP": 0}


def test_the_same_dossier_at_the_same_moment_is_the_same_file() -> None:
    after, first = calendar_file(season(), POLICY, NOW)
    assert calendar_file(season(), POLICY, NOW) == (after, first)
    assert calendar_file(after, POLICY, NOW) == (after, first)


def test_a_calendar_without_an_entry_is_refused() -> None:
    with pytest.raises(ValueError, match="without an entry"):
        ics((), "x", NOW)


# -- zones -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "rules"),
    [
        ("America/New_York", {"2SU 3", "1SU 11"}),
        ("Europe/Berlin", {"-1SU 3", "-1SU 10"}),
        ("Australia/Sydney", {"1SU 10", "1SU 4"}),
        ("America/Phoenix", set()),
        ("Asia/Kolkata", set()),
        ("Africa/Casablanca", set()),  # the clocks follow Ramadan: each change by itself
    ],
)
def test_a_zone_says_when_its_clocks_change(zone: str, rules: set[str]) -> None:
    parts = zone_component(zone, 2027).subcomponents
    said = [p["RRULE"] for p in parts if "RRULE" in p]
    assert {f"{rule['BYDAY']} {rule['BYMONTH']}" for rule in said} == rules


@pytest.mark.parametrize(
    "zone",
    ["America/New_York", "Europe/London", "Australia/Sydney", "Asia/Kolkata", "Africa/Casablanca", "UTC"],
)
@pytest.mark.parametrize("month", [1, 3, 6, 11, 12])
def test_a_moment_comes_back_as_it_was_whatever_the_zone(zone: str, month: int) -> None:
    """Read with the rules of the file alone, by a library that does not know the zone's name."""
    at = datetime(2027, month, 12, 23, 59, tzinfo=ZoneInfo(zone))
    occasion = Occasion(what="x", title="x", day=at.date(), at=at, zone=zone, text="x", alarms=(1,))
    raw = ics((Revision(occasion=occasion, uid="u", sequence=0, changed_at=NOW),), "x", NOW)
    other = f"Nowhere/{zone.replace('/', '-')}-{month}"  # each its own: vobject remembers the zones it has read
    unknown = raw.decode().replace(zone, other) if zone != "UTC" else raw.decode()
    (event,) = vobject.readOne(unknown).vevent_list
    assert event.dtstart.value.astimezone(UTC) == at.astimezone(UTC)


# -- any dossier -----------------------------------------------------------------------------------------------------

words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=90) | st.sampled_from(
    ["ERAS 2028, internal medicine", "a;b\\n,c", "Zoë ✓", "x" * 90, "BEGIN:VEVENT"]
)
zones = st.sampled_from(["America/New_York", "Europe/London", "Asia/Kolkata", "Africa/Casablanca", "UTC", ""])
moments = st.datetimes(datetime(2027, 6, 1), datetime(2028, 6, 1)).map(lambda d: d.replace(tzinfo=UTC))  # noqa: DTZ001
days = st.dates(date(2027, 6, 1), date(2028, 6, 1))
applications = st.builds(
    Application, id=st.just("a1"), name=words, deadline=st.none() | moments, time_zone=zones, opens=st.none() | days,
    preferred=st.none() | days, outcome=st.sampled_from(["", "", "matched"]),
    service=st.sampled_from(["eras-residency", "amcas", "custom"]),
)  # fmt: skip
programmes = st.lists(
    st.builds(Programme, id=words, application=st.just("a1"), name=words, deadline=st.none() | moments, rule=words),
    max_size=3,
)
letters = st.builds(
    Letter, id=st.just("l1"), mentor=st.just("m1"), application=st.just("a1"), state=st.sampled_from(State),
    asked_at=st.just(NOW), last_sent_at=st.just(NOW), received_at=st.just(NOW),
)  # fmt: skip
dossiers = st.builds(
    lambda application, programmes, letter, mentor: replace(
        rich(), applications=(application,), programmes=tuple(programmes), letters=(letter,),
        mentors=(Mentor(id="m1", name=mentor, email="m@hospital.example"),),
    ),
    applications, programmes, letters, words,
)  # fmt: skip


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(first=dossiers, then=st.lists(dossiers, min_size=1, max_size=3))
def test_any_season_is_a_calendar_whose_entries_never_go_back(first: Dossier, then: list[Dossier]) -> None:
    seen: dict[str, int] = {}
    published, now = first.published, NOW
    for dossier in (first, *then):
        now += DAY
        after, file = calendar_file(replace(dossier, published=published), POLICY, now)
        published = after.published
        if file is None:
            continue
        assert calendar_file(after, POLICY, now) == (after, file)
        _is_sound(file.content)
        for event in events(file.content):
            uid, sequence = event["UID"][0], int(event["SEQUENCE"][0])
            assert sequence >= seen.get(uid, 0)
            seen[uid] = sequence


_ALWAYS = (
    "lines",
    "no line",
    "no control",
    "no UID",
    "each event",
    "stamps",
    "nobody is",
    "what is called",
    "a moment",
)
_OF_ANY = [rule for rule in RULES if rule.startswith(_ALWAYS)]


def _is_sound(raw: bytes) -> None:
    assert [rule for rule in _OF_ANY if not RULES[rule](raw)] == []
    calendar = IcsCalendarStream.calendar_from_ics(raw.decode())
    assert sorted(e.uid for e in calendar.events) == sorted(e["UID"][0] for e in events(raw))
    vobject.readOne(raw.decode()).validate(raiseException=True)
