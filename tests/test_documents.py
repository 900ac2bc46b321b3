"""Looking into documents: what is found in good and bad ones, and that no crafted one holds anything up."""

import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO

import papers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from papers import acting, excel, packed, pdf, word
from pypdf import PdfWriter

from lorbot.core.documents import MOST_ROWS, Examined, Flaw, Kind
from lorbot.documents import examined
from lorbot.shell.examiner import Examiner, NoExaminer

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def found(content: bytes) -> tuple[Kind, int, str, tuple[Flaw, ...]]:
    seen = examined(content)
    return seen.kind, seen.pages, seen.paper, seen.flaws


# -- what a file is ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (papers.GOOD, Kind.PDF),
        (b"\r\n\r\n" + papers.GOOD, Kind.PDF),
        (word(), Kind.WORD),
        (OLE + "WordDocument".encode("utf-16-le"), Kind.OLD_WORD),
        (OLE + "EncryptedPackage".encode("utf-16-le"), Kind.LOCKED_OFFICE),
        (OLE + "Workbook".encode("utf-16-le"), Kind.OLD_SHEET),
        (OLE, Kind.OTHER),
        (b"{\\rtf1\\ansi Nadia}", Kind.RICH_TEXT),
        (packed({"mimetype": "application/vnd.oasis.opendocument.text"}), Kind.OPEN_DOCUMENT),
        (packed({"Index/Document.iwa": "x"}), Kind.PAGES),
        (packed({"a": "b"}), Kind.OTHER),
        (excel(["name"]), Kind.SHEET),
        (b"\x78\x9f\x3e\x22\x01\x00", Kind.PACKED_MAIL),
        (b"\x89PNG\r\n\x1a\n", Kind.PICTURE),
        (b"\xff\xd8\xff\xe0", Kind.PICTURE),
        (b"\x00\x00\x00\x18ftypheic\x00", Kind.PICTURE),
        ("Éducation\n2027: Lakeside".encode(), Kind.TEXT),
        ("Éducation\n2027: Lakeside".encode("cp1252"), Kind.TEXT),
        ("Éducation".encode("utf-16"), Kind.TEXT),
        (b"", Kind.EMPTY),
        (b" \r\n", Kind.EMPTY),
        (bytes(range(256)) * 4, Kind.OTHER),
    ],
)
def test_a_file_is_what_its_content_is(content: bytes, kind: Kind) -> None:
    assert examined(content).kind is kind


# -- PDF ---------------------------------------------------------------------------------------------------------

SCRIPT = "<< /S /JavaScript /JS (app.alert(1)) >>"


