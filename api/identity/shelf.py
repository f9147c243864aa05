"""Where the accounts of one ledger are kept: the open database, the key beside it, and what time it is."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, insert, inspect, select, text

from api.identity.keyring import Keyring
from api.identity.tables import SCHEMA, VERSION, metadata, versions
from domain.decision import Refused
from domain.text import Text
from ledger.engine import is_sqlite, writing

CREATING_LOCK = 0x57A41EDA
"""PostgreSQL's advisory lock of whoever creates the tables of accounts."""


def wall_clock() -> datetime:
    """Return the machine's time: sessions end by it, also beside a ledger whose clock is simulated."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The accounts' database as one ledger sees it."""

    engine: Engine
    ledger_id: str
    keyring: Keyring
    now: Callable[[], datetime] = wall_clock

    def asking(self) -> AbstractContextManager[Connection]:
        """Lend a connection for questions."""
        return self.engine.connect()

    def changing(self) -> AbstractContextManager[Connection]:
        """Lend a connection for changes, committed together or not at all."""
        return writing(self.engine).begin()


def prepare(engine: Engine) -> None:
    """Create the tables where there are none; raises `Refused` where they are of a version that is not known."""
    if inspect(engine).has_table(versions.name, schema=None if is_sqlite(engine) else SCHEMA):
        _require_known(engine)
        return
    with writing(engine).begin() as connection:
        if not is_sqlite(engine):
            connection.execute(text(f"SELECT pg_advisory_xact_lock({CREATING_LOCK})"))
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        metadata.create_all(connection)
        if connection.execute(select(versions.c.version)).first() is None:
            connection.execute(insert(versions).values(version=VERSION))
    _require_known(engine)


def _require_known(engine: Engine) -> None:
    with engine.connect() as connection:
        found = list(connection.execute(select(versions.c.version)).scalars())
    if found != [VERSION]:
        raise Refused("accounts-version", _unknown_version(found))


def _unknown_version(found: list[int]) -> Text:
    said = ", ".join(map(str, found)) or "-"
    return Text(
        f"账户库的版本是 {said}，本程序只认识 {VERSION}；请用与之相应的程序版本。",
        f"The accounts are kept in version {said}, this program knows {VERSION}; use the program that fits them.",
    )
