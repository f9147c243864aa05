"""From months to a year: which months count, their means, and the total under R2 or R1 (B-47, AMB-B7, AMB-B26)."""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from domain.rulebook.conduct import Annual
from domain.rulebook.model import Component, Rulebook
from domain.scoring.total import MonthPart, Tally, tally, weighted_mean
from domain.sheet.model import Candidate, PeriodGiven, period_end


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


def year_of(rulebook: Rulebook, annual: Annual, candidate: Candidate, period: str) -> Year:
    """Return the year `period` of `candidate`."""
    given = sorted((line for line in candidate.periods if line.assessed), key=lambda line: line.period)
    months = tuple(_month(rulebook, candidate, line) for line in given)
    assessed = {month.period for month in months}
    unassessed = tuple(month for month in _expected(period, candidate.joined) if month not in assessed)
    over = len(months) + (len(unassessed) if annual.unassessed == "zero" else 0)
    once = _once(rulebook, annual, candidate)
    held = {each.component.code: each for each in once if each.state != "absent" and annual.formula == "R2"}
    tallies = tuple(
        held[component.code] if component.code in held else _of_months(annual, component, months, over)
        for component in rulebook.components
    )
    year = Year(annual, months, unassessed, over, tallies, None, _beside(annual, once))
    if year.too_few or year.incomplete_months:
        return year
    return replace(year, mean=_total(year))


def _once(rulebook: Rulebook, annual: Annual, candidate: Candidate) -> tuple[Tally, ...]:
    """Return what is assessed once for the year: valued, missing, or absent where it was not held."""
    return tuple(
        tally(_weighted(annual, component), candidate, rulebook)
        for component in rulebook.components
        if component.code in annual.once
    )


def _beside(annual: Annual, once: tuple[Tally, ...]) -> tuple[Tally, ...]:
    return tuple(each for each in once if each.value is not None) if annual.formula == "R1" else ()


def _total(year: Year) -> Fraction | None:
    """Return the weighted components of the year (R2), or the mean of the monthly totals (R1)."""
    if year.annual.formula == "R2":
        return weighted_mean(year.tallies)
    return _mean([month.total for month in year.months], year.over)


def _month(rulebook: Rulebook, candidate: Candidate, line: PeriodGiven) -> MonthTally:
    monthly = replace(candidate, components=line.components, not_applicable=frozenset())
    tallies = tuple(tally(component, monthly, rulebook) for component in rulebook.components)
    return MonthTally(line.period, tallies, weighted_mean(tallies), line.sources)


def _expected(period: str, joined: date | None) -> tuple[str, ...]:
    """Return the months of the year in which a person was a member on the last day."""
    months = tuple(f"{period}-{number:02}" for number in range(1, 13))
    return tuple(month for month in months if joined is None or _after(month, joined))


def _after(month: str, joined: date) -> bool:
    end = period_end(month)
    return end is not None and joined < end


def _weighted(annual: Annual, component: Component) -> Component:
    """Return `component` with its weight in the year: the year's own under R2, the month's under R1."""
    if annual.formula == "R1":
        return component
    return replace(component, weight=annual.weights[component.code], clause=annual.clause)


def _of_months(annual: Annual, component: Component, months: tuple[MonthTally, ...], over: int) -> Tally:
    """Return a component of the year that is the mean of its months."""
    of = [next(each for each in month.tallies if each.component.code == component.code) for month in months]
    parts = tuple(MonthPart(month.period, each, month.sources) for month, each in zip(months, of, strict=True))
    value = _mean([each.value for each in of], over)
    return Tally(
        _weighted(annual, component),
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
