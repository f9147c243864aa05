"""The examples of the reference are pieces of schemes that tests compute to the hundredth, not sketches beside them."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rulebooks

FREE = frozenset({"title", "test", "text", "id", "source"})
"""Words for people, which an example may shorten."""
Table = dict[str, Any]


def examples(checkout: Path) -> list[Table]:
    """Return every TOML example of the reference, read."""
    page = (checkout / "docs" / "rulebook.md").read_text(encoding="utf-8")
    return [tomllib.loads(each) for each in re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)]


def schemes(checkout: Path) -> dict[str, Table]:
    """Return every rulebook that a test computes with: those composed for the tests, and the shipped ones."""
    paths = sorted((checkout / "tests" / "domain" / "schemes").glob("*.toml"))
    read = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in paths}
    return read | {name: tomllib.loads(rulebooks.shipped(name).decode()) for name in ("annual-360", "monthly-points")}


def rows(name: str, value: object) -> Iterator[tuple[str, Table]]:
    """Yield every table of a document with the path of its name; what stands in no table is one row without a name."""
    if isinstance(value, list):
        for each in value:
            yield from rows(name, each)
    elif isinstance(value, dict):
        deeper = {key: each for key, each in value.items() if isinstance(each, list) and each and _is_table(each[0])}
        own = {key: each for key, each in value.items() if key not in {*deeper, *FREE}}
        if not name:
            deeper |= {key: each for key, each in own.items() if isinstance(each, dict)}
            own = {key: each for key, each in own.items() if key not in deeper}
        if own:
            yield name, own
        for key, each in deeper.items():
            yield from rows(f"{name}.{key}".strip("."), each)


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def in_a_scheme(wanted: tuple[str, Table], among: dict[str, Table]) -> bool:
    """Return whether some rulebook has a table of this name with everything that the example says."""
    name, fields = wanted
    return any(
        name == other and fields.items() <= row.items()
        for document in among.values()
        for other, row in rows("", document)
    )


def test_every_example_of_the_reference_is_a_piece_of_a_scheme_that_is_computed(checkout: Path) -> None:
    found = [row for example in examples(checkout) for row in rows("", example)]
    assert len(found) > 20
    among = schemes(checkout)
    assert [row for row in found if not in_a_scheme(row, among)] == []


@pytest.mark.parametrize(
    ("name", "row"), [("floors", {"star": 2, "percent": 11}), ("vetoes", {"code": "case", "effect": "lowest"})]
)
def test_control_an_example_that_no_scheme_has_is_missed(checkout: Path, name: str, row: Table) -> None:
    assert not in_a_scheme((name, row), schemes(checkout))
