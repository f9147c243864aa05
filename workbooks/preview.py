"""What an upload would do, line by line, before anything is written (S3). Nothing here writes."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from domain.findings import Finding
from domain.text import Text
from workbooks.address import letter, parse_address
from workbooks.cells import shortest
from workbooks.header import column_name
from workbooks.matching import Matching
from workbooks.score_cell import ScoreCell
from workbooks.score_table import ScoreRow, ScoreTable

LineKind = Literal["new", "changed", "unchanged", "missing", "not_applicable", "error", "note"]
KINDS: tuple[LineKind, ...] = ("new", "changed", "unchanged", "missing", "not_applicable", "error", "note")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the preview: the place in Excel, the value there, what it would change, and why not."""

    kind: LineKind
    place: str
    row: int | None
    column: str | None
    value: str
    name: str = ""
    person: str | None = None
    component: str | None = None
    before: Decimal | None = None
    after: Decimal | None = None
    reason: Text | None = None
    remedy: Text | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """All lines in the order of the sheet, errors of the whole file first; `counts` by kind."""

    lines: tuple[Line, ...]
    counts: Mapping[LineKind, int]

    @property
    def can_be_confirmed(self) -> bool:
        """Whether there is something to write and nothing stands against it."""
        return not self.counts["error"] and bool(self.counts["new"] or self.counts["changed"])

    def as_json(self) -> dict[str, object]:
        """Return the preview as JSON-ready values; scores are decimal strings."""
        return {
            "can_be_confirmed": self.can_be_confirmed,
            "counts": dict(self.counts),
            "lines": [_line_json(line) for line in self.lines],
        }


def preview(table: ScoreTable, matching: Matching, current: Mapping[tuple[str, str], Decimal]) -> Preview:
    """Return what importing `table` would change against the `current` scores by (person, component)."""
    rows = {row.row: row for row in table.rows}
    lines = [
        *(_finding_line("error", finding, rows) for finding in (*table.findings, *matching.findings)),
        *(_finding_line("note", finding, rows) for finding in (*table.notes, *matching.notes)),
        *_cell_lines(table, matching, current),
    ]
    lines.sort(key=lambda line: (line.row or 0, parse_address(line.place) or (0, 0)))
    counts = Counter(line.kind for line in lines)
    return Preview(tuple(lines), {kind: counts[kind] for kind in KINDS})


def _cell_lines(table: ScoreTable, matching: Matching, current: Mapping[tuple[str, str], Decimal]) -> Iterator[Line]:
    for row in table.rows:
        person = matching.people.get(row.row)
        for component, cell in row.cells.items():
            if person is not None and cell.problem is None:
                yield _cell_line(row, cell, person, component, current.get((person, component)))


def _cell_line(row: ScoreRow, cell: ScoreCell, person: str, component: str, before: Decimal | None) -> Line:
    kind, reason = _effect(cell, before)
    column = parse_address(cell.address)
    return Line(
        kind,
        cell.address,
        row.row,
        letter(column[1]) if column else None,
        cell.shown,
        row.name,
        person,
        component,
        before,
        cell.points,
        reason,
    )


def _effect(cell: ScoreCell, before: Decimal | None) -> tuple[LineKind, Text | None]:
    if cell.standing == "not_applicable":
        return "not_applicable", Text(zh="不适用于此人", en="does not exist for this person")
    if cell.points is None:
        kept = Text(zh=f"空格：已有的 {before} 保持不变", en=f"empty: the recorded {before} stays")
        return "missing", kept if before is not None else Text(zh="空格：缺分，结果将不完整", en="empty: incomplete")
    if before is None:
        return "new", None
    return ("unchanged" if before == cell.points else "changed"), None


def _finding_line(kind: LineKind, finding: Finding, rows: Mapping[int, ScoreRow]) -> Line:
    place = parse_address(finding.place)
    row = rows.get(place[0]) if place else None
    at = [(code, cell) for code, cell in row.cells.items() if cell.address == finding.place] if row else []
    component, cell = at[0] if at else (None, None)
    return Line(
        kind,
        finding.place,
        place[0] if place else None,
        letter(place[1]) if place else None,
        cell.shown if cell else (row.name if row and row.address == finding.place else ""),
        row.name if row else "",
        component=component,
        reason=finding.message,
        remedy=finding.remedy,
    )


def _line_json(line: Line) -> dict[str, object]:
    shown: dict[str, object] = {"kind": line.kind, "place": line.place, "row": line.row, "column": line.column}
    shown |= {"value": line.value, "name": line.name, "person": line.person, "component": line.component}
    shown |= {"component_name": _text_json(column_name(line.component)) if line.component else None}
    shown |= {"from": _decimal_json(line.before), "to": _decimal_json(line.after)}
    return shown | {"reason": _text_json(line.reason), "remedy": _text_json(line.remedy)}


def _decimal_json(number: Decimal | None) -> str | None:
    return None if number is None else f"{shortest(number):f}"


def _text_json(text: Text | None) -> dict[str, str] | None:
    return None if text is None else {"zh": text.zh, "en": text.en}
