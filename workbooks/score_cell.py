"""One score cell of Table 3-1: its points, the reason it has none, or what is wrong with it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from domain.findings import Finding
from domain.text import Text
from workbooks.cells import Gap, Unclear, read_score
from workbooks.grid import Cell, Grid, Raw

Standing = Literal["scored", "missing", "not_applicable", "unclear"]

_FORMULA = Unclear(
    "formula",
    Text(zh="由公式得出，不作为依据", en="comes from a formula, which is no evidence"),
    Text(zh="请复制该单元格后「选择性粘贴→数值」。", en="Copy the cell and paste it as a value."),
)
_ERROR = Unclear(
    "error-value",
    Text(zh="是 Excel 错误值", en="is an Excel error"),
    Text(zh="请填写分数；没有的请留空。", en="Write the score; leave it empty where there is none."),
)
_MERGED = Unclear(
    "cell-merged",
    Text(zh="跨行或跨列合并，不知属于谁或哪一项", en="is merged, so that its person or column is not clear"),
    Text(zh="请取消合并，逐格填写。", en="Unmerge it and fill in each cell."),
)


@dataclass(frozen=True, slots=True)
class ScoreCell:
    """One cell as read: exactly one of points, a gap (`standing` says which) or a problem."""

    address: str
    raw: Raw
    shown: str
    standing: Standing
    points: Decimal | None = None
    problem: Finding | None = None


def score_cell(grid: Grid, row: int, column: int, label: str) -> ScoreCell:
    """Return the score at this place; `label` names the column in the problem, if there is one."""
    cell = grid.anchor(row, column)
    understood = _understand(grid, cell)
    if isinstance(understood, Decimal):
        return ScoreCell(cell.address, cell.raw, cell.shown, "scored", points=understood)
    if isinstance(understood, Gap):
        return ScoreCell(cell.address, cell.raw, cell.shown, understood.value)
    own = Cell(row, column, cell.raw, cell.trait)
    return ScoreCell(own.address, cell.raw, cell.shown, "unclear", problem=cell_finding(own, label, understood))


def _understand(grid: Grid, cell: Cell) -> Decimal | Gap | Unclear:
    if cell.trait == "formula":
        return _FORMULA
    if cell.trait == "error":
        return _ERROR
    area = grid.merged.get((cell.row, cell.column))
    if area and area.size > 1 and cell.raw is not None:
        return _MERGED
    return read_score(cell.raw, percent=cell.trait == "percent")


def cell_finding(cell: Cell, label: str, why: Unclear) -> Finding:
    """Return the finding about one cell, with row, column, value, reason and remedy."""
    shown = f"「{cell.shown}」" if cell.shown else ""
    return Finding(
        why.code,
        cell.address,
        Text(
            zh=f"第 {cell.row} 行「{label}」（{cell.address}）{shown}{why.message.zh}。",
            en=f"Row {cell.row}, “{label}” ({cell.address}): {cell.shown or 'the cell'} {why.message.en}.",
        ),
        why.remedy,
    )
