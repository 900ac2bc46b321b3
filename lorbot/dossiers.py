"""The dossiers while the daemon runs: loaded, decided on, saved, and an index of what is due kept beside them.

Invariant: a decision is saved before anything that follows from it is done.
"""

from collections.abc import Iterator
from datetime import datetime

import structlog

from lorbot import enrolment
from lorbot.core import clock, holds, services
from lorbot.core.decide import decide
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier
from lorbot.core.events import Event, Ticked
from lorbot.core.forgetting import kept_silent
from lorbot.core.service_season import stale
from lorbot.errors import DossierUnreadableError, LorbotError
from lorbot.parts import Parts
from lorbot.shell.index import Index

log = structlog.get_logger()


class Dossiers:
    """All dossiers of one state folder. `faults` counts what went wrong and was left for later."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.index = Index()
        self.faults = 0

    def open(self, now: datetime) -> None:
        """Read all dossiers into the index, and make those of applicants who have none."""
        _say_what_is_old(self.look(now), now)
        for dossier in enrolment.missing(self._parts, now):
            self.keep(dossier, now)

    def look(self, now: datetime) -> set[str]:
        """Read all dossiers into the index; the services of their open applications."""
        in_use: set[str] = set()
        for dossier in self:
            self.index.put(dossier, clock.next_due(dossier, self._parts.policy, now))
            in_use.update(a.service for a in dossier.applications if not a.outcome)
        return in_use

    def __iter__(self) -> Iterator[Dossier]:
        for dossier_id in self._parts.store.ids():
            dossier = self.load(dossier_id)
            if dossier is not None:
                yield dossier

    def load(self, dossier_id: str) -> Dossier | None:
        """A dossier, or None for one that cannot be read: said loudly, and the others go on."""
        try:
            return self.kept_silent(self._parts.store.load(dossier_id))
        except DossierUnreadableError as error:
            log.critical("dossier unreadable", error=str(error))
            self.index.drop(dossier_id)
            return None

    def due(self, now: datetime) -> Iterator[Dossier]:
        """Those for which something is due, the longest waiting first."""
        for dossier_id in self.index.due_by(now):
            dossier = self.load(dossier_id)
            if dossier is not None:
                yield dossier

    def tick(self, now: datetime) -> None:
        """Decide what the clock wants, for the dossiers that are due."""
        for dossier in self.due(now):
            try:
                self.decide(dossier, Ticked(), now)
            except Exception as error:  # noqa: BLE001 - one dossier never stops the others
                self.note_fault("the clock of a dossier stands still", error, dossier=dossier.id)

    def decide(self, dossier: Dossier, event: Event, now: datetime) -> Dossier:
        """What follows from `event`, saved."""
        decision = self.decided(dossier, event, now)
        for why in decision.why:
            log.info("decided", dossier=dossier.id, why=why)
        return self.settle(dossier, decision, now)

    def kept_silent(self, dossier: Dossier) -> Dossier:
        """The dossier with silence towards everybody to whom it was promised, in whatever dossier that was."""
        return kept_silent(dossier, self._parts.state.forgotten.wants_silence)

    def keep(self, dossier: Dossier, now: datetime) -> None:
        """Save a dossier as it is."""
        self._parts.store.save(dossier)
        self.index.put(dossier, clock.next_due(dossier, self._parts.policy, now))

    def decided(self, dossier: Dossier, event: Event, now: datetime) -> Decision:
        """What follows from `event`, with all that waits compared with the facts of this moment."""
        return decide(self._parts.writer.renewed(dossier, now), event, now, self._parts.policy)

    def settle(self, before: Dossier, decision: Decision, now: datetime) -> Dossier:
        """Render what a decision wants written and save it all in one write. What changes nothing is not written."""
        after = self._parts.writer.write(decision, now)
        for sha256, content in (decision.files | holds.files(after, self._parts.policy)).items():
            self._parts.state.keep(sha256, content)
        if after != before:
            self._parts.store.save(after)
        self.index.put(after, clock.next_due(after, self._parts.policy, now))
        return after

    def note_fault(self, what: str, error: Exception, **where: object) -> None:
        """What a user can mend in one sentence, anything else with its traceback; both are tried again later."""
        self.faults += 1
        if isinstance(error, LorbotError):
            log.warning(what, why=str(error), **where)
        else:
            log.error(what, exc_info=error, **where)


def _say_what_is_old(names: set[str], now: datetime) -> None:
    """A warning about services in use whose rules were checked before their season opened."""
    old = sorted(name for name in names if stale(services.service(name), now.date()))
    if old:
        log.warning("rules of services are older than the season", services=old, remedy="see `lorbot services`")
