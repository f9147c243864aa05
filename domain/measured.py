"""Measures beside the score 分数之外的条件 as facts: what a gate asks of a person, and its corrections (§3.15).

`domain.measures` decides what is entered and corrected; `domain.scores` folds them into what counts in the round.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from domain.decision import Event, event
from domain.ids import CorrectionId, Evidence, ObjectionId, PersonId, RoundId
from domain.sealed import Sealed
from domain.sheet import Measure


@event("measure.Entered.v1")
class MeasureEntered(Event):
    """What is known of a condition: a number in `value`, or whether it is `met`; `source` says from where."""

    round: RoundId
    person: PersonId
    measure: str
    value: Decimal | None
    met: bool | None
    source: str
    evidence: Evidence | None


@event("measure.Corrected.v1")
class MeasureCorrected(Event):
    """What was known of a condition was wrong; `corrects` is the position of the fact that no longer counts."""

    round: RoundId
    person: PersonId
    measure: str
    value: Decimal | None
    met: bool | None
    corrects: int | None
    ground: Literal["correction", "objection", "procedure"]
    reason: Sealed | None
    objection: ObjectionId | None
    correction: CorrectionId | None


MeasureEvent = MeasureEntered | MeasureCorrected


@dataclass(frozen=True, slots=True)
class Known:
    """A condition's value that counts, and the position of the fact it stands in."""

    value: Measure
    position: int


def known_in(happened: MeasureEvent, position: int) -> Known:
    """Return what a fact says of a condition."""
    return Known(happened.value if happened.met is None else happened.met, position)
