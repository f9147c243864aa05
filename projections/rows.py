"""The rows that a batch of facts touches: loaded when asked for, changed in memory, written together at the end."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, and_, bindparam, delete, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.exc import InterfaceError, OperationalError

from ledger.statements import DriverConnection, Parameters, Prepared

Row = dict[str, Any]
Key = tuple[Any, ...]

MOST_STORED = 256


class Rows:
    """The rows of one ledger, inside one transaction. What is not flushed has not happened."""

    def __init__(self, connection: Connection, ledger_id: str) -> None:
        """Read and write rows of `ledger_id` only."""
        self.ledger_id = ledger_id
        self._connection = connection
        self._driver: DriverConnection = connection.connection.driver_connection
        self._known: defaultdict[Table, dict[Key, Row | None]] = defaultdict(dict)
        self._changed: defaultdict[Table, dict[Key, Row]] = defaultdict(dict)
        self._added: dict[Table, list[Row]] = {}
        self._empty: dict[Table, bool] = {}
        """The tables of which it is known whether all their rows are known here."""

    @property
    def database_errors(self) -> tuple[type[Exception], ...]:
        """Return what a database raises that is not there, is full, or is locked: no fault of a view."""
        driver = self._connection.dialect.loaded_dbapi
        return OperationalError, InterfaceError, driver.OperationalError, driver.InterfaceError

    @property
    def known(self) -> int:
        """Return how many rows, and keys without a row, are kept in memory."""
        return sum(map(len, self._known.values())) + sum(map(len, self._added.values()))

    def get(self, table: Table, *key: object) -> Row | None:
        """Return a copy of the row under a key (without the ledger's id), or None."""
        try:
            row = self._known[table][key]
        except KeyError:
            row = self._load(table, key)
        return None if row is None else row.copy()

    def put(self, table: Table, *key: object, **values: object) -> None:
        """Write a row: columns not named keep what they hold, or in a new row their default."""
        self.at(table, *key).update(values)

    def at(self, table: Table, *key: object) -> Row:
        """Return the row under a key, new where there is none, to be changed at once: it will be written."""
        changed = self._changed[table]
        try:
            return changed[key]
        except KeyError:
            pass
        try:
            row = self._known[table][key]
        except KeyError:
            row = self._load(table, key)
        if row is None:
            row = self._known[table][key] = self._stored(table).blank(self.ledger_id, key)
        changed[key] = row
        return row

    def add(self, table: Table, **values: object) -> None:
        """Write a row that is not there yet: quicker, for tables that only grow."""
        self._empty[table] = False
        self._added.setdefault(table, []).append({"ledger_id": self.ledger_id, **values})

    def where(self, table: Table, **equal: object) -> list[Row]:
        """Return copies of the rows whose columns hold these values, in the order of their keys."""
        self.flush()
        conditions = [table.c.ledger_id == self.ledger_id, *(table.c[name] == value for name, value in equal.items())]
        found = self._connection.execute(select(table).where(and_(*conditions))).mappings()
        return sorted((dict(row) for row in found), key=self._stored(table).key_of)

    def flush(self) -> None:
        """Write everything that was changed or added."""
        for table, added in self._added.items():
            self._stored(table).insert(self._driver, added)
        for table, changed in self._changed.items():
            self._stored(table).upsert(self._driver, list(changed.values()))
        self._added.clear()
        self._changed.clear()

    def forget(self) -> None:
        """Write everything and keep nothing in memory."""
        self.flush()
        self._known.clear()
        self._empty.clear()

    def _load(self, table: Table, key: Key) -> Row | None:
        row = None if self._is_empty(table) else self._stored(table).load(self._driver, self.ledger_id, key)
        self._known[table][key] = row
        return row

    def _is_empty(self, table: Table) -> bool:
        """Return whether no row was there at first: then those that are not known need not be looked for."""
        if table not in self._empty:
            self._empty[table] = self._stored(table).is_empty(self._driver, self.ledger_id)
        return self._empty[table]

    def _stored(self, table: Table) -> "Stored":
        return stored(self._connection.engine, table)


class Stored:
    """A table in the words of one engine: compiled once, run on the driver's own connection.

    What SQLAlchemy adds to every execution costs more than looking up a row; only its types are asked, for how the
    driver takes and gives a value.
    """

    def __init__(self, engine: Engine, table: Table) -> None:
        """Prepare to read and write `table` with `engine`."""
        self._engine, self._table = engine, table
        self._names = tuple(column.name for column in table.columns)
        self._keys = keys_of(table)
        self._defaults = defaults_of(table)
        kinds = {column.name: column.type.dialect_impl(engine.dialect) for column in table.columns}
        taking = {name: kind.bind_processor(engine.dialect) for name, kind in kinds.items()}
        giving = {name: kind.result_processor(engine.dialect, None) for name, kind in kinds.items()}
        self._take = [(name, take) for name, take in taking.items() if take is not None]
        self._give = [(name, give) for name, give in giving.items() if give is not None]
        mine = table.c.ledger_id == bindparam("ledger_id")
        self._select = Prepared(engine, select(table).where(*keyed_by(table)))
        self._any = Prepared(engine, select(table.c.ledger_id).where(mine).limit(1))
        self._insert = Prepared(engine, insert(table).inline())
        self._upsert = Prepared(engine, self._inserting_or_updating())
        self._delete = Prepared(engine, delete(table).where(*keyed_by(table)))

    def load(self, connection: DriverConnection, ledger_id: str, key: Key) -> Row | None:
        """Return the row under a key, or None."""
        found = self._select(connection, {"ledger_id": ledger_id, **dict(zip(self._keys, key, strict=True))}).fetchone()
        if found is None:
            return None
        row = dict(zip(self._names, found, strict=True))
        for name, give in self._give:
            row[name] = give(row[name])
        return row

    def is_empty(self, connection: DriverConnection, ledger_id: str) -> bool:
        """Return whether the table has no row of a ledger."""
        return self._any(connection, {"ledger_id": ledger_id}).fetchone() is None

    def insert(self, connection: DriverConnection, rows: list[Row]) -> None:
        """Write rows that are not there yet; columns that they do not name take their defaults."""
        self._insert.many(connection, [self._taken({**self._defaults, **row}) for row in rows])

    def upsert(self, connection: DriverConnection, rows: list[Row]) -> None:
        """Write whole rows, whether they are there or not."""
        self._upsert.many(connection, [self._taken(dict(row)) for row in rows])

    def delete(self, connection: DriverConnection, ledger_id: str, keys: Iterable[Key]) -> None:
        """Take away the rows under some keys."""
        gone = [{"ledger_id": ledger_id, **dict(zip(self._keys, key, strict=True))} for key in keys]
        self._delete.many(connection, gone)

    def blank(self, ledger_id: str, key: Key) -> Row:
        """Return a new row under a key."""
        return {**self._defaults, **dict(zip(self._keys, key, strict=True)), "ledger_id": ledger_id}

    def key_of(self, row: Row) -> Key:
        """Return a row's key."""
        return tuple(row[name] for name in self._keys)

    def _taken(self, row: Row) -> Parameters:
        for name, take in self._take:
            row[name] = take(row[name])
        return row

    def _inserting_or_updating(self) -> Any:  # noqa: ANN401 - each engine has its own kind of insert
        sqlite = self._engine.dialect.name == "sqlite"
        made: Any = (insert_on_sqlite if sqlite else insert_on_postgresql)(self._table).inline()
        keys = [column.name for column in self._table.primary_key.columns]
        others = {name: made.excluded[name] for name in self._names if name not in keys}
        return made.on_conflict_do_update(index_elements=keys, set_=others) if others else made.on_conflict_do_nothing()


stored = lru_cache(maxsize=MOST_STORED)(Stored)
"""Returns a table in the words of an engine."""


def keys_of(table: Table) -> tuple[str, ...]:
    """Return the columns that tell a row of one ledger from another, as plain text."""
    return tuple(f"{column.name}" for column in table.primary_key.columns if column.name != "ledger_id")


def keyed_by(table: Table) -> list[ColumnElement[bool]]:
    """Return the condition that a row is the one under a key."""
    return [column == bindparam(column.name) for column in table.primary_key.columns]


def defaults_of(table: Table) -> dict[str, Any]:
    """Return what a new row holds."""
    return {f"{column.name}": _default(column.default) for column in table.columns}


def _default(default: Any) -> Any:  # noqa: ANN401 - whatever the column holds
    return None if default is None else default.arg
