"""The tables of a ledger as they really are: whatever somebody may have put there is read, nothing is believed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import BindParameter, Column, Engine, Executable, String, bindparam, cast, select

from ledger.engine import is_sqlite, reading
from ledger.schema import attachments, commands, facts, head, sealed, tags
from ledger.statements import DriverConnection, Prepared

Page = list[tuple[Any, ...]]
"""Some rows, as the driver gave them."""

TextOf = Callable[[bytes], str | bytearray]

AT_ONCE = 250
CHUNK_ROWS = 500
LARGEST = 2**63 - 1


class Evidence:
    """Raw rows of one ledger, within one transaction that sees one state of the database."""

    def __init__(self, engine: Engine, ledger_id: str, connection: DriverConnection) -> None:
        """Read on `connection`."""
        self._engine = engine
        self._connection = connection
        self._ledger_id = ledger_id
        self._lookups: dict[str, Prepared] = {}
        self._open: list[Any] = []

    def head(self) -> tuple[Any, ...] | None:
        """Return (size, frontier, chain, last time as text) or None."""
        last_time = cast(head.c.last_time, String)
        query = select(head.c.size, head.c.frontier, head.c.chain, last_time).where(head.c.ledger_id == self._ledger_id)
        row: tuple[Any, ...] | None = Prepared(self._engine, query)(self._connection).fetchone()
        return row

    def facts(self) -> Iterator[Page]:
        """Yield pages of (position, type, time as text, entry, leaf, chain) by position."""
        c = facts.c
        columns = (c.position, c.type, cast(c.recorded_at, String), c.entry, c.leaf, c.chain)
        query = select(*columns).where(c.ledger_id == self._ledger_id).order_by(c.position)
        return self._pages("facts", query)

    def hashed(self, rows_at_once: int | None = None) -> Iterator[Page]:
        """Yield pages of (position, entry, leaf) by position."""
        c = facts.c
        query = select(c.position, c.entry, c.leaf).where(c.ledger_id == self._ledger_id).order_by(c.position)
        return self._pages("hashed", query, rows_at_once)

    def is_beyond(self, size: int) -> bool:
        """Return whether anything stands at a position after `size`, or at one that is no number."""
        c = facts.c
        query = select(c.leaf).where(c.ledger_id == self._ledger_id, c.position > size).limit(1)
        return Prepared(self._engine, query)(self._connection).fetchone() is not None

    def tags(self) -> Iterator[Page]:
        """Yield pages of (position, tag) by position."""
        query = select(tags.c.position, tags.c.tag).where(tags.c.ledger_id == self._ledger_id)
        return self._pages("tags", query.order_by(tags.c.position, tags.c.tag))

    def commands(self) -> Iterator[Page]:
        """Yield pages of (command id, answer)."""
        query = select(commands.c.command_id, commands.c.answer).where(commands.c.ledger_id == self._ledger_id)
        return self._pages("commands", query)

    def sealed(self) -> Iterator[Page]:
        """Yield pages of (digest, position)."""
        query = select(sealed.c.digest, sealed.c.position).where(sealed.c.ledger_id == self._ledger_id)
        return self._pages("sealed", query)

    def attachments(self) -> Iterator[Page]:
        """Yield pages of (name, position, content), each of one document."""
        c = attachments.c
        query = select(c.sha256, c.position, c.content).where(c.ledger_id == self._ledger_id).order_by(c.sha256)
        return self._pages("attachments", query, rows_at_once=1)

    def entries_of_type(self, name: str) -> Iterator[Page]:
        """Yield pages of the entries that the index lists under a type."""
        query = select(facts.c.entry).where(facts.c.ledger_id == self._ledger_id, facts.c.type == name)
        return self._pages("typed", query)

    def entries_at(self, positions: Iterable[Any]) -> dict[Any, Any]:
        """Return position → entry for those of `positions` where there is one."""
        fit = [p for p in positions if isinstance(p, int) and 0 < p <= LARGEST]
        return dict(self._look_up("position", (facts.c.position, facts.c.entry), fit))

    def answers_to(self, command_ids: Iterable[str]) -> dict[Any, Any]:
        """Return command id → answer for those that are there."""
        columns = (commands.c.command_id, commands.c.answer)
        return dict(self._look_up("command", columns, storable(command_ids)))

    def sealed_under(self, digests: Iterable[str]) -> dict[Any, tuple[Any, Any, Any]]:
        """Return digest → (position, salt, value) for those that are there."""
        columns = (sealed.c.digest, sealed.c.position, sealed.c.salt, sealed.c.value)
        return {row[0]: row[1:] for row in self._look_up("sealed", columns, storable(digests))}

    def attached(self, names: Iterable[str]) -> set[Any]:
        """Return those of `names` under which there is a document."""
        columns = (attachments.c.sha256,)
        return {row[0] for row in self._look_up("attachment", columns, storable(names))}

    def start_again(self) -> None:
        """Leave a transaction in which a statement failed, and whatever was being read in it."""
        while self._open:
            self._open.pop().close()
        self._connection.rollback()

    def _pages(self, name: str, query: Executable, rows_at_once: int | None = None) -> Iterator[Page]:
        cursor = self._connection.cursor() if is_sqlite(self._engine) else self._connection.cursor(name=name)
        self._open.append(cursor)
        Prepared(self._engine, query).on(cursor)
        while rows := cursor.fetchmany(rows_at_once or CHUNK_ROWS):
            yield rows
        cursor.close()

    def _look_up(self, name: str, columns: tuple[Column[Any], ...], keys: Sequence[Any]) -> Iterator[Any]:
        if name not in self._lookups:
            slots: list[BindParameter[Any]] = [bindparam(f"key_{number}") for number in range(AT_ONCE)]
            query = select(*columns).where(columns[0].table.c.ledger_id == self._ledger_id, columns[0].in_(slots))
            self._lookups[name] = Prepared(self._engine, query)
        for start in range(0, len(keys), AT_ONCE):
            batch = [*keys[start : start + AT_ONCE], *[keys[start]] * AT_ONCE][:AT_ONCE]
            asked = {f"key_{number}": key for number, key in enumerate(batch)}
            yield from self._lookups[name](self._connection, asked).fetchall()


def storable(names: Iterable[str]) -> list[str]:
    """Return the names, each once, that both engines could hold at all."""
    return [name for name in dict.fromkeys(names) if "\0" not in name and (name.isascii() or _is_unicode(name))]


def _is_unicode(name: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


@contextmanager
def evidence(engine: Engine, ledger_id: str, *, text_of: TextOf = str) -> Iterator[Evidence]:
    """Lend the raw rows of a ledger as they stand at one moment; on SQLite, `text_of` makes text of what is stored."""
    with reading(engine) as connection, _one_moment(engine, connection, text_of):
        rows = Evidence(engine, ledger_id, connection)
        try:
            yield rows
        finally:
            rows.start_again()


def lenient(raw: bytes) -> str:
    """Return text of what need not be UTF-8: this way its bytes come back out as they went in."""
    return raw.decode("utf-8", "surrogateescape")


@contextmanager
def _one_moment(engine: Engine, connection: DriverConnection, text_of: TextOf) -> Iterator[None]:
    if not is_sqlite(engine):
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
        return
    usual = connection.text_factory
    connection.text_factory = text_of
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.text_factory = usual
