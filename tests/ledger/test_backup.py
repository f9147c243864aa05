"""A backup is one file from which everything comes back, on either engine; what does not fit is not restored."""

import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.decision import Conflict, Refused
from domain.sealed import Sealed
from ledger.backup import Beside, back_up, opened_backup
from ledger.copying import copy_ledgers
from ledger.engine import open_database
from ledger.failures import Damaged
from ledger.ledger import Ledger
from ledger.verification import verify
from tests.controls import LI
from tests.ledger.conftest import Opener
from tests.ledger.toy import Whisper, toy_ledger

TAKEN_AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
FILES = {"fingerprint.key": b"k" * 32}
accounts = sa.MetaData(schema="accounts")
people = sa.Table("people", accounts, sa.Column("account", sa.String(20), primary_key=True), sa.Column("hash", sa.Text))


def filled(engine: sa.Engine, facts: int = 5) -> Ledger:
    ledger = toy_ledger(engine)
    for number in range(facts):
        ledger.execute(Whisper(person=LI, words=Sealed(f"n{number}")), actor=LI, command_id=f"c{number}")
    return ledger


def words(ledger: Ledger) -> list[str]:
    said = [fact.event.words.digest for fact in ledger.read()]  # type: ignore[attr-defined]
    return list(ledger.words(said).values())


def entries(ledger: Ledger) -> list[bytes]:
    return [row.entry for row in ledger.rows()]


@pytest.fixture
def source(database_url: str, opened: Opener) -> Ledger:
    return filled(opened(database_url))


def test_a_backup_of_either_engine_comes_back_as_it_was(
    source: Ledger, opened: Opener, sqlite_url: str, tmp_path: Path
) -> None:
    (copied,) = back_up(source.engine, tmp_path / "b.db", taken_at=TAKEN_AT, files=FILES)
    target = opened(f"{sqlite_url}.restored")
    with opened_backup(tmp_path / "b.db") as backup:
        assert (backup.taken_at, backup.files) == (TAKEN_AT, FILES)
        assert backup.restore(target) == [copied]
    restored = toy_ledger(target)
    assert (copied.size, copied.root) == (5, source.head().root)
    assert entries(restored) == entries(source)
    assert verify(restored).ok
    assert words(restored) == words(source)
    assert restored.execute(Whisper(person=LI, words=Sealed("n0")), actor=LI, command_id="c0").repeated


@pytest.mark.postgres
@pytest.mark.parametrize("to_postgresql", [True, False])
def test_a_ledger_moves_between_engines_with_equal_heads(
    sqlite_url: str, postgres_url: str, opened: Opener, *, to_postgresql: bool
) -> None:
    urls = (sqlite_url, postgres_url) if to_postgresql else (postgres_url, sqlite_url)
    source, target = filled(opened(urls[0])), opened(urls[1])
    copy_ledgers(source.engine, target, hold=True)
    moved = toy_ledger(target)
    assert (moved.head().root, moved.head().last_time) == (source.head().root, source.head().last_time)
    assert verify(moved).ok
    assert moved.execute(Whisper(person=LI, words=Sealed("next")), actor=LI).positions == (6,)


def test_a_backup_is_for_its_owner_alone_and_never_written_over(source: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "b.db"
    back_up(source.engine, file, taken_at=TAKEN_AT, files={})
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(Conflict, match="backup-there-already"):
        back_up(source.engine, file, taken_at=TAKEN_AT, files={})
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith("b.db")] == ["b.db"]


def test_what_a_damaged_ledger_holds_is_not_backed_up(sqlite_url: str, opened: Opener, tmp_path: Path) -> None:
    ledger = filled(opened(sqlite_url))
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as owner, owner:
        owner.execute("DROP TRIGGER facts_refuse_update")
        owner.execute("UPDATE facts SET entry = replace(entry, 'data', 'date') WHERE position = 3")
    with pytest.raises(Damaged) as damaged:
        back_up(ledger.engine, tmp_path / "b.db", taken_at=TAKEN_AT, files={})
    assert damaged.value.position == 3
    assert not (tmp_path / "b.db").exists()


def test_a_ledger_is_not_restored_over_another(source: Ledger, opened: Opener, sqlite_url: str, tmp_path: Path) -> None:
    back_up(source.engine, tmp_path / "b.db", taken_at=TAKEN_AT, files={})
    there = filled(opened(f"{sqlite_url}.there"), facts=1)
    with opened_backup(tmp_path / "b.db") as backup, pytest.raises(Conflict, match="ledger-there-already"):
        backup.restore(there.engine)
    assert there.head().size == 1


@pytest.mark.parametrize("content", [b"", b"words", b"SQLite format 3\x00" + b"\x00" * 100])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.db").write_bytes(content)
    with pytest.raises(Refused, match="no-backup"), opened_backup(tmp_path / "b.db"):
        pass


def test_tables_kept_apart_from_the_facts_come_along(source: Ledger, tmp_path: Path) -> None:
    apart = open_database(f"sqlite:///{tmp_path / 'accounts.db'}", "accounts")
    accounts.create_all(apart)
    with apart.begin() as connection:
        connection.execute(people.insert(), [{"account": "a1", "hash": "h1"}])
    back_up(source.engine, tmp_path / "b.db", taken_at=TAKEN_AT, files={}, beside=[Beside(apart, [people])])
    target = open_database(f"sqlite:///{tmp_path / 'restored.db'}", "accounts")
    accounts.create_all(target)
    with opened_backup(tmp_path / "b.db") as backup:
        backup.restore_beside(Beside(target, [people]))
    with target.connect() as connection:
        assert connection.execute(people.select()).all() == [("a1", "h1")]
    for engine in (apart, target):
        engine.dispose()
