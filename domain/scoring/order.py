"""Counting a component in the order that its rulebook writes: start, additions within bounds, clamps, factors."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from domain.rulebook.order import Add, AtLeast, AtMost, Begin, Times, Turn
from domain.scoring.numbers import clamped


@dataclass(frozen=True, slots=True)
class Turned:
    """One step of an order: the number before and after it; of an addition, the sum and what of it was added."""

    turn: Turn
    before: Fraction
    after: Fraction
    sum: Fraction = Fraction(0)
    added: Fraction = Fraction(0)


def in_order(order: tuple[Turn, ...], groups: Mapping[str, Fraction], category: str) -> tuple[Turned, ...]:
    """Return every step of `order` over the values of `groups`, for a person of `category`.

    A group that does not exist for the category adds nothing. Steps are taken once each, so this always ends.
    """
    found: list[Turned] = []
    number = Fraction(0)
    for turn in order:
        taken = _turned(turn, number, groups, category)
        number = taken.after
        found.append(taken)
    return tuple(found)


def _turned(turn: Turn, before: Fraction, groups: Mapping[str, Fraction], category: str) -> Turned:
    match turn:
        case Begin():
            return Turned(turn, before, Fraction(turn.start_for(category)))
        case Add():
            total = sum((groups.get(code, Fraction(0)) for code in turn.groups), Fraction(0))
            added = clamped(total, turn.at_least, turn.at_most)
            return Turned(turn, before, before + added, total, added)
        case AtMost():
            return Turned(turn, before, clamped(before, None, turn.bound))
        case AtLeast():
            return Turned(turn, before, clamped(before, turn.bound, None))
        case Times():
            return Turned(turn, before, before * Fraction(turn.factor))
