"""JSON as a sheet may be written: no field twice, no NaN, no number that is not plain, nothing nested beyond reason."""

import json
import re
from datetime import date
from decimal import Decimal
from typing import NoReturn

from domain.findings import Finding, Invalid
from domain.text import Text

MOST_DECIMALS = 6
_PLAIN = re.compile(r"-?[0-9]{1,9}(\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class DoubledError(ValueError):
    """A field that stands twice in one object."""

    def __init__(self, field: str) -> None:
        """Name the field."""
        self.field = field
        super().__init__(f"the field {field!a} stands twice in one place")


def read_json(document: bytes) -> object:
    """Return the value that `document` (JSON, UTF-8) writes, its decimals exact; Invalid where it is not readable."""
    try:
        return json.loads(
            document.decode("utf-8-sig"),
            parse_float=_number,
            parse_int=_number,
            parse_constant=no_number,
            object_pairs_hook=_fields,
        )
    except DoubledError as fault:
        field = fault.field
        message = Text(zh=f"字段“{field}”在同一处出现两次", en=f"the field “{field}” stands twice in one place")
        remedy = Text(zh="只保留一个。", en="Keep one of them.")
        raise Invalid((Finding("field-doubled", field, message, remedy),)) from fault
    except (ValueError, RecursionError) as fault:
        message = Text(zh=f"无法按JSON（UTF-8）读取：{fault}", en=f"the sheet is not readable JSON in UTF-8: {fault}")
        remedy = Text(zh="按所示位置改正后再试。", en="Correct it at the place named and try again.")
        raise Invalid((Finding("sheet-unreadable", "sheet", message, remedy),)) from fault


def _fields(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if not all(name.isprintable() for name, _ in pairs):
        message = "a field name is not printable"
        raise ValueError(message)
    return fields_once(pairs)


def fields_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return the fields of a JSON object; `DoubledError` where one stands twice."""
    read = dict(pairs)
    if len(read) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise DoubledError(name)
            seen.add(name)
    return read


def _number(written: str) -> Decimal | str:
    """Keep a plain number exactly; anything else, such as 1e999, stays the text it is, to be named where it stands."""
    return Decimal(written) if _PLAIN.fullmatch(written) else written


def no_number(written: str) -> NoReturn:
    """Refuse NaN and Infinity, which JSON does not have: ValueError."""
    message = f"{written} is not a number"
    raise ValueError(message)


def plain_decimal(value: object) -> Decimal | None:
    """Return the decimal that `value` writes plainly, as a number or a text, or None."""
    if isinstance(value, str):
        return Decimal(value) if _PLAIN.fullmatch(value) else None
    return value if isinstance(value, Decimal) else None


def fine_enough(points: Decimal) -> bool:
    """Return whether points are a number of at most `MOST_DECIMALS` decimals, as scores are kept."""
    exponent = points.as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= MOST_DECIMALS


def plain_count(value: object) -> int | None:
    """Return the number of people or ballots that `value` writes, or None; a text is none."""
    if isinstance(value, Decimal) and value == value.to_integral_value() and value >= 0:
        return int(value)
    return None


def plain_day(value: object) -> date | None:
    """Return the day that `value` writes as YYYY-MM-DD, or None."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
