"""What a change did to the mail that waited: which is shown again, written anew, left to the clock, or not sent."""

from lorbot.core import letters
from lorbot.core.correspondence import Mail, Preview, Progress, Purpose
from lorbot.core.decision import Decision, Draft, PreviewDraft
from lorbot.core.dossier import Dossier, State

_BY_THE_CLOCK: dict[Purpose, frozenset[State]] = {
    Purpose.NUDGE: letters.UNANSWERED,
    Purpose.REMINDER: letters.UNDER_WAY,
    Purpose.THANKS: frozenset({State.RECEIVED, State.ASSIGNED}),
}
"""What the clock writes again by itself, and while a letter stands where."""


def undone(before: Dossier, decision: Decision) -> list[dict[str, str]]:
    """Each mail to a mentor that waited and is not what it was: `purpose`, `to`, and what became of it in `now`:
    shown, anew, clock, moved (to another address) or gone.
    """
    waited = [m for m in before.mails if m.progress is Progress.QUEUED and m.purpose not in letters.TO_APPLICANT]
    dropped = [m for m in waited if _is_dropped(decision.dossier, m)]
    still_shown = {p.id for p in decision.dossier.previews}
    dropped += [p.mail for p in before.previews if p.id not in still_shown]
    found = [(m, _now(m, decision)) for m in dropped] + [(m, "moved") for m in waited if _is_moved(decision.dossier, m)]
    found += [(p.mail, "moved") for p in before.previews if _is_shown_elsewhere(decision.dossier, p)]
    return [{"purpose": m.purpose.value, "to": m.to.name or m.to.email, "now": now} for m, now in found]


def _is_moved(after: Dossier, mail: Mail) -> bool:
    known = after.mail(mail.key)
    return known is not None and known.progress is Progress.QUEUED and known.to.email != mail.to.email


def _is_shown_elsewhere(after: Dossier, preview: Preview) -> bool:
    known = after.preview(preview.id)
    return known is not None and known.mail.to.email != preview.mail.to.email


def _is_dropped(after: Dossier, mail: Mail) -> bool:
    known = after.mail(mail.key)
    return known is not None and known.progress is Progress.DROPPED


def _now(mail: Mail, decision: Decision) -> str:
    shown = [w.mail for w in decision.mails if isinstance(w, PreviewDraft)]
    drafts = [w for w in decision.mails if isinstance(w, Draft)]
    if any(d.purpose is mail.purpose and d.mentor == mail.mentor for d in shown):
        return "shown"
    if any(p.mail.key == mail.key for p in decision.dossier.previews):
        return "shown"
    if any(d.purpose is mail.purpose and d.mentor == mail.mentor for d in drafts):
        return "anew"
    states = {x.state for x in decision.dossier.letters if x.id in mail.letters}
    return "clock" if mail.automatic and _BY_THE_CLOCK.get(mail.purpose, frozenset()) & states else "gone"
