"""One member's whole year under seed B, worked out by hand in the comments and followed by the engine."""

import json

import pytest

from domain.rulebook import Rulebook
from domain.scoring import PersonResult, Step, score, written
from domain.sheet import parse_sheet

# January, given by its entries and its ballots.
#   Record: the five leads begin with 20 each.
#     learning     20                                           = 20
#     achievement  20 - 4 (a commitment broken) + 3 (a result)  = 19
#     serving      20 - 4 (a complaint) + 2 + 2 + 2 + 1 (solved; together 7, the item's cap is 6)
#                                                               = 22, held at 20
#     discipline   20 - 2 (dues)                                = 18
#     conduct      20 - 3.5 (against the four virtues)          = 16.5
#     bonus         0 + 2 (an honour)                           =  2
#     together                                                    95.5
#   Appraisal: ten members (6 excellent, 3 qualified, 1 basically) and two representatives (2 qualified), a voice each:
#     (600 + 225 + 50 + 150) / 12 = 1025 / 12 = 85.41666…
#   Month: 95.5 × 70 % + 1025/12 × 30 % = 66.85 + 25.625 = 92.475
JANUARY = {
    "period": "2025-01",
    "entries": [
        {"item": "merit-commitment-broken", "points": "-4", "occurred_on": "2025-01-31"},
        {"item": "merit-result", "points": "3", "occurred_on": "2025-01-10"},
        {"item": "serve-complaint", "occurred_on": "2025-01-12"},
        {"item": "serve-solved", "points": "2", "occurred_on": "2025-01-13"},
        {"item": "serve-solved", "points": "2", "occurred_on": "2025-01-14"},
        {"item": "serve-solved", "points": "2", "occurred_on": "2025-01-15"},
        {"item": "serve-solved", "points": "1", "occurred_on": "2025-01-16"},
        {"item": "law-dues"},
        {"item": "spirit-morals", "points": "-3.5", "occurred_on": "2025-01-20"},
        {"item": "bonus-honour", "points": "2", "occurred_on": "2025-01-22"},
    ],
    "ballots": {
        "appraisal": {
            "members": {"优秀": 6, "合格": 3, "基本合格": 1, "弃权": 1},
            "representatives": {"合格": 2},
        }
    },
}
# February to July as scores; August had no session; September to December nobody has entered.
#   records  95.5 + 90 + 88 + 92 + 86 + 94.5 + 91 = 637, over 7 months = 91
MONTHS = [("90", "88"), ("88", "85"), ("92", "90"), ("86", "80"), ("94.5", "95"), ("91", "89")]
# The annual appraisal: 20 ballots, 12 excellent, 6 qualified, 1 basically, 1 not: (1200 + 450 + 50) / 20 = 85
#   Year under R2: 91 × 70 % + 85 × 30 % = 63.7 + 25.5 = 89.2, three stars.
#   Year under R1: the months are 92.475, 89.4, 87.1, 91.4, 84.2, 94.65, 90.4; together 629.625, over 7 = 89.946428…,
#   published 89.95, three stars.
ANNUAL = {"优秀": 12, "合格": 6, "基本合格": 1, "不合格": 1, "弃权": 2}


def scored(rulebook: Rulebook, period: str, **fields: object) -> PersonResult:
    document = json.dumps({"period": period, "people": [{"id": "P"} | fields]}).encode()
    return score(rulebook, parse_sheet(document, rulebook)).people[0]


@pytest.fixture
def year() -> list[dict[str, object]]:
    scores: list[dict[str, object]] = [
        {"period": f"2025-{number:02}", "records": records, "appraisal": appraisal}
        for number, (records, appraisal) in enumerate(MONTHS, start=2)
    ]
    return [dict(JANUARY), *scores, {"period": "2025-08"}]


def test_january_comes_out_as_by_hand(monthly: Rulebook) -> None:
    asked = {name: value for name, value in JANUARY.items() if name != "period"}
    result = scored(monthly, "2025-01", **asked)
    values = {each.component.code: each.value for each in result.standing.tallies}
    assert {code: written(value) for code, value in values.items() if value is not None} == {
        "appraisal": "1025/12", "records": "95.5",
    }  # fmt: skip
    assert result.total_exact is not None
    assert (written(result.total_exact), str(result.total), result.star) == ("92.475", "92.48", 4)


def test_the_year_comes_out_as_by_hand_under_r2(monthly: Rulebook, year: list[dict[str, object]]) -> None:
    result = scored(monthly, "2025", periods=year, ballots={"appraisal": ANNUAL})
    assert result.total_exact is not None
    assert (written(result.total_exact), str(result.total), result.star) == ("89.2", "89.20", 3)


def test_the_year_comes_out_as_by_hand_under_r1(monthly_r1: Rulebook, year: list[dict[str, object]]) -> None:
    result = scored(monthly_r1, "2025", periods=year, ballots={"appraisal": ANNUAL})
    assert result.total_exact is not None
    assert (written(result.total_exact), str(result.total), result.star) == ("5037/56", "89.95", 3)


def test_the_explanation_goes_from_the_star_of_the_year_down_to_a_single_entry(
    monthly: Rulebook, year: list[dict[str, object]]
) -> None:
    step: Step = scored(monthly, "2025", periods=year, ballots={"appraisal": ANNUAL}).explanation
    path = []
    for begins in (
        "by score",
        "the total",
        "weighted sum",
        "Assessment",
        "mean of",
        "2025-01",
        "sum of",
        "Leading in serving",
        "A matter",
    ):
        step = next(child for child in step.children if begins in child.label.en)
        path.append(f"{step.value} {step.clause}")
    assert path == [
        "3 B-16",
        "89.20 AMB-B2",
        "89.2 B-47",
        "63.7 B-47",
        "91 B-47",
        "95.5 B-40",
        "95.5 B-13",
        "20 AMB-B9",
        "6 B-12",
    ]
    assert [child.value for child in step.children] == ["2", "2", "2", "1"]
    assert step.label.en == (
        "A matter solved for the masses (key item, A-49): 2 + 2 + 2 + 1 = 7, above the upper bound, counts 6"
    )
