"""The locks pin everything with hashes, name no host, and are those of pyproject.toml."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PINNED = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[^ ]+)(?: ; [^\\]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")
REASON = re.compile(r"    # +(?:via|via .+|[a-z0-9.-]+(?: \(pyproject\.toml(?::dev)?\))?)")
LOCKS = ("requirements.lock", "requirements-dev.lock")


def pins(lock: str) -> dict[str, Version]:
    """Return what a lock pins; fail where a pin has no hash."""
    found: dict[str, Version] = {}
    lines = lock.splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if pinned := PINNED.fullmatch(line):
            assert HASH.fullmatch(following), f"no hash for {line}"
            found[pinned["name"]] = Version(pinned["version"])
    return found


def strange_lines(lock: str) -> list[str]:
    """Return the lines that are neither a pin, nor a hash, nor the reason for a pin: options, hosts, paths."""
    known = (PINNED, HASH, REASON)
    return [line for line in lock.splitlines() if not any(pattern.fullmatch(line) for pattern in known)]


def unmet(requirements: Iterable[str], pinned: dict[str, Version]) -> list[str]:
    """Return the requirements that no pin meets: the lock is older than they are."""
    parsed = [(text, Requirement(text)) for text in requirements]
    return [
        text
        for text, wanted in parsed
        if (version := pinned.get(canonicalize_name(wanted.name))) is None or version not in wanted.specifier
    ]


@pytest.fixture(scope="module")
def locks(checkout: Path) -> dict[str, str]:
    """Return the text of each lock."""
    return {name: (checkout / name).read_text(encoding="utf-8") for name in LOCKS}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_nothing_but_pins_hashes_and_reasons(locks: dict[str, str], name: str) -> None:
    assert strange_lines(locks[name]) == []
    assert "://" not in locks[name]


def test_the_locks_meet_the_project(checkout: Path, locks: dict[str, str]) -> None:
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))
    assert unmet(project["project"]["dependencies"], pins(locks["requirements.lock"])) == []
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    assert unmet(wanted + project["build-system"]["requires"], pins(locks["requirements-dev.lock"])) == []


def test_tests_run_on_the_versions_that_users_get(locks: dict[str, str]) -> None:
    users, developers = (pins(locks[name]) for name in LOCKS)
    assert users.items() <= developers.items()


def test_no_other_lock_lies_in_the_checkout_that_git_would_take(checkout: Path) -> None:
    assert "uv.lock" in (checkout / ".gitignore").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://example.org/simple",
        "--find-links /opt/wheels",
        "-e .",
        "wheel @ file:///tmp/wheel.whl",
        "#    uv pip compile pyproject.toml",
        "rich==15.0.0",
    ],
)
def test_a_line_that_does_not_belong_into_a_lock_would_be_found(line: str) -> None:
    assert strange_lines(line) == [line]


def test_an_outdated_lock_would_be_found() -> None:
    assert unmet(
        ["rich>=14", "typer>=0.20", "XlsxWriter>=3"], {"rich": Version("13.0"), "xlsxwriter": Version("3.1")}
    ) == [
        "rich>=14",
        "typer>=0.20",
    ]
