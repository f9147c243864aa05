"""The power goes under a PostgreSQL server: it recovers with everything that the ledger acknowledged."""

import gc
import os
import random
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from ledger.engine import open_database
from ledger.statements import DriverConnection
from tests.conftest import SERVER_PROGRAM
from tests.experiments import Notebook
from tests.ledger.faults.conftest import Library
from tests.ledger.faults.power_cut import Change, Disk, changes_in, images, mark
from tests.ledger.faults.verdict import Tally, Witness
from tests.ledger.toy import a_note, toy_ledger

PROMISE, WAY = "an acknowledged fact is kept", "power cut: what was not synchronised kept, dropped or torn at random"
RECOVERING = Path(__file__).with_name("recovering_server.py")
SEED = int(os.environ.get("STARLEDGER_SEED", "20260109"))
IMAGES, FACTS = 5 * int(os.environ.get("STARLEDGER_SOAK", "1")), 200
END_SECONDS = 60


@contextmanager
def served(words: list[str | Path], environment: dict[str, str]) -> Iterator[str]:
    """Run a server program; give the URL of its database."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-P", *words], stdin=pipe, stdout=pipe, text=True, env={**os.environ, **environment}
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        try:
            directory = program.stdout.readline().strip()
            assert directory, "the server did not start"
            url = sa.URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": directory})
            yield url.render_as_string()
        finally:
            program.stdin.close()
            program.wait(END_SECONDS)


def close(engine: sa.Engine) -> None:
    """Close a database, before its server goes."""
    engine.dispose()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # what was handed back too late closes here
        gc.collect()


def note(url: str, log: int, synchronous: str) -> None:
    """Note facts, and mark in the record what was sent and acknowledged."""
    engine = open_database(url)

    def loosen(connection: DriverConnection, _record: object) -> None:
        connection.execute(f"SET synchronous_commit TO {synchronous}")
        connection.commit()

    event.listen(engine, "connect", loosen)
    ledger = toy_ledger(engine)
    for number in range(FACTS):
        mark(log, f"sent c{number}")
        receipt = ledger.execute(a_note("字" * (1 + number % 500)), actor="P1", command_id=f"c{number}")
        mark(log, f"done c{number} {receipt.positions[0]}")
    close(engine)


def recorded(folder: Path, binaries: Path, library: Path, synchronous: str) -> tuple[Disk, list[Change]]:
    """Record a server while facts are noted; return its disk as it was before, and the record."""
    disk, log = folder / "d", folder / "record"
    disk.mkdir()
    log.touch()
    for path, mode in ((folder, 0o755), (disk, 0o777), (log, 0o666)):
        path.chmod(mode)
    readable = shutil.copy(library, folder)  # for the account that the server runs under
    watched = {"LD_PRELOAD": str(readable), "STARLEDGER_DISK": str(disk), "STARLEDGER_DISK_LOG": str(log)}
    with served([SERVER_PROGRAM, binaries], {**watched, "TMPDIR": str(disk)}) as url:
        begun = log.stat().st_size
        (data,) = disk.glob("*/data")
        before = Disk(data)
        descriptor = os.open(log, os.O_WRONLY | os.O_APPEND)
        note(url, descriptor, synchronous)
        os.close(descriptor)
        record = list(changes_in(log, begun))
        assert any(change.what == b"S" for change in record), "the server was not watched"
        return before, record


def experiment(binaries: Path, library: Path, synchronous: str, cuts: int) -> Tally:
    """Cut the power of a server `cuts` times, let it recover, and return what became of the facts."""
    tally, witness = Tally(), Witness()
    with tempfile.TemporaryDirectory(prefix="starledger-cut-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        disk, record = recorded(folder, binaries, library, synchronous)
        for image in images(record, disk, random.Random(SEED), cuts, folder, witness.hear):  # noqa: S311 - replayed
            (image / "postmaster.pid").unlink(missing_ok=True)
            with served([RECOVERING, binaries, image], {}) as url:
                engine = open_database(url)
                tally.add(witness, toy_ledger(engine))
                close(engine)
    return tally


@pytest.mark.slow
@pytest.mark.postgres
def test_postgresql_recovers_with_everything_acknowledged(
    postgres_binaries: Path, library: Library, notebook: Notebook
) -> None:
    tally = experiment(postgres_binaries, library("watched_disk"), "on", IMAGES)
    notebook.saw(PROMISE, WAY, on="PostgreSQL", runs=IMAGES, figures=tally.figures, seed=SEED)
    assert tally.sound
    assert tally.acknowledged > IMAGES


@pytest.mark.slow
@pytest.mark.postgres
def test_a_server_that_acknowledges_before_it_synchronises_would_be_caught(
    postgres_binaries: Path, library: Library, notebook: Notebook
) -> None:
    tally = experiment(postgres_binaries, library("watched_disk"), "off", 3)
    way = f"{WAY}; synchronous_commit=off"
    notebook.saw(PROMISE, way, on="PostgreSQL", runs=3, figures=tally.figures, control=True, seed=SEED)
    assert tally.lost > 0
