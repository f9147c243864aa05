"""What single occurrences are worth: points, level and cap, then which of them count at all (B-12, 同一事项就高).

The order is fixed. Of one occurrence: its points (measured, given or fixed), times its level, within the item's cap per
occurrence. Among those of one person and period: of several about one matter the largest, then the item's free
allowance by date, then its times. What does not count is worth 0 and says why. The order of entries never matters.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from domain.rulebook.items import Item
from domain.sheet.model import Entry, Occurrence

WhyNot = Literal["", "outdone", "free", "beyond"]
_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Worth:
    """One occurrence alone: its points, the multiplier of its level (None without), and the value within its cap."""

    base: Fraction
    times: Fraction | None
    value: Fraction


@dataclass(frozen=True, slots=True)
class Line:
    """One entry with the points that it counts for; where these are none although it is worth some, `why`."""

    entry: Entry
    item: Item
    worth: Worth
    points: Fraction
    why: WhyNot = ""


def line_of(item: Item, entry: Entry, posts: frozenset[str]) -> Line:
    """Return an entry under the version of `item` in force on its day; LookupError where that or a value is missing."""
    version = version_of(item, entry.occurrence)
    worth = worth_of(version, entry, posts)
    return Line(entry, version, worth, worth.value)


def version_of(item: Item, occurrence: Occurrence) -> Item:
    """Return the version of `item` in force on the day of an occurrence; LookupError where there is none."""
    version = item.in_force_on(occurrence.occurred_on)
    if version is None:
        raise LookupError(item.code)
    return version


def worth_of(item: Item, entry: Entry | Occurrence, posts: frozenset[str]) -> Worth:
    """Return what one occurrence is worth alone; LookupError without points, amount or level where they are needed."""
    judged = entry.judged and entry.points is not None
    base = Fraction(entry.points or 0) if judged else item.base(entry.points, entry.amount, posts)
    if base is None:
        raise LookupError(item.code)
    if not item.levels:
        return Worth(base, None, within(base, item.per_occurrence_cap))
    times = Fraction(item.levels[entry.level])
    return Worth(base, times, within(base * times, item.per_occurrence_cap))


def within(value: Fraction, cap: Decimal | None) -> Fraction:
    """Return `value`, or the magnitude `cap` on its side of 0 where it is larger."""
    if cap is None:
        return value
    return max(-Fraction(cap), min(Fraction(cap), value))


def without_outdone(lines: Sequence[Line], places: dict[str, int]) -> list[Line]:
    """Return `lines`, those at 0 that a larger one about the same matter excludes (同一事项就高).

    The largest magnitude counts; of equals the earlier day, then the item that stands earlier in the document, then
    what is better for the member, and else what the entries say: never the order in which they were written down.
    """
    best: dict[tuple[str, str], _Rank] = {}
    first: dict[tuple[str, str], int] = {}
    for number, line in enumerate(lines):
        if line.item.exclusive:
            matter = (line.item.exclusive, line.entry.matter)
            rank = _rank(line, places)
            if matter not in best or rank < best[matter]:
                best[matter], first[matter] = rank, number
    kept = set(first.values())
    return [
        line if not line.item.exclusive or number in kept else replace(line, points=_NOTHING, why="outdone")
        for number, line in enumerate(lines)
    ]


_Rank = tuple[Fraction, date, int, Fraction, tuple[int, ...], str, Decimal]


def _rank(line: Line, places: dict[str, int]) -> _Rank:
    entry, value = line.entry, line.worth.value
    day, amount = entry.occurred_on or date.min, entry.amount or Decimal(0)
    return (-abs(value), day, places[line.item.code], -value, entry.sources, entry.level, amount)


def counted(item: Item, lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines of one item by day, those at 0 that its free allowance takes, or that go beyond its times.

    Of one day the doubt favours the member: the lowest are free, and the highest count.
    """
    ordered = sorted(lines, key=_by_day)
    if item.free_times:
        ordered = _first(ordered, item.free_times, "free")
    if item.max_times is not None and item.beyond == "ignored":
        ordered = _beyond(ordered, item.max_times)
    return tuple(ordered)


def _first(ordered: list[Line], times: int, why: WhyNot) -> list[Line]:
    """Return the lines, the first `times` that count so far at 0."""
    counting = [number for number, line in enumerate(ordered) if not line.why][:times]
    return [
        replace(line, points=_NOTHING, why=why) if number in counting else line for number, line in enumerate(ordered)
    ]


def _beyond(ordered: list[Line], times: int) -> list[Line]:
    """Return the lines, all at 0 but the first `times` that count so far, the highest of a day first."""
    counting = [number for number, line in enumerate(ordered) if not line.why]
    counting.sort(key=lambda number: (ordered[number].entry.occurred_on or date.min, -ordered[number].points))
    late = set(counting[times:])
    return [
        replace(line, points=_NOTHING, why="beyond") if number in late else line for number, line in enumerate(ordered)
    ]


def _by_day(line: Line) -> tuple[date, Fraction, tuple[int, ...], str, str, Decimal]:
    entry = line.entry
    day, amount = entry.occurred_on or date.min, entry.amount or Decimal(0)
    return (day, line.worth.value, entry.sources, entry.level, entry.matter, amount)
