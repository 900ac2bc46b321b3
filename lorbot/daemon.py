"""The loop: mail in, the clock, mail out; wait for mail or the next due moment; connect again when the line is lost.

inbox:    IMAP -> parse -> match -> authenticate, read -> decide -> save -> mark on the server
dossiers: clock -> dossiers due -> decide -> save
outbox:   outbox -> SMTP -> save -> Sent folder
"""

import random
import select
import socket
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Event as Flag

import structlog

from lorbot.dossiers import Dossiers
from lorbot.eraser import Eraser
from lorbot.errors import LoginRefusedError, LorbotError, MailboxError
from lorbot.health import note_turn
from lorbot.inbox import Inbox
from lorbot.outbox import Outbox
from lorbot.parts import Parts
from lorbot.shell.alarm import Alarm
from lorbot.shell.index import Index

log = structlog.get_logger()

FIRST_LOOK = timedelta(days=1)  # at the first start: what came since yesterday; older mail is never acted on
SOONEST = timedelta(seconds=20)
LONGEST_BACKOFF_SECONDS = 300
LOGIN_REFUSED_SECONDS = 900  # trying sooner locks accounts


class Daemon:
    """One mailbox, all its dossiers. One thread; `stop` may be called from a signal handler."""

    def __init__(self, parts: Parts, *, now: Callable[[], datetime] | None = None) -> None:
        self.parts = parts
        self.now = now or (lambda: datetime.now(UTC))
        self._leaving = Flag()
        self._dossiers = Dossiers(parts)
        self._inbox = Inbox(parts, self._dossiers, self._leaving)
        self._outbox = Outbox(parts, self._dossiers, self._leaving)
        self._eraser = Eraser(parts, self._dossiers)
        self._alarm: Alarm | None = None
        self._since: date = datetime.now(UTC).date()

    def turn(self, now: datetime) -> None:
        """Everything there is to do at `now`: new mail, the clock, the outbox. Idempotent."""
        self._inbox.receive(now, since=self._since)
        self._work(now)
        note_turn(self.parts.state.path)

    @property
    def index(self) -> Index:
        """What is due next, and whose address is whose."""
        return self._dossiers.index

    def open(self, now: datetime) -> None:
        """Read all dossiers, and make missing ones. Needs no server."""
        self._since = (self.parts.state.first_started_at(datetime.now(UTC)) - FIRST_LOOK).date()
        self._dossiers.open(now)

    def once(self, now: datetime) -> None:
        """What is there and what is due, then done. Raises MailboxError, and LorbotError when anything went wrong."""
        self.parts.mailbox.connect()
        try:
            self._outbox.settle(now)
            self.turn(now)
        finally:
            self.parts.mailbox.close()
        if self._dossiers.faults:
            raise LorbotError(
                f"not everything could be done ({self._dossiers.faults}); the log says what, and it is tried again"
            )

    def run(self) -> None:
        """Until `stop`: connect, work, wait for mail or the next due moment; reconnect with growing pauses."""
        failures = 0
        with Alarm(every_seconds=self.parts.poll_seconds) as alarm:
            self._alarm = alarm
            while not self._leaving.is_set():
                try:
                    self._serve(alarm)
                    failures = 0
                except MailboxError as error:
                    failures += 1
                    self._rest(alarm, error, failures)
            self._alarm = None
        self.parts.mailbox.close()

    def stop(self) -> None:
        """Finish the mail in hand and leave. Safe from a signal handler."""
        self._leaving.set()
        if self._alarm is not None:
            self._alarm.ring()

    def _work(self, now: datetime) -> None:
        """What needs no mailbox. What is to be forgotten is erased last, when the mail that says so has left."""
        self._dossiers.tick(now)
        self._outbox.send(now)
        self._eraser.work(now)

    def _serve(self, alarm: Alarm) -> None:
        if not self.parts.mailbox.alive:
            self.parts.mailbox.connect()
            self._outbox.settle(self.now())
            log.info("connected", idle=self.parts.mailbox.idles)
        self.turn(self.now())
        if self._leaving.is_set():
            return
        due = self.index.next_due()
        alarm.ring_at(max(due, self.now() + SOONEST) if due else None)  # what is still due now waits for something
        self.parts.mailbox.wait(self._patience(), alarm.bell)

    def _patience(self) -> int:
        return self.parts.idle_seconds if self.parts.mailbox.idles else self.parts.poll_seconds

    def _rest(self, alarm: Alarm, error: MailboxError, failures: int) -> None:
        """Wait before connecting again; the clock and the outbox go on meanwhile."""
        self.parts.mailbox.close()
        refused = isinstance(error, LoginRefusedError)
        base = LOGIN_REFUSED_SECONDS if refused else min(2**failures, LONGEST_BACKOFF_SECONDS)
        seconds = base * random.uniform(0.5, 1.5)  # noqa: S311 - jitter, not a secret
        log.warning("mailbox unreachable", error=str(error), again_in_seconds=round(seconds))
        until = self.now() + timedelta(seconds=seconds)
        while not self._leaving.is_set() and self.now() < until:
            now = self.now()
            self._work(now)
            due = self.index.next_due()
            pause = min([until, *([due] if due and due > now else [])]) - now
            _pause(alarm.bell, max(pause.total_seconds(), 0.2))


def _pause(bell: socket.socket, seconds: float) -> None:
    """Until the bell rings or the time is over."""
    if select.select([bell], [], [], seconds)[0]:
        bell.recv(4096)
