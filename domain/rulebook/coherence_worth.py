"""What contradicts itself in what items are worth: measures, levels, times, exclusion, versions of one item."""

from collections.abc import Iterator
from datetime import date
from itertools import combinations, pairwise

from domain.findings import Finding
from domain.rulebook.items import Item, Stairs
from domain.rulebook.model import Rulebook
from domain.text import Text

_FIX = Text(zh="改正后再试。", en="Correct it and try again.")


def worth_incoherences(rulebook: Rulebook) -> Iterator[Finding]:
    """Yield what contradicts itself in single items, among versions of one, and among those that exclude each other."""
    for item in rulebook.items.values():
        for number, version in enumerate(item.versions()):
            yield from _item(version, f"items.{item.code}" + (f"#{number + 1}" if number else ""))
        yield from _versions(item)
    yield from _exclusives(rulebook)


def _item(item: Item, place: str) -> Iterator[Finding]:
    if isinstance(item.measure, Stairs):
        yield from _stairs(item.measure, f"{place}.steps")
    if item.measure is not None and item.posts:
        message = Text(zh="按数量计分的条目不能另按岗位定分", en="an item measured by an amount has no values by post")
        remedy = Text(zh="分为两个条目。", en="Write two items.")
        yield Finding("item-value-unfit", f"{place}.posts", message, remedy)
    for level, times in item.levels.items():
        if times <= 0:
            message = Text(
                zh=f"“{level}”的倍数{times}应大于0", en=f"the multiplier {times} of “{level}” is not above 0"
            )
            yield Finding("item-value-unfit", f"{place}.levels.{level}", message, _FIX)
    if item.per_occurrence_cap is not None and item.per_occurrence_cap <= 0:
        message = Text(zh="每次限额应大于0", en="the cap of an occurrence is not above 0")
        yield Finding("item-value-unfit", f"{place}.per_occurrence_cap", message, _FIX)
    yield from _times(item, place)
    if item.effective_from is not None and item.effective_to is not None and item.effective_to < item.effective_from:
        message = Text(
            zh=f"{item.effective_to}早于{item.effective_from}",
            en=f"{item.effective_to} is before {item.effective_from}",
        )
        yield Finding("item-days-unfit", f"{place}.effective", message, _FIX)


def _stairs(measure: Stairs, place: str) -> Iterator[Finding]:
    """Yield stairs that do not rise to an open last one: some amount would stand on none, or on two."""
    ends = [stair.upto for stair in measure.stairs]
    rising = all(low is not None and high is not None and low < high for low, high in pairwise(ends[:-1]))
    if not ends or ends[-1] is not None or None in ends[:-1] or not rising:
        message = Text(
            zh="各步的upto应逐步增大，最后一步不写", en="`upto` has to rise from step to step, the last without"
        )
        remedy = Text(
            zh="写如[{ upto = 20, points = -1 }, { points = -5 }]。",
            en="Write such as [{ upto = 20, points = -1 }, { points = -5 }].",
        )
        yield Finding("item-value-unfit", place, message, remedy)


def _times(item: Item, place: str) -> Iterator[Finding]:
    if item.beyond == "ignored" and item.max_times is None:
        message = Text(zh="没有max_times，beyond没有意义", en="without `max_times`, `beyond` says nothing")
        yield Finding(
            "item-times-unfit", f"{place}.beyond", message, Text(zh="写明max_times。", en="Give `max_times`.")
        )
    if item.exclusive and item.max_times is not None and item.beyond == "refused":
        message = Text(
            zh="同一事项就高的条目，哪几次计分要到算时才知道，多出的不能拒收",
            en="which entries of an exclusive item count is known when all are, so more of them cannot be refused",
        )
        remedy = Text(zh='写beyond = "ignored"。', en='Write beyond = "ignored".')
        yield Finding("item-times-unfit", f"{place}.max_times", message, remedy)


def _versions(item: Item) -> Iterator[Finding]:
    """Yield versions of one item that are in force on one day, or that count in different groups."""
    versions = list(enumerate(item.versions(), start=1))
    for (_, one), (number, other) in combinations(versions, 2):
        place = f"items.{item.code}#{number}"
        if _first(one) <= _last(other) and _first(other) <= _last(one):
            message = Text(
                zh=f"“{item.code}”的两个版本在同一天施行", en=f"two versions of “{item.code}” are in force at once"
            )
            remedy = Text(zh="使各自的effective互不重叠。", en="Make their `effective` days exclude each other.")
            yield Finding("item-versions-overlap", f"{place}.effective", message, remedy)
        if (one.group, one.exclusive, one.categories) != (other.group, other.exclusive, other.categories):
            message = Text(
                zh=f"“{item.code}”的各版本应在同一组、同一互斥名、同一人员类别",
                en=f"versions of “{item.code}” differ in group, `exclusive` or categories",
            )
            remedy = Text(zh="另立一个条目。", en="Write another item instead.")
            yield Finding("item-versions-apart", place, message, remedy)


def _first(item: Item) -> date:
    return item.effective_from or date.min


def _last(item: Item) -> date:
    return item.effective_to or date.max


def _exclusives(rulebook: Rulebook) -> Iterator[Finding]:
    """Yield items of one exclusive name that cannot be compared: of other components, or that add and deduct."""
    named: dict[str, list[Item]] = {}
    for item in rulebook.items.values():
        for version in item.versions():
            if version.exclusive:
                named.setdefault(version.exclusive, []).append(version)
    for name, together in named.items():
        if len({rulebook.component_of(item) for item in together}) > 1:
            message = Text(zh=f"互斥的“{name}”分属不同评价项目", en=f"“{name}” excludes across components")
            remedy = Text(zh="只用于同一评价项目的条目。", en="Use it within one component.")
            yield Finding("exclusive-apart", f"items.{together[0].code}.exclusive", message, remedy)
        values = [value for item in together for value in item.every_value()]
        if any(value.high > 0 for value in values) and any(value.low < 0 for value in values):
            message = Text(
                zh=f"互斥的“{name}”既有加分又有扣分", en=f"“{name}” excludes between additions and deductions"
            )
            remedy = Text(zh="加分与扣分各用一个名称。", en="Give additions and deductions names of their own.")
            yield Finding("exclusive-signs", f"items.{together[0].code}.exclusive", message, remedy)
