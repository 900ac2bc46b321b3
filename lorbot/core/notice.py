"""What an application portal tells an applicant about a letter, as it was read from its mail."""

from enum import StrEnum
from fnmatch import fnmatchcase

from lorbot.core.application import Application
from lorbot.core.value import Line, value


class Told(StrEnum):
    """What a portal says became of a letter, or of the request for one."""

    RECEIVED = "received"
    UNMATCHED = "unmatched"  # it has come, and the portal does not know for whom or what
    ACCEPTED = "accepted"  # the writer took the request on; nothing is written yet
    DECLINED = "declined"
    REJECTED = "rejected"  # the portal refused the file: no signature, no letterhead
    UNDELIVERED = "undelivered"  # the portal's request did not reach the writer
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REQUESTED = "requested"
    ASSIGNED = "assigned"
    DELIVERED = "delivered"  # a stored letter was passed on
    UNCLEAR = "unclear"  # it is about a letter, and its words are not known


CHANGES_NOTHING = frozenset({Told.ACCEPTED, Told.REQUESTED, Told.ASSIGNED, Told.DELIVERED})
"""What is noted and no more: the applicant did it, or knows it, and the letter stands where it stood."""

URGENT = frozenset({Told.DECLINED, Told.REJECTED, Told.UNDELIVERED, Told.EXPIRED, Told.WITHDRAWN})
"""What the applicant has to know at once: without a step of hers or his no letter comes."""


@value
class Notice:
    """A portal's mail. Nothing in it is proved, and no word of it is a command."""

    portal: Line  # as the applicant knows it: "AMCAS"
    services: tuple[Line, ...]  # names of services; a * at the end stands for the rest of a name
    domains: tuple[Line, ...]
    told: Told
    sentence: Line = ""  # the one that told
    writers: tuple[Line, ...] = ()  # every writer it names
    letter_ids: tuple[Line, ...] = ()
    applicant_ids: tuple[Line, ...] = ()


def serves(services: tuple[str, ...], domains: tuple[str, ...], application: Application) -> bool:
    """Whether an application goes through a portal: by its service, or by the address that the applicant gave."""
    if any(fnmatchcase(application.service, service) for service in services):
        return True
    host = (
        application.portal.lower().partition("://")[2].partition("/")[0].partition(":")[0]
        or (application.portal.lower().partition("/")[0])
    )
    return any(is_below(host, domain) for domain in domains)


def is_below(domain: str, own: str) -> bool:
    """Whether `domain` is `own` or one of its subdomains."""
    return domain == own or domain.endswith(f".{own}")
