"""`cv`, `statement`, `material NAME`: the attachment becomes a new version of that document."""

import hashlib
import re
from dataclasses import replace
from typing import Any

from lorbot.core import dates, versions, view, writing
from lorbot.core.commands import received_files
from lorbot.core.commands.base import Command, Field, Request, answered, mistaken
from lorbot.core.commands.findings import findings
from lorbot.core.courtesy import content
from lorbot.core.decision import Decision
from lorbot.core.documents import DOCUMENTS
from lorbot.core.dossier import Dossier, Material
from lorbot.core.message import Attachment

_NOT_IN_NAMES = re.compile(r"[^\w-]+|_")
_PROMISES_A_FILE = re.compile(r"\b(?:attach\w*|enclos\w*|see below link|anbei)\b", re.IGNORECASE)
_LEAST_LINES, _LEAST_WORDS = 8, 60  # of a text that is taken for the document itself
_PROSE = 150  # words; a statement has few lines


def _handle(request: Request, dossier: Dossier, kind: str, command: Command) -> Decision:
    files = received_files.sorted_out(request.event, kind)
    problems, changed = list(files.problems), request.form.get("changed")
    given, pasted = dict(files.documents), b""
    if not given and not problems:
        if changed and dossier.latest(kind):
            return _described(request, dossier, kind)
        pasted, problem = _pasted(request)
        problems += [problem] if problem else []
        given = {kind: _as_attachment(pasted)} if pasted else {}
    if not given:
        return mistaken(dossier, request, command, problems)
    shown, stored = [], []
    for each, attachment in given.items():
        dossier, told = _stored(dossier, each, attachment, request)
        if attachment.sha256 == hashlib.sha256(pasted).hexdigest() and pasted:
            told |= {"pasted": _ends_of(pasted)}
        shown.append(told)
        stored += [each] if told["new"] else []
    why = "; ".join(f"{each}: version {m.version} stored" for each in stored if (m := dossier.latest(each)))
    decision = _told(request, dossier, shown, why or f"{kind}: the same file again", stored, problems)
    return replace(decision, files={hashlib.sha256(pasted).hexdigest(): pasted} if pasted else {})


def _stored(dossier: Dossier, kind: str, file: Attachment, request: Request) -> tuple[Dossier, dict[str, Any]]:
    """The dossier with the file as the newest version, and what is told of it. The same bytes are no new version."""
    known, seen = dossier.latest(kind), received_files.seen_of(request.event, file.sha256)
    new = known is None or known.sha256 != file.sha256
    packets: tuple[str, ...] = ()
    if new:
        ending, media_type = DOCUMENTS.get(seen.kind, ("", "")) if seen else ("", "")
        material = Material(
            kind=kind,
            version=known.version + 1 if known else 1,
            name=writing.file_name(dossier.applicant.name, kind, f"x.{ending}" if ending else file.name),
            media_type=media_type or file.media_type,
            sha256=file.sha256,
            size=file.size,
            added_at=request.now,
            pages=seen.pages if seen else 0,
            changed=request.form.get("changed"),
        )
        dossier, packets = versions.renewed(replace(dossier, materials=(*dossier.materials, material)), kind)
    else:
        assert known is not None
        dossier = _with_changes(dossier, known, request.form.get("changed"))
    latest = dossier.latest(kind)
    assert latest is not None
    told = _shown(dossier, latest, request) | {
        "new": new, "noted": "" if new else request.form.get("changed"), "in_packets": list(packets),
        "findings": findings(dossier, latest, seen, file.name),
    }  # fmt: skip
    return dossier, told


def _described(request: Request, dossier: Dossier, kind: str) -> Decision:
    """What is new in the newest version, said afterwards; a mail about it that waits is shown anew on `send new`."""
    latest = dossier.latest(kind)
    assert latest is not None
    dossier = _with_changes(dossier, latest, request.form.get("changed"))
    latest = dossier.latest(kind)
    assert latest is not None
    shown = _shown(dossier, latest, request) | {
        "new": False, "noted": request.form.get("changed"), "in_packets": [], "findings": [],
    }  # fmt: skip
    return _told(request, dossier, [shown], f"{kind}: what is new was noted", [kind], [])


