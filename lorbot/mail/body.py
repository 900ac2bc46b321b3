"""The parts of a mail: which text a reader sees, and which files came with it (RFC 2046, RFC 2183).

A forwarded or returned mail's text is never mixed with the sender's own.
"""

import hashlib
import re
from dataclasses import dataclass, field
from email.message import Message

from lorbot.core.message import Attachment
from lorbot.core.value import TEXT_LIMIT, one_line
from lorbot.mail.charset import decode
from lorbot.mail.flowed import unflow
from lorbot.mail.hypertext import MOST_HTML, as_text
from lorbot.mail.limits import PARSER_FAULTS
from lorbot.mail.words import decode_words

FORWARDED = "---------- Forwarded message ----------"
SMALL_IMAGE = 20_000  # bytes; an inline image under this is a signature's

_SIGNATURE_TYPES = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
)
_STUB = re.compile(r"\b(?:html|e-?mail client|mail reader|web browser|online version)\b", re.IGNORECASE)


@dataclass
class Body:
    """What was found in a mail or a part of it."""

    text: str = ""
    html: str = ""
    is_plain: bool = False  # the text is the sender's text/plain
    forwarded: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    def whole_text(self) -> str:
        """The sender's text, then each forwarded mail's after a line that says so."""
        pieces = [self.text, *(f"{FORWARDED}\n\n{text}" for text in self.forwarded)]
        return "\n\n".join(p.strip("\n") for p in pieces if p.strip())[:TEXT_LIMIT]


def read_body(part: Message) -> Body:
    """Read a mail parsed under the compat32 policy; nesting is bounded before (`limits.check`)."""
    kind = part.get_content_type()
    if kind == "message/rfc822" and part.is_multipart():
        return _forwarded(part)
    if kind in {"multipart/alternative", "multipart/report"} and part.is_multipart():
        children = [read_body(child) for child in _children(part)]
        return _alternative(children) if kind == "multipart/alternative" else _report(children)
    if part.is_multipart():
        # A message/* of another kind (a delivery status, say) is parsed into parts, too; nobody wrote those.
        is_container = part.get_content_maintype() == "multipart"
        return _all_of([read_body(child) for child in _children(part)]) if is_container else Body()
    return _leaf(part, kind)


def part_bytes(part: Message) -> bytes:
    """A part's content without its transfer encoding; broken encodings give what could be read."""
    try:
        content = part.get_payload(decode=True)
    except PARSER_FAULTS:
        content = str(part.get_payload()).encode("utf-8", errors="replace")
    return content if isinstance(content, bytes) else b""


def part_text(part: Message) -> str:
    r"""A text part decoded, with `\n` line ends and the soft breaks of format=flowed taken out."""
    text = decode(part_bytes(part), _parameter(part, "charset")).replace("\r\n", "\n").replace("\r", "\n")
    if _parameter(part, "format").lower() == "flowed":
        return unflow(text, delete_space=_parameter(part, "delsp").lower() == "yes")
    return text


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _forwarded(part: Message) -> Body:
    inside = [read_body(child) for child in _children(part)]
    both = _all_of(inside)
    head = "\n".join(line for child in _children(part) for line in _copied_head(child))
    text = f"{head}\n\n{both.whole_text()}" if head else both.whole_text()
    return Body(forwarded=[text], attachments=both.attachments, files=both.files)


def _copied_head(forwarded: Message) -> list[str]:
    """The head of a forwarded mail as programs copy it into text: whose mail it is."""
    names = ("From", "Date", "Subject", "To")
    heads = ((name, one_line(decode_words(str(forwarded.get(name, ""))))) for name in names)
    return [f"{name}: {content}" for name, content in heads if content]


def _report(children: list[Body]) -> Body:
    """A report's own words alone: the returned mail and its files are lorbot's own (RFC 6522)."""
    words = _all_of(children)
    return Body(text=words.text, html=words.html, is_plain=words.is_plain)


def _alternative(children: list[Body]) -> Body:
    """RFC 2046 section 5.1.4 puts the best last, but plain text needs no guessing about what is seen."""
    plain = next((c for c in children if c.is_plain and c.text.strip()), None)
    rich = next((c for c in reversed(children) if not c.is_plain and c.text.strip()), None)
    chosen = plain or rich or Body()
    if plain and rich and _is_stub(plain.text):
        chosen = rich
    both = _all_of(children)
    html = rich.html if rich else both.html
    return Body(
        text=chosen.text,
        html=html,
        is_plain=chosen.is_plain,
        forwarded=both.forwarded,
        attachments=both.attachments,
        files=both.files,
    )


def _is_stub(text: str) -> bool:
    """Whether a plain part only says that the mail has to be read elsewhere."""
    return len(text) < 300 and len(text.split()) >= 4 and bool(_STUB.search(text))


def _all_of(children: list[Body]) -> Body:
    files: dict[str, bytes] = {}
    for child in children:
        files.update(child.files)
    return Body(
        text="\n\n".join(c.text.strip("\n") for c in children if c.text.strip()),
        html="\n".join(c.html for c in children if c.html)[:MOST_HTML],
        is_plain=any(c.is_plain for c in children),
        forwarded=[text for c in children for text in c.forwarded],
        attachments=[a for c in children for a in c.attachments],
        files=files,
    )


def _leaf(part: Message, kind: str) -> Body:
    if kind.startswith("multipart/"):
        kind = "text/plain"  # its boundary never came: all of it is text (RFC 2045 section 5.2)
    disposition = str(part.get("content-disposition", "")).partition(";")[0].strip().lower()
    name = _file_name(part)
    if kind in {"text/plain", "text/html", "text/enriched"} and not name and disposition != "attachment":
        return _text_body(part, kind)
    if kind in _SIGNATURE_TYPES or (kind.startswith("text/") and not name and disposition != "attachment"):
        return Body()
    content = part_bytes(part)
    pictured = kind.startswith("image/") and disposition != "attachment" and part.get("content-id") is not None
    if pictured and len(content) < SMALL_IMAGE:
        return Body()
    if not content and not name:
        return Body()
    sha256 = hashlib.sha256(content).hexdigest()
    attachment = Attachment(name=name or "attachment", media_type=kind, sha256=sha256, size=len(content))
    return Body(attachments=[attachment], files={sha256: content})


def _text_body(part: Message, kind: str) -> Body:
    text = part_text(part)
    if kind == "text/plain":
        return Body(text=text[:TEXT_LIMIT], is_plain=True)
    return Body(text=as_text(text), html=text[:MOST_HTML])


def _file_name(part: Message) -> str:
    """The name as people see it: decoded (RFC 2231, and RFC 2047 as many programs write it), without a path."""
    try:
        name = part.get_filename() or ""
    except PARSER_FAULTS:
        name = "attachment"
    name = decode(name.encode("utf-8", errors="surrogateescape")) if name else ""
    name = one_line(decode_words(name)).replace("\\", "/").rpartition("/")[2]
    return name.strip(" .\"'")[:200]


def _parameter(part: Message, name: str) -> str:
    """A parameter of Content-Type, or ""."""
    try:
        found = part.get_param(name)
    except PARSER_FAULTS:
        return ""
    return str(found[2] if isinstance(found, tuple) else found or "")
