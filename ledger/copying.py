"""Copying ledgers as they stand from one database into another: for backups, for restoring them, and for moving.

Rows are taken over unchanged, in one transaction on either side, so a copy is of one moment, and whole or not there.
On the way every entry is hashed again: a copy is finished only where its entries make the tree of the head that was
copied with them. What lies in open ballot boxes is in no database, and so in no copy.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, Table, insert, select

from domain.decision import Conflict
from domain.text import Text
from ledger import schema, tree
from ledger.engine import is_sqlite, writing
from ledger.failures import Damaged
from ledger.hashing import grow, leaves_of, links_after

PAGE_ROWS = 2_000
Progress = Callable[[int, int], None]
"""Is told how many facts of how many have been copied."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A ledger that was copied: how many facts, and the root of their tree (32 bytes)."""

    ledger_id: str
    size: int
    root: bytes


def copy_ledgers(
    source: Engine, target: Engine, *, hold: bool = False, progress: Progress = lambda _done, _of: None
) -> list[Copied]:
    """Copy every ledger of a database into another and return them; `hold` lets nobody record meanwhile.

    Raises `Conflict` where the target has one of them already, `Damaged` where entries, hashes and head do not fit:
    then the target is as it was.
    """
    schema.create(target)
    with _one_moment(source, hold=hold) as rows, writing(target).begin() as written:
        there = {head["ledger_id"] for head in _heads(written)}
        heads = _heads(rows)
        if taken := [str(head["ledger_id"]) for head in heads if head["ledger_id"] in there]:
            raise Conflict("ledger-there-already", _there_already(taken))
        return [_copy(rows, written, head, progress) for head in heads]


@contextmanager
def _one_moment(source: Engine, *, hold: bool) -> Iterator[Connection]:
    """Lend a connection that sees one moment of a database; with `hold`, nobody records until it is given back."""
    if is_sqlite(source):
        with (writing(source) if hold else source).connect() as connection:
            yield connection
        return
    with source.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        if hold:
            connection.execute(select(schema.head.c.ledger_id).with_for_update())
        yield connection


def _heads(connection: Connection) -> Sequence[RowMapping]:
    return connection.execute(select(schema.head).order_by(schema.head.c.ledger_id)).mappings().all()


def _copy(rows: Connection, written: Connection, head: RowMapping, progress: Progress) -> Copied:
    ledger_id, grown = str(head["ledger_id"]), _Grown()
    for page in pages(rows, schema.facts, ledger_id):
        grown.take(page)
        written.execute(insert(schema.facts), [dict(row) for row in page])
        progress(grown.size, head["size"])
    if (grown.size, tree.pack(grown.frontier), grown.chain) != (head["size"], head["frontier"], head["chain"]):
        raise Damaged(grown.size)
    for table in (schema.tags, schema.commands, schema.sealed, schema.attachments):
        for page in pages(rows, table, ledger_id):
            written.execute(insert(table), [dict(row) for row in page])
    written.execute(insert(schema.head), dict(head))
    return Copied(ledger_id, grown.size, tree.root(grown.frontier))


def pages(rows: Connection, table: Table, ledger_id: str | None = None) -> Iterator[Sequence[RowMapping]]:
    """Yield the rows of a table in the order of its key, of one ledger where it is named."""
    asked = select(table).order_by(*table.primary_key.columns)
    chosen = asked if ledger_id is None else asked.where(table.c.ledger_id == ledger_id)
    yield from rows.execute(chosen, execution_options={"yield_per": PAGE_ROWS}).mappings().partitions()


@dataclass(slots=True)
class _Grown:
    """The tree over what has been copied so far."""

    size: int = 0
    chain: bytes = tree.EMPTY_ROOT
    frontier: list[bytes] = field(default_factory=list)

    def take(self, page: Sequence[RowMapping]) -> None:
        """Hash the next facts; raises `Damaged` at the first whose place, leaf or link is another than it says."""
        leaves = leaves_of([row["entry"].encode() for row in page])
        links = links_after(self.chain, leaves)
        for number, (row, leaf, chain) in enumerate(zip(page, leaves, links, strict=True), start=self.size + 1):
            if (row["position"], row["leaf"], row["chain"]) != (number, leaf, chain):
                raise Damaged(number)
        grow(self.frontier, self.size, leaves)
        self.size, self.chain = self.size + len(leaves), links[-1]


def _there_already(taken: list[Any]) -> Text:
    return Text(
        f"目标里已有账本 {'、'.join(taken)}；请选一个空的目录或数据库。",
        f"The target has {', '.join(taken)} already; choose an empty directory or database.",
    )
