"""How much of a dossier goes into an export by mail: everything, where it is not too large to be sent."""

from enum import StrEnum

from lorbot.core.dossier import Dossier

PER_MAIL = 4_000  # bytes of a mail that are no text of its own: headers, the form around the HTML


class Scope(StrEnum):
    """What is in an export. As the hash of an enclosure it stands for an export that is made when the mail leaves."""

    WHOLE = "export"
    LIGHT = "export with mails without their attachments"
    BARE = "export without materials"


EXPORTS = frozenset(Scope)


def scope_within(dossier: Dossier, most_bytes: int) -> Scope:
    """The most that fits. Sizes are those before compression: documents hardly shrink."""
    sizes = {m.sha256: m.size for m in dossier.materials}
    rest = sum(len(m.text) + len(m.html) + PER_MAIL for m in dossier.mails)
    materials = sum(sizes.values())
    attached = sum(sizes.get(e.sha256, 0) for m in dossier.mails for e in m.enclosures)
    if rest + materials + attached <= most_bytes:
        return Scope.WHOLE
    return Scope.LIGHT if rest + materials <= most_bytes else Scope.BARE
