"""A clock is believed as long as it keeps step with one that nobody can set."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from ledger.clock import ClockLeapt, SimulatedClock, SystemClock, awake_or_asleep

START = datetime(2026, 1, 5, tzinfo=UTC)


class Hands:
    """Two clocks that a test moves."""

    def __init__(self) -> None:
        """Begin together."""
        self.wall, self.monotonic = START.timestamp(), 0.0
        self.clock = SystemClock(lambda: self.wall, lambda: self.monotonic)


@pytest.mark.parametrize("passed", [0, 1, 299, 86_400, 10**8])
def test_time_that_passes_on_both_is_no_leap(passed: int) -> None:
    hands = Hands()
    hands.wall += passed
    hands.monotonic += passed
    assert hands.clock.now() == START + timedelta(seconds=passed)


@pytest.mark.parametrize("step", [301, -301, 3_600, -86_400])
def test_a_step_of_more_than_five_minutes_is_a_leap_until_it_is_accepted(step: int) -> None:
    hands = Hands()
    hands.wall += step
    for _ in range(2):
        with pytest.raises(ClockLeapt, match=re.escape(f"{step:+d} s")) as leapt:
            hands.clock.now()
    assert leapt.value.leap == timedelta(seconds=step)
    assert hands.clock.unchecked() == START + timedelta(seconds=step)
    hands.clock.accept()
    assert hands.clock.now() == START + timedelta(seconds=step)


@pytest.mark.parametrize("step", [300, -300, 1])
def test_a_smaller_step_is_believed(step: int) -> None:
    hands = Hands()
    hands.wall += step
    assert hands.clock.now() == START + timedelta(seconds=step)


def test_many_small_steps_come_to_a_leap() -> None:
    hands = Hands()
    for _ in range(5):
        hands.wall += 60
        hands.clock.now()
    hands.wall += 60
    with pytest.raises(ClockLeapt):
        hands.clock.now()


def test_the_machines_clock_is_in_utc_and_keeps_step() -> None:
    assert SystemClock().now().tzinfo is UTC
    assert awake_or_asleep() <= awake_or_asleep()


def test_a_simulated_clock_moves_only_when_told_to() -> None:
    clock = SimulatedClock(datetime(2026, 1, 5, 8, tzinfo=timezone(timedelta(hours=8))))
    assert (clock.now(), clock.now(), clock.simulated) == (START, START, True)
    clock.advance(timedelta(days=1))
    assert clock.now() == clock.unchecked() == START + timedelta(days=1)
    clock.set(START)
    clock.accept()
    assert clock.now() == START
