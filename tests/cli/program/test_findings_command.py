"""`starledger findings`: for auditors and office-holders, in both languages, counts beside what may explain them."""

import json

import pytest

from cli.exits import Exit
from projections.findings.examine import CHECKS
from tests.cli.canary_house import House, annual_house
from tests.cli.canary_search import Program


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return annual_house(tmp_path_factory.mktemp("findings") / "data")


def test_a_finding_is_told_with_its_counts_its_facts_and_what_else_may_explain_it(
    program: Program, house: House
) -> None:
    code, zh, _ = program("--data", house.data, "--lang", "zh", "findings", "--check", "entered-late")
    assert code == Exit.OK
    assert "七天以后才录入  entered-late 〔B-1〕" in zh
    assert "开账时补录以前的事实均属此类。" in zh
    assert zh.endswith("1项检查，1项有可看之处。这些只是计数，不是结论。\n")
    _, en, _ = program("--data", house.data, "--lang", "en", "findings", "--check", "entered-late")
    assert "These are counts, not conclusions." in en


def test_with_all_the_checks_without_a_finding_are_named_with_the_places_looked_at(
    program: Program, house: House
) -> None:
    _, said, _ = program("--data", house.data, "--lang", "en", "findings", "--all")
    assert all(check.code in said for check in CHECKS)


def test_json_has_every_check_in_both_languages_and_all_positions(program: Program, house: House) -> None:
    document = json.loads(program("--data", house.data, "findings", "--json")[1])
    assert [each["check"] for each in document["checks"]] == [check.code for check in CHECKS]
    (late,) = (each for each in document["checks"] if each["check"] == "entered-late")
    assert all(len(each["positions"]) == each["count"] for each in late["findings"])


def test_only_one_round_or_branch_is_told_where_it_is_asked_for(program: Program, house: House) -> None:
    document = json.loads(program("--data", house.data, "findings", "--branch", "nowhere", "--json")[1])
    assert not any(each["findings"] for each in document["checks"])


@pytest.mark.parametrize("audience", ["branch", "masses", "administration", "superior"])
def test_other_audiences_are_refused(program: Program, house: House, audience: str) -> None:
    code, said, complained = program("--data", house.data, "--lang", "en", "findings", "--audience", audience)
    assert (code, said) == (Exit.NOT_PERMITTED, "")
    assert "auditors and office-holders" in complained


def test_an_unknown_check_is_refused_with_the_known_ones(program: Program, house: House) -> None:
    code, _, complained = program("--data", house.data, "--lang", "en", "findings", "--check", "luck")
    assert code == Exit.USAGE
    assert "self-equals-total" in complained
