"""A star that nobody can reach and a cap that leaves a branch nothing are said before the rulebook is adopted."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from domain.rulebook import Rulebook, lint, parse_rulebook
from domain.scoring import score
from domain.sheet import Candidate, Given, Sheet

Changed = Callable[..., Rulebook]
UNREACHABLE = {"star-unreachable", "star-unreachable-by-entries"}
TOP = (
    '[[bands]]\nstar = 6\nlabel = { zh = "六星级", en = "six stars" }\nlow = %s\nclause = "A-32"\n\n[[bands]]\nstar = 5'
)


def unreachable(rulebook: Rulebook) -> list[tuple[str, str]]:
    return [(each.code, each.place) for each in lint(rulebook) if each.code in UNREACHABLE]


def with_a_sixth_star(changed: Changed, low: str) -> Rulebook:
    return changed(("[[bands]]\nstar = 5", TOP % low), ("low = 95", f"low = 95\nhigh = {low}"))


@pytest.mark.parametrize("name", ["annual-360", "monthly-points", "blank"])
def test_every_star_of_a_shipped_rulebook_can_be_reached(changed: Changed, name: str) -> None:
    assert unreachable(changed(name=name)) == []


@pytest.mark.parametrize(("low", "found"), [("100", []), ("100.01", [("star-unreachable", "bands[0]")])])
def test_a_star_above_the_highest_total_is_named(changed: Changed, low: str, found: list[tuple[str, str]]) -> None:
    assert unreachable(with_a_sixth_star(changed, low)) == found


def test_nobody_is_given_a_star_that_is_named_unreachable(changed: Changed) -> None:
    rulebook = with_a_sixth_star(changed, "100.01")
    full = {code: Given(Decimal(100)) for code in rulebook.leaves()}
    (best,) = score(rulebook, Sheet("2025", (Candidate("a", components=full),), roster_size=100)).people
    assert (best.total, best.score_star) == (Decimal("100.00"), 5)


def test_an_open_top_reaches_any_star(changed: Changed) -> None:
    rulebook = with_a_sixth_star(changed, "100.01")
    opened = changed(
        ("[[bands]]\nstar = 5", TOP % "100.01"),
        ("low = 95", "low = 95\nhigh = 100.01"),
        ('component_range = "clamped"', 'component_range = "open_top"'),
    )
    assert (len(unreachable(rulebook)), unreachable(opened)) == (1, [])


@pytest.mark.parametrize(("high", "found"), [("18.3", []), ("18.2", [("star-unreachable-by-entries", "bands[0]")])])
def test_a_star_that_only_points_reach_and_no_entries_is_named_apart(
    changed: Changed, high: str, found: list[tuple[str, str]]
) -> None:
    lower = ('component = "records"\nlow = 0\nhigh = 20', f'component = "records"\nlow = 0\nhigh = {high}')
    rulebook = changed(*[lower] * 5, ("high = 5\nbonus", "high = 1.5\nbonus"), name="monthly-points")
    assert unreachable(rulebook) == found  # 70 % of 5 × 18.3 + 1.5, and 30: 95.10


@pytest.mark.parametrize(
    ("low", "high", "places", "found"),
    [
        ("88", "88", "2", [("star-unreachable", "bands[1]")]),
        ("88.004", "88.006", "2", [("star-unreachable", "bands[1]")]),
        ("88.004", "88.006", "3", []),
        ("88", "88.01", "2", []),
    ],
)
def test_a_band_without_any_number_that_is_published_is_named(
    changed: Changed, low: str, high: str, places: str, found: list[tuple[str, str]]
) -> None:
    rulebook = changed(
        ("low = 95", f"low = {high}"),
        ("low = 88\nhigh = 95", f"low = {low}\nhigh = {high}"),
        ("low = 80\nhigh = 88", f"low = 80\nhigh = {low}"),
        ("places = 2", f"places = {places}"),
    )
    assert unreachable(rulebook) == found


SCHEMES = {path.stem: path for path in (Path(__file__).parents[1] / "schemes").glob("*.toml")}


@pytest.mark.parametrize("name", sorted(SCHEMES))
def test_every_star_of_a_scheme_of_any_construct_can_be_reached(name: str) -> None:
    assert unreachable(parse_rulebook(SCHEMES[name].read_bytes())) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "found"),
    [
        # a clamp in the order of counting, below the threshold of the best band
        ("clamp-order", "at_most = 100", "at_most = 90", []),
        ("clamp-order", "at_most = 100", "at_most = 89", [("star-unreachable-by-entries", "bands[0]")]),
        # a named star for more points than the component can have
        ("named-stars", "at_least = 18", "at_least = 20", []),
        ("named-stars", "at_least = 18", "at_least = 20.5", [("star-unreachable", "named_stars.study.at_least")]),
    ],
)
def test_orders_and_named_stars_are_reckoned_with(name: str, old: str, new: str, found: list[tuple[str, str]]) -> None:
    text = SCHEMES[name].read_text(encoding="utf-8")
    assert old in text
    assert unreachable(parse_rulebook(text.replace(old, new, 1).encode())) == found


def caps(rulebook: Rulebook, size: int | None) -> list[tuple[str, str]]:
    return [(each.code, each.place) for each in lint(rulebook, size) if "cap-" in each.code]


@pytest.mark.parametrize(
    ("size", "found"),
    [
        (None, []),
        (3, [("cap-empty", "caps[0].percent"), ("cap-empty", "caps[1].percent")]),
        (19, [("cap-empty", "caps[0].percent")]),
        (20, [("note-cap-single", "caps[0].percent")]),
        (40, []),
    ],
)
def test_a_cap_that_comes_to_none_or_one_is_said_for_the_branch(
    changed: Changed, size: int | None, found: list[tuple[str, str]]
) -> None:
    assert [each for each in caps(changed(), size) if size != 19 or each[1] == "caps[0].percent"] == found


@pytest.mark.parametrize(
    ("rounding", "size", "codes"),
    [
        ("half_up", 9, ["cap-empty"]),
        ("half_up", 10, ["note-cap-single"]),
        ("ceil", 20, ["note-cap-single"]),
        ("ceil", 21, []),
        ("min_1", 3, ["note-cap-single"]),
        ("pooled", 3, []),
    ],
)
def test_places_are_counted_as_the_reading_says(changed: Changed, rounding: str, size: int, codes: list[str]) -> None:
    rulebook = changed(('cap_rounding = "floor"', f'cap_rounding = "{rounding}"'))
    assert [code for code, place in caps(rulebook, size) if place == "caps[0].percent"] == codes


@pytest.mark.parametrize("rounding", ["floor", "half_up", "ceil", "min_1"])
@pytest.mark.parametrize("size", [1, 3, 9, 10, 19, 20, 21, 33, 40])
def test_the_linter_counts_places_as_scoring_does(changed: Changed, rounding: str, size: int) -> None:
    rulebook = changed(('cap_rounding = "floor"', f'cap_rounding = "{rounding}"'))
    sheet = Sheet("2025", (Candidate("a", components={"work": Given(Decimal(1))}),), roster_size=size)
    counted = {cap.star: cap.cap for cap in score(rulebook, sheet).caps}
    said = {0: "cap-empty", 1: "note-cap-single"}
    expected = [
        (said[counted[cap.star]], f"caps[{number}].percent")
        for number, cap in enumerate(rulebook.caps)
        if counted[cap.star] in said
    ]
    assert caps(rulebook, size) == expected
