"""At most so many at the top and at least so many at the bottom, by shares that change with the year."""

from collections.abc import Callable
from typing import Any

import pytest

SCHEME = "both-ends"
Table = Callable[..., tuple[int, dict[str, Any]]]


def person(number: int, work: str, members: dict[str, int], masses: dict[str, int]) -> dict[str, Any]:
    ballots = {"peers": {"members": members, "masses": masses}}
    return {"id": f"P{number:02}", "components": {"work": work}, "ballots": ballots}


# peers of P01: members (4 × 100 + 1 × 80) ÷ 5 = 96, masses (2 × 100 + 1 × 60) ÷ 3 = 86⅔
#               96 × 60 % + 86⅔ × 40 % = 92.2666…;  total 96 × 70 % + 92.2666… × 30 % = 67.2 + 27.68 = 94.88
# the others:   peers 100, total work × 70 % + 30: 96.5, 95.8, 95.1, 94.4, 93.7, 93, 92.3, 91.6, 79
# by score:     nine of five stars (≥ 90), one of three (79)
PEOPLE = [
    person(1, "96", {"好": 4, "较好": 1, "弃权": 1}, {"好": 2, "一般": 1}),
    *(
        person(number, work, {"好": 3}, {"好": 3})
        for number, work in enumerate(("95", "94", "93", "92", "91", "90", "89", "88", "70"), start=2)
    ),
]
TOTALS = ["94.88", "96.50", "95.80", "95.10", "94.40", "93.70", "93.00", "92.30", "91.60", "79.00"]


def stars(printed: dict[str, Any]) -> list[int | None]:
    return [each["star"] for each in printed["people"]]


def test_the_totals_come_to_the_hundredth(scheme_table: Table) -> None:
    _, printed = scheme_table(SCHEME, PEOPLE)
    assert [each["total"] for each in printed["people"]] == TOTALS


def test_in_2025_two_stand_at_the_top_and_one_at_the_bottom(scheme_table: Table) -> None:
    # 10 × 20 % = 2 of five stars; 10 × 40 % = 4 of four and above; 10 × 10 % = 1 of two stars
    # rank: P02 P03 | P04 P01 | P05 P06 P07 P08 P09 | P10
    _, printed = scheme_table(SCHEME, PEOPLE)
    assert stars(printed) == [4, 5, 5, 4, 3, 3, 3, 3, 3, 2]
    assert [(each["star"], each["cap"], each["used"]) for each in printed["caps"]] == [(5, 2, 2), (4, 4, 4)]
    assert [(each["star"], each["least"], each["held"]) for each in printed["floors"]] == [(2, 1, 1)]


def test_in_2026_the_shares_are_others(scheme_table: Table) -> None:
    # 10 × 15 % = 1.5 → 1 of five stars; 4 of four and above; 10 × 15 % = 1.5 → 2 of two stars
    # rank: P02 | P03 P04 P01 | P05 P06 P07 P08 | P09 P10
    _, printed = scheme_table(SCHEME, PEOPLE, period="2026")
    assert stars(printed) == [4, 5, 4, 4, 3, 3, 3, 3, 2, 2]
    assert [(each["star"], each["least"], each["held"]) for each in printed["floors"]] == [(2, 2, 2)]
    last = next(each for each in printed["people"] if each["id"] == "P09")
    assert [reason["clause"] for reason in last["reasons"]] == ["3", "4", "4", "5"]


def test_who_is_equal_at_the_lower_cut_is_for_a_body_to_decide(scheme_table: Table) -> None:
    same = [person(number, "80", {"好": 3}, {"好": 3}) for number in range(1, 5)]
    # four people, 4 × 10 % = 0.4 → 1 has to stand at two stars; 4 × 40 % = 1.6 → 1 place of four and above, 86 each
    _, printed = scheme_table(SCHEME, same)
    assert [(each["star"], each["places"], len(each["people"])) for each in printed["decisions_needed"]] == [(4, 1, 4)]
    assert stars(printed) == [None] * 4


def test_too_few_ballots_of_one_group_leave_the_result_open(scheme_table: Table) -> None:
    _, printed = scheme_table(SCHEME, [person(1, "90", {"好": 9}, {"好": 2})])
    (first,) = printed["people"]
    assert (first["status"], first["star"]) == ("incomplete", None)
    assert "masses" in first["reasons"][0]["text"]


@pytest.mark.parametrize("shift", range(1, 10, 3))
def test_the_order_of_people_never_matters(scheme_table: Table, shift: int) -> None:
    _, one = scheme_table(SCHEME, PEOPLE)
    _, other = scheme_table(SCHEME, PEOPLE[shift:] + PEOPLE[:shift])
    assert {each["id"]: each for each in one["people"]} == {each["id"]: each for each in other["people"]}
