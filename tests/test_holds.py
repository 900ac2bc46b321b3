"""The hold for a mentor's calendar: in the packet on the applicant's wish alone, and one entry for ever."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from dossiers import DEADLINE, NOW, POLICY, WRITER, after, decided, problems, rich, to_mentors
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event

from lorbot.core import holds, outgoing, writing
from lorbot.core.application import Programme
from lorbot.core.correspondence import Mail, Purpose
from lorbot.core.decide import decide
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter, State
from lorbot.core.events import Accepted

DAY = timedelta(days=1)
TYPE = "text/calendar; method=PUBLISH; charset=utf-8"


def wished(**applicant: Any) -> Dossier:
    """Nadia wishes for holds; Dr. Lopez has just agreed."""
    dossier = rich()
    dossier = replace(dossier, applicant=replace(dossier.applicant, calendar_holds=True, **applicant))
    return dossier.with_letter(replace(dossier.letter("l1"), state=State.AGREED, agreed_at=NOW))


def packet(dossier: Dossier, *letters: str, now: datetime = NOW) -> Dossier:
    """The dossier with the packet for these letters on its way."""
    about: list[Letter] = [dossier.letter(x) for x in letters or ("l1",)]
    draft = writing.to_mentor(dossier, Purpose.PACKET, about, policy=POLICY, now=now)
    return WRITER.write(Decision(dossier=dossier, mails=(draft,)), now)


def mail(dossier: Dossier) -> Mail:
    return [m for m in dossier.mails if m.purpose is Purpose.PACKET][-1]


def sent(dossier: Dossier, now: datetime = NOW) -> Dossier:
    key = mail(dossier).key
    return decide(outgoing.sending(dossier, key), Accepted(key=key), now, POLICY).dossier


def attached(dossier: Dossier) -> list[str]:
    return [e.name for e in mail(dossier).enclosures]


def entries(dossier: Dossier) -> list[Event]:
    """The hold of the packet that waits, as another library reads it."""
    (file,) = [e for e in mail(dossier).enclosures if e.media_type == TYPE]
    return IcsCalendarStream.calendar_from_ics(holds.files(dossier, POLICY)[file.sha256].decode()).events


# -- the wish ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "wish"),
    [("yes", True), ("Yes, please", True), ("no", False), ("no thanks", False), ("perhaps", None)],
)
def test_the_wish_is_a_line_of_the_profile(line: str, wish: bool | None) -> None:
    for before in (False, True):
        dossier = replace(rich(), applicant=replace(rich().applicant, calendar_holds=before))
        decision = decided(dossier, "profile", f"calendar holds: {line}")
        assert decision.dossier.applicant.calendar_holds is (before if wish is None else wish)
        assert bool(problems(decision)) is (wish is None)


def test_nobody_gets_one_unasked() -> None:
    assert rich().applicant.calendar_holds is False
    dossier = packet(replace(wished(), applicant=rich().applicant))
    assert attached(dossier) == ["Rahman_CV.pdf"]
    assert "calendar" not in mail(dossier).text


def test_the_wish_brings_one_with_the_packet_and_the_packet_says_so() -> None:
    dossier = packet(wished())
    assert attached(dossier) == ["Rahman_CV.pdf", "Letter_for_Nadia_Rahman.ics"]
    assert (
        "The calendar file attached marks the due date, in case you would like it in your calendar."
        in mail(dossier).text
    )
    assert "with my CV attached" in mail(dossier).text  # the file is none of the documents


def test_no_other_mail_has_one() -> None:
    dossier = wished()
    for purpose in set(Purpose) - {Purpose.PACKET, Purpose.PREVIEW, Purpose.QUESTION, Purpose.NOTICE, Purpose.REPLY}:
        draft = writing.to_mentor(dossier, purpose, [dossier.letter("l1")], policy=POLICY, now=NOW)
        assert [e for e in draft.enclosures if e.media_type == TYPE] == [], purpose


# -- what it says ----------------------------------------------------------------------------------------------------


def test_it_is_the_true_due_day_free_and_without_an_alarm() -> None:
    dossier = wished()
    dossier = dossier.with_application(replace(dossier.application("a1"), preferred=date(2027, 8, 1)))
    (entry,) = entries(packet(dossier))
    assert (entry.summary, entry.dtstart, entry.dtend) == (
        "Letter for Nadia Rahman due", date(2027, 9, 1), date(2027, 9, 2),
    )  # fmt: skip
    assert entry.description is not None
    assert "The deadline is Wednesday, September 1, 2027, 11:59 PM (New York time)." in entry.description
    assert (entry.transparency, entry.alarm, entry.attendees, entry.organizer) == ("TRANSPARENT", [], [], None)


def test_where_programs_differ_it_is_the_earliest_day_and_says_whose() -> None:
    first = Programme(id="p1", application="a1", name="Lakeside", deadline=DEADLINE - 10 * DAY)
    (entry,) = entries(packet(replace(wished(), programmes=(first,))))
    assert entry.dtstart == date(2027, 8, 22)
    assert "It is the deadline of Lakeside, the earliest." in str(entry.description)


def test_without_a_deadline_there_is_none_not_even_for_the_preferred_date() -> None:
    dossier = wished()
    application = replace(dossier.application("a1"), deadline=None, preferred=date(2027, 8, 1))
    assert attached(packet(dossier.with_application(application))) == ["Rahman_CV.pdf"]


def test_several_letters_are_several_entries_of_one_file() -> None:
    dossier = wished()
    dossier = dossier.with_application(replace(dossier.application("a2"), deadline=DEADLINE + 9 * DAY))
    dossier = packet(dossier, "l2", "l3")
    assert [e.dtstart for e in entries(dossier)] == [date(2027, 9, 1), date(2027, 9, 10)]
    assert "marks the due dates, in case you would like them" in mail(dossier).text


# -- one entry for ever ------------------------------------------------------------------------------------------------


def test_made_again_it_is_the_same_file() -> None:
    dossier = packet(wished())
    assert WRITER.renewed(dossier, NOW + DAY) == dossier


def test_a_deadline_that_changes_before_the_packet_leaves_changes_the_entry_and_not_its_sequence() -> None:
    before = packet(wished())
    moved = before.with_application(replace(before.application("a1"), deadline=DEADLINE + DAY))
    again = WRITER.renewed(moved, NOW + timedelta(hours=1))
    (first,), (second,) = entries(before), entries(again)
    assert (second.uid, second.sequence, second.dtstart) == (first.uid, 0, date(2027, 9, 2))
    third = packet(sent(again), now=NOW + DAY)  # what the mentor has is what counts
    assert [e.sequence for e in entries(third)] == [0]


def test_a_later_packet_has_the_same_uid_and_a_higher_sequence_where_it_says_something_else() -> None:
    first = packet(wished())
    out = sent(first)
    again = packet(out, now=NOW + DAY)
    assert [(e.uid, e.sequence) for e in entries(again)] == [(entries(first)[0].uid, 0)]
    moved = out.with_application(replace(out.application("a1"), deadline=DEADLINE + DAY))
    later = packet(moved, now=NOW + DAY)
    assert [(e.uid, e.sequence) for e in entries(later)] == [(entries(first)[0].uid, 1)]


def test_when_the_wish_ends_the_packet_that_waits_goes_without() -> None:
    dossier = packet(wished())
    ended = replace(dossier, applicant=replace(dossier.applicant, calendar_holds=False))
    assert attached(WRITER.renewed(ended, NOW)) == ["Rahman_CV.pdf"]


def test_a_packet_that_was_shown_is_shown_again_once_its_hold_would_be_another() -> None:
    dossier = after(rich(), "profile", "calendar holds: yes")
    dossier = after(dossier, "agreed Dr. Lopez")
    (preview,) = dossier.previews
    assert [e.name for e in preview.mail.enclosures] == ["Rahman_CV.pdf", "Letter_for_Nadia_Rahman.ics"]
    old = holds.files(dossier, POLICY)
    dossier = after(dossier, "application ERAS 2028", "deadline: 9 September 2027, 11:59 pm ET")
    dossier = after(dossier, "Re: Shall I send this?", "send", answers=preview.id)
    assert to_mentors(dossier) == []
    (again,) = dossier.previews
    (file,) = [e for e in again.mail.enclosures if e.media_type == TYPE]
    new = holds.files(dossier, POLICY)
    assert set(new) == {file.sha256} != set(old)
    assert b"20270909" in new[file.sha256]
