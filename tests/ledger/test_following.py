"""Followers are told at once within a process, and can look again whenever they like."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from ledger.engine import open_database, writing
from ledger.following import SILENT_SECONDS, Bell, Herald, bell, channel, listen
from tests.ledger.toy import a_note, toy_ledger


def test_a_bell_rings_for_those_who_follow() -> None:
    here, gone = threading.Event(), threading.Event()
    ring = Bell()
    ring.follow(here)
    ring.follow(gone)
    ring.leave(gone)
    ring.leave(gone)
    ring.ring()
    assert (here.is_set(), gone.is_set()) == (True, False)


def test_every_append_rings_the_bell_of_its_ledger_and_nothing_else_does(engine: Engine) -> None:
    ledger, other = toy_ledger(engine), toy_ledger(engine, ledger_id="other")
    follower = threading.Event()
    bell(writing(engine), "main").follow(follower)
    other.execute(a_note("x"), actor="P1")
    ledger.execute(a_note(""), actor="P1")
    assert not follower.is_set()
    ledger.execute(a_note("x"), actor="P1")
    assert follower.is_set()


def test_a_channel_can_be_named_whatever_the_ledger_is_called() -> None:
    names = {channel(name) for name in ("main", "MAIN", "x" * 64, "a.b-c")}
    assert len(names) == 4
    assert all(len(name) <= 63 and name.isidentifier() for name in names)


def test_who_listens_wakes_until_it_is_stopped(shared_engine: Engine) -> None:
    toy_ledger(shared_engine)
    woken, stopped = threading.Event(), threading.Event()
    listener = threading.Thread(target=listen, args=(shared_engine, "main", woken.set, stopped))
    listener.start()
    assert woken.wait(30)
    stopped.set()
    listener.join(30)
    assert not listener.is_alive()


# other processes


class Told:
    """A connection that only takes down what it is told; it can break."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.statements: list[str] = []
        self.breaks = False

    def execute(self, statement: str) -> None:
        if self.breaks:
            raise OSError
        self.statements.append(statement)

    def commit(self) -> None:
        """Nothing is kept."""


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, Callable[[], None]]]:
    """Return what is to happen later, and after how many seconds; time stands still."""
    planned: list[tuple[float, Callable[[], None]]] = []

    class Planned:
        """Happens when the test says so."""

        def __init__(self, pause: float, function: Callable[..., None], arguments: tuple[object, ...]) -> None:
            self._plan = (pause, lambda: function(*arguments))

        def start(self) -> None:
            planned.append(self._plan)

    monkeypatch.setattr("ledger.following.threading.Timer", Planned)
    monkeypatch.setattr("ledger.following.time.monotonic", lambda: 0.0)
    return planned


class Lent:
    """A connection out of a pool."""

    def __init__(self, told: Told) -> None:
        """Lend `told`."""
        self.driver_connection = told

    def close(self) -> None:
        """Give it back."""


def test_others_hear_at_once_and_once_more_of_all_that_follows(
    late: list[tuple[float, Callable[[], None]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    told, engine, herald = Told(), open_database("sqlite://"), Herald()
    monkeypatch.setattr(engine, "raw_connection", lambda: Lent(told))
    for _ in range(5):
        herald.announce(engine, "main", told)
    assert (len(told.statements), [pause for pause, _ in late]) == (1, [SILENT_SECONDS])
    late.pop()[1]()
    assert len(told.statements) == 2
    assert all(channel("main") in statement for statement in told.statements)
    herald.announce(engine, "main", told)
    assert (len(told.statements), len(late)) == (2, 1)


def test_what_cannot_be_announced_puts_nothing_in_doubt(
    late: list[tuple[float, Callable[[], None]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    told, engine, herald = Told(), open_database("sqlite://"), Herald()
    monkeypatch.setattr(engine, "raw_connection", lambda: Lent(told))
    told.breaks = True
    herald.announce(engine, "main", told)
    herald.announce(engine, "main", told)
    late.pop()[1]()
    assert told.statements == []


def test_a_database_that_was_closed_is_not_opened_again_to_announce_anything(
    late: list[tuple[float, Callable[[], None]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    told, engine, herald = Told(), open_database("sqlite://"), Herald()
    monkeypatch.setattr(engine, "raw_connection", lambda: Lent(told))
    for _ in range(2):
        herald.announce(engine, "main", told)
    engine.dispose()
    late.pop()[1]()
    assert len(told.statements) == 1
