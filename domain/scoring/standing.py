"""One person before the caps: status, total, the number that is compared, and the star that the score alone gives."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

from domain.rulebook.items import exactly
from domain.rulebook.model import Band, Rulebook
from domain.rulebook.periods import MONTHS_IN, kind_of
from domain.scoring.gates import Beside, beside, having, vetoes_in_force
from domain.scoring.numbers import published
from domain.scoring.tariff import ReadOff, Tariffs
from domain.scoring.total import Tally, tally, total_of
from domain.scoring.year import Year, running, year_of
from domain.sheet.model import Candidate, Sheet, period_end
from domain.sheet.occurrences import MOST_KEPT

Status = Literal["complete", "incomplete", "not_rated"]
WhyUnrated = Literal["", "exempt", "newcomer", "band", "veto", "gate"]


class Standing(NamedTuple):
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
        tallies = tuple([tally(component, candidate, tariffs) for component in rulebook.components])
        mean = total_of(rulebook, tallies)
    else:
        tallies, mean = year.tallies, year.mean
    months, length = _months(rulebook, candidate.joined, sheet.period)
    summed = rulebook.total.how == "sum"
    if mean is None:
        bare = Standing(
            candidate, tallies, "incomplete", months=months, period_months=length, year=year,
            period=sheet.period, summed=summed,
        )  # fmt: skip
        return _without_total(rulebook, bare)
    part = months if rulebook.scope.newcomers == "pro_rata" and months is not None and months < length else length
    exact, total, compared, band = _read_off(tariffs, sheet.period, mean if part == length else mean * part / length)
    why = _why_unrated(rulebook, candidate, months, band)
    counted = Standing(
        candidate, tallies, "not_rated" if why else "complete", why, exact if part == length else mean,
        exact, total, compared, band, months, length, year, sheet.period,
        None if band is None else band.star, None, None, summed,
    )  # fmt: skip
    return _beside(tariffs, counted)


def _without_total(rulebook: Rulebook, bare: Standing) -> Standing:
    """Return an incomplete standing; the exempt are not rated, nor whom a veto takes out of the evaluation."""
    if bare.candidate.exempt:
        return bare._replace(status="not_rated", why_unrated="exempt")
    vetoes = vetoes_in_force(rulebook, bare.candidate, bare.period)
    if having(vetoes, "unrated"):
        return bare._replace(status="not_rated", why_unrated="veto", star=0, beside=Beside(vetoes, (), 0))
    return bare


def _read_off(tariffs: Tariffs, period: str, exact: Fraction) -> ReadOff:
    """Return what an exact total is read as: many people have the same, and it is found once."""
    asked = (period, *exact.as_integer_ratio())
    found = tariffs.read_off.get(asked)
    if found is None:
        found = _reading_off(tariffs.rulebook, period, exact)
        if len(tariffs.read_off) < MOST_KEPT:
            tariffs.read_off[asked] = found
    return found


def _reading_off(rulebook: Rulebook, period: str, exact: Fraction) -> ReadOff:
    """Return the total as it is published, the number that is compared, and the band where there are bands."""
    total = published(exact, rulebook.rounding.places)
    compared = exact if rulebook.rounding.compare == "exact" else exactly(total)
    band = rulebook.band_of(exact if compared is exact else total, period) if rulebook.bands else None
    return exact, total, compared, band


def _at_zero(tariffs: Tariffs, counted: Standing) -> Standing:
    """Return the standing of somebody whose total a veto sets to 0; the one by score stands beside it."""
    exact, total, compared, band = _read_off(tariffs, counted.period, Fraction(0))
    why = _why_unrated(tariffs.rulebook, counted.candidate, counted.months, band)
    return counted._replace(
        status="not_rated" if why else "complete", why_unrated=why, exact=exact, total=total, compared=compared,
        band=band, star=None if band is None else band.star, by_score=counted,
    )  # fmt: skip


def _beside(tariffs: Tariffs, counted: Standing) -> Standing:
    """Return the standing as vetoes and gates leave it: total, then band, then vetoes, then gates."""
    rulebook = tariffs.rulebook
    vetoes = vetoes_in_force(rulebook, counted.candidate, counted.period)
    if counted.why_unrated in {"exempt", "newcomer"} or not (vetoes or rulebook.gates):
        return counted
    zero = having(vetoes, "zero")
    standing = _at_zero(tariffs, counted) if zero else counted
    if standing.star is None and having(vetoes, "unrated"):
        return standing._replace(status="not_rated", why_unrated="veto", star=0, beside=Beside(vetoes, (), 0))
    if standing.star is None:
        return standing._replace(beside=Beside(vetoes, (), None))
    left = beside(rulebook, standing.candidate, vetoes, standing.star)
    if left.star is None:
        return standing._replace(status="incomplete", why_unrated="", beside=left, star=None)
    why = standing.why_unrated
    if left.star == 0 and not why:
        why = "veto" if having(vetoes, "unrated") or having(vetoes, "lowest") else "gate"  # what was decided first
    return standing._replace(status="not_rated" if why else "complete", why_unrated=why, beside=left, star=left.star)


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
