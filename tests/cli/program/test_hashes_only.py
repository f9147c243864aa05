"""`verify --hashes-only` compares hashes alone, with a checkpoint too, and says what it did not compare."""

import json
from pathlib import Path

import pytest

from cli.exits import Exit
from tests.cli.program.test_checkpoint_command import House, Program


@pytest.fixture
def house(tmp_path: Path, program: Program) -> House:
    house = House(tmp_path, program)
    house.grow(2)
    return house


@pytest.mark.parametrize(
    ("lang", "fits", "not_compared"),
    [("en", "hashes fit  size 3", "Not compared: whether the entries"), ("zh", "哈希相符  size 3", "没有核对")],
)
def test_what_was_not_compared_is_said(house: House, lang: str, fits: str, not_compared: str) -> None:
    said, _ = house.run("verify", "--hashes-only", lang=lang)
    assert fits in said
    assert not_compared in said
    assert "intact" not in said
    assert "Not compared" not in house.run("verify")[0]


def test_the_json_is_that_of_verify_with_the_passes_that_were_made(house: House) -> None:
    everything, alone = (json.loads(house.run("verify", *option, "--json")[0]) for option in ((), ("--hashes-only",)))
    assert alone.pop("passes") == ["leaves", "root"]
    assert {"links", "tags", "sealed"} < set(alone.pop("not_compared"))
    assert alone == everything


def test_a_changed_entry_is_found_and_named(house: House) -> None:
    house.sql("UPDATE facts SET entry = replace(entry, '一支部', '二支部') WHERE position = 2")
    said, _ = house.run("verify", "--hashes-only", expected=Exit.VIOLATED)
    assert "Fact 2" in said
    assert "VIOLATED  size 3" in said
    report = json.loads(house.run("verify", "--hashes-only", "--json", expected=Exit.VIOLATED)[0])
    assert (report["ok"], report["findings"][0]["kind"], report["passes"]) == (
        False,
        "leaf-mismatch",
        ["leaves", "root"],
    )


def test_what_stands_beside_the_entries_is_left_to_the_whole_verification(house: House) -> None:
    house.sql("UPDATE tags SET tag = 'branch:B9' WHERE position = 2")
    house.run("verify", "--hashes-only")
    house.run("verify", expected=Exit.VIOLATED)


def test_a_rewrite_is_found_with_a_checkpoint_and_only_with_it(house: House) -> None:
    kept = house.keep("a.txt")
    assert "fits." in house.run("verify", "--hashes-only", "--checkpoint", kept)[0]
    house.rewrite_everything()
    house.run("verify", "--hashes-only")
    said, _ = house.run("verify", "--hashes-only", "--checkpoint", kept, expected=Exit.VIOLATED)
    assert "DOES NOT FIT" in said
    words = ("verify", "--hashes-only", "--checkpoint", kept, "--json")
    report = json.loads(house.run(*words, expected=Exit.VIOLATED)[0])
    assert (report["checkpoints"][0]["fits"], report["passes"]) == (False, ["leaves", "root"])
