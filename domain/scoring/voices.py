"""From ballots with grades to points: one voice each, or the representatives by a share of their own (AMB-B8, B10)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from domain.rulebook.model import Component
from domain.sheet.model import Counted, Given


@dataclass(frozen=True, slots=True)
class Voices:
    """The valid voices of one group of voters: how many per grade, their mean, and whether they count in the value.

    `openly`: they were given in a body too small for a secret ballot.
    """

    group: str
    grades: Mapping[str, int]
    valid: int
    mean: Fraction | None
    counts: bool
    openly: bool = False


def voices(component: Component, counted: Counted) -> tuple[Voices, ...]:
    """Return each group of voters apart; voices that name no group are the members' (empty)."""
    return tuple(_voices(component, group, grades) for group, grades in _groups(counted))


def voices_given(values: Iterable[Given]) -> tuple[Voices, ...]:
    """Return each group that gave points, a value of several ballots being as many voices."""
    groups: dict[str, list[Given]] = {}
    for value in values:
        groups.setdefault(value.group, []).append(value)
    return tuple(_given_by(group, given) for group, given in groups.items())


def _given_by(group: str, values: list[Given]) -> Voices:
    ballots = [1 if value.ballots is None else value.ballots for value in values]
    total = sum((Fraction(value.points) * n for value, n in zip(values, ballots, strict=True)), Fraction(0))
    mean = total / sum(ballots) if sum(ballots) else None
    return Voices(group, {}, sum(ballots), mean, counts=True, openly=all(value.openly for value in values))


def value_of(component: Component, groups: tuple[Voices, ...]) -> Fraction | None:
    """Return what the counting voices come to; None where there is none, or a group with a share has none."""
    if component.shares:
        return _by_shares(component, groups)
    counting = [group for group in groups if group.counts and group.valid]
    first = component.ballot_groups[:1]
    members = [group for group in counting if not group.group or group.group in first]
    others = [group for group in counting if group not in members]
    if component.representatives != "own_share" or not members or not others:
        return _pooled(counting)
    share = Fraction(component.share) / 100
    own, beside = _pooled(members), _pooled(others)
    return None if own is None or beside is None else own * (1 - share) + beside * share


def too_few(component: Component, groups: tuple[Voices, ...], *, open_vote: bool) -> tuple[str, ...]:
    """Return the groups with a share of which there are fewer valid voices than they need; one each in an open vote."""
    known = {group.group: group for group in groups}
    few = []
    for each in component.shares:
        group = known.get(each.group)
        alone = open_vote or (group is not None and group.openly)
        if (0 if group is None else group.valid) < (1 if alone else max(1, each.minimum)):
            few.append(each.group)
    return tuple(few)


def _by_shares(component: Component, groups: tuple[Voices, ...]) -> Fraction | None:
    """Return the mean of each group by its share; every group with a share has to have a voice."""
    means = {group.group: group.mean for group in groups}
    total = Fraction(0)
    for each in component.shares:
        mean = means.get(each.group)
        if mean is None:
            return None
        total += mean * Fraction(each.share) / 100
    return total


def counting(groups: tuple[Voices, ...]) -> int:
    """Return how many valid voices count."""
    return sum(group.valid for group in groups if group.counts)


def _groups(counted: Counted) -> Iterator[tuple[str, Mapping[str, int]]]:
    if counted.grades or not counted.groups:
        yield "", counted.grades
    yield from counted.groups.items()


def _voices(component: Component, group: str, grades: Mapping[str, int]) -> Voices:
    points = {} if component.grades is None else component.grades.points
    valid = {grade: count for grade, count in grades.items() if grade in points}
    number = sum(valid.values())
    total = sum((Fraction(points[grade]) * count for grade, count in valid.items()), Fraction(0))
    counts = not group or not component.ballot_groups or group in component.counting_groups
    return Voices(group, valid, number, total / number if number else None, counts)


def _pooled(groups: list[Voices]) -> Fraction | None:
    number = sum(group.valid for group in groups)
    total = sum((group.mean * group.valid for group in groups if group.mean is not None), Fraction(0))
    return total / number if number else None
