"""`received NAME [for APPLICATION]`: the portal shows the letter. The thank-you follows one working day later."""

import re

from lorbot.core import letters, view
from lorbot.core.commands import people
from lorbot.core.commands.base import Command, Request, answered, mistaken
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter, Mentor, State

_ALL = re.compile(
    r"^(?:everything|everyone|everybody|all(?: of (?:them|it))?|(?:all|every) (?:my |the )?letters?)(?: for |$)",
    re.IGNORECASE,
)
_ON_THE_WAY = letters.UNDER_WAY | {State.REPORTED}
_MAY_ARRIVE = letters.UNDER_WAY | {State.REPORTED, State.ASKED, State.HELD, State.SILENT}


def handle(request: Request, dossier: Dossier) -> Decision:
    """Move each letter named to received; letters that were never agreed are asked about, not moved."""
    found = people.meant(dossier, request.argument)
    if _ALL.match(request.argument):
        found = _everybody(dossier, request.argument)
    problems = list(found.problems)
    moved = []
    for mentor in found.mentors:
        about, problem = _letters(dossier, mentor, found, request)
        problems += [problem] if problem else []
        for letter in about:
            dossier = letters.received(dossier, letter.id, request.now)
            moved.append(view.of_letter(dossier, letter, request.policy, request.now) | {"mentor_name": mentor.name})
    names = ", ".join(m["mentor_name"] for m in moved)
    if problems:
        done = [f"(this went through, and need not be sent again: {names} is marked as received)"] if moved else []
        return mistaken(dossier, request, COMMAND, [*problems, *done])
    return answered(dossier, request, "received", why=f"received: {names}", received=moved)


def _everybody(dossier: Dossier, argument: str) -> people.Meant:
    """Every mentor who has agreed and whose letter is not in."""
    what = _ALL.sub("", argument, count=1)
    application, problem = people.the_application(dossier, what) if what else (None, "")
    about = [
        x for x in dossier.letters if x.state in _ON_THE_WAY and (not application or x.application == application.id)
    ]
    mentors = tuple(m for m in dossier.mentors if any(x.mentor == m.id for x in about))
    problem = problem or ("" if mentors else "no letter is on its way, as far as I know")
    return people.Meant(
        mentors=() if problem else mentors, application=application, problems=(problem,) if problem else ()
    )


def _letters(dossier: Dossier, mentor: Mentor, found: people.Meant, request: Request) -> tuple[tuple[Letter, ...], str]:
    """The letters of `mentor` that have arrived: the one meant, or all that are on their way where all was said."""
    if not _ALL.match(request.argument):
        letter, problem = _letter(dossier, mentor, found)
        return (letter,) if letter else (), problem
    named = people.letters_meant(dossier, people.Meant(mentors=(mentor,), application=found.application))
    return tuple(x for x in named if x.state in _ON_THE_WAY), ""


def _letter(dossier: Dossier, mentor: Mentor, found: people.Meant) -> tuple[Letter | None, str]:
    """The one letter of `mentor` that can have arrived; or why there is none, in words."""
    named = people.letters_meant(dossier, people.Meant(mentors=(mentor,), application=found.application))
    coming = [x for x in named if x.state not in letters.IN]
    if not coming:
        what = "is already marked as received" if named else "is not in your plan"
        return None, f"the letter of {mentor.name} {what}"
    likely = [x for x in coming if found.application or x.state in _MAY_ARRIVE]
    names = " · ".join(dossier.application(x.application).name for x in likely or coming)
    if len(likely) == 1:
        return likely[0], ""
    if likely:
        return None, f"{mentor.name} writes for more than one application: {names}; add “for” and the name of one"
    return None, (
        f"{mentor.name} has not agreed to write, as far as I know ({coming[0].state.value}); "
        f"if the letter is there all the same, write: received {mentor.name} for {names}"
    )


COMMAND = Command(
    name="received",
    words=("received", "arrived", "is in", "letter received"),
    does="tells me that the portal shows the letter; I thank the mentor one working day later",
    example="Subject: received Dr. Lopez",
    handle=handle,
    argument="NAME [for APPLICATION], or all",
)
