"""Time comes in as an argument: the machine's clock, watched for leaps, or a simulated one."""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from domain.text import Text

LEAP = timedelta(minutes=5)


class ClockLeapt(Exception):  # noqa: N818 - stops appends until somebody looks
    """The wall clock moved by minutes against the monotonic one: one wrong clock would end every window."""

    def __init__(self, leap: timedelta) -> None:
        """Say by how much the clock leapt."""
        seconds = f"{leap.total_seconds():+.0f}"
        self.leap = leap
        self.why = Text(
            f"系统时钟跳变了 {seconds} 秒，记录已暂停；请校准时钟，再由系统管理员执行 accept-clock。",
            f"The clock leapt by {seconds} s and recording stopped; set it right, then the operator runs accept-clock.",
        )
        super().__init__(self.why.en)


class Clock(Protocol):
    """A source of the present instant (UTC)."""

    simulated: bool

    def now(self) -> datetime:
        """Return the present instant; `ClockLeapt` where it cannot be trusted."""

    def unchecked(self) -> datetime:
        """Return what the clock says, believed or not."""

    def accept(self) -> None:
        """Take the clock as it stands now for right."""


def awake_or_asleep() -> float:
    """Return seconds that also pass while the machine sleeps: closing a laptop is no leap of its clock."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


class SystemClock:
    """The machine's clock, compared at every reading with the monotonic one."""

    simulated = False

    def __init__(self, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = awake_or_asleep) -> None:
        """Read `wall` (seconds since 1970) and `monotonic` (seconds since whenever)."""
        self._wall, self._monotonic = wall, monotonic
        self.accept()

    def now(self) -> datetime:
        """Return the present instant; `ClockLeapt` after a step of more than five minutes."""
        wall = self._wall()
        leap = timedelta(seconds=(wall - self._started_wall) - (self._monotonic() - self._started_monotonic))
        if abs(leap) > LEAP:
            raise ClockLeapt(leap)
        return datetime.fromtimestamp(wall, UTC)

    def unchecked(self) -> datetime:
        """Return what the wall clock says, believed or not."""
        return datetime.fromtimestamp(self._wall(), UTC)

    def accept(self) -> None:
        """Take the wall clock as it stands now for right."""
        self._started_wall, self._started_monotonic = self._wall(), self._monotonic()


class SimulatedClock:
    """A clock that moves only when told to: demos and tests. A ledger says in its first fact that it ran on one."""

    simulated = True

    def __init__(self, start: datetime) -> None:
        """Begin at `start` (an aware instant)."""
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """Return the instant that was set last."""
        return self._now

    def unchecked(self) -> datetime:
        """Return the instant that was set last."""
        return self._now

    def advance(self, step: timedelta) -> None:
        """Move by `step`."""
        self._now += step

    def set(self, instant: datetime) -> None:
        """Move to `instant`."""
        self._now = instant.astimezone(UTC)

    def accept(self) -> None:
        """Nothing to accept: a simulated clock never leaps by itself."""
