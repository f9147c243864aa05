"""Rows and contenders with figures that nobody measured."""

from bench.measuring import Contender, Measured, Role, Row, Sample
from bench.outcome import Line
from domain.text import Text


def measured(role: Role, *values: float, name: str | None = None, settings: dict[str, str] | None = None) -> Measured:
    """Return a contender that was measured with these figures."""
    durable = {"journal_mode": "wal", "synchronous": "2"}
    contender = Contender(name or role, role, "does it", lambda: Sample(0), "sqlite", writes=True)
    return Measured(contender, [Sample(value, durable if settings is None else settings) for value in values])


def line(*contenders: Measured, key: str = "some-row", **row: float | bool) -> Line:
    """Return a row of these contenders."""
    found = tuple(one.contender for one in contenders)
    return Line(Row(key, Text("工作", "work"), "facts/s", found, **row), contenders)  # type: ignore[arg-type]
