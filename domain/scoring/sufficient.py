"""The least that one component would have to be for a star, all else unchanged: found on the calculator itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil

from domain.rulebook.model import Component, Rulebook
from domain.scoring.contest import TieDecision, settle
from domain.scoring.evaluate import contest
from domain.scoring.standing import Standing, stand
from domain.scoring.tariff import Tariffs
from domain.sheet.model import Candidate, Given, Sheet

GRID = 100
"""Points are tried in hundredths."""
HIGHEST = 1_000
"""As high as a component without an upper bound is tried."""


@dataclass(frozen=True, slots=True)
class Sufficient:
    """One component as it is (None: missing) and as it would at least have to be."""

    component: Component
    now: Fraction | None
    least: Decimal

    @property
    def more(self) -> Fraction | None:
        """Return how many points more that is; None where there are none yet."""
        return None if self.now is None else Fraction(self.least) - self.now


def sufficient(  # noqa: PLR0913 - whose star, and what it is computed from
    rulebook: Rulebook,
    sheet: Sheet,
    decisions: Sequence[TieDecision],
    person: str,
    star: int,
    *,
    by_score: bool = False,
) -> tuple[Sufficient, ...]:
    """Return for each component of a person the least value, in hundredths, with which he would hold `star` or better.

    All else stays as it is: others' scores, decided ties, what is missing. A component with which no value suffices is
    left out. `by_score` asks for the star before places are given, of which others' scores are no part.
    """
    candidate = next(each for each in sheet.people if each.person == person)
    found = stand(Tariffs(rulebook), sheet, candidate)
    leaves = {leaf.component.code: leaf for each in found.tallies for leaf in each.leaves()}
    answers = []
    for code, leaf in leaves.items():
        if code in candidate.not_applicable or (code not in candidate.components and found.year is not None):
            continue
        reaches = _Question(rulebook, sheet, decisions, candidate, leaf.component, leaf.ballots, star, by_score)
        least = _least(rulebook, leaf.component, leaf.value, reaches)
        if least is not None:
            answers.append(Sufficient(leaf.component, leaf.value, least))
    return tuple(answers)


def _least(
    rulebook: Rulebook, component: Component, now: Fraction | None, reaches: Callable[[Decimal], bool]
) -> Decimal | None:
    """Return the least value that reaches the star: more of a component never takes a star away."""
    bounds = rulebook.range_of(component)
    first = now if now is not None else Fraction(bounds.low or 0)
    low, high = ceil(first * GRID), int((bounds.high if bounds.high is not None else HIGHEST) * GRID)
    if low > high or not reaches(_points(high)):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(_points(middle)) else (middle + 1, high)
    return _points(low)


def _points(hundredths: int) -> Decimal:
    return Decimal(hundredths) / GRID


@dataclass(frozen=True, slots=True)
class _Question:
    """Whether a person would hold a star if one component were so many points."""

    rulebook: Rulebook
    sheet: Sheet
    decisions: Sequence[TieDecision]
    candidate: Candidate
    component: Component
    ballots: int | None
    star: int
    by_score: bool

    def __call__(self, points: Decimal) -> bool:
        """Return whether he would, for certain."""
        sheet = self._with(points)
        if self.by_score:
            return _reached(self._standing(sheet), self.star)
        contenders, limits = contest(self.rulebook, sheet)
        placing = settle(contenders, limits, self.decisions).placings.get(self.candidate.person)
        return placing is not None and placing.star is not None and placing.star >= self.star

    def _with(self, points: Decimal) -> Sheet:
        ballots = (
            self.component.ballots_minimum
            if self.ballots is None
            else max(self.ballots, self.component.ballots_minimum)
        )
        value = Given(points, ballots=ballots or None)
        changed = replace(self.candidate, components={**self.candidate.components, self.component.code: value})
        people = tuple(changed if each is self.candidate else each for each in self.sheet.people)
        return replace(self.sheet, people=people)

    def _standing(self, sheet: Sheet) -> Standing:
        changed = next(each for each in sheet.people if each.person == self.candidate.person)
        return stand(Tariffs(self.rulebook), sheet, changed)


def _reached(standing: Standing, star: int) -> bool:
    return standing.ranked and standing.star is not None and standing.star >= star
