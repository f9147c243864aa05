"""A database is opened so that what is acknowledged is on disk; where it would not be, it is not opened at all."""
# ruff: noqa: S608 - the name of a schema is put into statements

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from ledger.engine import SAFE_ON_POSTGRESQL, answers, recording, refuse_unsafe
from ledger.failures import InDoubt, UnsafeSettings
from ledger.ledger import Ledger
from ledger.verification import verify
from tests.ledger.conftest import Opener
from tests.ledger.toy import a_note, toy_ledger

PROGRAM = Path(__file__).with_name("opening_program.py")


def pragma(engine: Engine, name: str) -> object:
    with engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


def test_a_file_is_written_ahead_and_synchronised_in_full_on_every_connection(sqlite_url: str, opened: Opener) -> None:
    engine = opened(sqlite_url)
    toy_ledger(engine)
    with engine.connect(), engine.connect():
        settings = [pragma(engine, name) for name in ("journal_mode", "synchronous", "fullfsync", "recursive_triggers")]
    assert settings == ["wal", 2, 1, 1]


def test_a_database_that_cannot_be_written_ahead_is_refused(opened: Opener) -> None:
    with pytest.raises(UnsafeSettings, match="journal_mode=memory"):
        toy_ledger(opened("sqlite:///file:unsafe?mode=memory&uri=true"))


def test_a_file_that_somebody_else_is_just_preparing_is_waited_for(sqlite_url: str, opened: Opener) -> None:
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as rival:
        rival.execute("CREATE TABLE other (x)")
        rival.execute("BEGIN IMMEDIATE")  # SQLite's own timeout does not cover a change to WAL that meets this
        opening = threading.Thread(target=lambda: toy_ledger(opened(sqlite_url)))
        opening.start()
        opening.join(0.3)
        assert opening.is_alive()
        rival.execute("COMMIT")
        opening.join(30)
    assert toy_ledger(opened(sqlite_url)).head().size == 0


def test_a_file_where_synchronous_cannot_be_set_is_refused(
    sqlite_url: str, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Deaf(sqlite3.Connection):
        """Does not hear what it is told about synchronous."""

        def execute(self, sql: str, *parameters: object) -> sqlite3.Cursor:
            heard = "PRAGMA synchronous = NORMAL" if "synchronous =" in sql else sql
            return super().execute(heard, *parameters)  # type: ignore[arg-type]

    engine = opened(sqlite_url)
    connect = engine.dialect.connect
    monkeypatch.setattr(engine.dialect, "connect", lambda *a, **k: connect(*a, factory=Deaf, **k))
    with pytest.raises(UnsafeSettings, match="synchronous=1"):
        toy_ledger(engine)


@pytest.mark.parametrize("name", SAFE_ON_POSTGRESQL)
def test_each_unsafe_setting_of_postgresql_is_refused(name: str) -> None:
    refuse_unsafe(SAFE_ON_POSTGRESQL)
    with pytest.raises(UnsafeSettings, match=f"{name}=off; needed: {name}="):
        refuse_unsafe({**SAFE_ON_POSTGRESQL, name: "off"})


@pytest.mark.postgres
def test_a_postgresql_database_that_is_not_in_utf_8_is_refused(postgres_url: str, opened: Opener) -> None:
    url = sa.make_url(postgres_url)
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {url.database}_ascii TEMPLATE template0 ENCODING 'SQL_ASCII'"))
    try:
        with pytest.raises(UnsafeSettings, match="server_encoding"):
            toy_ledger(opened(url.set(database=f"{url.database}_ascii").render_as_string(hide_password=False)))
    finally:
        with admin.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {url.database}_ascii WITH (FORCE)"))


@pytest.mark.postgres
def test_a_postgresql_connection_that_asks_for_less_gets_synchronous_commits(postgres_url: str, opened: Opener) -> None:
    url = sa.make_url(postgres_url).update_query_dict(
        {"options": "-c synchronous_commit=off -c timezone=Asia/Shanghai"}
    )
    with opened(url.render_as_string(hide_password=False)).connect() as connection:
        shown = [connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in ("synchronous_commit", "TimeZone")]
    assert shown == ["on", "UTC"]


def test_a_database_answers(engine: Engine) -> None:
    assert answers(engine)


# creating


def test_opening_again_writes_nothing_and_waits_for_nobody(database_url: str, opened: Opener) -> None:
    engine = opened(database_url)
    toy_ledger(engine).execute(a_note("one"), actor="P1")
    with recording(engine) as connection:
        connection.execute(f"UPDATE {'' if engine.dialect.name == 'sqlite' else 'ledger.'}head SET size = size")
        assert toy_ledger(opened(database_url)).head().size == 1
    assert toy_ledger(opened(database_url)).head().size == 1


def test_what_is_missing_is_created_when_the_ledger_is_opened_again(shared_engine: Engine) -> None:
    toy_ledger(shared_engine)
    with shared_engine.begin() as connection:
        sqlite = shared_engine.dialect.name == "sqlite"
        drop = "DROP TRIGGER facts_refuse_update" if sqlite else "DROP TRIGGER append_only ON ledger.facts"
        connection.exec_driver_sql(drop)
    ledger = toy_ledger(shared_engine)
    ledger.execute(a_note("one"), actor="P1")
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), shared_engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE {'' if sqlite else 'ledger.'}facts SET type = ''")


