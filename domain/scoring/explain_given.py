"""The sentences behind a column: the values that were given, ballots with grades, entries; with the facts beneath."""

from collections.abc import Iterable
from fractions import Fraction

from domain.rulebook.model import Component, Grades, Rulebook
from domain.scoring.explain_entries import entries_step
from domain.scoring.numbers import written
from domain.scoring.step import Step, applied
from domain.scoring.total import Tally
from domain.scoring.voices import Voices
from domain.sheet.model import Given
from domain.text import Text

_GROUPS = {
    "": Text(zh="党员", en="members"),
    "members": Text(zh="党员", en="members"),
    "representatives": Text(zh="群众代表", en="representatives"),
}


def given_step(rulebook: Rulebook, each: Tally, value: Fraction) -> Step:
    """Return the step of a column's value: entries, ballots, one value, or the mean of several."""
    component = each.component
    if each.made is not None:
        return entries_step(rulebook, component, each.made)
    if each.counted is not None and component.grades is not None:
        return _counted_step(rulebook, each, component, value)
    clause = rulebook.component_range.clause
    if each.voices:
        return _by_groups_step(rulebook, each, value)
    if each.carried:
        label = Text(zh=f"沿用上一年度：{written(value)}", en=f"carried over from last year: {written(value)}")
        return Step(label, written(value), "AMB-A13", applied(rulebook, "AMB-A13"), _sources(each.used))
    if len(each.used) == 1 and not _is_trimmed(each):
        return _value_step(each.used[0], clause, _mean_readings(rulebook, component))
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
    return Step(
        label, written(value), component.ballots_clause or clause, _mean_readings(rulebook, component), (), children
    )


def _is_trimmed(each: Tally) -> bool:
    return each.ballots is not None and each.component.mean == "trimmed" and len(each.used) < each.ballots


def _mean_readings(rulebook: Rulebook, component: Component) -> tuple[str, ...]:
    return applied(rulebook, "AMB-A14", "AMB-B8") if component.ballots_minimum else ()


def _value_step(one: Given, clause: str, readings: tuple[str, ...]) -> Step:
    by = Text(zh=f"（{one.rater}）", en=f" by {one.rater}") if one.rater else Text(zh="", en="")
    of = Text(zh="", en="")
    if one.ballots is not None:
        of = Text(zh=f"，{one.ballots}张有效票的平均", en=f", the mean of {one.ballots} valid ballots")
    label = Text(zh=f"评分{by.zh}：{written(one.points)}{of.zh}", en=f"given{by.en}: {written(one.points)}{of.en}")
    return Step(label, written(one.points), clause, readings, one.sources)


def _counted_step(rulebook: Rulebook, each: Tally, component: Component, value: Fraction) -> Step:
    """Return the step from grades to points; where groups voted, each is shown apart (AMB-B10)."""
    grades, counted = component.grades, each.counted
    if grades is None or counted is None:
        raise LookupError(component.code)
    readings = applied(rulebook, "AMB-A14", "AMB-B8")
    if counted.groups:
        return _groups_step(rulebook, each, grades, value)
    (alone,) = each.voices
    formula = f"{_voices_formula(grades, alone)} = {written(value)}"
    label = Text(zh=f"等次换算为分数，弃权不计：{formula}", en=f"grades as points, abstentions left out: {formula}")
    return Step(label, written(value), grades.clause, readings, counted.sources)


def _voices_formula(grades: Grades, group: Voices) -> str:
    terms = " + ".join(f"{written(grades.points[grade])} × {count}" for grade, count in group.grades.items())
    return f"({terms}) ÷ {group.valid}"


def _groups_step(rulebook: Rulebook, each: Tally, grades: Grades, value: Fraction) -> Step:
    component, sources = each.component, () if each.counted is None else each.counted.sources
    ways = {
        "one_voice": Text(zh="每张有效票同等计算", en="every valid ballot has one voice"),
        "own_share": Text(
            zh=f"其他评议组合占{component.share}%",
            en=f"the groups beside the members count {component.share} % together",
        ),
        "beside": Text(zh="只计党员的有效票", en="only the members' ballots count"),
    }
    way = ways[component.representatives]
    if component.shares:
        way = _by_share(component)
    label = Text(
        zh=f"有效票{each.ballots}张，{way.zh}：{written(value)}",
        en=f"{each.ballots} valid ballots, {way.en}: {written(value)}",
    )
    children = tuple(_voices_step(rulebook, grades, group) for group in each.voices)
    readings = applied(rulebook, "AMB-A14", "AMB-B8", "AMB-B10")
    return Step(label, written(value), component.ballots_clause or grades.clause, readings, sources, children)


def _by_share(component: Component) -> Text:
    terms = " + ".join(f"{each.group} {each.share}%" for each in component.shares)
    return Text(zh=f"各评议组按比例（{terms}）", en=f"each group by its share ({terms})")


def _by_groups_step(rulebook: Rulebook, each: Tally, value: Fraction) -> Step:
    """Return the step from points that groups gave to what their shares come to."""
    component, way = each.component, _by_share(each.component)
    clause = component.ballots_clause or rulebook.component_range.clause
    label = Text(zh=f"{way.zh}：{written(value)}", en=f"{way.en}: {written(value)}")
    children = tuple(_given_group_step(each, group, clause) for group in each.voices if group.mean is not None)
    return Step(label, written(value), clause, _mean_readings(rulebook, component), (), children)


def _given_group_step(each: Tally, group: Voices, clause: str) -> Step:
    name, mean = _GROUPS.get(group.group, Text(zh=group.group, en=group.group)), written(group.mean or Fraction(0))
    label = Text(zh=f"{name.zh}{group.valid}票平均：{mean}", en=f"{name.en}, mean of {group.valid}: {mean}")
    values = tuple(_value_step(one, clause, ()) for one in each.used if one.group == group.group)
    return Step(label, mean, clause, (), (), values)


def _voices_step(rulebook: Rulebook, grades: Grades, group: Voices) -> Step:
    name = _GROUPS.get(group.group, Text(zh=group.group, en=group.group))
    aside = Text(zh="", en="") if group.counts else Text(zh="（不计分）", en=" (does not count)")
    if group.mean is None:
        label = Text(zh=f"{name.zh}没有有效票{aside.zh}", en=f"{name.en}: no valid ballot{aside.en}")
        return Step(label, "", grades.clause, applied(rulebook, "AMB-B10"))
    formula = f"{_voices_formula(grades, group)} = {written(group.mean)}"
    label = Text(zh=f"{name.zh}{aside.zh}：{formula}", en=f"{name.en}{aside.en}: {formula}")
    return Step(label, written(group.mean), grades.clause, applied(rulebook, "AMB-B8", "AMB-B10"))


def _sources(values: Iterable[Given]) -> tuple[int, ...]:
    return tuple(source for value in values for source in value.sources)
