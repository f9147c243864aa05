"""The kinds of columns that views have: the same values come back from SQLite and from PostgreSQL."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Dialect, MetaData, String, Text
from sqlalchemy.types import TypeDecorator

SCHEMA = "views"

metadata = MetaData(schema=SCHEMA)


class Instant(TypeDecorator[datetime]):
    """A point in time; comes back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store in UTC."""
        del dialect
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return in UTC; SQLite forgets that it was."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Free text; U+0000, which PostgreSQL cannot keep, becomes U+FFFD on both engines."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Store what both engines can keep."""
        del dialect
        return None if value is None else value.replace("\0", "\N{REPLACEMENT CHARACTER}")


class Listed(TypeDecorator[tuple[Any, ...]]):
    """A short list of texts, kept as JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[Any, ...] | None, dialect: Dialect) -> str | None:
        """Store as one line of JSON (which escapes U+0000)."""
        del dialect
        return None if value is None else json.dumps(list(value), ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[Any, ...] | None:
        """Return the list as a tuple."""
        del dialect
        return None if value is None else tuple(json.loads(value))


def ledger_id() -> Column[str]:
    """Return the column that leads every primary key: whose row it is."""
    return Column("ledger_id", String, primary_key=True)


def key(name: str) -> Column[str]:
    """Return a column of the primary key that holds an id."""
    return Column(name, String, primary_key=True)


def reference(name: str) -> Column[str | None]:
    """Return a column that holds an id, or nothing."""
    return Column(name, String)