def test_processes_that_open_a_new_database_at_once_all_succeed(
    database_url: str, opened: Opener, checkout: Path
) -> None:
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    pipe = subprocess.PIPE
    programs = [
        subprocess.Popen([sys.executable, PROGRAM, database_url, str(number)], stdin=pipe, stdout=pipe, env=environment)
        for number in range(5)
    ]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == b"ready\n"
    for program in programs:
        assert program.stdin is not None
        program.stdin.close()
    for program in programs:
        assert program.stdout is not None
        program.stdout.close()
    assert [program.wait() for program in programs] == [0] * 5
    ledger = toy_ledger(opened(database_url))
    assert sorted(fact.command_id for fact in ledger.read()) == [f"c{number}" for number in range(5)]
    assert verify(ledger).findings == ()


# a commit that nobody can vouch for


def test_a_commit_that_fails_is_in_doubt_and_asking_again_settles_it(
    ledger: Ledger, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.execute(a_note("one"), actor="P1")

    def fail(_connection: object) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr("ledger.engine._hand_in", fail)
        with pytest.raises(InDoubt) as doubt:
            ledger.execute(a_note("two"), actor="P1", command_id="c2")
    assert "同一命令编号" in doubt.value.why.zh
    assert ledger.execute(a_note("two"), actor="P1", command_id="c2").positions == (2,)
    assert verify(toy_ledger(engine)).findings == ()


def test_facts_that_were_kept_although_the_commit_seemed_to_fail_are_not_doubled(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_afterwards(connection: sqlite3.Connection) -> None:
        connection.commit()
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr("ledger.engine._hand_in", fail_afterwards)
        with pytest.raises(InDoubt):
            ledger.execute(a_note("one"), actor="P1", command_id="c1")
    again = ledger.execute(a_note("one"), actor="P1", command_id="c1")
    assert (again.positions, again.repeated, ledger.head().size) == ((1,), True, 1)


@pytest.mark.postgres
def test_a_commit_that_postgresql_answers_with_a_warning_is_in_doubt(postgres_url: str, opened: Opener) -> None:
    engine = opened(postgres_url)
    ledger = toy_ledger(engine)
    ledger.execute(a_note("one"), actor="P1")
    function = (
        "CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'x'; RETURN NULL; END $$"
    )
    trigger = "CREATE CONSTRAINT TRIGGER warns AFTER INSERT ON ledger.facts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
    with engine.begin() as connection:
        connection.exec_driver_sql(function)
        connection.exec_driver_sql(f"{trigger} EXECUTE FUNCTION warn()")
    with pytest.raises(InDoubt):
        ledger.execute(a_note("two"), actor="P1", command_id="c2")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER warns ON ledger.facts")
    assert ledger.execute(a_note("two"), actor="P1", command_id="c2").repeated
    assert ledger.execute(a_note("three"), actor="P1").positions == (3,)
