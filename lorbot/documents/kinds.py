"""What a file is, by its first bytes and the names inside it: nothing is unpacked, and its own name is not believed."""

from lorbot.core.documents import Kind

_HEAD = 1024  # where a PDF may begin (ISO 32000-1, annex H.3.4.1)
_BEGINNINGS: tuple[tuple[bytes, Kind], ...] = (
    (b"{\\rtf", Kind.RICH_TEXT),
    (b"\x78\x9f\x3e\x22", Kind.PACKED_MAIL),  # MS-OXTNEF 2.1.3.1
    (b"\x89PNG\r\n", Kind.PICTURE),
    (b"\xff\xd8\xff", Kind.PICTURE),
    (b"GIF8", Kind.PICTURE),
    (b"II*\x00", Kind.PICTURE),
    (b"MM\x00*", Kind.PICTURE),
)
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IN_ZIP: tuple[tuple[bytes, Kind], ...] = (
    (b"word/document", Kind.WORD),
    (b"xl/workbook", Kind.SHEET),
    (b"application/vnd.oasis.opendocument.text", Kind.OPEN_DOCUMENT),
    (b"Index/Document.iwa", Kind.PAGES),
)
_IN_OLE: tuple[tuple[str, Kind], ...] = (  # names of the streams of a compound file, MS-CFB 2.6.1
    ("EncryptedPackage", Kind.LOCKED_OFFICE),
    ("WordDocument", Kind.OLD_WORD),
    ("Workbook", Kind.OLD_SHEET),
)
_MOSTLY = 0.02  # so many control characters a text may hold


def kind_of(content: bytes) -> Kind:
    """The kind of `content`. Takes time in proportion to its length."""
    if not content.strip(b"\x00\t\n\r "):
        return Kind.EMPTY
    if b"%PDF-" in content[:_HEAD]:
        return Kind.PDF
    if content[8:12] in {b"WEBP", b"heic", b"mif1"}:
        return Kind.PICTURE
    return _by_beginning(content) or (Kind.TEXT if _is_text(content) else Kind.OTHER)


def _by_beginning(content: bytes) -> Kind | None:
    for beginning, kind in _BEGINNINGS:
        if content.startswith(beginning):
            return kind
    if content.startswith(_ZIP):
        return next((kind for name, kind in _IN_ZIP if name in content), Kind.OTHER)
    if content.startswith(_OLE):
        return next((kind for name, kind in _IN_OLE if name.encode("utf-16-le") in content), Kind.OTHER)
    return None


def text_of(content: bytes) -> str:
    """A text file as text: UTF-8 and UTF-16 with their mark, UTF-8 without, else Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _is_text(content: bytes) -> bool:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if b"\x00" in content:
        return False
    start = content[:100_000]
    controls = sum(start.count(bytes([code])) for code in range(32) if code not in b"\t\n\r\f\x1b")
    return controls <= len(start) * _MOSTLY
