"""What is due, computed from the dossier alone, so that nothing is lost while the program was not running.

A step is taken once; of several that are overdue only the last is taken, and a mentor gets one mail for all letters,
so that a laptop that slept for two weeks sends at most one mail per mentor.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from lorbot.core import approval, asking_time, letters, outgoing, renewal, writing
from lorbot.core.correspondence import Preview, Progress, Purpose, Question
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter
from lorbot.core.policy import Policy
from lorbot.core.steps import Step, coming, last_due, taken


def ticked(dossier: Dossier, policy: Policy, now: datetime) -> Decision:
    """Everything that is due at `now`: at most one mail per mentor, and none that missed its hour."""
    if dossier.paused:
        return Decision(dossier=dossier)
    decision = renewal.taken_back(outgoing.on_time(dossier, policy, now), policy, now)
    mailed: set[str] = set()
    for letter_id in [letter.id for letter in dossier.letters]:
        decision = decision.followed_by(_steps(decision.dossier, letter_id, policy, now, mailed))
    for preview in decision.dossier.previews:
        decision = decision.followed_by(_preview_due(decision.dossier, preview, policy, now))
    for question in decision.dossier.questions:
        decision = decision.followed_by(_question_due(decision.dossier, question, policy, now))
    return decision.then(lambda dossier: asking_time.ticked(dossier, policy, now))  # last: an ask may be put away first


def next_due(dossier: Dossier, policy: Policy, now: datetime) -> datetime | None:
    """When there is something to do next: a step of the clock, or a mail that may leave. Never before `now`.

    A step that waits for a queued mail is not counted: the mail's leaving is the next thing to happen.
    """
    times = [t for t in (outgoing.next_departure(dossier),) if t]
    if not dossier.paused:
        times += [*_step_times(dossier, policy), *asking_time.times(dossier, policy, now)]
        times += [_next_showing(p, policy) for p in dossier.previews]
        times += [at for q in dossier.questions if (at := _next_asking(dossier, q, policy))]
        times += [now for m in dossier.mails if renewal.is_taken_back(m) and not dossier.mentor(m.mentor).never]
    return max(min(times), now) if times else None


def next_step(dossier: Dossier, letter: Letter, policy: Policy, now: datetime) -> tuple[str, datetime] | None:
    """The name and the moment of the next step of this letter's clock, or None."""
    times = [(at, step.name) for at, step in coming(dossier, letter, policy)]
    ahead = [x for x in times if x[0] > now] or times
    return (min(ahead)[1], min(ahead)[0]) if ahead else None


# -- steps ---------------------------------------------------------------------------------------------------------


def _step_times(dossier: Dossier, policy: Policy) -> Iterator[datetime]:
    for letter in dossier.letters:
        for at, step in coming(dossier, letter, policy):
            if not _is_blocked(dossier, letter, step, set()):
                yield at


def _is_blocked(dossier: Dossier, letter: Letter, step: Step, mailed: set[str]) -> bool:
    """Whether a step waits until a mail to the mentor has left, or has been given up."""
    if not step.mails_mentor and step.group != "answer":
        return False
    passing = letters.TO_APPLICANT | {Purpose.UPDATE}  # news waits for other mail, not the other way round
    queued = {m.mentor for m in dossier.mails if m.progress is Progress.QUEUED and m.purpose not in passing}
    return letter.mentor in queued | mailed


def _together(dossier: Dossier, letter: Letter, step: Step, policy: Policy, now: datetime) -> tuple[Letter, ...]:
    """The letters that one mail is for: this one, and the mentor's others whose step of the same kind is due."""
    if not step.mails_mentor:
        return (letter,)
    others = (x for x in dossier.letters_of(letter.mentor) if x.id != letter.id)
    return (letter, *(x for x in others if _same(last_due(dossier, x, policy, now), step)))


def _same(other: Step | None, step: Step) -> bool:
    """Two reminders are one mail, whatever their days; a first nudge and a last one are not."""
    if other is None or not other.mails_mentor or other.group != step.group:
        return False
    return other.name == step.name or step.group == "deadline"


