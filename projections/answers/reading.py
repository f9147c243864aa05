"""Answers that are rows beside the position they are true at, and the instant that a question about the past is put."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from ledger.ledger import Ledger
from projections.appraisal_return import AppraisalReturn, UnitDisposals
from projections.ballot_count import BallotCount, PersonCount
from projections.boards import PostedBoard, StaffNotice
from projections.stars import CurrentStar
from projections.year_table import YearTable


class StarsTold(msgspec.Struct, frozen=True):
    """Stars in the order of the rosters."""

    position: int
    stars: Sequence[CurrentStar]


class BallotsTold(msgspec.Struct, frozen=True):
    """Ballot boxes with the counts that may be shown, and appraisals that were held openly."""

    position: int
    boxes: Sequence[BallotCount]
    open_appraisals: Sequence[PersonCount]


class BoardsTold(msgspec.Struct, frozen=True):
    """What hangs of a month: boards, and the staff's results."""

    position: int
    boards: Sequence[PostedBoard]
    staff: Sequence[StaffNotice]


class YearTold(msgspec.Struct, frozen=True):
    """The annual table."""

    position: int
    table: YearTable


class ReturnTold(msgspec.Struct, frozen=True, rename={"found": "return"}):
    """The annual return of the appraisal of one round."""

    position: int
    found: AppraisalReturn


class UnitsTold(msgspec.Struct, frozen=True):
    """The measures of all branches in a year, by kind of unit."""

    position: int
    by_unit: Sequence[UnitDisposals]


def instant_at(ledger: Ledger, upto: int | None) -> datetime:
    """Return the instant it is; asked about the past, the instant of the last fact there."""
    last = None if upto is None else next((fact.recorded_at for fact in ledger.read(after=upto - 1, upto=upto)), None)
    return last or ledger.clock.now()
