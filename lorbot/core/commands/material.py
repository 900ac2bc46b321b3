"""`cv`, `statement`, `material NAME`: the attachment becomes a new version of that document."""

import re
from dataclasses import replace

from lorbot.core import writing
from lorbot.core.commands.base import Command, Request, answered, mistaken
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Material, Progress, Purpose
from lorbot.core.message import Attachment

_DOCUMENTS = ("pdf", "doc", "docx", "odt", "rtf", "txt")
_TYPES = ("application/pdf", "application/msword")
_PART_OF_MAIL = re.compile(r"^att\d+\.(?:txt|html?)$", re.IGNORECASE)
_NOT_IN_NAMES = re.compile(r"[^\w-]+|_")


def _handle(request: Request, dossier: Dossier, kind: str, command: Command) -> Decision:
    event = request.event
    problems = [
        f"{a.name} is {a.size / 1e6:.1f} MB; attachments may have {event.limit_mb} MB, so please send a smaller file"
        for a in event.too_large
    ]
    documents = [a for a in event.incoming.attachments if is_document(a)]
    if not documents and not problems:
        problems.append("no PDF, Word or text file was attached to the mail")
    if len(documents) > 1:
        names = ", ".join(a.name for a in documents)
        problems.append(f"{len(documents)} files were attached ({names}); please send one per mail")
    if problems:
        return mistaken(dossier, request, command, problems)
    known = dossier.latest(kind)
    if known and known.sha256 == documents[0].sha256:
        return answered(
            dossier, request, "material", why=f"{kind}: the same file again", material=_seen(known), new=False,
            have_older=[],
        )  # fmt: skip
    material = _new_version(dossier, kind, documents[0], request)
    dossier = replace(dossier, materials=(*dossier.materials, material))
    why = f"{kind}: version {material.version} stored"
    return answered(
        dossier, request, "material", why=why, material=_seen(material), new=True, have_older=_have_older(dossier, kind)
    )


def is_document(attachment: Attachment) -> bool:
    """A document by its name or type; not the text part that Exchange attaches to split mail as ATT00001.txt."""
    ending = attachment.name.lower().rsplit(".", 1)[-1]
    return (ending in _DOCUMENTS or attachment.media_type in _TYPES) and not _PART_OF_MAIL.match(attachment.name)


def _have_older(dossier: Dossier, kind: str) -> list[str]:
    """The mentors whose packet held an older version."""
    older = {m.sha256 for m in dossier.materials if m.kind == kind}
    sent = [m for m in dossier.mails if m.purpose is Purpose.PACKET and m.progress is Progress.SENT]
    ids = {m.mentor for m in sent if older & {e.sha256 for e in m.enclosures}}
    return [mentor.name for mentor in dossier.mentors if mentor.id in ids]


def _new_version(dossier: Dossier, kind: str, document: Attachment, request: Request) -> Material:
    before = dossier.latest(kind)
    return Material(
        kind=kind,
        version=before.version + 1 if before else 1,
        name=writing.file_name(dossier.applicant.name, kind, document.name),
        media_type=document.media_type,
        sha256=document.sha256,
        size=document.size,
        added_at=request.now,
    )


def _seen(material: Material) -> dict[str, object]:
    return {
        "kind": writing.human_name(material).removeprefix("my "),
        "name": material.name,
        "version": material.version,
        "kb": max(material.size // 1000, 1),
    }


def _cv(request: Request, dossier: Dossier) -> Decision:
    return _handle(request, dossier, "cv", CV)


def _statement(request: Request, dossier: Dossier) -> Decision:
    return _handle(request, dossier, "statement", STATEMENT)


def _other(request: Request, dossier: Dossier) -> Decision:
    kind = " ".join(_NOT_IN_NAMES.sub(" ", request.argument.lower()).removeprefix("my ").split())[:40].strip("- ")
    if not kind:
        return mistaken(dossier, request, MATERIAL, ["the name of the document is missing, as in: material transcript"])
    same = next((c for c in (CV, STATEMENT) if kind in c.words), None)
    return same.handle(request, dossier) if same else _handle(request, dossier, kind, MATERIAL)


CV = Command(
    name="cv",
    words=("cv", "résumé", "curriculum vitae", "my cv"),
    does="stores the attached CV; mentors who agree get the newest one",
    example="Subject: cv\n\n(with your CV attached as PDF)",
    handle=_cv,
)
STATEMENT = Command(
    name="statement",
    words=("statement", "personal statement", "ps", "my statement"),
    does="stores the attached personal statement",
    example="Subject: statement\n\n(with your personal statement attached as PDF)",
    handle=_statement,
)
MATERIAL = Command(
    name="material",
    words=("material", "document", "file"),
    does="stores any other document for the packet, under a name",
    example="Subject: material transcript\n\n(with the file attached)",
    handle=_other,
    argument="NAME",
)
