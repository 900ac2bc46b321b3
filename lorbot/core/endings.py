"""How a letter ends before it is written: the mentor says no, or the applicant cancels. By mail or outside of it.

Invariant: from then on nothing goes to the mentor about this letter but what the applicant approves.
"""

from collections.abc import Mapping
from datetime import datetime

from lorbot.core import letters, renewal, writing
from lorbot.core.correspondence import Progress, Purpose
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter, State
from lorbot.core.policy import Policy

AFTER_A_NO = ("thank", "backup", "write:", "nothing")
"""The words that answer the question what to do after a no."""

UNREACHABLE = ("backup", "nothing")
"""The same, where no mail can go to the mentor."""


def turned_down(
    dossier: Dossier,
    letter: Letter,
    *,
    reason: str,
    policy: Policy,
    now: datetime,
    key: str,
    more: Mapping[str, object],
) -> Decision:
    """The mentor has said no: the letter is closed, a thank-you is ready for the applicant's word, and the backup too.

    `key` names what brought the no; `more` is what the question shows of it.
    """
    after_a_yes = letter.state in letters.UNDER_WAY
    topic, state = ("withdrawn", State.WITHDRAWN) if after_a_yes else ("declined", State.DECLINED)
    decision = _closed(dossier, letter, state, reason, policy, now)
    dossier, letter = decision.dossier, decision.dossier.letter(letter.id)
    thanks = None
    if writing.is_reachable(dossier.mentor(letter.mentor)):
        thanks = writing.to_mentor(
            dossier, Purpose.GRACEFUL, [letter], policy=policy, now=now, template="mentor/declined",
            step=f"graceful-{key}",
        )  # fmt: skip
    asked = writing.question(
        dossier, topic, letter, AFTER_A_NO if thanks else UNREACHABLE,
        policy=policy, now=now, prepared=thanks, more=dict(more), key=f"{letter.id}-{key}",
    )  # fmt: skip
    return decision.adding(asked)


def cancelled(dossier: Dossier, letter: Letter, *, policy: Policy, now: datetime) -> Decision:
    """The applicant cancels. Whoever was asked is owed a word: a short note is shown to the applicant."""
    was_asked = has_been_asked(letter)
    decision = _closed(dossier, letter, State.CANCELLED, "cancelled by the applicant", policy, now)
    dossier, letter = decision.dossier, decision.dossier.letter(letter.id)
    if not was_asked or not writing.is_reachable(dossier.mentor(letter.mentor)):
        return decision
    note = writing.to_mentor(
        dossier, Purpose.GRACEFUL, [letter], policy=policy, now=now, template="mentor/cancelled", step="cancelled",
        more={"agreed": letter.agreed_at is not None},
    )  # fmt: skip
    shown = writing.previewed(dossier, note, [letter], policy=policy, now=now, because="cancelled")
    return decision.adding(shown)


def has_been_asked(letter: Letter) -> bool:
    """Whether the mentor knows of the letter: by a mail that arrived, or in person."""
    return letter.state is not State.BOUNCED and bool(letter.asked_at or letter.agreed_at)


def _closed(dossier: Dossier, letter: Letter, state: State, reason: str, policy: Policy, now: datetime) -> Decision:
    """The letter closed. A mail or preview that was for other letters too is made again for those alone."""
    after = letters.moved(dossier, letter.id, state, reason=reason, waiting=state is not State.CANCELLED)
    decision = Decision(dossier=after)
    for mail in (m for m in dossier.mails if m.progress is Progress.QUEUED and letter.id in m.letters and m.mentor):
        if mail.purpose not in letters.TO_APPLICANT:
            decision = decision.followed_by(renewal.for_others(decision.dossier, mail, letter.id, policy, now))
    for preview in (p for p in dossier.previews if letter.id in p.mail.letters):
        decision = decision.followed_by(renewal.shown_for_others(decision.dossier, preview, letter.id, policy, now))
    return decision
