"""The ranking as the template of the answer sees it: plain values, the words of the programmes in them."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from lorbot.core.programmes import table, words
from lorbot.core.programmes.fits import ANY, Fit, Place, Present, Stands
from lorbot.core.programmes.ranking import Ranked, Ranking

TOP = 10  # told with their reasons
MOST = 60  # rows of the table of the others
_MOST_NAMED = 8  # programmes that are named where they need the same letter


class _Said:
    """The name of a programme; with its specialty where another one has the same name."""

    def __init__(self, programmes: Iterable[Ranked]) -> None:
        self._named = Counter(f.programme.name.casefold() for f in programmes)

    def __call__(self, found: Ranked) -> str:
        return table.said(found.programme) if self._named[found.programme.name.casefold()] > 1 else found.programme.name


def of_ranking(ranking: Ranking, present: Present) -> dict[str, Any]:
    """What the answer tells of the programmes."""
    weights = sorted((c for c in ranking.criteria if not c.scale.problem), key=lambda c: (-abs(c.weight), c.heading))
    programmes = ranking.programmes
    said = _Said(programmes)
    rest = programmes[TOP:]
    return {
        "count": len(programmes),
        "weighed": bool(weights),
        "weights": [{"heading": c.heading, "weight": f"{c.weight:g}"} for c in weights],
        "left_out": [{"heading": c.heading, "why": c.scale.problem} for c in ranking.criteria if c.scale.problem],
        "top": [_shown(found, said) for found in programmes[:TOP]],
        "rest": [_shown(found, said) for found in rest[:MOST]],
        "more": max(0, len(rest) - MOST),
        "needs": _needs(ranking, present, said),
        "to_ask": _to_ask(ranking),
        "passed": _names([said(f) for f in programmes if f.due.passed]),
        "silent": _names([said(f) for f in programmes if f.met.fit is Fit.UNKNOWN]),
        "satisfied": sum(f.met.fit is Fit.SATISFIED for f in programmes),
        "coming": sum(f.met.fit is Fit.COMING for f in programmes),
    }  # fmt: skip


def _shown(found: Ranked, said: "_Said") -> dict[str, Any]:
    score, programme = found.score, found.programme
    return {
        "rank": str(found.rank or ""),
        "name": said(found),
        "city": programme.city,
        "score": words.points(score),
        "known": f"{100 * score.known:.0f}",
        "why": words.of_score(score),
        "letters": words.of_letters(found),
    }


def _needs(ranking: Ranking, present: Present, said: "_Said") -> list[dict[str, Any]]:
    """The missing letters, the one that is due first at the head: which programmes need it, by when, and who could."""
    wanting: dict[Place, list[tuple[Ranked, int]]] = {}
    for found in ranking.programmes:
        for place, count in Counter(found.met.needs).items() if not found.due.passed else ():
            wanting.setdefault(place, []).append((found, count))
    groups = [(place, sorted(wants, key=lambda w: (_day(w[0]), said(w[0])))) for place, wants in wanting.items()]
    groups.sort(key=lambda group: (_day(group[1][0][0]), group[0] == ANY, words.letter_for(group[0])))
    return [
        {
            "what": words.letter_for(place),
            "count": len(wants),
            "programs": [{"name": said(f), "by": words.by_when(f.due, f.programme.rule), "count": n}
                         for f, n in wants[:_MOST_NAMED]],
            "more": max(0, len(wants) - _MOST_NAMED),
            "who": list(present.could_write(place))[:_MOST_NAMED] if place != ANY else [],
        }
        for place, wants in groups
    ]  # fmt: skip


def _to_ask(ranking: Ranking) -> list[dict[str, Any]]:
    """The mentors who are planned and not asked yet, with how many programmes count on them."""
    counted = Counter(
        name for f in ranking.programmes if not f.due.passed for name in f.met.having.get(Stands.PLANNED, ())
    )
    return [{"name": name, "count": count} for name, count in sorted(counted.items(), key=lambda c: (-c[1], c[0]))]


def _names(names: list[str]) -> dict[str, Any]:
    return {"names": names[:_MOST_NAMED], "more": max(0, len(names) - _MOST_NAMED)}


def _day(found: Ranked) -> str:
    return found.due.day.isoformat() if found.due.day else "9999"
