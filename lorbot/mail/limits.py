"""What is measured on a mail before anything parses it, so that no crafted mail can hold up the daemon.

The measuring itself takes time in proportion to the mail's size. Python's parser recurses once for each nested part
(python/cpython#75630) and compares every line with every open boundary, so depth is bounded first.
"""

import re
from collections.abc import Iterator

from lorbot.errors import UnparseableMailError

MOST_BYTES = 25_000_000
LONGEST_LINE = 16_384  # bytes of one header line, and characters of one header value that are read
MOST_HEADERS = 500
DEEPEST = 60
MOST_PARTS = 300
MOST_COMPARISONS = 20_000_000  # of a line with an open boundary

PARSER_FAULTS = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RecursionError,
    MemoryError,
)
"""What the standard library's mail parser has been seen to raise on odd mail (python/cpython#134155, #151857)."""

# Cut where they are read instead: a mail to a thousand people is still a mail.
_CUT_WHEN_LONG = (b"from", b"to", b"cc", b"bcc", b"reply-to", b"sender", b"subject", b"references", b"in-reply-to")

_LINE_END = re.compile(rb"\r\n|\r|\n")
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_STRUCTURE = re.compile(
    rb"^--(?P<line>[^\r\n]{1,200})"
    rb"|boundary[*0-9]{0,5}\s{0,9}=\s{0,9}\"?(?P<opened>[^\"\s;]{1,200})"
    rb"|^content-type:\s{0,9}(?P<message>message/)",
    re.IGNORECASE | re.MULTILINE,
)
_PART_FIELD = re.compile(rb"^content-[a-z-]{1,40}:", re.IGNORECASE | re.MULTILINE)
_FIELD_END = re.compile(rb"\n(?![ \t])")


def check(raw: bytes, most_bytes: int = MOST_BYTES) -> None:
    """Raises UnparseableMailError, naming the limit, for a mail that goes over one."""
    if len(raw) > most_bytes:
        raise UnparseableMailError(f"the mail has {len(raw)} bytes; the limit is {most_bytes}")
    _check_headers(raw)
    _check_part_fields(raw)
    _check_structure(raw)


def _check_headers(raw: bytes) -> None:
    count = 0
    name = b""
    for line in _header_lines(raw):
        field = _FIELD.match(line)
        if field:
            count += 1
            name = field.group(1).lower()
        if len(line) > LONGEST_LINE and name not in _CUT_WHEN_LONG:
            raise UnparseableMailError(f"a header line has {len(line)} bytes; the limit is {LONGEST_LINE}")
        if count > MOST_HEADERS:
            raise UnparseableMailError(f"the mail has more than {MOST_HEADERS} headers")


def _header_lines(raw: bytes) -> Iterator[bytes]:
    """The lines of the top header, up to the empty line or the first line that is no header."""
    start = 0
    while start < len(raw):
        end = _LINE_END.search(raw, start)
        line = raw[start : end.start() if end else len(raw)]
        known = line[:1] in (b" ", b"\t") or _FIELD.match(line) or (start == 0 and line.startswith(b"From "))
        if not line or not known:
            return
        yield line
        start = end.end() if end else len(raw)


def _check_part_fields(raw: bytes) -> None:
    """Python reads the parameters of Content-Type in time quadratic in their number."""
    position = 0
    while field := _PART_FIELD.search(raw, position):
        end = _FIELD_END.search(raw, field.end())
        position = end.start() if end else len(raw)
        if position - field.start() > LONGEST_LINE:
            raise UnparseableMailError(f"a header of a part has more than {LONGEST_LINE} bytes")


def _check_structure(raw: bytes) -> None:
    """Follow boundaries as they open and close; what is not MIME after all can only be counted too deep."""
    open_boundaries: list[bytes] = []
    parts = 0
    deepest = min(DEEPEST, MOST_COMPARISONS // (raw.count(b"\n") + 1))
    for found in _STRUCTURE.finditer(raw):
        if found["opened"]:
            open_boundaries.append(found["opened"])
        elif found["message"]:
            open_boundaries.append(b"")
        else:
            line = found["line"].rstrip()
            parts += _close(open_boundaries, line)
        if len(open_boundaries) > deepest:
            raise UnparseableMailError(f"the mail nests its parts more than {deepest} levels deep")
        if parts > MOST_PARTS:
            raise UnparseableMailError(f"the mail has more than {MOST_PARTS} parts")


def _close(open_boundaries: list[bytes], line: bytes) -> int:
    """Take a line that starts with "--" off the open boundaries. Returns 1 where a new part begins, else 0."""
    last = line.removesuffix(b"--")
    for boundary, kept in ((line, 1), (last, 0)):
        if boundary and boundary in open_boundaries:
            del open_boundaries[open_boundaries.index(boundary) + kept :]
            return kept
    return 0
