"""Who has declined is never asked again for the same purpose, through whatever way an ask can be made."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from dossiers import NOW, POLICY, WRITER, after, answer, decided, problems, rich, templates
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lorbot.core import letters, outgoing, refusals
from lorbot.core.correspondence import Purpose
from lorbot.core.decide import decide
from lorbot.core.dossier import Dossier, Letter, State
from lorbot.core.events import Accepted, Event, MailBounced, MentorWrote, Ticked
from lorbot.core.message import Address, Bounce, Incoming
from lorbot.core.reading import Kind, Reading, Signal, Stance

LOPEZ = "lopez@hospital.example"
ASKING = {Purpose.ASK, Purpose.NUDGE}


def declined(state: State = State.DECLINED) -> Dossier:
    """Dr. Lopez said no to ERAS."""
    return letters.moved(rich(), "l1", state)


def without(dossier: Dossier, mentor: str) -> Dossier:
    """The mentor's entry is gone, and all that hung on it."""
    gone = {x.id for x in dossier.letters_of(mentor)}
    return replace(
        letters.quiet(dossier, gone),
        mentors=tuple(replace(m, backup_for="") if m.backup_for == mentor else m for m in dossier.mentors
                      if m.id != mentor),
        letters=tuple(x for x in dossier.letters if x.mentor != mentor),
        mails=tuple(m for m in dossier.mails if m.mentor != mentor),
        contacts=tuple(c for c in dossier.contacts if c.mentor != mentor),
    )  # fmt: skip


def entered(dossier: Dossier, name: str = "Dr. E. Lopes", email: str = LOPEZ) -> Dossier:
    lines = f"email: {email}\nfor: ERAS\nworked together: On 5 West I led the meeting and presented the case."
    return after(dossier, f"mentor {name}", lines)


def moved_away() -> Dossier:
    """Her entry has another address now, and somebody enters the old one under a new name."""
    return entered(after(declined(), "mentor Dr. Elena Lopez", "email: elena@home.example"))


WAYS: dict[str, Callable[[], tuple[Dossier, str]]] = {
    "ask by name": lambda: (declined(), "ask Lopez for ERAS"),
    "ask by address": lambda: (declined(), f"ask {LOPEZ} for ERAS"),
    "insist": lambda: (declined(), "ask Lopez for ERAS anyway"),
    "everyone": lambda: (declined(), "ask everyone for ERAS"),
    "everyone, of one application": lambda: (_one_application(declined()), "ask everyone"),
    "withdrawn": lambda: (declined(State.WITHDRAWN), "ask Lopez for ERAS"),
    "changed address": lambda: (
        after(declined(), "mentor Dr. Elena Lopez", "email: e@home.example"),
        "ask Lopez for ERAS",
    ),
    "renamed": lambda: (after(declined(), "mentor Dr. Elena Maria Lopez", f"email: {LOPEZ}"), "ask Lopez for ERAS"),
    "changed and entered anew": lambda: (moved_away(), "ask Lopes for ERAS"),
    "dropped and entered anew": lambda: (entered(without(declined(), "m1")), "ask Lopes for ERAS"),
    "dropped, entered without an address, then given it": lambda: (
        after(entered(without(declined(), "m1"), email="e@new.example"), "mentor Dr. E. Lopes", f"email: {LOPEZ}"),
        "ask Lopes for ERAS",
    ),
    "dropped after a change of address, and entered anew there": lambda: (
        entered(
            without(after(declined(), "mentor Dr. Elena Lopez", "email: e@home.example"), "m1"), email="e@home.example"
        ),
        "ask Lopes for ERAS",
    ),
    "declined at a new address, and entered anew at the old one": lambda: (
        entered(without(_declined_elsewhere(), "m1")),
        "ask Lopes for ERAS",
    ),
    "everyone, entered anew": lambda: (entered(without(declined(), "m1")), "ask everyone for ERAS"),
}


