"""Documents and tables made for tests, good and bad: PDF, Word and Excel files, each small enough to read here."""

import zipfile
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from lorbot.sandbox.people import paper

GOOD = paper("Nadia Rahman", "Curriculum vitae", "Lakeside College of Medicine")
A4 = GOOD.replace(b"612 792", b"595 842")
CUT_OFF = GOOD[: len(GOOD) // 2]
WORDLESS = paper("", "")


def pdf(*objects: str | bytes, trailer: str = "") -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalog."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        content = body.encode("latin-1") if isinstance(body, str) else body
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    begin = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    out += f"trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{begin}\n%%EOF\n".encode()
    return bytes(out)


def acting(catalog: str = "", *more: str, page: str = "") -> bytes:
    """A PDF of one page with text, with something in its catalog, on its page, and objects of their own from 6 on."""
    text = "BT /F1 12 Tf 72 720 Td (Nadia Rahman, Curriculum vitae) Tj ET"
    return pdf(
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        f"/Resources << /Font << /F1 5 0 R >> >> {page} >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *more,
    )


def word(body: str = "", *, page: tuple[int, int] = (12_240, 15_840), **parts: str) -> bytes:
    """A Word document; `parts` are further parts of the archive, "__" standing for "/" and "_" for "."."""
    document = (
        f"<w:document><w:body><w:p><w:r><w:t>Nadia Rahman</w:t></w:r></w:p>{body}"
        f'<w:sectPr><w:pgSz w:w="{page[0]}" w:h="{page[1]}"/></w:sectPr></w:body></w:document>'
    )
    names = {name.replace("__", "/").replace("_", "."): content for name, content in parts.items()}
    app = "<Properties><Pages>2</Pages></Properties>"
    return packed({"[Content_Types].xml": "<Types/>", "word/document.xml": document, "docProps/app.xml": app} | names)


def packed(parts: dict[str, Any]) -> bytes:
    """A zip file of these parts."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            how = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(name, content, compress_type=how)
    return out.getvalue()


def excel(*rows: list[Any], formats: dict[str, str] | None = None) -> bytes:
    """An Excel file with these rows; `formats` are number formats of cells ("D2")."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cell, number_format in (formats or {}).items():
        sheet[cell].number_format = number_format
    out = BytesIO()
    book.save(out)
    return out.getvalue()
