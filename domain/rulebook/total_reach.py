"""Between which numbers a total can lie: what bands, named stars and outcomes of probation have to cover."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from domain.rulebook.model import Component, Rulebook
from domain.rulebook.periods import MONTHS_IN


@dataclass(frozen=True, slots=True)
class Span:
    """The least and the greatest that a total can be; None is open."""

    low: Fraction | None
    high: Fraction | None

    def within(self, low: object, high: object) -> "Span":
        """Return the span inside the bounds `low` and `high`, None being open."""
        least = None if low is None else Fraction(str(low))
        most = None if high is None else Fraction(str(high))
        return Span(_clamped(self.low, least, most, least), _clamped(self.high, least, most, most))

    def times(self, number: int) -> "Span":
        """Return the span of sums of 1 to `number` such totals."""
        lows = None if self.low is None else min(self.low, self.low * number)
        return Span(lows, None if self.high is None else max(self.high, self.high * number))

    def with_zero(self) -> "Span":
        """Return the span with 0 in it, which a veto may set a total to."""
        low = None if self.low is None else min(self.low, Fraction(0))
        return Span(low, None if self.high is None else max(self.high, Fraction(0)))


def _clamped(
    value: Fraction | None, low: Fraction | None, high: Fraction | None, open_end: Fraction | None
) -> Fraction | None:
    if value is None:
        return open_end
    value = value if low is None else max(value, low)
    return value if high is None else min(value, high)


def span_of_period(rulebook: Rulebook) -> Span:
    """Return what the total of a single period can be; with `carry`, what has come together at the end of a year."""
    if rulebook.annual is not None and rulebook.annual.carry:
        return span_of_year(rulebook)
    return _zeroed(rulebook, _bare(rulebook))


def span_of_year(rulebook: Rulebook) -> Span:
    """Return what the total of a year can be that is made of periods."""
    annual, span = rulebook.annual, _bare(rulebook)
    if annual is not None and annual.how == "sum":
        span = span.times(MONTHS_IN["year"] // MONTHS_IN[rulebook.period])
    bounds = (None, None) if annual is None else (annual.low, annual.high)
    return _zeroed(rulebook, span.within(*bounds))


def _bare(rulebook: Rulebook) -> Span:
    total = rulebook.total
    return _together(rulebook, rulebook.components, whole=total.how == "sum").within(total.low, total.high)


def _zeroed(rulebook: Rulebook, span: Span) -> Span:
    zero = any(veto.effect == "zero" for veto in rulebook.vetoes.values())
    return span.with_zero() if zero else span


def _together(rulebook: Rulebook, components: tuple[Component, ...], *, whole: bool) -> Span:
    weight = sum((Fraction(each.weight) for each in components), Fraction(0))
    shares = [Fraction(1) if whole or not weight else Fraction(each.weight) / weight for each in components]
    spans = [_of(rulebook, each) for each in components]
    return Span(
        _sum(None if span.low is None else share * span.low for share, span in zip(shares, spans, strict=True)),
        _sum(None if span.high is None else share * span.high for share, span in zip(shares, spans, strict=True)),
    )


def _sum(ends: Iterable[Fraction | None]) -> Fraction | None:
    found = list(ends)
    known = [each for each in found if each is not None]
    return sum(known, Fraction(0)) if len(known) == len(found) else None


def _of(rulebook: Rulebook, component: Component) -> Span:
    if component.parts:
        return _together(rulebook, component.parts, whole=False)
    reach = rulebook.range_of(component)
    return Span(Fraction(reach.low), None if reach.high is None else Fraction(reach.high))
