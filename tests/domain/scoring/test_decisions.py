"""What a body decides: nothing is guessed before, everything is settled after."""

from collections.abc import Callable

import pytest

from domain.rulebook import Rulebook
from domain.scoring import Outcome, TieDecision
from domain.sheet import Candidate

Person = Callable[..., Candidate]
Scored = Callable[..., Outcome]
Reread = Callable[..., Rulebook]


def stars(outcome: Outcome) -> dict[str, int | None]:
    return {person.person: person.star for person in outcome.people}


def needed(outcome: Outcome) -> list[tuple[str, int, int, tuple[str, ...]]]:
    return [(each.kind, each.star, each.places, each.people) for each in outcome.decisions_needed]


def test_people_equal_in_everything_wait_for_a_decision(annual: Rulebook, person: Person, scored: Scored) -> None:
    outcome = scored(annual, [person("z", 96), person("a", 96), person("d", 90)], roster_size=20)
    assert stars(outcome) == {"z": None, "a": None, "d": 4}
    assert needed(outcome) == [("tie", 5, 1, ("z", "a"))]
    assert outcome.decisions_needed[0].clause == "AMB-A8"
    assert outcome.caps[0].used == 0
    assert all(reason.clause for each in outcome.people for reason in each.reasons)


def test_a_decision_settles_the_tie(annual: Rulebook, person: Person, scored: Scored) -> None:
    people = [person("z", 96), person("a", 96), person("d", 90)]
    outcome = scored(annual, people, TieDecision(5, ("a",), ("a", "z")), roster_size=20)
    assert stars(outcome) == {"z": 4, "a": 5, "d": 4}
    assert (outcome.decisions_needed, outcome.findings) == ((), ())


def test_others_stay_determined_where_only_the_number_of_losers_counts(
    annual: Rulebook, person: Person, scored: Scored
) -> None:
    tied = [person(name, 96) for name in ("t1", "t2", "t3")]
    fours = [person(f"f{number}", 94 - number) for number in range(6)]
    outcome = scored(annual, [*tied, *fours], roster_size=20)
    expected = {"t1": None, "t2": None, "t3": None, "f0": 4, "f1": 4, "f2": 4, "f3": 4, "f4": 3, "f5": 3}
    assert stars(outcome) == expected
    assert len(outcome.decisions_needed) == 1


def test_a_tied_group_over_two_stars_is_asked_star_by_star(annual: Rulebook, person: Person, scored: Scored) -> None:
    people = [person(f"t{number}", 96) for number in range(8)] + [person("d", 90)]
    first = scored(annual, people, roster_size=20)
    assert set(stars(first).values()) == {None, 3}
    assert stars(first)["d"] == 3
    assert needed(first) == [("tie", 5, 1, tuple(f"t{number}" for number in range(8)))]
    second = scored(annual, people, TieDecision(5, ("t3",)), roster_size=20)
    assert stars(second)["t3"] == 5
    assert needed(second) == [("tie", 4, 6, ("t0", "t1", "t2", "t4", "t5", "t6", "t7"))]
    winners = ("t0", "t1", "t2", "t4", "t5", "t6")
    third = scored(annual, people, TieDecision(5, ("t3",)), TieDecision(4, winners), roster_size=20)
    assert stars(third)["t7"] == 3
    assert third.decisions_needed == ()


def test_two_ties_that_do_not_touch_are_asked_at_once(annual: Rulebook, person: Person, scored: Scored) -> None:
    people = [person("a", 96), person("b", 96), *(person(f"f{number}", 94) for number in range(4))]
    people += [person("x", 90), person("y", 90)]
    outcome = scored(annual, people, roster_size=20)
    assert needed(outcome) == [("tie", 5, 1, ("a", "b")), ("tie", 4, 1, ("x", "y"))]
    settled = scored(annual, people, TieDecision(4, ("y",)), roster_size=20)
    assert (stars(settled)["x"], stars(settled)["y"], stars(settled)["a"]) == (3, 4, None)
    assert settled.findings == ()


