"""From entries of the catalogue to a component's value: items capped, groups clamped, groups summed (A-22, AMB-B9).

The order of clamps is fixed: an item's own cap per period, then the group's bounds around its start, then the range of
the component. The order of entries never matters.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from domain.rulebook.items import Group, Item
from domain.rulebook.model import Component, Rulebook
from domain.sheet.model import Entry, Recorded


@dataclass(frozen=True, slots=True)
class Line:
    """One entry with the points that it counts for."""

    entry: Entry
    points: Fraction


@dataclass(frozen=True, slots=True)
class ItemTally:
    """The entries of one item: their sum, and what is left of it under the item's cap per period."""

    item: Item
    lines: tuple[Line, ...]
    sum: Fraction
    value: Fraction


@dataclass(frozen=True, slots=True)
class GroupTally:
    """One group: its items that have entries, start and entries together, and that sum within the group's bounds."""

    group: Group
    items: tuple[ItemTally, ...]
    sum: Fraction
    value: Fraction


def by_groups(
    rulebook: Rulebook, component: Component, recorded: Recorded, posts: frozenset[str]
) -> tuple[GroupTally, ...]:
    """Return the groups of `component` as `recorded` leaves them; LookupError for an entry without points or item."""
    return tuple(_group(rulebook, group, recorded, posts) for group in rulebook.groups_of(component.code))


def group_sum(rulebook: Rulebook, component: Component, groups: Iterable[GroupTally]) -> Fraction:
    """Return the value of a component made of `groups`: their sum within the component's range (AMB-A12)."""
    total, reach = sum((group.value for group in groups), Fraction(0)), rulebook.component_range
    return clamped(total, reach.low, None if component.open_top else reach.high)


def clamped(value: Fraction, low: Decimal, high: Decimal | None) -> Fraction:
    """Return `value`, or the bound that it passes."""
    floor = max(value, Fraction(low))
    return floor if high is None else min(floor, Fraction(high))


def _group(rulebook: Rulebook, group: Group, recorded: Recorded, posts: frozenset[str]) -> GroupTally:
    found: dict[str, list[Entry]] = {}
    for entry in recorded.entries:
        if rulebook.items[entry.item].group == group.code:
            found.setdefault(entry.item, []).append(entry)
    items = tuple(_item(item, found[item.code], posts) for item in rulebook.items.values() if item.code in found)
    total = sum((item.value for item in items), Fraction(group.start))
    return GroupTally(group, items, total, clamped(total, group.low, group.high))


def _item(item: Item, entries: Iterable[Entry], posts: frozenset[str]) -> ItemTally:
    lines = tuple(sorted((_line(item, entry, posts) for entry in entries), key=_order))
    total = sum((line.points for line in lines), Fraction(0))
    cap = item.per_period_cap
    return ItemTally(item, lines, total, total if cap is None else clamped(total, -cap, cap))


def _line(item: Item, entry: Entry, posts: frozenset[str]) -> Line:
    points = item.points_for(entry.points, posts)
    if points is None:
        raise LookupError(item.code)
    return Line(entry, Fraction(points))


def _order(line: Line) -> tuple[date, Fraction, tuple[int, ...]]:
    return (line.entry.occurred_on or date.min, line.points, line.entry.sources)
