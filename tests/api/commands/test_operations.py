"""Operations made from command classes: each has one, at a place of its own, described with an example that fits."""

import re
from typing import Any

import pytest

from api.commands.places import PLACES
from api.commands.routes import read_command
from domain.ballot_returns import ReturnSheet
from domain.catalogue import CATALOGUE
from domain.decision import Command
from domain.ids import malformed_ids

KINDS = [pytest.param(kind, id=kind.NAME) for kind in CATALOGUE.deciders]
DERIVED = [pytest.param(kind, id=kind.NAME) for kind in CATALOGUE.deciders if kind is not ReturnSheet]


@pytest.fixture(scope="module")
def operations(described: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the operations that are described, by their names."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in described["paths"].items():
        for operation in methods.values():
            found.setdefault(operation["operationId"], []).append(operation | {"path": path})
    return found


def test_no_two_commands_share_a_place() -> None:
    bare = [re.sub(r"\{[a-z_]+\}", "{}", kind.AT) for kind in CATALOGUE.deciders]
    assert sorted(bare) == sorted(set(bare))


@pytest.mark.parametrize("kind", KINDS)
def test_every_command_has_a_place_that_names_fields_of_its_own(kind: type[Command]) -> None:
    assert kind.AT
    assert {field.name for field in PLACES[kind].in_url} == set(re.findall(r"\{([^}]*)\}", kind.AT))


@pytest.mark.parametrize("kind", KINDS)
def test_what_changes_something_names_it_and_then_what_becomes_of_it(kind: type[Command]) -> None:
    assert not kind.CHANGES or re.search(r"\}/[a-z-]+$", kind.AT)


@pytest.mark.parametrize("kind", DERIVED)
def test_every_command_has_exactly_one_operation(
    kind: type[Command], operations: dict[str, list[dict[str, Any]]]
) -> None:
    (operation,) = operations[kind.NAME]
    assert operation["path"] == f"/api/v1/{kind.AT}"
    assert {str(status) for status in (412, 428)} <= set(operation["responses"]) or not kind.CHANGES


@pytest.mark.parametrize("kind", DERIVED)
def test_the_example_of_every_operation_says_a_command(
    kind: type[Command], operations: dict[str, list[dict[str, Any]]]
) -> None:
    (operation,) = operations[kind.NAME]
    example = operation["requestBody"]["content"]["application/json"]["example"]
    in_url = {each["name"]: str(each["example"]) for each in operation["parameters"] if each["in"] == "path"}
    command, on_behalf_of = read_command(PLACES[kind], example, in_url)
    assert isinstance(command, kind)
    assert on_behalf_of == example["on_behalf_of"]
    assert malformed_ids(command) == []
