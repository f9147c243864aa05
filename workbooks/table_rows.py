"""Which rows of a sheet are people: blank rows, totals, repeated headers and the notes at the foot are not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from domain.findings import Finding
from domain.text import Text
from workbooks.cells import Gap, Unclear, half_width, read_name
from workbooks.grid import Cell, Grid
from workbooks.header import Classify, Header, bare

_TOTAL = frozenset(
    {"合计", "总计", "小计", "平均", "平均分", "平均值", "均分", "支部平均", "total", "average", "mean", "sum"}
)
_FOOT = re.compile(
    r"(备注|附注|注|说明|填表说明|填写说明|填表人|填报人|制表人?|审核人?|复核人?|支部书记|党支部书记|负责人|签字|签名|盖章|"
    r"填表日期|日期|年月日|单位负责人|notes?|remarks?|prepared by|signed)\s*(\(.*?\))?\s*([::.、。]|\d|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class NamedRow:
    """One row about a person: where it stands, the name as understood, and the name's cell."""

    row: int
    name: str
    cell: Cell


def people_rows(grid: Grid, header: Header, classify: Classify) -> tuple[list[NamedRow], list[Finding]]:
    """Return the rows about people below the header, and what is wrong with the others."""
    column = header.of("name")
    if column is None:
        return [], []
    found: list[NamedRow] = []
    findings: list[Finding] = []
    for row in _table_rows(grid, header, classify):
        if _is_foot(grid, row):
            findings.extend(_after_the_foot(grid, header, row))
            break
        if not _is_section(grid, row):
            _sort_row(grid, header, row, grid.anchor(row, column.column), found, findings)
    return found, findings


def _table_rows(grid: Grid, header: Header, classify: Classify) -> Iterator[int]:
    """Yield the rows below the header that are not blank, not a total and not the header printed again."""
    for row in range(header.last + 1, grid.height + 1):
        cells = grid.row(row)
        if cells and not (_is_total(cells) or _repeats_header(cells, classify)):
            yield row


def _sort_row(  # noqa: PLR0913 - the row, its table, and the two lists it may join
    grid: Grid, header: Header, row: int, cell: Cell, found: list[NamedRow], findings: list[Finding]
) -> None:
    area = grid.merged.get((row, cell.column))
    if area and area.top != area.bottom and cell.raw is not None:
        if row == area.top:
            findings.append(_trouble("name-merged", cell, "姓名跨行合并", "is merged over several rows"))
        return
    name = read_name(cell.raw)
    if cell.trait in {"formula", "error"}:
        findings.append(
            _trouble("formula", cell, "由公式得出，不作为依据", "comes from a formula, which is no evidence")
        )
    elif isinstance(name, Unclear):
        findings.append(_unclear_name(cell, name))
    elif isinstance(name, str):
        found.append(NamedRow(row, name, cell))
    elif name is Gap.MISSING and _has_values(grid, header, row):
        findings.append(
            _trouble("name-missing", cell, "没有姓名，但这一行填有内容", "is empty, yet the row is filled in")
        )


def _is_total(cells: tuple[Cell, ...]) -> bool:
    return any(isinstance(cell.raw, str) and bare(cell.raw) in _TOTAL for cell in cells[:3])


def _repeats_header(cells: tuple[Cell, ...], classify: Classify) -> bool:
    meanings = [classify((cell.raw,)) for cell in cells if isinstance(cell.raw, str)]
    return "name" in meanings and len([code for code in meanings if code not in {None, "remark"}]) > 1


def _is_foot(grid: Grid, row: int) -> bool:
    first = grid.row(row)[0].raw
    return isinstance(first, str) and _FOOT.match(half_width(first)) is not None


def _is_section(grid: Grid, row: int) -> bool:
    """Return whether a row is one text merged across the table, such as 第一党小组 above its members."""
    cells = grid.row(row)
    area = grid.merged.get((row, cells[0].column))
    return len(cells) == 1 and area is not None and area.right - area.left > 1


def _has_values(grid: Grid, header: Header, row: int) -> bool:
    return any(
        grid.anchor(row, column.column).raw is not None
        for column in header.columns
        if column.code not in {"number", "unit", "group_name", "remark", None}
    )


def _after_the_foot(grid: Grid, header: Header, foot: int) -> Iterator[Finding]:
    """Yield a finding for each row below the notes that looks like a person: it would be lost unseen."""
    for row in range(foot + 1, grid.height + 1):
        numbers = [cell for cell in grid.row(row) if isinstance(cell.raw, int | float)]
        name = header.of("name")
        if name and len(numbers) > 1 and isinstance(grid.cell(row, name.column).raw, str):
            yield _trouble(
                "row-after-notes", grid.cell(row, name.column), "在备注之后，未读取", "stands below the notes; not read"
            )


def _unclear_name(cell: Cell, why: Unclear) -> Finding:
    message = Text(
        zh=f"第 {cell.row} 行「姓名」（{cell.address}）「{cell.shown}」{why.message.zh}。",
        en=f"Row {cell.row}, name ({cell.address}): “{cell.shown}” {why.message.en}.",
    )
    return Finding(why.code, cell.address, message, why.remedy)


def _trouble(code: str, cell: Cell, zh: str, en: str) -> Finding:
    return Finding(
        code,
        cell.address,
        Text(
            zh=f"第 {cell.row} 行「姓名」（{cell.address}）{zh}。",
            en=f"Row {cell.row}: the name ({cell.address}) {en}.",
        ),
        Text(
            zh="请每人一行，姓名写成文本，写在备注之前。",
            en="Give each person one row above the notes, the name typed as text.",
        ),
    )
