"""Exact numbers as people read them: rounded once, or written out in full."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import TypeVar

from domain.rulebook.items import exactly
from domain.text import Text

_Exact = TypeVar("_Exact", Fraction, int | Fraction)

Units = int | Fraction
"""A number in millionths, exact: a whole number, or a fraction of a millionth where it is none."""

_MILLION = 10**6


def units(number: Decimal | Fraction) -> Units:
    """Return `number` in millionths."""
    above, below = number.as_integer_ratio()
    whole, rest = divmod(above * _MILLION, below)
    return Fraction(above * _MILLION, below) if rest else whole


def number_of(counted: Units) -> Fraction:
    """Return what so many millionths are."""
    return Fraction(counted, _MILLION)


def published(number: Fraction, places: int) -> Decimal:
    """Return `number` rounded half up (away from zero) to `places` decimals (AMB-A3)."""
    above, below = number.numerator * 10**places, number.denominator
    units = (2 * abs(above) + below) // (2 * below)
    return Decimal(-units if above < 0 else units).scaleb(-places)


def written(number: Fraction | Decimal) -> str:
    """Return the shortest exact decimal of `number`, or `n/d` where none is exact."""
    exact = Fraction(number)
    rest, twos, fives = exact.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{exact.numerator}/{exact.denominator}"
    places = max(twos, fives)
    return f"{Decimal(exact.numerator * 10**places // exact.denominator).scaleb(-places):f}"


def clamped(value: Fraction, low: Decimal | None, high: Decimal | None) -> Fraction:
    """Return `value`, or the bound that it passes; a bound of None is open."""
    return kept_within(value, None if low is None else exactly(low), None if high is None else exactly(high))


def kept_within(value: _Exact, low: _Exact | None, high: _Exact | None) -> _Exact:
    """Return `value`, or the bound that it passes, all in one unit; a bound of None is open."""
    floor = value if low is None or value >= low else low
    return floor if high is None or floor <= high else high


def mean_by_weight(weighted: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """Return the exact mean of pairs of weight and value; ZeroDivisionError where the weights come to nothing.

    In whole numbers, which is quicker than one fraction after the other.
    """
    above, below, weights, under = 0, 1, 0, 1
    for weight, value in weighted:
        w, u = weight.as_integer_ratio()
        v, d = value.as_integer_ratio()
        above, below = (above + w * v, below) if u * d == below else _plus(above, below, w * v, u * d)
        weights, under = (weights + w, under) if u == under else _plus(weights, under, w, u)
    return Fraction(above * under, below * weights)


def _plus(above: int, below: int, more: int, under: int) -> tuple[int, int]:
    """Return a sum of two fractions over a common denominator, above and below; only the end is shortened."""
    common = lcm(below, under)
    return above * (common // below) + more * (common // under), common


def rounded_down(number: Fraction) -> int:
    """Return the largest integer not above `number`."""
    return number.numerator // number.denominator


def signed(number: Fraction) -> str:
    """Return `number` as a term of a formula: in brackets where it is negative."""
    return f"({written(number)})" if number < 0 else written(number)


def bound_passed(value: Fraction, within: Fraction) -> Text:
    """Return the words that a bound was passed and what counts instead; empty where none was."""
    if value == within:
        return Text(zh="", en="")
    up = value < within
    return Text(
        zh=f"，{'低于下限' if up else '超过上限'}，计{written(within)}",
        en=f", {'below the lower' if up else 'above the upper'} bound, counts {written(within)}",
    )
