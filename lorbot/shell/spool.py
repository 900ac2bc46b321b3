"""Incoming mails as files, from the moment they are fetched until they are handled.

The state of a mail is its file name, as in debbugs: UIDVALIDITY, UID, attempts, folder. A change of state is one
rename. A mail is in the spool, in quarantine, or done; no crash makes it two of these or none.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from lorbot.errors import ConfigurationError
from lorbot.shell.atomic import sync_folder, write_file

MOST_ATTEMPTS = 3
"""A mail that was begun so often and never done is what brings the process down."""


@dataclass(frozen=True, kw_only=True, order=True)
class Spooled:
    """A mail in the spool, known by where it lay on the server (RFC 3501 section 2.3.1.1)."""

    folder: str
    uidvalidity: int
    uid: int
    attempts: int
    path: Path


class Spool:
    """The spool in `folder`; mails that cannot be handled go to `quarantine` beside it. Both folders exist."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._quarantine = folder.with_name("quarantine")

    def put(self, folder: str, uidvalidity: int, uid: int, raw: bytes) -> Spooled:
        """Keep a mail, synced. The same mail again changes nothing, however often it was attempted."""
        states = [self._as_file(folder, uidvalidity, uid, attempts) for attempts in range(MOST_ATTEMPTS + 1)]
        for known in states:
            if known.path.exists():
                return known
        write_file(states[0].path, raw)
        return states[0]

    def pending(self) -> list[Spooled]:
        """What is to be handled, in the order of the mailbox. Files that are not the spool's are left alone."""
        return sorted(found for path in self._folder.iterdir() if (found := _spooled(path)))

    def raw(self, spooled: Spooled) -> bytes:
        """The mail as it was fetched."""
        return spooled.path.read_bytes()

    def attempt(self, spooled: Spooled) -> Spooled:
        """Count an attempt on disk. Call it before parsing: a mail that kills the process must be known by it.

        Raises ValueError for a mail with `MOST_ATTEMPTS` behind it: that one belongs in quarantine.
        """
        if spooled.attempts >= MOST_ATTEMPTS:
            raise ValueError(f"{spooled.path.name} was attempted {spooled.attempts} times")
        begun = self._as_file(spooled.folder, spooled.uidvalidity, spooled.uid, spooled.attempts + 1)
        spooled.path.replace(begun.path)
        sync_folder(self._folder)
        return begun

    def again(self, spooled: Spooled) -> Spooled:
        """Take an attempt back: it ended for a reason that is not the mail's."""
        before = self._as_file(spooled.folder, spooled.uidvalidity, spooled.uid, max(spooled.attempts - 1, 0))
        spooled.path.replace(before.path)
        sync_folder(self._folder)
        return before

    def done(self, spooled: Spooled) -> None:
        """Forget a mail that was handled; also when it is gone already."""
        spooled.path.unlink(missing_ok=True)
        sync_folder(self._folder)

    def quarantine(self, spooled: Spooled, why: str) -> Path:
        """Move a mail out of the way, with the reason beside it. Returns where it is now."""
        target = self._quarantine / spooled.path.name
        write_file(target.with_name(f"{target.name}.why.txt"), f"{why}\n".encode(errors="backslashreplace"))
        spooled.path.replace(target)
        sync_folder(self._quarantine)
        sync_folder(self._folder)
        return target

    def erase(self, waits: Callable[[bytes], bool], lies: Callable[[bytes], bool]) -> None:
        """Remove the mails in the spool for which `waits` is true, and those in quarantine, with the reasons, for which
        `lies` is.
        """
        for path in [*_meant(self._folder, waits), *_meant(self._quarantine, lies)]:
            path.with_name(f"{path.name}.why.txt").unlink(missing_ok=True)
            path.unlink(missing_ok=True)
        sync_folder(self._folder)
        sync_folder(self._quarantine)

    def _as_file(self, folder: str, uidvalidity: int, uid: int, attempts: int) -> Spooled:
        path = self._folder / f"{uidvalidity}-{uid}-{attempts}-{_encoded(folder)}.eml"
        return Spooled(path=path, folder=folder, uidvalidity=uidvalidity, uid=uid, attempts=attempts)


def _meant(folder: Path, is_meant: Callable[[bytes], bool]) -> list[Path]:
    return [path for path in folder.iterdir() if path.suffix == ".eml" and is_meant(path.read_bytes())]


def _encoded(folder: str) -> str:
    """An IMAP folder's name as part of a file name: percent-encoded, "/" too (RFC 3986 section 2.1)."""
    name = quote(folder, safe="")
    if len(name) > _LONGEST:
        raise ConfigurationError(
            f"the IMAP folder {folder!r} has too long a name to keep its mails in files; watch one with a shorter name"
        )
    return name


def _spooled(path: Path) -> Spooled | None:
    parts = _NAME.fullmatch(path.name)
    if parts is None:
        return None
    uidvalidity, uid, attempts = (int(number) for number in parts.groups()[:3])
    return Spooled(path=path, folder=unquote(parts[4]), uidvalidity=uidvalidity, uid=uid, attempts=attempts)


_NAME = re.compile(r"(\d{1,10})-(\d{1,10})-(\d)-([^/]+)\.eml")
_LONGEST = 200  # bytes; a file name may have 255, with the numbers, "." and ".eml.why.txt.tmp"
