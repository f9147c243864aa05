"""Who holds the whole data directory, its write-ahead log and all that the process said learns nobody's vote."""

import os
from pathlib import Path

import pytest

from ledger.ballot_boxes import Keeper
from tests.experiments import Notebook
from tests.ledger.ballot_data_game import (
    VOTERS,
    Chatty,
    DataTable,
    Disk,
    Hoarding,
    Spooled,
    Wiped,
    later_key,
    left_over,
    overheard,
    write_ahead,
)
from tests.ledger.ballot_game import DISTINGUISHERS, Distinguisher, play
from tests.ledger.test_ballot_secrecy import DEVIATIONS, SEED, edge

SOAK = int(os.environ.get("STARLEDGER_SOAK", "1"))
GAMES, CONTROL_GAMES = 100 * SOAK, 24
ON_DISK: tuple[Distinguisher, ...] = (write_ahead, left_over, overheard, later_key)
PROMISE = "a vote is never tied to a voter"


@pytest.mark.slow
def test_the_data_directory_and_the_log_do_not_tell_two_voters_sheets_apart(tmp_path: Path, notebook: Notebook) -> None:
    right = play(DataTable(SEED, tmp_path), GAMES, (*DISTINGUISHERS, *ON_DISK))
    figures = {f"right_by_{name}": number for name, number in right.items()}
    said = "whole data directory and logs given away"
    notebook.saw(PROMISE, said, on="sqlite", runs=GAMES, figures=figures, seed=SEED)
    assert {name: number for name, number in right.items() if abs(edge(number, GAMES)) > DEVIATIONS} == {}


@pytest.mark.parametrize(
    ("kind", "distinguisher"), [(Wiped, write_ahead), (Spooled, left_over), (Chatty, overheard), (Hoarding, later_key)]
)
def test_a_directory_without_one_of_its_safeties_would_be_broken(
    kind: type[Keeper], distinguisher: Distinguisher, tmp_path: Path, notebook: Notebook
) -> None:
    right = play(DataTable(SEED, tmp_path, kind, boxes=2), CONTROL_GAMES, (distinguisher,))[distinguisher.__name__]
    said = f"whole data directory given away: {kind.__name__.lower()}"
    notebook.saw(PROMISE, said, on="sqlite", runs=CONTROL_GAMES, figures={"right": right}, control=True, seed=SEED)
    assert edge(right, CONTROL_GAMES) > DEVIATIONS, right


def test_the_adversary_really_holds_the_log_the_shared_memory_the_boxes_and_in_the_end_the_keys(tmp_path: Path) -> None:
    _, view = DataTable(SEED, tmp_path, boxes=1).game()
    during, closed = view.after[view.ann], view.closed
    assert isinstance(during, Disk)
    assert isinstance(closed, Disk)
    assert {"ledger.db", "ledger.db-wal", "ledger.db-shm", "boxes/main@box-1.box"} <= during.files.keys()
    assert len(during.files["ledger.db-wal"]) > 0
    assert not any(name.endswith(".key") for name in during.files)
    assert not any(name.endswith((".key", ".box", ".new")) for name in closed.files)
    assert b"sqlite_master" in closed.said
    assert all(voter.encode() in closed.everything for voter in VOTERS)
