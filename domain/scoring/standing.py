"""One person before the caps: status, total, the number that is compared, and the star that the score alone gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from domain.rulebook.model import Band, Rulebook
from domain.scoring.numbers import published
from domain.scoring.total import Tally, tally, weighted_mean
from domain.scoring.year import Year, year_of
from domain.sheet.model import Candidate, Sheet, period_end

Status = Literal["complete", "incomplete", "not_rated"]
WhyUnrated = Literal["", "exempt", "newcomer", "band"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the score alone says about one person; `months` of `period_months` only where joining plays a part.

    `year` is what the year was made of where months make it.
    """

    candidate: Candidate
    tallies: tuple[Tally, ...]
    status: Status
    why_unrated: WhyUnrated = ""
    mean: Fraction | None = None
    exact: Fraction | None = None
    total: Decimal | None = None
    compared: Fraction | None = None
    band: Band | None = None
    months: int | None = None
    period_months: int = 12
    year: Year | None = None

    @property
    def ranked(self) -> bool:
        """Whether this person competes for the places of a star."""
        return self.status == "complete"

    def values(self) -> Mapping[str, Fraction]:
        """Return the exact value of every component by code.

        A component whose weight went to its neighbours is worth what they are worth: their mean.
        """
        found: dict[str, Fraction] = {}
        if self.mean is not None:
            _collect(self.tallies, self.mean, found)
        return found


def stand(rulebook: Rulebook, sheet: Sheet, candidate: Candidate) -> Standing:
    """Return where `candidate` stands by score alone."""
    year = _year(rulebook, sheet, candidate)
    if year is None:
        tallies = tuple(tally(component, candidate, rulebook) for component in rulebook.components)
        mean = weighted_mean(tallies)
    else:
        tallies, mean = year.tallies, year.mean
    months, period_months = _months(candidate.joined, sheet.period)
    if mean is None:
        status: Status = "not_rated" if candidate.exempt else "incomplete"
        return Standing(candidate, tallies, status, "exempt" if candidate.exempt else "", months=months, year=year)
    exact = mean
    if rulebook.scope.newcomers == "pro_rata" and months is not None and months < period_months:
        exact = mean * months / period_months
    total = published(exact, rulebook.rounding.places)
    compared = exact if rulebook.rounding.compare == "exact" else Fraction(total)
    band = rulebook.band_of(compared)
    why = _why_unrated(rulebook, candidate, months, band)
    return Standing(
        candidate,
        tallies,
        "not_rated" if why else "complete",
        why,
        mean,
        exact,
        total,
        compared,
        band,
        months,
        period_months,
        year,
    )


def _year(rulebook: Rulebook, sheet: Sheet, candidate: Candidate) -> Year | None:
    annual = rulebook.annual
    if annual is None or not rulebook.is_year(sheet.period):
        return None
    return year_of(rulebook, annual, candidate, sheet.period)


def _why_unrated(rulebook: Rulebook, candidate: Candidate, months: int | None, band: Band) -> WhyUnrated:
    scope = rulebook.scope
    if candidate.exempt:
        return "exempt"
    if months is not None and scope.newcomers == "without_star" and months < scope.minimum_months:
        return "newcomer"
    return "band" if band.unrated else ""


def _months(joined: date | None, period: str) -> tuple[int | None, int]:
    """Return the whole months from joining to the end of the period, and the months of the period (AMB-A15)."""
    length = 1 if "-" in period else 12
    end = period_end(period)
    if joined is None or end is None:
        return None, length
    months = (end.year - joined.year) * 12 + end.month - joined.month
    return months - (1 if joined.day > end.day else 0), length


def _collect(tallies: tuple[Tally, ...], around: Fraction, found: dict[str, Fraction]) -> None:
    for each in tallies:
        value = around if each.value is None else each.value
        found[each.component.code] = value
        _collect(each.parts, value, found)
