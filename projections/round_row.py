"""The frame of a round as a row: which branch, which period, by which rulebook, and how many are on it."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Integer, Table, select

from domain.rounds import MemberEnrolled, RoundOpened
from projections.columns import Words, reference
from projections.engine import Reading
from projections.rows import Rows

FRAME: Final = ("branch", "period", "rulebook", "version")


@dataclass(frozen=True, slots=True)
class RoundFrame:
    """One evaluation: of which branch, for which period, by which version of which rulebook."""

    round: str
    branch: str
    period: str
    rulebook: str
    version: int


def frame_columns() -> tuple[Column[Any], ...]:
    """Return new columns for `FRAME`, for a table whose key is the round."""
    return (reference("branch"), Column("period", Words), reference("rulebook"), Column("version", Integer))


def put_frame(rows: Rows, table: Table, happened: RoundOpened) -> None:
    """Write what a round evaluates and by which rules."""
    rows.put(table, happened.round, **{name: getattr(happened, name) for name in FRAME})


def take_seat(rows: Rows, table: Table, happened: MemberEnrolled, counted_in: str) -> int:
    """Return the next place on a round's roster, counted in a column of its row."""
    seat = int((rows.get(table, happened.round) or {counted_in: 0})[counted_in]) + 1
    rows.put(table, happened.round, **{counted_in: seat})
    return seat


def frame_in(reading: Reading, table: Table, round_id: str) -> RoundFrame | None:
    """Return what a round evaluates and by which rules; None where it has not been opened."""
    columns = (table.c.round, *(table.c[name] for name in FRAME))
    query = select(*columns).where(table.c.ledger_id == reading.ledger_id, table.c.round == round_id)
    row = reading.connection.execute(query).first()
    return None if row is None else RoundFrame(*row)
