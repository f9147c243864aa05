"""The rows that read everything: replaying, folding a view, verifying; and the bytes that all of it takes."""

import os
import sqlite3
import typing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from decimal import Decimal
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder
from sqlalchemy import Column, Dialect, MetaData, String, Table
from sqlalchemy.types import TypeDecorator

from bench.catalogue import BENCH, PointsEntered, month_of
from bench.measuring import WATCH, Sample, timed
from bench.peer_eventsourcing import TOPIC, aggregate_of, sqlite_recorder
from bench.raw import sqlite_connection
from bench.workshop import AT_ONCE, REPLAY_PERSONS, Workshop, url_of_file
from domain.decision import Fact
from ledger.engine import open_database
from ledger.entry import EventReader
from ledger.ledger import READ_ROWS, Ledger
from ledger.verdict import Verdict
from ledger.verification import hashes, verify
from projections.columns import SCHEMA
from projections.engine import Follower
from projections.rows import Rows
from projections.view import View

_READER = EventReader(BENCH.events)


def per_second(number: int, work: Callable[[], object]) -> Sample:
    """Return how many of `number` things `work` does in a second."""
    return Sample(number / timed(work))


def consume(things: Iterable[object]) -> None:
    """Go through everything and keep nothing."""
    deque(things, maxlen=0)


def facts_of(lines: Iterable[bytes]) -> list[Fact]:
    """Return lines as the facts they are: what our ledger makes of a page of them, without the ledger."""
    return _READER.facts(b"[" + b",".join(lines) + b"]")[0]


def in_pages(lines: Iterable[bytes]) -> Iterator[Fact]:
    """Yield lines as facts, as many at a time as our ledger reads."""
    some = iter(lines)
    while page := list(islice(some, READ_ROWS)):
        yield from facts_of(page)


def entered_in(fact: Fact) -> PointsEntered:
    """Return the event of a fact that says who was given points."""
    return typing.cast("PointsEntered", fact.event)


# replay


def replay_raw(workshop: Workshop) -> Sample:
    """Fetch all rows, positions and lines, into memory; nothing is decoded."""
    rows = workshop.raw(workshop.size.facts, REPLAY_PERSONS).execute(
        "SELECT position, entry FROM facts ORDER BY position"
    )
    return per_second(workshop.size.facts, rows.fetchall)


def replay_streamed(workshop: Workshop) -> Sample:
    """Go through the rows one by one and keep none."""
    connection = workshop.raw(workshop.size.facts, REPLAY_PERSONS)
    return per_second(
        workshop.size.facts,
        lambda: consume(connection.execute("SELECT position, entry FROM facts ORDER BY position")),
    )


def replay_ours(workshop: Workshop) -> Sample:
    """Read every fact as an object with its event."""
    ledger = workshop.ledger(workshop.size.facts, REPLAY_PERSONS)
    return per_second(workshop.size.facts, lambda: consume(ledger.read()))


def replay_eventsourcing(workshop: Workshop) -> Sample:
    """Read the recorder's notifications, and decode their lines as ours are."""
    recorder = workshop.recorder(workshop.size.facts, REPLAY_PERSONS)
    return per_second(workshop.size.facts, lambda: consume(in_pages(lines_in(recorder))))


def replay_umadb(workshop: Workshop) -> Sample:
    """Read all its events, and decode their lines as ours are."""
    client = workshop.umadb(workshop.size.facts, REPLAY_PERSONS).client()
    return per_second(workshop.size.facts, lambda: consume(in_pages(bytes(one.event.data) for one in client.read())))


def lines_in(recorder: SQLiteApplicationRecorder) -> Iterator[bytes]:
    """Yield every line in a recorder of the library, page by page."""
    start = 1
    while page := recorder.select_notifications(start, AT_ONCE):
        yield from (notification.state for notification in page)
        start = page[-1].id + 1


# a view

metadata = MetaData(schema=SCHEMA)


