"""Table 3-1 各支部党员年度得分汇总表 as secretaries keep it: found, understood, every finding at once (A-27, form 9).

Scores in the cells are raw, 0 to 100, not weighted (AMB-A10). An empty cell is missing, which is something else
than 不适用. The total that the table states is read, to be compared later; it is never used.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from domain.findings import Finding
from domain.text import Text
from workbooks.cells import Gap, Unclear, read_code
from workbooks.grid import Cell, Grid
from workbooks.header import Column, Header, find_header, header_findings, is_weight_only, weight_in
from workbooks.score_cell import ScoreCell, cell_finding, score_cell
from workbooks.score_labels import COMPONENTS, REQUIRED, SINGLE, label_code, path_code
from workbooks.sensitive import sensitive_findings, sensitive_label_finding
from workbooks.table_rows import NamedRow, people_rows

_YEAR = re.compile(r"(?<!\d)(20\d{2})\s*年")


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One person's row: Excel row, 序号, name as written, person number where the table has that column, cells."""

    row: int
    number: str
    name: str
    address: str
    person_id: str | None
    cells: Mapping[str, ScoreCell]
    stated_total: Decimal | None


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """Table 3-1 as read. `findings` stop an import; `notes` are worth knowing."""

    sheet: str
    title: str
    heading: tuple[str, ...]
    year: str | None
    columns: Mapping[str, str]
    rows: tuple[ScoreRow, ...]
    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...]


def read_score_table(grid: Grid, expected_weights: Mapping[str, Decimal] | None = None) -> ScoreTable:
    """Return Table 3-1 from a grid, with all findings.

    `expected_weights` are percentages as the printed header states them: work 35, party 40, group 60 and branch 40
    (of party), masses 20, self 5. What the header states otherwise is a finding; what it leaves out is not.
    """
    header = find_header(grid, path_code)
    if header is not None:
        return _read(grid, header, expected_weights or {})
    return ScoreTable(grid.sheet, "", (), None, {}, (), (_no_header(grid), *sensitive_findings(grid)), grid.notes)


def _read(grid: Grid, header: Header, expected_weights: Mapping[str, Decimal]) -> ScoreTable:
    heading = _heading(grid, header)
    people, row_findings = people_rows(grid, header, path_code)
    rows, notes = _rows(grid, header, people)
    findings = [
        *header_findings(header, SINGLE, REQUIRED),
        *_weight_findings(header, expected_weights),
        *_sensitive(grid, header),
        *row_findings,
        *_code_findings(grid, header, people),
        *(cell.problem for row in rows for cell in row.cells.values() if cell.problem),
        *([] if people or row_findings else [_no_people(grid)]),
    ]
    return ScoreTable(
        grid.sheet,
        heading[0] if heading else "",
        heading,
        _year(heading),
        {code: column.letter for code in SINGLE if (column := header.of(code))},
        rows,
        tuple(findings),
        (*grid.notes, *_unread_notes(header), *notes),
    )


def _heading(grid: Grid, header: Header) -> tuple[str, ...]:
    cells = (cell for row in range(1, header.first) for cell in grid.row(row))
    return tuple(str(cell.raw).strip() for cell in cells if isinstance(cell.raw, str) and cell.trait == "plain")


def _year(heading: tuple[str, ...]) -> str | None:
    years = {found[1] for line in heading for found in _YEAR.finditer(line)}
    return years.pop() if len(years) == 1 else None


def _rows(grid: Grid, header: Header, people: list[NamedRow]) -> tuple[tuple[ScoreRow, ...], list[Finding]]:
    total = header.of("stated_total")
    rows: list[ScoreRow] = []
    notes: list[Finding] = []
    for person in people:
        stated = score_cell(grid, person.row, total.column, total.label) if total else None
        if stated and stated.problem:
            notes.append(_total_note(stated.problem))
        rows.append(_row(grid, header, person, stated.points if stated else None))
    return tuple(rows), notes


def _row(grid: Grid, header: Header, person: NamedRow, stated_total: Decimal | None) -> ScoreRow:
    columns = [(code, header.of(code)) for code in COMPONENTS]
    number = header.of("number")
    code = _person_code(grid, header, person)
    return ScoreRow(
        person.row,
        grid.anchor(person.row, number.column).shown if number else "",
        person.name,
        person.cell.address,
        code if isinstance(code, str) else None,
        {code: score_cell(grid, person.row, column.column, column.label) for code, column in columns if column},
        stated_total,
    )


