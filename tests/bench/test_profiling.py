"""A shortfall is explained by a profile of the same run: parts that add up, and nothing counted that nobody did."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from bench import profiling, taken_apart
from bench.measuring import Contender, Sample, timed
from bench.outcome import Line, Outcome
from bench.profiling import NOT_ATTRIBUTED, PARTS, ROOT, Profile, Unaccounted, part_of, parts_of, profile
from bench.reads import replay_ours
from bench.report import as_markdown
from bench.run import Asked, measure
from bench.workshop import Workshop
from tests.bench.figures import line, measured

LEDGER, DOMAIN, PSYCOPG, UNKNOWN = (
    (f"{ROOT}/ledger/group.py", 1, "serve"),
    (f"{ROOT}/domain/decision.py", 1, "evolve"),
    ("/x/site-packages/psycopg/waiting.py", 1, "wait"),
    ("/elsewhere/unknown.py", 1, "work"),
)
BUILT_IN, LOCK, POLL = (
    ("~", 0, name)
    for name in (
        "<built-in method builtins.len>",
        "<method 'acquire' of '_thread.lock' objects>",
        "<method 'poll' of 'select.epoll' objects>",
    )
)
HAND_OVER, FOLDING = "hand-over between threads", "deciding and folding"


def spent(own: float, **by: float) -> tuple[int, int, float, float, dict[Any, Any]]:
    """Return what `pstats` says of a function: seconds of its own, and those it was called for by others."""
    named = {"ledger": LEDGER, "domain": DOMAIN, "psycopg": PSYCOPG, "unknown": UNKNOWN}
    return 1, 1, own, own, {named[caller]: (1, 1, seconds, seconds) for caller, seconds in by.items()}


def quick(workshop: Workshop) -> Contender:
    return Contender("ours", "ours", "", lambda: replay_ours(workshop))


def test_the_parts_of_real_work_add_up_and_are_named(workshop: Workshop) -> None:
    replay_ours(workshop)
    found = profile(quick(workshop), 1.0, lower_is_better=False)
    assert found is not None
    assert sum(found.shares.values()) == pytest.approx(1)
    assert found.shares["SQLite: statements and commit"] > 0
    assert found.shares["JSON into objects and back"] > 0
    assert found.shares.get(NOT_ATTRIBUTED, 0) < 0.1


def test_parts_that_do_not_add_up_are_no_profile() -> None:
    with pytest.raises(Unaccounted, match=r"0\.900"):
        Profile({"hashing": 0.5, "scoring": 0.4})


def test_seconds_that_get_lost_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {LEDGER: spent(2), UNKNOWN: spent(1, ledger=1)}
    assert parts_of(seen) == {HAND_OVER: 3}
    monkeypatch.setattr("bench.profiling._Attributing._find", lambda *_: {HAND_OVER: 0.5})
    with pytest.raises(Unaccounted):
        parts_of(seen)


def test_a_module_of_which_nothing_is_known_is_said_to_be_not_attributed() -> None:
    assert parts_of({UNKNOWN: spent(1), LEDGER: spent(3)}) == {NOT_ATTRIBUTED: 1, HAND_OVER: 3}


def test_what_works_for_others_counts_for_those_who_called_it_by_how_long_it_took_them() -> None:
    seen = {LEDGER: spent(1), DOMAIN: spent(1), BUILT_IN: spent(4, ledger=1, domain=3)}
    assert parts_of(seen) == {HAND_OVER: 2, FOLDING: 4}
    through = {DOMAIN: spent(1), UNKNOWN: spent(1, domain=1), BUILT_IN: spent(2, unknown=2)}
    assert parts_of(through) == {FOLDING: 4}


def test_waiting_for_another_thread_is_left_out_and_waiting_for_a_server_is_not() -> None:
    assert parts_of({LEDGER: spent(1), LOCK: spent(8, ledger=8)}) == {HAND_OVER: 1}
    server = "PostgreSQL: driver, network, server"
    assert parts_of({LEDGER: spent(1), PSYCOPG: spent(1), POLL: spent(8, psycopg=8)}) == {HAND_OVER: 1, server: 9}


def test_work_in_other_threads_is_watched_too() -> None:
    def elsewhere() -> None:
        thread = threading.Thread(target=lambda: json.loads(json.dumps(list(range(50_000)))))
        thread.start()
        thread.join()

    found = profiling.Watched()
    with found.everywhere():
        timed(elsewhere)
    assert any(name == "loads" for _, _, name in found.stats())


def test_what_is_not_timed_is_not_watched() -> None:
    assert profile(Contender("ours", "ours", "", lambda: Sample(1)), 1.0, lower_is_better=False) is None


def test_every_module_that_does_the_work_has_a_part_and_every_part_names_modules_that_there_are() -> None:
    modules = [
        path for package in ("ledger", "domain", "projections", "bench") for path in (ROOT / package).rglob("*.py")
    ]
    assert [path for path in modules if part_of((str(path), 1, "f")) is None] == []
    ours = [sign for signs in PARTS.values() for sign in signs if sign.split("/")[0] in {"ledger", "domain", "bench"}]
    assert [sign for sign in ours if not ((ROOT / f"{sign}.py").exists() or (ROOT / sign).is_dir())] == []


def test_only_a_row_that_misses_is_profiled_and_page_and_json_show_it(tmp_path: Path) -> None:
    outcome = measure(Asked(only=("append-1-sqlite", "disk"), rotations=1, quick=True), tmp_path)
    appended, disk = outcome.lines
    assert appended.is_missed == (appended.profile is not None)
    assert disk.is_missed  # so small a ledger takes far more than its lines
    assert disk.profile is not None
    assert {"lines", "tags"} <= disk.profile.shares.keys()
    said = outcome.as_json()["rows"][1]["profile"]["shares"]
    assert said == disk.profile.shares
    assert f"{next(iter(said))} {next(iter(said.values())):.0%}" in as_markdown(outcome)


def test_a_row_that_was_not_profiled_says_so() -> None:
    missed = line(measured("raw", 100), measured("ours", 40), target=0.5)
    page = as_markdown(Outcome({"file system": "ext4"}, 1, 3, quick=False, lines=(missed,), growth=(), seconds=1.0))
    assert "misses its target. It was not profiled." in page
    profiled = Line(missed.row, missed.measured, Profile({"hashing": 0.75, "scoring": 0.24, "tags and ids": 0.01}, 1.5))
    page = as_markdown(Outcome({"file system": "ext4"}, 1, 3, quick=False, lines=(profiled,), growth=(), seconds=1.0))
    assert "*Profile, watched 1.5 times as long:* hashing 75%, scoring 24%, the rest 1%." in page


def test_bytes_on_disk_taken_apart_are_those_of_the_file(workshop: Workshop) -> None:
    ledger = workshop.singles()
    with ledger.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    parts = taken_apart.bytes_on_disk(workshop)
    assert sum(parts.values()) == Path(str(ledger.engine.url.database)).stat().st_size
    assert min(parts.values()) > 0


def test_folding_in_sql_is_taken_apart_by_its_steps(workshop: Workshop) -> None:
    assert list(taken_apart.fold_in_sql(workshop)) == [
        "reading the lines",
        "parsing their JSON, taking out three fields",
        "sorting, adding up, writing",
    ]
