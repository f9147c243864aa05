"""`starledger replay`: every published number computed again, its exit codes, and what an audience is told (A-43)."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from cli.exits import Exit
from cli.wiring import installation
from domain.decision import replace
from domain.tally import ResultComputed
from tests.cli.canary_house import House, annual_house
from tests.cli.canary_search import Program
from tests.cli.conftest import settings
from tests.controls import ROUND
from tests.projections.forging import forge


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return annual_house(tmp_path_factory.mktemp("replaying") / "data")


@pytest.fixture(scope="module")
def forged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, ResultComputed]:
    """Give a house in which somebody's total was forged, where, and what was true."""
    house = annual_house(tmp_path_factory.mktemp("forged") / "data")
    with installation(settings(house.data)) as installed:
        ledger = installed.ledger
        results = [fact.event for fact in ledger.read() if isinstance(fact.event, ResultComputed) and fact.event.total]
        true = results[-1]
        position = forge(ledger, replace(true, total=(true.total or Decimal(0)) + 1))
    return house.data, position, true


def test_a_ledger_whose_numbers_are_what_its_facts_come_to_ends_with_0(program: Program, house: House) -> None:
    for asked in (("--all",), ("--round", ROUND), ("--year", "2025")):
        code, said, _ = program("--data", house.data, "--lang", "en", "replay", *asked)
        assert (code, said.endswith("numbers: all as recomputed\n")) == (Exit.OK, True)
    _, zh, _ = program("--data", house.data, "--lang", "zh", "replay", "--all")
    assert "全部与重算一致" in zh
    assert json.loads(program("--data", house.data, "replay", "--all", "--json")[1])["differences"] == []


def test_a_forged_total_ends_with_12_and_is_named_with_its_place(
    program: Program, forged: tuple[Path, int, ResultComputed]
) -> None:
    data, position, true = forged
    code, said, _ = program("--data", data, "--lang", "en", "replay", "--round", ROUND)
    assert code == Exit.VIEW_DIFFERS
    assert said.startswith(f"#{position} {ResultComputed.NAME}  {ROUND}  {true.person} ")
    assert f"recomputed {true.total}" in said
    assert "1 are not what facts and rulebooks come to" in said
    (line,) = json.loads(program("--data", data, "replay", "--all", "--json")[1])["differences"]
    assert (line["position"], line["number"], line["replayed"]) == (position, "total", str(true.total))
    before = ("--as-of", position - 1)
    assert program("--data", data, "replay", "--all", *before)[0] == Exit.OK


def test_an_audience_that_may_not_see_a_number_is_told_that_it_differs_and_not_what_it_is(
    program: Program, forged: tuple[Path, int, ResultComputed]
) -> None:
    data, position, true = forged
    asked = ("--data", data, "--lang", "en", "replay", "--round", ROUND, "--audience", "administration")
    code, said, _ = program(*asked)
    assert (code, f"#{position}" in said, str(true.total) in said) == (Exit.VIEW_DIFFERS, True, False)
    assert "withheld: total" in said


def test_one_of_three_is_asked_and_what_is_not_there_is_not_found(program: Program, house: House) -> None:
    for asked in ("", "--all --year 2025", f"--round {ROUND} --all"):
        assert program("--data", house.data, "replay", *asked.split())[0] == Exit.USAGE
    for asked in ("--round R1999", "--year 1999"):
        assert program("--data", house.data, "replay", *asked.split())[0] == Exit.NOT_FOUND
