"""What was drawn into a round from elsewhere: entries, months, and that no annual appraisal was held (B-40, B-47)."""

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentPoints:
    """A component's exact value: the mean over its raters; none where it is missing or does not apply."""

    component: str
    points: str | None


@event("draw.RecordsDrawn.v1")
class RecordsDrawn(Event):
    """These entries of a member, and no others, make up a component."""

    round: RoundId
    person: PersonId
    component: str
    entries: tuple[DrawnEntry, ...]


NAMED = ("records", "appraisal")
"""The components that a drawn month has fields of its own for."""


@event("draw.MonthDrawn.v1")
class MonthDrawn(Event):
    """A settled month or quarter of a member counts in the year; values are exact, `source` is the settling fact's.

    `components` are those of schemes that have other ones than `records` and `appraisal`.
    """

    round: RoundId
    person: PersonId
    period: str
    records: str | None
    appraisal: str | None
    source: int
    components: tuple[ComponentPoints, ...] = ()

    @property
    def values(self) -> Mapping[str, str | None]:
        """Return the exact value of each component, None where it was missing or did not apply."""
        others = {each.component: each.points for each in self.components}
        return {"records": self.records, "appraisal": self.appraisal, **others}


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
