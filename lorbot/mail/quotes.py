"""What a person newly wrote in a reply, apart from what it quotes, the lines programs add, and signatures.

The writer's words are never lost: where nothing would be left everything is kept, and where it is not certain that
all was found, `unsure` says so. Time is proportional to the text; no library that may take longer sees a long one.
"""

import re
from collections.abc import Iterable
from textwrap import dedent

import quotequail
from lxml.etree import LxmlError

from lorbot.core.value import Text, value
from lorbot.mail.attribution import attribution_end, introduces_somebody
from lorbot.mail.echo import echo_of, fold
from lorbot.mail.hypertext import as_text
from lorbot.mail.limits import PARSER_FAULTS
from lorbot.mail.markers import between_markers
from lorbot.mail.separators import header_block_end, is_rule
from lorbot.mail.signatures import block_start, is_banner, is_delimiter, is_device_line, is_notice

__all__ = ["Words", "between_markers", "own_words", "typed_words"]

MOST_FOR_LIBRARY = 100_000  # characters of HTML
MOST_LINES_FOR_LIBRARY = 400  # it tries some fifty patterns on each

_SHARED = re.compile(
    r"(?P<own>[^\s>].*?\S)(?:\s|--+ ?)(?P<introduction>On (?:[A-Z][a-z]{2,8},? |\d).{1,300}(?:wrote|writes|sent):\s*)$"
)
_BELOW = re.compile(
    r"\b(?:below|in-?line|in line|embedded|interspersed|in (?:red|blue|green|purple|bold|caps|color|colour))\b",
    re.IGNORECASE,
)


@value
class Words:
    """A reply taken apart. `unsure`: something of the writer's may be in `cut`, or of others in `kept`;
    `all_quoted`: all that is kept looks like a quotation.
    """

    kept: Text
    cut: Text = ""
    unsure: bool = False
    all_quoted: bool = False


def own_words(text: str, *, html: str = "", sent: str = "") -> Words:
    """The writer's own words in `text`, in order, answers between quoted lines included.

    `html` is the same mail's HTML part, where quotations may be marked that are not in the text; `sent` is the text
    that the mail may answer.
    """
    lines = _lines(text)
    own, unsure = _divide(lines, _quoted(lines, html, sent), _library_finds("\n".join(lines)))
    _drop_notices(lines, own)
    _drop_signature(lines, own)
    kept = _tidy(line for line, is_own in zip(lines, own, strict=True) if is_own)
    if not kept:
        return Words(kept=text, unsure=bool(text.strip()), all_quoted=bool(text.strip()))
    cut = "\n".join(line for line, is_own in zip(lines, own, strict=True) if not is_own)
    return Words(
        kept=kept, cut=cut, unsure=unsure or (bool(cut.strip()) and len(kept) < 600 and _points_below(kept, cut))
    )


def typed_words(text: str) -> str:
    """All that a person typed above or below the quotation: also what repeats the quoted mail, and a name with titles
    below it. Only lines of devices, notices, a signature below "-- " and what HTML indents are taken off.
    """
    lines = _lines(text)
    quoted, found = _quoted(lines, "", ""), _library_finds("\n".join(lines))
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    end = _separator_end(lines, first, found)
    if end > first and not _is_quoted_next(lines, quoted, end):
        return ""  # an unmarked quotation, and nothing above it
    own, _ = _divide(lines, quoted, found)
    _drop_notices(lines, own)
    return dedent(_tidy(line for line, is_own in zip(lines, own, strict=True) if is_own))


def _lines(text: str) -> list[str]:
    """The lines of a text; one on which an introduction follows the writer's own words becomes two."""
    lines: list[str] = []
    whole = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for line, below in zip(whole, [*whole[1:], ""], strict=True):
        shared = _SHARED.match(line) if below[:1] == ">" and len(line) < 500 else None
        lines.extend((shared["own"], shared["introduction"]) if shared else (line,))
    return lines


def _quoted(lines: list[str], html: str, sent: str) -> list[bool]:
    """Which lines are marked as quoted, here or in the HTML, or repeat what was sent."""
    marked = [
        (line.lstrip()[:1] == ">" and not line.rstrip().endswith("<<")) or _is_barred(lines, at)
        for at, line in enumerate(lines)
    ]
    known = [known for known in (sent, _quoted_in_html(html)) if known.strip()]
    for text in known:
        marked = echo_of(text).marks(lines, marked)
    return marked


def _is_barred(lines: list[str], at: int) -> bool:
    """Whether a line is quoted with bars; a single one may be anything, and a row of a table ends with one."""
    line = lines[at].strip()
    if not line.startswith("|") or (len(line) > 1 and line.endswith("|")):
        return False
    return any(0 <= near < len(lines) and lines[near].lstrip().startswith("|") for near in (at - 1, at + 1))


