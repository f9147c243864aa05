"""Opening a database so that a commit is on disk, and refusing to work where it would not be."""

import contextlib
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import SQLITE_BUSY, OperationalError
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import Pool, PoolProxiedConnection, QueuePool

from ledger import schema
from ledger.failures import InDoubt, NotStored, UnsafeSettings, trouble_with_disk
from ledger.left_behind import settle
from ledger.mounts import network_kind
from ledger.statements import DriverConnection

BUSY_TIMEOUT_MS = 60_000
SQLITE_FULL = 2
WARNING = "01000"
IN_DOUBT = "in_doubt"
USED_LAST = "used_last"
OPENED_AFTER = "opened_after"
KEPT = "kept"
IDLE_SECONDS = 1.0
SAFE_ON_POSTGRESQL = {"server_encoding": "UTF8", "synchronous_commit": "on", "fsync": "on", "full_page_writes": "on"}


def open_database(url: str | URL, schema_name: str = schema.SCHEMA) -> Engine:
    """Return an engine for the facts in an SQLite file, in memory (tests), or in PostgreSQL.

    Its connections raise `UnsafeSettings` where durability is switched off. In memory there is one connection: whoever
    holds it makes everybody else wait.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, schema_name)
    return _postgresql(parsed)


def _close_what_comes_back_late(engine: Engine) -> None:
    """Close a connection that was lent while the engine was disposed of as it comes back: nobody else ever would.

    So the one in use by the thread that serves coroutines which wait no longer (`ledger.group`).
    """
    disposals = 0

    def opened(_connection: DriverConnection, record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's record
        record.info[OPENED_AFTER] = disposals

    def disposed(_engine: Engine) -> None:
        nonlocal disposals
        disposals += 1

    def came_back(connection: DriverConnection | None, record: Any) -> None:  # noqa: ANN401
        if connection is not None and record.info.get(OPENED_AFTER, disposals) != disposals:
            record.invalidate()

    event.listen(engine, "connect", opened)
    event.listen(engine, "engine_disposed", disposed)
    event.listen(engine, "checkin", came_back)


class _Kept:
    """The connection that was recorded on last, kept for whoever records next: the pool's ceremony costs a tenth of it.

    It is given back to the pool where it has lain idle, and when the engine is disposed of.
    """

    def __init__(self, engine: Engine) -> None:
        self._idle: deque[tuple[Pool, PoolProxiedConnection]] = deque()
        event.listen(engine, "engine_disposed", lambda _engine: self._release())

    def lend(self, engine: Engine) -> tuple[Pool, PoolProxiedConnection]:
        """Return a connection, and the pool that it came from."""
        try:
            pool, pooled = self._idle.pop()
        except IndexError:
            return engine.pool, engine.raw_connection()
        if pool is engine.pool and time.monotonic() - pooled.info[USED_LAST] < IDLE_SECONDS:
            return pool, pooled
        pooled.close()
        return engine.pool, engine.raw_connection()

    def give_back(self, engine: Engine, pool: Pool, pooled: PoolProxiedConnection) -> None:
        """Take back a connection that nothing has happened to."""
        pooled.info[USED_LAST] = time.monotonic()
        self._idle.append((pool, pooled))
        if pool is not engine.pool or len(self._idle) > 1:
            self._release()

    def _release(self) -> None:
        with contextlib.suppress(IndexError):
            while True:
                self._idle.pop()[1].close()


class _NoneKept(_Kept):
    """Keeps nothing: where there is one connection, others wait for it."""

    def give_back(self, engine: Engine, pool: Pool, pooled: PoolProxiedConnection) -> None:  # noqa: ARG002
        pooled.close()


def is_sqlite(engine: Engine) -> bool:
    """Return whether the engine is SQLite (else PostgreSQL)."""
    return engine.dialect.name == "sqlite"


def _sqlite(url: URL, schema_name: str) -> Engine:
    in_memory = url.database in (None, "", ":memory:")
    pool: dict[str, Any] = {"pool_size": 1, "max_overflow": 0} if in_memory else {}
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False},
        paramstyle="named",
        poolclass=QueuePool,
        hide_parameters=True,
        **pool,
    )
    _close_what_comes_back_late(engine)
    event.listen(engine, "connect", _prepare_in_memory if in_memory else _prepare_sqlite)
    if not in_memory:
        event.listen(engine, "connect", _settling())
    event.listen(engine, "begin", _begin)
    kept = _NoneKept(engine) if in_memory else _Kept(engine)
    return engine.execution_options(schema_translate_map={schema_name: None}, **{KEPT: kept})


def _prepare_in_memory(connection: DriverConnection, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA recursive_triggers = ON")  # else INSERT OR REPLACE deletes without asking a trigger
    connection.execute("PRAGMA secure_delete = ON")  # else erased words stay readable in the file's free pages


def _settling() -> Callable[[DriverConnection, object], None]:
    """Return what makes durable, on the first connection, what an earlier process has left in the log."""
    settled = False

    def settle_once(connection: DriverConnection, _record: object) -> None:
        nonlocal settled
        if not settled:
            settle(connection)
            settled = True

    return settle_once


def _prepare_sqlite(connection: DriverConnection, record: object) -> None:
    _refuse_network(Path(connection.execute("PRAGMA database_list").fetchone()[2]))
    _prepare_in_memory(connection, record)
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    journal = _to_wal(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA fullfsync = ON")  # macOS: fsync alone leaves the data in the drive's cache
    synchronous, fullfsync = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "fullfsync")
    )
    if journal != "wal" or synchronous < SQLITE_FULL or not fullfsync:
        said = f"journal_mode={journal}, synchronous={synchronous}, fullfsync={fullfsync}"
        message = f"SQLite answers {said}; needed: journal_mode=wal, synchronous={SQLITE_FULL}, fullfsync=1"
        raise UnsafeSettings(message)


def _refuse_network(file: Path) -> None:
    kind = network_kind(file)
    if kind is not None:
        message = f"{file} lies on a network file system ({kind}), where SQLite's log is not safe; needed: a local disk"
        raise UnsafeSettings(message)


def _to_wal(connection: DriverConnection) -> str:
    """Switch to WAL; SQLite does not wait by itself where another process is just switching too."""
    give_up = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            return str(connection.execute("PRAGMA journal_mode = WAL").fetchone()[0])
        except OperationalError as error:
            if error.sqlite_errorcode & 0xFF != SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.01)


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _postgresql(url: URL) -> Engine:
    # Names, scores and sealed words are parameters: they belong into no log, and errors are logged.
    engine = create_engine(url, isolation_level="READ COMMITTED", hide_parameters=True)
    _close_what_comes_back_late(engine)
    # First of all: SQLAlchemy's own questions to a database in SQL_ASCII end in an error that explains nothing.
    event.listen(engine, "connect", _prepare_postgresql, insert=True)
    event.listen(engine, "checkin", _note_when)
    event.listen(engine, "checkout", _try_idle)
    return engine.execution_options(**{KEPT: _Kept(engine)})


def _note_when(_connection: DriverConnection, record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's record
    record.info.setdefault(USED_LAST, time.monotonic())  # it may have been kept idle before it was given back


def _try_idle(connection: DriverConnection, record: Any, _lent: object) -> None:  # noqa: ANN401
    """Have a connection that has lain idle replaced where it is broken; to ask each time costs a tenth of an append."""
    if time.monotonic() - record.info.pop(USED_LAST, time.monotonic()) < IDLE_SECONDS:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except Exception as error:
        raise DisconnectionError from error


def _prepare_postgresql(connection: DriverConnection, record: Any) -> None:  # noqa: ANN401
    connection.add_notice_handler(lambda notice: _remember_doubt(record.info, notice.sqlstate))
    connection.execute("SET synchronous_commit TO on")
    connection.execute("SET TimeZone TO 'UTC'")
    shown = {name: connection.execute(f"SHOW {name}").fetchone()[0] for name in SAFE_ON_POSTGRESQL}
    connection.commit()
    refuse_unsafe(shown)


def refuse_unsafe(shown: Mapping[str, str | bytes]) -> None:
    """Raise `UnsafeSettings` where PostgreSQL answers other than it must for a commit to survive a power cut."""
    said_by = {name: value.decode() if isinstance(value, bytes) else value for name, value in shown.items()}
    wrong = {name: value for name, value in said_by.items() if value != SAFE_ON_POSTGRESQL[name]}
    if wrong:
        said = ", ".join(f"{name}={value}" for name, value in wrong.items())
        needed = ", ".join(f"{name}={SAFE_ON_POSTGRESQL[name]}" for name in wrong)
        message = f"PostgreSQL answers {said}; needed: {needed}"
        raise UnsafeSettings(message)


def _remember_doubt(info: dict[str, Any], sqlstate: str | None) -> None:
    """Note that a commit was answered with a warning: no standby has acknowledged it."""
    if sqlstate == WARNING:
        info[IN_DOUBT] = True


def writing(engine: Engine) -> Engine:
    """Return the engine whose transactions take the write lock when they begin (SQLite: BEGIN IMMEDIATE)."""
    return engine.execution_options(writing=True)


@contextmanager
def reading(engine: Engine) -> Iterator[DriverConnection]:
    """Lend a driver's connection for reading."""
    pooled = engine.raw_connection()
    try:
        yield pooled.driver_connection
    finally:
        pooled.close()


