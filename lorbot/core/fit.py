"""How well a mentor fits a letter, from what the applicant said and from nothing else: the table `RULES`.

A finding is a name and a weight; its sentence is in templates/applicant/_fit.txt. What was not said gives no finding.
Nothing here speaks of chances: an applicant cannot know how strong a letter becomes, and neither can lorbot.

What makes letters weak or strong follows a study of 715 fellowship letters (the relationship and its length stated,
evaluation of what was seen; letters after electives had least of it: doi:10.1186/s12909-020-02270-7) and surveys of
program directors. So the points weigh closeness and direct observation far above a name in the field.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from enum import StrEnum

from lorbot.core import letters, services, spans
from lorbot.core.acquaintance import (
    Closeness,
    Observed,
    closeness_in,
    has_many,
    is_physician,
    kin_in,
    observed_in,
    watched_in,
)
from lorbot.core.application import Application
from lorbot.core.dossier import Dossier, Mentor
from lorbot.core.episodes import ENOUGH, account_of
from lorbot.core.service import OF_A_SPECIALTY, Sender, Service
from lorbot.core.spans import A_MONTH, A_YEAR, Ago
from lorbot.core.value import Line, value

MOST_AT_ONCE = 3  # letters asked of one mentor in one dossier, from which on it is worth a thought
SHORT_STAY = 7  # days
BRIEF_STAY = 14  # days

_NOTHING = re.compile(r"(?:no|none|nothing|not (?:really|much|known)|unknown|n/?a|\W+)(?: yet)?\W*", re.IGNORECASE)


class Weight(StrEnum):
    WARNING = "warning"
    THINK = "to think about"
    GOOD = "good"


class Aspect(StrEnum):
    CLOSENESS = "closeness"
    LENGTH = "length"
    OBSERVATION = "observation"
    EPISODES = "episodes"
    ROLE = "role"
    RECENCY = "recency"
    LOAD = "load"
    GROWTH = "growth"
    RENOWN = "renown"


@value
class Known:
    """What is known of a mentor and of what the letter is for; None and "" for what nobody said."""

    closeness: Closeness = Closeness.UNSAID
    kin: Line = ""  # "aunt"
    since: Ago | None = None
    stay: int | None = None  # the longest time together that is named, in days
    observed: Observed = Observed.UNSAID
    watched: bool = False  # an episode says that the mentor saw it
    episodes: int = 0
    role: Line = ""
    wanted_roles: tuple[Line, ...] = ()  # of the service; () where it says nothing
    wants_physicians: bool = False
    physician: bool | None = None
    specialty: Line = ""
    wanted_specialty: Line = ""
    last: Ago | None = None
    asked: int = 0  # letters that this dossier asks of the mentor
    many_letters: bool = False
    growth: bool = False  # the applicant tells what the mentor saw getting better
    renown: Line = ""
    solicited: bool = False  # the institution chooses and asks the writers


@value
class Finding:
    """One thing that speaks for a mentor, or is worth a thought; its words are a template's."""

    name: Line
    aspect: Aspect
    weight: Weight
    points: int = 0  # for comparing mentors


@value
class Rule:
    name: Line
    aspect: Aspect
    weight: Weight
    points: int
    applies: Callable[[Known], bool]


def _rule(name: str, aspect: Aspect, weight: Weight, points: int, applies: Callable[[Known], bool]) -> Rule:
    return Rule(name=name, aspect=aspect, weight=weight, points=points, applies=applies)


