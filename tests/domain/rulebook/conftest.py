"""The shipped rulebook as text, and the verdict on a changed one."""

from collections.abc import Callable

import pytest

import rulebooks
from domain.findings import Invalid
from domain.rulebook import Rulebook, parse_rulebook

Changed = Callable[..., Rulebook]
Refused = Callable[..., list[tuple[str, str]]]


@pytest.fixture(scope="session")
def changed() -> Changed:
    """Return the shipped rulebook with texts replaced, each of which must stand in it."""

    def change(*replacements: tuple[str, str], name: str = "annual-360") -> Rulebook:
        text = rulebooks.shipped(name).decode()
        for old, new in replacements:
            assert old in text, old
            text = text.replace(old, new, 1)
        return parse_rulebook(text.encode())

    return change


@pytest.fixture(scope="session")
def refused(changed: Changed) -> Refused:
    """Return code and place of each finding for which a changed rulebook is refused."""

    def findings(*replacements: tuple[str, str]) -> list[tuple[str, str]]:
        with pytest.raises(Invalid) as verdict:
            changed(*replacements)
        return [(finding.code, finding.place) for finding in verdict.value.findings]

    return findings