class Exact(TypeDecorator[Decimal]):
    """An exact number, kept as text."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Store every digit."""
        del dialect
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """Return every digit."""
        del dialect
        return None if value is None else Decimal(value)


points_by_month = Table(
    "bench_points_by_month",
    metadata,
    Column("ledger_id", String, primary_key=True),
    Column("person", String, primary_key=True),
    Column("month", String, primary_key=True),
    Column("points", Exact, nullable=False, default=Decimal(0)),
)


def _points_entered(rows: Rows, _fact: Fact, entered: PointsEntered) -> None:
    rows.at(points_by_month, entered.person, month_of(entered.occurred_on))["points"] += entered.points


POINTS_BY_MONTH = View("bench_points_by_month", 1, (points_by_month,), {PointsEntered: _points_entered})


class _Said(msgspec.Struct):
    person: str
    points: Decimal
    occurred_on: str


class _Line(msgspec.Struct):
    data: _Said


LINES = msgspec.json.Decoder(_Line)
CREATE_TOTALS = "CREATE TABLE totals (person TEXT, month TEXT, points TEXT, PRIMARY KEY (person, month)) WITHOUT ROWID"
INSERT_TOTALS = "INSERT INTO totals VALUES (?, ?, ?)"
FOLDED_FIELDS = tuple(f"json_extract(entry, '$.data.{name}')" for name in ("person", "occurred_on", "points"))
FOLDED_BY_SQL = """
    INSERT INTO totals.totals
    SELECT person, month, printf('%d.%02d', sum(cents) / 100, sum(cents) % 100)
    FROM (
        SELECT {} AS person, substr({}, 1, 7) AS month, CAST(replace({}, '.', '') AS INTEGER) AS cents
        FROM facts LIMIT -1
    )
    GROUP BY person, month
""".format(*FOLDED_FIELDS)  # noqa: S608 - our own names
"""The limit, which is none, keeps SQLite from sorting whole lines, and from parsing each of them again to do so."""


def fold_lines(lines: Iterable[str | bytes], into: sqlite3.Connection) -> None:
    """Add up the points of lines by person and month, and write the sums in one transaction."""
    totals: dict[tuple[str, str], Decimal] = {}
    for line in lines:
        said = LINES.decode(line).data
        key = (said.person, said.occurred_on[:7])
        totals[key] = totals.get(key, Decimal(0)) + said.points
    into.execute("BEGIN IMMEDIATE")
    into.executemany(INSERT_TOTALS, [(*key, str(points)) for key, points in totals.items()])
    into.execute("COMMIT")


def totals_into(path: Path) -> sqlite3.Connection:
    """Return a connection to a new file that takes sums."""
    connection = sqlite_connection(path)
    connection.execute(CREATE_TOTALS)
    return connection


def view_raw(workshop: Workshop) -> Sample:
    """Decode only what is needed of each line, add in one dictionary, write its rows in one transaction."""
    rows = workshop.raw(workshop.size.facts, REPLAY_PERSONS)
    into = totals_into(workshop.file())
    lines = (line for (line,) in rows.execute("SELECT entry FROM facts ORDER BY position"))
    return per_second(workshop.size.facts, lambda: fold_lines(lines, into))


def view_eventsourcing(workshop: Workshop) -> Sample:
    """Fold the recorder's notifications with the raw loop."""
    into, recorder = totals_into(workshop.file()), workshop.recorder(workshop.size.facts, REPLAY_PERSONS)
    return per_second(workshop.size.facts, lambda: fold_lines(lines_in(recorder), into))


def view_ours(workshop: Workshop) -> Sample:
    """Rebuild a view as `starledger rebuild` does: batches of rows with the position they reach, each committed."""
    engine = open_database(url_of_file(workshop.file()), SCHEMA)
    try:
        follower = Follower(workshop.ledger(workshop.size.facts, REPLAY_PERSONS), engine, (POINTS_BY_MONTH,))
        with WATCH.get()():
            return Sample(follower.rebuild())
    finally:
        engine.dispose()


