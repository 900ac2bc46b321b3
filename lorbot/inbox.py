"""Mail in: fetched, spooled, handled. Each mail goes through `Inbox.handle`: the whole flow in one short function.

    IMAP -> spool -> parse -> match -> authenticate, read -> decide -> save (state + outbox + seen id) -> mark

Invariant: a mail is in the spool before the cursor moves past it, and leaves the spool after its dossier is saved.
"""

import re
from dataclasses import replace
from datetime import date, datetime
from threading import Event as Flag

import structlog

from lorbot import attached, enrolment, noticing
from lorbot.core.dossier import Dossier
from lorbot.core.events import ApplicantWrote, Event
from lorbot.core.message import Incoming
from lorbot.dossiers import Dossiers
from lorbot.errors import DossierUnreadableError, LorbotError, MailboxError, UnparseableMailError
from lorbot.intake import OVERSIZE, event_of, is_for_lorbot, may_pass_on_notice
from lorbot.mail.match import Match, Party, match, may_concern
from lorbot.mail.message import Parsed, parse, peek
from lorbot.parts import Parts
from lorbot.shell.mailbox import Cursor, Found
from lorbot.shell.spool import MOST_ATTEMPTS, Spool, Spooled

log = structlog.get_logger()

_MAYBE_A_COMMAND = "help"  # of a mail without a subject the header does not tell
_ADDRESS = re.compile(r"[^\s<>,;:\"'()]+@[^\s<>,;:\"'()]+")


