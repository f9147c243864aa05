"""The places of stars as a tally tells them: taken, to be taken at the low end, and contested (AMB-A4, AMB-A8)."""

from dataclasses import dataclass

from domain.ids import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class CapUse:
    """How many places a star has and how many are taken."""

    star: int
    cap: int
    used: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorUse:
    """How many at least stand at a star or below it, and how many do."""

    star: int
    least: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """People of whom only some can have the places of a star."""

    star: int
    places: int
    people: tuple[PersonId, ...]
