"""A mail that says what is not so any more is never sent: it is written anew, shown again, or left to the clock.

`HOLDS` tells which facts a kind of mail speaks of; only where one of those has changed is it touched.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from lorbot.core import due, view, writing
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter, Mail, Preview, Progress, Purpose, Question, State
from lorbot.core.message import Address
from lorbot.core.policy import Policy

_DUE = frozenset({"greeting", "signature", "purpose", "name", "deadline", "preferred"})
_HOW = frozenset({"steps", "instructions", "portal", "letter_id", "identifiers"})
_ME = frozenset({"my_name", "stage", "school", "goal"})
_EVERYTHING = frozenset({
    *_DUE, *_HOW, *_ME, "worked_together", "highlights", "service", "programmes", "must_carry", "format",
    "guideline_url", "pronouns", "waiver", "documents",
})  # fmt: skip

HOLDS: dict[Purpose, frozenset[str]] = {
    Purpose.ASK: _DUE | _ME | {"worked_together", "documents"},
    Purpose.NUDGE: _DUE,
    Purpose.PACKET: _EVERYTHING - {"documents"},  # what is attached is looked at by itself
    Purpose.REMINDER: _DUE | _HOW,
    Purpose.LAST_CALL: _DUE | _HOW,
    Purpose.THANKS: frozenset({"greeting", "signature", "purpose", "name"}),
    Purpose.OUTCOME: frozenset({"greeting", "signature", "purpose"}),
    Purpose.STRAY_LETTER: _HOW | {"greeting", "signature", "purpose"},
    Purpose.GRACEFUL: frozenset({"greeting"}),
    Purpose.OWN_WORDS: frozenset({"greeting"}),
}
"""What each kind of mail to a mentor speaks of. An apology speaks of nobody."""

_OF_THE_CLOCK = {Purpose.NUDGE: "nudge", Purpose.REMINDER: "reminder", Purpose.THANKS: "thanks"}
"""What the clock writes by itself, and how its steps begin."""

_FROM_TEMPLATE = frozenset({
    Purpose.PACKET, Purpose.NUDGE, Purpose.REMINDER, Purpose.LAST_CALL, Purpose.THANKS, Purpose.OUTCOME,
})  # fmt: skip
"""What can be written again from what is known."""


def renewed(before: Dossier, after: Dossier, policy: Policy, now: datetime) -> Decision:
    """What follows for the mail that waits when facts change from `before` to `after`."""
    known = {letter.id for letter in before.letters}
    changed = {x.id: _changed(before, after, x, policy, now) for x in after.letters if x.id in known}
    decision = Decision(dossier=replace(after, questions=tuple(_greeted(q, before, after) for q in after.questions)))
    stored = {m.sha256 for m in after.materials}
    for mail in (m for m in after.mails if m.progress is Progress.QUEUED and _is_stale(m, changed, stored)):
        dropped = replace(mail, progress=Progress.DROPPED, remark="what it said has changed")
        again = _greeted_mail(mail, before, after)
        decision = replace(decision, dossier=decision.dossier.with_mail(dropped))
        decision = decision.followed_by(_taken_back(decision.dossier, again, mail.letters, policy, now))
    for preview in (p for p in after.previews if _is_stale(p.mail, changed, stored)):
        fresh = replace(preview, mail=_greeted_mail(preview.mail, before, after))
        decision = decision.followed_by(_shown_again(decision.dossier, fresh, fresh.mail.letters, policy, now))
    return decision


def for_others(dossier: Dossier, mail: Mail, gone: str, policy: Policy, now: datetime) -> Decision:
    """A queued mail was dropped with the letter `gone`; the others that it was for still need theirs."""
    others = [x for x in mail.letters if x != gone]
    return _taken_back(dossier, mail, others, policy, now) if others else Decision(dossier=dossier)


def shown_for_others(dossier: Dossier, preview: Preview, gone: str, policy: Policy, now: datetime) -> Decision:
    """The same for a preview."""
    others = [x for x in preview.mail.letters if x != gone]
    return _shown_again(dossier, preview, others, policy, now) if others else Decision(dossier=dossier)


# -- what is stale -------------------------------------------------------------------------------------------------


def _is_stale(mail: Mail, changed: dict[str, set[str]], stored: set[str]) -> bool:
    if any(e.sha256 not in stored for e in mail.enclosures):
        return True
    return any(HOLDS.get(mail.purpose, frozenset()) & changed.get(letter, set()) for letter in mail.letters)


def _changed(before: Dossier, after: Dossier, letter: Letter, policy: Policy, now: datetime) -> set[str]:
    old, new = _facts(before, letter, policy, now), _facts(after, letter, policy, now)
    return {key for key in old if old[key] != new[key]}


def _facts(dossier: Dossier, letter: Letter, policy: Policy, now: datetime) -> dict[str, Any]:
    """All that a mail to the mentor may speak of."""
    mentor, applicant = view.of_mentor(dossier.mentor(letter.mentor)), view.of_applicant(dossier.applicant)
    seen = {**applicant, "my_name": applicant["name"], **view.of_letter(dossier, letter, policy, now)}
    seen |= {key: mentor[key] for key in ("greeting", "worked_together", "highlights")}
    seen["documents"] = bool(dossier.materials)
    return {key: seen[key] for key in _EVERYTHING}


# -- what becomes of it --------------------------------------------------------------------------------------------


def _taken_back(dossier: Dossier, mail: Mail, about: Sequence[str], policy: Policy, now: datetime) -> Decision:
    """A queued mail that was dropped: the clock writes its own again, the packet is written anew, and what the
    applicant approved is shown again.
    """
    if mail.automatic and mail.purpose in _OF_THE_CLOCK:
        for letter_id in about:
            dossier = _not_taken(dossier, letter_id, _OF_THE_CLOCK[mail.purpose])
        return Decision(dossier=dossier)
    if mail.automatic and mail.purpose in {Purpose.PACKET, Purpose.STRAY_LETTER}:
        again = writing.to_mentor(
            dossier, mail.purpose, [dossier.letter(x) for x in about], policy=policy, now=now,
            step="" if mail.purpose is Purpose.PACKET else "stray-letter-again",
        )  # fmt: skip
        return Decision(dossier=dossier, mails=(again,), why=(f"the {mail.purpose.value} was written anew",))
    preview = Preview(id=f"p-{mail.key}", mail=mail, step=mail.purpose.value, shown_at=now)
    return _shown_again(dossier, preview, about, policy, now)


def _shown_again(dossier: Dossier, preview: Preview, about: Sequence[str], policy: Policy, now: datetime) -> Decision:
    """A preview in place of `preview`, with what is so now."""
    mail, letters_ = preview.mail, [dossier.letter(x) for x in about]
    dossier = replace(dossier, previews=tuple(p for p in dossier.previews if p.id != preview.id))
    why = (f"the {mail.purpose.value} was written anew and shown again",)
    if mail.purpose is Purpose.ASK:
        dossier = dossier.with_letter(replace(letters_[0], state=State.PREVIEWED, waiting=False))
        shown = writing.ask_preview(
            dossier, letters_[0], policy=policy, now=now, personal=mail.personal, because="changed"
        )
        return Decision(dossier=dossier, mails=(shown,), why=why)
    if mail.purpose in _FROM_TEMPLATE:
        last = due.is_last_nudge(letters_[0], policy)
        fresh = writing.to_mentor(dossier, mail.purpose, letters_, policy=policy, now=now, more={"last": last})
        shown = writing.previewed(
            dossier, fresh, letters_, policy=policy, now=now, because="changed", step=preview.step
        )
        return Decision(dossier=dossier, mails=(shown,), why=why)
    more = writing.about_letter(
        dossier, letters_[0], policy, now, purpose=mail.purpose.value, mail=writing.shown_mail(mail), because="changed"
    )
    note = writing.to_applicant(
        dossier, Purpose.PREVIEW, "applicant/preview", key=preview.id, letters=letters_, more=more
    )
    kept = Preview(id=note.key, mail=mail, step=preview.step, shown_at=now)
    return Decision(dossier=replace(dossier, previews=(*dossier.previews, kept)), mails=(note,), why=why)


def _not_taken(dossier: Dossier, letter_id: str, step: str) -> Dossier:
    """The latest step of that kind as one that is still to be taken."""
    letter = dossier.letter(letter_id)
    latest = next((name for name in reversed(letter.done) if name.startswith(step)), "")
    return dossier.with_letter(replace(letter, done=tuple(name for name in letter.done if name != latest)))


# -- the greeting --------------------------------------------------------------------------------------------------


def _greeted(question: Question, before: Dossier, after: Dossier) -> Question:
    ready = question.prepared
    return replace(question, prepared=_greeted_mail(ready, before, after)) if ready else question


def _greeted_mail(mail: Mail, before: Dossier, after: Dossier) -> Mail:
    """The mail with the mentor's name as it is now: in its address, and in the greeting that it begins with."""
    if mail.mentor not in _ids(before) or mail.mentor not in _ids(after) or mail.purpose is Purpose.APOLOGY:
        return mail
    old, new = (view.of_mentor(d.mentor(mail.mentor))["greeting"] for d in (before, after))
    start = f"Dear {old},"
    text = f"Dear {new},{mail.text[len(start) :]}" if mail.text.startswith(start) else mail.text
    return replace(mail, text=text, to=Address(email=mail.to.email, name=after.mentor(mail.mentor).name))


def _ids(dossier: Dossier) -> Iterable[str]:
    return {m.id for m in dossier.mentors}
