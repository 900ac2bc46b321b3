"""Whether every letter reached its proper end, judged by the mails in the mailboxes and nothing else."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from lorbot.core.manners import is_allowed
from lorbot.core.policy import Policy
from lorbot.mail.message import parse
from lorbot.sandbox.people import Delivered
from lorbot.sandbox.story import APPLICANT_EMAIL, LORBOT, Ending


@dataclass(frozen=True, kw_only=True)
class End:
    """How one mentor's correspondence ran. `problem` is empty when it is as it should be."""

    mentor: str
    how: str
    problem: str

    @property
    def ok(self) -> bool:
        return not self.problem


@dataclass(frozen=True, kw_only=True)
class Judgement:
    ends: tuple[End, ...]
    rules: tuple[tuple[str, str], ...]  # what must hold for every mail, and what broke it

    @property
    def ok(self) -> bool:
        return all(end.ok for end in self.ends) and not any(problem for _, problem in self.rules)


def judge(endings: Sequence[Ending], received: Mapping[str, Sequence[Delivered]], letter: bytes) -> Judgement:
    """Compare what arrived with what should have."""
    ends = tuple(
        End(mentor=e.mentor, how=e.how, problem=_problem(e, _from_lorbot(received.get(e.email, ())))) for e in endings
    )
    mentors = [d for e in endings for d in _from_lorbot(received.get(e.email, ()))]
    everything = [d for mails in received.values() for d in mails]
    rules = (
        ("mentors got mail on weekdays between 8 and 18 only, and never on a holiday", _at_odd_hours(mentors)),
        ("the letter that was mailed by mistake went to nobody", _leaked(everything, letter)),
        ("no mail came twice", _doubled(everything)),
        ("every mail to a mentor says that a program sends it", _silent_about_itself(mentors)),
        ("the applicant was told how each letter went", _untold(received.get(APPLICANT_EMAIL, ()), endings)),
    )
    return Judgement(ends=ends, rules=rules)


def _problem(ending: Ending, mails: Sequence[Delivered]) -> str:
    subjects = " | ".join(d.incoming.subject for d in mails)
    if len(mails) != len(ending.mails):
        return f"{len(mails)} mails instead of {len(ending.mails)}: {subjects}"
    for number, (pattern, delivered) in enumerate(zip(ending.mails, mails, strict=True), 1):
        shown = f"{delivered.incoming.subject}\n{delivered.incoming.text}".lower()
        if not re.search(pattern, shown, re.DOTALL):
            return f"mail {number} ({delivered.incoming.subject}) is not the one expected"
    return ""


def _from_lorbot(mails: Sequence[Delivered]) -> list[Delivered]:
    return [d for d in mails if d.incoming.sender.email == LORBOT]


def _at_odd_hours(mails: Sequence[Delivered]) -> str:
    policy = Policy()
    for delivered in mails:
        moment = delivered.incoming.date
        if moment is None or not is_allowed(moment, policy.time_zone, policy):
            local = moment.astimezone(ZoneInfo(policy.time_zone)) if moment else None
            return f"{delivered.incoming.subject} came to {delivered.owner} at {local:%a %d %b %H:%M}"
    return ""


def _leaked(mails: Sequence[Delivered], letter: bytes) -> str:
    digest = hashlib.sha256(letter).hexdigest()
    for delivered in mails:
        if delivered.incoming.sender.email == LORBOT and digest in parse(delivered.raw).files:
            return f"it went to {delivered.owner}"
    return ""


def _doubled(mails: Sequence[Delivered]) -> str:
    seen: set[tuple[str, str]] = set()
    for delivered in mails:
        mark = (delivered.owner, delivered.incoming.message_id)
        if mark in seen:
            return f"{delivered.incoming.subject} came to {delivered.owner} twice"
        seen.add(mark)
    return ""


def _silent_about_itself(mails: Sequence[Delivered]) -> str:
    silent = [d for d in mails if "program" not in d.incoming.text.rsplit("\n\n", 1)[-1].lower()]
    return f"{silent[0].incoming.subject} to {silent[0].owner} does not" if silent else ""


def _untold(mails: Sequence[Delivered], endings: Sequence[Ending]) -> str:
    told = "\n".join(d.incoming.text for d in _from_lorbot(mails))
    missing = [e.mentor for e in endings if e.mentor.rsplit(" ", 1)[-1] not in told]
    return f"nothing about {missing[0]}" if missing else ""
