"""The one decision function: a dossier and an event in, the new dossier and its mails out. Pure.

It never raises on odd mail: what is not understood is held for the applicant. Every decision says why.
"""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from lorbot.core import answers, clock, desk, elsewhere, noticed, outgoing
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier
from lorbot.core.events import (
    Accepted,
    ApplicantWrote,
    Event,
    Failed,
    Lost,
    MailBounced,
    MentorWrote,
    PortalWrote,
    SomebodyElseWrote,
    Ticked,
)
from lorbot.core.policy import Policy


def decide(dossier: Dossier, event: Event, now: datetime, policy: Policy) -> Decision:
    """What follows from `event`. A mail that was handled before changes nothing; nor does anything but the fate of the
    last mail, once the applicant wants everything forgotten.
    """
    if dossier.is_leaving and not isinstance(event, Accepted | Failed | Lost):
        return Decision(dossier=dossier, why=() if isinstance(event, Ticked) else ("everything is being forgotten",))
    if isinstance(event, ApplicantWrote | MentorWrote | SomebodyElseWrote | PortalWrote | MailBounced):
        key = event.incoming.key
        if key in dossier.handled:
            return Decision(dossier=dossier, why=("handled before",))
        dossier = replace(dossier, handled=(*dossier.handled, key))
    return _follow(dossier, event, now, policy)


def _follow(dossier: Dossier, event: Event, now: datetime, policy: Policy) -> Decision:  # noqa: PLR0911 - one a kind
    match event:
        case ApplicantWrote():
            return desk.applicant_wrote(dossier, event, policy, now)
        case MentorWrote():
            return answers.mentor_wrote(dossier, event, policy, now)
        case SomebodyElseWrote():
            return elsewhere.somebody_else_wrote(dossier, event, policy, now)
        case PortalWrote():
            return noticed.portal_wrote(dossier, event, policy, now)
        case MailBounced():
            return outgoing.bounced(dossier, event, policy, now)
        case Ticked():
            return clock.ticked(dossier, policy, now)
        case Accepted():
            return outgoing.accepted(dossier, event, policy, now)
        case Failed():
            return outgoing.failed(dossier, event, policy, now)
        case Lost():
            return outgoing.lost(dossier, event, policy, now)
        case _:
            assert_never(event)
