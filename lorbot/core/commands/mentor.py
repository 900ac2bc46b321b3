"""`mentor NAME`: somebody who may write, and what the two did together."""

import re
from dataclasses import replace

from lorbot.core import addressing, asking, asking_time, dates, deadlines, letters, view, when_due
from lorbot.core.addressing import AddressError, address_in, check_free, readdressed
from lorbot.core.application import Application
from lorbot.core.before import backup_view, before_asking
from lorbot.core.commands import people
from lorbot.core.commands.ask import why_closed
from lorbot.core.commands.base import Command, Field, Request, answered, mistaken
from lorbot.core.courtesy import says_yes
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter, Mentor, next_id
from lorbot.core.episodes import Lacks, account_of
from lorbot.core.letter_types import LetterType
from lorbot.core.planning import counting
from lorbot.core.value import Line, value

_ROLES = ("academic", "clinical", "research", "community", "professional")
_DEAR = re.compile(r"^dear\s+", re.IGNORECASE)


@value
class Entered:
    """What a form changed: what was right in it is in `dossier`, what was wrong in `problems`."""

    dossier: Dossier
    before: Mentor | None = None  # None for a new one
    mentor: Mentor | None = None  # None where it is not clear who is meant
    application: Application | None = None  # for which a letter is planned
    letter: Letter | None = None  # the one for this application
    problems: tuple[Line, ...] = ()


def handle(request: Request, dossier: Dossier) -> Decision:
    """Add or change a mentor, and plan the letter for the application named."""
    if not request.argument:
        return mistaken(dossier, request, COMMAND, ["the mentor needs a name in the subject: mentor Dr. Elena Lopez"])
    found = entered(request, dossier)
    dossier, before, mentor = found.dossier, found.before, found.mentor
    application, letter = found.application, found.letter
    if found.problems or mentor is None:
        return mistaken(dossier, request, COMMAND, list(found.problems))
    today = view.today(dossier.applicant, request.policy, request.now)
    together = before.worked_together if before else ""
    window = deadlines.ask_window(dossier, application, request.policy, request.now) if application else None
    if application:
        dossier = asking_time.as_told(dossier, application, request.policy, request.now)
    return answered(
        dossier, request, "mentor",
        why=f"mentor {mentor.name} was {'changed' if before else 'added'}",
        mentor=view.of_mentor(mentor), warnings=_warnings(mentor), missing=_missing(mentor),
        replaced=together if together not in mentor.worked_together else "",
        before=before_asking(dossier, mentor, application, today),
        closed=why_closed(mentor, letter) if letter else "",
        backup=backup_view(dossier, letter, today) if letter else None,
        application=application.name if application else "",
        window=when_due.of_window(window, request.now),
        backup_for=dossier.mentor(mentor.backup_for).name if mentor.backup_for else "",
    )  # fmt: skip


def entered(request: Request, dossier: Dossier) -> Entered:
    """The form of one mentor, named in the argument, taken over as far as it is right."""
    problems: list[str] = []
    before, problem = people.known_mentor(dossier, request.argument, request.form.get("email"))
    if problem:
        return Entered(dossier=dossier, problems=(problem,))
    mentor = before or Mentor(id=next_id("m", (m.id for m in dossier.mentors)), name=request.argument)
    mentor = _merged(mentor, request, dossier, problems)
    if request.form.get("episode"):
        mentor = replace(mentor, worked_together=asking.joined(mentor.worked_together, request.form.get("episode")))
    email = _email(mentor, request, dossier, problems)
    mentor = replace(mentor, never=mentor.never or email in request.event.silent)
    dossier = readdressed(dossier.with_mentor(mentor), mentor, email)
    mentor = dossier.mentor(mentor.id)
    application, problem = _application(dossier, request)
    problems += [problem] if problem else []
    letter = None
    if application:
        letter, dossier = letters.planned(dossier, mentor.id, application.id)
    dossier = asking.settled(dossier, mentor.id)
    return Entered(
        dossier=dossier, before=before, mentor=mentor, application=application, letter=letter, problems=tuple(problems)
    )  # fmt: skip


def _email(mentor: Mentor, request: Request, dossier: Dossier, problems: list[str]) -> str:
    """The mentor's address after this mail; what is wrong with a new one is named and the old one stays."""
    given = request.form.get("email")
    if not given:
        return mentor.email
    try:
        email = address_in(given)
        check_free(dossier, mentor, email)
    except AddressError as error:
        problems.append(str(error))
        return mentor.email
    return email


def _merged(mentor: Mentor, request: Request, dossier: Dossier, problems: list[str]) -> Mentor:
    form = request.form
    zone = dates.zone_in(form.get("time_zone")) if form.get("time_zone") else mentor.time_zone
    if form.get("time_zone") and not zone:
        problems.append(f"time zone “{form.get('time_zone')}” is not known; write for example America/Chicago or CT")
    role = (
        next((r for r in _ROLES if form.get("role").lower().startswith(r[:5])), "") if form.get("role") else mentor.role
    )
    if form.get("role") and not role:
        problems.append(f"role “{form.get('role')}” is not one of: {', '.join(_ROLES)}")
    return replace(
        mentor,
        time_zone=zone,
        role=role,
        title=form.get("title") or mentor.title,
        specialty=form.get("specialty") or mentor.specialty,
        known_since=form.get("known_since") or mentor.known_since,
        worked_together=form.get("worked_together") or mentor.worked_together,
        highlights=form.get("highlights") or mentor.highlights,
        greeting=_DEAR.sub("", form.get("greeting")).rstrip(" ,") or mentor.greeting,
        assistant=_assistant(form.get("assistant"), problems) or mentor.assistant,
        in_person=says_yes(form.get("in_person")) if form.get("in_person") else mentor.in_person,
        backup_for=_backup(dossier, request, problems) or mentor.backup_for,
        closeness=form.get("closeness") or mentor.closeness,
        observed=form.get("observed") or mentor.observed,
        last_worked=form.get("last_worked") or mentor.last_worked,
        load=form.get("load") or mentor.load,
        growth=form.get("growth") or mentor.growth,
        renown=form.get("renown") or mentor.renown,
        stored_letter=form.get("stored_letter") or mentor.stored_letter,
        counts_as=_counts_as(form.get("counts_as"), problems) or mentor.counts_as,
        as_it_is=says_yes(form.get("as_it_is")) if form.get("as_it_is") else mentor.as_it_is,
    )


