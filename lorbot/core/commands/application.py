"""`application NAME`: one use of an application service in a cycle, with its true deadline."""

import re
from dataclasses import replace
from datetime import date, timedelta

from lorbot.core import dates, letters, renewal, service_season, services, view
from lorbot.core.application import Application
from lorbot.core.commands import people
from lorbot.core.commands.base import Command, Field, Request, answered, mistaken, zone_of
from lorbot.core.correspondence import Purpose
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, next_id

_DEADLINE_STEPS = ("reminder", "last call", "overdue")
_NAME_THE_DEADLINE = frozenset({Purpose.ASK, Purpose.LAST_CALL})


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
    application = _with_dates(application, request, dossier, problems)
    application = _with_letter_ids(application, request, dossier, problems)
    dossier = dossier.with_application(application)
    decision = _redated(dossier, before, application, request)
    if problems:
        return decision.then(lambda after: mistaken(after, request, COMMAND, problems))
    missing = [] if application.deadline else ["deadline (the day the letter must be there, with time and zone)"]
    told = answered(
        decision.dossier, request, "application",
        why=f"application {application.name} was {'changed' if before else 'added'}",
        application=view.of_application(application, zone_of(dossier, request.policy), dossier.applicant.specialty),
        old_rules=service_season.stale(
            services.service(application.service), view.today(dossier.applicant, request.policy, request.now)
        ),
        missing=missing, window=ask_window(application, request),
    )  # fmt: skip
    return decision.followed_by(told)


def ask_window(application: Application, request: Request) -> dict[str, str]:
    """When to ask: from and to, in words, and whether that is ahead, now or past; empty without a deadline."""
    if application.deadline is None:
        return {"from": "", "to": "", "when": ""}
    last, first = services.service(application.service).ask_weeks_before
    zone = application.time_zone or request.policy.time_zone
    day = view.local_day(application.deadline, zone)
    begins, ends = day - timedelta(weeks=first), day - timedelta(weeks=last)
    today = view.local_day(request.now, zone)
    when = "ahead" if today < begins else "now" if today <= ends else "past"
    return {"from": dates.say(begins), "to": dates.say(ends), "when": when}


def _known(dossier: Dossier, name: str) -> Application | None:
    """The application of that name, or the one whose name holds all its words: "ERAS" for "ERAS 2028"."""
    exact = next((a for a in dossier.applications if a.name.lower() == name.lower()), None)
    return exact or people.the_application(dossier, name)[0]


def _redated(dossier: Dossier, before: Application | None, after: Application, request: Request) -> Decision:
    """With another deadline, the clock of its letters begins anew, and what names it is shown anew or gone."""
    if before is None or before.deadline == after.deadline:
        return Decision(dossier=dossier)
    about = {x.id for x in dossier.letters if x.application == after.id}
    for letter in (dossier.letter(x) for x in about):
        done = tuple(step for step in letter.done if not step.startswith(_DEADLINE_STEPS))
        dossier = dossier.with_letter(replace(letter, done=done))
    dossier = letters.drop_queued(dossier, about, {Purpose.REMINDER, Purpose.LAST_CALL})
    stale = [p for p in dossier.previews if about & set(p.mail.letters) and p.mail.purpose in _NAME_THE_DEADLINE]
    decision = Decision(dossier=dossier)
    for preview in stale:
        if preview.mail.purpose is Purpose.LAST_CALL:
            decision = replace(decision, dossier=renewal.without(decision.dossier, preview))
            continue
        anew = replace(preview, shown_at=request.now, later_until=None, repeated=False)
        again = renewal.shown_again(decision.dossier, anew, request.policy, request.now, "changed")
        decision = decision.followed_by(again)
    return decision


def _with_service(application: Application, request: Request, problems: list[str]) -> Application:
    given = request.form.get("service")
    name = services.find(given) if given else (application.service or services.find(application.name))
    if given and not name:
        listed = ", ".join(s.title for s in services.all_services().values())
        problems.append(f"service “{given}” is not known to me; there are: {listed}")
    return replace(application, service=name or services.CUSTOM)


def _with_dates(application: Application, request: Request, dossier: Dossier, problems: list[str]) -> Application:
    today = view.local_day(request.now, zone_of(dossier, request.policy))
    given = request.form.get("deadline")
    if given:
        moment = dates.moment_in(given, today, application.time_zone or zone_of(dossier, request.policy))
        if moment is None:
            problems.append(f"deadline “{given}” is not a date I can read; write for example: 1 Sept 2027, 11:59 pm ET")
        elif moment[0] < request.now:
            problems.append(f"deadline “{given}” is in the past; write it with its year")
        else:
            application = replace(application, deadline=moment[0], time_zone=moment[1])
    for name in ("preferred", "opens"):
        words = request.form.get(name)
        day = dates.day_in(words, today) if words else None
        if words and day is None:
            problems.append(f"{name} “{words}” is not a date I can read; write for example: 15 Aug 2027")
        elif day is not None and day < today and name == "preferred":
            problems.append(f"{name} “{words}” is in the past")
        elif day is not None:
            application = _with_day(application, name, day)
    return _checked(application, zone_of(dossier, request.policy), problems)


def _with_day(application: Application, name: str, day: date) -> Application:
    return replace(application, preferred=day) if name == "preferred" else replace(application, opens=day)


def _checked(application: Application, zone: str, problems: list[str]) -> Application:
    deadline, preferred = application.deadline, application.preferred
    if deadline and preferred and preferred > view.local_day(deadline, application.time_zone or zone):
        problems.append("the preferred date is after the deadline")
        return replace(application, preferred=None)
    return application


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
        Field(name="preferred", words=("preferred", "preferred date", "prefer by"), example="20 Aug 2027"),
        Field(name="opens", words=("opens", "opening", "open from")),
        Field(name="instructions", words=("instructions", "how to submit", "how")),
        Field(name="portal", words=("portal", "link", "address", "url")),
        Field(name="programmes", words=("programmes", "programs", "schools")),
        Field(name="letter_id", words=("letter id", "letter ids", "request id"), takes_name=True),
    ),
)
