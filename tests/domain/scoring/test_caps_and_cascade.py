"""Places of a star: how many there are, who takes them, and where the others go."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from domain.findings import Invalid
from domain.rulebook import Rulebook
from domain.scoring import Outcome
from domain.sheet import Candidate

Person = Callable[..., Candidate]
Scored = Callable[..., Outcome]
Reread = Callable[..., Rulebook]


def stars(outcome: Outcome) -> list[int | None]:
    return [person.star for person in outcome.people]


@pytest.mark.parametrize(
    ("roster", "five", "four"),
    [(1, 0, 0), (3, 0, 0), (4, 0, 1), (10, 0, 3), (19, 0, 5), (20, 1, 6), (39, 1, 11), (40, 2, 12)],
)
def test_not_higher_than_means_rounded_down(
    annual: Rulebook, person: Person, scored: Scored, roster: int, five: int, four: int
) -> None:
    outcome = scored(annual, [person("P01", 90)], roster_size=roster)
    assert [(cap.star, cap.cap) for cap in outcome.caps] == [(5, five), (4, four)]


@pytest.mark.parametrize(
    ("choice", "roster", "five", "four"),
    [
        ("half_up", 9, 0, 3), ("half_up", 10, 1, 3), ("half_up", 15, 1, 5), ("half_up", 29, 1, 9),
        ("ceil", 1, 1, 1), ("ceil", 20, 1, 6), ("ceil", 21, 2, 7),
        ("min_1", 3, 1, 1), ("min_1", 40, 2, 12),
    ],
)  # fmt: skip
def test_another_reading_rounds_the_places_otherwise(
    reread: Reread, person: Person, scored: Scored, choice: str, roster: int, five: int, four: int
) -> None:
    outcome = scored(reread(cap_rounding=choice), [person("P01", 90)], roster_size=roster)
    assert [cap.cap for cap in outcome.caps] == [five, four]


def test_pooled_places_need_the_size_of_the_committee(reread: Reread, person: Person, scored: Scored) -> None:
    rulebook = reread(cap_rounding="pooled")
    with pytest.raises(Invalid) as refused:
        scored(rulebook, [person("P01", 96)], roster_size=10)
    assert [finding.code for finding in refused.value.findings] == ["pool-size-missing"]
    outcome = scored(rulebook, [person("P01", 96)], roster_size=10, pool_size=60)
    assert [cap.cap for cap in outcome.caps] == [3, 18]
    assert stars(outcome) == [5]


def test_without_a_roster_size_the_people_listed_are_counted(annual: Rulebook, person: Person, scored: Scored) -> None:
    outcome = scored(annual, [person(f"P{number:02}", 60) for number in range(20)])
    assert [cap.cap for cap in outcome.caps] == [1, 6]


def test_only_formal_members_count_where_the_rulebook_says_so(reread: Reread, person: Person, scored: Scored) -> None:
    people = [person("a", 96), person("b", 60, kind="probationary")]
    assert [cap.cap for cap in scored(reread(cap_base="formal"), people, roster_size=20).caps] == [0, 5]
    assert [cap.cap for cap in scored(reread(cap_base="all"), people, roster_size=20).caps] == [1, 6]


def test_the_overflow_takes_the_next_star_and_uses_its_places(annual: Rulebook, person: Person, scored: Scored) -> None:
    people = [person(name, total) for name, total in zip("abcdefgh", (99, 98, 97, 94, 93, 92, 91, 90), strict=True)]
    outcome = scored(annual, [*people, person("i", 89), person("j", 85)], roster_size=20)
    assert stars(outcome) == [5, 4, 4, 4, 4, 4, 4, 3, 3, 3]
    assert [person.score_star for person in outcome.people] == [5, 5, 5, 4, 4, 4, 4, 4, 4, 3]
    assert [(cap.cap, cap.used) for cap in outcome.caps] == [(1, 1), (6, 6)]
    demoted = outcome.people[1]
    assert demoted.total == Decimal("98.00")
    assert "A-34" in [reason.clause for reason in demoted.reasons]


def test_a_branch_of_ten_has_no_five_star_member(annual: Rulebook, person: Person, scored: Scored) -> None:
    people = [person(name, total) for name, total in zip("abcd", (99, 98, 97, 96), strict=True)]
    outcome = scored(annual, people, roster_size=10)
    assert stars(outcome) == [4, 4, 4, 3]
    assert [(cap.star, cap.cap, cap.used) for cap in outcome.caps] == [(5, 0, 0), (4, 3, 3)]


def test_a_lone_member_falls_from_five_to_three(annual: Rulebook, person: Person, scored: Scored) -> None:
    outcome = scored(annual, [person("a", 100)])
    assert stars(outcome) == [3]
    assert [reason.clause for reason in outcome.people[0].reasons] == ["AMB-A1", "A-34", "A-33"]


def test_nested_caps_count_the_higher_star_in_the_lower(reread: Reread, person: Person, scored: Scored) -> None:
    people = [person(f"P{number:02}", 99 - number) for number in range(9)]
    separate = scored(reread(cap_nesting="separate"), people, roster_size=20)
    nested = scored(reread(cap_nesting="nested"), people, roster_size=20)
    assert stars(separate) == [5, 4, 4, 4, 4, 4, 4, 3, 3]
    assert stars(nested) == [5, 4, 4, 4, 4, 4, 3, 3, 3]
    assert [(cap.cap, cap.used) for cap in nested.caps] == [(1, 1), (6, 6)]


@pytest.mark.parametrize(
    ("winner", "loser", "code"),
    [
        ({"work": "97", "masses": "94.25"}, {"work": "96", "masses": "96"}, "work"),
        ({"masses": "97", "group": "95.166666", "self": "96.000016"}, {"masses": "96"}, "masses"),
        ({"group": "97", "self": "91.2"}, {"self": "96"}, "organisation"),
    ],
)
def test_a_tie_at_the_cut_is_broken_by_work_then_masses_then_organisation(
    annual: Rulebook, person: Person, scored: Scored, winner: dict[str, str], loser: dict[str, str], code: str
) -> None:
    people = [person("loser", 96, **loser), person("winner", 96, **winner)]
    outcome = scored(annual, people, roster_size=20)
    assert outcome.people[0].total == outcome.people[1].total
    assert stars(outcome) == [4, 5]
    title = annual.nodes()[code].title.en
    assert any(title in reason.text.en for reason in outcome.people[0].reasons)
    assert outcome.decisions_needed == ()


def test_the_exact_total_breaks_no_tie_of_published_numbers(annual: Rulebook, person: Person, scored: Scored) -> None:
    people = [person("a", 96, self="96.05"), person("b", 96)]
    outcome = scored(annual, people, roster_size=20)
    assert outcome.people[0].total_exact != outcome.people[1].total_exact
    assert [needed.people for needed in outcome.decisions_needed] == [("a", "b")]
