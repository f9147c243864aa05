"""Safety lines broken on purpose: each must turn the experiment red that is there for its sake.

`sins.toml` names a line of the program, what it becomes, and the test that has to notice. The program is copied with
that one line changed, and the test runs on the copy. In continuous integration a share of the sins is drawn by lot,
another one each day; `STARLEDGER_SOAK=1` commits all of them.
"""

import os
import random
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.experiments import Notebook

PACKAGES = ("domain", "ledger", "projections", "workbooks", "api", "cli", "rulebooks", "bench", "docs", "tests")
FILES = ("pyproject.toml",)
DRAWN = 12
LIST = Path(__file__).with_name("sins.toml")
TESTS_FAILED = 1
PROMISE, WAY = "every safety line is watched", "a safety line is broken on purpose, and the test meant for it run"


@dataclass(frozen=True)
class Sin:
    """One line that keeps something safe, and the tests that would miss it."""

    name: str
    file: str
    line: str
    broken: str
    tests: tuple[str, ...]


def sins() -> list[Sin]:
    """Return every sin that is listed."""
    listed = tomllib.loads(LIST.read_text(encoding="utf-8"))["sins"]
    return [Sin(**{**each, "tests": tuple(each["tests"])}) for each in listed]


def drawn() -> list[Sin]:
    """Return those that are committed in this run: all of them by hand, else a share that changes from day to day."""
    everything = sins()
    if os.environ.get("STARLEDGER_SOAK"):
        return everything
    lot = random.Random(os.environ.get("STARLEDGER_SEED") or datetime.now(UTC).date().isoformat())  # noqa: S311 - a lot
    return sorted(lot.sample(everything, DRAWN), key=everything.index)


@pytest.mark.parametrize("sin", sins(), ids=lambda sin: sin.name)
def test_a_sin_names_a_line_that_is_there_once(sin: Sin, checkout: Path) -> None:
    text = (checkout / sin.file).read_text(encoding="utf-8")
    assert text.count(sin.line) == 1
    assert sin.line != sin.broken
    for test in sin.tests:
        assert (checkout / test.partition("::")[0]).exists(), test


@pytest.mark.slow
def test_a_broken_safety_line_turns_its_experiment_red(checkout: Path, tmp_path: Path, notebook: Notebook) -> None:
    committed = drawn()
    unseen = [sin.name for sin in committed if not is_seen(sin, checkout, tmp_path / sin.name)]
    figures = {"listed": len(sins()), "red": len(committed) - len(unseen), "unseen": len(unseen)}
    notebook.saw(PROMISE, WAY, on="program", runs=len(committed), figures=figures)
    assert not unseen


def is_seen(sin: Sin, checkout: Path, copy: Path) -> bool:
    """Return whether the tests named fail on a copy of the program with the one line changed."""
    for package in PACKAGES:
        shutil.copytree(checkout / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    for file in FILES:
        shutil.copy(checkout / file, copy / file)
    target = copy / sin.file
    target.write_text(target.read_text(encoding="utf-8").replace(sin.line, sin.broken), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", *sin.tests]
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    told = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    shutil.rmtree(copy)
    print(sin.name, told.returncode, told.stdout[-300:])  # noqa: T201 - shown by pytest where it fails
    return told.returncode == TESTS_FAILED


def test_there_are_at_least_forty_sins_each_under_a_name_of_its_own() -> None:
    names = [sin.name for sin in sins()]
    assert len(names) == len(set(names)) >= 40
