"""`forget me`, `forget NAME`: asks once more, saying exactly what will be gone; then it is erased.

The core says what is to be forgotten and marks it as confirmed; `lorbot.eraser` finishes it, also after a crash.
"""

import re
from dataclasses import replace
from datetime import datetime

from lorbot.core import forgetting, letters, season, view, writing
from lorbot.core.commands import people
from lorbot.core.commands.base import Command, Form, Request, mistaken, reply
from lorbot.core.correspondence import Progress, Purpose
from lorbot.core.courtesy import bluntly, content, plain
from lorbot.core.decision import Decision, Draft
from lorbot.core.dossier import Dossier, Mentor
from lorbot.core.erasure import GOOD_FOR, Erasure
from lorbot.core.events import ApplicantWrote
from lorbot.core.policy import Policy

_ME = re.compile(r"^(?:about )?(?:me|myself|everything|everything about me|all|all of it|my data|all my data)$")
_YES = re.compile(r"^(?:yes )?(?:i want you to )?forget\b(?P<rest>.*)$")
_NO = {"no", "n", "nope", "don't", "not", "keep", "cancel", "nothing", "stop"}
_NO_REST = {"do", "forget", "erase", "it", "me", "everything", "all", "leave", "as", "is", "that", "now"}
_REST = {"me", "it", "him", "her", "them", "everything", "all", "about", "now", "dr", "prof", "professor"}


def handle(request: Request, dossier: Dossier) -> Decision:
    """Ask whether it is meant; nothing is erased yet."""
    if _ME.match(plain(request.argument)):
        return _asking(request, dossier, "", "asked whether everything is to be forgotten")
    found = people.meant(dossier, request.argument)
    problems = list(found.problems)
    if not request.argument:
        problems = [
            "it is not said whom; write: forget and a mentor's name, or, for everything I know about you: forget me"
        ]
    elif found.application:
        problems.append("I can forget a mentor, with all letters, but not one application alone")
    elif len(found.mentors) > 1:
        problems.append("please one at a time: each is asked about in a mail of its own")
    if problems:
        return mistaken(dossier, request, COMMAND, problems)
    mentor = found.mentors[0]
    return _asking(request, dossier, mentor.id, f"asked whether {mentor.name} is to be forgotten")


def answered(dossier: Dossier, event: ApplicantWrote, erasure: Erasure, policy: Policy, now: datetime) -> Decision:
    """What follows when the applicant answers the question. Only "yes, forget" erases."""
    request = Request(command="forget", argument="", form=Form(), event=event, policy=policy, now=now)
    mentor = _mentor(dossier, erasure)
    if not erasure.waits_at(now) or (erasure.mentor and mentor is None):
        return _left_alone(dossier, request, erasure, "late")
    said = bluntly(" ".join(content(event.words, view.sender(dossier.applicant))))
    if _is_no(said):
        dossier = replace(dossier, erasures=tuple(e for e in dossier.erasures if e.id != erasure.id))
        return _left_alone(dossier, request, erasure, "no")
    if not _is_yes(said, mentor):
        return _left_alone(dossier, request, erasure, "unclear")
    return _confirmed(dossier, request, erasure, mentor)


def _asking(request: Request, dossier: Dossier, mentor_id: str, why: str) -> Decision:
    """The question takes the place of an earlier one about the same."""
    asked = writing.to_applicant(
        dossier, Purpose.REPLY, "applicant/forget",
        key=f"f-{writing.key_of(request.incoming)}", answering=request.incoming,
        more=_answer_context(request) | what_goes(dossier, mentor_id),
    )  # fmt: skip
    others = tuple(e for e in dossier.erasures if e.mentor != mentor_id and e.waits_at(request.now))
    erasure = Erasure(id=asked.key, mentor=mentor_id, asked_at=request.now)
    dossier = replace(dossier, erasures=(*others, erasure)).noting(request.now, why)
    return Decision(dossier=dossier, mails=(asked,), why=(why,))


def _confirmed(dossier: Dossier, request: Request, erasure: Erasure, mentor: Mentor | None) -> Decision:
    """From now on nothing more goes out about it; the erasing itself comes next."""
    last = replace(_last(dossier, request, mentor), key=writing.fresh_key(dossier, f"{erasure.id}-done"))
    quiet = dossier.letters_of(mentor.id) if mentor else dossier.letters
    dossier = letters.quiet(dossier, [x.id for x in quiet])
    done = replace(erasure, confirmed_at=request.now, last=last.key)
    dossier = replace(dossier, erasures=tuple(done if e.id == erasure.id else e for e in dossier.erasures))
    why = f"{'a mentor' if mentor else 'everything'} is forgotten, as the applicant wished"
    return Decision(dossier=dossier.noting(request.now, why), mails=(last,), why=(why,))


