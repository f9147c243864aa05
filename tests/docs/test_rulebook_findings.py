"""Every finding of the check of a rulebook is told in the reference, with the severity that it has."""

import re
from pathlib import Path

import pytest

from domain.rulebook.lint import FAULTS, severity


@pytest.fixture(scope="module")
def told(checkout: Path) -> dict[str, str]:
    """Return the severity that the reference gives each finding."""
    page = (checkout / "docs" / "rulebook.md").read_text(encoding="utf-8")
    section = page.partition("\n## Checking a rulebook\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.+`) \| (fault|warning|note) \|", section, re.MULTILINE)
    return {code: grade for codes, grade in rows for code in re.findall(r"`([a-z0-9-]+)`", codes)}


@pytest.fixture(scope="module")
def codes(checkout: Path) -> set[str]:
    """Return every code that the linter can say."""
    files = (checkout / "domain" / "rulebook").glob("lint*.py")
    said = (re.findall(r'Finding\(\s*"([a-z-]+)"', file.read_text(encoding="utf-8")) for file in files)
    return {code for each in said for code in each} | FAULTS


def test_every_finding_is_told_and_nothing_else(told: dict[str, str], codes: set[str]) -> None:
    assert told.keys() == codes


def test_a_finding_is_as_grave_as_the_reference_says(told: dict[str, str]) -> None:
    assert told == {code: severity(code) for code in told}
