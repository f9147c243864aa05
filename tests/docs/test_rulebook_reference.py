"""The reference of the rulebook format knows every reading with its choices, every table and every field."""

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import rulebooks
from domain.rulebook.readings import SWITCHES
from tests.docs.rulebook_readers import every_field, fields_read, source_of


@pytest.fixture(scope="module")
def reference(checkout: Path) -> str:
    """Return the reference."""
    return (checkout / "docs" / "rulebook.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SWITCHES)
def test_a_reading_is_listed_with_its_choices_the_default_first(reference: str, name: str) -> None:
    row = next(line for line in reference.splitlines() if line.startswith(f"| `{name}` |"))
    told = [cell.split("`")[1] for cell in row.split(" | ")[2].split(" · ")]
    assert told == list(SWITCHES[name].meanings)
    assert row.split(" | ")[1] == SWITCHES[name].amb


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    """Return the shipped rulebook as it is written."""
    return tomllib.loads(rulebooks.shipped("annual-360").decode())


def test_every_table_of_the_shipped_rulebook_is_told(reference: str, written: dict[str, Any]) -> None:
    told = [f"[{name}]" in reference or f"`{name}`" in reference for name in written]
    assert dict(zip(written, told, strict=True)) == dict.fromkeys(written, True)


def test_every_field_of_the_shipped_rulebook_is_told(reference: str, written: dict[str, Any]) -> None:
    tables = [value for name, value in written.items() if name not in {"readings", "title", "issuer"}]
    rows = [row for value in tables for row in (value if isinstance(value, list) else [value]) if isinstance(row, dict)]
    fields = {field for row in rows for field in row}
    assert sorted(field for field in fields if not re.search(rf"\b{field}\b", reference)) == []


def test_a_field_that_nothing_reads_is_not_there(checkout: Path) -> None:
    assert sorted(every_field() - fields_read(source_of(checkout))) == []


@pytest.mark.parametrize(
    ("module", "text", "gone"),
    [
        ("domain/consequences.py", "consequence.within_days", "Consequence.within_days"),
        ("domain/rulebook/model.py", "self.star_at_most", "Consequence.star_at_most"),
    ],
)
def test_the_search_for_readers_notices_one_that_is_gone(checkout: Path, module: str, text: str, gone: str) -> None:
    source = source_of(checkout)
    written = (checkout / module).read_text(encoding="utf-8")
    assert text in written
    source.trees[module] = ast.parse(written.replace(text, "None"))
    assert gone in every_field() - fields_read(source)
