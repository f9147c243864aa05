"""Two moments of a ledger beside each other: the lines of views that differ, and the facts in between that did it (A2).

What may not be shown to an audience is withheld by the same rules as in the answers that these lines stand in.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, Final

from domain.text import Text
from ledger.ledger import Ledger
from projections import (
    ballot_count,
    boards,
    meeting_record,
    notice_board,
    objection_register,
    person_record,
    score_sheet,
    stars,
    year_table,
)
from projections.asof import Changed, Timeline
from projections.disclosed_rows import ROWS, Hidden, RowCurtain
from projections.rows import Row, keys_of
from projections.views import VIEWS
from projections.withholding import OPEN, UNNAMED

Cells = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Shown:
    """Lines of a table as people know them: what they are called, and the answer whose fields they are."""

    title: Text
    of: type
    beside: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Columns that stand in no field of that answer, with the field of the matrix that they are."""


LINES: Final[Mapping[str, Shown]] = {
    "stars": Shown(Text("星级", "stars"), stars.CurrentStar, {"result_position": OPEN, "superseded": OPEN}),
    "sheet_rows": Shown(Text("计分表", "sheet"), score_sheet.SheetRow, {"round": OPEN}),
    "sheet_cells": Shown(Text("各项得分", "sheet cells"), score_sheet.SheetCell, {"round": OPEN, "component": OPEN}),
    "notices": Shown(Text("公示", "notices"), notice_board.PostedNotice),
    "notice_lines": Shown(Text("公示的行", "notice lines"), notice_board.PostedLine, {"round": OPEN, "notice": OPEN}),
    "objections": Shown(Text("异议", "objections"), objection_register.RegisteredObjection),
    "person_stays": Shown(Text("所在支部", "branches"), person_record.Stay),
    "person_offices": Shown(Text("职务", "offices"), person_record.Office),
    "person_entries": Shown(Text("记录", "record"), person_record.RecordEntry),
    "meetings": Shown(Text("会议", "meetings"), meeting_record.MeetingHead),
    "ballot_boxes": Shown(Text("票箱", "ballot boxes"), ballot_count.BallotCount),
    "ballot_counts": Shown(Text("票数", "counts"), ballot_count.PersonCount, {"round": OPEN, "box": OPEN}),
    "board_lines": Shown(Text("展示台", "boards"), boards.BoardLine, {"round": OPEN, "board": OPEN, "posting": OPEN}),
    "staff_notice_lines": Shown(Text("职工结果", "staff results"), boards.StaffLine),
    "year_table_rows": Shown(Text("年度", "year"), year_table.YearRow, {"round": OPEN}),
    "year_table_months": Shown(Text("年度各月", "months of the year"), year_table.MonthCell, {"round": OPEN}),
    "settled_months": Shown(
        Text("结转的月份", "settled months"), year_table.MonthCell, {"round": OPEN, "branch": OPEN, "rulebook": OPEN}
    ),
}
"""The tables that are compared; others only help to fold these."""
_NAMES = ("person", "about")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was added, changed or removed: its key, and the columns that differ; None where there was no line."""

    table: str
    title: Text
    key: Cells
    before: Cells | None
    after: Cells | None
    facts: tuple[int, ...]

    @property
    def kind(self) -> str:
        """Return whether it was added, removed or changed."""
        return "added" if self.before is None else "removed" if self.after is None else "changed"


def compare(
    ledger: Ledger, first: int, last: int, *, round_id: str | None = None, person: str | None = None
) -> list[Changed]:
    """Return the lines that differ between two positions, of a round or a person where these are given."""
    views = [view for view in VIEWS if any(table.name in LINES for table in view.tables)]
    with Timeline(ledger, views, span_facts=abs(last - first)) as timeline:
        found = timeline.between(first, last)
    return [each for each in found if each.table.name in LINES and _asked(each, round_id, person)]


def _asked(changed: Changed, round_id: str | None, person: str | None) -> bool:
    row = changed.after or changed.before or {}
    of_round = round_id is None or row.get("round") == round_id
    return of_round and (person is None or person in (row.get("person"), row.get("about")))


def line_of(changed: Changed, curtain: RowCurtain) -> Line:
    """Return a changed row as a line that the curtain's viewer may see."""
    row = changed.after or changed.before or {}
    shown, names = LINES[changed.table.name], keys_of(changed.table)
    cover = _Cover(shown, row, curtain)
    differ = [
        name for name in row if name not in (*names, "ledger_id") and _side(changed, 0, name) != _side(changed, 1, name)
    ]
    return Line(
        f"{changed.table.name}",
        shown.title,
        {name: cover.over(name, row) for name in names},
        None if changed.before is None else {name: cover.over(name, changed.before) for name in differ},
        None if changed.after is None else {name: cover.over(name, changed.after) for name in differ},
        changed.facts,
    )


def _side(changed: Changed, side: int, name: str) -> object:
    row = (changed.before, changed.after)[side]
    return None if row is None else row[name]


class _Cover:
    """What of one row an audience sees, column by column."""

    def __init__(self, shown: Shown, row: Row, curtain: RowCurtain) -> None:
        """Ask the curtain's rules for a row of `shown`."""
        self._shown, self._curtain = shown, curtain
        self._record = SimpleNamespace(**row)
        disclosures = curtain.disclosures
        self._everything = disclosures.sees_everything
        self._scope = disclosures.scope(self._record, disclosures.everywhere())
        self._concerned = {str(row[name]) for name in _NAMES if row.get(name) is not None}

    def over(self, name: str, row: Row) -> str | None:
        """Return a column as it is written, or the mark of what is withheld."""
        value = _written(row[name])
        if self._everything or value is None:
            return value
        withheld = self._scope.withheld(self._code(name), self._concerned)
        if withheld is None:
            return value
        self._curtain.note(withheld)
        return Hidden(withheld.mark(self._curtain.language))

    def _code(self, name: str) -> str:
        """Return which field of the matrix a column is: that of the answer's own, by its name."""
        codes = ROWS.get(self._shown.of, {})
        bare = name.removeprefix("confirmed_")
        code: Any = codes.get(name) or ROWS[stars.Confirmed].get(bare) if name != bare else codes.get(name)
        if code is None:
            code = self._shown.beside.get(name, UNNAMED)
        return str(code(self._record)) if callable(code) else str(code)


def _written(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return " ".join(word for each in value if (word := _written(each)))
    return str(value)
