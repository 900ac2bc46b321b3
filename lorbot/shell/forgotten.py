"""What is remembered of those who are forgotten: whom never to write to, and who is not to be enrolled again.

Salted hashes of addresses, in one file that only the daemon's user can read. Whoever has the file can try an address
and see whether it is in it; nobody can read the addresses from it.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import field, replace
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter

from lorbot.core.value import Line, Moment, value
from lorbot.errors import ConfigurationError
from lorbot.shell.atomic import write_file

SALT_BYTES = 32


@value
class _Left:
    """An applicant who was forgotten."""

    times: int  # how often: each time there is a new id for what comes after
    at: Moment
    out: bool = True  # not to be enrolled by the daemon itself


@value
class _Remembered:
    salt: Line
    never: tuple[Line, ...] = ()
    applicants: dict[Line, _Left] = field(default_factory=dict)


class Forgotten:
    """The file at `path`; made when there is something to remember. One writer at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: _Remembered | None = None

    def promise_silence(self, email: str) -> None:
        """Never write to this address again, whoever asks for it."""
        known = self._read()
        hashed = self._hashed(email)
        if hashed not in known.never:
            self._write(replace(known, never=(*known.never, hashed)))

    def wants_silence(self, email: str) -> bool:
        known = self._read()
        return bool(known.never) and self._hashed(email) in known.never

    def leave(self, email: str, at: datetime) -> None:
        """The applicant was forgotten at that moment. The same moment again changes nothing."""
        known, hashed = self._read(), self._hashed(email)
        before = known.applicants.get(hashed)
        if before is None or before.at != at:
            left = _Left(times=before.times + 1 if before else 1, at=at)
            self._write(replace(known, applicants=known.applicants | {hashed: left}))

    def left_at(self, email: str) -> datetime | None:
        """When the applicant was forgotten, while not back; None for everybody else."""
        left = self._left(email)
        return left.at if left and left.out else None

    def times_left(self, email: str) -> int:
        left = self._left(email)
        return left.times if left else 0

    def come_back(self, email: str) -> None:
        """The applicant is welcome again; also where nothing was known."""
        left = self._left(email)
        if left and left.out:
            self._put(self._hashed(email), replace(left, out=False))

    def keep_out_only(self, configured: Iterable[str]) -> None:
        """Whoever is not in the configuration any more may be enrolled when put there again."""
        wanted = {self._hashed(email) for email in configured} if self._read().applicants else set()
        for hashed, left in self._read().applicants.items():
            if left.out and hashed not in wanted:
                self._put(hashed, replace(left, out=False))

    def _left(self, email: str) -> _Left | None:
        known = self._read()
        return known.applicants.get(self._hashed(email)) if known.applicants else None

    def _put(self, hashed: str, left: _Left) -> None:
        known = self._read()
        self._write(replace(known, applicants=known.applicants | {hashed: left}))

    def _hashed(self, email: str) -> str:
        salt = bytes.fromhex(self._read().salt)
        return hmac.new(salt, email.strip().lower().encode(), hashlib.sha256).hexdigest()

    def _read(self) -> _Remembered:
        if self._known is None:
            try:
                self._known = _REMEMBERED.validate_json(self._path.read_bytes())
            except FileNotFoundError:
                self._known = _Remembered(salt=secrets.token_hex(SALT_BYTES))
            except ValueError as error:
                raise ConfigurationError(
                    f"{self._path} is damaged; restore it from a backup: it holds whom never to write to again"
                ) from error
        return self._known

    def _write(self, remembered: _Remembered) -> None:
        write_file(self._path, _REMEMBERED.dump_json(remembered, indent=1))
        self._known = remembered


_REMEMBERED = TypeAdapter(_Remembered)
