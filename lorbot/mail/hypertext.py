"""HTML of a mail as plain text, with what it marks as quoted behind ">" signs.

Nothing is loaded or run. Where the HTML cannot be parsed, its tags are taken out one after the other.
"""

import html as entities
import re
from collections.abc import Iterator

import lxml.html
from inscriptis import Inscriptis
from lxml.etree import LxmlError

from lorbot.mail.limits import PARSER_FAULTS

MOST_HTML = 500_000  # characters; what is beyond is not read

# Stand for the start and the end of a quotation while the layout is made; private use, so no mail means them.
_OPEN, _CLOSE = "\ue0f1", "\ue0f2"

_UNSEEN = ("script", "style", "head", "title", "template")
_DECLARATION = re.compile(r"<\?xml[^>]{0,200}>|<!--\[if[^>]{0,100}>|<!\[endif\]-->", re.IGNORECASE)
_BREAKING = re.compile(r"/?(?:p|div|br|tr|li|h[1-6]|blockquote|table|ul|ol|hr)\b", re.IGNORECASE)
_CITE_CLASSES = ("gmail_quote", "moz-cite", "yahoo_quoted", "protonmail_quote", "cite")


def as_text(html: str) -> str:
    """The text of a HTML body as a reader sees it, quotations marked line by line."""
    html = html[:MOST_HTML].replace("\0", "").replace(_OPEN, "").replace(_CLOSE, "")
    if not html.strip():
        return ""
    try:
        laid_out = Inscriptis(_marked_tree(html)).get_text()
    except (LxmlError, *PARSER_FAULTS):
        laid_out = strip_tags(html)
    return "\n".join(_with_quote_signs(laid_out)).strip("\n")


def strip_tags(html: str) -> str:
    """Text between the tags, in one pass, for HTML that no parser takes."""
    pieces: list[str] = []
    position = 0
    while (start := html.find("<", position)) >= 0:
        pieces.append(html[position:start])
        end = html.find(">", start)
        if end < 0:
            return entities.unescape("".join(pieces))
        if _BREAKING.match(html, start + 1):
            pieces.append("\n")
        position = end + 1
    pieces.append(html[position:])
    return entities.unescape("".join(pieces))


def _marked_tree(html: str) -> lxml.html.HtmlElement:
    tree = lxml.html.document_fromstring(_DECLARATION.sub("", html))
    for unseen in list(tree.iter(*_UNSEEN)):
        # drop_tree keeps the text that follows the element.
        if unseen.getparent() is not None:
            unseen.drop_tree()
    for quotation in list(tree.iter("blockquote")):
        if _is_cited(quotation):
            quotation.insert(0, _marker(_OPEN, quotation.text or ""))
            quotation.text = None
            quotation.append(_marker(_CLOSE, ""))
    return tree


def _is_cited(quotation: lxml.html.HtmlElement) -> bool:
    """Whether a mail program made this a quotation; Gmail's "indent more" makes a bare blockquote."""
    classes = quotation.get("class", "").lower()
    style = quotation.get("style", "").lower()
    return (
        quotation.get("type", "").lower() == "cite"
        or any(c in classes for c in _CITE_CLASSES)
        or "border-left" in style
    )


def _marker(sign: str, tail: str) -> lxml.html.HtmlElement:
    marker = lxml.html.Element("div")
    marker.text = sign
    marker.tail = tail
    return marker


def _with_quote_signs(laid_out: str) -> Iterator[str]:
    depth = 0
    for line in laid_out.split("\n"):
        opened, closed = line.count(_OPEN), line.count(_CLOSE)
        words = line.replace(_OPEN, "").replace(_CLOSE, "").replace("\xa0", " ").rstrip()
        depth = min(depth + opened, 20)
        if words.strip() or not (opened or closed):
            yield f"{'> ' * depth}{words.lstrip()}".rstrip() if depth else words
        depth = max(depth - closed, 0)
