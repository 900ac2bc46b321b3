"""The dates in the form of an application: the deadline and what it is of, the letters' own day, the preferred date.

What is wrong is named and left out, what was right is kept; and what was taken where nothing was said, is said.
"""

from dataclasses import replace
from datetime import date, datetime

from lorbot.core import dated, dates, deadlines, view, zones
from lorbot.core.application import Application
from lorbot.core.commands.base import Request, zone_of
from lorbot.core.dossier import Dossier
from lorbot.core.policy import Policy
from lorbot.core.services import Rule
from lorbot.core.value import Line, Moment, value

_KEYS = {"deadline": "deadline", "letters_by": "letters by"}
_ARRIVED = frozenset({Rule.LETTERS, Rule.COMPLETE, Rule.VERIFIED})
"""By such a deadline the letters are there."""


@value
class Given:
    """A moment as the form has it, with its zone and whether the applicant named them."""

    at: Moment
    zone: Line
    words: Line
    says_time: bool
    says_zone: bool


def dated_by(application: Application, request: Request, dossier: Dossier, problems: list[str]) -> Application:
    """The application with the dates of the form, as far as they are right."""
    application = _with_rule(application, request, problems)
    if given := _moment(application, "deadline", request, dossier, problems):
        rule = "" if request.form.get("rule") else dated.rule_in(given.words).value
        application = replace(application, deadline=given.at, time_zone=given.zone, rule=rule or application.rule)
    if given := _moment(application, "letters_by", request, dossier, problems):
        application = replace(application, letters_by=given.at, letters_zone=given.zone)
    elif application.rule == Rule.LETTERS and (request.form.get("rule") or request.form.get("deadline")):
        application = replace(application, letters_by=None, letters_zone="")  # the deadline says it now
    application = _with_days(application, request, dossier, problems)
    return _checked(application, request, dossier, problems)


def notes(before: Application | None, after: Application, request: Request, dossier: Dossier) -> list[str]:
    """What was taken where nothing was said, and what became of the preferred date, as sentences."""
    said = _assumed(after, request, dossier)
    said += ["If that is not right, send the line again with time and zone."] if said else []
    preferred = before.preferred if before else None
    if preferred and after.preferred is None:
        return [*said, f"Your preferred date, {dates.say(preferred)}, would be after the deadline, so I left it out."]
    if after.preferred and after.preferred < view.today(dossier.applicant, request.policy, request.now):
        return [*said, f"Your preferred date, {dates.say(after.preferred)}, has passed, so no mail names it any more."]
    return said


def preferred_problem(dossier: Dossier, application: Application, policy: Policy, now: datetime) -> str:
    """Why the preferred date cannot stand beside the true one; "" where it can. To be asked again when the deadline of
    a program changes; until it is settled, no mail names a preferred date that comes after the true one.
    """
    due = deadlines.due_of(dossier, application, policy, now=now)
    if due is None or application.preferred is None or application.preferred <= due.day:
        return ""
    whose = f" of {due.programme}" if due.programme else ""
    return f"preferred “{dates.say(application.preferred)}” is after the deadline{whose}, {dates.say(due.day)}"


def _assumed(application: Application, request: Request, dossier: Dossier) -> list[str]:
    said = []
    for field in _KEYS:
        given = _moment(application, field, request, dossier, [])
        if given is None or (given.says_time and given.says_zone):
            continue
        zone = dates.zone_name(given.zone)
        if given.says_time:
            said.append(f"You named no time zone for “{given.words}”, so I took it as {zone}.")
        elif given.says_zone:
            said.append(f"You named no time for “{given.words}”, so I took the end of that day.")
        else:
            said.append(f"You named no time for “{given.words}”, so I took the end of that day, {zone}.")
    return said


def _moment(
    application: Application, field: str, request: Request, dossier: Dossier, problems: list[str]
) -> Given | None:
    words, key = request.form.get(field), _KEYS[field]
    if not words:
        return None
    own = zone_of(dossier, request.policy)
    zone = (application.time_zone if field == "deadline" else application.letters_zone or application.time_zone) or own
    today = view.local_day(request.now, own)
    found = dates.moment_in(words, today, zone)
    if found is None and zones.is_foreign(words):
        problems.append(
            f"{key} “{words}” has a time zone that I do not know; write for example ET, PT, UTC, AoE or Europe/Berlin"
        )
    elif found is None:
        problems.append(f"{key} “{words}” is not a date I can read; write for example: 1 Sept 2027, 11:59 pm ET")
    elif found[0] < request.now:
        problems.append(f"{key} “{words}” is in the past; write it with its year")
    else:
        says_time, says_zone = dates.says_time(words, today), bool(zones.named_in(words))
        return Given(at=found[0], zone=found[1], words=words, says_time=says_time, says_zone=says_zone)
    return None


def _with_rule(application: Application, request: Request, problems: list[str]) -> Application:
    words = request.form.get("rule")
    if not words:
        return application
    rule = dated.rule_in(words)
    if rule is Rule.UNKNOWN:
        listed = ", ".join(r.value for r in dated.SAYING)
        problems.append(f"deadline is: “{words}” is not one of: {listed}")
        return application
    return replace(application, rule=rule.value)


def _with_days(application: Application, request: Request, dossier: Dossier, problems: list[str]) -> Application:
    today = view.local_day(request.now, zone_of(dossier, request.policy))
    for name in ("preferred", "opens"):
        words = request.form.get(name)
        day = dates.day_in(words, today) if words else None
        if words and day is None:
            problems.append(f"{name} “{words}” is not a date I can read; write for example: 15 Aug 2027")
        elif day is not None and day < today and name == "preferred":
            problems.append(f"{name} “{words}” is in the past")
        elif day is not None:
            application = _with_day(application, name, day)
    return application


def _with_day(application: Application, name: str, day: date) -> Application:
    return replace(application, preferred=day) if name == "preferred" else replace(application, opens=day)


def _checked(application: Application, request: Request, dossier: Dossier, problems: list[str]) -> Application:
    """Without a letters' day after the deadline that they belong to, and without a preferred one after the true one."""
    by, deadline, rule = application.letters_by, application.deadline, dated.rule_of(application)
    if by and deadline and by > deadline and rule in _ARRIVED:
        day = dates.say(view.local_day(deadline, application.time_zone or request.policy.time_zone))
        problems.append(f"letters by: that is after the deadline, {day}, by which {dated.SAYING[rule]}")
        application = replace(application, letters_by=None, letters_zone="")
    if problem := preferred_problem(dossier, application, request.policy, request.now):
        problems += [problem] if request.form.get("preferred") else []
        application = replace(application, preferred=None)
    return application
