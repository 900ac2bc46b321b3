"""What follows when a mail of lorbot's has left, was refused, bounced, or nobody knows.

A mail whose fate is unknown is never sent again by itself (a second ask is worse than a late one).
"""

from dataclasses import replace
from datetime import datetime, timedelta

from lorbot.core import letters, writing
from lorbot.core.correspondence import Mail, Progress, Purpose
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, State
from lorbot.core.events import Accepted, Failed, Lost, MailBounced
from lorbot.core.policy import Policy

LONGEST_WAIT = timedelta(hours=4)
LATE = timedelta(days=3)
STALE_WHEN_LATE = frozenset({Purpose.NUDGE, Purpose.REMINDER})
TO_APPLICANT = letters.TO_APPLICANT
NEW_ADDRESS = ("address name@example.edu", "backup", "nothing")


def waiting(dossier: Dossier, now: datetime) -> tuple[Mail, ...]:
    """The mails that may leave now, oldest decision first. A paused dossier still answers its applicant."""
    may = (m for m in dossier.mails if _may_leave(dossier, m) and _departure(m) <= now)
    return tuple(sorted(may, key=lambda m: m.decided_at))


def next_departure(dossier: Dossier) -> datetime | None:
    """When the next queued mail may leave, or None."""
    return min((_departure(m) for m in dossier.mails if _may_leave(dossier, m)), default=None)


def on_time(dossier: Dossier, policy: Policy, now: datetime) -> Dossier:
    """The dossier with queued mail that missed its hour (no power, no network) put off to the next one that manners
    allow. A nudge or a reminder that is days late is dropped: the next step of the clock says what is true by then.
    """
    mails = tuple(_on_time(dossier, m, policy, now) if _may_leave(dossier, m) else m for m in dossier.mails)
    return replace(dossier, mails=mails)


def _on_time(dossier: Dossier, mail: Mail, policy: Policy, now: datetime) -> Mail:
    if mail.purpose in TO_APPLICANT or not mail.mentor or _departure(mail) > now:
        return mail
    if mail.purpose in STALE_WHEN_LATE and now - (mail.not_before or mail.decided_at) > LATE:
        return replace(mail, progress=Progress.DROPPED, remark="it could not leave in time")
    leaves = writing.departure(dossier, mail.purpose, dossier.mentor(mail.mentor), policy, now)
    return replace(mail, not_before=leaves) if leaves > now else mail


def _may_leave(dossier: Dossier, mail: Mail) -> bool:
    """Whether a mail is on its way out at all; nothing goes to a mentor who asked for silence, during a
    pause, or with facts that have changed.
    """
    if mail.progress is not Progress.QUEUED or _may_have_left(dossier, mail):
        return False
    if mail.purpose in TO_APPLICANT:
        return True
    return not dossier.paused and not mail.outdated and not (mail.mentor and dossier.mentor(mail.mentor).never)


def _departure(mail: Mail) -> datetime:
    return max(t for t in (mail.decided_at, mail.not_before, mail.next_try_at) if t)


def sending(dossier: Dossier, key: str) -> Dossier:
    """The dossier to be saved before a mail is offered to the SMTP server."""
    mail = _mail(dossier, key)
    return dossier.with_mail(replace(mail, progress=Progress.SENDING, attempts=mail.attempts + 1))


def interrupted(dossier: Dossier) -> tuple[str, ...]:
    """Keys of mails that were on their way when the program ended, or that waited when an export was made which was
    read back since: nobody knows whether they went.
    """
    return tuple(m.key for m in dossier.mails if m.progress is Progress.SENDING or _may_have_left(dossier, m))


def restored(dossier: Dossier, now: datetime) -> Dossier:
    """The dossier as it comes out of an export. What waits in it is in doubt, also where the clock was set back."""
    latest = max((m.decided_at for m in dossier.mails), default=now)
    return replace(dossier, restored_at=max(now, latest))


def _may_have_left(dossier: Dossier, mail: Mail) -> bool:
    old = dossier.restored_at is not None and mail.decided_at <= dossier.restored_at
    return old and mail.progress is Progress.QUEUED


def accepted(dossier: Dossier, event: Accepted, _policy: Policy, now: datetime) -> Decision:
    mail = replace(_mail(dossier, event.key), remark=event.remark)
    dossier = letters.sent(dossier, mail, now)
    if mail.purpose in TO_APPLICANT:
        return Decision(dossier=dossier)
    why = f"{mail.purpose.value} sent to {mail.to.name or mail.to.email}"
    return Decision(dossier=dossier.noting(now, why, mail.letters[0] if mail.letters else ""), why=(why,))


