"""Files that are whole or not there: the one way the state folder is written.

A reader sees the old content or the new, never a part of either; what `write_file` has returned from survives a power
failure. A temporary file has one fixed name for each target, so a killed process leaves at most one of them there.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tinydb.storages import Storage


def write_file(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Replace `path` by `content`, synced. Raises OSError, and then the old file is as it was."""
    with _written_aside(path, content, mode) as temporary:
        temporary.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames and removals in `folder` last: rename(2) alone survives a killed process, not a power failure."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_strays(folder: Path) -> None:
    """Remove the temporary files a killed process left. Only for the one writer: another's may be in use."""
    for stray in folder.glob(".*.tmp"):
        stray.unlink(missing_ok=True)


def previous_of(path: Path) -> Path:
    """Where the generation before the current one is kept."""
    return path.with_name(f"{path.name}.previous")


class AtomicStorage(Storage):
    """A TinyDB storage that replaces the file as a whole and keeps the generation before.

    TinyDB's own JSONStorage writes in place and truncates after its fsync (msiemens/tinydb#467, #144): a process killed
    in between leaves a file that is not JSON. It also keeps the file open, which after a rename is the wrong file.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)

    def read(self) -> dict[str, dict[str, Any]] | None:
        """The tables; None for a new database. Raises ValueError when the file is empty or not JSON."""
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return None
        if not content:
            raise ValueError("the file is empty")
        tables: dict[str, dict[str, Any]] = json.loads(content)
        return tables

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        """Replace the file. There is a whole current file at every moment. Raises OSError, and then nothing changed."""
        content = json.dumps(data).encode("ascii")
        with _written_aside(self._path, content, 0o600) as temporary:
            _keep_previous(self._path)  # only now: a full disk must not cost the generation before
            temporary.replace(self._path)
        sync_folder(self._path.parent)


@contextmanager
def _written_aside(path: Path, content: bytes, mode: int) -> Iterator[Path]:
    """`content`, synced, under a temporary name beside `path`; the body renames it. Removed when anything fails."""
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        _write_synced(temporary, content, mode)
        yield temporary
    except OSError:
        with suppress(OSError):  # on a read-only disk it was never made
            temporary.unlink()
        raise


def _write_synced(path: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
    try:
        os.fchmod(descriptor, mode)  # a stray of the same name keeps its own mode otherwise
        rest = memoryview(content)
        while rest:  # write(2) may write less than asked, on a nearly full disk without an error
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _keep_previous(path: Path) -> None:
    if not path.exists():
        return  # the first generation
    previous = previous_of(path)
    aside = path.with_name(f".{previous.name}.tmp")
    aside.unlink(missing_ok=True)
    try:
        os.link(path, aside)
    except OSError:  # a file system without hard links: a copy does, the current file is not touched
        write_file(previous, path.read_bytes())
        return
    aside.replace(previous)
    aside.unlink(missing_ok=True)  # rename(2) does nothing between two names of one file, which a crash can leave
