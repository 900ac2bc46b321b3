"""What is due, computed from the dossier alone, so that nothing is lost while the program was not running.

The clock of a letter is the table `STEPS`: each step has a name, the states it belongs to, the moment it is due, and
what it does. A step is taken once; of several that are overdue only the last is taken, so that a laptop that slept
for two weeks sends at most one mail per mentor.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from lorbot.core import dates, letters, manners, outgoing, view, writing
from lorbot.core.decision import Decision, Written
from lorbot.core.dossier import Dossier, Letter, Mentor, Preview, Progress, Purpose, State
from lorbot.core.policy import Policy
from lorbot.core.value import Line, value

SETTLING = timedelta(days=4)
"""After a mail to a mentor, no reminder for so long: one mail where two would do."""

CLOCKWORK = frozenset({Purpose.NUDGE, Purpose.REMINDER, Purpose.LAST_CALL, Purpose.THANKS})
"""What the clock sends to mentors."""


@value
class Step:
    """One row of the clock. `group` is what it belongs to; later rows of a group make earlier ones unneeded."""

    name: Line
    group: Line
    states: frozenset[State]
    due: Callable[[Dossier, Letter, Policy], datetime | None]
    does: Callable[[Dossier, Letter, Policy, datetime], Decision]
    mails_mentor: bool


def ticked(dossier: Dossier, policy: Policy, now: datetime) -> Decision:
    """Everything that is due at `now`: at most one mail per mentor."""
    decision = Decision(dossier=dossier)
    if dossier.paused:
        return decision
    mailed = {m.mentor for m in dossier.mails if m.progress is Progress.QUEUED and m.purpose in CLOCKWORK}
    for letter_id in [letter.id for letter in dossier.letters]:
        step = _last_due(decision.dossier, decision.dossier.letter(letter_id), policy, now)
        mentor = decision.dossier.letter(letter_id).mentor
        if step is None or (step.mails_mentor and mentor in mailed):
            continue
        after = _taken(decision.dossier, letter_id, step, policy, now)
        if step.mails_mentor and after.mails:
            mailed.add(mentor)
        decision = decision.followed_by(after)
    for preview in decision.dossier.previews:
        after = _preview_due(decision.dossier, preview, policy, now)
        decision = decision.followed_by(after)
    return decision


def _taken(dossier: Dossier, letter_id: str, step: Step, policy: Policy, now: datetime) -> Decision:
    """One step of the clock, with the earlier ones of its group marked as overtaken."""
    letter = dossier.letter(letter_id)
    overtaken = [s.name for s in steps(policy) if s.group == step.group and _is_due(s, dossier, letter, policy, now)]
    dossier = letters.stepped(dossier, letter_id, *overtaken)
    return step.does(dossier, dossier.letter(letter_id), policy, now)


def next_due(dossier: Dossier, policy: Policy, now: datetime) -> datetime | None:
    """When there is something to do next: a step of the clock, or a mail that may leave. Never before `now`."""
    times = [t for t in (outgoing.next_departure(dossier),) if t]
    if not dossier.paused:
        times += list(_step_times(dossier, policy))
        times += [_next_showing(p, policy) for p in dossier.previews]
    return max(min(times), now) if times else None


def next_step(dossier: Dossier, letter: Letter, policy: Policy, now: datetime) -> tuple[str, datetime] | None:
    """The name and the moment of the next step of this letter's clock, or None."""
    coming = [
        (due, step.name)
        for step in steps(policy)
        if letter.state in step.states and step.name not in letter.done and (due := step.due(dossier, letter, policy))
    ]
    ahead = [x for x in coming if x[0] > now] or coming
    return (min(ahead)[1], min(ahead)[0]) if ahead else None


