"""Style, types and layers hold for the whole checkout, and each of these checks is able to fail."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGES = ("domain", "ledger", "projections", "workbooks", "paper", "api", "bench", "cli", "rulebooks")


def run(where: Path, *command: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run a tool's module in `where`, without leaving caches there that a copy would inherit."""
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=where, input=stdin, capture_output=True, text=True, check=False
    )


def assert_clean(ended: subprocess.CompletedProcess[str]) -> None:
    """Fail with what the tool said where it found anything."""
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_ruff_finds_nothing(checkout: Path) -> None:
    assert_clean(run(checkout, "ruff", "check", "--quiet", "--no-cache", "."))


def test_every_file_is_formatted(checkout: Path) -> None:
    assert_clean(run(checkout, "ruff", "format", "--check", "."))


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("domain/stray.py", '"""Say."""\n\n\ndef said(x) -> str:\n    """Return x."""\n    return x\n', "ANN001"),
        ("tests/domain/test_stray.py", '"""Say."""\n\nimport os\n', "F401"),
        ("cli/stray.py", "import os\n\nos.getcwd()\n", "D100"),
    ],
)
def test_ruff_would_find_it(checkout: Path, file: str, text: str, code: str) -> None:
    ended = run(checkout, "ruff", "check", "--output-format=concise", f"--stdin-filename={file}", "-", stdin=text)
    assert ended.returncode == 1
    assert code in ended.stdout


def test_a_file_that_is_not_formatted_would_be_found(checkout: Path) -> None:
    text = "x = { 'a':1 }\n"
    assert run(checkout, "ruff", "format", "--check", "--stdin-filename=cli/stray.py", "-", stdin=text).returncode == 1


@pytest.mark.slow
def test_mypy_finds_nothing(checkout: Path) -> None:
    assert_clean(run(checkout, "mypy"))


def test_mypy_would_find_it_and_is_strict(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "stray.py").write_text("def star(score): return score\n")
    ended = run(tmp_path, "mypy", "--config-file", str(checkout / "pyproject.toml"), "stray.py")
    assert ended.returncode == 1
    assert "no-untyped-def" in ended.stdout


def lint_imports(where: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts of pyproject.toml on the packages in `where`."""
    # -P keeps its own directory off the path, so the packages of `where` are put there by name.
    program = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command as main; main()"
    command = [sys.executable, "-P", "-c", program, "--no-cache"]
    return subprocess.run(command, cwd=where, capture_output=True, text=True, check=False)


def test_imports_point_downwards(checkout: Path) -> None:
    assert_clean(lint_imports(checkout))


@pytest.fixture
def skeleton(checkout: Path, tmp_path: Path) -> Path:
    """Return a directory with our contracts and nothing but the names of our packages, to be spoilt."""
    shutil.copy(checkout / "pyproject.toml", tmp_path)
    for package in PACKAGES:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    return tmp_path


def test_packages_that_import_nothing_keep_the_contracts(skeleton: Path) -> None:
    assert_clean(lint_imports(skeleton))


@pytest.mark.parametrize(
    ("module", "imported", "contract"),
    [
        ("domain/stray.py", "ledger", "Imports point downwards only"),
        ("ledger/stray.py", "projections", "Imports point downwards only"),
        ("projections/stray.py", "workbooks", "Imports point downwards only"),
        ("workbooks/stray.py", "api", "Imports point downwards only"),
        ("api/stray.py", "bench", "Imports point downwards only"),
        ("bench/stray.py", "cli", "Imports point downwards only"),
        ("rulebooks/stray.py", "domain", "Rulebooks are data"),
        ("ledger/stray.py", "rulebooks", "A rule reaches the core as a document"),
    ],
)
def test_an_import_that_points_upwards_would_be_found(
    skeleton: Path, module: str, imported: str, contract: str
) -> None:
    (skeleton / module).write_text(f"import {imported}\n")
    ended = lint_imports(skeleton)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    broken = [line for line in ended.stdout.splitlines() if line.endswith("BROKEN")]
    assert [line.startswith(contract) for line in broken] == [True]
