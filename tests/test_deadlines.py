"""When a letter must be there: whose date counts, in which time zone, and what is counted backwards from it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dossiers import after, answer, decided, drafts, problems, rich, small
from hypothesis import given, settings
from hypothesis import strategies as st
from mentors import DAY, NOW, POLICY, World, asked, dossier, standing, with_queued, wrote

from lorbot.core import dated, dates, deadlines, due, manners, redating, services, view, when_due, writing
from lorbot.core.application import Application, Programme
from lorbot.core.correspondence import Progress, Purpose
from lorbot.core.deadlines import Due, Standing, When, Window
from lorbot.core.dossier import Dossier, State
from lorbot.core.services import Rule, Service
from lorbot.mail.render import Renderer

HOME = "America/New_York"
AGREED: dict[str, Any] = {"agreed_at": NOW, "packet_at": NOW, "unanswered": 0}
RENDERER = Renderer()
ODD_ZONE = "has a time zone that I do not know; write for example ET, PT, UTC, AoE or Europe/Berlin"
OCTOBER = datetime(2027, 10, 2, 3, 59, tzinfo=UTC)  # the end of 1 October in New York
SEPTEMBER = datetime(2027, 9, 2, 3, 59, tzinfo=UTC)
AUGUST = datetime(2027, 8, 2, 3, 59, tzinfo=UTC)


def serving(monkeypatch: pytest.MonkeyPatch, **fields: Any) -> None:
    """An application service called "casper" beside the custom one."""
    made = {"name": "casper", "title": "CASPER", "purpose": "application", "aliases": ("casper",), "stage": "premed"}
    known = Service(**{**made, "checked_on": date(2027, 1, 1), **fields})
    both = {services.CUSTOM: services.service(services.CUSTOM), "casper": known}
    monkeypatch.setattr(services, "all_services", lambda: both)


def applied(*programmes: tuple[str, datetime | None, str], **fields: Any) -> Dossier:
    """An application a1 with these programmes: name, deadline, rule."""
    made = {"id": "a1", "name": "Casper 2028", "service": "casper", "time_zone": HOME}
    rows = (
        Programme(id=f"p{n}", application="a1", name=name, deadline=at, rule=rule)
        for n, (name, at, rule) in enumerate(programmes, 1)
    )
    return replace(small(), applications=(Application(**{**made, **fields}),), programmes=tuple(rows))


def due_of(made: Dossier, now: datetime | None = None) -> Due | None:
    return deadlines.due_of(made, made.applications[0], POLICY, now=now)


def day_of(made: Dossier, now: datetime | None = None) -> str:
    found = due_of(made, now)
    return f"{found.day} {', '.join(found.programmes)}".strip() if found else ""


# -- the rule -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "day"),
    [
        (Rule.UNKNOWN, "2027-10-01"),
        (Rule.LETTERS, "2027-10-01"),
        (Rule.COMPLETE, "2027-10-01"),
        (Rule.VISIBLE, "2027-10-01"),
        (Rule.PROGRAMME, "2027-10-01"),
        (Rule.VERIFIED, ""),  # letters are needed earlier, and nobody knows how much
        (Rule.SUBMIT, ""),  # letters may follow
    ],
)
def test_the_rule_of_the_service_decides_whether_a_date_is_that_of_the_letters(
    monkeypatch: pytest.MonkeyPatch, rule: Rule, day: str
) -> None:
    serving(monkeypatch, rule=rule)
    made = applied(deadline=OCTOBER)
    assert day_of(made) == day
    assert [d.rule for d in dated.unsettled(made, made.applications[0])] == ([] if day else [rule])
    assert day_of(applied(deadline=OCTOBER, rule="letters")) == "2027-10-01"  # the applicant knows better
    assert day_of(applied(deadline=OCTOBER, rule="verified")) == ""
    assert day_of(applied(deadline=OCTOBER, letters_by=SEPTEMBER)) == "2027-09-01"


@pytest.mark.parametrize(
    ("programmes", "fields", "day"),
    [
        ([("Mercy", OCTOBER, ""), ("Lakeside", SEPTEMBER, "")], {}, "2027-09-01 Lakeside"),
        ([("Mercy", SEPTEMBER, ""), ("Lakeside", SEPTEMBER, "")], {}, "2027-09-01 Lakeside, Mercy"),
        ([("Mercy", OCTOBER, ""), ("Lakeside", None, "")], {}, "2027-10-01 Mercy"),
        ([("Mercy", OCTOBER, "")], {"deadline": SEPTEMBER}, "2027-09-01"),
        ([("Mercy", SEPTEMBER, "")], {"deadline": SEPTEMBER}, "2027-09-01"),  # the application's as a whole
        ([("Mercy", SEPTEMBER, "")], {"deadline": OCTOBER}, "2027-09-01 Mercy"),
        ([("Mercy", SEPTEMBER, "verified"), ("Lakeside", OCTOBER, "complete")], {}, "2027-10-01 Lakeside"),
        ([("Mercy", SEPTEMBER, "verified")], {}, ""),
        ([("Mercy", SEPTEMBER, "submit")], {"letters_by": OCTOBER}, "2027-10-01"),
        ([("Mercy", SEPTEMBER, "letters")], {"letters_by": OCTOBER, "deadline": AUGUST}, "2027-09-01 Mercy"),
        ([("Mercy", SEPTEMBER, "")], {"rule": "verified"}, ""),
        ([("Mercy", None, "")], {}, ""),
        ([], {}, ""),
    ],
)
def test_the_earliest_date_of_the_letters_decides_and_says_whose_it_is(
    monkeypatch: pytest.MonkeyPatch,
    programmes: Sequence[tuple[str, datetime | None, str]], fields: dict[str, Any], day: str,
) -> None:  # fmt: skip
    serving(monkeypatch, rule=Rule.PROGRAMME)
    assert day_of(applied(*programmes, **fields)) == day


def test_a_date_that_has_passed_gives_way_to_the_next_and_the_last_stays() -> None:
    made = applied(("Mercy", SEPTEMBER, ""), ("Lakeside", OCTOBER, ""), deadline=AUGUST)
    found = [day_of(made, at) for at in (None, AUGUST - DAY, AUGUST, SEPTEMBER, OCTOBER, OCTOBER + DAY)]
    assert found == ["2027-08-01", "2027-08-01", "2027-09-01 Mercy", *["2027-10-01 Lakeside"] * 3]
    stands = [deadlines.standing(made, made.applications[0], at) for at in (AUGUST, OCTOBER - DAY, OCTOBER)]
    assert stands == [Standing.AHEAD, Standing.AHEAD, Standing.PASSED]
    assert deadlines.standing(small_with(), small_with().applications[0], NOW) is Standing.MISSING


def small_with(**fields: Any) -> Dossier:
    return applied(**fields)


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("letters", Rule.LETTERS), ("Complete", Rule.COMPLETE), ("to be verified", Rule.VERIFIED),
        ("verification", Rule.VERIFIED), ("submitted", Rule.SUBMIT), ("transmission", Rule.SUBMIT),
        ("submit, letters may follow", Rule.SUBMIT), ("program deadline", Rule.PROGRAMME), ("1 Oct 2027", Rule.UNKNOWN),
        ("complete or verified", Rule.UNKNOWN), ("incomplete", Rule.UNKNOWN), ("", Rule.UNKNOWN),
    ],
)  # fmt: skip
def test_what_a_deadline_is_of_in_the_applicants_words(words: str, rule: Rule) -> None:
    assert dated.rule_in(words) is rule


def test_every_rule_can_be_said_and_is_understood_as_it_is_said() -> None:
    assert set(dated.SAYING) == set(Rule) - {Rule.UNKNOWN}
    assert [rule for rule in dated.SAYING if dated.rule_in(rule.value) is not rule] == []


# -- what the applicant is asked and told ---------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [Rule.VERIFIED, Rule.SUBMIT])
def test_where_the_date_is_not_the_letters_own_the_applicant_is_asked_and_told_why(
    monkeypatch: pytest.MonkeyPatch, rule: Rule
) -> None:
    serving(monkeypatch, rule=rule)
    told = answer(decided(small(), "application Casper 2028", "deadline: 1 Oct 2027, 5 pm ET"))
    assert "- letters by (the day the letters must be there, with time and zone)" in told
    assert f"By Friday, October 1, 2027, 5:00 PM (New York time), {dated.SAYING[rule]}" in told
    assert "I do not guess" in told
    assert "Now is the time to ask" not in told
    dossier = after(small(), "application Casper 2028", "deadline: 1 Oct 2027, 5 pm ET")
    dossier = after(dossier, "mentor Dr. Ada Byron", "email: ada@college.example")
    (said,) = problems(decided(dossier, "ask Byron"))
    assert said.startswith("I do not know when the letters of Casper 2028 must be there: by its deadline ")
    assert said.endswith("send: application Casper 2028, with a line: letters by: ...")
    settled = after(dossier, "application Casper 2028", "letters by: 1 September 2027, 11:59 pm ET")
    assert day_of(settled) == "2027-09-01"
    assert problems(decided(settled, "ask Byron")) == []


def test_the_applicant_says_what_a_deadline_is_of_beside_it_or_on_a_line_of_its_own() -> None:
    beside = after(small(), "application Casper", "deadline: 1 Oct 2027, verified").applications[0]
    on_a_line = after(small(), "application Casper", "deadline: 1 Oct 2027\ndeadline is: verified").applications[0]
    assert (beside, beside.rule, beside.deadline) == (on_a_line, "verified", OCTOBER)
    moved = after(replace(small(), applications=(beside,)), "application Casper", "deadline: 5 Oct 2027")
    assert moved.applications[0].rule == "verified"  # another day of the same kind
    its_own = after(moved, "application Casper", "letters by: 1 Sept 2027")
    assert day_of(its_own) == "2027-09-01"
    after_all = after(its_own, "application Casper", "deadline is: letters")
    assert (after_all.applications[0].letters_by, day_of(after_all)) == (None, "2027-10-05")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("deadline: 1 Oct 2027\ndeadline is: soon",
         "deadline is: “soon” is not one of: letters, complete, verified, submit, programme, visible"),
        ("deadline: 1 Oct 2027, complete\nletters by: 2 Oct 2027",
         "letters by: that is after the deadline, Friday, October 1, 2027, by which " + dated.SAYING[Rule.COMPLETE]),
        ("letters by: 1 May 2027", "letters by “1 May 2027” is in the past; write it with its year"),
        ("letters by: soon",
         "letters by “soon” is not a date I can read; write for example: 1 Sept 2027, 11:59 pm ET"),
        ("deadline: 1 Oct 2027, 17:00 UTC+2",
         "deadline “1 Oct 2027, 17:00 UTC+2” " + ODD_ZONE),
        ("deadline: 1 Oct 2027\npreferred: 2 Oct 2027",
         "preferred “Saturday, October 2, 2027” is after the deadline, Friday, October 1, 2027"),
    ],
)  # fmt: skip
def test_a_date_that_cannot_be_is_named_with_the_remedy_and_the_rest_is_kept(body: str, said: str) -> None:
    decision = decided(small(), "application Casper", f"cycle: 2028\n{body}")
    assert problems(decision) == [said]
    (application,) = decision.dossier.applications
    assert (application.cycle, application.letters_by, application.preferred) == ("2028", None, None)
    assert bool(application.deadline) == ("1 Oct" in body and "UTC+2" not in body)


def test_letters_may_come_after_a_deadline_by_which_the_application_alone_is_sent() -> None:
    made = after(small(), "application Casper", "deadline: 1 Oct 2027, submit\nletters by: 15 Oct 2027")
    assert day_of(made) == "2027-10-15"
    assert "by then the application must be sent; letters may follow" in answer(decided(made, "application Casper"))


# -- the preferred date ---------------------------------------------------------------------------------------------


def test_a_preferred_date_after_the_earliest_programme_is_refused_and_says_whose_date_that_is() -> None:
    made = applied(("Mercy", SEPTEMBER, ""), deadline=OCTOBER, service="custom")
    (said,) = problems(decided(made, "application Casper", "preferred: 10 Sept 2027"))
    assert said == "preferred “Friday, September 10, 2027” is after the deadline of Mercy, Wednesday, September 1, 2027"
    assert problems(decided(made, "application Casper", "preferred: 1 Sept 2027")) == []


def test_a_preferred_date_that_a_new_deadline_overtakes_is_left_out_and_the_applicant_is_told() -> None:
    made = applied(deadline=OCTOBER, preferred=date(2027, 9, 20), service="custom")
    decision = decided(made, "application Casper", "deadline: 1 Sept 2027, 5 pm ET")
    said = "Your preferred date, Monday, September 20, 2027, would be after the deadline, so I left it out."
    assert said in answer(decision)
    assert decision.dossier.applications[0].preferred is None


@pytest.mark.parametrize(
    ("now", "preferred", "named"),
    [
        (NOW, date(2027, 8, 20), True),
        (datetime(2027, 8, 20, 20, tzinfo=UTC), date(2027, 8, 20), True),
        (datetime(2027, 8, 21, 12, tzinfo=UTC), date(2027, 8, 20), False),  # it is past
        (NOW, date(2027, 9, 5), False),  # a programme's deadline has come before it
    ],
)
def test_a_mail_names_a_preferred_date_as_long_as_it_says_something(
    now: datetime, preferred: date, named: bool
) -> None:
    made = dossier()
    made = made.with_application(replace(made.application("a1"), preferred=preferred))
    mail = writing.to_mentor(made, Purpose.ASK, [made.letter("l1")], policy=POLICY, now=now, more={"personal": ""})
    text = RENDERER.render(mail.template, mail.context).text
    assert ("preferred date" in text) is named
    assert "The deadline is Wednesday, September 1, 2027, 11:59 PM (New York time)" in text
    if now > NOW:
        told = answer(decided(with_preferred(preferred), "application ERAS", now=now), now)
        assert (f"{dates.say(preferred)}, has passed, so no mail names it any more" in told) is not named


def with_preferred(preferred: date) -> Dossier:
    made = rich()
    return made.with_application(replace(made.application("a1"), preferred=preferred))


# -- time zones -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "utc", "said", "noted"),
    [
        ("1 September 2027, 11:59 pm ET", "2027-09-02T03:59", "11:59 PM (New York time)", ""),
        ("1 September 2027, 17:00 Pacific", "2027-09-02T00:00", "5:00 PM (Los Angeles time)", ""),
        ("1 September 2027, AoE", "2027-09-02T11:59", "11:59 PM (anywhere on earth, UTC-12)",
         "You named no time for “1 September 2027, AoE”, so I took the end of that day."),
        ("1 September 2027, 12 noon anywhere on earth", "2027-09-02T00:00", "12:00 PM (anywhere on earth, UTC-12)", ""),
        ("1 September 2027 23:59 AoE (UTC-12)", "2027-09-02T11:59", "11:59 PM (anywhere on earth, UTC-12)", ""),
        ("1 September 2027 23:59 UTC-12", "2027-09-02T11:59", "11:59 PM (anywhere on earth, UTC-12)", ""),
        ("1 September 2027, 17:00 UTC", "2027-09-01T17:00", "5:00 PM (UTC)", ""),
        ("1 September 2027", "2027-09-02T03:59", "11:59 PM (New York time)",
         "You named no time for “1 September 2027”, so I took the end of that day, New York time."),
        ("1 September 2027, 5 pm", "2027-09-01T21:00", "5:00 PM (New York time)",
         "You named no time zone for “1 September 2027, 5 pm”, so I took it as New York time."),
        ("1 September 2027, 9:00 Asia/Tokyo", "2027-09-01T00:00", "9:00 AM (Tokyo time)", ""),
    ],
)  # fmt: skip
def test_a_deadline_in_its_zone_and_what_was_taken_where_nothing_was_said(
    words: str, utc: str, said: str, noted: str
) -> None:
    decision = decided(small(), "application Garden", f"deadline: {words}")
    found = due_of(decision.dossier)
    assert found
    assert (found.at, found.day) == (datetime.fromisoformat(utc).replace(tzinfo=UTC), date(2027, 9, 1))
    told = " ".join(answer(decision).split())
    assert f"- deadline: Wednesday, September 1, 2027, {said}" in told
    assert noted in told
    assert ("You named no" in told) is bool(noted)


@pytest.mark.parametrize(
    ("words", "utc"),
    [
        ("14 March 2027, 2:30 am ET", "2027-03-14T07:30"),  # an hour that the clocks skip
        ("13 March 2027, 11:59 pm ET", "2027-03-14T04:59"),
        ("14 March 2027, 11:59 pm ET", "2027-03-15T03:59"),  # four hours from UTC, no longer five
        ("7 November 2027, 1:30 am ET", "2027-11-07T05:30"),  # comes twice: the first
        ("7 November 2027", "2027-11-08T04:59"),
    ],
)
def test_a_deadline_on_the_day_the_clocks_change(words: str, utc: str) -> None:
    found = dates.moment_in(words, date(2027, 1, 5), HOME)
    assert found == (datetime.fromisoformat(utc).replace(tzinfo=UTC), HOME)


@given(
    st.datetimes(datetime(2027, 1, 1), datetime(2027, 12, 30)),  # noqa: DTZ001 - in whichever zone
    st.sampled_from([("ET", HOME), ("PT", "America/Los_Angeles"), ("AoE", "Etc/GMT+12"), ("UTC", "UTC"),
                     ("Asia/Tokyo", "Asia/Tokyo"), ("Pacific/Kiritimati", "Pacific/Kiritimati")]),
)  # fmt: skip
@settings(max_examples=80, deadline=None, derandomize=True)
def test_the_day_of_a_deadline_is_the_one_that_was_written(local: datetime, zone: tuple[str, str]) -> None:
    written = f"{local.day} {local:%B %Y, %H:%M} {zone[0]}"
    found = dates.moment_in(written, date(2026, 12, 1), HOME)
    assert found is not None
    assert found[1] == zone[1]
    made = applied(deadline=found[0], time_zone=found[1], service="custom")
    due_then = due_of(made)
    assert due_then is not None
    assert due_then.day == local.date()


@pytest.mark.parametrize(
    ("zone", "there"),
    [
        ("Asia/Tokyo", "; where you are, that is Thursday, September 2, 2027, 12:59 PM (Tokyo time)"),
        ("Pacific/Honolulu", "; where you are, that is Wednesday, September 1, 2027, 5:59 PM (Honolulu time)"),
        ("America/Detroit", ""),  # the same clock
        ("", ""),  # nobody knows where the mentor is
    ],
)
def test_a_mentor_elsewhere_reads_the_deadline_in_its_zone_and_by_the_clock_there(zone: str, there: str) -> None:
    made = standing(State.PACKET_SENT, **AGREED)
    made = made.with_mentor(replace(made.mentor("m1"), time_zone=zone))
    for purpose in (Purpose.ASK, Purpose.PACKET, Purpose.REMINDER, Purpose.LAST_CALL, Purpose.NUDGE):
        more = {"personal": "", "last": False}
        mail = writing.to_mentor(made, purpose, [made.letter("l1")], policy=POLICY, now=NOW, more=more)
        text = " ".join(RENDERER.render(mail.template, mail.context).text.split())
        assert f"Wednesday, September 1, 2027, 11:59 PM (New York time){there}" in text, purpose
        assert ("where you are" in text) is bool(there)


def test_a_table_of_deadlines_names_the_zone_where_the_mentor_is_elsewhere() -> None:
    made = standing(State.AGREED)
    made = made.with_mentor(replace(made.mentor("m1"), time_zone="Pacific/Honolulu"))
    tokyo = replace(made.application("a1"), deadline=datetime(2027, 9, 1, 0, tzinfo=UTC), time_zone="Asia/Tokyo")
    seen = view.of_letter(made.with_application(tokyo), made.letter("l1"), POLICY, NOW)
    assert seen["deadline_day"] == "Wednesday, September 1, 2027 (Tokyo time)"  # in Honolulu it is the day before
    assert seen["deadline_there"] == "Tuesday, August 31, 2027, 2:00 PM (Honolulu time)"


# -- what is counted backwards --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("deadline", "days", "reminded"),
    [
        (date(2027, 9, 1), 14, date(2027, 8, 18)),  # a Wednesday
        (date(2027, 9, 5), 7, date(2027, 8, 27)),  # a Sunday: the Friday before, not the Monday after
        (date(2027, 9, 4), 7, date(2027, 8, 27)),  # a Saturday
        (date(2027, 9, 13), 7, date(2027, 9, 3)),  # Labor Day, after a weekend
        (date(2028, 1, 5), 7, date(2027, 12, 23)),  # in the quiet days
        (date(2027, 9, 6), 2, date(2027, 9, 3)),  # a last note before a deadline on a holiday
    ],
)
def test_a_reminder_is_due_on_the_last_day_before_on_which_mail_may_go(
    deadline: date, days: int, reminded: date
) -> None:
    made = standing(State.PACKET_SENT, **AGREED)
    end = datetime(deadline.year, deadline.month, deadline.day, 23, 59, tzinfo=ZoneInfo(HOME))
    made = made.with_application(replace(made.application("a1"), deadline=end))
    at = due.before_deadline(days)(made, made.letter("l1"), POLICY)
    assert at is not None
    assert (at.astimezone(ZoneInfo(HOME)).date(), manners.is_allowed(at, HOME, POLICY)) == (reminded, True)


@pytest.mark.parametrize(
    ("now", "when", "weeks"),
    [
        ("2027-06-01T23:30", When.AHEAD, 13),
        ("2027-06-02T00:30", When.NOW, 13),
        ("2027-06-16T12:00", When.NOW, 11),
        ("2027-06-30T23:30", When.NOW, 9),
        ("2027-07-01T00:30", When.PAST, 8),
        ("2027-08-31T12:00", When.PAST, 0),
        ("2027-10-01T12:00", When.PAST, 0),  # never less than none
    ],
)
def test_the_ask_window_is_counted_back_from_the_day_the_letters_must_be_there(
    monkeypatch: pytest.MonkeyPatch, now: str, when: When, weeks: int
) -> None:
    serving(monkeypatch, rule=Rule.VERIFIED, ask_weeks_before=(9, 13))
    made = applied(deadline=OCTOBER, letters_by=SEPTEMBER)
    moment = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(HOME))
    at = Due(at=SEPTEMBER, zone=HOME, day=date(2027, 9, 1))
    window = Window(begins=date(2027, 6, 2), half=date(2027, 6, 16), ends=date(2027, 6, 30), when=when, due=at)
    assert deadlines.ask_window(made, made.applications[0], POLICY, moment) == window
    assert deadlines.weeks_left(made, made.applications[0], POLICY, moment) == weeks


def test_without_a_date_of_the_letters_there_is_no_window(monkeypatch: pytest.MonkeyPatch) -> None:
    serving(monkeypatch, rule=Rule.VERIFIED)
    made = applied(deadline=OCTOBER)
    assert deadlines.ask_window(made, made.applications[0], POLICY, NOW) is None
    assert deadlines.weeks_left(made, made.applications[0], POLICY, NOW) is None
    assert view.days_left(made, made.applications[0], POLICY, NOW) == 0


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "less than a day"), (1, "1 day"), (13, "13 days"), (14, "2 weeks"), (27, "3 weeks"), (91, "13 weeks")],
)
def test_a_time_is_said_in_whole_weeks_and_a_short_one_in_days(days: int, said: str) -> None:
    assert when_due.in_weeks(days) == said


# -- the clock of a letter, where programmes have dates of their own --------------------------------------------------


def writing_for(*days: float, begun: datetime = NOW) -> Dossier:
    """Dr. Lopez has agreed and has the packet; only programmes have deadlines, so many days from now."""
    made = standing(State.PACKET_SENT, **AGREED)
    made = made.with_letter(replace(made.letter("l1"), asked_at=begun))
    made = made.with_application(replace(made.application("a1"), deadline=None))
    rows = (
        Programme(id=f"p{n}", application="a1", name=f"Program {n}", deadline=NOW + ahead * DAY, time_zone=HOME)
        for n, ahead in enumerate(days, 1)
    )
    return replace(made, programmes=tuple(rows))


def test_a_mentor_is_reminded_before_each_programme_and_the_applicant_told_of_each_that_is_missed() -> None:
    world = World(writing_for(30, 60))
    world.until(NOW + 90 * DAY)
    left = [(f"{at:%m-%d}", m.purpose.value) for at, m in world.sent if m.purpose is not Purpose.QUESTION]
    assert left == [("06-17", "reminder"), ("06-24", "reminder"), ("06-29", "preview"), ("07-16", "reminder")]
    asked_about = [(f"{at:%m-%d}", m.key) for at, m in world.sent if m.purpose is Purpose.QUESTION]
    assert asked_about == [
        ("07-01", "q-l1-overdue"), ("07-06", "q-l1-overdue-again"),
        ("07-31", "q-l1-overdue-2"), ("08-05", "q-l1-overdue-2-again"),
    ]  # fmt: skip
    first, _, second, _ = (" ".join(m.text.split()) for _, m in world.sent if m.purpose is Purpose.QUESTION)
    assert "The deadline of Program 1 has passed" in first
    assert "For Program 2 there is time: until Saturday, July 31, 2027, 10:00 AM (New York time)" in first
    assert "The deadline of Program 2 has passed" in second
    assert "there is time" not in second
    (reminder, *_) = (" ".join(m.text.split()) for _, m in world.to_mentors())
    assert "July 1, 2027, 10:00 AM (New York time), the date of Program 1, the earliest of my programs." in reminder


def test_a_laptop_that_slept_through_two_programmes_asks_about_both_at_once() -> None:
    world = World(writing_for(30, 60, 120), now=NOW + 70 * DAY)
    world.turn()
    world.turn()
    ((_, mail),) = world.sent
    assert "The deadline of Program 1 and Program 2 has passed" in mail.text
    assert due_of_letter(world) == "Program 3"


def test_a_laptop_that_slept_until_the_last_deadline_writes_to_no_mentor_any_more() -> None:
    for days in ((2, 6), (30, 60), (1, 2, 3)):
        world = World(writing_for(*days), now=NOW + days[-1] * DAY)
        world.turn()
        world.until(NOW + 100 * DAY)
        assert world.to_mentors() == [], days


def due_of_letter(world: World) -> str:
    found = deadlines.due_of_letter(world.dossier, world.dossier.letter("l1"), POLICY)
    return found.programme if found else ""


def test_a_programme_that_was_over_before_the_mentor_was_asked_is_never_missed() -> None:
    world = World(writing_for(-5, 60, begun=NOW - DAY))
    world.until(NOW + 20 * DAY)
    assert world.sent == []
    assert due_of_letter(world) == "Program 2"


def test_wait_after_a_missed_programme_asks_again_on_that_day_though_a_later_one_is_ahead() -> None:
    world = World(writing_for(30, 60))
    world.until(NOW + 31 * DAY)
    world.happens(wrote("wait 3 days", "q-l1-overdue"))
    world.until(NOW + 36 * DAY)
    again = [m.key for at, m in world.sent if m.purpose is Purpose.QUESTION]
    assert again == ["q-l1-overdue", "q-l1-overdue-2"]
    assert "The deadline of Program 1 has passed" in world.sent[-1][1].text
    assert due_of_letter(world) == "Program 2"


def test_after_the_last_reminder_no_later_programme_brings_another() -> None:
    world = World(writing_for(30, 60))
    world.until(NOW + 29 * DAY)
    world.happens(wrote("send", "p-l1-last-call"))
    world.leave()
    world.dossier = world.dossier.with_letter(replace(world.dossier.letter("l1"), unanswered=0))
    world.until(NOW + 90 * DAY)
    assert [m.purpose.value for _, m in world.to_mentors()] == ["reminder", "reminder", "last call"]


def test_a_nudge_goes_on_after_a_missed_programme_as_long_as_a_later_one_is_ahead() -> None:
    made = writing_for(5, 60)
    made = made.with_letter(replace(asked().letter("l1"), state=State.ASKED))
    world = World(made)
    world.until(NOW + 12 * DAY)
    assert [(f"{at:%m-%d}", m.purpose.value) for at, m in world.sent if m.purpose is not Purpose.NOTICE] == [
        ("06-06", "question"), ("06-08", "nudge"), ("06-11", "question"),
    ]  # fmt: skip


@given(st.lists(st.integers(1, 80), min_size=1, max_size=3, unique=True), st.integers(0, 90))
@settings(max_examples=10, deadline=None, derandomize=True)
def test_each_missed_deadline_is_told_once_and_no_mail_follows_the_last(days: list[int], slept: int) -> None:
    world = World(writing_for(*days), now=NOW + slept * DAY)
    world.turn()
    world.until(NOW + 120 * DAY)
    questions = [m for _, m in world.sent if m.purpose is Purpose.QUESTION and "again" not in m.key]
    told = [name for mail in questions for missed in mail.more["missed"] for name in missed["of"]]
    assert sorted(told) == sorted(f"Program {n}" for n in range(1, len(days) + 1))
    last = NOW + max(days) * DAY
    assert [at for at, m in world.to_mentors() if at >= last] == []


def moved_to(made: Dossier, *days: float) -> Dossier:
    """The same with other deadlines of the programmes, and what follows."""
    before = due_of(made, NOW)
    rows = (replace(p, deadline=NOW + ahead * DAY) for p, ahead in zip(made.programmes, days, strict=True))
    return redating.redated(replace(made, programmes=tuple(rows)), "a1", before, POLICY, NOW).dossier


def test_with_another_deadline_of_a_programme_the_clock_begins_anew_and_the_old_reminder_is_gone() -> None:
    made = with_queued(writing_for(30, 60), Purpose.REMINDER)
    made = made.with_letter(replace(made.letter("l1"), done=("reminder14", "overdue", "nudge1")))
    found = moved_to(made, 50, 60)
    assert (found.letter("l1").done, found.mails[-1].progress) == (("nudge1",), Progress.DROPPED)
    assert day_of(found) == "2027-07-21 Program 1"
    same = moved_to(made, 30, 90)  # a later one: the letters are due as before
    assert (same.letter("l1").done, same.mails[-1].progress) == (("reminder14", "overdue", "nudge1"), Progress.QUEUED)
    earlier = moved_to(made, 90, 20)
    assert (earlier.letter("l1").done, day_of(earlier)) == (("nudge1",), "2027-06-21 Program 2")


def test_a_last_reminder_that_waits_with_the_old_date_of_a_programme_is_gone() -> None:
    world = World(writing_for(30, 60))
    world.until(NOW + 29 * DAY)
    assert [p.mail.purpose for p in world.dossier.previews] == [Purpose.LAST_CALL]
    assert moved_to(world.dossier, 40, 60).previews == ()


def test_a_programme_whose_deadline_is_told_decides_for_more_time_and_absence() -> None:
    made = writing_for(20, 60)
    late = decided_talk(made, "June 25")
    assert late == ["wait until: Friday, June 25, 2027 is not before the deadline of ERAS 2028, Monday, June 21, 2027"]
    assert decided_talk(made, "June 18") == []


def decided_talk(made: Dossier, until: str) -> list[str]:
    return problems(decided(made, "talked Lopez", f"wait until: {until}", now=NOW))


def test_with_only_programme_deadlines_remind_and_status_know_them() -> None:
    made = writing_for(20, 60)
    remind = decided(made, "remind Lopez", now=NOW)
    assert problems(remind) == []
    told = answer(decided(made, "status", now=NOW), NOW)
    assert "Deadline: Monday, June 21, 2027, 10:00 AM (New York time), the date of Program 1" in told
    assert "- Saturday, July 31, 2027, 10:00 AM (New York time), Program 2" in told


def test_a_window_is_said_in_the_answer_to_change_as_well() -> None:
    decision = decided(rich(), "change deadline of ERAS to 20 July 2027, 5 pm ET")
    (told,) = [d for d in drafts(decision) if d.template == "applicant/change"]
    assert (told.context["window"]["when"], told.context["window"]["left"]) == ("past", "5 weeks")
