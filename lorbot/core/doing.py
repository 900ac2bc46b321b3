"""Commands are done in their order, each by its own handler, and answered together; what is in doubt is asked."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from lorbot.core import meanings, together, view
from lorbot.core.commands import form
from lorbot.core.commands.base import Request
from lorbot.core.commands.received_files import is_document
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier
from lorbot.core.events import ApplicantWrote
from lorbot.core.message import Attachment
from lorbot.core.order import Doubt, Item, Order
from lorbot.core.policy import Policy
from lorbot.core.together import Step

_TABLE = re.compile(r"\.(?:csv|tsv|xlsx)$", re.IGNORECASE)
_OF_FILES: dict[str, re.Pattern[str]] = {
    "cv": re.compile(r"c\.?v\b|cv[_ .-]|resume|résumé|vitae", re.IGNORECASE),
    "statement": re.compile(r"statement|\bps\b", re.IGNORECASE),
    "material": re.compile(r"(?!)"),
    "mentors": re.compile(r"mentors|^(?!.*(?:program|school)).*\.(?:csv|xlsx)$", re.IGNORECASE),
    "programmes": re.compile(r"program|school|^(?!.*mentors).*\.(?:csv|xlsx)$", re.IGNORECASE),
}
"""The commands that take attachments, and what their files are called where several came with one mail."""


def done(
    dossier: Dossier, event: ApplicantWrote, items: Sequence[Item], policy: Policy, now: datetime,
    *, left: tuple[str, ...] = (), before: tuple[Step, ...] = (), waits: str = "",
) -> Decision:  # fmt: skip
    """All of `items`, after the steps `before`; `left` is named as not understood, `waits` as still open."""
    parts = [part for item in items for part in meanings.settled(dossier, item)]
    steps = list(before)
    for part in parts:
        alone = len(parts) == 1 and not before
        own = event if alone else _own_event(event, part, parts)
        step = _ordered(dossier, own, part, policy, now) if isinstance(part, Order) else _asked(dossier, own, part, now)
        dossier = step.decision.dossier
        steps.append(step)
    return together.answer(dossier, event, tuple(steps), left, waits)


def _ordered(dossier: Dossier, event: ApplicantWrote, order: Order, policy: Policy, now: datetime) -> Step:
    parsed = form.parse(order.body, order.command.fields, view.sender(dossier.applicant))
    if order.command.free_text:
        parsed = form.with_text(parsed)
    request = Request(
        command=order.command.name, argument=order.argument, line=order.line, form=parsed, event=event, policy=policy,
        now=now,
    )  # fmt: skip
    heading = order.taken_as or f"{order.command.name} {order.argument}".strip()
    wrote = order.line if order.taken_as else ""
    return Step(heading=heading, decision=order.command.handle(request, dossier), wrote=wrote)


def _asked(dossier: Dossier, event: ApplicantWrote, doubt: Doubt, now: datetime) -> Step:
    waiting, mail = meanings.asked(dossier, event, doubt, now)
    why = f"it was not clear what was meant by “{doubt.said}”; the applicant was asked"
    dossier = replace(dossier, open_commands=(*dossier.open_commands, waiting)).noting(now, why)
    return Step(heading=doubt.said, decision=Decision(dossier=dossier, mails=(mail,), why=(why,)))


def _own_event(event: ApplicantWrote, part: Item, parts: Sequence[Item]) -> ApplicantWrote:
    """The mail as if it held this command alone: so that what follows from two of them has two keys."""
    line = part.line if isinstance(part, Order) else part.said
    number = sum(1 for other in parts[: next(i for i, p in enumerate(parts) if p is part)] if other == part)
    text = f"{line}\n{part.body}" + "\n" * number
    takers = [p.command.name for p in parts if isinstance(p, Order) and p.command.name in _OF_FILES]
    files, large = event.incoming.attachments, event.too_large
    if takers and isinstance(part, Order):
        files = _files_of(part, takers, files) if part.command.name in _OF_FILES else ()
        large = large if part.command.name in _OF_FILES else ()
    incoming = replace(event.incoming, text=text, attachments=files)
    return replace(event, incoming=incoming, words=part.body, too_large=large)


def _files_of(order: Order, takers: Sequence[str], files: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """The files of one of several commands that take one: by their names, and all of them where these do not tell."""
    documents = tuple(a for a in files if is_document(a) or _TABLE.search(a.name))
    if len(takers) < 2 or len(documents) < 2:
        return files
    mine = tuple(a for a in documents if _OF_FILES[order.command.name].search(a.name))
    others = [a for name in takers if name != order.command.name for a in documents if _OF_FILES[name].search(a.name)]
    return mine if len(mine) == 1 and mine[0] not in others else files
