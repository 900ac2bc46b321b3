"""The state folder: closed to others, held by one, remembering what it must; and the index made from what it keeps."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lorbot.core.dossier import Applicant, Dossier, Mentor
from lorbot.errors import ConfigurationError, MaterialUnreadableError, StateInUseError
from lorbot.mail.match import Registered
from lorbot.shell.index import Index
from lorbot.shell.state import StateFolder

NOW = datetime(2027, 6, 1, 9, tzinfo=UTC)
PARTS = ["dossiers", "files", "quarantine", "spool"]


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    return StateFolder(tmp_path / "state")


def permissions(path: Path) -> int:
    return path.stat().st_mode & 0o777


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# Closed to others.


def test_a_new_state_folder_is_closed_to_others(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        state = StateFolder(tmp_path / "a" / "b")
    finally:
        os.umask(old)
    assert names(state.path) == PARTS
    assert [permissions(p) for p in (state.path, *state.path.iterdir())] == [0o700] * 5


def test_an_open_state_folder_of_ours_is_closed(state: StateFolder) -> None:
    for folder in (state.path, state.dossiers, state.files):
        folder.chmod(0o755)
    StateFolder(state.path)
    assert [permissions(p) for p in (state.path, *state.path.iterdir())] == [0o700] * 5


def test_an_empty_folder_is_taken_over(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert permissions(StateFolder(tmp_path).path) == 0o700


def test_an_open_folder_of_somebody_else_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    tmp_path.chmod(0o755)
    with pytest.raises(ConfigurationError, match=f"run `chmod 700 {tmp_path}`, or name another in .state. folder"):
        StateFolder(tmp_path)
    assert permissions(tmp_path) == 0o755
    assert names(tmp_path) == ["thesis.tex"]


def test_a_disk_that_keeps_no_permissions_is_refused(state: StateFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    state.path.chmod(0o755)
    monkeypatch.setattr(Path, "chmod", lambda self, mode: None)
    with pytest.raises(ConfigurationError, match="can be read by others"):
        StateFolder(state.path)


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    with pytest.raises(ConfigurationError, match=r"cannot be made.*name another"):
        StateFolder(tmp_path / "state")


# Held by one.

HOLDER = """
import sys
from pathlib import Path
from lorbot.shell.state import StateFolder
with StateFolder(Path(sys.argv[1])).lock():
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        cwd=Path(__file__).parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_the_lock_of_another_process_is_respected_and_freed_when_it_is_killed(state: StateFolder) -> None:
    with holder(state.path) as process:
        with pytest.raises(StateInUseError, match="another lorbot is using the state folder"), state.lock():
            pass
        process.kill()
        process.wait()
        with state.lock():
            pass


def test_the_lock_is_respected_within_a_process_and_freed_by_an_error(state: StateFolder) -> None:
    with state.lock(), pytest.raises(StateInUseError), StateFolder(state.path).lock():
        pass
    with pytest.raises(ZeroDivisionError), state.lock():
        raise ZeroDivisionError
    with state.lock():
        pass


def test_who_holds_the_lock_clears_what_a_killed_process_left(state: StateFolder) -> None:
    folders = (state.path, state.dossiers, state.spool, state.files)
    for folder in folders:
        (folder / ".left.tmp").touch()
        (folder / "kept").touch()
    with state.lock():
        assert [(folder / ".left.tmp").exists() for folder in folders] == [False] * 4
        assert [(folder / "kept").exists() for folder in folders] == [True] * 4


def test_who_does_not_hold_the_lock_clears_nothing(state: StateFolder) -> None:
    with holder(state.path):
        (state.dossiers / ".in use.tmp").touch()
        with pytest.raises(StateInUseError), StateFolder(state.path).lock():
            pass
        assert names(state.dossiers) == [".in use.tmp"]


# The key.


def test_the_key_is_made_once_for_the_owner_alone(state: StateFolder, tmp_path: Path) -> None:
    key = state.key()
    assert len(key) == 32
    assert permissions(state.path / "key") == 0o600
    assert StateFolder(state.path).key() == key
    assert StateFolder(tmp_path / "other").key() != key


def test_a_key_that_others_could_read_is_closed(state: StateFolder) -> None:
    key = state.key()
    (state.path / "key").chmod(0o644)
    assert state.key() == key
    assert permissions(state.path / "key") == 0o600


@pytest.mark.parametrize("damaged", [b"", b"x" * 31, b"x" * 33])
def test_a_damaged_key_is_an_error_and_is_not_replaced(state: StateFolder, damaged: bytes) -> None:
    (state.path / "key").write_bytes(damaged)
    with pytest.raises(ConfigurationError, match=f"{len(damaged)} bytes instead of 32.*restore it from a backup"):
        state.key()
    assert (state.path / "key").read_bytes() == damaged


# What is remembered of the mailbox.


def test_cursors_and_the_first_start_are_remembered(state: StateFolder) -> None:
    assert state.cursor("INBOX") is None
    assert state.first_started_at(NOW) == NOW
    state.set_cursor("INBOX", 7, 12)
    state.set_cursor("受信箱/2027", 2**32 - 1, 0)
    state.set_cursor("INBOX", 8, 1)
    again = StateFolder(state.path)
    assert again.first_started_at(NOW + timedelta(days=9)) == NOW
    assert [again.cursor(name) for name in ("INBOX", "受信箱/2027", "Sent")] == [(8, 1), (2**32 - 1, 0), None]
    assert permissions(state.path / "mailbox.json") == 0o600


