"""Opening a workbook for writing: the same bytes for the same content, and no text ever becomes a formula."""

import io
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from domain.text import Text

__all__ = [
    "TITLE_FONT",
    "Format",
    "Workbook",
    "Worksheet",
    "build",
    "comment",
    "set_up_a4_landscape",
    "style",
    "write_decimal",
    "write_text",
]

FONT = "宋体"
TITLE_FONT = "黑体"
_A4 = 9
_NO_CREATION_TIME = datetime(2000, 1, 1)  # noqa: DTZ001 - a constant, so that equal content gives equal bytes
_EXACT_DIGITS = 15


def build(fill: Callable[[Workbook], None]) -> bytes:
    """Return the bytes of a workbook filled by `fill`; the time of writing does not enter."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = Workbook(target, options)
    workbook.set_properties({"created": _NO_CREATION_TIME, "author": "Starledger"})
    fill(workbook)
    workbook.close()
    return target.getvalue()


def style(workbook: Workbook, **properties: object) -> Format:
    """Return a cell format on the printed form's ground: 宋体 11, vertically centred, wrapped."""
    ground = {"font_name": FONT, "font_size": 11, "valign": "vcenter", "text_wrap": True}
    return workbook.add_format({**ground, **properties})


def set_up_a4_landscape(sheet: Worksheet, header_rows: tuple[int, int]) -> None:
    """Set the page: A4 landscape, one page wide, header rows (from 0) on every page, page numbers."""
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
    sheet.center_horizontally()
    sheet.repeat_rows(*header_rows)
    sheet.set_footer("&C第 &P 页 共 &N 页")


def write_text(sheet: Worksheet, row: int, column: int, text: str, cell_format: Format) -> None:
    """Write `text` as text, whatever it begins with, or a blank cell; row and column from 0."""
    if text:
        sheet.write_string(row, column, text, cell_format)
    else:
        sheet.write_blank(row, column, None, cell_format)


def write_decimal(sheet: Worksheet, row: int, column: int, number: Decimal, cell_format: Format) -> None:
    """Write a number so that it reads back exactly: as a number where Excel can hold it, else as its text."""
    if len(number.normalize().as_tuple().digits) <= _EXACT_DIGITS and Decimal(repr(float(number))) == number:
        sheet.write_number(row, column, float(number), cell_format)
    else:
        sheet.write_string(row, column, f"{number:f}", cell_format)


def comment(sheet: Worksheet, row: int, column: int, reasons: list[Text]) -> None:
    """Attach the reasons to a cell as a comment, Chinese first."""
    lines = [f"{reason.zh}\n{reason.en}" for reason in reasons]
    sheet.write_comment(row, column, "\n".join(lines)[:2000], {"author": "Starledger", "x_scale": 3, "y_scale": 2})
