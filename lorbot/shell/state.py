"""The state folder: who may use it, and the small things in it that belong to no dossier.

Only the daemon's own user can read it. One daemon at a time writes to it. Material files are named by their SHA-256
and by nothing that came in a mail.
"""

import hashlib
import re
import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import field, replace
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import TypeAdapter

from lorbot.core.value import Moment, value
from lorbot.errors import ConfigurationError, MaterialUnreadableError, StateInUseError
from lorbot.shell.atomic import remove_strays, sync_folder, write_file
from lorbot.shell.forgotten import Forgotten

KEY_BYTES = 32


@value
class _Mailbox:
    """What is remembered of the mailbox: when lorbot first saw it, and how far each folder was fetched."""

    first_started_at: Moment | None = None
    cursors: dict[str, tuple[int, int]] = field(default_factory=dict)  # folder: UIDVALIDITY, last UID


class StateFolder:
    """The folder at `path`, made with its subfolders where they are missing, and closed to everybody else.

    Raises ConfigurationError when that cannot be done.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.dossiers = self.path / "dossiers"
        self.spool = self.path / "spool"
        self.quarantine = self.path / "quarantine"
        self.files = self.path / "files"
        self.forgotten = Forgotten(self.path / "forgotten.json")
        self._mailbox_file = self.path / "mailbox.json"
        _make_private(self.path, self._folders())

    def _folders(self) -> tuple[Path, ...]:
        return (self.dossiers, self.spool, self.quarantine, self.files)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the one writer, until left; a killed process frees the lock with it. Clears what such a one left over.

        Raises StateInUseError when another holds it.
        """
        lock = FileLock(self.path / "lock", timeout=0, mode=0o600)
        try:
            lock.acquire()
        except Timeout as error:
            raise StateInUseError(str(self.path)) from error
        try:
            for folder in (self.path, *self._folders()):
                remove_strays(folder)
            yield
        finally:
            lock.release()

    def key(self) -> bytes:
        """The key Message-IDs are signed with: 32 random bytes, made once, readable by the owner alone."""
        path = self.path / "key"
        with FileLock(self.path / "key.lock", timeout=10, mode=0o600):  # two processes must not make two keys
            if not path.exists():
                write_file(path, secrets.token_bytes(KEY_BYTES))
        path.chmod(0o600)
        key = path.read_bytes()
        if len(key) != KEY_BYTES:
            raise ConfigurationError(
                f"the key {path} is damaged ({len(key)} bytes instead of {KEY_BYTES}); restore it from a backup, or "
                "remove it: answers to the mails sent so far are then known by their sender alone"
            )
        return key

    def cursor(self, folder: str) -> tuple[int, int] | None:
        """How far the IMAP folder was fetched: UIDVALIDITY and last UID (RFC 3501 section 2.3.1.1), or None."""
        return self._mailbox().cursors.get(folder)

    def cursors(self) -> dict[str, tuple[int, int]]:
        """Every folder's cursor."""
        return dict(self._mailbox().cursors)

    def set_cursor(self, folder: str, uidvalidity: int, last_uid: int) -> None:
        """Remember that everything up to `last_uid` is in the spool."""
        mailbox = self._mailbox()
        self._write_mailbox(replace(mailbox, cursors=mailbox.cursors | {folder: (uidvalidity, last_uid)}))

    @property
    def started_at(self) -> datetime | None:
        """When lorbot first ran on this state folder, if it ever did."""
        return self._mailbox().first_started_at

    def first_started_at(self, now: datetime) -> datetime:
        """When lorbot first ran on this state folder; `now`, and remembered, if that is now."""
        mailbox = self._mailbox()
        if mailbox.first_started_at is not None:
            return mailbox.first_started_at
        self._write_mailbox(replace(mailbox, first_started_at=now))
        return now

    def keep(self, sha256: str, content: bytes) -> None:
        """Store a material's bytes. Raises ValueError when `sha256` is not their hash."""
        path = self._file(sha256)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise ValueError(f"the content is not that of {sha256}")
        if not path.exists() or path.read_bytes() != content:
            write_file(path, content)

    def content(self, sha256: str) -> bytes:
        """A material's bytes, as they were stored. Raises MaterialUnreadableError when they are not there any more."""
        path = self._file(sha256)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise MaterialUnreadableError(str(path), f"cannot be read ({error.strerror})") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise MaterialUnreadableError(str(path), "is damaged")
        return content

    def sweep(self, live: Collection[str]) -> tuple[str, ...]:
        """Remove the files of materials that no dossier refers to; returns their hashes. Other files are left alone.

        Call it with the hashes of all dossiers, and between two events: a file is kept before its dossier is saved.
        """
        gone = tuple(sorted(p.name for p in self.files.iterdir() if _SHA256.fullmatch(p.name) and p.name not in live))
        for name in gone:
            (self.files / name).unlink()
        sync_folder(self.files)
        return gone

    def drop(self, hashes: Collection[str]) -> None:
        """Remove the files of these materials; also where they are gone already."""
        for sha256 in hashes:
            self._file(sha256).unlink(missing_ok=True)
        sync_folder(self.files)

    def _file(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise ValueError(f"not a SHA-256 in hexadecimal: {sha256!r}")
        return self.files / sha256

    def _mailbox(self) -> _Mailbox:
        try:
            return _MAILBOX.validate_json(self._mailbox_file.read_bytes())
        except FileNotFoundError:
            return _Mailbox()
        except ValueError as error:
            raise ConfigurationError(
                f"{self._mailbox_file} is damaged; restore it from a backup, or remove it: lorbot then begins with the "
                "mail of today"
            ) from error

    def _write_mailbox(self, mailbox: _Mailbox) -> None:
        write_file(self._mailbox_file, _MAILBOX.dump_json(mailbox, indent=1))


def _make_private(folder: Path, parts: tuple[Path, ...]) -> None:
    """Make the folder and its parts, closed to group and others; close them where they are lorbot's own."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_open(folder) and _is_ours(folder):
            folder.chmod(0o700)
        _refuse_open(folder)
        for part in parts:
            part.mkdir(mode=0o700, exist_ok=True)
            part.chmod(0o700)
    except OSError as error:
        raise ConfigurationError(
            f"the state folder {folder} cannot be made, or not be closed to others ({error.strerror}); "
            "mend that, or name another in [state] folder"
        ) from error


def _refuse_open(folder: Path) -> None:
    if _is_open(folder):  # not lorbot's, or on a file system that keeps no permissions
        raise ConfigurationError(
            f"the state folder {folder} can be read by others, and it will hold what applicants and mentors write; "
            f"run `chmod 700 {folder}`, or name another in [state] folder"
        )


def _is_open(folder: Path) -> bool:
    return bool(folder.stat().st_mode & 0o077)


def _is_ours(folder: Path) -> bool:
    """Empty, or made by lorbot: a slip in the configuration must not close /tmp or somebody's home."""
    return (folder / "dossiers").is_dir() or not any(folder.iterdir())


_SHA256 = re.compile(r"[0-9a-f]{64}")
_MAILBOX = TypeAdapter(_Mailbox)
