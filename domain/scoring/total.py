"""From what was given to an exact total: means, nested weights, and what is missing or does not exist."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from domain.rulebook.items import exactly
from domain.rulebook.model import Component, Rulebook
from domain.scoring.entries import Made, made_of
from domain.scoring.numbers import clamped, mean_by_weight
from domain.scoring.tariff import Tariffs
from domain.scoring.voices import Voices, counting, too_few, value_of, voices, voices_given
from domain.sheet.model import Candidate, Counted, Given, Recorded, Score, given

# valued: has a value; missing: makes the result incomplete (AMB-A13); left_out: missing, the rest carries its weight;
# absent: does not exist for this person (AMB-A11).
State = Literal["valued", "missing", "left_out", "absent"]


class Tally(NamedTuple):
    """One component of one person: its value, its share of the total in per cent, and what it was made of.

    `months` are what a component of the year was made of, over so many months; `stands_in`: no assessment was held for
    the year, the months stand in for it (AMB-B7).
    """

    component: Component
    state: State
    value: Fraction | None = None
    parts: tuple["Tally", ...] = ()
    used: tuple[Given, ...] = ()
    counted: Counted | None = None
    ballots: int | None = None
    carried: bool = False
    voices: tuple[Voices, ...] = ()
    made: Made | None = None
    months: tuple["MonthPart", ...] = ()
    over: int = 0
    stands_in: bool = False

    @property
    def recorded(self) -> Recorded | None:
        """The entries that made it, None where it was not made of entries."""
        return None if self.made is None else self.made.recorded

    @property
    def least_ballots(self) -> int:
        """How many valid ballots are needed: one where a small body votes openly."""
        return min(1, self.component.ballots_minimum) if self.open_vote else self.component.ballots_minimum

    @property
    def open_vote(self) -> bool:
        """Whether what was given came from a body too small for a secret ballot."""
        return _openly(self.used) if self.counted is None else self.counted.open_vote

    @property
    def insufficient(self) -> bool:
        """Whether there are ballots, but fewer than the rulebook asks for (AMB-A14), in all or of one group."""
        few = self.ballots is not None and self.ballots < self.least_ballots
        return few or bool(self.voices and too_few(self.component, self.voices, open_vote=self.open_vote))

    def nodes(self) -> Iterator["Tally"]:
        """Yield this tally and everything below it."""
        yield self
        for part in self.parts:
            yield from part.nodes()

    def leaves(self) -> Iterator["Tally"]:
        """Yield the tallies of the columns that a sheet gives."""
        return (node for node in self.nodes() if not node.component.parts)


@dataclass(frozen=True, slots=True)
class MonthPart:
    """What one month gave to a component of the year, and the facts that say that it was assessed."""

    period: str
    tally: Tally
    sources: tuple[int, ...] = ()


def tally(component: Component, candidate: Candidate, tariffs: Tariffs) -> Tally:
    """Return the exact value of `component` for `candidate`, or why it has none."""
    if component.code in candidate.not_applicable:
        return Tally(component, "absent")
    if component.parts:
        parts = tuple(tally(part, candidate, tariffs) for part in component.parts)
        return Tally(component, state_of(parts), weighted_mean(parts), parts)
    return _column(component, candidate, tariffs)


def state_of(parts: Iterable[Tally]) -> State:
    """Return the state of a sum: missing as soon as a part is, valued where something is left to count."""
    states = [part.state for part in parts]
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
    return mean_by_weight([(exactly(part.component.weight), part.value) for part in parts if part.value is not None])


def total_of(rulebook: Rulebook, tallies: tuple[Tally, ...]) -> Fraction | None:
    """Return the exact total of a period: the weighted mean or the plain sum, within the bounds of the total."""
    total = rulebook.total
    value = weighted_mean(tallies) if total.how == "weighted" else plain_sum(tallies)
    return None if value is None else clamped(value, total.low, total.high)


def plain_sum(parts: tuple[Tally, ...]) -> Fraction | None:
    """Return the sum of the parts that exist; None while one is missing or none exists."""
    if state_of(parts) != "valued":
        return None
    return sum((part.value for part in parts if part.value is not None), Fraction(0))


def _column(component: Component, candidate: Candidate, tariffs: Tariffs) -> Tally:
    read = _read(component, candidate, tariffs)
    return read if read.value is not None else _without(component, candidate, read)


def _without(component: Component, candidate: Candidate, read: Tally) -> Tally:
    """Return what the rulebook makes of a component that has no value (AMB-A13)."""
    if component.missing == "renormalise":
        return Tally(component, "left_out", ballots=read.ballots)
    last = candidate.last_year.get(component.code)
    if component.missing == "carry_last_year" and last is not None:
        return Tally(component, "valued", exactly(last.points), used=(last,), ballots=read.ballots, carried=True)
    return read


def _read(component: Component, candidate: Candidate, tariffs: Tariffs) -> Tally:
    score: Score = candidate.components.get(component.code)
    if isinstance(score, Counted):
        return _ballots(component, score)
    if isinstance(score, Recorded):
        return _entries(component, score, candidate, tariffs)
    values = given(score)
    if isinstance(score, Given) and not (component.exclude_self or score.group):
        return _points(component, values)
    if component.exclude_self:
        values = tuple(value for value in values if value.rater != candidate.person)
    return _by_groups(component, values) if any(value.group for value in values) else _points(component, values)


def _entries(component: Component, recorded: Recorded, candidate: Candidate, tariffs: Tariffs) -> Tally:
    category = tariffs.rulebook.category_of(candidate.category, candidate.posts)
    made = made_of(tariffs, component, recorded, candidate.posts, category)
    return Tally(component, "valued", made.value, made=made)


def _points(component: Component, values: tuple[Given, ...]) -> Tally:
    """Return the mean of `values`; several of them are one ballot each, a single one may say how many it stands for."""
    one = values[0] if len(values) == 1 else None
    ballots = one.ballots if one is not None else len(values) or None
    used = values if one is not None else _trimmed(component, values)
    openly = one.openly if one is not None else _openly(values)
    least = min(1, component.ballots_minimum) if openly else component.ballots_minimum
    if not used or (ballots is not None and ballots < least):
        return Tally(component, "missing", ballots=ballots)
    return Tally(component, "valued", _mean(used), used=used, ballots=ballots)


def _by_groups(component: Component, values: tuple[Given, ...]) -> Tally:
    """Return the means of the groups by their shares; missing where one of them has too few voices."""
    groups = voices_given(values)
    value = value_of(component, groups)
    read = Tally(component, "missing", used=values, ballots=counting(groups), voices=groups)
    return read if value is None or read.insufficient else read._replace(state="valued", value=value)


def _openly(values: tuple[Given, ...]) -> bool:
    return bool(values) and all(value.openly for value in values)


def _mean(used: tuple[Given, ...]) -> Fraction:
    if len(used) == 1:
        return exactly(used[0].points)
    return sum([exactly(value.points) for value in used], Fraction(0)) / len(used)


def _trimmed(component: Component, values: tuple[Given, ...]) -> tuple[Given, ...]:
    """Return what the mean counts: under the trimmed reading not the extremes, if several values were given."""
    cut = component.trim_each_side
    if component.mean != "trimmed" or len(values) <= 1 or not cut:
        return values
    return tuple(sorted(values, key=lambda value: value.points)[cut:-cut])


def _ballots(component: Component, counted: Counted) -> Tally:
    """Return the mean points of the valid voices; abstentions count for nothing (AMB-A14)."""
    groups = voices(component, counted)
    value = value_of(component, groups)
    read = Tally(component, "missing", counted=counted, ballots=counting(groups), voices=groups)
    if value is None or read.insufficient:
        return read
    return read._replace(state="valued", value=value)
