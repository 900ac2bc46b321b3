"""`run --dry-run`: the daemon with parts that change nothing. Mails are printed, dossiers live in memory."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from lorbot.core.dossier import Dossier
from lorbot.mail.message import parse
from lorbot.parts import Parts
from lorbot.shell.accounts import ImapAccount
from lorbot.shell.atomic import write_file
from lorbot.shell.mailbox import Mailbox
from lorbot.shell.sender import Outcome, Sender, Sent
from lorbot.shell.state import StateFolder
from lorbot.shell.store import Store


class PrintingSender(Sender):
    """Shows each mail instead of sending it."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show

    def send(self, raw: bytes, envelope_from: str, recipients: Sequence[str]) -> Outcome:
        mail = parse(raw)
        names = ", ".join(a.name for a in mail.incoming.attachments)
        enclosed = f"\nEnclosed: {names}" if names else ""
        head = f"From: {envelope_from}\nTo: {', '.join(recipients)}\nSubject: {mail.incoming.subject}{enclosed}"
        self._show(f"--- would send ---\n{head}\n\n{mail.incoming.text.rstrip()}\n")
        return Sent(remark="dry run")


class LookingMailbox(Mailbox):
    """Reads and leaves no trace."""

    def mark(self, folder: str, uid: int, keyword: str) -> bool:  # noqa: ARG002 - nothing is marked
        return False

    def file_sent(self, raw: bytes, at: datetime) -> None:
        """No copy of what was not sent."""


class OverlayStore:
    """The dossiers as they are on disk, with changes that stay in memory."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._changed: dict[str, Dossier] = {}
        self._gone: set[str] = set()

    def ids(self) -> tuple[str, ...]:
        return tuple(sorted({*self._store.ids(), *self._changed} - self._gone))

    def load(self, dossier_id: str) -> Dossier:
        if dossier_id in self._gone:
            raise KeyError(dossier_id)
        return self._changed.get(dossier_id) or self._store.load(dossier_id)

    def save(self, dossier: Dossier) -> None:
        self._changed[dossier.id] = dossier
        self._gone.discard(dossier.id)

    def delete(self, dossier_id: str) -> None:
        self._changed.pop(dossier_id, None)
        self._gone.add(dossier_id)

    def delete_copies(self, dossier_id: str) -> None:
        """There are none in memory."""


class PassingState(StateFolder):
    """The state folder with its key and files, and a spool and cursors of its own that are thrown away."""

    def __init__(self, real: StateFolder, passing: Path) -> None:
        super().__init__(passing)
        self._real = real
        for folder, cursor in real.cursors().items():
            self.set_cursor(folder, *cursor)
        known = real.path / "forgotten.json"
        if known.exists():
            write_file(passing / known.name, known.read_bytes())

    def key(self) -> bytes:
        return self._real.key()

    def first_started_at(self, now: datetime) -> datetime:
        return self._real.started_at or now

    def content(self, sha256: str) -> bytes:
        own = self.files / sha256
        return super().content(sha256) if own.exists() else self._real.content(sha256)


@contextmanager
def dry(parts: Parts, account: ImapAccount, show: Callable[[str], None]) -> Iterator[Parts]:
    """`parts` that look and think, and change nothing."""
    with tempfile.TemporaryDirectory(prefix="lorbot-dry-") as folder:
        folders = parts.mailbox.named
        yield replace(
            parts,
            mailbox=LookingMailbox(account, junk=folders.junk or "", sent=folders.sent or ""),
            sender=PrintingSender(show),
            store=OverlayStore(parts.store),
            state=PassingState(parts.state, Path(folder) / "state"),
        )
