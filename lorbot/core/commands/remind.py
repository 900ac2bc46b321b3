"""`remind NAME [for APPLICATION]`: the right note for where the letter stands, shown now, within what manners allow."""

from collections.abc import Sequence
from dataclasses import replace

from lorbot.core import dates, deadlines, due, letters, outside, writing
from lorbot.core.commands import which
from lorbot.core.commands.base import Command, Request, zone_of
from lorbot.core.correspondence import Mail, Progress, Purpose
from lorbot.core.decision import Decision, PreviewDraft
from lorbot.core.dossier import Dossier, Letter, Mentor, State

_IN = "there is nothing to remind of; to say thank you, send: thank {name}"
_CLOSED = "nothing more goes out about it"
REMEDIES = {
    State.PLANNED: "to see the mail that asks, send: ask {name}",
    State.PREVIEWED: "there is nothing yet to remind of",
    State.HELD: "please answer my question about it first; if you two have spoken, send: talked {name}",
    State.SILENT: "my last note promised not to ask again. A talk is the best way on; then send: talked {name}",
    State.BOUNCED: "send the right address first: change email of {name} to ...",
    State.REPORTED: "please look at the portal; when it is there, send: received {name}",
    State.RECEIVED: _IN,
    State.ASSIGNED: _IN,
    State.THANKED: "there is nothing to remind of",
    State.TOLD: "there is nothing to remind of",
    State.DECLINED: _CLOSED,
    State.WITHDRAWN: _CLOSED,
    State.CANCELLED: _CLOSED,
}
_OPEN = letters.UNANSWERED | letters.UNDER_WAY


def handle(request: Request, dossier: Dossier) -> Decision:
    """A preview for each mentor named, in one mail for all letters of the same standing."""

    def shown(dossier: Dossier, mentor: Mentor, mine: list[Letter]) -> Decision | str:
        about = [x for x in mine if x.state in _OPEN]
        if not about:
            return "; ".join(which.why_not(dossier, mentor, mine, REMEDIES))
        return _obstacle(dossier, mentor, about, request) or _shown(dossier, about, request)

    return which.for_each_mentor(request, dossier, COMMAND, shown)


def _obstacle(dossier: Dossier, mentor: Mentor, about: Sequence[Letter], request: Request) -> str:
    """What stands in the way of a note about these letters, with its remedy; "" where nothing does."""
    if len({x.state in letters.UNANSWERED for x in about}) > 1:
        names = " · ".join(dossier.application(x.application).name for x in about)
        return f"{mentor.name} has letters that stand differently: {names}; add “for” and the name of one"
    if problem := unreachable(mentor):
        return problem
    if waiting := on_its_way(dossier, [x.id for x in about]):
        return _queued(dossier, mentor, waiting, request)
    for letter in about:
        if letter.state is State.AGREED:
            continue  # what is missing there is the packet
        if problem := _deadline(dossier, letter, request) or _manners(dossier, letter, mentor, request):
            return problem
    return ""


def unreachable(mentor: Mentor) -> str:
    if mentor.never:
        return f"{mentor.name} asked to get no more mail"
    return (
        "" if mentor.email else f"the address of {mentor.name} is missing; send: change email of {mentor.name} to ..."
    )


def on_its_way(dossier: Dossier, about: Sequence[str]) -> Mail | None:
    """A mail to a mentor about one of these letters that waits for its hour."""
    return next(
        (
            m for m in dossier.mails
            if m.progress is Progress.QUEUED and m.purpose not in letters.TO_APPLICANT and set(about) & set(m.letters)
        ),
        None,
    )  # fmt: skip


def _queued(dossier: Dossier, mentor: Mentor, mail: Mail, request: Request) -> str:
    zone = zone_of(dossier, request.policy)
    on = dates.say_moment(max(mail.not_before or request.now, request.now), zone)
    return f"the {mail.purpose.value} to {mentor.name} is on its way already and goes out on {on}"


def _deadline(dossier: Dossier, letter: Letter, request: Request) -> str:
    application = dossier.application(letter.application)
    end = deadlines.due_of(dossier, application, request.policy, now=request.now)
    if end is None:
        return (
            f"a reminder has to name the deadline of {application.name}, which I do not know; "
            f"send: change deadline of {application.name} to ..."
        )
    if end.at <= request.now:
        return (
            f"the deadline of {application.name} was {dates.say(end.day)}, and I do not remind after it; "
            f"a call is quicker now. If there is a new deadline, send: change deadline of {application.name} to ..."
        )
    return ""


def _manners(dossier: Dossier, letter: Letter, mentor: Mentor, request: Request) -> str:
    """The caps: two unanswered mails and one last; and a last one is the last."""
    talk = f"A talk is the best way on; then send: talked {mentor.name}"
    if letter.waiting:
        return f"the letter of {mentor.name} waits for your answer to my question; please answer it first"
    if _was_promised_silence(dossier, letter, request):
        return f"my last mail to {mentor.name} promised not to ask about it again. {talk}"
    if letter.unanswered >= request.policy.most_unanswered:
        return f"{mentor.name} has {letter.unanswered} mails of yours without an answer, and I send no more. {talk}"
    return ""


def _was_promised_silence(dossier: Dossier, letter: Letter, request: Request) -> bool:
    if letter.state in letters.UNANSWERED:
        return f"nudge{len(request.policy.nudge_after_days)}" in letter.done
    return due.had_last_call(dossier, letter)


def _shown(dossier: Dossier, about: Sequence[Letter], request: Request) -> Decision:
    """The note, in place of one of its kind that waits already."""
    policy, now = request.policy, request.now
    ids = {x.id for x in about}
    older = letters.NO_LONGER_NEEDED - {Purpose.ASK}
    kept = tuple(p for p in dossier.previews if p.mail.purpose not in older or not ids & set(p.mail.letters))
    dossier = replace(dossier, previews=kept)
    without_packet = next((x for x in about if x.state is State.AGREED), None)
    if without_packet:
        return outside.packet_shown(dossier, without_packet.id, policy=policy, now=now)
    first = about[0]
    last, step, purpose = False, "", Purpose.REMINDER
    if first.state in letters.UNANSWERED:
        last, purpose = any(due.is_last_nudge(x, policy) for x in about), Purpose.NUDGE
        step = next(f"nudge{n}" for n in range(1, 99) if f"nudge{n}" not in first.done)
    elif any(x.unanswered + 1 >= policy.most_unanswered for x in about):
        about = [x for x in about if x.unanswered + 1 >= policy.most_unanswered][:1]
        last, step, purpose = True, "last call", Purpose.LAST_CALL
    mail = writing.to_mentor(
        dossier, purpose, about, policy=policy, now=now, step=f"{purpose.value.replace(' ', '-')}-now",
        more={"last": last},
    )  # fmt: skip
    shown: PreviewDraft = writing.previewed(
        dossier, mail, about, policy=policy, now=now, because="last" if last else "reminded", step=step
    )
    mentor = dossier.mentor(first.mentor).name
    why = f"the {purpose.value} to {mentor} was shown; it waits for the applicant's word"
    return Decision(dossier=dossier.noting(now, why, first.id), mails=(shown,), why=(why,))


COMMAND = Command(
    name="remind",
    words=("remind", "nudge", "send a reminder to"),
    does="shows you a reminder for where the letter stands, at once; it goes when you answer: send",
    example="Subject: remind Dr. Lopez",
    handle=handle,
    argument="NAME [for APPLICATION]",
    unless=("me",),
)