def _declined_elsewhere() -> Dossier:
    """The ask reached her, she wrote from another address, which was taken over, and then she declined."""
    dossier = after(rich(), "ask Lopez for ERAS")
    dossier = after(dossier, "Re: x", "send", answers=dossier.previews[0].id)
    (ask,) = [m for m in dossier.mails if m.purpose is Purpose.ASK]
    dossier = letters.sent(dossier, replace(ask, message_id="x@x"), NOW)
    dossier = after(dossier, "mentor Dr. Elena Lopez", "email: e@home.example")
    return letters.moved(dossier, "l1", State.DECLINED)


def _one_application(dossier: Dossier) -> Dossier:
    return replace(
        dossier, applications=dossier.applications[:1], letters=tuple(x for x in dossier.letters if x.id == "l1")
    )


@pytest.mark.parametrize("way", WAYS)
def test_nobody_is_asked_again_for_what_was_declined(way: str) -> None:
    dossier, subject = WAYS[way]()
    decision = decided(dossier, subject)
    shown = WRITER.write(decision, NOW).previews
    assert [p.mail.to.email for p in shown if p.mail.to.email in {LOPEZ, "e@home.example"}] == []
    if "everyone" not in way:
        assert "I do not ask again for the same purpose" in problems(decision)[0]


def test_another_purpose_is_another_matter() -> None:
    assert templates(decided(declined(), "ask Lopez for Garden")) == ["applicant/preview"]
    assert templates(decided(entered(without(declined(), "m1")), "ask Lopes for Garden")) == ["applicant/preview"]


def test_who_is_entered_anew_is_told_at_once() -> None:
    lines = f"email: {LOPEZ}\nfor: ERAS"
    text = answer(decided(without(declined(), "m1"), "mentor Dr. E. Lopes", lines))
    assert f"Somebody at {LOPEZ} has declined, and I do not ask again for the same purpose." in text
    assert "to see the mail that asks" not in text


def test_an_approved_ask_to_an_address_that_turns_out_to_have_declined_never_leaves() -> None:
    dossier = entered(without(declined(), "m1"), email="e@new.example")
    dossier = after(dossier, "ask Lopes for ERAS")
    dossier = after(dossier, "Re: x", "send", answers=dossier.previews[0].id)
    assert [m.to.email for m in outgoing.waiting(dossier, NOW) if m.purpose is Purpose.ASK] == ["e@new.example"]
    dossier = after(dossier, "mentor Dr. E. Lopes", f"email: {LOPEZ}")
    assert [m.to.email for m in outgoing.waiting(dossier, NOW) if m.purpose is Purpose.ASK] == []
    assert dossier.letters_of("m4")[0].state is State.DECLINED


def test_who_asked_for_silence_gets_none_under_another_name_either() -> None:
    mentor = rich().mentor("m1")
    dossier = entered(without(refusals.silenced(rich(), mentor), "m1"))
    for subject in ("ask Lopes for ERAS", "ask Lopes for Garden"):
        assert problems(decided(dossier, subject)) == ["Dr. E. Lopes asked to get no more mail"]


def test_the_address_that_reached_somebody_else_is_not_refused() -> None:
    """The ask went to a wrong address, which was apologised to; the right one declined."""
    dossier = after(rich(), "ask Lopez for ERAS")
    dossier = after(dossier, "Re: x", "send", answers=dossier.previews[0].id)
    wrong = next(m for m in dossier.mails if m.purpose is Purpose.ASK)
    dossier = letters.sent(dossier, replace(wrong, message_id="x@x"), NOW)
    dossier = dossier.with_mail(replace(wrong, key="sorry", purpose=Purpose.APOLOGY))
    dossier = after(dossier, "mentor Dr. Elena Lopez", "email: right@hospital.example")
    dossier = letters.moved(dossier, "l1", State.DECLINED)
    assert refusals.is_refused(dossier, "right@hospital.example", "a1")
    assert not refusals.is_refused(dossier, LOPEZ, "a1")


