"""An automatic answer from a mentor is not an answer; a named day of return moves the clock.

Invariants: nothing automatic is replied to (RFC 3834), and whoever it names in the mentor's place hears nothing of it.
The applicant is told of an absence once, and at once where no letter can come in time, or nobody knows when it ends.
"""

from dataclasses import replace
from datetime import date, datetime

from lorbot.core import dates, deadlines, letters, manners, view, writing
from lorbot.core.correspondence import Progress, Purpose
from lorbot.core.decision import Decision, Written
from lorbot.core.dossier import Dossier, Letter, Mentor
from lorbot.core.events import MentorWrote
from lorbot.core.manners import Away
from lorbot.core.policy import Policy
from lorbot.core.reading import Absence, Kind

_OPEN_END, _GONE = "open", "gone"
_TOPICS = frozenset({"away", "gone"})
_WAIT_DAYS = 10
_WHEN_GONE = ("address name@example.edu", "backup", "talk", "nothing")


def machine_wrote(dossier: Dossier, event: MentorWrote, policy: Policy, now: datetime) -> Decision:
    """What follows from a mail that no person wrote, in a mentor's name."""
    mentor, reading = dossier.mentor(event.mentor), event.reading
    away = _away(event)
    is_absence = away is not None or reading.absence is not Absence.NONE
    if reading.kind is not Kind.AUTO_REPLY or not event.genuine or not is_absence:
        return _noted(dossier, now, f"an automatic mail from {mentor.name} was noted; nothing follows")
    if away is None:
        is_gone = reading.absence is Absence.GONE
        why = "is no longer there" if is_gone else "is away, nobody knows until when"
        told = _GONE if is_gone else _OPEN_END
        return _told(dossier.noting(now, f"{mentor.name} {why}"), event, None, told, policy, now)
    zone = mentor.time_zone or policy.time_zone
    if away.until <= view.local_day(now, zone):
        return _noted(dossier, now, f"{mentor.name} names a day of return that is past; nothing follows")
    since = f" from {dates.say(away.since)}" if away.since else ""
    why = f"{mentor.name} is away{since} until {dates.say(away.until)}; mail waits until then"
    dossier = absent(dossier.noting(now, why), mentor.id, away, policy, now)
    return _told(dossier, event, away, f"{away.since or ''}/{away.until}", policy, now)


def absent(dossier: Dossier, mentor_id: str, away: Away | None, policy: Policy, now: datetime) -> Dossier:
    """The mentor away, or back (None); mail that waits is put off, or brought forward, accordingly. Who is back is
    asked about no more.
    """
    before = dossier.mentor(mentor_id)
    told = before.absence_told if away else ""
    mentor = replace(
        before, away_until=away.until if away else None, away_from=away.since if away else None, absence_told=told
    )
    if away is None:
        about = {x.id for x in dossier.letters_of(mentor_id)}
        kept = tuple(q for q in dossier.questions if q.letter not in about or q.topic not in _TOPICS)
        dossier = replace(dossier, questions=kept)
    if mentor == before:
        return dossier
    leaves = writing.when_to_mail(mentor, policy, now)
    mails = tuple(
        replace(m, not_before=leaves)
        if m.mentor == mentor_id and m.progress is Progress.QUEUED and m.purpose not in letters.TO_APPLICANT
        else m
        for m in dossier.mails
    )
    return replace(dossier.with_mentor(mentor), mails=mails)


def _away(event: MentorWrote) -> Away | None:
    reading = event.reading
    return Away(until=reading.back_on, since=reading.away_from) if reading.back_on else None


def _noted(dossier: Dossier, now: datetime, why: str) -> Decision:
    return Decision(dossier=dossier.noting(now, why), why=(why,))


def _told(
    dossier: Dossier, event: MentorWrote, away: Away | None, told: str, policy: Policy, now: datetime
) -> Decision:
    """The applicant hears of it, once for each absence and where a letter waits for the mentor."""
    why = (dossier.journal[-1].what,)
    mentor = dossier.mentor(event.mentor)
    waiting = letters.UNANSWERED | letters.UNDER_WAY
    about = [x for x in dossier.letters_of(mentor.id) if x.state in waiting]
    if not about or mentor.absence_told == told:
        return Decision(dossier=dossier, why=why)
    dossier = dossier.with_mentor(replace(mentor, absence_told=told))
    kept = tuple(q for q in dossier.questions if q.letter not in {x.id for x in about} or q.topic not in _TOPICS)
    dossier = replace(dossier, questions=kept)
    late = [x for x in about if away and _is_due_during(dossier, x, away, mentor, policy)]
    mail = _mail(dossier, event, away, late or about, policy, now)
    if told == _GONE:  # what still went there would reach nobody
        for letter in (x for x in about if x.state in letters.UNANSWERED):
            dossier = dossier.with_letter(replace(letter, waiting=True))
    return Decision(dossier=dossier, mails=(mail,), why=why)


def _mail(
    dossier: Dossier, event: MentorWrote, away: Away | None, about: list[Letter], policy: Policy, now: datetime
) -> Written:
    """A notice where nothing is to be done; a question where the return is too late, or not known."""
    letter, mentor = about[0], dossier.mentor(event.mentor)
    late = [x for x in about if away and _is_due_during(dossier, x, away, mentor, policy)]
    zone, is_gone = mentor.time_zone or policy.time_zone, mentor.absence_told == _GONE
    more = {
        "back_on": dates.say(away.until) if away else "",
        "away_from": dates.say(away.since) if away and away.since else "",
        "late": [_seen(dossier, x, policy, now) for x in late],
        "telling": event.reading.sentence_for("absence"),
        "colleagues": [{"name": c.name, "email": c.email} for c in event.reading.colleagues],
    }
    key = writing.key_for(event.incoming, letter)
    if away is not None and not late:
        return writing.to_applicant(
            dossier, Purpose.NOTICE, "applicant/told_away", key=f"n-{key}", letters=[letter],
            more=writing.about_letter(dossier, letter, policy, now, **more),
        )  # fmt: skip
    days = (away.until - view.local_day(now, zone)).days if away else _WAIT_DAYS
    choices = _WHEN_GONE if is_gone else ("backup", "talk", f"wait {max(days, 2)} days")
    topic = "gone" if is_gone else "away"
    return writing.question(dossier, topic, letter, choices, policy=policy, now=now, key=key, more=more)


def _seen(dossier: Dossier, letter: Letter, policy: Policy, now: datetime) -> dict[str, str]:
    seen = view.of_letter(dossier, letter, policy, now)
    return {"name": seen["name"], "purpose": seen["purpose"], "deadline": seen["deadline"]}


def _is_due_during(dossier: Dossier, letter: Letter, away: Away, mentor: Mentor, policy: Policy) -> bool:
    """Whether a deadline passes before the mentor can be written to after the return."""
    due = deadlines.due_of_letter(dossier, letter, policy)
    if due is None:
        return False
    zone = mentor.time_zone or policy.time_zone
    begins = manners.start_of(away.since or date.min.replace(year=1900), zone, policy)
    returns = manners.next_allowed(manners.start_of(away.until, zone, policy), zone, policy)
    return begins <= due.at < returns
