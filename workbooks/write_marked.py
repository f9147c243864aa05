"""The sheet back with its bad cells marked (S3): the values as they came, a colour, and the reason as a comment."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from math import isfinite

from domain.findings import Finding
from domain.text import Text
from workbooks.address import parse_address
from workbooks.book import Format, Workbook, Worksheet, build, comment, set_up_a4_landscape, style, write_text
from workbooks.grid import Cell, Grid, as_text

_BAD = "#FFC7CE"
_SUMMARY = "问题"


def write_marked(grid: Grid, findings: Sequence[Finding]) -> bytes:
    """Return the sheet with every cell named by a finding coloured and commented, and a second sheet listing all."""

    def fill(workbook: Workbook) -> None:
        page = workbook.add_worksheet(_safe_name(grid.sheet))
        marks = _marks(findings)
        _write_cells(workbook, page, grid, marks)
        for (row, column), reasons in marks.items():
            comment(page, row - 1, column - 1, reasons)
        _list_findings(workbook, findings)

    return build(fill)


def _safe_name(name: str) -> str:
    unfit = not name or len(name) > 31 or set(name) & set("[]:*?/\\") or name.startswith("'") or name.endswith("'")  # noqa: PLR2004 - Excel's limit
    return "Sheet1" if unfit or name in {_SUMMARY, "History"} else name


def _marks(findings: Sequence[Finding]) -> dict[tuple[int, int], list[Text]]:
    marks: dict[tuple[int, int], list[Text]] = {}
    for finding in findings:
        place = parse_address(finding.place)
        if place is not None:
            text = Text(zh=f"{finding.message.zh}{finding.remedy.zh}", en=f"{finding.message.en} {finding.remedy.en}")
            marks.setdefault(place, []).append(text)
    return marks


def _write_cells(workbook: Workbook, page: Worksheet, grid: Grid, marks: Mapping[tuple[int, int], object]) -> None:
    looks = _Looks(workbook)
    for area in grid.merges:
        if area.size > 1:
            page.merge_range(area.top - 1, area.left - 1, area.bottom - 1, area.right - 1, "", looks.plain)
    for cell in grid.cells.values():
        _write_cell(page, cell, looks, bad=(cell.row, cell.column) in marks)
    for row, column in marks:
        if (row, column) not in grid.cells:
            page.write_blank(row - 1, column - 1, None, looks.bad)
    page.set_column(0, max(0, grid.width - 1), 14)
    for row in {cell.row for cell in grid.cells.values() if isinstance(cell.raw, str) and "\n" in cell.raw}:
        page.set_row(row - 1, 36)
    set_up_a4_landscape(page, (0, 0))


class _Looks:
    """The few formats of a marked sheet."""

    def __init__(self, workbook: Workbook) -> None:
        self.plain = style(workbook, border=1, align="center")
        self.bad = style(workbook, border=1, align="center", bg_color=_BAD)
        self._workbook = workbook
        self._dated: dict[tuple[str, bool], Format] = {}

    def numbered(self, pattern: str, *, bad: bool) -> Format:
        """Return the look of a number or date shown by `pattern`."""
        key = (pattern, bad)
        if key not in self._dated:
            colour = {"bg_color": _BAD} if bad else {}
            self._dated[key] = style(self._workbook, border=1, align="center", num_format=pattern, **colour)
        return self._dated[key]


def _write_cell(page: Worksheet, cell: Cell, looks: _Looks, *, bad: bool) -> None:
    row, column, raw = cell.row - 1, cell.column - 1, cell.raw
    look = looks.bad if bad else looks.plain
    if isinstance(raw, bool):
        page.write_boolean(row, column, raw, look)
    elif isinstance(raw, int | float) and isfinite(raw):
        page.write_number(row, column, raw, looks.numbered("0.00%", bad=bad) if cell.trait == "percent" else look)
    elif isinstance(raw, date | time | timedelta):
        page.write_datetime(row, column, raw, looks.numbered("yyyy-mm-dd", bad=bad))
    else:
        write_text(page, row, column, as_text(raw), look)


def _list_findings(workbook: Workbook, findings: Sequence[Finding]) -> None:
    page = workbook.add_worksheet(_SUMMARY)
    head, body = style(workbook, bold=True, border=1), style(workbook, border=1)
    page.set_column(0, 0, 12)
    page.set_column(1, 2, 60)
    for column, label in enumerate(("位置", "问题", "怎么办")):
        write_text(page, 0, column, label, head)
    for row, finding in enumerate(findings, start=1):
        for column, text in enumerate((finding.place, finding.message.zh, finding.remedy.zh)):
            write_text(page, row, column, text, body)
