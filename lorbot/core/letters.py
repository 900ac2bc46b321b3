"""The life of a letter: which states are open, what a mail's going out changes, and how a letter goes quiet.

Invariant: a letter that goes quiet takes its queued mail, its previews and its questions with it.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date, datetime

from lorbot.core import refusals
from lorbot.core.correspondence import Contact, Direction, Mail, Progress, Purpose
from lorbot.core.dossier import Dossier, Letter, State, next_id
from lorbot.core.reading import Stage

UNANSWERED = frozenset({State.ASKED})
"""The mentor has been asked and has not said anything: nudged by the clock."""

UNDER_WAY = frozenset({State.AGREED, State.PACKET_SENT})
"""The mentor has agreed and not reported: reminded by the clock."""

CLOSED = frozenset({State.DECLINED, State.WITHDRAWN, State.CANCELLED})
"""Nothing more is sent about it by itself."""

WROTE = frozenset({State.REPORTED, State.RECEIVED, State.ASSIGNED, State.THANKED, State.TOLD})
"""The mentor wrote a letter, as far as anybody knows."""

IN = frozenset({State.RECEIVED, State.ASSIGNED, State.THANKED, State.TOLD})
"""The letter is where it should be."""

ASKABLE = frozenset({State.PLANNED, State.PREVIEWED, State.BOUNCED})
"""A first ask may go out."""

TO_APPLICANT = frozenset({Purpose.PREVIEW, Purpose.QUESTION, Purpose.NOTICE, Purpose.REPLY})
"""Mails that no mentor gets."""

AFTER_SENDING: dict[Purpose, tuple[frozenset[State], State]] = {
    Purpose.ASK: (ASKABLE, State.ASKED),
    Purpose.PACKET: (frozenset({State.AGREED}), State.PACKET_SENT),
    Purpose.THANKS: (frozenset({State.RECEIVED, State.ASSIGNED}), State.THANKED),
    Purpose.OUTCOME: (WROTE, State.TOLD),
}
"""Where a letter goes, and from where, once the SMTP server has taken the mail. All else leaves it where it is: a mail
that is known to have left only days later takes nothing back.
"""

REFUSED_BEFORE = "somebody at this address has declined before"
"""Why a letter is closed that nobody was asked for: the person is known by another name."""

COUNTS_AS_UNANSWERED = frozenset({Purpose.ASK, Purpose.NUDGE, Purpose.REMINDER, Purpose.LAST_CALL})
"""Mails that ask the mentor for something. The packet is none: it answers a yes."""

NEWS = frozenset({Purpose.OUTCOME, Purpose.UPDATE})
"""Mails about the applicant: what becomes of one letter does not make them pointless, unless it is closed."""

NO_LONGER_NEEDED = COUNTS_AS_UNANSWERED | {Purpose.PACKET, Purpose.NEW_VERSION}
"""Mails that have nothing to say once the letter is written."""

STAGE_OF: dict[State, Stage] = {
    State.PLANNED: Stage.ASKED,
    State.PREVIEWED: Stage.ASKED,
    State.ASKED: Stage.ASKED,
    State.HELD: Stage.ASKED,
    State.SILENT: Stage.ASKED,
    State.BOUNCED: Stage.ASKED,
    State.AGREED: Stage.AGREED,
    State.PACKET_SENT: Stage.AGREED,
    State.REPORTED: Stage.REMINDED,
    State.RECEIVED: Stage.UPDATED,
    State.ASSIGNED: Stage.UPDATED,
    State.THANKED: Stage.UPDATED,
    State.TOLD: Stage.UPDATED,
    State.DECLINED: Stage.UPDATED,
    State.WITHDRAWN: Stage.UPDATED,
    State.CANCELLED: Stage.UPDATED,
}
"""What a mail from the mentor is read as an answer to, when the mail it answers does not say."""


def never_begun(letter: Letter) -> bool:
    """Whether a letter was cancelled before the mentor heard of it: nothing was promised, and it may be asked for."""
    return letter.state is State.CANCELLED and not letter.asked_at and not letter.agreed_at


def sent(dossier: Dossier, mail: Mail, now: datetime) -> Dossier:
    """The dossier after `mail` was accepted by the SMTP server."""
    dossier = dossier.with_mail(replace(mail, progress=Progress.SENT, sent_at=now))
    if not mail.mentor or mail.purpose in TO_APPLICANT or mail.purpose is Purpose.APOLOGY:
        return dossier  # an apology went to somebody else
    for letter_id in mail.letters:
        dossier = dossier.with_letter(_after_sending(dossier.letter(letter_id), mail.purpose, now))
    return with_contact(
        dossier,
        Contact(
            direction=Direction.OUT,
            message_id=mail.message_id,
            mentor=mail.mentor,
            letters=mail.letters,
            purpose=mail.purpose.value,
            subject=mail.subject,
            at=now,
        ),
    )


def planned(dossier: Dossier, mentor: str, application: str) -> tuple[Letter, Dossier]:
    """The letter of this mentor for this application, and the dossier that has it. A new one is declined from the start
    where the person at the mentor's address has said no to this application before, under whatever name.
    """
    known = next((x for x in dossier.letters_of(mentor) if x.application == application), None)
    refused = refusals.is_refused(dossier, dossier.mentor(mentor).email, application)
    if known and refused and never_begun(known):
        dossier = moved(dossier, known.id, State.DECLINED, reason=REFUSED_BEFORE)
        return dossier.letter(known.id), dossier
    if known:
        return known, dossier
    letter = Letter(
        id=next_id("l", (x.id for x in dossier.letters)), mentor=mentor, application=application,
        state=State.DECLINED if refused else State.PLANNED, reason=REFUSED_BEFORE if refused else "",
    )  # fmt: skip
    return letter, dossier.with_letter(letter)


def heard(dossier: Dossier, letters: Iterable[str], now: datetime) -> Dossier:
    """The mentor was heard of: the clock of these letters starts again, and mail that waited is dropped."""
    letters = tuple(letters)
    for letter_id in letters:
        letter = dossier.letter(letter_id)
        done = tuple(step for step in letter.done if not step.startswith(("nudge", "choose")))
        dossier = dossier.with_letter(replace(letter, last_heard_at=now, unanswered=0, done=done, snooze_until=None))
    return drop_queued(dossier, letters, {Purpose.NUDGE, Purpose.REMINDER, Purpose.LAST_CALL})


def moved(dossier: Dossier, letter_id: str, state: State, *, reason: str = "", waiting: bool = False) -> Dossier:
    """The letter in another state; closing it makes it quiet, and a no is remembered beyond the mentor's entry."""
    letter = dossier.letter(letter_id)
    dossier = dossier.with_letter(replace(letter, state=state, reason=reason or letter.reason, waiting=waiting))
    dossier = refusals.noted(dossier, letter) if state in refusals.REFUSED else dossier
    return quiet(dossier, [letter_id]) if state in CLOSED else dossier


