"""Figures are medians of turns in shuffled order, and a store that skips durability is never compared."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from bench.machine import file_system
from bench.measuring import QUICK, Contender, Measured, Role, Row, Sample, Skip, rotate, undurable, writing
from bench.ours import Ours, ours
from bench.peer_eventsourcing import sqlite_application
from bench.raw import RawSqlite, raw_sqlite
from bench.workshop import url_of_file
from domain.text import Text
from tests.bench.figures import line, measured


def row_of(*contenders: Contender) -> Row:
    return Row("row", Text("", ""), "facts/s", contenders)


def test_every_contender_takes_every_turn_and_the_order_changes() -> None:
    taken: list[str] = []

    def turn(name: str) -> Contender:
        def measure() -> Sample:
            taken.append(name)
            return Sample(1)

        return Contender(name, "peer", "", measure)

    names = [f"c{number}" for number in range(6)]
    found = rotate([row_of(*map(turn, names))], 3, 5, tidy=list)["row"]
    turns = [taken[start : start + 6] for start in (0, 6, 12)]
    assert [sorted(each) for each in turns] == [sorted(names)] * 3
    assert len({tuple(each) for each in turns} | {tuple(names)}) == 4
    assert [len(one.samples) for one in found] == [3] * 6


def test_the_contenders_of_a_row_follow_each_other() -> None:
    told: list[str] = []
    contenders = [Contender(str(number), "peer", "", lambda: Sample(1)) for number in range(4)]
    rows = [Row(key, Text("", ""), "facts/s", tuple(contenders)) for key in "abc"]
    rotate(rows, 2, 1, told.append, tidy=list)
    turns = [words.split()[1].rstrip(":") for words in told]
    assert [len(set(turns[start : start + 4])) for start in range(0, 24, 4)] == [1] * 6
    assert sorted(turns) == sorted("abc" * 8)


def test_the_same_seed_gives_the_same_order() -> None:
    orders = []
    for seed in (5, 5, 6):
        told: list[str] = []
        rotate(
            [row_of(*(Contender(str(n), "peer", "", lambda: Sample(1)) for n in range(6)))],
            2,
            seed,
            told.append,
            tidy=list,
        )
        orders.append(told)
    assert orders[0] == orders[1] != orders[2]


def test_who_cannot_be_measured_says_why_and_is_not_asked_again() -> None:
    asked: list[int] = []

    def missing() -> Sample:
        asked.append(1)
        message = "not installed"
        raise Skip(message)

    (one,) = rotate([row_of(Contender("x", "peer", "", missing))], 3, seed=1)["row"]
    assert (one.skipped, one.samples, one.median, asked) == ("not installed", [], None, [1])


@pytest.mark.parametrize("role", ["raw", "ours"])
def test_a_peer_may_fail_but_neither_the_limit_nor_we(role: Role) -> None:
    def failing() -> Sample:
        message = "broken"
        raise ValueError(message)

    (peer,) = rotate([row_of(Contender("x", "peer", "", failing))], 1, 1, tidy=list)["row"]
    assert peer.skipped == "it failed: broken"
    with pytest.raises(ValueError, match="broken"):
        rotate([row_of(Contender("x", role, "", failing))], 1, 1, tidy=list)


def test_a_ratio_is_one_of_medians_not_of_means() -> None:
    found = line(measured("raw", 100, 900, 110), measured("ours", 55, 1, 60), target=0.5)
    assert (found.raw, found.ours, found.ratio, found.met) == (110, 55, 0.5, True)


def test_a_target_is_met_only_by_our_own_figure() -> None:
    peer = measured("peer", 99, name="eventsourcing")
    variant = measured("variant", 99)
    assert line(measured("raw", 100), measured("ours", 49), peer, variant, target=0.5).met is False
    assert line(measured("raw", 100), peer, variant, target=0.5).met is None


def test_where_less_is_better_the_share_may_not_be_exceeded() -> None:
    raw, ours_ = measured("raw", 100), measured("ours", 250)
    assert line(raw, ours_, target=2.5, then=1.8, lower_is_better=True).met is True
    assert line(raw, ours_, target=2.5, then=1.8, lower_is_better=True).then_met is False


def test_a_share_is_not_enough_where_a_rate_is_wanted_too() -> None:
    assert line(measured("raw", 100), measured("ours", 60), target=0.5, least=61).met is False
    assert line(measured("raw", 100), measured("ours", 61), target=0.5, least=61).met is True


def test_a_row_with_a_bound_of_its_own_meets_it_whatever_the_raw_limit_takes() -> None:
    quick, slow = measured("ours", 9), measured("ours", 11)
    assert line(measured("raw", 1), quick, most=10, lower_is_better=True).met is True
    assert line(measured("raw", 1), slow, most=10, lower_is_better=True).met is False
    assert line(measured("raw", 10), quick, most=10, target=0.5, lower_is_better=True).met is False
    assert line(measured("raw", 1), most=10, lower_is_better=True).met is None


def test_the_stricter_limit_is_shown_but_the_target_is_a_share_of_the_raw_one() -> None:
    found = line(measured("raw", 100), measured("strict", 400), measured("ours", 60), target=0.5)
    assert (found.ratio, found.strict, found.met) == (0.6, 400, True)


def test_a_row_is_unsteady_where_its_limit_varies_by_more_than_a_factor_of_two() -> None:
    assert line(measured("raw", 100, 150, 201), measured("ours", 1, 1, 1)).unsteady
    assert not line(measured("raw", 100, 150, 200), measured("ours", 1, 100, 1000)).unsteady


@pytest.mark.parametrize("synchronous", ["OFF", "NORMAL"])
def test_a_store_that_skips_durability_is_marked_and_never_compared(tmp_path: Path, synchronous: str) -> None:
    @contextmanager
    def hasty() -> Iterator[RawSqlite]:
        with raw_sqlite(tmp_path / "hasty.db") as store:
            store.connection.execute(f"PRAGMA synchronous = {synchronous}")
            yield store

    (one,) = rotate([row_of(Contender("x", "ours", "", writing(hasty, QUICK), writes=True))], 1, seed=1)["row"]
    assert one.samples
    assert one.unsafe == f"synchronous={['OFF', 'NORMAL'].index(synchronous)}"
    assert one.median is None
    found = line(measured("raw", 1), Measured(one.contender, one.samples), target=0.5)
    assert (found.ours, found.ratio, found.met) == (None, None, None)


def stores(directory: Path) -> dict[str, AbstractContextManager[RawSqlite | Ours]]:
    """Return how each store on SQLite is opened."""
    found: dict[str, AbstractContextManager[RawSqlite | Ours]] = {
        "raw": raw_sqlite(directory / "raw.db"),
        "ours": ours(url_of_file(directory / "ours.db")),
    }
    return found


@pytest.mark.parametrize("name", ["raw", "ours"])
def test_a_store_is_as_durable_as_it_is_compared_for(tmp_path: Path, name: str) -> None:
    with stores(tmp_path)[name] as store:
        assert undurable("sqlite", store.settings()) is None
    with sqlite_application(tmp_path / "es.db") as application:
        assert undurable("sqlite", application.settings()) is None


def test_an_engine_that_does_not_answer_counts_as_not_durable() -> None:
    assert undurable("postgresql", {"fsync": "on", "full_page_writes": "on"}) == "synchronous_commit=?"
    assert (
        undurable("postgresql", {"synchronous_commit": "on", "fsync": "off", "full_page_writes": "on"}) == "fsync=off"
    )


def test_what_was_counted_was_stored(tmp_path: Path) -> None:
    path = tmp_path / "counted.db"
    with raw_sqlite(path, writers=3, facts_each=2) as store:
        for writer in range(3):
            for operation in store.operations(writer, 5):
                operation()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*), count(DISTINCT position) FROM facts").fetchone() == (30, 30)
    connection.close()


def test_a_writer_that_fails_fails_the_measurement(tmp_path: Path) -> None:
    @contextmanager
    def broken() -> Iterator[RawSqlite]:
        with raw_sqlite(tmp_path / "broken.db") as store:
            store.connection.execute("DROP TABLE facts")
            yield store

    with pytest.raises(sqlite3.OperationalError):
        writing(broken, QUICK)()


def test_a_file_system_in_memory_is_recognised(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/a / ext4 rw 0 0\ntmpfs {tmp_path.resolve()} tmpfs rw 0 0\n", encoding="utf-8")
    assert file_system(tmp_path / "below", mounts) == "tmpfs"
    assert file_system(Path("/elsewhere"), mounts) == "ext4"
    assert file_system(tmp_path, tmp_path / "absent") == "?"
