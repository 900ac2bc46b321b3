"""What was found in a document, in words: each a sentence or two, with the remedy."""

from collections.abc import Iterator

from lorbot.core import services, writing
from lorbot.core.documents import DOCUMENTS, Examined, Flaw, Kind
from lorbot.core.dossier import Dossier, Material
from lorbot.core.services import Service

MOST_MAIL_MB = 10  # what a mail system of a hospital may take; many take 20 or 25
_ENCODED = 4 / 3  # a file grows by that on its way (RFC 2045 section 6.8)
_ENDINGS = {"docm": "docx", "dot": "doc", "dotx": "docx", "text": "txt", "md": "txt", "csv": "txt"}

_OF_FLAW: dict[Flaw, str] = {
    Flaw.ENCRYPTED: "It is encrypted or protected with a password. Portals refuse such files, and your mentors may not "
    "be able to open it. Save it again without a password and send me that one.",
    Flaw.DAMAGED: "It looks damaged or cut off, and may not open. Please open it yourself; if that fails, export it "
    "again and send me the new file.",
    Flaw.NO_PAGES: "It has no pages. Please export it again and send me the new file.",
    Flaw.NO_TEXT: "I find no text in it, only pictures of pages, as from a scanner. Nobody can search or copy it, and "
    "it may be hard to read. Export it from the program you wrote it in, if you can.",
    Flaw.SCRIPT: "It holds a script (JavaScript). Mail systems of hospitals may stop such a file. Print it to a new "
    "PDF, which leaves the script out, and send me that.",
    Flaw.LAUNCH: "It holds an action that starts a program. Mail systems will take it for an attack. Print it to a new "
    "PDF and send me that.",
    Flaw.FILES_INSIDE: "It has other files inside. A mentor may not see them, and mail systems may stop it. Send me "
    "those by themselves, and this one without them.",
    Flaw.MACROS: "It holds macros, which mail systems of hospitals refuse. Save it as PDF, or as .docx without macros.",
    Flaw.CHANGES: "It still holds tracked changes: your mentors would see what was deleted and inserted. Accept or "
    "reject them all, save it (best as PDF), and send me that.",
    Flaw.COMMENTS: "It still holds comments, which your mentors would see. Delete them, save it (best as PDF), and "
    "send me that.",
    Flaw.BOMB: "It would unpack to something enormous, so I did not look inside, and other programs may refuse it. "
    "Export it again, best as PDF, and send me the new file.",
}
_OF_KIND: dict[Kind, str] = {
    Kind.LOCKED_OFFICE: _OF_FLAW[Flaw.ENCRYPTED],
    Kind.OLD_WORD: "It is an old Word file (.doc), and I cannot look inside. A PDF looks the same for everybody.",
    Kind.OPEN_DOCUMENT: "It is an OpenDocument file, which many portals and mentors cannot open. A PDF is safer.",
    Kind.RICH_TEXT: "It is a rich text file (.rtf). A PDF looks the same for everybody.",
}
_NOT_LOOKED_INTO = (
    "I could not look into it: something in it is broken or far too large. It is kept as you sent it. Please open it "
    "yourself once, or export it again and send me the new file."
)


def findings(dossier: Dossier, material: Material, seen: Examined | None, given_name: str) -> list[str]:
    """What the applicant should know about a document before anybody gets it; [] when all is well."""
    return [
        *(_inside(seen, given_name, material) if seen else ()),
        *(_paper(dossier, seen) if seen else ()),
        *_size(dossier, material),
    ]


def _inside(seen: Examined, given_name: str, material: Material) -> Iterator[str]:
    ending = given_name.lower().rpartition(".")[2] if "." in given_name else ""
    if seen.kind in DOCUMENTS and ending and _ENDINGS.get(ending, ending) != DOCUMENTS[seen.kind][0]:
        yield f"You named it {given_name[:80]}, but it is {seen.kind.value}; I call it {material.name}."
    if seen.kind in _OF_KIND:
        yield _OF_KIND[seen.kind]
    yield from (_OF_FLAW[flaw] for flaw in seen.flaws if flaw is not Flaw.FONTS)
    if Flaw.FONTS in seen.flaws:
        named = ", ".join(seen.fonts[:3])
        yield (
            f"{'This font is' if len(seen.fonts) == 1 else 'Some fonts are'} not in the file ({named}), so it may look "
            "different elsewhere. Export it again with its fonts embedded."
        )
    if not seen.looked_into and seen.kind is not Kind.OLD_WORD and not seen.flaws:
        yield _NOT_LOOKED_INTO


def _paper(dossier: Dossier, seen: Examined) -> Iterator[str]:
    """Paper matters where a service says so; with no application yet, most services here are in the US."""
    if seen.paper in {"", "US letter"}:
        return
    wants = [s.title for s in _services(dossier) if s.formats.paper == "US letter"]
    is_a4 = f"Its pages are {seen.paper}" if seen.paper == "A4" else f"Its pages measure {seen.paper}"
    if wants:
        yield (
            f"{is_a4}; {' and '.join(wants)} {'want' if wants[1:] else 'wants'} US letter (8.5 x 11 in). Set the paper "
            "to US letter and export it again."
        )
    elif not dossier.applications:
        yield f"{is_a4}, not US letter (8.5 x 11 in), which services in the US want."


def _size(dossier: Dossier, material: Material) -> Iterator[str]:
    mb = material.size / 1e6
    for service in _services(dossier):
        most = service.formats.most_mb
        if most and mb > most:
            yield (
                f"It has {mb:.1f} MB; {service.title} takes files of at most {most:g} MB. Make it smaller "
                "before it is uploaded there: export it anew, with smaller pictures."
            )
    packet = sum(m.size for m in writing.packet_materials(dossier)) * _ENCODED / 1e6
    if packet > MOST_MAIL_MB:
        yield (
            f"With it, the mail with all your documents would have {packet:.0f} MB, and some mail systems take no more "
            f"than {MOST_MAIL_MB} MB. Please send me a smaller file."
        )


def _services(dossier: Dossier) -> list[Service]:
    """The services of the applications whose outcome is open."""
    names = dict.fromkeys(a.service for a in dossier.applications if not a.outcome)
    return [services.service(name) for name in names]