def steps(policy: Policy) -> tuple[Step, ...]:
    """The whole clock, earliest step of each group first."""
    nudges = tuple(
        Step(
            name=f"nudge{number}",
            group="answer",
            states=letters.UNANSWERED,
            due=_after_asking(days),
            does=_nudge(number, last=number == len(policy.nudge_after_days)),
            mails_mentor=True,
        )
        for number, days in enumerate(policy.nudge_after_days, 1)
    )
    reminders = tuple(
        Step(
            name=f"reminder{days}",
            group="deadline",
            states=letters.UNDER_WAY,
            due=_before_deadline(days),
            does=_remind,
            mails_mentor=True,
        )
        for days in sorted(policy.remind_before_days, reverse=True)
    )
    return (
        *nudges,
        Step(
            name="choose",
            group="answer",
            states=letters.UNANSWERED,
            due=_after_asking(policy.choose_after_days),
            does=_choose,
            mails_mentor=False,
        ),
        *reminders,
        Step(
            name="last call",
            group="deadline",
            states=letters.UNDER_WAY,
            due=_before_deadline(policy.last_call_before_days),
            does=_last_call,
            mails_mentor=False,
        ),
        Step(
            name="overdue",
            group="deadline",
            states=letters.UNDER_WAY,
            due=_after_deadline,
            does=_overdue,
            mails_mentor=False,
        ),
        Step(
            name="check portal",
            group="reported",
            states=frozenset({State.REPORTED}),
            due=_after_report,
            does=_check_portal,
            mails_mentor=False,
        ),
        Step(
            name="thanks",
            group="thanks",
            states=frozenset({State.RECEIVED, State.ASSIGNED}),
            due=_after_receipt,
            does=_thank,
            mails_mentor=True,
        ),
    )


# -- when ---------------------------------------------------------------------------------------------------------


def _after_asking(days: int) -> Callable[[Dossier, Letter, Policy], datetime | None]:
    def due(dossier: Dossier, letter: Letter, policy: Policy) -> datetime | None:
        if letter.asked_at is None or letter.waiting:
            return None
        mentor = dossier.mentor(letter.mentor)
        begin = max(t for t in (letter.asked_at, letter.last_heard_at, _day_of_return(mentor, policy)) if t)
        if letter.snooze_until is not None:  # the mentor or the applicant named a day: one mail then, as agreed
            snoozed = manners.start_of(letter.snooze_until, _zone(mentor, policy), policy)
            begin = max(begin, snoozed - timedelta(days=policy.nudge_after_days[0]))
        return manners.next_allowed(begin + timedelta(days=days), _zone(mentor, policy), policy, mentor.away_until)

    return due


def _before_deadline(days: int) -> Callable[[Dossier, Letter, Policy], datetime | None]:
    def due(dossier: Dossier, letter: Letter, policy: Policy) -> datetime | None:
        application = dossier.application(letter.application)
        if application.deadline is None or letter.waiting:
            return None
        mentor = dossier.mentor(letter.mentor)
        zone = _zone(mentor, policy)
        day = view.local_day(application.deadline, application.time_zone or policy.time_zone) - timedelta(days=days)
        day = max(day, letter.snooze_until) if letter.snooze_until else day
        at = manners.next_allowed(manners.start_of(day, zone, policy), zone, policy, mentor.away_until)
        return at if at < application.deadline else None

    return due


def _after_deadline(dossier: Dossier, letter: Letter, _policy: Policy) -> datetime | None:
    return dossier.application(letter.application).deadline


def _after_report(_dossier: Dossier, letter: Letter, policy: Policy) -> datetime | None:
    heard = letter.last_heard_at
    return heard + timedelta(days=policy.check_portal_after_days) if heard else None


def _after_receipt(dossier: Dossier, letter: Letter, policy: Policy) -> datetime | None:
    if letter.received_at is None:
        return None
    mentor = dossier.mentor(letter.mentor)
    zone = _zone(mentor, policy)
    at = manners.working_days_later(letter.received_at, policy.thank_after_working_days, zone, policy)
    return manners.next_allowed(at, zone, policy, mentor.away_until)


# -- what ---------------------------------------------------------------------------------------------------------


