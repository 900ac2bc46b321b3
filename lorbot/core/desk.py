"""A mail from the applicant: an answer to a preview or a question, a confirmation, or a command.

Only a genuine mail is acted on; another is held until the applicant confirms it from the registered address.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from lorbot.core import choices, commands, previews, words, writing
from lorbot.core.commands import form
from lorbot.core.commands.base import Command, Request, answered
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, HeldCommand, Purpose
from lorbot.core.events import ApplicantWrote
from lorbot.core.policy import Policy

MOST_HELD = 3  # confirmations that may wait at once; more would be mail for somebody else's pleasure
HELD_FOR = timedelta(days=3)


def applicant_wrote(dossier: Dossier, event: ApplicantWrote, policy: Policy, now: datetime) -> Decision:
    if not event.genuine:
        return _held(dossier, event, policy, now)
    held = next((h for h in dossier.held if h.id == event.answers), None)
    if held is not None:
        return _confirmed(dossier, event, held, policy, now)
    preview = dossier.preview(event.answers) if event.answers else None
    if preview is not None:
        return previews.answered(dossier, event, preview, policy, now)
    question = dossier.question(event.answers) if event.answers else None
    if question is not None:
        return choices.answered(dossier, event, question, policy, now)
    return _commanded(dossier, event, policy, now)


def _commanded(dossier: Dossier, event: ApplicantWrote, policy: Policy, now: datetime) -> Decision:
    """The subject is the command, or the first line where the subject is none (or answers a mail of lorbot's)."""
    subject = writing.bare_subject(event.incoming.subject)
    first, _, rest = event.words.lstrip().partition("\n")
    by_subject = None if event.answers else commands.find(subject)
    found, body = by_subject or commands.find(first), event.words if by_subject else rest
    if found is None:
        return _not_understood(dossier, event, policy, now)
    command, argument = found
    request = _request(command, argument, body, event, policy, now)
    return command.handle(request, dossier)


def _request(
    command: Command, argument: str, body: str, event: ApplicantWrote, policy: Policy, now: datetime
) -> Request:
    parsed = form.parse(body, command.fields)
    return Request(command=command.name, argument=argument, form=parsed, event=event, policy=policy, now=now)


def _not_understood(dossier: Dossier, event: ApplicantWrote, policy: Policy, now: datetime) -> Decision:
    known = dossier.mail(event.answers) if event.answers else None
    over = known is not None and known.purpose in {Purpose.PREVIEW, Purpose.QUESTION}
    request = Request(command="", argument="", form=form.parse(event.words, ()), event=event, policy=policy, now=now)
    seen = [{"name": c.name, "argument": c.argument, "does": c.does} for c in commands.COMMANDS]
    return answered(
        dossier, request, "not_understood",
        why="a mail from the applicant was not understood",
        subject=event.incoming.subject, said=words.first_lines(event.words), commands=seen, over=over,
    )  # fmt: skip


def _held(dossier: Dossier, event: ApplicantWrote, _policy: Policy, now: datetime) -> Decision:
    """The mail could not be proved to be the applicant's: it is kept, and the registered address is asked."""
    fresh = tuple(h for h in dossier.held if now - h.held_at < HELD_FOR)
    dossier = replace(dossier, held=fresh)
    if len(fresh) >= MOST_HELD:
        why = f"a command that could not be verified was left alone ({event.doubt}); {MOST_HELD} wait already"
        return Decision(dossier=dossier.noting(now, why), why=(why,))
    held = HeldCommand(id=f"h-{writing.key_of(event.incoming)}", event=event, held_at=now)
    mail = writing.to_applicant(
        dossier, Purpose.REPLY, "applicant/confirm",
        key=held.id,
        more={"subject": event.incoming.subject, "said": words.first_lines(event.words), "doubt": event.doubt},
    )  # fmt: skip
    why = f"a command could not be verified ({event.doubt}); the applicant was asked to confirm it"
    dossier = replace(dossier, held=(*dossier.held, replace(held, id=mail.key)))
    return Decision(dossier=dossier.noting(now, why), mails=(mail,), why=(why,))


def _confirmed(dossier: Dossier, event: ApplicantWrote, held: HeldCommand, policy: Policy, now: datetime) -> Decision:
    dossier = replace(dossier, held=tuple(h for h in dossier.held if h.id != held.id))
    verb = words.confirmation(event.words)
    if not verb:
        why = "a held command was not confirmed and is forgotten"
        return Decision(dossier=dossier.noting(now, why), why=(why,))
    dossier = dossier.noting(now, "the applicant confirmed a held command")
    return applicant_wrote(dossier, replace(held.event, genuine=True, doubt=""), policy, now)
