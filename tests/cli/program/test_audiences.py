"""`--audience` and `--reader`: which sub-commands take them, what they say is withheld, and what they refuse."""

import json

import pytest

from cli.exits import Exit
from tests.cli.canary_house import House, annual_house
from tests.cli.canary_search import Program, for_whom, reading_commands
from tests.controls import ROUND

ANSWERING = {
    "stars",
    "sheet",
    "notices",
    "objections",
    "record",
    "due",
    "history",
    "explain",
    "meeting",
    "ballots",
    "boards",
    "year",
    "month",
    "disclosure",
    "return",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return annual_house(tmp_path_factory.mktemp("audiences") / "data")


def told(program: Program, house: House, *words: object, lang: str = "zh") -> tuple[int, str, str]:
    return program("--data", house.data, "--lang", lang, *words)


def test_every_sub_command_that_reads_for_people_answers_for_an_audience() -> None:
    assert {name for name, command in reading_commands().items() if for_whom(command)} >= ANSWERING
    panels = {name: getattr(command, "rich_help_panel", "") for name, command in reading_commands().items()}
    reading = {name for name, panel in panels.items() if panel == "reading"}
    assert reading <= {name for name, command in reading_commands().items() if for_whom(command)}


def test_what_is_withheld_is_said_with_its_clause_in_the_readers_language(program: Program, house: House) -> None:
    asked = ("sheet", "--round", ROUND, "--audience", "masses")
    _, zh, _ = told(program, house, *asked)
    assert "〔不出示 A-51〕" in zh
    assert "不出示：各项得分〔A-51〕只向支部公开。" in zh
    _, en, _ = told(program, house, *asked, lang="en")
    assert "[withheld A-51]" in en
    assert "withheld: points of each component [A-51] It is shown to the branch only." in en


def test_json_has_the_answer_beside_what_was_withheld(program: Program, house: House) -> None:
    document = json.loads(told(program, house, "sheet", "--round", ROUND, "--audience", "masses", "--json")[1])
    assert (document["audience"], document["reader"]) == ("masses", None)
    assert document["answer"]["round"] == ROUND
    assert {(each["field"], each["clause"]) for each in document["withheld"]} == {
        ("components", "A-51"),
        ("ballots", "A-51"),
    }
    office = json.loads(told(program, house, "sheet", "--round", ROUND, "--json")[1])
    assert office["round"] == ROUND


@pytest.mark.parametrize("who", [("--audience", "masses"), ("--reader", "staff")])
def test_a_history_of_a_person_says_what_it_does_not_list(program: Program, house: House, who: tuple[str, str]) -> None:
    _, out, _ = told(program, house, "history", "--person", "zhou", *who)
    assert out.endswith("不列出：仅在不予出示的内容中提到此人的事实。\n")
    assert "不列出" not in told(program, house, "history", "--person", "zhou")[1]


def test_the_office_reads_as_before(program: Program, house: House) -> None:
    asked = ("history", "--round", ROUND)
    whole = told(program, house, *asked)[1]
    assert whole == told(program, house, *asked, "--audience", "auditor")[1]
    assert "不出示" not in whole


def test_an_audience_that_is_none_and_two_at_once_are_refused(program: Program, house: House) -> None:
    code, _, err = told(program, house, "stars", "--audience", "everybody")
    assert code == Exit.USAGE
    assert "branch" in err
    assert told(program, house, "stars", "--audience", "masses", "--reader", "li")[0] == Exit.USAGE


def test_the_matrix_itself_can_be_asked_for_one_audience(program: Program, house: House) -> None:
    document = json.loads(told(program, house, "disclosure", "--round", ROUND, "--audience", "masses", "--json")[1])
    assert document["audiences"] == ["masses"]
    assert {answer["audience"] for field in document["fields"] for answer in field["answers"]} == {"masses"}
