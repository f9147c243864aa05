"""The periods of a scheme: months, quarters, half-years and years that need not begin in January, as exact days."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from domain.dates import Days
from domain.text import Text

PeriodKind = Literal["year", "half_year", "quarter", "month"]
YearNamedBy = Literal["end", "start"]

MONTHS_IN: dict[PeriodKind, int] = {"year": 12, "half_year": 6, "quarter": 3, "month": 1}
"""How many months each kind of period lasts."""

KIND_WORDS: dict[PeriodKind, Text] = {
    "year": Text("年度", "year"),
    "half_year": Text("半年", "half-year"),
    "quarter": Text("季度", "quarter"),
    "month": Text("月份", "month"),
}
"""What each kind of period is called."""

PERIOD_WRITTEN: dict[PeriodKind, Text] = {
    "year": Text("如“2025”（年）", 'such as "2025" for the year'),
    "half_year": Text("如“2025-H1”（半年）", 'such as "2025-H1" for a half-year'),
    "quarter": Text("如“2025-Q1”（季度）", 'such as "2025-Q1" for a quarter'),
    "month": Text("如“2025-03”（月）", 'such as "2025-03" for a month'),
}
"""How each kind of period is written."""

_YEAR = 12
KNOWN = 4_096
"""How many periods are remembered: a year of months asks for the same few of everybody."""
_WRITTEN: dict[PeriodKind, re.Pattern[str]] = {
    "year": re.compile(r"([0-9]{4})"),
    "half_year": re.compile(r"([0-9]{4})-H([12])"),
    "quarter": re.compile(r"([0-9]{4})-Q([1-4])"),
    "month": re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])"),
}


@lru_cache(maxsize=KNOWN)
def kind_of(period: str) -> PeriodKind | None:
    """Return what `period` is: `2025`, `2025-H1`, `2025-Q1` or `2025-03`; None where it is written otherwise."""
    return next((kind for kind, form in _WRITTEN.items() if form.fullmatch(period)), None)


@dataclass(frozen=True, slots=True)
class YearShape:
    """Where a scheme's year lies: it begins with month `begins` and is named by the year it ends or starts in.

    Quarters and half-years are counted from that beginning; months keep the name that the calendar gives them.
    """

    begins: int = 1
    named_by: YearNamedBy = "end"

    def start(self, period: str) -> date | None:
        """Return the first day of `period`, None where it is not a period."""
        return _start(self, period)

    def end(self, period: str) -> date | None:
        """Return the day on whose first instant `period` has ended, None where it is not a period."""
        return _end(self, period)

    def days(self, period: str) -> Days | None:
        """Return the first and the last day of `period`, None where it is not a period."""
        first, end = self.start(period), self.end(period)
        return None if first is None or end is None else Days(first, end - timedelta(days=1))

    def around(self, day: date, kind: PeriodKind) -> Days:
        """Return the days of the period of `kind` that `day` lies in."""
        found = (self.days(part) for part in self.parts(self.year_of(f"{day.year:04}-{day.month:02}"), kind))
        return next((days for days in found if days is not None and days.holds(day)), Days(day, day))

    def parts(self, year: str, kind: PeriodKind) -> tuple[str, ...]:
        """Return the periods of `kind` that the year called `year` is made of, in order; none where it is no year."""
        return _parts(self, year, kind)

    def year_of(self, period: str) -> str:
        """Return the name of the year that `period` lies in; `period` itself where it is written otherwise."""
        if kind_of(period) != "month":
            return period.partition("-")[0]
        year, month = int(period[:4]), int(period[5:])
        if self.begins == 1:
            return f"{year:04}"
        after = month >= self.begins
        return f"{year + after if self.named_by == 'end' else year - (not after):04}"

    def months_before(self, year: int) -> int:
        """Return how many months, counted from the year 0, lie before the first one of the year called `year`."""
        before = self.begins > 1 and self.named_by == "end"
        return (year - before) * _YEAR + self.begins - 1


@lru_cache(maxsize=KNOWN)
def _start(shape: YearShape, period: str) -> date | None:
    kind = kind_of(period)
    match = None if kind is None else _WRITTEN[kind].fullmatch(period)
    if kind is None or match is None:
        return None
    if kind == "month":
        return _first(int(match[1]) * _YEAR + int(match[2]) - 1)
    part = 0 if kind == "year" else (int(match[2]) - 1) * MONTHS_IN[kind]
    return _first(shape.months_before(int(match[1])) + part)


@lru_cache(maxsize=KNOWN)
def _end(shape: YearShape, period: str) -> date | None:
    first, kind = _start(shape, period), kind_of(period)
    if first is None or kind is None:
        return None
    return _first(first.year * _YEAR + first.month - 1 + MONTHS_IN[kind])


@lru_cache(maxsize=KNOWN)
def _parts(shape: YearShape, year: str, kind: PeriodKind) -> tuple[str, ...]:
    if kind_of(year) != "year":
        return ()
    if kind == "month":
        first = shape.months_before(int(year))
        return tuple(f"{of // _YEAR:04}-{of % _YEAR + 1:02}" for of in range(first, first + _YEAR))
    if kind == "year":
        return (year,)
    letter = "H" if kind == "half_year" else "Q"
    return tuple(f"{year}-{letter}{number}" for number in range(1, _YEAR // MONTHS_IN[kind] + 1))


def _first(months: int) -> date | None:
    try:
        return date(months // _YEAR, months % _YEAR + 1, 1)
    except ValueError:
        return None


CIVIL = YearShape()
"""The year from January to December."""
