"""`agreed NAME [for APPLICATION]`: the mentor said yes in person or by phone. The packet is shown before it goes."""

from dataclasses import replace
from datetime import datetime

from lorbot.core import outside
from lorbot.core.commands import which
from lorbot.core.commands.base import Command, Field, Request, mistaken
from lorbot.core.commands.undone import undone
from lorbot.core.correspondence import Progress, Purpose
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, State

_RANKS = (
    {State.ASKED, State.HELD, State.SILENT, State.BOUNCED, State.PREVIEWED},
    {State.PLANNED},
    {State.AGREED},
    {State.DECLINED, State.WITHDRAWN, State.CANCELLED},
)
_REMEDIES = {
    State.PACKET_SENT: "nothing is left to do until the letter is in; then send: received {name}",
    State.REPORTED: "when the portal shows it, send: received {name}",
}


def handle(request: Request, dossier: Dossier) -> Decision:
    """Each letter named is agreed; its queued mail is dropped and the packet shown for the applicant's word."""
    dossier = which.planned(dossier, request.argument)
    found = which.which(dossier, request.argument, _RANKS, _REMEDIES)
    problems, unfit = list(found.problems), list(found.unfit)
    at = which.day_given(request, dossier, problems)
    if len(problems) > len(found.problems):
        return mistaken(dossier, request, COMMAND, problems)
    before, decision, seen, done = dossier, Decision(dossier=dossier), [], []
    for letter_id in found.letters:
        letter = decision.dossier.letter(letter_id)
        name = dossier.mentor(letter.mentor).name
        if letter.state is State.AGREED and (waits := _packet_on_its_way(decision.dossier, letter_id)):
            unfit.append(f"{name} has agreed already, and {waits}")
            continue
        decision = decision.followed_by(_agreed(decision.dossier, letter_id, request, at))
        decision = which.noted(decision, request, letter_id, f"{name} said yes, as the applicant tells")
        seen.append(which.seen(decision.dossier, letter_id, request))
        done.append(f"{name} has agreed")
    return which.concluded(
        decision, request, COMMAND, replace(found, unfit=tuple(unfit)), done,
        letters=seen, note=which.note_of(request), waited=undone(before, decision),
    )  # fmt: skip


def _agreed(dossier: Dossier, letter_id: str, request: Request, at: datetime) -> Decision:
    letter = dossier.letter(letter_id)
    policy, now = request.policy, request.now
    if letter.state is State.AGREED:
        return outside.packet_shown(dossier, letter_id, policy=policy, now=now)
    return outside.agreed(dossier, letter, policy=policy, now=now, at=at)


def _packet_on_its_way(dossier: Dossier, letter_id: str) -> str:
    """What has become of the packet that is to go to a mentor who agreed; "" where there is none yet."""
    packets = [m for m in dossier.mails if m.purpose is Purpose.PACKET and letter_id in m.letters]
    if any(m.progress not in {Progress.DROPPED, Progress.REFUSED} for m in packets):
        return "the packet is on its way"
    if any(p.mail.purpose is Purpose.PACKET and letter_id in p.mail.letters for p in dossier.previews):
        return "the packet waits for your word; answer the mail that shows it with: send"
    return ""


COMMAND = Command(
    name="agreed",
    words=("agreed", "agrees", "said yes", "yes from"),
    does="tells me that a mentor said yes in person or by phone; I show you the packet",
    example="""Subject: agreed Dr. Lopez

on: June 12
note: she would like to see my CV before she begins""",
    handle=handle,
    argument="NAME [for APPLICATION]",
    fields=(
        Field(name="on", words=("on", "date", "day", "when"), example="June 12"),
        Field(name="note", words=("note", "notes", "comment", "remark")),
    ),
)
