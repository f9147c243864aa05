"""The sentences behind a component made of entries: range, groups, items, and each entry with its fact (A-42, A-43)."""

from fractions import Fraction

from domain.rulebook.model import Rulebook
from domain.scoring.entries import GroupTally, ItemTally, Line
from domain.scoring.numbers import written
from domain.scoring.step import Step, applied
from domain.scoring.total import Tally
from domain.text import Text

_READINGS = ("AMB-A12", "AMB-B9")


def entries_step(rulebook: Rulebook, each: Tally, value: Fraction) -> Step:
    """Return the step of the groups' sum within the component's range, down to the entries."""
    terms = " + ".join(_signed(group.value) for group in each.groups)
    total = sum((group.value for group in each.groups), Fraction(0))
    formula = f"{terms} = {written(total)}"
    bounded = _bounded(total, value)
    label = Text(zh=f"各组合计：{formula}{bounded.zh}", en=f"sum of the groups: {formula}{bounded.en}")
    sources = () if each.recorded is None else each.recorded.sources
    children = tuple(_group_step(rulebook, group) for group in each.groups)
    clause = rulebook.component_range.clause
    return Step(label, written(value), clause, applied(rulebook, *_READINGS), sources, children)


def _bounded(value: Fraction, within: Fraction) -> Text:
    """Say that a bound was passed, if it was."""
    if value == within:
        return Text(zh="", en="")
    up = value < within
    return Text(
        zh=f"，{'低于下限' if up else '超过上限'}，计{written(within)}",
        en=f", {'below the lower' if up else 'above the upper'} bound, counts {written(within)}",
    )


def _signed(number: Fraction) -> str:
    return f"({written(number)})" if number < 0 else written(number)


def _group_step(rulebook: Rulebook, group: GroupTally) -> Step:
    known = group.group
    terms = "".join(f" + {_signed(item.value)}" for item in group.items)
    bounded = _bounded(group.sum, group.value)
    formula = f"{written(known.start)}{terms} = {written(group.sum)}{bounded.zh}"
    formula_en = f"{written(known.start)}{terms} = {written(group.sum)}{bounded.en}"
    bounds_zh, bounds_en = f"限{known.low}至{known.high}", f"within {known.low} and {known.high}"
    label = Text(
        zh=f"{known.title.zh}（起点{known.start}，{bounds_zh}）：{formula}",
        en=f"{known.title.en} (from {known.start}, {bounds_en}): {formula_en}",
    )
    children = tuple(_item_step(item) for item in group.items)
    return Step(label, written(group.value), known.clause, applied(rulebook, *_READINGS), (), children)


def _item_step(item: ItemTally) -> Step:
    known = item.item
    bounded = _bounded(item.sum, item.value)
    terms = " + ".join(_signed(line.points) for line in item.lines)
    key = Text("（重点项目，A-49）", " (key item, A-49)") if known.key else Text("", "")
    label = Text(
        zh=f"{known.title.zh}{key.zh}：{terms} = {written(item.sum)}{bounded.zh}",
        en=f"{known.title.en}{key.en}: {terms} = {written(item.sum)}{bounded.en}",
    )
    return Step(label, written(item.value), known.clause, (), (), tuple(_line_step(item, line) for line in item.lines))


def _line_step(item: ItemTally, line: Line) -> Step:
    day, known = line.entry.occurred_on, item.item
    points = f"+{written(line.points)}" if line.points > 0 else written(line.points)
    label = Text(
        zh=f"{f'{day} ' if day else ''}{known.code} {points}：{known.test.zh}",
        en=f"{f'{day} ' if day else ''}{known.code} {points}: {known.test.en}",
    )
    return Step(label, written(line.points), known.clause, (), line.entry.sources)
