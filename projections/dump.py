"""Everything that views hold, as text: what is compared to say that two folds came out identical (design §5)."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Connection, select

from projections.view import View


def dump(connection: Connection, ledger_id: str, views: Iterable[View]) -> str:
    """Return all rows of a ledger's views, one on each line, sorted; how far they have got is not part of it."""
    lines: list[str] = []
    for view in views:
        for table in view.tables:
            rows = connection.execute(select(table).where(table.c.ledger_id == ledger_id)).mappings()
            lines += (
                " ".join([table.name, *(f"{name}={_shown(row[name])}" for name in row if name != "ledger_id")])
                for row in rows
            )
    return "".join(f"{line}\n" for line in sorted(lines))


def _shown(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else ascii(value)
