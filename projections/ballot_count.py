"""What a ballot came to: sheets issued, returned, valid and void, and what each group gave each person (form 8, B-34).

A count of fewer than may be shown is withheld and shown as such; a void box shows no count. Nothing here tells who has
voted, nor in which order sheets came back.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Integer, Table, select

from domain.ballots import (
    BallotsCounted,
    BoxClosed,
    BoxOpened,
    BoxVoided,
    OpenlyAppraised,
    SlipIssued,
    SlipReturned,
    SlipsIssued,
    groups_of,
)
from domain.decision import Fact
from domain.scoring import written
from projections.columns import Instant, Listed, Words, key, ledger_id, metadata, reference
from projections.engine import Reading
from projections.rows import Row, Rows
from projections.view import View

Mark = tuple[Decimal | None, str | None]

boxes = Table(
    "ballot_boxes",
    metadata,
    ledger_id(),
    key("box"),
    reference("round"),
    reference("branch"),
    Column("component", Words),
    reference("meeting"),
    Column("state", Words, nullable=False, default="open"),
    Column("shown_from", Integer),
    Column("clause", Words),
    Column("opened_at", Instant),
    Column("closes_by", Instant),
    Column("ended_at", Instant),
    Column("position", BigInteger),
    Column("issued", Integer, nullable=False, default=0),
    Column("returned", Integer, nullable=False, default=0),
    Column("valid", Integer),
    Column("void", Integer),
    Column("paper", Integer),
    Column("cause", Words),
    Column("why", Words),
    Column("tellers", Listed, nullable=False, default=()),
)

box_groups = Table(
    "ballot_box_groups",
    metadata,
    ledger_id(),
    key("box"),
    key("voter_group"),
    Column("number", Integer),
    Column("voices", Integer, nullable=False, default=0),
    Column("issued", Integer, nullable=False, default=0),
    Column("returned", Integer),
)

box_sheets = Table("ballot_box_sheets", metadata, ledger_id(), key("box"), key("person"))

box_counts_of = Table(
    "ballot_counts",
    metadata,
    ledger_id(),
    key("round"),
    key("box"),
    key("person"),
    key("voter_group"),
    key("aspect"),
    Column("component", Words),
    Column("pooled", Listed, nullable=False, default=()),
    Column("counts", Listed, nullable=False, default=()),
    Column("valid", Integer),
    Column("abstained", Integer),
    Column("void", Integer),
    Column("withheld", Boolean, nullable=False, default=False),
    Column("openly", Boolean, nullable=False, default=False),
    Column("position", BigInteger),
)


def _opened(rows: Rows, fact: Fact, happened: BoxOpened) -> None:
    same = ("round", "branch", "component", "meeting", "shown_from", "clause", "closes_by", "tellers")
    told = {name: getattr(happened, name) for name in same}
    rows.put(boxes, happened.box, **told, opened_at=fact.recorded_at, position=fact.position)
    for number, group in enumerate(groups_of(happened), start=1):
        named = sum(1 for voter in happened.voters if voter.group == group)
        nameless = sum(each.count for each in happened.slips if each.group == group)
        rows.put(box_groups, happened.box, group, number=number, voices=named + nameless)


def _sheet_out(rows: Rows, _fact: Fact, happened: SlipIssued | SlipReturned) -> None:
    """Count a named voter's sheet once: who votes on a screen takes it by voting."""
    if rows.get(box_sheets, happened.box, happened.person) is None:
        rows.put(box_sheets, happened.box, happened.person)
        _issue(rows, happened.box, happened.group, 1)


def _sheets_out(rows: Rows, _fact: Fact, happened: SlipsIssued) -> None:
    _issue(rows, happened.box, happened.group, happened.count)


def _issue(rows: Rows, box: str, group: str, count: int) -> None:
    for table, where in ((boxes, (box,)), (box_groups, (box, group))):
        rows.at(table, *where)["issued"] += count


def _sheet_back(rows: Rows, fact: Fact, happened: SlipReturned) -> None:
    _sheet_out(rows, fact, happened)
    rows.at(boxes, happened.box)["returned"] += 1


def _closed(rows: Rows, fact: Fact, happened: BoxClosed) -> None:
    same = ("issued", "returned", "valid", "void", "paper", "tellers")
    told = {name: getattr(happened, name) for name in same}
    rows.put(boxes, happened.box, state="closed", ended_at=fact.recorded_at, position=fact.position, **told)
    for each in happened.groups:
        rows.put(box_groups, happened.box, each.group, issued=each.issued, returned=each.returned)


def _voided(rows: Rows, fact: Fact, happened: BoxVoided) -> None:
    told: dict[str, object] = {"issued": happened.issued, "cause": happened.cause, "why": happened.why}
    if happened.returned is not None:
        told["returned"] = happened.returned
    rows.put(boxes, happened.box, state="void", ended_at=fact.recorded_at, position=fact.position, **told)


def _counted(rows: Rows, fact: Fact, happened: BallotsCounted) -> None:
    same = ("component", "pooled", "valid", "abstained", "void", "withheld")
    told: dict[str, object] = {name: getattr(happened, name) for name in same}
    marks = [(each.points, each.grade, each.voices) for each in happened.counts]
    cell = (happened.round, happened.box, happened.person, happened.group, happened.aspect)
    rows.put(box_counts_of, *cell, **told, counts=_in_order(marks), position=fact.position)