@pytest.mark.parametrize(
    ("content", "pages", "paper", "flaws"),
    [
        (papers.GOOD, 1, "US letter", ()),
        (papers.A4, 1, "A4", ()),
        (papers.GOOD.replace(b"612 792", b"567 567"), 1, "20.0 x 20.0 cm", ()),
        (papers.WORDLESS, 1, "US letter", (Flaw.NO_TEXT,)),
        (papers.CUT_OFF, 0, "", (Flaw.DAMAGED,)),
        (b"%PDF-1.7\n%%EOF\n", 0, "", (Flaw.DAMAGED,)),
        (pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>"), 0, "", (Flaw.NO_PAGES,)),
        (acting(f"/OpenAction {SCRIPT}"), 1, "US letter", (Flaw.SCRIPT,)),
        (acting("/Names << /JavaScript << /Names [(a) 6 0 R] >> >>", SCRIPT), 1, "US letter", (Flaw.SCRIPT,)),
        (acting("", SCRIPT, page="/AA << /O 6 0 R >>"), 1, "US letter", (Flaw.SCRIPT,)),
        (acting("/OpenAction << /S /Launch /F (calc.exe) >>"), 1, "US letter", (Flaw.LAUNCH,)),
        (acting("/OpenAction << /S /URI /URI (https://a.example) >>"), 1, "US letter", ()),
        (acting("", "<< /Type /Filespec /F (a.exe) /EF << /F 7 0 R >> >>"), 1, "US letter", (Flaw.FILES_INSIDE,)),
        (acting("", "<< /Type /Font /Subtype /TrueType /BaseFont /Garamond >>"), 1, "US letter", (Flaw.FONTS,)),
        (acting("", "<< /Type /Font /Subtype /TrueType /BaseFont /ArialMT >>"), 1, "US letter", ()),
    ],
)  # fmt: skip
def test_what_is_found_in_a_pdf(content: bytes, pages: int, paper: str, flaws: tuple[Flaw, ...]) -> None:
    assert found(content) == (Kind.PDF, pages, paper, flaws)
    assert examined(content).looked_into


def test_a_font_that_is_in_the_file_is_no_flaw() -> None:
    descriptor = "<< /Type /FontDescriptor /FontFile2 8 0 R >>"
    font = "<< /Type /Font /Subtype /TrueType /BaseFont /ABCDEF+Garamond /FontDescriptor 7 0 R >>"
    assert examined(acting("", font, descriptor, "<< /Length 0 >>\nstream\n\nendstream")).flaws == ()
    assert examined(acting("", font, "<< /Type /FontDescriptor >>")).fonts == ("Garamond",)


@pytest.mark.parametrize(
    "lock",
    [
        "<< /Filter /Standard /V 1 /R 2 /O <" + "41" * 32 + "> /U <" + "42" * 32 + "> /P -4 >>",
        "<< /Filter /Standard /V 5 /R 6 /Length 256 /O <" + "41" * 48 + "> /U <" + "42" * 48 + "> /P -4 "
        "/CF << /StdCF << /CFM /AESV3 >> >> /StmF /StdCF /StrF /StdCF /OE <" + "41" * 32 + "> /UE <" + "41" * 32 + "> "
        "/Perms <" + "41" * 16 + "> >>",
        "<< /Filter /Nobody >>",
    ],
)
def test_a_locked_pdf_is_known_and_not_decrypted(lock: str) -> None:
    content = pdf(
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>", lock,
        trailer="/Encrypt 3 0 R /ID [<41414141> <41414141>]",
    )  # fmt: skip
    assert examined(content).flaws == (Flaw.ENCRYPTED,)


def test_a_pdf_that_opens_without_a_password_but_is_restricted_is_locked_too() -> None:
    writer, out = PdfWriter(clone_from=BytesIO(papers.GOOD)), BytesIO()
    writer.encrypt("", "owner", algorithm="RC4-128")
    writer.write(out)
    assert examined(out.getvalue()).flaws == (Flaw.ENCRYPTED,)


# -- Word --------------------------------------------------------------------------------------------------------

INSERTED = '<w:ins w:id="1" w:author="Mentor"><w:r><w:t>not</w:t></w:r></w:ins>'
SOMETHING = '<w:comment w:id="1"><w:p/></w:comment>'


@pytest.mark.parametrize(
    ("content", "pages", "paper", "flaws"),
    [
        (word(), 2, "US letter", ()),
        (word(page=(11_906, 16_838)), 2, "A4", ()),
        (word(page=(15_840, 12_240)), 2, "US letter", ()),
        (word(INSERTED), 2, "US letter", (Flaw.CHANGES,)),
        (word(INSERTED.replace("w:ins", "w:del")), 2, "US letter", (Flaw.CHANGES,)),
        (word(word__header1_xml=INSERTED), 2, "US letter", (Flaw.CHANGES,)),
        (word("<w:insideH/><w:instrText>w:author</w:instrText>"), 2, "US letter", ()),
        (word(word__comments_xml=SOMETHING), 2, "US letter", (Flaw.COMMENTS,)),
        (word(word__comments_xml="<w:comments/>"), 2, "US letter", ()),
        (word(word__vbaProject_bin="x"), 2, "US letter", (Flaw.MACROS,)),
        (word(word__embeddings__a_bin="x"), 2, "US letter", (Flaw.FILES_INSIDE,)),
        (word()[:-40], 0, "", (Flaw.DAMAGED,)),
        (packed({"word/document.xml": ""}), 0, "", (Flaw.DAMAGED,)),
        (packed({"word/document.xml": "x", "a": b"\0" * 90_000_000}), 0, "", (Flaw.BOMB,)),
    ],
)
def test_what_is_found_in_a_word_document(content: bytes, pages: int, paper: str, flaws: tuple[Flaw, ...]) -> None:
    assert found(content) == (Kind.WORD, pages, paper, flaws)


# -- tables ------------------------------------------------------------------------------------------------------

ROWS = (("name", "email"), ("Dr. José Lopez", "lopez@hospital.example"), (), ("Kim", ""))
PLAIN = "name,email\nDr. José Lopez,lopez@hospital.example\n\nKim,\n"


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("cp1252"),
        PLAIN.encode("utf-16"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace(",", ";").encode("cp1252"),
        PLAIN.replace(",", "\t").encode("utf-16"),
        PLAIN.replace("Dr. José Lopez", '"Dr. José Lopez"').encode(),
        excel(["name", "email"], ["Dr. José Lopez", " lopez@hospital.example "], [], ["Kim"]),
        excel(["name", "email", None], ["Dr. José Lopez", "lopez@hospital.example"], [None, ""], ["Kim", None]),
    ],
)
def test_a_table_is_read_however_it_was_saved(content: bytes) -> None:
    rows = examined(content).rows
    assert [tuple(cell for cell in row if cell) for row in rows] == [tuple(c for c in row if c) for row in ROWS]