RULES: tuple[Rule, ...] = (
    _rule("solicited", Aspect.ROLE, Weight.WARNING, 0, lambda k: k.solicited),
    _rule("family", Aspect.CLOSENESS, Weight.WARNING, -100, lambda k: bool(k.kin)),
    _rule("hardly_known", Aspect.CLOSENESS, Weight.WARNING, -100, lambda k: k.closeness is Closeness.HARDLY),
    _rule("known_a_little", Aspect.CLOSENESS, Weight.THINK, -15, lambda k: k.closeness is Closeness.LITTLE),
    _rule("known_well", Aspect.CLOSENESS, Weight.GOOD, 60, lambda k: k.closeness is Closeness.WELL and not k.kin),
    _rule("known_shortly", Aspect.LENGTH, Weight.WARNING, -25,
          lambda k: k.since is not None and k.since.most < 3 * A_MONTH),
    _rule("known_long", Aspect.LENGTH, Weight.GOOD, 15, lambda k: k.since is not None and k.since.least >= A_YEAR),
    _rule("one_week", Aspect.LENGTH, Weight.WARNING, -35, lambda k: k.stay is not None and k.stay <= SHORT_STAY),
    _rule("two_weeks", Aspect.LENGTH, Weight.THINK, -10,
          lambda k: k.stay is not None and SHORT_STAY < k.stay <= BRIEF_STAY),
    _rule("not_observed", Aspect.OBSERVATION, Weight.WARNING, -45,
          lambda k: k.observed is Observed.NO and not k.watched),
    _rule("seldom_observed", Aspect.OBSERVATION, Weight.THINK, -5, lambda k: k.observed is Observed.SELDOM),
    _rule("observed", Aspect.OBSERVATION, Weight.GOOD, 35,
          lambda k: k.observed is Observed.YES or (k.watched and k.observed is Observed.UNSAID)),
    _rule("observed_unclear", Aspect.OBSERVATION, Weight.THINK, -5, lambda k: k.observed is Observed.NO and k.watched),
    _rule("no_episode", Aspect.EPISODES, Weight.WARNING, -30, lambda k: k.episodes == 0),
    _rule("one_episode", Aspect.EPISODES, Weight.WARNING, -5, lambda k: 0 < k.episodes < ENOUGH),
    _rule("episodes", Aspect.EPISODES, Weight.GOOD, 20, lambda k: k.episodes >= ENOUGH),
    _rule("growth", Aspect.GROWTH, Weight.GOOD, 12, lambda k: k.growth),
    _rule("no_physician", Aspect.ROLE, Weight.THINK, -10,
          lambda k: k.physician is False and k.wants_physicians),
    _rule("other_role", Aspect.ROLE, Weight.THINK, -8,
          lambda k: bool(k.role and k.wanted_roles) and k.role not in k.wanted_roles),
    _rule("wanted_role", Aspect.ROLE, Weight.GOOD, 8, lambda k: bool(k.role) and k.role in k.wanted_roles),
    _rule("same_specialty", Aspect.ROLE, Weight.GOOD, 10,
          lambda k: bool(k.specialty) and k.specialty == k.wanted_specialty),
    _rule("long_ago", Aspect.RECENCY, Weight.WARNING, -20, lambda k: k.last is not None and k.last.least > 2 * A_YEAR),
    _rule("some_time_ago", Aspect.RECENCY, Weight.THINK, -6,
          lambda k: k.last is not None and A_YEAR < k.last.least <= 2 * A_YEAR),
    _rule("recent", Aspect.RECENCY, Weight.GOOD, 10, lambda k: k.last is not None and k.last.most <= A_YEAR),
    _rule("renown", Aspect.RENOWN, Weight.GOOD, 3, lambda k: bool(k.renown)),
    _rule("several_letters", Aspect.LOAD, Weight.THINK, 0, lambda k: k.asked >= MOST_AT_ONCE),
    _rule("many_letters", Aspect.LOAD, Weight.THINK, -2, lambda k: k.many_letters),
)  # fmt: skip
"""The load within one dossier has no points here: the plan weighs it over all applications at once."""

BEST = sum(max((r.points for r in RULES if r.aspect is aspect), default=0) for aspect in Aspect) + 10
"""No mentor has more points: the best of each aspect, and of the role its two."""

_ORDER = (Weight.WARNING, Weight.THINK, Weight.GOOD)


def review(known: Known) -> tuple[Finding, ...]:
    """Every finding that applies, warnings first; within a weight in the order of the table."""
    found = [Finding(name=r.name, aspect=r.aspect, weight=r.weight, points=r.points) for r in RULES if r.applies(known)]
    return tuple(sorted(found, key=lambda finding: _ORDER.index(finding.weight)))


def worth(findings: Iterable[Finding]) -> int:
    """How much speaks for a mentor, for comparing two: the points of the findings. Never shown as a number."""
    return sum(finding.points for finding in findings)


def known_of(dossier: Dossier, mentor: Mentor, application: Application | None, today: date) -> Known:
    """What is known of `mentor` for a letter to `application`; without one, what holds for any letter."""
    asked = [x for x in dossier.letters_of(mentor.id) if x.state not in letters.CLOSED]
    known = Known(
        closeness=closeness_in(mentor.closeness),
        kin=kin_in(mentor.closeness, mentor.title, mentor.known_since),
        since=spans.begun(mentor.known_since, today),
        stay=spans.longest_stay(mentor.worked_together),
        observed=observed_in(mentor.observed),
        watched=watched_in(mentor.worked_together),
        episodes=len(account_of(mentor.worked_together).episodes),
        role=mentor.role,
        physician=is_physician(f"{mentor.name}, {mentor.title}"),
        specialty=mentor.specialty.strip().lower(),
        last=spans.ended(mentor.last_worked, today),
        asked=len(asked),
        many_letters=has_many(mentor.load),
        growth=is_told(mentor.growth),
        renown=mentor.renown if is_told(mentor.renown) else "",
    )
    return for_service(known, dossier, services.service(application.service)) if application else known


def for_service(known: Known, dossier: Dossier, service: Service) -> Known:
    """The same for a letter to an application of `service`."""
    of_physicians = service.stage in OF_A_SPECIALTY
    return replace(
        known,
        solicited=service.sender is Sender.INSTITUTION,
        wanted_roles=service.roles,
        wants_physicians=of_physicians,
        wanted_specialty=dossier.applicant.specialty.strip().lower() if of_physicians else "",
    )


def review_of(dossier: Dossier, mentor: Mentor, application: Application | None, today: date) -> tuple[Finding, ...]:
    """The findings about `mentor` for a letter to `application`."""
    return review(known_of(dossier, mentor, application, today))


def is_told(text: str) -> bool:
    """Whether a line of the form says anything: "none" does not."""
    return bool(text.strip()) and not _NOTHING.fullmatch(text.strip())


UNSAID: tuple[tuple[str, Line], ...] = (
    ("closeness", "closeness: knows me well, a little or hardly"),
    ("observed", "observed: whether you were seen at work, and how often"),
    ("last_worked", "last worked together: the month and the year"),
)
"""Lines of the form that a fuller review would need, each with what to write."""


def unsaid(mentor: Mentor) -> list[str]:
    """The lines that are still empty."""
    return [words for name, words in UNSAID if not getattr(mentor, name)]
