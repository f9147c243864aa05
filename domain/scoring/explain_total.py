"""The sentences behind a total, each with its numbers: a hand calculator can follow it to the given values (A-43)."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from domain.rulebook.model import Component, Rulebook
from domain.scoring.numbers import written
from domain.scoring.standing import Standing
from domain.scoring.total import Tally
from domain.sheet.model import Given
from domain.text import Text


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an explanation: a sentence, its value, the clause, the readings that applied, the facts beneath."""

    label: Text
    value: str
    clause: str
    readings: tuple[str, ...] = ()
    sources: tuple[int, ...] = ()
    children: tuple["Step", ...] = ()


def total_step(rulebook: Rulebook, standing: Standing) -> Step:
    """Return the step of the published total; its children lead down to the given values."""
    exact = standing.exact
    if exact is None:
        return incomplete_step(rulebook, standing)
    places, shown, total = rulebook.rounding.places, written(exact), str(standing.total)
    label = Text(
        zh=f"总分{shown}，四舍五入至{places}位小数：{total}",
        en=f"the total {shown}, rounded half up once to {places} places: {total}",
    )
    return Step(label, total, rulebook.rounding.clause, ("AMB-A3",), (), (_exact_step(rulebook, standing, exact),))


def incomplete_step(rulebook: Rulebook, standing: Standing) -> Step:
    """Return the step of a total that cannot be computed, naming what is missing (AMB-A13)."""
    missing = missing_tallies(standing)
    names = Text(
        zh="、".join(each.component.title.zh for each in missing),
        en=", ".join(each.component.title.en for each in missing),
    )
    label = Text(
        zh=f"缺少{names.zh}：不计总分，不按0分计", en=f"{names.en} missing: there is no total; it is not counted as 0"
    )
    children = _component_steps(rulebook, standing.tallies)
    return Step(label, "", "AMB-A13", ("AMB-A13",), (), children)


def missing_tallies(standing: Standing) -> tuple[Tally, ...]:
    """Return the columns for want of which there is no total."""
    found = tuple(leaf for each in standing.tallies for leaf in each.leaves() if leaf.state in {"missing", "left_out"})
    return found or tuple(leaf for each in standing.tallies for leaf in each.leaves())


def _exact_step(rulebook: Rulebook, standing: Standing, exact: Fraction) -> Step:
    mean = exact if standing.mean is None else standing.mean
    formula = _formula(standing.tallies)
    clause = rulebook.components[0].clause
    readings = _spread(standing.tallies)
    label = Text(zh=f"加权合计：{formula} = {written(mean)}", en=f"weighted sum: {formula} = {written(mean)}")
    step = Step(label, written(mean), clause, readings, (), _component_steps(rulebook, standing.tallies))
    if mean == exact and not _reduced(rulebook, standing):
        return step
    months, length = standing.months, standing.period_months
    reduced = Text(
        zh=f"本周期{length}个月中在册{months}个整月：{written(mean)} × {months}/{length} = {written(exact)}",
        en=f"a member for {months} whole months of {length}: {written(mean)} × {months}/{length} = {written(exact)}",
    )
    return Step(
        reduced, written(exact), rulebook.scope.newcomers_clause, ("AMB-A15",), standing.candidate.sources, (step,)
    )


def _reduced(rulebook: Rulebook, standing: Standing) -> bool:
    months = standing.months
    return rulebook.scope.newcomers == "pro_rata" and months is not None and months < standing.period_months


def _formula(tallies: Iterable[Tally]) -> str:
    """Return such as `92 × 35% + 88 × 40%`, over the weights that count where these are not 100 %."""
    counting = [(each.component.weight, each.value) for each in tallies if each.value is not None]
    weight = sum((Fraction(weight) for weight, _ in counting), Fraction(0))
    terms = " + ".join(f"{written(value)} × {written(part)}%" for part, value in counting)
    return terms if weight == 100 else f"({terms}) ÷ {written(weight)}%"  # noqa: PLR2004 - per cent


def _spread(parts: Iterable[Tally]) -> tuple[str, ...]:
    """Return the readings by which the weight of some part goes to the others."""
    states = {part.state for part in parts}
    return (*(("AMB-A11",) if "absent" in states else ()), *(("AMB-A13",) if "left_out" in states else ()))


def _component_steps(rulebook: Rulebook, tallies: tuple[Tally, ...]) -> tuple[Step, ...]:
    counting = sum((Fraction(each.component.weight) for each in tallies if each.value is not None), Fraction(0))
    return tuple(_component_step(rulebook, each, counting) for each in tallies)


def _component_step(rulebook: Rulebook, each: Tally, counting: Fraction) -> Step:
    component, value = each.component, each.value
    if value is None:
        return _valueless_step(rulebook, each)
    share = Fraction(component.weight) / counting
    contribution = value * share
    weight = written(share * 100)
    label = Text(
        zh=f"{component.title.zh}：{written(value)} × {weight}% = {written(contribution)}",
        en=f"{component.title.en}: {written(value)} × {weight}% = {written(contribution)}",
    )
    children = (_sum_step(rulebook, each, value),) if each.parts else (_given_step(rulebook, each, value),)
    return Step(label, written(contribution), component.clause, (), (), children)


