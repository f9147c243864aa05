"""Whatever lies in the database, `verify` ends with a verdict, and the ledger says so instead of going on."""
# ruff: noqa: S608 - statements put together from our own words, in order to tamper

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from ledger.failures import Damaged
from ledger.verification import hashes, verify
from tests.ledger.conftest import Opener
from tests.ledger.tampering import TABLES, Tampered
from tests.ledger.toy import Everything, Round, a_note, an_objection, toy_ledger

COLUMNS = {
    "head": ("size", "frontier", "chain", "last_time"),
    "facts": ("position", "type", "recorded_at", "entry", "leaf", "chain"),
    "tags": ("tag", "position"),
    "commands": ("command_id", "answer"),
    "sealed": ("digest", "position", "salt", "value"),
    "attachments": ("sha256", "position", "content"),
}
EVERY_COLUMN = [(table, column) for table, columns in COLUMNS.items() for column in columns]
GARBAGE = [
    "NULL",
    "-1",
    "7.5",
    "9e999",
    "''",
    "'x'",
    "x''",
    "x'00ff'",
    "CAST(x'ff' AS TEXT)",
    "CAST(x'4100ff41' AS TEXT)",
    "char(0)",
    "9223372036854775807",
    "-9223372036854775808",
    "'{}'",
    "'[]'",
    "'null'",
    "'0001-01-01 00:00:00+14:00'",
    "'infinity'",
]
UNDATED = '{"position":3,"recorded_at":"2026-01-05T08:30:00","clock":"2026-01-05T08:30:00Z"'
ENTRIES = [
    "",
    "{",
    "null",
    "[" * 60_000,
    '{"position":' * 5_000,
    '{"position":1e400}',
    '{"position":3}',
    UNDATED,
    '{"position":3,"position":3}',
    "\x00",
    "\ufeff{}",
    "9" * 5_000,
    "x" * 70_000,
]


@pytest.fixture
def open_tables(sqlite_url: str, opened: Opener) -> Tampered:
    """Return a ledger whose tables have lost every constraint."""
    tampered = Tampered(opened(sqlite_url))
    for table in TABLES:
        tampered.sql(
            f"CREATE TABLE copy AS SELECT * FROM {table}", f"DROP TABLE {table}", f"ALTER TABLE copy RENAME TO {table}"
        )
    return tampered


def test_tables_without_constraints_are_read_as_well(open_tables: Tampered) -> None:
    assert open_tables.found() == set()


@pytest.mark.parametrize(("table", "column"), EVERY_COLUMN)
def test_garbage_in_any_column_is_a_finding(open_tables: Tampered, table: str, column: str) -> None:
    for garbage in GARBAGE:
        with open_tables.engine.connect() as connection, connection.begin() as undone:
            connection.execute(
                text(f"UPDATE {table} SET {column} = {garbage} WHERE rowid = (SELECT min(rowid) + 2 FROM {table})")
                if table in {"facts", "tags", "commands"}
                else text(f"UPDATE {table} SET {column} = {garbage}")
            )
            undone.commit()
        verdict = verify(open_tables.ledger)
        assert verdict.findings, (table, column, garbage)
        assert not verdict.ok or verdict.incomplete, (table, column, garbage)


@pytest.mark.parametrize("entry", ENTRIES, ids=range(len(ENTRIES)))
def test_an_entry_that_is_none_is_a_finding(shared_engine: Engine, entry: str) -> None:
    tampered = Tampered(shared_engine)
    if "\0" in entry and not tampered.sqlite:
        return  # PostgreSQL cannot hold it
    tampered.sql("UPDATE {facts} SET entry = :e WHERE position = 3", e=entry)
    assert {(3, "entry-malformed"), (3, "leaf-mismatch")} < tampered.found()


@given(st.binary(max_size=300))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_at_all_are_a_finding(open_tables: Tampered, raw: bytes) -> None:
    open_tables.sql("UPDATE {facts} SET entry = CAST(:raw AS TEXT) WHERE position = 3", raw=raw)
    assert {(3, "entry-malformed"), (3, "leaf-mismatch")} < open_tables.found()


