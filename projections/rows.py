"""The rows that a batch of facts touches: loaded when asked for, changed in memory, written together at the end."""

from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Table, and_, bindparam, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite

Row = dict[str, Any]
Key = tuple[Any, ...]


class Rows:
    """The rows of one ledger, inside one transaction. What is not flushed has not happened."""

    def __init__(self, connection: Connection, ledger_id: str) -> None:
        """Read and write rows of `ledger_id` only."""
        self.ledger_id = ledger_id
        self._connection = connection
        self._known: dict[Table, dict[Key, Row | None]] = {}
        self._changed: dict[Table, dict[Key, None]] = {}
        self._added: dict[Table, list[Row]] = {}

    def get(self, table: Table, *key: object) -> Row | None:
        """Return a copy of the row under a key (without the ledger's id), or None."""
        row = self._row(table, key)
        return None if row is None else dict(row)

    def put(self, table: Table, *key: object, **values: object) -> None:
        """Write a row: columns not named keep what they hold, or in a new row their default."""
        row = self._row(table, key) or self._blank(table, key)
        row.update(values)
        self._known[table][key] = row
        self._changed.setdefault(table, {})[key] = None

    def add(self, table: Table, **values: object) -> None:
        """Write a row that is not there yet: quicker, for tables that only grow."""
        self._added.setdefault(table, []).append({"ledger_id": self.ledger_id, **values})

    def where(self, table: Table, **equal: object) -> list[Row]:
        """Return copies of the rows whose columns hold these values, in the order of their keys."""
        self.flush()
        conditions = [table.c.ledger_id == self.ledger_id, *(table.c[name] == value for name, value in equal.items())]
        found = self._connection.execute(select(table).where(and_(*conditions))).mappings()
        return sorted((dict(row) for row in found), key=lambda row: _key_of(table, row))

    def flush(self) -> None:
        """Write everything that was changed or added."""
        for table, added in self._added.items():
            self._connection.execute(insert(table), added)
        for table, keys in self._changed.items():
            changed = [row for key in keys if (row := self._known[table][key]) is not None]
            self._connection.execute(self._upsert(table), changed)
        self._added.clear()
        self._changed.clear()

    def forget(self) -> None:
        """Write everything and keep nothing in memory."""
        self.flush()
        self._known.clear()

    def _row(self, table: Table, key: Key) -> Row | None:
        known = self._known.setdefault(table, {})
        if key not in known:
            known[key] = self._load(table, key)
        return known[key]

    def _load(self, table: Table, key: Key) -> Row | None:
        values = dict(zip(_key_names(table), key, strict=True))
        found = (
            self._connection.execute(_under_a_key(table), {"ledger_id": self.ledger_id, **values}).mappings().first()
        )
        return None if found is None else dict(found)

    def _blank(self, table: Table, key: Key) -> Row:
        row: Row = {column.name: _default(column.default) for column in table.columns}
        return row | dict(zip(_key_names(table), key, strict=True)) | {"ledger_id": self.ledger_id}

    def _upsert(self, table: Table) -> Any:  # noqa: ANN401 - each engine has its own kind of insert
        sqlite = self._connection.dialect.name == "sqlite"
        made: Any = (insert_on_sqlite if sqlite else insert_on_postgresql)(table)
        keys = [column.name for column in table.primary_key.columns]
        others = {c.name: made.excluded[c.name] for c in table.columns if c.name not in keys}
        return made.on_conflict_do_update(index_elements=keys, set_=others) if others else made.on_conflict_do_nothing()


@cache
def _under_a_key(table: Table) -> Select[Any]:
    """Return the query for one row, made once: making it costs more than running it."""
    return select(table).where(*(column == bindparam(column.name) for column in table.primary_key.columns))


@cache
def _key_names(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key.columns if column.name != "ledger_id")


def _key_of(table: Table, row: Row) -> Key:
    return tuple(row[name] for name in _key_names(table))


def _default(default: Any) -> Any:  # noqa: ANN401 - whatever the column holds
    return None if default is None else default.arg
