"""Killed between drop and record: no vote is doubled, none counts unrecorded, and the voter can vote again.

Which of the two is promised: a sheet may lie in the box without a recorded return (it was never acknowledged, and the
close leaves it out); a recorded return without its sheet cannot come about.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.ballots import BoxClosed, SlipReturned
from ledger.ballot_boxes import FAILPOINTS, Keeper
from ledger.ballot_files import BoxFiles
from ledger.ledger import Ledger
from tests.ledger.ballot_house import BOX, MEMBERS, SECRETARY_OF_IT, counts, house, ledger_on, opening, sheet
from tests.ledger.conftest import Opener

PROGRAM = Path(__file__).with_name("voting_program.py")
SEED = int(os.environ.get("STARLEDGER_SEED", "20250428"))
DIED, KILLS = 9, 12
LAST = MEMBERS[-1]
Dying = Callable[[str, str], int]


@pytest.fixture
def keeper(tmp_path: Path, sqlite_url: str, opened: Opener) -> Keeper:
    """Return the keeper of a box in which all but the last member have voted."""
    keeper = Keeper(house(opened(sqlite_url)), BoxFiles(tmp_path))
    keeper.open(opening(), actor=SECRETARY_OF_IT)
    for voter in MEMBERS[:-1]:
        keeper.vote(BOX, voter, sheet(voter))
    return keeper


@pytest.fixture
def command(tmp_path: Path, sqlite_url: str, checkout: Path) -> Callable[[str, str], subprocess.Popen[bytes]]:
    """Return how to start a process that votes or closes and dies at a failpoint."""
    environment = {**os.environ, "PYTHONPATH": str(checkout)}

    def start(at: str, act: str) -> subprocess.Popen[bytes]:
        words = [sys.executable, str(PROGRAM), sqlite_url, str(tmp_path), at, act]
        return subprocess.Popen(words, env=environment, cwd=checkout)

    return start


@pytest.fixture
def dying(command: Callable[[str, str], subprocess.Popen[bytes]]) -> Dying:
    """Return how to let a process die and learn its exit code."""
    return lambda at, act: command(at, act).wait(60)


def returned(ledger: Ledger) -> bool:
    return any(isinstance(f.event, SlipReturned) and f.event.person == LAST for f in ledger.read())


def closed(keeper: Keeper) -> tuple[dict[tuple[str, str], dict[str, int] | None], int]:
    """Close and return the counts, and how many sheets were returned."""
    keeper.close(BOX, actor=SECRETARY_OF_IT)
    events = [fact.event for fact in keeper.ledger.read()]
    return dict(counts(events)), next(event.returned for event in events if isinstance(event, BoxClosed))


@pytest.fixture
def again(tmp_path: Path, sqlite_url: str, opened: Opener, keeper: Keeper) -> Callable[[], Keeper]:
    """Return how to begin anew after a death."""
    del keeper
    return lambda: Keeper(ledger_on(opened(sqlite_url)), BoxFiles(tmp_path))


def test_a_sheet_whose_return_was_not_recorded_is_left_out(again: Callable[[], Keeper], dying: Dying) -> None:
    assert dying("box:dropped", "vote") == DIED
    keeper = again()
    assert not returned(keeper.ledger)
    assert keeper.status(BOX).returned == len(MEMBERS) - 1
    assert closed(keeper)[0]["m1", "members"] == {"合格": 5}


def test_its_voter_can_vote_again_and_that_sheet_counts_once(again: Callable[[], Keeper], dying: Dying) -> None:
    assert dying("box:dropped", "vote") == DIED
    keeper = again()
    keeper.vote(BOX, LAST, sheet(LAST, "基本合格"))
    assert closed(keeper) == (_all("基本合格"), len(MEMBERS))


def test_a_vote_whose_return_was_recorded_counts(again: Callable[[], Keeper], dying: Dying) -> None:
    assert dying("box:recorded", "vote") == DIED
    keeper = again()
    assert returned(keeper.ledger)
    assert closed(keeper) == (_all("不合格"), len(MEMBERS))


def test_a_keeper_that_dies_after_counting_leaves_a_key_that_the_next_command_destroys(
    again: Callable[[], Keeper], dying: Dying, tmp_path: Path
) -> None:
    assert dying("box:counted", "close") == DIED
    assert list((tmp_path / "keys").glob("*.key"))
    keeper = again()
    assert keeper.close(BOX, actor=SECRETARY_OF_IT) is None
    assert not list(tmp_path.glob("*/*.key"))
    assert not list(tmp_path.glob("*/*.box"))


def test_every_failpoint_of_the_keeper_is_tried() -> None:
    assert FAILPOINTS == ("box:dropped", "box:recorded", "box:counted")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kills")
def test_killed_at_any_moment_a_return_has_its_sheet_and_the_count_its_returns(
    keeper: Keeper, again: Callable[[], Keeper], command: Callable[[str, str], subprocess.Popen[bytes]]
) -> None:
    dice = random.Random(SEED)  # noqa: S311 - must be the same in every run
    for _ in range(KILLS):
        with command("never", "vote") as program:
            time.sleep(dice.uniform(0.2, 0.9))
            program.send_signal(signal.SIGKILL)
    recorded = returned(keeper.ledger)
    found, sheets = closed(again())
    assert sheets == len(MEMBERS) - (not recorded)
    assert found["m1", "members"] == ({"合格": 5, "不合格": 1} if recorded else {"合格": 5})


def _all(grade: str) -> dict[tuple[str, str], dict[str, int] | None]:
    """Return the counts when the last member gave everybody one grade and all the others 合格."""
    return {(person, "members"): {"合格": 6} if person == LAST else {"合格": 5, grade: 1} for person in MEMBERS}
