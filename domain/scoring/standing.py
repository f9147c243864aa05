"""One person before the caps: status, total, the number that is compared, and the star that the score alone gives."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from domain.rulebook.items import exactly
from domain.rulebook.model import Band, Rulebook
from domain.rulebook.periods import MONTHS_IN, kind_of
from domain.scoring.gates import Beside, beside, having, vetoes_in_force
from domain.scoring.numbers import published
from domain.scoring.tariff import Tariffs
from domain.scoring.total import Tally, tally, total_of
from domain.scoring.year import Year, running, year_of
from domain.sheet.model import Candidate, Sheet, period_end

Status = Literal["complete", "incomplete", "not_rated"]
WhyUnrated = Literal["", "exempt", "newcomer", "band", "veto", "gate"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the score alone says about one person; `months` of `period_months` only where joining plays a part.

    `year` is what the year was made of where months make it. `star` is what vetoes and gates leave, before the places
    of stars are given; `beside` says how, `by_score` is the standing whose total a veto set to 0.
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
    period: str = ""
    star: int | None = None
    beside: Beside | None = None
    by_score: "Standing | None" = None
    summed: bool = False

    @property
    def ranked(self) -> bool:
        """Whether this person competes for the places of a star."""
        return self.status == "complete" and self.star is not None

    @property
    def fell_short(self) -> bool:
        """Whether a star was missed: by score, a veto or a gate. The exempt and newcomers did not fall short (B-48)."""
        return self.why_unrated in {"band", "veto", "gate"}

    def values(self) -> Mapping[str, Fraction]:
        """Return the exact value of every component by code.

        A component whose weight went to its neighbours is worth what they are worth: their mean. One that does not
        exist adds nothing to a total that is `summed`.
        """
        found: dict[str, Fraction] = {}
        if self.mean is not None:
            _collect(self.tallies, Fraction(0) if self.summed else self.mean, found)
        return found


def stand(tariffs: Tariffs, sheet: Sheet, candidate: Candidate) -> Standing:
    """Return where `candidate` stands before the places of stars are given: by score, vetoes and gates."""
    rulebook = tariffs.rulebook
    year = _year(tariffs, sheet, candidate)
    if year is None:
        tallies = tuple(tally(component, candidate, tariffs) for component in rulebook.components)
        mean = total_of(rulebook, tallies)
    else:
        tallies, mean = year.tallies, year.mean
    months, length = _months(rulebook, candidate.joined, sheet.period)
    summed = rulebook.total.how == "sum"
    bare = Standing(
        candidate, tallies, "incomplete", mean=mean, months=months, period_months=length, year=year,
        period=sheet.period, summed=summed,
    )  # fmt: skip
    if mean is None:
        return _without_total(rulebook, bare)
    exact = mean
    if rulebook.scope.newcomers == "pro_rata" and months is not None and months < length:
        exact = mean * months / length
    counted = _counted(rulebook, bare, exact)
    return _beside(rulebook, counted)


def _without_total(rulebook: Rulebook, bare: Standing) -> Standing:
    """Return an incomplete standing; the exempt are not rated, nor whom a veto takes out of the evaluation."""
    if bare.candidate.exempt:
        return replace(bare, status="not_rated", why_unrated="exempt")
    vetoes = vetoes_in_force(rulebook, bare.candidate, bare.period)
    if having(vetoes, "unrated"):
        return replace(bare, status="not_rated", why_unrated="veto", star=0, beside=Beside(vetoes, (), 0))
    return bare


def _counted(rulebook: Rulebook, bare: Standing, exact: Fraction) -> Standing:
    """Return the standing with its total published, and the band that holds it where there are bands."""
    total = published(exact, rulebook.rounding.places)
    compared = exact if rulebook.rounding.compare == "exact" else exactly(total)
    band = rulebook.band_of(exact if compared is exact else total, bare.period) if rulebook.bands else None
    why = _why_unrated(rulebook, bare.candidate, bare.months, band)
    status: Status = "not_rated" if why else "complete"
    star = None if band is None else band.star
    return Standing(
        bare.candidate, bare.tallies, status, why, bare.mean, exact, total, compared, band,
        bare.months, bare.period_months, bare.year, bare.period, star, summed=bare.summed,
    )  # fmt: skip


def _beside(rulebook: Rulebook, counted: Standing) -> Standing:
    """Return the standing as vetoes and gates leave it: total, then band, then vetoes, then gates."""
    vetoes = vetoes_in_force(rulebook, counted.candidate, counted.period)
    if counted.why_unrated in {"exempt", "newcomer"} or not (vetoes or rulebook.gates):
        return counted
    zero = having(vetoes, "zero")
    standing = replace(_counted(rulebook, counted, Fraction(0)), by_score=counted) if zero else counted
    if standing.star is None and having(vetoes, "unrated"):
        return replace(standing, status="not_rated", why_unrated="veto", star=0, beside=Beside(vetoes, (), 0))
    if standing.star is None:
        return replace(standing, beside=Beside(vetoes, (), None))
    left = beside(rulebook, standing.candidate, vetoes, standing.star)
    if left.star is None:
        return replace(standing, status="incomplete", why_unrated="", beside=left, star=None)
    why = standing.why_unrated
    if left.star == 0 and not why:
        why = "veto" if having(vetoes, "unrated") or having(vetoes, "lowest") else "gate"  # what was decided first
    return replace(standing, status="not_rated" if why else "complete", why_unrated=why, beside=left, star=left.star)


def _year(tariffs: Tariffs, sheet: Sheet, candidate: Candidate) -> Year | None:
    annual = tariffs.rulebook.annual
    if annual is None:
        return None
    if tariffs.rulebook.is_year(sheet.period):
        return year_of(tariffs, annual, candidate, sheet.period)
    return running(tariffs, annual, candidate, sheet.period) if annual.carry else None


def _why_unrated(rulebook: Rulebook, candidate: Candidate, months: int | None, band: Band | None) -> WhyUnrated:
    scope = rulebook.scope
    if candidate.exempt:
        return "exempt"
    if months is not None and scope.newcomers == "without_star" and months < scope.minimum_months:
        return "newcomer"
    return "band" if band is not None and band.unrated else ""


def _months(rulebook: Rulebook, joined: date | None, period: str) -> tuple[int | None, int]:
    """Return the whole months from joining to the end of the period, and the months of the period (AMB-A15)."""
    length = _months_in(period)
    end = None if joined is None else period_end(period, rulebook.year)
    if joined is None or end is None:
        return None, length
    months = (end.year - joined.year) * 12 + end.month - joined.month
    return months - (1 if joined.day > end.day else 0), length


@lru_cache(maxsize=64)
def _months_in(period: str) -> int:
    return MONTHS_IN[kind_of(period) or "year"]


def _collect(tallies: tuple[Tally, ...], around: Fraction, found: dict[str, Fraction]) -> None:
    for each in tallies:
        value = around if each.value is None else each.value
        found[each.component.code] = value
        _collect(each.parts, value, found)
