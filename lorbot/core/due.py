"""When each step of a letter's clock is due, from the dossier alone; None where it is not due at all.

Invariant: what goes to a mentor is due at a moment that manners allow, never after the deadline, and never on the
heels of another mail. Which deadline that is, `lorbot.core.deadlines` says.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

from lorbot.core import deadlines, manners, writing
from lorbot.core.correspondence import Direction, Purpose
from lorbot.core.dossier import Dossier, Letter, Mentor
from lorbot.core.policy import Policy

Due = Callable[[Dossier, Letter, Policy], datetime | None]

SETTLING = timedelta(days=4)
"""After a mail to a mentor, or an answer, no chasing for so long: one mail where two would do."""

A_DAY = timedelta(days=1)


def nudge(number: int) -> Due:
    """So many days after the ask, or the mentor's last words, or the return."""

    def due(dossier: Dossier, letter: Letter, policy: Policy) -> datetime | None:
        if letter.waiting or not may_chase(dossier, letter, policy):
            return None
        return _in_time(dossier, letter, policy, _after_asking(dossier, letter, policy, number))

    return due


def choice(dossier: Dossier, letter: Letter, policy: Policy) -> datetime | None:
    """When the applicant chooses how to go on; after a day that was named, that day, where no nudge is left."""
    if letter.waiting or letter.asked_at is None:
        return None
    nudges = len(policy.nudge_after_days)
    if letter.snooze_until is None or any(f"nudge{n}" not in letter.done for n in range(1, nudges + 1)):
        return _in_time(dossier, letter, policy, _after_asking(dossier, letter, policy, nudges + 1))
    mentor = dossier.mentor(letter.mentor)
    named = manners.start_of(letter.snooze_until, zone_of(mentor, policy), policy)
    rested = _after_last_mail((letter,), A_DAY)
    return _in_time(dossier, letter, policy, _allowed(max(named, rested or named), mentor, policy))


def before_deadline(days: int, *, rest: timedelta = SETTLING) -> Due:
    """So many days before the day of the deadline, or on the last day before that on which mail may go; and not within
    `rest` of the last mail either way.
    """

    def due(dossier: Dossier, letter: Letter, policy: Policy) -> datetime | None:
        at = _nearing(dossier, letter, policy, days, rest)
        return _in_time(dossier, letter, policy, at)

    return due


def reminder(days: int) -> Due:
    """The same; where the deadline passes while the mentor is away, on the last day before the absence."""

    def due(dossier: Dossier, letter: Letter, policy: Policy) -> datetime | None:
        at = _nearing(dossier, letter, policy, days, SETTLING)
        end = deadlines.due_of_letter(dossier, letter, policy)
        away = writing.away(dossier.mentor(letter.mentor))
        if at is None or end is None or at < end.at or away is None or away.since is None:
            return _in_time(dossier, letter, policy, at)
        early = manners.last_before(away.since, zone_of(dossier.mentor(letter.mentor), policy), policy)
        rested = _rested(dossier, letter, SETTLING)
        return None if rested and early < rested else early

    return due


def deadline(dossier: Dossier, letter: Letter, policy: Policy) -> datetime | None:
    """The deadline itself; later where the applicant named a day."""
    end = deadlines.due_of_letter(dossier, letter, policy)
    if end is None or letter.snooze_until is None:
        return end.at if end else None
    return max(end.at, manners.start_of(letter.snooze_until, dossier.applicant.time_zone or policy.time_zone, policy))


def after_report(_dossier: Dossier, letter: Letter, policy: Policy) -> datetime | None:
    heard = letter.last_heard_at
    return heard + timedelta(days=policy.check_portal_after_days) if heard else None


def after_own_words(dossier: Dossier, letter: Letter, policy: Policy) -> datetime | None:
    """So many days after the applicant's own words on an answer that was never settled, where nothing else waits."""
    if letter.waiting or any(q.letter == letter.id for q in dossier.questions):
        return None
    times = [at for at in (letter.last_sent_at, letter.last_heard_at) if at]
    return max(times) + timedelta(days=policy.bring_up_after_days) if times else None


def after_receipt(dossier: Dossier, letter: Letter, policy: Policy) -> datetime | None:
    mentor = dossier.mentor(letter.mentor)
    if letter.received_at is None or mentor.never or not mentor.email:
        return None
    zone = zone_of(mentor, policy)
    at = manners.working_days_later(letter.received_at, policy.thank_after_working_days, zone, policy)
    rested = _after_last_mail(dossier.letters_of(mentor.id), A_DAY)
    return _allowed(max(at, rested or at), mentor, policy)


