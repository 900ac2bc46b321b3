"""What follows when the applicant answers a preview: send, skip, later, edit. Anything else is asked about."""

from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from lorbot.core import dates, letters, view, words, writing
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Preview, Progress, Purpose, State
from lorbot.core.events import ApplicantWrote
from lorbot.core.policy import Policy
from lorbot.core.words import Word

MARK_BEGIN = "---------- the mail begins ----------"
MARK_END = "---------- the mail ends ----------"


def answered(dossier: Dossier, event: ApplicantWrote, preview: Preview, policy: Policy, now: datetime) -> Decision:
    zone = dossier.applicant.time_zone or policy.time_zone
    word = words.preview_answer(event.words, view.local_day(now, zone), dossier.applicant.name)
    between = event.between_markers
    if between is not None and not between.strip():
        between = None
    changed = between is not None and not words.same_text(between, preview.mail.text)
    if word.verb == "edit":
        return _edited(dossier, event, preview, word.text or (between if changed else "") or "", policy, now)
    if word.verb == "send" and changed and between is not None:
        preview = _with_text(preview, between)
    if word.verb == "send":
        return _sent(dossier, event, preview, policy, now)
    if word.verb == "skip":
        return _skipped(dossier, event, preview, policy, now)
    if word.verb == "later":
        return _later(dossier, event, preview, word, policy, now)
    if changed and between is not None and not event.words.strip():
        return _edited(dossier, event, preview, between, policy, now)
    return _told(dossier, event, preview, "preview_unclear", policy, now, said=event.words)


def _sent(dossier: Dossier, event: ApplicantWrote, preview: Preview, policy: Policy, now: datetime) -> Decision:
    mentor = dossier.mentor(preview.mail.mentor)
    if mentor.never or not mentor.email:
        return _told(_without(dossier, preview), event, preview, "preview_gone", policy, now)
    leaves = writing.when_to_mail(mentor, policy, now)
    mail = replace(preview.mail, not_before=leaves, progress=Progress.QUEUED, decided_at=now)
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
    kept = replace(preview, later_until=until)
    dossier = replace(dossier, previews=tuple(kept if p.id == preview.id else p for p in dossier.previews))
    return _told(dossier, event, preview, "preview_later", policy, now, until=dates.say(word.until))


def _edited(
    dossier: Dossier, event: ApplicantWrote, preview: Preview, text: str, policy: Policy, now: datetime
) -> Decision:
    """The new text is shown once more before it goes: a preview is byte for byte what is sent."""
    if not text.strip():
        return _told(dossier, event, preview, "preview_unclear", policy, now, said=event.words)
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
    letter = dossier.letter(preview.mail.letters[0])
    context = writing.about_letter(
        dossier, letter, policy, now, purpose=preview.mail.purpose.value, subject=preview.mail.subject, **more
    )
    mail = writing.to_applicant(
        dossier, Purpose.REPLY, f"applicant/{template}",
        key=f"r-{writing.key_of(event.incoming)}", answering=event.incoming, letters=[letter], more=context,
    )  # fmt: skip
    return Decision(dossier=dossier, mails=(mail,), why=(f"{template.replace('_', ' ')}: {preview.mail.subject}",))


def _with_text(preview: Preview, text: str) -> Preview:
    return replace(preview, mail=replace(preview.mail, text=text))


def _without(dossier: Dossier, preview: Preview) -> Dossier:
    return replace(dossier, previews=tuple(p for p in dossier.previews if p.id != preview.id))
