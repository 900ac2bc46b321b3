"""What follows when the applicant answers a question: thank, packet, wait, backup, write and the others.

Policy is the table `MOVES`: one function for each word. Several words may be answered at once ("thank, backup").
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from lorbot.core import dates, letters, view, words, writing
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter, Progress, Purpose, Question, State, next_id
from lorbot.core.events import ApplicantWrote
from lorbot.core.policy import Policy
from lorbot.core.value import value
from lorbot.core.words import Word


@value
class Answer:
    """One word of the applicant's, and the question it answers."""

    dossier: Dossier
    event: ApplicantWrote
    question: Question
    word: Word
    policy: Policy
    now: datetime

    @property
    def letter(self) -> Letter:
        return self.dossier.letter(self.question.letter)


def answered(dossier: Dossier, event: ApplicantWrote, question: Question, policy: Policy, now: datetime) -> Decision:
    zone = dossier.applicant.time_zone or policy.time_zone
    found = words.question_answers(event.words, question.choices, view.local_day(now, zone), dossier.applicant.name)
    if not found:
        return _unclear(dossier, event, question, policy, now)
    dossier = replace(dossier, questions=tuple(q for q in dossier.questions if q.id != question.id))
    decision = Decision(dossier=dossier)
    said: list[str] = []
    for word in found:
        answer = Answer(dossier=decision.dossier, event=event, question=question, word=word, policy=policy, now=now)
        move = MOVES[word.verb](answer)
        said += move.why
        decision = decision.followed_by(move)
    dossier = decision.dossier.noting(
        now, f"the applicant decided: {', '.join(w.verb for w in found)}", question.letter
    )
    context = writing.about_letter(dossier, dossier.letter(question.letter), policy, now, said=said)
    told = writing.to_applicant(
        dossier, Purpose.REPLY, "applicant/done",
        key=f"r-{writing.key_of(event.incoming)}", answering=event.incoming,
        letters=[dossier.letter(question.letter)], more=context,
    )  # fmt: skip
    return replace(decision, dossier=dossier).adding(told)


# -- one function for each word ----------------------------------------------------------------------------------


def _thank(answer: Answer) -> Decision:
    """The ready text goes, and the letter is closed: declined stays declined, a hedge becomes a graceful no."""
    prepared = answer.question.prepared
    if prepared is None:
        return _says(answer, "There is no ready text for this; answer with write: and your own words.")
    state = answer.letter.state if answer.letter.state in letters.CLOSED else State.DECLINED
    dossier = letters.moved(answer.dossier, answer.letter.id, state)
    mentor = dossier.mentor(answer.letter.mentor)
    leaves = writing.when_to_mail(mentor, answer.policy, answer.now)
    mail = replace(prepared, not_before=leaves, decided_at=answer.now, progress=Progress.QUEUED)
    answer = replace(answer, dossier=dossier.with_mail(mail))
    return _says(answer, f"Your thank-you to {mentor.name} {_goes(answer, leaves)}. The letter is closed.")


def _apologise(answer: Answer) -> Decision:
    prepared = answer.question.prepared
    assert prepared is not None
    mentor = answer.dossier.mentor(answer.letter.mentor)
    leaves = writing.when_to_mail(mentor, answer.policy, answer.now)
    mail = replace(prepared, not_before=leaves, decided_at=answer.now, progress=Progress.QUEUED)
    answer = replace(answer, dossier=answer.dossier.with_mail(mail))
    return _says(answer, f"The apology to {mail.to.email} {_goes(answer, leaves)}; nothing more will go there.")


def _packet(answer: Answer) -> Decision:
    letter = replace(answer.letter, state=State.AGREED, agreed_at=answer.now, waiting=False)
    dossier = answer.dossier.with_letter(letter)
    mail = writing.to_mentor(dossier, Purpose.PACKET, [letter], policy=answer.policy, now=answer.now)
    answer = replace(answer, dossier=dossier)
    goes = _goes(answer, mail.not_before or answer.now)
    return _says(answer, f"The packet to {mail.to.name} {goes}.").adding(mail)


def _wait(answer: Answer) -> Decision:
    until = answer.word.until
    assert until is not None
    letter = answer.letter
    state = State.ASKED if letter.state in {State.HELD, State.SILENT} else letter.state
    done = tuple(step for step in letter.done if step not in {"choose", "overdue"})
    letter = replace(letter, state=state, waiting=False, snooze_until=until, unanswered=0, done=done)
    answer = replace(answer, dossier=answer.dossier.with_letter(letter))
    return _says(answer, f"I wait until {dates.say(until)} and then write one short, friendly note.")


def _backup(answer: Answer) -> Decision:
    """The backup takes the place: the ask is shown, and the letter it replaces is closed."""
    mentor = answer.dossier.mentor(answer.letter.mentor)
    backup = writing.backup_of(answer.dossier, mentor.id)
    if backup is None:
        words_ = f"No backup for {mentor.name} is named. Send: mentor NAME, with a line “backup for: {mentor.name}”."
        return _says(answer, words_ + " Then: ask NAME.")
    dossier = answer.dossier
    if answer.letter.state is not State.HELD and answer.letter.state not in letters.UNDER_WAY | letters.CLOSED:
        dossier = letters.moved(dossier, answer.letter.id, State.CANCELLED, reason="the backup takes its place")
    letter, dossier = _letter_of_backup(dossier, backup.id, answer.letter.application)
    if letter.state not in letters.ASKABLE or not backup.email or not backup.worked_together:
        answer = replace(answer, dossier=dossier)
        return _says(answer, f"{backup.name} is the backup; send: ask {backup.name}, and I show you the mail.")
    dossier = dossier.with_letter(replace(letter, state=State.PREVIEWED))
    shown = writing.ask_preview(dossier, letter, policy=answer.policy, now=answer.now, because="backup")
    answer = replace(answer, dossier=dossier)
    return _says(answer, f"The ask to {backup.name} follows in a mail of its own, for your word.").adding(shown)


