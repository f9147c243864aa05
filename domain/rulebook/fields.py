"""Reading a TOML document field by field, collecting everything that is wrong with the place where it stands."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from domain.findings import Finding
from domain.text import Text

Word = TypeVar("Word", bound=str)
_PLAIN = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")
_SHARE = re.compile(r"([0-9]{1,4})/([1-9][0-9]{0,3})")
_ABSENT = object()


class Table:
    """One table of a document; every reader returns a usable value and notes a finding where there was none."""

    def __init__(self, data: Mapping[str, object], place: str, findings: list[Finding]) -> None:
        """Read `data`, which stands at `place`, and add what is wrong to `findings`."""
        self._data = data
        self._place = place
        self._findings = findings
        self._seen: set[str] = set()

    def __contains__(self, name: str) -> bool:
        """Return whether the table gives `name` at all."""
        return name in self._data

    def place_of(self, name: str) -> str:
        """Return the place of field `name`, such as `bands[3].low`."""
        return f"{self._place}.{name}" if self._place else name

    def wrong(self, code: str, name: str, message: Text, remedy: Text) -> None:
        """Note a finding at field `name`."""
        self._findings.append(Finding(code, self.place_of(name), message, remedy))

    def word(self, name: str, default: str | None = None) -> str:
        """Return a text of one language."""
        value = self._take(name, default)
        if isinstance(value, str) and (value.strip() or default is not None):
            return value
        return self._unfit(name, value, Text(zh="一段文字", en="a text"), "")

    def words(self, name: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self._take(name, default)
        if isinstance(value, list | tuple) and all(isinstance(word, str) and word for word in value):
            return tuple(value)
        return self._unfit(name, value, Text(zh="文字列表", en="a list of texts"), ())

    def choice(self, name: str, allowed: tuple[Word, ...], default: str | None = None) -> Word:
        """Return one of the `allowed` words."""
        value = self._take(name, default)
        for word in allowed:
            if value == word:
                return word
        listed = " · ".join(allowed)
        return self._unfit(name, value, Text(zh=f"以下之一：{listed}", en=f"one of {listed}"), allowed[0])

    def choices(self, name: str, allowed: tuple[Word, ...]) -> tuple[Word, ...]:
        """Return a list of the `allowed` words."""
        listed = " · ".join(allowed)
        given = self._take(name, None)
        if isinstance(given, list) and given and all(word in allowed for word in given):
            return tuple(word for word in allowed if word in given)
        return self._unfit(name, given, Text(zh=f"列表，取自：{listed}", en=f"a list out of {listed}"), ())

    def flag(self, name: str, *, default: bool | None = None) -> bool:
        """Return true or false."""
        value = self._take(name, default)
        return (
            value
            if isinstance(value, bool)
            else self._unfit(name, value, Text(zh="true或false", en="true or false"), stand_in=False)
        )

    def whole(self, name: str, default: int | None = None, *, low: int = 0) -> int:
        """Return an integer not below `low`."""
        value = self._take(name, default)
        if isinstance(value, int) and not isinstance(value, bool) and value >= low:
            return value
        return self._unfit(name, value, Text(zh=f"不小于{low}的整数", en=f"an integer not below {low}"), low)

    def number(self, name: str) -> Decimal:
        """Return an exact decimal that stands as an integer, a decimal or a text."""
        value = exact(self._take(name, None))
        return value if value is not None else self._unfit(name, self._data.get(name, _ABSENT), _A_NUMBER, Decimal(0))

    def numbers(self, name: str) -> tuple[Decimal, ...]:
        """Return a list of exact numbers, an empty one where the field is left out."""
        value = self._take(name, [])
        read = [exact(entry) for entry in value] if isinstance(value, list) else [None]
        if all(entry is not None for entry in read):
            return tuple(entry for entry in read if entry is not None)
        return self._unfit(name, value, Text(zh="数字列表", en="a list of numbers"), ())

    def number_or_none(self, name: str) -> Decimal | None:
        """Return an exact decimal, or None where the field is left out."""
        return self.number(name) if name in self._data else None

    def share(self, name: str) -> Fraction:
        """Return a fraction written such as "1/2"."""
        value = self._take(name, None)
        match = _SHARE.fullmatch(value) if isinstance(value, str) else None
        if match:
            return Fraction(int(match[1]), int(match[2]))
        return self._unfit(name, value, Text(zh="分数，如“1/2”", en='a fraction such as "1/2"'), Fraction(0))

    def day_or_none(self, name: str) -> date | None:
        """Return a day, or None where the field is left out."""
        value = self._take(name, "")
        if value == "":
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        return self._unfit(name, value, Text(zh="日期，如2025-01-06", en="a day such as 2025-01-06"), None)

    def both(self, name: str) -> Text:
        """Return a text in the two languages, written { zh = "…", en = "…" }."""
        pair = self.table(name)
        text = Text(zh=pair.word("zh"), en=pair.word("en"))
        pair.done()
        return text

    def points(self, name: str) -> dict[str, Decimal]:
        """Return a table of numbers by word."""
        table = self.table(name)
        read = {word: table.number(word) for word in table._data}  # noqa: SLF001 - the same class
        table.done()
        return read

    def table(self, name: str, *, optional: bool = False) -> "Table":
        """Return the table `name`, an empty one where it is absent."""
        value = self._take(name, {} if optional else None)
        if not isinstance(value, Mapping):
            value = self._unfit(name, value, Text(zh="一个表", en="a table"), {})
            return Table(value, self.place_of(name), [])
        return Table(value, self.place_of(name), self._findings)

    def tables(self, name: str, *, optional: bool = False) -> tuple["Table", ...]:
        """Return the tables of the array `name`."""
        value = self._take(name, [] if optional else None)
        if not isinstance(value, list) or not all(isinstance(entry, Mapping) for entry in value):
            value = self._unfit(name, value, Text(zh="表的列表", en="a list of tables"), [])
        place = self.place_of(name)
        return tuple(Table(entry, f"{place}[{number}]", self._findings) for number, entry in enumerate(value))

    def plain(self, name: str) -> object:
        """Return what stands in a field as it stands, None where it is left out; the caller reads on by its shape."""
        self._seen.add(name)
        return self._data.get(name)

    def done(self) -> None:
        """Note every field that nothing has read."""
        for name in self._data:
            if name not in self._seen:
                message = Text(zh=f"不认识的字段“{name}”", en=f"the field “{name}” is not known")
                self.wrong(
                    "field-unknown", name, message, Text(zh="改正拼写或删去。", en="Correct its spelling or remove it.")
                )

    def _take(self, name: str, default: object) -> object:
        self._seen.add(name)
        return self._data.get(name, _ABSENT if default is None else default)

    def _unfit(self, name: str, value: object, wanted: Text, stand_in: "Value") -> "Value":
        if value is _ABSENT:
            message = Text(zh=f"缺少“{name}”", en=f"“{name}” is left out")
            remedy = Text(zh=f"补上{wanted.zh}。", en=f"Give {wanted.en}.")
            self.wrong("field-missing", name, message, remedy)
        else:
            shown = str(value)[:40]
            message = Text(zh=f"“{name}”的值“{shown}”不合要求", en=f"“{name}” is “{shown}”")
            remedy = Text(zh=f"应为{wanted.zh}。", en=f"It should be {wanted.en}.")
            self.wrong("field-unfit", name, message, remedy)
        return stand_in


Value = TypeVar("Value")
_A_NUMBER = Text(zh="数字（整数或不超过6位小数）", en="a number (an integer or at most 6 decimals)")


def exact(value: object) -> Decimal | None:
    """Return the exact decimal that `value` writes plainly, or None; a binary float is never one."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    if isinstance(value, int):
        return Decimal(value) if abs(value) < 10**9 else None
    written = str(value)
    return Decimal(written) if _PLAIN.fullmatch(written) else None
