"""The limits: the plainest code that writes and reads the same lines on the same engine, equally durable.

One table with the position as its only index. The line of text is stored as it is: no condition, no tags, no hash, no
order among writers, no answer to somebody who asks twice.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from bench.made import facts
from bench.measuring import DURABLE, Operation, Settings

CREATE = "CREATE TABLE facts (position BIGINT PRIMARY KEY, entry TEXT NOT NULL)"
CREATE_ON_SQLITE = "CREATE TABLE facts (position INTEGER PRIMARY KEY, entry TEXT NOT NULL)"
INSERT_ON_SQLITE = "INSERT INTO facts (position, entry) VALUES (?, ?)"
INSERT = "INSERT INTO facts (position, entry) VALUES (%s, %s)"
UNNEST = "INSERT INTO facts (position, entry) SELECT * FROM unnest(%b::bigint[], %b::text[])"
BUSY_SECONDS = 60
STRIDE = 10_000_000
"""Writers number their facts apart from each other: there is no order among them."""


def sqlite_connection(path: Path) -> sqlite3.Connection:
    """Return a connection that commits each statement by itself, as durable as the ledger's."""
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL").fetchone()
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA fullfsync = ON")
    return connection


def sqlite_settings(connection: Any) -> Settings:  # noqa: ANN401 - a driver's connection or cursor
    """Return what SQLite answers."""
    return {name: str(connection.execute(f"PRAGMA {name}").fetchone()[0]) for name in DURABLE["sqlite"]}


def postgres_settings(connection: Any) -> Settings:  # noqa: ANN401
    """Return what PostgreSQL answers; rows may be tuples or mappings."""
    answers = {name: connection.execute(f"SHOW {name}").fetchone() for name in DURABLE["postgresql"]}
    return {name: str(row[name] if isinstance(row, dict) else row[0]) for name, row in answers.items()}


def rows_of(writer: int, number: int, facts_each: int) -> list[list[tuple[int, str]]]:
    """Return `number` transactions of `facts_each` rows: positions of this writer alone, the made lines in turn."""
    made = facts()
    first = writer * STRIDE
    return [
        [(first + place, made[place % len(made)].text) for place in range(start * facts_each, (start + 1) * facts_each)]
        for start in range(number)
    ]


class RawSqlite:
    """An SQLite file; every writer has a connection of its own, or all share one behind a lock."""

    def __init__(self, path: Path, writers: int, facts_each: int, *, shared: bool = False) -> None:
        """Create the table in a new file."""
        self._connections = [sqlite_connection(path) for _ in range(1 if shared else writers)]
        self._connections[0].execute(CREATE_ON_SQLITE)
        self._lock = threading.Lock() if shared else None
        self._facts_each = facts_each

    @property
    def connection(self) -> sqlite3.Connection:
        """The first writer's connection."""
        return self._connections[0]

    def settings(self) -> Settings:
        """Return what the engine answers."""
        return sqlite_settings(self.connection)

    def operations(self, writer: int, number: int) -> Sequence[Operation]:
        """Return one statement each, which commits itself; several facts between BEGIN and COMMIT."""
        connection = self._connections[writer % len(self._connections)]
        transactions = rows_of(writer, number, self._facts_each)
        if self._lock is not None:
            return [partial(self._behind_lock, connection, rows[0]) for rows in transactions]
        if self._facts_each == 1:
            return [partial(connection.execute, INSERT_ON_SQLITE, rows[0]) for rows in transactions]
        return [partial(self._together, connection, rows) for rows in transactions]

    def _behind_lock(self, connection: sqlite3.Connection, row: tuple[int, str]) -> None:
        assert self._lock is not None  # noqa: S101 - told apart in `operations`
        with self._lock:
            connection.execute(INSERT_ON_SQLITE, row)

    @staticmethod
    def _together(connection: sqlite3.Connection, rows: list[tuple[int, str]]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(INSERT_ON_SQLITE, rows)
        connection.execute("COMMIT")

    def close(self) -> None:
        """Close every connection."""
        for connection in self._connections:
            connection.close()


@contextmanager
def raw_sqlite(path: Path, writers: int = 1, facts_each: int = 1, *, shared: bool = False) -> Iterator[RawSqlite]:
    """Lend a table in a new file."""
    store = RawSqlite(path, writers, facts_each, shared=shared)
    try:
        yield store
    finally:
        store.close()


class RawPostgres:
    """A PostgreSQL table; every writer has a connection and a prepared statement of its own."""

    def __init__(self, connections: Sequence[psycopg.Connection[Any]], facts_each: int, *, unnest: bool) -> None:
        """Create the table."""
        self._connections = connections
        self._facts_each = facts_each
        self._unnest = unnest
        connections[0].execute(CREATE)

    def settings(self) -> Settings:
        """Return what the engine answers."""
        return postgres_settings(self._connections[0])

    def operations(self, writer: int, number: int) -> Sequence[Operation]:
        """Return one statement each, which commits itself; several facts as a pipeline or as one `unnest`."""
        connection = self._connections[writer]
        transactions = rows_of(writer, number, self._facts_each)
        if self._facts_each == 1:
            return [partial(connection.execute, INSERT, rows[0], prepare=True) for rows in transactions]
        return [partial(self._one(connection), rows) for rows in transactions]

    def _one(self, connection: psycopg.Connection[Any]) -> Callable[[list[tuple[int, str]]], None]:
        def unnested(rows: list[tuple[int, str]]) -> None:
            positions, lines = zip(*rows, strict=True)
            connection.execute(UNNEST, (list(positions), list(lines)), prepare=True)

        def pipelined(rows: list[tuple[int, str]]) -> None:
            with connection.transaction(), connection.cursor() as cursor:
                cursor.executemany(INSERT, rows)

        return unnested if self._unnest else pipelined


@contextmanager
def raw_postgres(
    conninfo: str, writers: int = 1, facts_each: int = 1, *, unnest: bool = False
) -> Iterator[RawPostgres]:
    """Lend a table in an empty database."""
    with ExitStack() as stack:
        connections = [stack.enter_context(psycopg.connect(conninfo, autocommit=True)) for _ in range(writers)]
        for connection in connections:
            connection.prepare_threshold = 0
        yield RawPostgres(connections, facts_each, unnest=unnest)
