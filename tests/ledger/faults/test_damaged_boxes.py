"""What a crash could leave of a ballot box or its key is refused in words, and never used as if it were one."""

from pathlib import Path

import pytest

from domain.decision import NotFound, Refused
from ledger.ballot_boxes import Keeper
from ledger.ballot_files import BoxFiles
from tests.ledger.ballot_house import BOX, MEMBERS, SECRETARY_OF_IT, house, opening, sheet
from tests.ledger.conftest import Opener


@pytest.fixture
def keeper(tmp_path: Path, sqlite_url: str, opened: Opener) -> Keeper:
    """Return a keeper of no box yet."""
    return Keeper(house(opened(sqlite_url)), BoxFiles(tmp_path))


@pytest.mark.parametrize("length", [0, 5, 11, 12, 40])
def test_a_box_that_was_cut_off_is_refused_in_words(keeper: Keeper, tmp_path: Path, length: int) -> None:
    keeper.open(opening(), actor=SECRETARY_OF_IT)
    box = next((tmp_path / "boxes").glob("*.box"))
    box.write_bytes(box.read_bytes()[:length])
    with pytest.raises(Refused) as refused:
        keeper.vote(BOX, MEMBERS[1], sheet(MEMBERS[1]))
    assert refused.value.code == "box-damaged"


@pytest.mark.parametrize("left", [b"", bytes(32)])
def test_what_an_interrupted_destruction_left_is_no_key(keeper: Keeper, tmp_path: Path, left: bytes) -> None:
    (tmp_path / "keys").mkdir()
    key = tmp_path / "keys" / f"main@{BOX}.key"
    key.write_bytes(left)
    keeper.open(opening(), actor=SECRETARY_OF_IT)
    assert any(key.read_bytes())
    keeper.vote(BOX, MEMBERS[1], sheet(MEMBERS[1]))


def test_a_box_whose_key_is_gone_takes_no_sheet(keeper: Keeper, tmp_path: Path) -> None:
    keeper.open(opening(), actor=SECRETARY_OF_IT)
    next((tmp_path / "keys").glob("*.key")).write_bytes(bytes(32))
    with pytest.raises(NotFound) as refused:
        keeper.vote(BOX, MEMBERS[1], sheet(MEMBERS[1]))
    assert refused.value.code == "box-not-here"


def test_a_key_that_was_never_finished_goes_with_the_box(keeper: Keeper, tmp_path: Path) -> None:
    keeper.open(opening(), actor=SECRETARY_OF_IT)
    (tmp_path / "keys" / f"main@{BOX}.key.abc123.new").write_bytes(b"half")
    keeper.void(BOX, "x", actor=SECRETARY_OF_IT)
    assert sorted(path.suffix for path in (tmp_path / "keys").iterdir()) == [".TAG", ".lock"]
