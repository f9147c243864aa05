"""A clock that jumps, for years: what is recorded keeps step with the time that passes, or an operator has said so."""

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from domain.appointments import OpenLedger
from domain.decision import Command
from domain.keeping import AcceptClock
from ledger.clock import LEAP, ClockLeapt, SystemClock
from ledger.ledger import Ledger
from ledger.verification import verify
from tests.experiments import Notebook
from tests.ledger.conftest import Opener
from tests.ledger.toy import a_note, person, toy_ledger

SEED = int(os.environ.get("STARLEDGER_SEED", "20260110"))
MOVES = 1_000 * int(os.environ.get("STARLEDGER_SOAK", "1"))
FIRST = datetime(2023, 12, 28, 15, 30, tzinfo=UTC)
SECONDS_OF_A_DAY = 86_400
WEEK = 7 * SECONDS_OF_A_DAY
PROMISE, WAY = "no wrong clock ends a window", "time passes and the clock jumps, over years with leap days"


class Hands:
    """The time that truly passes, and a clock on the wall that somebody keeps setting."""

    def __init__(self) -> None:
        """Begin right."""
        self.passed = self.wrong_by = 0.0

    def wall(self) -> float:
        """Return what the wall clock says."""
        return FIRST.timestamp() + self.passed + self.wrong_by

    def monotonic(self) -> float:
        """Return what nobody can set."""
        return self.passed


class Believing(SystemClock):
    """The control: a clock that believes the wall, whatever it says."""

    def now(self) -> datetime:
        """Return what the wall says."""
        return self.unchecked()


@dataclass
class Outcome:
    """What was recorded while the clock jumped."""

    moves: int = 0
    jumps: int = 0
    refused: int = 0
    accepted: int = 0
    recorded: int = 0
    furthest_ahead_seconds: int = 0
    went_back: int = 0
    findings: int = 0

    def figures(self) -> dict[str, int | str]:
        """Return the line for the notebook."""
        return {name.replace("_", " "): value for name, value in vars(self).items()}


def moves(dice: random.Random) -> Iterator[tuple[float, float]]:
    """Yield how many seconds pass and by how many the clock is set: seldom, forwards and back, little and much."""
    for _ in range(MOVES):
        passes = dice.choice([0, 1, 59, 3_600, SECONDS_OF_A_DAY, 3 * SECONDS_OF_A_DAY])
        jump = dice.choice([1, -1, 299, -299, 301, -301, 3_600, -3_600, WEEK, WEEK, -WEEK])
        yield passes, jump if dice.random() < 0.1 else 0


def run(ledger: Ledger, hands: Hands) -> Outcome:
    """Record a note after every move; an operator accepts a clock that was refused once it has been set right."""
    dice, found = random.Random(SEED), Outcome()  # noqa: S311 - replays
    record(ledger, OpenLedger(committee="c", registrar=person("R"), operator=person("O")), "O")
    for passes, jump in moves(dice):
        hands.passed += passes
        hands.wrong_by += jump
        found.moves += 1
        found.jumps += jump != 0
        if not record(ledger, a_note("x"), "P1"):
            found.refused += 1
            hands.wrong_by = 0.0
            found.accepted += record(ledger, AcceptClock(why="set right"), "O")
        ahead = ledger.head().last_time
        assert ahead is not None
        seconds_ahead = int(ahead.timestamp() - FIRST.timestamp() - hands.passed)
        found.furthest_ahead_seconds = max(found.furthest_ahead_seconds, seconds_ahead)
    recorded = [fact.recorded_at for fact in ledger.read()]
    found.recorded = len(recorded)
    found.went_back = sum(later < earlier for earlier, later in pairwise(recorded))
    found.findings = sum(finding.severity != "note" for finding in verify(ledger).findings)
    return found


def record(ledger: Ledger, asked: Command, actor: str) -> bool:
    """Return whether the command was recorded; False where the clock was not believed."""
    try:
        ledger.execute(asked, actor=actor)
    except ClockLeapt:
        return False
    return True


@pytest.mark.slow
def test_what_is_recorded_is_ahead_of_the_time_that_passed_by_no_more_than_the_step_that_is_believed(
    sqlite_url: str, opened: Opener, notebook: Notebook
) -> None:
    hands = Hands()
    found = run(toy_ledger(opened(sqlite_url), clock=SystemClock(hands.wall, hands.monotonic)), hands)
    notebook.saw(PROMISE, WAY, on="sqlite", runs=found.moves, seed=SEED, figures=found.figures())
    assert found.furthest_ahead_seconds <= LEAP / timedelta(seconds=1)
    assert (found.went_back, found.findings) == (0, 0)
    assert found.refused == found.accepted > 0


def test_a_clock_that_is_always_believed_would_end_windows_days_too_early(
    sqlite_url: str, opened: Opener, notebook: Notebook
) -> None:
    hands = Hands()
    found = run(toy_ledger(opened(sqlite_url), clock=Believing(hands.wall, hands.monotonic)), hands)
    way = f"{WAY}; the wall always believed"
    notebook.saw(PROMISE, way, on="sqlite", runs=found.moves, control=True, seed=SEED, figures=found.figures())
    assert found.furthest_ahead_seconds > SECONDS_OF_A_DAY
