"""The sentences behind a component made of entries: range, groups, items, and each entry with its fact (A-42, A-43)."""

from fractions import Fraction

from domain.rulebook.model import Component, Rulebook
from domain.scoring.entries import GroupTally, ItemTally, Made
from domain.scoring.explain_lines import line_step
from domain.scoring.explain_order import turn_step
from domain.scoring.numbers import bound_passed, signed, written
from domain.scoring.step import Step, applied
from domain.text import Text

_READINGS = ("AMB-A12", "AMB-B9")


def entries_step(rulebook: Rulebook, component: Component, made: Made) -> Step:
    """Return the step of a component that entries make, within its range, down to the entries."""
    if made.turned:
        return _ordered_step(rulebook, component, made)
    terms = " + ".join(signed(group.value) for group in made.groups)
    total = sum((group.value for group in made.groups), Fraction(0))
    formula = f"{terms} = {written(total)}" if terms else written(total)
    bounded = bound_passed(total, made.value)
    label = Text(zh=f"各组合计：{formula}{bounded.zh}", en=f"sum of the groups: {formula}{bounded.en}")
    children = tuple(_group_step(rulebook, group) for group in made.groups)
    return _of_component(rulebook, component, made, label, children)


def _ordered_step(rulebook: Rulebook, component: Component, made: Made) -> Step:
    """Return the step of a component that is counted in an order, each step of it beneath."""
    result = made.turned[-1].after
    bounded = bound_passed(result, made.value)
    numbers = " → ".join(written(taken.after) for taken in made.turned)
    label = Text(zh=f"按次序计算：{numbers}{bounded.zh}", en=f"counted in order: {numbers}{bounded.en}")
    groups = {group.group.code: _group_step(rulebook, group) for group in made.groups}
    children = tuple(turn_step(rulebook, taken, groups) for taken in made.turned)
    return _of_component(rulebook, component, made, label, children)


def _of_component(rulebook: Rulebook, component: Component, made: Made, said: Text, children: tuple[Step, ...]) -> Step:
    clause, label = rulebook.range_of(component).clause, said
    for category in rulebook.categories:
        if category.code == made.category:
            label = Text(zh=f"{category.title.zh}，{said.zh}", en=f"{category.title.en}, {said.en}")
    readings = applied(rulebook, *_READINGS)
    return Step(label, written(made.value), clause, readings, made.recorded.sources, children)


def _group_step(rulebook: Rulebook, group: GroupTally) -> Step:
    known = group.group
    start = written(group.start)
    terms = "".join(f" + {signed(item.value)}" for item in group.items)
    bounded, bounds = bound_passed(group.sum, group.value), _bounds(group)
    formula = f"{start}{terms} = {written(group.sum)}"
    label = Text(
        zh=f"{known.title.zh}（起点{start}{bounds.zh}）：{formula}{bounded.zh}",
        en=f"{known.title.en} (from {start}{bounds.en}): {formula}{bounded.en}",
    )
    children = tuple(_item_step(item) for item in group.items)
    return Step(label, written(group.value), known.clause, applied(rulebook, *_READINGS), (), children)


def _bounds(group: GroupTally) -> Text:
    """Say the bounds of a group: both, one, or nothing where both are open."""
    low, high = group.group.low, group.group.high
    if low is not None and high is not None:
        return Text(zh=f"，限{low}至{high}", en=f", within {low} and {high}")
    if high is not None:
        return Text(zh=f"，不超过{high}", en=f", at most {high}")
    return Text(zh="", en="") if low is None else Text(zh=f"，不低于{low}", en=f", at least {low}")


def _item_step(item: ItemTally) -> Step:
    known = item.item
    bounded = bound_passed(item.sum, item.value)
    terms = " + ".join(signed(line.points) for line in item.lines)
    key = Text("（重点项目，A-49）", " (key item, A-49)") if known.key else Text("", "")
    label = Text(
        zh=f"{known.title.zh}{key.zh}：{terms} = {written(item.sum)}{bounded.zh}",
        en=f"{known.title.en}{key.en}: {terms} = {written(item.sum)}{bounded.en}",
    )
    return Step(label, written(item.value), known.clause, (), (), tuple(line_step(line) for line in item.lines))
