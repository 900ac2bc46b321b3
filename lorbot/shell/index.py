"""What is due next and whose address is whose: derived from the dossiers, in memory, never the only copy of anything.

Rebuilt at start and updated after each save. It keeps a summary of each dossier, not the dossier.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from lorbot.core.dossier import Dossier
from lorbot.mail.match import Registered

Due = tuple[datetime, str]


class Index:
    """Updating and asking cost next to nothing however many applicants there are."""

    def __init__(self) -> None:
        self._due: dict[str, datetime | None] = {}
        self._order: list[Due] = []  # sorted; only what has a moment
        self._addresses: dict[str, tuple[str, ...]] = {}
        self._registered: dict[str, tuple[Registered, ...]] = {}
        self._erasing: set[str] = set()

    @property
    def due(self) -> Mapping[str, datetime | None]:
        """When each dossier is next due, by id; None for one that waits for a mail."""
        return MappingProxyType(self._due)

    @property
    def erasing(self) -> tuple[str, ...]:
        """The dossiers of which something is being erased."""
        return tuple(sorted(self._erasing))

    def put(self, dossier: Dossier, due: datetime | None) -> None:
        """Take in a dossier as it was just saved, in place of what was known of it."""
        self.drop(dossier.id)
        self._due[dossier.id] = due
        if due is not None:
            insort(self._order, (due, dossier.id))
        if any(erasure.confirmed_at for erasure in dossier.erasures):
            self._erasing.add(dossier.id)
        people = _people(dossier)
        self._addresses[dossier.id] = tuple({email for email, _ in people})
        for email, registered in people:
            self._registered[email] = (*self._registered.get(email, ()), registered)

    def drop(self, dossier_id: str) -> None:
        """Forget a dossier; also when it is not known."""
        self._erasing.discard(dossier_id)
        due = self._due.pop(dossier_id, None)
        if due is not None:
            del self._order[bisect_left(self._order, (due, dossier_id))]
        for email in self._addresses.pop(dossier_id, ()):
            others = tuple(known for known in self._registered[email] if known.dossier != dossier_id)
            if others:
                self._registered[email] = others
            else:
                del self._registered[email]

    def by_address(self, email: str) -> tuple[Registered, ...]:
        """Everyone this address is registered for; capitals make no difference."""
        return self._registered.get(_normal(email), ())

    def next_due(self) -> datetime | None:
        """The first moment at which anything is due, past or to come."""
        return self._order[0][0] if self._order else None

    def due_by(self, now: datetime) -> tuple[str, ...]:
        """The ids of the dossiers due at `now` or before, the longest waiting first."""
        count = bisect_right(self._order, now, key=lambda entry: entry[0])
        return tuple(dossier_id for _, dossier_id in self._order[:count])


def _people(dossier: Dossier) -> list[tuple[str, Registered]]:
    applicant = Registered(dossier=dossier.id, role="applicant")
    people = [(dossier.applicant.email, applicant)]
    people += [
        (email, Registered(dossier=dossier.id, role="mentor", mentor=m.id))
        for m in dossier.mentors
        for email in (m.email, *m.addresses)
    ]
    return [(_normal(email), registered) for email, registered in people if email.strip()]


def _normal(email: str) -> str:
    return email.strip().lower()
