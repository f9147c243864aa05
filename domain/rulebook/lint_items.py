"""What a linter says about an item catalogue: points for being seen instead of for deeds, and bounds never reached."""

from collections.abc import Iterator
from decimal import Decimal

from domain.findings import Finding
from domain.rulebook.items import Group, Item
from domain.rulebook.model import Rulebook
from domain.text import Text

_TRACES = (
    "打卡", "签到", "照片", "拍照", "截图", "留痕", "在线时长", "学习时长", "积分排名", "学习笔记", "心得体会",
    "转发", "点赞",
    "check-in", "check in", "checking in", "photo", "screenshot", "selfie", "online time", "study note", "time online",
)  # fmt: skip
_REMEDY = Text(
    zh="改为考核实绩；见2023年12月《关于防治“指尖上的形式主义”的若干意见》和2024年8月《整治形式主义为基层减负若干规定》。",
    en="Reward what was achieved; see the opinions against “formalism at the fingertips” of December 2023 and the "
    "provisions on relieving the grass roots of formalism of August 2024.",
)


def item_notes(rulebook: Rulebook) -> Iterator[Finding]:
    """Yield a note for each item that rewards a trace, each value that no group can hold, each component never full."""
    groups = {group.code: group for group in rulebook.groups}
    for item in rulebook.items.values():
        yield from _rewards_a_trace(item)
        yield from _too_large(item, groups[item.group])
    for code, component in rulebook.leaves().items():
        top = sum((group.high for group in rulebook.groups_of(code)), Decimal(0))
        if component.takes_entries and top < rulebook.component_range.high:
            message = Text(
                zh=f"“{component.title.zh}”各组合计最多{top}分，达不到{rulebook.component_range.high}分",
                en=f"the groups of “{component.title.en}” come to {top} at most, "
                f"never to {rulebook.component_range.high}",
            )
            remedy = Text(zh="确认即是如此，或提高上限。", en="Confirm that it is meant, or raise their bounds.")
            yield Finding("note-never-full", f"components.{code}", message, remedy)


def _rewards_a_trace(item: Item) -> Iterator[Finding]:
    """Yield a note where points are added for a check-in, a photograph and the like (norms of 2023-12 and 2024-08)."""
    if all(value.high <= 0 for value in item.every_value()):
        return
    said = f"{item.title.zh} {item.title.en} {item.test.zh} {item.test.en}".lower()
    found = [trace for trace in _TRACES if trace in said]
    if found:
        message = Text(
            zh=f"“{item.title.zh}”因“{found[0]}”加分：奖励的是痕迹而不是实绩",
            en=f"“{item.title.en}” adds points for “{found[0]}”: a trace is rewarded, not a deed",
        )
        yield Finding("note-rewards-traces", f"items.{item.code}", message, _REMEDY)


def _too_large(item: Item, group: Group) -> Iterator[Finding]:
    most = max(abs(bound) for value in item.every_value() for bound in (value.low, value.high))
    if most > group.high - group.low:
        message = Text(
            zh=f"一次{most}分超出“{group.title.zh}”的全部幅度{group.high - group.low}分",
            en=f"{most} points at once exceed the whole span {group.high - group.low} of “{group.title.en}”",
        )
        remedy = Text(zh="减小分值，或放宽该组上下限。", en="Lower the value, or widen the group.")
        yield Finding("note-item-exceeds-group", f"items.{item.code}", message, remedy)