def test_excel_names_its_separator_in_a_line_of_its_own() -> None:
    assert examined(b"sep=;\r\nname;email\r\nKim;a,b\r\n").rows == ((), ("name", "email"), ("Kim", "a,b"))


def test_a_cell_with_several_lines_is_one_cell() -> None:
    assert examined(b'name,how\n"Kim","two\nlines"\n').rows[1] == ("Kim", "two\nlines")


def test_excel_shows_values_and_not_its_own_forms_of_them() -> None:
    content = excel(
        ["since", "day", "number", "yes", "moment"],
        [date(2027, 3, 1), date(2027, 3, 5), 2027.0, True, datetime(2027, 3, 1, 9, 30)],  # noqa: DTZ001 - as Excel's
        formats={"A2": "[$-de-DE]mmm\\-yy", "B2": "d-mmm-yy"},
    )
    assert examined(content).rows[1] == ("March 2027", "2027-03-05", "2027", "yes", "2027-03-01 09:30")


def test_a_formula_is_its_last_value_and_never_itself() -> None:
    assert "SUM" not in str(examined(excel(["name", "total"], ["Kim", "=SUM(1,2)"])).rows)


@pytest.mark.parametrize(("rows", "more"), [(MOST_ROWS, False), (MOST_ROWS + 1, True)])
def test_a_table_may_have_so_many_rows(rows: int, more: bool) -> None:
    seen = examined(b"name,email\n" + b"Kim,k\n" * rows)
    assert (len(seen.rows), seen.more_rows) == (MOST_ROWS + 1, more)


# -- nothing crafted holds it up -----------------------------------------------------------------------------------


def deep_pages(levels: int) -> bytes:
    """A tree of pages that is all trunk."""
    kids = [f"<< /Type /Pages /Parent {n - 1} 0 R /Kids [{n + 1} 0 R] /Count 1 >>" for n in range(2, levels + 2)]
    leaf = f"<< /Type /Page /Parent {levels + 1} 0 R /MediaBox [0 0 612 792] >>"
    return pdf("<< /Type /Catalog /Pages 2 0 R >>", *kids, leaf)


def turning_pages() -> bytes:
    """A tree of pages that holds itself, many times."""
    kids = " ".join(["2 0 R"] * 50)
    return pdf("<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count 99999999 >>")


def nested(times: int) -> bytes:
    return pdf("<< /Type /Catalog /Pages 2 0 R /A " + "[" * times + "]" * times + " >>", "<< /Type /Pages /Kids [] >>")


def bomb(layers: int) -> bytes:
    """A page whose text unpacks to something enormous, in several layers."""
    content = b"BT (a) Tj ET " * 30_000_000
    for _ in range(layers):
        content = zlib.compress(content, 9)
    filters = " ".join(["/FlateDecode"] * layers)
    stream = f"<< /Length {len(content)} /Filter [{filters}] >>\nstream\n".encode() + content + b"\nendstream"
    return pdf(
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << >> >>", stream,
    )  # fmt: skip


