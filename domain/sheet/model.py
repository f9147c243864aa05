"""The sheet a result is computed from: people, and what each component was given; constructible from plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Given:
    """A value somebody gave: points, how many ballots they are the mean of, who rated, and the facts they stand in.

    `sources` are positions in the ledger; a sheet from a file has none.
    """

    points: Decimal
    sources: tuple[int, ...] = ()
    ballots: int | None = None
    rater: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """Ballots with grades: how many voices each grade had, and the facts they stand in."""

    grades: Mapping[str, int]
    sources: tuple[int, ...] = ()


Score = Given | tuple[Given, ...] | Counted | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person to be evaluated: what each component was given, and what does not exist for this person.

    A component given as None, or not at all, is missing; that is not the same as `not_applicable`.
    """

    person: str
    kind: str = "formal"
    components: Mapping[str, Score] = field(default_factory=dict)
    not_applicable: frozenset[str] = frozenset()
    joined: date | None = None
    exempt: bool = False
    last_year: Mapping[str, Given] = field(default_factory=dict)
    sources: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everybody of one period; `roster_size` is the denominator of caps, the people listed where it is None.

    `pool_size` is the number of members of the whole committee, for caps that are counted there (AMB-A4, pooled).
    """

    period: str
    people: tuple[Candidate, ...]
    roster_size: int | None = None
    pool_size: int | None = None


def given(score: Score) -> tuple[Given, ...]:
    """Return the values of `score` that somebody gave as points; none for ballots and for what is missing."""
    if isinstance(score, Given):
        return (score,)
    return score if isinstance(score, tuple) else ()


def period_end(period: str) -> date | None:
    """Return the day on whose first instant `period` ("2025" or "2025-03") has ended, None where it is not a period."""
    year, _, month = period.partition("-")
    try:
        last = date(int(year), int(month or 12), 1)
        return date(last.year + last.month // 12, last.month % 12 + 1, 1)
    except ValueError:
        return None
