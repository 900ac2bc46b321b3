"""Which dossier a mail belongs to, and who in it wrote: by signed ids first, then by a registered address.

Nothing forged matches: an id that is not signed with this installation's key is as good as none, and an address
that is registered in several dossiers decides nothing.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Literal

from lorbot.core.message import Incoming, Origin
from lorbot.core.value import Line, value
from lorbot.mail import thread


class Party(StrEnum):
    """Who wrote, by the addresses registered in the dossier. From is a claim; whether it is genuine comes later."""

    APPLICANT = "applicant"
    MENTOR = "mentor"
    SOMEBODY_ELSE = "somebody else"  # in a thread of ours, from an address nobody registered
    MAIL_SYSTEM = "mail system"  # a bounce of our mail
    OURSELVES = "ourselves"
    STRANGER = "stranger"


@value
class Registered:
    """Whom an address belongs to in one dossier. `mentor` is the mentor's id, "" for the applicant."""

    dossier: Line
    role: Literal["applicant", "mentor"]
    mentor: Line = ""


@value
class Match:
    party: Party
    dossier: Line = ""  # "" where the mail is none of lorbot's business
    mentor: Line = ""
    key: Line = ""  # the mail of lorbot's own that is answered or returned, signed; "" where there is none


Register = Callable[[str], Sequence[Registered]]
"""Everyone an address is registered for."""


def match(incoming: Incoming, secret: bytes, registered: Register) -> Match:
    """Where `incoming` belongs."""
    if thread.is_own(secret, incoming) or incoming.origin is Origin.SELF:
        return Match(party=Party.OURSELVES)
    answered = thread.answered_by(secret, incoming)
    if incoming.origin is Origin.BOUNCE:
        return _returned(incoming, secret, answered)
    if answered is None:
        return _by_sender(registered(incoming.sender.email))
    known = [r for r in registered(incoming.sender.email) if r.dossier == answered.dossier]
    party = Party(known[0].role) if known else Party.SOMEBODY_ELSE
    return Match(party=party, dossier=answered.dossier, mentor=known[0].mentor if known else "", key=answered.key)


def may_concern(incoming: Incoming, found: Match) -> bool:
    """Whether a mail known by its header alone has to be read: all others stay unopened. A bounce may be of ours."""
    return bool(found.dossier) or (incoming.origin is Origin.BOUNCE and found.party is not Party.OURSELVES)


def _returned(incoming: Incoming, secret: bytes, answered: thread.Answered | None) -> Match:
    ids = incoming.bounce.original_ids if incoming.bounce else ()
    returned = thread.returned_in(secret, ids) or answered
    if returned is None:
        return Match(party=Party.STRANGER)
    return Match(party=Party.MAIL_SYSTEM, dossier=returned.dossier, key=returned.key)


def _by_sender(known: Sequence[Registered]) -> Match:
    """An applicant is known in one dossier; a mentor of several applicants who starts a new thread is not guessed."""
    applicants = [r for r in known if r.role == "applicant"]
    chosen = applicants or list(known)
    if len(chosen) != 1:
        return Match(party=Party.STRANGER)
    return Match(party=Party(chosen[0].role), dossier=chosen[0].dossier, mentor=chosen[0].mentor)