def _write(answer: Answer) -> Decision:
    """The applicant's own text goes as it is, in the thread."""
    letter = answer.letter
    mail = writing.to_mentor(
        answer.dossier, Purpose.OWN_WORDS, [letter], policy=answer.policy, now=answer.now,
        step=f"own-{writing.key_of(answer.event.incoming)}", more={"own_words": answer.word.text},
    )  # fmt: skip
    answer = replace(answer, dossier=answer.dossier.with_letter(replace(letter, waiting=False)))
    goes = _goes(answer, mail.not_before or answer.now)
    return _says(answer, f"Your mail to {mail.to.name} {goes}, word for word.").adding(mail)


def _received(answer: Answer) -> Decision:
    dossier = letters.quiet(answer.dossier, [answer.letter.id])
    dossier = letters.moved(dossier, answer.letter.id, State.RECEIVED, reason="the applicant says it was received")
    letter = replace(dossier.letter(answer.letter.id), received_at=answer.now)
    mentor = dossier.mentor(letter.mentor)
    answer = replace(answer, dossier=dossier.with_letter(letter))
    return _says(answer, f"The letter of {mentor.name} is received. The thank-you goes one working day from now.")


def _not_yet(answer: Answer) -> Decision:
    letter = replace(answer.letter, waiting=False)
    answer = replace(answer, dossier=answer.dossier.with_letter(letter))
    return _says(answer, "Noted: not in the portal yet. When it is, send: received and the name.")


def _talk(answer: Answer) -> Decision:
    letter = replace(answer.letter, waiting=True)
    answer = replace(answer, dossier=answer.dossier.with_letter(letter))
    return _says(answer, "Good. I write nothing until you tell me how it went: wait 10 days, or backup.")


def _close(answer: Answer) -> Decision:
    dossier = letters.moved(answer.dossier, answer.letter.id, State.CANCELLED, reason="closed by the applicant")
    mentor = dossier.mentor(answer.letter.mentor)
    return _says(replace(answer, dossier=dossier), f"The letter of {mentor.name} is closed; nothing more goes out.")


def _address(answer: Answer) -> Decision:
    mentor = replace(answer.dossier.mentor(answer.letter.mentor), email=answer.word.rest)
    dossier = answer.dossier.with_mentor(mentor)
    if answer.letter.asked_at is not None and answer.letter.state not in letters.ASKABLE:
        return _says(replace(answer, dossier=dossier), f"From now on I write to {mentor.email}.")
    letter = replace(answer.letter, state=State.PREVIEWED, waiting=False)
    dossier = dossier.with_letter(letter)
    shown = writing.ask_preview(dossier, letter, policy=answer.policy, now=answer.now)
    answer = replace(answer, dossier=dossier)
    return _says(answer, f"The ask to {mentor.email} follows in a mail of its own, for your word.").adding(shown)


def _same_person(answer: Answer) -> Decision:
    email = answer.question.about
    mentor = replace(answer.dossier.mentor(answer.letter.mentor), email=email)
    answer = replace(answer, dossier=answer.dossier.with_mentor(mentor))
    return _says(answer, f"Noted: {email} is {mentor.name}, and I write there now. Please tell me what was said.")


def _nothing(answer: Answer) -> Decision:
    return _says(answer, "Nothing is sent.")


def _it_arrived(answer: Answer) -> Decision:
    mail = answer.dossier.mail(answer.question.about)
    assert mail is not None
    answer = replace(answer, dossier=letters.sent(answer.dossier, mail, answer.now))
    return _says(answer, f"Good: “{mail.subject}” counts as sent.")


def _send_again(answer: Answer) -> Decision:
    mail = answer.dossier.mail(answer.question.about)
    assert mail is not None
    again = replace(mail, progress=Progress.QUEUED, next_try_at=None)
    answer = replace(answer, dossier=answer.dossier.with_mail(again))
    return _says(answer, f"“{mail.subject}” is sent again.")


MOVES: dict[str, Callable[[Answer], Decision]] = {
    "thank": _thank,
    "apologise": _apologise,
    "packet": _packet,
    "wait": _wait,
    "backup": _backup,
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
}


# -- pieces ------------------------------------------------------------------------------------------------------


def _says(answer: Answer, sentence: str) -> Decision:
    return Decision(dossier=answer.dossier, why=(sentence,))


def _goes(answer: Answer, leaves: datetime) -> str:
    if leaves <= answer.now:
        return "goes now"
    zone = answer.dossier.applicant.time_zone or answer.policy.time_zone
    return f"goes on {dates.say_moment(leaves, zone)}"


def _letter_of_backup(dossier: Dossier, mentor: str, application: str) -> tuple[Letter, Dossier]:
    known = next((x for x in dossier.letters_of(mentor) if x.application == application), None)
    if known:
        return known, dossier
    letter = Letter(id=next_id("l", (x.id for x in dossier.letters)), mentor=mentor, application=application)
    return letter, dossier.with_letter(letter)


def _unclear(dossier: Dossier, event: ApplicantWrote, question: Question, policy: Policy, now: datetime) -> Decision:
    letter = dossier.letter(question.letter)
    more = writing.about_letter(
        dossier, letter, policy, now, choices=list(question.choices), said=event.words, topic=question.topic
    )
    told = writing.to_applicant(
        dossier, Purpose.QUESTION, "applicant/question_unclear",
        key=f"{question.id}-again", answering=event.incoming, letters=[letter], more=more,
    )  # fmt: skip
    return Decision(dossier=dossier, mails=(told,), why=("the applicant's answer was not clear",))