def _person_code(grid: Grid, header: Header, person: NamedRow) -> str | Gap | Unclear:
    column = header.of("person_id")
    return read_code(grid.anchor(person.row, column.column).raw) if column else Gap.MISSING


def _code_findings(grid: Grid, header: Header, people: list[NamedRow]) -> list[Finding]:
    column = header.of("person_id")
    codes = [(person, _person_code(grid, header, person)) for person in people]
    return [
        cell_finding(grid.anchor(person.row, column.column), column.label, code)
        for person, code in codes
        if column and isinstance(code, Unclear)
    ]


def _weight_findings(header: Header, expected: Mapping[str, Decimal]) -> list[Finding]:
    return [
        _weight_finding(cell, code, stated, expected[code])
        for (code, cell), stated in _stated_weights(header).items()
        if code in expected and stated not in _acceptable(code, expected)
    ]


def _acceptable(code: str, expected: Mapping[str, Decimal]) -> set[Decimal]:
    """Return the weights a header may state: a share of the party score may also be given as a share of the whole."""
    whole = {expected[code] * expected["party"] / 100} if code in {"group", "branch"} and "party" in expected else set()
    return {expected[code]} | whole


def _stated_weights(header: Header) -> dict[tuple[str, Cell], Decimal]:
    stated: dict[tuple[str, Cell], Decimal] = {}
    for column in header.columns:
        meaning: str | None = None
        for depth, cell in enumerate(column.labels):
            own = path_code(tuple(upper.shown for upper in column.labels[: depth + 1]))
            meaning = meaning if is_weight_only(cell.shown) or label_code(cell.shown) is None else own
            weight = weight_in(cell.shown)
            if meaning and weight is not None:
                stated[meaning, cell] = weight
    return stated


def _weight_finding(cell: Cell, code: str, stated: Decimal, expected: Decimal) -> Finding:
    return Finding(
        "weight-differs",
        cell.address,
        Text(
            zh=f"表头「{cell.shown}」（{cell.address}）的权重 {stated}% 与办法规定的 {expected}% 不一致。",
            en=f"“{cell.shown}” ({cell.address}) states {stated} % for {code} where the rulebook has {expected} %.",
        ),
        Text(
            zh="请核对所用的办法和版本，改正表头。",
            en="Check which rulebook and version applies, and correct the header.",
        ),
    )


def _sensitive(grid: Grid, header: Header) -> list[Finding]:
    labels = {column.labels[-1] for column in header.columns if column.code == "sensitive"}
    return [*(sensitive_label_finding(cell) for cell in labels), *sensitive_findings(grid)]


def _unread_notes(header: Header) -> list[Finding]:
    return [_unread(column) for column in header.columns if column.code in {None, "party", "weighted"}]


def _unread(column: Column) -> Finding:
    place = f"{column.letter}:{column.letter}"
    return Finding(
        "column-not-read",
        place,
        Text(
            zh=f"{column.letter} 列「{column.label}」不属于本表，未读取。",
            en=f"Column {column.letter} “{column.label}” is not part of this table; not read.",
        ),
        Text(zh="如属本表，请按模板改写表头。", en="If it belongs here, word its header as in the template."),
    )


def _total_note(problem: Finding) -> Finding:
    return Finding(
        "stated-total-not-read",
        problem.place,
        Text(
            zh=f"{problem.message.zh}总分由系统按办法计算，此格未采用。",
            en=f"{problem.message.en} The total is computed by the rulebook; this cell is not used.",
        ),
        Text(zh="无需处理。", en="Nothing needs to be done."),
    )


def _no_header(grid: Grid) -> Finding:
    others = "、".join(grid.other_sheets[:10])
    return Finding(
        "header-not-found",
        "sheet",
        Text(
            zh=f"工作表「{grid.sheet}」中找不到含「姓名」的表头。",
            en=f"No header with a name column in the sheet “{grid.sheet}”.",
        ),
        Text(
            zh="请使用下载的模板" + (f"，或指定其他工作表（{others}）。" if others else "。"),
            en="Use the template" + (f", or name another sheet ({others})." if others else "."),
        ),
    )


def _no_people(grid: Grid) -> Finding:
    return Finding(
        "no-people",
        "sheet",
        Text(
            zh=f"工作表「{grid.sheet}」的表头下没有任何人。",
            en=f"There is nobody below the header in the sheet “{grid.sheet}”.",
        ),
        Text(zh="请在表头下每人填一行。", en="Fill in one row for each person below the header."),
    )