def test_a_mentor_who_came_round_is_not_sent_back_by_a_change_of_the_entry() -> None:
    dossier = letters.moved(declined(), "l1", State.HELD)
    assert after(dossier, "mentor Lopez", "title: Dean").letter("l1").state is State.HELD


# -- whatever is written, in whatever order --------------------------------------------------------------------------

NAMES = ("Dr. Elena Lopez", "Sam Kim, MD", "Dr. Ada Byron")
ADDRESSES = (LOPEZ, "kim@hospital.example", "elena@home.example")
APPLICATIONS = ("ERAS", "Garden")
TOGETHER = "worked together: On 5 West I led the meeting and presented the case."

COMMANDS = st.one_of(
    st.sampled_from([("ask everyone", ""), *((f"ask everyone for {a}", "") for a in APPLICATIONS)]),
    st.builds(lambda n, a, w: (f"ask {n} for {a}{w}", ""), st.sampled_from(NAMES), st.sampled_from(APPLICATIONS),
              st.sampled_from(["", " anyway"])),
    st.builds(lambda n, e, a: (f"mentor {n}", f"email: {e}\nfor: {a}\n{TOGETHER}"), st.sampled_from(NAMES),
              st.sampled_from(ADDRESSES), st.sampled_from(APPLICATIONS)),
    st.builds(lambda n, m: (f"mentor {n}", f"backup for: {m}"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.builds(lambda e: (f"mentor {e}", TOGETHER), st.sampled_from(ADDRESSES)),
    st.sampled_from([("application ERAS", "deadline: 1 October 2027"),
                     ("application ERAS", "deadline: 2 October 2027")]),
)  # fmt: skip
WORDS = st.one_of(
    st.sampled_from(["send", "skip", "thank", "backup", "thank, backup", "wait 10 days", "close", "nothing",
                     "ask anyway",
                     "same person", "apologise", "episode: On 5 West I led the meeting in May.", "talk"]),
    st.sampled_from(ADDRESSES),
)  # fmt: skip
STEPS = st.one_of(
    st.tuples(st.just("command"), COMMANDS),
    st.tuples(st.just("answer"), st.tuples(WORDS, st.integers(0, 5))),
    st.tuples(st.just("mentor"), st.tuples(st.sampled_from(["no", "hedge", "stop", "wrong", "bounce"]),
                                           st.integers(0, 5))),
    st.tuples(st.just("days"), st.sampled_from([0, 1, 8, 17])),
    st.tuples(st.just("drop"), st.integers(0, 2)),
    st.tuples(st.just("address"), st.tuples(st.integers(0, 2), st.sampled_from(ADDRESSES))),
    st.tuples(st.just("enter and ask"), st.tuples(st.sampled_from(NAMES), st.sampled_from(ADDRESSES))),
)  # fmt: skip


class Office:
    """One dossier, the people at its addresses, and what each of them has declined."""

    def __init__(self) -> None:
        self.dossier, self.now, self.number = rich(), NOW, 0
        self.no: set[tuple[str, str]] = set()  # address and application

    def does(self, kind: str, what: object) -> None:
        match kind, what:
            case "command", (str(subject), str(words)):
                self.dossier = after(self.dossier, subject, words, self.now)
            case "address", (int(which), str(email)):
                name = self.dossier.mentors[which % len(self.dossier.mentors)].name
                self.dossier = after(self.dossier, f"mentor {name}", f"email: {email}", self.now)
            case "enter and ask", (str(name), str(email)):
                self.dossier = after(self.dossier, f"mentor {name}", f"email: {email}\n{TOGETHER}", self.now)
                self.dossier = after(self.dossier, f"ask {email} for ERAS", "", self.now)
            case "answer", (str(words), int(which)):
                self.answers(words, which)
            case "mentor", (str(words), int(which)):
                self.mentor_writes(words, which)
            case "days", int(days):
                self.passes(days)
            case "drop", int(which):
                self.dossier = without(self.dossier, self.dossier.mentors[which % len(self.dossier.mentors)].id)
            case _:
                raise AssertionError(kind)
        self.keeps_its_word()

    def answers(self, words: str, which: int) -> None:
        waiting = [*(p.id for p in self.dossier.previews), *(q.id for q in self.dossier.questions)]
        if waiting:
            key = waiting[which % len(waiting)]
            self.dossier = after(self.dossier, "Re: x", words, self.now, answers=key)

    def mentor_writes(self, words: str, which: int) -> None:
        asked = [x for x in self.dossier.letters if x.state is State.ASKED]
        if not asked:
            return
        letter = asked[which % len(asked)]
        mentor = self.dossier.mentor(letter.mentor)
        mail = Incoming(message_id=f"m{self.number}@x", content_hash="0" * 64, subject="Re", text=words,
                        sender=Address(email=mentor.email))  # fmt: skip
        self.number += 1
        stance = {"no": Stance.NO, "hedge": Stance.LUKEWARM}.get(words, Stance.NONE)
        signals = {"stop": {Signal.STOP}, "wrong": {Signal.WRONG_PERSON}}.get(words, set())
        reading = Reading(kind=Kind.HUMAN, stance=stance, signals=frozenset(signals), words=words, acts=True)
        event: Event = MentorWrote(incoming=mail, mentor=mentor.id, reading=reading, genuine=True, letters=(letter.id,))
        if words == "bounce":
            sent = [m.key for m in self.dossier.mails if m.mentor == mentor.id and m.purpose is Purpose.ASK]
            event = MailBounced(incoming=mail, bounce=Bounce(code="5.1.1"), key=sent[-1] if sent else "none")
        self.happens(event)
        if words == "no":
            assert self.dossier.letter(letter.id).state is State.DECLINED
            self.no.add((mentor.email, letter.application))
        if words == "stop":
            self.no |= {(mentor.email, a.id) for a in self.dossier.applications}

    def passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        self.happens(Ticked())
        for mail in outgoing.waiting(self.dossier, self.now + timedelta(days=4)):
            self.dossier = outgoing.sending(self.dossier, mail.key)
            self.happens(Accepted(key=mail.key))

    def happens(self, event: Event) -> None:
        self.dossier = WRITER.write(decide(self.dossier, event, self.now, POLICY), self.now)

    def keeps_its_word(self) -> None:
        """No ask and no nudge to somebody who declined that: neither on its way nor shown for the applicant's word."""
        on_its_way = outgoing.waiting(self.dossier, self.now + timedelta(days=30))
        shown = [p.mail for p in self.dossier.previews]
        for mail in (m for m in (*on_its_way, *shown) if m.purpose in ASKING):
            for letter in (self.dossier.letter(x) for x in mail.letters):
                assert (mail.to.email, letter.application) not in self.no, mail.key


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, min_size=4, max_size=30))
def test_no_sequence_of_commands_asks_again_who_declined(steps: list[tuple[str, object]]) -> None:
    office = Office()
    for begin in (("command", ("ask Lopez for ERAS", "")), ("answer", ("send", 0)), ("days", 1), ("mentor", ("no", 0))):
        office.does(*begin)
    assert office.no
    for step in steps:
        if office.dossier.mentors:
            office.does(*step)


def test_a_letter_planned_anew_is_declined_from_the_start() -> None:
    letter, dossier = letters.planned(without(declined(), "m1").with_mentor(replace(rich().mentor("m1"), id="m9")),
                                      "m9", "a1")  # fmt: skip
    assert letter == Letter(id="l4", mentor="m9", application="a1", state=State.DECLINED, reason=letters.REFUSED_BEFORE)
    assert dossier.letter("l4") == letter