@pytest.mark.parametrize("broken", [b"", b"{", b'{"cursors": {"INBOX": [1]}}', b'{"colour": "red"}', b"[]"])
def test_a_damaged_mailbox_file_is_an_error_and_is_left_as_it_is(state: StateFolder, broken: bytes) -> None:
    (state.path / "mailbox.json").write_bytes(broken)
    for call in (lambda: state.cursor("INBOX"), lambda: state.set_cursor("INBOX", 1, 2)):
        with pytest.raises(ConfigurationError, match="is damaged; restore it from a backup, or remove it"):
            call()
    assert (state.path / "mailbox.json").read_bytes() == broken


# Material files.


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_material_is_kept_under_its_hash_and_comes_back(state: StateFolder) -> None:
    for _ in range(2):
        state.keep(sha(b"cv"), b"cv")
    assert state.content(sha(b"cv")) == b"cv"
    assert names(state.files) == [sha(b"cv")]
    assert permissions(state.files / sha(b"cv")) == 0o600


def test_a_material_under_a_wrong_hash_is_not_kept(state: StateFolder) -> None:
    with pytest.raises(ValueError, match="is not that of"):
        state.keep(sha(b"cv"), b"another")
    assert names(state.files) == []


@pytest.mark.parametrize("bad", ["", "../key", "a" * 63, "a" * 65, "A" * 64, "a" * 63 + "\n", "a" * 64 + "\n"])
def test_what_is_not_a_hash_never_becomes_a_path(state: StateFolder, bad: str) -> None:
    for call in (lambda: state.content(bad), lambda: state.keep(bad, b"")):
        with pytest.raises(ValueError, match="not a SHA-256"):
            call()


def test_a_damaged_or_missing_material_is_an_error_and_can_be_kept_anew(state: StateFolder) -> None:
    with pytest.raises(MaterialUnreadableError, match=r"cannot be read \(No such file or directory\); restore it"):
        state.content(sha(b"cv"))
    (state.files / sha(b"cv")).write_bytes(b"cw")
    with pytest.raises(MaterialUnreadableError, match="is damaged; restore it"):
        state.content(sha(b"cv"))
    state.keep(sha(b"cv"), b"cv")
    assert state.content(sha(b"cv")) == b"cv"


def test_a_sweep_removes_what_no_dossier_refers_to_and_nothing_else(state: StateFolder) -> None:
    for content in (b"cv", b"old cv", b"statement"):
        state.keep(sha(content), content)
    (state.files / "README").touch()
    live = {sha(b"cv"), sha(b"statement"), sha(b"elsewhere")}
    assert state.sweep(live) == (sha(b"old cv"),)
    assert state.sweep(live) == ()
    assert names(state.files) == sorted(["README", sha(b"cv"), sha(b"statement")])


# The index.


def a_dossier(dossier_id: str, email: str, **mentors: str) -> Dossier:
    return Dossier(
        id=dossier_id,
        applicant=Applicant(name="Ada", email=email),
        mentors=tuple(Mentor(id=key, name="Dr. L", email=address) for key, address in mentors.items()),
    )


def test_an_address_is_found_in_every_dossier_and_role() -> None:
    index = Index()
    index.put(a_dossier("d1", "ada@example.com", m1="Lopez@Example.edu", m2="", m3="lopez@example.edu"), None)
    index.put(a_dossier("d2", "lopez@example.edu", m1="kim@example.edu"), None)
    assert index.by_address(" LOPEZ@example.edu") == (
        Registered(dossier="d1", role="mentor", mentor="m1"),
        Registered(dossier="d1", role="mentor", mentor="m3"),
        Registered(dossier="d2", role="applicant"),
    )
    assert index.by_address("ada@example.com") == (Registered(dossier="d1", role="applicant"),)
    assert index.by_address("") == ()
    assert index.by_address("nobody@example.com") == ()


def test_a_dossier_saved_again_takes_the_place_of_what_was_known() -> None:
    index = Index()
    index.put(a_dossier("d1", "ada@example.com", m1="lopez@example.edu"), NOW)
    index.put(a_dossier("d2", "eve@example.com", m1="lopez@example.edu"), NOW)
    index.put(a_dossier("d1", "ada@new.example", m1="kim@example.edu"), None)
    assert index.by_address("ada@example.com") == ()
    assert index.by_address("ada@new.example") == (Registered(dossier="d1", role="applicant"),)
    assert index.by_address("lopez@example.edu") == (Registered(dossier="d2", role="mentor", mentor="m1"),)
    assert dict(index.due) == {"d1": None, "d2": NOW}
    assert index.due_by(NOW) == ("d2",)


def test_a_dropped_dossier_leaves_nothing() -> None:
    index, fresh = Index(), Index()
    index.put(a_dossier("d1", "ada@example.com", m1="lopez@example.edu", m2="lopez@example.edu"), NOW)
    index.drop("d1")
    index.drop("d1")
    assert vars(index) == vars(fresh)


def test_what_is_due_comes_in_order_and_includes_the_moment_itself() -> None:
    index = Index()
    assert index.next_due() is None
    assert index.due_by(NOW) == ()
    hours = {"d1": 2, "d2": 0, "d3": None, "d4": 1, "d5": 0}
    for dossier_id, hour in hours.items():
        index.put(a_dossier(dossier_id, "ada@example.com"), None if hour is None else NOW + timedelta(hours=hour))
    assert index.next_due() == NOW
    assert index.due_by(NOW - timedelta(seconds=1)) == ()
    assert index.due_by(NOW) == ("d2", "d5")
    assert index.due_by(NOW + timedelta(hours=1)) == ("d2", "d5", "d4")
    index.drop("d2")
    index.put(a_dossier("d5", "ada@example.com"), None)
    assert index.next_due() == NOW + timedelta(hours=1)
    assert index.due_by(NOW + timedelta(days=1)) == ("d4", "d1")
