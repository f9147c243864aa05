"""At every named place in the program the process dies, or an error is raised: everything fits, and work goes on."""

import ast
import json
import os
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from domain.ballots import BallotsCounted, BoxClosed
from ledger.archive.checking import check_archive
from ledger.engine import open_database
from ledger.proofs import StoredLog
from tests.experiments import Notebook
from tests.ledger.ballot_house import house
from tests.ledger.faults.everything_program import Life
from tests.ledger.faults.verdict import Tally, Witness

PROMISE, WAY = "all of it or nothing", "death or error at every named place of recording, voting, viewing and signing"
PROGRAM = Path(__file__).with_name("everything_program.py")
SEED = int(os.environ.get("STARLEDGER_SEED", "20260108"))
TIMES = 3
PLACE = re.compile(r"[a-z]+:[a-z-]+")
PACKAGES = ("ledger", "projections", "api", "cli", "workbooks")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks")


def places_in(checkout: Path) -> set[str]:
    """Return every name that the program gives to a failpoint, wherever it is called."""
    return {
        place
        for package in PACKAGES
        for path in (checkout / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _is_failpoint(node.func)
        for argument in node.args
        if isinstance(argument, ast.Constant) and PLACE.fullmatch(place := str(argument.value))
    }


def _is_failpoint(called: ast.expr) -> bool:
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    return name.strip("_") in {"failpoint", "passed"}


@dataclass(slots=True)
class Outcome:
    """What became of everything over all lives."""

    facts: Tally = field(default_factory=Tally)
    other_facts: int = 0
    views_differ: int = 0
    checkpoints_differ: int = 0
    secrets_left: int = 0
    archives_unsound: int = 0

    @property
    def figures(self) -> dict[str, int]:
        """Return the line for the notebook."""
        names = ("other_facts", "views_differ", "checkpoints_differ", "secrets_left", "archives_unsound")
        return {**self.facts.figures, **{name: getattr(self, name) for name in names}}

    @property
    def sound(self) -> bool:
        """Return whether nothing is amiss."""
        return self.facts.sound and not (
            self.other_facts
            or self.views_differ
            or self.checkpoints_differ
            or self.secrets_left
            or self.archives_unsound
        )

    def add(self, folder: Path, expected: Counter[str]) -> None:
        """Compare a life that has come to its end with one in which nothing failed."""
        life, witness = Life(folder, lambda _name: None, []), Witness()
        for words in (folder / "told").read_text().splitlines():
            witness.hear(words)
        facts = list(life.ledger.read())
        self.facts.add(witness, life.ledger, besides={fact.command_id for fact in facts} - witness.sent)
        self.other_facts += kinds(life) != expected
        self.views_differ += len(life.follower.differing())
        life.signer.sign(StoredLog(life.ledger))  # refused where the facts do not extend what was signed before
        self.checkpoints_differ += life.signer.last().size != len(facts)
        self.archives_unsound += not check_archive(str(folder / "archive.zip")).verdict.ok
        kept = (*folder.glob("keys/*"), *folder.glob("boxes/*"))
        self.secrets_left += sum(1 for found in kept if found.suffix in {".key", ".box", ".new"})


def kinds(life: Life) -> Counter[str]:
    """Return how many facts of each kind there are, and what the box counted."""
    events = [fact.event for fact in life.ledger.read()]
    closed = [str(event) for event in events if isinstance(event, BallotsCounted | BoxClosed)]
    return Counter([*(event.NAME for event in events), *closed])


@contextmanager
def lives(folder: Path, checkout: Path, mode: str) -> Iterator[subprocess.Popen[str]]:
    """Run the program, beside a house to begin with."""
    (folder / "house").mkdir()
    engine = open_database(f"sqlite:///{folder / 'house' / 'ledger.db'}")
    house(engine)
    engine.dispose()
    words, pipe = [sys.executable, str(PROGRAM), str(folder), mode], subprocess.PIPE
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True, env=environment) as program:
        yield program


def start(program: subprocess.Popen[str], *words: object) -> tuple[str, Counter[str]]:
    """Let one child live; return how it ended, and how often it passed which place."""
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdin.write(" ".join(map(str, words)) + "\n")
    program.stdin.flush()
    ended, _, passed = program.stdout.readline().partition(" ")
    return ended, Counter(json.loads(passed))


def live(program: subprocess.Popen[str], name: str, *failing: object) -> Counter[str]:
    """Let a child live, and where it dies another one after it, which must live; return what that passed."""
    ended, passed = start(program, name, *(failing or ("none", 1, "exit")))
    assert ended == "lived" or (ended == "died" and failing), f"{ended} at {failing}"
    return live(program, name) if ended == "died" else passed


def ways_to_fail(passed: Counter[str]) -> Iterator[tuple[str, int, str]]:
    """Yield each place with how it fails: the first time it is passed, the last, and one in between."""
    dice = random.Random(SEED)  # noqa: S311 - must be the same in every run
    for place, times in sorted(passed.items()):
        for how in ("exit", "raise"):
            for each in (1, dice.randint(1, times), times)[:TIMES]:
                yield place, each, how


@pytest.mark.slow
def test_wherever_it_fails_everything_fits_and_goes_on(tmp_path: Path, checkout: Path, notebook: Notebook) -> None:
    outcome, runs = Outcome(), 0
    with lives(tmp_path, checkout, "sound") as program:
        passed = live(program, "whole")
        expected = kinds(Life(tmp_path / "whole", lambda _name: None, []))
        assert set(passed) == places_in(checkout)
        for runs, (place, times, how) in enumerate(ways_to_fail(passed), start=1):
            live(program, str(runs), place, times, how)
            outcome.add(tmp_path / str(runs), expected)
    figures = {**outcome.figures, "places": len(passed)}
    notebook.saw(PROMISE, WAY, on="SQLite", runs=runs, figures=figures, seed=SEED)
    assert outcome.sound
    assert outcome.facts.acknowledged >= 3 * runs


@pytest.mark.slow
def test_an_append_that_is_committed_in_two_parts_would_be_caught(
    tmp_path: Path, checkout: Path, notebook: Notebook
) -> None:
    with lives(tmp_path, checkout, "halving") as program:
        assert start(program, "half", "append:facts-inserted", 2, "exit")[0] == "died"
    tally, life = Tally(), Life(tmp_path / "half", lambda _name: None, [])
    tally.add(Witness(), life.ledger, besides={fact.command_id for fact in life.ledger.read()})
    way = f"{WAY}; facts and head committed apart"
    notebook.saw(PROMISE, way, on="SQLite", runs=1, figures=tally.figures, control=True, seed=SEED)
    assert tally.half_written > 0
