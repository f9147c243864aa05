"""Stars with names: several at once, none, and each by its own part of the record."""

from collections.abc import Callable
from typing import Any

SCHEME, HALF = "named-stars", "2025-H1"
Scored = Callable[..., dict[str, Any]]


def tutored(times: int) -> list[dict[str, str]]:
    return [{"item": "tutoring", "occurred_on": f"2025-04-{day:02}"} for day in range(1, times + 1)]


LESSONS = [
    {"item": "open-lesson", "occurred_on": "2025-03-01", "points": "5.5"},
    {"item": "open-lesson", "occurred_on": "2025-04-01", "points": "4.5"},
]


def test_whoever_reaches_several_holds_several(scheme_result: Scored) -> None:
    # study 18 ≥ 18; teaching 30 + 5.5 + 4.5 = 40 ≥ 40; service 10 + 4 × 2.5 = 20 ≥ 20; tutoring 4 × 2.5 = 10 < 12.5
    # total 18 + 40 + 20 = 78
    result = scheme_result(SCHEME, period=HALF, components={"study": "18"}, entries=[*LESSONS, *tutored(4)])
    assert (result["total"], result["star"], result["label"]) == ("78.00", None, None)
    assert result["labels"] == ["学习星", "教学星", "服务星"]
    assert [(each["code"], each["points"], each["held"]) for each in result["named_stars"]] == [
        ("study", "18", True), ("teaching", "40", True), ("service", "20", True), ("tutor", "10", False),
    ]  # fmt: skip


def test_five_times_of_tutoring_are_a_star_by_one_item(scheme_result: Scored) -> None:
    # 5 × 2.5 = 12.5 ≥ 12.5; service 10 + 12.5 = 22.5 ≥ 20
    result = scheme_result(SCHEME, period=HALF, components={"study": "0"}, entries=tutored(5))
    assert result["labels"] == ["服务星", "辅导星"]


def test_whoever_reaches_none_is_complete_without_a_star(scheme_result: Scored) -> None:
    # study 17.99 < 18; teaching 30 < 40; service 10 < 20; total 17.99 + 30 + 10 = 57.99
    result = scheme_result(SCHEME, period=HALF, components={"study": "17.99"}, entries={"work": []})
    assert (result["status"], result["total"], result["labels"]) == ("complete", "57.99", [])


def test_whoever_lacks_a_part_is_incomplete_and_holds_nothing(scheme_result: Scored) -> None:
    result = scheme_result(SCHEME, period=HALF, entries=tutored(5))
    assert (result["status"], result["labels"]) == ("incomplete", [])


def test_points_for_the_whole_do_not_tell_a_part(scheme_findings: Callable[..., list[dict[str, Any]]]) -> None:
    found = scheme_findings(SCHEME, period=HALF, components={"study": "18", "work": "60"})
    assert {(each["code"], each["place"]) for each in found} == {("entries-needed", "people[0] P01.components.work")}


def test_there_are_neither_caps_nor_places_to_decide(scheme_table: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    people = [{"id": name, "components": {"study": "20"}, "entries": {"work": []}} for name in "AB"]
    code, printed = scheme_table(SCHEME, people, period=HALF)
    assert (code, printed["caps"], printed["decisions_needed"]) == (0, [], [])
    assert [each["labels"] for each in printed["people"]] == [["学习星"], ["学习星"]]
