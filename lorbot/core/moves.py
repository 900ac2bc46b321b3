"""What each word that answers a question does: the table `MOVES`, one function for each word.

Every move says in its `why` what it did, in words for the applicant; nothing is promised that the clock does not keep.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from lorbot.core import addressing, dates, letters, promoted, view, writing
from lorbot.core.answer import Answer
from lorbot.core.answer import open_still as _open_still
from lorbot.core.answer import says as _says
from lorbot.core.answer import sentence as _sentence
from lorbot.core.decision import Decision, Written
from lorbot.core.dossier import Letter, Mail, Progress, Purpose, State


def _thank(answer: Answer) -> Decision:
    """The ready text goes, and the letter is closed: declined stays declined, a hedge becomes a graceful no."""
    prepared = answer.question.prepared
    if prepared is None:
        return _open_still(answer, "There is no ready text for this; answer with write: and your own words.")
    state = answer.letter.state if answer.letter.state in letters.CLOSED else State.DECLINED
    dossier = letters.moved(answer.dossier, answer.letter.id, state)
    after, leaves = _queued(replace(answer, dossier=dossier), prepared)
    return _says(after, f"Your thank-you to {answer.mentor.name} {_goes(after, leaves)}. The letter is closed.")


def _apologise(answer: Answer) -> Decision:
    prepared = answer.question.prepared
    assert prepared is not None, "a question with this word has the apology ready"
    after, leaves = _queued(answer, prepared)
    return _says(after, f"The apology to {prepared.to.email} {_goes(after, leaves)}; nothing more will go there.")


def _packet(answer: Answer) -> Decision:
    if answer.letter.state in letters.WROTE:
        return _says(answer, f"Nothing is sent: the letter of {answer.mentor.name} is written already.")
    return _with_packet(answer, [answer.letter], f"The packet to {answer.mentor.name}")


def _wait(answer: Answer) -> Decision:
    until = answer.word.until
    assert until is not None, "this word comes with its day"
    letter, name, day = answer.letter, answer.mentor.name, dates.say(until)
    done = tuple(step for step in letter.done if step not in {"choose", "overdue"})
    after = replace(letter, state=_state_before(letter), waiting=False, snooze_until=until, done=done)
    if answer.question.topic == "overdue":
        says = f"I ask you again on {day}, unless the letter is in by then. Nothing goes to {name}."
    elif letter.state is State.SILENT:
        says = f"Nothing more goes to {name}; I ask you again on {day}."
    elif after.state is State.ASKED:
        says = f"I wait at least until {day}; if nothing has come by then, one short, friendly note goes to {name}."
    else:
        says = f"I do not chase {name} before {day}."
    return _says(replace(answer, dossier=answer.dossier.with_letter(after)), says)


def _write(answer: Answer) -> Decision:
    """The applicant's own text goes as it is, in the thread."""
    letter = answer.letter
    if answer.mentor.never or not answer.mentor.email:
        return _open_still(answer, f"Nothing is sent: {answer.mentor.name} gets no mail from me.")
    mail = writing.to_mentor(
        answer.dossier, Purpose.OWN_WORDS, [letter], policy=answer.policy, now=answer.now,
        step=f"own-{writing.key_of(answer.event.incoming)}", more={"own_words": answer.word.text},
    )  # fmt: skip
    answer = replace(answer, dossier=answer.dossier.with_letter(replace(letter, waiting=False)))
    goes = _goes(answer, mail.not_before or answer.now)
    return _says(answer, f"Your mail to {mail.to.name} {goes}, word for word.").adding(mail)


def _received(answer: Answer) -> Decision:
    dossier = letters.received(answer.dossier, answer.letter.id, answer.now)
    says = f"The letter of {answer.mentor.name} is received. The thank-you goes one working day from now."
    return _says(replace(answer, dossier=dossier), says)


def _not_yet(answer: Answer) -> Decision:
    letter = replace(answer.letter, waiting=False)
    answer = replace(answer, dossier=answer.dossier.with_letter(letter))
    return _says(answer, f"Noted: not in the portal yet. When it is, send: received {answer.mentor.name}")


def _talk(answer: Answer) -> Decision:
    letter = replace(answer.letter, waiting=True)
    answer = replace(answer, dossier=answer.dossier.with_letter(letter))
    others = ", ".join(choice for choice in answer.question.choices if choice != "talk")
    return _open_still(answer, f"Good. I write nothing until you tell me how it went; answer this mail with: {others}")


def _close(answer: Answer) -> Decision:
    dossier = letters.moved(answer.dossier, answer.letter.id, State.CANCELLED, reason="closed by the applicant")
    answer = replace(answer, dossier=dossier)
    return _says(answer, f"The letter of {answer.mentor.name} is closed; nothing more goes out.")


