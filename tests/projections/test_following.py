"""Views follow the ledger: every fact once, in order, whatever happens in between."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, text, update

from domain.decision import Fact
from domain.keeping import AcceptClock
from domain.notices import NoticePosted
from domain.tally import ResultComputed
from ledger.engine import writing
from ledger.failpoints import Failpoint
from projections import stars
from projections.columns import SCHEMA, ledger_id, metadata
from projections.dump import dump
from projections.engine import FaultyView, Follower, Reading
from projections.history import Sought, history_lines
from projections.notice_board import posted_notices
from projections.objection_register import registered_objections
from projections.person_record import person_record
from projections.progress import begin_again, prepare
from projections.rows import Rows
from projections.score_sheet import score_sheet
from projections.stars import STARS, current_stars
from projections.view import View
from projections.views import VIEWS
from tests.controls import ANNUAL, MEMBERS, MOVER, OPERATOR, ROUND
from tests.projections.year_ledger import Year

counters = Table("counters", metadata, ledger_id(), Column("results", Integer, nullable=False, default=0))


def counting(rows: Rows, _fact: Fact, _happened: ResultComputed) -> None:
    known = rows.get(counters) or {"results": 0}
    rows.put(counters, results=known["results"] + 1)


COUNTER = View("counter", 1, (counters,), {ResultComputed: counting})


class Stopped(Exception):  # noqa: N818 - stands for the death of a process
    """Raised at a failpoint."""


def stop_at(name: str, times: int = 1) -> Failpoint:
    left = [times]

    def failpoint(reached: str) -> None:
        if reached == name and left[0]:
            left[0] -= 1
            raise Stopped

    return failpoint


def overtaken(year: Year, by: Follower) -> Any:  # noqa: ANN401 - a ledger to all who ask it
    """Return the year's ledger, but another follower is quicker after the first batch has been read."""

    class Overtaken:
        pending = True

        def __getattr__(self, name: str) -> object:
            return getattr(year.ledger, name)

        def read(self, *given: Any, **named: Any) -> list[Fact]:  # noqa: ANN401
            facts = list(year.ledger.read(*given, **named))
            if self.pending:
                self.pending = False
                by.catch_up()
            return facts

    return Overtaken()


def test_rebuilt_views_equal_followed_views(year_on_either: Year) -> None:
    follower = year_on_either.follower(batch_facts=13)
    for upto in (1, 40, 41, 100):
        assert follower.catch_up(upto=upto) == upto
    assert follower.catch_up() == year_on_either.ledger.head().size
    followed = year_on_either.dump()
    assert follower.rebuild() > 0
    assert year_on_either.dump() == followed != ""


def test_views_are_the_same_on_both_engines(year_on_either: Year, ended: Year) -> None:
    year_on_either.follower().catch_up()
    ended.follower().catch_up()
    assert year_on_either.dump() == ended.dump()


def everything_read(reading: Reading) -> list[object]:
    """Return what every reader of the views answers."""
    return [
        current_stars(reading),
        score_sheet(reading, ROUND),
        posted_notices(reading, ROUND),
        registered_objections(reading, round_id=ROUND),
        [person_record(reading, person) for person in (*MEMBERS, MOVER)],
        history_lines(reading, Sought(tag=f"round:{ROUND}", late=False), limit=1000),
        reading.position,
    ]


def test_readers_are_answered_alike_on_both_engines(year_on_either: Year, ended: Year) -> None:
    with year_on_either.follower().reading() as found, ended.follower().as_of(ended.ledger.head().size) as expected:
        assert everything_read(found) == everything_read(expected)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.integers(0, 171), min_size=1, max_size=2).map(sorted))
def test_as_of_is_the_same_fold_stopped_earlier(year: Year, positions: list[int]) -> None:
    follower = year.follower()
    prepare(year.views_engine, VIEWS)
    with writing(year.views_engine).begin() as connection:
        for view in VIEWS:
            begin_again(connection, year.ledger.ledger_id, view)
    for position in (*positions, year.ledger.head().size):
        follower.catch_up(upto=position)
        with follower.as_of(position) as reading:
            assert dump(reading.connection, reading.ledger_id, VIEWS) == year.dump()
            assert reading.position == position


