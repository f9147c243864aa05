"""Whom an open question can touch, against an oracle that tries the totals that the questioned could come to."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations_with_replacement

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import ripple
from domain.decision import replace
from domain.ripple import touchable
from domain.rulebook import parse_rulebook
from domain.rulebook.model import Cap, Rulebook
from domain.rulebook.results import Gate
from domain.scoring import TieDecision, score
from domain.sheet.model import Candidate, Given, Sheet
from domain.text import Text
from tests.controls import ANNUAL_360

ANNUAL = parse_rulebook(ANNUAL_360)
CODES = tuple(ANNUAL.leaves())
EDGES = tuple(map(Decimal, ("0", "75", "80", "88", "95", "100")))
CENT = Decimal("0.01")

# Few different totals, so that ties and band edges are common; several of them share a star.
totals = st.sampled_from([70, 75, 79, 80, 87, 88, 90, 92, 94, 95, 97, 99]).map(Decimal)
crowds = st.lists(totals, min_size=3, max_size=9)
limits = st.tuples(st.integers(0, 3), st.integers(0, 4), st.booleans())
strict = st.builds(lambda drawn: rules(*drawn), limits)
loose = st.builds(
    lambda drawn, mode, left: replace(
        rules(*drawn),
        overflow=replace(ANNUAL.overflow, mode=mode),
        ties=replace(ANNUAL.ties, left=left),
    ),
    limits,
    st.sampled_from(["cascade", "branch_vote", "committee", "leave_vacant"]),
    st.sampled_from(["decision", "group_down", "group_up"]),
)


def rules(fives: int, fours: int, nested: bool) -> Rulebook:  # noqa: FBT001 - drawn
    """Return the shipped rulebook with so many places: a roster of 100 makes per cent of people."""
    return replace(ANNUAL, caps=(cap(5, fives), replace(cap(4, fours), nested=nested)))


def cap(star: int, places: int) -> Cap:
    return replace(ANNUAL.caps[0], star=star, percent=Decimal(places), of="all", round="floor")


def flat(person: str, total: Decimal, **about: bool) -> Candidate:
    return Candidate(person, components={code: Given(total) for code in CODES}, exempt=about.get("exempt", False))


def sheet(crowd: Sequence[Decimal]) -> Sheet:
    people = tuple(flat(f"P{number}", total) for number, total in enumerate(crowd))
    return Sheet("2025", people, roster_size=100)


def stars(rulebook: Rulebook, of: Sheet, decisions: Sequence[TieDecision] = ()) -> dict[str, int | None]:
    return {each.person: each.star for each in score(rulebook, of, decisions).people}


def beside(others: Iterable[Decimal]) -> list[Decimal]:
    """Return totals that stand in every order to the others, level with each, and at every edge of a band."""
    near = {total + step for total in others for step in (-CENT, Decimal(0), CENT)}
    return sorted(total for total in {*near, *EDGES} if 0 <= total <= 100)


def outcomes(crowd: Sequence[Decimal], questioned: int) -> Iterator[Sheet]:
    """Yield the sheets on which the first `questioned` people come to any totals that could matter."""
    for tried in combinations_with_replacement(beside(crowd[questioned:]), questioned):
        yield sheet([*tried, *crowd[questioned:]])


def touched(
    rulebook: Rulebook, crowd: Sequence[Decimal], questioned: int, decisions: Sequence[TieDecision] = ()
) -> set[str]:
    """Return everybody whose star some outcome changes, and the questioned themselves."""
    now = stars(rulebook, sheet(crowd), decisions)
    found = {f"P{number}" for number in range(questioned)}
    for other in outcomes(crowd, questioned):
        then = stars(rulebook, other, decisions)
        found |= {person for person in now if then[person] != now[person]}
    return found


def asked(questioned: int) -> set[str]:
    return {f"P{number}" for number in range(questioned)}


def answers(rulebook: Rulebook, of: Sheet) -> tuple[TieDecision, ...]:
    """Return a decision of every question that can be decided now."""
    return tuple(
        TieDecision(each.star, each.people[-each.places :], each.people)
        for each in score(rulebook, of).decisions_needed
    )


@settings(deadline=None, max_examples=60)
@given(strict, crowds)
def test_one_open_question_holds_exactly_those_it_could_touch(rulebook: Rulebook, crowd: list[Decimal]) -> None:
    assert touchable(rulebook, sheet(crowd), (), asked(1)) == touched(rulebook, crowd, 1)


@settings(deadline=None, max_examples=40)
@given(loose, crowds)
def test_one_open_question_holds_everybody_it_could_touch_under_any_reading(
    rulebook: Rulebook, crowd: list[Decimal]
) -> None:
    decisions = answers(rulebook, sheet(crowd)) if rulebook.overflow.mode == "cascade" else ()
    assert touchable(rulebook, sheet(crowd), decisions, asked(1)) >= touched(rulebook, crowd, 1, decisions)


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 3), st.integers(0, 2), st.integers(2, 3), st.booleans(), crowds)
def test_where_the_low_end_has_a_quota_one_open_question_holds_everybody_it_could_touch(
    least: int,
    fives: int,
    low: int,
    unscored: bool,  # noqa: FBT001 - drawn
    crowd: list[Decimal],
) -> None:
    """Whoever has no score yet counts for the quota once he has one."""
    falling = replace(ANNUAL.overflow, order=(5, 4, 3, 2, 1))
    floors = (replace(cap(low, least), round="ceil"),)
    low_end = replace(ANNUAL, caps=(cap(5, fives),), floors=floors, overflow=falling)
    people = sheet(crowd)
    if unscored:
        people = replace(people, people=(Candidate("P0"), *people.people[1:]))
    now, found = stars(low_end, people), {"P0"}
    for other in outcomes(crowd, 1):
        then = stars(low_end, other)
        found |= {person for person in now if then[person] != now[person]}
    assert touchable(low_end, people, (), asked(1)) >= found


GATE = Gate("clean", Text("无违纪", "no case"), 4, "clean", None, 3, "A-23")


def gated(person: str, total: Decimal, *, met: bool) -> Candidate:
    return replace(flat(person, total), gates={"clean": met})


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2), st.integers(1, 3), crowds)
def test_a_high_total_under_a_gate_competes_for_a_lower_star_too(fours: int, threes: int, crowd: list[Decimal]) -> None:
    """Who fails a gate brings a high total to a lower star, and takes the place of somebody whose score it is."""
    falling = replace(ANNUAL.overflow, order=(5, 4, 3, 2, 1))
    gates = replace(ANNUAL, gates=(GATE,), caps=(cap(4, fours), cap(3, threes)), overflow=falling)
    others = [gated(f"P{number}", total, met=number % 3 != 0) for number, total in enumerate(crowd[1:], 1)]

    def tried(total: Decimal, *, met: bool) -> dict[str, int | None]:
        return stars(gates, Sheet("2025", (gated("P0", total, met=met), *others), roster_size=100))

    now = tried(crowd[0], met=True)
    found = {"P0"}
    for total in beside(crowd[1:]):
        for met in (True, False):
            then = tried(total, met=met)
            found |= {person for person in now if then[person] != now[person]}
    people = Sheet("2025", (gated("P0", crowd[0], met=True), *others), roster_size=100)
    assert touchable(gates, people, (), asked(1)) >= found


@settings(deadline=None, max_examples=12)
@given(loose, st.lists(totals, min_size=4, max_size=7))
def test_two_open_questions_hold_everybody_they_could_touch_together(rulebook: Rulebook, crowd: list[Decimal]) -> None:
    assert touchable(rulebook, sheet(crowd), (), asked(2)) >= touched(rulebook, crowd, 2)


@settings(deadline=None, max_examples=8)
@given(strict, st.lists(totals, min_size=5, max_size=6))
def test_three_open_questions_hold_everybody_they_could_touch_together(
    rulebook: Rulebook, crowd: list[Decimal]
) -> None:
    assert touchable(rulebook, sheet(crowd), (), asked(3)) >= touched(rulebook, crowd, 3)


@settings(deadline=None, max_examples=60)
@given(loose, crowds, st.integers(1, 3))
def test_where_outcomes_are_too_many_those_at_the_cuts_hold_as_many_people(
    rulebook: Rulebook, crowd: list[Decimal], questioned: int
) -> None:
    every = touchable(rulebook, sheet(crowd), (), asked(questioned))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ripple, "MOST_OUTCOMES", 0)
        assert touchable(rulebook, sheet(crowd), (), asked(questioned)) >= every


@settings(deadline=None, max_examples=20)
@given(strict, st.lists(totals, min_size=4, max_size=6))
def test_the_cuts_alone_hold_everybody_whom_two_questions_could_touch(rulebook: Rulebook, crowd: list[Decimal]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ripple, "MOST_OUTCOMES", 0)
        assert touchable(rulebook, sheet(crowd), (), asked(2)) >= touched(rulebook, crowd, 2)


@given(strict, crowds)
def test_without_an_open_question_nobody_is_held(rulebook: Rulebook, crowd: list[Decimal]) -> None:
    assert touchable(rulebook, sheet(crowd), (), ()) == frozenset()


@given(strict, crowds)
def test_a_rulebook_may_hold_all_while_anything_is_open(rulebook: Rulebook, crowd: list[Decimal]) -> None:
    everybody = replace(rulebook, confirmation=replace(rulebook.confirmation, hold="all"))
    assert touchable(everybody, sheet(crowd), (), asked(1)) == {f"P{number}" for number in range(len(crowd))}


@settings(deadline=None)
@given(strict, crowds)
def test_a_question_about_somebody_exempt_holds_nobody_else(rulebook: Rulebook, crowd: list[Decimal]) -> None:
    people = sheet(crowd).people
    first = flat("P0", crowd[0], exempt=True)
    assert touchable(rulebook, Sheet("2025", (first, *people[1:]), roster_size=100), (), asked(1)) == {"P0"}


def test_who_is_alone_in_an_uncapped_star_touches_only_those_whose_place_he_could_take() -> None:
    crowd = [Decimal(total) for total in (70, 92, 91, 85, 60)]
    assert touchable(rules(1, 2, nested=False), sheet(crowd), (), asked(1)) == {"P0", "P2"}
