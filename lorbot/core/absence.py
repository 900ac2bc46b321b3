"""An automatic answer from a mentor is not an answer; a named day of return moves the clock."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from lorbot.core import dates, deadlines, letters, writing
from lorbot.core.correspondence import Progress, Purpose
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter
from lorbot.core.events import MentorWrote
from lorbot.core.policy import Policy
from lorbot.core.reading import Kind


def machine_wrote(dossier: Dossier, event: MentorWrote, policy: Policy, now: datetime) -> Decision:
    """An automatic answer is not an answer; a named day of return moves the clock (RFC 3834: never replied to)."""
    mentor = dossier.mentor(event.mentor)
    back_on = event.reading.back_on
    if event.reading.kind is not Kind.AUTO_REPLY or back_on is None or not event.genuine:
        why = f"an automatic mail from {mentor.name} was noted; nothing follows"
        return Decision(dossier=dossier.noting(now, why), why=(why,))
    zone = mentor.time_zone or policy.time_zone
    if back_on <= now.astimezone(ZoneInfo(zone)).date():
        why = f"{mentor.name} names a day of return that is past; nothing follows"
        return Decision(dossier=dossier.noting(now, why), why=(why,))
    why = f"{mentor.name} is away until {dates.say(back_on)}; mail waits until then"
    told_before = mentor.away_until == back_on
    dossier = absent(dossier.noting(now, why), mentor.id, back_on, policy, now)
    mentor = dossier.mentor(mentor.id)
    open_letters = [x for x in dossier.letters_of(mentor.id) if x.state in letters.UNANSWERED | letters.UNDER_WAY]
    if not open_letters or told_before:
        return Decision(dossier=dossier, why=(why,))
    back = writing.when_to_mail(mentor, policy, now)
    late = [x for x in open_letters if _is_due_between(dossier, x, policy, now, back)]
    letter = (late or open_letters)[0]
    more = writing.about_letter(dossier, letter, policy, now, back_on=dates.say(back_on), too_late=bool(late))
    told = writing.to_applicant(
        dossier,
        Purpose.NOTICE,
        "applicant/told_away",
        key=f"n-{writing.key_for(event.incoming, letter)}",
        letters=[letter],
        more=more,
    )
    return Decision(dossier=dossier, mails=(told,), why=(why,))


def absent(dossier: Dossier, mentor_id: str, until: date | None, policy: Policy, now: datetime) -> Dossier:
    """The mentor away until that day, or back (None); mail that waits is put off, or brought forward, accordingly."""
    mentor = replace(dossier.mentor(mentor_id), away_until=until)
    if mentor == dossier.mentor(mentor_id):
        return dossier
    leaves = writing.when_to_mail(mentor, policy, now)
    mails = tuple(
        replace(m, not_before=leaves)
        if m.mentor == mentor_id and m.progress is Progress.QUEUED and m.purpose not in letters.TO_APPLICANT
        else m
        for m in dossier.mails
    )
    return replace(dossier.with_mentor(mentor), mails=mails)


def _is_due_between(dossier: Dossier, letter: Letter, policy: Policy, now: datetime, back: datetime) -> bool:
    due = deadlines.due_of(dossier, dossier.application(letter.application), policy, now=now)
    return due is not None and due.at < back
