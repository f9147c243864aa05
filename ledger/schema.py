"""The tables of a ledger: one code for SQLite and PostgreSQL. Facts are inserted and read, never changed."""

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    DateTime,
    Engine,
    Index,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

SCHEMA = "ledger"
INDEXED_CHARACTERS = 200
CREATING_LOCK = 0x57A41ED6
"""PostgreSQL's advisory lock of whoever creates tables: two first openings wait for each other."""

metadata = MetaData(schema=SCHEMA)


def _ledger_id() -> Column[str]:
    return Column("ledger_id", String(64), primary_key=True)


head = Table(
    "head",
    metadata,
    _ledger_id(),
    Column("size", BigInteger, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("chain", LargeBinary(32), nullable=False),
    Column("last_time", DateTime(timezone=True)),
)
"""The writer lock and all that must be known to append: size, Merkle frontier, last link, last recorded time."""

facts = Table(
    "facts",
    metadata,
    _ledger_id(),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("type", String(INDEXED_CHARACTERS), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("entry", Text, nullable=False),
    Column("leaf", LargeBinary(32), nullable=False),
    Column("chain", LargeBinary(32), nullable=False),
    Index("facts_by_type", "ledger_id", "type", "position"),
)
"""One row per fact. `type` and `recorded_at` only repeat what the entry says; `leaf` and `chain` are its hashes.

Time never goes back, so a position is found by time without an index of its own, which every append would pay for.
"""

tags = Table(
    "tags",
    metadata,
    _ledger_id(),
    Column("tag", String(INDEXED_CHARACTERS), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""Which facts mention what: an index of the entries' tags."""

commands = Table(
    "commands",
    metadata,
    _ledger_id(),
    Column("command_id", String(200), primary_key=True),
    Column("fingerprint", LargeBinary(32), nullable=False),
    Column("answer", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""What was carried out under which key, and the answer that was given."""

sealed = Table(
    "sealed",
    metadata,
    _ledger_id(),
    Column("digest", String(64), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("salt", String(32), nullable=False),
    Column("value", Text, nullable=False),
)
"""Personal matter behind digests. Rows may be deleted: by a fact that orders the erasure."""

attachments = Table(
    "attachments",
    metadata,
    _ledger_id(),
    Column("sha256", String(64), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("content", LargeBinary, nullable=False),
)
"""Larger documents, named by their content and stored with the fact that mentions them."""

TABLES = (head, facts, tags, commands, sealed, attachments)
APPEND_ONLY = (facts, tags, commands, attachments)
_REFUSED = {**{table.name: ("UPDATE", "DELETE") for table in APPEND_ONLY}, "head": ("DELETE",), "sealed": ("UPDATE",)}


def create(engine: Engine) -> None:
    """Create tables and triggers where any is missing; where all are there, nothing is written or locked."""
    with engine.connect() as connection:
        if _complete(connection):
            return
    with engine.execution_options(writing=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({CREATING_LOCK})"))
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        metadata.create_all(connection)
        for statement in _triggers(connection):
            connection.execute(text(statement))


def _complete(connection: Connection) -> bool:
    """Return whether everything is there: then an application's role, which may create nothing, need not try."""
    sqlite = connection.dialect.name == "sqlite"
    there = set(connection.execute(text(_SQLITE_OBJECTS if sqlite else _POSTGRESQL_OBJECTS)).scalars())
    triggers = {trigger for name in _REFUSED for trigger in _trigger_names(name, sqlite=sqlite)}
    return there >= triggers | {table.name for table in TABLES}


_SQLITE_OBJECTS = "SELECT name FROM sqlite_master"
_POSTGRESQL_OBJECTS = f"""
    SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = '{SCHEMA}'
    UNION ALL
    SELECT relname || '.' || tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = '{SCHEMA}'
"""  # noqa: S608 - our own constant


def _trigger_names(table: str, *, sqlite: bool) -> list[str]:
    return [f"{table}_refuse_{verb.lower()}" for verb in _REFUSED[table]] if sqlite else [f"{table}.append_only"]


def _triggers(connection: Connection) -> list[str]:
    return _sqlite_triggers() if connection.dialect.name == "sqlite" else _postgresql_triggers()


def _sqlite_triggers() -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {name}_refuse_{verb.lower()} BEFORE {verb} ON {name} "
        f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
        for name, verbs in _REFUSED.items()
        for verb in verbs
    ]


def _postgresql_triggers() -> list[str]:
    function = (
        f"CREATE OR REPLACE FUNCTION {SCHEMA}.refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    return [function] + [
        f"CREATE OR REPLACE TRIGGER append_only BEFORE {' OR '.join((*verbs, 'TRUNCATE'))} ON {SCHEMA}.{name} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse()"
        for name, verbs in _REFUSED.items()
    ]


def grant(connection: Connection, role: str) -> None:
    """Give the application's PostgreSQL role what it needs and nothing more (design §3).

    INSERT and SELECT of facts, tags, command ids, attachments and sealed values; UPDATE only of the head; DELETE only
    of sealed values. A new ledger is begun by the owner of the tables.
    """
    quoted = connection.dialect.identifier_preparer.quote_identifier(role)
    inserted = ", ".join(f"{SCHEMA}.{table.name}" for table in (*APPEND_ONLY, sealed))
    connection.execute(text(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {quoted}"))
    connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {quoted}"))
    connection.execute(text(f"GRANT INSERT ON {inserted} TO {quoted}"))
    connection.execute(text(f"GRANT UPDATE (size, frontier, chain, last_time) ON {SCHEMA}.head TO {quoted}"))
    connection.execute(text(f"GRANT DELETE ON {SCHEMA}.sealed TO {quoted}"))
