"""Laws of vetoes, gates and quotas: what may lower a star, what may not, and that no order ever matters."""

import dataclasses
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from domain.rulebook import Rulebook, parse_rulebook
from domain.scoring import Outcome, PersonResult, score
from domain.sheet import Candidate, Counted, Declared, Given, Sheet

SCHEMES = Path(__file__).parents[1] / "schemes"
GATED = parse_rulebook((SCHEMES / "gates-and-probation.toml").read_bytes())
ENDS = parse_rulebook((SCHEMES / "both-ends.toml").read_bytes())
VETOED = parse_rulebook((SCHEMES / "veto-and-multipliers.toml").read_bytes())
POINTS = some.decimals(0, 100, places=2)
NAMES = ("tasks_done", "tasks_exceeded", "attendance", "clean")
MEASURES = some.fixed_dictionaries(
    {
        "tasks_done": some.none() | some.decimals(90, 110, places=1),
        "tasks_exceeded": some.none() | some.decimals(0, 60, places=1),
        "attendance": some.none() | some.decimals(80, 100, places=1),
        "clean": some.none() | some.booleans(),
    }
)
Known = dict[str, Any]


def gated(points: Decimal, known: Known, rulebook: Rulebook = GATED) -> PersonResult:
    candidate = Candidate("p", components={"tasks": Given(points), "appraisal": Given(points)}, gates=known)
    return score(rulebook, Sheet("2025", (candidate,))).people[0]


@given(one=POINTS, other=POINTS, known=MEASURES)
def test_a_higher_total_never_gives_a_lower_star_under_the_same_conditions(
    one: Decimal, other: Decimal, known: Known
) -> None:
    low, high = gated(min(one, other), known), gated(max(one, other), known)
    if low.star is not None and high.star is not None:
        assert low.star <= high.star


@given(points=POINTS, known=MEASURES)
def test_gates_never_raise_a_star_and_never_change_a_total(points: Decimal, known: Known) -> None:
    result = gated(points, known)
    assert result.total == points
    assert result.score_star is not None
    assert result.star is None or result.star <= result.score_star


@given(points=POINTS, known=MEASURES, measure=some.sampled_from(NAMES))
def test_what_is_not_known_never_counts_as_failed(points: Decimal, known: Known, measure: str) -> None:
    result = gated(points, {**known, measure: None})
    answers: tuple[object, ...] = (True, False) if measure == "clean" else (Decimal(0), Decimal(1000))
    possible = {gated(points, {**known, measure: answer}).star for answer in answers}
    assert result.star is None or possible == {result.star}


@given(points=POINTS, known=MEASURES, seed=some.integers(0, 999))
@settings(max_examples=30)
def test_the_order_of_gates_in_the_document_never_matters(points: Decimal, known: Known, seed: int) -> None:
    gates = list(GATED.gates)
    Random(seed).shuffle(gates)  # noqa: S311 - no secret
    shuffled = dataclasses.replace(GATED, gates=tuple(gates))
    assert gated(points, known, shuffled).star == gated(points, known).star


@given(points=some.decimals(0, 150, places=2), vetoes=some.sets(some.sampled_from(sorted(VETOED.vetoes))))
def test_vetoes_never_raise_a_star_and_their_order_never_matters(points: Decimal, vetoes: set[str]) -> None:
    def of(codes: list[str]) -> PersonResult:
        declared = tuple(Declared(code) for code in codes)
        candidate = Candidate("p", components={"points": Given(points)}, vetoes=declared)
        return score(VETOED, Sheet("2025", (candidate,))).people[0]

    free, one, other = of([]), of(sorted(vetoes)), of(sorted(vetoes, reverse=True))
    assert (one.star, one.total, one.explanation) == (other.star, other.total, other.explanation)
    assert free.star is not None
    assert one.star is not None
    assert one.star <= free.star
    assert one.total == (0 if "case" in vetoes else points)


def both_ends(works: list[int], period: str) -> Outcome:
    ballots = Counted(groups={"members": {"好": 3}, "masses": {"好": 3}})
    people = tuple(
        Candidate(f"p{number}", components={"work": Given(Decimal(work)), "peers": ballots})
        for number, work in enumerate(works)
    )
    return score(ENDS, Sheet(period, people))


@given(
    works=some.lists(some.integers(0, 100), min_size=1, max_size=25, unique=True), year=some.sampled_from([2025, 2026])
)
def test_caps_are_never_exceeded_and_quotas_always_filled(works: list[int], year: int) -> None:
    outcome = both_ends(works, str(year))
    assert not outcome.decisions_needed
    assert all(cap.used <= cap.cap for cap in outcome.caps)
    assert all(floor.held >= floor.least for floor in outcome.floors)


@given(works=some.lists(some.integers(0, 100), min_size=1, max_size=25))
def test_who_has_more_never_stands_below_who_has_less(works: list[int]) -> None:
    placed = [(each.total or 0, each.star) for each in both_ends(works, "2025").people if each.star is not None]
    ranked = sorted(placed)
    assert [star for _, star in ranked] == sorted(star for _, star in placed)


@given(works=some.lists(some.integers(0, 100), min_size=1, max_size=15), seed=some.integers(0, 999))
def test_the_order_of_people_never_matters_at_either_end(works: list[int], seed: int) -> None:
    shuffled = list(works)
    Random(seed).shuffle(shuffled)  # noqa: S311 - no secret

    def standing(given_works: list[int]) -> list[tuple[int, int]]:
        people = both_ends(given_works, "2026").people
        return sorted(
            (work, -1 if each.star is None else each.star) for work, each in zip(given_works, people, strict=True)
        )

    assert standing(works) == standing(shuffled)