def _told(
    request: Request, dossier: Dossier, shown: list[dict[str, Any]], why: str, kinds: list[str], problems: list[str]
) -> Decision:
    concerned = [b for b in versions.behind(dossier) if set(kinds) & {m.kind for m in b.older}]
    return answered(
        dossier, request, "material",
        why=why, documents=shown, problems=problems, changed=request.form.get("changed"),
        behind=[b.mentor.name for b in concerned if b.writing],
        submitted=[b.mentor.name for b in concerned if not b.writing],
    )  # fmt: skip


def _with_changes(dossier: Dossier, material: Material, changed: str) -> Dossier:
    if not changed:
        return dossier
    after = replace(material, changed=changed)
    return replace(dossier, materials=tuple(after if m == material else m for m in dossier.materials))


def _shown(dossier: Dossier, material: Material, request: Request) -> dict[str, Any]:
    zone = view.zone_of(dossier.applicant, request.policy)
    return {
        "kind": writing.human_name(material).removeprefix("my "),
        "name": material.name,
        "version": material.version,
        "about": _about(material),
        "pasted": None,
        "versions": [
            {"number": m.version, "on": dates.say(view.local_day(m.added_at, zone)), "about": _about(m),
             "changed": m.changed}
            for m in dossier.materials if m.kind == material.kind
        ],
    }  # fmt: skip


def _about(material: Material) -> str:
    pages = f"{material.pages} page{'s' if material.pages > 1 else ''}, " if material.pages else ""
    return f"{pages}{max(material.size // 1000, 1)} KB"


# -- a document in the mail itself ---------------------------------------------------------------------------------


def _pasted(request: Request) -> tuple[bytes, str]:
    """The text of a mail without attachment, where it is the document itself; else why there is nothing to store."""
    text = _text(request)
    lines = [line for line in text.split("\n") if line.strip()]
    words = len(text.split())
    long_enough = (len(lines) >= _LEAST_LINES and words >= _LEAST_WORDS) or words >= _PROSE
    if not long_enough:
        return b"", "no PDF, Word or text file was attached to the mail"
    if _PROMISES_A_FILE.search(" ".join((request.line, *lines[:4]))):
        return b"", (
            "the mail speaks of an attachment, but no PDF, Word or text file came with it; attach it and send it "
            "again, or send the text alone if that is the document"
        )
    return text.encode(), ""


def _text(request: Request) -> str:
    """The words of the mail without the command and the line that says what is new."""
    lines = request.event.words.split("\n")
    first = next((line for line in lines if line.strip()), "")
    if first.strip() == request.line.strip():
        lines = lines[lines.index(first) + 1 :]
    lines = [line for line in lines if not re.match(r"\s*changed?\s*:", line, re.IGNORECASE)]
    return "\n".join(lines).strip("\n")


def _as_attachment(pasted: bytes) -> Attachment:
    sha256 = hashlib.sha256(pasted).hexdigest()
    return Attachment(name="text.txt", media_type="text/plain", sha256=sha256, size=len(pasted))


def _ends_of(pasted: bytes) -> dict[str, str]:
    lines = content(pasted.decode()) or pasted.decode().split("\n")
    return {"first": lines[0].strip()[:60], "last": lines[-1].strip()[:60]}


# -- the commands --------------------------------------------------------------------------------------------------


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


_FIELDS = (Field(name="changed", words=("changed", "change", "changes", "what is new", "what changed", "new in it")),)
CV = Command(
    name="cv",
    words=("cv", "résumé", "curriculum vitae", "my cv"),
    does="stores the attached CV; mentors who agree get the newest one",
    example="Subject: cv\n\nchanged: my second paper was accepted\n\n(with your CV attached as PDF)",
    handle=_cv,
    fields=_FIELDS,
)
STATEMENT = Command(
    name="statement",
    words=("statement", "personal statement", "ps", "my statement"),
    does="stores the attached personal statement",
    example="Subject: statement\n\n(with your personal statement attached as PDF)",
    handle=_statement,
    fields=_FIELDS,
)
MATERIAL = Command(
    name="material",
    words=("material", "document", "file"),
    does="stores any other document for the packet, under a name",
    example="Subject: material transcript\n\n(with the file attached)",
    handle=_other,
    argument="NAME",
    fields=_FIELDS,
)
