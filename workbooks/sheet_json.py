"""Table 3-1 as the calculator's sheet (interfaces: `starledger score RULEBOOK SHEET`)."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from domain.findings import Finding, Invalid
from domain.text import Text
from workbooks.cells import name_key
from workbooks.confined import read_grid_confined
from workbooks.score_table import ScoreRow, ScoreTable, read_score_table


def workbook_as_sheet(
    content: bytes,
    *,
    period: str | None = None,
    roster_size: int | None = None,
    expected_weights: Mapping[str, Decimal] | None = None,
    sheet: str | None = None,
) -> dict[str, object]:
    """Return the sheet of a Table 3-1 workbook; Invalid with every finding where it cannot be used as it stands."""
    table = read_score_table(read_grid_confined(content, sheet), expected_weights)
    return as_sheet(table, period=period, roster_size=roster_size)


def as_sheet(table: ScoreTable, *, period: str | None = None, roster_size: int | None = None) -> dict[str, object]:
    """Return the sheet of a table as read: ids are numbers where given, else names; a missing score is null.

    Without `period`, the one year that the title states is taken, if it states one; without `roster_size` the people
    listed are counted.
    """
    findings = (*table.findings, *_shared_ids(table.rows))
    if findings:
        raise Invalid(findings)
    known = {"period": period or table.year} if period or table.year else {}
    return {
        **known,
        "roster_size": len(table.rows) if roster_size is None else roster_size,
        "people": [_person(row) for row in table.rows],
    }


def _person(row: ScoreRow) -> dict[str, object]:
    return {
        "id": _id(row),
        "components": {
            code: None if cell.points is None else f"{cell.points:f}"
            for code, cell in row.cells.items()
            if cell.standing != "not_applicable"
        },
        "not_applicable": [code for code, cell in row.cells.items() if cell.standing == "not_applicable"],
    }


def _id(row: ScoreRow) -> str:
    return row.person_id or name_key(row.name)


def _shared_ids(rows: tuple[ScoreRow, ...]) -> list[Finding]:
    times = Counter(_id(row) for row in rows)
    return [_shared(row) for row in rows if times[_id(row)] > 1]


def _shared(row: ScoreRow) -> Finding:
    return Finding(
        "name-doubled",
        row.address,
        Text(
            zh=f"第 {row.row} 行「{_id(row)}」在表中不止一次。",
            en=f"Row {row.row}: “{_id(row)}” stands in the table more than once.",
        ),
        Text(
            zh="请删去重复的行；若是同名的两人，请增加「编号」一列。",
            en="Delete the doubled row; if they are two people of one name, add a column 编号.",
        ),
    )
