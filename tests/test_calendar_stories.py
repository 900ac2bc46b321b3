"""The calendar on a real mail server: asked for, asked for again, in the mentor's hands, exported, and forgotten."""

import io
from pathlib import Path
from zipfile import ZipFile

import pytest
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event, EventStatus
from stage import NADIA, Received, Stage, Style, outlook, top_posted

from lorbot.mail.message import parse
from lorbot.sandbox.server import MailServer

YES = "Dear Nadia,\n\nI would be delighted to write you a strong letter.\n\nElena Lopez"
DUE = "Letters due: ERAS 2028"


@pytest.fixture
def stage(tmp_path: Path, mail_server: MailServer) -> Stage:
    return Stage(tmp_path, mail_server)


def calendar(mail: Received, name: str = "lorbot-calendar.ics") -> dict[str, Event]:
    """The entries of the calendar that came with a mail, by title."""
    (found,) = [a for a in mail.incoming.attachments if a.name == name]
    assert b'Content-Type: text/calendar; method="PUBLISH"; charset="utf-8"' in mail.raw
    return read(parse(mail.raw).files[found.sha256])


def read(content: bytes) -> dict[str, Event]:
    return {str(e.summary): e for e in IcsCalendarStream.calendar_from_ics(content.decode()).events}


@pytest.mark.parametrize("style", [top_posted, outlook])
def test_a_calendar_is_asked_for_and_a_newer_one_changes_its_entries(stage: Stage, style: Style) -> None:
    stage.prepared()
    stage.nadia.writes("Calendar, please")
    stage.turn()
    first = stage.nadia.reads_one("calendar")
    assert "| Wednesday, September 1, 2027, 11:59 PM (New York time) | Letters due: ERAS 2028 |" in first.text
    assert (
        "**Your next letters** will be wanted for residency, by Wednesday, September 1, 2027 (ERAS 2028)." in first.text
    )

    stage.nadia.writes("application ERAS 2028", "deadline: 8 September 2027, 11:59 pm ET")
    stage.turn()
    assert stage.nadia.reads_one("ERAS 2028").incoming.attachments == ()  # nobody is sent a calendar unasked

    stage.nadia.answers(first, "calendar", style)
    stage.turn()
    again = calendar(stage.nadia.reads_one("calendar"))
    assert (again[DUE].uid, again[DUE].sequence) == (calendar(first)[DUE].uid, 1)
    assert again[DUE].dtstart.day == 8


def test_after_a_restart_an_unchanged_season_has_the_same_sequences(stage: Stage) -> None:
    stage.prepared()
    said = []
    for _ in range(2):
        stage.nadia.writes("calendar")
        stage.turn()
        said.append({title: (e.uid, e.sequence) for title, e in calendar(stage.nadia.reads_one("calendar")).items()})
        stage.restart()
    assert said[0] == said[1]


@pytest.mark.parametrize("wish", ["yes", ""])
def test_the_packet_brings_a_hold_on_her_wish_alone(stage: Stage, wish: str) -> None:
    ask = stage.asked()
    if wish:  # without a word about it there is none
        stage.nadia.writes("profile", f"calendar holds: {wish}")
        stage.turn()
        assert ("- calendar holds: yes." in stage.nadia.reads_one("profile").text) is (wish == "yes")
    stage.lopez.answers(ask, YES)
    stage.turn()
    packet = stage.lopez.reads_one("Letter of recommendation")
    names = [a.name for a in packet.incoming.attachments]
    if wish != "yes":
        assert names == ["Rahman_CV.pdf"]
        return
    assert names == ["Rahman_CV.pdf", "Letter_for_Nadia_Rahman.ics"]
    (title,) = calendar(packet, names[1])
    assert title == "Letter for Nadia Rahman due"


def test_a_deadline_that_moves_while_the_packet_waits_for_the_morning_moves_the_hold(stage: Stage) -> None:
    ask = stage.asked()
    stage.nadia.writes("profile", "calendar holds: yes")
    stage.passes(hours=12)
    stage.lopez.answers(ask, YES)
    stage.turn()
    assert stage.lopez.reads() == []
    stage.nadia.writes("application ERAS 2028", "deadline: 8 September 2027, 11:59 pm ET")
    stage.turn()
    stage.passes(hours=12)
    packet = stage.lopez.reads_one("Letter of recommendation")
    (entry,) = calendar(packet, "Letter_for_Nadia_Rahman.ics").values()
    assert (entry.dtstart.day, entry.sequence) == (8, 0)


def test_an_export_has_the_calendar_and_changes_nothing(stage: Stage) -> None:
    stage.prepared()
    stage.nadia.writes("export")
    stage.turn()
    mail = stage.nadia.reads_one("export")
    (zipped,) = parse(mail.raw).files.values()
    with ZipFile(io.BytesIO(zipped)) as archive:
        assert DUE in read(archive.read("calendar.ics"))
        assert "calendar.ics" in archive.read("README.txt").decode()
    assert stage.dossier.published == ()


def test_a_calendar_that_names_a_forgotten_mentor_is_gone_and_her_entries_are_called_off(stage: Stage) -> None:
    ask = stage.asked()
    stage.nadia.writes("calendar")
    stage.turn()
    assert "My gentle note to Dr. Elena Lopez" in stage.nadia.reads_one("calendar").text
    stage.lopez.answers(ask, YES)
    stage.turn()
    stage.nadia.reads()
    stage.nadia.writes("forget Dr. Lopez")
    stage.turn()
    stage.nadia.answers(stage.nadia.reads_one("forget"), "yes, forget")
    stage.turn()
    stage.nadia.reads()

    files = stage.daemon.parts.state.path.rglob("*")
    assert [p.name for p in files if p.is_file() and b"Lopez" in p.read_bytes()] == []
    stage.nadia.writes("calendar")
    stage.turn()
    later = calendar(stage.nadia.reads_one("calendar"))
    assert [e.status for title, e in later.items() if title.startswith("No longer needed")] == [EventStatus.CANCELLED]
    assert NADIA in stage.dossier.applicant.email