def may_chase(dossier: Dossier, letter: Letter, policy: Policy) -> bool:
    """Whether the mentor may be asked once more: two unanswered mails and one last, and never after "stop"."""
    mentor = dossier.mentor(letter.mentor)
    return not mentor.never and bool(mentor.email) and letter.unanswered < policy.most_unanswered


def had_last_call(dossier: Dossier, letter: Letter) -> bool:
    """Whether the mentor got the last reminder, which promises to be it, and has not been heard of since."""
    since = letter.last_heard_at
    return any(
        c.purpose == Purpose.LAST_CALL.value and letter.id in c.letters and (since is None or c.at > since)
        for c in dossier.contacts
        if c.direction is Direction.OUT
    )


def zone_of(mentor: Mentor, policy: Policy) -> str:
    return mentor.time_zone or policy.time_zone


def _after_asking(dossier: Dossier, letter: Letter, policy: Policy, number: int) -> datetime | None:
    """When the step of this number after the ask is due; the one after the last nudge is the applicant's choice."""
    if letter.asked_at is None:
        return None
    mentor = dossier.mentor(letter.mentor)
    days = (*policy.nudge_after_days, policy.choose_after_days)
    away = writing.away(mentor)  # one that is still to come puts off single mails, not the count
    back = manners.start_of(away.until, zone_of(mentor, policy), policy) if away and away.since is None else None
    at = max(t for t in (letter.asked_at, letter.last_heard_at, back) if t)
    if letter.snooze_until is not None:  # the mentor or the applicant named a day: one mail then, as agreed
        named = manners.start_of(letter.snooze_until, zone_of(mentor, policy), policy)
        at = max(at, named - timedelta(days=days[0]))
    begin, rest = at, A_DAY * 0
    for before, after in pairwise((0, *days[:number])):  # one that a holiday held up never meets the next
        rest = min(SETTLING, timedelta(days=after - before) - A_DAY)
        at = _allowed(max(begin + timedelta(days=after), at + rest), mentor, policy)
    rested = _after_last_mail(dossier.letters_of(mentor.id), rest)
    return max(at, _allowed(rested, mentor, policy)) if rested else at


def _nearing(dossier: Dossier, letter: Letter, policy: Policy, days: int, rest: timedelta) -> datetime | None:
    """So many days before the deadline, at an hour that manners allow, even if that is too late."""
    end = deadlines.due_of_letter(dossier, letter, policy)
    if end is None or letter.waiting or not may_chase(dossier, letter, policy) or had_last_call(dossier, letter):
        return None
    mentor = dossier.mentor(letter.mentor)
    day = manners.open_day_until(end.day - timedelta(days=days), policy)
    day = max(day, letter.snooze_until) if letter.snooze_until else day
    times = [manners.start_of(day, zone_of(mentor, policy), policy), _rested(dossier, letter, rest)]
    return _allowed(max(t for t in times if t), mentor, policy)


def _rested(dossier: Dossier, letter: Letter, rest: timedelta) -> datetime | None:
    """When the rest after the last mail either way is over."""
    heard = letter.last_heard_at + rest if letter.last_heard_at else None
    times = [t for t in (heard, _after_last_mail(dossier.letters_of(letter.mentor), rest)) if t]
    return max(times, default=None)


def _after_last_mail(letters: tuple[Letter, ...], rest: timedelta) -> datetime | None:
    last = max((x.last_sent_at for x in letters if x.last_sent_at), default=None)
    return last + rest if last else None


def _allowed(moment: datetime, mentor: Mentor, policy: Policy) -> datetime:
    return manners.next_allowed(moment, zone_of(mentor, policy), policy, writing.away(mentor))


def _in_time(dossier: Dossier, letter: Letter, policy: Policy, at: datetime | None) -> datetime | None:
    """`at`, or None where the deadline is over by then: from there on only the applicant is told."""
    end = deadlines.due_of_letter(dossier, letter, policy)
    is_over = "overdue" in letter.done or (end is not None and at is not None and at >= end.at)
    return None if is_over else at


def is_last_nudge(letter: Letter, policy: Policy) -> bool:
    """Whether the next note to a mentor who has not answered is the last one, and has to say so."""
    nudges = len(policy.nudge_after_days)
    taken = sum(1 for number in range(1, nudges + 1) if f"nudge{number}" in letter.done)
    return taken + 1 >= nudges or letter.unanswered + 1 >= policy.most_unanswered
