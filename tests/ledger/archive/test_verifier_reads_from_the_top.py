"""The stand-alone verifier is read part by part: the proof first, and no part needs one that comes after it."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ledger.archive import verify as alone

SOURCE = Path(alone.__file__).read_text(encoding="utf-8")
MOST_OF_THE_PROOF, MOST_IN_ALL = 250, 1_580
WORDS = "SAID"
"""The words of findings stand at the end, where they are no hindrance."""


@cache
def parts() -> list[tuple[str, int, int]]:
    """Return the number of each part with its first and last line."""
    lines = SOURCE.split("\n")
    starts = [(match[1], number) for number, line in enumerate(lines, 1) if (match := re.match(r"# ── (\d) ", line))]
    ends = [number - 1 for _, number in starts[1:]] + [len(lines)]
    return [(part, start, end) for (part, start), end in zip(starts, ends, strict=True)]


def part_at(line: int) -> str:
    return next((part for part, start, end in parts() if start <= line <= end), "0")


def defined() -> dict[str, str]:
    """Return the part in which each name of the module is defined."""
    found: dict[str, str] = {}
    for node in ast.parse(SOURCE).body:
        targets: list[ast.expr] = []
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = part_at(node.lineno)
        elif isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign):
            targets = [node.target]
        names = (each for target in targets for each in ast.walk(target) if isinstance(each, ast.Name))
        found |= {name.id: part_at(node.lineno) for name in names}
    return found


def used(source: str) -> Iterator[tuple[str, int]]:
    """Yield the names that functions and classes of a module read, with the line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id, node.lineno


def reaching_forward(source: str) -> list[tuple[str, int]]:
    known = defined()
    return [(name, line) for name, line in used(source) if name != WORDS and known.get(name, "0") > part_at(line)]


def test_the_parts_stand_in_the_order_in_which_the_beginning_lists_them() -> None:
    listed = re.findall(r"^    (\d)  ", alone.__doc__ or "", re.MULTILINE)
    assert list(dict.fromkeys(part for part, _, _ in parts())) == listed == ["1", "2", "3", "4", "5"]


def test_no_part_needs_one_that_comes_after_it() -> None:
    assert reaching_forward(SOURCE) == []


def test_a_part_that_did_would_be_named() -> None:
    """The control: a proof that asked the results would be found."""
    forward = SOURCE.replace("    root = tree.root().hex()", "    root = Results and tree.root().hex()", 1)
    assert [name for name, _ in reaching_forward(forward)] == ["Results"]


def test_the_proof_is_short_and_the_whole_does_not_grow_unseen() -> None:
    proof = sum(end - start + 1 for part, start, end in parts() if part == "1")
    assert proof <= MOST_OF_THE_PROOF
    assert len(SOURCE.split("\n")) <= MOST_IN_ALL
