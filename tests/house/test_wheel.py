"""What is built from the checkout installs and works where nothing else of it is."""

import importlib.metadata
import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
PACKAGES = frozenset({"domain", "ledger", "projections", "workbooks", "paper", "api", "bench", "cli", "rulebooks"})
BUILD = "import sys; from hatchling import build; print(getattr(build, 'build_' + sys.argv[1])(sys.argv[2]))"


def build(kind: str, source: Path, target: Path) -> Path:
    """Return the `wheel` or `sdist` of `source`, made by the build backend itself and hence without a network."""
    command = [sys.executable, "-P", "-c", BUILD, kind, str(target)]
    ended = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return target / ended.stdout.splitlines()[-1]


def shipped(root: Path) -> set[str]:
    """Return every file of our packages in `root`, of whatever kind: a rulebook matters as much as code."""
    return {
        path.relative_to(root).as_posix()
        for package in PACKAGES
        for path in (root / package).rglob("*")
        if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in path.relative_to(root).parts)
    }


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel of the checkout."""
    return build("wheel", checkout, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the scripts' directory of a new environment that holds the wheel, and besides it only its dependencies."""
    home = tmp_path_factory.mktemp("clean") / "环境 one"
    venv.create(home, symlinks=os.name != "nt")
    variables = {"base": str(home), "platbase": str(home)}
    site_packages = Path(sysconfig.get_path("purelib", "venv", variables))
    # A directory named in a path file is searched, but its own path files are not read: the checkout stays out.
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    scripts = Path(sysconfig.get_path("scripts", "venv", variables))
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        scripts / "python",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
    ]
    subprocess.run([*command, "--disable-pip-version-check", wheel], check=True)
    return scripts


def outside(scripts: Path, where: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the environment in a directory that has nothing to do with the checkout."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "STARLEDGER_"))}
    command: list[str | Path] = [scripts / program, *arguments]
    return subprocess.run(command, cwd=where, env=environment, capture_output=True, text=True, check=False)


def test_the_wheel_has_every_file_of_our_packages_and_nothing_else(checkout: Path, wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert inside == shipped(checkout)
    assert {"rulebooks/annual-360.toml", "cli/main.py"} <= inside


def test_the_sdist_builds_the_same_wheel(checkout: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(build("sdist", checkout, tmp_path)) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert (unpacked / "tests" / "conftest.py").exists()
    rebuilt = build("wheel", unpacked, tmp_path)
    with zipfile.ZipFile(wheel) as ours, zipfile.ZipFile(rebuilt) as theirs:
        assert {entry.filename: entry.CRC for entry in ours.infolist()} == {
            entry.filename: entry.CRC for entry in theirs.infolist()
        }


def test_the_installed_packages_are_those_of_the_wheel(installed: Path, tmp_path: Path) -> None:
    program = f"import {', '.join(sorted(PACKAGES))}; print(cli.__file__)"
    ended = outside(installed, tmp_path, "python", "-c", program)
    assert ended.returncode == 0, ended.stderr
    assert Path(ended.stdout.strip()).is_relative_to(installed.parent)


def test_the_installed_command_has_help(installed: Path, tmp_path: Path) -> None:
    ended = outside(installed, tmp_path, "starledger", "--help")
    assert ended.returncode == 0, ended.stderr
    assert "score" in ended.stdout


def test_the_installed_command_scores_a_sheet_with_a_shipped_rulebook(installed: Path, tmp_path: Path) -> None:
    components = {"work": "92", "group": "88", "branch": "90", "masses": "85", "self": "95"}
    sheet = {"period": "2025", "roster_size": 20, "people": [{"id": "P01", "kind": "formal", "components": components}]}
    (tmp_path / "sheet.json").write_text(json.dumps(sheet), encoding="utf-8")
    ended = outside(installed, tmp_path, "starledger", "score", "annual-360", "sheet.json", "--json")
    assert ended.returncode == 0, ended.stderr
    (person,) = json.loads(ended.stdout)["people"]
    # 92 × 0.35 + (88 × 0.6 + 90 × 0.4) × 0.4 + 85 × 0.2 + 95 × 0.05
    assert (person["total"], person["star"]) == ("89.47", 4)


def other_owners(owners: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """Return who besides us has installed packages of our names (`owners`: package → distributions)."""
    found = {name: {owner.lower() for owner in owners.get(name, ())} - {"starledger"} for name in PACKAGES}
    return {name: others for name, others in found.items() if others}


def test_no_installed_distribution_owns_our_names() -> None:
    assert other_owners(importlib.metadata.packages_distributions()) == {}


def test_a_distribution_that_owns_one_of_our_names_would_be_found() -> None:
    owners = {"domain": ["Starledger", "some-domain"], "api": ["starledger"], "rich": ["rich"]}
    assert other_owners(owners) == {"domain": {"some-domain"}}
