"""The order in which a component is counted from its groups: a running number, moved step by step (龙泉, 四川).

Steps are taken once each, from the first to the last; none repeats, none depends on anything but the number and the
groups, so an order always comes to an end.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Begin:
    """The number begins at `start`, at another for single categories of people."""

    start: Decimal
    clause: str
    start_by: Mapping[str, Decimal] = field(default_factory=dict)

    def start_for(self, category: str) -> Decimal:
        """Return where the number begins for a person of `category`."""
        return self.start_by.get(category, self.start)


@dataclass(frozen=True, slots=True)
class Add:
    """The sum of `groups`, brought between the bounds (None: open), is added; deductions are negative already."""

    groups: tuple[str, ...]
    clause: str
    at_most: Decimal | None = None
    at_least: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AtMost:
    """The number is brought down to `bound` where it is larger."""

    bound: Decimal
    clause: str


@dataclass(frozen=True, slots=True)
class AtLeast:
    """The number is brought up to `bound` where it is smaller."""

    bound: Decimal
    clause: str


@dataclass(frozen=True, slots=True)
class Times:
    """The number is multiplied by `factor`."""

    factor: Decimal
    clause: str


Turn = Begin | Add | AtMost | AtLeast | Times


@dataclass(frozen=True, slots=True)
class Bounds:
    """The lowest and highest value of one component, both included; a `high` of None is open."""

    low: Decimal
    high: Decimal | None
    clause: str
