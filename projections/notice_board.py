"""The notices of a round as they hang: places, lines, windows, gaps, corrections, and what replaced a line (B-42)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Integer, Table, select

from domain.decision import Fact
from domain.notices import (
    LinePosted,
    NoticeCorrected,
    NoticeInterrupted,
    NoticePosted,
    NoticeResumed,
    NoticeTakenDown,
)
from projections.columns import Instant, Listed, Words, key, ledger_id, metadata, reference
from projections.engine import Reading
from projections.rows import Row, Rows
from projections.view import View

notices = Table(
    "notices",
    metadata,
    ledger_id(),
    key("round"),
    key("notice"),
    Column("number", Integer),
    Column("tally", Integer),
    Column("posted_at", Instant),
    Column("position", BigInteger),
    Column("places", Listed),
    Column("contact", Words),
    Column("days", Integer),
    Column("ends_at", Instant),
    Column("provisional", Boolean),
    Column("lines", Integer, nullable=False, default=0),
    Column("gaps", Integer, nullable=False, default=0),
    Column("corrected_at", Instant),
    Column("corrected_why", Words),
    Column("restarted_at", Instant),
    Column("taken_down_at", Instant),
)

notice_lines = Table(
    "notice_lines",
    metadata,
    ledger_id(),
    key("round"),
    key("notice"),
    key("person"),
    Column("number", Integer),
    Column("total", Words),
    Column("star", Integer),
    Column("label", Words),
    Column("restarts", Boolean),
    reference("replaced_by"),
)

newest_lines = Table("newest_lines", metadata, ledger_id(), key("round"), key("person"), reference("notice"))

notice_gaps = Table(
    "notice_gaps",
    metadata,
    ledger_id(),
    key("round"),
    key("notice"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("since", Instant),
    Column("until", Instant),
    Column("why", Words),
)


def _posted(rows: Rows, fact: Fact, happened: NoticePosted) -> None:
    rows.put(
        notices,
        happened.round,
        happened.notice,
        number=happened.number,
        tally=happened.tally,
        posted_at=fact.recorded_at,
        position=fact.position,
        places=happened.places,
        contact=happened.contact,
        days=happened.days,
        ends_at=happened.ends_at,
        provisional=happened.provisional,
    )


def _line_posted(rows: Rows, _fact: Fact, happened: LinePosted) -> None:
    before = rows.get(newest_lines, happened.round, happened.person)
    if before is not None:
        rows.put(notice_lines, happened.round, before["notice"], happened.person, replaced_by=happened.notice)
    rows.put(newest_lines, happened.round, happened.person, notice=happened.notice)
    number = (rows.get(notices, happened.round, happened.notice) or {"lines": 0})["lines"] + 1
    rows.put(notices, happened.round, happened.notice, lines=number)
    rows.put(
        notice_lines,
        happened.round,
        happened.notice,
        happened.person,
        number=number,
        total=None if happened.total is None else str(happened.total),
        star=happened.star,
        label=happened.label,
        restarts=happened.restarts,
    )


def _interrupted(rows: Rows, fact: Fact, happened: NoticeInterrupted) -> None:
    known = rows.get(notices, happened.round, happened.notice) or {"gaps": 0, "ends_at": None}
    number, ends_at = known["gaps"] + 1, known["ends_at"]
    cut_short = ends_at is not None and fact.recorded_at < ends_at
    rows.put(notices, happened.round, happened.notice, gaps=number, ends_at=None if cut_short else ends_at)
    rows.put(notice_gaps, happened.round, happened.notice, number, since=fact.recorded_at, until=None, why=happened.why)


def _resumed(rows: Rows, fact: Fact, happened: NoticeResumed) -> None:
    number = (rows.get(notices, happened.round, happened.notice) or {"gaps": 0})["gaps"]
    rows.put(notices, happened.round, happened.notice, ends_at=happened.ends_at, provisional=happened.provisional)
    rows.put(notice_gaps, happened.round, happened.notice, number, until=fact.recorded_at)


def _corrected(rows: Rows, fact: Fact, happened: NoticeCorrected) -> None:
    restarted = {"restarted_at": fact.recorded_at} if happened.material else {}
    rows.put(
        notices,
        happened.round,
        happened.notice,
        places=happened.places,
        contact=happened.contact,
        ends_at=happened.ends_at,
        provisional=happened.provisional,
        corrected_at=fact.recorded_at,
        corrected_why=happened.why,
        **restarted,
    )


def _taken_down(rows: Rows, fact: Fact, happened: NoticeTakenDown) -> None:
    rows.put(notices, happened.round, happened.notice, taken_down_at=fact.recorded_at)


NOTICE_BOARD = View(
    "notice_board",
    2,
    (notices, notice_lines, newest_lines, notice_gaps),
    {
        NoticePosted: _posted,
        LinePosted: _line_posted,
        NoticeInterrupted: _interrupted,
        NoticeResumed: _resumed,
        NoticeCorrected: _corrected,
        NoticeTakenDown: _taken_down,
    },
)


@dataclass(frozen=True, slots=True)
class PostedLine:
    """One member's line: exact total in text; `replaced_by` names the notice on which a newer line hangs."""

    person: str
    total: str | None
    star: int | None
    label: str
    restarts: bool
    replaced_by: str | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A time during which a notice did not hang; without end it still does not."""

    since: datetime
    until: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class PostedNotice:
    """A notice as it reads now, with its lines in roster order, and when it was last corrected.

    `ends_at` is None where it came down before its window was over; the window counts from `restarted_at`, where a
    material correction began it anew (AMB-B15).
    """

    round: str
    notice: str
    number: int
    tally: int
    posted_at: datetime
    position: int
    places: tuple[str, ...]
    contact: str
    days: int
    ends_at: datetime | None
    provisional: bool
    lines: tuple[PostedLine, ...]
    gaps: tuple[Gap, ...]
    corrected_at: datetime | None
    corrected_why: str | None
    restarted_at: datetime | None
    taken_down_at: datetime | None

    @property
    def hangs(self) -> bool:
        """Whether it hangs, as far as was recorded."""
        return self.taken_down_at is None and (not self.gaps or self.gaps[-1].until is not None)


def posted_notices(reading: Reading, round_id: str) -> list[PostedNotice]:
    """Return the notices of a round in the order of posting."""
    return [_notice(reading, row) for row in _rows(reading, notices, "number", round=round_id)]


_SAME = (
    "number",
    "tally",
    "posted_at",
    "position",
    "places",
    "contact",
    "days",
    "ends_at",
    "provisional",
    "corrected_at",
    "corrected_why",
    "restarted_at",
    "taken_down_at",
)


def _notice(reading: Reading, row: Row) -> PostedNotice:
    which = {"round": row["round"], "notice": row["notice"]}
    lines = tuple(
        PostedLine(*(line[name] for name in ("person", "total", "star", "label", "restarts", "replaced_by")))
        for line in _rows(reading, notice_lines, "number", **which)
    )
    gaps = tuple(Gap(gap["since"], gap["until"], gap["why"]) for gap in _rows(reading, notice_gaps, "number", **which))
    told: dict[str, Any] = {name: row[name] for name in _SAME}
    return PostedNotice(**which, **told, lines=lines, gaps=gaps)


def _rows(reading: Reading, table: Table, order: str, **equal: object) -> list[Row]:
    conditions = [table.c[name] == value for name, value in equal.items()]
    query = select(table).where(table.c.ledger_id == reading.ledger_id, *conditions).order_by(table.c[order])
    return [dict(row) for row in reading.connection.execute(query).mappings()]
