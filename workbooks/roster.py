"""The roster 党员花名册: names, numbers, kinds, groups, posts and dates, every finding at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from domain.findings import Finding
from domain.text import Text
from workbooks.cells import Gap, Unclear, half_width, read_code, read_date
from workbooks.grid import Cell, Grid
from workbooks.header import Column, Header, find_header, header_findings
from workbooks.roster_labels import DATES, REQUIRED, SINGLE, Kind, kind_of, roster_code
from workbooks.score_cell import cell_finding
from workbooks.sensitive import sensitive_findings, sensitive_label_finding
from workbooks.table_rows import NamedRow, people_rows

T = TypeVar("T")

_KIND_UNCLEAR = Unclear(
    "kind-unclear",
    Text(zh="不是已知的类别", en="is no known category"),
    Text(zh="请填：正式党员、预备党员、入党积极分子或群众。", en="Write 正式党员, 预备党员, 入党积极分子 or 群众."),
)
_FORMULA = Unclear(
    "formula",
    Text(zh="由公式得出，不作为依据", en="comes from a formula, which is no evidence"),
    Text(zh="请复制该单元格后「选择性粘贴→数值」。", en="Copy the cell and paste it as a value."),
)


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person of the roster; what the table does not say is None."""

    row: int
    number: str
    name: str
    address: str
    person_id: str | None
    kind: Kind | None
    group: str | None
    post: str | None
    joined_party: date | None
    became_formal: date | None
    joined_branch: date | None


@dataclass(frozen=True, slots=True)
class Roster:
    """The roster as read. `findings` stop an import; `notes` are worth knowing."""

    sheet: str
    title: str
    columns: Mapping[str, str]
    rows: tuple[RosterRow, ...]
    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Reader:
    """One pass over the rows, collecting what is wrong with their cells."""

    grid: Grid
    header: Header
    findings: list[Finding] = field(default_factory=list)

    def row(self, person: NamedRow) -> RosterRow:
        number = self._text(person.row, "number")
        kind = self._text(person.row, "kind")
        days = {code: self._date(person.row, code) for code in DATES}
        return RosterRow(
            person.row,
            number or "",
            person.name,
            person.cell.address,
            self._code(person.row),
            self._kind(person.row, kind) if kind else None,
            self._text(person.row, "group"),
            self._text(person.row, "post"),
            days["joined_party"],
            days["became_formal"],
            days["joined_branch"],
        )

    def _place(self, row: int, code: str) -> tuple[Cell, Column] | None:
        column = self.header.of(code)
        if column is None:
            return None
        cell = self.grid.anchor(row, column.column)
        if cell.trait in {"formula", "error"} and code != "number":
            self.findings.append(cell_finding(cell, column.label, _FORMULA))
            return None
        return cell, column

    def _text(self, row: int, code: str) -> str | None:
        place = self._place(row, code)
        text = half_width(place[0].shown) if place else ""
        return None if text in {"", "/", "-", "—", "无", "不适用"} else text

    def _code(self, row: int) -> str | None:
        place = self._place(row, "person_id")
        return self._settle(read_code(place[0].raw), place) if place else None

    def _date(self, row: int, code: str) -> date | None:
        place = self._place(row, code)
        if place is None:
            return None
        return self._settle(read_date(place[0].raw, counts_from_1904=self.grid.counts_from_1904), place)

    def _kind(self, row: int, text: str) -> Kind | None:
        place = self._place(row, "kind")
        return self._settle(kind_of(text) or _KIND_UNCLEAR, place) if place else None

    def _settle(self, value: T | Gap | Unclear, place: tuple[Cell, Column]) -> T | None:
        if isinstance(value, Unclear):
            self.findings.append(cell_finding(place[0], place[1].label, value))
        return None if isinstance(value, Unclear | Gap) else value


def read_roster(grid: Grid) -> Roster:
    """Return the roster from a grid, with all findings; columns with national ids or telephones are refused."""
    header = find_header(grid, roster_code)
    if header is None:
        return Roster(grid.sheet, "", {}, (), (_no_header(grid), *sensitive_findings(grid)), grid.notes)
    people, row_findings = people_rows(grid, header, roster_code)
    reader = _Reader(grid, header)
    rows = tuple(reader.row(person) for person in people)
    labels = {column.labels[-1] for column in header.columns if column.code == "sensitive"}
    findings = (
        *header_findings(header, SINGLE, REQUIRED),
        *(sensitive_label_finding(cell) for cell in labels),
        *sensitive_findings(grid),
        *row_findings,
        *reader.findings,
        *_doubled_codes(rows),
    )
    columns = {code: column.letter for code in SINGLE if (column := header.of(code))}
    return Roster(grid.sheet, _title(grid, header), columns, rows, findings, grid.notes)


def _title(grid: Grid, header: Header) -> str:
    texts = (cell.raw for row in range(1, header.first) for cell in grid.row(row) if isinstance(cell.raw, str))
    return next(texts, "").strip()


def _doubled_codes(rows: tuple[RosterRow, ...]) -> list[Finding]:
    first: dict[str, int] = {}
    return [
        _doubled_code(row, first[row.person_id])
        for row in rows
        if row.person_id is not None and first.setdefault(row.person_id, row.row) != row.row
    ]


def _doubled_code(row: RosterRow, earlier: int) -> Finding:
    return Finding(
        "code-doubled",
        row.address,
        Text(
            zh=f"第 {row.row} 行的编号「{row.person_id}」与第 {earlier} 行相同。",
            en=f"Row {row.row} bears the number “{row.person_id}” of row {earlier}.",
        ),
        Text(zh="每人的编号必须不同，请改正。", en="Numbers must differ from person to person; correct one."),
    )


def _no_header(grid: Grid) -> Finding:
    return Finding(
        "header-not-found",
        "sheet",
        Text(
            zh=f"工作表「{grid.sheet}」中找不到含「姓名」的表头。",
            en=f"No header with a name column in “{grid.sheet}”.",
        ),
        Text(zh="请使用下载的花名册模板。", en="Use the roster template."),
    )
