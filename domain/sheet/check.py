"""Whether a sheet fits a rulebook: components it knows, scores in range, kinds in scope, people named once."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from domain.findings import Finding
from domain.rulebook.model import Component, Rulebook
from domain.sheet.model import Candidate, Counted, Given, Score, Sheet, given, period_end
from domain.sheet.plain import MOST_DECIMALS
from domain.text import Text

_PERIODS = {"year": re.compile(r"[0-9]{4}"), "month": re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")}
_FIX = Text(zh="改正后再试。", en="Correct it and try again.")


def sheet_faults(sheet: Sheet, rulebook: Rulebook) -> tuple[Finding, ...]:
    """Return everything for which `sheet` cannot be computed with `rulebook`."""
    leaves, nodes = rulebook.leaves(), rulebook.nodes()
    end = period_end(sheet.period)
    found = [*_period(sheet, rulebook), *_roster(sheet, rulebook), *_doubled(sheet)]
    for number, candidate in enumerate(sheet.people):
        line = _Line(candidate, f"people[{number}] {candidate.person}", rulebook, leaves, nodes, end)
        found.extend(line.faults())
    return tuple(found)


def _period(sheet: Sheet, rulebook: Rulebook) -> Iterator[Finding]:
    fits = _PERIODS[rulebook.period].fullmatch(sheet.period) and period_end(sheet.period) is not None
    if sheet.period and not fits:
        wanted = (
            Text(zh="如“2025”", en='such as "2025"')
            if rulebook.period == "year"
            else Text(zh="如“2025-03”", en='such as "2025-03"')
        )
        message = Text(zh=f"评定周期“{sheet.period}”不合要求", en=f"the period “{sheet.period}” does not fit")
        yield Finding("period-unfit", "period", message, Text(zh=f"写明{wanted.zh}。", en=f"Write it {wanted.en}."))


def _roster(sheet: Sheet, rulebook: Rulebook) -> Iterator[Finding]:
    listed = len(sheet.people)
    for name, size in (("roster_size", sheet.roster_size), ("pool_size", sheet.pool_size)):
        if size is not None and size < listed:
            message = Text(
                zh=f"{name}为{size}，少于所列{listed}人", en=f"{name} is {size}, less than the {listed} people listed"
            )
            yield Finding("roster-too-small", name, message, _FIX)
    if sheet.pool_size is None and any(cap.round == "pooled" for cap in rulebook.caps):
        message = Text(
            zh="名额在党委范围内合并计算，但没有全党委人数",
            en="places are counted over the committee, but its size is not given",
        )
        remedy = Text(
            zh="列出全党委人员并写明pool_size，或改用其他cap_rounding。",
            en="List the committee's people with pool_size, or choose another cap_rounding.",
        )
        yield Finding("pool-size-missing", "pool_size", message, remedy)


def _doubled(sheet: Sheet) -> Iterator[Finding]:
    for person, count in Counter(candidate.person for candidate in sheet.people).items():
        if count > 1:
            message = Text(zh=f"“{person}”出现{count}次", en=f"“{person}” stands {count} times")
            remedy = Text(
                zh="同名的用不同编号，同一人只列一次。", en="Give namesakes different ids; list each person once."
            )
            yield Finding("person-doubled", f"people {person}", message, remedy)


@dataclass(frozen=True, slots=True)
class _Line:
    """The checks of one person's line of the sheet."""

    candidate: Candidate
    place: str
    rulebook: Rulebook
    leaves: Mapping[str, Component]
    nodes: Mapping[str, Component]
    end: date | None

    def faults(self) -> Iterator[Finding]:
        candidate = self.candidate
        if candidate.kind not in self.rulebook.scope.kinds:
            listed = " · ".join(self.rulebook.scope.kinds)
            message = Text(zh=f"类别“{candidate.kind}”不参加测评", en=f"the kind “{candidate.kind}” is not evaluated")
            yield self._finding(
                "kind-unknown", "kind", message, Text(zh=f"应为{listed}之一。", en=f"Give one of {listed}.")
            )
        for code, score in candidate.components.items():
            yield from self._component(code, score)
        for code, last in candidate.last_year.items():
            yield from self._last_year(code, last)
        for code in sorted(candidate.not_applicable):
            yield from self._not_applicable(code)
        if candidate.joined is not None:
            yield from self._joined(candidate.joined)

    def _finding(self, code: str, name: str, message: Text, remedy: Text = _FIX) -> Finding:
        return Finding(code, f"{self.place}.{name}", message, remedy)

    def _component(self, code: str, score: Score) -> Iterator[Finding]:
        component = self.leaves.get(code)
        if component is None:
            yield self._unknown("components", code)
            return
        if isinstance(score, Counted):
            yield from self._ballots(component, score)
        values = given(score)
        for value in values:
            yield from self._points(component, value)
        if len(values) > 1 and any(value.ballots is not None for value in values):
            message = Text(
                zh=f"“{component.title.zh}”既有多个分值又有票数",
                en=f"“{component.title.en}” has several values and a number of ballots",
            )
            yield self._finding("ballots-unfit", f"components.{code}", message)

    def _unknown(self, name: str, code: str) -> Finding:
        node = self.nodes.get(code)
        if node is None:
            message = Text(zh=f"没有评价项目“{code}”", en=f"there is no component “{code}”")
        else:
            parts = " + ".join(part.code for part in node.parts)
            message = Text(
                zh=f"“{code}”由{parts}合成，不直接给分", en=f"“{code}” is made of {parts} and not given itself"
            )
        listed = " · ".join(self.leaves)
        return self._finding(
            "component-unknown", f"{name}.{code}", message, Text(zh=f"可用：{listed}。", en=f"There are {listed}.")
        )

    def _points(self, component: Component, value: Given) -> Iterator[Finding]:
        reach, points = self.rulebook.component_range, value.points
        name = f"components.{component.code}"
        if not points.is_finite():
            message = Text(zh=f"“{points}”不是分数", en=f"“{points}” is not a score")
            yield self._finding("score-unfit", name, message)
            return
        if points < reach.low or (points > reach.high and not component.open_top):
            message = Text(
                zh=f"“{self.candidate.person}”的{component.title.zh}为{points}，不在{reach.low}至{reach.high}之间",
                en=f"{component.title.en} of “{self.candidate.person}” is {points}, not {reach.low} to {reach.high}",
            )
            yield self._finding("score-out-of-range", name, message)
        exponent = points.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > MOST_DECIMALS:
            message = Text(
                zh=f"“{points}”超过{MOST_DECIMALS}位小数", en=f"“{points}” has more than {MOST_DECIMALS} decimals"
            )
            yield self._finding("score-too-fine", name, message)

    def _ballots(self, component: Component, counted: Counted) -> Iterator[Finding]:
        name = f"ballots.{component.code}"
        if not component.takes_ballots or component.grades is None:
            message = Text(
                zh=f"本办法的{component.title.zh}不由选票等次计分",
                en=f"this rulebook takes no graded ballots for {component.title.en}",
            )
            remedy = Text(
                zh='直接给分，或选用masses_mean = "grades"。', en='Give points, or choose masses_mean = "grades".'
            )
            yield self._finding("source-not-declared", name, message, remedy)
            return
        known = {*component.grades.points, *component.grades.abstentions}
        for grade in counted.grades:
            if grade not in known:
                message = Text(zh=f"没有等次“{grade}”", en=f"there is no grade “{grade}”")
                yield self._finding("grade-unknown", f"{name}.{grade}", message)

    def _last_year(self, code: str, last: Given) -> Iterator[Finding]:
        component = self.leaves.get(code)
        if component is None:
            yield self._unknown("last_year", code)
        elif component.missing != "carry_last_year":
            message = Text(zh="本办法不沿用上一年度分数", en="this rulebook carries nothing over from last year")
            yield self._finding("source-not-declared", f"last_year.{code}", message)
        else:
            yield from self._points(component, last)

    def _not_applicable(self, code: str) -> Iterator[Finding]:
        component = self.nodes.get(code)
        if component is None:
            yield self._unknown("not_applicable", code)
        elif not component.optional or component.absent == "refuse":
            message = Text(
                zh=f"本办法不允许没有{component.title.zh}", en=f"this rulebook does not do without {component.title.en}"
            )
            remedy = Text(
                zh="给出分数，或由上级选用no_party_group的另一取法。",
                en="Give the score, or have another reading of no_party_group adopted.",
            )
            yield self._finding("component-required", f"not_applicable.{code}", message, remedy)
        elif self.candidate.components.get(code) is not None:
            message = Text(
                zh=f"{component.title.zh}既有分数又注明不适用",
                en=f"{component.title.en} has a score and is said not to exist",
            )
            yield self._finding("component-contradicted", f"not_applicable.{code}", message)

    def _joined(self, joined: date) -> Iterator[Finding]:
        if self.end is None:
            message = Text(zh="有加入日期，但没有评定周期", en="a day of joining is given, but no period")
            yield self._finding("period-missing", "joined", message, Text(zh="写明period。", en="Write the period."))
        elif joined >= self.end:
            message = Text(zh=f"{joined}加入，晚于评定周期", en=f"joined on {joined}, after the period ended")
            yield self._finding("joined-after-period", "joined", message)
