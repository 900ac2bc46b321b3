"""The season of a dossier as dated entries: what a calendar is made of, and the list of what comes next.

Only what is still ahead and still to be done is here: what is over drops out, and what was published of it stays in
the applicant's calendar as history. A preferred date is never called a deadline, and nothing is dated by a guess.
"""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from textwrap import shorten

from lorbot.core import dates, deadlines, letters, steps, view
from lorbot.core.application import Application, Programme
from lorbot.core.deadlines import Due, Window
from lorbot.core.dossier import Dossier, Letter
from lorbot.core.occasion import Occasion, is_ahead
from lorbot.core.policy import Policy

MOST_NAME = 34  # characters of a name inside a title; a phone shows about 30 of a title in a list
MOST_LISTED = 12  # names of programmes in one entry

BEFORE_A_DEADLINE = (7, 1)  # days; the first alone is kept by calendars that know one alarm
BEFORE_A_WINDOW_ENDS = (3,)


def agenda(dossier: Dossier, policy: Policy, now: datetime) -> tuple[Occasion, ...]:
    """All that is ahead, earliest first; on one day what has no hour comes first."""
    found = [o for a in dossier.applications for o in _of_application(dossier, a, policy, now)]
    found += _expected_mails(dossier, policy)
    ahead = (o for o in found if is_ahead(o, now))
    return tuple(sorted(ahead, key=lambda o: (o.day, o.at is not None, o.at or now, o.what)))


def _of_application(dossier: Dossier, application: Application, policy: Policy, now: datetime) -> Iterator[Occasion]:
    """The dates of one application, as long as a letter is still missing for it."""
    if application.outcome or _is_complete(dossier, application):
        return
    due = deadlines.due_of(dossier, application, policy, now=now)
    zone = due.zone if due else application.time_zone or policy.time_zone
    if application.opens:
        yield _opening(application, zone)
    window = deadlines.ask_window(dossier, application, policy, now)
    if window and _is_to_be_asked(dossier, application):
        yield from _window(application, window, zone)
    if application.preferred:
        yield _preferred(application, due, zone)
    if due:
        yield _due(application, due)
    yield from _programmes(dossier, application, due, policy)


def _is_complete(dossier: Dossier, application: Application) -> bool:
    """Whether every letter that is not closed is in; without any letter nothing is."""
    wanted = [x for x in dossier.letters if x.application == application.id and x.state not in letters.CLOSED]
    return bool(wanted) and all(x.state in letters.IN for x in wanted)


def _is_to_be_asked(dossier: Dossier, application: Application) -> bool:
    """Whether somebody is still to be asked: a letter is only planned, or nobody has it in hand."""
    wanted = [x for x in dossier.letters if x.application == application.id and x.state not in letters.CLOSED]
    return not wanted or any(x.state in letters.ASKABLE for x in wanted)


# -- dates of an application ---------------------------------------------------------------------------------------

_STATUS = "To see where each letter stands, write to lorbot with the subject “status”."
_ASK = "Write to lorbot with the subject “ask” and the mentor's name."


def _opening(application: Application, zone: str) -> Occasion:
    assert application.opens is not None
    return Occasion(
        what=f"opens {application.id}", day=application.opens, zone=zone,
        title=_title("Opens: {}", application.name),
        text=f"{application.name} opens on this day, as you told lorbot. {_STATUS}",
    )  # fmt: skip


def _window(application: Application, window: Window, zone: str) -> Iterator[Occasion]:
    name = application.name
    yield Occasion(
        what=f"window opens {application.id}", day=window.begins, zone=zone,
        title=_title("Time to ask: {}", name),
        text=f"From today until {dates.say(window.ends)} is the time to ask your mentors for {name}. {_ASK}",
    )  # fmt: skip
    yield Occasion(
        what=f"window ends {application.id}", day=window.ends, zone=zone, alarms=BEFORE_A_WINDOW_ENDS,
        title=_title("Last good day to ask: {}", name),
        text=f"Whoever is to write for {name} should be asked by today, to have enough time. {_ASK}",
    )  # fmt: skip


def _preferred(application: Application, due: Due | None, zone: str) -> Occasion:
    assert application.preferred is not None
    true = f" It is not the deadline: that is {dates.say_moment(due.at, due.zone)}." if due else ""
    return Occasion(
        what=f"preferred {application.id}", day=application.preferred, zone=zone,
        title=_title("Preferred date: {}", application.name),
        text=f"The day by which you would like to have the letters for {application.name}.{true} {_STATUS}",
    )  # fmt: skip


