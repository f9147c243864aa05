"""What a linter says about stars: bands that nobody can fall into, and caps with no place or one for this branch."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from domain.findings import Finding
from domain.rulebook.model import Band, Cap, CapRounding, Rulebook
from domain.rulebook.reach import component_top, group_top, most_added, total_by_entries
from domain.rulebook.results import NamedStar
from domain.rulebook.total_reach import Span, span_of_period, span_of_year
from domain.text import Text

_OVER_ALL: CapRounding = "pooled"


def star_findings(rulebook: Rulebook, roster_size: int | None) -> Iterator[Finding]:
    """Yield stars that no total reaches, and caps that come to nothing or to one for a branch of `roster_size`."""
    yield from _unreachable(rulebook)
    if roster_size is not None:
        for number, cap in enumerate(rulebook.caps):
            for place, of_period in _by_period(f"caps[{number}]", cap):
                yield from _few_places(place, of_period, roster_size)
        for number, floor in enumerate(rulebook.floors):
            for place, of_period in _by_period(f"floors[{number}]", floor):
                yield from _nobody_needed(place, of_period, roster_size)
    yield from _derived_threshold(rulebook)


def _unreachable(rulebook: Rulebook) -> Iterator[Finding]:
    span = span_of_period(rulebook)
    carried = rulebook.annual is not None and rulebook.annual.carry
    by_entries = span if carried else total_by_entries(rulebook, span)
    for number, band in enumerate(rulebook.bands):
        if not _can_hold(rulebook, band, span):
            yield _nobody(f"bands[{number}]", band, span)
        elif not _can_hold(rulebook, band, by_entries):
            yield _nobody_by_entries(f"bands[{number}]", band, by_entries)
    span = span_of_year(rulebook)
    for number, band in enumerate(rulebook.year_bands):
        if not _can_hold(rulebook, band, span):
            yield _nobody(f"annual.bands[{number}]", band, span)
    for star in rulebook.named_stars:
        top = _named_top(rulebook, star)
        if top is not None and top < star.at_least:
            yield _nobody_named(star, top)


def _named_top(rulebook: Rulebook, star: NamedStar) -> Fraction | None:
    """Return the most points that what a named star is given for can have; None where nothing bounds them."""
    if star.measured == "item":
        return most_added(rulebook.items[star.of]) if star.of in rulebook.items else None
    if star.measured == "group":
        return next((group_top(rulebook, group) for group in rulebook.groups if group.code == star.of), None)
    component = rulebook.nodes().get(star.of)
    return None if component is None else component_top(rulebook, component)


def _nobody_named(star: NamedStar, top: Fraction) -> Finding:
    message = Text(
        zh=f"没有人能得“{star.title.zh}”：最多{_plain(top)}分，须{star.at_least}分",
        en=f"nobody can have “{star.title.en}”: {_plain(top)} points at most, {star.at_least} are needed",
    )
    remedy = Text(zh="降低分数线，或提高上限。", en="Lower what is needed, or raise what can be had.")
    return Finding("star-unreachable", f"named_stars.{star.code}.at_least", message, remedy)


def _can_hold(rulebook: Rulebook, band: Band, span: Span) -> bool:
    """Return whether some total within `span` falls into `band`, on the numbers that are compared."""
    lows = [Fraction(end) for end in (band.low, span.low) if end is not None]
    if not lows:
        return True
    low = max(lows)
    if rulebook.rounding.compare == "exact":
        return _exact_in(band, low, span)
    step = Fraction(1, 10**rulebook.rounding.places)
    first = -(-low // step) * step
    return any(band.holds(number) and _within(number, span, step) for number in (first, first + step))


def _exact_in(band: Band, low: Fraction, span: Span) -> bool:
    high = min((Fraction(end) for end in (band.high, span.high) if end is not None), default=None)
    if high is None or low < high:
        return True
    return low == high and band.holds(low)


def _within(number: Fraction, span: Span, step: Fraction) -> bool:
    """Return whether a total within `span` is published as `number`: half up, so half a step may be missing."""
    return span.high is None or number <= span.high + step / 2


def _by_period(place: str, cap: Cap) -> Iterator[tuple[str, Cap]]:
    """Yield a cap as it holds otherwise, then as it differs in a period or a year, each with its place."""
    yield f"{place}.percent", cap
    for period, percent in cap.by_period.items():
        yield f"{place}.percent_by_period.{period}", replace(cap, percent=percent)


def _nobody_needed(place: str, floor: Cap, roster_size: int) -> Iterator[Finding]:
    if _places(floor, roster_size) == 0:
        message = Text(
            zh=f"{roster_size}名党员的{floor.percent}%不足一名：{floor.star}星及以下可以没有人",
            en=f"{floor.percent} % of {roster_size} members is nobody: none has to be at {floor.star} stars or below",
        )
        remedy = Text(zh="确认即是如此，或改用其他取整方法。", en="Confirm that it is meant, or round otherwise.")
        yield Finding("note-floor-empty", place, message, remedy)


def _few_places(place: str, cap: Cap, roster_size: int) -> Iterator[Finding]:
    count = _places(cap, roster_size)
    if count is None or count > 1:
        return
    if count == 0:
        message = Text(
            zh=f"{roster_size}名党员的{cap.percent}%不足一名：{cap.star}星没有名额",
            en=f"{cap.percent} % of {roster_size} members is no whole place: nobody can hold {cap.star} stars",
        )
        remedy = Text(
            zh="确认即是如此，或改用cap_rounding的其他取法。",
            en="Confirm that it is meant, or choose another cap_rounding.",
        )
        yield Finding("cap-empty", place, message, remedy)
        return
    message = Text(
        zh=f"{roster_size}名党员的{cap.percent}%只有一名：{cap.star}星同分时必须决定取谁",
        en=f"{cap.percent} % of {roster_size} members is a single place: a tie for {cap.star} stars has to be decided",
    )
    remedy = Text(zh="确认即是如此，并写明同分如何取舍。", en="Confirm that it is meant, and say how ties are decided.")
    yield Finding("note-cap-single", place, message, remedy)


def _places(cap: Cap, size: int) -> int | None:
    """Return the places for a branch of `size` at most (AMB-A4); None where they are counted over the committee."""
    share = Fraction(cap.percent) * size / 100
    if cap.round == _OVER_ALL:
        return None
    if cap.round == "half_up":
        return int(share + Fraction(1, 2))
    if cap.round == "ceil":
        return -int(-share // 1)
    return max(1, int(share)) if cap.round == "min_1" else int(share)


def _derived_threshold(rulebook: Rulebook) -> Iterator[Finding]:
    for number, band in enumerate(rulebook.bands):
        if band.clause == "AMB-A1":
            message = Text(
                zh=f"“{band.label.zh}”的分数线{band.low}未见于原文，由相邻分数段推得",
                en=f"the threshold {band.low} of “{band.label.en}” is not in the seed; it follows by complement",
            )
            remedy = Text(zh="通过办法时请明确这一数字。", en="State this number when the rulebook is adopted.")
            yield Finding("note-threshold-derived", f"bands[{number}].low", message, remedy)


def _nobody(place: str, band: Band, span: Span) -> Finding:
    message = Text(
        zh=f"没有人能落入“{band.label.zh}”：总分{_said(span).zh}",
        en=f"nobody can be “{band.label.en}”: {_said(span).en}",
    )
    remedy = Text(zh="改正分数线，或各项的上下限。", en="Correct the threshold, or the range of the components.")
    return Finding("star-unreachable", place, message, remedy)


def _nobody_by_entries(place: str, band: Band, span: Span) -> Finding:
    message = Text(
        zh=f"按条目计分时没有人能落入“{band.label.zh}”：总分{_said(span).zh}",
        en=f"where components are made of entries nobody can be “{band.label.en}”: {_said(span).en}",
    )
    remedy = Text(zh="提高考核组或条目的上限，或降低分数线。", en="Raise the groups or items, or lower the threshold.")
    return Finding("star-unreachable-by-entries", place, message, remedy)


def _said(span: Span) -> Text:
    low = "…" if span.low is None else _plain(span.low)
    high = "…" if span.high is None else _plain(span.high)
    return Text(f"在{low}至{high}分之间", f"the total lies between {low} and {high}")


def _plain(number: Fraction) -> str:
    """Return a number to two places, for people: nothing is computed with it."""
    hundredths = int(number * 100)
    return str((Decimal(hundredths) / 100).normalize().__format__("f"))
