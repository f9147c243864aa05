"""From what was given to an exact total: means, nested weights, and what is missing or does not exist."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from domain.rulebook.model import Component
from domain.sheet.model import Candidate, Counted, Given, given

# valued: has a value; missing: makes the result incomplete (AMB-A13); left_out: missing, the rest carries its weight;
# absent: does not exist for this person (AMB-A11).
State = Literal["valued", "missing", "left_out", "absent"]


@dataclass(frozen=True, slots=True)
class Tally:
    """One component of one person: its value, its share of the total in per cent, and what it was made of."""

    component: Component
    state: State
    value: Fraction | None = None
    parts: tuple["Tally", ...] = ()
    used: tuple[Given, ...] = ()
    counted: Counted | None = None
    ballots: int | None = None
    carried: bool = False

    @property
    def insufficient(self) -> bool:
        """Whether there are ballots, but fewer than the rulebook asks for (AMB-A14)."""
        return self.ballots is not None and self.ballots < self.component.ballots_minimum

    def nodes(self) -> Iterator["Tally"]:
        """Yield this tally and everything below it."""
        yield self
        for part in self.parts:
            yield from part.nodes()

    def leaves(self) -> Iterator["Tally"]:
        """Yield the tallies of the columns that a sheet gives."""
        return (node for node in self.nodes() if not node.component.parts)


def tally(component: Component, candidate: Candidate) -> Tally:
    """Return the exact value of `component` for `candidate`, or why it has none."""
    if component.code in candidate.not_applicable:
        return Tally(component, "absent")
    if component.parts:
        parts = tuple(tally(part, candidate) for part in component.parts)
        return Tally(component, state_of(parts), weighted_mean(parts), parts)
    return _column(component, candidate)


def state_of(parts: Iterable[Tally]) -> State:
    """Return the state of a sum: missing as soon as a part is, valued where something is left to count."""
    states = {part.state for part in parts}
    for state in ("missing", "valued", "left_out"):
        if state in states:
            return state
    return "absent"


def weighted_mean(parts: tuple[Tally, ...]) -> Fraction | None:
    """Return the exact mean of the parts that count, by weight; None while one is missing or none counts.

    Where a part does not exist or is left out, its weight goes to the others in proportion (AMB-A11, AMB-A13).
    """
    if state_of(parts) != "valued":
        return None
    counting = [(Fraction(part.component.weight), part.value) for part in parts if part.value is not None]
    weight = sum((weight for weight, _ in counting), Fraction(0))
    return sum((weight * value for weight, value in counting), Fraction(0)) / weight


def _column(component: Component, candidate: Candidate) -> Tally:
    score = candidate.components.get(component.code)
    read = _ballots(component, score) if isinstance(score, Counted) else _points(component, given(score))
    if read.value is not None:
        return read
    if component.missing == "renormalise":
        return Tally(component, "left_out", ballots=read.ballots)
    last = candidate.last_year.get(component.code)
    if component.missing == "carry_last_year" and last is not None:
        return Tally(component, "valued", Fraction(last.points), used=(last,), ballots=read.ballots, carried=True)
    return read


def _points(component: Component, values: tuple[Given, ...]) -> Tally:
    """Return the mean of `values`; several of them are one ballot each, a single one may say how many it stands for."""
    ballots = len(values) if len(values) > 1 else next((value.ballots for value in values), None)
    used = _trimmed(component, values)
    if not used or (ballots is not None and ballots < component.ballots_minimum):
        return Tally(component, "missing", ballots=ballots)
    return Tally(component, "valued", _mean(used), used=used, ballots=ballots)


def _mean(used: tuple[Given, ...]) -> Fraction:
    first, *others = (Fraction(value.points) for value in used)
    return sum(others, first) / len(used) if others else first


def _trimmed(component: Component, values: tuple[Given, ...]) -> tuple[Given, ...]:
    """Return what the mean counts: under the trimmed reading not the extremes, if several values were given."""
    cut = component.trim_each_side
    if component.mean != "trimmed" or len(values) <= 1 or not cut:
        return values
    return tuple(sorted(values, key=lambda value: value.points)[cut:-cut])


def _ballots(component: Component, counted: Counted) -> Tally:
    """Return the mean points of the valid voices; abstentions count for nothing (AMB-A14)."""
    points = {} if component.grades is None else component.grades.points
    voices = [(Fraction(points[grade]), count) for grade, count in counted.grades.items() if grade in points]
    valid = sum(count for _, count in voices)
    if valid == 0 or valid < component.ballots_minimum:
        return Tally(component, "missing", counted=counted, ballots=valid)
    mean = sum((value * count for value, count in voices), Fraction(0)) / valid
    return Tally(component, "valued", mean, counted=counted, ballots=valid)
