"""The dates of a season: what stands in the applicant's calendar, what drops out, and what a later calendar changes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from dossiers import DEADLINE, NOW, POLICY, after, decided, drafts, rich, small

from lorbot.core.agenda import agenda
from lorbot.core.application import Programme
from lorbot.core.dossier import Dossier, State
from lorbot.core.occasion import Occasion, Published
from lorbot.core.revisions import Revision, revised

DAY = timedelta(days=1)
ERAS = "ERAS 2028, internal medicine"


def season(**application: Any) -> Dossier:
    """ERAS alone, nobody asked yet."""
    dossier = rich()
    dossier = replace(dossier, applications=dossier.applications[:1], letters=dossier.letters[:1])
    return dossier.with_application(replace(dossier.application("a1"), **application))


def dates_of(dossier: Dossier, now: datetime = NOW) -> list[tuple[str, str]]:
    return [(o.day.isoformat(), o.title) for o in agenda(dossier, POLICY, now)]


def of(dossier: Dossier, what: str, now: datetime = NOW) -> Occasion:
    (found,) = [o for o in agenda(dossier, POLICY, now) if o.what == what]
    return found


# -- what is in it ---------------------------------------------------------------------------------------------------


def test_the_whole_season_in_its_order() -> None:
    dossier = season(opens=date(2027, 6, 3), preferred=date(2027, 8, 20))
    assert dates_of(dossier, NOW - 60 * DAY) == [
        ("2027-06-02", f"Time to ask: {ERAS}"),
        ("2027-06-03", f"Opens: {ERAS}"),
        ("2027-06-30", f"Last good day to ask: {ERAS}"),
        ("2027-08-20", f"Preferred date: {ERAS}"),
        ("2027-09-01", f"Letters due: {ERAS}"),
    ]


def test_the_true_deadline_is_a_moment_in_its_own_zone() -> None:
    due = of(season(time_zone="America/Los_Angeles"), "deadline a1")
    assert (due.at, due.zone, due.day, due.alarms) == (DEADLINE, "America/Los_Angeles", date(2027, 9, 1), (7, 1))
    assert "Wednesday, September 1, 2027, 8:59 PM (Los Angeles time)" in due.text


def test_the_preferred_date_says_that_it_is_not_the_deadline() -> None:
    preferred = of(season(preferred=date(2027, 8, 20)), "preferred a1")
    assert "deadline" not in preferred.title.lower()
    assert "It is not the deadline: that is Wednesday, September 1, 2027, 11:59 PM (New York time)." in preferred.text
    assert preferred.alarms == ()


def test_every_entry_says_what_to_do_and_the_word_for_it() -> None:
    dossier = season(opens=date(2027, 7, 3), preferred=date(2027, 8, 20))
    for occasion in (*agenda(dossier, POLICY, NOW - 60 * DAY), *agenda(rich(), POLICY, NOW)):
        assert any(f"with the subject “{word}”" in occasion.text for word in ("ask", "status", "pause")), occasion.what


@pytest.mark.parametrize(
    ("state", "still"),
    [
        (State.PLANNED, {"window ends a1", "deadline a1"}),
        (State.PREVIEWED, {"window ends a1", "deadline a1"}),
        (State.BOUNCED, {"window ends a1", "deadline a1"}),
        (State.ASKED, {"deadline a1"}),
        (State.PACKET_SENT, {"deadline a1"}),
        (State.REPORTED, {"deadline a1"}),
        (State.RECEIVED, set()),
        (State.TOLD, set()),
        (State.DECLINED, {"window ends a1", "deadline a1"}),  # somebody else has to be asked
    ],
)
def test_what_is_done_drops_out(state: State, still: set[str]) -> None:
    dossier = season()
    dossier = dossier.with_letter(replace(dossier.letter("l1"), state=state))
    assert {o.what for o in agenda(dossier, POLICY, NOW) if not o.quiet} == still


def test_with_the_outcome_the_season_is_over() -> None:
    assert dates_of(season(outcome="matched")) == []


def test_without_a_letter_planned_the_dates_are_there_all_the_same() -> None:
    assert {o.what for o in agenda(replace(season(), letters=()), POLICY, NOW)} == {"window ends a1", "deadline a1"}


def test_nothing_is_dated_by_a_guess() -> None:
    assert dates_of(small()) == []
    assert dates_of(season(deadline=None)) == []


def test_a_deadline_is_there_until_its_moment_wherever_the_applicant_lives() -> None:
    dossier = season()
    dossier = replace(dossier, applicant=replace(dossier.applicant, time_zone="Asia/Tokyo"))
    assert {o.what for o in agenda(dossier, POLICY, DEADLINE - timedelta(minutes=1))} == {"deadline a1"}
    assert agenda(dossier, POLICY, DEADLINE + timedelta(minutes=1)) == ()


# -- programmes ------------------------------------------------------------------------------------------------------


def programmes(*deadlines: datetime, rule: str = "") -> tuple[Programme, ...]:
    return tuple(
        Programme(id=f"p{n}", application="a1", name=f"Hospital {n}", deadline=at, rule=rule)
        for n, at in enumerate(deadlines, 1)
    )


def test_programmes_of_one_moment_are_one_entry_and_the_earliest_is_the_deadline() -> None:
    dossier = replace(season(), programmes=programmes(DEADLINE - DAY, DEADLINE + DAY, DEADLINE + DAY, rule="complete"))
    assert dates_of(dossier)[-2:] == [
        ("2027-08-31", f"Letters due: {ERAS}"),
        ("2027-09-02", f"Deadline: 2 programs, {ERAS}"),
    ]
    assert "That is the deadline of Hospital 1, the earliest of your programs." in of(dossier, "deadline a1").text
    later = of(dossier, "programs a1 20270903T0359Z").text
    assert "The deadline of Hospital 2 and Hospital 3 in" in later
    assert "What must have happened by then: complete." in later


def test_a_long_list_of_programmes_is_cut_short() -> None:
    dossier = replace(season(), programmes=programmes(*[DEADLINE + DAY] * 40))
    text = of(dossier, "programs a1 20270903T0359Z").text
    assert "Hospital 12 and 28 more" in text
    assert "Hospital 13" not in text


# -- mail of lorbot's own --------------------------------------------------------------------------------------------


def test_expected_mail_is_quiet_and_one_for_several_letters() -> None:
    quiet = [o for o in agenda(rich(), POLICY, NOW) if o.quiet]
    assert [(o.day.isoformat(), o.title, o.alarms, o.at) for o in quiet] == [
        ("2027-08-18", "lorbot: reminder to Dr. Wei Chen", (), None),
        ("2027-08-25", "lorbot: reminder to Dr. Wei Chen", (), None),
        ("2027-08-30", "lorbot: last note to Dr. Wei Chen?", (), None),
    ]


def test_while_everything_is_paused_no_mail_is_expected() -> None:
    assert [o for o in agenda(replace(rich(), paused=True), POLICY, NOW) if o.quiet] == []


def test_a_title_fits_a_phone_however_long_the_name_is() -> None:
    for name in ("A very long name of an application that nobody could ever read on a telephone", "x" * 200):
        assert max(len(title) for _, title in dates_of(season(name=name, preferred=date(2027, 8, 20)))) <= 60


# -- what a later calendar changes -----------------------------------------------------------------------------------


def given_out(
    dossier: Dossier, before: tuple[Published, ...] = (), now: datetime = NOW
) -> tuple[dict[str, Revision], tuple[Published, ...]]:
    shown, published = revised(dossier.id, before, agenda(dossier, POLICY, now), now)
    assert len({r.uid for r in shown}) == len(shown)
    return {r.occasion.title: r for r in shown}, published


def test_what_has_not_changed_keeps_its_sequence_and_what_has_rises_by_one() -> None:
    first, published = given_out(season())
    again, still = given_out(season(), published, NOW + DAY)
    assert (again, still) == (first, published)
    later, _ = given_out(season(deadline=DEADLINE + DAY), published, NOW + DAY)
    due = f"Letters due: {ERAS}"
    assert (first[due].sequence, later[due].sequence, later[due].uid) == (0, 1, first[due].uid)
    assert later[due].changed_at == NOW + DAY


def test_what_is_off_is_called_off_once_and_stays_so_until_its_day() -> None:
    first, published = given_out(season())
    done = season(outcome="matched")
    off, called_off = given_out(done, published, NOW + DAY)
    due = f"Letters due: {ERAS}"
    gone = off[f"No longer needed: {due}"]
    assert (gone.uid, gone.sequence, gone.cancelled, gone.occasion.alarms) == (first[due].uid, 1, True, ())
    again, still = given_out(done, called_off, NOW + 2 * DAY)
    assert (again, still) == (off, called_off)
    assert given_out(done, called_off, DEADLINE + DAY)[0] == {}


def test_what_was_called_off_comes_back_with_a_higher_sequence() -> None:
    _, published = given_out(season())
    _, called_off = given_out(season(outcome="matched"), published, NOW + DAY)
    back, _ = given_out(season(), called_off, NOW + 2 * DAY)
    assert (back[f"Letters due: {ERAS}"].sequence, back[f"Letters due: {ERAS}"].cancelled) == (2, False)


def test_what_is_over_is_history_and_not_called_off() -> None:
    _, published = given_out(season())
    shown, kept = given_out(season(), published, DEADLINE + DAY)
    assert (shown, kept) == ({}, published)


def test_what_was_expected_today_and_has_happened_is_not_called_off() -> None:
    _, published = given_out(rich())
    on_the_day = datetime(2027, 8, 18, 20, 0, tzinfo=UTC)
    letters = {x.id: replace(x, done=("reminder14",)) for x in rich().letters}
    dossier = replace(rich(), letters=tuple(letters.values()))
    shown, _ = given_out(dossier, published, on_the_day)
    assert [title for title, r in shown.items() if r.cancelled] == []


def test_another_dossier_has_other_uids() -> None:
    first, _ = given_out(season())
    other, _ = given_out(replace(season(), id="d2"))
    assert {r.uid for r in first.values()} & {r.uid for r in other.values()} == set()


# -- the command -----------------------------------------------------------------------------------------------------


def test_the_answer_brings_the_file_and_the_dossier_remembers_what_was_in_it() -> None:
    decision = decided(rich(), "calendar")
    (draft,) = drafts(decision)
    (file,) = draft.enclosures
    assert (file.name, file.media_type) == ("lorbot-calendar.ics", "text/calendar; method=PUBLISH; charset=utf-8")
    assert decision.files[file.sha256].startswith(b"BEGIN:VCALENDAR\r\n")
    assert len(decision.dossier.published) == len(agenda(rich(), POLICY, NOW))
    assert draft.context["coming"][1] == {"title": "My reminder to Dr. Wei Chen", "on": "Wednesday, August 18, 2027"}


def test_without_a_date_there_is_no_file_and_the_answer_says_what_is_missing() -> None:
    decision = decided(season(deadline=None), "calendar")
    (draft,) = drafts(decision)
    assert (draft.enclosures, draft.context["undated"], decision.dossier.published) == ((), [ERAS], ())


def test_no_other_command_sends_a_calendar() -> None:
    dossier = after(rich(), "calendar")
    for subject, body in (("status", ""), ("application ERAS 2028", "deadline: 15 September 2027, 5 pm ET")):
        assert [d.enclosures for d in drafts(decided(dossier, subject, body))] == [()]