def _steps(dossier: Dossier, letter_id: str, policy: Policy, now: datetime, mailed: set[str]) -> Decision:
    """The step of a letter that is due. One more can be due only once a deadline was missed and the next one counts.
    `mailed` takes up whom a mail goes to.
    """
    decision, letter = Decision(dossier=dossier), dossier.letter(letter_id)
    while (step := last_due(decision.dossier, letter, policy, now)) is not None:
        if _is_blocked(decision.dossier, letter, step, mailed):
            break
        about = _together(decision.dossier, letter, step, policy, now)
        decision = decision.followed_by(_step(decision.dossier, about, step, policy, now))
        mailed |= {letter.mentor} if step.mails_mentor else set()
        letter = decision.dossier.letter(letter_id)
    return decision


def _step(dossier: Dossier, about: tuple[Letter, ...], step: Step, policy: Policy, now: datetime) -> Decision:
    for letter in about:
        dossier = taken(dossier, letter, policy, now)
    return step.does(dossier, [dossier.letter(x.id) for x in about], policy, now)


# -- what waits for the applicant ----------------------------------------------------------------------------------

MOST_PUT_AWAY = 20  # previews that a late answer can still find


def _preview_due(dossier: Dossier, preview: Preview, policy: Policy, now: datetime) -> Decision:
    """A preview that was put off is shown again; one that nobody answers is shown once more, then expires."""
    if now < _next_showing(preview, policy):
        return Decision(dossier=dossier)
    put_off = preview.later_until is not None
    expired = now >= preview.shown_at + timedelta(days=policy.preview_expires_after_days)
    if approval.obstacles(dossier, preview.mail, now) or (expired and not put_off):
        return _expired(dossier, preview, policy, now)
    kept = replace(preview, later_until=None, repeated=not put_off, shown_at=now if put_off else preview.shown_at)
    return renewal.shown_again(dossier, kept, policy, now, "again")


def _expired(dossier: Dossier, preview: Preview, policy: Policy, now: datetime) -> Decision:
    letter = dossier.letter(preview.mail.letters[0])
    kept = tuple(p for p in dossier.put_away if p.id != preview.id)[1 - MOST_PUT_AWAY :]
    dossier = replace(approval.put_back(dossier, preview), put_away=(*kept, preview))
    if preview.mail.purpose is Purpose.ASK:  # this mail says how to ask, and how many days are left
        dossier = asking_time.as_told(dossier, dossier.application(letter.application), policy, now)
    problems = approval.obstacles(dossier, preview.mail, now)
    more = writing.about_letter(
        dossier, letter, policy, now, purpose=preview.mail.purpose.value, subject=preview.mail.subject,
        problems=problems,
    )  # fmt: skip
    mail = writing.to_applicant(
        dossier, Purpose.NOTICE, "applicant/told_expired", key=f"{preview.id}-expired", letters=[letter], more=more
    )
    why = f"the {preview.mail.purpose.value} to {preview.mail.to.name} was never answered and was put away"
    return Decision(dossier=dossier.noting(now, why, letter.id), mails=(mail,), why=(why,))


def _next_showing(preview: Preview, policy: Policy) -> datetime:
    if preview.later_until is not None:
        return preview.later_until
    days = policy.preview_expires_after_days if preview.repeated else policy.preview_repeat_after_days
    return preview.shown_at + timedelta(days=days)


def _question_due(dossier: Dossier, question: Question, policy: Policy, now: datetime) -> Decision:
    """A question that nobody answers is asked once more, with today's dates; then the status alone names it."""
    at = _next_asking(dossier, question, policy)
    if at is None or now < at:
        return Decision(dossier=dossier)
    repeated = tuple(replace(q, repeated=True) if q.id == question.id else q for q in dossier.questions)
    mail = writing.asked_again(dossier, question, policy, now)
    dossier = replace(dossier, questions=repeated)
    why = f"nobody answered the question about {dossier.mentor(mail.mentor).name}; it was asked once more"
    return Decision(dossier=dossier.noting(now, why, question.letter), mails=(mail,), why=(why,))


def _next_asking(dossier: Dossier, question: Question, policy: Policy) -> datetime | None:
    asked = dossier.mail(question.id)
    if question.repeated or asked is None or not asked.template:
        return None
    return question.asked_at + timedelta(days=policy.question_repeat_after_days)
