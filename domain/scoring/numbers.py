"""Exact numbers as people read them: rounded once, or written out in full."""

from decimal import Decimal
from fractions import Fraction

from domain.text import Text


def published(number: Fraction, places: int) -> Decimal:
    """Return `number` rounded half up (away from zero) to `places` decimals (AMB-A3)."""
    scaled = abs(number) * 10**places
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(-units if number < 0 else units).scaleb(-places)


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
    floor = value if low is None else max(value, Fraction(low))
    return floor if high is None else min(floor, Fraction(high))


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