@pytest.mark.parametrize(
    "old_and_new",
    [
        ('{"position":3,', '{"position":9,"position":3,'),
        ('{"position":3,', '{"position":3,"more":1,'),
        ('{"position":3,', "{"),
        ('"nonce":"', '"nonce":"x'),
        ('Z","clock"', '","clock"'),
        ('"data":', '\n"data":'),
        ('"tags":["person:P1"]', '"tags":[1]'),
        ('"actor":"P1"', '"actor":null'),
    ],
)
def test_an_envelope_with_other_fields_is_a_finding(shared_engine: Engine, old_and_new: tuple[str, str]) -> None:
    tampered = Tampered(shared_engine)
    tampered.rewrite(3, *old_and_new)
    assert (3, "entry-malformed") in tampered.found()


def test_an_entry_stored_as_bytes_is_a_finding(open_tables: Tampered) -> None:
    open_tables.sql("UPDATE {facts} SET entry = CAST(entry AS BLOB) WHERE position = 3")
    assert open_tables.found() == {(3, "entry-not-text")}
    assert [each.kind for each in hashes(open_tables.ledger, workers=1).findings] == ["entry-not-text"]


def test_two_facts_at_one_position_are_a_finding(open_tables: Tampered) -> None:
    open_tables.sql("INSERT INTO {facts} SELECT * FROM {facts} WHERE position = 3")
    assert {(3, "position-duplicate"), (None, "root-mismatch")} < open_tables.found()


@pytest.mark.parametrize("table", TABLES)
def test_a_table_that_is_gone_is_a_finding(shared_engine: Engine, table: str) -> None:
    tampered = Tampered(shared_engine)
    tampered.sql(f"DROP TABLE {{{table}}}")
    verdict = verify(tampered.ledger)
    assert "table-unreadable" in {finding.kind for finding in verdict.findings}
    assert not verdict.ok


def test_a_damaged_file_is_a_finding(open_tables: Tampered, sqlite_url: str) -> None:
    with open_tables.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        root = connection.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'facts'").scalar_one()
    open_tables.engine.dispose()
    path = sqlite_url.removeprefix("sqlite:///")
    with open(path, "r+b") as file:  # noqa: PTH123 - a place inside a file is written
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)
    assert (None, "table-unreadable") in open_tables.found()


# the ledger itself


def test_a_fact_that_cannot_be_read_stops_the_ledger_and_is_named(shared_engine: Engine) -> None:
    tampered = Tampered(shared_engine)
    tampered.rewrite(11, '{"round":"R1","objection":"O1"}', '{"round":"R1"}')
    ledger = toy_ledger(shared_engine)
    with pytest.raises(Damaged, match="Fact 11"):
        ledger.fold(Round, "R1")
    with pytest.raises(Damaged) as damaged:
        ledger.execute(an_objection(name="O2"), actor="P1")
    assert (damaged.value.position, ledger.head().size) == (11, 12)
    assert ledger.execute(a_note("elsewhere"), actor="P1").positions == (13,)


def test_a_fact_put_past_the_head_stops_the_ledger_and_is_named(shared_engine: Engine) -> None:
    tampered = Tampered(shared_engine)
    tampered.insert(13, tampered.entry(5).decode().replace('"position":5', '"position":13'))
    with pytest.raises(Damaged) as damaged:
        tampered.ledger.execute(a_note("x"), actor="P1", command_id="c13")
    assert damaged.value.position == 13


@pytest.mark.parametrize("change", ["DELETE FROM head", "UPDATE head SET frontier = 'x'", "UPDATE head SET size = 'x'"])
def test_a_head_that_is_none_stops_the_ledger(open_tables: Tampered, change: str) -> None:
    open_tables.sql(change)
    with pytest.raises(Damaged):
        open_tables.ledger.execute(a_note("x"), actor="P1")
    with pytest.raises(Damaged):
        open_tables.ledger.head()


def test_facts_that_are_not_asked_for_are_not_read(shared_engine: Engine) -> None:
    tampered = Tampered(shared_engine)
    tampered.rewrite(3, '{"position":3', "<")
    ledger = toy_ledger(shared_engine)
    assert isinstance(ledger.fold(Round, "R1"), Round)
    with pytest.raises(Damaged, match="Fact 3"):
        ledger.fold(Everything)
