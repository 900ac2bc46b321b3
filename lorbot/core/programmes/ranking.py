"""The programmes of an application in their order: by the score, or by what the letters still need without weights.

The order does not depend on the order of the rows. Programmes of which less than half of the weight is known come
after the others: what little is known of them would weigh too much.
"""

from collections.abc import Sequence
from datetime import date, datetime

from lorbot.core import view
from lorbot.core.application import Application, Programme
from lorbot.core.dossier import Dossier
from lorbot.core.policy import Policy
from lorbot.core.programmes.criteria import Criterion, Table, criteria_of
from lorbot.core.programmes.fits import Fit, Met
from lorbot.core.programmes.score import Score, scored
from lorbot.core.value import value

ENOUGH = 0.5  # of the weight

_ORDER = {Fit.SATISFIED: 0, Fit.COMING: 1, Fit.HOPED: 2, Fit.NEEDS: 3, Fit.UNKNOWN: 4}


@value
class Due:
    """When the letters of a programme must be there, as far as it is known."""

    day: date | None = None  # in the zone of the deadline
    own: bool = False  # the programme's; else the application's
    passed: bool = False


@value
class Ranked:
    rank: int | None  # equal scores have one rank; None where nothing was weighed, or too little is known
    programme: Programme
    score: Score
    met: Met
    due: Due


@value
class Ranking:
    criteria: tuple[Criterion, ...]
    programmes: tuple[Ranked, ...]


def ranked(dossier: Dossier, application: Application, policy: Policy, now: datetime) -> Ranking:
    """All programmes of the application, in order, with what they are ranked by."""
    table = Table(dossier, application, now)
    criteria = criteria_of(table)
    counting = [c for c in criteria if not c.scale.problem]  # what can be scaled for nobody says nothing of anybody
    found = [
        Ranked(rank=None, programme=p, score=scored(c.part(p) for c in counting), met=table.present.met(p),
               due=_due(p, application, policy, now))
        for p in table.programmes
    ]  # fmt: skip
    return Ranking(criteria=criteria, programmes=_numbered(sorted(found, key=_key)))


def is_placed(score: Score) -> bool:
    """Whether enough is known for a rank."""
    return score.total is not None and score.known >= ENOUGH


def _key(found: Ranked) -> tuple[object, ...]:
    score, programme = found.score, found.programme
    day = found.due.day.isoformat() if found.due.day else "9999"
    by_letters = (found.due.passed, _ORDER[found.met.fit], day)
    name = (programme.name.casefold(), programme.specialty.casefold(), programme.name, programme.specialty)
    points = -score.total if score.total is not None else 0.0
    return (not is_placed(score), score.total is None, points, *by_letters, *name)


def _numbered(found: Sequence[Ranked]) -> tuple[Ranked, ...]:
    done: list[Ranked] = []
    for number, one in enumerate(found, 1):
        before = done[-1] if done else None
        same = before is not None and before.score.total == one.score.total
        rank = (before.rank if before and same else number) if is_placed(one.score) else None
        done.append(Ranked(rank=rank, programme=one.programme, score=one.score, met=one.met, due=one.due))
    return tuple(done)


def _due(programme: Programme, application: Application, policy: Policy, now: datetime) -> Due:
    deadline = programme.deadline or application.deadline
    if deadline is None:
        return Due()
    zone = (programme.time_zone if programme.deadline else "") or application.time_zone or policy.time_zone
    return Due(day=view.local_day(deadline, zone), own=programme.deadline is not None, passed=deadline < now)
