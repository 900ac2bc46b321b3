"""An erasure that the applicant asked for: what is to be forgotten, and how far it has come."""

from datetime import datetime, timedelta

from lorbot.core.value import Line, Moment, value

GOOD_FOR = timedelta(days=7)
"""How long the question waits for its answer; after that, forgetting is asked for anew."""


@value
class Erasure:
    """Once it is confirmed, it stays in the dossier until all of it is done: whatever crashes, it is finished."""

    id: Line  # equals the key of the mail that asks
    mentor: Line = ""  # a mentor's id; "" means everything about the applicant
    asked_at: Moment
    confirmed_at: Moment | None = None
    last: Line = ""  # the key of the mail that says it is done; erased itself once it has left

    def waits_at(self, now: datetime) -> bool:
        """Whether it can still be confirmed."""
        return self.confirmed_at is None and now - self.asked_at < GOOD_FOR
