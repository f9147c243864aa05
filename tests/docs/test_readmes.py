"""The READMEs are short, name the same commands in both languages, and know every folder and every page."""

import re
from pathlib import Path

import pytest

READMES = ("README.md", "README.zh.md")
PACKAGES = ("domain", "ledger", "projections", "workbooks", "paper", "api", "cli", "rulebooks", "tests", "docs")
COMMAND = re.compile(r"^(?:python3 run\.py .*|starledger .*)$", re.MULTILINE)


@pytest.fixture(params=READMES)
def readme(request: pytest.FixtureRequest, checkout: Path) -> str:
    """Return the text of either README."""
    name: str = request.param
    return (checkout / name).read_text(encoding="utf-8")


def test_a_readme_is_short(readme: str) -> None:
    assert len(readme.splitlines()) < 150


def test_the_two_commands_come_first(readme: str) -> None:
    assert COMMAND.findall(readme)[:2] == ["python3 run.py demo", "python3 run.py test"]


def test_both_name_the_same_commands(checkout: Path) -> None:
    one, other = (COMMAND.findall((checkout / name).read_text(encoding="utf-8")) for name in READMES)
    assert one == other


def test_every_folder_is_told(readme: str) -> None:
    assert [name for name in PACKAGES if f"`{name}/`" not in readme] == []


def test_every_page_is_linked(checkout: Path, readme: str) -> None:
    pages = [path.name for path in (checkout / "docs").glob("*.md")]
    assert [name for name in pages if f"(docs/{name})" not in readme] == []


def test_each_points_to_the_other(checkout: Path) -> None:
    assert "(README.zh.md)" in (checkout / "README.md").read_text(encoding="utf-8")
    assert "(README.md)" in (checkout / "README.zh.md").read_text(encoding="utf-8")
