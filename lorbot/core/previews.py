"""What follows when the applicant answers a preview: send, skip, later, edit. Anything else is asked about."""

from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from lorbot.core import dates, edits, letters, view, waiver, words, writing
from lorbot.core.courtesy import content
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Preview, Progress, Purpose, State
from lorbot.core.events import ApplicantWrote
from lorbot.core.policy import Policy
from lorbot.core.view import sender
from lorbot.core.words import Word

MARK_BEGIN = "---------- the mail begins ----------"
MARK_END = "---------- the mail ends ----------"


def answered(dossier: Dossier, event: ApplicantWrote, preview: Preview, policy: Policy, now: datetime) -> Decision:
    """The word is taken, and a line about the waiver beside it."""
    stated, said = waiver.taken_out(event.words)
    if not stated:
        return _answered(dossier, event, preview, policy, now)
    dossier = replace(dossier, applicant=replace(dossier.applicant, waiver=stated))
    dossier = dossier.noting(now, f"the applicant said about the right to see the letters: {stated}")
    event = replace(event, words=said)
    if not content(said, sender(dossier.applicant)):
        return _told(dossier, event, preview, "preview_waiver", policy, now)
    return _answered(dossier, event, preview, policy, now)


def _answered(dossier: Dossier, event: ApplicantWrote, preview: Preview, policy: Policy, now: datetime) -> Decision:
    word = words.preview_answer(event.words, view.today(dossier.applicant, policy, now), sender(dossier.applicant))
    changed = _changed(event, preview)
    match word.verb:
        case "send":
            return _sent(dossier, event, _with_text(preview, changed) if changed else preview, policy, now)
        case "skip":
            return _skipped(dossier, event, preview, policy, now)
        case "later":
            return _later(dossier, event, preview, word, policy, now)
        case "edit" if word.text or changed:
            return _edited(dossier, event, preview, word.text or changed, policy, now)
        case "" if changed and not content(event.words, sender(dossier.applicant)):
            return _edited(dossier, event, preview, changed, policy, now)
    return _told(dossier, event, preview, "preview_unclear", policy, now, said=event.words)


def _changed(event: ApplicantWrote, preview: Preview) -> str:
    """The text between the marker lines, where the applicant changed it; else ""."""
    returned = event.between_markers or ""
    if not returned.strip() or edits.same_text(returned, preview.mail.text):
        return ""
    return edits.edited(preview.mail.text, returned)


def _sent(dossier: Dossier, event: ApplicantWrote, preview: Preview, policy: Policy, now: datetime) -> Decision:
    mentor = dossier.mentor(preview.mail.mentor)
    if mentor.never or not mentor.email:
        return _told(_without(dossier, preview), event, preview, "preview_gone", policy, now)
    leaves = writing.when_to_mail(mentor, policy, now)
    mail = replace(preview.mail, not_before=leaves, progress=Progress.QUEUED, decided_at=now, automatic=False)
    dossier = _without(dossier, preview).with_mail(mail)
    why = f"the applicant approved the {mail.purpose.value} to {mentor.name}"
    zone = dossier.applicant.time_zone or policy.time_zone
    on = dates.say_moment(leaves, zone) if leaves > now else ""
    dossier = dossier.noting(now, why, mail.letters[0])
    return _told(dossier, event, preview, "preview_sent", policy, now, leaves=on, paused=dossier.paused)


def _skipped(dossier: Dossier, event: ApplicantWrote, preview: Preview, policy: Policy, now: datetime) -> Decision:
    dossier = _without(dossier, preview)
    for letter_id in preview.mail.letters:
        if preview.mail.purpose is Purpose.ASK and dossier.letter(letter_id).state is State.PREVIEWED:
            dossier = letters.moved(dossier, letter_id, State.PLANNED)
    dossier = dossier.noting(now, f"the applicant skipped the {preview.mail.purpose.value}", preview.mail.letters[0])
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
    dossier = replace(dossier, previews=tuple(kept if p.id == preview.id else p for p in dossier.previews))
    letter = dossier.letter(preview.mail.letters[0])
    more = writing.about_letter(
        dossier, letter, policy, now,
        purpose=kept.mail.purpose.value, mail=writing.shown_mail(kept.mail), because="edited",
    )  # fmt: skip
    shown = writing.to_applicant(
        dossier, Purpose.PREVIEW, "applicant/preview",
        key=f"{preview.id}-again", answering=event.incoming, letters=[letter], more=more,
    )  # fmt: skip
    why = f"the applicant changed the {kept.mail.purpose.value}; it was shown again"
    return Decision(dossier=dossier.noting(now, why, letter.id), mails=(shown,), why=(why,))


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
        dossier, letter, policy, now, purpose=preview.mail.purpose.value, subject=preview.mail.subject, **more
    )
    waits = dossier.preview(preview.id) is not None
    mail = writing.to_applicant(
        dossier, Purpose.PREVIEW if waits else Purpose.REPLY, f"applicant/{template}",
        key=f"{preview.id}-again" if waits else f"r-{writing.key_of(event.incoming)}",
        answering=event.incoming, letters=[letter], more=context,
    )  # fmt: skip
    return Decision(dossier=dossier, mails=(mail,), why=(f"{template.replace('_', ' ')}: {preview.mail.subject}",))


def _with_text(preview: Preview, text: str) -> Preview:
    return replace(preview, mail=replace(preview.mail, text=text))


def _without(dossier: Dossier, preview: Preview) -> Dossier:
    return replace(dossier, previews=tuple(p for p in dossier.previews if p.id != preview.id))