@pytest.mark.parametrize(
    "decision",
    [
        TieDecision(5, ("a", "b")),
        TieDecision(5, ()),
        TieDecision(5, ("d",)),
        TieDecision(5, ("a", "a")),
        TieDecision(5, ("a",), ("a", "b", "c")),
        TieDecision(3, ("a",)),
        TieDecision(7, ("a",)),
    ],
)
def test_a_decision_that_answers_nothing_is_named_and_changes_nothing(
    annual: Rulebook, person: Person, scored: Scored, decision: TieDecision
) -> None:
    people = [person("a", 96), person("b", 96), person("d", 90)]
    before, after = scored(annual, people, roster_size=20), scored(annual, people, decision, roster_size=20)
    assert stars(after) == stars(before)
    assert after.decisions_needed == before.decisions_needed
    assert [finding.code for finding in after.findings] == ["decision-unfit"]


def test_a_decision_outlives_no_corrected_score(annual: Rulebook, person: Person, scored: Scored) -> None:
    people = [person("a", 96), person("b", 97)]
    outcome = scored(annual, people, TieDecision(5, ("a",), ("a", "b")), roster_size=20)
    assert stars(outcome) == {"a": 4, "b": 5}
    assert [finding.code for finding in outcome.findings] == ["decision-unfit"]
    level = [person("a", 96), person("b", 96), person("c", 96)]
    outcome = scored(annual, level, TieDecision(5, ("a",), ("a", "b")), roster_size=20)
    assert stars(outcome) == {"a": None, "b": None, "c": None}
    assert [finding.code for finding in outcome.findings] == ["decision-unfit"]


def test_two_decisions_about_one_star_decide_nothing(annual: Rulebook, person: Person, scored: Scored) -> None:
    people = [person("a", 96), person("b", 96)]
    outcome = scored(annual, people, TieDecision(5, ("a",)), TieDecision(5, ("b",)), roster_size=20)
    assert stars(outcome) == {"a": None, "b": None}
    assert [finding.code for finding in outcome.findings] == ["decision-doubled"]


def test_a_whole_tied_group_may_go_down(reread: Reread, person: Person, scored: Scored) -> None:
    rulebook = reread(ties_left="group_down")
    people = [person("top", 98), person("a", 96), person("b", 96), person("c", 95)]
    outcome = scored(rulebook, people, roster_size=40)
    assert stars(outcome) == {"top": 5, "a": 4, "b": 4, "c": 4}
    assert outcome.caps[0].used == 1
    assert outcome.decisions_needed == ()


def test_a_whole_tied_group_goes_up_if_the_committee_approves(reread: Reread, person: Person, scored: Scored) -> None:
    rulebook = reread(ties_left="group_up")
    people = [person("a", 96), person("b", 96), *(person(f"f{number}", 94 - number) for number in range(6))]
    asked = scored(rulebook, people, roster_size=20)
    assert needed(asked) == [("tie_approval", 5, 1, ("a", "b"))]
    assert [stars(asked)[name] for name in ("f0", "f3", "f4", "f5")] == [4, 4, None, None]
    approved = scored(rulebook, people, TieDecision(5, ("a", "b")), roster_size=20)
    assert [stars(approved)[name] for name in ("a", "b", "f4", "f5")] == [5, 5, 4, 4]
    assert (approved.caps[0].cap, approved.caps[0].used) == (1, 2)
    declined = scored(rulebook, people, TieDecision(5, ()), roster_size=20)
    assert [stars(declined)[name] for name in ("a", "b", "f3", "f4", "f5")] == [4, 4, 4, 3, 3]


@pytest.mark.parametrize("mode", ["branch_vote", "committee"])
def test_above_the_cap_a_vote_may_choose_instead_of_the_rank(
    reread: Reread, person: Person, scored: Scored, mode: str
) -> None:
    rulebook = reread(overflow=mode)
    people = [person("a", 99), person("b", 96), person("d", 90)]
    asked = scored(rulebook, people, roster_size=20)
    assert needed(asked) == [(mode, 5, 1, ("a", "b"))]
    assert stars(asked) == {"a": None, "b": None, "d": 4}
    chosen = scored(rulebook, people, TieDecision(5, ("b",)), roster_size=20)
    assert stars(chosen) == {"a": 4, "b": 5, "d": 4}


