"""How far each view of each ledger has got, and the tables that views are kept in.

`progress` moves in the same transaction as the rows, by `UPDATE … WHERE position = :previous`: of two processes that
apply the same batch one finds nothing to update, and its rows are rolled back with it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Table,
    and_,
    delete,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.schema import DropTable

from ledger.engine import writing
from projections.columns import SCHEMA, Listed, key, ledger_id
from projections.view import View

CREATING_LOCK = 0x57A41ED7
"""PostgreSQL's advisory lock of whoever creates or drops view tables."""
VERSION_CHARACTERS = 64

metadata = MetaData(schema=SCHEMA)

progress = Table(
    "progress",
    metadata,
    ledger_id(),
    key("view"),
    Column("version", String(VERSION_CHARACTERS), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("leaf", LargeBinary(32), nullable=False),
)
"""The last fact a view has taken into account, with its leaf: another ledger's facts have other leaves."""

definitions = Table(
    "definitions",
    metadata,
    key("view"),
    Column("version", String(VERSION_CHARACTERS), nullable=False),
    Column("tables", Listed, nullable=False),
)
"""With what version of a view its tables were created, and their names."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a view stands; position 0 has no leaf."""

    position: int = 0
    leaf: bytes = b""


def prepare(engine: Engine, views: Sequence[View]) -> None:
    """Create the tables of `views`; those made by another version of a view are dropped, for every ledger."""
    with engine.connect() as connection:
        if not list(_outdated(connection, views)):
            return
    with writing(engine).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({CREATING_LOCK})"))
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        metadata.create_all(connection)
        for view in _outdated(connection, views):
            _drop(connection, view)
            _create(connection, view)


def _outdated(connection: Connection, views: Iterable[View]) -> list[View]:
    if not inspect(connection).has_table("definitions", schema=_schema(connection)):
        return list(views)
    rows = connection.execute(select(definitions.c.view, definitions.c.version))
    made = {row.view: row.version for row in rows}
    return [view for view in views if made.get(view.name) != view.fold_version]


def _schema(connection: Connection) -> str | None:
    return SCHEMA if connection.dialect.name == "postgresql" else None


def _drop(connection: Connection, view: View) -> None:
    """Places go first: a batch under way holds its place, and then comes to the rows."""
    connection.execute(delete(progress).where(progress.c.view == view.name))
    names = connection.execute(select(definitions.c.tables).where(definitions.c.view == view.name)).scalar() or ()
    for name in names:
        connection.execute(DropTable(Table(name, MetaData(schema=SCHEMA)), if_exists=True))
    connection.execute(delete(definitions).where(definitions.c.view == view.name))


def _create(connection: Connection, view: View) -> None:
    create_tables(connection, view)
    names = tuple(table.name for table in view.tables)
    connection.execute(insert(definitions).values(view=view.name, version=view.fold_version, tables=names))


def create_tables(connection: Connection, view: View) -> None:
    """Create the tables of a view that are missing."""
    for table in view.tables:
        table.create(connection, checkfirst=True)


def place_of(connection: Connection, ledger: str, view: View) -> Place | None:
    """Return where a view of a ledger stands; None where it has not begun, or was made by another version."""
    columns = (progress.c.version, progress.c.position, progress.c.leaf)
    row = connection.execute(select(*columns).where(_of(ledger, view))).first()
    return None if row is None or row.version != view.fold_version else Place(row.position, bytes(row.leaf))


def move(connection: Connection, ledger: str, view: View, before: Place, after: Place) -> bool:
    """Move a view's place; return whether it still stood at `before`."""
    stands = and_(
        progress.c.version == view.fold_version,
        progress.c.position == before.position,
        progress.c.leaf == before.leaf,
    )
    moved = connection.execute(
        update(progress).where(_of(ledger, view), stands).values(position=after.position, leaf=after.leaf)
    )
    return moved.rowcount == 1


def begin_again(connection: Connection, ledger: str, view: View) -> None:
    """Empty a view of one ledger and set it to the beginning; other ledgers' rows stay."""
    first = {"version": view.fold_version, "position": 0, "leaf": b""}
    if connection.execute(update(progress).where(_of(ledger, view)).values(**first)).rowcount == 0:
        _insert_first(connection, {"ledger_id": ledger, "view": view.name, **first})
    for table in view.tables:
        connection.execute(delete(table).where(table.c.ledger_id == ledger))


def _insert_first(connection: Connection, values: dict[str, object]) -> None:
    """Two processes may begin a view at once: the second finds it begun."""
    sqlite = connection.dialect.name == "sqlite"
    made = (insert_on_sqlite if sqlite else insert_on_postgresql)(progress)
    connection.execute(made.values(**values).on_conflict_do_nothing())


def _of(ledger: str, view: View) -> ColumnElement[bool]:
    return and_(progress.c.ledger_id == ledger, progress.c.view == view.name)
