"""The season as a file for the applicant's calendar, and what is remembered of it."""

from dataclasses import replace
from datetime import datetime

from lorbot.core import ics, names, revisions
from lorbot.core.agenda import agenda
from lorbot.core.decision import Decision, Draft
from lorbot.core.dossier import Dossier
from lorbot.core.ics import CalendarFile
from lorbot.core.policy import Policy

NAME = "lorbot-calendar.ics"


def calendar_file(dossier: Dossier, policy: Policy, now: datetime) -> tuple[Dossier, CalendarFile | None]:
    """The season as it is now, and the dossier that knows what was given out; no file where there is no date yet.

    Save the dossier with the file: from it the next one learns what has changed.
    """
    shown, published = revisions.revised(dossier.id, dossier.published, agenda(dossier, policy, now), now)
    if not shown:
        return dossier, None
    content = ics.ics(shown, f"Letters for {names.given_name(dossier.applicant.name)}", now)
    return replace(dossier, published=published), CalendarFile(name=NAME, content=content)


def enclosing(decision: Decision, file: CalendarFile | None) -> Decision:
    """The decision with the file in its last mail, and kept."""
    if file is None:
        return decision
    *others, mail = decision.mails
    assert isinstance(mail, Draft)
    mail = replace(mail, enclosures=(*mail.enclosures, file.enclosure))
    return replace(decision, mails=(*others, mail), files=decision.files | {file.sha256: file.content})
