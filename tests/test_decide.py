"""Whole seasons at random: whatever happens when, manners are kept and promises too."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mentors import DAY, NADIA, NOW, POLICY, World, asked, away, dossier, incoming, said, with_second_letter

from lorbot.core import clock, letters, manners, outgoing, writing
from lorbot.core.correspondence import Mail, Progress, Purpose
from lorbot.core.decide import decide
from lorbot.core.dossier import ApplicantWrote, Dossier, Letter, Mentor, State
from lorbot.core.events import Event, Failed, Lost, MailBounced, SomebodyElseWrote, Ticked
from lorbot.core.message import Address, Bounce
from lorbot.core.reading import Signal, Stance

QUICK = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CHASING = letters.COUNTS_AS_UNANSWERED
OFFSETS = st.floats(0, 130).map(lambda days: NOW + timedelta(days=days))
Happening = Callable[[World, str], Event | None]

WORDS = ("send", "skip", "later 3 days", "thank", "packet", "wait 10 days", "backup", "nothing", "close", "received",
         "not yet", "write: Dear Dr. Lopez,\n\nthank you.", "talk", "well")  # fmt: skip


def _answer(stance: Stance, signals: frozenset[Signal], acts: bool, genuine: bool, about: tuple[str, ...]) -> Happening:
    return lambda _world, number: said(
        f"Words {number}.", stance, *sorted(signals), acts=acts, genuine=genuine, about=about,
        attached="letter.pdf", message_id=f"{number}@hospital.example",
    )  # fmt: skip


def _absence(days: int) -> Happening:
    return lambda world, number: away(
        (world.now + timedelta(days=days)).date(), message_id=f"{number}@hospital.example"
    )


def _applicant(words: str, which: int) -> Happening:
    """An answer to one of the mails the applicant got, or a command."""

    def made(world: World, number: str) -> ApplicantWrote | None:
        got = [m.key for _, m in world.sent if m.purpose in {Purpose.PREVIEW, Purpose.QUESTION}]
        if not got:
            return None
        mail = incoming(words, sender=Address(email=NADIA), message_id=f"{number}@students.example")
        return ApplicantWrote(incoming=mail, words=words, answers=got[which % len(got)], genuine=True)

    return made


def _command(subject: str, genuine: bool) -> Happening:
    return lambda _world, number: ApplicantWrote(
        incoming=incoming("", subject=subject, sender=Address(email=NADIA), message_id=f"{number}@students.example"),
        words="", genuine=genuine,
    )  # fmt: skip


def _bounce(world: World, number: str) -> MailBounced | None:
    gone = [m.key for _, m in world.to_mentors()]
    mail = incoming("x", message_id=f"{number}@mx.example")
    return MailBounced(incoming=mail, bounce=Bounce(code="5.1.1"), key=gone[-1]) if gone else None


def _elsewhere(_world: World, number: str) -> SomebodyElseWrote:
    reading = said("Words.", Stance.YES, acts=True).reading
    mail = incoming("Words.", sender=Address(email="office@hospital.example"), message_id=f"{number}@x.example")
    return SomebodyElseWrote(incoming=mail, mentor="m1", reading=reading, letters=("l1",))


ABOUT = st.sampled_from([("l1",), ("l2",), ("l1", "l2"), ()])
SIGNALS = st.frozensets(st.sampled_from(sorted(Signal)), max_size=2)
HAPPENINGS: st.SearchStrategy[Happening] = st.one_of(
    st.builds(_answer, st.sampled_from(Stance), SIGNALS, st.booleans(), st.booleans(), ABOUT),
    st.builds(_absence, st.integers(-5, 60)),
    st.builds(_applicant, st.sampled_from(WORDS), st.integers(0, 30)),
    st.builds(
        _command,
        st.sampled_from(["ask Lopez for ERAS", "ask Kim for Garden", "received Lopez", "pause", "resume", "status"]),
        st.booleans(),
    ),
    st.just(_bounce),
    st.just(_elsewhere),
)
SEASONS = st.lists(st.tuples(OFFSETS, HAPPENINGS), max_size=10).map(lambda steps: sorted(steps, key=lambda s: s[0]))


def lived(season: list[tuple[datetime, Happening]]) -> World:
    world = World(with_second_letter(asked(), state=State.ASKED, asked_at=NOW, last_sent_at=NOW, unanswered=1))
    world.sent.append((NOW, next(m for m in world.dossier.mails if m.key == "l1-ask")))
    for number, (at, happening) in enumerate(season):
        world.until(max(at, world.now))
        event = happening(world, f"n{number}")
        if event is not None:
            world.happens(event)
            world.turn()
        keys = [m.key for m in world.dossier.mails]
        assert len(keys) == len(set(keys))
    world.until(NOW + 200 * DAY)
    return world


@QUICK
@given(SEASONS)
def test_a_season_keeps_its_manners_and_is_the_same_each_time(season: list[tuple[datetime, Happening]]) -> None:
    """One life for all of it: to live it takes longer than to look at it."""
    world = lived(season)
    assert_office_hours(world)
    assert_patience(world)
    assert_one_mail_a_day(world)
    assert lived(season).dossier == world.dossier


def assert_office_hours(world: World) -> None:
    for at, mail in world.to_mentors():
        mentor = world.dossier.mentor(mail.mentor)
        assert manners.is_allowed(at, mentor.time_zone or POLICY.time_zone, POLICY), (at, mail.key)


def assert_patience(world: World) -> None:
    """Three mails without an answer at the most, for each letter, until something new happens."""
    heard = {x.id: [c.at for c in world.dossier.contacts if c.direction == "in" and x.id in c.letters]
             for x in world.dossier.letters}  # fmt: skip
    for letter in world.dossier.letters:
        chased = [at for at, m in world.to_mentors() if m.purpose in CHASING and letter.id in m.letters]
        named = [e.at for e in world.dossier.journal if "the applicant decided: wait" in e.what]
        new = sorted([*heard[letter.id], *named, *(at for at, m in world.to_mentors() if m.purpose is Purpose.ASK)])
        runs = [sum(begin < at <= end for at in chased) for begin, end in pairwise([NOW - DAY, *new, *chased[-1:]])]
        assert max(runs, default=0) <= 3, (letter.id, chased, new)


def assert_one_mail_a_day(world: World) -> None:
    """At most one mail of the clock a mentor and day."""
    clockwork = {Purpose.NUDGE, Purpose.REMINDER, Purpose.THANKS}
    days = [(m.mentor, at.date()) for at, m in world.to_mentors() if m.purpose in clockwork]
    assert len(days) == len(set(days))


@QUICK
@given(SEASONS, OFFSETS, st.sampled_from(["stop", "no", "cancel", "yes to somebody else"]))
def test_after_an_end_nothing_goes_by_itself(season: list[tuple[datetime, Happening]], at: datetime, how: str) -> None:
    """However it came to this, once a letter has ended only the applicant's own word sends something about it."""
    world = lived([s for s in season if s[0] < at])
    both = tuple(x.id for x in world.dossier.letters_of("m1"))
    if how == "stop":
        stop = said("Stop.", Stance.NONE, Signal.STOP, about=both, message_id="end@hospital.example")
        world.happens(stop)
    else:
        state = {"no": State.DECLINED, "cancel": State.CANCELLED}.get(how, State.WITHDRAWN)
        for letter in both:
            world.dossier = letters.moved(world.dossier, letter, state)
    before = len([m for _, m in world.to_mentors() if m.mentor == "m1"])
    world.until(world.now + 300 * DAY)
    assert len([m for _, m in world.to_mentors() if m.mentor == "m1"]) == before


