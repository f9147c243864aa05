"""Conditions beside the score, outcomes of probation, and measures after two years in succession."""

from collections.abc import Callable
from typing import Any

import pytest

SCHEME = "gates-and-probation"
Scored = Callable[..., dict[str, Any]]
Refused = Callable[..., list[dict[str, Any]]]
PASSED: dict[str, Any] = {"tasks_done": "100", "tasks_exceeded": "30", "attendance": "90.5", "clean": True}


def of(tasks: str, appraisal: str) -> dict[str, str]:
    return {"tasks": tasks, "appraisal": appraisal}


# 95 × 80 % + 80 × 20 % = 76 + 16 = 92 → four stars (≥ 90)
FOUR = of("95", "80")


def test_whoever_meets_every_condition_keeps_the_star_of_the_score(scheme_result: Scored) -> None:
    result = scheme_result(SCHEME, components=FOUR, gates=PASSED)
    assert (result["total"], result["score_star"], result["star"]) == ("92.00", 4, 4)
    assert {gate["state"] for gate in result["gates"]} == {"passed"}


@pytest.mark.parametrize(
    ("measure", "known", "star"),
    [("tasks_done", "99.9", 3), ("tasks_exceeded", "29.99", 3), ("attendance", "90.4", 2), ("clean", False, 1)],
)
def test_a_condition_that_is_not_met_takes_the_star_it_names(
    scheme_result: Scored, measure: str, known: object, star: int
) -> None:
    result = scheme_result(SCHEME, components=FOUR, gates={**PASSED, measure: known})
    assert (result["total"], result["score_star"], result["star"]) == ("92.00", 4, star)
    assert result["explanation"]["clause"] == "4"


@pytest.mark.parametrize("missing", sorted(PASSED))
def test_a_condition_that_is_not_known_makes_the_result_incomplete_never_failed(
    scheme_result: Scored, missing: str
) -> None:
    known = {measure: value for measure, value in PASSED.items() if measure != missing}
    for gates in (known, {**known, missing: None}):
        result = scheme_result(SCHEME, components=FOUR, gates=gates)
        assert (result["status"], result["total"], result["star"]) == ("incomplete", "92.00", None)
        assert [gate["state"] for gate in result["gates"]].count("open") == 1


def test_what_could_not_lower_the_star_any_further_need_not_be_known(scheme_result: Scored) -> None:
    result = scheme_result(SCHEME, components=FOUR, gates={"clean": False})
    assert (result["status"], result["star"]) == ("complete", 1)


def test_a_condition_of_a_higher_star_is_not_asked_of_a_lower_one(scheme_result: Scored) -> None:
    # 60 × 80 % + 70 × 20 % = 48 + 14 = 62 → two stars: only the condition of two stars counts
    result = scheme_result(SCHEME, components=of("60", "70"), gates={"clean": True})
    assert (result["status"], result["star"]) == ("complete", 2)


# 86 × 80 % + 81 × 20 % = 68.8 + 16.2 = 85;  85.9 × 80 % + 81.35 × 20 % = 68.72 + 16.27 = 84.99
# 70 × 80 % + 70 × 20 % = 70;                69.99 × 80 % + 69.99 × 20 % = 69.99
@pytest.mark.parametrize(
    ("tasks", "appraisal", "total", "outcome"),
    [
        ("86", "81", "85.00", "on_time"), ("85.9", "81.35", "84.99", "extended"),
        ("70", "70", "70.00", "extended"), ("69.99", "69.99", "69.99", "cancelled"),
    ],
)  # fmt: skip
def test_a_probation_ends_by_the_total(
    scheme_result: Scored, tasks: str, appraisal: str, total: str, outcome: str
) -> None:
    result = scheme_result(SCHEME, kind="probationary", components=of(tasks, appraisal), gates=PASSED)
    assert (result["total"], result["outcome"]) == (total, outcome)


def test_a_formal_member_has_no_outcome_of_probation(scheme_result: Scored) -> None:
    assert scheme_result(SCHEME, components=FOUR, gates=PASSED)["outcome"] is None


@pytest.mark.parametrize(
    ("earlier", "states"),
    [
        ({"2024": 2}, ["follows"]),
        ({"2024": 3}, []),
        ({"2024": None}, []),
        ({}, ["unknown"]),
        ({"2023": 1}, ["unknown"]),
    ],
)
def test_measures_follow_after_two_years_in_succession(
    scheme_result: Scored, earlier: dict[str, int | None], states: list[str]
) -> None:
    result = scheme_result(SCHEME, components=of("60", "70"), gates=PASSED, earlier=earlier)
    assert [each["state"] for each in result["consequences"]] == states


@pytest.mark.parametrize(
    ("gates", "code"),
    [
        ({**PASSED, "clean": "1"}, "measure-unfit"), ({**PASSED, "attendance": True}, "measure-unfit"),
        ({**PASSED, "photographs": "9"}, "measure-unknown"),
    ],
)  # fmt: skip
def test_a_condition_of_another_kind_is_refused(scheme_findings: Refused, gates: dict[str, Any], code: str) -> None:
    assert [each["code"] for each in scheme_findings(SCHEME, components=FOUR, gates=gates)] == [code]


@pytest.mark.parametrize(("earlier", "code"), [({"2025": 2}, "period-unfit"), ({"2024": 9}, "star-unknown")])
def test_an_earlier_star_that_cannot_be_is_refused(
    scheme_findings: Refused, earlier: dict[str, int], code: str
) -> None:
    found = scheme_findings(SCHEME, components=FOUR, gates=PASSED, earlier=earlier)
    assert [each["code"] for each in found] == [code]
