"""Which attachment of a mail is which document: by what the files are and what they are called.

Ambiguity is never resolved by a guess: two files that could both be the CV are asked about.
"""

import re
from collections.abc import Iterable

from lorbot.core.documents import DOCUMENTS, Examined, Kind
from lorbot.core.events import ApplicantWrote
from lorbot.core.message import Attachment
from lorbot.core.value import Line, value

_ENDINGS = ("pdf", "doc", "docx", "odt", "rtf", "txt")
_TYPES = ("application/pdf", "application/msword")
_PART_OF_MAIL = re.compile(r"^att\d+\.(?:txt|html?)$", re.IGNORECASE)
_SIGNATURE = 60_000  # bytes; a picture below this stands in a signature, above it may be a photographed page
_WORD = re.compile(r"[^\W\d_]+")
_NAMED: tuple[tuple[str, frozenset[str]], ...] = (
    ("cv", frozenset({"cv", "resume", "résumé", "vita", "vitae", "curriculum", "erascv"})),
    ("statement", frozenset({"statement", "ps", "personalstatement", "essay"})),
)

_NO_DOCUMENT: dict[Kind, str] = {
    Kind.PACKED_MAIL: "{name} is how Outlook packs attachments, and only Outlook can open it; in Outlook set the "
    "format of the mail to HTML and attach the document again",
    Kind.PICTURE: "{name} is a picture; please send the document itself as PDF or Word file",
    Kind.PAGES: "{name} is a Pages document; in Pages choose File, Export To, PDF, and send me that",
    Kind.SHEET: "{name} is an Excel file; please send the document as PDF or Word file",
    Kind.OLD_SHEET: "{name} is an Excel file; please send the document as PDF or Word file",
    Kind.EMPTY: "{name} is empty; please attach it again",
    Kind.OTHER: "{name} is no PDF, Word or text file; please save it as PDF and send me that",
}


@value
class Files:
    """The documents of a mail by their kind ("cv"), and what is wrong with the others, in words."""

    documents: dict[Line, Attachment]
    problems: tuple[Line, ...] = ()


def sorted_out(event: ApplicantWrote, kind: str) -> Files:
    """Which attachment is the document that the command names, and which are others that their names tell."""
    problems = [
        f"{a.name} is {a.size / 1e6:.1f} MB; attachments may have {event.limit_mb} MB, so please send a smaller file"
        for a in event.too_large
    ]
    found, others = _documents(event)
    if len(found) == 1:
        return Files(documents={kind: found[0]}, problems=tuple(problems))
    if not found:
        problems += [] if problems else [*others]
        return Files(documents={}, problems=tuple(problems))
    by_kind: dict[str, list[Attachment]] = {}
    unnamed = [a for a in found if not _kind_in(a.name, kind)]
    for attachment in found:
        by_kind.setdefault(_kind_in(attachment.name, kind) or "", []).append(attachment)
    if len(unnamed) == 1 and kind not in by_kind:
        by_kind[kind] = by_kind.pop("")
    return Files(
        documents={name: files[0] for name, files in by_kind.items() if name and len(files) == 1},
        problems=(*problems, *_unclear(by_kind)),
    )


def is_document(attachment: Attachment, seen: Examined | None = None) -> bool:
    """A document by its content where that is known; not the text part that Exchange attaches as ATT00001.txt."""
    if _PART_OF_MAIL.match(attachment.name):
        return False
    if seen is not None:
        return seen.kind in DOCUMENTS
    ending = attachment.name.lower().rsplit(".", 1)[-1]
    return ending in _ENDINGS or attachment.media_type in _TYPES


def holds_document(event: ApplicantWrote) -> bool:
    """Whether a document came with the mail, kept or too large to be."""
    return any(is_document(a, seen_of(event, a.sha256)) for a in (*event.incoming.attachments, *event.too_large))


def seen_of(event: ApplicantWrote, sha256: str) -> Examined | None:
    return next((e for e in event.examined if e.sha256 == sha256), None)


def _documents(event: ApplicantWrote) -> tuple[list[Attachment], list[str]]:
    """The documents, each once, and why the other files are none. Where one is attached as PDF and as Word file under
    the same name, the PDF counts.
    """
    seen = {e.sha256: e for e in event.examined}
    once = {a.sha256: a for a in reversed(event.incoming.attachments)}
    attachments = [a for a in event.incoming.attachments if once[a.sha256] is a]
    found = [a for a in attachments if is_document(a, seen.get(a.sha256))]
    others = [a for a in attachments if a not in found and not _PART_OF_MAIL.match(a.name)]
    pdfs = {_stem(a.name) for a in found if _is_pdf(a, seen.get(a.sha256))}
    found = [a for a in found if _is_pdf(a, seen.get(a.sha256)) or _stem(a.name) not in pdfs]
    return found, [why for a in others if (why := _why_not(a, seen.get(a.sha256)))]


def _stem(name: str) -> str:
    """A file's name without its ending."""
    return name.rpartition(".")[0] or name


def _is_pdf(attachment: Attachment, seen: Examined | None) -> bool:
    return seen.kind is Kind.PDF if seen else attachment.media_type == "application/pdf"


def _why_not(attachment: Attachment, seen: Examined | None) -> str:
    """Why a file is no document; "" for the small picture of a signature, which nobody meant."""
    if seen is None or (seen.kind is Kind.PICTURE and attachment.size < _SIGNATURE):
        return ""
    return _NO_DOCUMENT.get(seen.kind, "").format(name=attachment.name[:80])


def _kind_in(name: str, wanted: str) -> str:
    """The kind that a file's name tells: the wanted one where it can be that, cv or statement, or ""."""
    words = {w.lower() for w in _WORD.findall(_stem(name).replace("_", " "))}
    told = [kind for kind, names in _NAMED if words & names]
    if set(wanted.split()) <= words and wanted not in told:
        told.insert(0, wanted)
    return wanted if wanted in told else told[0] if len(told) == 1 else ""


def _unclear(by_kind: dict[str, list[Attachment]]) -> Iterable[str]:
    for kind, files in by_kind.items():
        names = ", ".join(a.name[:80] for a in files)
        if not kind:
            yield (
                f"I cannot tell what {names} {'are; send each' if files[1:] else 'is; send it'} in a mail of its own, "
                "with the subject cv, statement, or material and its name"
            )
        elif len(files) > 1:
            yield f"{names} could each be your {'CV' if kind == 'cv' else kind}; send me the one that counts, alone"
