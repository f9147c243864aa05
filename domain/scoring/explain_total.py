"""The sentences behind a total, each with its numbers: a hand calculator can follow it to the given values (A-43)."""

from collections.abc import Iterable
from fractions import Fraction

from domain.rulebook.model import Rulebook
from domain.rulebook.periods import PeriodKind
from domain.scoring.explain_given import given_step
from domain.scoring.numbers import written
from domain.scoring.standing import Standing
from domain.scoring.step import Step, applied
from domain.scoring.total import MonthPart, Tally, plain_sum, weighted_mean
from domain.scoring.voices import too_few
from domain.scoring.year import MonthTally, Year
from domain.text import Text


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
    return Step(
        label,
        total,
        rulebook.rounding.clause,
        applied(rulebook, "AMB-A3", "AMB-B2"),
        (),
        (_exact_step(rulebook, standing, exact),),
    )


def incomplete_step(rulebook: Rulebook, standing: Standing) -> Step:
    """Return the step of a total that cannot be computed, naming what is missing (AMB-A13)."""
    if standing.year is not None:
        return _incomplete_year_step(rulebook, standing, standing.year)
    missing = missing_tallies(standing)
    names = Text(
        zh="、".join(each.component.title.zh for each in missing),
        en=", ".join(each.component.title.en for each in missing),
    )
    label = Text(
        zh=f"缺少{names.zh}：不计总分，不按0分计", en=f"{names.en} missing: there is no total; it is not counted as 0"
    )
    children = _component_steps(rulebook, standing.tallies)
    return Step(label, "", "AMB-A13", applied(rulebook, "AMB-A13"), (), children)


def missing_tallies(standing: Standing) -> tuple[Tally, ...]:
    """Return the columns for want of which there is no total."""
    found = tuple(leaf for each in standing.tallies for leaf in each.leaves() if leaf.state in {"missing", "left_out"})
    return found or tuple(leaf for each in standing.tallies for leaf in each.leaves())


def _exact_step(rulebook: Rulebook, standing: Standing, exact: Fraction) -> Step:
    mean = exact if standing.mean is None else standing.mean
    if standing.year is not None and mean == exact:
        return _year_step(rulebook, standing.year, mean)
    total = rulebook.total
    head, formula = _together(rulebook, standing.tallies)
    reached = bounded_formula(formula, _before_bounds(rulebook, standing.tallies), mean)
    clause = total.clause or rulebook.components[0].clause
    readings = _spread(standing.tallies)
    label = Text(zh=f"{head.zh}：{reached.zh}", en=f"{head.en}: {reached.en}")
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


def _together(rulebook: Rulebook, tallies: tuple[Tally, ...]) -> tuple[Text, str]:
    """Return how components come together and the line of it: by weight, or as a plain sum."""
    if rulebook.total.how == "weighted":
        return Text(zh="加权合计", en="weighted sum"), _formula(tallies)
    terms = " + ".join(signed(each.value) for each in tallies if each.value is not None)
    return Text(zh="各项合计", en="sum"), terms


def _before_bounds(rulebook: Rulebook, tallies: tuple[Tally, ...]) -> Fraction | None:
    return weighted_mean(tallies) if rulebook.total.how == "weighted" else plain_sum(tallies)


def bounded_formula(formula: str, value: Fraction | None, within: Fraction) -> Text:
    """Return `formula` with what it comes to, and the bound that counts where it passes one."""
    if value is None or value == within:
        line = formula if formula == written(within) else f"{formula} = {written(within)}"
        return Text(zh=line, en=line)
    line, up = f"{formula} = {written(value)}", value < within
    return Text(
        zh=f"{line}，{'低于下限' if up else '超过上限'}，计{written(within)}",
        en=f"{line}, {'below the lower' if up else 'above the upper'} bound, counts {written(within)}",
    )


