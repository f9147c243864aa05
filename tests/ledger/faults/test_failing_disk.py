"""The disk is full or fails at any write or fsync: what was acknowledged is kept, and people are told what to do."""

import errno
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import pytest

from ledger.engine import open_database
from tests.experiments import Notebook
from tests.ledger.faults.conftest import Library
from tests.ledger.faults.failing_program import COMMANDS
from tests.ledger.faults.power_cut import MARK, Change, changes_in, images
from tests.ledger.faults.recorded import empty_disk, watched
from tests.ledger.faults.verdict import Tally, Witness
from tests.ledger.toy import a_note, toy_ledger

PROMISE, WAY = "an acknowledged fact is kept", "disk full or failing at each write and fsync, then put right"
PROGRAM = Path(__file__).with_name("failing_program.py")
SEED = int(os.environ.get("STARLEDGER_SEED", "20260107"))
SOAK = int(os.environ.get("STARLEDGER_SOAK", "1"))
CUTS, WRITES = SOAK, 30 * SOAK
HALF_THEN_FULL, DIES = -errno.ENOSPC, 0
WRITING = (errno.ENOSPC, errno.EIO, HALF_THEN_FULL, DIES)
THEN = ("goes_on", "ends")


@dataclass(slots=True)
class Outcome:
    """What became of the facts as the disk holds them, and as it would after a power cut."""

    seen: Tally = field(default_factory=Tally)
    after_cut: Tally = field(default_factory=Tally)
    failures: list[str] = field(default_factory=list)

    @property
    def figures(self) -> dict[str, int]:
        """Return the line for the notebook."""
        lost = {"lost_in_a_power_cut_afterwards": self.after_cut.lost, "failures_told": len(self.failures)}
        return {**self.seen.figures, **lost}


@dataclass(frozen=True, slots=True)
class Fault:
    """The `at`-th write ('w') or fsync ('s') fails with `error` (0: the process dies), and what comes then."""

    what: str
    at: int
    error: int
    lasting: int
    then: str


@dataclass(frozen=True, slots=True)
class Bench:
    """A program whose children each get a failing disk."""

    program: subprocess.Popen[str]
    folder: Path

    def live(self, name: str, fault: Fault | None = None) -> tuple[int, int]:
        """Let a child live, and another one after it where it came to an end; return its writes and fsyncs."""
        how, writes, syncs = self._run(name, fault or Fault("-", 0, 0, 0, "goes_on"))
        assert how == "lived" or (how == "ended" and fault is not None), f"{how} at {fault}"
        return self.live(name) if how == "ended" else (int(writes), int(syncs))

    def recorded(self, name: str, fault: Fault) -> list[Change]:
        """Return the record of a child with this fault, and of the one after it."""
        start = (self.folder / "record").stat().st_size
        self.live(name, fault)
        return list(changes_in(self.folder / "record", start))

    def _run(self, name: str, fault: Fault) -> list[str]:
        assert self.program.stdin is not None
        assert self.program.stdout is not None
        words = (name, fault.what, fault.at, fault.error, fault.lasting, fault.then)
        self.program.stdin.write(" ".join(map(str, words)) + "\n")
        self.program.stdin.flush()
        return self.program.stdout.readline().split()


@contextmanager
def bench(folder: Path, library: Path, checkout: Path, mode: str) -> Iterator[Bench]:
    """Run the program."""
    words, pipe = [sys.executable, str(PROGRAM), str(folder / "disk"), mode], subprocess.PIPE
    environment = watched(folder, library, checkout)
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True, env=environment) as program:
        yield Bench(program, folder)


def examine(folder: Path, name: str, record: Sequence[Change], outcome: Outcome) -> None:
    """Compare what one child told with what its disk holds, and with what it would hold after a power cut."""
    told, heard = Witness(), Witness()
    for words in (change.names.decode() for change in record if change.what == MARK):
        told.hear(words)
        if words.startswith("failed"):
            outcome.failures.append(words)
    compare(folder / "disk" / name, told, outcome.seen)
    dice = random.Random(f"{SEED}{name}")  # noqa: S311 - must be the same in every run
    for image in images(record, empty_disk(folder / "disk" / name), dice, CUTS, folder, heard.hear):
        compare(image, heard, outcome.after_cut)


