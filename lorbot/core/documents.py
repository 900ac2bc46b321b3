"""What was found in an attached document or table: data only. Found by `lorbot.documents`, put in words by commands."""

from enum import StrEnum

from lorbot.core.value import Line, Text, value

MOST_ROWS = 5_000  # of a table, below its headings
OWN_SHEET = "Your table"
"""The sheet of a workbook of lorbot's own that the applicant changes and sends back."""


class Kind(StrEnum):
    """What a file is, by its content."""

    PDF = "a PDF"
    WORD = "a Word document"  # .docx, and its kin with macros
    OLD_WORD = "an old Word document"  # .doc
    LOCKED_OFFICE = "an Office file with a password"
    OPEN_DOCUMENT = "an OpenDocument text"
    RICH_TEXT = "a rich text file"
    TEXT = "a text file"
    SHEET = "an Excel file"  # .xlsx
    OLD_SHEET = "an old Excel file"  # .xls
    PAGES = "a Pages document"
    PICTURE = "a picture"
    PACKED_MAIL = "a winmail.dat"  # MS-OXTNEF: Outlook's own form of a mail, attachments and all
    EMPTY = "an empty file"
    OTHER = "something else"


class Flaw(StrEnum):
    """What may stand in the way of a document."""

    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    NO_PAGES = "no pages"
    NO_TEXT = "no text"  # pictures of pages, as from a scanner
    SCRIPT = "script"
    LAUNCH = "launch"  # starts a program
    FILES_INSIDE = "files inside"
    FONTS = "fonts not embedded"
    MACROS = "macros"
    CHANGES = "tracked changes"
    COMMENTS = "comments"
    BOMB = "unpacks to something enormous"


DOCUMENTS: dict[Kind, tuple[str, str]] = {
    Kind.PDF: ("pdf", "application/pdf"),
    Kind.WORD: ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    Kind.OLD_WORD: ("doc", "application/msword"),
    Kind.LOCKED_OFFICE: ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    Kind.OPEN_DOCUMENT: ("odt", "application/vnd.oasis.opendocument.text"),
    Kind.RICH_TEXT: ("rtf", "application/rtf"),
    Kind.TEXT: ("txt", "text/plain"),
}
"""What can become a material: the ending of its name, and its media type."""


@value
class Examined:
    """What was found in one file."""

    sha256: Line
    kind: Kind
    looked_into: bool = True  # False: it could not be read to its end within the limits
    pages: int = 0  # 0 where that is not known
    paper: Line = ""  # "A4", "US letter", "21.0 x 21.0 cm"; "" where that is not known
    flaws: tuple[Flaw, ...] = ()
    fonts: tuple[Line, ...] = ()  # those that are not in the file
    rows: tuple[tuple[Text, ...], ...] = ()  # of a table, its headings among them; an empty row is ()
    more_rows: bool = False  # there are more than MOST_ROWS
