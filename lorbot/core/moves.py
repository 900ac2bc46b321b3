"""What each word that answers a question does: the table `MOVES`, one function for each word.

Every move says in its `why` what it did, in words for the applicant; nothing is promised that the clock does not keep.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from lorbot.core import (
    addressing,
    asked_back,
    asking,
    dates,
    elsewhere,
    endings,
    handed_on,
    letters,
    move,
    outside,
    promoted,
    renewal,
    view,
    writing,
)
from lorbot.core.correspondence import Progress, Purpose
from lorbot.core.decision import Decision, PreviewDraft
from lorbot.core.dossier import Dossier, State
from lorbot.core.move import Answer


def _thank(answer: Answer) -> Decision:
    """The ready text goes, and the letter is closed: declined stays declined, a hedge becomes a graceful no."""
    prepared = answer.question.prepared
    if prepared is None:
        return move.open_still(answer, "There is no ready text for this; answer with write: and your own words.")
    state = answer.letter.state if answer.letter.state in letters.CLOSED else State.DECLINED
    dossier = letters.moved(answer.dossier, answer.letter.id, state)
    answer = replace(answer, dossier=dossier)
    if prepared.outdated:
        again = renewal.offered(answer.dossier, prepared, answer.policy, answer.now)
        says = "Some of what the thank-you says has changed since I showed it; it follows once more, for your word."
        return move.says(answer, says, "The letter is closed.").adding(*again.mails)
    after, leaves = move.queued(answer, prepared)
    return move.says(after, f"Your thank-you to {answer.mentor.name} {move.goes(after, leaves)}. The letter is closed.")


def _apologise(answer: Answer) -> Decision:
    prepared = answer.question.prepared
    assert prepared is not None, "a question with this word has the apology ready"
    after, leaves = move.queued(answer, prepared)
    return move.says(
        after, f"The apology to {prepared.to.email} {move.goes(after, leaves)}; nothing more will go there."
    )


def _packet(answer: Answer) -> Decision:
    if answer.letter.state in letters.WROTE:
        return move.says(answer, f"Nothing is sent: the letter of {answer.mentor.name} is written already.")
    return move.with_packet(answer, [answer.letter], f"The packet to {answer.mentor.name}")


def _wait(answer: Answer) -> Decision:
    until = answer.word.until
    assert until is not None, "this word comes with its day"
    letter, name, day = answer.letter, answer.mentor.name, dates.say(until)
    after = letters.put_off(letter, until)
    if answer.question.topic == "overdue":
        after = replace(after, missed_at=None)  # it is asked about again, though a later programme's date may be ahead
    if answer.question.topic == "overdue":
        says = f"I ask you again on {day}, unless the letter is in by then. Nothing goes to {name}."
    elif letter.state is State.SILENT:
        says = f"Nothing more goes to {name}; I ask you again on {day}."
    elif after.state is State.ASKED:
        says = f"I wait at least until {day}; if nothing has come by then, one short, friendly note goes to {name}."
    else:
        says = f"I do not chase {name} before {day}."
    return move.says(replace(answer, dossier=answer.dossier.with_letter(after)), says)


def _write(answer: Answer) -> Decision:
    """The applicant's own text goes as it is, in the thread."""
    letter = answer.letter
    if answer.mentor.never or not answer.mentor.email:
        return move.open_still(answer, f"Nothing is sent: {answer.mentor.name} gets no mail from me.")
    mail = writing.to_mentor(
        answer.dossier, Purpose.OWN_WORDS, [letter], policy=answer.policy, now=answer.now,
        step=f"own-{writing.key_of(answer.event.incoming)}", more={"own_words": answer.word.text},
    )  # fmt: skip
    answer = replace(answer, dossier=_brought_up_later(answer))
    goes = move.goes(answer, mail.not_before or answer.now)
    return move.says(answer, f"Your mail to {mail.to.name} {goes}, word for word.").adding(mail)


def _brought_up_later(answer: Answer) -> Dossier:
    """The letter on its clock again. Where the clock would have no step left, the applicant is asked again later."""
    letter = answer.letter
    done = tuple(step for step in letter.done if step not in {"held", "overdue"})
    letter = replace(letter, waiting=False, done=done)
    if answer.question.topic == "overdue":
        today = view.today(answer.dossier.applicant, answer.policy, answer.now)
        later = today + timedelta(days=answer.policy.bring_up_after_days)
        letter = replace(letter, snooze_until=later, missed_at=None)
    return answer.dossier.with_letter(letter)


def _received(answer: Answer) -> Decision:
    says = f"The letter of {answer.mentor.name} is received. The thank-you goes one working day from now."
    return move.says(replace(answer, dossier=letters.received(answer.dossier, answer.letter.id, answer.now)), says)


def _not_yet(answer: Answer) -> Decision:
    letter = replace(answer.letter, waiting=False)
    answer = replace(answer, dossier=answer.dossier.with_letter(letter))
    return move.says(answer, f"Noted: not in the portal yet. When it is, send: received {answer.mentor.name}")


def _talk(answer: Answer) -> Decision:
    letter = replace(answer.letter, waiting=True)
    answer = replace(answer, dossier=answer.dossier.with_letter(letter))
    others = ", ".join(choice for choice in answer.question.choices if choice != "talk")
    return move.open_still(
        answer, f"Good. I write nothing until you tell me how it went; answer this mail with: {others}"
    )


