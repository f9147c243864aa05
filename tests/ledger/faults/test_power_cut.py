"""The power goes at any moment of a recorded while: what was acknowledged is on the disk that comes up again."""

import os
import random
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger.engine import open_database
from ledger.failures import Damaged
from tests.experiments import Notebook
from tests.ledger.faults.conftest import Library
from tests.ledger.faults.power_cut import Change, images
from tests.ledger.faults.recorded import empty_disk, recorded
from tests.ledger.faults.verdict import Tally, Witness
from tests.ledger.toy import a_note, toy_ledger

PROMISE, WAY = "an acknowledged fact is kept", "power cut: what was not synchronised kept, dropped or torn at random"
PROGRAM = Path(__file__).with_name("noting_program.py")
SEED = int(os.environ.get("STARLEDGER_SEED", "20260105"))
SOAK = int(os.environ.get("STARLEDGER_SOAK", "1"))
RECORDS, IMAGES, FACTS = 5 * SOAK, 60, 120
CONTROL_IMAGES = 60
UNREADABLE = (sqlite3.DatabaseError, sa.exc.DatabaseError, Damaged, UnicodeDecodeError)


def cut_often(folder: Path, record: list[Change], cuts: int, seed: int, tally: Tally) -> None:
    """Cut the power of one recorded disk, and open what comes up."""
    witness = Witness()
    for image in images(record, empty_disk(folder / "disk"), random.Random(seed), cuts, folder, witness.hear):  # noqa: S311 - replayed
        (image / "ledger.db-shm").unlink(missing_ok=True)
        engine = open_database(f"sqlite:///{image / 'ledger.db'}")
        try:
            ledger = toy_ledger(engine)
            ledger.execute(a_note("after the cut"), actor="P1", command_id="after")
            tally.add(witness, ledger, besides=["after"])
        except UNREADABLE:
            tally.unreadable += 1
            tally.acknowledged += len(witness.done)
        finally:
            engine.dispose()


def experiment(folder: Path, library: Path, checkout: Path, synchronous: str, records: int, cuts: int) -> Tally:
    """Record a process `records` times, cut the power `cuts` times in each, and return what became of the facts."""
    tally = Tally()
    for number in range(records):
        place = (folder / str(number)).resolve()
        url = sa.URL.create("sqlite", database=str(place / "disk" / "ledger.db")).render_as_string()
        record = recorded(place, library, checkout, PROGRAM, [url, synchronous, str(SEED + number), str(FACTS)])
        cut_often(place, record, cuts, SEED + number, tally)
    return tally


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_however_the_power_is_cut(
    tmp_path: Path, library: Library, checkout: Path, notebook: Notebook
) -> None:
    tally = experiment(tmp_path, library("watched_disk"), checkout, "FULL", RECORDS, IMAGES)
    notebook.saw(PROMISE, WAY, on="SQLite", runs=RECORDS * IMAGES, figures=tally.figures, seed=SEED)
    assert tally.sound
    assert tally.acknowledged > RECORDS * IMAGES


@pytest.mark.slow
@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_a_ledger_that_synchronises_less_would_be_caught(
    tmp_path: Path, library: Library, checkout: Path, notebook: Notebook, synchronous: str
) -> None:
    tally = experiment(tmp_path, library("watched_disk"), checkout, synchronous, 1, CONTROL_IMAGES)
    way = f"{WAY}; synchronous={synchronous}"
    notebook.saw(PROMISE, way, on="SQLite", runs=CONTROL_IMAGES, control=True, figures=tally.figures, seed=SEED)
    assert tally.lost > 0
    assert (tally.unreadable + tally.half_written > 0) == (synchronous == "OFF")
