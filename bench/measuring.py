"""How a figure is made: contenders in shuffled order, several rotations, medians; the same care for everybody."""

import asyncio
import gc
import statistics
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from random import Random
from typing import Literal, Protocol, TypeVar

from domain.text import Text

Role = Literal["raw", "strict", "ours", "variant", "peer"]
"""raw: the limit a target is a share of; strict: a harder limit, shown beside it; ours; ours in another way; peers."""
Settings = Mapping[str, str]
Operation = Callable[[], object]
Submission = Callable[[], Awaitable[object]]

DURABLE: dict[str, dict[str, str]] = {
    "sqlite": {"journal_mode": "wal", "synchronous": "2"},
    "postgresql": {"synchronous_commit": "on", "fsync": "on", "full_page_writes": "on"},
}
"""What an engine must answer for a commit to be on disk."""


WATCH: ContextVar[Callable[[], AbstractContextManager[object]]] = ContextVar("WATCH", default=nullcontext)
"""Watches what is timed in the thread that asks for a figure; `bench.profiling` says how."""


class Skip(Exception):  # noqa: N818 - an answer, not a fault
    """A contender cannot be measured here; the message says why."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: at most so many operations and seconds for writing, facts for reading."""

    operations: int
    seconds: float
    facts: int
    small_facts: int
    loads: int
    singles: int
    growth: tuple[int, ...]
    warm_up: int = 20
    judged: int = 30_000
    """Facts of real rounds, which questions are asked of."""


STANDARD = Size(20_000, 1.0, 200_000, 20_000, 400, 5_000, (10_000, 100_000))
QUICK = Size(60, 0.1, 1_000, 500, 20, 60, (200, 1_000), warm_up=2, judged=1_000)
LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Sample:
    """One figure, and the settings that the store answered with when it was made."""

    value: float
    settings: Settings = field(default_factory=dict)


class Store(Protocol):
    """Somewhere facts can be written, opened for one measurement."""

    def settings(self) -> Settings:
        """Return what the engine answers about durability, on the connection that writes."""

    def operations(self, writer: int, number: int) -> Sequence[Operation]:
        """Return `number` operations of one writer, ready to be run; each is one transaction."""


class Submitting(Protocol):
    """A store that coroutines write to."""

    def settings(self) -> Settings:
        """Return what the engine answers about durability."""

    def submissions(self, writer: int, number: int) -> Sequence[Submission]:
        """Return `number` operations of one writer, each to be awaited."""


@dataclass(frozen=True, slots=True)
class Contender:
    """Somebody who does the work of a row: `does` says in a sentence what exactly."""

    name: str
    role: Role
    does: str
    measure: Callable[[], Sample]
    engine: str = "sqlite"
    writes: bool = False
    explain: Callable[[], Mapping[str, float]] | None = None
    """Says how much each part weighs, where no profile of Python could."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: some work, its unit, and the shares of the raw limit that we want to reach."""

    key: str
    work: Text
    unit: str
    contenders: tuple[Contender, ...]
    target: float | None = None
    then: float | None = None
    lower_is_better: bool = False
    least: float | None = None
    """What ours must reach in the row's own unit, beside the share."""
    most: float | None = None
    """What ours must not exceed in the row's own unit, where lower is better."""


@dataclass(slots=True)
class Measured:
    """A contender with its figures; `skipped` says why there are none, `unsafe` what its store left undone."""

    contender: Contender
    samples: list[Sample] = field(default_factory=list)
    skipped: str | None = None

    @property
    def unsafe(self) -> str | None:
        """What the store answered where a commit would not survive a power cut; such figures are never compared."""
        if not self.contender.writes:
            return None
        for sample in self.samples:
            if wrong := undurable(self.contender.engine, sample.settings):
                return wrong
        return None

    @property
    def median(self) -> float | None:
        """The median figure, None where there is none that counts."""
        if not self.samples or self.unsafe:
            return None
        return statistics.median(sample.value for sample in self.samples)


def undurable(engine: str, settings: Settings) -> str | None:
    """Return which settings are not what durability needs, None where all are; no answer counts as not durable."""
    needed = DURABLE.get(engine)
    if needed is None:
        return None
    wrong = [f"{name}={settings.get(name, '?')}" for name, value in needed.items() if settings.get(name) != value]
    return ", ".join(wrong) or None


