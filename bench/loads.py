"""The rows that load 50 facts of one person and decide on them: the work before every append.

Nobody is asked about twice in one measurement, so each time the facts come out of the database.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal

import psycopg
from sqlalchemy import text

from bench.catalogue import MOST_A_MONTH, EnterPoints, PersonalRecord, enter_points, month_of
from bench.made import BEGAN, YEAR, branch_of, person_id
from bench.measuring import Sample, each_us
from bench.ours import ACTOR, bench_ledger
from bench.peer_eventsourcing import aggregate_of
from bench.postgres import url_of
from bench.reads import LINES, facts_of
from bench.workshop import LOAD_FACTS, Workshop, fill, person_in
from domain.decision import Context
from domain.ids import PersonId
from ledger.engine import open_database
from ledger.ledger import Ledger

NOBODY = 999_999
SELECT = "SELECT entry FROM records WHERE person = {} ORDER BY position"


def asked_of(person: int) -> EnterPoints:
    """Return a command about the member with this number."""
    return EnterPoints(
        branch=branch_of(person), person=person_id(person), item="study", points=Decimal("2.50"), occurred_on=YEAR
    )


def loading(workshop: Workshop, decide: Callable[[int], object]) -> Sample:
    """Return the microseconds of one decision; nobody is asked about twice, so that no cache helps."""
    each = range(min(_persons(workshop), workshop.size.loads))
    return Sample(each_us(decide, each, workshop.size.seconds))


def previewing(ledger: Ledger) -> Callable[[int], object]:
    """Return how a ledger decides that is opened anew: it knows its statements, and nobody's facts."""
    fresh = bench_ledger(ledger.engine)
    fresh.preview(asked_of(NOBODY), actor=ACTOR)
    return lambda person: fresh.preview(asked_of(person), actor=ACTOR)


def _decided(lines: Iterable[bytes], person: int) -> object:
    record = PersonalRecord(person_id(person))
    for fact in facts_of(lines):
        record.evolve(fact)
    return enter_points(asked_of(person), Context(BEGAN, PersonId(ACTOR)), record)


def _compared(lines: Iterable[tuple[str]], asked: EnterPoints) -> bool:
    """Return what plain code decides: points added up by month, the month asked for compared with what it can hold."""
    total: dict[str, Decimal] = {}
    for (line,) in lines:
        said = LINES.decode(line).data
        month = said.occurred_on[:7]
        total[month] = total.get(month, Decimal(0)) + said.points
    return total.get(month_of(asked.occurred_on), Decimal(0)) + asked.points > MOST_A_MONTH


def on_bare_sqlite(workshop: Workshop) -> Sample:
    """Select the 50 lines by primary key, where they lie together, decode them, add them up and compare."""
    connection = workshop.raw(workshop.size.small_facts, _persons(workshop))

    def decide(person: int) -> object:
        asked = asked_of(person)
        return _compared(connection.execute(SELECT.format("?"), (asked.person,)), asked)

    return loading(workshop, decide)


def on_bare_postgres(workshop: Workshop) -> Sample:
    """Select the 50 lines by primary key with a prepared statement, decode them, add them up and compare."""
    connection = workshop.kept("raw postgresql", lambda: _bare(workshop))

    def decide(person: int) -> object:
        asked = asked_of(person)
        return _compared(connection.execute(SELECT.format("%s"), (asked.person,), prepare=True), asked)

    return loading(workshop, decide)


@contextmanager
def _bare(workshop: Workshop) -> Iterator[psycopg.Connection[tuple[str]]]:
    """Lend a table in which the lines of a person lie together, as far as PostgreSQL lets them."""
    ledger = workshop.ledger(workshop.size.small_facts, _persons(workshop))
    with workshop.database() as conninfo, psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE records (person text, position bigint, entry text NOT NULL, PRIMARY KEY (person, position))"
        )
        rows = sorted((person_in(row.entry.decode()), row.position, row.entry.decode()) for row in ledger.rows())
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO records VALUES (%s, %s, %s)", rows)
        yield connection


def on_our_sqlite(workshop: Workshop) -> Sample:
    """Ask `Ledger.preview`: head, states folded from the matching facts, decider; nothing is written."""
    ledger = workshop.ledger(workshop.size.small_facts, _persons(workshop))
    return loading(workshop, previewing(ledger))


def on_our_postgres(workshop: Workshop) -> Sample:
    """Ask `Ledger.preview` of a ledger that was never analysed: PostgreSQL knows nothing of what its tables hold."""
    ledger = workshop.kept("ledger postgresql", lambda: _ours(workshop))
    return loading(workshop, previewing(ledger))


@contextmanager
def _ours(workshop: Workshop) -> Iterator[Ledger]:
    with workshop.database() as conninfo:
        engine = open_database(url_of(conninfo))
        try:
            ledger = bench_ledger(engine)
            with engine.begin() as connection:
                for table in ("facts", "tags"):
                    connection.execute(text(f"ALTER TABLE ledger.{table} SET (autovacuum_enabled = false)"))
            fill(ledger, workshop.size.small_facts, _persons(workshop))
            yield ledger
        finally:
            engine.dispose()


def on_eventsourcing(workshop: Workshop) -> Sample:
    """Select the aggregate's events from the recorder, and decode, fold and decide with our own functions."""
    recorder = workshop.recorder(workshop.size.small_facts, _persons(workshop))

    def decide(person: int) -> object:
        events = recorder.select_events(aggregate_of(person_id(person)))
        return _decided((stored.state for stored in events), person)

    return loading(workshop, decide)


def _persons(workshop: Workshop) -> int:
    return max(1, workshop.size.small_facts // LOAD_FACTS)
