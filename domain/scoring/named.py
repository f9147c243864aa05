"""Named stars: which of them a person holds, each by the points of a component, a group or an item."""

from dataclasses import dataclass
from fractions import Fraction

from domain.rulebook.model import Rulebook
from domain.rulebook.results import NamedStar
from domain.scoring.standing import Standing
from domain.scoring.total import Tally


@dataclass(frozen=True, slots=True)
class Held:
    """One named star, the points it is measured by, and whether they reach it."""

    star: NamedStar
    points: Fraction
    reached: bool


def named_stars(rulebook: Rulebook, standing: Standing) -> tuple[Held, ...]:
    """Return every named star with what `standing` has of it; none where the result is not complete."""
    if standing.status != "complete":
        return ()
    return tuple(_held(star, _points(star, standing)) for star in rulebook.named_stars)


def _held(star: NamedStar, points: Fraction) -> Held:
    return Held(star, points, points >= Fraction(star.at_least))


def _points(star: NamedStar, standing: Standing) -> Fraction:
    if star.measured == "component":
        return standing.values()[star.of]
    leaves = [leaf for tally in standing.tallies for leaf in tally.leaves()]
    return sum((_of_entries(star, leaf) for leaf in leaves), Fraction(0))


def _of_entries(star: NamedStar, leaf: Tally) -> Fraction:
    """Return what a group, or an item within its group, comes to in one column; an item without entries is 0."""
    groups = () if leaf.made is None else leaf.made.groups
    if star.measured == "group":
        return sum((group.value for group in groups if group.group.code == star.of), Fraction(0))
    items = [item for group in groups for item in group.items if item.item.code == star.of]
    return sum((item.value for item in items), Fraction(0))
