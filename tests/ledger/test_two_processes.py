"""Hashing in two processes comes to what hashing in one comes to, whatever becomes of the second one."""
# ruff: noqa: S608 - statements put together from our own words, in order to tamper

import os
import random
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from eventsourcing.dcb.api import DCBEvent
from sqlalchemy import URL, Engine

from ledger import companion, tree
from ledger.companion import Companion, Process
from ledger.engine import open_database
from ledger.evidence import Evidence
from ledger.hashing_child import BLOCK, LEVEL, hashed_backwards, read, written
from ledger.ledger import Ledger
from ledger.recorder import LedgerRecorder
from ledger.verdict import Verdict
from ledger.verification import Checkpoint, hashes
from tests.ledger.conftest import Opener
from tests.ledger.proving import SEED
from tests.ledger.toy import a_note, toy_ledger

BLOCKS = 5
SIZE = BLOCK * (BLOCKS - 1) + 77
DAMAGES = 60
Told = Callable[[Companion], object]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a ledger of some blocks."""
    path = tmp_path_factory.mktemp("original") / "ledger.db"
    engine = open_database(url_of(path))
    ledger = toy_ledger(engine)
    events = [DCBEvent("Happened", str(number).encode(), []) for number in range(SIZE)]
    LedgerRecorder(engine, "main", clock=ledger.clock).append(events)
    engine.dispose()
    return path


def tamper(file: Path, *statements: str) -> None:
    """Run statements as the owner of the file, who has dropped the triggers."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def file(original: Path, tmp_path: Path) -> Path:
    """Return a copy of that ledger, alone in its directory."""
    return Path(shutil.copy(original, tmp_path / "ledger.db"))


@pytest.fixture
def ledger(file: Path, opened: Opener) -> Ledger:
    return toy_ledger(opened(url_of(file)))


def url_of(path: Path) -> str:
    return URL.create("sqlite", database=str(path)).render_as_string()


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[Process]:
    """Return the second processes that are started."""
    started: list[Process] = []
    start = companion._start  # noqa: SLF001 - what is done is as before

    def noted(*arguments: object) -> Process:
        started.append(start(*arguments))  # type: ignore[arg-type]
        return started[-1]

    monkeypatch.setattr(companion, "_start", noted)
    return started


def waiting_for(blocks: int) -> Told:
    """Return `Companion.told` as it is where the second process is so much quicker that it has told `blocks`."""
    told = Companion.told

    def patiently(self: Companion) -> object:
        give_up = time.monotonic() + 60
        while self._process is not None and len(told(self)) < blocks and self._process.poll() is None:
            assert time.monotonic() < give_up
            time.sleep(0.001)
        return told(self)

    return patiently


def in_both_ways(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, checkpoint: Checkpoint | None = None, blocks: int = BLOCKS - 1
) -> tuple[Verdict, Verdict]:
    """Return the verdicts of one process and of two, the second of which does `blocks` of the work where it can."""
    with monkeypatch.context() as patch:
        patch.setattr(Companion, "told", waiting_for(blocks))
        return hashes(ledger, checkpoint, workers=1), hashes(ledger, checkpoint, workers=2)


def root_of(ledger: Ledger, size: int) -> bytes:
    return tree.root(tree.frontier_of(row.leaf for row in ledger.rows(upto=size)))


# the same verdict


