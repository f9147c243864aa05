"""`starledger receipt` gives what `check-receipt` needs nothing else for; sealed words are not in it (M5)."""

import json
from pathlib import Path

import pytest

from cli.exits import Exit
from tests.cli.canary_house import House, annual_house
from tests.cli.canary_search import Program
from tests.controls import ROUND, SUN, UPHELD


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, program: Program) -> House:
    made = annual_house(tmp_path_factory.mktemp("receipts") / "data")
    program("--data", made.data, "checkpoint")
    return made


@pytest.fixture
def kept(house: House, program: Program, tmp_path: Path) -> Path:
    code, said, complained = program("--data", house.data, "receipt", "--objection", UPHELD)
    assert code == Exit.OK, complained
    file = tmp_path / "objection.tlog-proof"
    file.write_text(said, encoding="utf-8")
    return file


def test_an_objection_can_be_shown_to_have_been_filed(house: House, program: Program, kept: Path) -> None:
    code, said, _ = program("--data", house.data, "--lang", "en", "check-receipt", kept)
    assert code == Exit.OK
    assert "This is fact " in said
    assert "objection.Filed.v1" in said
    document = json.loads(program("--data", house.data, "check-receipt", kept, "--json")[1])
    assert document["entry"]["position"] == document["position"]


def test_it_is_checked_with_the_public_key_alone(house: House, program: Program, kept: Path, tmp_path: Path) -> None:
    _, vkey, _ = program("--data", house.data, "checkpoint", "--vkey")
    code, *_ = program("--data", tmp_path / "nowhere", "check-receipt", kept, "--key", vkey.strip())
    assert code == Exit.OK


def test_a_confirmed_star_has_a_receipt(house: House, program: Program) -> None:
    code, said, complained = program("--data", house.data, "receipt", "--round", ROUND, "--person", SUN)
    assert code == Exit.OK, complained
    assert said.startswith("c2sp.org/tlog-proof@v1\nextra ")


def test_a_receipt_that_was_changed_proves_nothing(house: House, program: Program, kept: Path) -> None:
    words = kept.read_text(encoding="utf-8").split("\n")
    index = next(number for number, line in enumerate(words) if line.startswith("index "))
    words[index] = f"index {int(words[index][6:]) + 1}"
    kept.write_text("\n".join(words), encoding="utf-8")
    code, said, complained = program("--data", house.data, "--lang", "en", "check-receipt", kept)
    assert (code, said) == (Exit.VIOLATED, "")
    assert "proves nothing" in complained


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), Exit.USAGE),
        (("--position", "999999"), Exit.NOT_FOUND),
        (("--objection", "none"), Exit.NOT_FOUND),
        (("--box", "none", "--person", "nobody"), Exit.NOT_FOUND),
    ],
)
def test_what_is_not_there_has_no_receipt(house: House, program: Program, words: tuple[str, ...], code: Exit) -> None:
    assert program("--data", house.data, "receipt", *words)[0] == code


def test_what_is_no_receipt_is_refused(house: House, program: Program, tmp_path: Path) -> None:
    file = tmp_path / "other.txt"
    file.write_text("nothing", encoding="utf-8")
    assert program("--data", house.data, "check-receipt", file)[0] == Exit.REFUSED
    assert program("--data", house.data, "check-receipt", tmp_path / "gone")[0] == Exit.NOT_FOUND
