"""The annual scheme once more, by brute force: weights as the paper has them, and every answer a body could give.

The search over answers is that of the scoring laws (`tests/domain/scoring/test_cascade_laws.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from domain.ids import PersonId
from tests.domain.scoring.test_cascade_laws import possible

RULES = {"overflow": "cascade", "ties_left": "decision", "cap_nesting": "separate"}
PERCENT = {5: 5, 4: 30}
VALID = 5
Given = Mapping[tuple[PersonId, str], Mapping[PersonId | None, tuple[Decimal, int | None]]]
Tie = tuple[int, frozenset[PersonId], frozenset[PersonId]]
"""A star, who was chosen for it, and among whom."""


@dataclass(frozen=True, slots=True)
class Line:
    """One person's published total, and what he is ranked by where totals are equal."""

    person: PersonId
    total: Decimal
    chain: tuple[Fraction, Fraction, Fraction]


def annual_total(person: PersonId, given: Given, absent: set[tuple[PersonId, str]]) -> Line | None:
    """Return a person's line; None where a part is missing."""
    parts = {code: mean(given.get((person, code), {})) for code in ("work", "group", "branch", "masses", "self")}
    if (person, "group") in absent:
        parts["group"] = parts["branch"]
    ballots = [count for _, count in given.get((person, "masses"), {}).values()]
    if None in parts.values() or any(count is not None and count < VALID for count in ballots):
        return None
    work, group, branch, masses, own = (part or Fraction(0) for part in parts.values())
    organisation = (group * 60 + branch * 40) / 100
    exact = (work * 35 + organisation * 40 + masses * 20 + own * 5) / 100
    hundredths = exact * 100 + Fraction(1, 2)
    total = Decimal(hundredths.numerator // hundredths.denominator) / 100
    return Line(person, total, (work, masses, organisation))


def mean(cell: Mapping[PersonId | None, tuple[Decimal, int | None]]) -> Fraction | None:
    """Return the mean of what several raters gave."""
    if not cell:
        return None
    return sum((Fraction(points) for points, _ in cell.values()), Fraction(0)) / len(cell)


def worlds(lines: Sequence[Line], roster: int) -> list[dict[PersonId, int]]:
    """Return every outcome that some answers of the deciding body lead to."""
    ranks = {chain: rank for rank, chain in enumerate(sorted({line.chain for line in lines}))}
    drawn = [(line.total, ranks[line.chain]) for line in lines]
    room = {star: roster * percent // 100 for star, percent in PERCENT.items()}
    found = possible(drawn, room, RULES)  # type: ignore[arg-type]
    return [{lines[number].person: star for number, star in world.items()} for world in found]


def determined(lines: Sequence[Line], roster: int, ties: Sequence[Tie]) -> dict[PersonId, int | None]:
    """Return each person's star, None where it depends on an answer that has not been given."""
    left = worlds(lines, roster)
    open_now = frozenset(undecided(left))
    for star, winners, among in ties:
        if among == open_now:
            left = [world for world in left if {person for person in among if world[person] == star} == winners] or left
    return {line.person: stars.pop() if len(stars := {w[line.person] for w in left}) == 1 else None for line in lines}


def undecided(found: Sequence[Mapping[PersonId, int]]) -> set[PersonId]:
    """Return whose star is not the same in every outcome."""
    return {person for person in found[0] if len({world[person] for world in found}) > 1} if found else set()
