"""`received NAME [for APPLICATION]`: the portal shows the letter. The thank-you follows one working day later."""

from dataclasses import replace

from lorbot.core import letters, view
from lorbot.core.commands import people
from lorbot.core.commands.base import Command, Request, answered, mistaken
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter, State


def handle(request: Request, dossier: Dossier) -> Decision:
    """Move each letter named to received; letters that were never agreed are asked about, not moved."""
    found = people.meant(dossier, request.argument)
    wanted = people.letters_meant(dossier, found)
    problems = list(found.problems)
    if found.mentors and not wanted:
        problems.append(f"there is no letter of {found.mentors[0].name} in your plan")
    moved = []
    for letter in wanted:
        if letter.state in letters.IN:
            problems.append(f"the letter of {dossier.mentor(letter.mentor).name} is already marked as received")
            continue
        dossier = received(dossier, letter, request)
        moved.append(view.of_letter(dossier, letter, request.policy, request.now) | view_of_mentor(dossier, letter))
    if problems:
        return mistaken(dossier, request, COMMAND, problems)
    names = ", ".join(m["mentor_name"] for m in moved)
    return answered(dossier, request, "received", why=f"received: {names}", received=moved)


def received(dossier: Dossier, letter: Letter, request: Request) -> Dossier:
    """The letter has arrived: nothing about it is nagged any more, and the thank-you is due."""
    dossier = letters.quiet(dossier, [letter.id])
    dossier = letters.moved(dossier, letter.id, State.RECEIVED, reason="the applicant says it was received")
    return dossier.with_letter(replace(dossier.letter(letter.id), received_at=request.now))


def view_of_mentor(dossier: Dossier, letter: Letter) -> dict[str, str]:
    return {"mentor_name": dossier.mentor(letter.mentor).name}


COMMAND = Command(
    name="received",
    words=("received", "arrived", "is in", "letter received"),
    does="tells me that the portal shows the letter; I thank the mentor one working day later",
    example="Subject: received Dr. Lopez",
    handle=handle,
    argument="NAME [for APPLICATION]",
)
