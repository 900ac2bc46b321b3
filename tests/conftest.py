"""The mail servers the tests share. Each test has its own, with empty mailboxes."""

import gc
import os
from collections.abc import Iterator

import hypothesis
import pytest
from servers import Dovecot

from lorbot.sandbox.server import MailServer

USERS = {
    "lorbot@school.example": "pw",
    "nadia@students.example": "pw",
    "lopez@hospital.example": "pw",
    "kim@hospital.example": "pw",
}

hypothesis.settings.register_profile("the same examples each time", derandomize=True, deadline=None)
hypothesis.settings.load_profile("the same examples each time")


def pytest_collection_finish() -> None:
    """What is there now is there to stay: the garbage collector need not go through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def mail_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """The embedded mail server, in memory.

    No power fails in a story, and a slow disk is no part of it: fsync is left out. What a power failure must not cost
    is told in test_store.py and test_spool.py, and a daemon in a process of its own syncs all it writes.
    """
    monkeypatch.setattr(os, "fsync", lambda _: None)
    with MailServer(USERS) as server:
        yield server


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    """A real Dovecot with the same users, where it is installed."""
    if Dovecot.missing():
        pytest.skip(Dovecot.missing())
    with Dovecot(USERS) as server:
        yield server
