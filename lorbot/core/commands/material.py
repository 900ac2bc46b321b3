"""`cv`, `statement`, `material NAME`: the attachment becomes a new version of that document."""

from dataclasses import replace

from lorbot.core import writing
from lorbot.core.commands.base import Command, Request, answered, mistaken
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Material
from lorbot.core.message import Attachment

_DOCUMENTS = ("pdf", "doc", "docx", "odt", "rtf", "txt")


def _handle(request: Request, dossier: Dossier, kind: str, command: Command) -> Decision:
    event = request.event
    problems = [
        f"{a.name} is {a.size / 1e6:.1f} MB; attachments may have {event.limit_mb} MB, so please send a smaller file"
        for a in event.too_large
    ]
    documents = [a for a in event.incoming.attachments if a.name.lower().rsplit(".", 1)[-1] in _DOCUMENTS]
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
            dossier, request, "material", why=f"{kind}: the same file again", material=_seen(known), new=False
        )
    material = _new_version(dossier, kind, documents[0], request)
    dossier = replace(dossier, materials=(*dossier.materials, material))
    why = f"{kind}: version {material.version} stored"
    return answered(dossier, request, "material", why=why, material=_seen(material), new=True)


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
    kind = " ".join(request.argument.lower().split())[:40]
    if not kind:
        return mistaken(dossier, request, MATERIAL, ["the name of the document is missing, as in: material transcript"])
    return _handle(request, dossier, kind, MATERIAL)


CV = Command(
    name="cv",
    words=("cv", "resume", "résumé", "curriculum vitae", "my cv"),
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