class Inbox:
    """The folders that are watched: the inbox, and Junk, where answers of strangers to a mail program end."""

    def __init__(self, parts: Parts, dossiers: Dossiers, leaving: Flag) -> None:
        self._parts, self._dossiers, self._leaving = parts, dossiers, leaving
        self._secret = parts.state.key()
        self._spool = Spool(parts.state.spool)

    def handle(self, raw: bytes, now: datetime) -> str:
        """One mail, from bytes to a saved decision; what followed, in words. Sending comes later, from the outbox."""
        parsed = parse(raw, most_bytes=self._parts.mail_limit_bytes)
        found = self._matched(parsed.incoming)
        if not found.dossier:
            followed = self._from_returning(parsed, now) or self._from_portal(parsed, now)
            return followed or f"left alone: from a {found.party}"
        dossier = self._dossiers.kept_silent(self._parts.store.load(found.dossier))
        event = self._understood(parsed, found, dossier, now)
        if event is None:
            return f"nothing follows: {found.party}, {parsed.incoming.origin_why or parsed.incoming.origin}"
        event = attached.looked_into(event, parsed.files, dossier, self._parts)
        decision = self._dossiers.decided(dossier, event, now)
        attached.keep(parsed.files, decision.dossier, self._parts.state)
        self._dossiers.settle(dossier, decision, now)
        return "; ".join(decision.why) or "noted"

    def _matched(self, incoming: Incoming) -> Match:
        """Where a mail belongs. An answer to a mail that was forgotten since is a stranger's."""
        found = match(incoming, self._secret, self._dossiers.index.by_address)
        if not found.key or found.party in {Party.APPLICANT, Party.MENTOR}:
            return found
        try:
            dossier = self._parts.store.load(found.dossier)
        except KeyError:
            return Match(party=Party.STRANGER)
        except DossierUnreadableError:
            return found  # it waits in the spool until that is mended
        return found if dossier.mail(found.key) else Match(party=Party.STRANGER)

    def _from_returning(self, parsed: Parsed, now: datetime) -> str:
        """What follows where an applicant who was forgotten gives a command; "" for everybody else."""
        first_line = parsed.incoming.text.strip().partition("\n")[0]
        applicant = enrolment.returning(self._parts, parsed.incoming, first_line)
        if applicant is None:
            return ""
        dossier = enrolment.enrolled(self._parts, applicant, now)
        found = Match(party=Party.APPLICANT, dossier=dossier.id)
        event = self._understood(parsed, found, dossier, now)
        if not isinstance(event, ApplicantWrote) or not (event.genuine or not self._parts.trust.authserv_id):
            return ""  # anybody can write that address: nobody is enrolled by a stranger
        event = attached.looked_into(event, parsed.files, dossier, self._parts)
        decision = self._dossiers.decided(dossier, event, now)
        attached.keep(parsed.files, decision.dossier, self._parts.state)
        self._dossiers.settle(dossier, decision, now)
        self._parts.state.forgotten.come_back(applicant.email)
        return "; ".join(decision.why)

    def _from_portal(self, parsed: Parsed, now: datetime) -> str:
        """What follows from a portal's notice about a letter; "" for all other mail."""
        dossier = noticing.dossier_told(parsed.incoming, self._parts, self._dossiers.index)
        event = noticing.told(parsed, self._parts.trust) if dossier else None
        if dossier is None or event is None:
            return ""
        dossier = self._dossiers.kept_silent(dossier)
        decision = self._dossiers.decided(dossier, event, now)
        self._dossiers.settle(dossier, decision, now)
        return "; ".join(decision.why) or "noted"

    def receive(self, now: datetime, *, since: date) -> None:
        """Fetch what is new and concerns lorbot, then handle what is in the spool. Raises MailboxError.

        `since`: in a folder that was never read, mail from before that day is left alone.
        """
        self._work_off(now)
        folders = self._parts.mailbox.folders()
        for folder in (folders.inbox, folders.junk):
            if folder and not self._leaving.is_set():
                self._fetch(folder, since)
        self._work_off(now)

    def _fetch(self, folder: str, since: date) -> None:
        """Spool every new mail of a folder that concerns lorbot; of the others only the header is read."""
        end = self._parts.mailbox.end_of(folder)  # before looking: what comes meanwhile is found next time
        cursor = self._cursor(folder)
        while not self._leaving.is_set():
            batch = self._parts.mailbox.new(folder, cursor, since=since)
            for found in batch:
                if self._concerns(found):
                    self._put_by(found)
                cursor = Cursor(folder=folder, uidvalidity=found.uidvalidity, last_uid=found.uid)
            if not batch or cursor is None:
                break
            self._parts.state.set_cursor(folder, cursor.uidvalidity, cursor.last_uid)
        if not self._leaving.is_set() and (
            cursor is None or cursor.uidvalidity != end.uidvalidity or cursor.last_uid < end.last_uid
        ):
            self._parts.state.set_cursor(folder, end.uidvalidity, end.last_uid)

    def _cursor(self, folder: str) -> Cursor | None:
        known = self._parts.state.cursor(folder)
        return Cursor(folder=folder, uidvalidity=known[0], last_uid=known[1]) if known else None

    def _concerns(self, found: Found) -> bool:
        try:
            incoming = peek(found.headers)
            meant = self._matched(incoming)
            if enrolment.returning(self._parts, incoming, _MAYBE_A_COMMAND):
                return True
            if not meant.dossier and noticing.dossier_told(incoming, self._parts, self._dossiers.index):
                return True
            unnamed = not incoming.subject  # then the first line may be the command
            mine = unnamed or is_for_lorbot(incoming, meant, self._parts.trust, "") or may_pass_on_notice(incoming)
            return mine and may_concern(incoming, meant)
        except DossierUnreadableError:
            return True  # it waits in the spool until that is mended
        except UnparseableMailError as error:
            log.warning("header unreadable", folder=found.folder, uid=found.uid, error=str(error))
            return True  # the whole mail goes through the spool, and from there to quarantine

    def _put_by(self, found: Found) -> None:
        """A mail over the limit is spooled by its header alone: it is answered, not read."""
        raw = self._parts.mailbox.fetch(found) if found.size <= self._parts.mail_limit_bytes else _too_large(found)
        if raw is not None:
            self._spool.put(found.folder, found.uidvalidity, found.uid, raw)

    def _work_off(self, now: datetime) -> None:
        for spooled in self._spool.pending():
            if self._leaving.is_set():
                return
            self._work_on(spooled, now)

    def _work_on(self, spooled: Spooled, now: datetime) -> None:
        """One spooled mail. The attempt is counted on disk first: a mail that kills the process is known by it."""
        where = {"folder": spooled.folder, "uid": spooled.uid}
        if spooled.attempts >= MOST_ATTEMPTS:
            path = self._spool.quarantine(spooled, f"it was begun {spooled.attempts} times and never finished")
            log.warning("mail quarantined", path=str(path), **where)
            return
        spooled = self._spool.attempt(spooled)
        try:
            followed = self.handle(self._spool.raw(spooled), now)
        except (UnparseableMailError, RecursionError, MemoryError) as error:
            path = self._spool.quarantine(spooled, str(error) or type(error).__name__)
            log.warning("mail quarantined", path=str(path), why=str(error), **where)
            return
        except MailboxError:
            self._spool.again(spooled)
            raise
        except Exception as error:  # noqa: BLE001 - one mail never stops the others
            if isinstance(error, LorbotError | OSError):
                self._spool.again(spooled)  # to be mended outside: the mail is not to blame
            self._dossiers.note_fault("mail waits in the spool", error, **where)
            return
        log.info("mail handled", followed=followed, **where)
        self._mark(spooled, followed)
        self._spool.done(spooled)

    def _mark(self, spooled: Spooled, followed: str) -> None:
        """Show on the server that the mail was handled. A server that refuses the mark costs nothing but the mark."""
        box = self._parts.mailbox
        if followed.startswith("left alone") or not box.alive:
            return
        try:
            if box.select(spooled.folder) == spooled.uidvalidity:
                box.mark(spooled.folder, spooled.uid, self._parts.keyword)
        except MailboxError as error:
            if not box.alive:
                raise
            log.warning("no mark", folder=spooled.folder, uid=spooled.uid, error=str(error))

    def _understood(self, parsed: Parsed, found: Match, dossier: Dossier, now: datetime) -> Event | None:
        event = event_of(
            parsed,
            found,
            dossier,
            reader=self._parts.reader,
            trust=self._parts.trust,
            policy=self._parts.policy,
            now=now,
            in_sent=self._is_in_sent,
        )
        return self._with_silence(event) if isinstance(event, ApplicantWrote) else event

    def _with_silence(self, event: ApplicantWrote) -> ApplicantWrote:
        """The mail, and which of the addresses in it want no more mail from anybody here."""
        named = dict.fromkeys(a.lower().rstrip(".") for a in _ADDRESS.findall(event.words))
        return replace(event, silent=tuple(a for a in named if self._parts.state.forgotten.wants_silence(a)))

    def _is_in_sent(self, message_id: str) -> bool:
        sent = self._parts.mailbox.folders().sent
        return bool(sent and self._parts.mailbox.holds(sent, message_id))


def _too_large(found: Found) -> bytes:
    """A mail over the limit as its header and a word: enough to say so to the one who sent it."""
    head = found.headers.rstrip(b"\r\n")
    kept = [line for line in head.split(b"\r\n") if not line.lower().startswith((b"content-", b"mime-version"))]
    said = f"(This mail is {found.size / 1e6:.0f} MB; it was too large and was not opened.)"
    kept.append(f"{OVERSIZE}: {found.size}".encode())
    return b"\r\n".join([*kept, b"Content-Type: text/plain; charset=us-ascii", b"", said.encode(), b""])
