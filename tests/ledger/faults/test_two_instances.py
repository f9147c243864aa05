"""Two programs on one SQLite file, and a third that follows: one order without gaps, nothing lost, nothing doubled."""

import os
import subprocess
import sys
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest

from domain.decision import Fact
from tests.experiments import Notebook
from tests.ledger.conftest import Opener
from tests.ledger.faults.verdict import Tally, Witness
from tests.ledger.toy import toy_ledger

PROMISE, WAY = "one order, whoever records", "two processes record at once in one file, a third follows"
PROGRAM = Path(__file__).with_name("appending_together_program.py")
COMMANDS = 300 * int(os.environ.get("STARLEDGER_SOAK", "1"))
WRITERS = ("a", "b")


def start(url: str, mode: str, name: str, checkout: Path) -> subprocess.Popen[str]:
    """Start a program and return it once it is ready."""
    words, pipe = [sys.executable, str(PROGRAM), url, mode, name, str(COMMANDS)], subprocess.PIPE
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    program = subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True, env=environment)
    assert program.stdout is not None
    assert program.stdout.readline() == "ready\n"
    return program


def let_go(program: subprocess.Popen[str]) -> None:
    """Let a program begin."""
    assert program.stdin is not None
    program.stdin.close()


def heard(program: subprocess.Popen[str]) -> list[str]:
    """Return what a program has told when it is over."""
    assert program.stdout is not None
    with program.stdout as stdout:
        told = stdout.read().splitlines()
    assert program.wait() == 0
    return told


@pytest.mark.slow
def test_two_programs_that_record_at_once_make_one_order(
    sqlite_url: str, tmp_path: Path, opened: Opener, checkout: Path, notebook: Notebook
) -> None:
    toy_ledger(opened(sqlite_url))
    stop, witness, tally = tmp_path / "stop", Witness(), Tally()
    writers = [start(sqlite_url, "noting", name, checkout) for name in WRITERS]
    follower = start(sqlite_url, "following", str(stop), checkout)
    for program in (*writers, follower):
        let_go(program)
    for words in (words for program in writers for words in heard(program)):
        witness.hear(words)
    stop.touch()
    followed = heard(follower)
    ledger = toy_ledger(opened(sqlite_url))
    tally.add(witness, ledger)
    held = [f"saw {fact.position} {fact.command_id}" for fact in ledger.read()]
    figures = {**tally.figures, "seen by the follower": len(followed), "turns": turns(ledger.read())}
    notebook.saw(PROMISE, WAY, on="SQLite", runs=len(WRITERS) * COMMANDS, figures=figures)
    assert tally.sound
    assert tally.acknowledged == len(WRITERS) * COMMANDS
    assert followed == held
    assert figures["turns"] > COMMANDS / 10


def turns(facts: Iterable[Fact]) -> int:
    """Return how often the other of the two had its turn: they really ran at once."""
    who = [fact.command_id[0] for fact in facts]
    return sum(before != after for before, after in pairwise(who))


@pytest.mark.slow
def test_programs_that_record_without_the_writers_lock_would_be_caught(
    sqlite_url: str, opened: Opener, checkout: Path, notebook: Notebook
) -> None:
    toy_ledger(opened(sqlite_url))
    writers = [start(sqlite_url, "deferred", name, checkout) for name in WRITERS]
    for program in writers:
        let_go(program)
    for program in writers:
        assert program.stdout is not None
        program.stdout.read()
        program.stdout.close()
    figures = {"programs that could not go on": sum(program.wait() != 0 for program in writers)}
    way = f"{WAY}; without the writer's lock"
    notebook.saw(PROMISE, way, on="SQLite", runs=len(WRITERS) * COMMANDS, figures=figures, control=True)
    assert figures["programs that could not go on"] > 0