def _address(answer: Answer) -> Decision:
    """The mentor has another address: what never arrived goes there, an ask again for the applicant's word."""
    if any(answer.word.rest in choice for choice in answer.question.choices):
        return _open_still(answer, "Please write the right address in place of the example.")
    try:
        email = addressing.address_in(answer.word.rest)
        addressing.check_free(answer.dossier, answer.mentor, email)
    except addressing.AddressError as error:
        return _open_still(answer, _sentence(str(error)))
    dossier = addressing.readdressed(answer.dossier, answer.mentor, email)
    about = [x for x in dossier.letters_of(answer.mentor.id) if x.state is State.BOUNCED or x.id == answer.letter.id]
    for letter in about:
        dossier = dossier.with_letter(replace(letter, waiting=False))
    answer = replace(answer, dossier=dossier)
    under_way = [x for x in about if x.state in letters.UNDER_WAY]
    if under_way:
        return _with_packet(answer, under_way, f"From now on I write to {email}. The packet")
    shown: list[Written] = []
    for letter in (x for x in about if x.state in letters.ASKABLE):
        dossier = dossier.with_letter(replace(letter, state=State.PREVIEWED, waiting=False))
        shown.append(writing.ask_preview(dossier, letter, policy=answer.policy, now=answer.now))
    if not shown:
        return _says(answer, f"From now on I write to {email}.")
    answer = replace(answer, dossier=dossier)
    return _says(answer, f"The ask to {email} follows in a mail of its own, for your word.").adding(*shown)


def _same_person(answer: Answer) -> Decision:
    email = answer.question.about
    try:
        addressing.check_free(answer.dossier, answer.mentor, email)
    except addressing.AddressError as error:
        return _open_still(answer, _sentence(str(error)))
    name = answer.mentor.name
    answer = replace(answer, dossier=addressing.readdressed(answer.dossier, answer.mentor, email))
    return _says(answer, f"Noted: {email} is {name}, and I write there from now on.")


def _nothing(answer: Answer) -> Decision:
    if answer.letter.state in letters.UNANSWERED and answer.letter.waiting:
        return _says(answer, f"Nothing is sent, and no note goes to {answer.mentor.name} by itself.")
    return _says(answer, "Nothing is sent.")


def _it_arrived(answer: Answer) -> Decision:
    mail = answer.dossier.mail(answer.question.about)
    assert mail is not None, "the question is about a mail of the dossier"
    answer = replace(answer, dossier=letters.sent(answer.dossier, mail, answer.now))
    return _says(answer, f"Good: “{mail.subject}” counts as sent.")


def _send_again(answer: Answer) -> Decision:
    mail = answer.dossier.mail(answer.question.about)
    assert mail is not None, "the question is about a mail of the dossier"
    again = replace(mail, progress=Progress.QUEUED, next_try_at=None)
    answer = replace(answer, dossier=answer.dossier.with_mail(again))
    return _says(answer, f"“{mail.subject}” is sent again.")


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
    "same": _same_person,
    "nothing": _nothing,
    "it": _it_arrived,
    "send": _send_again,
    "ask": promoted.ask_anyway,
    "episode": promoted.episode,
}


# -- pieces ------------------------------------------------------------------------------------------------------


def _queued(answer: Answer, mail: Mail) -> tuple[Answer, datetime]:
    """The answer with `mail` on its way at the next hour that manners allow, and that hour."""
    leaves = writing.when_to_mail(answer.mentor, answer.policy, answer.now)
    mail = replace(mail, not_before=leaves, decided_at=answer.now, progress=Progress.QUEUED, automatic=False)
    return replace(answer, dossier=answer.dossier.with_mail(mail)), leaves


def _with_packet(answer: Answer, about: list[Letter], says: str) -> Decision:
    dossier = answer.dossier
    if answer.mentor.never or not answer.mentor.email:
        return _open_still(answer, f"Nothing is sent: {answer.mentor.name} gets no mail from me.")
    agreed = [replace(x, state=State.AGREED, agreed_at=x.agreed_at or answer.now, waiting=False) for x in about]
    for letter in agreed:
        dossier = dossier.with_letter(letter)
    dossier = letters.drop_queued(dossier, [x.id for x in agreed], {Purpose.NUDGE, Purpose.PACKET})
    mail = writing.to_mentor(dossier, Purpose.PACKET, agreed, policy=answer.policy, now=answer.now)
    answer = replace(answer, dossier=dossier)
    return _says(answer, f"{says} {_goes(answer, mail.not_before or answer.now)}.").adding(mail)


def _goes(answer: Answer, leaves: datetime) -> str:
    if answer.dossier.paused:
        return "goes once you end the pause, with: resume"
    if leaves <= answer.now:
        return "goes now"
    return f"goes on {dates.say_moment(leaves, view.zone_of(answer.dossier.applicant, answer.policy))}"


def _state_before(letter: Letter) -> State:
    """Where a letter that was held or silent stands while the mentor is given time."""
    if letter.state not in {State.HELD, State.SILENT}:
        return letter.state
    return State.PACKET_SENT if letter.packet_at else State.AGREED if letter.agreed_at else State.ASKED
