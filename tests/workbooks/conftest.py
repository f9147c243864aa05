"""Workbooks as secretaries make them, built with XlsxWriter: shared by the tests of this package."""

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]

HEAD = [
    "序号",
    "姓名",
    "工作业绩（35%）",
    "党内活动（40%）",
    None,
    "群众评价（20%）",
    "个人自评（5%）",
    "总分（100分）",
]
SUBHEAD = [None, None, None, "党小组评价（60%）", "党支部评价（40%）"]
HEAD_MERGES = ("A1:H1", "A3:A4", "B3:B4", "C3:C4", "D3:E3", "F3:F4", "G3:G4", "H3:H4")

MakeWorkbook = Callable[..., bytes]


class Formula(str):
    """A cell to be written as a formula with a cached value of 90."""

    __slots__ = ()


class Percent(float):
    """A number shown as a percentage."""

    __slots__ = ()


def _write(page: Any, workbook: Any, place: tuple[int, int], value: object) -> None:  # noqa: ANN401 - untyped library
    if isinstance(value, Formula):
        page.write_formula(*place, str(value), None, 90)
    elif isinstance(value, Percent):
        page.write_number(*place, float(value), workbook.add_format({"num_format": "0%"}))
    elif isinstance(value, date):
        page.write_datetime(*place, value, workbook.add_format({"num_format": "yyyy-mm-dd"}))
    elif value is not None:
        page.write(*place, value)


def make_workbook(
    rows: Sequence[Sequence[object]],
    *,
    merges: Sequence[str] = (),
    hidden_rows: Sequence[int] = (),
    hidden_columns: Sequence[str] = (),
    sheets: Mapping[str, Sequence[Sequence[object]]] | None = None,
    sheet: str = "Sheet1",
) -> bytes:
    """Return an .xlsx of these rows from A1 on, with merged areas, hidden rows (from 1) and further sheets."""
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "in_memory": True})
    workbook.set_properties({"created": datetime(2026, 1, 8)})  # noqa: DTZ001 - the same bytes in every run
    for name, content in {sheet: rows, **(sheets or {})}.items():
        page = workbook.add_worksheet(name)
        for area in merges if name == sheet else ():
            page.merge_range(area, "")
        for row, values in enumerate(content):
            for column, value in enumerate(values):
                _write(page, workbook, (row, column), value)
    first = workbook.worksheets()[0]
    for row in hidden_rows:
        first.set_row(row - 1, None, None, {"hidden": True})
    for columns in hidden_columns:
        first.set_column(columns, None, None, {"hidden": True})
    workbook.close()
    return target.getvalue()


def make_table(*people: Sequence[object], foot: Sequence[Sequence[object]] = (), **options: Any) -> bytes:  # noqa: ANN401
    """Return Table 3-1 in its usual form with these rows below the header, which fills rows 1 to 4."""
    title: list[list[object]] = [["××机修车间党支部2025年度党员得分汇总表"], ["单位：机修车间", None, "日期：2026.1.8"]]
    return make_workbook([*title, HEAD, SUBHEAD, *people, *foot], merges=HEAD_MERGES, **options)


@pytest.fixture
def workbook() -> MakeWorkbook:
    return make_workbook


@pytest.fixture
def table_31() -> MakeWorkbook:
    return make_table


@pytest.fixture
def formula() -> Callable[[str], object]:
    return Formula


@pytest.fixture
def percent() -> Callable[[float], object]:
    return Percent


@pytest.fixture
def weights() -> dict[str, Decimal]:
    percentages = {"work": 35, "party": 40, "group": 60, "branch": 40, "masses": 20, "self": 5}
    return {code: Decimal(number) for code, number in percentages.items()}
