"""Sheets of months, entries, groups of voters and years are read as the calculator's interface writes them."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.findings import Invalid
from domain.rulebook import Rulebook
from domain.sheet import Candidate, Counted, Given, PeriodGiven, Recorded, entry_of, parse_sheet

GRADES = {"优秀": 12, "合格": 6, "基本合格": 1, "不合格": 1, "弃权": 2}


def read(rulebook: Rulebook, period: str = "2025-03", **fields: object) -> Candidate:
    document = json.dumps({"period": period, "people": [{"id": "P"} | fields]}).encode()
    return parse_sheet(document, rulebook).people[0]


def findings(rulebook: Rulebook, period: str = "2025-03", **fields: object) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        read(rulebook, period, **fields)
    return [(each.code, each.place.removeprefix("people[0] P.")) for each in refused.value.findings]


def test_an_entry_of_the_interface_is_read_with_its_place(monthly: Rulebook) -> None:
    person = read(
        monthly, entries=[{"item": "serve-solved", "points": "2", "occurred_on": "2025-03-05", "sources": [7]}]
    )
    assert person.components["records"] == Recorded((entry_of("serve-solved", Decimal(2), date(2025, 3, 5), (7,)),))
    (line,) = person.components["records"].entries
    assert line.place == "people[0] P.entries[0]"


def test_entries_go_to_the_components_of_their_items(annual: Rulebook) -> None:
    entries = [{"item": "job-small"}, {"item": "key-welfare"}, {"item": "job-post"}]
    person = read(annual, "2025", entries=entries)
    assert {
        code: [each.item for each in score.entries]
        for code, score in person.components.items()
        if isinstance(score, Recorded)
    } == {
        "work": ["job-small", "job-post"],
        "branch": ["key-welfare"],
    }


def test_an_empty_list_of_entries_says_nothing_and_one_by_component_says_that_nothing_happened(
    monthly: Rulebook,
) -> None:
    assert read(monthly, entries=[]).components == {}
    assert read(monthly, entries={"records": []}).components == {"records": Recorded()}


def test_ballots_are_read_flat_and_by_group(monthly: Rulebook) -> None:
    assert read(monthly, ballots={"appraisal": GRADES}).components["appraisal"] == Counted(GRADES)
    groups = {"members": GRADES, "representatives": {"优秀": 3}}
    assert read(monthly, ballots={"appraisal": groups}).components["appraisal"] == Counted(groups=groups)


def test_a_year_of_the_interface_is_read(monthly: Rulebook) -> None:
    periods: list[dict[str, object]] = [
        {"period": "2025-01", "records": "88", "appraisal": "80"},
        {"period": "2025-02", "entries": [{"item": "law-dues"}], "ballots": {"appraisal": GRADES}, "sources": [5]},
    ]
    person = read(monthly, "2025", periods=periods, components={"appraisal": "86"}, posts=["班组长"])
    assert person.components == {"appraisal": Given(Decimal(86))}
    assert person.posts == {"班组长"}
    assert person.periods == (
        PeriodGiven("2025-01", {"records": Given(Decimal(88)), "appraisal": Given(Decimal(80))}),
        PeriodGiven(
            "2025-02", {"records": Recorded((entry_of("law-dues"),)), "appraisal": Counted(GRADES)}, sources=(5,)
        ),
    )


@pytest.mark.parametrize(
    ("line", "assessed"),
    [
        ({}, False),
        ({"records": None, "appraisal": None}, False),
        ({"records": "90"}, True),
        ({"assessed": True}, True),
        ({"assessed": False}, False),
    ],
)
def test_a_month_without_any_value_was_not_assessed_unless_it_says_so(
    monthly: Rulebook, line: dict[str, object], *, assessed: bool
) -> None:
    (period,) = read(monthly, "2025", periods=[{"period": "2025-01"} | line]).periods
    assert period.assessed == assessed


@pytest.mark.parametrize(
    ("period", "fields", "finding"),
    [
        ("2025-03", {"entries": [{"item": "none"}]}, ("item-unknown", "entries[0].item")),
        ("2025-03", {"entries": [{"points": "1"}]}, ("field-unfit", "entries[0].item")),
        ("2025-03", {"entries": [{"item": "law-dues", "weight": 1}]}, ("field-unknown", "entries[0].weight")),
        ("2025-03", {"entries": [{"item": "serve-solved", "points": "1e0"}]}, ("field-unfit", "entries[0].points")),
        (
            "2025-03",
            {"entries": [{"item": "law-dues", "occurred_on": "2025-3-5"}]},
            ("field-unfit", "entries[0].occurred_on"),
        ),
        (
            "2025-03",
            {"entries": [{"item": "law-dues", "occurred_on": "2025-04-05"}]},
            ("entry-outside-period", "entries[0].occurred_on"),
        ),
        ("2025-03", {"entries": {"appraisal": []}}, ("source-not-declared", "entries.appraisal")),
        ("2025-03", {"entries": "law-dues"}, ("field-unfit", "entries")),
        (
            "2025-03",
            {"entries": [{"item": "law-dues"}], "components": {"records": "90"}},
            ("source-doubled", "entries"),
        ),
        (
            "2025-03",
            {"ballots": {"appraisal": GRADES}, "components": {"appraisal": "90"}},
            ("source-doubled", "ballots.appraisal"),
        ),
        ("2025-03", {"ballots": {"records": GRADES}}, ("source-not-declared", "ballots.records")),
        ("2025-03", {"ballots": {"appraisal": {"good": 9}}}, ("grade-unknown", "ballots.appraisal.good")),
        ("2025-03", {"ballots": {"appraisal": {"优秀": "9"}}}, ("field-unfit", "ballots.appraisal.优秀")),
        (
            "2025-03",
            {"ballots": {"appraisal": {"guests": {"优秀": 9}}}},
            ("voters-unknown", "ballots.appraisal.guests"),
        ),
        ("2025-03", {"periods": [{"period": "2025-01"}]}, ("source-not-declared", "periods")),
        ("2025", {"periods": {"period": "2025-01"}}, ("field-unfit", "periods")),
        ("2025", {"periods": [{"period": "2025-01", "labour": "1"}]}, ("field-unknown", "periods[0].labour")),
        ("2025", {"periods": [{"period": "2026-01", "records": "1"}]}, ("month-outside-year", "periods[0].period")),
        ("2025", {"entries": [{"item": "law-dues"}]}, ("component-by-month", "components.records")),
        ("2025-03", {"vetoes": ["x"]}, ("source-not-declared", "vetoes")),
        ("2025-03", {"last_year": {"records": "90"}}, ("source-not-declared", "last_year.records")),
    ],
)
def test_what_does_not_fit_is_refused_at_its_place(
    monthly: Rulebook, period: str, fields: dict[str, object], finding: tuple[str, str]
) -> None:
    assert findings(monthly, period, **fields) == [finding]


def test_a_mixture_of_groups_and_grades_is_refused(monthly: Rulebook) -> None:
    found = findings(monthly, ballots={"appraisal": {"members": {"优秀": 9}, "合格": 3}})
    assert found == [("field-unfit", "ballots.appraisal.合格"), ("voters-unknown", "ballots.appraisal.合格")]


def test_a_period_that_is_asked_for_wins_over_the_one_written(monthly: Rulebook) -> None:
    document = json.dumps({"people": [{"id": "P", "components": {"records": "90"}}]}).encode()
    assert parse_sheet(document, monthly, "2025-04").period == "2025-04"
    with pytest.raises(Invalid):
        parse_sheet(document, monthly)


def test_a_rulebook_without_items_declares_no_entries(monthly: Rulebook) -> None:
    bare = replace(monthly, items={})
    assert findings(bare, entries=[{"item": "law-dues"}]) == [("source-not-declared", "entries")]
