"""What a scheme makes of a total: how it adds up, vetoes, gates, named stars, quotas at the low end, probation."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from domain.text import Text

TotalHow = Literal["weighted", "sum"]
VetoEffect = Literal["zero", "lowest", "unrated", "no_award"]
ResultKind = Literal["level", "grade", "pass", "named_stars"]
Measured = Literal["component", "group", "item"]


@dataclass(frozen=True, slots=True)
class Total:
    """How components become a total: their mean by weight, or their plain sum, within `low` and `high`; None is open.

    Left out of a document, a total is the weighted mean and has no bounds of its own.
    """

    how: TotalHow = "weighted"
    low: Decimal | None = None
    high: Decimal | None = None
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Veto:
    """One thing that ends the matter whatever the score is (一票否决), for the year it was declared in and those after.

    `zero`: the total counts as 0. `lowest`: the lowest label. `unrated`: no star at all. `no_award`: the star stays and
    nothing that asks for a least star follows from it. `years` counts the year of the declaration.
    """

    code: str
    title: Text
    effect: VetoEffect
    years: int
    declared_by: str
    clause: str


@dataclass(frozen=True, slots=True)
class Exemption:
    """A ground on which somebody is not evaluated (免评), and the body that decides it; empty: any body may."""

    code: str
    title: Text
    decided_by: str
    clause: str


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition beside the score: who would hold `for_star_at_least` needs it, or holds `otherwise`.

    The measure is a number of at least `at_least`, or, where that is None, a plain yes.
    """

    code: str
    title: Text
    for_star_at_least: int
    measure: str
    at_least: Decimal | None
    otherwise: int
    clause: str


@dataclass(frozen=True, slots=True)
class NamedStar:
    """A star with a name of its own, for whom the `measured` part called `of` has at least `at_least` points."""

    code: str
    title: Text
    measured: Measured
    of: str
    at_least: Decimal
    clause: str


@dataclass(frozen=True, slots=True)
class ProbationOutcome:
    """What the total means for a probationary member: from `at_least` up to and without `below`; None is open."""

    outcome: str
    title: Text
    at_least: Decimal | None
    below: Decimal | None
    clause: str

    def holds(self, number: Fraction) -> bool:
        """Return whether `number` lies within: the lower bound counts in, the upper one out."""
        above = self.at_least is None or number >= self.at_least
        return above and (self.below is None or number < self.below)
