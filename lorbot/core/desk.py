"""A mail from the applicant: an answer to a preview or a question, a confirmation, or a command.

Only a genuine mail is acted on; another is held until the applicant confirms it from the registered address.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from lorbot.core import choices, commands, previews, together, view, words, writing
from lorbot.core.commands import form
from lorbot.core.commands.base import Command, Request, answered
from lorbot.core.courtesy import ungreeted
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, HeldCommand, Purpose
from lorbot.core.events import ApplicantWrote
from lorbot.core.policy import Policy
from lorbot.core.value import Line, Text, value

MOST_HELD = 3  # confirmations that may wait at once; more would be mail for somebody else's pleasure
HELD_FOR = timedelta(days=3)


@value
class Given:
    """A command as it stands in a mail."""

    command: Command
    argument: Line
    line: Line  # the whole line
    body: Text


def applicant_wrote(dossier: Dossier, event: ApplicantWrote, policy: Policy, now: datetime) -> Decision:
    if not event.genuine:
        return _held(dossier, event, now)
    given = _in_subject(dossier, event)
    if given is not None:
        return _done(dossier, event, given, policy, now)
    answer = _answered(dossier, event, policy, now) if event.answers else None
    if answer is not None:
        return answer
    given = _in_first_line(event) or _again(event)
    return _done(dossier, event, given, policy, now) if given else _not_understood(dossier, event, policy, now)


def _answered(dossier: Dossier, event: ApplicantWrote, policy: Policy, now: datetime) -> Decision | None:
    """What follows from an answer to a mail of lorbot's; None where that mail waits for none."""
    held = next((h for h in dossier.held if h.id == event.answers), None)
    if held is not None:
        return _confirmed(dossier, event, held, policy, now)
    preview = dossier.preview(event.answers)
    if preview is not None:
        return previews.answered(dossier, event, preview, policy, now)
    said = (words.answer_for_all(text, view.sender(dossier.applicant)) for text in (event.words, event.typed))
    for_all = next((word for word in said if word is not None), None)
    batch = together.shown_by(dossier, event.answers)
    if for_all is not None and batch:
        return together.answered(dossier, event, batch, for_all, policy, now)
    expired = dossier.expired(event.answers)
    late = previews.answered_late(dossier, event, expired, policy, now) if expired else None
    if late is not None:
        return late
    question = dossier.question(event.answers)
    return choices.answered(dossier, event, question, policy, now) if question is not None else None


# -- commands ----------------------------------------------------------------------------------------------------


def _in_subject(dossier: Dossier, event: ApplicantWrote) -> Given | None:
    """The command of a new mail, or of an answer whose subject was written anew."""
    subject = writing.bare_subject(event.incoming.subject)
    known = dossier.mail(event.answers) if event.answers else None
    if event.answers and (known is None or writing.bare_subject(known.subject).casefold() == subject.casefold()):
        return None
    return _given(subject, event.words)


def _in_first_line(event: ApplicantWrote) -> Given | None:
    """The command of a mail whose subject is none, or of an answer to a mail of lorbot's."""
    lines = ungreeted(event.words)
    return _given(lines[0].strip(), "\n".join(lines[1:])) if lines else None


def _again(event: ApplicantWrote) -> Given | None:
    """The command that was answered, given once more with a form or a file: the answer to a mistake."""
    given = _given(writing.bare_subject(event.incoming.subject), event.words)
    if given is None or not event.answers:
        return None
    parsed = form.parse(event.words, given.command.fields)
    return given if parsed.fields or parsed.named or event.incoming.attachments else None


def _given(line: str, body: str) -> Given | None:
    found = commands.find(line)
    return Given(command=found[0], argument=found[1], line=line, body=body) if found else None


def _done(dossier: Dossier, event: ApplicantWrote, given: Given, policy: Policy, now: datetime) -> Decision:
    parsed = form.parse(given.body, given.command.fields, view.sender(dossier.applicant))
    if given.command.free_text:
        parsed = form.with_text(parsed)
    request = Request(
        command=given.command.name, argument=given.argument, line=given.line, form=parsed, event=event, policy=policy,
        now=now,
    )  # fmt: skip
    return given.command.handle(request, dossier)


def _not_understood(dossier: Dossier, event: ApplicantWrote, policy: Policy, now: datetime) -> Decision:
    known = dossier.mail(event.answers) if event.answers else None
    waits = any(h.id == event.answers for h in dossier.held)
    over = known is not None and not waits and known.key.startswith(("p-", "q-", "h-"))
    request = Request(command="", argument="", form=form.parse(event.words, ()), event=event, policy=policy, now=now)
    seen = [{"name": c.name, "argument": c.argument, "does": c.does} for c in commands.COMMANDS]
    return answered(
        dossier, request, "not_understood",
        why="a mail from the applicant was not understood",
        subject=event.incoming.subject, said=words.first_lines(event.words), commands=seen, over=over,
    )  # fmt: skip


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
    return applicant_wrote(dossier, replace(held.event, genuine=True, doubt=""), policy, now)


def _without_expired(dossier: Dossier, now: datetime) -> Dossier:
    return replace(dossier, held=tuple(h for h in dossier.held if now - h.held_at < HELD_FOR))
