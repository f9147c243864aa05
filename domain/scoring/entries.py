"""From entries of the catalogue to a component's value: items capped, groups clamped and put together (A-22, AMB-B9).

The order is fixed: what single occurrences count for (`domain.scoring.worth`), the item's cap per period, the group's
bounds around its start, the order of the component or else the plain sum of its groups, the range of the component. The
order of entries never matters. Sums are made at once; the lines beneath them only when somebody asks.
"""

from dataclasses import dataclass
from fractions import Fraction

from domain.rulebook.items import Group, Item
from domain.rulebook.model import Component
from domain.scoring.numbers import Units, number_of, units
from domain.scoring.order import Turned, in_order
from domain.scoring.tariff import GroupTerms, Tariff, Tariffs
from domain.scoring.worth import Line
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


@dataclass(slots=True, eq=False)
class Made:
    """A component made of entries: the steps of its order (none without), and the value."""

    tariff: Tariff
    recorded: Recorded
    category: str
    turned: tuple[Turned, ...]
    value: Fraction
    _told: tuple[GroupTally, ...] | None = None

    @property
    def groups(self) -> tuple[GroupTally, ...]:
        """The groups that exist for the person's category, with every item and entry: how the sums came about."""
        if self._told is None:
            lines, sums = self.tariff.lines(self.recorded.entries), self.tariff.sums(self.recorded)
            self._told = tuple(self._group(terms, lines, sums) for terms in self.tariff.groups_for(self.category))
        return self._told

    def _group(self, terms: GroupTerms, lines: dict[int, tuple[Line, ...]], sums: list[Units]) -> GroupTally:
        slots, values = self.tariff.slots, self.tariff.within_caps(sums)
        items = tuple(
            ItemTally(slots[place].item, lines[place], number_of(sums[place]), number_of(values[place]))
            for place in range(terms.first, terms.end)
            if place in lines
        )
        total = terms.sum(values, self.category)
        start = Fraction(terms.group.start_for(self.category))
        return GroupTally(terms.group, items, start, number_of(total), number_of(terms.bounds.keep(total)))


def made_of(tariffs: Tariffs, component: Component, recorded: Recorded, posts: frozenset[str], category: str) -> Made:
    """Return what `recorded` makes of `component` for a person of `category` who holds `posts`.

    LookupError for an entry without points or item, or on a day on which its item is not in force.
    """
    tariff = tariffs.of(component, posts)
    groups = tariff.group_values(tariff.within_caps(tariff.sums(recorded)), category)
    if not component.order:
        return Made(tariff, recorded, category, (), tariff.value(groups))
    codes = [terms.group.code for terms in tariff.groups_for(category)]
    turned = in_order(component.order, dict(zip(codes, map(number_of, groups), strict=True)), category)
    value = number_of(tariff.reach.keep(units(turned[-1].after)))
    return Made(tariff, recorded, category, turned, value)
