"""A second process that hashes a ledger's facts from the last block on, while we go on from the first.

Nobody waits for it, and nothing depends on it: a block that it has not told, for whatever reason, is hashed here. So
where it cannot be started, dies, stands still or finds something, the verdict is that of one process.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from ledger.engine import is_sqlite
from ledger.hashing_child import Hashed, read

PROGRAM = ("-P", "-m", "ledger.hashing_child")
AT_LEAST = 50_000
"""From how many facts on a second process is worth its start."""
MOST_WORKERS = 2
AT_ONCE_BYTES = 1 << 20
Process = subprocess.Popen[bytes]


class Companion:
    """What the second process has told; alone without one."""

    def __init__(self, process: Process | None = None) -> None:
        """Listen to `process`."""
        self._process = process
        self._told: list[Hashed] = []
        self._rest = b""

    def told(self) -> Sequence[Hashed]:
        """Return the blocks hashed so far, the last of the ledger first. Does not wait; ValueError for what is none."""
        *lines, self._rest = (self._rest + self._heard()).split(b"\n")
        self._told += map(read, lines)
        return self._told

    def _heard(self) -> bytes:
        if self._process is None or self._process.stdout is None:
            return b""
        try:
            return os.read(self._process.stdout.fileno(), AT_ONCE_BYTES)
        except BlockingIOError:
            return b""


@contextmanager
def accompanied(
    engine: Engine, ledger_id: str, size: int, in_leaves: Sequence[int], workers: int | None
) -> Iterator[Companion]:
    """Lend a companion that hashes the first `size` facts, those blocks that `in_leaves` names not into one root.

    `workers`: 1 alone, 2 with a second process wherever there is a file to read, None as processors and `size` have it.
    """
    file = _file(engine)
    if file is None or (_workers(size) if workers is None else workers) < MOST_WORKERS:
        yield Companion()
        return
    try:
        process = _start(file, ledger_id, size, in_leaves)
    except OSError:
        yield Companion()
        return
    with process:  # waits for its end, and closes the pipe
        try:
            yield Companion(process)
        finally:
            process.kill()


def _start(file: Path, ledger_id: str, size: int, in_leaves: Sequence[int]) -> Process:
    command = [sys.executable, *PROGRAM, str(file), ledger_id, *map(str, (size, *in_leaves))]
    devnull = subprocess.DEVNULL
    process = subprocess.Popen(  # noqa: S603 - our own program
        command, bufsize=0, stdin=devnull, stdout=subprocess.PIPE, stderr=devnull
    )
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    os.set_blocking(process.stdout.fileno(), False)
    return process


def _file(engine: Engine) -> Path | None:
    """Return the file that another process could read as well, where there is one and we could listen to that."""
    if not is_sqlite(engine) or not engine.url.database or not hasattr(os, "set_blocking"):
        return None
    with contextlib.suppress(OSError):
        file = Path(engine.url.database).resolve()
        return file if file.is_file() else None
    return None


def _workers(size: int) -> int:
    """Return how many processes are worth their while."""
    return min(MOST_WORKERS, _processors()) if size >= AT_LEAST else 1


def _processors() -> int:
    """Return how many processors we may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
