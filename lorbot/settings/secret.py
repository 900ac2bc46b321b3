"""Where a password or access token is kept, and how it is fetched at the moment it is needed.

A secret is asked for anew at each login and never kept: an access token lives for an hour, and a password changed in
its file is used at once. No message from here shows a secret, a command line or what a command printed.
"""

import os
import shlex
import signal
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, SecretStr

from lorbot.errors import ConfigurationError, SecretUnavailableError

COMMAND_TIMEOUT_S = 30.0


class SecretKeys(BaseModel):
    """The keys of a section that say where its secret is kept; at most one of them is given."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    password: SecretStr = SecretStr("")
    password_file: str = ""
    password_command: str = ""

    @property
    def given(self) -> tuple[str, ...]:
        """The names of the keys that are not empty."""
        values = {
            "password": self.password.get_secret_value(),
            "password_file": self.password_file,
            "password_command": self.password_command,
        }
        return tuple(key for key, value in values.items() if value)

    def secret(self) -> Callable[[], str]:
        """What asks for the secret, at each login anew; it raises ConfigurationError when it cannot be had."""
        if self.password_command:
            return from_command(self.password_command)
        if self.password_file:
            return from_file(Path(self.password_file))
        return from_value(self.password.get_secret_value())


def from_value(secret: str) -> Callable[[], str]:
    """A secret that stands in the configuration itself."""
    return lambda: secret


def from_file(path: Path) -> Callable[[], str]:
    """The first line of a file that only its owner can read; raises ConfigurationError when called."""
    return lambda: _read(path)


def from_command(command: str, *, timeout_s: float = COMMAND_TIMEOUT_S) -> Callable[[], str]:
    """The first line a command prints, run without a shell; raises SecretUnavailableError when called."""
    return lambda: _run(command, timeout_s)


def readable_by_others(path: Path) -> bool:
    """Whether the file's group or anybody else may read it; raises OSError."""
    return bool(path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))


def make_private(path: Path) -> str:
    """The command line that closes a file to others."""
    return f"chmod 600 {shlex.quote(str(path))}"


def _read(path: Path) -> str:
    try:
        open_to_others = readable_by_others(path)
        content = path.read_bytes()
    except OSError as refused:
        raise ConfigurationError(
            f"the password file {path} cannot be read ({refused.strerror}); "
            "correct password_file, or write the password into that file"
        ) from refused
    if open_to_others:
        raise ConfigurationError(f"the password file {path} can be read by others; run: {make_private(path)}")
    secret = _first_line(content)
    if not secret:
        raise ConfigurationError(
            f"the password file {path} has no UTF-8 text in its first line; write the password there"
        )
    return secret


def _run(command: str, timeout_s: float) -> str:
    with _started(command) as running:
        try:
            printed, _ = running.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            raise SecretUnavailableError(
                f"password_command did not end within {timeout_s:g} seconds; run it by hand: it must not ask anything"
            ) from None
    if running.returncode != 0:
        raise SecretUnavailableError(
            f"password_command failed with status {running.returncode}; run it by hand to see why"
        )
    secret = _first_line(printed)
    if not secret:
        raise SecretUnavailableError(
            "password_command printed no UTF-8 text in its first line; run it by hand: it must print the secret alone"
        )
    return secret


def _started(command: str) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(  # noqa: S603  the operator's own command line, run without a shell
            shlex.split(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # so that a time-out ends the command's own children too
        )
    except (OSError, ValueError, IndexError) as refused:
        why = refused.strerror if isinstance(refused, OSError) else "a quote is not closed, or nothing is named"
        # Without its cause, which would show the command line.
        raise SecretUnavailableError(f"password_command cannot be run ({why}); give the program's full path") from None


def _first_line(content: bytes) -> str:
    """The first line, without its end; empty if it is not UTF-8. Blanks stay: they can belong to a password."""
    try:
        return content.partition(b"\n")[0].decode("utf-8-sig").rstrip("\r")
    except UnicodeDecodeError:
        return ""
