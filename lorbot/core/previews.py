"""What follows when the applicant answers a preview: send, skip, later, edit. Anything else is asked about.

Invariant: what goes is what the answered mail showed, or the text that came with the answer.
"""

from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from lorbot.core import approval, batches, dates, edits, letters, renewal, view, waiver, words, writing
from lorbot.core.correspondence import Preview, Purpose
from lorbot.core.courtesy import content
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, State
from lorbot.core.events import ApplicantWrote
from lorbot.core.policy import Policy
from lorbot.core.view import sender
from lorbot.core.words import Word

MARK_BEGIN = "---------- the mail begins ----------"
MARK_END = "---------- the mail ends ----------"


def answered(dossier: Dossier, event: ApplicantWrote, preview: Preview, policy: Policy, now: datetime) -> Decision:
    """The word is taken, and a line about the waiver beside it."""
    stated, dossier, event = _without_waiver(dossier, event, now)
    if stated and not content(said(event), sender(dossier.applicant)) and not _changed(event, preview):
        return _told(dossier, event, preview, "preview_waiver", policy, now)
    return _answered(dossier, event, preview, policy, now)


def _without_waiver(dossier: Dossier, event: ApplicantWrote, now: datetime) -> tuple[str, Dossier, ApplicantWrote]:
    """What the answer states about the waiver, the dossier that has it, and the answer without that line."""
    stated, _ = waiver.taken_out(said(event))
    if not stated:
        return stated, dossier, event
    dossier = replace(dossier, applicant=replace(dossier.applicant, waiver=stated))
    dossier = dossier.noting(now, f"the applicant said about the right to see the letters: {stated}")
    return (
        stated,
        dossier,
        replace(event, words=waiver.taken_out(event.words)[1], typed=waiver.taken_out(event.typed)[1]),
    )


def _answered(  # noqa: PLR0911 - one for each word
    dossier: Dossier, event: ApplicantWrote, preview: Preview, policy: Policy, now: datetime
) -> Decision:
    """What follows from the word of the answer, and from a text that came back with it."""
    event = replace(event, words=said(event))
    for_all = words.answer_for_all(event.words, sender(dossier.applicant))
    if for_all is not None:
        batch = batches.batch_of(dossier, preview)
        return batches.answered(dossier, event, batch, for_all, policy, now)
    word = _word(dossier, event, policy, now)
    changed = _changed(event, preview)
    if _is_in_pieces(event, preview, word):
        return _told(dossier, event, preview, "preview_unclear", policy, now, said=event.words, pieces=True)
    match word.verb:
        case "send" if not changed and _is_an_older_one(dossier, event, preview):
            return renewal.shown_again(dossier, preview, policy, now, "older", event.incoming)
        case "send":
            return _sent(dossier, event, _with_text(preview, changed) if changed else preview, policy, now)
        case "skip":
            return _skipped(dossier, event, preview, policy, now)
        case "later":
            return _later(dossier, event, preview, word, policy, now)
        case "edit" if word.text:
            text = edits.edited(preview.mail.text, word.text)
            return _edited(dossier, event, preview, text, policy, now)
        case "edit" if changed:
            return _edited(dossier, event, preview, changed, policy, now)
        case "" if changed and not content(event.words, sender(dossier.applicant)):
            return _edited(dossier, event, preview, changed, policy, now)
    return _told(dossier, event, preview, "preview_unclear", policy, now, said=event.words)


def answered_late(
    dossier: Dossier, event: ApplicantWrote, preview: Preview, policy: Policy, now: datetime
) -> Decision | None:
    """An answer to a preview that was put away: said so, and shown afresh. None where it is no answer to it."""
    event = replace(event, words=said(event))
    word = _word(dossier, event, policy, now)
    changed = word.text or _changed(event, preview)
    if word.verb == "skip":
        return _told(dossier, event, preview, "preview_skipped", policy, now)
    if not word.verb and not (changed and not content(event.words, sender(dossier.applicant))):
        return None
    newer = [p for p in dossier.previews if _is_about_the_same(p, preview)]
    if newer:
        return renewal.shown_again(dossier, newer[-1], policy, now, "older", event.incoming)
    problems = approval.obstacles(dossier, preview.mail, now)
    if problems:
        return _told(dossier, event, preview, "preview_gone", policy, now, problems=problems)
    dossier = replace(dossier, put_away=tuple(p for p in dossier.put_away if p.id != preview.id))
    if preview.mail.purpose is Purpose.ASK:
        dossier = letters.moved(dossier, preview.mail.letters[0], State.PREVIEWED)
    text = edits.edited(preview.mail.text, changed) if changed else ""
    preview = replace(preview, shown_at=now, later_until=None, repeated=False)
    preview = _with_text(preview, text) if text else preview
    return renewal.shown_again(dossier, preview, policy, now, "expired", event.incoming)


# -- what was said -------------------------------------------------------------------------------------------------


def said(event: ApplicantWrote) -> str:
    """The words of the answer: what stands outside the quotation. Where the old mail came back changed, the changed
    lines look like new words among the quoted ones, and are none.
    """
    whole, typed = (edits.holds(words, _said_by(MARK_BEGIN)) for words in (event.words, event.typed))
    came_back = event.between_markers is not None
    return event.typed if (came_back and not typed) or (whole and not came_back) else event.words


def _word(dossier: Dossier, event: ApplicantWrote, policy: Policy, now: datetime) -> Word:
    """The word of the answer. A new text is taken as it was typed: what it shares with the old one, and the signature
    below it, belong to it.
    """
    today, who = view.today(dossier.applicant, policy, now), sender(dossier.applicant)
    typed = words.preview_answer(event.typed, today, who)
    return typed if typed.verb == "edit" else words.preview_answer(event.words, today, who)


