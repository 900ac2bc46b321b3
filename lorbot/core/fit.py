"""How well a mentor fits a letter, from what the applicant said and from nothing else: the table `RULES`.

A finding is a name and a weight; its sentence is in templates/applicant/_fit.txt. What was not said gives no finding.
Nothing here speaks of chances: an applicant cannot know how strong a letter becomes, and neither can lorbot.

What makes letters weak or strong follows a study of 715 fellowship letters (the relationship and its length stated,
evaluation of what was seen; letters after electives had least of it) and surveys of program directors.
"""

from collections.abc import Callable, Iterable
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
from lorbot.core.service import OF_A_SPECIALTY
from lorbot.core.spans import A_MONTH, A_YEAR, Ago
from lorbot.core.value import Line, value

MOST_AT_ONCE = 3  # letters asked of one mentor in one dossier, from which on it is worth a thought
SHORT_STAY = 7  # days
BRIEF_STAY = 14  # days


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


@value
class Finding:
    """One thing that speaks for a mentor, or is worth a thought; its words are a template's."""

    name: Line
    aspect: Aspect
    weight: Weight


@value
class Rule:
    name: Line
    aspect: Aspect
    weight: Weight
    applies: Callable[[Known], bool]


def _rule(name: str, aspect: Aspect, weight: Weight, applies: Callable[[Known], bool]) -> Rule:
    return Rule(name=name, aspect=aspect, weight=weight, applies=applies)


RULES: tuple[Rule, ...] = (
    _rule("family", Aspect.CLOSENESS, Weight.WARNING, lambda k: bool(k.kin)),
    _rule("hardly_known", Aspect.CLOSENESS, Weight.WARNING, lambda k: k.closeness is Closeness.HARDLY),
    _rule("known_a_little", Aspect.CLOSENESS, Weight.THINK, lambda k: k.closeness is Closeness.LITTLE),
    _rule("known_well", Aspect.CLOSENESS, Weight.GOOD, lambda k: k.closeness is Closeness.WELL and not k.kin),
    _rule("known_shortly", Aspect.LENGTH, Weight.WARNING, lambda k: k.since is not None and k.since.most < 3 * A_MONTH),
    _rule("known_long", Aspect.LENGTH, Weight.GOOD, lambda k: k.since is not None and k.since.least >= A_YEAR),
    _rule("one_week", Aspect.LENGTH, Weight.WARNING, lambda k: k.stay is not None and k.stay <= SHORT_STAY),
    _rule("two_weeks", Aspect.LENGTH, Weight.THINK,
          lambda k: k.stay is not None and SHORT_STAY < k.stay <= BRIEF_STAY),
    _rule("not_observed", Aspect.OBSERVATION, Weight.WARNING, lambda k: k.observed is Observed.NO and not k.watched),
    _rule("seldom_observed", Aspect.OBSERVATION, Weight.THINK, lambda k: k.observed is Observed.SELDOM),
    _rule("observed", Aspect.OBSERVATION, Weight.GOOD,
          lambda k: k.observed is Observed.YES or (k.watched and k.observed is Observed.UNSAID)),
    _rule("observed_unclear", Aspect.OBSERVATION, Weight.THINK, lambda k: k.observed is Observed.NO and k.watched),
    _rule("no_episode", Aspect.EPISODES, Weight.WARNING, lambda k: k.episodes == 0),
    _rule("one_episode", Aspect.EPISODES, Weight.WARNING, lambda k: 0 < k.episodes < ENOUGH),
    _rule("episodes", Aspect.EPISODES, Weight.GOOD, lambda k: k.episodes >= ENOUGH),
    _rule("no_physician", Aspect.ROLE, Weight.THINK,
          lambda k: k.physician is False and k.wants_physicians),
    _rule("other_role", Aspect.ROLE, Weight.THINK,
          lambda k: bool(k.role and k.wanted_roles) and k.role not in k.wanted_roles),
    _rule("wanted_role", Aspect.ROLE, Weight.GOOD, lambda k: bool(k.role) and k.role in k.wanted_roles),
    _rule("same_specialty", Aspect.ROLE, Weight.GOOD,
          lambda k: bool(k.specialty) and k.specialty == k.wanted_specialty),
    _rule("long_ago", Aspect.RECENCY, Weight.WARNING, lambda k: k.last is not None and k.last.least > 2 * A_YEAR),
    _rule("some_time_ago", Aspect.RECENCY, Weight.THINK,
          lambda k: k.last is not None and A_YEAR < k.last.least <= 2 * A_YEAR),
    _rule("recent", Aspect.RECENCY, Weight.GOOD, lambda k: k.last is not None and k.last.most <= A_YEAR),
    _rule("several_letters", Aspect.LOAD, Weight.THINK, lambda k: k.asked >= MOST_AT_ONCE),
    _rule("many_letters", Aspect.LOAD, Weight.THINK, lambda k: k.many_letters),
)  # fmt: skip

_ORDER = (Weight.WARNING, Weight.THINK, Weight.GOOD)


def review(known: Known) -> tuple[Finding, ...]:
    """Every finding that applies, warnings first; within a weight in the order of the table."""
    found = [Finding(name=r.name, aspect=r.aspect, weight=r.weight) for r in RULES if r.applies(known)]
    return tuple(sorted(found, key=lambda finding: _ORDER.index(finding.weight)))


def standing(findings: Iterable[Finding]) -> tuple[int, int, int]:
    """How findings compare, the smaller the better: fewer warnings, then fewer doubts, then more that is good."""
    weights = [finding.weight for finding in findings]
    return weights.count(Weight.WARNING), weights.count(Weight.THINK), -weights.count(Weight.GOOD)


def known_of(dossier: Dossier, mentor: Mentor, application: Application | None, today: date) -> Known:
    """What is known of `mentor` for a letter to `application`; without one, what holds for any letter."""
    service = services.service(application.service) if application else None
    of_physicians = service is not None and service.stage in OF_A_SPECIALTY
    asked = [x for x in dossier.letters_of(mentor.id) if x.state not in letters.CLOSED]
    return Known(
        closeness=closeness_in(mentor.closeness),
        kin=kin_in(mentor.closeness, mentor.title, mentor.known_since),
        since=spans.begun(mentor.known_since, today),
        stay=spans.longest_stay(mentor.worked_together),
        observed=observed_in(mentor.observed),
        watched=watched_in(mentor.worked_together),
        episodes=len(account_of(mentor.worked_together).episodes),
        role=mentor.role,
        wanted_roles=service.roles if service else (),
        wants_physicians=of_physicians,
        physician=is_physician(f"{mentor.name}, {mentor.title}"),
        specialty=mentor.specialty.strip().lower(),
        wanted_specialty=dossier.applicant.specialty.strip().lower() if of_physicians else "",
        last=spans.ended(mentor.last_worked, today),
        asked=len(asked),
        many_letters=has_many(mentor.load),
    )


def review_of(dossier: Dossier, mentor: Mentor, application: Application | None, today: date) -> tuple[Finding, ...]:
    """The findings about `mentor` for a letter to `application`."""
    return review(known_of(dossier, mentor, application, today))


UNSAID: tuple[tuple[str, Line], ...] = (
    ("closeness", "closeness: knows me well, a little or hardly"),
    ("observed", "observed: whether you were seen at work, and how often"),
    ("last_worked", "last worked together: the month and the year"),
)
"""Lines of the form that a fuller review would need, each with what to write."""


def unsaid(mentor: Mentor) -> list[str]:
    """The lines that are still empty."""
    return [words for name, words in UNSAID if not getattr(mentor, name)]
