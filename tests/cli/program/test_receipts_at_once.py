"""`--receipt FILE`: whoever objects or confirms has the proof in hand before he leaves the desk (M5)."""

import json
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from cli.exits import Exit
from domain.confirming import ConfirmStars
from domain.objections import FileObjection
from ledger.receipt import Receipt
from tests.controls import ANNUAL, CHEN, ROUND, STAFF, SUN, ZHAO
from tests.projections.year_ledger import open_year

Program = Callable[..., tuple[int, str, str]]
IN_THE_WINDOW, AFTERWARDS = "2026-01-09T13:00:00+08:00", "2026-02-02T12:00:00+08:00"
FILING = ("file-objection", "--round", ROUND, "--objection", "objection-9", "--about", SUN, "--objector", ZHAO)


def first(kind: type) -> int:
    return next(number for number, step in enumerate(ANNUAL) if isinstance(step.asked, kind))


@pytest.fixture
def data(tmp_path: Path, program: Program) -> Callable[[int], Path]:
    """Return how to give a data directory in which the story was told up to a step; its signer has a key."""

    def tell(upto: int, *, key: bool = True) -> Path:
        folder = tmp_path / "data"
        folder.mkdir()
        year = open_year(f"sqlite:///{folder / 'ledger.db'}")
        year.play(islice(ANNUAL, upto))
        year.close()
        if key:
            assert program("--data", folder, "checkpoint")[0] == Exit.OK
        return folder

    return tell


def asked(program: Program, data: Path, at: str, actor: str, *words: object) -> tuple[int, str, str]:
    return program("--data", data, "--clock", at, *words, "--as", actor)


def proven(program: Program, data: Path, file: Path) -> str:
    """Return the kind of fact that a receipt proves, checked as anybody would."""
    code, said, complained = program("--data", data, "check-receipt", file, "--json")
    assert code == Exit.OK, complained
    kind: str = json.loads(said)["entry"]["type"]
    return kind


def objected(program: Program, data: Path, at: str, file: Path, *more: str) -> tuple[int, str, str]:
    return asked(program, data, at, ZHAO, *FILING, "--statement", "漏计", "--receipt", file, *more)


def test_an_objection_is_proved_by_the_command_that_filed_it(
    program: Program, data: Callable[[int], Path], tmp_path: Path
) -> None:
    folder, file = data(first(FileObjection)), tmp_path / "objection.tlog-proof"
    code, said, complained = objected(program, folder, IN_THE_WINDOW, file, "--json")
    assert code == Exit.OK, complained
    answer = json.loads(said)
    (position,) = answer["positions"]
    assert answer["receipts"] == {str(position): file.read_text(encoding="utf-8")}
    assert proven(program, folder, file) == "objection.Filed.v1"
    receipt = Receipt.parse(file.read_bytes())
    assert (receipt.index + 1, "漏计".encode() in receipt.extra) == (position, False)


def test_one_that_came_late_is_refused_and_proved_all_the_same(
    program: Program, data: Callable[[int], Path], tmp_path: Path
) -> None:
    folder, file = data(first(FileObjection)), tmp_path / "late.tlog-proof"
    code, *_ = objected(program, folder, AFTERWARDS, file)
    assert code == Exit.REFUSED
    assert proven(program, folder, file) == "objection.FiledLate.v1"


def test_every_confirmed_star_has_a_receipt_of_its_own(
    program: Program, data: Callable[[int], Path], tmp_path: Path
) -> None:
    folder, file = data(first(ConfirmStars)), tmp_path / "stars.tlog-proof"
    words = ("confirm-stars", "--round", ROUND, "--body", "领导小组", "--receipt", file, "--json")
    code, said, complained = asked(program, folder, AFTERWARDS, CHEN, *words)
    assert code == Exit.OK, complained
    positions = json.loads(said)["positions"]
    files = {int(each.suffixes[0][1:]): each for each in tmp_path.glob("stars.*.tlog-proof")}
    assert len(positions) > 1
    assert sorted(files) == positions
    assert {proven(program, folder, each) for each in files.values()} == {"star.Confirmed.v1"}


def test_one_that_is_confirmed_alone_is_in_the_file_itself(
    program: Program, data: Callable[[int], Path], tmp_path: Path
) -> None:
    folder, file = data(first(ConfirmStars)), tmp_path / "star.tlog-proof"
    words = ("confirm-stars", "--round", ROUND, "--body", "领导小组", "--people", SUN, "--receipt", file)
    assert asked(program, folder, AFTERWARDS, CHEN, *words)[0] == Exit.OK
    assert proven(program, folder, file) == "star.Confirmed.v1"


def test_without_a_key_nothing_is_recorded(program: Program, data: Callable[..., Path], tmp_path: Path) -> None:
    folder, file = data(first(FileObjection), key=False), tmp_path / "objection.tlog-proof"
    code, _, complained = objected(program, folder, IN_THE_WINDOW, file)
    assert (code, file.exists()) == (Exit.NOT_FOUND, False)
    assert complained
    assert objected(program, folder, IN_THE_WINDOW, file)[0] == Exit.NOT_FOUND


def test_over_a_file_that_is_there_nothing_is_recorded(
    program: Program, data: Callable[[int], Path], tmp_path: Path
) -> None:
    folder, file = data(first(FileObjection)), tmp_path / "objection.tlog-proof"
    file.write_text("another one", encoding="utf-8")
    assert objected(program, folder, IN_THE_WINDOW, file)[0] == Exit.CONFLICT
    assert file.read_text(encoding="utf-8") == "another one"
    assert program("--data", folder, "receipt", "--objection", "objection-9")[0] == Exit.NOT_FOUND


def test_a_preview_writes_no_receipt(program: Program, data: Callable[[int], Path], tmp_path: Path) -> None:
    folder, file = data(first(FileObjection)), tmp_path / "objection.tlog-proof"
    assert objected(program, folder, IN_THE_WINDOW, file, "--dry-run")[0] == Exit.OK
    assert not file.exists()


def test_other_commands_know_no_receipt(program: Program, data: Callable[[int], Path], tmp_path: Path) -> None:
    folder = data(first(FileObjection))
    words = ("tally", "--round", ROUND, "--receipt", tmp_path / "tally.tlog-proof")
    assert asked(program, folder, IN_THE_WINDOW, STAFF, *words)[0] == Exit.USAGE
