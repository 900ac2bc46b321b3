"""Who could write where somebody does not: the backup named in advance, or the best of the mentors not used yet.

A proposal is only that: nobody is asked before the applicant has said so, twice (the word `backup`, then `send`).
"""

from datetime import date

from lorbot.core import fit, refusals
from lorbot.core.dossier import Dossier, Letter, Mentor, State
from lorbot.core.letters import ASKABLE, CLOSED
from lorbot.core.value import value

NEEDS_ONE = frozenset(set(State) - CLOSED - {State.REPORTED, State.RECEIVED, State.ASSIGNED, State.THANKED, State.TOLD})
"""Where a letter may still fall through."""

_NOT_FREE: dict[State, str] = {
    State.DECLINED: "{name} has declined for this application, and I do not ask again for the same purpose.",
    State.WITHDRAWN: "{name} has withdrawn for this application, and I do not ask again for the same purpose.",
    State.CANCELLED: "The letter of {name} for this application was cancelled.",
}


@value
class Backup:
    mentor: Mentor
    named: bool  # by the applicant; else it is a proposal
    planned: bool = False  # a letter of this mentor's own is planned for the application, and not asked for yet


def backup_for(dossier: Dossier, letter: Letter, today: date) -> Backup | None:
    """Who would take the place of this letter's mentor: named in advance, or else proposed by fit. None: nobody."""
    named = next((m for m in named_for(dossier, letter.mentor) if _is_free(dossier, m, letter.application)), None)
    if named is not None:
        return Backup(mentor=named, named=True)
    application = dossier.application(letter.application)
    free = [m for m in dossier.mentors if m.id != letter.mentor and _is_unused(dossier, m, letter.application)]
    if not free:
        return None

    def order(mentor: Mentor) -> tuple[bool, bool, bool, int]:
        """Not yet in the plan, nobody else's backup, somebody with an address; then by what the review finds."""
        planned = any(x.application == application.id for x in dossier.letters_of(mentor.id))
        findings = fit.review_of(dossier, mentor, application, today)
        return planned, bool(mentor.backup_for), not mentor.email, -fit.worth(findings)

    best = min(free, key=order)
    return Backup(mentor=best, named=False, planned=order(best)[0])


def named_name(dossier: Dossier, letter: Letter, today: date) -> str:
    """The name of the backup who was named in advance and may still be asked; "" for none."""
    found = backup_for(dossier, letter, today)
    return found.mentor.name if found and found.named else ""


def named_for(dossier: Dossier, mentor: str) -> tuple[Mentor, ...]:
    """The mentors who were named in advance as backups of this one."""
    return tuple(m for m in dossier.mentors if m.backup_for == mentor and m.id != mentor)


def why_not(dossier: Dossier, letter: Letter) -> list[str]:
    """Why those who were named cannot take over, each in a sentence for the applicant."""
    return [
        _why_not(dossier, m, letter.application)
        for m in named_for(dossier, letter.mentor)
        if not _is_free(dossier, m, letter.application)
    ]


def _why_not(dossier: Dossier, mentor: Mentor, application: str) -> str:
    if mentor.never:
        return f"{mentor.name} asked to get no more mail."
    known = next((x for x in dossier.letters_of(mentor.id) if x.application == application), None)
    default = "{name} has already been asked for this application."
    if known is None or known.state in ASKABLE:
        default = _NOT_FREE[State.DECLINED]  # by the address, under another entry
    return _NOT_FREE.get(known.state if known else State.PLANNED, default).format(name=mentor.name)


def _is_free(dossier: Dossier, mentor: Mentor, application: str) -> bool:
    """Whether the mentor may still be asked for this application."""
    if mentor.never or refusals.is_refused(dossier, mentor.email, application):
        return False
    return all(x.state in ASKABLE for x in dossier.letters_of(mentor.id) if x.application == application)


def _is_unused(dossier: Dossier, mentor: Mentor, application: str) -> bool:
    """Whether the mentor is free and nothing has begun: an ask that waits for a word is somebody's own."""
    begun = [x for x in dossier.letters_of(mentor.id) if x.application == application and x.state is not State.PLANNED]
    return not begun and _is_free(dossier, mentor, application)


def stand_ins(dossier: Dossier, application: str, today: date) -> list[tuple[Mentor, Backup | None]]:
    """Each mentor whose letter for this application may still fall through, with who would take over."""
    behind = {m.id for m in dossier.mentors if m.backup_for}
    return [
        (dossier.mentor(x.mentor), backup_for(dossier, x, today))
        for x in dossier.letters
        if x.application == application and x.state in NEEDS_ONE
        and not (x.state is State.PLANNED and x.mentor in behind)
    ]  # fmt: skip
