"""Looking into a PDF with pypdf: may it be opened, its pages, what in it acts by itself, its text and fonts.

Nothing is decrypted, rendered or run. Every loop has an end of its own; the process around it has limits besides.
"""

import logging
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from lorbot.core.documents import Examined, Flaw

_MOST_PAGES = 200  # that are measured
_MOST_OBJECTS = 20_000
_DEEPEST = 12
_PAGES_WITH_TEXT = 5  # that are tried before a document counts as scanned
_TEXT = 20  # characters; fewer are a page number
_CLOSE = 6  # points between a page and the paper it is meant for
_PAPERS = {"US letter": (612, 792), "A4": (595, 842), "US legal": (612, 1008), "A5": (420, 595)}
_END = 65_536  # bytes at the end of a file, where its end mark stands

_OWN_FONTS = ("Type1", "TrueType", "MMType1", "CIDFontType0", "CIDFontType2")
_EVERYWHERE = ("Helvetica", "Times", "Courier", "Symbol", "ZapfDingbats", "Arial", "TimesNewRoman", "CourierNew")
"""The fonts that every reader has (ISO 32000-1, 9.6.2.2), and what Windows calls them."""


def steps(seen: Examined, content: bytes) -> Iterator[Examined]:
    """What pypdf finds; raises whatever it raises on a file that it cannot follow to the end."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    if b"%%EOF" not in content[-_END:]:
        seen = _with(seen, Flaw.DAMAGED)
        yield seen
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted:
            yield _with(seen, Flaw.ENCRYPTED)
            return
        count = len(reader.pages)
    except (RecursionError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - a library's many errors; what they mean is the same
        yield _with(seen, Flaw.ENCRYPTED if b"/Encrypt" in content else Flaw.DAMAGED)
        return
    if not count:
        yield _with(seen, Flaw.NO_PAGES)
        return
    seen = replace(seen, pages=count, paper=_paper(reader))
    yield seen
    seen = _acting(seen, reader)
    yield seen
    if not _has_text(reader):
        yield _with(seen, Flaw.NO_TEXT)


def _with(seen: Examined, *flaws: Flaw) -> Examined:
    return replace(seen, flaws=(*seen.flaws, *(f for f in flaws if f not in seen.flaws)))


def _paper(reader: PdfReader) -> str:
    """The paper of all pages; of several, the first that is not US letter."""
    papers = [_name(page) for page in _first(reader, _MOST_PAGES)]
    return next((p for p in papers if p != "US letter"), "US letter" if papers else "")


def _name(page: PageObject) -> str:
    box = page.cropbox
    short, long = sorted((abs(float(box.width)), abs(float(box.height))))
    for name, (width, height) in _PAPERS.items():
        if abs(short - width) <= _CLOSE and abs(long - height) <= _CLOSE:
            return name
    return f"{short / 72 * 2.54:.1f} x {long / 72 * 2.54:.1f} cm"


def _first(reader: PdfReader, most: int) -> list[PageObject]:
    return [reader.pages[number] for number in range(min(len(reader.pages), most))]


def _has_text(reader: PdfReader) -> bool:
    found = 0
    for page in _first(reader, _PAGES_WITH_TEXT):
        found += len("".join(page.extract_text().split()))
        if found >= _TEXT:
            return True
    return False


def _acting(seen: Examined, reader: PdfReader) -> Examined:
    """What every object of the file says of scripts, programs, files and fonts; where it hangs makes no difference."""
    flaws: list[Flaw] = []
    fonts: dict[str, None] = {}
    for thing in _objects(reader):
        flaws += [flaw for flaw in _of_action(thing) if flaw not in flaws]
        if (font := _font_elsewhere(thing)) and len(fonts) < 5:
            fonts[font] = None
    if fonts:
        flaws.append(Flaw.FONTS)
    return replace(_with(seen, *flaws), fonts=tuple(fonts))


def _objects(reader: PdfReader) -> Iterator[DictionaryObject]:
    """The dictionaries of the file, those inside others too."""
    direct = ((number, generation) for generation, table in reader.xref.items() for number in table)
    packed = ((number, 0) for number in reader.xref_objStm)
    for at, (number, generation) in enumerate((*direct, *packed)):
        if at >= _MOST_OBJECTS:
            return
        try:
            found = reader.get_object(IndirectObject(number, generation, reader))
        except (RecursionError, MemoryError):
            raise
        except Exception:  # noqa: BLE001, S112 - an object that cannot be read acts in no reader either
            continue
        yield from _inside(found, _DEEPEST)
    if isinstance(reader.trailer, DictionaryObject):
        yield from _inside(reader.trailer, _DEEPEST)


def _inside(thing: Any, depth: int) -> Iterator[DictionaryObject]:
    if isinstance(thing, DictionaryObject):
        yield thing
        children = [dict.get(thing, key) for key in thing]
    elif isinstance(thing, ArrayObject):
        children = list(list.__iter__(thing))
    else:
        return
    for child in children[:_MOST_OBJECTS] if depth else ():
        if not isinstance(child, IndirectObject):
            yield from _inside(child, depth - 1)


def _of_action(thing: DictionaryObject) -> Iterator[Flaw]:
    kind = dict.get(thing, "/S")
    if kind == "/JavaScript" or "/JS" in thing:
        yield Flaw.SCRIPT
    if kind == "/Launch":
        yield Flaw.LAUNCH
    if "/EF" in thing or dict.get(thing, "/Type") == "/EmbeddedFile":
        yield Flaw.FILES_INSIDE


def _font_elsewhere(thing: DictionaryObject) -> str:
    """The name of a font that the reader of the file must have; "" for one that is inside, or everywhere."""
    if dict.get(thing, "/Type") != "/Font" or str(dict.get(thing, "/Subtype"))[1:] not in _OWN_FONTS:
        return ""
    name = str(dict.get(thing, "/BaseFont", ""))[1:].rpartition("+")[2]
    if not name or name.replace(" ", "").startswith(_EVERYWHERE):
        return ""
    descriptor = thing.get("/FontDescriptor")
    descriptor = descriptor.get_object() if descriptor is not None else None
    inside = isinstance(descriptor, DictionaryObject) and any(f"/FontFile{n}" in descriptor for n in ("", "2", "3"))
    return "" if inside else name[:60]
