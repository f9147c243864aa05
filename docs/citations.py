# ruff: noqa: INP001 - beside the pages that are made from it, no package
"""Where rulebooks, code and tests cite the clauses of the seeds: found by reading them, written down nowhere else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from domain.catalogue import CATALOGUE
from domain.rulebook import Rulebook, cited, parse_rulebook, readings

PACKAGES = ("domain", "ledger", "projections", "workbooks", "paper", "api", "cli")
CLAUSE = re.compile(r"(?<![\w-])(?:AMB-[AB]|[AB]-)[0-9]+(?![\w-])")

NAMES_EXAMPLES = "test_generated_pages.py"
"""The test of this module: it names clauses in order to look for them."""

Citations = dict[str, dict[str, list[str]]]
"""Clause id → group (rulebook, a package, tests) → the places that cite it."""


def citations(root: Path) -> Citations:
    """Return where the rulebooks, the packages and the tests below `root` cite which clause."""
    found: Citations = {}
    for clause, place in (*_in_rulebooks(root), *_in_packages(root), *_in_tests(root)):
        group, _, where = place.partition(" ")
        known = found.setdefault(clause, {}).setdefault(group, [])
        if where not in known:
            known.append(where)
    return found


def _in_rulebooks(root: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((root / "rulebooks").glob("*.toml")):
        rulebook = parse_rulebook(path.read_bytes())
        for clause, where in _cited_by(rulebook):
            yield clause, f"rulebook {rulebook.id} `{where}`"


def _cited_by(rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    """Yield each clause with a place that cites it, be it by way of a clause of the rulebook's own."""
    for place, name in cited(rulebook):
        clause = rulebook.clauses.get(name)
        named = name if clause is None else f"{name} {clause.text.zh} {clause.text.en}"
        yield from ((each, place) for each in CLAUSE.findall(named))
    for reading in readings(rulebook.readings):
        if reading.name in rulebook.stated:
            yield reading.amb, f"readings.{reading.name}"


def _in_packages(root: Path) -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            module = path.relative_to(root / package).with_suffix("").as_posix().replace("/", ".")
            text = path.read_text(encoding="utf-8")
            for clause, inside in _cited_in(text):
                yield clause, f"{package} {_named(f'{package}.{module}', inside)}"


def _in_tests(root: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((root / "tests").rglob("*.py")):
        if path.name == NAMES_EXAMPLES:
            continue
        for clause, _ in _cited_in(path.read_text(encoding="utf-8")):
            yield clause, f"tests {path.relative_to(root / 'tests').with_suffix('').as_posix()}"


def _cited_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield each clause cited in a module's text with the class or function around it (empty: the module)."""
    around: dict[int, str] = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            around |= dict.fromkeys(range(node.lineno, (node.end_lineno or node.lineno) + 1), node.name)
    for number, line in enumerate(text.splitlines(), start=1):
        for clause in CLAUSE.findall(line):
            yield clause, around.get(number, "")


def _named(module: str, inside: str) -> str:
    """Return a place by the name that users know: a command's, an event's, or the module's."""
    known = {(kind.__module__, kind.__name__): name for name, kind in CATALOGUE.events.items()}
    known |= {(kind.__module__, kind.__name__): kind.NAME for kind in CATALOGUE.deciders}
    name = known.get((module, inside))
    return module.partition(".")[2] if name is None else f"`{name}`"
