"""Time in the simulation: a wall clock and a monotonic one, which only the simulation moves."""

from datetime import UTC, datetime, timedelta

from domain.dates import CHINA
from ledger.clock import SystemClock

BEGINNING = datetime(2025, 1, 6, 9, tzinfo=CHINA)


class VirtualTime:
    """The clocks of one machine. The ledger reads them as it reads the real ones, through `SystemClock`."""

    def __init__(self) -> None:
        """Begin on the day on which every simulated branch is founded."""
        self._wall, self._monotonic = BEGINNING.timestamp(), 0.0

    def clock(self) -> SystemClock:
        """Return the clock of a process that starts now."""
        return SystemClock(lambda: self._wall, lambda: self._monotonic)

    @property
    def now(self) -> datetime:
        """Return what the wall clock says."""
        return datetime.fromtimestamp(self._wall, UTC)

    def goes_by(self, step: timedelta) -> None:
        """Let time go by, as both clocks see it."""
        self._wall += step.total_seconds()
        self._monotonic += step.total_seconds()

    def leaps(self, step: timedelta) -> None:
        """Move the wall clock alone."""
        self._wall += step.total_seconds()
