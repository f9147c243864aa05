"""三公示 as they hang: the indoor board, the list of the excellent outside, the staff's results (B-37 to B-39).

AMB-B27: everybody's appraisal and star hang inside the branch; outside there are names alone, whatever a fact holds.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, Table, select

from domain.boards import BoardLinePosted, BoardPosted
from domain.decision import Fact
from domain.staff_results import StaffLinePosted, StaffLinePostedV1, StaffResultsPosted, line_as_now
from projections.columns import Instant, Listed, Words, key, ledger_id, metadata, reference
from projections.engine import Reading
from projections.rows import Row, Rows
from projections.view import View

INDOOR = "indoor"

boards = Table(
    "boards",
    metadata,
    ledger_id(),
    key("round"),
    key("board"),
    Column("posting", Integer, nullable=False, default=0),
    Column("places", Listed, nullable=False, default=()),
    Column("posted_at", Instant),
    Column("position", BigInteger),
    Column("lines", Integer, nullable=False, default=0),
)

board_lines = Table(
    "board_lines",
    metadata,
    ledger_id(),
    key("round"),
    key("board"),
    Column("posting", Integer, primary_key=True, autoincrement=False),
    key("person"),
    Column("number", Integer),
    Column("appraisal", Words),
    Column("star", Integer),
    Column("label", Words),
)

staff_notices = Table(
    "staff_notices",
    metadata,
    ledger_id(),
    key("branch"),
    key("notice"),
    Column("period", Words),
    Column("places", Listed, nullable=False, default=()),
    Column("contact", Words),
    Column("posted_at", Instant),
    Column("position", BigInteger),
    Column("lines", Integer, nullable=False, default=0),
)

staff_lines = Table(
    "staff_notice_lines",
    metadata,
    ledger_id(),
    key("branch"),
    key("notice"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    reference("person"),
    Column("period", Words),
    Column("attitude", Words),
    Column("duties", Words),
    Column("tasks", Words),
    Column("overall", Words),
)


def _posted(rows: Rows, fact: Fact, happened: BoardPosted) -> None:
    known = rows.get(boards, happened.round, happened.board) or {"posting": 0}
    told = {"places": happened.places, "posted_at": fact.recorded_at, "position": fact.position}
    rows.put(boards, happened.round, happened.board, posting=known["posting"] + 1, lines=0, **told)


def _line_posted(rows: Rows, _fact: Fact, happened: BoardLinePosted) -> None:
    known = rows.get(boards, happened.round, happened.board) or {"posting": 0, "lines": 0}
    number = known["lines"] + 1
    rows.put(boards, happened.round, happened.board, lines=number)
    shown: dict[str, object] = {"number": number}
    if happened.board == INDOOR:
        shown |= {"appraisal": happened.appraisal, "star": happened.star, "label": happened.label}
    rows.put(board_lines, happened.round, happened.board, known["posting"], happened.person, **shown)


def _staff_posted(rows: Rows, fact: Fact, happened: StaffResultsPosted) -> None:
    told = {name: getattr(happened, name) for name in ("period", "places", "contact")}
    told |= {"posted_at": fact.recorded_at, "position": fact.position}
    rows.put(staff_notices, happened.branch, happened.notice, **told)


def _staff_line(rows: Rows, _fact: Fact, posted: StaffLinePosted | StaffLinePostedV1) -> None:
    happened = line_as_now(posted)
    number = (rows.get(staff_notices, happened.branch, happened.notice) or {"lines": 0})["lines"] + 1
    rows.put(staff_notices, happened.branch, happened.notice, lines=number)
    said = {name: getattr(happened, name) for name in ("person", "period", "attitude", "duties", "tasks", "overall")}
    rows.put(staff_lines, happened.branch, happened.notice, number, **said)


BOARDS = View(
    "boards",
    2,
    (boards, board_lines, staff_notices, staff_lines),
    {
        BoardPosted: _posted,
        BoardLinePosted: _line_posted,
        StaffResultsPosted: _staff_posted,
        StaffLinePosted: _staff_line,
        StaffLinePostedV1: _staff_line,
    },
)


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A member on a board; indoors with the appraisal as an exact number in text and the star, outside by name only."""

    person: str
    appraisal: str | None
    star: int | None
    label: str | None


@dataclass(frozen=True, slots=True)
class PostedBoard:
    """A board as it hangs; `posting` counts how often it was posted, the lines being those of the last time."""

    round: str
    board: str
    posting: int
    places: tuple[str, ...]
    posted_at: datetime
    position: int
    lines: tuple[BoardLine, ...]


@dataclass(frozen=True, slots=True)
class StaffLine:
    """What one meeting found of somebody on the staff: three aspects and a grade, no star (AMB-B22)."""

    person: str
    period: str
    attitude: str
    duties: str
    tasks: str
    overall: str


@dataclass(frozen=True, slots=True)
class StaffNotice:
    """The notice of the staff's results of a period."""

    branch: str
    notice: str
    period: str
    places: tuple[str, ...]
    contact: str
    posted_at: datetime
    position: int
    lines: tuple[StaffLine, ...]


def posted_boards(reading: Reading, round_id: str) -> list[PostedBoard]:
    """Return the boards of a round in the order of posting."""
    return [_board(reading, row) for row in _rows(reading, boards, "position", round=round_id)]


def staff_results(reading: Reading, branch: str, period: str | None = None) -> list[StaffNotice]:
    """Return the notices with the staff's results of a branch (of a period) in the order of posting."""
    asked = {"branch": branch} | ({} if period is None else {"period": period})
    return [_staff_notice(reading, row) for row in _rows(reading, staff_notices, "position", **asked)]


def _board(reading: Reading, row: Row) -> PostedBoard:
    which = {name: row[name] for name in ("round", "board", "posting")}
    lines = (
        BoardLine(line["person"], line["appraisal"], line["star"], line["label"])
        for line in _rows(reading, board_lines, "number", **which)
    )
    told: dict[str, Any] = {name: row[name] for name in ("places", "posted_at", "position")}
    return PostedBoard(**which, **told, lines=tuple(lines))


def _staff_notice(reading: Reading, row: Row) -> StaffNotice:
    which = {name: row[name] for name in ("branch", "notice")}
    columns = ("person", "period", "attitude", "duties", "tasks", "overall")
    lines = (StaffLine(*(line[name] for name in columns)) for line in _rows(reading, staff_lines, "number", **which))
    told: dict[str, Any] = {name: row[name] for name in ("period", "places", "contact", "posted_at", "position")}
    return StaffNotice(**which, **told, lines=tuple(lines))


def _rows(reading: Reading, table: Table, order: str, **equal: object) -> list[Row]:
    conditions = [table.c[name] == value for name, value in equal.items()]
    query = select(table).where(table.c.ledger_id == reading.ledger_id, *conditions).order_by(table.c[order])
    return [dict(row) for row in reading.connection.execute(query).mappings()]
