"""`ask NAME [for APPLICATION]`: shows the ask to the applicant, who sends it with a word."""

from dataclasses import replace

from lorbot.core import letters, writing
from lorbot.core.commands import people
from lorbot.core.commands.base import Command, Request, mistaken
from lorbot.core.decision import Decision
from lorbot.core.dossier import Application, Dossier, Letter, Mentor, State, next_id

_WHY_NOT: dict[State, str] = {
    State.ASKED: "{name} has been asked already and has not answered yet",
    State.HELD: "{name} has answered; the answer waits for your decision",
    State.SILENT: "{name} never answered; answer my question about it with: wait 10 days, backup or talk",
    State.DECLINED: "{name} has declined, and I do not ask again for the same purpose",
    State.WITHDRAWN: "{name} has withdrawn, and I do not ask again for the same purpose",
    State.CANCELLED: "the letter of {name} was cancelled",
    State.AGREED: "{name} has already agreed",
    State.PACKET_SENT: "{name} has already agreed and has the packet",
}


def handle(request: Request, dossier: Dossier) -> Decision:
    """A preview for each mentor named; what stands in the way of one does not stop the others."""
    found = people.meant(dossier, request.argument)
    application, problem = found.application, ""
    if application is None and found.mentors:
        application, problem = _application_of(dossier, found.mentors[0])
    problems = [*found.problems, *([problem] if problem else [])]
    decision = Decision(dossier=dossier)
    for mentor in found.mentors if application else ():
        assert application is not None
        letter = _letter(decision.dossier, mentor, application)
        obstacles = _obstacles(mentor, application, letter)
        problems += obstacles
        if not obstacles:
            decision = decision.followed_by(_preview(decision.dossier, letter, request))
    if not problems:
        return decision
    return decision.followed_by(mistaken(decision.dossier, request, COMMAND, problems))


def _application_of(dossier: Dossier, mentor: Mentor) -> tuple[Application | None, str]:
    planned = [x for x in dossier.letters_of(mentor.id) if x.state in letters.ASKABLE]
    if len(planned) == 1:
        return dossier.application(planned[0].application), ""
    return people.the_application(dossier, "")


def _letter(dossier: Dossier, mentor: Mentor, application: Application) -> Letter:
    known = next((x for x in dossier.letters_of(mentor.id) if x.application == application.id), None)
    return known or Letter(
        id=next_id("l", (x.id for x in dossier.letters)), mentor=mentor.id, application=application.id
    )


def _obstacles(mentor: Mentor, application: Application, letter: Letter) -> list[str]:
    if mentor.never:
        return [f"{mentor.name} asked to get no more mail"]
    if letter.state not in letters.ASKABLE:
        default = "the letter of {name} is already on its way"
        return [_WHY_NOT.get(letter.state, default).format(name=mentor.name)]
    obstacles = []
    if not mentor.email:
        obstacles.append(
            f"the address of {mentor.name} is missing; send: mentor {mentor.name}, with a line: email: ..."
        )
    if not mentor.worked_together:
        obstacles.append(
            f"I do not know yet what you and {mentor.name} did together, and the ask should say so; "
            f"send: mentor {mentor.name}, with a line: worked together: ..."
        )
    if application.deadline is None:
        obstacles.append(
            f"the deadline of {application.name} is missing; send: application {application.name}, "
            "with a line: deadline: ..."
        )
    return obstacles


def _preview(dossier: Dossier, letter: Letter, request: Request) -> Decision:
    dossier = replace(
        dossier, previews=tuple(p for p in dossier.previews if letter.id not in p.mail.letters)
    )  # a new preview takes the place of an older one
    dossier = dossier.with_letter(replace(letter, state=State.PREVIEWED, waiting=False))
    shown = writing.ask_preview(dossier, letter, policy=request.policy, now=request.now, personal=request.form.free)
    mentor = dossier.mentor(letter.mentor)
    why = f"the ask to {mentor.name} was shown; it waits for the applicant's word"
    return Decision(dossier=dossier.noting(request.now, why, letter.id), mails=(shown,), why=(why,))


COMMAND = Command(
    name="ask",
    words=("ask", "please ask", "request"),
    does="shows you the mail that asks a mentor for a strong letter; it goes when you answer: send",
    example="""Subject: ask Dr. Lopez

(If you like, a line or two in your own words; they go into the mail.)""",
    handle=handle,
    argument="NAME [for APPLICATION]",
    free_text="your own lines in the mail",
)