def _appraised_openly(rows: Rows, fact: Fact, happened: OpenlyAppraised) -> None:
    """Enter what a small body gave, by group: who gave what stands in the fact (design §3)."""
    found: dict[str, Counter[Mark]] = {}
    for mark in happened.marks:
        found.setdefault(mark.group, Counter())[mark.points, mark.grade] += 1
    for group, marks in found.items():
        counts = _in_order((points, grade, voices) for (points, grade), voices in marks.items())
        cell = (happened.round, "", happened.person, group, "")
        told: dict[str, object] = {"component": happened.component, "counts": counts, "openly": True}
        rows.put(box_counts_of, *cell, **told, valid=marks.total(), position=fact.position)


def _in_order(marks: Iterable[tuple[Decimal | None, str | None, int]]) -> tuple[list[object], ...]:
    """Return marks by points and words, so that their place says nothing."""
    ordered = sorted(marks, key=lambda mark: (mark[0] or Decimal(0), mark[1] or ""))
    return tuple([grade or written(points or Decimal(0)), voices] for points, grade, voices in ordered)


BALLOT_COUNT = View(
    "ballot_count",
    2,
    (boxes, box_groups, box_sheets, box_counts_of),
    {
        BoxOpened: _opened,
        SlipIssued: _sheet_out,
        SlipsIssued: _sheets_out,
        SlipReturned: _sheet_back,
        BoxClosed: _closed,
        BoxVoided: _voided,
        BallotsCounted: _counted,
        OpenlyAppraised: _appraised_openly,
    },
)


@dataclass(frozen=True, slots=True)
class GroupSheets:
    """How many voices a group of voters has, and how many of its sheets went out and came back (None: not counted)."""

    group: str
    voices: int
    issued: int
    returned: int | None


@dataclass(frozen=True, slots=True)
class Marked:
    """How many voices gave a grade, or points as an exact number in text."""

    mark: str
    voices: int


@dataclass(frozen=True, slots=True)
class PersonCount:
    """What a group gave a person; `withheld`: fewer than may be shown, hence no numbers. `pooled` names its parts.

    `aspect` is what somebody on the staff was graded on, empty for members (B-35).
    """

    person: str
    component: str
    aspect: str
    group: str
    pooled: tuple[str, ...]
    counts: tuple[Marked, ...]
    valid: int | None
    abstained: int | None
    void: int | None
    withheld: bool
    openly: bool
    position: int


@dataclass(frozen=True, slots=True)
class BallotCount:
    """One box: `state` is open, closed or void; sheets are valid or void once it is closed; people by id."""

    box: str
    round: str
    branch: str
    component: str
    meeting: str | None
    state: str
    shown_from: int
    clause: str
    opened_at: datetime
    closes_by: datetime | None
    ended_at: datetime | None
    position: int
    issued: int
    returned: int
    valid: int | None
    void: int | None
    paper: int | None
    cause: str | None
    why: str | None
    tellers: tuple[str, ...]
    groups: tuple[GroupSheets, ...]
    people: tuple[PersonCount, ...]


def ballot_counts(reading: Reading, *, round_id: str | None = None, box: str | None = None) -> list[BallotCount]:
    """Return the boxes of a round, or one box, by position of opening or end."""
    asked = {name: value for name, value in (("round", round_id), ("box", box)) if value is not None}
    return [_count(reading, row) for row in _rows(reading, boxes, ("position",), asked)]


def open_appraisals(reading: Reading, round_id: str) -> list[PersonCount]:
    """Return what bodies too small for a ballot gave openly in a round, by person and group."""
    found = _rows(reading, box_counts_of, ("person", "voter_group"), {"round": round_id, "openly": True})
    return [_person(row) for row in found]


def _count(reading: Reading, row: Row) -> BallotCount:
    which = {"box": row["box"]}
    groups = (
        GroupSheets(each["voter_group"], each["voices"], each["issued"], each["returned"])
        for each in _rows(reading, box_groups, ("number",), which)
    )
    people = _rows(reading, box_counts_of, ("person", "aspect", "voter_group"), which)
    told: dict[str, Any] = {name: value for name, value in row.items() if name != "ledger_id"}
    return BallotCount(**told, groups=tuple(groups), people=tuple(map(_person, people)))


def _person(row: Row) -> PersonCount:
    same = ("person", "component", "aspect", "pooled", "valid", "abstained", "void", "withheld", "openly", "position")
    told: dict[str, Any] = {name: row[name] for name in same}
    return PersonCount(
        **told, group=row["voter_group"], counts=tuple(Marked(mark, voices) for mark, voices in row["counts"])
    )


def _rows(reading: Reading, table: Table, order: tuple[str, ...], equal: Mapping[str, object]) -> list[Row]:
    conditions = [table.c[name] == value for name, value in equal.items()]
    query = select(table).where(table.c.ledger_id == reading.ledger_id, *conditions)
    found = [dict(row) for row in reading.connection.execute(query).mappings()]
    return sorted(found, key=lambda row: tuple(row[name] for name in order))