def _nudge(number: int, *, last: bool) -> Callable[[Dossier, Letter, Policy, datetime], Decision]:
    def does(dossier: Dossier, letter: Letter, policy: Policy, now: datetime) -> Decision:
        if letter.unanswered >= policy.most_unanswered:
            return Decision(dossier=dossier)
        mail = writing.to_mentor(
            dossier, Purpose.NUDGE, [letter], policy=policy, now=now, step=f"nudge{number}", more={"last": last}
        )
        return _decided(dossier, mail, letter, now, "no answer yet; a gentle note")

    return does


def _choose(dossier: Dossier, letter: Letter, policy: Policy, now: datetime) -> Decision:
    dossier = letters.moved(dossier, letter.id, State.SILENT, reason="no answer", waiting=True)
    letter = dossier.letter(letter.id)
    mail = writing.question(
        dossier,
        "silent",
        letter,
        ("backup", "talk", "wait 10 days", "close"),
        policy=policy,
        now=now,
        key=f"{letter.id}-silent",
        more={"asked_on": _day(letter.asked_at, dossier, policy)},
    )
    return _decided(dossier, mail, letter, now, "no answer after two notes; the applicant chooses")


def _remind(dossier: Dossier, letter: Letter, policy: Policy, now: datetime) -> Decision:
    recent = letter.last_sent_at is not None and now - letter.last_sent_at < SETTLING
    if recent or letter.unanswered >= policy.most_unanswered:
        return Decision(dossier=dossier)
    due = _due_together(dossier, letter, policy, now)
    for other in due:
        dossier = letters.stepped(dossier, other.id, *letter.done)
    mail = writing.to_mentor(
        dossier, Purpose.REMINDER, due, policy=policy, now=now,
        step=f"reminder{view.days_left(dossier.application(letter.application), policy, now)}",
    )  # fmt: skip
    return _decided(dossier, mail, letter, now, "the deadline is near; a reminder")


def _last_call(dossier: Dossier, letter: Letter, policy: Policy, now: datetime) -> Decision:
    mail = writing.to_mentor(dossier, Purpose.LAST_CALL, [letter], policy=policy, now=now)
    shown = writing.previewed(dossier, mail, [letter], policy=policy, now=now, because="deadline")
    return _decided(dossier, shown, letter, now, "two days are left; a last note waits for the applicant's word")


def _overdue(dossier: Dossier, letter: Letter, policy: Policy, now: datetime) -> Decision:
    dossier = letters.drop_queued(dossier, [letter.id], {Purpose.REMINDER, Purpose.LAST_CALL})
    previews = tuple(
        p for p in dossier.previews if letter.id not in p.mail.letters or p.mail.purpose is not Purpose.LAST_CALL
    )
    dossier = replace(dossier, previews=previews)
    mail = writing.question(
        dossier,
        "overdue",
        letter,
        ("received", "wait 3 days", "backup", "write:"),
        policy=policy,
        now=now,
        key=f"{letter.id}-overdue",
    )
    return _decided(dossier, mail, letter, now, "the deadline has passed; only the applicant is told")


def _check_portal(dossier: Dossier, letter: Letter, policy: Policy, now: datetime) -> Decision:
    mail = writing.question(
        dossier,
        "check_portal",
        letter,
        ("received", "not yet"),
        policy=policy,
        now=now,
        key=f"{letter.id}-check-portal",
    )
    return _decided(dossier, mail, letter, now, "reported but not confirmed; the applicant is asked to look")


def _thank(dossier: Dossier, letter: Letter, policy: Policy, now: datetime) -> Decision:
    mail = writing.to_mentor(dossier, Purpose.THANKS, [letter], policy=policy, now=now)
    return _decided(dossier, mail, letter, now, "the letter is in; a thank-you")


# -- pieces -------------------------------------------------------------------------------------------------------


def _last_due(dossier: Dossier, letter: Letter, policy: Policy, now: datetime) -> Step | None:
    mentor = dossier.mentor(letter.mentor)
    found = [s for s in steps(policy) if _is_due(s, dossier, letter, policy, now)]
    if mentor.never:
        found = [s for s in found if not s.mails_mentor]
    return found[-1] if found else None


