"""What a linter says about an item catalogue: points for being seen instead of for deeds, and bounds never reached."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from domain.findings import Finding
from domain.roles import AUDITOR, EN_ZH, LEADING_GROUP_HEAD, OPERATOR, REGISTRAR, SECRETARY
from domain.rulebook.items import Group, Item
from domain.rulebook.lint_traces import traces_in
from domain.rulebook.model import Component, Rulebook
from domain.rulebook.reach import group_top, items_in, most_added, most_deducted
from domain.text import Text

_CONFIRM = Text(zh="确认即是如此，或提高上限。", en="Confirm that it is meant, or raise their bounds.")


def item_findings(rulebook: Rulebook) -> Iterator[Finding]:
    """Yield what is amiss item by item, then group by group, then component by component."""
    groups = {group.code: group for group in rulebook.groups}
    for item in rulebook.items.values():
        yield from _rewards_a_trace(item)
        yield from _too_large(item, groups[item.group])
        yield from _cap_idle(item, groups[item.group])
        yield from _never_counts(rulebook, item, groups[item.group])
        yield from _never_in_force(rulebook, item)
        yield from _unverifiable(item)
    for group in rulebook.groups:
        yield from _group(rulebook, group)
    for component in rulebook.leaves().values():
        yield from _never_full(rulebook, component)


def _rewards_a_trace(item: Item) -> Iterator[Finding]:
    """Yield where points are added for a check-in, a photograph and the like (norms of 2023-12 and 2024-08)."""
    if all(value.high <= 0 for value in item.every_value()):
        return
    found = next(traces_in(f"{item.title.zh} {item.title.en} {item.test.zh} {item.test.en}"), None)
    if found is not None:
        word, trace = found
        message = Text(
            zh=f"“{item.title.zh}”因“{word}”（{trace.title.zh}）加分：奖励的是痕迹而不是实绩",
            en=f"“{item.title.en}” adds points for “{word}” ({trace.title.en}): a trace is rewarded, not a deed",
        )
        remedy = Text(zh=f"改为考核实绩；见{trace.norm.zh}。", en=f"Reward what was achieved; see {trace.norm.en}.")
        yield Finding("rewards-traces", f"items.{item.code}", message, remedy)


def _too_large(item: Item, group: Group) -> Iterator[Finding]:
    most, span = _once(item), _span(group)
    if most is not None and span is not None and most > span:
        message = Text(
            zh=f"一次{most}分超出“{group.title.zh}”的全部幅度{span}分",
            en=f"{most} points at once exceed the whole span {span} of “{group.title.en}”",
        )
        remedy = Text(zh="减小分值，或放宽该组上下限。", en="Lower the value, or widen the group.")
        yield Finding("note-item-exceeds-group", f"items.{item.code}", message, remedy)


def _once(item: Item) -> Decimal | None:
    """Return the most that one occurrence moves either way; None where its amount has no bound."""
    low, high = item.once()
    return None if low is None or high is None else max(abs(low), abs(high))


def _span(group: Group) -> Decimal | None:
    return None if group.low is None or group.high is None else group.high - group.low


def _cap_idle(item: Item, group: Group) -> Iterator[Finding]:
    """Yield a cap of a period that bounds nothing: the group, or the times it may count, are narrower."""
    cap, span, once = item.per_period_cap, _span(group), _once(item)
    if cap is None:
        return
    by_times = None if item.max_times is None or once is None else once * item.max_times
    if span is not None and cap > span:
        message = Text(
            zh=f"每期限额{cap}分超出“{group.title.zh}”的全部幅度{span}分",
            en=f"the cap of {cap} points exceeds the whole span {span} of “{group.title.en}”",
        )
        yield Finding("note-cap-exceeds-group", f"items.{item.code}.per_period_cap", message, _LOWER)
    elif by_times is not None and by_times < cap:
        message = Text(
            zh=f"最多{item.max_times}次共{by_times}分，达不到每期限额{cap}分",
            en=f"{item.max_times} times come to {by_times} at most, never to the cap of {cap}",
        )
        yield Finding("note-cap-idle", f"items.{item.code}.per_period_cap", message, _LOWER)


_LOWER = Text(zh="降低限额或删去。", en="Lower the cap or leave it out.")


def _never_counts(rulebook: Rulebook, item: Item, group: Group) -> Iterator[Finding]:
    """Yield an item that changes no total: it adds where the group is full from the start, or deducts where empty."""
    others = [each for each in items_in(rulebook, group) if each is not item]
    adds, deducts = most_added(item) != 0, most_deducted(item) != 0
    full = group.start == group.high and not deducts and all(most_deducted(each) == 0 for each in others)
    empty = group.start == group.low and not adds and all(most_added(each) == 0 for each in others)
    if full or empty:
        where = _FULL if full else _EMPTY
        message = Text(
            zh=f"“{item.title.zh}”永远不起作用：“{group.title.zh}”{where.zh}",
            en=f"“{item.title.en}” never counts: “{group.title.en}” {where.en}",
        )
        remedy = Text(zh="改正起点，或删去该条目。", en="Correct the start of the group, or remove the item.")
        yield Finding("item-never-counts", f"items.{item.code}", message, remedy)


_FULL = Text(zh="起点已满，又没有扣分条目", en="starts full, and nothing deducts")
_EMPTY = Text(zh="起点已到下限，又没有加分条目", en="starts at its lowest, and nothing adds")


def _never_in_force(rulebook: Rulebook, item: Item) -> Iterator[Finding]:
    """Yield an item none of whose versions is in force on a day on which the rulebook is."""
    first, last = rulebook.effective_from or date.min, rulebook.effective_to or date.max
    spans = [(version.effective_from or date.min, version.effective_to or date.max) for version in item.versions()]
    if all(end < first or begin > last for begin, end in spans):
        message = Text(
            zh=f"“{item.title.zh}”的施行日期都不在本办法施行期内，永远用不上",
            en=f"“{item.title.en}” is in force only on days on which the rulebook is not: it is never used",
        )
        remedy = Text(zh="改正日期，或删去该条目。", en="Correct the days, or remove the item.")
        yield Finding("item-never-in-force", f"items.{item.code}", message, remedy)


def _group(rulebook: Rulebook, group: Group) -> Iterator[Finding]:
    """Yield a group without items, and bounds that its items cannot bring it to."""
    items = items_in(rulebook, group)
    place = f"groups.{group.code}"
    if not items:
        message = Text(zh=f"“{group.title.zh}”没有考核条目", en=f"“{group.title.en}” has no items")
        remedy = Text(zh="补上条目，或删去该组。", en="Give it items, or remove the group.")
        yield Finding("group-unused", place, message, remedy)
        return
    top = group_top(rulebook, group)
    if top is not None and group.high is not None and top < group.high:
        message = Text(
            zh=f"各条目最多使“{group.title.zh}”达到{_written(top)}分，达不到上限{group.high}分",
            en=f"the items bring “{group.title.en}” to {_written(top)} at most, never to {group.high}",
        )
        yield Finding("note-group-never-high", f"{place}.high", message, _CONFIRM)
    if group.low is not None and group.low < group.start and all(most_deducted(item) == 0 for item in items):
        message = Text(
            zh=f"“{group.title.zh}”没有扣分条目，永远不会低于起点{group.start}分",
            en=f"nothing deducts from “{group.title.en}”: it never falls below its start {group.start}",
        )
        remedy = Text(zh="确认即是如此，或补上扣分条目。", en="Confirm that it is meant, or give items that deduct.")
        yield Finding("note-group-never-low", f"{place}.low", message, remedy)


def _written(number: Fraction) -> str:
    return f"{Decimal(number.numerator) / Decimal(number.denominator):f}"


def _never_full(rulebook: Rulebook, component: Component) -> Iterator[Finding]:
    highs = [group.high for group in rulebook.groups_of(component.code)]
    full = rulebook.range_of(component).high
    if not component.takes_entries or component.order or full is None or None in highs:
        return
    top = sum((high for high in highs if high is not None), Decimal(0))
    if top < full:
        message = Text(
            zh=f"“{component.title.zh}”各组合计最多{top}分，达不到{full}分",
            en=f"the groups of “{component.title.en}” come to {top} at most, never to {full}",
        )
        yield Finding("note-never-full", f"components.{component.code}", message, _CONFIRM)


def _unverifiable(item: Item) -> Iterator[Finding]:
    """Yield an item whose entries no office may verify: none that writes, or only that of the one who records."""
    for version in item.versions():
        writing = set(version.verified_by) - {OPERATOR, AUDITOR}
        alone = len(writing) == 1 and writing <= HELD_BY_ONE and set(version.recorded_by) == writing
        if version.verified_by and (not writing or alone):
            offices = "、".join(EN_ZH[role] for role in version.verified_by), ", ".join(version.verified_by)
            message = Text(
                zh=f"“{item.title.zh}”没有人可以审核：{offices[0]}不能登记事实，或正是记录人本人",
                en=f"nobody may verify “{item.title.en}”: {offices[1]} enters no facts, or is who records it",
            )
            remedy = Text(zh="在verified_by中写明另一职务。", en="Name another office in verified_by.")
            yield Finding("item-unverifiable", f"items.{item.code}.verified_by", message, remedy)


HELD_BY_ONE = frozenset({SECRETARY, LEADING_GROUP_HEAD, REGISTRAR})
"""Offices that one person of a branch holds: who records in such an office has nobody beside him to verify."""
