"""`assigned NAME [for APPLICATION]`: a letter that arrived is assigned to programmes; ERAS shows it to no others."""

from dataclasses import replace

from lorbot.core import services
from lorbot.core.commands import which
from lorbot.core.commands.base import Command, Field, Request
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter, State

_RANKS = ({State.RECEIVED, State.ASSIGNED, State.THANKED, State.TOLD},)
_FIRST = "only a letter that has arrived can be assigned; when the portal shows it, send: received {name}"
_REMEDIES = {state: _FIRST for state in State if state not in _RANKS[0]}


def handle(request: Request, dossier: Dossier) -> Decision:
    """Note the assignment of each letter named; what has not arrived, or needs no assigning, is told."""
    found = which.which(dossier, request.argument, _RANKS, _REMEDIES)
    unfit = list(found.unfit)
    decision, seen, done = Decision(dossier=dossier), [], []
    programmes = request.form.get("to") or request.form.free.strip()
    for letter_id in found.letters:
        letter = decision.dossier.letter(letter_id)
        name = dossier.mentor(letter.mentor).name
        problem = _obstacle(dossier, letter, name, programmes)
        if problem:
            unfit.append(problem)
            continue
        decision = replace(decision, dossier=decision.dossier.with_letter(_assigned(letter, programmes, request)))
        decision = which.noted(decision, request, letter_id, f"the letter of {name} is assigned")
        more = {"assigned_to": decision.dossier.letter(letter_id).assigned_to}
        seen.append(which.seen(decision.dossier, letter_id, request) | more)
        done.append(f"the letter of {name} is marked as assigned")
    return which.concluded(
        decision, request, COMMAND, replace(found, unfit=tuple(unfit)), done,
        letters=seen, left=_left(decision.dossier),
    )  # fmt: skip


def _obstacle(dossier: Dossier, letter: Letter, name: str, programmes: str) -> str:
    application = dossier.application(letter.application)
    if not services.service(application.service).assigned_to_programmes:
        return f"letters for {application.name} need no assigning; that of {name} is where it should be"
    if letter.assigned_at and (not programmes or programmes in letter.assigned_to):
        return f"the letter of {name} is already marked as assigned; to add programs, add a line: to: ..."
    return ""


def _assigned(letter: Letter, programmes: str, request: Request) -> Letter:
    """The thank-you comes after the arrival, whatever comes first: a letter that was thanked for stays so."""
    state = State.ASSIGNED if letter.state is State.RECEIVED else letter.state
    programmes = "; ".join(x for x in (letter.assigned_to, programmes) if x)
    return replace(letter, state=state, assigned_at=letter.assigned_at or request.now, assigned_to=programmes)


def _left(dossier: Dossier) -> list[str]:
    """The mentors whose letters have arrived and are still to be assigned."""
    return [
        dossier.mentor(x.mentor).name for x in dossier.letters
        if x.state in {State.RECEIVED, State.THANKED} and not x.assigned_at
        and services.service(dossier.application(x.application).service).assigned_to_programmes
    ]  # fmt: skip


COMMAND = Command(
    name="assigned",
    words=("assigned", "assign"),
    does="tells me that you have assigned a letter to your programs, as ERAS wants it",
    example="""Subject: assigned Dr. Lopez

to: all 24 programs in internal medicine""",
    handle=handle,
    argument="NAME [for APPLICATION]",
    fields=(
        Field(name="to", words=("to", "programmes", "programs", "for programs"), example="all 24 programs"),
        Field(name="note", words=("note", "notes", "comment", "remark")),
    ),
)
