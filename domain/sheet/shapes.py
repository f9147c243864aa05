"""The shapes that a sheet is made of, each read plainly or noted with the place where it does not fit."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from domain.findings import Finding
from domain.sheet.plain import plain_count, plain_day, plain_decimal
from domain.text import Text

_LONGEST_ID = 200


class Shapes:
    """Reads shapes, returns a usable value for each, and collects what does not fit."""

    def __init__(self) -> None:
        """Begin without findings."""
        self.findings: list[Finding] = []

    def fields_of(self, value: object, at: str, known: frozenset[str] | None = None) -> Mapping[str, object]:
        """Return the object at `at`; where `known` names its fields, no other may stand in it."""
        if not isinstance(value, dict):
            self.unfit(at, value, Text(zh="一个对象{…}", en="an object {…}"))
            return {}
        for name in value:
            if known is not None and name not in known:
                message = Text(zh=f"不认识的字段“{name}”", en=f"the field “{name}” is not known")
                remedy = Text(zh="改正拼写或删去。", en="Correct its spelling or remove it.")
                self.findings.append(Finding("field-unknown", f"{at}.{name}", message, remedy))
        return value

    def id(self, value: object, at: str) -> str:
        """Return a person's id."""
        if isinstance(value, str) and value.strip() and len(value) <= _LONGEST_ID and value.isprintable():
            return value
        self.unfit(at, value, Text(zh="编号（可打印的文字）", en="an id (printable text)"))
        return ""

    def word(self, value: object, at: str) -> str:
        """Return a text."""
        if isinstance(value, str) and (value.isprintable() or not value):
            return value
        self.unfit(at, value, Text(zh="一段文字", en="a text"))
        return ""

    def flag(self, value: object, at: str) -> bool:
        """Return true or false."""
        if not isinstance(value, bool):
            self.unfit(at, value, Text(zh="true或false", en="true or false"))
        return value is True

    def count(self, value: object, at: str) -> int | None:
        """Return a number of people or ballots, None where it is left out."""
        count = plain_count(value)
        if count is None and value is not None:
            self.unfit(at, value, Text(zh="不小于0的整数", en="an integer not below 0"))
        return count

    def day(self, value: object, at: str) -> date | None:
        """Return a day, None where it is left out."""
        day = plain_day(value)
        if day is None and value is not None:
            self.unfit(at, value, Text(zh="日期，如2025-03-05", en="a day such as 2025-03-05"))
        return day

    def points(self, value: object, at: str) -> Decimal | None:
        """Return the exact number that a score writes."""
        points = plain_decimal(value)
        if points is None:
            self.unfit(at, value, Text(zh="分数，如“92”或“92.5”", en='a score such as "92" or "92.5"'))
        return points

    def codes(self, value: object, at: str, wanted: Text) -> frozenset[str]:
        """Return a list of codes."""
        if isinstance(value, list) and all(isinstance(code, str) for code in value):
            return frozenset(value)
        self.unfit(at, value, wanted)
        return frozenset()

    def positions(self, value: object, at: str) -> tuple[int, ...]:
        """Return positions in the ledger."""
        read = [plain_count(entry) for entry in value] if isinstance(value, list) else [None]
        if all(read):
            return tuple(entry for entry in read if entry)
        self.unfit(at, value, Text(zh="账本位置的列表", en="a list of ledger positions"))
        return ()

    def unfit(self, at: str, value: object, wanted: Text) -> None:
        """Note that the value at `at` is not what it should be."""
        shown = "null" if value is None else f"“{_printable(str(value)[:40])}”"
        message = Text(zh=f"值{shown}不合要求", en=f"the value is {shown}")
        remedy = Text(zh=f"应为{wanted.zh}。", en=f"It should be {wanted.en}.")
        self.findings.append(Finding("field-unfit", at, message, remedy))


def _printable(written: str) -> str:
    return written.encode("utf-8", "backslashreplace").decode()
