"""A sheet of a workbook as a grid of cells, each with its Excel address: a pure function from bytes.

`read_grid` either returns the grid or raises `Invalid`; it touches neither disk nor network, so that it can be run
in a child process with limits. Formulas are never evidence: their cells are marked, and whoever reads a table
decides what a marked cell means at its place. What somebody sent is read through `workbooks.confined`.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Literal

import python_calamine

from domain.findings import Finding
from domain.text import Text
from workbooks.address import Area, address, letter
from workbooks.package import Package, damage, open_package, refuse, repack
from workbooks.sheet_scan import Scan, scan_sheet
from workbooks.workbook_parts import (
    BOOK,
    RELATIONS,
    STRINGS,
    STYLES,
    SheetEntry,
    percent_styles,
    read_book,
    shared_string_lengths,
)

Raw = str | int | float | bool | date | time | timedelta | None
Trait = Literal["plain", "formula", "error", "percent"]

_BIGGEST_EXACT_INTEGER = 2**53


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: row and column counted from 1, the value as it stands in the file (None: empty), and its trait."""

    row: int
    column: int
    raw: Raw
    trait: Trait = "plain"

    @property
    def address(self) -> str:
        """The Excel address, such as C7."""
        return address(self.row, self.column)

    @property
    def shown(self) -> str:
        """The value as one line of text for people, cut after 40 characters."""
        text = " ".join(as_text(self.raw, percent=self.trait == "percent").split())
        return text if len(text) <= 40 else text[:39] + "…"  # noqa: PLR2004 - said in the docstring


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet: its cells that hold something, its merged areas, and notes worth knowing."""

    sheet: str
    height: int
    width: int
    cells: Mapping[tuple[int, int], Cell]
    merges: tuple[Area, ...]
    merged: Mapping[tuple[int, int], Area]
    other_sheets: tuple[str, ...]
    counts_from_1904: bool
    notes: tuple[Finding, ...]

    def cell(self, row: int, column: int) -> Cell:
        """Return the cell at its own place, empty where nothing was written."""
        return self.cells.get((row, column)) or Cell(row, column, None)

    def anchor(self, row: int, column: int) -> Cell:
        """Return the cell that fills this place: the top left one of a merged area, else the cell itself."""
        area = self.merged.get((row, column))
        return self.cell(area.top, area.left) if area else self.cell(row, column)

    def row(self, row: int) -> tuple[Cell, ...]:
        """Return the cells of a row that hold something, left to right."""
        return tuple(self.cells[row, column] for column in range(1, self.width + 1) if (row, column) in self.cells)


def as_text(raw: Raw, *, percent: bool = False) -> str:
    """Return a raw value as text: numbers by their shortest decimal, dates as ISO 8601, empty as ""."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float):
        number = Decimal(repr(raw))
        return f"{(number * 100).normalize():f}%" if percent and number.is_finite() else str(number)
    if isinstance(raw, int):
        return f"{raw * 100}%" if percent else str(raw)
    if isinstance(raw, date | time):
        return raw.isoformat()
    return str(raw)


def read_grid(content: bytes, sheet: str | None = None) -> Grid:
    """Return the sheet named `sheet`, or the first visible one; Invalid, with a remedy, where it cannot be read."""
    package = open_package(content)
    book = read_book(package)
    entry = _choose(book.sheets, sheet)
    body = package.part(entry.part)
    if body is None:
        damage(f"{entry.part} is missing")
    scan = scan_sheet(entry.part, body, percent_styles(package), shared_string_lengths(package))
    cells = _cells(_parse(package, entry, body), scan)
    others = tuple(other.name for other in book.sheets if other is not entry)
    return Grid(
        entry.name,
        scan.height,
        scan.width,
        cells,
        scan.merges,
        merged_places(scan.merges),
        others,
        book.counts_from_1904,
        (*_hidden_notes(scan, cells), *_other_sheets_note(entry, others)),
    )


