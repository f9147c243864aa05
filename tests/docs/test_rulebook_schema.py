"""The JSON Schema for editors says what the parser says: the same fields, the same words, the same may be left out."""

import inspect
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import rulebooks
from docs.rulebook_schema import Asked, page
from domain.findings import Invalid
from domain.rulebook import parse_rulebook
from domain.rulebook.fields import Table
from domain.rulebook.readings import SWITCHES

SCHEMES = sorted((Path(__file__).parents[1] / "domain" / "schemes").glob("*.toml"))
SCHEMA: dict[str, Any] = json.loads(rulebooks.schema())


def faults(value: Any, schema: Mapping[str, Any], place: str = "") -> Iterator[str]:  # noqa: ANN401 - any TOML
    """Yield where a document is not what the schema asks for: the part of JSON Schema that it uses, and no more."""
    unknown = schema.keys() - _KNOWN
    assert not unknown, f"the check does not know {unknown}"
    if "$ref" in schema:
        schema = SCHEMA["definitions"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema and all(list(faults(value, each, place)) for each in schema["anyOf"]):
        yield place
    if "enum" in schema and value not in schema["enum"]:
        yield place
    if "const" in schema and value != schema["const"]:
        yield place
    if not _fits(value, schema):
        yield place
    yield from _inside(value, schema, place)


def _fits(value: Any, schema: Mapping[str, Any]) -> bool:  # noqa: ANN401 - any TOML
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(_is(value, kind) for kind in kinds):
        return False
    if isinstance(value, str):
        return len(value) >= schema.get("minLength", 0) and bool(re.search(schema.get("pattern", ""), value))
    if _is(value, "number"):
        above, below = schema.get("exclusiveMinimum", value - 1), schema.get("exclusiveMaximum", value + 1)
        return bool(above < value < below and value >= schema.get("minimum", value))
    return True


def _inside(value: Any, schema: Mapping[str, Any], place: str) -> Iterator[str]:  # noqa: ANN401 - any TOML
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            yield place
        for number, each in enumerate(value):
            yield from faults(each, schema.get("items", {}), f"{place}[{number}]")
    if isinstance(value, dict) and schema.get("type") == "object":
        properties, rest = schema.get("properties", {}), schema.get("additionalProperties", {})
        yield from (f"{place}.{name}" for name in schema.get("required", ()) if name not in value)
        for name, each in value.items():
            if name in properties or rest:
                yield from faults(each, properties.get(name, rest), f"{place}.{name}")
            else:
                yield f"{place}.{name}"


def _is(value: object, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    kinds = {"object": dict, "array": list, "integer": int, "number": int | Decimal, "string": str | date}
    return isinstance(value, kinds.get(kind, ()))


_KNOWN = {"$ref", "$schema", "additionalProperties", "anyOf", "const", "definitions", "description", "enum",
          "exclusiveMaximum", "exclusiveMinimum", "format", "items", "minItems", "minLength", "minimum", "pattern",
          "properties", "required", "title", "type"}  # fmt: skip


def written(name: str) -> dict[str, Any]:
    return plain(rulebooks.shipped(name))


def plain(toml: bytes) -> dict[str, Any]:
    document = tomllib.loads(toml.decode(), parse_float=Decimal)
    days: dict[str, Any] = json.loads(json.dumps(document, default=str), parse_float=Decimal)
    return days


def test_the_schema_is_current() -> None:
    remedy = "rulebooks/schema.json is older than the parser; run: .venv/bin/python docs/rulebook_schema.py"
    assert rulebooks.schema().decode() == page(), remedy


def test_every_question_of_the_parser_is_listened_to() -> None:
    asked = [name for name, _ in inspect.getmembers(Table, inspect.isfunction) if not name.startswith("_")]
    assert [name for name in asked if name not in vars(Asked) and name != "place_of"] == []


@pytest.mark.parametrize("name", rulebooks.SHIPPED)
def test_a_shipped_rulebook_is_as_the_schema_asks(name: str) -> None:
    assert list(faults(written(name), SCHEMA)) == []


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.stem)
def test_a_scheme_of_any_construct_is_as_the_schema_asks(path: Path) -> None:
    assert list(faults(plain(path.read_bytes()), SCHEMA)) == []


def test_every_switch_stands_in_the_schema_with_its_words_and_their_meanings() -> None:
    readings = SCHEMA["properties"]["readings"]["properties"]
    assert {name: tuple(each["enum"]) for name, each in readings.items()} == {
        name: tuple(switch.meanings) for name, switch in SWITCHES.items()
    }
    assert all(SWITCHES[name].amb in each["description"] for name, each in readings.items())


def _tables(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:  # noqa: ANN401
    if isinstance(value, dict):
        yield place, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield from _tables(each, (*place, name))


def _toml(value: Any) -> str:  # noqa: ANN401 - any TOML
    if isinstance(value, dict):
        inner = (f"{json.dumps(name, ensure_ascii=False)} = {_toml(each)}" for name, each in value.items())
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def _refused(document: dict[str, Any], code: str) -> bool:
    text = "\n".join(f"{name} = {_toml(value)}" for name, value in document.items())
    try:
        parse_rulebook(text.encode())
    except Invalid as invalid:
        return code in {finding.code for finding in invalid.findings}
    return False


def _samples(name: str) -> list[tuple[tuple[Any, ...], str]]:
    """Return each field of the first table of every kind that no rulebook before it has, with its table's place."""
    before = rulebooks.SHIPPED[: rulebooks.SHIPPED.index(name)]
    seen = {kind: None for earlier in before for kind, _ in _fields(earlier)}
    found: dict[tuple[str, ...], tuple[tuple[Any, ...], str]] = {}
    for kind, field in _fields(name):
        if kind not in seen:
            found.setdefault(kind, field)
    return list(found.values())


def _fields(name: str) -> Iterator[tuple[tuple[str, ...], tuple[tuple[Any, ...], str]]]:
    for place, table in _tables(written(name)):
        kind = tuple("" if isinstance(step, int) else step for step in place)
        if not {"points", "weights", "readings", "quarters", "gentle"} & set(kind):
            yield from (((*kind, field), (place, field)) for field in table)


def _at(document: Any, place: tuple[Any, ...]) -> Any:  # noqa: ANN401 - any TOML
    for step in place:
        document = document[step]
    return document


EITHER = {"star", "points", "points_low", "points_high", "minimum_months", "weight", "weights", "unit", "start_counted",
          "who", "scales", "quarters", "gentle", "accept_within", "rule_within", "extension_at_most", "hold", "high",
          "bands", "family"}  # fmt: skip
"""Fields that may be left out where another field or reading stands in: the schema cannot ask for them always."""


@pytest.mark.parametrize("name", ["annual-360", "monthly-points"])
def test_what_the_parser_misses_the_schema_misses_too(name: str) -> None:
    for place, field in _samples(name):
        document = written(name)
        del _at(document, place)[field]
        by_schema, by_parser = bool(list(faults(document, SCHEMA))), _refused(document, "field-missing")
        if field not in EITHER:
            assert by_schema == by_parser, (place, field)
        assert not by_schema or by_parser, (place, field)


@pytest.mark.parametrize("name", ["annual-360", "monthly-points"])
def test_a_field_that_the_parser_does_not_know_the_schema_does_not_know_either(name: str) -> None:
    for place in {place for place, _ in _samples(name)}:
        document = written(name)
        _at(document, place)["misspelt"] = 1
        if place[-1:] not in {("zh",), ("en",)}:
            assert list(faults(document, SCHEMA)), place
            assert _refused(document, "field-unknown"), place


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("publicity", "days"), 0),
        (("publicity", "days"), "7"),
        (("publicity", "unit"), "weeks"),
        (("readings", "cap_rounding"), "up"),
        (("bands", 0, "low"), True),
        (("bands", 0, "low"), "1e3"),
        (("components", 0, "entries"), "yes"),
        (("meeting", "present_at_least"), "half"),
        (("title", "zh"), " "),
        (("objections", "who"), []),
        (("format",), 2),
    ],
)
def test_a_value_of_another_kind_is_refused_by_both(place: tuple[Any, ...], value: object) -> None:
    document = written("annual-360")
    _at(document, place[:-1])[place[-1]] = value
    assert list(faults(document, SCHEMA)) != []
    assert _refused(document, "field-unfit") or _refused(document, "format-unknown")
