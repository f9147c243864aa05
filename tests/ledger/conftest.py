"""Databases to try the ledger on: in memory, in a file, on PostgreSQL; opened here, closed here."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine

from ledger.clock import SimulatedClock
from ledger.engine import open_database
from ledger.ledger import Ledger
from tests.ledger.toy import START, toy_ledger

Opener = Callable[[str], Engine]


@pytest.fixture
def opened() -> Iterator[Opener]:
    """Give a function that opens a database, to be closed when the test is over."""
    engines: list[Engine] = []

    def open_one(url: str) -> Engine:
        engines.append(open_database(url))
        return engines[-1]

    yield open_one
    for engine in engines:
        engine.dispose()


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, opened: Opener) -> Engine:
    """Return an empty database; a contract test that asks for it runs on each kind."""
    if request.param == "memory":
        return opened("sqlite://")
    return opened(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture
def shared_engine(database_url: str, opened: Opener) -> Engine:
    """Return an empty database that several connections can use at once."""
    return opened(database_url)


@pytest.fixture
def clock() -> SimulatedClock:
    """Return a clock that only the test moves."""
    return SimulatedClock(START)


@pytest.fixture
def ledger(engine: Engine, clock: SimulatedClock) -> Ledger:
    """Return an empty ledger of the toy domain."""
    return toy_ledger(engine, clock=clock)
