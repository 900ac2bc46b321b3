"""Looking into documents that came by mail: what kind, how many pages, what is wrong. Nothing in them is ever run.

A file may be made to harm whoever opens it, so the daemon never calls this itself: `lorbot.shell.examiner` runs it in
a process of its own, with little memory and time. Findings come step by step, so that those made before a file broke
the reader still count.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace

from lorbot.core.documents import Examined, Kind
from lorbot.documents import pdf, tables, word
from lorbot.documents.kinds import kind_of

_STEPS: dict[Kind, Callable[[Examined, bytes], Iterator[Examined]]] = {
    Kind.PDF: pdf.steps,
    Kind.WORD: word.steps,
    Kind.TEXT: tables.text_steps,
    Kind.SHEET: tables.sheet_steps,
}


def steps(content: bytes) -> Iterator[Examined]:
    """What is found, more at each step; the last has `looked_into` where nothing broke."""
    seen = Examined(sha256=hashlib.sha256(content).hexdigest(), kind=kind_of(content), looked_into=False)
    yield seen
    look = _STEPS.get(seen.kind)
    if look is None:
        yield replace(seen, looked_into=seen.kind is not Kind.OLD_WORD)
        return
    try:
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
