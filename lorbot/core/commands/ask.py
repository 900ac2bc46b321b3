"""`ask NAME [for APPLICATION]`: shows the ask to the applicant, who sends it with a word."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from lorbot.core import addressing, letters, writing
from lorbot.core.commands import people
from lorbot.core.commands.base import Command, Request, mistaken
from lorbot.core.decision import Decision, PreviewDraft
from lorbot.core.dossier import Application, Dossier, Letter, Mentor, State, next_id

_EVERYONE = re.compile(r"^(?:everyone|everybody|all)(?: (?:my )?mentors)?(?: for |$)", re.IGNORECASE)

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
    mentors: Iterable[Mentor] = found.mentors
    problems = list(found.problems)
    if _EVERYONE.match(request.argument):
        found, mentors, problems = _everyone(dossier, request)
    decision = Decision(dossier=dossier)
    for mentor in mentors:
        application, problem = found.application, ""
        if application is None:
            application, problem = _application_of(dossier, mentor)
        if application is None:
            problems += [problem] if problem not in problems else []
            continue
        letter = letter_of(decision.dossier, mentor, application)
        in_the_way = obstacles(mentor, application, letter, request.now)
        problems += in_the_way
        if not in_the_way:
            decision = decision.followed_by(_preview(decision.dossier, letter, request))
    decision = _together(decision, request)
    if not problems:
        return decision
    return decision.followed_by(mistaken(decision.dossier, request, COMMAND, problems))


def obstacles(mentor: Mentor, application: Application, letter: Letter, now: datetime) -> list[str]:
    """What stands in the way of asking, each with its remedy, in words for the applicant."""
    if mentor.never:
        return [f"{mentor.name} asked to get no more mail"]
    if letter.state not in letters.ASKABLE and not letters.never_begun(letter):
        default = "the letter of {name} is already on its way"
        return [_WHY_NOT.get(letter.state, default).format(name=mentor.name)]
    missing = []
    if not mentor.email:
        missing.append(f"the address of {mentor.name} is missing; send: mentor {mentor.name}, with a line: email: ...")
    if addressing.is_given_name_only(mentor) and not mentor.greeting:
        missing.append(
            f"“{mentor.name}” looks like a first name, and I do not write “Dear {mentor.name}”; "
            f"send: mentor and the full name, with the same address, or add a line: greeting: Dr. and the family name"
        )
    if not mentor.worked_together:
        missing.append(
            f"I do not know yet what you and {mentor.name} did together, and the ask should say so; "
            f"send: mentor {mentor.name}, with a line: worked together: ..."
        )
    if application.deadline is None or application.deadline <= now:
        what = "is missing" if application.deadline is None else "has passed"
        missing.append(
            f"the deadline of {application.name} {what}; send: application {application.name}, "
            "with a line: deadline: ..."
        )
    return missing


def _everyone(dossier: Dossier, request: Request) -> tuple[people.Meant, list[Mentor], list[str]]:
    """Everybody who has not been asked and is nobody's backup."""
    what = _EVERYONE.sub("", request.argument, count=1)
    application, problem = people.the_application(dossier, what) if what else (None, "")
    mentors = [
        m
        for m in dossier.mentors
        if not m.never and not m.backup_for
        and all(
            x.state in letters.ASKABLE
            for x in dossier.letters_of(m.id)
            if application is None or x.application == application.id
        )
    ]  # fmt: skip
    problem = problem or ("" if mentors else "there is nobody left to ask")
    return people.Meant(application=application), [] if problem else mentors, [problem] if problem else []


def _application_of(dossier: Dossier, mentor: Mentor) -> tuple[Application | None, str]:
    mine = dossier.letters_of(mentor.id)
    planned = [x for x in mine if x.state in letters.ASKABLE] or [x for x in mine if letters.never_begun(x)]
    if len(planned) == 1:
        return dossier.application(planned[0].application), ""
    return people.the_application(dossier, "")


def letter_of(dossier: Dossier, mentor: Mentor, application: Application) -> Letter:
    """The letter of this mentor for this application: the one there is, or a new one, planned."""
    known = next((x for x in dossier.letters_of(mentor.id) if x.application == application.id), None)
    return known or Letter(
        id=next_id("l", (x.id for x in dossier.letters)), mentor=mentor.id, application=application.id
    )


def _preview(dossier: Dossier, letter: Letter, request: Request) -> Decision:
    """A new preview takes the place of an older one, with the lines and the text that the applicant wrote for that."""
    older = [p for p in dossier.previews if letter.id in p.mail.letters]
    dossier = replace(dossier, previews=tuple(p for p in dossier.previews if p not in older))
    personal = request.form.free or letter.personal
    letter = replace(letter, state=State.PREVIEWED, waiting=False, personal=personal)
    dossier = dossier.with_letter(letter)
    shown = writing.ask_preview(dossier, letter, policy=request.policy, now=request.now)
    edited = [p for p in older if p.mail.rendered]
    if request.form.free:
        shown = replace(shown, was=None)  # new lines: a new text
    elif edited:
        shown = replace(shown, was=replace(edited[-1], id=shown.shown_as.key, shown_at=request.now, later_until=None,
                                           repeated=False))  # fmt: skip
    mentor = dossier.mentor(letter.mentor)
    why = f"the ask to {mentor.name} was shown; it waits for the applicant's word"
    return Decision(dossier=dossier.noting(request.now, why, letter.id), mails=(shown,), why=(why,))


def _together(decision: Decision, request: Request) -> Decision:
    """Several asks of one command can be answered with one word."""
    shown = [w for w in decision.mails if isinstance(w, PreviewDraft)]
    if len(shown) < 2:
        return decision
    batch = f"r-{writing.key_of(request.incoming)}"
    return replace(decision, mails=tuple(writing.batched(w, batch, len(shown)) for w in shown))


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
