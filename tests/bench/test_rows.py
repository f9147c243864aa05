"""The table has every row with a limit and with ours; contenders of a row do the same work."""

import asyncio
import sqlite3
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from bench import asking, reads
from bench.catalogue import CloseMonth
from bench.evaluated import FACTS_EACH, Shape
from bench.made import facts, lists
from bench.measuring import Skip
from bench.ours import Ours, bench_ledger, ours
from bench.outcome import NOTES, note_on
from bench.peer_message_db import message_db
from bench.rows import rows
from bench.workshop import REPLAY_PERSONS, Workshop, url_of_file
from domain.confirmation import StarConfirmed
from domain.decision import Conflict
from ledger.engine import open_database
from ledger.verification import verify
from projections.columns import SCHEMA
from projections.engine import Follower
from projections.replay import replay
from tests.bench.figures import line, measured

WANTED = {
    "append-1-sqlite": (0.6, 0.75),
    "append-1-postgresql": (0.4, 0.6),
    "append-100-sqlite": (0.5, None),
    "append-100-postgresql": (0.7, None),
    "writers-8-sqlite": (3, None),
    "writers-32-postgresql": (2, None),
    "replay": (0.35, 0.6),
    "view": (0.5, None),
    "view-sql": (2, None),
    "load": (3, None),
    "load-postgresql": (3, None),
    "verify-hashes": (0.5, None),
    "verify-hashes-two": (0.8, None),
    "verify-alone": (0.5, None),
    "disk": (2.5, 1.8),
    "score": (0.1, None),
}


def test_every_row_has_the_target_it_was_given(workshop: Workshop) -> None:
    found = {row.key: (row.target, row.then) for row in rows(workshop)}
    assert {key: found[key] for key in WANTED} == WANTED


def test_questions_have_so_many_milliseconds(workshop: Workshop) -> None:
    found = {row.key: (row.most, row.unit) for row in rows(workshop) if row.most is not None}
    most = {"explain": 10, "as-of": 500, "as-of-steps": 20, "what-if": 200}
    assert found == {key: (milliseconds, "ms") for key, milliseconds in most.items()}


def test_the_ledger_of_a_million_facts_is_replayed_only_where_growth_is_asked_for(workshop: Workshop) -> None:
    few, many = rows(workshop), rows(workshop, largest=True)
    assert [row.key for row in many[len(few) :]] == ["replay-rounds-million"]


def test_the_rounds_that_questions_are_asked_of_are_sound_and_end_with_stars(workshop: Workshop) -> None:
    ledger = asking.ledger_of(workshop, workshop.size.judged)
    confirmed = [fact for fact in ledger.read() if isinstance(fact.event, StarConfirmed)]
    assert verify(ledger).ok
    assert len(confirmed) == asking.PEOPLE * len(asking.shape_of(workshop).rounds())
    assert replay(ledger).differences == []


def test_a_ledger_of_so_many_facts_has_about_as_many() -> None:
    for number in (1_000, 30_000, 1_000_000):
        shape = Shape.of(number)
        assert 0.8 * number < len(shape.rounds()) * shape.people * FACTS_EACH < 1.2 * number


def test_every_row_has_one_limit_and_one_that_is_ours(workshop: Workshop) -> None:
    for row in rows(workshop):
        roles = [one.role for one in row.contenders]
        assert (roles.count("raw"), roles.count("ours")) == (1, 1), row.key
        assert roles.count("strict") <= 1, row.key


def test_every_contender_says_what_it_does(workshop: Workshop) -> None:
    silent = [(row.key, one.name) for row in rows(workshop) for one in row.contenders if not one.does]
    assert silent == []


def test_no_two_contenders_of_a_row_share_a_name(workshop: Workshop) -> None:
    for row in rows(workshop):
        names = [one.name for one in row.contenders]
        assert len(set(names)) == len(names), row.key


def test_a_note_is_about_a_row_that_there_is(workshop: Workshop) -> None:
    known = tomllib.loads(NOTES.read_text(encoding="utf-8"))
    assert set(known) <= {row.key for row in rows(workshop)}


