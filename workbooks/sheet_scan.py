"""One pass over a sheet's XML before it is parsed: how big it is, and what its values cannot show by themselves.

A parser hands over the cached value of a formula, an error as an empty cell and 90 % as 0.9. Here those cells are
found, and a sheet whose cells would fill the memory is refused while it is still text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from domain.text import Text
from workbooks.address import Area, parse_address, parse_area
from workbooks.package import damage, refuse
from workbooks.xml_stream import Listener, stream

MAX_ROWS = 10_000
MAX_COLUMNS = 200
MAX_CELLS = 200_000
MAX_TEXT_CHARACTERS = 8_000_000

_HOLDS_A_VALUE = frozenset({"v", "is", "f"})


@dataclass(frozen=True, slots=True)
class Scan:
    """What one pass over a sheet found; rows and columns are counted from 1."""

    height: int
    width: int
    formulas: frozenset[tuple[int, int]]
    errors: frozenset[tuple[int, int]]
    percentages: frozenset[tuple[int, int]]
    merges: tuple[Area, ...]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]


@dataclass(slots=True)
class _Scanner:
    """The state of one pass; mutable, because XML arrives as events."""

    part: str
    percent_styles: frozenset[int]
    string_lengths: list[int]
    row: int = 0
    column: int = 0
    kind: str = "n"
    style: str = ""
    reading_value: bool = False
    value: str = ""
    height: int = 0
    width: int = 0
    filled: int = 0
    text_characters: int = 0
    formulas: set[tuple[int, int]] = field(default_factory=set)
    formula_areas: list[Area] = field(default_factory=list)
    errors: set[tuple[int, int]] = field(default_factory=set)
    percentages: set[tuple[int, int]] = field(default_factory=set)
    merges: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[Area] = field(default_factory=list)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            self._cell(attributes)
        elif name in _HOLDS_A_VALUE:
            self._value(name, attributes)
        elif name == "row":
            self._row(attributes)
        elif name == "mergeCell":
            self._area(self.merges, attributes.get("ref", ""))
        elif name == "col" and attributes.get("hidden") in {"1", "true"}:
            self._hidden_columns(attributes)

    def end(self, name: str) -> None:
        if name == "v":
            self.reading_value = False
            if self.kind == "s":
                self.text_characters += self._shared_length()
                self._check_size()

    def characters(self, text: str) -> None:
        if self.reading_value and self.kind == "s":
            self.value += text
        else:
            self.text_characters += len(text)

    def _row(self, attributes: Mapping[str, str]) -> None:
        self.row = self._number(attributes.get("r"), self.row + 1)
        self.column = 0
        if attributes.get("hidden") in {"1", "true"}:
            self.hidden_rows.add(self.row)
            self._check_areas(self.hidden_rows)

    def _cell(self, attributes: Mapping[str, str]) -> None:
        place = parse_address(attributes["r"]) if "r" in attributes else (self.row, self.column + 1)
        if place is None:
            damage(f"{self.part}: cell without a place")
        self.row, self.column = place
        self.kind = attributes.get("t", "n")
        self.style = attributes.get("s", "")

    def _value(self, name: str, attributes: Mapping[str, str]) -> None:
        place = (self.row, self.column)
        self.filled += name != "f"
        self.height, self.width = max(self.height, self.row), max(self.width, self.column)
        self._check_size()
        self.reading_value, self.value = name == "v", ""
        if name == "f":
            self.formulas.add(place)
            if "ref" in attributes and attributes.get("t") in {"array", "dataTable"}:
                self._area(self.formula_areas, attributes["ref"])
        if self.kind == "e":
            self.errors.add(place)
        if self.style.isdecimal() and int(self.style[:9]) in self.percent_styles:
            self.percentages.add(place)

    def _shared_length(self) -> int:
        index = self._number(self.value.strip(), len(self.string_lengths))
        if index >= len(self.string_lengths):
            damage(f"{self.part}: a text that is not there")
        return self.string_lengths[index]

    def _area(self, areas: list[Area], reference: str) -> None:
        area = parse_area(reference)
        if area is None:
            damage(f"{self.part}: area {reference[:20]!r}")
        areas.append(area)
        self._check_areas(areas)

    def _hidden_columns(self, attributes: Mapping[str, str]) -> None:
        first = self._number(attributes.get("min"), 1)
        last = self._number(attributes.get("max"), first)
        self.hidden_columns.append(Area(1, first, 1, last))
        self._check_areas(self.hidden_columns)

    def _number(self, text: str | None, default: int) -> int:
        if text is None:
            return default
        if not (text.isascii() and text.isdecimal()) or len(text) > len("1048576"):
            damage(f"{self.part}: number {text[:20]!r}")
        return int(text)

    def _check_areas(self, areas: list[Area] | set[int]) -> None:
        if len(areas) > MAX_ROWS:
            _too_many_cells()

    def _check_size(self) -> None:
        if (
            self.height > MAX_ROWS
            or self.width > MAX_COLUMNS
            or self.filled > MAX_CELLS
            or self.text_characters > MAX_TEXT_CHARACTERS
        ):
            _too_many_cells()


def scan_sheet(part: str, content: bytes, percent_styles: frozenset[int], string_lengths: list[int]) -> Scan:
    """Return what one pass over the sheet found; Invalid where it is damaged or bigger than any branch's table.

    Array formulas stand in one cell and fill their whole range, so the range counts as formulas too.
    """
    seen = _Scanner(part, percent_styles, string_lengths)
    stream(part, content, Listener(seen.start, seen.end, seen.characters))
    height, width = seen.height, seen.width
    merges = tuple(area.within(height, width) for area in seen.merges)
    _check_total(merges)
    return Scan(
        height,
        width,
        frozenset(seen.formulas | _places([area.within(height, width) for area in seen.formula_areas])),
        frozenset(seen.errors),
        frozenset(seen.percentages),
        merges,
        frozenset(row for row in seen.hidden_rows if row <= height),
        frozenset(c for area in seen.hidden_columns for c in range(area.left, min(area.right, width) + 1)),
    )


def _places(areas: list[Area]) -> set[tuple[int, int]]:
    _check_total(areas)
    return {
        (row, column)
        for area in areas
        for row in range(area.top, area.bottom + 1)
        for column in range(area.left, area.right + 1)
    }


def _check_total(areas: Sequence[Area]) -> None:
    if sum(area.size for area in areas) > MAX_CELLS:
        _too_many_cells()


def _too_many_cells() -> NoReturn:
    refuse(
        "sheet-too-big",
        Text(
            zh=f"工作表超过 {MAX_ROWS} 行、{MAX_COLUMNS} 列或内容过多，不像支部表格，未予读取。",
            en=f"The sheet has more than {MAX_ROWS} rows or {MAX_COLUMNS} columns, or far too much content; not read.",
        ),
        Text(
            zh="请把表格部分复制到新工作簿（只粘贴数值）再上传。",
            en="Copy just the table into a new workbook (paste values only) and upload that.",
        ),
        place="sheet",
    )
