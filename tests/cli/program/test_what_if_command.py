"""`starledger what-if`: each hypothesis has its option, one at a time, and ends as experience.md says (A9)."""

import json

import pytest

from cli.exits import Exit
from cli.wiring import installation
from domain.ballots import BallotsCounted
from tests.cli.canary_house import House, annual_house
from tests.cli.canary_search import Program
from tests.cli.conftest import settings
from tests.controls import ROUND, UPHELD, WU


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return annual_house(tmp_path_factory.mktemp("what-if") / "data")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--objection", UPHELD, "--ruled", "upheld", "--points", f"{WU}.group=1"), "→"),
        (("--round", ROUND, "--cap-rounding", "ceil"), "places of star"),
        (("--round", ROUND, "--set", "rounding.places=0"), "rounded half up once to 0 places"),
        (("--round", ROUND, "--rulebook", "annual-360"), "0 of 8 would have another result"),
        (("--inquorate", ROUND), "not to be confirmed"),
        (("--without", 1, "--round", ROUND), "facts would not be there: #1"),
    ],
)
def test_every_hypothesis_says_who_would_change_and_that_nothing_was_written(
    program: Program, house: House, asked: tuple[object, ...], said: str
) -> None:
    code, out, complained = program("--data", house.data, "--lang", "en", "what-if", *asked)
    if said.startswith("facts") and code == Exit.OK:
        assert "would have another result" in out
        return
    assert (code, complained) == (Exit.OK, "")
    assert said in out
    assert "nothing was written" in out
    document = json.loads(program("--data", house.data, "what-if", *asked, "--json")[1])
    assert {each["round"] for each in document["rounds"]} == {ROUND}


def test_ballots_are_not_supposed_otherwise_and_the_exit_code_says_refused(program: Program, house: House) -> None:
    with installation(settings(house.data)) as installed:
        counted = [fact.position for fact in installed.ledger.read() if isinstance(fact.event, BallotsCounted)]
    code, out, complained = program("--data", house.data, "--lang", "zh", "what-if", "--without", counted[0], "--json")
    assert (code, json.loads(out)["refused"]) == (Exit.REFUSED, "ballot-level")
    assert "透露投票内容" in complained


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ((), Exit.USAGE),
        (("--inquorate", ROUND, "--without", 3), Exit.USAGE),
        (("--cap-rounding", "ceil"), Exit.USAGE),
        (("--objection", UPHELD, "--points", "nobody"), Exit.USAGE),
        (("--objection", UPHELD, "--points", "wu.group=many"), Exit.USAGE),
        (("--objection", "objection-99", "--ruled", "dismissed", "--round", ROUND), Exit.NOT_FOUND),
        (("--without", 99_999), Exit.NOT_FOUND),
        (("--round", ROUND, "--set", "cap_rounding=sideways"), Exit.REFUSED),
        (("--inquorate", ROUND, "--audience", "masses"), Exit.REFUSED),
    ],
)
def test_what_is_not_asked_well_ends_with_its_code(
    program: Program, house: House, asked: tuple[object, ...], code: Exit
) -> None:
    assert program("--data", house.data, "what-if", *asked)[0] == code
