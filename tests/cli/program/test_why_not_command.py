"""`starledger why-not`, and the forms of `explain`: both languages, JSON, and exit codes (A4)."""

import json

import pytest

from cli.exits import Exit
from tests.cli.canary_house import House, annual_house
from tests.cli.canary_search import Program
from tests.controls import ROUND, WU


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return annual_house(tmp_path_factory.mktemp("why-not") / "data")


def test_it_names_what_is_in_between_and_what_would_suffice(program: Program, house: House) -> None:
    asked = ("--data", house.data, "why-not", "--round", ROUND, "--person", WU, "--star", 3)
    code, said, _ = program("--lang", "en", *asked)
    assert code == Exit.OK
    assert "between him and three stars" in said
    assert "all else unchanged" in said
    assert "其他不变" in program("--lang", "zh", *asked)[1]
    document = json.loads(program(*asked, "--json")[1])
    assert {each["kind"] for each in document["between"]} >= {"band"}
    assert all(set(each) == {"component", "clause", "now", "least", "more"} for each in document["suffices"])


def test_who_and_what_is_not_there_is_not_found_and_what_may_not_be_seen_is_refused(
    program: Program, house: House
) -> None:
    asked = ("--data", house.data, "why-not", "--round", ROUND)
    assert program(*asked, "--person", "nobody", "--star", 3)[0] == Exit.NOT_FOUND
    assert program(*asked, "--person", WU, "--star", 9)[0] == Exit.NOT_FOUND
    assert program(*asked, "--person", WU, "--star", 3, "--audience", "administration")[0] == Exit.REFUSED


def test_an_explanation_comes_in_three_forms_and_no_fourth(program: Program, house: House) -> None:
    asked = ("--data", house.data, "explain", "--round", ROUND, "--person", WU)
    assert json.loads(program(*asked, "--format", "prov")[1])["prefix"]["sl"].startswith("urn:starledger:")
    assert json.loads(program(*asked, "--format", "json")[1]) == json.loads(program(*asked, "--json")[1])
    assert program(*asked, "--format", "runes")[0] == Exit.USAGE
    assert program(*asked, "--occurred-until", "yesterday")[0] == Exit.USAGE
    assert "not confirmed yet" in program("--lang", "en", *asked, "--occurred-until", "2026-01-10")[1]
