"""An engine keeps to itself what statements were given, and leaves no connection open when it is disposed of."""

import asyncio
import gc
import threading
import warnings

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError

from ledger import engine as engines
from ledger.engine import open_database, reading, recording
from tests.ledger.toy import a_note, toy_ledger

CONFIDED = "李四 told in confidence"


@pytest.mark.parametrize("statement", ["SELECT nothing FROM nowhere WHERE x = :x", "INSERT INTO nowhere VALUES (:x)"])
def test_the_text_of_an_error_never_holds_a_parameter(shared_engine: Engine, statement: str) -> None:
    for parameters in ({"x": CONFIDED}, [{"x": CONFIDED}] * 2):
        with shared_engine.connect() as connection, pytest.raises(DBAPIError) as error:
            connection.execute(text(statement), parameters)
        assert CONFIDED not in str(error.value) + repr(error.value)
        assert "nowhere" in str(error.value)


def test_control_an_engine_that_does_not_hide_them_shows_a_parameter(shared_engine: Engine) -> None:
    shared_engine.hide_parameters = False
    with shared_engine.connect() as connection, pytest.raises(DBAPIError) as error:
        connection.execute(text("SELECT nothing FROM nowhere WHERE x = :x"), {"x": CONFIDED})
    assert CONFIDED in str(error.value)


def test_a_connection_that_is_in_use_while_its_engine_is_disposed_of_is_closed_when_it_comes_back(
    shared_engine: Engine,
) -> None:
    closed: list[object] = []
    event.listen(shared_engine, "close", lambda connection, _record: closed.append(connection))
    event.listen(shared_engine, "invalidate", lambda connection, _record, _error: closed.append(connection))
    with reading(shared_engine) as lent:
        shared_engine.dispose()
        assert closed == []
        assert lent.execute("SELECT 1").fetchone() == (1,)
    assert lent in closed
    with pytest.raises(Exception, match="closed"):
        lent.execute("SELECT 1")


def test_a_connection_that_was_opened_since_is_kept(shared_engine: Engine) -> None:
    shared_engine.dispose()
    with reading(shared_engine) as first:
        pass
    with reading(shared_engine) as second:
        assert second is first


def test_the_connection_that_recorded_last_records_again_and_is_closed_with_its_engine(shared_engine: Engine) -> None:
    closed: list[object] = []
    event.listen(shared_engine, "close", lambda connection, _record: closed.append(connection))
    event.listen(shared_engine, "invalidate", lambda connection, _record, _error: closed.append(connection))
    with recording(shared_engine) as first, reading(shared_engine) as other:
        assert other is not first
    with recording(shared_engine) as second:
        assert second is first
    assert closed == []
    shared_engine.dispose()
    assert first in closed


def test_a_connection_that_records_while_its_engine_is_disposed_of_is_closed_when_it_comes_back(
    shared_engine: Engine,
) -> None:
    with recording(shared_engine) as kept:
        pass
    with recording(shared_engine) as lent:
        assert lent is kept
        shared_engine.dispose()
        assert lent.execute("SELECT 1").fetchone() == (1,)
    with pytest.raises(Exception, match="closed"):
        lent.execute("SELECT 1")
    with recording(shared_engine) as another:
        assert another is not lent


@pytest.mark.postgres
def test_a_connection_that_broke_while_it_lay_idle_is_replaced_before_anything_is_recorded(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "IDLE_SECONDS", 0.0)
    engine = open_database(postgres_url)
    ledger = toy_ledger(engine)
    with recording(engine) as kept:
        (number,) = kept.execute("SELECT pg_backend_pid()").fetchone()
    with reading(engine) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (number,))
    assert ledger.execute(a_note("x"), actor="P1").positions == (1,)
    engine.dispose()


@pytest.mark.postgres
def test_the_thread_that_serves_those_who_wait_no_longer_leaves_no_connection_open(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert left_open(postgres_url) == []
    monkeypatch.setattr("ledger.engine._close_what_comes_back_late", lambda _engine: None)
    assert len(left_open(postgres_url)) == 1  # the control


def left_open(url: str) -> list[str]:
    """Return what Python says of connections after a database was closed with a command still being carried out."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        close_while_recording(url)
        gc.collect()
    return [str(each.message) for each in warned if issubclass(each.category, ResourceWarning)]


def close_while_recording(url: str) -> None:
    begun, closed, armed = threading.Event(), threading.Event(), threading.Event()

    def failpoint(name: str) -> None:
        if name == "append:locked" and armed.is_set():
            begun.set()
            assert closed.wait(30)

    engine = open_database(url)
    ledger = toy_ledger(engine, failpoint=failpoint)

    async def wait_in_vain() -> None:
        waiting = asyncio.ensure_future(ledger.submit(a_note("x"), actor="P1"))
        assert await asyncio.to_thread(begun.wait, 30)
        waiting.cancel()

    armed.set()
    asyncio.run(wait_in_vain())
    engine.dispose()
    closed.set()
    for thread in threading.enumerate():
        if thread.name == "ledger writer":
            thread.join(30)