def _sum_step(rulebook: Rulebook, each: Tally, value: Fraction) -> Step:
    title, formula = each.component.title, _formula(each.parts)
    label = Text(zh=f"{title.zh}：{formula} = {written(value)}", en=f"{title.en}: {formula} = {written(value)}")
    clause = each.parts[0].component.clause
    return Step(label, written(value), clause, _spread(each.parts), (), _component_steps(rulebook, each.parts))


def _valueless_step(rulebook: Rulebook, each: Tally) -> Step:
    title = each.component.title
    if each.parts:
        label = Text(zh=f"{title.zh}：没有分值", en=f"{title.en}: no value")
        return Step(label, "", each.component.clause, _spread(each.parts), (), _component_steps(rulebook, each.parts))
    if each.state == "absent":
        label = Text(
            zh=f"没有{title.zh}，其权重由同组其他项目承担",
            en=f"no {title.en} exists; the others beside it carry its weight",
        )
        return Step(label, "", "AMB-A11", ("AMB-A11",))
    label = shortfall(each)
    clause = each.component.ballots_clause if each.insufficient else "AMB-A13"
    return Step(label, "", clause or "AMB-A14", ("AMB-A14", "AMB-A13") if each.insufficient else ("AMB-A13",))


def shortfall(each: Tally) -> Text:
    """Return why a column has no value: nothing was given, or too few ballots, and what follows."""
    component, spread = each.component, each.state == "left_out"
    then = Text(
        zh="其权重按比例分给其余各项" if spread else "结果不完整",
        en="its weight is spread over the rest" if spread else "the result is incomplete",
    )
    if each.insufficient:
        return Text(
            zh=f"{component.title.zh}有效票{each.ballots}张，少于{component.ballots_minimum}张；{then.zh}",
            en=f"{component.title.en}: {each.ballots} valid ballots, fewer than {component.ballots_minimum}; {then.en}",
        )
    return Text(zh=f"{component.title.zh}没有分数；{then.zh}", en=f"{component.title.en} was not given; {then.en}")


def _given_step(rulebook: Rulebook, each: Tally, value: Fraction) -> Step:
    component = each.component
    if each.counted is not None and component.grades is not None:
        return _counted_step(each, component, value)
    clause = rulebook.component_range.clause
    if each.carried:
        label = Text(zh=f"沿用上一年度：{written(value)}", en=f"carried over from last year: {written(value)}")
        return Step(label, written(value), "AMB-A13", ("AMB-A13",), _sources(each.used))
    if len(each.used) == 1 and not _is_trimmed(each):
        return _value_step(each.used[0], clause, _mean_readings(component))
    numbers = " + ".join(written(one.points) for one in each.used)
    formula = f"({numbers}) ÷ {len(each.used)} = {written(value)}"
    trimmed = _is_trimmed(each)
    label = Text(
        zh=f"去掉两端各{component.trim_each_side}个后取平均：{formula}" if trimmed else f"取平均：{formula}",
        en=f"mean without the {component.trim_each_side} lowest and highest: {formula}"
        if trimmed
        else f"mean: {formula}",
    )
    children = tuple(_value_step(one, clause, ()) for one in each.used)
    return Step(label, written(value), component.ballots_clause or clause, _mean_readings(component), (), children)


def _is_trimmed(each: Tally) -> bool:
    return each.ballots is not None and each.component.mean == "trimmed" and len(each.used) < each.ballots


def _mean_readings(component: Component) -> tuple[str, ...]:
    return ("AMB-A14",) if component.ballots_minimum else ()


def _value_step(one: Given, clause: str, readings: tuple[str, ...]) -> Step:
    by = Text(zh=f"（{one.rater}）", en=f" by {one.rater}") if one.rater else Text(zh="", en="")
    of = Text(zh="", en="")
    if one.ballots is not None:
        of = Text(zh=f"，{one.ballots}张有效票的平均", en=f", the mean of {one.ballots} valid ballots")
    label = Text(zh=f"评分{by.zh}：{written(one.points)}{of.zh}", en=f"given{by.en}: {written(one.points)}{of.en}")
    return Step(label, written(one.points), clause, readings, one.sources)


def _counted_step(each: Tally, component: Component, value: Fraction) -> Step:
    grades, counted = component.grades, each.counted
    if grades is None or counted is None:
        raise LookupError(component.code)
    voices = [(grades.points[grade], count) for grade, count in counted.grades.items() if grade in grades.points]
    terms = " + ".join(f"{written(points)} × {count}" for points, count in voices)
    formula = f"({terms}) ÷ {each.ballots} = {written(value)}"
    label = Text(zh=f"等次换算为分数，弃权不计：{formula}", en=f"grades as points, abstentions left out: {formula}")
    return Step(label, written(value), grades.clause, ("AMB-A14",), counted.sources)


def _sources(values: Iterable[Given]) -> tuple[int, ...]:
    return tuple(source for value in values for source in value.sources)
