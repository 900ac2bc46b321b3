"""The mail servers the tests share. Each test has its own, with empty mailboxes."""

from collections.abc import Iterator

import pytest
from servers import Dovecot

from lorbot.sandbox.server import MailServer

USERS = {
    "lorbot@school.example": "pw",
    "nadia@students.example": "pw",
    "lopez@hospital.example": "pw",
    "kim@hospital.example": "pw",
}


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """The embedded mail server, in memory."""
    with MailServer(USERS) as server:
        yield server


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    """A real Dovecot with the same users, where it is installed."""
    if Dovecot.missing():
        pytest.skip(Dovecot.missing())
    with Dovecot(USERS) as server:
        yield server
