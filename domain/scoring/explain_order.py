"""The sentence behind each step of the order in which a component is counted, with its clause (龙泉, 四川)."""

from collections.abc import Mapping

from domain.rulebook.model import Rulebook
from domain.rulebook.order import Add, AtLeast, AtMost, Begin, Times
from domain.scoring.numbers import bound_passed, signed, written
from domain.scoring.order import Turned
from domain.scoring.step import Step
from domain.text import Text


def turn_step(rulebook: Rulebook, taken: Turned, groups: Mapping[str, Step]) -> Step:
    """Return the step of one turn; an addition has the steps of its `groups` beneath."""
    children: tuple[Step, ...] = ()
    if isinstance(taken.turn, Add):
        children = tuple(groups[code] for code in taken.turn.groups if code in groups)
    return Step(_said(rulebook, taken), written(taken.after), taken.turn.clause, (), (), children)


def _said(rulebook: Rulebook, taken: Turned) -> Text:
    before, after = written(taken.before), written(taken.after)
    match taken.turn:
        case Begin():
            return Text(zh=f"起点{after}", en=f"begins at {after}")
        case Add() as turn:
            return _added(rulebook, turn, taken)
        case AtMost(bound=bound):
            passed = Text(f"{before}，计{after}", f"{before} counts {after}")
            return _clamped(taken, Text(f"不超过{bound}", f"at most {bound}"), passed)
        case AtLeast(bound=bound):
            passed = Text(f"{before}，计{after}", f"{before} counts {after}")
            return _clamped(taken, Text(f"不低于{bound}", f"at least {bound}"), passed)
        case Times(factor=factor):
            formula = f"{signed(taken.before)} × {factor} = {after}"
            return Text(zh=f"乘以{factor}：{formula}", en=f"times {factor}: {formula}")


def _clamped(taken: Turned, bound: Text, passed: Text) -> Text:
    """Say a clamp: what it bounds, and whether the number passed it."""
    kept = written(taken.before)
    if taken.before == taken.after:
        return Text(zh=f"{bound.zh}：{kept}，未越限", en=f"{bound.en}: {kept} keeps within it")
    return Text(zh=f"{bound.zh}：{passed.zh}", en=f"{bound.en}: {passed.en}")


def _added(rulebook: Rulebook, turn: Add, taken: Turned) -> Text:
    titles = {group.code: group.title for group in rulebook.groups}
    names = Text("、".join(titles[code].zh for code in turn.groups), ", ".join(titles[code].en for code in turn.groups))
    bounded = bound_passed(taken.sum, taken.added)
    told = Text(f"合计{written(taken.sum)}{bounded.zh}", f"together {written(taken.sum)}{bounded.en}")
    formula = f"{signed(taken.before)} + {signed(taken.added)} = {written(taken.after)}"
    if taken.sum == taken.added:
        return Text(zh=f"计入{names.zh}：{formula}", en=f"with {names.en}: {formula}")
    return Text(zh=f"计入{names.zh}（{told.zh}）：{formula}", en=f"with {names.en} ({told.en}): {formula}")
