"""Portals' notices in the mailbox: whose dossier one is for, and the event it is.

Invariant: such a mail is opened only where its sender's domain belongs to a portal that one of the applicant's own
applications goes through, and its subject says that it may be a notice. All other mail of the portal stays unopened.
"""

from lorbot.core.dossier import Dossier
from lorbot.core.events import PortalWrote
from lorbot.core.message import Incoming
from lorbot.core.notice import serves
from lorbot.intake import Trust
from lorbot.mail.authentic import verdict
from lorbot.mail.message import Parsed
from lorbot.parts import Parts
from lorbot.reading.notices import notice
from lorbot.reading.portals import may_tell
from lorbot.shell.index import Index


def dossier_told(header: Incoming, parts: Parts, index: Index) -> Dossier | None:
    """The dossier of the applicant whom a mail may tell about a letter, by its header alone; None for other mail.

    Raises DossierUnreadableError where that dossier cannot be read.
    """
    portal = may_tell(header)
    if portal is None:
        return None
    addresses = _recipients(header, parts.trust)
    found = {r.dossier for a in addresses for r in index.by_address(a) if r.role == "applicant"}
    if len(found) != 1:
        return None
    dossier = parts.store.load(found.pop())
    expected = any(serves(portal.services, portal.domains, a) for a in dossier.applications)
    return dossier if expected else None


def told(parsed: Parsed, trust: Trust) -> PortalWrote | None:
    """The event that a portal's mail is; None where it tells nothing of a letter.

    From is only believed where our own server vouches for it: to trust From is a word for the applicant's own mail.
    """
    incoming = parsed.incoming
    found = notice(incoming)
    if found is None:
        return None
    sure = verdict(parsed.authentication, incoming.sender, senders=incoming.senders, authserv_id=trust.authserv_id)
    return PortalWrote(incoming=incoming, notice=found, genuine=sure.genuine, doubt="" if sure.genuine else sure.why)


def _recipients(header: Incoming, trust: Trust) -> tuple[str, ...]:
    """In a mailbox of one's own its owner, to whichever of the owner's addresses it went; else whom it was sent to:
    an office gets such mail where an applicant's mail program passes it on by itself.
    """
    if trust.personal_address:
        return (trust.personal_address,)
    return (*(a.email for a in (*header.to, *header.cc)), *header.delivered_to)
