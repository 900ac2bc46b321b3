"""Looking ahead: the steps from where the applicant stands to the end of the way, when the next letters will be wanted,
and which mentor is worth keeping warm for what.

Plain values for templates/applicant/_path.txt. Nothing here speaks of chances, and what is not known is asked.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from lorbot.core import dates, deadlines, fit, letters, services, stages, view
from lorbot.core.application import Application
from lorbot.core.correspondence import Direction, Purpose
from lorbot.core.dossier import Dossier, Mentor, State
from lorbot.core.fit import Aspect, Finding, Weight
from lorbot.core.policy import Policy
from lorbot.core.stages import Standing, Step

MOST_FOR_A_STEP = 3  # mentors
MOST_STEPS = 2  # for which mentors are named: who suits one that is far away, nobody can know yet

_DONE = {"matched", "accepted"}
_IN_TOUCH = frozenset({State.PREVIEWED, State.ASKED, State.HELD, State.SILENT, State.BOUNCED})
_HEARS = letters.UNDER_WAY | letters.WROTE
_A_YEAR = timedelta(days=365)

_GOOD: dict[str, str] = {
    "known_well": "knows you well",
    "known_long": "has known you for a year or more",
    "observed": "saw you at work",
    "wanted_role": "is in a fitting role",
    "same_specialty": "works in your specialty",
    "recent": "worked with you within the last year",
}
"""What speaks for a mentor, after the name; a finding that is not here is not told."""

_AGAINST = frozenset({Aspect.CLOSENESS, Aspect.OBSERVATION})
"""A warning of this kind, and the mentor is not named: the two hardly know each other, or are family."""


def path(dossier: Dossier, policy: Policy, now: datetime) -> dict[str, Any]:
    """The way ahead for a template."""
    today = view.today(dossier.applicant, policy, now)
    standing = stages.standing_in(dossier.applicant.stage, today)
    ahead = [s for s in stages.steps_ahead(standing) if not _is_done(dossier, s)]
    wanting = [s for s in ahead if not s.note]
    steps = [_step(dossier, s, standing, policy, today) for s in ahead] if standing else []
    following = next((s for s in steps if not s["note"]), None)
    return {
        "stage": dossier.applicant.stage if standing else "",
        "next": following,
        "rest": [s for s in steps if s is not following and (s["note"] or s["when"])],
        "later": [s["what"] for s in steps if s is not following and not s["note"] and not s["when"]],
        "mentors": list(_mentors(dossier, wanting[:MOST_STEPS], policy, now)) if standing else [],
    }


# -- steps ---------------------------------------------------------------------------------------------------------


def _step(dossier: Dossier, step: Step, standing: Standing | None, policy: Policy, today: date) -> dict[str, Any]:
    known = _under_way(dossier, step, policy, today)
    day = stages.usual_day(step, standing)
    usual = day is not None and known is None and day >= today
    assumed = bool(usual and standing and standing.assumed)
    return {
        "what": step.name,
        "when": known[1] if known else _in_words(day) if usual and day else "",
        "lead": step.usual.lead if usual and step.usual else "",
        "application": known[0] if known else "",
        "usual": step.usual.words if usual and step.usual else "",
        "source": step.usual.source if usual and step.usual else "",
        "if_ends": standing.ends if assumed and standing else 0,
        "passed": _in_words(day) if day and known is None and not usual else "",
        "asked": step.ask,
        "optional": step.optional,
        "wants": _wants(step),
        "note": step.note,
        "note_source": step.note_source,
    }


def _in_words(day: date) -> str:
    """Without the weekday: it is a date that comes back each year."""
    return f"{day:%B} {day.day}, {day.year}"


def _applications(dossier: Dossier, step: Step) -> Iterator[Application]:
    for application in dossier.applications:
        known = services.service(application.service)
        if known.stage == step.service_stage or (not known.stage and step.purpose in known.purpose):
            yield application


def _is_done(dossier: Dossier, step: Step) -> bool:
    return any(a.outcome in _DONE for a in _applications(dossier, step))


def _under_way(dossier: Dossier, step: Step, policy: Policy, today: date) -> tuple[str, str] | None:
    """The application for this step whose letters are wanted first, and when."""
    dated = [
        (due, a) for a in _applications(dossier, step) for due in deadlines.dues(dossier, a, policy) if due.day >= today
    ]
    if not dated:
        return None
    due, application = min(dated, key=lambda x: x[0].at)
    return application.name, dates.say(due.day)


def _wants(step: Step) -> str:
    """How many letters of which kinds, in the words of the service's data."""
    known = services.all_services().get(step.service)
    return f"{known.title}: {known.letters.replace('programme', 'program')}" if known and known.letters else ""


