"""The shipped rulebook, the same with other readings, and people with few words."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

import pytest

import rulebooks
from domain.rulebook import Rulebook, parse_rulebook
from domain.scoring import Outcome, TieDecision, score
from domain.sheet import Candidate, Given, Score, Sheet

CODES = ("work", "group", "branch", "masses", "self")

Reread = Callable[..., Rulebook]
Person = Callable[..., Candidate]
Scored = Callable[..., Outcome]


@pytest.fixture(scope="session")
def annual() -> Rulebook:
    return parse_rulebook(rulebooks.shipped("annual-360"))


@pytest.fixture(scope="session")
def reread() -> Reread:
    """Return the shipped rulebook with other readings, such as `cap_rounding="ceil"`."""

    def read(**choices: str) -> Rulebook:
        lines = rulebooks.shipped("annual-360").decode().splitlines()
        for name, choice in choices.items():
            places = [at for at, line in enumerate(lines) if line.startswith(f"{name} = ")]
            assert len(places) == 1, name
            lines[places[0]] = f'{name} = "{choice}"'
        return parse_rulebook("\n".join(lines).encode())

    return read


@pytest.fixture(scope="session")
def person() -> Person:
    """Return a candidate whose five columns are all `flat`, apart from those named."""

    def make(name: str, flat: str | int | None = None, **given: object) -> Candidate:
        about = {
            key: given.pop(key) for key in ("kind", "joined", "exempt", "last_year", "not_applicable") if key in given
        }
        scores: dict[str, Score] = {}
        for code in CODES:
            value = given.get(code, flat)
            if value is not None:
                scores[code] = Given(Decimal(str(value))) if isinstance(value, str | int) else value  # type: ignore[assignment]
        joined = about.get("joined")
        assert joined is None or isinstance(joined, date)
        return Candidate(name, components=scores, **about)  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def scored() -> Scored:
    """Return the outcome of some people under a rulebook."""

    def run(
        rulebook: Rulebook,
        people: Sequence[Candidate],
        *decisions: TieDecision,
        roster_size: int | None = None,
        pool_size: int | None = None,
    ) -> Outcome:
        return score(rulebook, Sheet("2025", tuple(people), roster_size, pool_size), decisions)

    return run
