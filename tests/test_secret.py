"""How secrets are asked for, and that no message shows one."""

import os
import shlex
import sys
import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from lorbot.errors import ConfigurationError, SecretUnavailableError
from lorbot.settings.secret import SecretKeys, from_command, from_file, from_value


def python(program: str) -> str:
    """A command line that runs a Python program."""
    return shlex.join([sys.executable, "-c", program])


def private(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    path.chmod(0o600)
    return path


@pytest.mark.parametrize(
    ("content", "secret"),
    [
        (b"swordfish", "swordfish"),
        (b"swordfish\nand a remark\n", "swordfish"),
        (b"swordfish\r\n", "swordfish"),
        (b"\xef\xbb\xbfswordfish\n", "swordfish"),
        (b" with blanks \n", " with blanks "),
        ("pässwort\n".encode(), "pässwort"),
    ],
)
def test_a_secret_is_the_first_line_of_its_file(tmp_path: Path, content: bytes, secret: str) -> None:
    assert from_file(private(tmp_path / "password.txt", content))() == secret


@pytest.mark.parametrize("content", [b"", b"\nswordfish", b"\xff\xfe\n"])
def test_a_file_without_a_first_line_of_text_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ConfigurationError, match="write the password there"):
        from_file(private(tmp_path / "password.txt", content))()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_file_that_others_can_read_is_refused_with_the_command_that_closes_it(tmp_path: Path, mode: int) -> None:
    path = private(tmp_path / "my password.txt", b"swordfish")
    path.chmod(mode)
    with pytest.raises(ConfigurationError) as refused:
        from_file(path)()
    assert str(refused.value) == f"the password file {path} can be read by others; run: chmod 600 '{path}'"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    ask = from_file(tmp_path / "nowhere")
    with pytest.raises(ConfigurationError, match=r"nowhere cannot be read \(No such file or directory\)"):
        ask()


def test_a_file_is_read_anew_at_each_login(tmp_path: Path) -> None:
    path = private(tmp_path / "password.txt", b"old")
    ask = from_file(path)
    assert ask() == "old"
    path.write_bytes(b"new")
    assert ask() == "new"


def test_a_command_runs_anew_at_each_login_and_gives_its_first_line(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    runs.write_text("")
    count = f"p = open({str(runs)!r}, 'r+'); n = len(p.read()); p.write('x'); print(f'token {{n}}'); print('more')"
    ask = from_command(python(count))
    assert [ask(), ask()] == ["token 0", "token 1"]


def test_a_command_runs_without_a_shell() -> None:
    assert from_command("echo $HOME; echo two")() == "$HOME; echo two"


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (python("import sys; print('swordfish'); print('swordfish', file=sys.stderr); sys.exit(3)"), "status 3"),
        (python("print('')"), "printed no UTF-8 text"),
        (python("import os; os.write(1, b'\\xff')"), "printed no UTF-8 text"),
        ("/nowhere/swordfish", "cannot be run (No such file or directory)"),
        ("swordfish 'open quote", "cannot be run (a quote is not closed"),
        ("  ", "cannot be run"),
    ],
)
def test_a_command_that_gives_no_secret_is_told_without_what_it_is_or_prints(command: str, says: str) -> None:
    with pytest.raises(SecretUnavailableError) as refused:
        from_command(command)()
    assert says in str(refused.value)
    assert "swordfish" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_command_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    grandchild = tmp_path / "grandchild"
    spawn = (
        "import subprocess, sys, time; "
        "c = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
        f"open({str(grandchild)!r}, 'w').write(str(c.pid)); time.sleep(60)"
    )
    started = time.monotonic()
    with pytest.raises(SecretUnavailableError, match="did not end within 1 seconds"):
        from_command(python(spawn), timeout_s=1)()
    assert time.monotonic() - started < 10
    assert not is_running(int(grandchild.read_text()))


def is_running(pid: int) -> bool:
    """Whether the process lives; one that was killed may wait for its parent as a zombie for a moment."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (ProcessLookupError, FileNotFoundError):
            return False
        if state == "Z":
            return False
        time.sleep(0.02)
    return True


@pytest.mark.parametrize(
    ("keys", "given"),
    [
        (SecretKeys(), ()),
        (SecretKeys(password=SecretStr("swordfish")), ("password",)),
        (SecretKeys(password_command="x", password_file="y"), ("password_file", "password_command")),
    ],
)
def test_a_section_knows_which_of_its_secret_keys_are_given(keys: SecretKeys, given: tuple[str, ...]) -> None:
    assert keys.given == given


def test_a_section_asks_where_its_key_says(tmp_path: Path) -> None:
    path = private(tmp_path / "password.txt", b"from the file")
    asked = [
        SecretKeys(password=SecretStr("from the value")).secret()(),
        SecretKeys(password_file=str(path)).secret()(),
        SecretKeys(password_command="echo from the command").secret()(),
    ]
    assert asked == ["from the value", "from the file", "from the command"]


def test_a_section_does_not_show_its_password() -> None:
    assert "swordfish" not in repr(SecretKeys(password=SecretStr("swordfish")))


def test_a_value_is_its_own_secret() -> None:
    assert from_value("swordfish")() == "swordfish"