def _counts_as(given: str, problems: list[str]) -> str:
    """What the letter would count as; a type that is not known is named, and the line stays as it was."""
    wrong = counting.not_understood(given)
    if wrong:
        named = ", ".join(kind.value for kind in LetterType if kind is not LetterType.ANY)
        problems.append(f"counts as “{', '.join(wrong)}” is no type of letter that I know; there are: {named}")
    return "" if wrong else given


def _assistant(given: str, problems: list[str]) -> str:
    try:
        return address_in(given) if given else ""
    except AddressError as error:
        problems.append(f"assistant: {error}")
        return ""


def _backup(dossier: Dossier, request: Request, problems: list[str]) -> str:
    wanted = request.form.get("backup_for")
    if not wanted:
        return ""
    mine = {m.id for m in people.find_mentors(dossier, request.argument)}
    found = [m for m in people.find_mentors(dossier, wanted) if m.id not in mine]
    if len(found) == 1:
        return found[0].id
    problems.append(f"backup for “{wanted}”: no single mentor of yours has that name")
    return ""


def _application(dossier: Dossier, request: Request) -> tuple[Application | None, str]:
    wanted = request.form.get("application")
    if not wanted and len(dossier.applications) != 1:
        return None, ""
    return people.the_application(dossier, wanted)


def _warnings(mentor: Mentor) -> list[str]:
    warnings = []
    if addressing.is_given_name_only(mentor):
        warnings.append(
            f"“{mentor.name}” looks like a first name, so I would write “Dear {mentor.name}”. "
            "Send the mail again with the full name in the subject, or add a line: greeting: Dr. Lopez"
        )
    return warnings


def _missing(mentor: Mentor) -> list[str]:
    wanted = (
        ("email", "email"),
        ("worked_together", "worked together"),
        ("known_since", "known since"),
        ("role", "role"),
    )
    missing = [words for name, words in wanted if not getattr(mentor, name)]
    lacks = account_of(mentor.worked_together).lacks if asking.is_held_back(mentor) else None
    if lacks is Lacks.ANOTHER:
        missing.append("episode: a second thing that happened, with its place or day")
    elif lacks and mentor.worked_together:
        missing.append("episode: a thing that happened, with its place or day, and what was seen of it; and one more")
    return missing


COMMAND = Command(
    name="mentor",
    words=("mentor", "writer", "letter writer", "recommender", "referee"),
    does="adds or changes a mentor who may write for you",
    example="""Subject: mentor Dr. Elena Lopez

email: elena.lopez@hospital.example
title: Associate Professor of Medicine
role: clinical
known since: March 2027
closeness: knows me well
observed: yes, daily on the ward
last worked together: April 2027
worked together: I was your sub-intern on 5 West for four weeks in March. We looked after Mr. H. with endocarditis,
  and you watched me lead the family meeting.
for: ERAS 2028""",
    handle=handle,
    argument="NAME",
    fields=(
        Field(name="email", words=("email", "e-mail", "mail", "address"), example="elena.lopez@hospital.example"),
        Field(name="title", words=("title", "position")),
        Field(name="role", words=("role", "kind"), example="clinical"),
        Field(name="specialty", words=("specialty", "speciality", "field", "department")),
        Field(name="known_since", words=("known since", "since", "known"), example="March 2027"),
        Field(name="worked_together", words=("worked together", "together", "our work", "work together", "how")),
        Field(name="highlights", words=("highlights", "highlight", "strengths")),
        Field(name="greeting", words=("greeting", "dear", "address as"), example="Dr. Lopez"),
        Field(name="time_zone", words=("time zone", "timezone", "zone")),
        Field(name="assistant", words=("assistant", "secretary", "coordinator")),
        Field(name="in_person", words=("in person", "meet", "we meet"), example="yes"),
        Field(name="application", words=("for", "application", "for application")),
        Field(name="backup_for", words=("backup for", "backup", "back up for"), example="Dr. Kim"),
        Field(name="closeness", words=("closeness", "close", "how close", "knows me", "how well", "relationship")),
        Field(name="observed", words=("observed", "observed me", "direct observation", "saw me work", "seen at work")),
        Field(name="last_worked", words=("last worked together", "last worked", "last together", "last time")),
        Field(name="load", words=("load", "letters this year", "writes for", "how busy")),
        Field(name="counts_as", words=("counts as", "count as", "letter type", "counts"), example="science"),
        Field(name="growth", words=("growth", "what got better", "grew", "progress")),
        Field(name="renown", words=("standing", "renown", "standing in the field", "reputation")),
        Field(name="stored_letter", words=("stored letter", "letter on file", "interfolio", "stored")),
        Field(name="episode", words=("episode", "another episode", "episodes", "and also")),
        Field(name="as_it_is", words=("as it is", "insist", "ask anyway")),
    ),
)