def _quoted_in_html(html: str) -> str:
    """What the HTML marks as quoted; else all that quotequail finds below the reply."""
    if not html or len(html) > MOST_FOR_LIBRARY:
        return ""
    shown = as_text(html).split("\n")
    marked = [line for line in shown if line.startswith(">")]
    if marked:
        return "\n".join(marked)
    try:
        divided = quotequail.quote_html(html, limit=MOST_FOR_LIBRARY)
    except (LxmlError, *PARSER_FAULTS):
        return ""
    above = "".join(as_text(part) for is_shown, part in divided if is_shown)
    return "\n".join(as_text(part) for is_shown, part in divided if not is_shown) if above.strip() else ""


def _library_finds(text: str) -> tuple[int, int]:
    """The lines by which quotequail sees a quotation introduced, from and up to; (-1, -1) for none."""
    limit = text.count("\n") + 2
    if limit > MOST_LINES_FOR_LIBRARY or len(text) > MOST_FOR_LIBRARY:
        return -1, -1
    before = quotequail.quote(text, limit=limit, quote_intro_line=True)
    through = quotequail.quote(text, limit=limit, quote_intro_line=False) if len(before) > 1 else []
    if len(before) < 2 or len(through) < 2:
        return -1, -1
    start = before[0][1].count("\n") + 1 if before[0][1] else 0
    return start, through[0][1].count("\n") + 1


def _divide(lines: list[str], quoted: list[bool], found: tuple[int, int]) -> tuple[list[bool], bool]:
    """Which lines are the writer's, and whether that is in doubt."""
    own = [False] * len(lines)
    at, wrote, unsure, signed = 0, False, False, False
    while at < len(lines):
        if not lines[at].strip():
            own[at] = not signed
            at += 1
            continue
        end = at if quoted[at] else _separator_end(lines, at, found)
        if quoted[at] or end > at:
            signed = False
        if end > at and not _is_quoted_next(lines, quoted, end):
            if wrote:
                return own, unsure  # an unmarked quotation runs to the end
            unsure = True  # nothing above: a forwarded mail, or an answer below an unmarked quotation
        if end > at:
            at = end
            continue
        signed = signed or (wrote and not quoted[at] and _begins_signature(lines, quoted, at))
        if not (quoted[at] or signed or is_device_line(lines[at]) or is_banner(lines[at])):
            own[at] = True
            wrote = True
        at += 1
    return own, unsure


def _separator_end(lines: list[str], at: int, found: tuple[int, int]) -> int:
    end = max(attribution_end(lines, at), header_block_end(lines, at))
    if not end == at == found[0] or not introduces_somebody(lines[at : found[1]]):
        return end
    # quotequail joins lines from the first that fits; the introduction may begin below the writer's own.
    begins_later = any(attribution_end(lines, below) > below for below in range(at + 1, found[1]))
    return at if begins_later else found[1]


def _is_quoted_next(lines: list[str], quoted: list[bool], at: int) -> bool:
    """Whether the next line with words is marked as quoted. Looks a few lines on."""
    near = next((i for i in range(at, min(at + 6, len(lines))) if lines[i].strip()), -1)
    return near >= 0 and quoted[near]


def _begins_signature(lines: list[str], quoted: list[bool], at: int) -> bool:
    # Where the signature would end is looked for only below a line that may begin one.
    return lines[at][:2] == "--" and is_delimiter(lines, at, _paragraphs_end(lines, quoted, at))


def _paragraphs_end(lines: list[str], quoted: list[bool], at: int) -> int:
    """Where a signature that begins at `at` would end: at a quotation, or so far on that it is none."""
    last = min(at + 25, len(lines))
    for index in range(at + 1, last):
        if quoted[index] or attribution_end(lines, index) > index:
            return index
    return last


def _drop_notices(lines: list[str], own: list[bool]) -> None:
    """Take confidentiality notices out, a paragraph at a time."""
    start = 0
    for at in range(len(lines) + 1):
        if at < len(lines) and lines[at].strip():
            continue
        if at > start and own[start] and is_notice(" ".join(lines[start : min(at, start + 20)])):
            own[start:at] = [False] * (at - start)
        start = at + 1


def _drop_signature(lines: list[str], own: list[bool]) -> None:
    """Take rules and a sure block of titles and addresses off the end."""
    mine = [at for at, is_own in enumerate(own) if is_own]
    while mine and (not lines[mine[-1]].strip() or is_rule(lines[mine[-1]])):
        own[mine.pop()] = False
    for at in mine[block_start([lines[i] for i in mine]) :]:
        own[at] = False


def _tidy(lines: Iterable[str]) -> str:
    """The lines with at most one empty line between them."""
    kept: list[str] = []
    for line in lines:
        if line.strip() or (kept and kept[-1]):
            kept.append(line.rstrip())
    return "\n".join(kept).strip("\n")


def _points_below(kept: str, cut: str) -> bool:
    """Whether the reply speaks of answers in the quoted mail, where they cannot be told from it."""
    return bool(_BELOW.search(kept)) and bool(fold(cut))