@contextmanager
def asking(engine: Engine) -> Iterator[DriverConnection]:
    """Lend a driver's connection for single questions, each of which sees a moment of its own.

    To begin and to end a transaction would be two more round trips to PostgreSQL.
    """
    with reading(engine) as connection:
        if is_sqlite(engine):
            yield connection
            return
        connection.autocommit = True
        try:
            yield connection
        finally:
            if not connection.closed:
                connection.autocommit = False


@contextmanager
def recording(
    engine: Engine, committed: Callable[[DriverConnection], None] = lambda _connection: None
) -> Iterator[DriverConnection]:
    """Lend a driver's connection inside one transaction that may write; it is committed, or nothing has happened.

    Raises `NotStored` where the disk failed before the commit, `InDoubt` where the commit itself failed, or was
    answered with a warning (SQLSTATE 01000). `committed` is called, on the same connection, once there is no doubt.
    """
    kept: _Kept = engine.get_execution_options()[KEPT]
    pool, pooled = kept.lend(engine)
    connection: DriverConnection = pooled.driver_connection
    pooled.info.pop(IN_DOUBT, None)
    is_sound = False
    try:
        try:
            if is_sqlite(engine):
                connection.execute("BEGIN IMMEDIATE")
            yield connection
        except BaseException as error:
            _roll_back(connection)
            trouble = trouble_with_disk(error)
            if trouble is None:
                raise
            raise NotStored(trouble) from error
        _commit(connection, pooled.info)
        committed(connection)
        is_sound = True
    except (InDoubt, NotStored) as fault:
        # An SQLite connection knows which frames of its log were not committed and writes over them. One that is opened
        # anew would take them for committed (`ledger.left_behind`), so there the old one is the safe one.
        if not is_sqlite(engine):
            pooled.invalidate(fault)
        raise
    finally:
        if is_sound:
            kept.give_back(engine, pool, pooled)
        else:
            pooled.close()


def _commit(connection: DriverConnection, info: dict[str, Any]) -> None:
    try:
        _hand_in(connection)
    except Exception as error:
        _roll_back(connection)
        raise InDoubt(error) from error
    if info.pop(IN_DOUBT, False):
        raise InDoubt


def _hand_in(connection: DriverConnection) -> None:
    connection.commit()


def _roll_back(connection: DriverConnection) -> None:
    """Roll back where that is possible; on a broken connection it is neither possible nor needed."""
    with contextlib.suppress(Exception):
        connection.rollback()


def scrub(engine: Engine) -> None:
    """Let what was deleted disappear from SQLite's write-ahead log as well, unless somebody is just reading there.

    On PostgreSQL dead rows go when the table is vacuumed, which is for its owner.
    """
    if is_sqlite(engine):
        with reading(engine) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def answers(engine: Engine) -> bool:
    """Return whether the database can be asked anything."""
    with engine.connect() as connection:
        return connection.execute(text("SELECT 1")).scalar() == 1
