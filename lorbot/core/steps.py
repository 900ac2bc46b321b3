"""The clock of a letter as a table: each step's name, the states it belongs to, when it is due, and what it does."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from lorbot.core import dates, due, letters, redating, view, when_due, writing
from lorbot.core.consequences import DECIDE
from lorbot.core.correspondence import Purpose
from lorbot.core.decision import Decision, Written
from lorbot.core.dossier import Dossier, Letter, State
from lorbot.core.policy import Policy
from lorbot.core.value import Line, value

Does = Callable[[Dossier, Sequence[Letter], Policy, datetime], Decision]
"""What a step does. A mail to a mentor is for all the letters given; the other steps have one."""


@value
class Step:
    """One row of the clock. `group` is what it belongs to; later rows of a group make earlier ones unneeded."""

    name: Line
    group: Line
    states: frozenset[State]
    due: due.Due
    does: Does
    mails_mentor: bool = False


def steps(policy: Policy) -> tuple[Step, ...]:
    """The whole clock, earliest step of each group first."""
    asked, under_way = letters.UNANSWERED, letters.UNDER_WAY
    nudges = range(1, len(policy.nudge_after_days) + 1)
    reminders = sorted(policy.remind_before_days, reverse=True)
    last_call = due.before_deadline(policy.last_call_before_days, rest=due.A_DAY)
    reported, received = frozenset({State.REPORTED}), frozenset({State.RECEIVED, State.ASSIGNED})
    return (
        *(Step(name=f"nudge{number}", group="answer", states=asked, due=due.nudge(number),
               does=_nudge(number), mails_mentor=True) for number in nudges),
        Step(name="choose", group="answer", states=asked, due=due.choice, does=_choose),
        Step(name="held", group="answer", states=frozenset({State.HELD}), due=due.after_own_words, does=_still_held),
        *(Step(name=f"reminder{days}", group="deadline", states=under_way, due=due.reminder(days),
               does=_remind, mails_mentor=True) for days in reminders),
        Step(name="last call", group="deadline", states=under_way, due=last_call, does=_last_call),
        Step(name="overdue", group="deadline", states=asked | under_way, due=due.deadline, does=_overdue),
        Step(name="check portal", group="reported", states=reported, due=due.after_report, does=_check_portal),
        Step(name="thanks", group="thanks", states=received, due=due.after_receipt, does=_thank, mails_mentor=True),
    )  # fmt: skip


def coming(dossier: Dossier, letter: Letter, policy: Policy) -> tuple[tuple[datetime, Step], ...]:
    """The steps of a letter that are still to be taken, each with its moment, in the order of the table."""
    open_steps = (s for s in steps(policy) if letter.state in s.states and s.name not in letter.done)
    return tuple((at, s) for s in open_steps if (at := s.due(dossier, letter, policy)) is not None)


def last_due(dossier: Dossier, letter: Letter, policy: Policy, now: datetime) -> Step | None:
    """The step to take now: of several that are overdue only the last."""
    return next((s for at, s in reversed(coming(dossier, letter, policy)) if at <= now), None)


def taken(dossier: Dossier, letter: Letter, policy: Policy, now: datetime) -> Dossier:
    """The dossier with every step of this letter that is due marked as taken."""
    return letters.stepped(dossier, letter.id, *(s.name for at, s in coming(dossier, letter, policy) if at <= now))


# -- what they do --------------------------------------------------------------------------------------------------


def _nudge(number: int) -> Does:
    def does(dossier: Dossier, about: Sequence[Letter], policy: Policy, now: datetime) -> Decision:
        last = number == len(policy.nudge_after_days)
        mail = writing.to_mentor(
            dossier, Purpose.NUDGE, about, policy=policy, now=now, step=f"nudge{number}", more={"last": last}
        )
        return _decided(dossier, mail, about, now, "no answer yet; a gentle note")

    return does


def _choose(dossier: Dossier, about: Sequence[Letter], policy: Policy, now: datetime) -> Decision:
    dossier = letters.moved(dossier, about[0].id, State.SILENT, reason="no answer", waiting=True)
    letter = dossier.letter(about[0].id)
    zone = dossier.applicant.time_zone or policy.time_zone
    asked_on = dates.say(view.local_day(letter.asked_at, zone)) if letter.asked_at else ""
    choices = ("backup", "talk", "wait 10 days", "close")
    mail = writing.question(
        dossier, "silent", letter, choices, policy=policy, now=now, key=f"{letter.id}-silent",
        more={"asked_on": asked_on},
    )  # fmt: skip
    return _decided(dossier, mail, about, now, "no answer; the applicant chooses")


def _still_held(dossier: Dossier, about: Sequence[Letter], policy: Policy, now: datetime) -> Decision:
    """Nothing came after the applicant's own words: the applicant decides, with the same words as before."""
    dossier = letters.moved(dossier, about[0].id, State.HELD, waiting=True)
    letter = dossier.letter(about[0].id)
    graceful = writing.to_mentor(dossier, Purpose.GRACEFUL, [letter], policy=policy, now=now)
    heard = [c.telling for c in dossier.contacts if c.telling and letter.id in c.letters]
    mail = writing.question(
        dossier, "held", letter, DECIDE, policy=policy, now=now, key=f"{letter.id}-held", prepared=graceful,
        more={"quote": heard[-1] if heard else ""},
    )  # fmt: skip
    return _decided(dossier, mail, about, now, "nothing came after the applicant's own words; the applicant decides")


