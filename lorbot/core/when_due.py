"""Deadlines and ask windows as a template sees them: plain values, "" and [] for what is not known."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from lorbot.core import dated, dates, deadlines
from lorbot.core.application import Application
from lorbot.core.dated import Dated
from lorbot.core.deadlines import Due, Window
from lorbot.core.dossier import Dossier, Letter
from lorbot.core.policy import Policy

View = dict[str, Any]


def seen(dossier: Dossier, application: Application, policy: Policy, now: datetime) -> View:
    """The true deadline of the letters and whose it is, the later ones, those of other things, and the preferred date.

    A preferred date is there only while it says something: once it is past, or after the true one, it is left out.
    """
    due = deadlines.due_of(dossier, application, policy, now=now)
    later = [d for d in deadlines.dues(dossier, application, policy) if due and d.at > due.at]
    preferred = application.preferred
    return {
        "deadline": dates.say_moment(due.at, due.zone) if due else "",
        "deadline_day": dates.say(due.day) if due else "",
        "deadline_of": list(due.programmes) if due else [],
        "deadline_passed": bool(due and due.at <= now),
        "days_left": deadlines.days_left(due, now) if due else 0,
        "later_deadlines": [_in_words(d) for d in later],
        "other_deadlines": [_other(d, application, policy) for d in dated.given(dossier, application) if not d.counts],
        "preferred": dates.say(preferred) if preferred and _still_holds(preferred, due, policy, now) else "",
    }


def seen_there(dossier: Dossier, letter: Letter, policy: Policy, now: datetime) -> View:
    """The deadline by the mentor's own clock, "" where that is the deadline's or not known; a day alone names its zone
    where it is not the mentor's.
    """
    zone = dossier.mentor(letter.mentor).time_zone
    due = deadlines.due_of(dossier, dossier.application(letter.application), policy, now=now)
    if due is None or not zone or _offset(due, zone) == _offset(due, due.zone):
        return {"deadline_there": ""}
    return {
        "deadline_there": dates.say_moment(due.at, zone),
        "deadline_day": f"{dates.say(due.day)} ({dates.zone_name(due.zone)})",
    }


def missed(dossier: Dossier, letter: Letter, policy: Policy, now: datetime) -> list[View]:
    """The deadlines that were missed and that the applicant has not been told of, and whose they are."""
    first = deadlines.due_of_letter(dossier, letter, policy)
    found = deadlines.dues(dossier, dossier.application(letter.application), policy)
    return [_in_words(d) for d in found if first and first.at <= d.at <= now]


def of_window(window: Window | None, now: datetime) -> View:
    """When to ask, in words, and how much time is left for the letter; "" where nobody knows."""
    if window is None:
        return {"from": "", "to": "", "when": "", "left": ""}
    return {
        "from": dates.say(window.begins),
        "to": dates.say(window.ends),
        "when": window.when.value,
        "left": in_weeks(deadlines.days_left(window.due, now)) if window.due.at > now else "",
    }


def in_weeks(days: int) -> str:
    """A time in words: whole weeks, or days where there are less than two weeks: "8 weeks", "1 day"."""
    if days < 1:
        return "less than a day"
    count, unit = (days // 7, "week") if days >= 14 else (days, "day")
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _in_words(due: Due) -> View:
    return {"deadline": dates.say_moment(due.at, due.zone), "of": list(due.programmes)}


def _offset(due: Due, zone: str) -> object:
    return due.at.astimezone(ZoneInfo(zone)).utcoffset()


def _other(given: Dated, application: Application, policy: Policy) -> View:
    zone = given.zone or application.time_zone or policy.time_zone
    return {
        "deadline": dates.say_moment(given.at, zone),
        "of": given.programme,
        "rule": given.rule.value,
        "by_then": dated.SAYING[given.rule],
    }


def _still_holds(preferred: date, due: Due | None, policy: Policy, now: datetime) -> bool:
    today = dates.local_day(now, due.zone if due else policy.time_zone)
    return today <= preferred and (due is None or preferred <= due.day)