def _last(dossier: Dossier, request: Request, mentor: Mentor | None) -> Draft:
    return reply(
        dossier, request, "forgotten",
        mentor=view.of_mentor(mentor) if mentor else None,
        never=[m.name for m in dossier.mentors if m.never and (mentor is None or m.id == mentor.id)],
        still_named=list(forgetting.still_named(dossier, mentor.id)) if mentor else [],
    )  # fmt: skip


def _left_alone(dossier: Dossier, request: Request, erasure: Erasure, why: str) -> Decision:
    """Nothing was erased, and why not; while the question waits, an answer to this mail answers it too."""
    mentor = _mentor(dossier, erasure)
    told = reply(
        dossier, request, "not_forgotten", because=why, mentor=view.of_mentor(mentor) if mentor else None,
    )  # fmt: skip
    if why == "unclear":
        told = replace(told, key=writing.fresh_key(dossier, f"{erasure.id}-again"))
    return Decision(dossier=dossier, mails=(told,), why=(f"nothing was forgotten ({why})",))


def question(dossier: Dossier, key: str) -> Erasure | None:
    """The question that the mail of this key asks, first or again, and that is not answered yet."""
    waiting = (e for e in dossier.erasures if e.confirmed_at is None)
    return next((e for e in waiting if key == e.id or key.startswith(f"{e.id}-again")), None)


def what_goes(dossier: Dossier, mentor_id: str) -> dict[str, object]:
    """What will be erased, for a template: plain values."""
    mentor = dossier.mentor(mentor_id) if mentor_id else None
    mine = dossier.letters_of(mentor_id) if mentor else dossier.letters
    about = {x.id for x in mine}
    waiting = [m for m in dossier.mails if m.progress is Progress.QUEUED and m.purpose not in letters.TO_APPLICANT]
    return {
        "mentor": view.of_mentor(mentor) if mentor else None,
        "letters": [
            {"mentor": dossier.mentor(x.mentor).name, "application": dossier.application(x.application).name,
             "saying": season.SAYING[x.state]}
            for x in mine
        ],
        "under_way": [
            dossier.mentor(x.mentor).name for x in mine if x.state in letters.UNDER_WAY | letters.UNANSWERED
        ],
        "mentors": [m.name for m in dossier.mentors],
        "applications": [a.name for a in dossier.applications],
        "materials": [f"{m.name}, version {m.version}" for m in dossier.materials],
        "mails": sum(1 for m in dossier.mails if not mentor or m.mentor == mentor_id or about & set(m.letters)),
        "contacts": sum(1 for c in dossier.contacts if not mentor or c.mentor == mentor_id),
        "waiting": [{"what": m.purpose.value, "to": m.to.name or m.to.email} for m in waiting
                    if not mentor or m.mentor == mentor_id],
        "still_named": list(forgetting.still_named(dossier, mentor_id)) if mentor else [],
        "never": [m.name for m in dossier.mentors if m.never and (not mentor or m.id == mentor_id)],
        "days": GOOD_FOR.days,
    }  # fmt: skip


def _answer_context(request: Request) -> dict[str, object]:
    return {"command": request.command, "unknown": [], "too_large": [], "limit_mb": request.event.limit_mb}


def _mentor(dossier: Dossier, erasure: Erasure) -> Mentor | None:
    return next((m for m in dossier.mentors if m.id == erasure.mentor), None)


def _is_no(said: str) -> bool:
    words = set(said.split())
    return bool(words & _NO) and words <= _NO | _NO_REST


def _is_yes(said: str, mentor: Mentor | None) -> bool:
    found = _YES.match(said)
    known = _REST | set(plain(mentor.name).split()) if mentor else _REST
    return found is not None and set(found["rest"].split()) <= known


COMMAND = Command(
    name="forget",
    words=("forget", "erase"),
    does="erases a mentor, or with “forget me” everything I know; I ask once more before I do it",
    example="Subject: forget Dr. Lopez",
    handle=handle,
    argument="me or NAME",
)
