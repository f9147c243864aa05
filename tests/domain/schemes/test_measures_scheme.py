"""A scheme of categories, units, steps, rates, levels, exclusion, a free allowance and a mid-year change, by hand."""

from collections.abc import Callable
from typing import Any

import pytest

SCHEME = "categories-and-measures"
Result = Callable[..., dict[str, Any]]
Entries = list[dict[str, Any]]
FIGURES = [{"item": "output", "amount": "95"}, {"item": "quality", "amount": "99.5"}]
"""95 × 60 % = 57; 99.5 × 40 % = 39.8; 57 + 39.8 = 96.8; of the total 96.8 × 40 % = 38.72"""


def on(item: str, day: str, **more: str) -> dict[str, Any]:
    return {"item": item, "occurred_on": f"2025-{day}", **more}


@pytest.mark.parametrize(
    ("category", "entries", "conduct", "total"),
    [
        # conduct 60; 38.72 + 60 × 60 % = 38.72 + 36 = 74.72
        ("ordinary", [], "60", "74.72"),
        # 7 × 0.5 = 3.5; 20 × 0.5 = 10 → 4; 60 + 3.5 + 4 = 67.5; 38.72 + 67.5 × 60 % = 38.72 + 40.5 = 79.22
        ("ordinary", [on("service", "03-01", amount="7"), on("service", "04-01", amount="20")], "67.5", "79.22"),
        # three times 20 × 0.5 = 10 → 4: 12 → 10; 60 + 10 = 70; 38.72 + 42 = 80.72
        ("ordinary", [on("service", f"0{month}-01", amount="20") for month in (3, 4, 5)], "70", "80.72"),
        # free, -2, -2: 60 - 4 = 56; 38.72 + 33.6 = 72.32
        ("ordinary", [on("leave", day) for day in ("09-10", "02-10", "05-10")], "56", "72.32"),
        # 20 short: -1; 20.5 short: -3; 51 short: -8; 0 short: 0; 60 - 12 = 48; 38.72 + 28.8 = 67.52
        (
            "ordinary",
            [on("task-hours", "06-01", amount=amount) for amount in ("20", "20.5", "51", "0")],
            "48", "67.52",
        ),
        # “jig”: 2 × 3 = 6 before 2 × 1 = 2 and 5; “fixture”: 4; 60 + 6 + 4 = 70; 38.72 + 42 = 80.72
        (
            "ordinary",
            [
                on("report", "03-02", level="county", matter="jig"),
                on("commended", "03-09", points="5", matter="jig"),
                on("report", "05-20", level="province", matter="jig"),
                on("commended", "06-01", points="4", matter="fixture"),
            ],
            "70", "80.72",
        ),
        # 50, led: 6 + 6, the third beyond two; 50 + 12 = 62; 38.72 + 37.2 = 75.92
        ("core", [on("apprentice", day) for day in ("04-01", "08-01", "11-01")], "62", "75.92"),
        # 3 to 30 June, 5 from 1 July: 60 + 3 + 3 + 5 + 5 = 76; 38.72 + 45.6 = 84.32
        ("mobile", [on("letter", day) for day in ("03-30", "06-30", "07-01", "12-31")], "76", "84.32"),
        # open above: 60 + 8 × 5 = 100, and 2 × 2 = 4: 104; 38.72 + 62.4 = 101.12
        (
            "mobile",
            [*[on("letter", "08-01")] * 8, on("report", "09-01", level="city", matter="press")],
            "104", "101.12",
        ),
        # never below 0: 60 - 8 × 8 = -4 → 0; 38.72 + 0 = 38.72
        ("ordinary", [on("task-hours", "06-01", amount="60")] * 8, "0", "38.72"),
    ],
)  # fmt: skip
def test_a_total_comes_out_as_by_hand(
    scheme_result: Result,
    steps_of: Callable[..., list[dict[str, Any]]],
    category: str,
    entries: Entries,
    conduct: str,
    total: str,
) -> None:
    result = scheme_result(SCHEME, category=category, entries={"figures": FIGURES, "conduct": entries})
    (weighed,) = [step["text"] for step in steps_of(result) if step["text"].startswith("conduct as a member")]
    assert weighed.startswith(f"conduct as a member: {conduct} × 60% = ")
    assert result["total"] == total


@pytest.mark.parametrize(
    ("category", "entries", "finding"),
    [
        ("ordinary", [on("apprentice", "04-01")], ("item-of-others", "[0].item")),
        ("core", [on("letter", "04-01")], ("item-of-others", "[0].item")),
        ("mobile", [{"item": "letter"}], ("entry-day-missing", "[0].occurred_on")),
        ("ordinary", [on("service", "03-01")], ("amount-missing", "[0].amount")),
        ("ordinary", [on("service", "03-01", amount="-1")], ("amount-unfit", "[0].amount")),
        ("ordinary", [on("service", "03-01", amount="4", points="3")], ("points-unfit", "[0].points")),
        ("ordinary", [on("service", "03-01", amount="0.1234567")], ("score-too-fine", "[0].amount")),
        ("ordinary", [on("leave", "03-01", amount="1")], ("amount-unfit", "[0].amount")),
        ("ordinary", [on("report", "03-01", matter="a")], ("level-unknown", "[0].level")),
        ("ordinary", [on("report", "03-01", matter="a", level="world")], ("level-unknown", "[0].level")),
        ("ordinary", [on("leave", "03-01", level="city")], ("level-unknown", "[0].level")),
        ("ordinary", [on("report", "03-01", level="city")], ("matter-missing", "[0].matter")),
        ("visitors", [], ("category-unknown", "category")),
    ],
)
def test_what_does_not_fit_is_refused_at_its_place(
    scheme_findings: Callable[..., list[dict[str, Any]]], category: str, entries: Entries, finding: tuple[str, str]
) -> None:
    found = scheme_findings(SCHEME, category=category, entries={"conduct": entries})
    code, place = finding
    at = f"people[0] P01.{'entries.conduct' * place.startswith('[')}{place}"
    assert (code, at) in [(each["code"], each["place"]) for each in found]


def test_a_rate_above_a_hundred_is_refused(scheme_findings: Callable[..., list[dict[str, Any]]]) -> None:
    entries = {"figures": [{"item": "output", "amount": "100.5"}]}
    (found,) = scheme_findings(SCHEME, category="ordinary", entries=entries)
    assert (found["code"], found["place"]) == ("amount-unfit", "people[0] P01.entries.figures[0].amount")


def test_an_entry_that_counts_nothing_says_why(
    scheme_result: Result, steps_of: Callable[..., list[dict[str, Any]]]
) -> None:
    entries = [
        on("leave", "03-01"),
        on("service", "03-02", amount="20"),
        on("report", "03-03", level="city", matter="jig"),
        on("commended", "03-04", points="3", matter="jig"),
        *[on("apprentice", f"0{month}-01") for month in (5, 6, 7)],
    ]
    result = scheme_result(SCHEME, category="core", entries={"figures": FIGURES, "conduct": entries})
    told = [step["text"] for step in steps_of(result)]
    for beginning in (
        "2025-03-01 leave 0 (worth -2; the first 1 count nothing)",
        "2025-03-02 service +4 (20 × 0.5 per hour = 10, above the upper bound, counts 4)",
        "2025-03-03 report +4 (city: 2 × 2 = 4)",
        "2025-03-04 commended 0 (worth 3; of the matter “jig” only the largest counts, which is another)",
        "2025-07-01 apprentice 0 (worth 6; only 2 count in a period)",
        "output +57 (95 × 60% = 57)",
    ):
        assert any(text.startswith(beginning) for text in told), beginning
