"""What a rulebook says about worth, orders, vetoes, gates, named stars, quotas and probation, in sentences."""

from collections.abc import Iterator, Mapping

from domain.rulebook.items import Item, Percent, Rate, Stair, Stairs, Value
from domain.rulebook.model import Cap, Component, Rulebook
from domain.rulebook.order import Add, AtLeast, AtMost, Begin, Times, Turn
from domain.rulebook.parts import said
from domain.rulebook.results import Exemption, Gate, NamedStar, ProbationOutcome, Veto
from domain.rulebook.terms import Retention
from domain.rulebook.words import word
from domain.text import Text


def result_sentences(rulebook: Rulebook) -> Iterator[tuple[str, Text]]:
    """Yield each place beside the score with its sentence."""
    total, reach = rulebook.total, bounds(rulebook.total.low, rulebook.total.high)
    yield "total", Text(f"总分为{_HOW[total.how].zh}{reach.zh}。", f"The total is {_HOW[total.how].en}{reach.en}.")
    for category in rulebook.categories:
        posts = said(category.posts)
        whom = Text(f"：{posts.zh}", f": {posts.en}") if category.posts else Text("", "")
        name = category.title
        yield (
            f"categories.{category.code}",
            Text(f"“{name.zh}”单独成类{whom.zh}。", f"“{name.en}” is a category{whom.en}."),
        )
    for kept in rulebook.retention:
        yield f"retention.{kept.records}", _retention(kept)
    for ground in rulebook.exemptions.values():
        yield f"exemptions.{ground.code}", _exemption(ground)
    for veto in rulebook.vetoes.values():
        yield f"vetoes.{veto.code}", _veto(veto)
    for gate in rulebook.gates:
        yield f"gates.{gate.code}", _gate(rulebook, gate)
    for star in rulebook.named_stars:
        yield f"named_stars.{star.code}", _named_star(rulebook, star)
    for number, floor in enumerate(rulebook.floors):
        yield f"floors[{number}]", _floor(rulebook, floor)
    for number, outcome in enumerate(rulebook.probation):
        yield f"probation[{number}]", _probation(outcome)


def order_sentences(place: str, component: Component, groups: Mapping[str, Text]) -> Iterator[tuple[str, Text]]:
    """Yield the steps in which a component is counted, and the bounds of its own."""
    for number, turn in enumerate(component.order):
        step = _turn(turn, groups)
        yield f"{place}.order[{number}]", Text(f"第{number + 1}步：{step.zh}。", f"Step {number + 1}: {step.en}.")
    if component.bounds is not None:
        reach = bounds(component.bounds.low, component.bounds.high)
        title = component.title
        yield f"{place}.range", Text(f"“{title.zh}”{reach.zh[1:]}。", f"“{title.en}” is{reach.en[1:]}.")


def worth(item: Item) -> Text:
    """Return what one occurrence of an item is worth, by its amount, its level or its post."""
    match item.measure:
        case Rate(unit=unit, points=points):
            base = Text(f"每{unit.zh}{_n(points)}分", f"{points_of(points)} for each {unit.en}")
        case Stairs(stairs=stairs):
            base = _stairs(stairs)
        case Percent(percent=percent):
            base = Text(f"完成率的{_n(percent)}%", f"{_n(percent)} % of the rate")
        case None:
            values = list(item.every_value())
            base = Text("、".join(map(_value_zh, values)), ", ".join(map(_value_en, values)))
    levels = [f"{level} ×{_n(times)}" for level, times in item.levels.items()]
    by_level = Text(f"（{'，'.join(levels)}）", f" ({', '.join(levels)})") if levels else Text("", "")
    return Text(base.zh + by_level.zh, base.en + by_level.en)


def _stairs(stairs: tuple[Stair, ...]) -> Text:
    zh = [f"{'其余' if each.upto is None else f'至{_n(each.upto)}'}{_n(each.points)}分" for each in stairs]
    en = [f"{'else' if each.upto is None else f'up to {_n(each.upto)}'} {points_of(each.points)}" for each in stairs]
    return Text("；".join(zh), "; ".join(en))


def points_of(number: object) -> str:
    """Return a number of points in English."""
    return f"{_n(number)} point{'' if _n(number) in {'1', '-1'} else 's'}"


def bounds(low: object, high: object) -> Text:
    """Return the ends that a number stays within, each with its comma before it; nothing where both are open."""
    if low is None and high is None:
        return Text("", "")
    if low is None or high is None:
        end, zh, en = (high, "不高于", "at most") if low is None else (low, "不低于", "at least")
        return Text(f"，{zh}{_n(end)}分", f", {en} {_n(end)}")
    return Text(f"，在{_n(low)}至{_n(high)}分之间", f", between {_n(low)} and {_n(high)}")


def _value_zh(value: Value) -> str:
    return f"{value.post}{'：' if value.post else ''}{said(value).zh}分"