def test_every_fact_counts_at_every_position(ended: Year) -> None:
    follower = Follower(ended.ledger, ended.views_engine, (COUNTER,))
    results = [fact.position for fact in ended.ledger.read() if isinstance(fact.event, ResultComputed)]
    for position in range(ended.ledger.head().size + 1):
        with follower.as_of(position) as reading:
            row = reading.connection.execute(counters.select()).first()
            assert (0 if row is None else row.results) == sum(each <= position for each in results)


def test_a_deleted_database_of_views_is_made_again(year: Year) -> None:
    year.follower().catch_up()
    before = year.dump()
    file = Path(year.views_engine.url.database or "")
    with year.views_engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        file.unlink()
    year.views_engine.dispose()
    assert year.follower().catch_up() == year.ledger.head().size
    assert year.dump() == before


def test_views_that_were_begun_again_elsewhere_are_made_again_for_the_next_reader(year: Year) -> None:
    follower, elsewhere = year.follower(), year.follower()
    with follower.reading() as reading:
        size = reading.position
    for view in VIEWS:
        with writing(year.views_engine).begin() as connection:
            begin_again(connection, year.ledger.ledger_id, view)
    with follower.reading() as reading:
        assert (reading.position, reading.behind) == (size, 0)
    assert elsewhere.differing() == []


def test_what_a_killed_process_left_behind_does_no_harm(year: Year) -> None:
    year.follower().catch_up()
    before = year.dump()
    file = Path(year.views_engine.url.database or "")
    leftover = file.with_name("views.db-wal")
    with year.views_engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        kept = leftover.read_bytes()
    year.views_engine.dispose()
    file.unlink()
    leftover.write_bytes(kept)
    assert kept
    year.follower().catch_up()
    assert year.dump() == before


@pytest.mark.parametrize("failpoint", ["view:applied", "view:committed"])
@pytest.mark.parametrize("batch_facts", [20, 50])
def test_a_crash_between_batch_and_commit_neither_loses_nor_doubles(
    year: Year, failpoint: str, batch_facts: int
) -> None:
    dying = year.follower((COUNTER, *VIEWS), failpoint=stop_at(failpoint, times=3), batch_facts=batch_facts)
    for _ in range(3):
        with pytest.raises(Stopped):
            dying.catch_up()
    dying.catch_up()
    followed = year.dump((COUNTER, *VIEWS))
    dying.rebuild()
    assert year.dump((COUNTER, *VIEWS)) == followed
    assert "counters results=12" in followed


@pytest.mark.parametrize("failpoint", ["view:applied", "view:committed"])
def test_a_killed_process_neither_loses_nor_doubles(year: Year, failpoint: str, checkout: Path) -> None:
    program = (
        "import os, sys\n"
        "from tests.projections.year_ledger import open_year\n"
        "def die(name):\n"
        "    if name == sys.argv[2]: os._exit(9)\n"
        "open_year(sys.argv[1]).follower(failpoint=die, batch_facts=50).catch_up()\n"
    )
    url = f"sqlite:///{year.ledger.engine.url.database}"
    for _ in range(2):
        ended = subprocess.run([sys.executable, "-c", program, url, failpoint], cwd=checkout, check=False)
        assert ended.returncode == 9
    year.follower().catch_up()
    followed = year.dump()
    year.follower().rebuild()
    assert year.dump() == followed


