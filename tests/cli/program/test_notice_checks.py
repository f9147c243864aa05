"""`starledger check-notice`: a code says which list hung, a copy is held against it line by line."""

import json
from pathlib import Path

import pytest

from cli.exits import Exit
from ledger.archive import verify as alone
from tests.cli.canary_house import House, annual_house
from tests.cli.canary_search import Program
from tests.controls import NOTICE, SECOND_NOTICE


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return annual_house(tmp_path_factory.mktemp("notices") / "data")


@pytest.fixture(scope="module")
def codes(house: House, program: Program) -> dict[str, str]:
    """Return the codes of both notices, as `notices` prints them."""
    document = json.loads(program("--data", house.data, "notices", "--round", "workshop-1.2025", "--json")[1])
    return {each["notice"]: each["code"] for each in document}


def copy_of(house: House, program: Program, code: str, file: Path) -> dict[str, object]:
    document: dict[str, object] = json.loads(program("--data", house.data, "check-notice", code, "--json")[1])
    file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return document


def test_a_code_says_which_list_it_is_and_what_replaced_it(
    house: House, program: Program, codes: dict[str, str]
) -> None:
    code, said, _ = program("--data", house.data, "--lang", "zh", "check-notice", codes[NOTICE].lower())
    assert code == Exit.OK
    assert f"第1号公示 {NOTICE}" in said
    assert f"已由 {SECOND_NOTICE} 更正" in said
    _, english, _ = program("--data", house.data, "--lang", "en", "check-notice", codes[SECOND_NOTICE])
    assert "It is the latest." in english


def test_a_faithful_copy_fits(house: House, program: Program, codes: dict[str, str], tmp_path: Path) -> None:
    copy_of(house, program, codes[NOTICE], tmp_path / "copy.json")
    assert program("--data", house.data, "check-notice", tmp_path / "copy.json")[0] == Exit.OK


def test_a_copy_with_another_star_or_another_name_is_told_line_by_line(
    house: House, program: Program, codes: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "copy.json"
    document = copy_of(house, program, codes[NOTICE], file)
    lines = document["lines"]
    assert isinstance(lines, list)
    changed, gone, *rest = lines
    added = {**gone, "person": "nobody"}
    file.write_text(json.dumps({**document, "lines": [{**changed, "star": 5}, added, *rest]}), encoding="utf-8")
    code, said, _ = program("--data", house.data, "--lang", "en", "check-notice", file)
    assert code == Exit.VIOLATED
    assert f"{changed['person']}: the copy says '" in said
    assert f"{gone['person']} is missing from the copy." in said
    assert "nobody is not on the notice." in said


@pytest.mark.parametrize(
    ("typed", "code"),
    [("0000-0000-0000-0000", Exit.NOT_FOUND), ("nonsense", Exit.USAGE)],
)
def test_what_hung_nowhere_is_not_found(house: House, program: Program, typed: str, code: Exit) -> None:
    ended, said, complained = program("--data", house.data, "--lang", "zh", "check-notice", typed)
    assert (ended, said) == (code, "")
    assert complained


@pytest.mark.parametrize("words", ["", "[]", "{}", '{"code": 1}', '{"code": "0000-0000-0000-0000", "lines": 3}'])
def test_what_is_no_copy_is_refused(house: House, program: Program, tmp_path: Path, words: str) -> None:
    file = tmp_path / "copy.json"
    file.write_text(words, encoding="utf-8")
    assert program("--data", house.data, "check-notice", file)[0] == Exit.REFUSED


def test_heads_travel_with_a_notice_and_a_copy_of_them_is_compared(
    house: House, program: Program, codes: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "copy.json"
    document = copy_of(house, program, codes[NOTICE], file)
    heads = document["heads"]
    assert isinstance(heads, dict)
    assert program("--data", house.data, "check-notice", codes[NOTICE])[1].count(heads["round_head"]) == 1
    assert program("--data", house.data, "check-notice", file)[0] == Exit.OK
    for name, other in (("size", 3), ("root", "00" * 32), ("round_head", None)):
        file.write_text(json.dumps({**document, "heads": {**heads, name: other}}), encoding="utf-8")
        code, said, _ = program("--data", house.data, "--lang", "en", "check-notice", file)
        assert (code, "some were changed, left out or put in" in said) == (Exit.VIOLATED, True)


def test_an_extract_from_which_a_fact_of_the_round_was_left_out_does_not_have_the_notices_head(
    house: House, program: Program, codes: dict[str, str], tmp_path: Path
) -> None:
    heads = json.loads(program("--data", house.data, "check-notice", codes[NOTICE], "--json")[1])["heads"]
    archive, named = tmp_path / "round.zip", f"{heads['round_head']}@{heads['size']}"
    assert program("--data", house.data, "export", archive, "--round", "workshop-1.2025")[0] == Exit.OK
    assert program("--data", house.data, "verify-archive", archive, "--head", named)[0] == Exit.OK
    assert alone.verify(str(archive), head=named).code == Exit.OK
    for wrong in (f"{heads['round_head']}@{heads['size'] - 1}", f"{'00' * 32}@{heads['size']}", heads["round_head"]):
        assert program("--data", house.data, "verify-archive", archive, "--head", wrong)[0] == Exit.VIOLATED
        assert alone.verify(str(archive), head=wrong).code == Exit.VIOLATED
    assert program("--data", house.data, "verify-archive", archive, "--head", f"{named}x")[0] == Exit.USAGE