def _remind(dossier: Dossier, about: Sequence[Letter], policy: Policy, now: datetime) -> Decision:
    days = view.days_left(dossier, dossier.application(about[0].application), policy, now)
    mail = writing.to_mentor(dossier, Purpose.REMINDER, about, policy=policy, now=now, step=f"reminder{days}")
    return _decided(dossier, mail, about, now, "the deadline is near; a reminder")


def _last_call(dossier: Dossier, about: Sequence[Letter], policy: Policy, now: datetime) -> Decision:
    mail = writing.to_mentor(dossier, Purpose.LAST_CALL, about, policy=policy, now=now)
    shown = writing.previewed(dossier, mail, about, policy=policy, now=now, because="deadline")
    return _decided(dossier, shown, about, now, "the deadline is very near; a last note waits for the applicant's word")


def _overdue(dossier: Dossier, about: Sequence[Letter], policy: Policy, now: datetime) -> Decision:
    letter = about[0]
    dossier = letters.drop_queued(dossier, [letter.id], letters.COUNTS_AS_UNANSWERED)
    previews = tuple(
        p for p in dossier.previews if letter.id not in p.mail.letters or p.mail.purpose is not Purpose.LAST_CALL
    )
    missed = when_due.missed(dossier, letter, policy, now)
    dossier = redating.missed(replace(dossier, previews=previews), letter, policy, now)
    choices = ("received", "wait 3 days", "backup", "write:")
    mail = writing.question(
        dossier, "overdue", dossier.letter(letter.id), choices, policy=policy, now=now, key=f"{letter.id}-overdue",
        more={"missed": missed},
    )  # fmt: skip
    return _decided(dossier, mail, about, now, "the deadline has passed; only the applicant is told")


def _check_portal(dossier: Dossier, about: Sequence[Letter], policy: Policy, now: datetime) -> Decision:
    letter = about[0]
    mail = writing.question(
        dossier, "check_portal", letter, ("received", "not yet"), policy=policy, now=now,
        key=f"{letter.id}-check-portal",
    )  # fmt: skip
    return _decided(dossier, mail, about, now, "reported but not confirmed; the applicant is asked to look")


def _thank(dossier: Dossier, about: Sequence[Letter], policy: Policy, now: datetime) -> Decision:
    mail = writing.to_mentor(dossier, Purpose.THANKS, about, policy=policy, now=now)
    return _decided(dossier, mail, about, now, "the letter is in; a thank-you")


def _decided(dossier: Dossier, mail: Written, about: Sequence[Letter], now: datetime, why: str) -> Decision:
    for letter in about:
        dossier = dossier.noting(now, why, letter.id)
    return Decision(dossier=dossier, mails=(mail,), why=(why,))