def signed(number: Fraction) -> str:
    """Return a number as it stands in a sum: a negative one in brackets."""
    return f"({written(number)})" if number < 0 else written(number)


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
    if rulebook.total.how == "sum" and component in rulebook.components:
        label = Text(zh=f"{component.title.zh}：{written(value)}", en=f"{component.title.en}: {written(value)}")
        made = (_sum_step(rulebook, each, value),) if each.parts else (_made_step(rulebook, each, value),)
        return Step(label, written(value), component.clause, (), (), made)
    share = Fraction(component.weight) / counting
    contribution = value * share
    weight = written(share * 100)
    label = Text(
        zh=f"{component.title.zh}：{written(value)} × {weight}% = {written(contribution)}",
        en=f"{component.title.en}: {written(value)} × {weight}% = {written(contribution)}",
    )
    children = (_sum_step(rulebook, each, value),) if each.parts else (_made_step(rulebook, each, value),)
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
        return Step(label, "", "AMB-A11", applied(rulebook, "AMB-A11"))
    if each.months:
        return Step(Text(zh=f"{title.zh}：月份不齐", en=f"{title.en}: months are incomplete"), "", "AMB-A13")
    label = shortfall(each)
    clause = each.component.ballots_clause if each.insufficient else "AMB-A13"
    readings = ("AMB-A14", "AMB-A13") if each.insufficient else ("AMB-A13",)
    return Step(label, "", clause or "AMB-A14", applied(rulebook, *readings))


def shortfall(each: Tally) -> Text:
    """Return why a column has no value: nothing was given, or too few ballots, and what follows."""
    component, spread = each.component, each.state == "left_out"
    then = Text(
        zh="其权重按比例分给其余各项" if spread else "结果不完整",
        en="its weight is spread over the rest" if spread else "the result is incomplete",
    )
    if each.insufficient and component.shares and each.voices:
        few = too_few(component, each.voices, open_vote=each.open_vote)
        return Text(
            zh=f"{component.title.zh}：{'、'.join(few)}的有效票不足；{then.zh}",
            en=f"{component.title.en}: too few valid ballots of {', '.join(few)}; {then.en}",
        )
    if each.insufficient:
        return Text(
            zh=f"{component.title.zh}有效票{each.ballots}张，少于{each.least_ballots}张；{then.zh}",
            en=f"{component.title.en}: {each.ballots} valid ballots, fewer than {each.least_ballots}; {then.en}",
        )
    return Text(zh=f"{component.title.zh}没有分数；{then.zh}", en=f"{component.title.en} was not given; {then.en}")


def _made_step(rulebook: Rulebook, each: Tally, value: Fraction) -> Step:
    """Return the step of what a column was made of: months, or what was given."""
    return _months_step(rulebook, each, value) if each.months else given_step(rulebook, each, value)


def _months_step(rulebook: Rulebook, each: Tally, value: Fraction) -> Step:
    """Return the step of a mean over months; each month leads to what was given in it."""
    annual, unit = rulebook.annual, _UNITS[rulebook.period]
    summed = annual is not None and (annual.how == "sum" or annual.carry)
    formula = _months_formula([part.tally.value for part in each.months], each.over, value, summed=summed)
    way = Text(zh="合计", en="sum") if summed else Text(zh="平均", en="mean")
    head = Text(zh=f"{unit.zh}{way.zh}", en=f"{way.en} of the {unit.en}")
    if each.stands_in:
        head = Text(
            zh=f"没有进行年度评议，以{unit.zh}的{way.zh}代替",
            en=f"none was held for the year, the {way.en} of the {unit.en} stands in",
        )
    label = Text(zh=f"{head.zh}：{formula}", en=f"{head.en}: {formula}")
    clause = "" if annual is None else annual.clause
    children = tuple(_month_part_step(rulebook, part) for part in each.months)
    return Step(label, written(value), clause, applied(rulebook, "AMB-B7", "AMB-B26"), (), children)


