"""A mail from the applicant: an answer to a preview or a question, a confirmation, or one command or several.

Only a genuine mail is acted on; another is held until the applicant confirms it from the registered address.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from lorbot.core import (
    answering,
    batches,
    choices,
    commands,
    doing,
    introduced,
    meanings,
    mended,
    orders,
    previews,
    threads,
    view,
    words,
    writing,
)
from lorbot.core.commands import forget, form
from lorbot.core.commands.base import Request, answered
from lorbot.core.correspondence import Purpose
from lorbot.core.courtesy import bluntly, content
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, HeldCommand
from lorbot.core.events import ApplicantWrote
from lorbot.core.order import Orders
from lorbot.core.policy import Policy
from lorbot.core.together import Step

MOST_HELD = 3  # confirmations that may wait at once; more would be mail for somebody else's pleasure
HELD_FOR = timedelta(days=3)


def applicant_wrote(dossier: Dossier, event: ApplicantWrote, policy: Policy, now: datetime) -> Decision:
    if not event.genuine:
        return _held(dossier, event, now)
    dossier = meanings.without_expired(dossier, now)
    found = _under_subject(dossier, event)
    if not found.items:
        held = next((h for h in dossier.held if h.id == event.answers), None)
        if held is not None:
            return _confirmed(dossier, event, held, policy, now)
        erasure = forget.question(dossier, event.answers) if event.answers else None
        if erasure is not None:
            return forget.answered(dossier, event, erasure, policy, now)
        decision = _answered(dossier, event, policy, now) if event.answers else None
        if decision is not None:
            return decision
        found = _in_text(dossier, event)
    return (
        introduced.followed(dossier, event, found.items, policy, now)
        or (doing.done(dossier, event, found.items, policy, now, left=found.left) if found.items else None)
        or _not_understood(dossier, event, policy, now)
    )


# -- commands ----------------------------------------------------------------------------------------------------


def _under_subject(dossier: Dossier, event: ApplicantWrote) -> Orders:
    """The commands of a new mail, or of an answer whose subject was written anew; () where the subject is none."""
    subject = threads.bare_subject(event.incoming.subject)
    known = dossier.mail(event.answers) if event.answers else None
    if event.answers and (known is None or _is_subject_of(subject, known.subject)):
        return Orders()
    if event.forwarded is not None and _is_subject_of(subject, event.forwarded.subject):
        return Orders()  # the subject is that of the mail inside
    sender = view.sender(dossier.applicant)
    if subject != event.incoming.subject.strip() and orders.in_text(dossier, event.words, sender).items:
        return Orders()  # an old subject, and a new command below it
    if not orders.in_line(dossier, subject):
        return Orders()
    return orders.in_mail(dossier, subject, event.words, sender)


def _is_subject_of(subject: str, other: str) -> bool:
    return threads.bare_subject(other).casefold() == subject.casefold()


def _in_text(dossier: Dossier, event: ApplicantWrote) -> Orders:
    """The commands of a mail whose subject is none, or of an answer: forms that came back, then what is written."""
    sender = view.sender(dossier.applicant)
    found = orders.in_text(dossier, event.words, sender)
    if found.items and not found.left:
        return found
    mended_ones = mended.orders_in(dossier, event)
    if mended_ones:
        return Orders(items=mended_ones)
    if not event.words.strip():  # a command that the answered mail shows, typed as it stands there
        repeated = orders.in_text(dossier, event.typed, sender)
        return repeated if not repeated.left else Orders()
    return found if found.items else orders.in_first_line(dossier, event.words)


def _not_understood(dossier: Dossier, event: ApplicantWrote, policy: Policy, now: datetime) -> Decision:
    known = dossier.mail(event.answers) if event.answers else None
    waits = any(h.id == event.answers for h in dossier.held)
    over = known is not None and not waits and known.key.startswith(("p-", "q-", "h-", "w-"))
    request = Request(command="", argument="", form=form.parse(event.words, ()), event=event, policy=policy, now=now)
    seen = [{"name": c.name, "argument": c.argument, "does": c.does} for c in commands.COMMANDS]
    return answered(
        dossier, request, "not_understood",
        why="a mail from the applicant was not understood",
        subject=event.incoming.subject, said=words.first_lines(event.words), commands=seen, over=over,
    )  # fmt: skip


# -- answers -----------------------------------------------------------------------------------------------------


def _answered(dossier: Dossier, event: ApplicantWrote, policy: Policy, now: datetime) -> Decision | None:
    """What follows where the mail answers a preview, a question or a doubt that is open; else None."""
    preview, question = dossier.preview(event.answers), dossier.question(event.answers)
    waiting = meanings.waiting_for(dossier, event.answers)
    if preview is None and question is None:
        if waiting:
            return mended.chosen(dossier, event, waiting, policy, now)
        return _about_several(dossier, event, policy, now) or _late(dossier, event, policy, now)
    event = replace(event, words=previews.said(event)) if preview is not None else event
    today, sender = view.today(dossier.applicant, policy, now), view.sender(dossier.applicant)

    def is_answer(said: str) -> bool:
        if preview is not None:
            return words.answer_for_all(said, sender) is not None or bool(
                words.preview_answer(said, today, sender).verb
            )
        return question is not None and choices.is_answer(said, question, today, sender)

    def taken(answer: ApplicantWrote) -> Decision:
        if preview is not None:
            return previews.answered(dossier, answer, preview, policy, now)
        assert question is not None
        return choices.answered(dossier, answer, question, policy, now)

    split = answering.divided(dossier, event.words, sender, is_answer)
    if not split.wishes:
        return taken(event)
    if not split.answer:
        return doing.done(dossier, event, split.wishes, policy, now, waits=event.answers.partition("-again")[0])
    first = taken(replace(event, words=split.answer, typed=split.answer))
    heading = bluntly(" ".join(content(split.answer)))[:80]
    before = (Step(heading=heading, decision=first),)
    return doing.done(first.dossier, event, split.wishes, policy, now, before=before)


def _about_several(dossier: Dossier, event: ApplicantWrote, policy: Policy, now: datetime) -> Decision | None:
    """An answer to the mail that told of several previews: "send all"."""
    batch = batches.shown_by(dossier, event.answers)
    said = (words.answer_for_all(text, view.sender(dossier.applicant)) for text in (event.words, event.typed))
    for_all = next((word for word in said if word is not None), None)
    return batches.answered(dossier, event, batch, for_all, policy, now) if batch and for_all is not None else None


def _late(dossier: Dossier, event: ApplicantWrote, policy: Policy, now: datetime) -> Decision | None:
    """An answer to a preview that was put away."""
    expired = dossier.expired(event.answers)
    return previews.answered_late(dossier, event, expired, policy, now) if expired else None


# -- mail that does not prove to be the applicant's ----------------------------------------------------------------


def _held(dossier: Dossier, event: ApplicantWrote, now: datetime) -> Decision:
    """The mail could not be proved to be the applicant's: it is kept, and the registered address is asked."""
    dossier = _without_expired(dossier, now)
    if len(dossier.held) >= MOST_HELD:
        why = f"a command that could not be verified was left alone ({event.doubt}); {MOST_HELD} wait already"
        return Decision(dossier=dossier.noting(now, why), why=(why,))
    mail = writing.to_applicant(
        dossier, Purpose.REPLY, "applicant/confirm",
        key=f"h-{writing.key_of(event.incoming)}",
        more={"subject": event.incoming.subject, "said": words.first_lines(event.words), "doubt": event.doubt},
    )  # fmt: skip
    why = f"a command could not be verified ({event.doubt}); the applicant was asked to confirm it"
    held = HeldCommand(id=mail.key, event=event, held_at=now)
    dossier = replace(dossier, held=(*dossier.held, held))
    return Decision(dossier=dossier.noting(now, why), mails=(mail,), why=(why,))


def _confirmed(dossier: Dossier, event: ApplicantWrote, held: HeldCommand, policy: Policy, now: datetime) -> Decision:
    """What was held is done on a yes, forgotten on a no or after some days, and kept where neither is said."""
    answer = words.confirmation(event.words, view.sender(dossier.applicant))
    expired = _without_expired(dossier, now)
    if held not in expired.held or not answer:
        return _not_understood(expired, event, policy, now)
    dossier = replace(dossier, held=tuple(h for h in dossier.held if h.id != held.id))
    if answer == "no":
        why = "a held command was not confirmed and is forgotten"
        return Decision(dossier=dossier.noting(now, why), why=(why,))
    dossier = dossier.noting(now, "the applicant confirmed a held command")
    return applicant_wrote(dossier, replace(held.event, genuine=True, doubt="", examined=event.examined), policy, now)


def _without_expired(dossier: Dossier, now: datetime) -> Dossier:
    return replace(dossier, held=tuple(h for h in dossier.held if now - h.held_at < HELD_FOR))
