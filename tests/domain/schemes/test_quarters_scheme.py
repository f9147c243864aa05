"""Quarters that begin anew and are added up, in a year from December to November, with one leave free in each."""

from collections.abc import Callable
from typing import Any

import pytest

SCHEME = "quarterly-sums"
Scored = Callable[..., dict[str, Any]]
Refused = Callable[..., list[dict[str, Any]]]


def entry(item: str, day: str, **about: str) -> dict[str, str]:
    return {"item": item, "occurred_on": day, **about}


def quarter(period: str, *entries: dict[str, str]) -> dict[str, Any]:
    return {"period": period, "entries": {"points": list(entries)}}


# Q1 (2024-12 to 2025-02)   20 + 0 (leave, free) + 7 h × 0.75 = 25.25
# Q2 (2025-03 to 2025-05)   20 + 0 (free) − 1 + 14 h × 0.75 = 10.5, counts 9: 28
# Q3 (2025-06 to 2025-08)   20 − 3 = 17
# Q4 (2025-09 to 2025-11)   20 + 6.5 h × 0.75 = 24.875
# year                      25.25 + 28 + 17 + 24.875 = 95.125 → 95.13, three stars (≥ 90)
QUARTERS = [
    quarter("2025-Q1", entry("leave", "2024-12-10"), entry("service", "2025-01-05", amount="7")),
    quarter(
        "2025-Q2",
        entry("leave", "2025-03-10"),
        entry("leave", "2025-04-10"),
        entry("service", "2025-05-05", amount="14"),
    ),
    quarter("2025-Q3", entry("absent", "2025-06-10")),
    quarter("2025-Q4", entry("service", "2025-11-30", amount="6.5")),
]


def test_the_quarters_are_added_and_rounded_once(scheme_result: Scored) -> None:
    result = scheme_result(SCHEME, periods=QUARTERS)
    assert (result["total_exact"], result["total"], result["star"]) == ("95.125", "95.13", 3)
    assert [each["total_exact"] for each in result["months"]] == ["25.25", "28", "17", "24.875"]


def test_a_quarter_has_a_star_of_its_own(scheme_result: Scored) -> None:
    # 20 + 0 + 5.25 = 25.25, three stars (≥ 25)
    (entries,) = [QUARTERS[0]["entries"]]
    result = scheme_result(SCHEME, period="2025-Q1", entries=entries)
    assert (result["total"], result["star"]) == ("25.25", 3)


def test_the_sum_ends_at_a_hundred(scheme_result: Scored) -> None:
    # 4 × (20 + 9) = 116, counts 100
    days = ("2024-12-31", "2025-03-01", "2025-08-31", "2025-09-01")
    periods = [
        quarter(f"2025-Q{number}", entry("service", day, amount="20")) for number, day in enumerate(days, start=1)
    ]
    assert scheme_result(SCHEME, periods=periods)["total"] == "100.00"


@pytest.mark.parametrize("day", ["2024-11-30", "2025-03-01"])
def test_a_day_outside_the_quarter_is_refused(scheme_findings: Refused, day: str) -> None:
    found = scheme_findings(SCHEME, period="2025-Q1", entries=[entry("absent", day)])
    assert [each["code"] for each in found] == ["entry-outside-period"]


def test_two_quarters_are_too_few_for_a_year(scheme_result: Scored) -> None:
    result = scheme_result(SCHEME, periods=QUARTERS[:2])
    assert (result["status"], result["star"]) == ("incomplete", None)
    assert [reason["clause"] for reason in result["reasons"]] == ["6"]


def test_a_quarter_left_out_adds_nothing_and_is_named(scheme_result: Scored) -> None:
    # 25.25 + 28 + 24.875 = 78.125 → 78.13, two stars (≥ 70)
    result = scheme_result(SCHEME, periods=[QUARTERS[0], QUARTERS[1], QUARTERS[3]])
    assert (result["total"], result["star"]) == ("78.13", 2)
    assert any("2025-Q3" in reason["text"] for reason in result["reasons"])


def test_the_order_in_which_quarters_are_given_never_matters(scheme_result: Scored) -> None:
    assert scheme_result(SCHEME, periods=QUARTERS[::-1]) == scheme_result(SCHEME, periods=QUARTERS)


@pytest.mark.parametrize("period", ["2025-03", "2025-H1", "2025-Q5"])
def test_another_kind_of_period_is_refused(scheme_findings: Refused, period: str) -> None:
    assert [each["code"] for each in scheme_findings(SCHEME, period=period)] == ["period-unfit"]


def test_a_quarter_of_another_year_is_refused(scheme_findings: Refused) -> None:
    found = scheme_findings(SCHEME, periods=[quarter("2024-Q4")])
    assert [each["code"] for each in found] == ["month-outside-year"]