def compare(place: Path, told: Witness, tally: Tally) -> None:
    """Open a ledger whose disk is right again, go on recording, and compare."""
    engine = open_database(f"sqlite:///{place / 'ledger.db'}")
    try:
        ledger = toy_ledger(engine)
        ledger.execute(a_note("afterwards"), actor="P1", command_id="after")
        tally.add(told, ledger, besides=["after"])
    finally:
        engine.dispose()


def faults(writes: int, syncs: int, dice: random.Random) -> list[Fault]:
    """Return every fsync failing in each way, and some writes, each failing in one of several ways."""
    ways = [(errno.EIO, 0, "goes_on"), (errno.EIO, 1, "goes_on"), (errno.EIO, 1, "ends"), (DIES, 0, "ends")]
    of_syncs = [Fault("s", at, *way) for at, way in product(range(1, syncs + 1), ways)]
    sample = dice.sample(range(1, writes + 1), k=min(writes, WRITES))
    of_writes = [Fault("w", at, dice.choice(WRITING), dice.randrange(2), dice.choice(THEN)) for at in sample]
    return of_syncs + of_writes


def experiment(
    folder: Path, library: Path, checkout: Path, mode: str, only: Callable[[Fault], bool] = lambda _fault: True
) -> tuple[int, Outcome]:
    """Let the disk fail everywhere once; return how often that was, and what came of it."""
    outcome = Outcome()
    with bench(folder, library, checkout, mode) as children:
        writes, syncs = children.live("whole")
        several = [f for f in faults(writes, syncs, random.Random(SEED)) if only(f)]  # noqa: S311 - replayed
        for number, fault in enumerate(several):
            examine(folder, str(number), children.recorded(str(number), fault), outcome)
    return len(several), outcome


@pytest.mark.slow
def test_a_disk_that_is_full_or_fails_loses_nothing_acknowledged_and_is_spoken_of(
    tmp_path: Path, library: Library, checkout: Path, notebook: Notebook
) -> None:
    runs, outcome = experiment(tmp_path.resolve(), library("watched_disk"), checkout, "sound")
    notebook.saw(PROMISE, WAY, on="SQLite", runs=runs, figures=outcome.figures, seed=SEED)
    assert outcome.seen.sound
    assert outcome.after_cut.sound
    assert outcome.seen.acknowledged == COMMANDS * runs
    assert outcome.seen.in_doubt_but_kept == 0
    assert len(outcome.failures) > runs / 3
    assert [words for words in outcome.failures if "disk" not in words] == []


@pytest.mark.slow
def test_a_ledger_that_passes_over_a_failed_commit_would_be_caught(
    tmp_path: Path, library: Library, checkout: Path, notebook: Notebook
) -> None:
    def once(fault: Fault) -> bool:
        return fault.what == "s" and not fault.lasting and fault.error != DIES

    runs, outcome = experiment(tmp_path.resolve(), library("watched_disk"), checkout, "swallowing", once)
    way = f"{WAY}; a commit's error is passed over"
    notebook.saw(PROMISE, way, on="SQLite", runs=runs, figures=outcome.figures, control=True, seed=SEED)
    assert outcome.seen.lost > 0


@pytest.mark.slow
def test_a_ledger_that_trusts_what_a_dead_process_left_would_be_caught(
    tmp_path: Path, library: Library, checkout: Path, notebook: Notebook
) -> None:
    def ending(fault: Fault) -> bool:
        return fault.what == "s" and fault.then == "ends"

    runs, outcome = experiment(tmp_path.resolve(), library("watched_disk"), checkout, "trusting", ending)
    way = f"{WAY}; what a dead process left is not written again"
    notebook.saw(PROMISE, way, on="SQLite", runs=runs, figures=outcome.figures, control=True, seed=SEED)
    assert outcome.after_cut.lost > 0
