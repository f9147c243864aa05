"""From entries of the catalogue to a component's value: items capped, groups clamped and put together (A-22, AMB-B9).

The order is fixed: what single occurrences count for (`domain.scoring.worth`), the item's cap per period, the group's
bounds around its start, the order of the component or else the plain sum of its groups, the range of the component. The
order of entries never matters.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.rulebook.items import Group, Item
from domain.rulebook.model import Component, Rulebook
from domain.scoring.numbers import clamped
from domain.scoring.order import Turned, in_order
from domain.scoring.worth import Line, counted, line_of, within, without_outdone
from domain.sheet.model import Recorded


@dataclass(frozen=True, slots=True)
class ItemTally:
    """The entries of one item, or of one version of it: their sum, and what its cap per period leaves of it."""

    item: Item
    lines: tuple[Line, ...]
    sum: Fraction
    value: Fraction


@dataclass(frozen=True, slots=True)
class GroupTally:
    """One group: its items that have entries, start and entries together, and that sum within the group's bounds."""

    group: Group
    items: tuple[ItemTally, ...]
    start: Fraction
    sum: Fraction
    value: Fraction


@dataclass(frozen=True, slots=True)
class Made:
    """A component made of entries: its groups, the steps of its order (none without), their result, and the value."""

    groups: tuple[GroupTally, ...]
    turned: tuple[Turned, ...]
    result: Fraction
    value: Fraction


def made_of(
    rulebook: Rulebook, component: Component, recorded: Recorded, posts: frozenset[str], category: str = ""
) -> Made:
    """Return what `recorded` makes of `component` for a person of `category` who holds `posts`.

    LookupError for an entry without points or item, or on a day on which its item is not in force.
    """
    groups = by_groups(rulebook, component, recorded, posts, category)
    turned = in_order(component.order, {each.group.code: each.value for each in groups}, category)
    result = turned[-1].after if turned else sum((group.value for group in groups), Fraction(0))
    reach = rulebook.range_of(component)
    return Made(groups, turned, result, clamped(result, reach.low, reach.high))


def by_groups(
    rulebook: Rulebook, component: Component, recorded: Recorded, posts: frozenset[str], category: str = ""
) -> tuple[GroupTally, ...]:
    """Return the groups of `component` that exist for `category`, as `recorded` leaves them."""
    lines = [line_of(rulebook.items[entry.item], entry, posts) for entry in recorded.entries]
    if any(line.item.exclusive for line in lines):
        lines = without_outdone(lines, {code: number for number, code in enumerate(rulebook.items)})
    found: dict[str, dict[str, list[Line]]] = {}
    for line in lines:
        found.setdefault(line.item.group, {}).setdefault(line.item.code, []).append(line)
    return tuple(
        _group(rulebook, group, found.get(group.code, {}), category)
        for group in rulebook.groups_of(component.code)
        if group.is_for(category)
    )


def _group(rulebook: Rulebook, group: Group, found: dict[str, list[Line]], category: str) -> GroupTally:
    codes = [code for code in rulebook.items if code in found] if len(found) > 1 else list(found)
    items = tuple(tally for code in codes for tally in _items(rulebook.items[code], found[code]))
    start = Fraction(group.start_for(category))
    total = sum((item.value for item in items), start)
    return GroupTally(group, items, start, total, clamped(total, group.low, group.high))


def _items(item: Item, lines: Sequence[Line]) -> Iterable[ItemTally]:
    """Yield the tally of each version of an item that has entries, each bounded on its own."""
    if not item.later:
        yield _item(item, lines)
        return
    for version in item.versions():
        own = [line for line in lines if line.item is version]
        if own:
            yield _item(version, own)


def _item(item: Item, lines: Sequence[Line]) -> ItemTally:
    kept = counted(item, lines)
    total = sum((line.points for line in kept), Fraction(0))
    return ItemTally(item, kept, total, within(total, item.per_period_cap))
