"""What follows when a mentor answers: the heart of lorbot.

Policy is the ordered table `RULES`; the first rule that applies decides. lorbot acts only where the reading says
it may and the mail is genuine; everything else becomes a question to the applicant with a ready answer.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from lorbot.core import dates, letters, writing
from lorbot.core.absence import machine_wrote
from lorbot.core.decision import Decision, Draft
from lorbot.core.dossier import Contact, Direction, Dossier, Letter, Purpose, State
from lorbot.core.events import MentorWrote, SomebodyElseWrote
from lorbot.core.policy import Policy
from lorbot.core.reading import Kind, Reading, Signal, Stance
from lorbot.core.value import Line, value

DECIDE = ("thank", "packet", "wait 10 days", "backup", "write:")
"""The words that answer most questions about a mentor's answer."""


@value
class Case:
    """A mentor's mail, and the one letter it is about."""

    dossier: Dossier
    event: MentorWrote
    letter: Letter
    policy: Policy
    now: datetime

    @property
    def reading(self) -> Reading:
        return self.event.reading

    @property
    def sure(self) -> bool:
        """Whether lorbot may act on this mail without asking."""
        return self.event.reading.acts and self.event.genuine

    def has(self, *signals: Signal) -> bool:
        return bool(self.event.reading.signals & set(signals))

    @property
    def telling(self) -> str:
        """The sentence that mattered, or the beginning of what was said."""
        reading = self.event.reading
        labels = (reading.stance.value, *sorted(s.value for s in reading.signals))
        return reading.sentence_for(*labels) or shortened(reading.words)


@value
class Rule:
    name: Line
    applies: Callable[[Case], bool]
    follows: Callable[[Case], Decision]


def mentor_wrote(dossier: Dossier, event: MentorWrote, policy: Policy, now: datetime) -> Decision:
    """A mail from a mentor: noted in the correspondence, then answered by the first rule that applies."""
    mentor = dossier.mentor(event.mentor)
    if event.reading.kind is not Kind.HUMAN:
        return machine_wrote(dossier, event, policy, now)
    about = _letters_meant(dossier, event)
    case_letter = _most_open(dossier, about)
    dossier = _noted(dossier, event, about, now)
    if case_letter is None:
        why = f"{mentor.name} wrote; no letter is under way"
        return Decision(dossier=dossier.noting(now, why), why=(why,))
    dossier = letters.heard(dossier, about, now)
    event = event if event.letters or len(about) == 1 else replace(event, genuine=False)
    case = Case(dossier=dossier, event=event, letter=dossier.letter(case_letter), policy=policy, now=now)
    rule = next(rule for rule in RULES if rule.applies(case))
    decision = rule.follows(case)
    why = f"{mentor.name} wrote: {rule.name}"
    return replace(decision, dossier=decision.dossier.noting(now, why, case_letter), why=(why, *decision.why))


def somebody_else_wrote(dossier: Dossier, event: SomebodyElseWrote, policy: Policy, now: datetime) -> Decision:
    """A mail in a mentor's thread from another address is shown to the applicant and never acted on."""
    if event.reading.kind is not Kind.HUMAN or not event.letters:
        why = f"a mail from {event.incoming.sender.email} in the thread was left alone"
        return Decision(dossier=dossier.noting(now, why), why=(why,))
    letter = dossier.letter(event.letters[0])
    more = {
        "quote": event.reading.words,
        "sender": event.incoming.sender.email,
        "sender_name": event.incoming.sender.name,
    }
    asked = writing.question(
        dossier, "somebody_else", letter, ("same person", "write:", "nothing"),
        policy=policy, now=now, key=writing.key_for(event.incoming, letter), more=more,
        about=event.incoming.sender.email,
    )  # fmt: skip
    why = f"{event.incoming.sender.email} answered in the thread; the applicant was asked"
    return Decision(dossier=dossier.noting(now, why, letter.id), mails=(asked,), why=(why,))