def laughing() -> bytes:
    """An Excel file whose text would grow a billion times (CVE-2003-1564)."""
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    sheet = f"<?xml version='1.0'?><!DOCTYPE x [{entities}]><worksheet><sheetData><row r='1'><c t='str'><v>&a11;</v>"
    return packed({"[Content_Types].xml": sheet, "xl/workbook.xml": sheet, "xl/worksheets/sheet1.xml": sheet})


CRAFTED: dict[str, Callable[[], bytes]] = {
    "a deep tree of pages": lambda: deep_pages(5_000),
    "pages that hold themselves": turning_pages,
    "deep lists": lambda: nested(100_000),
    "a bomb": lambda: bomb(2),
    "a billion laughs": laughing,
    "an Excel bomb": lambda: packed({"xl/workbook.xml": "x", "a": b"\0" * 90_000_000}),
    "a million empty rows": lambda: b"name\n" + b"\n" * 1_000_000,
    "one cell without end": lambda: b'name\n"' + b"x" * 9_000_000,
    "nothing but separators": lambda: b"," * 9_000_000,
    "nothing but brackets": lambda: b"%PDF-1.7\n1 0 obj\n" + b"<<" * 500_000 + b"\nstartxref\n9\n%%EOF",
}


@pytest.mark.parametrize("name", CRAFTED)
def test_a_crafted_file_costs_little_time_and_is_kept(name: str) -> None:
    content = CRAFTED[name]()
    began = time.monotonic()
    (seen,) = Examiner(seconds=10).examine([content])
    assert time.monotonic() - began < 12
    assert seen.kind in {Kind.PDF, Kind.SHEET, Kind.TEXT}


def test_what_takes_too_long_is_not_looked_into() -> None:
    late = Examiner(seconds=0)
    assert [(s.kind, s.looked_into) for s in late.examine([papers.GOOD])] == [(Kind.PDF, False)]
    (seen,) = NoExaminer().examine([papers.GOOD])
    assert (seen.kind, seen.looked_into, seen.pages) == (Kind.PDF, False, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not keep to RLIMIT_AS")
def test_a_process_without_memory_is_given_up() -> None:
    starved, large = Examiner(megabytes=1), papers.GOOD + b"\n%" + b"x" * 30_000_000
    assert [(s.kind, s.looked_into) for s in starved.examine([large])] == [(Kind.PDF, False)]
    assert [s.looked_into for s in Examiner().examine([large])] == [True]


def test_the_process_gets_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, str] = {}

    def run(command: list[str], **how: object) -> object:
        given.update(how["env"])  # type: ignore[call-overload]
        raise OSError("not today")

    monkeypatch.setenv("LORBOT_MAILBOX__PASSWORD", "secret")
    monkeypatch.setattr("lorbot.shell.examiner.subprocess.run", run)
    assert not Examiner().examine([papers.GOOD])[0].looked_into
    assert sorted(given) == ["OPENBLAS_NUM_THREADS", "PYTHONDONTWRITEBYTECODE", "PYTHONPATH"]


def test_the_daemon_loads_no_library_that_opens_documents() -> None:
    code = (
        "import sys, lorbot.shell.examiner, lorbot.attached; print({'pypdf', 'openpyxl', 'numpy'} & set(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


SEEDS = (papers.GOOD, acting(f"/OpenAction {SCRIPT}"), word(INSERTED), excel(["name", "email"], ["Kim", "k"]), b"a,b\n")


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 6_000), st.binary(max_size=6)), max_size=8))
def test_whatever_the_bytes_something_is_found(seed: bytes, changes: list[tuple[int, bytes]]) -> None:
    content = bytearray(seed)
    for at, new in changes:
        begin = at % (len(content) + 1)
        content[begin : begin + len(new)] = new
    assert isinstance(examined(bytes(content)), Examined)


@settings(deadline=None, max_examples=100)
@given(st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04word/document", b"PK\x03\x04xl/workbook", OLE]), st.binary())
def test_whatever_follows_a_known_beginning_something_is_found(beginning: bytes, rest: bytes) -> None:
    assert isinstance(examined(beginning + rest + b"%%EOF"), Examined)
