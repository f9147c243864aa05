"""What contradicts itself in an item catalogue: groups without a place, items without a group, unfit values."""

from collections import Counter
from collections.abc import Iterator

from domain.activity_kinds import ACTIVITY_KINDS
from domain.findings import Finding
from domain.rulebook.items import Group, Item, Value
from domain.rulebook.model import Rulebook
from domain.text import Text

_FIX = Text(zh="改正后再试。", en="Correct it and try again.")


def item_incoherences(rulebook: Rulebook) -> Iterator[Finding]:
    """Yield what contradicts itself among components kept by entries, groups and items."""
    yield from _doubled_groups(rulebook)
    for group in rulebook.groups:
        yield from _group(rulebook, group)
    for component in rulebook.nodes().values():
        if component.takes_entries and not rulebook.groups_of(component.code):
            message = Text(
                zh=f"“{component.title.zh}”按条目计分，但没有考核组",
                en=f"“{component.title.en}” is made of entries, but has no group",
            )
            yield Finding("groups-missing", f"components.{component.code}.entries", message, _FIX)
    for item in rulebook.items.values():
        yield from _item(rulebook, item)


def _doubled_groups(rulebook: Rulebook) -> Iterator[Finding]:
    for code, count in Counter(group.code for group in rulebook.groups).items():
        if count > 1:
            message = Text(zh=f"考核组“{code}”出现{count}次", en=f"the group “{code}” stands {count} times")
            yield Finding("group-doubled", f"groups.{code}", message, _FIX)


def _group(rulebook: Rulebook, group: Group) -> Iterator[Finding]:
    place = f"groups.{group.code}"
    component = rulebook.leaves().get(group.component)
    if component is None or not component.takes_entries:
        message = Text(
            zh=f"没有按条目计分的评价项目“{group.component}”", en=f"no component “{group.component}” is made of entries"
        )
        remedy = Text(zh="改正component，或在该项目写entries = true。", en="Correct it, or write entries = true there.")
        yield Finding("component-unknown", f"{place}.component", message, remedy)
    if not group.low <= group.start <= group.high:
        message = Text(
            zh=f"起点{group.start}不在{group.low}至{group.high}之间",
            en=f"it starts at {group.start}, which is not between {group.low} and {group.high}",
        )
        yield Finding("group-contradicted", place, message, _FIX)


def _item(rulebook: Rulebook, item: Item) -> Iterator[Finding]:
    place = f"items.{item.code}"
    if not rulebook.component_of(item):
        message = Text(zh=f"没有考核组“{item.group}”", en=f"there is no group “{item.group}”")
        yield Finding("group-unknown", f"{place}.group", message, _FIX)
    for value in item.every_value():
        yield from _value(place, value)
    if len({value.post for value in item.posts}) != len(item.posts):
        message = Text(zh="同一岗位有两个分值", en="a post has two values")
        yield Finding("item-value-unfit", f"{place}.posts", message, _FIX)
    for code in item.activities:
        if code not in ACTIVITY_KINDS:
            message = Text(zh=f"没有活动类别“{code}”", en=f"there is no kind of activity “{code}”")
            listed = " · ".join(ACTIVITY_KINDS)
            remedy = Text(zh=f"可用：{listed}。", en=f"There are {listed}.")
            yield Finding("activity-unknown", f"{place}.activities", message, remedy)
    if item.per_period_cap is not None and item.per_period_cap <= 0:
        message = Text(zh="每期限额应大于0", en="the cap of a period is not above 0")
        yield Finding("item-value-unfit", f"{place}.per_period_cap", message, _FIX)


def _value(place: str, value: Value) -> Iterator[Finding]:
    of = f"{place}.posts.{value.post}" if value.post else place
    if value.low > value.high:
        message = Text(zh=f"{value.low}大于{value.high}", en=f"{value.low} is more than {value.high}")
        yield Finding("item-value-unfit", of, message, _FIX)
    elif value.low == value.high == 0:
        message = Text(zh="分值为0的条目没有意义", en="an item worth nothing says nothing")
        yield Finding("item-value-unfit", of, message, _FIX)