def rotate(
    rows: Sequence[Row],
    rotations: int,
    seed: int,
    told: Callable[[str], None] = lambda _words: None,
    tidy: Callable[[], object] = gc.collect,
) -> dict[str, list[Measured]]:
    """Measure every contender of every row `rotations` times, each time in another order; return them by row.

    The contenders of a row follow each other: what else the machine does in those seconds is the same for all of them.
    """
    measured = {row.key: [Measured(contender) for contender in row.contenders] for row in rows}
    random = Random(seed)  # noqa: S311 - an order, not a secret
    for rotation in range(1, rotations + 1):
        for row, one in _shuffled(rows, measured, random):
            told(f"{rotation}/{rotations} {row.key}: {one.contender.name}")
            tidy()
            _take_turn(one)
    return measured


def _shuffled(
    rows: Sequence[Row], measured: Mapping[str, Sequence[Measured]], random: Random
) -> Iterator[tuple[Row, Measured]]:
    for row in random.sample(rows, len(rows)):
        yield from ((row, one) for one in random.sample(measured[row.key], len(measured[row.key])))


def _take_turn(one: Measured) -> None:
    if one.skipped is not None:
        return
    try:
        one.samples.append(one.contender.measure())
    except Skip as reason:
        one.skipped = str(reason)
    except Exception as fault:
        if one.contender.role != "peer":
            raise
        one.skipped = f"it failed: {fault}"


# writing


def writing(
    opened: Callable[[], AbstractContextManager[Store]], size: Size, *, writers: int = 1, facts_each: int = 1
) -> Callable[[], Sample]:
    """Return the measurement of `writers` threads that write at once: facts per second, all of them committed."""

    def measure() -> Sample:
        with opened() as store:
            number = max(2, 2 * size.operations // (writers * min(facts_each, 40)))
            each = [store.operations(writer, number + size.warm_up) for writer in range(writers)]
            settings = store.settings()
            return Sample(_run(each, size) * facts_each, settings)

    return measure


def _run(each: Sequence[Sequence[Operation]], size: Size) -> float:
    """Return operations per second: from when all writers have warmed up until the last has ended."""
    together = threading.Barrier(len(each) + 1)
    done = [0] * len(each)
    faults: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            for operation in each[writer][: size.warm_up]:
                operation()
        except BaseException as fault:  # noqa: BLE001 - raised again where the figure is made
            faults.append(fault)
        together.wait()
        try:
            done[writer] = _until(each[writer][size.warm_up :], time.perf_counter() + size.seconds)
        except BaseException as fault:  # noqa: BLE001
            faults.append(fault)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(len(each))]
    for thread in threads:
        thread.start()
    together.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - started
    if faults:
        raise faults[0]
    return sum(done) / elapsed


def writing_from_coroutines(
    opened: Callable[[], AbstractContextManager[Submitting]], size: Size, writers: int
) -> Callable[[], Sample]:
    """Return the measurement of `writers` coroutines that write at once, on one thread."""

    def measure() -> Sample:
        with opened() as store:
            number = max(2, 2 * size.operations // writers)
            each = [store.submissions(writer, number + size.warm_up) for writer in range(writers)]
            return Sample(asyncio.run(_together(each, size)), store.settings())

    return measure


async def _together(each: Sequence[Sequence[Submission]], size: Size) -> float:
    """Return operations per second, counted as for threads."""

    async def some(submissions: Sequence[Submission], end: float) -> int:
        done = 0
        for submit in submissions:
            await submit()
            done += 1
            if time.perf_counter() > end:
                break
        return done

    await asyncio.gather(*(some(one[: size.warm_up], float("inf")) for one in each))
    with WATCH.get()():
        started = time.perf_counter()
        done = await asyncio.gather(*(some(one[size.warm_up :], started + size.seconds) for one in each))
        return sum(done) / (time.perf_counter() - started)


def _until(operations: Sequence[Operation], end: float) -> int:
    done = 0
    clock = time.perf_counter
    for operation in operations:
        operation()
        done += 1
        if clock() > end:
            break
    return done


# reading

MICROSECONDS = 1e6
Thing = TypeVar("Thing")


def each_us(work: Callable[[Thing], object], things: Iterable[Thing], most_seconds: float) -> float:
    """Return the microseconds that `work` takes for one of `things`, of which it gets as many as time allows."""
    with WATCH.get()():
        done, started = 0, time.perf_counter()
        now = started
        for thing in things:
            work(thing)
            done += 1
            now = time.perf_counter()
            if now - started > most_seconds:
                break
    return (now - started) / done * MICROSECONDS


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds `work` takes."""
    with WATCH.get()():
        started = time.perf_counter()
        work()
        return time.perf_counter() - started
