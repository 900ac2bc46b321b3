"""Another deadline, or the next one after one was missed: the clock of the letters begins anew.

Whatever changes a date of an application or of one of its programmes ends here, with what was due before.
"""

from dataclasses import replace
from datetime import datetime

from lorbot.core import deadlines, letters, renewal
from lorbot.core.correspondence import Purpose
from lorbot.core.deadlines import Due
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter
from lorbot.core.policy import Policy

_OF_THE_DEADLINE = ("reminder", "last call", "overdue")
_NAME_THE_DEADLINE = frozenset({Purpose.ASK, Purpose.LAST_CALL})


def redated(dossier: Dossier, application_id: str, before: Due | None, policy: Policy, now: datetime) -> Decision:
    """What follows from another deadline. `dossier` has the new one; `before` is what `deadlines.due_of` said, with
    `now`, of the dossier that had the old one.

    The clock of each letter begins anew, reminders that count to the old date are gone, and what names it is shown
    anew. Where the date is the old one, nothing follows.
    """
    after = deadlines.due_of(dossier, dossier.application(application_id), policy, now=now)
    if (before and before.at) == (after and after.at):
        return Decision(dossier=dossier)
    about = {x.id for x in dossier.letters if x.application == application_id}
    for letter_id in about:
        dossier = dossier.with_letter(_anew(dossier.letter(letter_id)))
    dossier = letters.drop_queued(dossier, about, {Purpose.REMINDER, Purpose.LAST_CALL})
    stale = [p for p in dossier.previews if about & set(p.mail.letters) and p.mail.purpose in _NAME_THE_DEADLINE]
    decision = Decision(dossier=dossier)
    for preview in stale:
        if preview.mail.purpose is Purpose.LAST_CALL:
            decision = replace(decision, dossier=renewal.without(decision.dossier, preview))
            continue
        anew = replace(preview, shown_at=now, later_until=None, repeated=False)
        decision = decision.followed_by(renewal.shown_again(decision.dossier, anew, policy, now, "changed"))
    return decision


def missed(dossier: Dossier, letter: Letter, policy: Policy, now: datetime) -> Dossier:
    """The applicant is told that the deadline has passed. Where a programme with a later one is left, the clock of the
    letter counts to that one from now on.
    """
    older = [q for q in dossier.questions if q.letter == letter.id and q.topic == "overdue"]
    dossier = replace(dossier, questions=tuple(q for q in dossier.questions if q not in older))
    letter = replace(letter, missed_at=now)
    due = deadlines.due_of_letter(dossier, letter, policy)
    return dossier.with_letter(_anew(letter) if due and due.at > now else letter)


def _anew(letter: Letter) -> Letter:
    return replace(letter, done=tuple(step for step in letter.done if not step.startswith(_OF_THE_DEADLINE)))
