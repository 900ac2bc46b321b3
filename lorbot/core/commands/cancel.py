"""`cancel NAME [for APPLICATION]`: the applicant does not want the letter any more. Nothing more goes out about it."""

from dataclasses import replace

from lorbot.core import endings, writing
from lorbot.core.commands import which
from lorbot.core.commands.base import Command, Field, Request
from lorbot.core.commands.undone import undone
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter, State

_AT_ONCE = {State.PLANNED, State.PREVIEWED, State.ASKED, State.HELD, State.SILENT, State.BOUNCED}
_UNDER_WAY = {State.AGREED, State.PACKET_SENT, State.REPORTED}
_REMEDIES = which.over("there is nothing left to cancel")
WORDS = ("cancel", "keep")
"""The words that answer whether a letter under way is cancelled."""


def handle(request: Request, dossier: Dossier) -> Decision:
    """Cancel each letter named at once, or ask first where the mentor has agreed."""
    found = which.which(dossier, request.argument, (_AT_ONCE | _UNDER_WAY,), _REMEDIES)
    decision, seen, done = Decision(dossier=dossier), [], []
    for letter_id in found.letters:
        letter = decision.dossier.letter(letter_id)
        name = dossier.mentor(letter.mentor).name
        asks = letter.state in _UNDER_WAY
        if asks:
            step = _question(decision.dossier, letter, request)
            done.append(f"I ask you once more before I cancel the letter of {name}")
        else:
            step = endings.cancelled(decision.dossier, letter, policy=request.policy, now=request.now)
            done.append(f"the letter of {name} is cancelled")
        note = not asks and endings.has_been_asked(letter) and writing.is_reachable(dossier.mentor(letter.mentor))
        decision = decision.followed_by(step)
        what = "asked whether to cancel" if asks else f"the letter of {name} was cancelled"
        decision = which.noted(decision, request, letter_id, what)
        more = {"asks": asks, "noted": note, "was_asked": endings.has_been_asked(letter)}
        seen.append(which.ended(decision.dossier, letter, request) | more)
    return which.concluded(decision, request, COMMAND, found, done, letters=seen, waited=undone(dossier, decision))


def _question(dossier: Dossier, letter: Letter, request: Request) -> Decision:
    key = f"{letter.id}-cancel-{writing.key_of(request.incoming)}"
    others = tuple(q for q in dossier.questions if q.letter != letter.id or q.topic != "cancel")
    dossier = replace(dossier, questions=others)
    asked = writing.question(dossier, "cancel", letter, WORDS, policy=request.policy, now=request.now, key=key)
    return Decision(dossier=dossier, mails=(asked,))


COMMAND = Command(
    name="cancel",
    words=("cancel", "no longer need", "do not need"),
    does="closes a letter that you do not need any more; a mentor who was asked gets a kind note, on your word",
    example="Subject: cancel Dr. Lopez",
    handle=handle,
    argument="NAME [for APPLICATION]",
    fields=(Field(name="note", words=("note", "notes", "comment", "remark", "why")),),
)