def agreed(dossier: Dossier, letter_id: str, at: datetime, *, reason: str) -> Dossier:
    """The mentor has said yes: what waited for an answer is gone, and the packet is next."""
    dossier = moved(quiet(dossier, [letter_id]), letter_id, State.AGREED, reason=reason)
    return dossier.with_letter(replace(dossier.letter(letter_id), agreed_at=at))


def put_off(letter: Letter, until: date) -> Letter:
    """The mentor is given time until a day: the clock begins again there, where the letter stood before it was held."""
    state = letter.state
    if state in {State.HELD, State.SILENT}:
        state = State.PACKET_SENT if letter.packet_at else State.AGREED if letter.agreed_at else State.ASKED
    done = tuple(step for step in letter.done if step not in {"choose", "overdue"})
    return replace(letter, state=state, waiting=False, snooze_until=until, done=done)


def received(dossier: Dossier, letter_id: str, now: datetime) -> Dossier:
    """The letter has arrived: nothing about it is nagged any more, and the thank-you is due."""
    dossier = moved(
        settled(dossier, [letter_id]), letter_id, State.RECEIVED, reason="the applicant says it was received"
    )
    return dossier.with_letter(replace(dossier.letter(letter_id), received_at=now))


def quiet(dossier: Dossier, letters: Iterable[str]) -> Dossier:
    """No mail about these letters waits any more: queued mail is dropped, previews and questions are gone."""
    gone = set(letters)
    dossier = drop_queued(settled(dossier, gone), gone, NEWS)
    return replace(dossier, previews=tuple(p for p in dossier.previews if not gone & set(p.mail.letters)))


def settled(dossier: Dossier, letters: Iterable[str]) -> Dossier:
    """The same for letters that went well: news for the mentor still waits."""
    gone = tuple(letters)
    return unasked(drop_queued(dossier, gone, set(Purpose) - TO_APPLICANT - NEWS), gone)


def unasked(dossier: Dossier, letters: Iterable[str]) -> Dossier:
    """The applicant is asked nothing about these letters any more: questions, and previews but of news, are gone."""
    gone = set(letters)
    return replace(
        dossier,
        previews=tuple(p for p in dossier.previews if p.mail.purpose in NEWS or not gone & set(p.mail.letters)),
        questions=tuple(q for q in dossier.questions if q.letter not in gone),
    )


def drop_queued(dossier: Dossier, letters: Iterable[str], purposes: AbstractSet[Purpose]) -> Dossier:
    """Mail about these letters that has not left yet is dropped, where its purpose is one of `purposes`."""
    gone = set(letters)
    mails = tuple(
        replace(m, progress=Progress.DROPPED, remark="no longer needed")
        if m.progress is Progress.QUEUED and m.purpose in purposes and gone & set(m.letters)
        else m
        for m in dossier.mails
    )
    return replace(dossier, mails=mails)


def stepped(dossier: Dossier, letter_id: str, *steps: str) -> Dossier:
    """The letter with steps of the clock marked as taken."""
    letter = dossier.letter(letter_id)
    new = tuple(step for step in steps if step not in letter.done)
    return dossier.with_letter(replace(letter, done=letter.done + new))


def with_contact(dossier: Dossier, contact: Contact) -> Dossier:
    if any(c.message_id == contact.message_id and c.direction == contact.direction for c in dossier.contacts):
        return dossier
    return replace(dossier, contacts=(*dossier.contacts, contact))


def _after_sending(letter: Letter, purpose: Purpose, now: datetime) -> Letter:
    before, after = AFTER_SENDING.get(purpose, (frozenset[State](), letter.state))
    moves = letter.state in before
    letter = replace(letter, state=after if moves else letter.state, last_sent_at=now)
    if purpose in COUNTS_AS_UNANSWERED:
        letter = replace(letter, unanswered=letter.unanswered + 1)
    if purpose is Purpose.ASK and moves:  # what went before never reached this person
        return replace(letter, asked_at=now, waiting=False, unanswered=1, done=(), snooze_until=None)
    if purpose is Purpose.PACKET and moves:
        return replace(letter, packet_at=now, waiting=False)
    return letter
