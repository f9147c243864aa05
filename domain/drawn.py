"""What was drawn into a round from elsewhere: entries, months, and that no annual appraisal was held (B-40, B-47)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.decision import Event, event
from domain.ids import EntryId, PersonId, RoundId


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnEntry:
    """One entry that counts, with the position of the fact it stands in."""

    entry: EntryId
    item: str
    points: Decimal
    occurred_on: date
    position: int
    amount: Decimal | None = None
    level: str | None = None
    matter: str | None = None


@event("draw.RecordsDrawn.v1")
class RecordsDrawn(Event):
    """These entries of a member, and no others, make up a component."""

    round: RoundId
    person: PersonId
    component: str
    entries: tuple[DrawnEntry, ...]


@event("draw.MonthDrawn.v1")
class MonthDrawn(Event):
    """A settled month of a member counts in the year; values are exact, `source` is the settling fact's position."""

    round: RoundId
    person: PersonId
    period: str
    records: str | None
    appraisal: str | None
    source: int


@event("draw.AppraisalNotHeld.v1")
class AppraisalNotHeld(Event):
    """No annual appraisal was held: the months' own appraisals stand in for it (AMB-B7)."""

    round: RoundId
    component: str
    why: str


@event("draw.NoAppraisalTakenBack.v1")
class NoAppraisalTakenBack(Event):
    """That no appraisal was held was declared wrongly: it is to be scored or voted on after all."""

    round: RoundId
    component: str
    why: str


DrawEvent = RecordsDrawn | MonthDrawn | AppraisalNotHeld | NoAppraisalTakenBack
