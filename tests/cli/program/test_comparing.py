"""`starledger compare`: two moments beside each other, as positions or times, for whoever may see what (A2)."""

import json

import pytest

from cli.exits import Exit
from cli.wiring import installation
from domain.confirmation import StarConfirmed
from tests.cli.canary_house import House, annual_house
from tests.cli.canary_search import Program
from tests.cli.conftest import settings
from tests.controls import ROUND


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return annual_house(tmp_path_factory.mktemp("comparing") / "data")


def confirmed_at(house: House) -> tuple[int, StarConfirmed]:
    with installation(settings(house.data)) as installed:
        facts = [fact for fact in installed.ledger.read() if isinstance(fact.event, StarConfirmed)]
    first = facts[0]
    assert isinstance(first.event, StarConfirmed)
    return first.position, first.event


def test_a_line_says_from_what_to_what_and_which_fact_did_it(program: Program, house: House) -> None:
    position, confirmed = confirmed_at(house)
    asked = ("compare", "--from", position - 1, "--to", position, "--person", confirmed.person)
    code, said, _ = program("--data", house.data, "--lang", "en", *asked)
    assert code == Exit.OK
    assert f"~ stars  {ROUND} {confirmed.person}" in said
    assert f"confirmed_star — → {confirmed.star}" in said
    assert f"← #{position}\n" in said
    assert f"\n#{position} " in said
    document = json.loads(program("--data", house.data, *asked, "--json")[1])
    (line,) = [each for each in document["lines"] if each["table"] == "stars"]
    assert (line["before"]["confirmed_star"], line["after"]["confirmed_star"]) == (None, str(confirmed.star))
    assert [fact["position"] for fact in document["facts"]] == [position]


def test_two_times_are_compared_and_the_later_one_is_now_where_it_is_left_out(program: Program, house: House) -> None:
    asked = ("compare", "--from", "2026-01-01T00:00:00+08:00", "--round", ROUND)
    code, said, _ = program("--data", house.data, "--lang", "zh", *asked)
    assert (code, "之间：增" in said) == (Exit.OK, True)
    backwards = program("--data", house.data, "--lang", "en", "compare", "--from", 9999, "--to", 1, "--round", ROUND)[1]
    assert "0 lines added, 0 changed" in backwards
    assert program("--data", house.data, "compare", "--from", "yesterday")[0] == Exit.USAGE


def test_an_audience_is_told_which_columns_are_withheld_from_it(program: Program, house: House) -> None:
    asked = ("compare", "--from", 1, "--round", ROUND, "--audience", "masses")
    _, said, _ = program("--data", house.data, "--lang", "en", *asked)
    assert "points [withheld" in said
    assert "withheld: points of each component" in said
