"""Months, quarters, half-years and years as exact days, also where a year does not begin in January."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.rulebook import parse_rulebook
from domain.rulebook.periods import MONTHS_IN, PeriodKind, YearShape, kind_of

KINDS: list[PeriodKind] = ["month", "quarter", "half_year"]
SHAPES = some.builds(YearShape, some.integers(1, 12), some.sampled_from(["end", "start"]))


@pytest.mark.parametrize(
    ("begins", "named_by", "period", "first", "end"),
    [
        (1, "end", "2025", date(2025, 1, 1), date(2026, 1, 1)),
        (12, "end", "2025", date(2024, 12, 1), date(2025, 12, 1)),
        (12, "start", "2025", date(2025, 12, 1), date(2026, 12, 1)),
        (12, "end", "2025-Q1", date(2024, 12, 1), date(2025, 3, 1)),
        (12, "end", "2025-H2", date(2025, 6, 1), date(2025, 12, 1)),
        (1, "end", "2025-Q4", date(2025, 10, 1), date(2026, 1, 1)),
        (7, "end", "2025-02", date(2025, 2, 1), date(2025, 3, 1)),
    ],
)
def test_a_period_is_exact_days(begins: int, named_by: str, period: str, first: date, end: date) -> None:
    shape = YearShape(begins, named_by)  # type: ignore[arg-type]
    assert (shape.start(period), shape.end(period)) == (first, end)


@pytest.mark.parametrize("written", ["", "25", "2025-13", "2025-00", "2025-Q0", "2025-Q5", "2025-H3", "2025-1", "x"])
def test_whatever_is_written_otherwise_is_no_period(written: str) -> None:
    assert kind_of(written) is None
    assert YearShape().start(written) is None
    assert YearShape().end(written) is None


@given(SHAPES, some.integers(2, 9998), some.sampled_from(KINDS))
def test_the_parts_of_a_year_follow_one_another_and_fill_it(shape: YearShape, year: int, kind: PeriodKind) -> None:
    name = f"{year:04}"
    parts = shape.parts(name, kind)
    assert len(parts) == 12 // MONTHS_IN[kind]
    starts, ends = [shape.start(part) for part in parts], [shape.end(part) for part in parts]
    assert starts[0] == shape.start(name)
    assert ends[-1] == shape.end(name)
    assert starts[1:] == ends[:-1]
    assert {shape.year_of(part) for part in parts} == {name}


@given(SHAPES, some.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_every_day_lies_in_exactly_one_year(shape: YearShape, day: date) -> None:
    names = [f"{year:04}" for year in range(day.year - 2, day.year + 3)]
    spans = [(shape.start(name), shape.end(name)) for name in names]
    assert sum(1 for first, end in spans if first and end and first <= day < end) == 1


def test_the_last_years_of_the_calendar_have_no_end() -> None:
    assert YearShape().end("9999") is None
    assert YearShape().start("9999") == date(9999, 1, 1)
    assert YearShape(12).start("0001") is None


@given(SHAPES, some.dates(date(3, 1, 1), date(9990, 1, 1)), some.sampled_from(KINDS))
def test_every_day_lies_in_one_period_of_each_kind(shape: YearShape, day: date, kind: PeriodKind) -> None:
    days = shape.around(day, kind)
    assert days.holds(day)
    months = (days.last.year - days.first.year) * 12 + days.last.month - days.first.month + 1
    assert (days.first.day, months) == (1, MONTHS_IN[kind])
    assert (days.first.month - shape.begins) % MONTHS_IN[kind] == 0


def test_what_counts_in_a_period_are_those_of_its_year_or_those_before_it_where_points_carry_on() -> None:
    scheme = (Path(__file__).parents[1] / "schemes" / "quarterly-sums.toml").read_bytes()
    rules = parse_rulebook(scheme)
    quarters = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4")
    assert rules.counted_in("2025") == quarters
    assert rules.counted_in("2025-Q3") == ()
    assert rules.annual is not None
    carried = replace(rules, annual=replace(rules.annual, carry=True))
    assert (carried.counted_in("2025-Q3"), carried.counted_in("2025")) == (quarters[:2], quarters)
    assert carried.counted_in("2025-03") == ()
    assert [rules.has_period(each) for each in ("2025", "2025-Q1", "2025-03", "2025-H1")] == [True, True, False, False]
