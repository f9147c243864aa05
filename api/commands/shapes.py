"""What the fields of a command are in JSON: the schema, an example and the reader of each, made from its type.

The one place that knows. Numbers that count towards a score are decimals in text, days and times ISO 8601, private
words plain text that no error repeats. Nothing unknown is passed over, so that what is misspelt is never left out.
"""

import dataclasses
import re
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final, NewType

from api.commands.faults import Fault, Unfit
from api.commands.samples import sample_id, sample_of
from domain.ids import ATTACHED, KINDS, LONGEST_ID
from domain.sealed import Sealed

MOST_ITEMS: Final = 5_000
LARGEST: Final = 2**31 - 1
_ID: Final = re.compile(rf"[A-Za-z0-9_.\-]{{1,{LONGEST_ID}}}")
SHA256: Final = re.compile(r"[0-9a-f]{64}")
_DECIMAL: Final = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")
_DAY: Final = re.compile(r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")
_INSTANT: Final = re.compile(_DAY.pattern + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+\-][0-9]{2}:[0-9]{2})")


@dataclass(frozen=True, slots=True)
class Shape:
    """A type in JSON; `read(value, place)` returns the domain's value, or raises `Unfit` with all that is wrong."""

    schema: Mapping[str, Any]
    example: Any
    read: Callable[[Any, str], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record, its shape, and whether it must be there."""

    name: str
    hint: Any
    shape: Shape
    required: bool


def fields_of(record: type) -> tuple[Field, ...]:
    """Return the fields of a dataclass in their order."""
    hints = typing.get_type_hints(record)
    return tuple(
        Field(each.name, hints[each.name], shape_of(hints[each.name], each.name), each.default is dataclasses.MISSING)
        for each in dataclasses.fields(record)
    )


def shape_of(hint: Any, name: str) -> Shape:  # noqa: ANN401 - any type that a field may have
    """Return the shape of a type; `name` is that of the field, for an example that means something."""
    if isinstance(hint, NewType):
        return _matching(SHA256, "not-a-file", sample_id(hint)) if hint in ATTACHED else _id(hint)
    if dataclasses.is_dataclass(hint):
        return record_shape(fields_of(typing.cast("type", hint)), typing.cast("type", hint))
    if typing.get_origin(hint) is tuple:
        return _list_of(shape_of(typing.get_args(hint)[0], name))
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return _or_null(shape_of(next(part for part in typing.get_args(hint) if part is not type(None)), name))
    if typing.get_origin(hint) is typing.Literal:
        return _one_of(typing.get_args(hint))
    return _PLAIN[hint](sample_of(hint, name))


def inner_of(hint: Any) -> Any:  # noqa: ANN401
    """Return what an optional or repeated type is made of."""
    parts = [part for part in typing.get_args(hint) if part not in (type(None), Ellipsis)]
    return parts[0] if typing.get_origin(hint) in (tuple, typing.Union, types.UnionType) else hint


def record_shape(fields: Sequence[Field], make: Callable[..., Any]) -> Shape:
    """Return the shape of an object with exactly these fields, of which `make` makes the value."""
    schema = {
        "type": "object",
        "properties": {field.name: field.shape.schema for field in fields},
        "required": [field.name for field in fields if field.required],
        "additionalProperties": False,
    }
    example = {field.name: field.shape.example for field in fields}
    return Shape(schema, example, partial(_read_record, {field.name: field for field in fields}, make))


def _read_record(fields: Mapping[str, Field], make: Callable[..., Any], value: Any, place: str) -> Any:  # noqa: ANN401
    if not isinstance(value, dict):
        raise Unfit(Fault(place, "not-an-object"))
    faults = [Fault(_within(place, _shown(name)), "unknown-field") for name in value if name not in fields]
    read: dict[str, Any] = {}
    for name, field in fields.items():
        try:
            if name in value:
                read[name] = field.shape.read(value[name], _within(place, name))
            elif field.required:
                faults.append(Fault(_within(place, name), "missing"))
        except Unfit as unfit:
            faults += unfit.faults
    if faults:
        raise Unfit(*faults)
    return make(**read)


def _within(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _shown(name: str) -> str:
    """Return a field's name as it may stand in an answer: what is no name at all is not repeated."""
    return name if _ID.fullmatch(name) else "…"


def _list_of(item: Shape) -> Shape:
    def read(value: Any, place: str) -> tuple[Any, ...]:  # noqa: ANN401
        if not isinstance(value, list):
            raise Unfit(Fault(place, "not-a-list"))
        if len(value) > MOST_ITEMS:
            raise Unfit(Fault(place, "too-many"))
        found, faults = [], list[Fault]()
        for number, each in enumerate(value):
            try:
                found.append(item.read(each, f"{place}[{number}]"))
            except Unfit as unfit:
                faults += unfit.faults
        if faults:
            raise Unfit(*faults)
        return tuple(found)

    return Shape({"type": "array", "items": item.schema, "maxItems": MOST_ITEMS}, [item.example], read)


def _or_null(inner: Shape) -> Shape:
    def read(value: Any, place: str) -> Any:  # noqa: ANN401
        return None if value is None else inner.read(value, place)

    return Shape({"anyOf": [inner.schema, {"type": "null"}]}, inner.example, read)


def _one_of(words: Sequence[Any]) -> Shape:
    def read(value: Any, place: str) -> Any:  # noqa: ANN401
        if not isinstance(value, str) or value not in words:
            raise Unfit(Fault(place, "not-one-of", ", ".join(words)))
        return value

    return Shape({"type": "string", "enum": list(words)}, words[0], read)


def _matching(pattern: re.Pattern[str], code: str, example: str, make: Callable[[str], Any] = str) -> Shape:
    """Return the shape of text that fits a pattern and that `make` can read."""

    def read(value: Any, place: str) -> Any:  # noqa: ANN401
        try:
            if isinstance(value, str) and pattern.fullmatch(value):
                return make(value)
        except ValueError:
            pass
        raise Unfit(Fault(place, code))

    return Shape({"type": "string", "pattern": f"^{pattern.pattern}$"}, example, read)


def _id(kind: Any) -> Shape:  # noqa: ANN401
    shape = _matching(_ID, "not-an-id", sample_id(kind))
    return dataclasses.replace(shape, schema={**shape.schema, "title": f"{KINDS[kind]} id"})


def _text(example: str) -> Shape:
    return Shape({"type": "string"}, example, _read_text)


def _read_text(value: Any, place: str) -> str:  # noqa: ANN401
    """Return text that both engines can keep; half a surrogate pair is none, and NUL ends words elsewhere."""
    if (
        isinstance(value, str)
        and "\0" not in value
        and not any("\ud800" <= character <= "\udfff" for character in value)
    ):
        return value
    raise Unfit(Fault(place, "not-text"))


def _sealed(example: str) -> Shape:
    schema = {"type": "string", "writeOnly": True, "description": "kept sealed beside the facts; never shown again"}
    return Shape(schema, example, lambda value, place: Sealed(text=_read_text(value, place)))


def _yes_or_no(example: bool) -> Shape:  # noqa: FBT001 - the example of a bool is one
    def read(value: Any, place: str) -> bool:  # noqa: ANN401
        if not isinstance(value, bool):
            raise Unfit(Fault(place, "not-yes-or-no"))
        return value

    return Shape({"type": "boolean"}, example, read)


def _whole(example: int) -> Shape:
    def read(value: Any, place: str) -> int:  # noqa: ANN401
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
            raise Unfit(Fault(place, "not-a-count"))
        return value

    return Shape({"type": "integer", "minimum": 0, "maximum": LARGEST}, example, read)


_PLAIN: Final[Mapping[Any, Callable[[Any], Shape]]] = {
    str: _text,
    bool: _yes_or_no,
    int: _whole,
    Sealed: _sealed,
    Decimal: lambda example: _matching(_DECIMAL, "not-a-decimal", example, Decimal),
    date: lambda example: _matching(_DAY, "not-a-day", example, date.fromisoformat),
    datetime: lambda example: _matching(_INSTANT, "not-an-instant", example, datetime.fromisoformat),
}
