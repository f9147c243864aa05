"""The domain imports the standard library and itself, and touches neither clock, chance, disk nor float."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# Parts of the standard library through which the world comes in.
WORLD = frozenset({"asyncio", "ctypes", "io", "locale", "logging", "multiprocessing", "os", "pathlib", "random"})
WORLD |= {"secrets", "shutil", "signal", "socket", "sqlite3", "subprocess", "sys", "tempfile", "threading", "time"}
WORLD |= {"urllib", "uuid"}
WORLDLY_CALLS = frozenset({"open", "print", "input", "float", "date.today", "datetime.now", "datetime.utcnow"})


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield the top-level packages that a module of `domain` imports, wherever in it the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "domain" if node.level else (node.module or "").partition(".")[0]


def worldly(tree: ast.AST) -> Iterator[str]:
    """Yield the calls and constants that have no place in a pure module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield repr(node.value)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in WORLDLY_CALLS:
            yield ast.unparse(node.func)


def strangers(source: str) -> set[str]:
    """Return whatever a module of `domain` has in it that it must not have."""
    tree = ast.parse(source)
    foreign = {
        name for name in imported(tree) if name != "domain" and (name in WORLD or name not in sys.stdlib_module_names)
    }
    return foreign | set(worldly(tree))


def test_the_domain_is_pure(checkout: Path) -> None:
    modules = sorted((checkout / "domain").rglob("*.py"))
    assert modules
    assert {path.name: found for path in modules if (found := strangers(path.read_text(encoding="utf-8")))} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import msgspec", {"msgspec"}),
        ("def f():\n    from ledger.tree import root", {"ledger"}),
        ("import os.path", {"os"}),
        ("from random import choice", {"random"}),
        ("from datetime import date\nx = date.today()", {"date.today"}),
        ("from datetime import datetime, UTC\nx = datetime.now(UTC)", {"datetime.now"}),
        ("share = 0.3", {"0.3"}),
        ("def f(x):\n    return float(x)", {"float"}),
        ("from . import text\nfrom fractions import Fraction\nimport domain.text\nshare = Fraction(3, 10)", set()),
    ],
)
def test_what_is_not_pure_would_be_found(source: str, found: set[str]) -> None:
    assert strangers(source) == found