def view_in_sql(workshop: Workshop) -> Sample:
    """Fold the ledger's own table of facts with one statement of SQL into a new file; points added as whole cents."""
    path = workshop.file()
    with open_totals(path, workshop) as connection:
        return per_second(workshop.size.facts, lambda: connection.execute(FOLDED_BY_SQL))


def open_totals(path: Path, workshop: Workshop) -> Any:  # noqa: ANN401 - closes the connection at the end
    """Return the ledger's file opened for reading, with a new file of totals attached."""
    ledger = workshop.ledger(workshop.size.facts, REPLAY_PERSONS)
    totals_into(path).close()
    connection = sqlite_connection(Path(str(ledger.engine.url.database)))
    connection.execute("ATTACH DATABASE ? AS totals", (str(path),))
    connection.execute("PRAGMA totals.synchronous = FULL")
    return closing(connection)


# verify


class Damaged(Exception):  # noqa: N818 - says what is wrong
    """What was measured is not what was asked."""


def hash_raw(workshop: Workshop) -> Sample:
    """Read every line as bytes and hash it once, on one core."""
    connection = workshop.raw(workshop.size.facts, REPLAY_PERSONS)

    def hash_all() -> None:
        connection.text_factory = bytes
        for (line,) in connection.execute("SELECT entry FROM facts ORDER BY position"):
            sha256(b"\x00" + line).digest()
        connection.text_factory = str

    return per_second(workshop.size.facts, hash_all)


def hashes_ours(workshop: Workshop) -> Sample:
    """Ask `ledger.verification.hashes`: every line hashed, leaves compared, the tree rebuilt, its root compared."""
    return _verified(workshop, partial(hashes, workers=1))


def hashes_by_two(workshop: Workshop) -> Sample:
    """Ask the same of two processes: one begins with the first facts, the other, started for it, with the last."""
    return _verified(workshop, partial(hashes, workers=2))


def verify_ours(workshop: Workshop) -> Sample:
    """Ask `ledger.verification.verify`: lines, links, columns, tags, commands, sealed words, and rows of no fact."""
    return _verified(workshop, verify)


def _verified(workshop: Workshop, judge: Callable[[Ledger], Verdict]) -> Sample:
    """Return facts per second; a ledger that is not found intact makes no figure."""
    ledger = workshop.ledger(workshop.size.facts, REPLAY_PERSONS)
    verdicts: list[Verdict] = []
    sample = per_second(workshop.size.facts, lambda: verdicts.append(judge(ledger)))
    if not verdicts[0].ok or verdicts[0].size != workshop.size.facts:
        message = "the ledger of the benchmark is not intact"
        raise Damaged(message)
    return sample


# bytes


def disk_of(path: Path, facts: int) -> Sample:
    """Return the bytes on disk per fact of an SQLite file, after its write-ahead log has been folded in."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()
    return Sample(os.path.getsize(path) / facts)  # noqa: PTH202


def disk_raw(workshop: Workshop) -> Sample:
    """Count the bytes of the lines themselves: the least that anybody could store."""
    ledger = workshop.singles()
    return Sample(sum(len(row.entry) for row in ledger.rows()) / ledger.head().size)


def disk_ours(workshop: Workshop) -> Sample:
    """Measure the ledger's file: lines, hashes, tags, command ids, every index; a command for each fact."""
    ledger = workshop.singles()
    return disk_of(Path(str(ledger.engine.url.database)), ledger.head().size)


def disk_eventsourcing(workshop: Workshop) -> Sample:
    """Measure the recorder's file with the same lines as payload."""
    ledger, path = workshop.singles(), workshop.file()
    with sqlite_recorder(path) as (recorder, _):
        for number, row in enumerate(ledger.rows()):
            recorder.insert_events([StoredEvent(aggregate_of("one"), number, TOPIC, row.entry)])
    return disk_of(path, ledger.head().size)