def failed(dossier: Dossier, event: Failed, policy: Policy, now: datetime) -> Decision:
    """A temporary failure waits and tries again, longer each time; a permanent one is told to the applicant.

    A server that was not reached at all (no code) has refused nothing: that does not count as an attempt.
    """
    mail = _mail(dossier, event.key)
    remark = f"{event.code or ''} {event.remark}".strip()
    attempts = mail.attempts if event.code or event.permanent else max(mail.attempts - 1, 0)
    if not event.permanent and attempts < policy.send_attempts:
        wait = min(timedelta(minutes=policy.retry_after_minutes) * 2 ** max(attempts - 1, 0), LONGEST_WAIT)
        mail = replace(mail, progress=Progress.QUEUED, attempts=attempts, next_try_at=now + wait, remark=remark)
        return Decision(dossier=dossier.with_mail(mail), why=(f"not accepted yet: {remark}",))
    dossier = dossier.with_mail(replace(mail, progress=Progress.REFUSED, remark=remark))
    return _undelivered(dossier, mail, remark, policy, now)


def lost(dossier: Dossier, event: Lost, policy: Policy, now: datetime) -> Decision:
    """Nobody knows whether the mail went: the applicant is asked; a mail to the applicant is only noted."""
    mail = replace(_mail(dossier, event.key), progress=Progress.UNKNOWN, remark=event.remark)
    dossier = dossier.with_mail(mail)
    why = f"it is not known whether the {mail.purpose.value} left: {event.remark}"
    dossier = dossier.noting(now, why, mail.letters[0] if mail.letters else "")
    if mail.purpose in TO_APPLICANT or not mail.letters:
        return Decision(dossier=dossier, why=(why,))
    asked = writing.question(
        dossier,
        "unknown",
        dossier.letter(mail.letters[0]),
        ("it arrived", "send again"),
        policy=policy,
        now=now,
        key=f"unknown-{mail.key}",
        more={"what": mail.purpose.value, "subject": mail.subject},
        about=mail.key,
    )
    return Decision(dossier=dossier, mails=(asked,), why=(why,))


def bounced(dossier: Dossier, event: MailBounced, policy: Policy, now: datetime) -> Decision:
    """A mail came back: the letter stops and the applicant is asked for the address (RFC 3464)."""
    mail = dossier.mail(event.key)
    if mail is None or not event.bounce.permanent:
        why = "a delivery notice was noted; the mail system still tries" if mail else "a notice about an unknown mail"
        return Decision(dossier=dossier.noting(now, why), why=(why,))
    remark = f"{event.bounce.code} {event.bounce.diagnostic}".strip()
    if _was_of_a_copy(mail, event):
        why = f"the copy of the {mail.purpose.value} to {mail.cc[0].email} could not be delivered: {remark}"
        return Decision(dossier=dossier.noting(now, why, mail.letters[0] if mail.letters else ""), why=(why,))
    dossier = dossier.with_mail(replace(mail, remark=f"bounced: {remark}"))
    return _undelivered(dossier, mail, remark, policy, now)


def _was_of_a_copy(mail: Mail, event: MailBounced) -> bool:
    """Whether only a copy came back; the mentor has the mail, as far as anybody knows."""
    returned = {r.lower() for r in event.bounce.recipients}
    return mail.to.email not in returned and bool(returned & {c.email for c in mail.cc})


def _undelivered(dossier: Dossier, mail: Mail, remark: str, policy: Policy, now: datetime) -> Decision:
    why = f"the {mail.purpose.value} to {mail.to.email} could not be delivered: {remark}"
    if not mail.letters or mail.purpose in TO_APPLICANT or mail.to.email != dossier.mentor(mail.mentor).email:
        return Decision(dossier=dossier.noting(now, why), why=(why,))  # nobody waits there, or not any more
    for letter_id in mail.letters:
        state = dossier.letter(letter_id).state
        state = State.BOUNCED if state in letters.UNANSWERED | letters.ASKABLE else state
        dossier = letters.moved(dossier, letter_id, state, reason=why, waiting=True)
        dossier = letters.drop_queued(dossier, [letter_id], letters.NO_LONGER_NEEDED)
    letter = dossier.letter(mail.letters[0])
    asked = writing.question(
        dossier,
        "bounced",
        letter,
        NEW_ADDRESS,
        policy=policy,
        now=now,
        key=f"bounced-{mail.key}",
        more={"what": mail.purpose.value, "address": mail.to.email, "remark": remark},
    )
    return Decision(dossier=dossier.noting(now, why, letter.id), mails=(asked,), why=(why,))


def _mail(dossier: Dossier, key: str) -> Mail:
    mail = dossier.mail(key)
    if mail is None:
        raise KeyError(key)
    return mail
