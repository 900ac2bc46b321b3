"""Which version of a document each mentor holds. Derived from the mails that were sent, by the files they enclosed."""

from dataclasses import replace

from lorbot.core import letters
from lorbot.core.correspondence import Enclosure, Mail, Progress, Purpose
from lorbot.core.dossier import Dossier, Letter, Material, Mentor
from lorbot.core.value import value

WITH_DOCUMENTS = frozenset({Purpose.PACKET, Purpose.NEW_VERSION})


@value
class Behind:
    """A mentor with an older version of one document or several."""

    mentor: Mentor
    older: tuple[Material, ...]  # what the mentor has
    newest: tuple[Material, ...]  # what there is now, in the same order
    writing: tuple[Letter, ...]  # the letters that are not written yet; () when there is nothing left to write


def held(dossier: Dossier, mentor: str) -> dict[str, Material]:
    """The version of each document that this mentor got last. A mail that came back was got by nobody."""
    got: dict[str, Material] = {}
    arrived = (m for m in dossier.mails if m.mentor == mentor and m.purpose not in letters.TO_APPLICANT)
    arrived = (m for m in arrived if m.progress is Progress.SENT and not m.remark.startswith("bounced"))
    for mail in sorted(arrived, key=lambda m: m.sent_at or m.decided_at):
        for enclosure in mail.enclosures:
            got |= {m.kind: m for m in dossier.materials if m.sha256 == enclosure.sha256}
    return got


def behind(dossier: Dossier) -> tuple[Behind, ...]:
    """Every mentor who holds an older version of something, in the order of the dossier."""
    newest = {kind: latest for kind in {m.kind for m in dossier.materials} if (latest := dossier.latest(kind))}
    found = []
    for mentor in dossier.mentors:
        older = [m for kind, m in held(dossier, mentor.id).items() if m.sha256 != newest[kind].sha256]
        if older and mentor.email and not mentor.never:
            writing = tuple(x for x in dossier.letters_of(mentor.id) if x.state in letters.UNDER_WAY)
            now = tuple(newest[m.kind] for m in older)
            found.append(Behind(mentor=mentor, older=tuple(older), newest=now, writing=writing))
    return tuple(found)


def changes(dossier: Dossier, older: Material) -> list[str]:
    """What the applicant said is new, in each version after `older`."""
    later = (m for m in dossier.materials if m.kind == older.kind and m.version > older.version)
    return [m.changed for m in sorted(later, key=lambda m: m.version) if m.changed]


def enclosure(material: Material) -> Enclosure:
    return Enclosure(name=material.name, media_type=material.media_type, sha256=material.sha256)


def without(dossier: Dossier, material: Material) -> Dossier:
    """The dossier without this document: mail about it as a new version is dropped, shown or approved."""
    kept = replace(dossier, materials=tuple(m for m in dossier.materials if m != material))

    def is_about_it(mail: Mail) -> bool:
        return mail.purpose is Purpose.NEW_VERSION and material.sha256 in {e.sha256 for e in mail.enclosures}

    mails = tuple(
        replace(m, progress=Progress.DROPPED, remark="the document was dropped")
        if m.progress is Progress.QUEUED and is_about_it(m)
        else m
        for m in kept.mails
    )
    return replace(kept, mails=mails, previews=tuple(p for p in kept.previews if not is_about_it(p.mail)))


def renewed(dossier: Dossier, kind: str) -> tuple[Dossier, tuple[str, ...]]:
    """The dossier with the newest version of a document in the packets that have not left yet, and to whom these go.

    A mail about a new version that is not the newest any more is dropped, shown or approved: it is offered again.
    """
    newest = dossier.latest(kind)
    older = {m.sha256 for m in dossier.materials if m.kind == kind and newest and m.sha256 != newest.sha256}
    taken: list[str] = []

    def with_newest(mail: Mail) -> Mail:
        if mail.progress is not Progress.QUEUED or not older & {e.sha256 for e in mail.enclosures}:
            return mail
        if mail.purpose is Purpose.NEW_VERSION:
            return replace(mail, progress=Progress.DROPPED, remark="there is a newer version")
        if mail.purpose is not Purpose.PACKET or newest is None:
            return mail
        taken.append(mail.to.name or mail.to.email)
        put = tuple(enclosure(newest) if e.sha256 in older else e for e in mail.enclosures)
        return replace(mail, enclosures=put)

    mails = tuple(with_newest(mail) for mail in dossier.mails)
    shown = tuple(
        p for p in dossier.previews
        if p.mail.purpose is not Purpose.NEW_VERSION or not older & {e.sha256 for e in p.mail.enclosures}
    )  # fmt: skip
    return replace(dossier, mails=mails, previews=shown), tuple(dict.fromkeys(taken))
