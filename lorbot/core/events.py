"""What can happen to a dossier: a closed union. `decide` has an answer for each."""

from lorbot.core.correspondence import Purpose
from lorbot.core.dossier import ApplicantWrote
from lorbot.core.message import Bounce, Incoming
from lorbot.core.notice import Notice
from lorbot.core.reading import Reading
from lorbot.core.value import Line, value


@value
class MentorWrote:
    """A mail from a mentor's registered address. `purpose` is that of the mail it answers, where it does."""

    incoming: Incoming
    mentor: Line
    reading: Reading
    genuine: bool  # it answers a mail of lorbot's, or its sender is authenticated
    letters: tuple[Line, ...] = ()  # those the answered mail was about; () where it answers none
    purpose: Purpose | None = None
    answers: Line = ""


@value
class SomebodyElseWrote:
    """A mail in a mentor's thread from an address that is not the mentor's: never acted on."""

    incoming: Incoming
    mentor: Line
    reading: Reading
    letters: tuple[Line, ...] = ()


@value
class PortalWrote:
    """A mail in which an application portal tells the applicant about a letter."""

    incoming: Incoming
    notice: Notice
    genuine: bool  # our own server vouches for the portal's domain
    doubt: Line = ""  # why it is not taken as genuine


@value
class MailBounced:
    """A delivery status notification for a mail of lorbot's own (`key`)."""

    incoming: Incoming
    bounce: Bounce
    key: Line


@value
class Ticked:
    """Time has passed."""


@value
class Accepted:
    """The SMTP server took responsibility for a mail (RFC 5321 section 4.2.5)."""

    key: Line
    remark: Line = ""


@value
class Failed:
    """The SMTP server refused a mail, for now or for good."""

    key: Line
    permanent: bool
    code: int = 0
    remark: Line = ""


@value
class Lost:
    """The connection broke after the final dot: nobody knows whether the mail went. Never sent again by itself."""

    key: Line
    remark: Line = ""


Event = ApplicantWrote | MentorWrote | SomebodyElseWrote | PortalWrote | MailBounced | Ticked | Accepted | Failed | Lost

__all__ = [
    "Accepted", "ApplicantWrote", "Event", "Failed", "Lost", "MailBounced", "MentorWrote", "PortalWrote",
    "SomebodyElseWrote", "Ticked",
]  # fmt: skip
