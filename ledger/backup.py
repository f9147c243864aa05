"""A backup: one SQLite file with every ledger of an installation, whatever engine it runs on, and what else it needs.

The file appears under its name once it is whole and on disk, readable by its owner alone: it holds sealed words and the
key of the fingerprints. Views are not in it, nor what lies in open ballot boxes, nor the signer's key and memory.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    insert,
    select,
)
from sqlalchemy.exc import DatabaseError, NoResultFound

from domain.decision import Conflict, Refused
from domain.text import Text
from ledger import schema
from ledger.copying import Copied, Progress, copy_ledgers, pages
from ledger.engine import is_sqlite, open_database, writing
from ledger.whole_files import NEW, to_disk

FORMAT = "starledger-backup-1"
_own = MetaData(schema=schema.SCHEMA)
_note = Table(
    "backup", _own, Column("format", String(40), primary_key=True), Column("taken_at", DateTime(timezone=True))
)
_files = Table("backup_files", _own, Column("name", String(200), primary_key=True), Column("content", LargeBinary))


@dataclass(frozen=True, slots=True)
class Beside:
    """Tables that are kept apart from the facts and belong into a backup all the same, as they depend on each other."""

    engine: Engine
    tables: Sequence[Table]


def back_up(  # noqa: PLR0913 - what a backup is made of
    source: Engine,
    file: Path,
    *,
    taken_at: datetime,
    files: Mapping[str, bytes],
    beside: Sequence[Beside] = (),
    progress: Progress = lambda _done, _of: None,
) -> list[Copied]:
    """Write a backup, while others record, and return its ledgers; raises `Conflict` where the file is there already.

    `files` are small files by name that the installation needs beside its databases.
    """
    if file.exists():
        raise Conflict("backup-there-already", _there_already(file))
    new = _empty_beside(file)
    try:
        with _opened(new) as backup:
            copied = copy_ledgers(source, backup, progress=progress)
            _keep(backup, taken_at, files)
            for each in beside:
                copy_tables(each.engine, backup, each.tables, create=True)
            _into_one_file(backup)
        _on_disk(new)
        os.link(new, file)
    finally:
        for left in (new, *(new.with_name(new.name + end) for end in ("-wal", "-shm"))):
            left.unlink(missing_ok=True)
    to_disk(file.parent)
    return copied


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that has been opened: when it was taken, the small files in it, and its database."""

    engine: Engine
    taken_at: datetime
    files: Mapping[str, bytes]

    def restore(self, target: Engine, progress: Progress = lambda _done, _of: None) -> list[Copied]:
        """Copy every ledger into a database that has none of them, hashing it again; raises as `copy_ledgers` does."""
        return copy_ledgers(self.engine, target, progress=progress)

    def restore_beside(self, beside: Beside) -> None:
        """Copy tables that are kept apart from the facts into a database that has them, empty."""
        copy_tables(self.engine, beside.engine, beside.tables)


@contextmanager
def opened_backup(file: Path) -> Iterator[Backup]:
    """Lend a backup, of which nothing is changed; `Refused` where the file is none."""
    address = f"sqlite:///file:{quote(str(file.resolve()))}?mode=ro&immutable=1&uri=true"
    engine = create_engine(address, execution_options={"schema_translate_map": {schema.SCHEMA: None}})
    try:
        with engine.connect() as connection:
            note = connection.execute(select(_note)).one()
            files = {row.name: row.content for row in connection.execute(select(_files))}
        if note.format != FORMAT:
            raise Refused("no-backup", _no_backup(file))
        yield Backup(engine, note.taken_at.replace(tzinfo=UTC), files)
    except (DatabaseError, NoResultFound):
        raise Refused("no-backup", _no_backup(file)) from None
    finally:
        engine.dispose()


@contextmanager
def _opened(file: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{file}")
    try:
        yield engine
    finally:
        engine.dispose()


def _empty_beside(file: Path) -> Path:
    descriptor, name = tempfile.mkstemp(NEW, f"{file.name}.", file.parent)
    os.close(descriptor)
    return Path(name)


def _keep(backup: Engine, taken_at: datetime, files: Mapping[str, bytes]) -> None:
    with writing(backup).begin() as connection:
        _own.create_all(connection)
        connection.execute(insert(_note).values(format=FORMAT, taken_at=taken_at))
        if files:
            connection.execute(insert(_files), [{"name": name, "content": held} for name, held in files.items()])


def copy_tables(source: Engine, target: Engine, tables: Sequence[Table], *, create: bool = False) -> None:
    """Copy whole tables, in one transaction; with `create`, into a database that does not have them."""
    with source.connect() as rows, writing(target).begin() as written:
        for connection in (rows, written):
            _without_schemas(connection, tables)
        if create:
            tables[0].metadata.create_all(written, tables=tables)
        for table in tables:
            for page in pages(rows, table):
                written.execute(insert(table), [dict(row) for row in page])


def _without_schemas(connection: Connection, tables: Sequence[Table]) -> None:
    """Let a connection to SQLite, which knows no schemas, find tables that stand in one elsewhere."""
    if is_sqlite(connection.engine):
        connection.execution_options(schema_translate_map={table.schema: None for table in tables if table.schema})


def _into_one_file(backup: Engine) -> None:
    """Fold SQLite's log into the file, and leave it in the mode in which it is one file."""
    with backup.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None  # noqa: S101 - for the type checker
        connection.rollback()
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        driver.execute("PRAGMA journal_mode = DELETE")


def _on_disk(file: Path) -> None:
    with file.open("rb+") as written:
        os.fsync(written.fileno())


def _there_already(file: Path) -> Text:
    return Text(
        f"{file} 已存在；备份从不覆盖旧文件，请换一个文件名。",
        f"{file} is there already, and a backup never writes over one; choose another name.",
    )


def _no_backup(file: Path) -> Text:
    return Text(
        f"{file} 不是本系统的备份；请指明 backup 写出的文件。",
        f"{file} is no backup of this program; name a file that `backup` has written.",
    )
