"""The daemon's sign of life: which turns leave it, and what its age says."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from lorbot.cli import main
from lorbot.config import Settings
from lorbot.daemon import Daemon
from lorbot.errors import MailboxError
from lorbot.health import ALIVE, Health, health, note_turn
from lorbot.sandbox.server import MailServer
from lorbot.wiring import parts_of

NOW = datetime(2027, 6, 14, 13, 0, tzinfo=UTC)


def settings(state: Path, *, poll_seconds: int = 120, imap_port: int = 143, smtp_port: int = 587) -> Settings:
    return Settings.model_validate(
        {
            "mailbox": {
                "address": "lorbot@school.example", "password": "pw", "poll_seconds": poll_seconds,
                "imap_host": "127.0.0.1", "imap_port": imap_port, "imap_security": "plain",
            },
            "smtp": {"host": "127.0.0.1", "port": smtp_port, "security": "plain"},
            "applicants": [{"name": "Nadia Rahman", "email": "nadia@students.example"}],
            "state": {"folder": str(state)},
        }
    )  # fmt: skip


def ended(state: Path, ago: timedelta) -> None:
    """A state folder whose last turn ended so long before NOW."""
    state.mkdir(exist_ok=True)
    note_turn(state)
    moment = (NOW - ago).timestamp()
    os.utime(state / ALIVE, (moment, moment))


@pytest.mark.parametrize(
    ("poll_seconds", "ago", "expected"),
    [
        (120, timedelta(seconds=40), Health(well=True, says="the last turn ended 40 s ago")),
        (120, timedelta(minutes=11), Health(well=True, says="the last turn ended 11 min ago")),
        (
            120,
            timedelta(minutes=12),
            Health(
                well=False, says="the last turn ended 12 min ago, more than 11 min; the log of `lorbot run` says why"
            ),
        ),
        (600, timedelta(minutes=34), Health(well=True, says="the last turn ended 34 min ago")),
        (
            1,
            timedelta(minutes=6),
            Health(well=False, says="the last turn ended 6 min ago, more than 5 min; the log of `lorbot run` says why"),
        ),
        (120, -timedelta(seconds=1), Health(well=True, says="the last turn ended 0 s ago")),
    ],
)
def test_the_age_of_the_last_turn_is_measured_by_how_often_the_daemon_looks(
    tmp_path: Path, poll_seconds: int, ago: timedelta, expected: Health
) -> None:
    ended(tmp_path / "state", ago)
    assert health(settings(tmp_path / "state", poll_seconds=poll_seconds), NOW) == expected


def test_a_sign_of_life_from_the_future_proves_nothing(tmp_path: Path) -> None:
    ended(tmp_path / "state", -timedelta(days=1))
    says = "the last turn is dated in the future; set this computer's clock"
    assert health(settings(tmp_path / "state"), NOW) == Health(well=False, says=says)


def test_a_daemon_that_never_finished_a_turn_is_not_well_and_no_folder_is_made(tmp_path: Path) -> None:
    state = tmp_path / "state"
    says = f"no turn was ever finished on {state} (No such file or directory); is `lorbot run` running?"
    assert health(settings(state), NOW) == Health(well=False, says=says)
    assert not state.exists()


def test_a_whole_turn_leaves_a_sign_that_only_the_owner_can_read(mail_server: MailServer, tmp_path: Path) -> None:
    chosen = settings(tmp_path / "state", imap_port=mail_server.imap_port, smtp_port=mail_server.smtp_port)
    daemon = Daemon(parts_of(chosen))
    daemon.open(NOW)
    daemon.once(NOW)
    assert health(chosen, datetime.now(UTC)).well
    assert (tmp_path / "state" / ALIVE).stat().st_mode & 0o777 == 0o600


def test_a_turn_that_could_not_reach_the_mailbox_leaves_none(mail_server: MailServer, tmp_path: Path) -> None:
    chosen = settings(tmp_path / "state", imap_port=mail_server.imap_port, smtp_port=mail_server.smtp_port)
    daemon = Daemon(parts_of(chosen))
    daemon.open(NOW)
    daemon.parts.mailbox.connect()
    mail_server.stop()
    with pytest.raises(MailboxError):
        daemon.turn(NOW)
    assert not health(chosen, datetime.now(UTC)).well


@pytest.mark.parametrize(("ago", "code"), [(timedelta(0), 0), (timedelta(hours=1), 1)])
def test_the_command_says_it_and_exits_accordingly(tmp_path: Path, ago: timedelta, code: int) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        '[mailbox]\naddress = "lorbot@school.example"\npassword = "pw"\nimap_host = "127.0.0.1"\n'
        'imap_security = "plain"\n[smtp]\nhost = "127.0.0.1"\nsecurity = "plain"\n'
    )
    config.chmod(0o600)
    (tmp_path / "state").mkdir()
    note_turn(tmp_path / "state")
    moment = datetime.now(UTC).timestamp() - ago.total_seconds()
    os.utime(tmp_path / "state" / ALIVE, (moment, moment))
    result = CliRunner().invoke(main, ["health", "--config", str(config)])
    assert result.exit_code == code
    assert (result.stderr if code else result.stdout).startswith("the last turn ended ")