def _is_due(step: Step, dossier: Dossier, letter: Letter, policy: Policy, now: datetime) -> bool:
    if letter.state not in step.states or step.name in letter.done:
        return False
    due = step.due(dossier, letter, policy)
    return due is not None and due <= now


def _step_times(dossier: Dossier, policy: Policy) -> Iterator[datetime]:
    for letter in dossier.letters:
        for step in steps(policy):
            if letter.state in step.states and step.name not in letter.done:
                due = step.due(dossier, letter, policy)
                if due is not None:
                    yield due


def _due_together(dossier: Dossier, letter: Letter, policy: Policy, now: datetime) -> list[Letter]:
    """This letter and the mentor's other letters that a reminder is due for: one mail for all."""
    others = [
        x
        for x in dossier.letters_of(letter.mentor)
        if x.id != letter.id
        and (step := _last_due(dossier, x, policy, now)) is not None
        and step.group == "deadline"
        and step.mails_mentor
    ]
    return [letter, *others]


def _preview_due(dossier: Dossier, preview: Preview, policy: Policy, now: datetime) -> Decision:
    """A preview that was put off is shown again; one that nobody answers is shown once more, then expires."""
    if now < _next_showing(preview, policy):
        return Decision(dossier=dossier)
    letter = dossier.letter(preview.mail.letters[0])
    expired = now >= preview.shown_at + timedelta(days=policy.preview_expires_after_days)
    if expired and preview.later_until is None:
        dossier = replace(dossier, previews=tuple(p for p in dossier.previews if p.id != preview.id))
        if letter.state is State.PREVIEWED:
            dossier = letters.moved(dossier, letter.id, State.PLANNED)
        return _told(dossier, letter, policy, now, "expired", preview)
    kept = replace(preview, later_until=None, repeated=True)
    if preview.later_until is not None:
        kept = replace(kept, shown_at=now, repeated=False)
    dossier = replace(dossier, previews=tuple(kept if p.id == preview.id else p for p in dossier.previews))
    return _told(dossier, letter, policy, now, "preview_again", kept)


def _next_showing(preview: Preview, policy: Policy) -> datetime:
    if preview.later_until is not None:
        return preview.later_until
    days = policy.preview_expires_after_days if preview.repeated else policy.preview_repeat_after_days
    return preview.shown_at + timedelta(days=days)


def _told(dossier: Dossier, letter: Letter, policy: Policy, now: datetime, topic: str, preview: Preview) -> Decision:
    more = writing.about_letter(
        dossier, letter, policy, now,
        purpose=preview.mail.purpose.value, mail=writing.shown_mail(preview.mail), because="again",
    )  # fmt: skip
    template = "applicant/preview" if topic == "preview_again" else f"applicant/told_{topic}"
    mail = writing.to_applicant(
        dossier, Purpose.PREVIEW if topic == "preview_again" else Purpose.NOTICE, template,
        key=f"{preview.id}-{'again' if topic == 'preview_again' else topic}", letters=[letter], more=more,
    )  # fmt: skip
    return Decision(dossier=dossier, mails=(mail,), why=(f"{topic} for {preview.mail.to.name}",))


def _decided(dossier: Dossier, mail: Written, letter: Letter, now: datetime, why: str) -> Decision:
    return Decision(dossier=dossier.noting(now, why, letter.id), mails=(mail,), why=(why,))


def _day_of_return(mentor: Mentor, policy: Policy) -> datetime | None:
    if mentor.away_until is None:
        return None
    return datetime.combine(mentor.away_until, time(policy.hours_from), ZoneInfo(_zone(mentor, policy)))


def _zone(mentor: Mentor, policy: Policy) -> str:
    return mentor.time_zone or policy.time_zone


def _day(moment: datetime | None, dossier: Dossier, policy: Policy) -> str:
    zone = dossier.applicant.time_zone or policy.time_zone
    return dates.say(view.local_day(moment, zone)) if moment else ""