def _changed(event: ApplicantWrote, preview: Preview) -> str:
    """The text between the marker lines, where the applicant changed it; else ""."""
    returned = event.between_markers or ""
    if not returned.strip() or edits.same_text(returned, preview.mail.text):
        return ""
    return edits.edited(preview.mail.text, returned)


def _is_in_pieces(event: ApplicantWrote, preview: Preview, word: Word) -> bool:
    """Whether it cannot be told what the mail is to say: the text between the lines was emptied, one of the lines is
    gone, or a part of the text came back without them.
    """
    marks = [edits.holds(event.incoming.text, _said_by(mark)) for mark in (MARK_BEGIN, MARK_END)]
    if word.verb == "edit" and word.text:
        return any(edits.holds(word.text, _said_by(mark)) for mark in (MARK_BEGIN, MARK_END))
    if word.verb in {"skip", "later"}:
        return False
    if event.between_markers is not None:
        return not event.between_markers.strip()
    return any(marks) or edits.came_back_in_part(preview.mail.text, event.incoming.text)


def _said_by(mark: str) -> str:
    """The words of a marker line: mail programs trim its dashes."""
    return mark.strip("- ")


def _is_an_older_one(dossier: Dossier, event: ApplicantWrote, preview: Preview) -> bool:
    """Whether the answered mail showed something else than what waits now."""
    shown = dossier.mail(event.answers)
    if shown is None or MARK_BEGIN not in shown.text:
        return False
    seen = writing.shown_mail(preview.mail)
    block = f"{MARK_BEGIN}\n{seen['text']}\n{MARK_END}"
    return not all(part in shown.text for part in (block, seen["to"], seen["subject"]))


def _is_about_the_same(one: Preview, other: Preview) -> bool:
    return one.mail.purpose is other.mail.purpose and bool(set(one.mail.letters) & set(other.mail.letters))


# -- what follows --------------------------------------------------------------------------------------------------


def _sent(dossier: Dossier, event: ApplicantWrote, preview: Preview, policy: Policy, now: datetime) -> Decision:
    problems = approval.obstacles(dossier, preview.mail, now)
    if problems:
        dossier = approval.put_back(dossier, preview)
        return _told(dossier, event, preview, "preview_gone", policy, now, problems=problems)
    if preview.mail.outdated:
        preview = replace(preview, shown_at=now, later_until=None, repeated=False)
        return renewal.shown_again(dossier, preview, policy, now, "changed", event.incoming)
    dossier, leaves = approval.approved(dossier, preview, policy, now)
    zone = dossier.applicant.time_zone or policy.time_zone
    on = dates.say_moment(leaves, zone) if leaves > now else ""
    return _told(dossier, event, preview, "preview_sent", policy, now, leaves=on, paused=dossier.paused)


def _skipped(dossier: Dossier, event: ApplicantWrote, preview: Preview, policy: Policy, now: datetime) -> Decision:
    why = f"the applicant skipped the {preview.mail.purpose.value}"
    dossier = approval.put_back(dossier, preview).noting(now, why, preview.mail.letters[0])
    return _told(dossier, event, preview, "preview_skipped", policy, now)


def _later(
    dossier: Dossier, event: ApplicantWrote, preview: Preview, word: Word, policy: Policy, now: datetime
) -> Decision:
    assert word.until is not None
    zone = dossier.applicant.time_zone or policy.time_zone
    until = datetime.combine(word.until, time(policy.hours_from), ZoneInfo(zone))
    kept = replace(preview, later_until=until, repeated=False)
    dossier = replace(dossier, previews=tuple(kept if p.id == preview.id else p for p in dossier.previews))
    return _told(dossier, event, preview, "preview_later", policy, now, until=dates.say(word.until))


def _edited(
    dossier: Dossier, event: ApplicantWrote, preview: Preview, text: str, policy: Policy, now: datetime
) -> Decision:
    """The new text is shown once more before it goes: a preview is byte for byte what is sent."""
    kept = replace(_with_text(preview, text), shown_at=now, repeated=False, later_until=None)
    return renewal.shown_again(dossier, kept, policy, now, "edited", event.incoming)


def _told(
    dossier: Dossier,
    event: ApplicantWrote,
    preview: Preview,
    template: str,
    policy: Policy,
    now: datetime,
    **more: object,
) -> Decision:
    """What became of the answer. Where the preview still waits, an answer to this mail answers it too."""
    letter = dossier.letter(preview.mail.letters[0])
    context = writing.about_letter(
        dossier, letter, policy, now, purpose=preview.mail.purpose.value, subject=preview.mail.subject,
        **({"pieces": False} | more if template == "preview_unclear" else more),
    )  # fmt: skip
    waits = dossier.preview(preview.id) is not None
    mail = writing.to_applicant(
        dossier, Purpose.PREVIEW if waits else Purpose.REPLY, f"applicant/{template}",
        key=f"{preview.id}-again" if waits else f"r-{writing.key_of(event.incoming)}",
        answering=event.incoming, letters=[letter], more=context,
    )  # fmt: skip
    return Decision(dossier=dossier, mails=(mail,), why=(f"{template.replace('_', ' ')}: {preview.mail.subject}",))


def _with_text(preview: Preview, text: str) -> Preview:
    """The preview with the applicant's own text, and with what it took the place of."""
    mail = preview.mail
    made = mail.rendered or mail.text
    return replace(preview, mail=replace(mail, text=text, rendered="" if text == made else made))
