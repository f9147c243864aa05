"""The history: every fact in order, with who recorded it, when it happened and whether it was entered late (A1, A5).

The rows hold what is filtered by; the sentence is made from the fact itself when it is read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, String, Table, select

from domain.catalogue import AnyEvent
from domain.dates import civil_date
from domain.decision import Event, Fact, members_of
from domain.ids import tags_of
from ledger.entry import ForeignEvent, indexed
from ledger.ledger import Ledger
from ledger.schema import INDEXED_CHARACTERS
from projections.columns import Instant, Words, ledger_id, metadata
from projections.engine import Reading
from projections.rows import Rows
from projections.view import View

LATE_AFTER = timedelta(days=7)
"""A fact recorded longer than this after it happened is marked (A5)."""
DAY_FIELDS = ("occurred_on", "on", "since", "adopted_on")
"""The fields that say on which day something happened; the first one that an event has counts."""
REVISIONS = (
    "score.Corrected.",
    "activity.Reversed.",
    "entry.Corrected.",
    "entry.Reversed.",
    "commitment.Revoked.",
    "notice.Corrected.",
    "correction.",
    "keeping.SealedErased.",
)
"""What the types of facts begin with that change what was recorded before."""

history = Table(
    "history",
    metadata,
    ledger_id(),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("recorded_at", Instant, nullable=False),
    Column("occurred_on", Date),
    Column("late", Boolean, nullable=False),
    Column("actor", Words, nullable=False),
    Column("on_behalf_of", Words),
    Column("type", Words, nullable=False),
    Column("revises", Boolean, nullable=False),
)

history_tags = Table(
    "history_tags",
    metadata,
    ledger_id(),
    Column("tag", String(INDEXED_CHARACTERS), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Index("history_tags_by_position", "ledger_id", "position"),
)


def type_of(event: Event) -> str:
    """Return the name under which an event is stored."""
    return event.type if isinstance(event, ForeignEvent) else event.NAME


def occurred_on(event: Event) -> date | None:
    """Return the day on which something happened, where its fact says so."""
    days = (getattr(event, name, None) for name in DAY_FIELDS)
    return next((day for day in days if isinstance(day, date)), None)


def is_late(happened: date | None, recorded_at: datetime) -> bool:
    """Return whether a fact was recorded more than seven days after the day it happened on (in China)."""
    return happened is not None and civil_date(recorded_at) - happened > LATE_AFTER


def _entered(rows: Rows, fact: Fact, event: Event) -> None:
    day = occurred_on(event)
    rows.add(
        history,
        position=fact.position,
        recorded_at=fact.recorded_at,
        occurred_on=day,
        late=is_late(day, fact.recorded_at),
        actor=fact.actor,
        on_behalf_of=fact.on_behalf_of,
        type=type_of(event),
        revises=type_of(event).startswith(REVISIONS),
    )
    for tag in () if isinstance(event, ForeignEvent) else tags_of(event):
        rows.add(history_tags, tag=indexed(tag), position=fact.position)


HISTORY = View("history", 2, (history, history_tags), dict.fromkeys(members_of(AnyEvent), _entered), otherwise=_entered)
"""Every event there is, and those of another version of this program too."""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One fact in the history; `revises` where it changes what was recorded before."""

    position: int
    recorded_at: datetime
    occurred_on: date | None
    late: bool
    actor: str
    on_behalf_of: str | None
    type: str
    revises: bool


@dataclass(frozen=True, slots=True)
class Sought:
    """What part of the history is asked for: everything that is not None must hold."""

    tag: str | None = None
    actor: str | None = None
    type: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    late: bool | None = None
    revises: bool | None = None


def history_lines(reading: Reading, sought: Sought, *, after: int = 0, limit: int = 100) -> list[HistoryLine]:
    """Return at most `limit` lines after a position, oldest first; the next page begins after the last of them."""
    query = select(history).where(history.c.ledger_id == reading.ledger_id, history.c.position > after)
    if sought.tag is not None:
        tagged = select(history_tags.c.position).where(
            history_tags.c.ledger_id == reading.ledger_id, history_tags.c.tag == indexed(sought.tag)
        )
        query = query.where(history.c.position.in_(tagged))
    if sought.since is not None:
        query = query.where(history.c.recorded_at >= sought.since)
    if sought.until is not None:
        query = query.where(history.c.recorded_at <= sought.until)
    for name in ("actor", "type", "late", "revises"):
        if getattr(sought, name) is not None:
            query = query.where(history.c[name] == getattr(sought, name))
    rows = reading.connection.execute(query.order_by(history.c.position).limit(limit)).mappings()
    return [HistoryLine(**{name: row[name] for name in row if name != "ledger_id"}) for row in rows]


def facts_at(ledger: Ledger, positions: Iterable[int]) -> dict[int, Fact]:
    """Return the facts at these positions: what the sentences of a page are made from."""
    return {fact.position: fact for run in _runs(positions) for fact in _read(ledger, run)}


def _runs(positions: Iterable[int]) -> list[tuple[int, int]]:
    """Return stretches of neighbouring positions as (first, last)."""
    runs: list[tuple[int, int]] = []
    for position in sorted(set(positions)):
        if runs and runs[-1][1] == position - 1:
            runs[-1] = (runs[-1][0], position)
        else:
            runs.append((position, position))
    return runs


def _read(ledger: Ledger, run: tuple[int, int]) -> Sequence[Fact]:
    return list(ledger.read(after=run[0] - 1, upto=run[1]))