def _months_formula(values: Iterable[Fraction | None], over: int, result: Fraction, *, summed: bool) -> str:
    """Return the line of a mean or a sum over periods; a result that a bound holds says so elsewhere."""
    known = [value for value in values if value is not None]
    terms = " + ".join(signed(value) if summed else written(value) for value in known)
    return f"{terms} = {written(result)}" if summed else f"({terms}) ÷ {over} = {written(result)}"


_NOT_HELD: dict[PeriodKind, str] = {"year": "年度", "half_year": "半年", "quarter": "季度", "month": "月份"}
_COUNTED: dict[PeriodKind, str] = {"year": "年", "half_year": "半年", "quarter": "季度", "month": "月"}
_UNITS: dict[PeriodKind, Text] = {
    "year": Text(zh="各年", en="years"),
    "half_year": Text(zh="各半年", en="half-years"),
    "quarter": Text(zh="各季度", en="quarters"),
    "month": Text(zh="各月", en="months"),
}


def _month_part_step(rulebook: Rulebook, part: MonthPart) -> Step:
    value = part.tally.value
    said = "" if value is None else written(value)
    label = Text(zh=f"{part.period}：{said}", en=f"{part.period}: {said}")
    children = () if value is None else (given_step(rulebook, part.tally, value),)
    return Step(label, said, part.tally.component.clause, (), part.sources, children)


def _year_step(rulebook: Rulebook, year: Year, mean: Fraction) -> Step:
    """Return the step of a year's exact total: weighted components (R2) or the mean of the monthly totals (R1)."""
    notes = year_notes(rulebook, year)
    if year.annual.formula == "R2":
        head, formula = _together(rulebook, year.tallies)
        reached = bounded_formula(formula, _before_bounds(rulebook, year.tallies), mean)
        label = Text(zh=f"年度{head.zh}：{reached.zh}", en=f"{head.en} of the year: {reached.en}")
        children = (*_component_steps(rulebook, year.tallies), *notes)
    else:
        label = _totals_label(rulebook, year, mean)
        children = (*(_month_step(rulebook, month) for month in year.months), *notes)
    return Step(label, written(mean), year.annual.clause, applied(rulebook, "AMB-B7"), (), children)


def _totals_label(rulebook: Rulebook, year: Year, within: Fraction) -> Text:
    """Return the line of the totals of the periods together, and the bound of the year that counts if it is passed."""
    unit, summed = _UNITS[rulebook.period], year.annual.how == "sum"
    totals = [month.total for month in year.months if month.total is not None]
    value = sum(totals, Fraction(0)) / year.over
    formula = _months_formula(totals, year.over, value, summed=summed)
    held = Text(zh="", en="")
    if value != within:
        held = Text(
            zh=f"，{'低于下限' if value < within else '超过上限'}，计{written(within)}",
            en=f", {'below the lower' if value < within else 'above the upper'} bound, counts {written(within)}",
        )
    way = Text(zh="合计", en="sum") if summed else Text(zh="平均", en="mean")
    of = "monthly" if rulebook.period == "month" else unit.en.removesuffix("s")
    return Text(
        zh=f"{unit.zh}综合得分{way.zh}：{formula}{held.zh}", en=f"{way.en} of the {of} totals: {formula}{held.en}"
    )


def _month_step(rulebook: Rulebook, month: MonthTally) -> Step:
    """Return the step of one month's total; one that misses a value names it."""
    clause = rulebook.components[0].clause
    if month.total is None:
        label = Text(zh=f"{month.period}：考核不完整", en=f"{month.period}: assessed incompletely")
        alone = tuple(_alone_step(rulebook, each) for each in month.tallies)
        return Step(label, "", "AMB-A13", (), month.sources, alone)
    children = _component_steps(rulebook, month.tallies)
    _, formula = _together(rulebook, month.tallies)
    reached = bounded_formula(formula, _before_bounds(rulebook, month.tallies), month.total)
    label = Text(zh=f"{month.period}：{reached.zh}", en=f"{month.period}: {reached.en}")
    return Step(label, written(month.total), clause, (), month.sources, children)


