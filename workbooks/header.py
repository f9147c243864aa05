"""Finding the header of a table: one to several rows, merged or not, below a title and above the people.

Each column gets the path of labels that stand above it, such as 党内活动(40%) → 党小组评价(60%), and a classifier
says what the path means. Nothing depends on fixed positions.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from domain.findings import Finding
from domain.text import Text
from workbooks.address import letter
from workbooks.cells import half_width
from workbooks.grid import Cell, Grid

SEARCHED_ROWS = 40
MAX_HEADER_ROWS = 6
_WIDEST_GROUP = 4

Classify = Callable[[tuple[str, ...]], str | None]

_BRACKETS = re.compile(r"[(\[{〔【][^)\]}〕】]*[)\]}〕】]")
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)%")
_NO_LETTER = re.compile(r"[\s\W_]+")
_WEIGHT_ONLY = re.compile(r"[(\[]?(?:权重|占比|占|weight)?:?\d{1,3}(?:\.\d{1,6})?%[)\]]?")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: what it means (`code`, None: not understood) and the labels above it, top first."""

    column: int
    code: str | None
    labels: tuple[Cell, ...]

    @property
    def label(self) -> str:
        """The label as the reader sees it."""
        return " ".join(cell.shown for cell in self.labels)

    @property
    def letter(self) -> str:
        """The column's letter in Excel."""
        return letter(self.column)


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands (rows from `first` to `last`) and the columns below it."""

    first: int
    last: int
    columns: tuple[Column, ...]

    def of(self, code: str) -> Column | None:
        """Return the first column that means `code`."""
        return next((column for column in self.columns if column.code == code), None)

    def all_of(self, code: str) -> tuple[Column, ...]:
        """Return every column that means `code`; more than one is the table's fault."""
        return tuple(column for column in self.columns if column.code == code)


def bare(label: str) -> str:
    """Return a label without brackets, percentages, spaces, punctuation and case, to compare its words."""
    text = _PERCENT.sub("", _BRACKETS.sub("", half_width(label)))
    return _NO_LETTER.sub("", text).lower()


def weight_in(label: str) -> Decimal | None:
    """Return the percentage a label states, such as 35 in 工作业绩（35％）."""
    found = _PERCENT.search("".join(half_width(label).split()))
    return Decimal(found[1]) if found else None


def is_weight_only(label: str) -> bool:
    """Return whether a label holds nothing but a weight, as in a third header row."""
    return _WEIGHT_ONLY.fullmatch("".join(half_width(label).split())) is not None


def find_header(grid: Grid, classify: Classify) -> Header | None:
    """Return the header around the first cell that means `name`; None where there is none in the first rows."""
    for row in range(1, min(grid.height, SEARCHED_ROWS) + 1):
        for cell in grid.row(row):
            if _meaning(cell, classify) == "name":
                return _header_around(grid, classify, cell)
    return None


def _meaning(cell: Cell, classify: Classify) -> str | None:
    return classify((cell.raw,)) if isinstance(cell.raw, str) else None


def _header_around(grid: Grid, classify: Classify, name: Cell) -> Header:
    area = grid.merged.get((name.row, name.column))
    first, last = name.row, area.bottom if area else name.row
    while first > 1 and first > name.row - MAX_HEADER_ROWS and _is_upper_row(grid, first - 1, classify):
        first -= 1
    while last < grid.height and last < first + MAX_HEADER_ROWS and _is_lower_row(grid, last + 1, classify):
        last += 1
    columns = [_column(grid, column, (first, last), classify) for column in range(1, grid.width + 1)]
    return Header(first, last, tuple(_without_doubles_of_merges(columns)))


def _is_upper_row(grid: Grid, row: int, classify: Classify) -> bool:
    """Return whether a row holds labels: several of them, or one that spans a few columns (a title spans them all)."""
    labels = [cell for cell in grid.row(row) if _meaning(cell, classify) is not None]
    if len(labels) != 1:
        return bool(labels)
    area = grid.merged.get((row, labels[0].column))
    return area is not None and 1 < area.right - area.left + 1 <= min(_WIDEST_GROUP, grid.width - 1)


def _is_lower_row(grid: Grid, row: int, classify: Classify) -> bool:
    cells = grid.row(row)
    return bool(cells) and all(
        _meaning(cell, classify) not in {None, "remark"} or is_weight_only(cell.shown) for cell in cells
    )


def _column(grid: Grid, column: int, rows: tuple[int, int], classify: Classify) -> Column:
    labels: list[Cell] = []
    for row in range(rows[0], rows[1] + 1):
        cell = grid.anchor(row, column)
        if cell.raw is not None and cell not in labels:
            labels.append(cell)
    return Column(column, classify(tuple(cell.shown for cell in labels)) if labels else None, tuple(labels))


def _without_doubles_of_merges(columns: list[Column]) -> list[Column]:
    """Leave out a column whose labels are all the same merged cells as its left neighbour's."""
    return [
        column
        for left, column in zip([None, *columns], columns, strict=False)
        if column.labels and (left is None or column.labels != left.labels)
    ]


def header_findings(header: Header, single: tuple[str, ...], required: tuple[str, ...]) -> list[Finding]:
    """Return what is wrong with the columns: `required` ones missing, `single` ones twice, labels from formulas."""
    missing = [_missing(header, code) for code in required if header.of(code) is None]
    doubled = [_doubled(header.all_of(code)) for code in single if len(header.all_of(code)) > 1]
    formulas = {cell: _formula(cell) for column in header.columns for cell in column.labels if cell.trait == "formula"}
    return [*missing, *doubled, *formulas.values()]


COLUMN_NAMES = {
    "name": Text(zh="姓名", en="name"),
    "work": Text(zh="工作业绩", en="work performance"),
    "group": Text(zh="党小组评价", en="Party group evaluation"),
    "branch": Text(zh="党支部评价", en="Party branch evaluation"),
    "masses": Text(zh="群众评价", en="mass evaluation"),
    "self": Text(zh="个人自评", en="personal self-assessment"),
    "stated_total": Text(zh="总分", en="total score"),
    "kind": Text(zh="类别", en="category"),
}


def column_name(code: str) -> Text:
    """Return what a column is called in both languages."""
    return COLUMN_NAMES.get(code) or Text(zh=code, en=code)


def _missing(header: Header, code: str) -> Finding:
    name = column_name(code)
    return Finding(
        "column-missing",
        f"{header.first}:{header.last}",
        Text(zh=f"表头中没有「{name.zh}」一列。", en=f"The header has no column “{name.en}”."),
        Text(
            zh="请用下载的模板，或补上这一列；该项不存在的，请保留此列并在各行填「不适用」。",
            en="Use the template, or add the column; where it does not exist for anyone, write 不适用 in each row.",
        ),
    )


def _doubled(columns: tuple[Column, ...]) -> Finding:
    letters = "、".join(column.letter for column in columns)
    return Finding(
        "column-doubled",
        f"{columns[1].letter}:{columns[1].letter}",
        Text(
            zh=f"{letters} 列都是「{columns[0].label}」，不知以哪一列为准。",
            en=f"The columns {letters} all mean “{columns[0].label}”; it is not clear which one counts.",
        ),
        Text(zh="请只保留一列。", en="Keep one of them."),
    )


def _formula(cell: Cell) -> Finding:
    return Finding(
        "formula",
        cell.address,
        Text(zh=f"{cell.address} 表头由公式得出。", en=f"The header cell {cell.address} is a formula."),
        Text(zh="请复制后「选择性粘贴→数值」。", en="Copy it and paste it as a value."),
    )
