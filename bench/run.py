"""One run: the rows asked for in rotations, then growth, and what all of it was measured on."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from bench.growth import grow
from bench.machine import describe
from bench.measuring import LARGEST, QUICK, STANDARD, Row, Skip, rotate
from bench.outcome import Line, Outcome
from bench.profiling import profile
from bench.postgres import Server, server
from bench.rows import rows
from bench.workshop import Workshop

GROWTH = "growth"
Telling = Callable[[str, int, int], None]
"""Is told what is being done, and how many steps of how many are."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is to do."""

    only: tuple[str, ...] = ()
    rotations: int = 3
    seed: int = 1
    postgres: str | None = None
    message_db: Path | None = None
    quick: bool = False
    growth: bool = False


def measure(asked: Asked, directory: Path, told: Telling = lambda *_: None) -> Outcome:
    """Carry out a run in `directory`, which is left for the caller to remove; `LookupError` for an unknown row."""
    started = time.monotonic()
    directory.chmod(0o711)  # the server's account has to pass through
    with ExitStack() as stack:
        found = _server(asked, directory, stack)
        workshop = Workshop(directory, QUICK if asked.quick else STANDARD, found, asked.message_db)
        stack.enter_context(workshop.stack)
        chosen = _chosen(rows(workshop, largest=asked.growth and not asked.quick), asked.only)
        machine = describe(directory, found)
        steps = _Steps(told, asked.rotations * sum(len(row.contenders) for row in chosen))
        measured = rotate(chosen, asked.rotations, asked.seed, steps)
        sizes = workshop.size.growth + ((LARGEST,) if asked.growth and not asked.quick else ())
        lines = tuple(_explained(Line(row, tuple(measured[row.key])), steps) for row in chosen)
        wanted = not asked.only or GROWTH in asked.only
        grown = grow(workshop, sizes, asked.rotations, steps) if wanted else []
    took = time.monotonic() - started
    return Outcome(machine, asked.seed, asked.rotations, asked.quick, lines, tuple(grown), took)


def _explained(line: Line, told: Callable[[str], None]) -> Line:
    """Return a line with a profile of our work, where that misses a target."""
    ours = next((one for one in line.measured if one.contender.role == "ours"), None)
    if ours is None or not line.is_missed:
        return line
    told(f"profile: {line.row.key}")
    return replace(line, profile=profile(ours.contender, ours.median, lower_is_better=line.row.lower_is_better))


class _Steps:
    """Counts the steps of a run for whoever watches."""

    def __init__(self, told: Telling, total: int) -> None:
        self._told, self._total, self._done = told, total, 0

    def __call__(self, words: str) -> None:
        self._told(words, self._done, max(self._total, self._done))
        self._done += 1


def _server(asked: Asked, directory: Path, stack: ExitStack) -> Server | str:
    """Return a server, or the reason why there is none; none is started for rows that do not need it."""
    if asked.only and not any("postgresql" in key for key in asked.only):
        return "no row that was asked for needs PostgreSQL"
    try:
        return stack.enter_context(server(asked.postgres, directory))
    except Skip as reason:
        return str(reason)


def _chosen(every: tuple[Row, ...], only: tuple[str, ...]) -> tuple[Row, ...]:
    known = {row.key: row for row in every}
    for key in only:
        if key != GROWTH and key not in known:
            raise LookupError(key)
    return tuple(row for row in every if not only or row.key in only)
