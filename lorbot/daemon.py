"""The loop: mail in, decisions, mail out. Each mail goes through `Daemon.handle`, the whole data flow in one place.

    IMAP -> parse -> match -> authenticate, read -> decide -> save (state + outbox + seen id) -> mark on the server
    clock -> dossiers due -> decide -> save
    outbox -> SMTP -> save -> Sent folder

Invariant: a dossier is saved before anything that follows from it is done; a mail is saved as "sending" before it is
offered to the SMTP server.
"""

import random
import select
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import structlog

from lorbot.core import clock, outgoing
from lorbot.core.decide import decide
from lorbot.core.decision import Decision
from lorbot.core.dossier import Applicant, Dossier, Mail
from lorbot.core.events import Accepted, Event, Failed, Lost, Ticked
from lorbot.core.policy import Policy
from lorbot.errors import (
    ConfigurationError,
    DossierUnreadableError,
    LoginRefusedError,
    LorbotError,
    MailboxError,
    SendingError,
    UnparseableMailError,
)
from lorbot.health import note_turn
from lorbot.intake import OVERSIZE, Trust, event_of, is_for_lorbot
from lorbot.mail import thread
from lorbot.mail.compose import Identity, compose, recipients
from lorbot.mail.match import Match, match, may_concern
from lorbot.mail.message import Parsed, parse, peek
from lorbot.mail.write import Writer
from lorbot.reading.reader import Reader
from lorbot.shell import mailbox as imap
from lorbot.shell import sender as smtp
from lorbot.shell.alarm import Alarm
from lorbot.shell.index import Index
from lorbot.shell.mailbox import Found, Mailbox
from lorbot.shell.sender import Sender
from lorbot.shell.spool import MOST_ATTEMPTS, Spool, Spooled
from lorbot.shell.state import StateFolder
from lorbot.shell.store import Store

log = structlog.get_logger()

FIRST_LOOK = timedelta(days=1)  # at the first start: what came since yesterday; older mail is never acted on
SOONEST = timedelta(seconds=20)
LONGEST_BACKOFF_SECONDS = 300
LOGIN_REFUSED_SECONDS = 900  # trying sooner locks accounts


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the daemon works with. Each does one thing and can be put in another's place."""

    mailbox: Mailbox
    sender: Sender
    store: Store
    state: StateFolder
    writer: Writer
    reader: Reader
    policy: Policy
    identity: Identity
    trust: Trust
    applicants: tuple[Applicant, ...]
    keyword: str = "lorbot"
    keep_sent_copy: bool | None = None  # None: where the provider does not do it itself
    mail_limit_bytes: int = 25_000_000
    idle_seconds: int = 480
    poll_seconds: int = 120