def test_two_followers_at_once_apply_every_fact_once(year_on_either: Year) -> None:
    begin = threading.Barrier(2)
    failures: list[BaseException] = []

    def follow() -> None:
        try:
            begin.wait()
            year_on_either.follower((COUNTER, *VIEWS), batch_facts=11).catch_up()
        except BaseException as failure:  # noqa: BLE001 - whatever it is, the test shows it
            failures.append(failure)

    both = [threading.Thread(target=follow) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert failures == []
    followed = year_on_either.dump((COUNTER, *VIEWS))
    year_on_either.follower((COUNTER, *VIEWS)).rebuild()
    assert year_on_either.dump((COUNTER, *VIEWS)) == followed


def test_who_is_overtaken_starts_again_from_the_new_position(year: Year) -> None:
    quicker = year.follower((COUNTER,), batch_facts=30)
    slower = Follower(overtaken(year, quicker), year.views_engine, (COUNTER,), batch_facts=30)
    assert slower.catch_up() == year.ledger.head().size
    assert year.dump((COUNTER,)) == "counters results=12\n"


def test_a_view_of_another_version_is_made_again(year: Year) -> None:
    year.follower().catch_up()
    right = year.dump()
    with year.views_engine.begin() as connection:
        connection.execute(update(stars.stars).values(label="wrong"))
    year.follower().catch_up()
    assert year.dump() != right
    year.follower((replace(STARS, version=STARS.version + 1), *VIEWS[1:])).catch_up()
    assert year.dump() == right


def test_a_view_that_differs_from_replay_is_named(year: Year) -> None:
    follower = year.follower()
    assert follower.differing() == []
    with year.views_engine.begin() as connection:
        connection.execute(update(stars.stars).where(stars.stars.c.person == "sun").values(star=5))
    assert follower.differing() == ["stars"]
    follower.rebuild()
    assert follower.differing() == []


def test_a_newly_handled_event_makes_a_view_again_by_itself(year: Year) -> None:
    before = View("counter", 1, (counters,), {NoticePosted: counting})
    year.follower((before,)).catch_up()
    assert year.dump((COUNTER,)) == "counters results=2\n"
    year.follower((COUNTER,)).catch_up()
    assert year.dump((COUNTER,)) == "counters results=12\n"


def test_a_view_with_other_columns_gets_other_tables(year_on_either: Year) -> None:
    numbers = [Column(name, Integer, nullable=False, default=0) for name in ("results", "more")]
    wider = Table("counters", MetaData(schema=SCHEMA), ledger_id(), *numbers)

    def counting_more(rows: Rows, _fact: Fact, _happened: ResultComputed) -> None:
        known = rows.get(wider) or {"more": 0}
        rows.put(wider, more=known["more"] + 2)

    year_on_either.follower((COUNTER,)).catch_up()
    more = View("counter", 1, (wider,), {ResultComputed: counting_more})
    year_on_either.follower((more,)).catch_up()
    assert year_on_either.dump((more,)) == "counters results=0 more=24\n"
    year_on_either.follower((COUNTER,)).catch_up()
    assert year_on_either.dump((COUNTER,)) == "counters results=12\n"


def test_a_faulty_view_stops_neither_facts_nor_other_views(year: Year) -> None:
    first = next(fact.position for fact in year.ledger.read() if isinstance(fact.event, ResultComputed))

    def failing(rows: Rows, fact: Fact, happened: ResultComputed) -> None:
        if happened.person == "sun":
            message = "it cannot take this"
            raise LookupError(message)
        counting(rows, fact, happened)

    faulty = View("counter", 1, (counters,), {ResultComputed: failing})
    follower = year.follower((faulty, *VIEWS), batch_facts=50)
    with pytest.raises(FaultyView) as caught:
        follower.catch_up()
    assert (caught.value.view, caught.value.position) == ("counter", first + 6)
    assert follower.positions() == {"counter": first + 5} | dict.fromkeys(
        (view.name for view in VIEWS), year.ledger.head().size
    )
    assert follower.faults["counter"].position == first + 6
    assert follower.catch_up(only=("stars",)) == year.ledger.head().size
    year.ledger.execute(AcceptClock(why="核对无误"), actor=OPERATOR)
    with pytest.raises(FaultyView):
        follower.catch_up()
    assert follower.positions()["history"] == year.ledger.head().size


def test_a_view_that_fails_once_goes_on_fact_by_fact(year: Year) -> None:
    seen: list[int] = []

    def failing(rows: Rows, fact: Fact, happened: ResultComputed) -> None:
        seen.append(fact.position)
        if len(seen) == 3:
            raise LookupError
        counting(rows, fact, happened)

    follower = year.follower((View("counter", 1, (counters,), {ResultComputed: failing}),))
    follower.catch_up()
    assert year.dump((COUNTER,)) == "counters results=12\n"
    assert follower.faults == {}


def test_views_of_a_ledger_that_was_put_in_the_place_of_another_are_made_again(
    year: Year, year_in: Callable[..., Year], tmp_path: Path
) -> None:
    year.follower().catch_up()
    other_place = tmp_path / "other"
    other_place.mkdir()
    other = year_in(f"sqlite:///{other_place / 'ledger.db'}", start=500_000)
    other.play(ANNUAL)
    mixed = Follower(other.ledger, year.views_engine, VIEWS)
    mixed.catch_up()
    other.follower().rebuild()
    assert year.dump() == other.dump()


def test_views_beyond_the_end_of_a_restored_ledger_are_made_again(
    year: Year, year_in: Callable[..., Year], tmp_path: Path
) -> None:
    year.follower().catch_up()
    older = year_in(f"sqlite:///{tmp_path / 'older-ledger.db'}")
    older.play(ANNUAL[:40])
    restored = Follower(older.ledger, year.views_engine, VIEWS)
    assert restored.catch_up() == older.ledger.head().size
    with restored.as_of(older.ledger.head().size) as reading:
        assert year.dump() == dump(reading.connection, reading.ledger_id, VIEWS)


def test_ledgers_that_share_a_database_do_not_see_each_other(
    database_url: str, year_in: Callable[..., Year], ended: Year
) -> None:
    one, two = year_in(database_url, "one"), year_in(database_url, "two")
    one.play(ANNUAL)
    two.play(ANNUAL[:30])
    one.follower().catch_up()
    two.follower().catch_up()
    short = two.dump()
    one.follower().rebuild()
    ended.follower().catch_up()
    assert one.dump() == ended.dump()
    assert two.dump() == short
    with two.follower().as_of(two.ledger.head().size) as reading:
        assert dump(reading.connection, "two", VIEWS) == short


def test_no_more_than_a_batch_is_read_at_once(ended: Year) -> None:
    asked: list[int] = []

    class Watched:
        def __getattr__(self, name: str) -> object:
            return getattr(ended.ledger, name)

        def read(self, *, after: int, upto: int) -> Iterator[Fact]:
            asked.append(upto - after)
            return ended.ledger.read(after=after, upto=upto)

    watched: Any = Watched()
    Follower(watched, ended.views_engine, (COUNTER,), batch_facts=40).rebuild()
    assert max(asked) == 40


def test_who_will_not_wait_is_told_how_far_behind_the_view_is(year: Year) -> None:
    clock = iter(range(1000))
    follower = Follower(
        year.ledger, year.views_engine, (COUNTER,), batch_facts=50, monotonic=lambda: float(next(clock))
    )
    with follower.reading(seconds=2) as reading:
        assert (reading.position, reading.behind) == (50, year.ledger.head().size - 50)


def test_progress_is_told(year: Year) -> None:
    told: list[tuple[int, int]] = []
    size = year.ledger.head().size
    year.follower((COUNTER,), batch_facts=100).rebuild(lambda done, of: told.append((done, of)))
    assert told == [(100, size), (size, size)]


@pytest.mark.slow
def test_views_are_the_same_under_any_locale_time_zone_and_hash_seed(
    told: Path, checkout: Path, tmp_path: Path
) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from tests.projections.year_ledger import copied\n"
        "year = copied(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "year.follower().rebuild()\n"
        "sys.stdout.buffer.write(year.dump().encode())\n"
    )
    settings = [
        {"PYTHONHASHSEED": "1", "TZ": "America/St_Johns", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "Asia/Kathmandu", "LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "1"},
    ]
    started = []
    for number, setting in enumerate(settings):
        place = tmp_path / str(number)
        place.mkdir()
        command = [sys.executable, "-c", program, str(told), str(place)]
        environment = {**os.environ, **setting}
        started.append(subprocess.Popen(command, cwd=checkout, env=environment, stdout=subprocess.PIPE))
    dumps = [process.communicate()[0] for process in started]
    assert dumps[0] == dumps[1] != b""


@pytest.mark.parametrize(("seconds", "times"), [(None, 1), (1e9, 4)])
def test_views_that_stand_at_one_place_are_moved_together(year: Year, seconds: float | None, times: int) -> None:
    reached: list[str] = []
    follower = year.follower((COUNTER, *VIEWS), failpoint=reached.append, batch_facts=None if seconds is None else 50)
    follower.catch_up(seconds=seconds)
    assert reached == ["view:applied", "view:committed"] * times
    assert set(follower.positions().values()) == {year.ledger.head().size}


def test_a_view_at_fault_is_left_behind_by_those_that_went_with_it(year: Year) -> None:
    def failing(_rows: Rows, fact: Fact, _happened: ResultComputed) -> None:
        message = f"at {fact.position}"
        raise ValueError(message)

    faulty = replace(COUNTER, name="faulty", handlers={ResultComputed: failing})
    follower = year.follower((faulty, STARS))
    with pytest.raises(FaultyView, match="faulty"):
        follower.catch_up()
    size = year.ledger.head().size
    assert (
        follower.positions()["stars"] == size > follower.positions()["faulty"] == follower.faults["faulty"].position - 1
    )
