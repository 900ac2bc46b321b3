"""A yes that comes too late, or after a no: what follows is the applicant's to decide, and nothing goes by itself.

Invariant: a mentor who offers a letter that nobody waits for any more gets an answer, of the applicant's choosing.
"""

from dataclasses import replace

from lorbot.core import dates, letters, view
from lorbot.core.case import Case
from lorbot.core.consequences import DECIDE, asking, to_mentor
from lorbot.core.correspondence import Direction, Progress, Purpose
from lorbot.core.decision import Decision, Draft
from lorbot.core.dossier import State

_TOO_LATE = ("thank", "packet", "write:", "nothing")


def is_too_late(case: Case) -> bool:
    """Whether the deadline is over, or the applicant has closed the letter, perhaps because a backup was asked."""
    return case.letter.state is State.CANCELLED or (case.is_over and case.letter.state not in letters.WROTE)


def too_late(case: Case) -> Decision:
    """No packet: where the deadline is over, or the letter was closed, only the applicant knows whether it can help."""
    dossier = letters.unasked(case.dossier, [case.letter.id])
    if case.is_open:
        dossier = letters.drop_queued(dossier, [case.letter.id], {Purpose.PACKET})
        dossier = letters.moved(dossier, case.letter.id, State.HELD, reason=case.telling, waiting=True)
    case = replace(case, dossier=dossier, letter=dossier.letter(case.letter.id))
    return asking(case, "late_yes", _TOO_LATE, _not_needed(case), more={"over": case.is_over})


def changed_mind(case: Case) -> Decision:
    """A yes after a no: a thank-you for the no that has not left yet stays here, and the applicant sees both."""
    letter = case.letter
    thanked = any(
        m.purpose is Purpose.GRACEFUL and m.progress is Progress.SENT and letter.id in m.letters
        for m in case.dossier.mails
    )
    dossier = letters.drop_queued(letters.unasked(case.dossier, [letter.id]), [letter.id], {Purpose.GRACEFUL})
    dossier = letters.moved(dossier, letter.id, State.HELD, reason=case.telling, waiting=True)
    case = replace(case, dossier=dossier, letter=dossier.letter(letter.id))
    more = {"earlier": _earlier(case), "thanked": thanked, "asked_instead": _asked_instead(case)}
    return asking(case, "changed_mind", DECIDE, _not_needed(case), more=more)


def _not_needed(case: Case) -> Draft:
    """Thanks for an offer that comes when it is not needed any more."""
    return to_mentor(case, Purpose.GRACEFUL, "mentor/cancelled", {"agreed": True})


def _earlier(case: Case) -> dict[str, str]:
    """What the mentor wrote before, and on which day; {} where it is not known, or was not said by mail."""
    before = [
        c
        for c in case.dossier.contacts[:-1]
        if c.direction is Direction.IN and case.letter.id in c.letters and c.telling
    ]
    if not before:
        return {}
    zone = view.zone_of(case.dossier.applicant, case.policy)
    return {"words": before[-1].telling, "day": dates.say(view.local_day(before[-1].at, zone))}


def _asked_instead(case: Case) -> list[str]:
    """The backups of this mentor who know of the letter by now."""
    return [
        case.dossier.mentor(x.mentor).name
        for x in case.dossier.letters
        if x.application == case.letter.application and x.asked_at and x.state not in letters.CLOSED
        and case.dossier.mentor(x.mentor).backup_for == case.letter.mentor
    ]  # fmt: skip