class Daemon:
    """One mailbox, all its dossiers. One thread; `stop` may be called from a signal handler."""

    def __init__(self, parts: Parts, *, now: Callable[[], datetime] | None = None) -> None:
        self.parts = parts
        self.now = now or (lambda: datetime.now(UTC))
        self.secret = parts.state.key()
        self.index = Index()
        self.spool = Spool(parts.state.spool)
        self.stopping = False
        self.faults = 0  # what went wrong and was left for later
        self._alarm: Alarm | None = None
        self._since: date = datetime.now(UTC).date()
        self._smtp_rests_until: datetime | None = None

    # -- the flow ------------------------------------------------------------------------------------------------

    def handle(self, raw: bytes, now: datetime) -> str:
        """One mail, from bytes to a saved decision; what followed, in words. Sending comes later, from the outbox."""
        parsed = parse(raw, most_bytes=self.parts.mail_limit_bytes)
        found = match(parsed.incoming, self.secret, self.index.by_address)
        if not found.dossier:
            return f"left alone: from a {found.party}"
        dossier = self.parts.store.load(found.dossier)
        event = self._understood(parsed, found, dossier, now)
        if event is None:
            return f"nothing follows: {found.party}, {parsed.incoming.origin_why or parsed.incoming.origin}"
        decision = decide(dossier, event, now, self.parts.policy)
        self._keep_files(parsed, decision)
        self._save(self.parts.writer.write(decision, now), now)
        return "; ".join(decision.why) or "noted"

    def turn(self, now: datetime) -> None:
        """Everything there is to do at `now`: new mail, the clock, the outbox. Idempotent."""
        self.receive(now)
        self.tick(now)
        self.send(now)
        note_turn(self.parts.state.path)

    def receive(self, now: datetime) -> None:
        """Fetch what is new and concerns lorbot, then handle what is in the spool. Raises MailboxError."""
        self._work_off(now)
        folders = self.parts.mailbox.folders()
        for folder in (folders.inbox, folders.junk):
            if folder and not self.stopping:
                self._fetch(folder)
        self._work_off(now)

    def tick(self, now: datetime) -> None:
        """Decide what the clock wants, for the dossiers that are due."""
        for dossier_id in self.index.due_by(now):
            dossier = self._loaded(dossier_id)
            if dossier is not None:
                self._tick_one(dossier, now)

    def send(self, now: datetime) -> None:
        """Offer what waits in the outboxes to the SMTP server, one mail after another, until nothing waits."""
        if self._smtp_rests_until and now < self._smtp_rests_until:
            return
        self._smtp_rests_until = None
        for dossier_id in self.index.due_by(now):
            dossier = self._loaded(dossier_id)
            tried: set[str] = set()
            while dossier and (mail := self._next_to_send(dossier, tried, now)):
                tried.add(mail.key)
                dossier = self._try_to_send(dossier, mail, now)

    # -- starting and running ------------------------------------------------------------------------------------

    def open(self, now: datetime) -> None:
        """Read all dossiers, make missing ones, settle what was interrupted. Needs no server."""
        self._since = (self.parts.state.first_started_at(datetime.now(UTC)) - FIRST_LOOK).date()
        for dossier_id in self.parts.store.ids():
            dossier = self._loaded(dossier_id)
            if dossier is not None:
                self.index.put(dossier, clock.next_due(dossier, self.parts.policy, now))
        for applicant in self.parts.applicants:
            self._enrol(applicant, now)

    def once(self, now: datetime) -> None:
        """What is there and what is due, then done. Raises MailboxError, and LorbotError when anything went wrong."""
        self.parts.mailbox.connect()
        try:
            self.settle(now)
            self.turn(now)
        finally:
            self.parts.mailbox.close()
        if self.faults:
            raise LorbotError(f"not everything could be done ({self.faults}); the log says what, and it is tried again")

    def run(self) -> None:
        """Until `stop`: connect, work, wait for mail or the next due moment; reconnect with growing pauses."""
        failures = 0
        with Alarm(every_seconds=self.parts.poll_seconds) as alarm:
            self._alarm = alarm
            while not self.stopping:
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
        self.stopping = True
        if self._alarm is not None:
            self._alarm.ring()

    def settle(self, now: datetime) -> None:
        """Find out about mails that were on their way when the program ended: in Sent means sent, else nobody knows."""
        sent = self.parts.mailbox.folders().sent
        for dossier_id in self.parts.store.ids():
            dossier = self._loaded(dossier_id)
            for key in outgoing.interrupted(dossier) if dossier else ():
                assert dossier is not None
                mail = dossier.mail(key)
                there = bool(mail and sent and self.parts.mailbox.holds(sent, mail.message_id))
                event: Event = (
                    Accepted(key=key, remark="found in Sent") if there else Lost(key=key, remark="interrupted")
                )
                dossier = self._decide(dossier, event, now)

    def _serve(self, alarm: Alarm) -> None:
        if not self.parts.mailbox.alive:
            self.parts.mailbox.connect()
            self.settle(self.now())
            log.info("connected", idle=self.parts.mailbox.idles)
        self.turn(self.now())
        if self.stopping:
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
        while not self.stopping and self.now() < until:
            now = self.now()
            self.tick(now)
            self.send(now)
            due = self.index.next_due()
            pause = min([until, *([due] if due and due > now else [])]) - now
            _pause(alarm.bell, max(pause.total_seconds(), 0.2))

    # -- pieces --------------------------------------------------------------------------------------------------

    def _fetch(self, folder: str) -> None:
        """Spool every new mail of a folder that concerns lorbot; of the others only the header is read."""
        end = self.parts.mailbox.end_of(folder)  # before looking: what comes meanwhile is found next time
        cursor = self._cursor(folder)
        while not self.stopping:
            batch = self.parts.mailbox.new(folder, cursor, since=self._since)
            for found in batch:
                if self._concerns(found):
                    self._spool(found)
                cursor = imap.Cursor(folder=folder, uidvalidity=found.uidvalidity, last_uid=found.uid)
            if not batch or cursor is None:
                break
            self.parts.state.set_cursor(folder, cursor.uidvalidity, cursor.last_uid)
        if not self.stopping and (
            cursor is None or cursor.uidvalidity != end.uidvalidity or cursor.last_uid < end.last_uid
        ):
            self.parts.state.set_cursor(folder, end.uidvalidity, end.last_uid)

    def _cursor(self, folder: str) -> imap.Cursor | None:
        known = self.parts.state.cursor(folder)
        return imap.Cursor(folder=folder, uidvalidity=known[0], last_uid=known[1]) if known else None

    def _concerns(self, found: Found) -> bool:
        try:
            incoming = peek(found.headers)
            meant = match(incoming, self.secret, self.index.by_address)
            unnamed = not incoming.subject  # then the first line may be the command
            mine = unnamed or is_for_lorbot(incoming, meant, self.parts.trust, "")
            return mine and may_concern(incoming, meant)
        except UnparseableMailError as error:
            log.warning("header unreadable", folder=found.folder, uid=found.uid, error=str(error))
            return True  # the whole mail goes through the spool, and from there to quarantine

    def _spool(self, found: Found) -> None:
        """A mail over the limit is spooled by its header alone: it is answered, not read."""
        raw = self.parts.mailbox.fetch(found) if found.size <= self.parts.mail_limit_bytes else _too_large(found)
        if raw is not None:
            self.spool.put(found.folder, found.uidvalidity, found.uid, raw)

    def _work_off(self, now: datetime) -> None:
        for spooled in self.spool.pending():
            if self.stopping:
                return
            self._work_on(spooled, now)

    def _work_on(self, spooled: Spooled, now: datetime) -> None:
        """One spooled mail. The attempt is counted on disk first: a mail that kills the process is known by it."""
        where = {"folder": spooled.folder, "uid": spooled.uid}
        if spooled.attempts >= MOST_ATTEMPTS:
            path = self.spool.quarantine(spooled, f"it was begun {spooled.attempts} times and never finished")
            log.warning("mail quarantined", path=str(path), **where)
            return
        spooled = self.spool.attempt(spooled)
        try:
            followed = self.handle(self.spool.raw(spooled), now)
        except (UnparseableMailError, RecursionError, MemoryError) as error:
            path = self.spool.quarantine(spooled, str(error) or type(error).__name__)
            log.warning("mail quarantined", path=str(path), why=str(error), **where)
            return
        except MailboxError:
            raise
        except Exception as error:  # noqa: BLE001 - one mail never stops the others
            self._note_fault("mail waits in the spool", error, **where)
            return
        log.info("mail handled", followed=followed, **where)
        self._mark(spooled, followed)
        self.spool.done(spooled)

    def _mark(self, spooled: Spooled, followed: str) -> None:
        """Show on the server that the mail was handled. A server that refuses the mark costs nothing but the mark."""
        box = self.parts.mailbox
        if followed.startswith("left alone") or not box.alive:
            return
        try:
            if box.select(spooled.folder) == spooled.uidvalidity:
                box.mark(spooled.folder, spooled.uid, self.parts.keyword)
        except MailboxError as error:
            if not box.alive:
                raise
            log.warning("no mark", folder=spooled.folder, uid=spooled.uid, error=str(error))

    def _understood(self, parsed: Parsed, found: Match, dossier: Dossier, now: datetime) -> Event | None:
        return event_of(
            parsed,
            found,
            dossier,
            reader=self.parts.reader,
            trust=self.parts.trust,
            policy=self.parts.policy,
            now=now,
            in_sent=self._is_in_sent,
        )

    def _is_in_sent(self, message_id: str) -> bool:
        sent = self.parts.mailbox.folders().sent
        return bool(sent and self.parts.mailbox.holds(sent, message_id))

    def _keep_files(self, parsed: Parsed, decision: Decision) -> None:
        """Only what became a material is kept: a mentor's attachment never is."""
        wanted = {m.sha256 for m in decision.dossier.materials}
        for sha256, content in parsed.files.items():
            if sha256 in wanted:
                self.parts.state.keep(sha256, content)

    def _tick_one(self, dossier: Dossier, now: datetime) -> None:
        try:
            self._decide(dossier, Ticked(), now)
        except Exception as error:  # noqa: BLE001 - one dossier never stops the others
            self._note_fault("the clock of a dossier stands still", error, dossier=dossier.id)

    def _note_fault(self, what: str, error: Exception, **where: object) -> None:
        """What a user can mend in one sentence, anything else with its traceback; both are tried again later."""
        self.faults += 1
        if isinstance(error, LorbotError):
            log.warning(what, why=str(error), **where)
        else:
            log.error(what, exc_info=error, **where)

    def _decide(self, dossier: Dossier, event: Event, now: datetime) -> Dossier:
        decision = decide(dossier, event, now, self.parts.policy)
        for why in decision.why:
            log.info("decided", dossier=dossier.id, why=why)
        after = self.parts.writer.write(decision, now)
        if after != dossier:
            self._save(after, now)
        else:
            self.index.put(after, clock.next_due(after, self.parts.policy, now))
        return after

    def _save(self, dossier: Dossier, now: datetime) -> None:
        self.parts.store.save(dossier)
        self.index.put(dossier, clock.next_due(dossier, self.parts.policy, now))

    def _loaded(self, dossier_id: str) -> Dossier | None:
        """A dossier, or None for one that cannot be read: said loudly, and the others go on."""
        try:
            return self.parts.store.load(dossier_id)
        except DossierUnreadableError as error:
            log.critical("dossier unreadable", error=str(error))
            self.index.drop(dossier_id)
            return None

    def _enrol(self, applicant: Applicant, now: datetime) -> None:
        dossier_id = thread.dossier_id(self.secret, applicant.email)
        if dossier_id in self.parts.store.ids():
            return
        dossier = Dossier(id=dossier_id, applicant=applicant, created_at=now)
        self._save(dossier.noting(now, f"{applicant.name} was enrolled"), now)

    def _next_to_send(self, dossier: Dossier, tried: set[str], now: datetime) -> Mail | None:
        if self.stopping or self._smtp_rests_until:
            return None
        return next((m for m in outgoing.waiting(dossier, now) if m.key not in tried), None)

    def _try_to_send(self, dossier: Dossier, mail: Mail, now: datetime) -> Dossier | None:
        try:
            return self._send_one(dossier, mail, now)
        except ConfigurationError:
            raise  # true of every mail
        except Exception as error:  # noqa: BLE001 - one mail never stops the others
            self._note_fault("mail waits in the outbox", error, dossier=dossier.id, key=mail.key)
            return self._loaded(dossier.id)

    def _send_one(self, dossier: Dossier, mail: Mail, now: datetime) -> Dossier:
        """One mail: saved as sending, offered, and what became of it saved. The dossier after that."""
        try:
            raw = self._composed(dossier, mail, now)
        except (SendingError, OSError) as error:
            return self._decide(dossier, Failed(key=mail.key, permanent=True, remark=str(error)), now)
        dossier = outgoing.sending(dossier, mail.key)
        self.parts.store.save(dossier)
        event = self._offered(dossier, mail, raw, now)
        log.info("mail offered", purpose=mail.purpose.value, message_id=mail.message_id, outcome=type(event).__name__)
        dossier = self._decide(dossier, event, now)
        if isinstance(event, Accepted):
            self._copy_to_sent(mail, raw, now)
        return dossier

    def _offered(self, dossier: Dossier, mail: Mail, raw: bytes, now: datetime) -> Event:
        identity = self.parts.identity
        try:
            outcome = self.parts.sender.send(raw, identity.address, recipients(mail, dossier.applicant, identity))
        except ConfigurationError as error:  # nothing was offered
            self._decide(dossier, Failed(key=mail.key, permanent=False, remark=str(error)), now)
            raise
        except SendingError as error:
            self._smtp_rests_until = now + timedelta(minutes=self.parts.policy.retry_after_minutes)
            log.warning("smtp unreachable", error=str(error))
            return Failed(key=mail.key, permanent=False, remark=str(error))
        match outcome:
            case smtp.Sent(remark=remark):
                return Accepted(key=mail.key, remark=remark)
            case smtp.Refused(permanent=permanent, code=code, remark=remark):
                return Failed(key=mail.key, permanent=permanent, code=code, remark=remark)
            case smtp.Lost(remark=remark):
                return Lost(key=mail.key, remark=remark)

    def _composed(self, dossier: Dossier, mail: Mail, now: datetime) -> bytes:
        return compose(
            mail,
            dossier.applicant,
            self.parts.identity,
            token=thread.token(self.secret, dossier.id, mail.key),
            at=now,
            content=self.parts.state.content,
        )

    def _copy_to_sent(self, mail: Mail, raw: bytes, now: datetime) -> None:
        """The Sent folder, where the provider does not fill it. A copy that fails is only a missing copy."""
        box = self.parts.mailbox
        if not box.alive or (mail.purpose in outgoing.TO_APPLICANT and self.parts.identity.personal):
            return
        try:
            wanted = self.parts.keep_sent_copy
            if wanted or (wanted is None and not box.fills_sent_itself):
                box.file_sent(raw, now)
        except MailboxError as error:
            log.warning("no copy in Sent", message_id=mail.message_id, error=str(error))


def _too_large(found: Found) -> bytes:
    """A mail over the limit as its header and a word: enough to say so to the one who sent it."""
    head = found.headers.rstrip(b"\r\n")
    kept = [line for line in head.split(b"\r\n") if not line.lower().startswith((b"content-", b"mime-version"))]
    said = f"(This mail is {found.size / 1e6:.0f} MB; it was too large and was not opened.)"
    kept.append(f"{OVERSIZE}: {found.size}".encode())
    return b"\r\n".join([*kept, b"Content-Type: text/plain; charset=us-ascii", b"", said.encode(), b""])


def _pause(bell: socket.socket, seconds: float) -> None:
    """Until the bell rings or the time is over."""
    if select.select([bell], [], [], seconds)[0]:
        bell.recv(4096)
