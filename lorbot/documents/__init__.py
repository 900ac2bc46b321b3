"""Looking into documents that came by mail: what kind, how many pages, what is wrong. Nothing in them is ever run.

A file may be made to harm whoever opens it, so the daemon never calls this itself: `lorbot.shell.examiner` runs it in
a process of its own, with little memory and time. Findings come step by step, so that those made before a file broke
the reader still count.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pkgutil import resolve_name

from lorbot.core.documents import Examined, Kind
from lorbot.documents.kinds import kind_of

_STEPS = {
    Kind.PDF: "lorbot.documents.pdf:steps",
    Kind.WORD: "lorbot.documents.word:steps",
    Kind.TEXT: "lorbot.documents.tables:steps",
    Kind.SHEET: "lorbot.documents.excel:steps",
}
"""By name, so that a process loads the library for the file it looks into, and the daemon loads none of them."""


def steps(content: bytes) -> Iterator[Examined]:
    """What is found, more at each step; the last has `looked_into` where nothing broke."""
    seen = Examined(sha256=hashlib.sha256(content).hexdigest(), kind=kind_of(content), looked_into=False)
    yield seen
    if seen.kind not in _STEPS:
        yield replace(seen, looked_into=seen.kind is not Kind.OLD_WORD)
        return
    try:
        look: Callable[[Examined, bytes], Iterator[Examined]] = resolve_name(_STEPS[seen.kind])
        for found in look(seen, content):
            seen = found
            yield seen
    except Exception:  # noqa: BLE001 - whatever a crafted file makes a library raise, the file is kept
        return
    yield replace(seen, looked_into=True)


def examined(content: bytes) -> Examined:
    """All that is found."""
    *_, last = steps(content)
    return last
