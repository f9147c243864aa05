"""Whether a sheet fits a rulebook: components it knows, scores in range, kinds in scope, people named once."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from domain.findings import Finding
from domain.rulebook.model import Component, Rulebook
from domain.rulebook.periods import KIND_WORDS, PERIOD_WRITTEN, kind_of
from domain.sheet.check_beside import beside_faults
from domain.sheet.check_category import category_faults
from domain.sheet.check_entries import Met
from domain.sheet.check_scores import FIX, ScoreCheck
from domain.sheet.model import Candidate, Given, PeriodGiven, Score, Sheet, period_end, period_start
from domain.sheet.seen import Seen
from domain.text import Text


def sheet_faults(sheet: Sheet, rulebook: Rulebook) -> tuple[Finding, ...]:
    """Return everything for which `sheet` cannot be computed with `rulebook`."""
    frame = _Frame(
        sheet.period,
        period_start(sheet.period, rulebook.year),
        period_end(sheet.period, rulebook.year),
        rulebook.leaves(),
    )
    found = [*_period(sheet, rulebook), *_roster(sheet, rulebook), *_doubled(sheet)]
    seen = Seen(lambda candidate: _Line(candidate, "", rulebook, frame).check())
    for number, candidate in enumerate(sheet.people):
        if seen.fits(candidate):
            continue
        line = _Line(candidate, f"people[{number}] {candidate.person}", rulebook, frame)
        faults = [*line.faults(), *category_faults(candidate, line.place, rulebook)]
        faults += beside_faults(candidate, line.place, rulebook, sheet.period)
        if not faults:
            seen.note(candidate)
        found += faults
    return tuple(found)


def _period(sheet: Sheet, rulebook: Rulebook) -> Iterator[Finding]:
    """Yield a finding for a period that is not one of this scheme; schemes of months and years cannot do without."""
    wanted = _wanted_period(rulebook)
    if not sheet.period:
        if rulebook.annual is not None:
            message = Text(
                zh="没有写明是哪个月或哪一年的结果", en="which month's or year's result is asked for is not said"
            )
            yield Finding(
                "period-missing", "period", message, Text(zh=f"写明{wanted.zh}。", en=f"Write it {wanted.en}.")
            )
        return
    kinds = {rulebook.period, *(("year",) if rulebook.annual is not None else ())}
    if kind_of(sheet.period) not in kinds or period_end(sheet.period, rulebook.year) is None:
        message = Text(zh=f"评定周期“{sheet.period}”不合要求", en=f"the period “{sheet.period}” does not fit")
        yield Finding("period-unfit", "period", message, Text(zh=f"写明{wanted.zh}。", en=f"Write it {wanted.en}."))


def _wanted_period(rulebook: Rulebook) -> Text:
    own, year = PERIOD_WRITTEN[rulebook.period], PERIOD_WRITTEN["year"]
    return own if rulebook.annual is None else Text(zh=f"{own.zh}或{year.zh}", en=f"{own.en}, or {year.en}")


def _roster(sheet: Sheet, rulebook: Rulebook) -> Iterator[Finding]:
    listed = len(sheet.people)
    for name, size in (("roster_size", sheet.roster_size), ("pool_size", sheet.pool_size)):
        if size is not None and size < listed:
            message = Text(
                zh=f"{name}为{size}，少于所列{listed}人", en=f"{name} is {size}, less than the {listed} people listed"
            )
            yield Finding("roster-too-small", name, message, FIX)
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
    if len({candidate.person for candidate in sheet.people}) == len(sheet.people):
        return
    for person, count in Counter(candidate.person for candidate in sheet.people).items():
        if count > 1:
            message = Text(zh=f"“{person}”出现{count}次", en=f"“{person}” stands {count} times")
            remedy = Text(
                zh="同名的用不同编号，同一人只列一次。", en="Give namesakes different ids; list each person once."
            )
            yield Finding("person-doubled", f"people {person}", message, remedy)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is the same for every line of a sheet: its days, the columns by code, and the kinds of entries that fit."""

    period: str
    first: date | None
    end: date | None
    leaves: Mapping[str, Component]
    met: Met = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Line:
    """The checks of one person's line of the sheet."""

    candidate: Candidate
    place: str
    rulebook: Rulebook
    frame: _Frame

    def faults(self) -> Iterator[Finding]:
        candidate, check = self.candidate, self.check()
        if candidate.kind not in self.rulebook.scope.kinds:
            listed = " · ".join(self.rulebook.scope.kinds)
            message = Text(zh=f"类别“{candidate.kind}”不参加测评", en=f"the kind “{candidate.kind}” is not evaluated")
            yield self._finding(
                "kind-unknown", "kind", message, Text(zh=f"应为{listed}之一。", en=f"Give one of {listed}.")
            )
        for code, score in candidate.components.items():
            yield from check.score(code, score)
        for code, last in candidate.last_year.items():
            yield from self._last_year(check, code, last)
        for code in sorted(candidate.not_applicable):
            yield from self._not_applicable(check, code, candidate.components, self._may_be_absent)
        if candidate.joined is not None:
            yield from self._joined(candidate.joined)
        if self.rulebook.is_year(self.frame.period):
            yield from self._year(check)
        elif self.rulebook.annual is not None and self.rulebook.annual.carry:
            yield from self._months(check)
        else:
            yield from self._no_year()

    def check(self) -> ScoreCheck:
        """Return the checks of what this person was given."""
        return ScoreCheck(
            rulebook=self.rulebook,
            person=self.candidate.person,
            posts=self.candidate.posts,
            place=self.place,
            direct=f"{self.place}.components",
            first=self.frame.first,
            end=self.frame.end,
            category=self.rulebook.category_of(self.candidate.category, self.candidate.posts),
            leaves=self.frame.leaves,
            met=self.frame.met,
        )

    def _finding(self, code: str, name: str, message: Text, remedy: Text = FIX) -> Finding:
        return Finding(code, f"{self.place}.{name}", message, remedy)

    def _no_year(self) -> Iterator[Finding]:
        if self.candidate.periods:
            message = Text(zh="这一结果不由各月合成", en="this result is not made of months")
            remedy = Text(zh="删去periods，或写明要的是哪一年。", en="Remove `periods`, or ask for a year.")
            yield self._finding("source-not-declared", "periods", message, remedy)

    def _year(self, check: ScoreCheck) -> Iterator[Finding]:
        """Yield what is wrong with the months of a year, and what is given for the year though it is of months."""
        once = () if self.rulebook.annual is None else self.rulebook.annual.once
        for code, score in self.candidate.components.items():
            if score is not None and code in self.frame.leaves and code not in once:
                message = Text(
                    zh=f"“{code}”由各月合成，不直接给分", en=f"“{code}” is made of months, not given for the year"
                )
                remedy = Text(zh="写入periods。", en="Give it in `periods`.")
                yield self._finding("component-by-month", f"components.{code}", message, remedy)
        yield from self._months(check)

    def _months(self, check: ScoreCheck) -> Iterator[Finding]:
        """Yield what is wrong with the periods that a result is made of, each of them once."""
        seen = Counter(line.period for line in self.candidate.periods)
        for number, line in enumerate(self.candidate.periods):
            yield from self._month(check, number, line)
        for month, count in seen.items():
            if count > 1:
                message = Text(zh=f"{month}出现{count}次", en=f"{month} stands {count} times")
                yield self._finding(
                    "month-doubled", f"periods {month}", message, Text(zh="只保留一个。", en="Keep one of them.")
                )

    def _month(self, check: ScoreCheck, number: int, line: PeriodGiven) -> Iterator[Finding]:
        name, shape = f"periods[{number}]", self.rulebook.year
        end = shape.end(line.period)
        if end is None or line.period not in self._expected():
            kind = KIND_WORDS[self.rulebook.period]
            message = Text(
                zh=f"“{line.period}”不是{self.frame.period}年的{kind.zh}",
                en=f"“{line.period}” is no {kind.en} of {self.frame.period}",
            )
            yield self._finding("month-outside-year", f"{name}.period", message)
            return
        joined = self.candidate.joined
        if joined is not None and joined >= end:
            message = Text(
                zh=f"{joined}加入，早于此的{line.period}不应有考核", en=f"joined on {joined}, after {line.period}"
            )
            yield self._finding("month-before-joining", f"{name}.period", message)
        if not line.assessed and any(score is not None for score in line.components.values()):
            message = Text(zh=f"{line.period}注明未考核却有分数", en=f"{line.period} has values but was not assessed")
            yield self._finding("month-contradicted", f"{name}.assessed", message)
        place = f"{self.place}.{name}"
        monthly = replace(check, place=place, direct=place, first=shape.start(line.period), end=end)
        for code, score in line.components.items():
            yield from monthly.score(code, score)
        for code in sorted(line.not_applicable):
            yield from self._not_applicable(monthly, code, line.components, _is_optional)

    def _expected(self) -> tuple[str, ...]:
        """Return the periods that may be given: all of the year, or those before this one."""
        year = self.rulebook.year
        parts = year.parts(year.year_of(self.frame.period), self.rulebook.period)
        return parts[: parts.index(self.frame.period)] if self.frame.period in parts else parts

    def _last_year(self, check: ScoreCheck, code: str, last: Given) -> Iterator[Finding]:
        component = self.frame.leaves.get(code)
        if component is None:
            yield check.unknown(f"{self.place}.last_year", code)
        elif component.missing != "carry_last_year":
            message = Text(zh="本办法不沿用上一年度分数", en="this rulebook carries nothing over from last year")
            yield self._finding("source-not-declared", f"last_year.{code}", message)
        else:
            yield from check.points(component, last)

    def _not_applicable(
        self, check: ScoreCheck, code: str, scores: Mapping[str, Score], may_be_absent: Callable[[Component], bool]
    ) -> Iterator[Finding]:
        at = f"{check.place}.not_applicable"
        component = self.rulebook.nodes().get(code)
        if component is None:
            yield check.unknown(at, code)
        elif not may_be_absent(component):
            message = Text(
                zh=f"本办法不允许没有{component.title.zh}", en=f"this rulebook does not do without {component.title.en}"
            )
            remedy = Text(
                zh="给出分数，或由上级选用no_party_group的另一取法。",
                en="Give the score, or have another reading of no_party_group adopted.",
            )
            yield Finding("component-required", f"{at}.{code}", message, remedy)
        elif scores.get(code) is not None:
            message = Text(
                zh=f"{component.title.zh}既有分数又注明不适用",
                en=f"{component.title.en} has a score and is said not to exist",
            )
            yield Finding("component-contradicted", f"{at}.{code}", message, FIX)

    def _may_be_absent(self, component: Component) -> bool:
        """Return whether the rulebook does without: an optional part, or what need not be held once a year (AMB-B7)."""
        annual = self.rulebook.annual
        if annual is not None and self.rulebook.is_year(self.frame.period):
            return component.code in annual.once
        return _is_optional(component)

    def _joined(self, joined: date) -> Iterator[Finding]:
        if self.frame.end is None:
            message = Text(zh="有加入日期，但没有评定周期", en="a day of joining is given, but no period")
            yield self._finding("period-missing", "joined", message, Text(zh="写明period。", en="Write the period."))
        elif joined >= self.frame.end:
            message = Text(zh=f"{joined}加入，晚于评定周期", en=f"joined on {joined}, after the period ended")
            yield self._finding("joined-after-period", "joined", message)


def _is_optional(component: Component) -> bool:
    """Return whether the rulebook does without the component where it does not exist for a person (AMB-A11)."""
    return component.optional and component.absent != "refuse"