def _close(answer: Answer) -> Decision:
    dossier = letters.moved(answer.dossier, answer.letter.id, State.CANCELLED, reason="closed by the applicant")
    answer = replace(answer, dossier=dossier)
    return move.says(answer, f"The letter of {answer.mentor.name} is closed; nothing more goes out.")


def _address(answer: Answer) -> Decision:
    """The mentor has another address: what never arrived goes there, an ask again for the applicant's word."""
    if any(answer.word.rest in choice for choice in answer.question.choices):
        return move.open_still(answer, "Please write the right address in place of the example.")
    try:
        email = addressing.address_in(answer.word.rest)
        addressing.check_free(answer.dossier, answer.mentor, email)
    except addressing.AddressError as error:
        return move.open_still(answer, move.sentence(str(error)))
    dossier = addressing.readdressed(answer.dossier, answer.mentor, email)
    about = [x for x in dossier.letters_of(answer.mentor.id) if x.state is State.BOUNCED or x.id == answer.letter.id]
    for letter in about:
        dossier = dossier.with_letter(replace(letter, waiting=False))
    answer = replace(answer, dossier=dossier)
    under_way = [x for x in about if x.state in letters.UNDER_WAY]
    if under_way:
        return move.with_packet(answer, under_way, f"From now on I write to {email}. The packet")
    shown = Decision(dossier=dossier)
    for letter in (dossier.letter(x.id) for x in about if x.state in letters.ASKABLE):
        asked = asking.shown(shown.dossier, letter, policy=answer.policy, now=answer.now)
        shown = replace(asked, mails=(*shown.mails, *asked.mails))
    if not shown.mails:
        return move.says(answer, f"From now on I write to {email}.")
    answer = replace(answer, dossier=shown.dossier)
    says = f"The ask to {email} follows in a mail of its own, for your word."
    if not any(isinstance(m, PreviewDraft) for m in shown.mails):
        says = f"Before I show you the ask to {email}, I need a few words; see my mail about it."
    return move.says(answer, says).adding(*shown.mails)


def _agreed(answer: Answer) -> Decision:
    shown = outside.agreed(answer.dossier, answer.letter, policy=answer.policy, now=answer.now, at=answer.now)
    follows = "The packet follows in a mail of its own, for your word." if shown.mails else "No mail goes out."
    says = f"{answer.mentor.name} has agreed. {follows}"
    return move.says(replace(answer, dossier=shown.dossier), says).adding(*shown.mails)


def _declined(answer: Answer) -> Decision:
    key = writing.key_of(answer.event.incoming)
    policy, now = answer.policy, answer.now
    closed = outside.declined(answer.dossier, answer.letter, policy=policy, now=now, at=now, key=key)
    says = f"The letter of {answer.mentor.name} is closed. How to go on follows in a mail of its own."
    return move.says(replace(answer, dossier=closed.dossier), says).adding(*closed.mails)


def _cancel(answer: Answer) -> Decision:
    after = endings.cancelled(answer.dossier, answer.letter, policy=answer.policy, now=answer.now)
    note = " A short note follows in a mail of its own, for your word." if after.mails else ""
    says = f"The letter of {answer.mentor.name} is cancelled; nothing more goes out about it by itself.{note}"
    return move.says(replace(answer, dossier=after.dossier), says).adding(*after.mails)


def _nothing(answer: Answer) -> Decision:
    if answer.letter.state in letters.UNANSWERED and answer.letter.waiting:
        return move.says(answer, f"Nothing is sent, and no note goes to {answer.mentor.name} by itself.")
    if answer.letter.state is State.HELD:
        answer = replace(answer, dossier=_brought_up_later(answer))
        days = answer.policy.bring_up_after_days
        return move.says(
            answer, f"Nothing is sent. If the letter still waits for a decision in {days} days, I ask again."
        )
    return move.says(answer, "Nothing is sent.")


def _it_arrived(answer: Answer) -> Decision:
    mail = answer.dossier.mail(answer.question.about)
    assert mail is not None, "the question is about a mail of the dossier"
    answer = replace(answer, dossier=letters.sent(answer.dossier, mail, answer.now))
    return move.says(answer, f"Good: “{mail.subject}” counts as sent.")


def _send(answer: Answer) -> Decision:
    """The ready text, or the mail that perhaps never arrived."""
    if answer.question.prepared is not None:
        return asked_back.send_ready(answer)
    mail = answer.dossier.mail(answer.question.about)
    assert mail is not None, "the question is about a mail of the dossier"
    again = replace(mail, progress=Progress.QUEUED, next_try_at=None, decided_at=answer.now)
    answer = replace(answer, dossier=answer.dossier.with_mail(again))
    return move.says(answer, f"“{mail.subject}” is sent again.")


MOVES: dict[str, Callable[[Answer], Decision]] = {
    "thank": _thank,
    "apologise": _apologise,
    "packet": _packet,
    "wait": _wait,
    "backup": promoted.backup,
    "write": _write,
    "received": _received,
    "not": _not_yet,
    "talk": _talk,
    "close": _close,
    "address": _address,
    "same": elsewhere.same_person,
    "cc": handed_on.copied,
    "agreed": _agreed,
    "declined": _declined,
    "cancel": _cancel,
    "keep": lambda answer: move.says(answer, "Nothing is cancelled; all goes on as before."),
    "nothing": _nothing,
    "it": _it_arrived,
    "send": _send,
    "ask": promoted.ask_anyway,
    "episode": promoted.episode,
}
