"""Finishes what the applicant confirmed: forgetting a mentor, or everything, with every copy in the state folder.

An erasure stays in the dossier until all of it is done, and each step may be done again: whatever crashes, the next
turn finishes it. The mail that says so is the last to go, and is erased once it has left.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import structlog

from lorbot.core import forgetting
from lorbot.core.dossier import Dossier, Mentor
from lorbot.core.erasure import Erasure
from lorbot.dossiers import Dossiers
from lorbot.errors import UnparseableMailError
from lorbot.mail.message import peek
from lorbot.parts import Parts
from lorbot.shell.spool import Spool

log = structlog.get_logger()


class Eraser:
    """One state folder. What goes wrong with one dossier is noted and tried again; the others go on."""

    def __init__(self, parts: Parts, dossiers: Dossiers) -> None:
        self._parts, self._dossiers = parts, dossiers
        self._spool = Spool(parts.state.spool)

    def work(self, now: datetime) -> None:
        """Carry every confirmed erasure as far as it can go now."""
        for dossier_id in self._dossiers.index.erasing:
            try:
                self._carry_on(dossier_id, now)
            except Exception as error:  # noqa: BLE001 - one dossier never stops the others
                self._dossiers.note_fault("what was to be erased is still there", error, dossier=dossier_id)

    def _carry_on(self, dossier_id: str, now: datetime) -> None:
        dossier = self._parts.store.load(dossier_id)
        for erasure in [e for e in dossier.erasures if e.confirmed_at]:
            if not erasure.mentor:
                self._everything(dossier, erasure, now)
                return
            dossier = self._mentor(dossier, erasure, now)

    def _mentor(self, dossier: Dossier, erasure: Erasure, now: datetime) -> Dossier:
        mentor = next((m for m in dossier.mentors if m.id == erasure.mentor), None)
        if mentor is not None:
            self._promise_silence([mentor])
            between = self._between(dossier, (mentor,))
            named = forgetting.gone_with(dossier, mentor.id).names
            self._spool.erase(
                between,  # a mail of the applicant's that waits is still to be handled, whomever it names
                lambda raw: between(raw) or (self._is_own(dossier)(raw) and named(raw.decode("utf-8", "replace"))),
            )
            named_in = forgetting.calendars(dossier)
            dossier = forgetting.without_mentor(dossier, mentor.id, keep=(erasure.last,))
            self._parts.state.drop(named_in - forgetting.calendars(dossier))  # while the dossier still tells which
            self._dossiers.keep(dossier, now)
        if forgetting.is_pending(dossier, erasure):
            self._parts.store.delete_copies(dossier.id)
            return dossier
        dossier = forgetting.without_last(dossier, erasure)
        self._dossiers.keep(dossier, now)
        self._parts.store.delete_copies(dossier.id)
        dossier = forgetting.finished(dossier, erasure)  # only now: until here the next start would have to go on
        self._dossiers.keep(dossier, now)
        log.info("a mentor was forgotten", dossier=dossier.id)
        return dossier

    def _everything(self, dossier: Dossier, erasure: Erasure, now: datetime) -> None:
        rest = forgetting.emptied(dossier, erasure)
        if dossier != rest:
            assert erasure.confirmed_at is not None, "only what is confirmed is erased"
            self._promise_silence([m for m in dossier.mentors if m.never])
            self._parts.state.forgotten.leave(dossier.applicant.email, erasure.confirmed_at)
            between, own = self._between(dossier, dossier.mentors), self._is_own(dossier)
            self._spool.erase(*[lambda raw: own(raw) or between(raw)] * 2)
            self._parts.state.drop(self._only_here(dossier))
            self._dossiers.keep(rest, now)
        self._parts.store.delete_copies(dossier.id)
        if not forgetting.is_pending(rest, erasure):
            self._parts.store.delete(dossier.id)
            self._dossiers.index.drop(dossier.id)
            log.info("an applicant was forgotten", dossier=dossier.id)

    def _promise_silence(self, mentors: Iterable[Mentor]) -> None:
        for mentor in mentors:
            if mentor.never and mentor.email:
                self._parts.state.forgotten.promise_silence(mentor.email)

    def _only_here(self, dossier: Dossier) -> set[str]:
        """The files of this dossier that no other refers to.

        Raises DossierUnreadableError where another cannot be read: what that one needs is not known.
        """
        others = [self._parts.store.load(other) for other in self._parts.store.ids() if other != dossier.id]
        mine = {m.sha256 for m in dossier.materials} | forgetting.calendars(dossier)
        return mine - {m.sha256 for other in others for m in other.materials}

    def _is_own(self, dossier: Dossier) -> Callable[[bytes], bool]:
        """Whether a mail is the applicant's, or in a thread with the applicant, by its header."""
        names = (dossier.applicant.email.lower().encode(), f"{dossier.id}.".encode())

        def is_own(raw: bytes) -> bool:
            header = _header(raw)
            return any(name in header for name in names) and not self._is_of_another_applicant(header, dossier.id)

        return is_own

    def _between(self, dossier: Dossier, mentors: Sequence[Mentor]) -> Callable[[bytes], bool]:
        """Whether a mail is between the applicant and one of these mentors, by its header. A mentor whom others have
        too may have written to them: then only a thread tells.
        """
        theirs = [(m.email.lower().encode(), self._is_shared(m.email, dossier.id)) for m in mentors if m.email]
        is_own = self._is_own(dossier)

        def is_between(raw: bytes) -> bool:
            header = _header(raw)
            named = [shared for email, shared in theirs if email in header]
            if not named or self._is_of_another_applicant(header, dossier.id):
                return False
            return not all(named) or is_own(raw)

        return is_between

    def _is_shared(self, email: str, dossier_id: str) -> bool:
        return any(known.dossier != dossier_id for known in self._dossiers.index.by_address(email))

    def _is_of_another_applicant(self, header: bytes, dossier_id: str) -> bool:
        try:
            sender = peek(header).sender.email
        except UnparseableMailError:
            return False
        known = self._dossiers.index.by_address(sender)
        return any(k.role == "applicant" and k.dossier != dossier_id for k in known)


def _header(raw: bytes) -> bytes:
    """The header of a mail, in lower case, however broken the mail is."""
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return head.lower() + b"\n\n"
