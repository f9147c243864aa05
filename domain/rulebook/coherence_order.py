"""What contradicts itself in the order of a component: where it begins, which groups it adds, bounds and factors."""

from collections import Counter
from collections.abc import Iterator

from domain.findings import Finding
from domain.rulebook.model import Component, Rulebook
from domain.rulebook.order import Add, Begin, Times
from domain.text import Text

_FIX = Text(zh="改正后再试。", en="Correct it and try again.")


def order_incoherences(rulebook: Rulebook, component: Component) -> Iterator[Finding]:
    """Yield what contradicts itself in a component's order and bounds."""
    place = f"components.{component.code}"
    own = component.bounds
    if own is not None and own.high is not None and own.low >= own.high:
        message = Text(zh=f"{own.low}不小于{own.high}", en=f"{own.low} is not less than {own.high}")
        yield Finding("range-unfit", f"{place}.range", message, _FIX)
    if not component.order:
        return
    if not component.takes_entries:
        message = Text(
            zh=f"“{component.title.zh}”不按条目计分，order没有对象",
            en=f"“{component.title.en}” is not made of entries: there is nothing to order",
        )
        remedy = Text(zh="写entries = true，或删去order。", en="Write entries = true, or remove `order`.")
        yield Finding("order-unfit", f"{place}.order", message, remedy)
    for number in range(len(component.order)):
        yield from _turn(rulebook, component, number)
    yield from _groups_once(rulebook, component)


def _turn(rulebook: Rulebook, component: Component, number: int) -> Iterator[Finding]:
    turn, place = component.order[number], f"components.{component.code}.order[{number}]"
    if isinstance(turn, Begin):
        if number:
            message = Text(zh="起点只能是第一步", en="an order begins with its first step only")
            yield Finding("order-unfit", place, message, Text(zh="移到第一步。", en="Make it the first."))
        known = {each.code for each in rulebook.categories}
        for code in turn.start_by:
            if code not in known:
                message = Text(zh=f"没有人员类别“{code}”", en=f"there is no category of people “{code}”")
                yield Finding("category-unknown", f"{place}.start_by", message, _FIX)
    if isinstance(turn, Times) and turn.factor <= 0:
        message = Text(zh=f"乘数{turn.factor}应大于0", en=f"the factor {turn.factor} is not above 0")
        yield Finding("order-unfit", f"{place}.times", message, _FIX)
    if isinstance(turn, Add):
        yield from _bounds(turn, place)


def _bounds(turn: Add, place: str) -> Iterator[Finding]:
    low, high = turn.at_least, turn.at_most
    if low is not None and high is not None and low > high:
        message = Text(zh=f"下限{low}大于上限{high}", en=f"at least {low} is more than at most {high}")
        yield Finding("order-unfit", place, message, _FIX)


def _groups_once(rulebook: Rulebook, component: Component) -> Iterator[Finding]:
    """Yield each group that the order adds although it is another component's, more than once, or not at all."""
    place = f"components.{component.code}.order"
    added = Counter(code for turn in component.order if isinstance(turn, Add) for code in turn.groups)
    own = [group.code for group in rulebook.groups_of(component.code)]
    for code, count in added.items():
        if code not in own:
            message = Text(
                zh=f"“{component.title.zh}”没有考核组“{code}”", en=f"“{component.title.en}” has no group “{code}”"
            )
            yield Finding("group-unknown", place, message, _FIX)
        elif count > 1:
            message = Text(zh=f"考核组“{code}”计入{count}次", en=f"the group “{code}” is added {count} times")
            yield Finding("group-doubled", place, message, Text(zh="只计入一次。", en="Add it once."))
    for code in own:
        if code not in added:
            message = Text(zh=f"考核组“{code}”没有计入", en=f"the group “{code}” is never added")
            remedy = Text(zh="在某一步的add中写上它。", en="Name it in the `add` of a step.")
            yield Finding("group-uncounted", place, message, remedy)