MOMENTS = st.one_of(st.none(), OFFSETS)
STEPS = ("nudge1", "nudge2", "choose", "reminder14", "reminder7", "last call", "overdue", "thanks", "check portal")
LETTERS = st.builds(
    Letter,
    id=st.sampled_from(["l1", "l2", "l3"]),
    mentor=st.sampled_from(["m1", "m2"]),
    application=st.sampled_from(["a1", "a2"]),
    state=st.sampled_from(State),
    asked_at=MOMENTS,
    agreed_at=MOMENTS,
    packet_at=MOMENTS,
    received_at=MOMENTS,
    last_sent_at=MOMENTS,
    last_heard_at=MOMENTS,
    unanswered=st.integers(0, 4),
    done=st.frozensets(st.sampled_from(STEPS)).map(lambda done: tuple(sorted(done))),
    snooze_until=st.one_of(st.none(), OFFSETS.map(lambda at: at.date())),
    waiting=st.booleans(),
)


@st.composite
def dossiers(draw: st.DrawFn) -> Dossier:
    made = replace(dossier(), letters=())
    for letter in draw(st.lists(LETTERS, max_size=3, unique_by=lambda x: x.id)):
        made = made.with_letter(letter)
    away_until = draw(st.one_of(st.none(), OFFSETS.map(lambda at: at.date())))
    zone = draw(st.sampled_from(["", "America/Los_Angeles", "Asia/Tokyo"]))
    lopez: Mentor = replace(made.mentor("m1"), away_until=away_until, never=draw(st.booleans()), time_zone=zone)
    made = replace(made.with_mentor(lopez), paused=draw(st.booleans()))
    for number, letter in enumerate(made.letters):
        if draw(st.booleans()):
            made = made.with_mail(Mail(
                key=f"k{number}", purpose=draw(st.sampled_from(Purpose)), to=Address(email="x@y.example"), subject="s",
                text="t", letters=(letter.id,), mentor=letter.mentor, decided_at=NOW,
                not_before=draw(MOMENTS), next_try_at=draw(MOMENTS), progress=draw(st.sampled_from(Progress)),
            ))  # fmt: skip
    return made


@settings(max_examples=300, deadline=None)
@given(dossiers(), OFFSETS)
def test_after_a_tick_nothing_is_due_but_what_may_leave(made: Dossier, now: datetime) -> None:
    """Or the daemon would wake for ever for something that cannot be done."""
    world = World(made, now=now)
    world.happens(Ticked())
    due = clock.next_due(world.dossier, POLICY, now)
    assert due is None or due > now or outgoing.waiting(world.dossier, now)
    again = decide(world.dossier, Ticked(), now, POLICY)
    assert (again.dossier, again.mails) == (world.dossier, ())


@settings(max_examples=100, deadline=None)
@given(dossiers(), OFFSETS)
def test_no_mail_of_the_clock_is_decided_for_the_middle_of_the_night(made: Dossier, now: datetime) -> None:
    world = World(made, now=now)
    world.happens(Ticked())
    for mail in outgoing.waiting(world.dossier, now):
        if mail.purpose not in letters.TO_APPLICANT:
            mentor = made.mentor(mail.mentor)
            zone = mentor.time_zone or POLICY.time_zone
            assert manners.is_allowed(now, zone, POLICY, writing.away(mentor))
            assert not mentor.never


def test_every_kind_of_event_is_followed() -> None:
    world = World(asked())
    for event in (Failed(key="l1-ask", permanent=False, code=451), Lost(key="l1-ask"), _elsewhere(world, "1")):
        assert world.happens(event).why
