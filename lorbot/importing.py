"""An export read back: checked as a whole before anything is kept, and never unpacked onto the disk by its own names.

What is read is equal to what was exported. What waited then is in doubt now, since it may have left after the export
was made: docs/export.md says what follows from that.
"""

import hashlib
import json
import re
import stat
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from lorbot.core import outgoing
from lorbot.core.correspondence import Mail, Progress
from lorbot.core.dossier import Dossier
from lorbot.enrolment import ids_of
from lorbot.errors import DossierTooNewError, DossierUnreadableError, ImportRefusedError
from lorbot.export import DOSSIER, FORMAT, VERSION
from lorbot.mail import thread
from lorbot.parts import Parts
from lorbot.shell import tables

MOST_FILES = 20_000
MOST_BYTES = 300_000_000  # unpacked; the documents and mails of one applicant are far below
ENCRYPTED = 0x1  # of a zip entry's flags
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an export holds: the dossier, its documents by hash, and the names of those that are not in it."""

    dossier: Dossier
    materials: dict[str, bytes]
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Installed:
    """The dossier as it is kept now, whether it took the place of another, and the documents to be sent in again."""

    dossier: Dossier
    replaced: bool
    missing: tuple[str, ...]


def read(path: Path) -> Imported:
    """The export in the file. Raises ImportRefusedError where it is damaged, foreign, too new or not to be trusted."""
    try:
        with ZipFile(path) as archive:
            return _read(archive, path)
    except OSError as error:
        raise ImportRefusedError(path, f"cannot be read ({error.strerror or error})", "mend that") from error
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise ImportRefusedError(
            path, f"is no zip file, or a damaged one ({error})", "take the file as it came, from the mail itself"
        ) from error


def install(imported: Imported, parts: Parts, now: datetime, *, over_existing: bool, path: Path) -> Installed:
    """Keep what was read, under the lock. Raises ImportRefusedError where the applicant has a dossier already, unless
    it is to be replaced.
    """
    email = imported.dossier.applicant.email
    own = ids_of(parts.state, email)
    existing = _dossiers_of(parts, email, own)
    if existing and not over_existing:
        raise ImportRefusedError(
            path,
            f"is about {email}, who has a dossier here already",
            "to put the one in the file in its place, add --replace",
        )
    dossier = imported.dossier
    if dossier.id not in own:  # made by another lorbot, with another key
        dossier = _signed_here(dossier, own[-1], parts.state.key())
    for sha256, content in imported.materials.items():
        parts.state.keep(sha256, content)
    parts.store.save(outgoing.restored(dossier, now))
    for other in set(existing) - {dossier.id}:
        parts.store.delete(other)
    parts.state.forgotten.come_back(email)
    missing = tuple(name for name in imported.missing if not _is_here(parts, dossier, name))
    return Installed(dossier=dossier, replaced=bool(existing), missing=missing)


# -- reading -------------------------------------------------------------------------------------------------------


def _read(archive: ZipFile, path: Path) -> Imported:
    entries = _checked(archive, path)
    manifest = _manifest(archive, entries, path)
    dossier = _dossier(manifest, path)
    files = {name: _content(archive, entries, name, sha256, path) for name, sha256 in manifest["files"].items()}
    materials: dict[str, bytes] = {}
    for sha256, name in manifest["materials"].items():
        content = files.get(name)
        if content is None or hashlib.sha256(content).hexdigest() != sha256:
            raise _damaged(path, f"{name} is not the document it should be")
        materials[sha256] = content
    wanted = {m.sha256 for m in dossier.materials}
    missing = tuple(m.name for m in dossier.materials if m.sha256 not in materials)
    return Imported(
        dossier=dossier, materials={k: v for k, v in materials.items() if k in wanted}, missing=missing
    )  # fmt: skip


def _checked(archive: ZipFile, path: Path) -> dict[str, ZipInfo]:
    """The entries by name. Raises ImportRefusedError where they lead elsewhere, or would fill the disk."""
    entries = archive.infolist()
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise ImportRefusedError(
            path,
            f"would unpack to more than {MOST_BYTES // 1_000_000} MB or {MOST_FILES} files, which no export does",
            "make sure that it is one, or export again",
        )
    for entry in entries:
        if _leads_out(entry):
            raise ImportRefusedError(
                path, f"holds a name that leads out of its folder ({entry.filename!r})", "it was not made by lorbot"
            )
        if entry.flag_bits & ENCRYPTED:
            raise ImportRefusedError(path, "is protected by a password", "save it without one")
    found = {entry.filename: entry for entry in entries}
    if len(found) != len(entries):
        raise _damaged(path, "it holds the same name twice")
    return found


def _leads_out(entry: ZipInfo) -> bool:
    name = entry.orig_filename.replace("\\", "/")
    link = stat.S_ISLNK(entry.external_attr >> 16)
    return link or name.startswith("/") or ":" in name or "\x00" in name or ".." in name.split("/")


def _manifest(archive: ZipFile, entries: dict[str, ZipInfo], path: Path) -> dict[str, Any]:
    if DOSSIER not in entries:
        raise _foreign(path)
    try:
        found = json.loads(archive.read(entries[DOSSIER]))
    except (ValueError, RecursionError) as error:
        raise _damaged(path, f"{DOSSIER} is no JSON") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise _foreign(path)
    version = found.get("version")
    if not isinstance(version, int) or version < 1:
        raise _damaged(path, f"{DOSSIER} names no version")
    if version > VERSION:
        raise _too_new(path, f"version {version}; this one knows up to {VERSION}")
    if not _are_names(found.get("files")) or not _are_names(found.get("materials")):
        raise _damaged(path, f"{DOSSIER} does not say which files belong to it")
    if not all(_SHA256.fullmatch(sha256) for sha256 in (*found["materials"], *found["files"].values())):
        raise _damaged(path, f"{DOSSIER} holds a checksum that is none")
    return found


def _are_names(given: object) -> bool:
    return isinstance(given, dict) and all(isinstance(text, str) for pair in given.items() for text in pair)


def _dossier(manifest: dict[str, Any], path: Path) -> Dossier:
    try:
        found = tables.checked(manifest.get("dossier"))
        schema = tables.schema_of(found)
        if schema > tables.SCHEMA:
            raise _too_new(path, f"schema {schema}; this one knows up to {tables.SCHEMA}")
        dossier = tables.dossier_in(found, schema)
    except ValueError as error:
        raise _damaged(path, "its dossier cannot be read") from error
    if not _ID.fullmatch(dossier.id) or "@" not in dossier.applicant.email:
        raise _damaged(path, "its dossier is nobody's")
    return dossier


def _content(archive: ZipFile, entries: dict[str, ZipInfo], name: str, sha256: str, path: Path) -> bytes:
    if name not in entries:
        raise _damaged(path, f"{name} is missing")
    content = archive.read(entries[name])
    if hashlib.sha256(content).hexdigest() != sha256:
        raise _damaged(path, f"{name} is not what was exported")
    return content


def _damaged(path: Path, why: str) -> ImportRefusedError:
    return ImportRefusedError(path, f"is damaged or was changed: {why}", "take the file as it came, or export again")


def _foreign(path: Path) -> ImportRefusedError:
    return ImportRefusedError(path, "is no export of lorbot", "name the zip file that `export` made")


def _too_new(path: Path, how: str) -> ImportRefusedError:
    return ImportRefusedError(path, f"was written by a newer lorbot ({how})", "upgrade lorbot to read it")


# -- keeping -------------------------------------------------------------------------------------------------------


def _dossiers_of(parts: Parts, email: str, own: tuple[str, ...]) -> tuple[str, ...]:
    """The dossiers this applicant has here, also one that cannot be read."""
    return tuple(found for found in parts.store.ids() if found in own or _email_in(parts, found) == email.lower())


def _email_in(parts: Parts, dossier_id: str) -> str:
    try:
        return parts.store.load(dossier_id).applicant.email.lower()
    except (DossierUnreadableError, DossierTooNewError):
        return ""


def _signed_here(dossier: Dossier, new_id: str, secret: bytes) -> Dossier:
    """The dossier of another lorbot under an id of this one. What has not left gets a Message-ID that is known here;
    what has left keeps its own, and answers to it are known by their sender alone.
    """

    def signed(mail: Mail) -> Mail:
        if mail.progress is not Progress.QUEUED or not mail.message_id:
            return mail
        domain = mail.message_id.rpartition("@")[2]
        return replace(mail, message_id=thread.message_id(secret, new_id, mail.key, domain))

    return _with_mails(replace(dossier, id=new_id), signed)


def _with_mails(dossier: Dossier, change: Callable[[Mail], Mail]) -> Dossier:
    """The dossier with every mail changed: in the outbox, shown as a preview, or ready for a word."""
    return replace(
        dossier,
        mails=tuple(change(m) for m in dossier.mails),
        previews=tuple(replace(p, mail=change(p.mail)) for p in dossier.previews),
        questions=tuple(replace(q, prepared=change(q.prepared) if q.prepared else None) for q in dossier.questions),
    )


def _is_here(parts: Parts, dossier: Dossier, name: str) -> bool:
    return all((parts.state.files / m.sha256).exists() for m in dossier.materials if m.name == name)


_ID = re.compile(r"d[0-9a-f]{12}")
