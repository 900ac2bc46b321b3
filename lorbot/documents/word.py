"""Looking into a Word document: a zip of XML parts. No part is parsed as XML: what is sought are a few names."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace

from lorbot.core.documents import Examined, Flaw
from lorbot.documents.archive import Archive

_CHANGE = re.compile(rb"<w:(?:ins|del|moveFrom|moveTo|rPrChange|pPrChange)\s[^>]{0,500}w:(?:author|id)=")
_COMMENT = re.compile(rb"<w:comment\s")
_PAGES = re.compile(rb"<Pages>\s{0,9}(\d{1,5})\s{0,9}</Pages>")
_PAPER = re.compile(rb"<w:pgSz\s[^>]{0,300}>")
_SIDE = re.compile(rb"w:([wh])=\"(\d{3,6})\"")
_PAPERS = {"US letter": (12_240, 15_840), "A4": (11_906, 16_838)}  # twentieths of a point
_CLOSE = 120
_TEXT_PARTS = re.compile(r"word/(?:document|footnotes|endnotes|header\d{0,2}|footer\d{0,2})\.xml")


def steps(seen: Examined, content: bytes) -> Iterator[Examined]:
    """What stands in the parts of the archive. A damaged or enormous one is not read at all."""
    try:
        archive = Archive(content)
        if archive.is_bomb:
            yield replace(seen, flaws=(Flaw.BOMB,))
            return
        body = archive.part("word/document.xml")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        yield replace(seen, flaws=(Flaw.DAMAGED,))
        return
    if not body:
        yield replace(seen, flaws=(Flaw.DAMAGED,))
        return
    counted = _PAGES.search(archive.part("docProps/app.xml"))
    seen = replace(seen, pages=int(counted[1]) if counted else 0, paper=_paper(body))
    yield seen
    yield replace(seen, flaws=tuple(_flaws(archive)))


def _flaws(archive: Archive) -> Iterator[Flaw]:
    names = archive.names
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        yield Flaw.MACROS
    if any(_CHANGE.search(part) for part in archive.parts(n for n in names if _TEXT_PARTS.fullmatch(n))):
        yield Flaw.CHANGES
    if _COMMENT.search(archive.part("word/comments.xml")):
        yield Flaw.COMMENTS
    if any(name.startswith("word/embeddings/") for name in names):
        yield Flaw.FILES_INSIDE


def _paper(body: bytes) -> str:
    """The paper of the last section: that of most documents."""
    found = _PAPER.findall(body)
    sides = sorted(int(side) for _, side in _SIDE.findall(found[-1])) if found else []
    if len(sides) != 2:
        return ""
    for name, (width, height) in _PAPERS.items():
        if abs(sides[0] - width) <= _CLOSE and abs(sides[1] - height) <= _CLOSE:
            return name
    return f"{sides[0] / 1440 * 2.54:.1f} x {sides[1] / 1440 * 2.54:.1f} cm"
