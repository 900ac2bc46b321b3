"""Whether a running daemon works: every whole turn touches one file, and its age tells.

A turn is whole when the mail was fetched, the clock looked at and the outbox offered. A daemon that hangs, has ended or
cannot reach its mailbox touches nothing; the file's age then passes the limit, which follows how often it looks.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lorbot.settings import Settings

ALIVE = "alive"
"""The file in the state folder; its time of change is all it holds."""

MISSED_LOOKS = 3
GRACE = timedelta(minutes=5)  # for one long turn: many new mails, a slow server


@dataclass(frozen=True, kw_only=True)
class Health:
    """`says` is one line for a person, with what to look at where it is not well."""

    well: bool
    says: str


def note_turn(state_folder: Path) -> None:
    """Record that a turn was finished, by this computer's clock. Raises OSError."""
    (state_folder / ALIVE).touch(mode=0o600)


def health(settings: Settings, now: datetime) -> Health:
    """How the daemon of these settings does. Reads one file's time and changes nothing."""
    limit = MISSED_LOOKS * timedelta(seconds=settings.mailbox.poll_seconds) + GRACE
    try:
        changed = (settings.state_folder / ALIVE).stat().st_mtime
    except OSError as missing:
        says = f"no turn was ever finished on {settings.state_folder} ({missing.strerror}); is `lorbot run` running?"
        return Health(well=False, says=says)
    age = now - datetime.fromtimestamp(changed, UTC)
    if age < -limit:
        return Health(well=False, says="the last turn is dated in the future; set this computer's clock")
    said = f"the last turn ended {_minutes(age)} ago"
    if age > limit:
        return Health(well=False, says=f"{said}, more than {_minutes(limit)}; the log of `lorbot run` says why")
    return Health(well=True, says=said)


def _minutes(span: timedelta) -> str:
    seconds = max(round(span.total_seconds()), 0)
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"
