"""Who has a dossier: the applicants of the configuration, but not those who were forgotten, until they come back.

Invariant: what comes after a forgetting has another id than what was before it: an answer to mail of then is no answer
to mail of now.
"""

from datetime import datetime

from lorbot.core import commands
from lorbot.core.dossier import Applicant, Dossier
from lorbot.core.message import Incoming, Origin
from lorbot.core.threads import bare_subject
from lorbot.mail import thread
from lorbot.parts import Parts
from lorbot.shell.state import StateFolder


def dossier_id(state: StateFolder, email: str) -> str:
    """The id of the dossier that this applicant has, or would get now."""
    return ids_of(state, email)[-1]


def ids_of(state: StateFolder, email: str) -> tuple[str, ...]:
    """Every id that this applicant's dossier has had here, the newest last."""
    times = range(state.forgotten.times_left(email) + 1)
    return tuple(thread.dossier_id(state.key(), f"{email} {n}" if n else email) for n in times)


def missing(parts: Parts, now: datetime) -> tuple[Dossier, ...]:
    """New dossiers for the applicants who have none and were not forgotten."""
    parts.state.forgotten.keep_out_only(a.email for a in parts.applicants)
    there = parts.store.ids()
    found = []
    for applicant in parts.applicants:
        if parts.state.forgotten.left_at(applicant.email) or set(ids_of(parts.state, applicant.email)) & set(there):
            continue
        found.append(enrolled(parts, applicant, now))
    return tuple(found)


def returning(parts: Parts, incoming: Incoming, first_line: str = "") -> Applicant | None:
    """The applicant who was forgotten and gives a command again; else None. Without a subject it is in the first line.

    An answer to old mail is no command, nor is a mail from before the forgetting that is fetched once more.
    """
    applicant = next((a for a in parts.applicants if a.email.lower() == incoming.sender.email), None)
    left_at = parts.state.forgotten.left_at(applicant.email) if applicant else None
    if left_at is None or incoming.origin is not Origin.PERSON or incoming.in_reply_to:
        return None
    if incoming.date is None or incoming.date <= left_at:
        return None
    return applicant if commands.find(bare_subject(incoming.subject) or first_line) else None


def enrolled(parts: Parts, applicant: Applicant, now: datetime) -> Dossier:
    """A new dossier for this applicant; nothing is saved."""
    dossier = Dossier(id=dossier_id(parts.state, applicant.email), applicant=applicant, created_at=now)
    return dossier.noting(now, f"{applicant.name} was enrolled")
