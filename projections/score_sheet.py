"""The score sheet of a round: Table 3-1 with everybody's raw points, in the order of the roster, never by rank.

Raw points are what raters gave, the mean where they were several (AMB-A10); `tallied` is what the newest tally used.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sqlalchemy import Boolean, Column, Integer, Table, select

from domain.decision import Fact
from domain.rounds import MemberEnrolled, MemberExempted, RoundOpened
from domain.scores import ComponentNotApplicable, ScoreCorrected, ScoreRecorded
from domain.scoring import written
from domain.tally import ResultComputed
from projections.columns import Listed, Words, key, ledger_id, metadata, reference
from projections.engine import Reading
from projections.round_row import RoundFrame, frame_columns, frame_in, put_frame, take_seat
from projections.rows import Row, Rows
from projections.view import View

ALL_RATERS = ""
"""Stands for the rater of a score that was entered as one number for all of them."""

sheets = Table(
    "sheets",
    metadata,
    ledger_id(),
    key("round"),
    *frame_columns(),
    Column("rows", Integer, nullable=False, default=0),
)

sheet_rows = Table(
    "sheet_rows",
    metadata,
    ledger_id(),
    key("round"),
    key("person"),
    Column("seat", Integer, nullable=False, default=0),
    Column("kind", Words, nullable=False, default=""),
    reference("party_group"),
    Column("exempt", Boolean, nullable=False, default=False),
    Column("total", Words),
    Column("score_star", Integer),
    Column("star", Integer),
    Column("label", Words, nullable=False, default=""),
    Column("probation", Listed),
)

sheet_cells = Table(
    "sheet_cells",
    metadata,
    ledger_id(),
    key("round"),
    key("person"),
    key("component"),
    Column("points", Words),
    Column("given", Listed, nullable=False, default=()),
    Column("ballots", Integer),
    Column("not_applicable", Boolean, nullable=False, default=False),
    Column("tallied", Words),
)


def _opened(rows: Rows, _fact: Fact, happened: RoundOpened) -> None:
    put_frame(rows, sheets, happened)


def _enrolled(rows: Rows, _fact: Fact, happened: MemberEnrolled) -> None:
    seat = take_seat(rows, sheets, happened, "rows")
    rows.put(sheet_rows, happened.round, happened.person, seat=seat, kind=happened.kind, party_group=happened.group)


def _exempted(rows: Rows, _fact: Fact, happened: MemberExempted) -> None:
    rows.put(sheet_rows, happened.round, happened.person, exempt=True)


def _scored(rows: Rows, fact: Fact, happened: ScoreRecorded | ScoreCorrected) -> None:
    cell = (happened.round, happened.person, happened.component)
    held = (rows.get(sheet_cells, *cell) or {"given": ()})["given"]
    group, rater = happened.group or "", happened.rater or ALL_RATERS
    score = [rater, written(happened.points), happened.ballots, fact.position, group]
    given = tuple(list(each) for each in (dict(_by_place(held)) | {_place(score): score}).values())
    ballots = happened.ballots if len(given) == 1 else len(given)
    points = None if group else _mean_of([each[1] for each in given])
    rows.put(sheet_cells, *cell, points=points, given=given, ballots=ballots, not_applicable=False)


def _mean_of(given: Sequence[str]) -> str:
    """Return the mean of what is written; of one number that number, as it is."""
    return given[0] if len(given) == 1 else written(sum(map(Fraction, given), Fraction(0)) / len(given))


def _by_place(given: Iterable[Sequence[Any]]) -> Iterator[tuple[str, Sequence[Any]]]:
    return ((_place(each), each) for each in given)


def _place(score: Sequence[Any]) -> str:
    """Return what one score of a cell is told from the others by: its rater, else its group."""
    rater, *_, group = score
    return str(rater or f"{ALL_RATERS}/{group}")


def _not_applicable(rows: Rows, _fact: Fact, happened: ComponentNotApplicable) -> None:
    rows.put(sheet_cells, happened.round, happened.person, happened.component, not_applicable=True)


def _computed(rows: Rows, _fact: Fact, happened: ResultComputed) -> None:
    end = None if happened.verdict is None else happened.verdict.probation
    rows.put(
        sheet_rows,
        happened.round,
        happened.person,
        total=None if happened.total is None else str(happened.total),
        score_star=happened.score_star,
        star=happened.star,
        label=happened.label,
        probation=None if end is None else (end.outcome, end.zh, end.en),
    )
    for used in happened.components:
        rows.put(sheet_cells, happened.round, happened.person, used.component, tallied=used.points)


SCORE_SHEET = View(
    "score_sheet",
    2,
    (sheets, sheet_rows, sheet_cells),
    {
        RoundOpened: _opened,
        MemberEnrolled: _enrolled,
        MemberExempted: _exempted,
        ScoreRecorded: _scored,
        ScoreCorrected: _scored,
        ComponentNotApplicable: _not_applicable,
        ResultComputed: _computed,
    },
)


@dataclass(frozen=True, slots=True)
class GivenPoints:
    """What one rater gave (None: a number for all of them), and the position of the fact it stands in.

    `group` is the group of raters, where each has a share of its own.
    """

    rater: str | None
    points: str
    ballots: int | None
    position: int
    group: str = ""


@dataclass(frozen=True, slots=True)
class SheetCell:
    """One component of one person: raw points as an exact number in text, None where nobody gave any."""

    points: str | None
    ballots: int | None
    not_applicable: bool
    tallied: str | None
    given: tuple[GivenPoints, ...]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One person's line; `cells` by component code, `probation` is how it ends: code, in Chinese, in English."""

    person: str
    seat: int
    kind: str
    group: str | None
    exempt: bool
    total: str | None
    score_star: int | None
    star: int | None
    label: str
    cells: Mapping[str, SheetCell] = field(default_factory=dict)
    probation: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ScoreSheet(RoundFrame):
    """Table 3-1 of a round (A-27), rows in roster order."""

    rows: tuple[SheetRow, ...]


def score_sheet(reading: Reading, round_id: str) -> ScoreSheet | None:
    """Return the score sheet of a round; None where there is no such round."""
    connection, of = reading.connection, reading.ledger_id
    frame = frame_in(reading, sheets, round_id)
    if frame is None:
        return None
    cells: dict[str, dict[str, SheetCell]] = {}
    in_round = (sheet_cells.c.ledger_id == of, sheet_cells.c.round == round_id)
    for cell in connection.execute(select(sheet_cells).where(*in_round)):
        given = tuple(GivenPoints(rater or None, *rest) for rater, *rest in cell.given)
        found = SheetCell(cell.points, cell.ballots, cell.not_applicable, cell.tallied, given)
        cells.setdefault(cell.person, {})[cell.component] = found
    in_sheet = (sheet_rows.c.ledger_id == of, sheet_rows.c.round == round_id)
    lines = connection.execute(select(sheet_rows).where(*in_sheet).order_by(sheet_rows.c.seat)).mappings()
    rows = tuple(_line(dict(line), cells.get(line["person"], {})) for line in lines)
    return ScoreSheet(round_id, frame.branch, frame.period, frame.rulebook, frame.version, rows)


def _line(line: Row, cells: Mapping[str, SheetCell]) -> SheetRow:
    return SheetRow(
        person=line["person"],
        seat=line["seat"],
        kind=line["kind"],
        group=line["party_group"],
        exempt=line["exempt"],
        total=line["total"],
        score_star=line["score_star"],
        star=line["star"],
        label=line["label"],
        cells=dict(sorted(cells.items())),
        probation=line["probation"],
    )
