"""Whether a score fits its component: points in range, grades and groups of voters known, entries of the catalogue."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.findings import Finding
from domain.rulebook.model import Component, Rulebook
from domain.sheet.check_entries import FIX, EntryCheck, Fitting, Met, too_fine
from domain.sheet.model import Counted, Given, Recorded, Score, given
from domain.text import Text

__all__ = ["FIX", "ScoreCheck"]


@dataclass(frozen=True, slots=True)
class ScoreCheck:
    """The checks of one person's scores of one period, from `first` up to and without `end`.

    `place` is the line of the sheet, `direct` the place below which components stand that are given as points.
    """

    rulebook: Rulebook
    person: str
    posts: frozenset[str]
    place: str
    direct: str
    first: date | None
    end: date | None
    category: str
    leaves: Mapping[str, Component]
    met: Met

    def score(self, code: str, score: Score) -> Iterator[Finding]:
        """Yield everything that is wrong with the score of component `code`."""
        component = self.leaves.get(code)
        if component is None:
            yield self.unknown(self.direct, code)
            return
        if isinstance(score, Counted):
            yield from self._ballots(component, score)
        if isinstance(score, Recorded):
            yield from self._recorded(component, score)
        values = given(score)
        for value in values:
            yield from self.points(component, value)
        yield from self._groups(component, values)
        of_groups = component.shares and all(value.group for value in values)
        if len(values) > 1 and any(value.ballots is not None for value in values) and not of_groups:
            message = Text(
                zh=f"“{component.title.zh}”既有多个分值又有票数",
                en=f"“{component.title.en}” has several values and a number of ballots",
            )
            yield Finding("ballots-unfit", f"{self.direct}.{code}", message, FIX)

    def _groups(self, component: Component, values: tuple[Given, ...]) -> Iterator[Finding]:
        """Yield what is wrong with the groups that values name: unknown ones, or values with and without one."""
        named = {value.group for value in values}
        name, shared = f"{self.direct}.{component.code}", {each.group for each in component.shares}
        for group in sorted(named - shared - {""}):
            yield _unknown_voters(group, f"{name}.{group}", tuple(shared))
        if "" in named and named != {""}:
            message = Text(
                zh=f"“{component.title.zh}”的分值有的写明评议组，有的没有",
                en=f"some values of “{component.title.en}” name their group and some do not",
            )
            yield Finding("group-missing", name, message, FIX)

    def unknown(self, place: str, code: str) -> Finding:
        """Return the finding that no column is called `code`."""
        node = self.rulebook.nodes().get(code)
        if node is None:
            message = Text(zh=f"没有评价项目“{code}”", en=f"there is no component “{code}”")
        else:
            parts = " + ".join(part.code for part in node.parts)
            message = Text(
                zh=f"“{code}”由{parts}合成，不直接给分", en=f"“{code}” is made of {parts} and not given itself"
            )
        listed = " · ".join(self.leaves)
        return Finding(
            "component-unknown", f"{place}.{code}", message, Text(zh=f"可用：{listed}。", en=f"There are {listed}.")
        )

    def points(self, component: Component, value: Given) -> Iterator[Finding]:
        """Yield what is wrong with points that somebody gave."""
        reach, points, name = self.rulebook.range_of(component), value.points, f"{self.direct}.{component.code}"
        if isinstance(points, Decimal) and not points.is_finite():
            message = Text(zh=f"“{points}”不是分数", en=f"“{points}” is not a score")
            yield Finding("score-unfit", name, message, FIX)
            return
        if points < reach.low or (reach.high is not None and points > reach.high):
            high = "…" if reach.high is None else reach.high
            message = Text(
                zh=f"“{self.person}”的{component.title.zh}为{points}，不在{reach.low}至{high}之间",
                en=f"{component.title.en} of “{self.person}” is {points}, not {reach.low} to {high}",
            )
            yield Finding("score-out-of-range", name, message, FIX)
        if isinstance(points, Decimal):
            yield from too_fine(points, name)

    def _ballots(self, component: Component, counted: Counted) -> Iterator[Finding]:
        name = f"{self.place}.ballots.{component.code}"
        if not component.takes_ballots or component.grades is None:
            message = Text(
                zh=f"本办法的{component.title.zh}不由选票等次计分",
                en=f"this rulebook takes no graded ballots for {component.title.en}",
            )
            switch = "masses_mean" if self.rulebook.family == "seed-a" else "grade_points"
            remedy = Text(zh=f"直接给分，或在{switch}中选用等次。", en=f"Give points, or choose grades under {switch}.")
            yield Finding("source-not-declared", name, message, remedy)
            return
        known = {*component.grades.points, *component.grades.abstentions}
        for group, voices in (("", counted.grades), *counted.groups.items()):
            at = f"{name}.{group}" if group else name
            if group and group not in component.ballot_groups:
                yield _unknown_voters(group, at, component.ballot_groups)
            for grade in voices:
                if grade not in known:
                    message = Text(zh=f"没有等次“{grade}”", en=f"there is no grade “{grade}”")
                    yield Finding("grade-unknown", f"{at}.{grade}", message, FIX)

    def _recorded(self, component: Component, recorded: Recorded) -> Iterator[Finding]:
        if not component.takes_entries:
            message = Text(
                zh=f"本办法的{component.title.zh}不按条目计分",
                en=f"this rulebook makes no {component.title.en} of entries",
            )
            remedy = Text(zh="直接给分。", en="Give points.")
            yield Finding("source-not-declared", f"{self.place}.entries.{component.code}", message, remedy)
            return
        yield from self._entry_check().recorded(component, recorded, f"{self.place}.entries.{component.code}")

    def fitting(self, code: str) -> Fitting:
        """Return what was found to fit `code` for everybody of these posts, this category and these days."""
        return self._entry_check().fitting(code)

    def _entry_check(self) -> EntryCheck:
        return EntryCheck(self.rulebook, self.person, self.posts, self.category, self.first, self.end, self.met)


def _unknown_voters(group: str, place: str, known: Iterable[str]) -> Finding:
    listed = " · ".join(known)
    message = Text(zh=f"没有评议组“{group}”", en=f"there is no group of voters “{group}”")
    return Finding("voters-unknown", place, message, Text(zh=f"可用：{listed}。", en=f"There are: {listed}."))
