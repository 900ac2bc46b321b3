"""`application NAME`: one use of an application service in a cycle, with its true deadline."""

import re
from dataclasses import replace

from lorbot.core import asking_time, dated, deadlines, known_dates, redating, service_season, services, view, when_due
from lorbot.core.application import Application
from lorbot.core.commands import dating, people
from lorbot.core.commands.base import Command, Field, Request, answered, mistaken
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, next_id
from lorbot.core.services import Rule


def handle(request: Request, dossier: Dossier) -> Decision:
    """Take over what was given; what is not understood is named and the rest is kept."""
    if not request.argument:
        return mistaken(
            dossier, request, COMMAND, ["the application needs a name in the subject: application ERAS 2028"]
        )
    form = request.form
    problems: list[str] = []
    before = _known(dossier, request.argument)
    application = before or Application(id=next_id("a", (a.id for a in dossier.applications)), name=request.argument)
    application = replace(
        application,
        cycle=form.get("cycle") or application.cycle,
        instructions=form.get("instructions") or application.instructions,
        portal=form.get("portal") or application.portal,
        programmes=form.get("programmes") or application.programmes,
    )
    application = _with_service(application, request, problems)
    application = dating.dated_by(application, request, dossier, problems)
    application = _with_letter_ids(application, request, dossier, problems)
    policy, now = request.policy, request.now
    due = deadlines.due_of(dossier, before, policy, now=now) if before else None
    dossier = dossier.with_application(application)
    decision = redating.redated(dossier, application.id, due, policy, now)
    if problems:
        return decision.then(lambda after: mistaken(after, request, COMMAND, problems))
    told = answered(
        asking_time.as_told(decision.dossier, application, policy, now), request, "application",
        why=f"application {application.name} was {'changed' if before else 'added'}",
        application=view.of_application(dossier, application, policy, now),
        old_rules=service_season.stale(
            services.service(application.service), view.today(dossier.applicant, policy, now)
        ),
        missing=_missing(dossier, application, request),
        window=when_due.of_window(deadlines.ask_window(dossier, application, policy, now), now),
        notes=dating.notes(before, application, request, dossier),
        dates=known_dates.seen(dossier, application, policy, now),
    )  # fmt: skip
    return decision.followed_by(told)


def _missing(dossier: Dossier, application: Application, request: Request) -> list[str]:
    """What the applicant is asked for: the day the letters must be there, where nobody knows it."""
    due = deadlines.due_of(dossier, application, request.policy)
    rules = {d.rule for d in dated.unsettled(dossier, application)}
    if Rule.VERIFIED in rules or (rules and due is None):
        return ["letters by (the day the letters must be there, with time and zone)"]
    return [] if due else ["deadline (the day the letter must be there, with time and zone)"]


def _known(dossier: Dossier, name: str) -> Application | None:
    """The application of that name, or the one whose name holds all its words: "ERAS" for "ERAS 2028"."""
    exact = next((a for a in dossier.applications if a.name.lower() == name.lower()), None)
    return exact or people.the_application(dossier, name)[0]


def _with_service(application: Application, request: Request, problems: list[str]) -> Application:
    given = request.form.get("service")
    name = services.find(given) if given else (application.service or services.find(application.name))
    if given and not name:
        listed = ", ".join(s.title for s in services.all_services().values())
        problems.append(f"service “{given}” is not known to me; there are: {listed}")
    return replace(application, service=name or services.CUSTOM)


def _with_letter_ids(application: Application, request: Request, dossier: Dossier, problems: list[str]) -> Application:
    ids = dict(application.letter_ids)
    if problem := _name_in(request.form.get("letter_id")):
        problems.append(problem)
    elif request.form.get("letter_id"):
        ids[""] = request.form.get("letter_id")
    for _, name, number in request.form.named:
        found = people.find_mentors(dossier, name)
        if len(found) == 1:
            ids[found[0].id] = number
        else:
            problems.append(f"letter id for “{name}”: no single mentor of yours has that name")
    return replace(application, letter_ids=ids)


def _name_in(letter_id: str) -> str:
    """The problem with "letter id: Lopez 123", which would be shown to every mentor; "" where there is none."""
    if not re.search(r"[^\W\d_]{3,}\s+\S*\d|\d\s+[^\W\d_]{3,}", letter_id):
        return ""
    return f"letter id “{letter_id}” looks like a name and a number; write for example: letter id Lopez: 1234567"


COMMAND = Command(
    name="application",
    words=("application", "app", "apply"),
    does="tells me where you apply and when the letters must be there",
    example="""Subject: application ERAS 2028, internal medicine

service: ERAS residency
deadline: 1 September 2027, 11:59 pm ET
preferred: 20 August 2027
programmes: 24 programs in internal medicine
letter id Lopez: 1234567""",
    handle=handle,
    argument="NAME",
    fields=(
        Field(name="service", words=("service", "system"), example="ERAS residency"),
        Field(name="cycle", words=("cycle", "season", "year"), example="2028"),
        Field(name="deadline", words=("deadline", "due", "due date", "due by"), example="1 Sept 2027, 11:59 pm ET"),
        Field(name="rule", words=("deadline is", "rule", "kind of deadline", "by then"), example="complete"),
        Field(
            name="letters_by",
            words=("letters by", "letters due", "letters deadline", "letter deadline", "deadline for letters"),
            example="15 June 2027",
        ),
        Field(name="preferred", words=("preferred", "preferred date", "prefer by"), example="20 Aug 2027"),
        Field(name="opens", words=("opens", "opening", "open from")),
        Field(name="instructions", words=("instructions", "how to submit", "how")),
        Field(name="portal", words=("portal", "link", "address", "url")),
        Field(name="programmes", words=("programmes", "programs", "schools")),
        Field(name="letter_id", words=("letter id", "letter ids", "request id"), takes_name=True),
    ),
)
