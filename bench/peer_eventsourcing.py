"""The recorders of the `eventsourcing` library, given the same lines as payload, with the settings it chooses itself.

Its application recorders keep one sequence per aggregate, with the version as their condition; its DCB recorder, which
there is on PostgreSQL only, takes types and tags like ours.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from eventsourcing.dcb.postgres_tt import PostgresDCBRecorderTT
from eventsourcing.persistence import ApplicationRecorder, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore
from psycopg.conninfo import conninfo_to_dict

from bench.made import facts
from bench.measuring import Operation, Settings
from bench.ours import dcb_appends
from bench.raw import BUSY_SECONDS, postgres_settings, sqlite_settings

TOPIC = "bench.PointsEntered.v1"
NAMESPACE = UUID(int=0x57A41ED6)


def aggregate_of(name: str) -> UUID:
    """Return the id of the aggregate that stands for somebody."""
    return uuid5(NAMESPACE, name)


class Application:
    """An application recorder; every writer has aggregates of its own, so that no two collide."""

    def __init__(self, recorder: ApplicationRecorder, settings: Settings, facts_each: int) -> None:
        """Write through `recorder`."""
        self._recorder = recorder
        self._settings = settings
        self._facts_each = facts_each

    def settings(self) -> Settings:
        """Return what the engine answered on a connection of the library's own."""
        return self._settings

    def operations(self, writer: int, number: int) -> Sequence[Operation]:
        """Return one insertion each, of consecutive versions."""
        made = facts()
        aggregate = aggregate_of(str(writer))
        stored = [
            [
                StoredEvent(aggregate, start * self._facts_each + place, TOPIC, made[place % len(made)].line)
                for place in range(self._facts_each)
            ]
            for start in range(number)
        ]
        return [partial(self._recorder.insert_events, events) for events in stored]


class Dcb:
    """The library's DCB recorder for PostgreSQL."""

    def __init__(self, recorder: PostgresDCBRecorderTT, settings: Settings, facts_each: int) -> None:
        """Write through `recorder`."""
        self._recorder = recorder
        self._settings = settings
        self._facts_each = facts_each

    def settings(self) -> Settings:
        """Return what the engine answered."""
        return self._settings

    def operations(self, writer: int, number: int) -> Sequence[Operation]:
        """Return one conditional append each."""
        appends = dcb_appends(writer, number, self._facts_each, whole_line=True)
        return [partial(self._recorder.append, *appended) for appended in appends]


@contextmanager
def sqlite_recorder(path: Path) -> Iterator[tuple[SQLiteApplicationRecorder, Settings]]:
    """Lend the application recorder on an SQLite file, with what the engine answers on its connection."""
    datastore = SQLiteDatastore(str(path), lock_timeout=BUSY_SECONDS, pool_size=8)
    try:
        recorder = SQLiteApplicationRecorder(datastore)
        recorder.create_table()
        with datastore.get_connection(commit=True) as connection:
            answered = sqlite_settings(connection._sqlite_conn)  # noqa: SLF001 - the library lends no other way
        yield recorder, answered
    finally:
        datastore.close()


@contextmanager
def sqlite_application(path: Path, facts_each: int = 1) -> Iterator[Application]:
    """Lend the application recorder as something to write into."""
    with sqlite_recorder(path) as (recorder, settings):
        yield Application(recorder, settings, facts_each)


@contextmanager
def postgres_application(conninfo: str, writers: int = 1, facts_each: int = 1) -> Iterator[Application]:
    """Lend the library's application recorder on an empty database."""
    with _datastore(conninfo, writers) as (datastore, settings):
        recorder = PostgresApplicationRecorder(datastore)
        recorder.create_table()
        yield Application(recorder, settings, facts_each)


@contextmanager
def postgres_dcb(conninfo: str, writers: int = 1, facts_each: int = 1) -> Iterator[Dcb]:
    """Lend the library's DCB recorder on an empty database."""
    with _datastore(conninfo, writers) as (datastore, settings):
        recorder = PostgresDCBRecorderTT(datastore, events_table_name="bench_events")
        recorder.create_table()
        yield Dcb(recorder, settings, facts_each)


@contextmanager
def _datastore(conninfo: str, writers: int) -> Iterator[tuple[PostgresDatastore, Settings]]:
    said: dict[str, Any] = conninfo_to_dict(conninfo)
    datastore = PostgresDatastore(
        dbname=said["dbname"],
        host=said.get("host", ""),
        port=said.get("port", 5432),
        user=said.get("user", ""),
        password=said.get("password", ""),
        pool_size=writers,
        connect_timeout=30.0,
        enable_db_functions=True,
    )
    try:
        with datastore.get_connection() as connection:
            answered = postgres_settings(connection)
            connection.rollback()
        yield datastore, answered
    finally:
        datastore.close()
