"""Mail out: what waits in the outboxes of the dossiers goes to the SMTP server, and a copy to Sent.

    outbox -> compose -> save as sending -> SMTP -> save what became of it -> Sent folder

Invariant: a mail is saved as "sending" before it is offered, so that after a crash nobody takes it for unsent.
"""

from datetime import datetime, timedelta
from threading import Event as Flag

import structlog

from lorbot.core import outgoing
from lorbot.core.correspondence import Mail
from lorbot.core.dossier import Dossier
from lorbot.core.events import Accepted, Event, Failed, Lost
from lorbot.core.portable import EXPORTS, Scope
from lorbot.dossiers import Dossiers
from lorbot.errors import ConfigurationError, MailboxError, SendingError
from lorbot.export import exported
from lorbot.mail import thread
from lorbot.mail.compose import compose, recipients
from lorbot.parts import Parts
from lorbot.shell import sender as smtp

log = structlog.get_logger()

FOUND = "found in Sent"


class Outbox:
    """One SMTP account for all dossiers. After the server could not be reached, it is left alone for a while."""

    def __init__(self, parts: Parts, dossiers: Dossiers, leaving: Flag) -> None:
        self._parts, self._dossiers, self._leaving = parts, dossiers, leaving
        self._secret = parts.state.key()
        self._rests_until: datetime | None = None

    def send(self, now: datetime) -> None:
        """Offer what waits in the outboxes to the SMTP server, one mail after another, until nothing waits."""
        if self._rests_until and now < self._rests_until:
            return
        self._rests_until = None
        for due in self._dossiers.due(now):
            dossier: Dossier | None = due
            tried: set[str] = set()
            while dossier and (mail := self._next_to_send(dossier, tried, now)):
                tried.add(mail.key)
                dossier = self._try_to_send(dossier, mail, now)

    def settle(self, now: datetime) -> None:
        """Find out about mails that were on their way when the program ended: in Sent means sent, else nobody knows."""
        for dossier in self._dossiers:
            for key in outgoing.interrupted(dossier):
                mail = dossier.mail(key)
                there = mail is not None and self._is_in_sent(mail)
                event: Event = Accepted(key=key, remark=FOUND) if there else Lost(key=key, remark="interrupted")
                dossier = self._dossiers.decide(dossier, event, now)  # noqa: PLW2901 - one after another

    def _is_in_sent(self, mail: Mail) -> bool:
        if not self._parts.mailbox.alive:
            return False
        sent = self._parts.mailbox.folders().sent
        return bool(sent and self._parts.mailbox.holds(sent, mail.message_id))

    def _next_to_send(self, dossier: Dossier, tried: set[str], now: datetime) -> Mail | None:
        if self._leaving.is_set() or self._rests_until:
            return None
        return next((m for m in outgoing.waiting(dossier, now) if m.key not in tried), None)

    def _try_to_send(self, dossier: Dossier, mail: Mail, now: datetime) -> Dossier | None:
        try:
            return self._send_one(dossier, mail, now)
        except ConfigurationError:
            raise  # true of every mail
        except Exception as error:  # noqa: BLE001 - one mail never stops the others
            self._dossiers.note_fault("mail waits in the outbox", error, dossier=dossier.id, key=mail.key)
            return self._dossiers.load(dossier.id)

    def _send_one(self, dossier: Dossier, mail: Mail, now: datetime) -> Dossier:
        """One mail: saved as sending, offered, and what became of it saved. The dossier after that."""
        if dossier.restored_at and mail.purpose not in outgoing.TO_APPLICANT and not self._parts.mailbox.alive:
            return dossier  # whether it went before the export was read back can only be seen there
        if dossier.restored_at and self._is_in_sent(mail):
            return self._dossiers.decide(dossier, Accepted(key=mail.key, remark=FOUND), now)
        try:
            raw = self._composed(dossier, mail, now)
        except (SendingError, OSError) as error:
            return self._dossiers.decide(dossier, Failed(key=mail.key, permanent=True, remark=str(error)), now)
        dossier = outgoing.sending(dossier, mail.key)
        self._parts.store.save(dossier)
        event = self._offered(dossier, mail, raw, now)
        log.info("mail offered", purpose=mail.purpose.value, message_id=mail.message_id, outcome=type(event).__name__)
        dossier = self._dossiers.decide(dossier, event, now)
        if isinstance(event, Accepted):
            self._copy_to_sent(mail, raw, now)
        return dossier

    def _offered(self, dossier: Dossier, mail: Mail, raw: bytes, now: datetime) -> Event:
        identity = self._parts.identity
        try:
            outcome = self._parts.sender.send(raw, identity.address, recipients(mail, dossier.applicant, identity))
        except ConfigurationError as error:  # nothing was offered
            self._dossiers.decide(dossier, Failed(key=mail.key, permanent=False, remark=str(error)), now)
            raise
        except SendingError as error:
            self._rests_until = now + timedelta(minutes=self._parts.policy.retry_after_minutes)
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
            self._parts.identity,
            token=thread.token(self._secret, dossier.id, mail.key),
            at=now,
            content=lambda sha256: self._content(dossier, sha256, now),
        )

    def _content(self, dossier: Dossier, sha256: str, now: datetime) -> bytes:
        """The bytes of an enclosure; an export is made only now, of the dossier as it is."""
        if sha256 in EXPORTS:
            return exported(dossier, self._parts, Scope(sha256), now).content
        return self._parts.state.content(sha256)

    def _copy_to_sent(self, mail: Mail, raw: bytes, now: datetime) -> None:
        """The Sent folder, where the provider does not fill it. A copy that fails is only a missing copy."""
        box = self._parts.mailbox
        if not box.alive or (mail.purpose in outgoing.TO_APPLICANT and self._parts.identity.personal):
            return
        try:
            wanted = self._parts.keep_sent_copy
            if wanted or (wanted is None and not box.fills_sent_itself):
                box.file_sent(raw, now)
        except MailboxError as error:
            log.warning("no copy in Sent", message_id=mail.message_id, error=str(error))