# -- mentors -------------------------------------------------------------------------------------------------------


def _mentors(dossier: Dossier, steps: list[Step], policy: Policy, now: datetime) -> Iterator[dict[str, Any]]:
    """Each mentor who suits one of the next steps, with what for and why, and when to write next."""
    today = view.today(dossier.applicant, policy, now)
    suited = {step.name: _suited(dossier, step, today) for step in steps}
    for mentor in dossier.mentors:
        found = {name: dict(who)[mentor.id] for name, who in suited.items() if mentor.id in dict(who)}
        if found:
            yield {
                "name": mentor.name,
                "worth": list(found),
                "why": _why(next(iter(found.values()))),
                "last": _last(dossier, mentor, policy),
                "news": _next_news(dossier, mentor, policy, today),
            }


def _suited(dossier: Dossier, step: Step, today: date) -> list[tuple[str, tuple[Finding, ...]]]:
    """The mentors that fit this step best, each with what was found."""
    application = Application(id="", name=step.name, service=_service_of(step))
    reviewed = [(m.id, fit.review_of(dossier, m, application, today)) for m in dossier.mentors if _is_open(dossier, m)]
    fitting = [(who, found) for who, found in reviewed if _why(found) and not _is_warned(found)]
    return sorted(fitting, key=lambda x: -fit.worth(x[1]))[:MOST_FOR_A_STEP]


def _is_open(dossier: Dossier, mentor: Mentor) -> bool:
    """Whether the mentor may be written to, and has not only said no."""
    states = {x.state for x in dossier.letters_of(mentor.id)}
    return not mentor.never and not (states & {State.DECLINED, State.WITHDRAWN} and not states & _HEARS)


def _service_of(step: Step) -> str:
    return step.service if step.service in services.all_services() else services.CUSTOM


def _is_warned(found: tuple[Finding, ...]) -> bool:
    return any(f.weight is Weight.WARNING and f.aspect in _AGAINST for f in found)


def _why(found: tuple[Finding, ...]) -> list[str]:
    return [_GOOD[f.name] for f in found if f.name in _GOOD]


def _last(dossier: Dossier, mentor: Mentor, policy: Policy) -> str:
    ours = [c.at for c in dossier.contacts if c.mentor == mentor.id and c.direction is Direction.OUT]
    return dates.say(view.local_day(max(ours), view.zone_of(dossier.applicant, policy))) if ours else ""


def _next_news(dossier: Dossier, mentor: Mentor, policy: Policy, today: date) -> str:
    """The month for a short update, "now", or "" for a mentor who does not get any by mail at present: after so many
    days without a word, and a few times a year at most.
    """
    states = {x.state for x in dossier.letters_of(mentor.id)}
    if states & _IN_TOUCH or not states & _HEARS or not mentor.email or not policy.updates_per_year:
        return ""
    zone = view.zone_of(dossier.applicant, policy)
    ours = [c for c in dossier.contacts if c.mentor == mentor.id and c.direction is Direction.OUT]
    last = max((view.local_day(c.at, zone) for c in ours), default=today)
    due = last + timedelta(days=policy.prompt_update_after_days)
    news = sorted(view.local_day(c.at, zone) for c in ours if c.purpose == Purpose.UPDATE.value)
    if len(news) >= policy.updates_per_year:
        due = max(due, news[-policy.updates_per_year] + _A_YEAR)
    return "now" if due <= today else f"in {due:%B %Y}"
