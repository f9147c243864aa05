"""Columns and values that never enter the ledger: national id numbers and phone numbers (design §3).

The file itself is kept as an attachment, so leaving such a column unread would not be enough: it must go.
"""

import re

from domain.findings import Finding
from domain.text import Text
from workbooks.cells import half_width
from workbooks.grid import Cell, Grid, as_text

_LABEL = re.compile(
    r"身份证|证件号|公民身份|电话|手机|联系方式|座机|phone|mobile|telephone|idcard|nationalid", re.IGNORECASE
)
_VALUE = re.compile(
    r"(?<!\d)(?:[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])"
    r"(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
    r"|(?:\+?86)?1[3-9]\d{9}|0\d{2,3}-\d{7,8})(?!\d)"
)
_MAX_FINDINGS = 50

_REMEDY = Text(
    zh="请删除该列或该内容，保存后再上传；原件会作为附件留存，不能含有此类信息。",
    en="Delete the column or the content, save and upload again; the file is kept, so it must not hold such data.",
)


def is_sensitive_label(label: str) -> bool:
    """Return whether a column with this label holds national id or phone numbers."""
    return _LABEL.search("".join(half_width(label).split()).replace("-", "")) is not None


def sensitive_findings(grid: Grid) -> list[Finding]:
    """Return a finding for each cell that looks like a national id or phone number; the value is not repeated."""
    found = [_value_finding(cell) for cell in grid.cells.values() if holds_sensitive(cell)]
    return found[:_MAX_FINDINGS]


def holds_sensitive(cell: Cell) -> bool:
    """Return whether a cell holds what looks like an 18-digit id, a mobile or a landline number."""
    if not isinstance(cell.raw, str | int | float) or isinstance(cell.raw, bool):
        return False
    text = f"{cell.raw:.0f}" if isinstance(cell.raw, float) else as_text(cell.raw)
    return _VALUE.search("".join(half_width(text).split())) is not None


def _value_finding(cell: Cell) -> Finding:
    return Finding(
        "sensitive-value",
        cell.address,
        Text(
            zh=f"{cell.address} 像是身份证号或电话号码，不得进入账本。",
            en=f"{cell.address} looks like a national id or phone number, which must not enter the ledger.",
        ),
        _REMEDY,
    )


def sensitive_label_finding(cell: Cell) -> Finding:
    """Return the finding for a column whose label announces such numbers."""
    return Finding(
        "sensitive-column",
        cell.address,
        Text(
            zh=f"「{cell.shown}」一列（{cell.address}）不得进入账本。",
            en=f"The column “{cell.shown}” ({cell.address}) must not enter the ledger.",
        ),
        _REMEDY,
    )