def _due(application: Application, due: Due) -> Occasion:
    whose = f" That is the deadline of {due.programme}, the earliest of your programs." if due.programme else ""
    return Occasion(
        what=f"deadline {application.id}", day=due.day, at=due.at, zone=due.zone, alarms=BEFORE_A_DEADLINE,
        title=_title("Letters due: {}", application.name),
        text=f"The letters for {application.name} must be there by {dates.say_moment(due.at, due.zone)}.{whose} "
        f"{_STATUS}",
    )  # fmt: skip


def _programmes(dossier: Dossier, application: Application, due: Due | None, policy: Policy) -> Iterator[Occasion]:
    """One entry for all the programmes of one moment; those of the earliest are in the entry of the application."""
    zone = application.time_zone or policy.time_zone
    dated = [(p.deadline, p.time_zone or zone, p) for p in dossier.programmes_of(application.id) if p.deadline]
    dated = [x for x in dated if due is None or x[0] != due.at]
    for at, group in groupby(sorted(dated, key=lambda x: x[0]), key=lambda x: x[0]):
        same = list(group)
        yield _programme(application, at, same[0][1], [p for _, _, p in same])


def _programme(application: Application, at: datetime, zone: str, programmes: list[Programme]) -> Occasion:
    names = [p.name for p in programmes]
    whose = names[0] if len(names) == 1 else f"{len(names)} programs"
    rules = list(dict.fromkeys(p.rule for p in programmes if p.rule))
    rule = f" What must have happened by then: {'; '.join(rules)}." if rules else ""
    return Occasion(
        what=f"programs {application.id} {at:%Y%m%dT%H%MZ}", day=view.local_day(at, zone), at=at, zone=zone,
        alarms=BEFORE_A_DEADLINE, title=_title("Deadline: {}", f"{whose}, {application.name}", 46),
        text=f"The deadline of {_listed(names)} in {application.name} is {dates.say_moment(at, zone)}.{rule} {_STATUS}",
    )  # fmt: skip


# -- mails of lorbot's own -----------------------------------------------------------------------------------------

_MAILS: dict[str, tuple[str, str]] = {
    "nudge": ("lorbot: gentle note to {}", "A gentle note to {} goes by itself, unless the answer is there."),
    "reminder": ("lorbot: reminder to {}", "A reminder to {} goes by itself, unless the letter is in."),
    "last call": ("lorbot: last note to {}?", "A last note to {} is shown to you, unless the letter is in."),
    "thanks": ("lorbot: thank-you to {}", "A thank-you to {} goes by itself."),
}
"""Expected mails by the beginning of their step's name: the title, and what happens."""


def _expected_mails(dossier: Dossier, policy: Policy) -> list[Occasion]:
    """What goes to mentors by the clock, if nothing changes: one entry where one mail is for several letters."""
    if dossier.paused:
        return []
    found: dict[tuple[str, str, date], Occasion] = {}
    known = {m.id for m in dossier.mentors} | {a.id for a in dossier.applications}
    for letter in (x for x in dossier.letters if {x.mentor, x.application} <= known):  # an export never fails on one
        for at, step in steps.coming(dossier, letter, policy):
            kind = next((kind for kind in _MAILS if step.name.startswith(kind)), "")
            zone = view.zone_of(dossier.applicant, policy)
            if kind:
                day = view.local_day(at, zone)
                found.setdefault((letter.mentor, kind, day), _mail(dossier, letter, step.name, day, zone))
    return list(found.values())


def _mail(dossier: Dossier, letter: Letter, step: str, day: date, zone: str) -> Occasion:
    title, happens = next(words for kind, words in _MAILS.items() if step.startswith(kind))
    name = dossier.mentor(letter.mentor).name
    return Occasion(
        what=f"{step} {letter.id}", day=day, zone=zone, quiet=True,
        title=_title(title, name),
        text=f"{happens.format(name)} This is the day expected for it. To hold back all mail to your mentors, write to "
        "lorbot with the subject “pause”.",
    )  # fmt: skip


def _title(words: str, name: str, most: int = MOST_NAME) -> str:
    short = shorten(name, most, placeholder="…")
    return words.format(short if short != "…" else f"{name[: most - 1]}…")


def _listed(names: list[str]) -> str:
    shown = names if len(names) <= MOST_LISTED else [*names[:MOST_LISTED], f"{len(names) - MOST_LISTED} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
