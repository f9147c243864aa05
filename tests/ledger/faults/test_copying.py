"""Why a database that is in use is backed up by SQLite and never by copying its files: 40 copies of each kind."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger.engine import open_database
from ledger.failures import Damaged
from tests.experiments import Notebook
from tests.ledger.faults.verdict import Tally, Witness
from tests.ledger.toy import toy_ledger

PROMISE, WAY = "a backup holds what was acknowledged before it", "copies of a database while it is written"
PROGRAM = Path(__file__).with_name("noting_for_ever_program.py")
PIECE_BYTES, PIECE_SECONDS = 32_768, 0.000_5
COPIES = 40 * int(os.environ.get("STARLEDGER_SOAK", "1"))
UNREADABLE = (sqlite3.DatabaseError, sa.exc.DatabaseError, Damaged, UnicodeDecodeError)


def by_files(source: Path, target: Path) -> None:
    """Copy the files one after the other and piece by piece, as `cp` does, with the time that a larger file takes."""
    for suffix in ("", "-wal"):
        with open(f"{source}{suffix}", "rb") as read, open(f"{target}{suffix}", "wb") as copied:  # noqa: PTH123
            while piece := read.read(PIECE_BYTES):
                copied.write(piece)
                time.sleep(PIECE_SECONDS)


def by_backup(source: Path, target: Path) -> None:
    """Copy with SQLite's own backup."""
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)


def by_vacuum(source: Path, target: Path) -> None:
    """Copy with SQLite's `VACUUM INTO`."""
    with closing(sqlite3.connect(source)) as read:
        read.execute("VACUUM INTO ?", (str(target),))


@contextmanager
def written(source: Path, checkout: Path) -> Iterator[Path]:
    """Let a process note facts for as long as copies are made; give the file in which it tells of them."""
    told = source.with_name("told")
    told.touch()
    words = [sys.executable, str(PROGRAM), f"sqlite:///{source}", str(told)]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    with subprocess.Popen(words, stdin=subprocess.PIPE, env=environment) as program:
        try:
            yield told
        finally:
            program.kill()


def witness_of(told: Path) -> Witness:
    """Return what was acknowledged by now."""
    witness = Witness()
    for words in told.read_text().splitlines(keepends=True):
        if words.endswith("\n"):
            witness.hear(words)
    return witness


def examine(copy: Path, before: Witness, told: Path, tally: Tally) -> bool:
    """Open a copy and compare it with what was acknowledged before it was made; return whether it is sound."""
    this, engine = Tally(), open_database(f"sqlite:///{copy}")
    try:
        before.sent |= witness_of(told).sent
        this.add(before, toy_ledger(engine))
    except UNREADABLE:
        this.unreadable = 1
    finally:
        engine.dispose()
    tally.include(this)
    return this.sound


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="copies files that are open")
@pytest.mark.parametrize(
    ("way", "copying"), [("cp, file by file", by_files), ("the backup API", by_backup), ("VACUUM INTO", by_vacuum)]
)
def test_only_sqlite_itself_copies_a_database_that_is_written(
    tmp_path: Path,
    checkout: Path,
    notebook: Notebook,
    way: str,
    copying: Callable[[Path, Path], None],
) -> None:
    is_control = copying is by_files
    source, tally, bad = tmp_path / "ledger.db", Tally(), 0
    toy_ledger(open_database(f"sqlite:///{source}"))
    with written(source, checkout) as told:
        while len(witness_of(told).done) < COPIES:
            time.sleep(0.01)
        for number in range(COPIES):
            before, copy = witness_of(told), tmp_path / f"copy-{number}.db"
            copying(source, copy)
            bad += not examine(copy, before, told, tally)
    figures = {"bad copies": bad, **tally.figures}
    notebook.saw(PROMISE, f"{WAY}: {way}", on="SQLite", runs=COPIES, figures=figures, control=is_control)
    assert (bad > 0) == is_control
