"""What an operator should know of a database that works: known flaws of the version that it runs on."""

from dataclasses import dataclass

from sqlalchemy import Engine

from domain.text import Text
from ledger.engine import is_sqlite

LOG_RESET_FIXED = (3, 51, 3)
"""The SQLite in which resetting the write-ahead log is safe while another connection checkpoints."""


@dataclass(frozen=True, slots=True)
class Caution:
    """Something that works and should be put right: a stable code, and what to do."""

    code: str
    why: Text


def cautions(engine: Engine) -> list[Caution]:
    """Return what is to be said of the database behind `engine`."""
    if not is_sqlite(engine):
        return []
    return cautions_of_sqlite(engine.dialect.loaded_dbapi.sqlite_version_info)


def cautions_of_sqlite(version: tuple[int, ...]) -> list[Caution]:
    """Return what is to be said of a version of SQLite.

    Within a process the ledger has one writer, which is also its one checkpointer; two processes that write the same
    file are two, and before 3.51.3 that can, rarely, damage the file (SQLite's "WAL-reset bug").
    """
    if version >= LOG_RESET_FIXED:
        return []
    said = ".".join(map(str, version))
    return [
        Caution(
            "sqlite-log-reset",
            Text(
                f"SQLite {said} 有一个罕见缺陷：两个程序同时写同一个账本文件时，文件可能损坏。请只让一个程序写入"
                f"（服务运行时不要在终端记录），或升级到 SQLite 3.51.3 以上。",
                f"SQLite {said} has a rare flaw: two programs that write the same file at once can damage it. Let one "
                f"program write (none at the terminal while the server runs), or upgrade to SQLite 3.51.3 or later.",
            ),
        )
    ]
