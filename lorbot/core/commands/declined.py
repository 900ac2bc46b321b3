"""`declined NAME [for APPLICATION]`: the mentor said no outside mail. The letter is closed, a thank-you is ready."""

from lorbot.core import outside, writing
from lorbot.core.commands import which
from lorbot.core.commands.base import Command, Field, Request, mistaken
from lorbot.core.commands.undone import undone
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, State

_RANKS = (
    {State.ASKED, State.HELD, State.SILENT, State.BOUNCED, State.PREVIEWED, State.AGREED, State.PACKET_SENT},
    {State.PLANNED},
)
_WRITTEN = "if {name} takes that back, please speak with {name}; to close it all the same, send: cancel {name}"
_REMEDIES = {State.REPORTED: _WRITTEN, **which.over("nothing is changed")}


def handle(request: Request, dossier: Dossier) -> Decision:
    """Each letter named is closed as declined, after a yes as withdrawn, with the question a mailed no brings."""
    dossier = which.planned(dossier, request.argument)
    found = which.which(dossier, request.argument, _RANKS, _REMEDIES)
    problems = list(found.problems)
    at = which.day_given(request, dossier, problems)
    if len(problems) > len(found.problems):
        return mistaken(dossier, request, COMMAND, problems)
    decision, seen, done = Decision(dossier=dossier), [], []
    for letter_id in found.letters:
        letter = decision.dossier.letter(letter_id)
        name = dossier.mentor(letter.mentor).name
        closed = outside.declined(
            decision.dossier, letter, policy=request.policy, now=request.now, at=at,
            key=writing.key_of(request.incoming),
        )  # fmt: skip
        decision = which.noted(decision.followed_by(closed), request, letter_id, f"{name} said no, as you tell me")
        seen.append(which.ended(decision.dossier, letter, request) | {"after_a_yes": letter.agreed_at is not None})
        done.append(f"the letter of {name} is closed")
    return which.concluded(
        decision, request, COMMAND, found, done,
        letters=seen, note=which.note_of(request), waited=undone(dossier, decision),
    )  # fmt: skip


COMMAND = Command(
    name="declined",
    words=("declined", "declines", "said no", "no from"),
    does="tells me that a mentor said no in person or by phone; a thank-you is ready for your word",
    example="""Subject: declined Dr. Lopez

note: she is on leave until the spring""",
    handle=handle,
    argument="NAME [for APPLICATION]",
    fields=(
        Field(name="on", words=("on", "date", "day", "when"), example="June 12"),
        Field(name="note", words=("note", "notes", "comment", "remark")),
    ),
)
