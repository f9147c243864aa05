"""The rows of a batch: read once, changed in memory, written with the defaults and types of their columns."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Boolean, Column, Connection, Date, Integer, MetaData, Table

from ledger.engine import open_database
from projections.columns import SCHEMA, Instant, Listed, Words, key, ledger_id
from projections.rows import Rows

metadata = MetaData(schema=SCHEMA)
things = Table(
    "things",
    metadata,
    ledger_id(),
    key("name"),
    Column("day", Date),
    Column("at", Instant),
    Column("listed", Listed, default=()),
    Column("words", Words),
    Column("done", Boolean, nullable=False, default=False),
    Column("count", Integer, nullable=False, default=7),
)
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
VALUES = {"day": date(2026, 1, 5), "at": NOON, "listed": ("a", "b"), "words": "字", "done": True, "count": 1}
BLANK = {"day": None, "at": None, "listed": (), "words": None, "done": False, "count": 7}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    url = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    engine = open_database(url, SCHEMA)
    with engine.begin() as opened:
        if request.param == "postgresql":
            opened.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")
        metadata.create_all(opened)
        yield opened
    engine.dispose()


def written(connection: Connection, *names: str) -> list[dict[str, object] | None]:
    rows = Rows(connection, "main")
    return [rows.get(things, name) for name in names]


def test_a_row_comes_back_as_it_was_put(connection: Connection) -> None:
    rows = Rows(connection, "main")
    rows.put(things, "a", **VALUES)
    rows.put(things, "b")
    rows.flush()
    rows.put(things, "a", count=2)
    rows.flush()
    first, second, none = written(connection, "a", "b", "c")
    assert first == {"ledger_id": "main", "name": "a", **VALUES, "count": 2}
    assert second == {"ledger_id": "main", "name": "b", **BLANK}
    assert none is None


def test_a_row_that_is_added_takes_defaults_and_is_found_afterwards(connection: Connection) -> None:
    rows = Rows(connection, "main")
    assert rows.get(things, "z") is None
    rows.add(things, name="a", at=NOON)
    rows.flush()
    assert rows.get(things, "a") == {"ledger_id": "main", "name": "a", **BLANK, "at": NOON}


def test_a_copy_that_is_changed_changes_nothing(connection: Connection) -> None:
    rows = Rows(connection, "main")
    rows.put(things, "a", count=1)
    copy = rows.get(things, "a")
    assert copy is not None
    copy["count"] = 2
    rows.flush()
    assert written(connection, "a") == [{"ledger_id": "main", "name": "a", **BLANK, "count": 1}]


def test_rows_of_another_ledger_are_not_seen(connection: Connection) -> None:
    other = Rows(connection, "other")
    other.put(things, "a")
    other.flush()
    rows = Rows(connection, "main")
    assert rows.get(things, "a") is None
    assert rows.where(things) == []


def test_what_was_forgotten_is_read_again(connection: Connection) -> None:
    rows = Rows(connection, "main")
    rows.put(things, "a", count=1)
    assert rows.known == 1
    rows.forget()
    assert rows.known == 0
    row = rows.get(things, "a")
    assert row is not None
    assert row["count"] == 1


def test_where_finds_what_has_not_been_flushed_in_the_order_of_keys(connection: Connection) -> None:
    rows = Rows(connection, "main")
    for name in ("b", "a", "c"):
        rows.put(things, name, done=name != "c")
    assert [row["name"] for row in rows.where(things, done=True)] == ["a", "b"]


def test_in_an_empty_table_no_row_is_looked_for(connection: Connection) -> None:
    rows, asked = Rows(connection, "main"), list[str]()
    driver = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        assert driver is not None
        driver.set_trace_callback(asked.append)
        for number in range(50):
            rows.put(things, str(number))
        driver.set_trace_callback(None)
        assert len(asked) == 1


def test_a_row_is_changed_in_place_and_begins_with_its_defaults(connection: Connection) -> None:
    rows = Rows(connection, "main")
    rows.at(things, "a")["count"] += 1
    rows.at(things, "a")["count"] += 1
    rows.flush()
    rows.at(things, "a")["count"] += 1
    rows.forget()
    rows.at(things, "a")["count"] += 1
    rows.flush()
    assert written(connection, "a") == [{"ledger_id": "main", "name": "a", **BLANK, "count": 11}]
