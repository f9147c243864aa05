"""Our ledger as the product opens it: facts through `Ledger.execute`, or opaque ones through its recorder."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery, DCBQueryItem
from sqlalchemy import Engine

from bench.catalogue import BENCH, EnterPoints
from bench.made import facts, lists
from bench.measuring import Operation, Settings, Submission
from bench.raw import postgres_settings, sqlite_settings
from ledger.clock import SystemClock
from ledger.engine import is_sqlite, open_database, reading
from ledger.ledger import Ledger
from ledger.recorder import LedgerRecorder

ACTOR = "P000001"
KEY = b"the benchmark's fingerprint key."
LEDGER = "bench"


def bench_ledger(engine: Engine) -> Ledger:
    """Return the ledger of the benchmark in a database."""
    return Ledger(engine, LEDGER, catalogue=BENCH, clock=SystemClock(), fingerprint_key=KEY)


def settings_of(engine: Engine) -> Settings:
    """Return what a connection of the ledger's own pool answers."""
    with reading(engine) as connection:
        answered = sqlite_settings(connection) if is_sqlite(engine) else postgres_settings(connection)
        connection.rollback()
        return answered


class Ours:
    """A ledger; commands are decided on states that are folded, hashed, tagged and committed."""

    def __init__(self, ledger: Ledger, facts_each: int, persons: int) -> None:
        """Write into `ledger`."""
        self.ledger = ledger
        self._facts_each = facts_each
        self._persons = persons

    def settings(self) -> Settings:
        """Return what the engine answers."""
        return settings_of(self.ledger.engine)

    def operations(self, writer: int, number: int) -> Sequence[Operation]:
        """Return one command each."""
        if self._facts_each > 1:
            many = lists(number * self._facts_each, self._persons, self._facts_each)
            return [partial(self.ledger.execute, command, actor=ACTOR) for command in many]
        return [partial(self.ledger.execute, command, actor=ACTOR) for command in self._commands(writer, number)]

    def submissions(self, writer: int, number: int) -> Sequence[Submission]:
        """Return one command each, for a coroutine."""
        return [partial(self.ledger.submit, command, actor=ACTOR) for command in self._commands(writer, number)]

    def _commands(self, writer: int, number: int) -> Iterator[EnterPoints]:
        made = facts(self._persons)
        first = writer * 617
        return (made[(first + place) % len(made)].command for place in range(number))


@contextmanager
def ours(url: str, facts_each: int = 1, persons: int = 100) -> Iterator[Ours]:
    """Lend a new ledger; `persons` says how many members the facts are about."""
    engine = open_database(url)
    try:
        yield Ours(bench_ledger(engine), facts_each, persons)
    finally:
        engine.dispose()


class OurRecorder:
    """The same ledger behind the `eventsourcing` library's interface: opaque events, an explicit condition."""

    def __init__(self, recorder: LedgerRecorder, facts_each: int) -> None:
        """Write through `recorder`."""
        self._recorder = recorder
        self._facts_each = facts_each

    def settings(self) -> Settings:
        """Return what the engine answers."""
        return settings_of(self._recorder.engine)

    def operations(self, writer: int, number: int) -> Sequence[Operation]:
        """Return one conditional append each."""
        return [partial(self._recorder.append, *appended) for appended in dcb_appends(writer, number, self._facts_each)]


@contextmanager
def our_recorder(url: str, facts_each: int = 1) -> Iterator[OurRecorder]:
    """Lend a recorder on a new ledger."""
    engine = open_database(url)
    try:
        yield OurRecorder(LedgerRecorder(engine, LEDGER), facts_each)
    finally:
        engine.dispose()


def dcb_appends(
    writer: int, number: int, facts_each: int, *, whole_line: bool = False
) -> list[tuple[list[DCBEvent], DCBAppendCondition]]:
    """Return events to append, each under a condition that holds: nothing new of a type under a tag of its own.

    Stores that add no envelope of their own take the `whole_line`, so that everybody stores lines of one length.
    """
    made = facts()
    found = []
    for start in range(number):
        some = [made[(start * facts_each + place) % len(made)] for place in range(facts_each)]
        tag = f"command:{writer}-{start}"
        events = [DCBEvent("PointsEntered", one.line if whole_line else one.data, [*one.tags]) for one in some]
        query = DCBQuery([DCBQueryItem(["PointsEntered"], [tag])])
        found.append((events, DCBAppendCondition(query, after=0)))
    return found
