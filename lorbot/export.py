"""A dossier as a zip file for the applicant: readable by people, and read back by `lorbot import`.

docs/export.md says what is in it. No secret of the installation is. Every name in it is made here: nothing that came
in a mail leads out of the folder.
"""

import hashlib
import io
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lorbot import __version__
from lorbot.core import history, view
from lorbot.core.calendar_file import calendar_file
from lorbot.core.correspondence import Mail, Progress
from lorbot.core.dossier import Dossier, Material
from lorbot.core.forgetting import ERASED
from lorbot.core.portable import EXPORTS, Scope
from lorbot.errors import MaterialUnreadableError, SendingError
from lorbot.mail import thread
from lorbot.mail.compose import compose
from lorbot.parts import Parts
from lorbot.shell import tables

FORMAT = "lorbot export"
VERSION = 1
DOSSIER = "dossier.json"
CALENDAR = "calendar.ics"
MATERIALS = "materials/"

LEFT = frozenset({Progress.SENT, Progress.SENDING, Progress.UNKNOWN})
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")
_LONGEST_NAME = 80  # characters; with folder and number well below what any file system takes


@dataclass(frozen=True, kw_only=True)
class Exported:
    """The file, and the documents that are not in it though they should be: their files cannot be read any more."""

    content: bytes
    unreadable: tuple[str, ...]


def exported(dossier: Dossier, parts: Parts, scope: Scope, now: datetime) -> Exported:
    """The export of a dossier. Raises TemplateError where the history's template is broken."""
    names, contents, unreadable = _materials(dossier, parts) if scope is not Scope.BARE else ({}, {}, ())
    files = dict(_mails(dossier, parts, scope))
    files["history.txt"] = _history(dossier, parts).encode()
    files |= _calendar(dossier, parts, now)
    files |= {names[sha256]: content for sha256, content in contents.items()}
    files["README.txt"] = _readme(dossier, scope, unreadable, now).encode()
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "made_by": f"lorbot {__version__}",
        "made_at": now.astimezone(UTC).isoformat(),
        "contents": scope.name.lower(),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
        "materials": names,
        "dossier": tables.written(dossier),
    }
    files[DOSSIER] = (json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=False) + "\n").encode()
    return Exported(content=_zipped(files, now), unreadable=unreadable)


def _zipped(files: dict[str, bytes], now: datetime) -> bytes:
    """The files in one archive, README first; closed to others where it is unpacked."""
    written = io.BytesIO()
    local = max(now.astimezone(UTC), datetime(1980, 1, 1, tzinfo=UTC))  # the first moment a zip file can name
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        for name in sorted(files, key=lambda n: (n != "README.txt", "/" in n, n)):
            entry = ZipInfo(name, date_time=local.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, files[name])
    return written.getvalue()


# -- materials -----------------------------------------------------------------------------------------------------


def _materials(dossier: Dossier, parts: Parts) -> tuple[dict[str, str], dict[str, bytes], tuple[str, ...]]:
    """The name in the archive and the bytes of each document, by hash; and the names of those that are lost."""
    contents: dict[str, bytes] = {}
    lost: dict[str, str] = {}
    for material in dossier.materials:
        try:
            contents[material.sha256] = parts.state.content(material.sha256)
        except (MaterialUnreadableError, ValueError):
            lost[material.sha256] = material.name
    names = {sha: name for sha, name in material_names(dossier).items() if sha in contents}
    return names, contents, tuple(lost.values())


