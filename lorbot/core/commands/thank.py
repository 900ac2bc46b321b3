"""`thank NAME`: the thank-you for a letter, or for an honest answer, shown now. Once."""

from collections.abc import Sequence
from dataclasses import replace

from lorbot.core import writing
from lorbot.core.commands import remind, which
from lorbot.core.commands.base import Command, Request
from lorbot.core.correspondence import Progress, Purpose
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter, Mentor, State

_ARRIVED = frozenset({State.RECEIVED, State.ASSIGNED})
_TURNED_DOWN = frozenset({State.DECLINED, State.WITHDRAWN})
_NOT_YET = "the thank-you comes when the letter is in; then send: received {name}"
REMEDIES = {
    State.PLANNED: "to see the mail that asks, send: ask {name}",
    State.PREVIEWED: _NOT_YET,
    State.ASKED: _NOT_YET,
    State.HELD: "please answer my question about it; one of its words is thank",
    State.SILENT: "please answer my question about it",
    State.BOUNCED: "send the right address first: change email of {name} to ...",
    State.AGREED: _NOT_YET,
    State.PACKET_SENT: _NOT_YET,
    State.REPORTED: "please look at the portal; when it is there, send: received {name}",
    State.THANKED: "once is enough",
    State.TOLD: "once is enough",
    State.CANCELLED: "nothing more goes out about it",
}


def handle(request: Request, dossier: Dossier) -> Decision:
    """A preview for each mentor named, in one mail for all letters that have arrived."""

    def shown(dossier: Dossier, mentor: Mentor, mine: list[Letter]) -> Decision | str:
        arrived = [x for x in mine if x.state in _ARRIVED]
        about = arrived or [x for x in mine if x.state in _TURNED_DOWN][:1]
        return _obstacle(dossier, mentor, mine, about) or _shown(dossier, about, request)

    return which.for_each_mentor(request, dossier, COMMAND, shown)


def _obstacle(dossier: Dossier, mentor: Mentor, mine: list[Letter], about: Sequence[Letter]) -> str:
    if not about:
        return "; ".join(which.why_not(dossier, mentor, mine, REMEDIES))
    if problem := remind.unreachable(mentor):
        return problem
    purpose = _purpose(about)
    ids = {x.id for x in about}
    gone = [m for m in dossier.mails if m.purpose is purpose and ids & set(m.letters)]
    if any(m.progress is Progress.QUEUED for m in gone):
        return f"the thank-you to {mentor.name} is on its way already"
    if any(m.progress not in {Progress.DROPPED, Progress.REFUSED} for m in gone):
        return f"{mentor.name} has your thank-you already, and once is enough"
    return ""


def _purpose(about: Sequence[Letter]) -> Purpose:
    return Purpose.THANKS if about[0].state in _ARRIVED else Purpose.GRACEFUL


def _shown(dossier: Dossier, about: Sequence[Letter], request: Request) -> Decision:
    """The thank-you, in place of one that waits already; the clock, which would send it by itself, lets it be."""
    policy, now, purpose = request.policy, request.now, _purpose(about)
    ids = {x.id for x in about}
    kept = tuple(p for p in dossier.previews if p.mail.purpose is not purpose or not ids & set(p.mail.letters))
    questions = tuple(q for q in dossier.questions if q.letter not in ids or purpose is Purpose.THANKS)
    dossier = replace(dossier, previews=kept, questions=questions)
    template = "" if purpose is Purpose.THANKS else "mentor/declined"
    if purpose is Purpose.THANKS:
        for letter in about:
            dossier = dossier.with_letter(replace(letter, done=(*letter.done, "thanks")))
    mail = writing.to_mentor(
        dossier, purpose, about, policy=policy, now=now, template=template, step=f"{purpose.value}-now"
    )
    shown = writing.previewed(dossier, mail, about, policy=policy, now=now, because="thanked")
    why = f"the thank-you to {dossier.mentor(about[0].mentor).name} was shown; it waits for the applicant's word"
    return Decision(dossier=dossier.noting(now, why, about[0].id), mails=(shown,), why=(why,))


COMMAND = Command(
    name="thank",
    words=("thank", "say thank you to", "send thanks to"),
    does="shows you the thank-you to a mentor at once; it goes when you answer: send",
    example="Subject: thank Dr. Lopez",
    handle=handle,
    argument="NAME [for APPLICATION]",
    unless=("you", "u", "god", "goodness"),
)
