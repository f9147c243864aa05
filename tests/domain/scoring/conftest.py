"""The shipped rulebook, the same with other readings, and people with few words."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

import pytest

import rulebooks
from domain.rulebook import Rulebook, parse_rulebook
from domain.scoring import Outcome, PersonResult, TieDecision, score
from domain.sheet import Candidate, Given, PeriodGiven, Score, Sheet

CODES = ("work", "group", "branch", "masses", "self")

Reread = Callable[..., Rulebook]
Person = Callable[..., Candidate]
Scored = Callable[..., Outcome]
Monthly = Callable[..., PersonResult]
Yearly = Callable[..., PersonResult]


@pytest.fixture(scope="session")
def annual() -> Rulebook:
    return parse_rulebook(rulebooks.shipped("annual-360"))


@pytest.fixture(scope="session")
def reread() -> Reread:
    """Return the shipped rulebook with other readings, such as `cap_rounding="ceil"`."""
    return _with_readings("annual-360")


def _with_readings(rulebook: str) -> Reread:
    def read(**choices: str) -> Rulebook:
        lines = rulebooks.shipped(rulebook).decode().splitlines()
        for name, choice in choices.items():
            places = [at for at, line in enumerate(lines) if line.startswith(f'{name} = "')]
            assert len(places) == 1, name
            lines[places[0]] = f'{name} = "{choice}"'
        return parse_rulebook("\n".join(lines).encode())

    return read


@pytest.fixture(scope="session")
def monthly() -> Rulebook:
    return parse_rulebook(rulebooks.shipped("monthly-points"))


@pytest.fixture(scope="session")
def monthly_read() -> Reread:
    """Return the shipped rulebook of months with other readings, such as `annual_formula="R1"`."""
    return _with_readings("monthly-points")


@pytest.fixture(scope="session")
def monthly_r1(monthly_read: Reread) -> Rulebook:
    return monthly_read(annual_formula="R1")


@pytest.fixture(scope="session")
def of_month() -> Monthly:
    """Return the one result of a month for what its two components were given."""

    def run(rulebook: Rulebook, posts: frozenset[str] = frozenset(), **components: Score) -> PersonResult:
        candidate = Candidate("m", components=components, posts=posts)
        return score(rulebook, Sheet("2025-03", (candidate,))).people[0]

    return run


@pytest.fixture(scope="session")
def of_year() -> Yearly:
    """Return the one result of the year 2025 for pairs of record and appraisal, month by month from January."""

    def run(
        rulebook: Rulebook, months: Sequence[tuple[Score, Score] | None], appraisal: Score = None, **about: object
    ) -> PersonResult:
        periods = tuple(
            PeriodGiven(f"2025-{number:02}", {"records": pair[0], "appraisal": pair[1]}, sources=(number,))
            for number, pair in enumerate(months, start=1)
            if pair is not None
        )
        candidate = Candidate("y", components={"appraisal": appraisal}, periods=periods, **about)  # type: ignore[arg-type]
        return score(rulebook, Sheet("2025", (candidate,))).people[0]

    return run


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