def material_names(dossier: Dossier) -> dict[str, str]:
    """materials/Rahman_CV.pdf for the newest version, materials/Rahman_CV-version-1.pdf for an older one, by hash."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    newest_first = sorted(dossier.materials, key=lambda m: -m.version)
    for material in newest_first:
        if material.sha256 not in found:
            name = _unused(_document_name(material, dossier), taken)
            taken.add(name.casefold())
            found[material.sha256] = MATERIALS + name
    return found


def _document_name(material: Material, dossier: Dossier) -> str:
    stem, dot, ending = safe_name(material.name, "document").rpartition(".")
    stem, ending = (stem, f".{ending}") if dot and stem else (f"{stem}{dot}{ending}", "")
    latest = dossier.latest(material.kind)
    newest = latest is not None and latest.version == material.version
    return f"{stem}{ending}" if newest else f"{stem}-version-{material.version}{ending}"


def _unused(name: str, taken: set[str]) -> str:
    stem, dot, ending = name.rpartition(".")
    candidates = (
        name,
        *(f"{stem or ending}-{n}{dot if stem else ''}{ending if stem else ''}" for n in range(2, 10_000)),
    )
    return next(c for c in candidates if c.casefold() not in taken)


def safe_name(given: str, otherwise: str) -> str:
    """A name that is one on every system: no path, no hidden file, no device of Windows."""
    name = _NOT_IN_NAMES.sub("_", unicodedata.normalize("NFC", given.replace("\\", "/").rsplit("/", 1)[-1]))
    name = name.strip("._-")[-_LONGEST_NAME:].strip("._-")
    return f"{otherwise}_{name}" if _DEVICE.fullmatch(name) else name or otherwise


_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


# -- mails ---------------------------------------------------------------------------------------------------------


def _mails(dossier: Dossier, parts: Parts, scope: Scope) -> Iterator[tuple[str, bytes]]:
    """Every mail lorbot wrote, oldest first, under a name that sorts."""
    wanted = (m for m in dossier.mails if m.subject != ERASED and not _is_this(m))
    written = sorted(wanted, key=lambda m: m.sent_at or m.decided_at)
    secret = parts.state.key()
    for number, mail in enumerate(written, 1):
        at = mail.sent_at or mail.decided_at
        who = "you" if mail.to.email == dossier.applicant.email else mail.to.name or mail.to.email
        name = safe_name(f"{number:03}-{at:%Y-%m-%d}-{mail.purpose.value}-to-{who}", "mail").replace(".", "")
        folder = "mails" if mail.progress in LEFT else "mails/not-sent"
        token = thread.token(secret, dossier.id, mail.key)
        yield f"{folder}/{name}.eml", _as_file(_within(mail, scope), dossier, parts, token, at)


def _is_this(mail: Mail) -> bool:
    """Whether it is the mail that an export goes with, on its way."""
    return mail.progress not in LEFT and any(e.sha256 in EXPORTS for e in mail.enclosures)


def _within(mail: Mail, scope: Scope) -> Mail:
    """The mail with what goes along: no export in an export, and no attachments where there is no room."""
    kept = tuple(e for e in mail.enclosures if e.sha256 not in EXPORTS and scope is Scope.WHOLE)
    return replace(mail, enclosures=kept)


def _as_file(mail: Mail, dossier: Dossier, parts: Parts, token: str, at: datetime) -> bytes:
    """The mail byte for byte as it left; without what is not there any more."""
    try:
        return compose(mail, dossier.applicant, parts.identity, token=token, at=at, content=parts.state.content)
    except (MaterialUnreadableError, ValueError):
        return _as_file(replace(mail, enclosures=()), dossier, parts, token, at) if mail.enclosures else _plain(mail)
    except SendingError:  # an address that no mail can be sent to: it never left
        return _plain(mail)


def _plain(mail: Mail) -> bytes:
    return f"Subject: {mail.subject}\r\n\r\n{mail.text}\r\n".encode()


# -- words ---------------------------------------------------------------------------------------------------------


def _history(dossier: Dossier, parts: Parts) -> str:
    return history_text(dossier, parts, history.overview(dossier, view.zone_of(dossier.applicant, parts.policy)))


def history_text(dossier: Dossier, parts: Parts, seen: list[dict[str, object]]) -> str:
    """The history as the mail command shows it, without the line about other commands."""
    context = {
        "applicant": view.of_applicant(dossier.applicant), "history": seen,
        "command": "history", "unknown": [], "too_large": [], "limit_mb": 0,
    }  # fmt: skip
    rendered = parts.writer.rendered("applicant/history", context)
    return f"{rendered.subject}\n\n{rendered.text}\n"


def _calendar(dossier: Dossier, parts: Parts, now: datetime) -> dict[str, bytes]:
    """The dates ahead, where there are any. Nothing is remembered of it: an export changes no dossier."""
    file = calendar_file(dossier, parts.policy, now)[1]
    return {CALENDAR: file.content} if file else {}


def _readme(dossier: Dossier, scope: Scope, unreadable: tuple[str, ...], now: datetime) -> str:
    bare = "The documents are not in this file: with them it would have been too large to be mailed.\n"
    light = (
        "The mails are without what was attached to them: with it this file would have been too large to be mailed.\n"
    )
    lost = f"These could not be read any more and are missing: {', '.join(unreadable)}.\n" if unreadable else ""
    left_out = {Scope.WHOLE: "", Scope.LIGHT: light, Scope.BARE: bare}[scope] + lost
    return _README.format(
        name=dossier.applicant.name,
        email=dossier.applicant.email,
        on=f"{now.astimezone(UTC):%B} {now.astimezone(UTC).day}, {now.astimezone(UTC).year}",
        left_out=f"\n{left_out}" if left_out else "",
    )


_README = """\
What lorbot keeps about {name} <{email}>, as of {on}.
{left_out}
README.txt     this page.

history.txt    The correspondence with the mentors: what was sent, what was answered, and when.

mails/         Every mail lorbot wrote, to mentors and to you. Open them with your mail program. Those in mails/not-sent
               did not leave: they wait, or were not needed any more. What mentors wrote is not here: lorbot leaves it
               in the mailbox, and keeps only the one sentence of each answer that mattered.

calendar.ics   The dates ahead, for your calendar program. Not there where no date is known.

materials/     Your documents. An older version has its number in the name.

dossier.json   All of it in the form lorbot stores it, for programs. `lorbot import` reads this zip file back, here or
               elsewhere. The pages that come with lorbot describe it (docs/export.md).

There is no letter of recommendation in it: lorbot never has one. There is no password and no key in it. It holds what
you and your mentors wrote to each other, so keep it as you keep your mailbox.
"""
