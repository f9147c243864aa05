"""Killed at any moment, the ledger has lost nothing that it acknowledged, doubled nothing and halved nothing."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from ledger.ledger import Ledger
from ledger.verification import verify
from tests.experiments import Notebook
from tests.ledger.conftest import Opener
from tests.ledger.toy import toy_ledger

PROMISE, WAY = "an acknowledged fact is kept", "kill -9 at random moments of appending and opening"
ENGINES = {"sqlite_url": "SQLite", "postgres_url": "PostgreSQL"}
PROGRAM = Path(__file__).with_name("appending_program.py")
SEED = int(os.environ.get("STARLEDGER_SEED", "20260105"))


@dataclass(frozen=True)
class Outcome:
    """What was told outside, compared with what the ledger holds."""

    seed: int
    kills: int
    acknowledged: int
    lost: int
    in_doubt_but_kept: int
    doubled: int
    half_written: int
    tree_ok: bool

    @property
    def figures(self) -> dict[str, int]:
        """Return the line for the notebook."""
        return {name: value for name, value in asdict(self).items() if name != "kills"}


class Witness:
    """Notes outside the system what was sent and what was acknowledged."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.sent: set[str] = set()
        self.done: dict[str, int] = {}

    def hear(self, line: str) -> str:
        """Take a line of the program into account; return its first word."""
        word, *rest = line.split()
        if word == "sent":
            self.sent.add(rest[0])
        elif word == "done":
            self.done[rest[0]] = int(rest[1])
        return word

    def compare(self, ledger: Ledger, kills: int) -> Outcome:
        """Return what became of everything."""
        held = [(fact.command_id, fact.position) for fact in ledger.read()]
        counts = Counter(command for command, _ in held)
        places = dict(held)
        verdict = verify(ledger)
        return Outcome(
            seed=SEED,
            kills=kills,
            acknowledged=len(self.done),
            lost=sum(1 for command, at in self.done.items() if places.get(command) != (at or places.get(command, 0))),
            in_doubt_but_kept=len(set(places) - set(self.done)),
            doubled=sum(count - 1 for count in counts.values()) + len(set(places) - self.sent),
            half_written=sum(1 for finding in verdict.findings if finding.severity != "note"),
            tree_ok=verdict.root == ledger.head().root and [at for _, at in held] == list(range(1, len(held) + 1)),
        )


@contextmanager
def fork_server(url: str, mode: str, checkout: Path) -> Iterator[subprocess.Popen[str]]:
    """Run the program; it ends with our end of its stdin."""
    command = [sys.executable, str(PROGRAM), url, mode]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment, cwd=checkout) as program:
        yield program


def kill_often(url: str, mode: str, kills: int, checkout: Path) -> Witness:
    """Let children append, and kill each after a random while."""
    dice, witness = random.Random(SEED), Witness()  # noqa: S311 - must be the same in every run
    with fork_server(url, mode, checkout) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        for number in range(kills):
            program.stdin.write(f"{number}\n")
            program.stdin.flush()
            child = int(program.stdout.readline().removeprefix("pid "))
            if number % 8:  # one in eight is killed while it opens the ledger
                witness.hear(program.stdout.readline())
            time.sleep(dice.uniform(0, 0.05))
            os.kill(child, signal.SIGKILL)
            while witness.hear(program.stdout.readline()) != "dead":
                pass
    return witness


def experiment(url: str, mode: str, kills: int, checkout: Path, opened: Opener) -> Outcome:
    """Return what `kills` kills came to."""
    toy_ledger(opened(url))
    witness = kill_often(url, mode, kills, checkout)
    return witness.compare(toy_ledger(opened(url)), kills)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="forks and kills")
@pytest.mark.parametrize(
    ("which", "kills"), [("sqlite_url", 500), pytest.param("postgres_url", 60, marks=pytest.mark.postgres)]
)
def test_nothing_acknowledged_is_lost_however_often_the_process_is_killed(
    request: pytest.FixtureRequest, which: str, kills: int, checkout: Path, opened: Opener, notebook: Notebook
) -> None:
    outcome = experiment(request.getfixturevalue(which), "sound", kills, checkout, opened)
    notebook.saw(PROMISE, WAY, on=ENGINES[which], runs=kills, figures=outcome.figures)
    assert (outcome.lost, outcome.doubled, outcome.half_written, outcome.tree_ok) == (0, 0, 0, True)
    assert outcome.acknowledged > kills


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="forks and kills")
def test_a_ledger_that_acknowledges_before_it_commits_would_be_caught(
    sqlite_url: str, checkout: Path, opened: Opener, notebook: Notebook
) -> None:
    outcome = experiment(sqlite_url, "hasty", 60, checkout, opened)
    notebook.saw(
        PROMISE, f"{WAY}; acknowledged before it commits", on="SQLite", runs=60, control=True, figures=outcome.figures
    )
    assert outcome.lost > 0


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="forks and kills")
@pytest.mark.parametrize(
    ("which", "kills"), [("sqlite_url", 200), pytest.param("postgres_url", 40, marks=pytest.mark.postgres)]
)
def test_nothing_acknowledged_is_lost_where_commands_share_their_transactions(
    request: pytest.FixtureRequest, which: str, kills: int, checkout: Path, opened: Opener, notebook: Notebook
) -> None:
    outcome = experiment(request.getfixturevalue(which), "together", kills, checkout, opened)
    notebook.saw(PROMISE, f"{WAY}, sixteen writers", on=ENGINES[which], runs=kills, figures=outcome.figures)
    assert (outcome.lost, outcome.doubled, outcome.half_written, outcome.tree_ok) == (0, 0, 0, True)
    assert outcome.acknowledged > kills


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="forks and kills")
def test_a_group_that_acknowledges_before_it_commits_would_be_caught(
    sqlite_url: str, checkout: Path, opened: Opener, notebook: Notebook
) -> None:
    outcome = experiment(sqlite_url, "hasty-together", 60, checkout, opened)
    way = f"{WAY}, sixteen writers; acknowledged before it commits"
    notebook.saw(PROMISE, way, on="SQLite", runs=60, control=True, figures=outcome.figures)
    assert outcome.lost > 0
