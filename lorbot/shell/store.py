"""Where dossiers are kept: a protocol, and one TinyDB database for each applicant.

A dossier file is the transaction: a save is one atomic replacement. A file that cannot be read gives way to its
previous version, aloud; nothing is ever thrown away in doing so. An id never becomes a path unchecked.
"""

import json
import re
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError
from tinydb import TinyDB

from lorbot.core.correspondence import Mail, Progress
from lorbot.core.dossier import Dossier
from lorbot.errors import DossierTooNewError, DossierUnreadableError
from lorbot.shell import tables
from lorbot.shell.atomic import AtomicStorage, previous_of, sync_folder, write_file


class Store(Protocol):
    """What the daemon asks of a place that keeps dossiers."""

    def ids(self) -> tuple[str, ...]:
        """Every dossier there is."""

    def load(self, dossier_id: str) -> Dossier:
        """The dossier. Raises KeyError when there is none and DossierUnreadableError when it cannot be read."""

    def save(self, dossier: Dossier) -> None:
        """Keep the dossier, all of it or nothing; once this returns it survives a power failure."""

    def delete(self, dossier_id: str) -> None:
        """Erase the dossier and its copies; also when it is gone already."""

    def delete_copies(self, dossier_id: str) -> None:
        """Erase what is kept of the dossier beside the dossier itself: earlier versions, broken ones."""


def _warn(words: str) -> None:
    warnings.warn(words, RuntimeWarning, stacklevel=4)


class TinyStore:
    """Dossiers as `<id>.json` in `folder`, each a TinyDB database that plain TinyDB can open.

    `on_repair` is told, in words for the operator, when a previous version had to be used.
    """

    def __init__(self, folder: Path, on_repair: Callable[[str], None] = _warn) -> None:
        self._folder = folder
        self._on_repair = on_repair

    def ids(self) -> tuple[str, ...]:
        """Every dossier there is, sorted; one whose current file was lost but not its previous version, too."""
        names = (_FILE.fullmatch(path.name) for path in self._folder.iterdir())
        return tuple(sorted({name[1] for name in names if name}))

    def load(self, dossier_id: str) -> Dossier:
        """The dossier, migrated to this schema; from its previous version when the current file is broken.

        Raises KeyError when there is none and DossierUnreadableError when neither version can be read.
        """
        path = self._path(dossier_id)
        if not path.exists() and not previous_of(path).exists():
            raise KeyError(dossier_id)
        try:
            return self._read(path, dossier_id)
        except ValueError as error:
            return self._repair(path, dossier_id, _in_words(error))

    def save(self, dossier: Dossier) -> None:
        """Write the dossier in one replacement. Raises OSError, and then the old one is as it was."""
        with TinyDB(self._path(dossier.id), storage=AtomicStorage) as database:
            database.storage.write(tables.written(dossier))

    def delete(self, dossier_id: str) -> None:
        """Remove the dossier and every copy of it. The current file goes last, so that a crash can be made good."""
        self.delete_copies(dossier_id)
        self._path(dossier_id).unlink(missing_ok=True)
        sync_folder(self._folder)

    def delete_copies(self, dossier_id: str) -> None:
        """Remove the previous version of the dossier, and what was kept of broken files and of older schemas."""
        path = self._path(dossier_id)
        for copy in (*self._folder.glob(f"{dossier_id}.*"), *self._folder.glob(f".{dossier_id}.*")):
            if copy != path:
                copy.unlink(missing_ok=True)
        sync_folder(self._folder)

    def _path(self, dossier_id: str) -> Path:
        if not _ID.fullmatch(dossier_id):
            raise ValueError(f"not the id of a dossier: {dossier_id!r}")
        return self._folder / f"{dossier_id}.json"

    def _read(self, path: Path, dossier_id: str) -> Dossier:
        found = tables.checked(_found(path))
        schema = tables.schema_of(found)
        if schema > tables.SCHEMA:
            raise DossierTooNewError(str(path), schema, tables.SCHEMA)
        dossier = tables.dossier_in(found, schema)
        if dossier.id != dossier_id:
            raise ValueError(f"it holds the dossier {dossier.id}")
        if schema < tables.SCHEMA:
            self._keep_migrated(path, f"{dossier_id}.schema{schema}.json")
        return dossier

    def _keep_migrated(self, path: Path, name: str) -> None:
        kept = self._folder / name
        if not kept.exists():
            write_file(kept, path.read_bytes())

    def _repair(self, path: Path, dossier_id: str, why: str) -> Dossier:
        try:
            dossier = _in_doubt(self._read(previous_of(path), dossier_id))
        except ValueError as error:
            raise DossierUnreadableError(str(path), why) from error
        aside = self._keep_broken(path, dossier_id)
        content = json.dumps(tables.written(dossier)).encode("ascii")
        write_file(path, content)  # not `save`: the broken one is not its previous version
        self._on_repair(
            f"the dossier {path} could not be read ({why}); its previous version is used, so what was last decided is "
            f"lost; {aside}"
        )
        return dossier

    def _keep_broken(self, path: Path, dossier_id: str) -> str:
        if not path.exists():
            return "nothing was left of the file itself"
        taken = len(list(self._folder.glob(f"{dossier_id}.broken-*.json")))
        kept = self._folder / f"{dossier_id}.broken-{taken + 1}.json"
        write_file(kept, path.read_bytes())
        return f"what was found is kept as {kept.name}"


def _found(path: Path) -> object:
    try:
        with TinyDB(path, storage=AtomicStorage) as database:
            found = database.storage.read()
    except OSError as error:
        raise DossierUnreadableError(str(path), error.strerror or str(error)) from error
    if found is None:
        raise ValueError("the file is gone")
    return found


def _in_doubt(dossier: Dossier) -> Dossier:
    """A previous version does not know what has been sent since: what it holds as waiting may be gone already."""
    return replace(dossier, mails=tuple(_doubted(mail) for mail in dossier.mails))


def _doubted(mail: Mail) -> Mail:
    if mail.progress not in {Progress.QUEUED, Progress.SENDING}:
        return mail
    return replace(mail, progress=Progress.UNKNOWN, remark="the dossier was restored from its previous version")


def _in_words(error: ValueError) -> str:
    """Why, without what was found there: the words go to a log."""
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors()[0]
    return f"{'.'.join(str(step) for step in first['loc']) or 'tables'}: {first['msg']}"


_ID = re.compile(r"d[0-9a-f]{12}")
_FILE = re.compile(r"(d[0-9a-f]{12})\.json(?:\.previous)?")
