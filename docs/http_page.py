# ruff: noqa: INP001 - beside the pages it helps to write, no package
"""The generated parts of docs/api.md: who may issue which command and where, and every type of problem."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from api.commands.faults import FAULTS as FIELD_FAULTS
from api.commands.places import PLACES
from api.problems import FAULTS, STATUSES
from domain.ballot_returns import ReturnSheet
from domain.decision import Command

_PACKAGES = ("domain", "ledger", "projections", "workbooks", "api")
_BY_NAME = {kind.__name__: status.value for kind, status in STATUSES.items()}
_PART = "<!-- generated: {0} -->\n{1}<!-- end -->"


def api_page(root: Path) -> str:
    """Return docs/api.md with its generated parts made anew; the rest of it stays as it is written."""
    text = (root / "docs" / "api.md").read_text(encoding="utf-8")
    for name, made in (("roles", _roles()), ("problems", _problems(root)), ("faults", _faults())):
        found = re.compile(rf"<!-- generated: {name} -->\n.*?<!-- end -->", re.DOTALL)
        text = found.sub(lambda _, name=name, made=made: _PART.format(name, "".join(made)), text)  # type: ignore[misc]
    return text


def _roles() -> Iterator[str]:
    yield "| command | `POST` | who | a key must reach | |\n|---|---|---|---|---|\n"
    for kind, place in PLACES.items():
        roles = ", ".join(kind.ROLES) or "whoever the decision allows"
        at = f"/ballots/{kind.AT}" if kind is ReturnSheet else place.path
        yield f"| `{kind.NAME}` | `{at}` | {roles} | {kind.REACH} | {', '.join(_needs(kind))} |\n"


def _needs(kind: type[Command]) -> Iterator[str]:
    if kind.CHANGES:
        yield "If-Match"
    if kind.GRAVE:
        yield "fresh proof"


def _problems(root: Path) -> Iterator[str]:
    found: dict[int, set[str]] = {}
    for package in _PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            for code, status in codes_made(path.read_text(encoding="utf-8")):
                found.setdefault(status, set()).add(code)
    for code, _ in FAULTS.values():
        found.setdefault(503, set()).add(code)
    for status in sorted(found):
        yield f"**{status}**\n\n" + "".join(f"- `{code}`\n" for code in sorted(found[status])) + "\n"


def codes_made(text: str) -> Iterator[tuple[str, int]]:
    """Yield the code and the status of every refusal that the text of a module makes."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef):
            kinds = [node.name, *(base.id for base in node.bases if isinstance(base, ast.Name))]
            kind = next((name for name in kinds if name in _BY_NAME), None)
            yield from ((code, _BY_NAME[kind]) for code in _given_to("__init__", node) if kind is not None)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _BY_NAME:
            yield from ((code, _BY_NAME[node.func.id]) for code in _first_words(node))


def _given_to(name: str, inside: ast.AST) -> Iterator[str]:
    for node in ast.walk(inside):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name:
            yield from _first_words(node)


def _first_words(call: ast.Call) -> Iterator[str]:
    first = call.args[0] if len(call.args) > 1 else None
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        yield first.value


def _faults() -> Iterator[str]:
    yield "| code | |\n|---|---|\n"
    for code, words in FIELD_FAULTS.items():
        yield f"| `{code}` | {words.en} {words.zh} |\n"
