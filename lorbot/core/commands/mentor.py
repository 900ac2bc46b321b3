"""`mentor NAME`: somebody who may write, and what the two did together."""

import re
from dataclasses import replace

from lorbot.core import addressing, dates, view
from lorbot.core.addressing import AddressError, address_in, check_free, readdressed
from lorbot.core.commands import people
from lorbot.core.commands.application import ask_window
from lorbot.core.commands.base import Command, Field, Request, answered, mistaken
from lorbot.core.courtesy import plain
from lorbot.core.decision import Decision
from lorbot.core.dossier import Application, Dossier, Letter, Mentor, State, next_id
from lorbot.core.value import Line, value

_ROLES = ("academic", "clinical", "research", "community", "professional")
_YES = ("yes", "y", "true", "often", "daily", "weekly")
_DEAR = re.compile(r"^dear\s+", re.IGNORECASE)


@value
class Entered:
    """What a form changed: what was right in it is in `dossier`, what was wrong in `problems`."""

    dossier: Dossier
    before: Mentor | None = None  # None for a new one
    mentor: Mentor | None = None  # None where it is not clear who is meant
    application: Application | None = None  # for which a letter is planned
    problems: tuple[Line, ...] = ()


def handle(request: Request, dossier: Dossier) -> Decision:
    """Add or change a mentor, and plan the letter for the application named."""
    if not request.argument:
        return mistaken(dossier, request, COMMAND, ["the mentor needs a name in the subject: mentor Dr. Elena Lopez"])
    found = entered(request, dossier)
    dossier, before, mentor = found.dossier, found.before, found.mentor
    application = found.application
    if found.problems or mentor is None:
        return mistaken(dossier, request, COMMAND, list(found.problems))
    return answered(
        dossier, request, "mentor",
        why=f"mentor {mentor.name} was {'changed' if before else 'added'}",
        mentor=view.of_mentor(mentor), warnings=_warnings(mentor), missing=_missing(mentor),
        application=application.name if application else "",
        window=ask_window(application, request) if application else {"from": "", "to": "", "when": ""},
        backup_for=dossier.mentor(mentor.backup_for).name if mentor.backup_for else "",
        in_person=mentor.in_person,
    )  # fmt: skip


def entered(request: Request, dossier: Dossier) -> Entered:
    """The form of one mentor, named in the argument, taken over as far as it is right."""
    problems: list[str] = []
    before, problem = people.known_mentor(dossier, request.argument, request.form.get("email"))
    if problem:
        return Entered(dossier=dossier, problems=(problem,))
    mentor = before or Mentor(id=next_id("m", (m.id for m in dossier.mentors)), name=request.argument)
    mentor = _merged(mentor, request, dossier, problems)
    email = _email(mentor, request, dossier, problems)
    mentor = replace(mentor, never=mentor.never or email in request.event.silent)
    dossier = readdressed(dossier.with_mentor(mentor), mentor, email)
    mentor = dossier.mentor(mentor.id)
    application, problem = _application(dossier, request)
    problems += [problem] if problem else []
    if application:
        dossier = _planned(dossier, mentor, application)
    return Entered(dossier=dossier, before=before, mentor=mentor, application=application, problems=tuple(problems))


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
        in_person=_says_yes(form.get("in_person")) if form.get("in_person") else mentor.in_person,
        backup_for=_backup(dossier, request, problems) or mentor.backup_for,
    )


def _assistant(given: str, problems: list[str]) -> str:
    try:
        return address_in(given) if given else ""
    except AddressError as error:
        problems.append(f"assistant: {error}")
        return ""


def _says_yes(given: str) -> bool:
    return plain(given).split(" ", 1)[0] in _YES


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


def _planned(dossier: Dossier, mentor: Mentor, application: Application) -> Dossier:
    if any(x.application == application.id for x in dossier.letters_of(mentor.id)):
        return dossier
    letter_id = next_id("l", (x.id for x in dossier.letters))
    return dossier.with_letter(Letter(id=letter_id, mentor=mentor.id, application=application.id, state=State.PLANNED))


def _warnings(mentor: Mentor) -> list[str]:
    warnings = []
    if addressing.is_given_name_only(mentor):
        warnings.append(
            f"“{mentor.name}” looks like a first name, so I would write “Dear {mentor.name}”. "
            "Send the mail again with the full name in the subject, or add a line: greeting: Dr. Lopez"
        )
    if len(mentor.worked_together.split()) < 12:
        warnings.append(
            "Under “worked together” one or two concrete episodes help most: what you did, where, when, "
            "and what the mentor saw of it. A letter is as strong as what its writer remembers."
        )
    if mentor.in_person:
        warnings.append("You two meet: asking in person first is best; the mail then follows up.")
    return warnings


def _missing(mentor: Mentor) -> list[str]:
    wanted = (
        ("email", "email"),
        ("worked_together", "worked together"),
        ("known_since", "known since"),
        ("role", "role"),
    )
    return [words for name, words in wanted if not getattr(mentor, name)]


COMMAND = Command(
    name="mentor",
    words=("mentor", "writer", "letter writer", "recommender", "referee"),
    does="adds or changes a mentor who may write for you",
    example="""Subject: mentor Dr. Elena Lopez

email: elena.lopez@hospital.example
title: Associate Professor of Medicine
role: clinical
known since: March 2027
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
    ),
)
