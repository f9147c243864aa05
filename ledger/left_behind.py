"""Making durable what a process that died has left in SQLite's write-ahead log.

Whoever opens the file first afterwards takes for committed whatever stands whole in the log. But a log that the process
did not live to synchronise, or whose fsync failed, may stand in the system's memory only, and after a failed fsync the
system takes those pages for written. So every byte is written again and synchronised before anything is answered.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import SQLITE_BUSY, OperationalError

from ledger.statements import DriverConnection

CHUNK_BYTES = 1 << 20


def settle(connection: DriverConnection) -> None:
    """Write the log of the connection's file again, while nobody else may; where somebody is just writing, he syncs.

    Where nobody is just reading, the log is empty afterwards.
    """
    file = connection.execute("PRAGMA database_list").fetchone()[2]
    log = Path(f"{file}-wal")
    if not file or not log.exists() or log.stat().st_size == 0 or not _may_write(connection):
        return
    try:
        _write_again(log)
    finally:
        connection.execute("ROLLBACK")
    with _unwaiting(connection):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _may_write(connection: DriverConnection) -> bool:
    """Return whether the writer's lock could be had at once."""
    with _unwaiting(connection):
        try:
            connection.execute("BEGIN IMMEDIATE")
        except OperationalError as error:
            if error.sqlite_errorcode & 0xFF != SQLITE_BUSY:
                raise
            return False
    return True


@contextmanager
def _unwaiting(connection: DriverConnection) -> Iterator[None]:
    """Let nothing wait for others."""
    waiting = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA busy_timeout = {waiting}")


def _write_again(log: Path) -> None:
    with log.open("r+b", buffering=0) as file:
        while chunk := file.read(CHUNK_BYTES):
            file.seek(-len(chunk), os.SEEK_CUR)
            file.write(chunk)
        os.fsync(file.fileno())
