"""How many places a star has, and how many the low end must take: shares of the members, rounded as they say."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from domain.rulebook.model import Cap, CapRounding, Rulebook
from domain.scoring.numbers import rounded_down
from domain.sheet.model import Sheet


@dataclass(frozen=True, slots=True)
class Places:
    """The places of one capped star: `share` is the unrounded number, `percent` of the `base` members."""

    cap: Cap
    base: int
    share: Fraction
    count: int
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Room:
    """What bounds a contest: the places by star, and by star those that the low end has to take."""

    caps: Mapping[int, Places]
    floors: Mapping[int, Places]

    def above(self, competing: int, below: int) -> dict[int, int]:
        """Return by star how many of the `competing` may stand above it; the `below` are beneath every star already."""
        return {star: competing - max(0, each.count - below) for star, each in self.floors.items()}


def room_of(rulebook: Rulebook, sheet: Sheet) -> Room:
    """Return the places of every capped star, those without a single place included, and the quotas at the low end."""
    year = rulebook.year.year_of(sheet.period)
    caps = {cap.star: _places(cap, sheet, cap.percent_in(sheet.period, year)) for cap in rulebook.caps}
    floors = {cap.star: _places(cap, sheet, cap.percent_in(sheet.period, year)) for cap in rulebook.floors}
    return Room(caps, floors)


def _places(cap: Cap, sheet: Sheet, percent: Decimal) -> Places:
    base = _base(cap, sheet)
    share = Fraction(percent) * base / 100
    return Places(cap, base, share, _whole(share, cap.round), percent)


def _base(cap: Cap, sheet: Sheet) -> int:
    """Return the number of members that the percentage is taken of (AMB-A5).

    Members on the roster who are not listed count as formal: only the list tells who is not.
    """
    if cap.of == "evaluated":
        return sum(1 for candidate in sheet.people if not candidate.exempt)
    everybody = sheet.pool_size if cap.round == "pooled" else sheet.roster_size
    size = len(sheet.people) if everybody is None else everybody
    if cap.of == "formal":
        return size - sum(1 for candidate in sheet.people if candidate.kind != "formal")
    return size


def _whole(share: Fraction, rounding: CapRounding) -> int:
    """Return `share` as a number of people (AMB-A4)."""
    if rounding == "half_up":
        return rounded_down(share + Fraction(1, 2))
    if rounding == "ceil":
        return -rounded_down(-share)
    return max(1, rounded_down(share)) if rounding == "min_1" else rounded_down(share)
