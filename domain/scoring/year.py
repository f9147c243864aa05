"""From months to a year: which months count, their means or sums, the total under R2 or R1 (B-47, AMB-B7, AMB-B26).

A scheme of quarters or half-years makes its year of these in the same way.
"""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from domain.rulebook.conduct import Annual
from domain.rulebook.model import Component, Rulebook
from domain.rulebook.periods import YearShape
from domain.scoring.numbers import clamped
from domain.scoring.tariff import Tariffs
from domain.scoring.total import MonthPart, Tally, plain_sum, tally, total_of, weighted_mean
from domain.sheet.model import Candidate, PeriodGiven


@dataclass(frozen=True, slots=True)
class MonthTally:
    """One assessed month: each component, and the total of the month; None where a value is missing."""

    period: str
    tallies: tuple[Tally, ...]
    total: Fraction | None
    sources: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Year:
    """The year of one person: assessed months, months that were not, and the components of the year.

    `over` is the number of months that a mean divides by; `mean` is None while the year is incomplete. `beside` is an
    annual assessment that R1 has no use for.
    """

    annual: Annual
    months: tuple[MonthTally, ...]
    unassessed: tuple[str, ...]
    over: int
    tallies: tuple[Tally, ...]
    mean: Fraction | None
    beside: tuple[Tally, ...] = ()

    @property
    def incomplete_months(self) -> tuple[MonthTally, ...]:
        """The months that were assessed but miss a value."""
        return tuple(month for month in self.months if month.total is None)

    @property
    def too_few(self) -> bool:
        """Whether fewer months were assessed than the rulebook asks for (AMB-B26); none at all is always too few."""
        least = self.annual.minimum_months if self.annual.unassessed == "left_out" else 1
        return len(self.months) < max(1, least)


def year_of(tariffs: Tariffs, annual: Annual, candidate: Candidate, period: str) -> Year:
    """Return the year `period` of `candidate`."""
    rulebook = tariffs.rulebook
    parts = rulebook.year.parts(period, rulebook.period)
    given = sorted((line for line in candidate.periods if line.assessed), key=lambda line: parts.index(line.period))
    months = tuple(_month(tariffs, candidate, line) for line in given)
    assessed = {month.period for month in months}
    expected = (month for month in parts if _after(month, candidate.joined, rulebook.year))
    unassessed = tuple(month for month in expected if month not in assessed)
    over = len(months) + (len(unassessed) if annual.unassessed == "zero" else 0)
    over = 1 if annual.how == "sum" else over
    once = _once(tariffs, annual, candidate)
    held = {each.component.code: each for each in once if each.state != "absent" and annual.formula == "R2"}
    tallies = tuple(
        held[component.code] if component.code in held else _of_months(rulebook, annual, component, months, over)
        for component in rulebook.components
    )
    year = Year(annual, months, unassessed, over, tallies, None, _beside(annual, once))
    if year.too_few or year.incomplete_months:
        return year
    return replace(year, mean=_total(rulebook, year))


def running(tariffs: Tariffs, annual: Annual, candidate: Candidate, period: str) -> Year:
    """Return what has come together in the year up to and with `period`, each period counting on from the last."""
    rulebook = tariffs.rulebook
    parts = rulebook.year.parts(rulebook.year.year_of(period), rulebook.period)
    own = PeriodGiven(period, candidate.components, sources=candidate.sources, not_applicable=candidate.not_applicable)
    so_far = replace(candidate, periods=(*candidate.periods, own), components={})
    adding = replace(annual, formula="R1", how="sum", minimum_months=0, once=())
    later = parts[parts.index(period) + 1 :] if period in parts else ()
    year = year_of(tariffs, adding, so_far, rulebook.year.year_of(period))
    return replace(year, unassessed=tuple(each for each in year.unassessed if each not in later))


def _once(tariffs: Tariffs, annual: Annual, candidate: Candidate) -> tuple[Tally, ...]:
    """Return what is assessed once for the year: valued, missing, or absent where it was not held."""
    return tuple(
        tally(_weighted(tariffs.rulebook, annual, component), candidate, tariffs)
        for component in tariffs.rulebook.components
        if component.code in annual.once
    )


def _beside(annual: Annual, once: tuple[Tally, ...]) -> tuple[Tally, ...]:
    return tuple(each for each in once if each.value is not None) if annual.formula == "R1" else ()


def _total(rulebook: Rulebook, year: Year) -> Fraction | None:
    """Return the components of the year together (R2), or the mean or sum of the monthly totals (R1), within bounds."""
    if year.annual.formula == "R1":
        value = _mean([month.total for month in year.months], year.over)
    else:
        value = weighted_mean(year.tallies) if rulebook.total.how == "weighted" else plain_sum(year.tallies)
    return None if value is None else clamped(value, year.annual.low, year.annual.high)


def _month(tariffs: Tariffs, candidate: Candidate, line: PeriodGiven) -> MonthTally:
    monthly = replace(candidate, components=line.components, not_applicable=line.not_applicable)
    tallies = tuple(tally(component, monthly, tariffs) for component in tariffs.rulebook.components)
    return MonthTally(line.period, tallies, total_of(tariffs.rulebook, tallies), line.sources)


def _after(month: str, joined: date | None, year: YearShape) -> bool:
    """Return whether a person was a member on the last day of `month`."""
    end = year.end(month)
    return joined is None or (end is not None and joined < end)


def _weighted(rulebook: Rulebook, annual: Annual, component: Component) -> Component:
    """Return `component` with its weight in the year: the year's own under R2, the month's under R1, none in a sum."""
    if annual.formula == "R1" or rulebook.total.how == "sum":
        return component
    return replace(component, weight=annual.weights[component.code], clause=annual.clause)


def _of_months(
    rulebook: Rulebook, annual: Annual, component: Component, months: tuple[MonthTally, ...], over: int
) -> Tally:
    """Return a component of the year that is the mean, or the sum, of its months."""
    of = [next(each for each in month.tallies if each.component.code == component.code) for month in months]
    parts = tuple(MonthPart(month.period, each, month.sources) for month, each in zip(months, of, strict=True))
    value = _mean([each.value for each in of], over)
    return Tally(
        _weighted(rulebook, annual, component),
        "missing" if value is None else "valued",
        value,
        months=parts,
        over=over,
        stands_in=annual.formula == "R2" and component.code in annual.once,
    )


def _mean(values: list[Fraction | None], over: int) -> Fraction | None:
    known = [value for value in values if value is not None]
    if not known or len(known) != len(values):
        return None
    return sum(known, Fraction(0)) / over
