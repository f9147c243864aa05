"""A scheme with a base of 80: bonus within 20, the sum within 100, then deductions, never below 0, by hand."""

from collections.abc import Callable
from typing import Any

import pytest

SCHEME = "clamp-order"
Entries = list[dict[str, Any]]


def entry(item: str, points: str | None = None, **more: str) -> dict[str, Any]:
    return {"item": item, **({} if points is None else {"points": points}), **more}


@pytest.mark.parametrize(
    ("entries", "about", "total", "star"),
    [
        # 80
        ([], {}, "80.00", 2),
        # 80 + 3 + 5 = 88
        ([entry("helped"), entry("proposal")], {}, "88.00", 2),
        # 8 + 8 + 5 + 3 = 24 → 20; 80 + 20 = 100
        ([entry("project"), entry("project"), entry("proposal"), entry("helped")], {}, "100.00", 3),
        # 8 + 8 + 5 + 3 = 24 → 20; 80 + 20 = 100; 100 + 10 = 110 → 100; 100 - 2 - 10 = 88
        (
            [
                entry("project"), entry("project"), entry("proposal"), entry("helped"),
                entry("honour", "10"), entry("delay"), entry("reprimand"),
            ],
            {}, "88.00", 2,
        ),
        # 80 + 5 = 85; 85 - 7.25 = 77.75
        ([entry("proposal"), entry("fault", "-7.25")], {}, "77.75", 2),
        # 80 + 3 = 83; 83 + 6.5 = 89.5; 89.5 - 30 - 30 - 30 = -0.5 → 0
        ([entry("helped"), entry("honour", "6.5"), *[entry("fault", "-30")] * 3], {}, "0.00", 1),
        # 70 + 5 = 75; 75 + 6.333333 = 81.333333; 81.333333 - 2 = 79.333333 → 79.33
        (
            [entry("proposal"), entry("honour", "6.333333"), entry("delay")],
            {"category": "retired"}, "79.33", 2,
        ),
        # 70 + 3 = 73, the category told by the post
        ([entry("helped")], {"posts": ["离退休"]}, "73.00", 1),
    ],
)  # fmt: skip
def test_a_total_comes_out_as_by_hand(
    scheme_result: Callable[..., dict[str, Any]], entries: Entries, about: dict[str, Any], total: str, star: int
) -> None:
    given = {"entries": {"points": entries}, "category": "serving", **about}
    if "posts" in about:
        del given["category"]
    result = scheme_result(SCHEME, **given)
    assert (result["total"], result["star"]) == (total, star)


def test_the_order_of_clamps_is_told_step_by_step_with_the_clause_of_each(
    scheme_result: Callable[..., dict[str, Any]], steps_of: Callable[..., list[dict[str, Any]]]
) -> None:
    entries = [*[entry("project")] * 3, entry("honour", "10"), entry("delay")]
    result = scheme_result(SCHEME, entries={"points": entries}, category="serving")
    steps = steps_of(result)
    told = [(step["clause"], step["text"]) for step in steps]
    assert ("7", "members in service, counted in order: 80 → 100 → 110 → 100 → 98 → 98") in told
    assert ("4", "begins at 80") in told
    assert ("5", "with day-to-day additions (together 24, above the upper bound, counts 20): 80 + 20 = 100") in told
    assert ("6", "with honours: 100 + 10 = 110") in told
    assert ("7", "at most 100: 110 counts 100") in told
    assert ("8", "with deductions: 100 + (-2) = 98") in told
    assert ("8", "at least 0: 98 keeps within it") in told


def test_every_clause_that_a_step_cites_stands_in_the_scheme(
    scheme_result: Callable[..., dict[str, Any]],
    steps_of: Callable[..., list[dict[str, Any]]],
    clauses_of: Callable[[str], set[str]],
) -> None:
    entries = [entry("project"), entry("delay"), entry("honour", "7")]
    steps = steps_of(scheme_result(SCHEME, entries={"points": entries}, category="retired"))
    assert {step["clause"] for step in steps} - clauses_of(SCHEME) <= {"qingping-points"}
