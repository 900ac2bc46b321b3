"""A mail that the applicant forwards: of somebody new it is an introduction, of a mentor something to decide about,
of an application portal the applicant's report.

Nothing inside it is a command, and it never counts as if its writer had written to lorbot.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from lorbot.core import commands, names, noticed, writing
from lorbot.core.commands import form, mentor, people
from lorbot.core.correspondence import Purpose
from lorbot.core.decision import Decision
from lorbot.core.dossier import ApplicantWrote, Dossier, Mentor
from lorbot.core.message import Forwarded
from lorbot.core.open_command import Meaning, OpenCommand
from lorbot.core.order import Item, Order
from lorbot.core.policy import Policy
from lorbot.core.words import first_lines

_ROBOT = re.compile(r"(?:^|[.@+_-])(?:no-?reply|do-?not-?reply|mailer-daemon|postmaster|notifications?|bounces?)\b")
_MAY_MEAN: tuple[tuple[str, str], ...] = (
    ("agreed", "it is a yes"),
    ("declined", "it is a no"),
    ("received", "the letter is in"),
    ("talked", "you are in touch, and nothing is decided"),
)
"""What a mentor's forwarded mail may mean: the command, and how the question puts it."""

_GUESSED = {"yes": "a yes", "no": "a no", "lukewarm": "a yes with a reservation", "undecided": "neither yes nor no"}


def followed(
    dossier: Dossier, event: ApplicantWrote, given: Sequence[Item], policy: Policy, now: datetime
) -> Decision | None:
    """What follows from a forwarded mail; None where there is none, where no person wrote it, and where the applicant
    gave commands beside it.
    """
    forwarded = event.forwarded
    if forwarded is None:
        return None
    only = given[0] if len(given) == 1 and isinstance(given[0], Order) else None
    introduces = only is not None and only.command.name == mentor.COMMAND.name and not _has_address(only)
    if not given and forwarded.notice is not None:
        return noticed.passed_on(dossier, event, policy, now)
    if (given and not introduces) or _ROBOT.search(forwarded.sender.email):
        return None
    known = _known(dossier, forwarded)
    if known is not None and only is None:
        return _asked(dossier, event, forwarded, known, now)
    return _introduced(dossier, event, forwarded, only, now)


def _has_address(order: Order) -> bool:
    return "@" in order.argument or bool(form.parse(order.body, order.command.fields).get("email"))


def _known(dossier: Dossier, forwarded: Forwarded) -> Mentor | None:
    """The mentor whose mail this is by its address, or by a name that fits one alone: perhaps a private address."""
    by_address = next((m for m in dossier.mentors if forwarded.sender.email in {m.email, *m.addresses} - {""}), None)
    if by_address is not None:
        return by_address
    found = people.find_mentors(dossier, _name(forwarded)) if len(_name(forwarded).split()) > 1 else ()
    return found[0] if len(found) == 1 else None


def _name(forwarded: Forwarded) -> str:
    """The name in its usual order: Outlook writes "Lopez, Elena"."""
    family, comma, given = forwarded.sender.name.partition(",")
    if comma and given.strip() and not names.is_suffix(given.split()[0]):
        return f"{given.strip()} {family.strip()}"
    return forwarded.sender.name


def _introduced(
    dossier: Dossier, event: ApplicantWrote, forwarded: Forwarded, order: Order | None, now: datetime
) -> Decision:
    """The form of a new mentor, filled in as far as the head of the forwarded mail goes."""
    name = (order.argument if order else "") or _name(forwarded) or forwarded.sender.email
    given = form.parse(order.body if order else "", mentor.COMMAND.fields)
    values = {**given.fields, "email": forwarded.sender.email}
    filled = [
        {"key": f.word, "value": values.get(f.name, ""), "example": f.example or f.name == "worked_together"}
        for f in mentor.COMMAND.fields
    ]
    line = f"{mentor.COMMAND.name} {name}"
    key = writing.fresh_key(dossier, f"w-{writing.key_of(event.incoming)}")
    body = "\n".join(f"{field['key']}: {field['value']}" for field in filled if field["value"])
    waiting = OpenCommand(
        id=key, said=line, incoming=event.incoming, body=body, meanings=(Meaning(label=line, line=line),), asked_at=now
    )
    mail = writing.to_applicant(
        dossier, Purpose.QUESTION, "applicant/introduced", key=key, answering=event.incoming,
        more={"name": name, "address": forwarded.sender.email, "form": filled, "subject_line": line},
    )  # fmt: skip
    return _waits(dossier, waiting, now, f"a mail of {name} was forwarded; the form of a mentor was shown").adding(mail)


def _asked(
    dossier: Dossier, event: ApplicantWrote, forwarded: Forwarded, known: Mentor, now: datetime
) -> Decision | None:
    """What a mentor's mail means is asked; only commands that there are stand to choose."""
    who = people.in_full(dossier, known)
    meanings = tuple(
        Meaning(label=f"{name} {known.name}", detail=means, line=f"{name} {who}")
        for name, means in _MAY_MEAN
        if who and commands.named(name) is not None
    )
    if not meanings:
        return None
    key = writing.fresh_key(dossier, f"w-{writing.key_of(event.incoming)}")
    waiting = OpenCommand(
        id=key, said=event.incoming.subject, incoming=event.incoming, body="", meanings=meanings, asked_at=now
    )
    mail = writing.to_applicant(
        dossier, Purpose.QUESTION, "applicant/forwarded", key=key, answering=event.incoming,
        more={
            "name": known.name, "address": forwarded.sender.email,
            "other_address": forwarded.sender.email != known.email,
            "quote": first_lines(forwarded.text), "guess": _GUESSED.get(forwarded.guess, ""),
            "meanings": [{"label": m.label, "detail": m.detail} for m in meanings],
        },
    )  # fmt: skip
    return _waits(dossier, waiting, now, f"a mail of {known.name} was forwarded; the applicant was asked").adding(mail)


def _waits(dossier: Dossier, waiting: OpenCommand, now: datetime, why: str) -> Decision:
    waiting = replace(waiting, incoming=replace(waiting.incoming, text=""))
    dossier = replace(dossier, open_commands=(*dossier.open_commands, waiting)).noting(now, why)
    return Decision(dossier=dossier, why=(why,))
