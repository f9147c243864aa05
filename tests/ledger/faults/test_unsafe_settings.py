"""Whatever would let a power cut take back what was acknowledged is refused when the database is opened, in words."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from ledger.engine import SAFE_ON_POSTGRESQL
from ledger.failures import UnsafeSettings
from ledger.mounts import NETWORK, network_kind
from tests.ledger.conftest import Opener
from tests.ledger.toy import a_note, toy_ledger

WITHOUT_LOG = (
    "nolock=1",
    "immutable=1",
    "vfs=unix-none",
    "vfs=unix-dotfile",
    "mode=memory",
    "mode=memory&cache=shared",
)
DEAF_TO = {
    "journal_mode": ("journal_mode = WAL", "journal_mode = DELETE"),
    "synchronous=1": ("synchronous = FULL", "synchronous = NORMAL"),
    "synchronous=0": ("synchronous = FULL", "synchronous = OFF"),
    "fullfsync=0": ("fullfsync = ON", "fullfsync = OFF"),
}
"""What a database answers that does not do as it is told: what it is told, and what it hears."""


def deaf(url: str, told: str, heard: str, opened: Opener) -> Engine:
    """Return a database that hears something else than it is told."""

    class Deaf(sqlite3.Connection):
        def execute(self, sql: str, *parameters: object) -> sqlite3.Cursor:
            return super().execute(sql.replace(told, heard), *parameters)  # type: ignore[arg-type]

    engine = opened(url)
    connect = engine.dialect.connect
    engine.dialect.connect = lambda *given, **named: connect(*given, factory=Deaf, **named)  # type: ignore[method-assign]
    return engine


@pytest.mark.parametrize("answer", DEAF_TO)
def test_a_file_that_does_not_do_as_it_is_told_is_refused(sqlite_url: str, opened: Opener, answer: str) -> None:
    told, heard = DEAF_TO[answer]
    with pytest.raises(UnsafeSettings, match=answer) as refused:
        toy_ledger(deaf(sqlite_url, told, heard, opened))
    assert "请改正设置" in refused.value.why.zh


@pytest.mark.skipif(os.name == "nt", reason="tries POSIX's ways of opening")
@pytest.mark.parametrize("way", WITHOUT_LOG)
def test_a_file_that_is_opened_so_that_it_cannot_be_written_ahead_is_refused(
    tmp_path: Path, opened: Opener, way: str
) -> None:
    with pytest.raises(UnsafeSettings, match=r"journal_mode=(delete|memory)"):
        toy_ledger(opened(f"sqlite:///file:{tmp_path / 'ledger.db'}?{way}&uri=true"))


def test_a_file_that_does_as_it_is_told_is_opened(sqlite_url: str, opened: Opener) -> None:
    """The control of all the above: the same machinery, and nothing unsafe."""
    assert toy_ledger(deaf(sqlite_url, "nothing", "nothing", opened)).head().size == 0


# network file systems

MOUNTED = r"""
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /home rw,relatime shared:2 - {kind} server:/home rw
31 30 8:2 / /home/local rw,relatime - ext4 /dev/sdb1 rw
32 22 0:41 / /mnt/two\040words rw - {kind} server:/two rw
33 22 0:42 / /over rw - {kind} server:/over rw
34 33 8:3 / /over rw - xfs /dev/sdc1 rw
"""


@pytest.mark.skipif(os.name == "nt", reason="reads Linux's list of mounts")
@pytest.mark.parametrize("kind", sorted(NETWORK))
def test_a_file_on_a_network_file_system_is_known(tmp_path: Path, kind: str) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTED.format(kind=kind).strip())
    found = {
        place: network_kind(Path(place), mounts)
        for place in ("/a.db", "/home/a.db", "/home/local/a.db", "/mnt/two words/a.db", "/over/a.db", "/homes/a.db")
    }
    expected = {"/home/a.db": kind, "/mnt/two words/a.db": kind}
    assert {place: said for place, said in found.items() if said is not None} == expected


def test_where_the_system_tells_nothing_nothing_is_refused(tmp_path: Path) -> None:
    assert network_kind(tmp_path / "a.db", tmp_path / "no such list") is None


def test_a_ledger_on_a_network_file_system_is_refused(
    sqlite_url: str, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.engine.network_kind", lambda _file: "nfs4")
    with pytest.raises(UnsafeSettings, match=r"ledger\.db lies on a network file system \(nfs4\)"):
        toy_ledger(opened(sqlite_url))


# PostgreSQL, as a server really answers

RELOADED = {"full_page_writes": "off"}
"""What can be changed while the server of these tests runs. `synchronous_commit` is set by us on each connection, the
encoding is the database's, and `fsync` stands on that server's command line."""
SECONDS = 30


@contextmanager
def set_on(server: sa.URL, name: str, value: str) -> Iterator[None]:
    """Change a setting of the server for a while."""
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)

    def becomes(statement: str, expected: str) -> None:
        with admin.connect() as connection:
            connection.exec_driver_sql(statement)
            connection.exec_driver_sql("SELECT pg_reload_conf()")
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            with admin.connect() as connection:
                if connection.exec_driver_sql(f"SHOW {name}").scalar_one() == expected:
                    return
            time.sleep(0.01)
        pytest.fail(f"{name} did not become {expected}")

    becomes(f"ALTER SYSTEM SET {name} = {value}", value)
    try:
        yield
    finally:
        becomes(f"ALTER SYSTEM RESET {name}", SAFE_ON_POSTGRESQL[name])


@pytest.mark.postgres
@pytest.mark.skipif("STARLEDGER_TEST_PG_URL" in os.environ, reason="changes a server's settings: only one of our own")
@pytest.mark.parametrize("name", RELOADED)
def test_a_server_that_would_lose_facts_is_refused_until_it_is_put_right(
    postgres_server: sa.URL, postgres_url: str, opened: Opener, name: str
) -> None:
    with set_on(postgres_server, name, RELOADED[name]), pytest.raises(UnsafeSettings, match=f"{name}=off; needed"):
        toy_ledger(opened(postgres_url))
    assert toy_ledger(opened(postgres_url)).execute(a_note("x"), actor="P1").positions == (1,)
