"""Whether work grows with the ledger: appending and loading should not, replaying and verifying as the facts do.

Replaying and verifying run in a process of their own each time, which also tells how much memory they take.
"""

import multiprocessing
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.loads import previewing
from bench.made import facts
from bench.measuring import Size, each_us, timed
from bench.ours import ACTOR
from bench.reads import consume
from bench.workshop import LOAD_FACTS, Workshop, ledger_at
from ledger.verification import verify

KIBIBYTE = 1024
STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Grown:
    """What work cost in a ledger of `facts`: microseconds of one append and one decision, facts/s, bytes of memory."""

    facts: int
    append_us: float
    load_us: float
    replay_per_second: float
    verify_per_second: float
    replay_peak_bytes: int
    verify_peak_bytes: int


def grow(workshop: Workshop, sizes: Sequence[int], rotations: int, told: Callable[[str], None]) -> list[Grown]:
    """Return what a ledger of each size costs: medians of `rotations`."""
    found = []
    for number in sizes:
        told(f"growth: {number:,}")
        found.append(_at(workshop, number, rotations, told))
    return found


def _at(workshop: Workshop, number: int, rotations: int, told: Callable[[str], None]) -> Grown:
    path = Path(str(workshop.ledger(number, max(1, number // LOAD_FACTS)).engine.url.database))
    taken = []
    for rotation in range(1, rotations + 1):
        told(f"growth: {number:,} {rotation}/{rotations}")
        loaded = _load_us(path, number, workshop.size)
        replayed, verified = _apart(_replay, path), _apart(_verify, path)
        # Appending comes last: it is the only one that leaves the ledger larger than it was.
        taken.append((_append_us(path, workshop.size), loaded, *replayed, *verified))
    appended, loaded, replay, replay_bytes, check, check_bytes = (
        statistics.median(values) for values in zip(*taken, strict=True)
    )
    return Grown(number, appended, loaded, replay, check, int(replay_bytes), int(check_bytes))


def _append_us(path: Path, size: Size) -> float:
    ledger = ledger_at(path)
    try:
        commands = [made.command for made in facts()[: 2 * size.loads]]
        # First every member of these is met once: whoever is folded for the first time is loaded, not only appended to.
        for command in commands[: size.loads]:
            ledger.execute(command, actor=ACTOR)
        return each_us(lambda command: ledger.execute(command, actor=ACTOR), commands[size.loads :], size.seconds)
    finally:
        ledger.engine.dispose()


def _load_us(path: Path, number: int, size: Size) -> float:
    ledger = ledger_at(path)
    persons = max(1, number // LOAD_FACTS)
    try:
        # Spread over all members, so that neighbours on a page of the file do not help each other.
        every = (place * 7919 % persons for place in range(min(size.loads, persons)))
        return each_us(previewing(ledger), every, size.seconds)
    finally:
        ledger.engine.dispose()


def _apart(work: Callable[[str], tuple[float, int]], path: Path) -> tuple[float, int]:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, (str(path),))


def _replay(path: str) -> tuple[float, int]:
    """Return facts per second, and the bytes of memory that reading every fact took beyond opening the ledger."""
    ledger = ledger_at(Path(path))
    size, before = ledger.head().size, peak_bytes()
    return size / timed(lambda: consume(ledger.read())), peak_bytes() - before


def _verify(path: str) -> tuple[float, int]:
    ledger = ledger_at(Path(path))
    size, before = ledger.head().size, peak_bytes()
    return size / timed(lambda: verify(ledger)), peak_bytes() - before


def peak_bytes() -> int:
    """Return the most memory that this process has held so far."""
    if STATUS.exists():  # unlike getrusage, it leaves out the process that started this one
        words = STATUS.read_text(encoding="ascii", errors="replace").split()
        return int(words[words.index("VmHWM:") + 1]) * KIBIBYTE
    import resource  # noqa: PLC0415 - POSIX only

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * KIBIBYTE
