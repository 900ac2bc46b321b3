"""`send new`: the newest version of a document for mentors who have an older one. Each mail is shown first."""

import re
from dataclasses import replace

from lorbot.core import letters, versions, writing
from lorbot.core.commands import people
from lorbot.core.commands.base import Command, Request, mistaken
from lorbot.core.correspondence import Purpose
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Mentor
from lorbot.core.versions import Behind

_TO = re.compile(r"^(?:(?:my|the|ones?|versions?|documents?|files?|cv|statement)\s+)*(?:(?:to|for)\s+)?", re.IGNORECASE)
_ALL = {"", "everyone", "everybody", "all", "them", "them all", "all of them", "my mentors", "all mentors"}


def handle(request: Request, dossier: Dossier) -> Decision:
    """A preview for each mentor named, or for all who have an older version and have not submitted."""
    behind = {b.mentor.id: b for b in versions.behind(dossier) if b.writing}
    who = _TO.sub("", f"{request.argument} ", count=1).strip()
    problems: list[str] = []
    wanted = list(behind.values())
    if who.lower() not in _ALL:
        found = people.meant(dossier, who)
        problems = [*found.problems, *(_why_not(dossier, m) for m in found.mentors if m.id not in behind)]
        wanted = [behind[m.id] for m in found.mentors if m.id in behind]
    elif not wanted:
        problems = ["nobody who is still writing has an older version of a document; there is nothing to send"]
    decision = Decision(dossier=dossier)
    for each in wanted:
        decision = decision.followed_by(_preview(decision.dossier, each, request))
    if not problems:
        return decision
    return decision.followed_by(mistaken(decision.dossier, request, COMMAND, problems))


def _why_not(dossier: Dossier, mentor: Mentor) -> str:
    if mentor.never:
        return f"{mentor.name} asked to get no more mail"
    got = versions.held(dossier, mentor.id)
    if not got:
        return f"{mentor.name} has no document of yours yet; the packet will hold the newest ones"
    if any(x.state in letters.WROTE for x in dossier.letters_of(mentor.id)):
        return f"{mentor.name} has submitted already, so a new version would come too late for the letter"
    if all(m.sha256 == (newest.sha256 if (newest := dossier.latest(kind)) else "") for kind, m in got.items()):
        return f"{mentor.name} has the newest version already"
    return f"{mentor.name} is not writing a letter at the moment"


def _preview(dossier: Dossier, behind: Behind, request: Request) -> Decision:
    """A new preview takes the place of an older one."""
    mentor, purpose = behind.mentor, Purpose.NEW_VERSION
    waiting = tuple(p for p in dossier.previews if p.mail.mentor == mentor.id and p.mail.purpose is purpose)
    dossier = replace(dossier, previews=tuple(p for p in dossier.previews if p not in waiting))
    dossier = letters.drop_queued(dossier, (x.id for x in behind.writing), {purpose})
    documents = [
        {"name": writing.human_name(old).removeprefix("my "), "changes": versions.changes(dossier, old)}
        for old in behind.older
    ]
    mail = writing.to_mentor(
        dossier, purpose, behind.writing, policy=request.policy, now=request.now, more={"documents": documents}
    )
    mail = replace(mail, enclosures=tuple(versions.enclosure(m) for m in behind.newest))
    shown = writing.previewed(dossier, mail, behind.writing, policy=request.policy, now=request.now)
    why = f"the new version for {mentor.name} was shown; it waits for the applicant's word"
    dossier = dossier.noting(request.now, why, behind.writing[0].id)
    return Decision(dossier=dossier, mails=(shown,), why=(why,))


COMMAND = Command(
    name="send new",
    words=(
        "send new", "send new version", "send new versions", "send the new", "send the new one", "send newest",
        "send the newest", "send the new version", "send new one",
    ),
    does="shows you the mail with the newest version of a document, for mentors who have an older one",
    example="Subject: send new to Dr. Lopez",
    handle=handle,
    argument="[to NAME]",
)  # fmt: skip
