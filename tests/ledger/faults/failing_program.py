"""A process whose disk fails at one point, forked anew for each: `failing_program.py FOLDER MODE`.

Reads `NAME WHAT AT ERRNO LASTING THEN` from stdin and forks a child that notes facts in FOLDER/NAME while the disk
fails as told (`watched_disk.c`). Where it cannot record, what comes THEN is either: it tries once more, the disk is put
right, and it sends the same command again (`goes_on`); or it ends at once, to be started anew (`ends`). Into the record
goes `sent ID`, `done ID POSITION`, and `failed ID KIND WORDS`; on stdout, at the end of each child, how it ended and
how many writes and fsyncs it came to. MODE `sound` is the ledger as it is. The controls are `swallowing`, which passes
over errors of a commit, and `trusting`, which takes a log that it finds for durable.
"""

import contextlib
import ctypes
import os
import sqlite3
import sys
from pathlib import Path

import sqlalchemy as sa

from ledger import engine
from ledger.engine import open_database
from ledger.failures import Damaged, InDoubt, NotStored, trouble_with_disk
from ledger.ledger import Ledger
from ledger.statements import DriverConnection
from tests.ledger.faults.power_cut import mark
from tests.ledger.toy import a_note, toy_ledger

COMMANDS = 5
ENDED = 9
PAGES = 12
"""After how many pages SQLite moves its write-ahead log into the database: often enough for a few facts."""
DISK = ctypes.CDLL(None)
ERRORS = (InDoubt, NotStored, Damaged, OSError, sqlite3.OperationalError, sa.exc.OperationalError)


def passing_over(connection: DriverConnection) -> None:
    """Commit, whether it works or not."""
    with contextlib.suppress(sqlite3.OperationalError):
        connection.commit()


class Life:
    """What one child does."""

    def __init__(self, url: str, log: int, then: str) -> None:
        """Work in the database of this address."""
        self._url, self._log, self._then = url, log, then
        self._ledger: Ledger | None = None

    def all(self) -> None:
        """Note some facts."""
        for number in range(COMMANDS):
            self._at_last(f"c{number}")

    def _at_last(self, name: str) -> None:
        for attempt in range(3):
            try:
                mark(self._log, f"sent {name}")
                receipt = self._opened().execute(a_note("字" * 700), actor="P1", command_id=name)
            except ERRORS as error:
                mark(self._log, f"failed {name} {type(error).__name__} {said_of(error)}")
                if self._then == "ends":
                    os._exit(ENDED)
                if attempt:
                    DISK.disk_fails(b"-", 0, 0, 0)
            else:
                mark(self._log, f"done {name} {receipt.positions[0]}")
                return

    def _opened(self) -> Ledger:
        if self._ledger is None:
            database = open_database(self._url)
            self._ledger = toy_ledger(database)
            with engine.reading(database) as connection:
                connection.execute(f"PRAGMA wal_autocheckpoint = {PAGES}")
        return self._ledger


def said_of(error: Exception) -> str:
    """Return what people are told."""
    why = getattr(error, "why", None) or trouble_with_disk(error)
    return "?" if why is None else str(why.en)


def main() -> None:
    """Fork a child for every line on stdin."""
    _program, folder, mode = sys.argv
    log = os.open(os.environ["STARLEDGER_DISK_LOG"], os.O_WRONLY | os.O_APPEND)
    DISK.disk_passed.restype, DISK.disk_passed.argtypes = ctypes.c_long, (ctypes.c_char,)
    DISK.disk_fails.argtypes = (ctypes.c_char, ctypes.c_long, ctypes.c_int, ctypes.c_int)
    if mode == "swallowing":
        engine._hand_in = passing_over  # noqa: SLF001 - the line that the control takes away
    if mode == "trusting":
        engine.settle = lambda connection: None  # type: ignore[attr-defined]  # noqa: ARG005 - likewise
    for line in sys.stdin:
        name, what, at, error, lasting, then = line.split()
        child = os.fork()
        if child == 0:
            Path(folder, name).mkdir(exist_ok=True)
            DISK.disk_fails(what.encode(), int(at), int(error), int(lasting))
            Life(f"sqlite:///{folder}/{name}/ledger.db", log, then).all()
            print("lived", DISK.disk_passed(b"w"), DISK.disk_passed(b"s"), flush=True)  # noqa: T201 - its answer
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status:
            print("ended" if status == ENDED else "fell", 0, 0, flush=True)  # noqa: T201 - likewise


if __name__ == "__main__":
    main()
