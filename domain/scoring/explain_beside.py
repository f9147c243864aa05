"""The sentences behind what decides or follows beside the score: vetoes, gates, named stars, probation, measures."""

from collections.abc import Iterable
from fractions import Fraction

from domain.rulebook.model import Rulebook
from domain.rulebook.results import Gate
from domain.scoring.following import Following, following, probation_outcome
from domain.scoring.gates import GateCheck, VetoInForce, having
from domain.scoring.named import Held, named_stars
from domain.scoring.numbers import written
from domain.scoring.standing import Standing
from domain.scoring.step import Step
from domain.text import Text

_EFFECTS = {
    "zero": Text(zh="总分计0", en="the total counts as 0"),
    "lowest": Text(zh="列入最低等次", en="the lowest label is given"),
    "unrated": Text(zh="不予评定", en="no star is given"),
    "no_award": Text(zh="星级保留，取消评优资格", en="the star stands, honours are barred"),
}


def veto_steps(standing: Standing) -> tuple[Step, ...]:
    """Return a step for every veto in force."""
    return () if standing.beside is None else tuple(_veto_step(each) for each in standing.beside.vetoes)


def _veto_step(each: VetoInForce) -> Step:
    veto, effect = each.veto, _EFFECTS[each.veto.effect]
    lasting = Text(zh="", en="")
    if veto.years > 1:
        lasting = Text(
            zh=f"（自{each.declared_in}起{veto.years}年）", en=f" ({veto.years} years from {each.declared_in})"
        )
    label = Text(
        zh=f"一票否决“{veto.title.zh}”{lasting.zh}，由{veto.declared_by}认定：{effect.zh}",
        en=f"veto “{veto.title.en}”{lasting.en}, declared by {veto.declared_by}: {effect.en}",
    )
    return Step(label, veto.code, veto.clause, sources=each.sources, personal=True)


def zero_step(standing: Standing, below: tuple[Step, ...]) -> Step:
    """Return the step of a total that a veto sets to 0, above the one that the score came to."""
    if standing.beside is None:
        raise LookupError(standing.candidate.person)
    first = having(standing.beside.vetoes, "zero")[0].veto
    label = Text(
        zh=f"因一票否决“{first.title.zh}”，总分计{standing.total}",
        en=f"by the veto “{first.title.en}” the total is {standing.total}",
    )
    return Step(label, str(standing.total), first.clause, (), (), below, personal=True)


def gate_steps(rulebook: Rulebook, standing: Standing) -> tuple[Step, ...]:
    """Return a step for every gate that the star by score had to pass."""
    return () if standing.beside is None else tuple(_gate_step(rulebook, each) for each in standing.beside.gates)


def _gate_step(rulebook: Rulebook, each: GateCheck) -> Step:
    gate, known, asked = each.gate, _known(each), _asked(each.gate)
    above, most = rulebook.label_of(gate.for_star_at_least), rulebook.label_of(gate.otherwise)
    head = Text(
        zh=f"{above.zh}及以上须“{gate.title.zh}”{asked.zh}，{known.zh}",
        en=f"{above.en} and above needs “{gate.title.en}” {asked.en}; {known.en}",
    )
    tail = {
        "passed": Text(zh="通过", en="passed"),
        "failed": Text(zh=f"未通过，最高为{most.zh}", en=f"not passed, {most.en} at most"),
        "open": Text(zh="结果不完整，不按未通过计", en="the result is incomplete, not failed"),
    }[each.state]
    said = Text(zh=f"{head.zh}：{tail.zh}", en=f"{head.en}: {tail.en}")
    return Step(said, _value(each), gate.clause, sources=each.sources)


def _asked(gate: Gate) -> Text:
    if gate.at_least is None:
        return Text(zh="为“是”", en="to be met")
    return Text(zh=f"≥{gate.at_least}", en=f"≥ {gate.at_least}")


def _known(each: GateCheck) -> Text:
    if each.known is None:
        return Text(zh="尚无数据", en="it is not known")
    if isinstance(each.known, bool):
        return Text(zh="为“是”", en="it is") if each.known else Text(zh="为“否”", en="it is not")
    return Text(zh=f"为{each.known}", en=f"it is {each.known}")


def _value(each: GateCheck) -> str:
    if isinstance(each.known, bool):
        return "true" if each.known else "false"
    return "" if each.known is None else str(each.known)


def named_steps(rulebook: Rulebook, standing: Standing) -> tuple[Step, ...]:
    """Return a step for every named star, reached or not."""
    return tuple(_named_step(each) for each in named_stars(rulebook, standing))


def _named_step(each: Held) -> Step:
    star, points = each.star, written(each.points)
    sign = "≥" if each.reached else "<"
    label = Text(
        zh=f"{star.title.zh}：{points}{sign}{star.at_least}，{'获得' if each.reached else '未获得'}",
        en=f"{star.title.en}: {points} {sign} {star.at_least}, {'held' if each.reached else 'not held'}",
    )
    return Step(label, points, star.clause)


def after_steps(rulebook: Rulebook, standing: Standing, star: int | None) -> tuple[Step, ...]:
    """Return the steps of what follows: the end of a probation, and measures that more than this star decides."""
    followed = (each for each in following(rulebook, standing, star) if _is_told(each))
    return (*_probation_steps(rulebook, standing), *(_following_step(each) for each in followed))


def _is_told(each: Following) -> bool:
    return each.consequence.consecutive > 1 or each.state == "withheld"


def _probation_steps(rulebook: Rulebook, standing: Standing) -> Iterable[Step]:
    outcome = probation_outcome(rulebook, standing)
    if outcome is None:
        return
    number = compared_number(standing)
    bounds = [f"≥{outcome.at_least}"] if outcome.at_least is not None else []
    bounds += [f"<{outcome.below}"] if outcome.below is not None else []
    label = Text(
        zh=f"预备党员，总分{number}（{'且'.join(bounds)}）：{outcome.title.zh}",
        en=f"on probation, total {number} ({' and '.join(bounds)}): {outcome.title.en}",
    )
    yield Step(label, outcome.outcome, outcome.clause, personal=True)


def compared_number(standing: Standing) -> str:
    """Return the total that bands compare: the published number, or the exact one where that decides."""
    if standing.total is not None and standing.compared == Fraction(standing.total):
        return str(standing.total)
    return "" if standing.compared is None else written(standing.compared)


def _following_step(each: Following) -> Step:
    consequence, measures = each.consequence, ", ".join(each.consequence.measures)
    if each.state == "withheld" and each.veto is not None:
        title = each.veto.veto.title
        label = Text(zh=f"因“{title.zh}”不适用：{measures}", en=f"barred by “{title.en}”: {measures}")
        return Step(label, consequence.code, each.veto.veto.clause, sources=each.veto.sources, personal=True)
    years = ", ".join(f"{year}: {star}" for year, star in sorted(each.years))
    if each.state == "unknown":
        missing = ", ".join(each.unknown)
        label = Text(
            zh=f"连续{consequence.consecutive}年才适用{measures}，缺少{missing}年的结果（{years}）",
            en=f"{measures} follows after {consequence.consecutive} years; {missing} is not known ({years})",
        )
        return Step(label, consequence.code, consequence.clause, sources=each.sources)
    label = Text(
        zh=f"连续{consequence.consecutive}年（{years}）：{measures}",
        en=f"{consequence.consecutive} years in succession ({years}): {measures}",
    )
    return Step(label, consequence.code, consequence.clause, sources=each.sources)
