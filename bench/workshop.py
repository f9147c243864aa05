"""Where a run works: a directory of its own, a PostgreSQL server if there is one, and ledgers that many rows read."""

import itertools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder
from sqlalchemy import URL

from bench.made import facts, lists
from bench.measuring import Size, Skip
from bench.ours import ACTOR, bench_ledger
from bench.peer_eventsourcing import TOPIC, aggregate_of, sqlite_recorder
from bench.peer_umadb import Umadb, umadb
from bench.postgres import Server
from bench.raw import CREATE_ON_SQLITE, INSERT_ON_SQLITE, sqlite_connection
from ledger.engine import open_database
from ledger.ledger import Ledger

AT_ONCE = 1_000
REPLAY_PERSONS = 400
LOAD_FACTS = 50

Made = TypeVar("Made")


@dataclass(slots=True)
class Workshop:
    """What contenders share. `server` is a reason where there is none."""

    directory: Path
    size: Size
    server: Server | str
    message_db: Path | None = None
    stack: ExitStack = field(default_factory=ExitStack)
    _kept: dict[str, Any] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def file(self) -> Path:
        """Return the path of a file that does not exist yet."""
        return self.directory / f"{next(self._numbers)}.db"

    @contextmanager
    def database(self) -> Iterator[str]:
        """Lend the connection string of an empty PostgreSQL database; `Skip` where there is no server."""
        if isinstance(self.server, str):
            raise Skip(self.server)
        with self.server.database() as conninfo:
            yield conninfo

    def kept(self, name: str, make: Callable[[], AbstractContextManager[Made]]) -> Made:
        """Return what `make` lends, made when it is first asked for and kept until the run ends."""
        if name not in self._kept:
            self._kept[name] = self.stack.enter_context(make())
        found: Made = self._kept[name]
        return found

    # what rows read

    def ledger(self, number: int, persons: int) -> Ledger:
        """Return a ledger of `number` facts about `persons`, each about equally often."""
        return self.kept(f"ledger {number} {persons}", lambda: filled(self.file(), number, persons))

    def singles(self) -> Ledger:
        """Return a ledger in which every fact came by a command of its own, as most do."""
        return self.kept("singles", lambda: one_by_one(self.file(), self.size.singles))

    def raw(self, number: int, persons: int) -> sqlite3.Connection:
        """Return a connection to a bare table of the same lines."""
        return self.kept(f"raw {number} {persons}", lambda: _raw_copy(self.file(), self.ledger(number, persons)))

    def recorder(self, number: int, persons: int) -> SQLiteApplicationRecorder:
        """Return the library's recorder with the same lines, one aggregate for each person."""
        name = f"eventsourcing {number} {persons}"
        return self.kept(name, lambda: _recorder_copy(self.file(), self.ledger(number, persons)))

    def umadb(self, number: int, persons: int) -> Umadb:
        """Return a server with the same lines under the same tags."""
        return self.kept(
            f"umadb {number} {persons}", lambda: _umadb_copy(self.directory / "umadb", self.ledger(number, persons))
        )


def ledger_at(path: Path) -> Ledger:
    """Return the ledger in a file; whoever opens it disposes of its engine."""
    return bench_ledger(open_database(url_of_file(path)))


def url_of_file(path: Path) -> str:
    """Return the SQLAlchemy URL of an SQLite file."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def fill(ledger: Ledger, number: int, persons: int, already: int = 0) -> None:
    """Enter lists until the ledger holds `number` facts; `already` of them are there."""
    for place, command in enumerate(lists(number, persons)):
        if (place + 1) * len(command.lines) > already:
            ledger.execute(command, actor=ACTOR)


@contextmanager
def filled(path: Path, number: int, persons: int) -> Iterator[Ledger]:
    """Lend a ledger of `number` facts about `persons` in a new file."""
    ledger = ledger_at(path)
    try:
        fill(ledger, number, persons)
        yield ledger
    finally:
        ledger.engine.dispose()


@contextmanager
def one_by_one(path: Path, number: int) -> Iterator[Ledger]:
    """Lend a ledger of `number` facts, each from a command of its own, in a new file."""
    ledger = ledger_at(path)
    try:
        for made in facts()[:number]:
            ledger.execute(made.command, actor=ACTOR)
        yield ledger
    finally:
        ledger.engine.dispose()


def person_in(line: str) -> str:
    """Return whom a line is about."""
    return line[line.index('"person":"') + 10 :].partition('"')[0]


@contextmanager
def _raw_copy(path: Path, ledger: Ledger) -> Iterator[sqlite3.Connection]:
    """Lend a bare table of a ledger's lines, and another one in which the lines of a person lie together."""
    connection = sqlite_connection(path)
    try:
        connection.execute(CREATE_ON_SQLITE)
        connection.execute(
            "CREATE TABLE records (person TEXT, position INTEGER, entry TEXT NOT NULL, PRIMARY KEY (person, position)) "
            "WITHOUT ROWID"
        )
        connection.execute("BEGIN IMMEDIATE")
        for row in ledger.rows():
            line = row.entry.decode()
            connection.execute(INSERT_ON_SQLITE, (row.position, line))
            connection.execute("INSERT INTO records VALUES (?, ?, ?)", (person_in(line), row.position, line))
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        yield connection
    finally:
        connection.close()


@contextmanager
def _recorder_copy(path: Path, ledger: Ledger) -> Iterator[SQLiteApplicationRecorder]:
    with sqlite_recorder(path) as (recorder, _):
        versions: dict[str, int] = {}
        batch: list[StoredEvent] = []
        for row in ledger.rows():
            person = person_in(row.entry.decode())
            versions[person] = versions.get(person, -1) + 1
            batch.append(StoredEvent(aggregate_of(person), versions[person], TOPIC, row.entry))
            if len(batch) == AT_ONCE:
                recorder.insert_events(batch)
                batch = []
        if batch:
            recorder.insert_events(batch)
        yield recorder


@contextmanager
def _umadb_copy(directory: Path, ledger: Ledger) -> Iterator[Umadb]:
    with umadb(directory) as store:
        client = store.client()
        lines = [(row.entry, (f"person:{person_in(row.entry.decode())}",)) for row in ledger.rows()]
        for start in range(0, len(lines), AT_ONCE):
            client.append(store.events(lines[start : start + AT_ONCE]))
        yield store
