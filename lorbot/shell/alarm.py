"""What wakes the daemon: a clock for the next due moment and a coarse interval, and a bell anybody may ring.

APScheduler only rings; what is due is computed from the dossiers, so a missed ring loses nothing.
"""

import contextlib
import socket
from datetime import datetime

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

_NEXT = "next due"


class Alarm:
    """A bell on a socket: `bell` can be read once it has rung. Use as a context manager."""

    def __init__(self, *, every_seconds: int) -> None:
        self.bell, self._striker = socket.socketpair()
        self.bell.setblocking(False)
        self._striker.setblocking(False)
        # The default grace of one second would drop what a sleeping laptop missed.
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler = BackgroundScheduler(timezone="UTC", job_defaults=defaults)
        self._scheduler.add_job(self.ring, IntervalTrigger(seconds=every_seconds, timezone="UTC"))

    def __enter__(self) -> "Alarm":
        self._scheduler.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._scheduler.shutdown(wait=True)
        self.bell.close()
        self._striker.close()

    def ring(self) -> None:
        """Wake whoever waits. Safe from any thread and from a signal handler; many rings are one."""
        with contextlib.suppress(BlockingIOError):
            self._striker.send(b"!")

    def ring_at(self, moment: datetime | None) -> None:
        """Ring at `moment` instead of the one set before; None for no moment."""
        if self._scheduler.get_job(_NEXT):
            self._scheduler.remove_job(_NEXT)
        if moment is not None:
            self._scheduler.add_job(self.ring, DateTrigger(moment, timezone="UTC"), id=_NEXT, replace_existing=True)
