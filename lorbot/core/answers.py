"""What follows when a mentor answers: the heart of lorbot.

Policy is the ordered table `RULES`; the first rule that applies decides. lorbot acts only where the reading says
it may and the mail is genuine; everything else becomes a question to the applicant with a ready answer.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from lorbot.core import asked_back, contrary, handed_on, letters, proposed
from lorbot.core.absence import absent, machine_wrote
from lorbot.core.case import Case, letters_meant, most_open, telling
from lorbot.core.consequences import (
    agreed,
    ask,
    held,
    progress,
    reported,
    silence,
    stray_letter,
    turned_down,
    wrong_person,
)
from lorbot.core.correspondence import Contact, Direction
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter, State
from lorbot.core.events import MentorWrote
from lorbot.core.policy import Policy
from lorbot.core.reading import Kind, Signal, Stance
from lorbot.core.value import Line, value


@value
class Rule:
    """One row of the policy: what a mail is called in the journal, whether it is that, and what follows."""

    name: Line
    applies: Callable[[Case], bool]
    follows: Callable[[Case], Decision]


def mentor_wrote(dossier: Dossier, event: MentorWrote, policy: Policy, now: datetime) -> Decision:
    """A mail from a mentor: noted in the correspondence, then answered by the first rule that applies."""
    mentor = dossier.mentor(event.mentor)
    if event.reading.kind is not Kind.HUMAN:
        return machine_wrote(dossier, event, policy, now)
    about = letters_meant(dossier, event)
    dossier = _noted(dossier, event, about, policy, now)
    meant = most_open(dossier, about, event.reading)
    if meant is None:
        why = f"{mentor.name} wrote; there is no letter it could be about"
        return Decision(dossier=dossier.noting(now, why), why=(why,))
    dossier = letters.heard(dossier, about, now)
    case = Case(dossier=dossier, event=event, letter=dossier.letter(meant), about=about, policy=policy, now=now)
    rule = next(rule for rule in RULES if rule.applies(case))
    decision = proposed.proposing(case, rule.follows(case))
    why = f"{mentor.name} wrote: {rule.name}"
    return replace(decision, dossier=decision.dossier.noting(now, why, meant), why=(why, *decision.why))


_OPEN_QUESTION = (Signal.ASKS_OTHER, Signal.MEET, Signal.DRAFT_REQUEST, Signal.REDIRECT, Signal.REMIND_LATER)

RULES: tuple[Rule, ...] = (
    Rule(
        name="writes after having asked for silence",
        applies=lambda c: c.dossier.mentor(c.letter.mentor).never and not c.has(Signal.SUBMITTED),
        follows=progress,
    ),
    Rule(name="asked for silence", applies=lambda c: c.has(Signal.STOP) and c.is_ours, follows=silence),
    Rule(
        name="not the person meant",
        applies=lambda c: c.has(Signal.WRONG_PERSON) and c.is_ours,
        follows=wrong_person,
    ),
    Rule(
        name="perhaps a stop or a no",
        applies=lambda c: not c.proved and c.is_open and (_turns_away(c) or c.reading.stance is Stance.NO),
        follows=held("unsure"),
    ),
    Rule(
        name="sent the letter itself",
        applies=lambda c: c.has(Signal.LETTER_ATTACHED) and bool(c.event.incoming.attachments)
        and not c.has(Signal.SUBMITTED),
        follows=stray_letter,
    ),
    Rule(
        name="asks for a draft",
        applies=lambda c: c.has(Signal.DRAFT_REQUEST),
        follows=ask("draft", "write:", "packet", "backup", "nothing"),
    ),
    Rule(
        name="reports that it is submitted",
        applies=lambda c: c.has(Signal.SUBMITTED) and c.sure,
        follows=reported,
    ),
    Rule(
        name="perhaps submitted",
        applies=lambda c: c.has(Signal.SUBMITTED),
        follows=ask("unsure_submitted", "received", "not yet"),
    ),
    Rule(
        name="says yes too late",
        applies=lambda c: c.reading.stance is Stance.YES and contrary.is_too_late(c) and not c.has(Signal.PROGRESS),
        follows=contrary.too_late,
    ),
    Rule(
        name="withdraws",
        applies=lambda c: c.reading.stance is Stance.NO and c.letter.state in letters.UNDER_WAY,
        follows=turned_down,
    ),
    Rule(
        name="agrees",
        applies=lambda c: c.reading.stance is Stance.YES and c.sure and _may_agree(c.letter),
        follows=agreed,
    ),
    Rule(name="hands it on", applies=handed_on.is_handed_on, follows=handed_on.handed_on),
    Rule(name="declines", applies=lambda c: c.reading.stance is Stance.NO and c.is_open, follows=turned_down),
    Rule(name="sets a condition", applies=asked_back.sets_condition, follows=held("conditional")),
    Rule(
        name="hesitates",
        applies=lambda c: c.reading.stance is Stance.LUKEWARM and c.is_open,
        follows=held("lukewarm"),
    ),
    Rule(name="wants to talk", applies=asked_back.wants_to_talk, follows=asked_back.talk),
    Rule(name="asks to be reminded later", applies=asked_back.wants_later, follows=asked_back.later),
    Rule(
        name="has not decided",
        applies=lambda c: c.reading.stance is Stance.UNDECIDED and c.is_open,
        follows=held("undecided"),
    ),
    Rule(
        name="says yes after a no",
        applies=lambda c: c.reading.stance is Stance.YES and c.letter.state in {State.DECLINED, State.WITHDRAWN},
        follows=contrary.changed_mind,
    ),
    Rule(
        name="probably agrees",
        applies=lambda c: c.reading.stance is Stance.YES and _may_agree(c.letter),
        follows=held("unsure_yes"),
    ),
    Rule(name="cannot submit", applies=lambda c: c.has(Signal.PROBLEM), follows=asked_back.cannot_submit),
    Rule(
        name="needs more time",
        applies=lambda c: c.has(Signal.NEEDS_MORE_TIME),
        follows=asked_back.more_time,
    ),
    Rule(name="asks for facts", applies=asked_back.wants_facts, follows=asked_back.facts),
    Rule(
        name="waits for an answer",
        applies=lambda c: c.has(*_OPEN_QUESTION, Signal.ASKS_HOW, Signal.ASKS_DEADLINE, Signal.WANTS_MATERIALS),
        follows=ask("asked"),
    ),
    Rule(
        name="tells how it goes",
        applies=lambda c: c.letter.state not in {State.ASKED, State.SILENT},
        follows=progress,
    ),
    Rule(name="says something lorbot does not understand", applies=lambda _: True, follows=ask("unsure")),
)  # fmt: skip


def _may_agree(letter: Letter) -> bool:
    return letter.state in {State.ASKED, State.HELD, State.SILENT, State.PREVIEWED, State.PLANNED, State.BOUNCED}


def _turns_away(case: Case) -> bool:
    return case.has(Signal.STOP, Signal.WRONG_PERSON)


def _noted(dossier: Dossier, event: MentorWrote, about: tuple[str, ...], policy: Policy, now: datetime) -> Dossier:
    """The mail in the correspondence. A person who writes is back."""
    contact = Contact(
        direction=Direction.IN,
        message_id=event.incoming.message_id or event.incoming.content_hash,
        mentor=event.mentor,
        letters=about,
        purpose="answer",
        subject=event.incoming.subject,
        at=now,
        telling=telling(event.reading),
    )
    return letters.with_contact(absent(dossier, event.mentor, None, policy, now), contact)