def _value_en(value: Value) -> str:
    worth_of = points_of(value.low) if value.fixed is not None else f"{said(value).en} points"
    return f"{value.post}{': ' if value.post else ''}{worth_of}"


def _retention(kept: Retention) -> Text:
    what = word(kept.records)
    if kept.years is None:
        return Text(f"{what.zh}永久保管。", f"The records “{what.en}” are kept for ever.")
    return Text(f"{what.zh}保管{kept.years}年。", f"The records “{what.en}” are kept for {kept.years} years.")


def _exemption(ground: Exemption) -> Text:
    by = Text("", "")
    if ground.decided_by:
        body = word(ground.decided_by)
        by = Text(f"，由{body.zh}决定", f", decided by {body.en}")
    return Text(f"“{ground.title.zh}”可免评{by.zh}。", f"“{ground.title.en}” is a ground of exemption{by.en}.")


def _veto(veto: Veto) -> Text:
    effect, by = _EFFECTS[veto.effect], word(veto.declared_by)
    years = Text("", "") if veto.years == 1 else Text(f"，持续{veto.years}年", f", for {veto.years} years")
    return Text(
        f"“{veto.title.zh}”一票否决：{effect.zh}{years.zh}；由{by.zh}宣布。",
        f"“{veto.title.en}” is a veto: {effect.en}{years.en}; declared by {by.en}.",
    )


def _gate(rulebook: Rulebook, gate: Gate) -> Text:
    star, otherwise = rulebook.label_of(gate.for_star_at_least), rulebook.label_of(gate.otherwise)
    needed = Text("须为是", "it is a yes")
    if gate.at_least is not None:
        needed = Text(f"须达到{_n(gate.at_least)}", f"it is at least {_n(gate.at_least)}")
    return Text(
        f"“{star.zh}”以上须过“{gate.title.zh}”（{gate.measure}）：{needed.zh}，否则为“{otherwise.zh}”。",
        f"“{star.en}” and above need “{gate.title.en}” ({gate.measure}): {needed.en}, or “{otherwise.en}” is held.",
    )


def _named_star(rulebook: Rulebook, star: NamedStar) -> Text:
    titles = {group.code: group.title for group in rulebook.groups}
    titles |= {code: component.title for code, component in rulebook.nodes().items()}
    titles |= {code: item.title for code, item in rulebook.items.items()}
    of = titles.get(star.of, Text(star.of, star.of))
    return Text(
        f"“{star.title.zh}”：“{of.zh}”达到{_n(star.at_least)}分。",
        f"“{star.title.en}”: for {_n(star.at_least)} points or more in “{of.en}”.",
    )


def _floor(rulebook: Rulebook, floor: Cap) -> Text:
    label = rulebook.label_of(floor.star)
    return Text(
        f"“{label.zh}”及以下不少于{_n(floor.percent)}%。", f"“{label.en}” and below are at least {_n(floor.percent)} %."
    )


def _probation(outcome: ProbationOutcome) -> Text:
    ends = []
    if outcome.at_least is not None:
        ends.append(Text(f"{_n(outcome.at_least)}分以上", f"from {_n(outcome.at_least)}"))
    if outcome.below is not None:
        ends.append(Text(f"不满{_n(outcome.below)}分", f"below {_n(outcome.below)}"))
    whom = said(tuple(ends)) if ends else Text("任何总分", "any total")
    return Text(f"预备党员{whom.zh}：{outcome.title.zh}。", f"Probationary members, {whom.en}: {outcome.title.en}.")


def _turn(turn: Turn, titles: Mapping[str, Text]) -> Text:
    match turn:
        case Begin(start=start, start_by=by):
            others = [f"{code} {_n(points)}" for code, points in by.items()]
            apart = Text(f"（{'，'.join(others)}）", f" ({', '.join(others)})") if others else Text("", "")
            return Text(f"从{_n(start)}分开始{apart.zh}", f"begin at {_n(start)}{apart.en}")
        case Add(groups=groups, at_least=low, at_most=high):
            added, reach = said(tuple(titles.get(code, Text(code, code)) for code in groups)), bounds(low, high)
            return Text(f"加上{added.zh}{reach.zh}", f"add {added.en}{reach.en}")
        case AtMost(bound=bound):
            return Text(f"不高于{_n(bound)}分", f"at most {_n(bound)}")
        case AtLeast(bound=bound):
            return Text(f"不低于{_n(bound)}分", f"at least {_n(bound)}")
        case Times(factor=factor):
            return Text(f"乘以{_n(factor)}", f"times {_n(factor)}")


def _n(number: object) -> str:
    return said(number).en


_HOW = {
    "weighted": Text("各项加权平均", "the weighted mean of the components"),
    "sum": Text("各项之和", "the sum of the components"),
}
_EFFECTS = {
    "zero": Text("总分计为0", "the total counts as 0"),
    "lowest": Text("定为最低等次", "the lowest label"),
    "unrated": Text("不评定星级", "no star"),
    "no_award": Text("不得评先评优", "nothing that asks for a least star follows"),
}
