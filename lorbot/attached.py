"""The files that came with a mail: looked into before it is decided, and those that matter kept.

Only what a person that is believed sent is opened at all. What waits for a confirmation is kept unopened until then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from lorbot.core import meanings
from lorbot.core.documents import Kind
from lorbot.core.dossier import ApplicantWrote, Dossier
from lorbot.core.events import Event
from lorbot.core.message import Attachment
from lorbot.documents.kinds import kind_of
from lorbot.errors import MaterialUnreadableError
from lorbot.parts import Parts
from lorbot.shell.state import StateFolder

_MOST = 12  # files of one mail that are looked into
_NOTHING_INSIDE = frozenset({Kind.PICTURE, Kind.PACKED_MAIL, Kind.EMPTY})


def looked_into(event: Event, files: Mapping[str, bytes], dossier: Dossier, parts: Parts) -> Event:
    """The event with what was found in the applicant's attachments, or in those of the mail that it confirms."""
    if not isinstance(event, ApplicantWrote) or not event.genuine:
        return event
    contents = _contents(event.incoming.attachments, files)
    waiting = _waiting(dossier, event.answers)
    if waiting and not contents:
        contents = _contents(waiting, {a.sha256: _kept(a, parts.state) for a in waiting})
    return replace(event, examined=parts.examiner.examine(contents)) if contents else event


def _waiting(dossier: Dossier, key: str) -> tuple[Attachment, ...]:
    """The files of the command that the mail of this key asks about: to be confirmed, or not clear."""
    held = next((h.event.incoming for h in dossier.held if h.id == key), None)
    unclear = meanings.waiting_for(dossier, key) if key else None
    return held.attachments if held else unclear.incoming.attachments if unclear else ()


def keep(files: Mapping[str, bytes], dossier: Dossier, state: StateFolder) -> None:
    """Keep what became a material or waits for a word. A mentor's attachment never is kept."""
    wanted = {m.sha256 for m in dossier.materials}
    wanted |= {a.sha256 for h in dossier.held for a in h.event.incoming.attachments}
    wanted |= {a.sha256 for o in dossier.open_commands for a in o.incoming.attachments}
    for sha256, content in files.items():
        if sha256 in wanted:
            state.keep(sha256, content)


def _contents(attachments: Iterable[Attachment], files: Mapping[str, bytes]) -> list[bytes]:
    """The documents and tables among them, each once; then what tells what the others are."""
    found = list({a.sha256: files[a.sha256] for a in attachments if files.get(a.sha256) is not None}.values())
    found.sort(key=lambda content: kind_of(content) in _NOTHING_INSIDE)
    return found[:_MOST]


def _kept(attachment: Attachment, state: StateFolder) -> bytes:
    try:
        return state.content(attachment.sha256)
    except (MaterialUnreadableError, ValueError):
        return b""