def test_where_a_vote_may_push_others_out_they_are_open_as_well(reread: Reread, person: Person, scored: Scored) -> None:
    rulebook = reread(overflow="branch_vote")
    people = [person("a", 99), person("b", 98), *(person(f"f{number}", 94 - number) for number in range(6))]
    outcome = scored(rulebook, people, roster_size=20)
    assert set(stars(outcome).values()) == {None}
    assert needed(outcome) == [("branch_vote", 5, 1, ("a", "b"))]


def test_vacant_places_are_filled_by_a_body_wholly_or_in_part(reread: Reread, person: Person, scored: Scored) -> None:
    rulebook = reread(overflow="leave_vacant")
    people = [person("a", 99), person("b", 98), person("c", 97), person("d", 90)]
    asked = scored(rulebook, people, roster_size=40)
    assert needed(asked) == [("vacant", 5, 2, ("a", "b", "c"))]
    assert stars(scored(rulebook, people, TieDecision(5, ("b",)), roster_size=40)) == {"a": 4, "b": 5, "c": 4, "d": 4}
    assert stars(scored(rulebook, people, TieDecision(5, ()), roster_size=40)) == {"a": 4, "b": 4, "c": 4, "d": 4}


def test_how_many_a_body_lets_in_may_decide_about_others(reread: Reread, person: Person, scored: Scored) -> None:
    rulebook = reread(overflow="leave_vacant")
    people = [person("a", 99), person("b", 98), *(person(f"f{number}", 94 - number) for number in range(5))]
    outcome = scored(rulebook, people, roster_size=20)
    assert set(stars(outcome).values()) == {None}
    assert stars(scored(rulebook, people, TieDecision(5, ("b",)), roster_size=20))["f4"] == 4


def test_a_vote_is_asked_in_the_order_of_the_sheet_not_of_the_rank(
    reread: Reread, person: Person, scored: Scored
) -> None:
    people = [person("low", 96), person("high", 99)]
    outcome = scored(reread(overflow="branch_vote"), people, roster_size=20)
    assert needed(outcome) == [("branch_vote", 5, 1, ("low", "high"))]


def test_a_lower_decision_that_names_people_in_question_waits_for_the_higher(
    reread: Reread, person: Person, scored: Scored
) -> None:
    rulebook = reread(overflow="branch_vote")
    fours = [person(f"f{number}", 94 - number) for number in range(6)]
    winners = ("a", "f0", "f1", "f2", "f3", "f4")
    for people in ([person("a", 99), person("b", 98), *fours], [person("b", 98), person("a", 99), *fours]):
        waiting = scored(rulebook, people, TieDecision(4, winners), roster_size=20)
        assert set(stars(waiting).values()) == {None}
        settled = scored(rulebook, people, TieDecision(5, ("b",)), TieDecision(4, winners), roster_size=20)
        assert stars(settled) == {"a": 4, "b": 5, "f0": 4, "f1": 4, "f2": 4, "f3": 4, "f4": 4, "f5": 3}


def test_an_open_star_names_the_decision_it_waits_for(reread: Reread, person: Person, scored: Scored) -> None:
    people = [person("a", 99), person("b", 98), *(person(f"f{number}", 94 - number) for number in range(6))]
    outcome = scored(reread(overflow="branch_vote"), people, roster_size=20)
    assert {each.placing.open_at for each in outcome.people} == {5}
    tied = [person("a", 96), person("b", 96), *(person(f"f{number}", 94) for number in range(4))]
    apart = scored(reread(), [*tied, person("x", 90), person("y", 90)], roster_size=20)
    assert {each.person: each.placing.open_at for each in apart.people if each.star is None} == {
        "a": 5,
        "b": 5,
        "x": 4,
        "y": 4,
    }
