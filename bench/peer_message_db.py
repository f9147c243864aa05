"""message-db, a message store written in SQL, where a checkout of it is named: none of its code is ours to ship."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from bench.made import facts
from bench.measuring import Operation, Settings, Skip
from bench.raw import postgres_settings

VARIABLE = "STARLEDGER_BENCH_MESSAGE_DB"
WRITE = "SELECT message_store.write_message(%s, %s, %s, %s::jsonb, NULL, %s)"
IN_ORDER = ("schema/message-store.sql", "types/message.sql", "tables/messages.sql", "functions/*.sql", "indexes/*.sql")


class MessageDb:
    """Its schema in a database; every writer has a connection and a stream of its own."""

    def __init__(self, connections: Sequence[psycopg.Connection[Any]], facts_each: int) -> None:
        """Write through `connections`."""
        self._connections = connections
        self._facts_each = facts_each

    def settings(self) -> Settings:
        """Return what the engine answers."""
        return postgres_settings(self._connections[0])

    def operations(self, writer: int, number: int) -> Sequence[Operation]:
        """Return one message each under an expected version; several in one transaction, sent as a pipeline."""
        connection, made = self._connections[writer], facts()
        each = self._facts_each
        messages = [
            (str(uuid.UUID(int=writer << 64 | version)), f"points-{writer}", "PointsEntered", one.text, version - 1)
            for version, one in ((place, made[place % len(made)]) for place in range(number * each))
        ]
        if each == 1:
            return [partial(connection.execute, WRITE, message, prepare=True) for message in messages]
        return [
            partial(_together, connection, messages[start : start + each]) for start in range(0, len(messages), each)
        ]


def _together(connection: psycopg.Connection[Any], messages: Sequence[tuple[Any, ...]]) -> None:
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(WRITE, messages)


@contextmanager
def message_db(conninfo: str, checkout: Path | None, writers: int = 1, facts_each: int = 1) -> Iterator[MessageDb]:
    """Lend its schema, installed from the `database` folder of a checkout into an empty database."""
    if checkout is None:
        message = f"name the `database` folder of a checkout of message-db in {VARIABLE}"
        raise Skip(message)
    with ExitStack() as stack:
        connections = [stack.enter_context(psycopg.connect(conninfo, autocommit=True)) for _ in range(writers)]
        with suppress(psycopg.Error):  # only its version 4 ids come from there, and the server has them itself
            _run(connections[0], checkout / "extensions" / "pgcrypto.sql")
        for pattern in IN_ORDER:
            for file in sorted(checkout.glob(pattern)):
                _run(connections[0], file)
        for connection in connections:
            connection.execute("SET search_path TO message_store, public")
        yield MessageDb(connections, facts_each)


def _run(connection: psycopg.Connection[Any], file: Path) -> None:
    connection.execute("SET search_path TO message_store, public")
    connection.execute(file.read_bytes())
