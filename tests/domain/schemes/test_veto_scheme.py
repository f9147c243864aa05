"""Vetoes and multipliers, as an invented bureau counts them: grades without an upper limit, and four kinds of veto."""

from collections.abc import Callable
from typing import Any

import pytest

from cli.exits import Exit

SCHEME = "veto-and-multipliers"
Scored = Callable[..., dict[str, Any]]

# report, province   1.5 × 3 = 4.5
# report, city       1.5 × 2 = 3        reports 4.5 + 3 = 7.5 (at most 15)
# late papers        −2.25              base 60 + 7.5 − 2.25 = 65.25
# honour, province   4 × 3 = 12, counts 10
# total              65.25 + 10 = 75.25 → 优秀 (≥ 75)
ENTRIES = [
    {"item": "report", "occurred_on": "2025-03-01", "level": "province"},
    {"item": "report", "occurred_on": "2025-04-01", "level": "city"},
    {"item": "honour", "occurred_on": "2025-05-01", "level": "province"},
    {"item": "late", "occurred_on": "2025-06-01"},
]


def graded(result: dict[str, Any]) -> tuple[str | None, str | None, str, list[str]]:
    return result["total"], result["star"], result["label"], result["labels"]


def test_multipliers_are_counted_to_the_hundredth_and_the_result_is_a_grade(scheme_result: Scored) -> None:
    assert graded(scheme_result(SCHEME, entries=ENTRIES)) == ("75.25", None, "优秀", ["优秀"])


def test_the_total_has_no_upper_limit(scheme_result: Scored) -> None:
    # 60 + 4 honours × 10 = 100, and 10 reports × 4.5 = 45, counts 15: 115
    honours = [{"item": "honour", "occurred_on": f"2025-0{month}-01", "level": "province"} for month in range(1, 5)]
    reports = [{"item": "report", "occurred_on": f"2025-05-{day:02}", "level": "province"} for day in range(1, 11)]
    assert graded(scheme_result(SCHEME, entries=[*honours, *reports]))[0] == "115.00"


def test_deductions_end_at_nothing(scheme_result: Scored) -> None:
    # 60 − 30 × 2.25 = −7.5, counts 0
    late = [{"item": "late", "occurred_on": f"2025-06-{day:02}"} for day in range(1, 31)]
    assert graded(scheme_result(SCHEME, entries=late))[:3] == ("0.00", None, "不合格")


@pytest.mark.parametrize(
    ("veto", "total", "label"),
    [
        ("case", "0.00", "不合格"),
        ("dues", "75.25", "不合格"),
        ("inquiry", "75.25", "不评定"),
        ("accident", "75.25", "优秀"),
    ],
)
def test_each_veto_has_its_own_effect(scheme_result: Scored, veto: str, total: str, label: str) -> None:
    result = scheme_result(SCHEME, entries=ENTRIES, vetoes=[veto])
    assert (result["total"], result["label"]) == (total, label)
    assert [each["code"] for each in result["vetoes"]] == [veto]
    assert any(reason["clause"] == "6" for reason in result["reasons"])


def test_whoever_is_under_inquiry_needs_no_score(scheme_result: Scored) -> None:
    result = scheme_result(SCHEME, vetoes=["inquiry"])
    assert (result["status"], result["total"], result["label"]) == ("not_rated", None, "不评定")


@pytest.mark.parametrize(("year", "state"), [("2025", "withheld"), ("2024", "withheld"), ("2023", "follows")])
def test_an_accident_bars_honours_for_two_years(scheme_result: Scored, year: str, state: str) -> None:
    result = scheme_result(SCHEME, entries=ENTRIES, vetoes=[{"code": "accident", "period": year}])
    assert [(each["code"], each["state"]) for each in result["consequences"]] == [("candidate", state)]
    assert result["label"] == "优秀"


def test_a_veto_that_the_scheme_has_not_is_refused_with_its_place(
    scheme_findings: Callable[..., list[dict[str, Any]]],
) -> None:
    (finding,) = scheme_findings(SCHEME, entries=ENTRIES, vetoes=["gossip"])
    assert (finding["code"], finding["place"]) == ("veto-unknown", "people[0] P01.vetoes[0]")


def test_a_veto_of_a_year_to_come_is_refused(scheme_outcome: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    code, printed = scheme_outcome(SCHEME, entries=ENTRIES, vetoes=[{"code": "accident", "period": "2026"}])
    assert code == Exit.REFUSED
    assert [each["place"] for each in printed["findings"]] == ["people[0] P01.vetoes[0].period"]


def test_the_total_that_was_vetoed_stays_in_the_explanation(
    scheme_result: Scored, steps_of: Callable[[dict[str, Any]], list[dict[str, Any]]]
) -> None:
    steps = steps_of(scheme_result(SCHEME, entries=ENTRIES, vetoes=["case"]))
    assert {"0.00", "75.25"} <= {step["value"] for step in steps}