def _choose(sheets: tuple[SheetEntry, ...], wanted: str | None) -> SheetEntry:
    suitable = [entry for entry in sheets if entry.name == wanted or (wanted is None and entry.visible)]
    if not suitable:
        names = "、".join(f"「{entry.name}」" for entry in sheets[:20])
        refuse(
            "sheet-not-found",
            Text(
                zh=f"工作簿中没有工作表「{wanted or ''}」。", en=f"The workbook has no visible sheet “{wanted or ''}”."
            ),
            Text(zh=f"现有工作表：{names}。请指定其中之一。", en=f"It has the sheets {names}; name one of them."),
        )
    return suitable[0]


def _parse(package: Package, entry: SheetEntry, body: bytes) -> list[list[Raw]]:
    names = ("[Content_Types].xml", "_rels/.rels", BOOK, RELATIONS, STYLES, STRINGS)
    parts = {name: content for name in names if (content := package.part(name)) is not None}
    archive = io.BytesIO(repack({**parts, entry.part: body}))
    try:
        with python_calamine.CalamineWorkbook.from_filelike(archive) as workbook:
            return [list(row) for row in workbook.get_sheet_by_name(entry.name).to_python(skip_empty_area=False)]
    except (python_calamine.CalamineError, OSError, ValueError, OverflowError) as fault:
        damage(type(fault).__name__)
    except BaseException as fault:
        # A panic inside the Rust parser arrives as a BaseException whose class cannot be imported.
        if type(fault).__name__ != "PanicException":
            raise
        damage("the parser gave up")


def _cells(rows: list[list[Raw]], scan: Scan) -> dict[tuple[int, int], Cell]:
    values = {
        (row, column): _plain(value)
        for row, line in enumerate(rows, start=1)
        for column, value in enumerate(line, start=1)
    }
    # The parser shows an error, and a formula that was never calculated, as nothing at all.
    places = {place for place, value in values.items() if value is not None} | scan.formulas | scan.errors
    return {place: Cell(*place, values.get(place), _trait(place, scan)) for place in sorted(places)}


def _trait(place: tuple[int, int], scan: Scan) -> Trait:
    if place in scan.formulas:
        return "formula"
    if place in scan.errors:
        return "error"
    return "percent" if place in scan.percentages else "plain"


def _plain(value: Raw) -> Raw:
    if isinstance(value, str) and not value.strip():
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < _BIGGEST_EXACT_INTEGER:
        return int(value)
    return value


def merged_places(merges: tuple[Area, ...]) -> dict[tuple[int, int], Area]:
    """Return the merged area that each place belongs to; Invalid where areas overlap."""
    merged = {
        (row, column): area
        for area in merges
        for row in range(area.top, area.bottom + 1)
        for column in range(area.left, area.right + 1)
    }
    if len(merged) != sum(area.size for area in merges):
        damage("merged areas overlap")
    return merged


def _hidden_notes(scan: Scan, cells: Mapping[tuple[int, int], Cell]) -> tuple[Finding, ...]:
    rows = sorted({row for row, _ in cells if row in scan.hidden_rows})
    columns = sorted({column for _, column in cells if column in scan.hidden_columns})
    places = [f"{row}:{row}" for row in rows] + [f"{letter(column)}:{letter(column)}" for column in columns]
    return tuple(_hidden_note(place) for place in places[:20])


def _hidden_note(place: str) -> Finding:
    return Finding(
        "hidden-cells",
        place,
        Text(
            zh=f"{place} 是隐藏的行或列，其中的内容也已读取。", en=f"{place} is hidden; its content was read as well."
        ),
        Text(zh="若不应计入，请删除后再上传。", en="If it is not meant to count, delete it and upload again."),
    )


def _other_sheets_note(entry: SheetEntry, others: tuple[str, ...]) -> tuple[Finding, ...]:
    if not others:
        return ()
    names = "、".join(f"「{name}」" for name in others[:20])
    return (
        Finding(
            "other-sheets-not-read",
            "file",
            Text(
                zh=f"只读取了工作表「{entry.name}」，未读取{names}。",
                en=f"Only the sheet “{entry.name}” was read; {names} was not.",
            ),
            Text(zh="若要读取其他工作表，请指定其名称。", en="To read another sheet, name it."),
        ),
    )
