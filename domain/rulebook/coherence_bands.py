"""Whether bands and outcomes of probation cover every total exactly once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from domain.findings import Finding
from domain.rulebook.model import Band, Rulebook
from domain.rulebook.total_reach import Span, span_of_period, span_of_year
from domain.text import Text


@dataclass(frozen=True, slots=True)
class _Stretch:
    """One stretch of numbers with the place of its bounds in the document."""

    place: str
    low_name: str
    high_name: str
    label: Text
    low: Decimal | None
    low_inclusive: bool
    high: Decimal | None
    high_inclusive: bool


def uncovered(rulebook: Rulebook) -> Iterator[Finding]:
    """Yield where two neighbouring stretches leave a number to neither or to both, and an end that is not covered."""
    period = span_of_period(rulebook)
    yield from _edges(_bands("bands", rulebook.bands), period)
    year = span_of_year(rulebook)
    if rulebook.year_bands:
        yield from _edges(_bands("annual.bands", rulebook.year_bands), year)
    elif rulebook.annual is not None and year != period:
        yield from _edges(_bands("bands", rulebook.bands), year)
    yield from _edges(_probation(rulebook), period if rulebook.annual is None else year)


def _bands(place: str, bands: Sequence[Band]) -> list[_Stretch]:
    return [
        _Stretch(
            f"{place}[{number}]", "low", "high", each.label,
            each.low, each.low_inclusive, each.high, each.high_inclusive,
        )
        for number, each in enumerate(bands)
    ]  # fmt: skip


def _probation(rulebook: Rulebook) -> list[_Stretch]:
    return [
        _Stretch(
            f"probation[{number}]", "at_least", "below", each.title,
            each.at_least, low_inclusive=True, high=each.below, high_inclusive=False,
        )
        for number, each in enumerate(rulebook.probation)
    ]  # fmt: skip


def _edges(stretches: Sequence[_Stretch], span: Span) -> Iterator[Finding]:
    ordered = sorted(stretches, key=lambda each: (each.low is not None, each.low or 0))
    if not ordered:
        return
    first, last = ordered[0], ordered[-1]
    if first.low is not None and not _from(first, span.low):
        yield _gap(f"{first.place}.{first.low_name}", f"< {first.low}")
    for lower, upper in pairwise(ordered):
        yield from _between(lower, upper)
    if last.high is not None and not _to(last, span.high):
        yield _gap(f"{last.place}.{last.high_name}", f"> {last.high}")


def _from(first: _Stretch, low: Fraction | None) -> bool:
    if low is None or first.low is None:
        return False
    return first.low < low or (first.low == low and first.low_inclusive)


def _to(last: _Stretch, high: Fraction | None) -> bool:
    if high is None or last.high is None:
        return False
    return last.high > high or (last.high == high and last.high_inclusive)


def _between(lower: _Stretch, upper: _Stretch) -> Iterator[Finding]:
    place = f"{upper.place}.{upper.low_name}"
    if upper.low is None or lower.high is None or upper.low < lower.high:
        yield _overlap(place, lower, upper)
    elif upper.low > lower.high:
        yield _gap(place, f"{lower.high} … {upper.low}")
    elif lower.high_inclusive and upper.low_inclusive:
        yield _overlap(place, lower, upper)
    elif not lower.high_inclusive and not upper.low_inclusive:
        yield _gap(place, str(upper.low))


def _gap(place: str, where: str) -> Finding:
    message = Text(zh=f"分数段有空缺：{where}", en=f"the bands leave a gap: {where}")
    return Finding(
        "band-gap", place, message, Text(zh="使各段首尾相接。", en="Make each band begin where the last ends.")
    )


def _overlap(place: str, lower: _Stretch, upper: _Stretch) -> Finding:
    message = Text(
        zh=f"“{lower.label.zh}”与“{upper.label.zh}”重叠", en=f"“{lower.label.en}” and “{upper.label.en}” overlap"
    )
    return Finding("band-overlap", place, message, Text(zh="使各段互不重叠。", en="Make the bands exclude each other."))
