"""How many places a star has: a share of the members, counted and rounded as the rulebook reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.rulebook.model import Cap, CapRounding
from domain.scoring.numbers import rounded_down
from domain.sheet.model import Sheet


@dataclass(frozen=True, slots=True)
class Places:
    """The places of one capped star: `share` is the unrounded number, `base` the members it was taken of."""

    cap: Cap
    base: int
    share: Fraction
    count: int


def places(caps: Sequence[Cap], sheet: Sheet) -> tuple[Places, ...]:
    """Return the places of every capped star, those without a single place included."""
    return tuple(_places(cap, sheet) for cap in caps)


def _places(cap: Cap, sheet: Sheet) -> Places:
    base = _base(cap, sheet)
    share = Fraction(cap.percent) * base / 100
    return Places(cap, base, share, _whole(share, cap.round))


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
