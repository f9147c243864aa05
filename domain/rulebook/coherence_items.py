"""What contradicts itself in an item catalogue: groups without a place, items without a group, unfit values."""

from collections import Counter
from collections.abc import Iterator

from domain.activity_kinds import ACTIVITY_KINDS
from domain.findings import Finding
from domain.rulebook.coherence_order import order_incoherences
from domain.rulebook.coherence_worth import worth_incoherences
from domain.rulebook.items import Group, Item, Value
from domain.rulebook.model import Rulebook
from domain.text import Text

_FIX = Text(zh="改正后再试。", en="Correct it and try again.")


def item_incoherences(rulebook: Rulebook) -> Iterator[Finding]:
    """Yield what contradicts itself among components kept by entries, categories of people, groups and items."""
    yield from _categories(rulebook)
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
        yield from order_incoherences(rulebook, component)
    for item in rulebook.items.values():
        for number, version in enumerate(item.versions()):
            place = f"items.{item.code}" + (f"#{number + 1}" if number else "")
            yield from _item(rulebook, version, place)
    yield from worth_incoherences(rulebook)


def _categories(rulebook: Rulebook) -> Iterator[Finding]:
    for code, count in Counter(each.code for each in rulebook.categories).items():
        if count > 1:
            message = Text(zh=f"人员类别“{code}”出现{count}次", en=f"the category “{code}” stands {count} times")
            yield Finding("category-doubled", f"categories.{code}", message, _FIX)
    for post, count in Counter(post for each in rulebook.categories for post in each.posts).items():
        if count > 1:
            message = Text(zh=f"岗位“{post}”属于{count}个类别", en=f"the post “{post}” belongs to {count} categories")
            yield Finding("category-doubled", "categories", message, _FIX)


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
    yield from unknown_categories(rulebook, f"{place}.categories", group.categories)
    yield from unknown_categories(rulebook, f"{place}.start_by", tuple(group.start_by))
    low, high = group.low, group.high
    for start in (group.start, *group.start_by.values()):
        if (low is not None and start < low) or (high is not None and start > high):
            bounds_zh = f"{'…' if low is None else low}至{'…' if high is None else high}"
            bounds_en = f"{'…' if low is None else low} and {'…' if high is None else high}"
            message = Text(
                zh=f"起点{start}不在{bounds_zh}之间", en=f"it starts at {start}, which is not between {bounds_en}"
            )
            yield Finding("group-contradicted", place, message, _FIX)


def unknown_categories(rulebook: Rulebook, place: str, codes: tuple[str, ...]) -> Iterator[Finding]:
    """Yield a finding for each category of people that the rulebook does not have."""
    known = [each.code for each in rulebook.categories]
    for code in codes:
        if code not in known:
            message = Text(zh=f"没有人员类别“{code}”", en=f"there is no category of people “{code}”")
            remedy = Text(zh="在[[categories]]中写明，或改正。", en="Write it under [[categories]], or correct it.")
            yield Finding("category-unknown", place, message, remedy)


def _item(rulebook: Rulebook, item: Item, place: str) -> Iterator[Finding]:
    if not rulebook.component_of(item):
        message = Text(zh=f"没有考核组“{item.group}”", en=f"there is no group “{item.group}”")
        yield Finding("group-unknown", f"{place}.group", message, _FIX)
    for value in item.every_value():
        yield from _value(place, value)
    if len({value.post for value in item.posts}) != len(item.posts):
        message = Text(zh="同一岗位有两个分值", en="a post has two values")
        yield Finding("item-value-unfit", f"{place}.posts", message, _FIX)
    yield from unknown_categories(rulebook, f"{place}.categories", item.categories)
    yield from _for_nobody(rulebook, item, place)
    for code in item.activities:
        if code not in ACTIVITY_KINDS:
            message = Text(zh=f"没有活动类别“{code}”", en=f"there is no kind of activity “{code}”")
            listed = " · ".join(ACTIVITY_KINDS)
            remedy = Text(zh=f"可用：{listed}。", en=f"There are {listed}.")
            yield Finding("activity-unknown", f"{place}.activities", message, remedy)
    if item.per_period_cap is not None and item.per_period_cap <= 0:
        message = Text(zh="每期限额应大于0", en="the cap of a period is not above 0")
        yield Finding("item-value-unfit", f"{place}.per_period_cap", message, _FIX)


def _for_nobody(rulebook: Rulebook, item: Item, place: str) -> Iterator[Finding]:
    group = next((each for each in rulebook.groups if each.code == item.group), None)
    if group is None or not group.categories or not item.categories:
        return
    if not set(group.categories) & set(item.categories):
        message = Text(
            zh=f"条目与“{group.title.zh}”没有共同的人员类别", en=f"it shares no category with “{group.title.en}”"
        )
        yield Finding("category-contradicted", f"{place}.categories", message, _FIX)


def _value(place: str, value: Value) -> Iterator[Finding]:
    of = f"{place}.posts.{value.post}" if value.post else place
    if value.low > value.high:
        message = Text(zh=f"{value.low}大于{value.high}", en=f"{value.low} is more than {value.high}")
        yield Finding("item-value-unfit", of, message, _FIX)
    elif value.low == value.high == 0:
        message = Text(zh="分值为0的条目没有意义", en="an item worth nothing says nothing")
        yield Finding("item-value-unfit", of, message, _FIX)
