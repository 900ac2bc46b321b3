"""Incoming mails on disk: fetched once, attempted three times at most, never lost and never two of a kind."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lorbot.errors import ConfigurationError
from lorbot.shell import atomic
from lorbot.shell.spool import MOST_ATTEMPTS, Spool, Spooled

RAW = b"From: a@example.com\r\nSubject: \xff\r\n\r\nhello\r\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "quarantine").mkdir()
    (tmp_path / "spool").mkdir()
    return tmp_path / "spool"


@pytest.fixture
def spool(folder: Path) -> Spool:
    return Spool(folder)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_mail_is_kept_byte_for_byte_until_it_is_done(spool: Spool, folder: Path) -> None:
    kept = spool.put("INBOX", 7, 12, RAW)
    assert kept == Spooled(path=folder / "7-12-0-INBOX.eml", folder="INBOX", uidvalidity=7, uid=12, attempts=0)
    assert spool.pending() == [kept]
    assert spool.raw(kept) == RAW
    assert kept.path.stat().st_mode & 0o777 == 0o600
    spool.done(kept)
    spool.done(kept)
    assert spool.pending() == []
    assert names(folder) == []


def test_the_same_mail_again_changes_nothing(spool: Spool, folder: Path) -> None:
    first = spool.put("INBOX", 7, 12, RAW)
    assert spool.put("INBOX", 7, 12, b"other") == first
    for _ in range(MOST_ATTEMPTS):
        first = spool.attempt(first)
        assert spool.put("INBOX", 7, 12, b"other") == first
    assert spool.raw(first) == RAW
    assert len(names(folder)) == 1


def test_the_same_uid_elsewhere_is_another_mail(spool: Spool) -> None:
    mails = [("INBOX", 7, 12), ("INBOX", 8, 12), ("Sent", 7, 12), ("INBOX", 7, 13)]
    for mail in mails:
        spool.put(*mail, RAW)
    assert len(spool.pending()) == len(mails)


def test_mails_come_in_the_order_of_the_mailbox(spool: Spool) -> None:
    for uid in (10, 9, 100, 1):
        spool.put("INBOX", 7, uid, RAW)
    spool.attempt(spool.pending()[0])
    assert [spooled.uid for spooled in spool.pending()] == [1, 9, 10, 100]


def test_an_attempt_is_counted_on_disk(spool: Spool, folder: Path) -> None:
    begun = spool.attempt(spool.put("INBOX", 7, 12, RAW))
    assert begun == Spooled(path=folder / "7-12-1-INBOX.eml", folder="INBOX", uidvalidity=7, uid=12, attempts=1)
    assert Spool(folder).pending() == [begun]


def test_a_mail_that_was_attempted_too_often_is_not_attempted_again(spool: Spool) -> None:
    mail = spool.put("INBOX", 7, 12, RAW)
    for _ in range(MOST_ATTEMPTS):
        mail = spool.attempt(mail)
    with pytest.raises(ValueError, match="attempted 3 times"):
        spool.attempt(mail)
    assert spool.pending() == [mail]


def test_an_attempt_that_was_not_the_mails_fault_is_taken_back(spool: Spool) -> None:
    spooled = spool.put("INBOX", 7, 1, b"Subject: x\r\n\r\n")
    assert spool.again(spool.attempt(spooled)) == spooled
    assert spool.pending() == [spooled]
    assert spool.again(spooled) == spooled, "below none there is nothing to take back"


def test_quarantine_keeps_the_mail_and_the_reason(spool: Spool, folder: Path) -> None:
    mail = spool.attempt(spool.put("INBOX", 7, 12, RAW))
    where = spool.quarantine(mail, "the parser failed: \udcff")
    assert where == folder.parent / "quarantine" / "7-12-1-INBOX.eml"
    assert where.read_bytes() == RAW
    assert where.with_name("7-12-1-INBOX.eml.why.txt").read_text() == "the parser failed: \\udcff\n"
    assert names(where.parent) == ["7-12-1-INBOX.eml", "7-12-1-INBOX.eml.why.txt"]
    assert spool.pending() == []
    assert names(folder) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=16))
@pytest.mark.parametrize("example", ["Archive/2027", "..", "A-1-2-B.eml", "%2F", "Entwürfe & Co", "受信箱"])
def test_any_folder_name_comes_back_and_stays_in_the_spool(spool: Spool, folder: Path, example: str, name: str) -> None:
    for given_name in (example, name):
        kept = spool.put(given_name, 1, 2, RAW)
        assert kept.path.parent == folder
        assert spool.pending() == [kept]
        spool.done(kept)


def test_a_folder_name_that_makes_no_file_name_is_refused_with_the_remedy(spool: Spool, folder: Path) -> None:
    for name in ("受信箱" * 20, "x" * 201):
        with pytest.raises(ConfigurationError, match="watch one with a shorter name"):
            spool.put(name, 1, 2, RAW)
    longest = spool.put("x" * 200, 2**32 - 1, 2**32 - 1, RAW)
    spool.quarantine(longest, "names of the greatest length are still file names")
    assert names(folder) == []


def test_files_of_others_are_left_alone(spool: Spool, folder: Path) -> None:
    for name in (".7-1-0-INBOX.eml.tmp", "README", "7-1-INBOX.eml", "7-1-0-INBOX.eml.why.txt", "7-x-0-INBOX.eml"):
        (folder / name).touch()
    assert spool.pending() == []
    assert len(names(folder)) == 5


def test_a_full_disk_keeps_no_half_mail(spool: Spool, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write

    def full(descriptor: int, content: memoryview) -> int:
        if len(content) < len(RAW):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(descriptor, content[:9])

    with monkeypatch.context() as disk:
        disk.setattr(atomic.os, "write", full)
        with pytest.raises(OSError, match="No space left"):
            spool.put("INBOX", 7, 12, RAW)
    assert names(folder) == []
    assert spool.raw(spool.put("INBOX", 7, 12, RAW)) == RAW


def test_each_step_is_synced_before_it_returns(spool: Spool, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    real = os.fsync

    def note(descriptor: int) -> None:
        folders = (folder, folder.with_name("quarantine"))
        name_of = {p.stat().st_ino: p.name for f in folders for p in (f, *f.iterdir())}
        synced.append(name_of[os.fstat(descriptor).st_ino])
        real(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    mail = spool.put("INBOX", 7, 12, RAW)
    assert synced == [".7-12-0-INBOX.eml.tmp", "spool"]
    synced.clear()
    mail = spool.attempt(mail)
    assert synced == ["spool"]
    synced.clear()
    spool.quarantine(mail, "why")
    assert synced == [".7-12-1-INBOX.eml.why.txt.tmp", "quarantine", "quarantine", "spool"]
    synced.clear()
    spool.done(spool.put("INBOX", 7, 13, RAW))
    assert synced == [".7-13-0-INBOX.eml.tmp", "spool", "spool"]