@pytest.mark.parametrize("blocks", range(BLOCKS))
def test_an_intact_ledger_has_its_root_however_the_work_is_shared(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, processes: list[object], blocks: int
) -> None:
    one, two = in_both_ways(ledger, monkeypatch, blocks=blocks)
    assert one == two
    assert (two.ok, two.size, two.root) == (True, SIZE, tree.root(ledger.head().frontier))
    assert len(processes) == 1


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 5, SIZE - 1, SIZE, SIZE + 1])
def test_a_checkpoint_is_compared_whoever_hashes_the_facts_around_it(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    one, two = in_both_ways(ledger, monkeypatch, Checkpoint(size, root_of(ledger, size)))
    assert (one, two.ok) == (two, size <= SIZE)
    one, two = in_both_ways(ledger, monkeypatch, Checkpoint(size, bytes(32)))
    assert (one, two.ok, [each.kind for each in two.findings]) == (two, False, ["checkpoint-mismatch"])


def a_change(chance: random.Random) -> str:
    position = chance.choice((1, BLOCK, BLOCK + 1, SIZE, *(chance.randrange(1, SIZE + 1) for _ in range(6))))
    other = chance.randrange(1, SIZE + 1)
    values = {
        "entry": ("'x'", "x'00'", "CAST(x'ff' AS TEXT)", "CAST(entry AS BLOB)", "replace(entry, '}', ' }')", "7"),
        "leaf": (f"x'{'00' * 32}'", "NULL", "'x'", "chain", "7", f"(SELECT leaf FROM facts WHERE position = {other})"),
        "position": ("-1", "0", f"{SIZE + 1}", f"{SIZE + 9}", f"{other}", "NULL", "'x'", "x'00'", "position + 0.5"),
    }
    where = f"WHERE position = {position}"
    return chance.choice(
        (
            f"DELETE FROM facts {where}",
            f"DELETE FROM facts WHERE position > {position}",
            f"INSERT INTO facts SELECT ledger_id, {other}, type, recorded_at, entry, leaf, chain FROM facts {where}",
            f"UPDATE head SET size = {chance.choice((position, SIZE + 5, -1, 'NULL'))}",
            "UPDATE head SET frontier = chain",
            *(f"UPDATE facts SET {column} = {chance.choice(some)} {where}" for column, some in values.items()),
            *(f"UPDATE facts SET {column} = {chance.choice(some)} {where}" for column, some in values.items()),
        )
    )


def test_a_damaged_ledger_is_found_so_in_the_same_words(
    original: Path, tmp_path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    print(f"STARLEDGER_SEED={SEED}")  # noqa: T201 - shown by pytest where it fails
    chance, verdicts = random.Random(SEED), []  # noqa: S311 - the same in every run
    for number in range(DAMAGES):
        path = Path(shutil.copy(original, tmp_path / f"{number}.db"))
        change = damaged(path, chance, without_constraints=number % 3 == 0)
        ledger = toy_ledger(opened(url_of(path)))
        one, two = in_both_ways(ledger, monkeypatch, blocks=chance.randrange(BLOCKS))
        assert one == two, change
        verdicts.append(two.ok)
        path.unlink()
    assert verdicts.count(False) > DAMAGES / 2


def damaged(path: Path, chance: random.Random, *, without_constraints: bool) -> str:
    """Make one change; return the statement."""
    statement = a_change(chance)
    if without_constraints:
        tamper(path, "CREATE TABLE copy AS SELECT * FROM facts", "DROP TABLE facts", "ALTER TABLE copy RENAME TO facts")
    try:
        tamper(path, statement)
    except sqlite3.IntegrityError:
        return "refused"
    return statement


def test_a_fact_behind_the_last_one_is_found_although_the_second_process_does_not_look_there(
    ledger: Ledger, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = "type, recorded_at, entry, leaf, chain"
    tamper(file, f"INSERT INTO facts SELECT ledger_id, {SIZE + 3}, {columns} FROM facts WHERE position = 3")
    one, two = in_both_ways(ledger, monkeypatch)
    assert (one, two.ok) == (two, False)
    monkeypatch.setattr(Evidence, "is_beyond", lambda *_: False)
    assert in_both_ways(ledger, monkeypatch)[1].ok  # the control


def test_control_a_second_process_that_does_not_compare_leaves_hides_a_change(
    ledger: Ledger, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tamper(file, f"UPDATE facts SET leaf = chain WHERE position = {SIZE - 5}")
    one, two = in_both_ways(ledger, monkeypatch)
    assert (one, two.ok) == (two, False)
    careless = (
        "import sys; from ledger import hashing, hashing_child as child; "
        "child.plain_leaves = lambda rows, _: hashing.leaves_of(row[1] for row in rows); "
        "child.main(*sys.argv[1:])"
    )
    monkeypatch.setattr(companion, "PROGRAM", ("-P", "-c", careless))
    assert in_both_ways(ledger, monkeypatch)[1].ok


def test_facts_recorded_meanwhile_are_left_for_the_next_time(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    root, told, more = root_of(ledger, SIZE), waiting_for(BLOCKS - 1), iter(range(3))

    def told_late(self: Companion) -> object:
        for number in more:
            ledger.execute(a_note(str(number)), actor="P1")
        return told(self)

    monkeypatch.setattr(Companion, "told", told_late)
    verdict = hashes(ledger, workers=2)
    assert (verdict.ok, verdict.size, verdict.root) == (True, SIZE, root)
    assert hashes(ledger, workers=2).size == SIZE + 3


# whatever becomes of the second process


def killed(process: Process) -> None:
    process.kill()
    process.wait(30)


def stopped(process: Process) -> None:
    process.send_signal(signal.SIGSTOP)


@pytest.mark.parametrize("fate", [killed, stopped])
@pytest.mark.parametrize("blocks", [0, 2])
def test_a_second_process_that_dies_or_stands_still_in_the_middle_is_not_needed(
    ledger: Ledger,
    monkeypatch: pytest.MonkeyPatch,
    processes: list[Process],
    fate: Callable[[Process], None],
    blocks: int,
) -> None:
    told, fates = waiting_for(blocks), iter([fate])
    expected = hashes(ledger, workers=1)

    def told_last(self: Companion) -> object:
        heard = told(self)
        for strike in fates:
            strike(processes[0])
        return heard

    monkeypatch.setattr(Companion, "told", told_last)
    assert hashes(ledger, workers=2) == expected
    assert processes[0].returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    "program",
    [
        "raise SystemExit(3)",
        "print('x')",
        "print('9 00')",
        "print('-1 ' + '00' * 32)",
        "print('9 ' + '00' * 32)",
        "0/0",
    ],
)
def test_a_second_process_that_tells_nonsense_changes_no_verdict(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setattr(companion, "PROGRAM", ("-P", "-c", program))
    one, two = in_both_ways(ledger, monkeypatch)
    assert one == two
    assert two.ok


def test_where_no_process_can_be_started_one_does_all(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    one, two = in_both_ways(ledger, monkeypatch)
    assert (one, one.ok) == (two, True)


@pytest.mark.parametrize("change", ["", "DELETE FROM facts WHERE position = 2", "DROP TABLE facts"])
def test_nothing_is_left_behind(ledger: Ledger, file: Path, processes: list[Process], change: str) -> None:
    tamper(file, *filter(None, [change]))
    assert hashes(ledger, workers=2).ok == (change == "")
    (process,) = processes
    assert process.returncode is not None
    assert process.stdout is not None
    assert process.stdout.closed
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)
    ledger.engine.dispose()
    assert os.listdir(file.parent) == [file.name]  # noqa: PTH208


# when there is a second process at all


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the sizes for which a second process was wanted; there is none."""
    sizes: list[int] = []

    def refuse(_file: Path, _ledger_id: str, size: int, _in_leaves: object) -> None:
        sizes.append(size)
        raise OSError

    monkeypatch.setattr(companion, "_start", refuse)
    return sizes


@pytest.mark.parametrize(("at_least", "processors", "expected"), [(SIZE, 2, 1), (SIZE + 1, 2, 0), (SIZE, 1, 0)])
def test_by_itself_only_a_large_ledger_on_two_processors_is_hashed_by_two(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, counted: list[int], at_least: int, processors: int, expected: int
) -> None:
    monkeypatch.setattr(companion, "AT_LEAST", at_least)
    monkeypatch.setattr(companion, "_processors", lambda: processors)
    assert hashes(ledger).ok
    assert counted == [SIZE] * expected


def test_what_lies_in_no_file_is_hashed_by_one(engine: Engine, counted: list[int]) -> None:
    ledger = toy_ledger(engine)
    ledger.execute(a_note("x"), actor="P1")
    assert hashes(ledger, workers=2).ok
    assert len(counted) == bool(engine.url.database and engine.dialect.name == "sqlite")


# blocks


def test_blocks_come_from_the_last_one_and_only_the_named_and_the_incomplete_one_in_leaves(
    file: Path, ledger: Ledger
) -> None:
    leaves = [row.leaf for row in ledger.rows()]
    told = list(hashed_backwards(file, "main", SIZE, (1,)))
    assert [(level, len(hashed)) for level, hashed in told] == [(0, 77), (LEVEL, 1), (LEVEL, 1), (0, BLOCK), (LEVEL, 1)]
    assert told[0][1] == leaves[-77:]
    assert told[-1][1] == [tree.root(tree.frontier_of(leaves[:BLOCK]))]
    assert [read(written(each).rstrip(b"\n")) for each in told] == told
