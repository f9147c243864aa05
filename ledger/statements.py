"""Statements written in SQLAlchemy Core, compiled once per engine and run on the driver's own connection.

Both drivers take parameters by name and give rows as tuples. What Core adds to every execution (caching keys,
translating schemas, converting types) costs more than an append to an SQLite file, so it is paid once here.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import DateTime, Engine, Executable, Table

DriverConnection = Any
"""A connection of sqlite3 or psycopg: both have `execute`, `cursor`, `commit` and `rollback`."""
Parameters = dict[str, Any]


class Prepared:
    """One statement in the words of one engine; values written into it stay, bound names are given at each run."""

    __slots__ = ("_fixed", "_sql")

    def __init__(self, engine: Engine, statement: Executable) -> None:
        """Compile `statement` for `engine`, its schema included."""
        translate = engine.get_execution_options().get("schema_translate_map")
        schema = {"schema_translate_map": translate, "render_schema_translate": True} if translate else {}
        compiled = cast("Any", statement).compile(dialect=engine.dialect, **schema)
        self._sql = str(compiled)
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}

    def __call__(self, connection: DriverConnection, parameters: Parameters | None = None) -> Any:  # noqa: ANN401
        """Run the statement once; return the driver's cursor."""
        return connection.execute(self._sql, {**self._fixed, **parameters} if parameters else self._fixed)

    def on(self, cursor: Any) -> None:  # noqa: ANN401
        """Run the statement on a cursor that somebody else has opened."""
        cursor.execute(self._sql, self._fixed)

    def many(self, connection: DriverConnection, parameters: Sequence[Parameters]) -> None:
        """Run the statement once for each set of parameters."""
        if len(parameters) == 1:
            self(connection, parameters[0])
        elif parameters:
            connection.cursor().executemany(self._sql, [{**self._fixed, **each} for each in parameters])


class Inserted:
    """Inserts rows into one table of SQLite, given as tuples in the order of its columns."""

    __slots__ = ("_sql",)

    def __init__(self, table: Table) -> None:
        """Write the statement; SQLite's tables have no schema."""
        names = table.columns.keys()
        places = ", ".join("?" * len(names))
        self._sql = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places})"  # noqa: S608 - our own names

    def __call__(self, connection: DriverConnection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert all rows."""
        if len(rows) == 1:
            connection.execute(self._sql, rows[0])
        elif rows:
            connection.executemany(self._sql, rows)


class Instants:
    """How a driver takes and gives points in time: as themselves (PostgreSQL) or as text without zone (SQLite)."""

    def __init__(self, engine: Engine) -> None:
        """Ask SQLAlchemy's type what `engine` needs."""
        kind = DateTime(timezone=True).dialect_impl(engine.dialect)
        self._as_text = engine.dialect.name == "sqlite"
        self._read = cast("Callable[[Any], datetime] | None", kind.result_processor(engine.dialect, None))

    def write(self, instant: datetime) -> Any:  # noqa: ANN401 - the driver's own form
        """Return an aware instant as the driver takes it."""
        in_utc = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
        # As SQLAlchemy writes it, in a third of the time.
        return in_utc.replace(tzinfo=None).isoformat(" ", "microseconds") if self._as_text else in_utc

    def read(self, value: Any) -> datetime:  # noqa: ANN401
        """Return what the driver gave as an instant in UTC."""
        instant = value if self._read is None else self._read(value)
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
