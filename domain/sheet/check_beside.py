"""Whether what stands beside the scores fits a rulebook: vetoes, conditions of gates, stars of earlier years."""

from collections.abc import Iterator

from domain.findings import Finding
from domain.rulebook.model import Rulebook
from domain.rulebook.periods import kind_of
from domain.rulebook.results import Gate, NamedStar
from domain.sheet.model import Candidate, Measure, Recorded
from domain.sheet.plain import fine_enough
from domain.text import Text

_FIX = Text(zh="改正后再试。", en="Correct it and try again.")


def beside_faults(candidate: Candidate, place: str, rulebook: Rulebook, period: str) -> Iterator[Finding]:
    """Yield what is wrong with a person's vetoes, conditions and earlier stars, and entries that a named star lacks."""
    yield from _vetoes(candidate, place, rulebook, period)
    for measure, value in candidate.gates.items():
        yield from _measure(rulebook, f"{place}.gates.{measure}", measure, value)
    yield from _earlier(candidate, place, rulebook, period)
    for star in rulebook.named_stars:
        yield from _unknown_parts(candidate, place, rulebook, star)


def _vetoes(candidate: Candidate, place: str, rulebook: Rulebook, period: str) -> Iterator[Finding]:
    for number, declared in enumerate(candidate.vetoes):
        at = f"{place}.vetoes[{number}]"
        if declared.code not in rulebook.vetoes:
            listed = " · ".join(rulebook.vetoes) or "–"
            message = Text(zh=f"没有一票否决“{declared.code}”", en=f"there is no veto “{declared.code}”")
            remedy = Text(zh=f"可用：{listed}。", en=f"There are: {listed}.")
            yield Finding("veto-unknown", at, message, remedy)
        if declared.period and (kind_of(declared.period) is None or _after(rulebook, declared.period, period)):
            message = Text(
                zh=f"“{declared.period}”不是本期或以前的周期", en=f"“{declared.period}” is no period up to this one"
            )
            yield Finding("period-unfit", f"{at}.period", message, _FIX)
    if len(set(candidate.vetoes)) != len(candidate.vetoes):
        message = Text(zh="同一否决列了两次", en="a veto stands twice")
        yield Finding("veto-doubled", f"{place}.vetoes", message, Text(zh="只保留一个。", en="Keep one of them."))


def _after(rulebook: Rulebook, declared_in: str, period: str) -> bool:
    return rulebook.year.year_of(declared_in) > rulebook.year.year_of(period)


def _measure(rulebook: Rulebook, place: str, measure: str, value: Measure) -> Iterator[Finding]:
    gates = [gate for gate in rulebook.gates if gate.measure == measure]
    if not gates:
        listed = " · ".join(sorted({gate.measure for gate in rulebook.gates})) or "–"
        message = Text(zh=f"没有条件要求“{measure}”", en=f"no gate asks for “{measure}”")
        yield Finding("measure-unknown", place, message, Text(zh=f"可用：{listed}。", en=f"There are: {listed}."))
    elif value is not None and any(not _fits(gate, value) for gate in gates):
        number = gates[0].at_least is not None
        message = Text(
            zh=f"“{measure}”应为{'数字' if number else 'true或false'}",
            en=f"“{measure}” is to be {'a number' if number else 'true or false'}",
        )
        yield Finding("measure-unfit", place, message, _FIX)


def _fits(gate: Gate, value: Measure) -> bool:
    if gate.at_least is None:
        return isinstance(value, bool)
    return not isinstance(value, bool) and value is not None and value.is_finite() and fine_enough(value)


def _earlier(candidate: Candidate, place: str, rulebook: Rulebook, period: str) -> Iterator[Finding]:
    stars = {0, *(band.star for band in rulebook.bands)}
    for year, star in candidate.earlier.items():
        at = f"{place}.earlier.{year}"
        if kind_of(year) != "year" or year >= rulebook.year.year_of(period):
            message = Text(zh=f"“{year}”不是以前的年度", en=f"“{year}” is no earlier year")
            yield Finding("period-unfit", at, message, _FIX)
        if star is not None and star not in stars:
            message = Text(zh=f"本办法没有{star}星", en=f"this rulebook has no {star} stars")
            yield Finding("star-unknown", at, message, _FIX)


def _unknown_parts(candidate: Candidate, place: str, rulebook: Rulebook, star: NamedStar) -> Iterator[Finding]:
    """Yield a component given as points though a named star asks for a group or an item of it."""
    if star.measured == "component":
        return
    group = star.of if star.measured == "group" else rulebook.items[star.of].group
    code = next((each.component for each in rulebook.groups if each.code == group), "")
    given = candidate.components.get(code)
    if given is not None and not isinstance(given, Recorded):
        message = Text(
            zh=f"“{star.title.zh}”按“{star.of}”授予，须以条目记录给出",
            en=f"“{star.title.en}” goes by “{star.of}”, which points for the whole component do not tell",
        )
        remedy = Text(zh="写入entries。", en="Give it in `entries`.")
        yield Finding("entries-needed", f"{place}.components.{code}", message, remedy)