def shortened(text: str, most: int = 160) -> str:
    """The first sentence or so of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rsplit(" ", 1)[0] + "…"


# -- what follows ------------------------------------------------------------------------------------------------


def _silence(case: Case) -> Decision:
    mentor = replace(case.dossier.mentor(case.letter.mentor), never=True)
    dossier = case.dossier.with_mentor(mentor)
    dossier = letters.quiet(dossier, [letter.id for letter in dossier.letters_of(mentor.id)])
    return _notice(replace(case, dossier=dossier), "stopped")


def _stray_letter(case: Case) -> Decision:
    if not case.event.genuine:
        return _ask("stray_letter")(case)
    answer = _to_mentor(case, Purpose.STRAY_LETTER)
    return _notice(case, "stray_letter").adding(answer)


def _reported(case: Case) -> Decision:
    state = case.letter.state
    dossier = case.dossier
    if state not in letters.IN:
        dossier = letters.moved(dossier, case.letter.id, State.REPORTED, reason=case.telling)
        dossier = letters.drop_queued(dossier, [case.letter.id], set(letters.COUNTS_AS_UNANSWERED))
    return _asking(replace(case, dossier=dossier), "reported", ("received", "not yet"))


def _agreed(case: Case) -> Decision:
    dossier = letters.quiet(case.dossier, [case.letter.id])
    dossier = letters.moved(dossier, case.letter.id, State.AGREED, reason=case.telling)
    letter = replace(dossier.letter(case.letter.id), agreed_at=case.now)
    case = replace(case, dossier=dossier.with_letter(letter), letter=letter)
    packet = _to_mentor(case, Purpose.PACKET)
    return _notice(case, "agreed", packet_leaves=_leaves(case, packet)).adding(packet)


def _declined(case: Case) -> Decision:
    return _closed(case, State.DECLINED, "declined")


def _withdrawn(case: Case) -> Decision:
    return _closed(case, State.WITHDRAWN, "withdrawn")


def _closed(case: Case, state: State, topic: str) -> Decision:
    dossier = letters.moved(case.dossier, case.letter.id, state, reason=case.telling, waiting=True)
    case = replace(case, dossier=dossier)
    thanks = _to_mentor(case, Purpose.GRACEFUL, template="mentor/declined")
    return _asking(case, topic, ("thank", "backup", "write:", "nothing"), prepared=thanks)


def _held(topic: str) -> Callable[[Case], Decision]:
    def follow(case: Case) -> Decision:
        dossier = letters.moved(case.dossier, case.letter.id, State.HELD, reason=case.telling, waiting=True)
        case = replace(case, dossier=dossier)
        return _asking(case, topic, DECIDE, prepared=_to_mentor(case, Purpose.GRACEFUL))

    return follow


def _ask(topic: str, *choices: str) -> Callable[[Case], Decision]:
    """Leave the letter where it is and ask the applicant; the clock waits where the ask is open."""

    def follow(case: Case) -> Decision:
        letter = replace(case.letter, waiting=case.letter.state is State.ASKED, reason=case.telling)
        case = replace(case, dossier=case.dossier.with_letter(letter), letter=letter)
        words = choices or (DECIDE if letter.state is State.ASKED else ("write:", "wait 10 days", "nothing"))
        prepared = _to_mentor(case, Purpose.GRACEFUL) if "thank" in words else None
        return _asking(case, topic, words, prepared=prepared)

    return follow


def _wrong_person(case: Case) -> Decision:
    dossier = letters.moved(case.dossier, case.letter.id, State.BOUNCED, reason=case.telling, waiting=True)
    case = replace(case, dossier=dossier)
    apology = _to_mentor(case, Purpose.APOLOGY)
    return _asking(case, "wrong_person", ("apologise", "address name@example.edu", "nothing"), prepared=apology)


def _progress(case: Case) -> Decision:
    return _notice(case, "wrote")


# -- the table ---------------------------------------------------------------------------------------------------

_OPEN_QUESTION = (Signal.ASKS_OTHER, Signal.MEET, Signal.DRAFT_REQUEST, Signal.REDIRECT, Signal.REMIND_LATER)

RULES: tuple[Rule, ...] = (
    Rule(name="asked for silence", applies=lambda c: c.has(Signal.STOP), follows=_silence),
    Rule(name="not the person meant", applies=lambda c: c.has(Signal.WRONG_PERSON), follows=_wrong_person),
    Rule(
        name="sent the letter itself",
        applies=lambda c: c.has(Signal.LETTER_ATTACHED) and bool(c.event.incoming.attachments),
        follows=_stray_letter,
    ),
    Rule(
        name="asks for a draft",
        applies=lambda c: c.has(Signal.DRAFT_REQUEST),
        follows=_ask("draft", "write:", "packet", "backup", "nothing"),
    ),
    Rule(
        name="reports that it is submitted",
        applies=lambda c: c.has(Signal.SUBMITTED) and c.sure,
        follows=_reported,
    ),
    Rule(
        name="perhaps submitted",
        applies=lambda c: c.has(Signal.SUBMITTED),
        follows=_ask("unsure_submitted", "received", "not yet"),
    ),
    Rule(
        name="withdraws",
        applies=lambda c: c.reading.stance is Stance.NO and c.letter.state in letters.UNDER_WAY,
        follows=_withdrawn,
    ),
    Rule(
        name="agrees",
        applies=lambda c: c.reading.stance is Stance.YES and c.sure and _may_agree(c.letter),
        follows=_agreed,
    ),
    Rule(
        name="declines",
        applies=lambda c: c.reading.stance is Stance.NO and c.letter.state not in letters.WROTE,
        follows=_declined,
    ),
    Rule(
        name="hesitates",
        applies=lambda c: c.reading.stance is Stance.LUKEWARM and c.letter.state not in letters.WROTE,
        follows=_held("lukewarm"),
    ),
    Rule(
        name="has not decided",
        applies=lambda c: c.reading.stance is Stance.UNDECIDED and _may_agree(c.letter),
        follows=_held("undecided"),
    ),
    Rule(
        name="probably agrees",
        applies=lambda c: c.reading.stance is Stance.YES and _may_agree(c.letter),
        follows=_held("unsure_yes"),
    ),
    Rule(name="cannot submit", applies=lambda c: c.has(Signal.PROBLEM), follows=_ask("problem", "write:", "nothing")),
    Rule(
        name="needs more time",
        applies=lambda c: c.has(Signal.NEEDS_MORE_TIME),
        follows=_ask("more_time", "wait 7 days", "write:", "backup"),
    ),
    Rule(
        name="waits for an answer",
        applies=lambda c: c.has(*_OPEN_QUESTION, Signal.ASKS_HOW, Signal.ASKS_DEADLINE, Signal.WANTS_MATERIALS),
        follows=_ask("asked"),
    ),
    Rule(name="tells how it goes", applies=lambda c: c.letter.state is not State.ASKED, follows=_progress),
    Rule(name="says something lorbot does not understand", applies=lambda _: True, follows=_ask("unsure")),
)  # fmt: skip


def _may_agree(letter: Letter) -> bool:
    return letter.state in {State.ASKED, State.HELD, State.SILENT, State.PREVIEWED, State.PLANNED, State.BOUNCED}


# -- pieces ------------------------------------------------------------------------------------------------------


def _letters_meant(dossier: Dossier, event: MentorWrote) -> tuple[str, ...]:
    if event.letters:
        return event.letters
    asked = [x.id for x in dossier.letters_of(event.mentor) if x.state not in {State.PLANNED, State.PREVIEWED}]
    still_open = [x for x in asked if dossier.letter(x).state not in letters.CLOSED | letters.IN]
    return tuple(still_open or asked)


def _most_open(dossier: Dossier, about: tuple[str, ...]) -> str | None:
    """The letter a mail is most likely about: one that waits for an answer, else one under way, else the last."""
    ranks = (letters.UNANSWERED | {State.HELD, State.SILENT}, letters.UNDER_WAY, frozenset(State))
    for rank in ranks:
        found = [x for x in about if dossier.letter(x).state in rank]
        if found:
            return found[-1]
    return None


def _noted(dossier: Dossier, event: MentorWrote, about: tuple[str, ...], now: datetime) -> Dossier:
    reading = event.reading
    labels = (reading.stance.value, *sorted(s.value for s in reading.signals))
    mentor = replace(dossier.mentor(event.mentor), away_until=None)  # a person who writes is back
    contact = Contact(
        direction=Direction.IN,
        message_id=event.incoming.message_id or event.incoming.content_hash,
        mentor=event.mentor,
        letters=about,
        purpose="answer",
        subject=event.incoming.subject,
        at=now,
        telling=reading.sentence_for(*labels) or shortened(reading.words),
    )
    return letters.with_contact(dossier.with_mentor(mentor), contact)


def _to_mentor(case: Case, purpose: Purpose, template: str = "") -> Draft:
    step = (
        "" if purpose is Purpose.PACKET else f"{purpose.value.replace(' ', '-')}-{writing.key_of(case.event.incoming)}"
    )
    return writing.to_mentor(
        case.dossier, purpose, [case.letter], policy=case.policy, now=case.now, template=template, step=step
    )


def _asking(case: Case, topic: str, choices: tuple[str, ...], prepared: Draft | None = None) -> Decision:
    reading = case.reading
    more = {
        "quote": reading.words,
        "telling": case.telling,
        "genuine": case.event.genuine,
        "signals": sorted(s.value for s in reading.signals),
        "dates": [{"words": d.words, "day": dates.say(d.on)} for d in reading.dates],
        "colleagues": [{"name": c.name, "email": c.email} for c in reading.colleagues],
    }
    asked = writing.question(
        case.dossier, topic, case.letter, choices,
        policy=case.policy, now=case.now, prepared=prepared, more=more,
        key=writing.key_for(case.event.incoming, case.letter),
    )  # fmt: skip
    return Decision(dossier=case.dossier, mails=(asked,))


def _notice(case: Case, topic: str, **more: object) -> Decision:
    context = writing.about_letter(
        case.dossier, case.letter, case.policy, case.now, quote=case.reading.words, telling=case.telling, **more
    )
    told = writing.to_applicant(
        case.dossier, Purpose.NOTICE, f"applicant/told_{topic}",
        key=f"n-{writing.key_for(case.event.incoming, case.letter)}", letters=[case.letter], more=context,
    )  # fmt: skip
    return Decision(dossier=case.dossier, mails=(told,))


def _leaves(case: Case, mail: Draft) -> str:
    """When a mail leaves, in words; "" for now."""
    if mail.not_before is None or mail.not_before <= case.now:
        return ""
    zone = case.dossier.applicant.time_zone or case.policy.time_zone
    return dates.say_moment(mail.not_before, zone)
