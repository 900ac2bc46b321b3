"""A ranked programme in words: what speaks for it, what against, what is not known, and what its letters need."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from lorbot.core.letter_types import LetterType
from lorbot.core.programmes.fits import ANY, Fit, Met, Place, Stands
from lorbot.core.programmes.ranking import Due, Ranked
from lorbot.core.programmes.score import Part, Score
from lorbot.core.services import Rule

_FROM: dict[LetterType, str] = {
    LetterType.CHAIR: "the department chair",
    LetterType.DIRECTOR: "a program director",
    LetterType.PHYSICIAN: "a physician",
    LetterType.OSTEOPATHIC: "an osteopathic physician",
    LetterType.PA: "a physician assistant",
    LetterType.DENTIST: "a dentist",
    LetterType.CLINICAL: "a clinical supervisor",
    LetterType.RESEARCH: "a research supervisor",
    LetterType.SPECIALTY: "somebody in the specialty",
    LetterType.SCIENCE: "science faculty",
    LetterType.NON_SCIENCE: "non-science faculty",
    LetterType.SUPERVISOR: "a supervisor at work",
    LetterType.COLLEAGUE: "a colleague",
    LetterType.ARMS_LENGTH: "an arm's-length reviewer",
    LetterType.ACADEMIC: "a teacher (academic)",
    LetterType.NON_ACADEMIC: "somebody outside academia",
    LetterType.COMMITTEE: "a committee",
}
_STANDARD = "a standardized form (SLOE or the like)"
_RULES: dict[str, str] = {
    Rule.VERIFIED.value: "verified by then, so needed earlier",
    Rule.COMPLETE.value: "complete by then",
    Rule.SUBMIT.value: "for the application; letters may follow",
}
_GOOD, _BAD = 2 / 3, 1 / 3
_MOST_OF_CELL = 60  # characters


def day_said(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def points(score: Score) -> str:
    return "" if score.total is None else f"{score.total:.0f}"


def letter_for(place: Place) -> str:
    """The letter that fills a place: "a letter from the department chair or a program director"."""
    writers = " or ".join(_FROM[kind] for kind in LetterType if kind in place and kind in _FROM)
    ways = [_STANDARD] if LetterType.STANDARD in place else []
    return " or ".join([*ways, *([f"a letter from {writers}"] if writers else [])]) or "one more letter"


def needed(needs: Iterable[Place]) -> tuple[str, ...]:
    """The letters that are missing: "a letter from the department chair", "2 more letters"."""
    return tuple(_counted(place, count) for place, count in Counter(needs).items())


def _counted(place: Place, count: int) -> str:
    if count == 1:
        return letter_for(place)
    if place == ANY:
        return f"{count} more letters"
    one = letter_for(place)
    return (
        f"{count} letters, each {one.removeprefix('a letter ')}" if one.startswith("a letter") else f"{count} × {one}"
    )


def by_when(due: Due, rule: str) -> str:
    """ "by September 30, 2027 (complete by then)"; "" where it is not known."""
    if due.day is None:
        return ""
    said = f" ({_RULES[rule]})" if rule in _RULES and due.own else ""
    return f"by {day_said(due.day)}{said}"


def of_letters(found: Ranked) -> str:
    """What its letters need, as a sentence without its full stop."""
    met, due = found.met, by_when(found.due, found.programme.rule)
    said = [_fit_said(met)]
    if found.due.day and found.due.passed:
        said.append(f"its deadline was {day_said(found.due.day)}")
    elif due and met.fit not in {Fit.SATISFIED, Fit.UNKNOWN}:
        said[0] += f" {due}" if met.fit is Fit.NEEDS else f", {due}"
    if _open(met) and met.fit is Fit.NEEDS:
        said.append(f"counts on {_hoped(met)}")
    if met.over:
        wanted = f"it wants {met.most + met.over} letters, and only {met.most} can be assigned"
        said.append(f"{wanted}: ask it which to leave out")
    return "; ".join(said)


def of_score(score: Score) -> str:
    """What speaks for the programme and against it, and what is not known, as sentences."""
    known = [p for p in score.parts if p.value is not None]
    good = [p for p in known if (p.value or 0) >= _GOOD]
    bad = [p for p in known if (p.value or 0) <= _BAD]
    between = [p for p in known if p not in good and p not in bad]
    unknown = [p for p in score.parts if p.value is None]
    said = [
        f"{lead}: {', '.join(_part(p) for p in sorted(parts, key=lambda p: (-p.weight, p.key)))}."
        for lead, parts in (("For it", good), ("In between", between), ("Against it", bad)) if parts
    ]  # fmt: skip
    if unknown:
        said.append(f"Not known: {', '.join(p.heading for p in unknown)}.")
    return " ".join(said)


def having(met: Met) -> str:
    """The letters that are there or to come: "Dr. Lopez (in), Dr. Kim (agreed)"."""
    return ", ".join(f"{name} ({stands.value})" for stands in Stands for name in met.having.get(stands, ()))


def _part(part: Part) -> str:
    cell = part.cell[:_MOST_OF_CELL] + ("…" if len(part.cell) > _MOST_OF_CELL else "")
    return cell if cell.startswith("your ") else f"{part.heading} {cell}".strip()


def _fit_said(met: Met) -> str:
    match met.fit:
        case Fit.UNKNOWN:
            return "your table does not say how many letters it wants"
        case Fit.SATISFIED:
            return f"all {met.wanted} letters are in" if met.wanted > 1 else "its letter is in"
        case Fit.COMING:
            return f"satisfied once {_and(met.having[Stands.COMING])} {_writes(met.having[Stands.COMING])}"
        case Fit.HOPED:
            return f"satisfied if {_hoped(met)} {_writes(_open(met))}"
        case Fit.NEEDS:
            return (
                f"needs {', plus '.join(needed(met.needs))}" if met.needs else "wants more letters than can be assigned"
            )


def _hoped(met: Met) -> str:
    kinds = (Stands.ASKED, Stands.PLANNED)
    return _and([f"{name} ({kind.value})" for kind in kinds for name in met.having.get(kind, ())])


def _open(met: Met) -> tuple[str, ...]:
    return (*met.having.get(Stands.ASKED, ()), *met.having.get(Stands.PLANNED, ()))


def _writes(names: Iterable[str]) -> str:
    return "writes" if len(tuple(names)) == 1 else "write"


def _and(items: Iterable[str]) -> str:
    items = list(items)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
