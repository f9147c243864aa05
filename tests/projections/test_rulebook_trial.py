"""A past round under another rulebook: who would change and by which clause, while nothing is written."""

from collections.abc import Callable

import pytest

import rulebooks
from domain.decision import NotFound
from domain.findings import Invalid
from domain.rounds import RoundOpened
from domain.rulebook import Rulebook, parse_rulebook
from domain.tally import Results
from projections.rulebook_trial import Trial, trial
from tests.controls import ROUND, WU, ZHOU
from tests.projections.month_ledger import MARCH, YEAR_ROUND, LivedMonths
from tests.projections.year_ledger import Year

Try = Callable[..., Trial]


def rulebook(*replacements: tuple[str, str], name: str = "annual-360") -> Rulebook:
    text = rulebooks.shipped(name).decode()
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new, 1)
    return parse_rulebook(text.encode())


@pytest.fixture
def tried(ended: Year) -> Try:
    """Return how to try a changed rulebook on that round; every trial must leave the ledger as it was."""

    def run(*replacements: tuple[str, str], name: str = "annual-360") -> Trial:
        before = ended.ledger.head()
        found = trial(ended.ledger, ROUND, rulebook(*replacements, name=name))
        assert ended.ledger.head() == before
        return found

    return run


def test_the_rulebook_of_the_round_itself_changes_nobody(tried: Try) -> None:
    found = tried()
    assert (found.ripple.changes, found.ripple.caps, found.ripple.undecided, found.unused, found.differing) == (
        (),
        (),
        (),
        (),
        (),
    )
    assert found.people == 8


def test_before_the_change_stands_what_the_tally_came_to(ended: Year, tried: Try) -> None:
    latest = ended.ledger.fold(Results, ROUND)
    assert isinstance(latest, Results)
    for each in tried(("weight = 35", "weight = 15"), ("weight = 20\n", "weight = 40\n")).ripple.changes:
        recorded = latest.latest[each.person]
        assert (each.before.total, each.before.star) == (recorded.total, recorded.star)


def test_a_wider_cap_lifts_who_fell_through_it_and_says_by_which_clause(tried: Try) -> None:
    found = tried(("percent = 30", "percent = 60"))
    (one,) = found.ripple.changes
    assert one.person == ZHOU
    assert (one.before.star, one.after.star) == (3, 4)
    assert one.before.total == one.after.total
    assert "A-33" in {why.clause for why in one.why}
    assert [(cap.star, cap.before, cap.after) for cap in found.ripple.caps] == [(4, 2, 4)]
    assert [(each.place, each.clause) for each in found.differing] == [("caps[4].percent", "A-33")]


def test_other_weights_change_a_total_and_each_step_that_differs_is_named(tried: Try) -> None:
    (one,) = tried(("weight = 35", "weight = 15"), ("weight = 20\n", "weight = 40\n")).ripple.changes
    assert one.person == WU
    assert (str(one.before.total), str(one.after.total)) == ("78.05", "77.45")
    assert {why.clause for why in one.why} == {"A-23"}
    said = [(why.before.en, why.after.en) for why in one.why if why.before is not None and why.after is not None]
    assert [("35%" in before, "15%" in after) for before, after in said] == [(True, True), (False, False)]
    assert [("20%" in before, "40%" in after) for before, after in said] == [(False, False), (True, True)]


def test_only_those_whose_result_differs_are_there(tried: Try) -> None:
    found = tried(("low = 88\n", "low = 84\n"), ("high = 88\n", "high = 84\n"))
    assert 0 < len(found.ripple.changes) < found.people
    for each in found.ripple.changes:
        assert each.before != each.after
        assert each.why, each


def test_components_that_the_other_rulebook_has_not_are_named(tried: Try) -> None:
    assert tried(name="blank").unused == ("group", "branch", "self")


def test_a_rulebook_that_leaves_a_star_undefined_is_not_tried(tried: Try) -> None:
    with pytest.raises(Invalid) as verdict:
        tried(("weight = 35", "weight = 34"))
    assert [finding.code for finding in verdict.value.findings] == ["weights-not-100"]


def test_a_round_that_is_not_there_cannot_be_tried(ended: Year) -> None:
    with pytest.raises(NotFound):
        trial(ended.ledger, "r1999", rulebook())


def test_a_round_is_tried_as_it_was_at_a_position(ended: Year) -> None:
    opened = next(fact.position for fact in ended.ledger.read() if fact.event.NAME == RoundOpened.NAME)
    with pytest.raises(NotFound):
        trial(ended.ledger, ROUND, rulebook(), upto=opened - 1)
    early = trial(ended.ledger, ROUND, rulebook(("percent = 30", "percent = 60")), upto=opened)
    assert early.ripple.changes == ()


@pytest.mark.parametrize("round_id", [MARCH, YEAR_ROUND])
def test_months_and_their_year_can_be_tried_too(lived: LivedMonths, round_id: str) -> None:
    other = rulebook(
        ("weight = 30\n", "weight = 50\n"), ("weight = 70\n", "weight = 50\n"),
        ("{ records = 70, appraisal = 30 }", "{ records = 50, appraisal = 50 }"), name="monthly-points",
    )  # fmt: skip
    same = trial(lived.year.ledger, round_id, rulebook(name="monthly-points"))
    found = trial(lived.year.ledger, round_id, other)
    assert same.ripple.changes == ()
    assert found.ripple.changes
    assert all({"B-40", "B-47"} & {why.clause for why in each.why} for each in found.ripple.changes)


def test_of_steps_that_part_only_the_deepest_are_said(tried: Try) -> None:
    (one,) = tried(("weight = 35", "weight = 15"), ("weight = 20\n", "weight = 40\n")).ripple.changes
    assert not any("78.05" in why.before.en for why in one.why if why.before is not None)
