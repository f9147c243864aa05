"""How far points can go under a rulebook: what one person's entries come to at most, and what totals there are.

Bounds only, never less than what can happen: what excludes what, and who is of which category, is left out of account.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from domain.rulebook.items import Group, Item
from domain.rulebook.model import Component, Rulebook
from domain.rulebook.order import Add, AtLeast, AtMost, Begin, Times, Turn
from domain.rulebook.total_reach import Span

Top = Fraction | None
"""The most that a number can be; None where nothing bounds it."""


def most_added(item: Item) -> Top:
    """Return the most points that one person's entries of `item` add in a period."""
    return _sum(_most(version, version.once()[1]) for version in item.versions())


def most_deducted(item: Item) -> Top:
    """Return the most points that one person's entries of `item` take away in a period, as a magnitude."""
    lows = ((version, version.once()[0]) for version in item.versions())
    return _sum(_most(version, None if low is None else -low) for version, low in lows)


def _most(item: Item, once: object) -> Top:
    if once is not None and Fraction(str(once)) <= 0:
        return Fraction(0)
    by_times = None if item.max_times is None or once is None else Fraction(str(once)) * item.max_times
    return _least((by_times, None if item.per_period_cap is None else Fraction(item.per_period_cap)))


def items_in(rulebook: Rulebook, group: Group) -> list[Item]:
    """Return the items of a group in the order of the document."""
    return [item for item in rulebook.items.values() if item.group == group.code]


def group_top(rulebook: Rulebook, group: Group) -> Top:
    """Return the most that a group can hold: its start with all that its items can add, within its bounds."""
    start = max(map(Fraction, (group.start, *group.start_by.values())))
    added = _sum((start, *(most_added(item) for item in items_in(rulebook, group))))
    return _least((added, None if group.high is None else Fraction(group.high)))


def component_top(rulebook: Rulebook, component: Component, *, by_entries: bool = False) -> Top:
    """Return the most that a component's value can be; `by_entries`, where it is made of entries if it may be."""
    if component.parts:
        return _weighted(rulebook, component.parts, by_entries=by_entries)
    bound = rulebook.range_of(component).high
    top = None if bound is None else Fraction(bound)
    return _least((top, _entries_top(rulebook, component))) if by_entries and component.takes_entries else top


def total_by_entries(rulebook: Rulebook, at_all: Span) -> Span:
    """Return the totals there can be where every component that may be is made of entries, of those `at_all`."""
    if rulebook.total.how == "weighted":
        top = _weighted(rulebook, rulebook.components, by_entries=True)
    else:
        top = _sum(component_top(rulebook, each, by_entries=True) for each in rulebook.components)
    return Span(at_all.low, _least((top, at_all.high)))


def _weighted(rulebook: Rulebook, components: Sequence[Component], *, by_entries: bool) -> Top:
    weight = sum((Fraction(each.weight) for each in components), Fraction(0))
    tops = [(Fraction(each.weight), component_top(rulebook, each, by_entries=by_entries)) for each in components]
    return _sum(None if top is None else share * top / weight for share, top in tops)


def _entries_top(rulebook: Rulebook, component: Component) -> Top:
    tops = {group.code: group_top(rulebook, group) for group in rulebook.groups_of(component.code)}
    if not component.order:
        return _sum(tops.values())
    running: Top = Fraction(0)
    for turn in component.order:
        running = _after(turn, running, tops)
    return running


def _after(turn: Turn, running: Top, tops: dict[str, Top]) -> Top:
    """Return the most that the running number can be after one step of an order."""
    match turn:
        case Begin():
            return max(map(Fraction, (turn.start, *turn.start_by.values())))
        case Add():
            added = _sum(tops.get(code, Fraction(0)) for code in turn.groups)
            bounded = _least((added, None if turn.at_most is None else Fraction(turn.at_most)))
            least = bounded if turn.at_least is None else _largest(bounded, Fraction(turn.at_least))
            return _sum((running, least))
        case AtMost():
            return _least((running, Fraction(turn.bound)))
        case AtLeast():
            return _largest(running, Fraction(turn.bound))
        case Times():
            return None if running is None else running * Fraction(turn.factor)


def _sum(tops: Iterable[Top]) -> Top:
    found = list(tops)
    return None if None in found else sum((each for each in found if each is not None), Fraction(0))


def _least(tops: Iterable[Top]) -> Top:
    return min((each for each in tops if each is not None), default=None)


def _largest(top: Top, bound: Fraction) -> Top:
    return None if top is None else max(top, bound)
