"""Answers that go on with a command: a form that comes back filled in, a file that was missing, a word that chooses.

The answered mail says which commands it was about; fields that fit several of them are asked about.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from lorbot.core import commands, doing, inline, meanings, orders, threads, view
from lorbot.core.commands import form
from lorbot.core.commands.base import Command
from lorbot.core.correspondence import Mail
from lorbot.core.courtesy import content
from lorbot.core.decision import Decision
from lorbot.core.dossier import ApplicantWrote, Dossier
from lorbot.core.open_command import Meaning, OpenCommand
from lorbot.core.order import Doubt, Item, Order
from lorbot.core.policy import Policy

_OF_FILES = {"cv", "statement", "material"}


def orders_in(dossier: Dossier, event: ApplicantWrote) -> tuple[Item, ...]:
    """The commands that an answer gives once more, with a form or a file; () where it does not."""
    known = dossier.mail(event.answers) if event.answers else None
    lines = known.commands if known else ()
    lines = lines or (threads.bare_subject(event.incoming.subject),)
    inside: list[Item] = []
    fitting: list[Order] = []
    for line in lines:
        found = commands.find(line)
        if found is None or not event.answers:
            continue
        body = _body(event, known, line, found[0])
        order = Order(command=found[0], argument=found[1], line=line, body=event.words)
        if body:
            inside.append(replace(order, body=_with_own_lines(event, found[0], body)))
        elif _goes_on(event, found[0]):
            fitting.append(order)
    if inside or len(fitting) < 2:
        return tuple(inside or fitting)
    choice = tuple(Meaning(label=o.line, line=o.line) for o in fitting)
    return (Doubt(said=" ".join(content(event.words))[:120], meanings=choice, body=event.words),)


def chosen(dossier: Dossier, event: ApplicantWrote, waiting: OpenCommand, policy: Policy, now: datetime) -> Decision:
    """What follows from an answer to "which do you mean?" or to a form that was shown."""
    sender = view.sender(dossier.applicant)
    lines = meanings.chosen(event.words, waiting.meanings, sender) if content(event.words, sender) else None
    items: tuple[Item, ...] = ()
    if lines is None:
        items = _filled(dossier, event, waiting)
        if not items:
            wished = orders.in_text(dossier, event.words, sender)
            if wished.items and not wished.left:
                return doing.done(dossier, event, wished.items, policy, now)
            return meanings.unclear(dossier, event, waiting)
    dossier = meanings.without(dossier, waiting)
    if lines is not None and not lines:
        why = f"“{waiting.said}” was left alone, at the applicant's word"
        return Decision(dossier=dossier.noting(now, why), why=(why,))
    items = items or tuple(item for line in lines or () for item in _ordered(line, waiting.body))
    incoming = replace(
        event.incoming, attachments=event.incoming.attachments or waiting.incoming.attachments
    )  # the file came with the command
    return doing.done(dossier, replace(event, incoming=incoming), items, policy, now)


def _filled(dossier: Dossier, event: ApplicantWrote, waiting: OpenCommand) -> tuple[Item, ...]:
    """The one command that waits, with the fields of the answer over those it had."""
    if len(waiting.meanings) != 1:
        return ()
    line = waiting.meanings[0].line
    found = commands.find(line)
    if found is None:
        return ()
    command = found[0]
    anew = orders.in_text(dossier, event.words, view.sender(dossier.applicant)).items
    if len(anew) == 1 and isinstance(anew[0], Order) and anew[0].command.name == command.name:
        line, found = anew[0].line, (command, anew[0].argument)
    given = form.parse(event.words, command.fields).fields
    inside = _body(event, dossier.mail(event.answers), waiting.meanings[0].line, command)
    given |= form.parse(inside, command.fields).fields
    if not given:
        return ()
    had = form.parse(waiting.body, command.fields).fields
    return (Order(command=command, argument=found[1], line=line, body=_written(command, had | given)),)


def _ordered(line: str, body: str) -> tuple[Item, ...]:
    found = commands.find(line)
    return (Order(command=found[0], argument=found[1], line=line, body=body),) if found else ()


def _body(event: ApplicantWrote, known: Mail | None, line: str, command: Command) -> str:
    """What was filled in inside the quoted form of this command."""
    return inline.filled_in(known.text, event.incoming.text, line, command.fields) if known else ""


def _with_own_lines(event: ApplicantWrote, command: Command, inside: str) -> str:
    """What was filled in inside the form, over the fields that stand above it."""
    own = form.parse(event.words, command.fields)
    lines = _written(command, own.fields | form.parse(inside, command.fields).fields)
    return f"{lines}\n\n{own.free}" if command.free_text else lines


def _goes_on(event: ApplicantWrote, command: Command) -> bool:
    """Whether the answer has fields of this command, or the file that it takes."""
    parsed = form.parse(event.words, command.fields)
    return bool(parsed.fields or parsed.named or (command.name in _OF_FILES and event.incoming.attachments))


def _written(command: Command, fields: Mapping[str, str]) -> str:
    words = {f.name: f.word for f in command.fields}
    return "\n".join(f"{words[name]}: {' '.join(given.split())}" for name, given in fields.items())
