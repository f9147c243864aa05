"""What a rulebook says, place by place, in sentences for everyone to read beside the clause they stand under (A-3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from domain.rulebook.citing import cited
from domain.rulebook.items import Group, Item
from domain.rulebook.model import Band, Cap, Component, Consequence, Rulebook
from domain.rulebook.parts import Part, parts, said
from domain.rulebook.readings import readings
from domain.rulebook.sayings_conduct import conduct_sentences
from domain.rulebook.sayings_results import bounds, order_sentences, result_sentences, worth
from domain.rulebook.words import word, words
from domain.text import Text


@dataclass(frozen=True, slots=True)
class Saying:
    """One sentence of a scheme: the place it stands at, the clause it rests on, and what it says."""

    place: str
    clause: str
    text: Text


def sayings(rulebook: Rulebook) -> Iterator[Saying]:
    """Yield a sentence for every place that cites a clause, and for every reading under its AMB id."""
    own = _sentences(rulebook)
    known = tuple(parts(rulebook))
    for place, clause in cited(rulebook):
        yield Saying(place, clause, own.get(place) or _plainly(place, known))
    for number, band in enumerate(rulebook.bands):
        if band.edge:
            yield Saying(f"bands[{number}].low", band.edge, _edge(band))
    for reading in readings(rulebook.readings):
        yield Saying(f"readings.{reading.name}", reading.amb, reading.meaning)


def _plainly(place: str, known: tuple[Part, ...]) -> Text:
    """Return what stands at a place as it is written: name and value of each field."""
    inside = [part for part in known if part.place.startswith(f"{place}.") and not part.whole]
    named = [(part.place.removeprefix(f"{place}."), part.said) for part in inside if part.value not in ("", None)]
    shown = [(name, each) for name, each in named if not name.endswith("clause")]
    zh, en = (f"{name}：{each.zh}" for name, each in shown), (f"{name}: {each.en}" for name, each in shown)
    return Text("；".join(zh) or place, "; ".join(en) or place)


def _sentences(rulebook: Rulebook) -> dict[str, Text]:
    """Return the sentences by place; a place that is not among them is said as it is written."""
    found: dict[str, Text] = {}
    titles = {group.code: group.title for group in rulebook.groups}
    for component in rulebook.components:
        found |= _component("components", component, titles)
    found |= {f"bands[{number}]": _band(band) for number, band in enumerate(rulebook.bands)}
    found |= {f"annual.bands[{number}]": _band(band) for number, band in enumerate(rulebook.year_bands)}
    found |= {f"caps[{number}]": _cap(rulebook, cap) for number, cap in enumerate(rulebook.caps)}
    found |= {f"consequences[{n}]": _consequence(rulebook, each) for n, each in enumerate(rulebook.consequences)}
    found |= {f"groups.{group.code}": _group(rulebook, group) for group in rulebook.groups}
    for item in rulebook.items.values():
        for number, version in enumerate(item.versions(), start=1):
            found[f"items.{item.code}" + (f"#{number}" if number > 1 else "")] = _item(version, titles)
    return found | dict(_single(rulebook)) | dict(conduct_sentences(rulebook)) | dict(result_sentences(rulebook))


def _single(rulebook: Rulebook) -> Iterator[tuple[str, Text]]:
    scope, reach, rounding = rulebook.scope, rulebook.component_range, rulebook.rounding
    kinds = words(scope.kinds)
    yield "scope", Text(f"参加评定的是：{kinds.zh}。", f"Those evaluated are {kinds.en}.")
    yield "roster", Text("名册以周期最后一天24时为准。", "The roster is that of the last day of the period, 24:00.")
    yield (
        "newcomers",
        Text(
            f"加入不满{scope.minimum_months}个月的，{_NEWCOMERS[scope.newcomers].zh}。",
            f"Who joined less than {scope.minimum_months} months before {_NEWCOMERS[scope.newcomers].en}.",
        ),
    )
    yield (
        "component_range",
        Text(
            f"各项得分在{_n(reach.low)}至{_n(reach.high)}分之间。",
            f"Each component lies between {_n(reach.low)} and {_n(reach.high)} points.",
        ),
    )
    compared = _COMPARED[rounding.compare]
    yield (
        "rounding",
        Text(
            f"总分四舍五入一次，保留{rounding.places}位小数；{compared.zh}。",
            f"The total is rounded once, half up, to {rounding.places} places; {compared.en}.",
        ),
    )
    label = rulebook.unrated_label
    yield "unrated", Text(f"没有星级的称为“{label.zh}”。", f"Having no star is called “{label.en}”.")
    yield from _at_the_cut(rulebook)


def _at_the_cut(rulebook: Rulebook) -> Iterator[tuple[str, Text]]:
    order, chain = said(rulebook.overflow.order), said(tuple(_title(rulebook, code) for code in rulebook.ties.chain))
    mode, left = _OVERFLOW[rulebook.overflow.mode], _LEFT[rulebook.ties.left]
    yield (
        "overflow",
        Text(
            f"超出名额时{mode.zh}；依次顺延：{order.zh}。",
            f"Above a cap {mode.en}; stars follow in the order {order.en}.",
        ),
    )
    yield (
        "ties",
        Text(f"同分时依次比较：{chain.zh}；{left.zh}。", f"Equal totals are compared by {chain.en}; {left.en}."),
    )


def _component(place: str, component: Component, groups: Mapping[str, Text]) -> dict[str, Text]:
    here = f"{place}.{component.code}"
    of = Text("，由各分项合成", ", made of its parts") if component.parts else _how_given(component)
    weight = _n(component.weight)
    found = {
        here: Text(f"“{component.title.zh}”占{weight}%{of.zh}。", f"“{component.title.en}” weighs {weight} %{of.en}.")
    }
    found[f"{here}.ballots"] = _ballots(component)
    if component.grades is not None:
        grades = [f"{grade} {_n(points)}" for grade, points in component.grades.points.items()]
        found[f"{here}.grades"] = Text(
            f"等次折合分值：{'、'.join(grades)}。", f"Grades are worth: {', '.join(grades)}."
        )
    found |= dict(order_sentences(here, component, groups))
    for part in component.parts:
        found |= _component(here, part, groups)
    return found


def _ballots(component: Component) -> Text:
    zh, en = [], []
    if component.ballots_minimum:
        zh.append(f"至少{component.ballots_minimum}张有效票才计分")
        en.append(f"it counts from {component.ballots_minimum} valid ballots on")
    if component.trim_each_side:
        zh.append(f"去掉高低分时每边去{component.trim_each_side}张")
        en.append(f"a trimmed mean leaves out {component.trim_each_side} at each end")
    for share in component.shares:
        group, least = word(share.group), share.minimum
        zh.append(f"{group.zh}占{_n(share.share)}%" + (f"（至少{least}票）" if least else ""))
        en.append(f"{group.en} weigh {_n(share.share)} %" + (f" (from {least} on)" if least else ""))
    if component.exclude_self:
        zh.append("本人给自己的不计")
        en.append("what people give themselves does not count")
    return Text(f"“{component.title.zh}”：{'；'.join(zh)}。", f"“{component.title.en}”: {'; '.join(en)}.")


def _how_given(component: Component) -> Text:
    missing = _MISSING[component.missing]
    if component.takes_entries:
        return Text(f"，由条目计分或直接给分；{missing.zh}", f", by entries or as points; {missing.en}")
    return Text(f"；{missing.zh}", f"; {missing.en}")


def _band(band: Band) -> Text:
    low = Text("", "")
    if band.low is not None:
        sign = Text("以上", "and above") if band.low_inclusive else Text("以上（不含）", "excluded and above")
        low = Text(f"{_n(band.low)}分{sign.zh}", f"{_n(band.low)} {sign.en}")
    high = Text("", "")
    if band.high is not None:
        sign = Text("以下（含）", "included") if band.high_inclusive else Text("以下（不含）", "excluded")
        high = Text(f"{_n(band.high)}分{sign.zh}", f"up to {_n(band.high)} {sign.en}")
    ends = [each for each in (low, high) if each.zh]
    zh, en = "、".join(each.zh for each in ends), ", ".join(each.en for each in ends)
    return Text(f"“{band.label.zh}”：{zh or '任何总分'}。", f"“{band.label.en}”: {en or 'any total'}.")


def _edge(band: Band) -> Text:
    low = "" if band.low is None else _n(band.low)
    return Text(f"恰好{low}分属于“{band.label.zh}”。", f"Exactly {low} belongs to “{band.label.en}”.")


def _cap(rulebook: Rulebook, cap: Cap) -> Text:
    label, of, how = rulebook.label_of(cap.star), _CAP_BASE[cap.of], _CAP_ROUND[cap.round]
    nested = Text("，含更高星级", ", higher stars counted in") if cap.nested else Text("", "")
    return Text(
        f"“{label.zh}”不超过{of.zh}的{_n(cap.percent)}%，{how.zh}{nested.zh}。",
        f"“{label.en}” go to at most {_n(cap.percent)} % of {of.en}, {how.en}{nested.en}.",
    )


def _group(rulebook: Rulebook, group: Group) -> Text:
    to, ends = _title(rulebook, group.component), bounds(group.low, group.high)
    starts = [f"{code} {_n(points)}" for code, points in group.start_by.items()]
    apart = Text(f"（{'，'.join(starts)}）", f" ({', '.join(starts)})") if starts else Text("", "")
    return Text(
        f"“{group.title.zh}”计入“{to.zh}”：起点{_n(group.start)}分{apart.zh}{ends.zh}。",
        f"“{group.title.en}” counts for “{to.en}”: it starts at {_n(group.start)}{apart.en}{ends.en}.",
    )


def _item(item: Item, groups: dict[str, Text]) -> Text:
    points, ends = worth(item), _bounds(item)
    group = groups.get(item.group, Text(item.group, item.group))
    return Text(
        f"“{item.title.zh}”（{group.zh}）：{points.zh}{ends.zh}。标准：{item.test.zh}。",
        f"“{item.title.en}” ({group.en}): {points.en}{ends.en}. What must be seen: {item.test.en}.",
    )


def _bounds(item: Item) -> Text:
    zh, en = [], []
    if item.free_times:
        zh.append(f"每期前{item.free_times}次不计")
        en.append(f"the first {item.free_times} of a period free")
    if item.per_occurrence_cap is not None:
        zh.append(f"每次最多{_n(item.per_occurrence_cap)}分")
        en.append(f"at most {_n(item.per_occurrence_cap)} points each time")
    if item.max_times is not None:
        zh.append(f"每期最多{item.max_times}次")
        en.append("at most once a period" if item.max_times == 1 else f"at most {item.max_times} times a period")
    if item.per_period_cap is not None:
        zh.append(f"每期最多计{_n(item.per_period_cap)}分")
        en.append(f"at most {_n(item.per_period_cap)} points a period")
    if item.exclusive:
        zh.append("同一事项就高")
        en.append("of one matter only the largest counts")
    if item.effective_from is not None or item.effective_to is not None:
        first, last = (_n(each) if each is not None else "…" for each in (item.effective_from, item.effective_to))
        zh.append(f"适用于{first}至{last}")
        en.append(f"in force from {first} to {last}")
    if item.evidence_required:
        zh.append("须有证明材料")
        en.append("evidence is required")
    return Text("".join(f"，{each}" for each in zh), "".join(f", {each}" for each in en))


def _consequence(rulebook: Rulebook, consequence: Consequence) -> Text:
    whom, measures = _whom(rulebook, consequence), words(consequence.measures)
    term = Text("", "")
    if consequence.within_days is not None:
        term = Text(f"，{consequence.within_days}天内", f", within {consequence.within_days} days")
    return Text(f"{whom.zh}：{measures.zh}{term.zh}。", f"{whom.en}: {measures.en}{term.en}.")


def _whom(rulebook: Rulebook, consequence: Consequence) -> Text:
    if consequence.unrated:
        return Text("得分未达任何星级的", "Those whose score reaches no star")
    low, high = consequence.star_at_least, consequence.star_at_most
    ends = [] if low is None else [Text(f"{rulebook.label_of(low).zh}以上", f"{rulebook.label_of(low).en} and above")]
    ends += (
        [] if high is None else [Text(f"{rulebook.label_of(high).zh}以下", f"{rulebook.label_of(high).en} and below")]
    )
    return said(tuple(ends)) if ends else Text("有星级的", "Everybody with a star")


def _title(rulebook: Rulebook, code: str) -> Text:
    nodes = rulebook.nodes()
    return nodes[code].title if code in nodes else Text(code, code)


def _n(number: object) -> str:
    return said(number).en


_NEWCOMERS = {
    "without_star": Text("只测评、不评定星级", "the end of the period is evaluated without a star"),
    "pro_rata": Text("按整月折算总分", "the end of the period counts by whole months"),
}
_COMPARED = {
    "published": Text("以公布的分数定星", "the published number decides"),
    "exact": Text("以未舍入的分数定星", "the unrounded number decides"),
}
_MISSING = {
    "incomplete": Text("缺项即不完整", "missing, the result is incomplete"),
    "renormalise": Text("缺项的权重分给其余各项", "missing, its weight goes to the others"),
    "carry_last_year": Text("缺项沿用上一年度分数", "missing, last year's is carried over"),
}
_CAP_BASE = {
    "all": Text("党员总数", "all members"),
    "formal": Text("正式党员人数", "the formal members"),
    "evaluated": Text("参评人数", "the members evaluated"),
}
_CAP_ROUND = {
    "floor": Text("舍去小数", "rounded down"),
    "half_up": Text("四舍五入", "rounded half up"),
    "ceil": Text("有小数即进一", "rounded up"),
    "min_1": Text("舍去小数但至少一名", "rounded down, but at least one"),
    "pooled": Text("在党委范围内合并计算", "counted over the whole committee"),
}
_OVERFLOW = {
    "cascade": Text("按分数排序，其余顺延", "scores rank, and the others take the next star"),
    "branch_vote": Text("由支部表决", "the branch votes"),
    "committee": Text("由党委决定", "the committee decides"),
    "leave_vacant": Text("先空缺，由集体决定", "the places stay vacant until a body fills them"),
}
_LEFT = {
    "decision": Text("仍同分的由集体决定", "who is still equal is decided by a body"),
    "group_down": Text("仍同分的全体顺延", "all who are still equal take the next lower star"),
    "group_up": Text("经党委同意，仍同分的全体列入", "all who are still equal go in, if the committee approves"),
}