def _alone_step(rulebook: Rulebook, each: Tally) -> Step:
    """Return the step of a column of a month without a total: its value has no weight in anything."""
    title, value = each.component.title, each.value
    if value is None:
        return _valueless_step(rulebook, each)
    label = Text(zh=f"{title.zh}：{written(value)}", en=f"{title.en}: {written(value)}")
    return Step(label, written(value), each.component.clause, (), (), (given_step(rulebook, each, value),))


def _incomplete_year_step(rulebook: Rulebook, standing: Standing, year: Year) -> Step:
    """Return the step of a year that cannot be computed, with every month as far as it is known."""
    label = Text(
        zh="年度考核不完整：不计总分，不按0分计", en="the year is incomplete: there is no total; it is not counted as 0"
    )
    months = tuple(_month_step(rulebook, month) for month in year.months)
    missing = tuple(
        _valueless_step(rulebook, each) for each in standing.tallies if each.value is None and not each.months
    )
    children = (*missing, *year_shortfalls(rulebook, year), *months)
    return Step(label, "", "AMB-A13", applied(rulebook, "AMB-A13", "AMB-B26"), (), children)


def year_shortfalls(rulebook: Rulebook, year: Year) -> tuple[Step, ...]:
    """Return why the months make no year: a month that misses a value, or too few of them (AMB-B26)."""
    named = tuple(
        _in_month(rulebook, month, each)
        for month in year.incomplete_months
        for each in month.tallies
        if each.value is None
    )
    if not year.too_few:
        return named
    least, unit, of = year.annual.minimum_months, _UNITS[rulebook.period].en, _COUNTED[rulebook.period]
    label = Text(
        zh=f"全年考核{len(year.months)}个{of}，少于{least}个{of}：不完整",
        en=f"{unit} of the year assessed: {len(year.months)}, fewer than {least}: incomplete",
    )
    return (*named, Step(label, "", year.annual.months_clause, applied(rulebook, "AMB-B26")))


def _in_month(rulebook: Rulebook, month: MonthTally, each: Tally) -> Step:
    why = shortfall(each)
    clause = (each.component.ballots_clause or "AMB-A14") if each.insufficient else "AMB-A13"
    label = Text(zh=f"{month.period}：{why.zh}", en=f"{month.period}: {why.en}")
    return Step(label, "", clause, applied(rulebook, "AMB-A13"), month.sources)


def year_notes(rulebook: Rulebook, year: Year) -> tuple[Step, ...]:
    """Return what is worth knowing about a computed year: months left out or counted as 0, an appraisal unused (R1)."""
    return (*_unassessed_notes(rulebook, year), *(_beside_note(rulebook, year, each) for each in year.beside))


def _unassessed_notes(rulebook: Rulebook, year: Year) -> tuple[Step, ...]:
    if not year.unassessed:
        return ()
    way = Text(zh="不计入平均", en="left out of the mean")
    if year.annual.how == "sum":
        way = Text(zh="合计中没有分数", en="with nothing in the sum")
    elif year.annual.unassessed == "zero":
        way = Text(zh="按0分计入", en="counted as 0")
    months = "、".join(year.unassessed), ", ".join(year.unassessed)
    label = Text(
        zh=f"未考核的{_NOT_HELD[rulebook.period]}（{way.zh}）：{months[0]}",
        en=f"{_UNITS[rulebook.period].en} not assessed, {way.en}: {months[1]}",
    )
    return (Step(label, "", year.annual.months_clause, applied(rulebook, "AMB-B26")),)


def _beside_note(rulebook: Rulebook, year: Year, each: Tally) -> Step:
    title = each.component.title
    value = "" if each.value is None else written(each.value)
    label = Text(
        zh=f"年度{title.zh}{value}不计入：年度得分取各月综合得分的平均",
        en=f"{title.en} of the year, {value}, does not count: the year is the mean of the monthly totals",
    )
    children = () if each.value is None else (given_step(rulebook, each, each.value),)
    return Step(label, value, year.annual.clause, applied(rulebook, "AMB-B7"), (), children)
