"""`ask NAME [for APPLICATION]`: shows the ask to the applicant, who sends it with a word."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from lorbot.core import addressing, asking, dated, deadlines, letters, writing
from lorbot.core.application import Application
from lorbot.core.commands import people
from lorbot.core.commands.base import Command, Field, Request, mistaken
from lorbot.core.courtesy import says_yes
from lorbot.core.deadlines import Standing
from lorbot.core.decision import Decision, PreviewDraft
from lorbot.core.dossier import Dossier, Letter, Mentor, State

_EVERYONE = re.compile(r"^(?:everyone|everybody|all)(?: (?:my )?mentors)?(?: for |$)", re.IGNORECASE)
_ANYWAY = re.compile(r"[\s,;]+(?:anyway|as it is|as is)$", re.IGNORECASE)

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
    argument = _ANYWAY.sub("", request.argument)
    found = people.meant(dossier, argument)
    mentors: Iterable[Mentor] = found.mentors
    problems = list(found.problems)
    if _EVERYONE.match(argument):
        found, mentors, problems = _everyone(dossier, argument)
    mentors = tuple(mentors)
    dossier, more = _with_more(dossier, mentors, request)
    problems += more
    decision = Decision(dossier=dossier)
    for mentor in (dossier.mentor(m.id) for m in mentors):
        application, problem = found.application, ""
        if application is None:
            application, problem = _application_of(dossier, mentor)
        if application is None:
            problems += [problem] if problem not in problems else []
            continue
        letter, planned = letters.planned(decision.dossier, mentor.id, application.id)
        in_the_way = obstacles(planned, letter, request.now)
        if in_the_way:
            problems += in_the_way
            continue
        shown = asking.shown(planned, letter, policy=request.policy, now=request.now, personal=request.form.free)
        decision = decision.followed_by(shown)
    decision = _together(decision, request)
    if not problems:
        return decision
    return decision.followed_by(mistaken(decision.dossier, request, COMMAND, problems))


def obstacles(dossier: Dossier, letter: Letter, now: datetime) -> list[str]:
    """What stands in the way of asking, each with its remedy, in words for the applicant."""
    mentor, application = dossier.mentor(letter.mentor), dossier.application(letter.application)
    if mentor.never:
        return [f"{mentor.name} asked to get no more mail"]
    if letter.state not in letters.ASKABLE and not letters.never_begun(letter):
        return [_why_not(mentor, letter)]
    missing = []
    if not mentor.email:
        missing.append(f"the address of {mentor.name} is missing; send: mentor {mentor.name}, with a line: email: ...")
    if addressing.is_given_name_only(mentor) and not mentor.greeting:
        missing.append(
            f"“{mentor.name}” looks like a first name, and I do not write “Dear {mentor.name}”; "
            f"send: mentor and the full name, with the same address, or add a line: greeting: Dr. and the family name"
        )
    return missing + no_time(dossier, application, now)


def no_time(dossier: Dossier, application: Application, now: datetime) -> list[str]:
    """That no deadline of the letters is ahead, with the remedy; [] where one is."""
    name, stands = application.name, deadlines.standing(dossier, application, now)
    if stands is Standing.AHEAD:
        return []
    if stands is Standing.MISSING and (other := dated.unsettled(dossier, application)):
        open_still = f"I do not know when the letters of {name} must be there: by its deadline "
        return [f"{open_still}{dated.SAYING[other[0].rule]}; send: application {name}, with a line: letters by: ..."]
    what = "is missing" if stands is Standing.MISSING else "has passed"
    key = "letters by" if application.letters_by else "deadline"
    return [f"the deadline of {name} {what}; send: application {name}, with a line: {key}: ..."]


def why_closed(mentor: Mentor, letter: Letter) -> str:
    """Why this mentor is not asked for this letter again, as a sentence; "" where nothing is closed."""
    if mentor.never:
        return f"{mentor.name} asked to get no more mail, and gets none from me."
    said = _why_not(mentor, letter) if letter.state in letters.CLOSED and not letters.never_begun(letter) else ""
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def _why_not(mentor: Mentor, letter: Letter) -> str:
    if letter.reason == letters.REFUSED_BEFORE:
        return f"somebody at {mentor.email} has declined, and I do not ask again for the same purpose"
    return _WHY_NOT.get(letter.state, "the letter of {name} is already on its way").format(name=mentor.name)


def _with_more(dossier: Dossier, mentors: tuple[Mentor, ...], request: Request) -> tuple[Dossier, list[str]]:
    """What the mail says of the work together, and whether the applicant insists; or why it is not clear of whom."""
    more = request.form.get("episode")
    if more and len(mentors) != 1:
        return dossier, ["it is not clear with whom the episode was; ask for one mentor, or send it with: mentor NAME"]
    insists = bool(_ANYWAY.search(request.argument)) or says_yes(request.form.get("as_it_is"))
    for mentor in mentors:
        if more:
            dossier = asking.told_more(dossier, mentor, more)
        if insists:
            dossier = asking.insisted(dossier, dossier.mentor(mentor.id))
    return dossier, []


def _everyone(dossier: Dossier, argument: str) -> tuple[people.Meant, list[Mentor], list[str]]:
    """Everybody who has not been asked and is nobody's backup."""
    what = _EVERYONE.sub("", argument, count=1)
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


def _together(decision: Decision, request: Request) -> Decision:
    """Several asks of one command can be answered with one word."""
    shown = [w for w in decision.mails if isinstance(w, PreviewDraft)]
    if len(shown) < 2:
        return decision
    batch = f"r-{writing.key_of(request.incoming)}"
    batched = (writing.batched(w, batch, len(shown)) if isinstance(w, PreviewDraft) else w for w in decision.mails)
    return replace(decision, mails=tuple(batched))


COMMAND = Command(
    name="ask",
    words=("ask", "please ask", "request"),
    does="shows you the mail that asks a mentor for a strong letter; it goes when you answer: send",
    example="""Subject: ask Dr. Lopez

(If you like, a line or two in your own words; they go into the mail.)""",
    handle=handle,
    argument="NAME [for APPLICATION]",
    fields=(
        Field(name="episode", words=("episode", "another episode", "worked together")),
        Field(name="as_it_is", words=("as it is", "insist", "ask anyway"), example="yes"),
    ),
    free_text="your own lines in the mail",
)
