"""Who could write where somebody of the plan does not: named by the applicant, else the best who is not in the plan."""

from collections.abc import Sequence

from lorbot.core.dossier import Dossier
from lorbot.core.letter_types import LetterType
from lorbot.core.planning.cases import Candidate, Stands
from lorbot.core.planning.mix import Mix
from lorbot.core.value import Line, value


@value
class StandIn:
    mentor: Line
    named: bool  # by the applicant; else it is a proposal
    fits: bool  # the letter would fill the same place


def stand_ins(
    dossier: Dossier, mix: Mix, picks: Sequence[tuple[Candidate, LetterType]], others: Sequence[Candidate]
) -> dict[str, StandIn]:
    """For each letter that may still fall through who would take over, by mentor: who fills the same place, and stands
    behind nobody else yet.
    """
    free = [c for c in others if c.stands is Stands.FREE]
    found: dict[str, StandIn] = {}
    for candidate, kind in sorted(picks, key=lambda pick: -len(_named(pick[0], free))):
        named = _named(candidate, free)
        ranked = sorted(named or _unnamed(dossier, free), key=lambda c: _order(c, kind, mix, found))
        if ranked:
            best = ranked[0]
            found[candidate.mentor.id] = StandIn(
                mentor=best.mentor.id, named=bool(named), fits=_fits(best, kind, mix.specialties)
            )
    return found


def _named(candidate: Candidate, free: Sequence[Candidate]) -> list[Candidate]:
    return [c for c in free if c.mentor.backup_for == candidate.mentor.id]


def _unnamed(dossier: Dossier, free: Sequence[Candidate]) -> list[Candidate]:
    """Whoever is nobody's backup; those too where nobody else is left."""
    known = {m.id for m in dossier.mentors}
    return [c for c in free if c.mentor.backup_for not in known] or list(free)


def _order(candidate: Candidate, kind: LetterType, mix: Mix, found: dict[str, StandIn]) -> tuple[bool, bool, bool, int]:
    used = any(stand_in.mentor == candidate.mentor.id for stand_in in found.values())
    return not _fits(candidate, kind, mix.specialties), used, not candidate.mentor.email, -candidate.worth


def _fits(candidate: Candidate, kind: LetterType, specialties: Sequence[str]) -> bool:
    return any(candidate.counts_as(kind, s) for s in specialties)
