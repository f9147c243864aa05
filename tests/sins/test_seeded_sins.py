"""Safety lines broken on purpose: each must turn the experiment red that is there for its sake.

`sins.toml` names a line of the program, what it becomes, and the tests that have to notice. The program is copied; in
the copy one line at a time is changed, the tests named run there, and the line is put back. In continuous integration
a share of the sins is drawn by lot, another one each day; `STARLEDGER_SOAK=1` commits all of them.
"""

import os
import random
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.experiments import Notebook

PACKAGES = ("domain", "ledger", "projections", "workbooks", "api", "cli", "rulebooks", "bench", "docs", "tests")
FILES = ("pyproject.toml",)
LEFT_OUT = shutil.ignore_patterns(".hypothesis")
DRAWN = 12
LIST = Path(__file__).with_name("sins.toml")
PASSED, FAILED, HANGS = 0, 1, -1
HANGS_AFTER_SECONDS = 300
PROMISE, WAY = "every safety line is watched", "a safety line is broken on purpose, and the test meant for it run"
CONTROL = "the same tests, with no line broken, are green"
OURS = ("STARLEDGER_SOAK", "STARLEDGER_NOTEBOOK")
"""Settings that are not for the tests of a copy: what a broken program comes to is no outcome of an experiment."""


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


@pytest.fixture(scope="module")
def copy(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the program and its tests; with what Python has compiled of them, which saves most of the time.

    Copied files keep their times, so that what was compiled still counts; a line that is changed makes its file new.
    """
    made = tmp_path_factory.mktemp("sinner")
    for package in PACKAGES:
        shutil.copytree(checkout / package, made / package, ignore=LEFT_OUT)
    for file in FILES:
        shutil.copy(checkout / file, made / file)
    return made


@pytest.mark.parametrize("sin", sins(), ids=lambda sin: sin.name)
def test_a_sin_names_a_line_that_is_there_once(sin: Sin, checkout: Path) -> None:
    text = (checkout / sin.file).read_text(encoding="utf-8")
    assert text.count(sin.line) == 1
    assert sin.line != sin.broken
    compile(text.replace(sin.line, sin.broken), sin.file, "exec")
    for test in sin.tests:
        file, *names = test.partition("[")[0].split("::")
        assert all(name in (checkout / file).read_text(encoding="utf-8") for name in names), test


@pytest.mark.slow
def test_a_broken_safety_line_turns_its_experiment_red(copy: Path, notebook: Notebook) -> None:
    committed = drawn()
    ended = {sin.name: commit(sin, copy) for sin in committed}
    unseen = {name: code for name, code in ended.items() if code != FAILED}
    figures = {"listed": len(sins()), "red": len(committed) - len(unseen), "unseen": len(unseen)}
    notebook.saw(PROMISE, WAY, on="program", runs=len(committed), figures=figures)
    assert not unseen


@pytest.mark.slow
def test_without_a_sin_the_same_experiments_are_green(copy: Path, notebook: Notebook) -> None:
    committed = drawn()
    tests = dict.fromkeys(test for sin in committed for test in sin.tests)
    ended = run(tests, copy)
    figures = {"tests": len(tests), "all green": "yes" if ended == PASSED else "no"}
    notebook.saw(PROMISE, CONTROL, on="program", runs=len(committed), figures=figures, control=True)
    assert ended == PASSED


def commit(sin: Sin, copy: Path) -> int:
    """Return how the tests named end where the one line is broken: pytest's exit code."""
    with broken(copy / sin.file, sin):
        return run(sin.tests, copy)


@contextmanager
def broken(target: Path, sin: Sin) -> Iterator[None]:
    """Lend a file with a line broken; it is put back with the time it had."""
    sound, times = target.read_bytes(), target.stat()
    target.write_bytes(sound.replace(sin.line.encode(), sin.broken.encode()))
    try:
        yield
    finally:
        target.write_bytes(sound)
        os.utime(target, ns=(times.st_atime_ns, times.st_mtime_ns))


def run(tests: Iterable[str], copy: Path) -> int:
    """Return pytest's exit code for tests of a copy, or `HANGS`."""
    options = ("-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "--basetemp", str(copy / "basetemp"))
    quickly = ("--hypothesis-profile", "unshrunk")
    inherited = {name: value for name, value in os.environ.items() if name not in OURS}
    environment = {**inherited, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", *options, *quickly, *tests]
    try:
        told = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, text=True, check=False, timeout=HANGS_AFTER_SECONDS
        )
    except subprocess.TimeoutExpired:
        return HANGS
    print(told.returncode, *tests, told.stdout[-1_000:], told.stderr[-1_000:])  # noqa: T201 - shown where it fails
    return told.returncode


def test_there_are_at_least_forty_sins_each_under_a_name_of_its_own() -> None:
    names = [sin.name for sin in sins()]
    assert len(names) == len(set(names)) >= 40