def test_a_note_is_said_only_while_its_row_misses(tmp_path: Path) -> None:
    notes = tmp_path / "notes.toml"
    notes.write_text('some-row = "The reason."\n', encoding="utf-8")
    raw = measured("raw", 100)
    assert note_on(line(raw, measured("ours", 40), target=0.5), notes) == "The reason."
    assert note_on(line(raw, measured("ours", 60), target=0.5, then=0.7), notes) == "The reason."
    assert note_on(line(raw, measured("ours", 80), target=0.5, then=0.7), notes) is None


def test_the_lines_that_everybody_stores_are_those_the_ledger_writes(workshop: Workshop) -> None:
    stored = [len(row.entry) for row in workshop.singles().rows()]
    made = [len(one.line) for one in facts()[: len(stored)]]
    assert abs(sum(stored) / len(stored) - sum(made) / len(made)) < 4


def test_a_ledger_that_is_measured_is_intact_and_as_large_as_said(workshop: Workshop) -> None:
    ledger = workshop.ledger(workshop.size.facts, REPLAY_PERSONS)
    verdict = verify(ledger)
    assert (verdict.ok, verdict.size) == (True, workshop.size.facts)


def test_whoever_copies_the_ledger_has_all_its_lines(workshop: Workshop) -> None:
    number = workshop.size.facts
    lines = [row.entry for row in workshop.ledger(number, REPLAY_PERSONS).rows()]
    raw = workshop.raw(number, REPLAY_PERSONS)
    assert [one.encode() for (one,) in raw.execute("SELECT entry FROM facts ORDER BY position")] == lines
    assert list(reads.lines_in(workshop.recorder(number, REPLAY_PERSONS))) == lines


def totals_in(path: Path, table: str) -> dict[tuple[str, str], Decimal]:
    """Return the points by person and month that a contender wrote."""
    connection = sqlite3.connect(path)
    found = connection.execute(f"SELECT person, month, points FROM {table}").fetchall()  # noqa: S608 - our own names
    connection.close()
    return {(person, month): Decimal(points) for person, month, points in found}


def test_all_folds_of_the_view_come_to_the_same_points(workshop: Workshop, tmp_path: Path) -> None:
    ledger = workshop.ledger(workshop.size.facts, REPLAY_PERSONS)
    wanted: dict[tuple[str, str], Decimal] = {}
    for fact in ledger.read():
        entered = reads.entered_in(fact)
        key = (str(entered.person), entered.occurred_on.isoformat()[:7])
        wanted[key] = wanted.get(key, Decimal(0)) + entered.points
    engine = open_database(url_of_file(tmp_path / "views.db"), SCHEMA)
    Follower(ledger, engine, (reads.POINTS_BY_MONTH,)).rebuild()
    engine.dispose()
    with reads.open_totals(tmp_path / "sql.db", workshop) as connection:
        connection.execute(reads.FOLDED_BY_SQL)
    raw = reads.totals_into(tmp_path / "raw.db")
    reads.fold_lines([row.entry for row in ledger.rows()], raw)
    raw.close()
    assert len(wanted) > 100
    assert totals_in(tmp_path / "views.db", "bench_points_by_month") == wanted
    assert totals_in(tmp_path / "sql.db", "totals") == wanted
    assert totals_in(tmp_path / "raw.db", "totals") == wanted


def test_the_condition_of_the_benchmark_can_refuse(tmp_path: Path) -> None:
    engine = open_database(url_of_file(tmp_path / "ledger.db"))
    ledger = bench_ledger(engine)
    entered = next(lists(100, 100))
    ledger.execute(entered, actor="P1")
    month = entered.lines[0].occurred_on.isoformat()[:7]
    ledger.execute(CloseMonth(branch=entered.branch, month=month), actor="P1")
    with pytest.raises(Conflict):
        ledger.execute(entered, actor="P1")
    engine.dispose()


def test_what_coroutines_submitted_was_recorded(tmp_path: Path) -> None:
    async def everybody(store: Ours) -> None:
        await asyncio.gather(*(submit() for writer in range(3) for submit in store.submissions(writer, 4)))

    with ours(url_of_file(tmp_path / "ledger.db")) as store:
        asyncio.run(everybody(store))
        assert store.ledger.head().size == 12
        assert verify(store.ledger).ok


def test_message_db_is_skipped_where_no_checkout_of_it_is_named() -> None:
    with pytest.raises(Skip, match="STARLEDGER_BENCH_MESSAGE_DB"), message_db("", None):
        pass
