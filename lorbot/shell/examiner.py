"""Looking into attached documents, each in a process of its own: with little memory and time, and no secrets.

A file is never lost to its examination: what breaks the reader is simply not looked into.
"""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import replace

import structlog
from pydantic import TypeAdapter

from lorbot.core.documents import Examined
from lorbot.documents.kinds import kind_of

log = structlog.get_logger()

SECONDS = 15  # for one document
SECONDS_A_MAIL = 45
MEGABYTES = 700  # of address space, Python and its libraries among them

_EXAMINED = TypeAdapter(Examined)


class Examiner:
    """`seconds` and `megabytes` bound the examination of one document."""

    def __init__(self, *, seconds: int = SECONDS, megabytes: int = MEGABYTES) -> None:
        self._seconds, self._megabytes = seconds, megabytes

    def examine(self, contents: Iterable[bytes]) -> tuple[Examined, ...]:
        """What is found in each; after SECONDS_A_MAIL the others are not looked into."""
        until = time.monotonic() + SECONDS_A_MAIL
        return tuple(self._one(content, until - time.monotonic()) for content in contents)

    def _one(self, content: bytes, left: float) -> Examined:
        nothing = Examined(sha256=hashlib.sha256(content).hexdigest(), kind=kind_of(content), looked_into=False)
        if left <= 0:
            return nothing
        said = self._said(content, min(self._seconds, left))
        found = [f for f in (_in(line) for line in said.split(b"\n")) if f and f.sha256 == nothing.sha256]
        if not found or not found[-1].looked_into:
            log.warning("a document could not be looked into", sha256=nothing.sha256, kind=nothing.kind.value)
        return found[-1] if found else nothing

    def _said(self, content: bytes, seconds: float) -> bytes:
        """What the process printed until its end, or until its time was over."""
        command = [sys.executable, "-P", "-m", "lorbot.documents", str(self._seconds), str(self._megabytes)]
        paths = os.pathsep.join(path for path in sys.path if path)
        environment = {
            "PYTHONPATH": paths,
            "PYTHONDONTWRITEBYTECODE": "1",
            "OPENBLAS_NUM_THREADS": "1",  # numpy, where openpyxl finds it, takes address space for each thread
        }
        try:
            done = subprocess.run(  # noqa: S603 - lorbot itself
                command, input=content, env=environment, capture_output=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired as late:
            return late.stdout or b""
        except OSError as error:
            log.warning("documents cannot be looked into", why=str(error))
            return b""
        return done.stdout


def _in(line: bytes) -> Examined | None:
    """A finding, or None for a line that was cut by the end of the process."""
    try:
        return _EXAMINED.validate_json(line)
    except ValueError:
        return None


class NoExaminer(Examiner):
    """Looks into nothing: what a file is, by its first bytes."""

    def examine(self, contents: Iterable[bytes]) -> tuple[Examined, ...]:
        return tuple(replace(self._one(content, 0), looked_into=False) for content in contents)
