"""Writing what was decided, all of a transaction's rows at once, in the words of one engine.

SQLite takes rows one by one, which costs it nothing. PostgreSQL is sent one statement for everything, whatever there
is of it: each round trip costs more than the rows do, and one piece of JSON travels faster than arrays of parameters.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import msgspec
from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Engine,
    LargeBinary,
    Text,
    bindparam,
    cast,
    column,
    func,
    insert,
    literal,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.sql.expression import CTE

from ledger import tree
from ledger.entry import indexed
from ledger.failpoints import Failpoint
from ledger.failures import Damaged
from ledger.schema import commands, facts, head, tags
from ledger.statements import DriverConnection, Inserted, Instants, Parameters, Prepared
from ledger.store import Head


@dataclass(slots=True)
class Pending:
    """What a transaction has decided and not yet written: facts with their tags, and answers to command ids."""

    entries: list[bytes] = field(default_factory=list)
    places: list[tuple[int, str, datetime]] = field(default_factory=list)
    """Position, type and time of each entry."""
    tags: list[tuple[str, int]] = field(default_factory=list)
    answers: dict[str, tuple[bytes, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Return whether there is anything to write."""
        return bool(self.entries or self.answers)

    def hashed(self, to: Head) -> "Iterable[tuple[tuple[int, str, datetime], bytes, bytes, bytes]]":
        """Return (place, entry, leaf, link) of each fact; the head `to`, which counts them, takes up their hashes."""
        if not self.entries:
            return ()
        leaves, links = to.hash(self.entries)
        return zip(self.places, self.entries, leaves, links, strict=True)


class Writing(Protocol):
    """How an engine is told."""

    def write(self, connection: DriverConnection, pending: Pending, to: Head, passed: Failpoint) -> None:
        """Write everything pending, and the head as it stands behind it; `Damaged` where facts stand there already."""


def writing_for(engine: Engine, ledger_id: str) -> Writing:
    """Return how the facts of `ledger_id` are written on `engine`."""
    return _OnSqlite(engine, ledger_id) if engine.dialect.name == "sqlite" else _OnPostgresql(engine, ledger_id)


def _new_head(to: Head, instants: Instants) -> Parameters:
    last = None if to.last_time is None else instants.write(to.last_time)
    return {"new_size": to.size, "new_frontier": tree.pack(to.frontier), "new_chain": to.chain, "new_last_time": last}


_NEW_HEAD: dict[str, BindParameter[Any]] = {
    name: bindparam(f"new_{name}") for name in ("size", "frontier", "chain", "last_time")
}


class _OnSqlite:
    def __init__(self, engine: Engine, ledger_id: str) -> None:
        self._ledger_id = ledger_id
        self._instants = Instants(engine)
        self._taken: type[Exception] = engine.dialect.loaded_dbapi.IntegrityError
        self._facts, self._tags, self._commands = Inserted(facts), Inserted(tags), Inserted(commands)
        self._advance = Prepared(engine, update(head).where(head.c.ledger_id == ledger_id).values(_NEW_HEAD))

    def write(self, connection: DriverConnection, pending: Pending, to: Head, passed: Failpoint) -> None:
        mine = self._ledger_id
        if pending.entries:
            self._insert_facts(connection, pending, to)
            self._tags(connection, [(mine, indexed(tag), position) for tag, position in pending.tags])
        self._commands(connection, [(mine, name, *answer) for name, answer in pending.answers.items()])
        if pending.entries:
            passed("append:facts-inserted")
            self._advance(connection, _new_head(to, self._instants))
            passed("append:head-advanced")

    def _insert_facts(self, connection: DriverConnection, pending: Pending, to: Head) -> None:
        mine = self._ledger_id
        written = {instant: self._instants.write(instant) for instant in {at for _, _, at in pending.places}}
        rows = [
            (mine, position, indexed(kind), written[at], entry.decode(), leaf, link)
            for (position, kind, at), entry, leaf, link in pending.hashed(to)
        ]
        try:
            self._facts(connection, rows)
        except self._taken as error:
            # The head is locked and says that these places are free: somebody put facts there past it.
            raise Damaged(pending.places[0][0]) from error


class _FactSent(msgspec.Struct, gc=False):
    position: int
    type: str
    recorded_at: datetime
    entry: str
    leaf: bytes
    chain: bytes


class _TagSent(msgspec.Struct, gc=False):
    tag: str
    position: int


class _CommandSent(msgspec.Struct, gc=False):
    command_id: str
    fingerprint: bytes
    answer: str


_SENT: tuple[tuple[Any, type[msgspec.Struct]], ...] = ((facts, _FactSent), (tags, _TagSent), (commands, _CommandSent))


class _OnPostgresql:
    def __init__(self, engine: Engine, ledger_id: str) -> None:
        self._instants = Instants(engine)
        self._error: type[Exception] = engine.dialect.loaded_dbapi.IntegrityError
        self._encode = msgspec.json.Encoder().encode
        statement = update(head).where(head.c.ledger_id == ledger_id).values(_NEW_HEAD)
        for table, sent in _SENT:
            statement = statement.add_cte(_inserted(table, sent.__struct_fields__, ledger_id))
        self._write = Prepared(engine, statement)

    def write(self, connection: DriverConnection, pending: Pending, to: Head, passed: Failpoint) -> None:
        sent = {
            "facts": [
                _FactSent(position, indexed(kind), at, entry.decode(), leaf, link)
                for (position, kind, at), entry, leaf, link in pending.hashed(to)
            ],
            "tags": [_TagSent(indexed(tag), position) for tag, position in pending.tags],
            "commands": [_CommandSent(name, *answer) for name, answer in pending.answers.items()],
        }
        said = {name: self._encode(rows).decode() for name, rows in sent.items()}
        try:
            self._write(connection, _new_head(to, self._instants) | said)
        except self._error as error:
            if pending.places and error.diag.table_name == facts.name:  # type: ignore[attr-defined]
                raise Damaged(pending.places[0][0]) from error
            raise
        if pending.entries:
            passed("append:facts-inserted")
            passed("append:head-advanced")


_BASE64: ColumnElement[str] = literal_column("'base64'")


def _inserted(table: Any, names: Sequence[str], ledger_id: str) -> CTE:  # noqa: ANN401 - a table's columns
    """Return the insertion of the rows that the parameter named like `table` holds as JSON; bytes are base64."""
    columns: list[Column[Any]] = [table.c[name] for name in names]
    given = func.json_to_recordset(cast(bindparam(table.name), JSON)).table_valued(
        *(column(c.name, Text() if isinstance(c.type, LargeBinary) else c.type) for c in columns), name="given"
    )
    given = given.render_derived(with_types=True)
    values: list[ColumnElement[Any]] = [
        func.decode(given.c[c.name], _BASE64) if isinstance(c.type, LargeBinary) else given.c[c.name] for c in columns
    ]
    rows = select(literal(ledger_id), *values)
    return insert(table).from_select(["ledger_id", *names], rows).cte(f"new_{table.name}")
