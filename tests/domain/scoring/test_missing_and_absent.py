"""What is missing, what does not exist, who is not rated: never a zero, always a reason."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from domain.findings import Invalid
from domain.rulebook import Rulebook
from domain.scoring import Outcome, PersonResult
from domain.sheet import Candidate, Counted, Given

Person = Callable[..., Candidate]
Scored = Callable[..., Outcome]
Reread = Callable[..., Rulebook]
NO_GROUP = frozenset({"group"})


def first(outcome: Outcome) -> PersonResult:
    return outcome.people[0]


@pytest.mark.parametrize("code", ["work", "group", "branch", "masses", "self"])
def test_a_missing_component_makes_the_result_incomplete_and_is_no_zero(
    annual: Rulebook, person: Person, scored: Scored, code: str
) -> None:
    scores = {each: "90" for each in ("work", "group", "branch", "masses", "self") if each != code}
    result = first(scored(annual, [person("P01", **scores)], roster_size=20))
    assert (result.status, result.total, result.total_exact, result.score_star, result.star) == (
        "incomplete", None, None, None, None,
    )  # fmt: skip
    (reason,) = result.reasons
    assert reason.clause == "AMB-A13"


def test_an_incomplete_person_counts_in_the_denominator_but_takes_no_place(
    annual: Rulebook, person: Person, scored: Scored
) -> None:
    people = [person(f"P{number:02}", 70) for number in range(18)]
    outcome = scored(annual, [*people, person("star", 96), person("missing", 99, work=None)])
    assert [cap.cap for cap in outcome.caps] == [1, 6]
    assert [each.star for each in outcome.people[-2:]] == [5, None]


def test_without_a_party_group_the_branch_carries_the_whole_organisation(
    annual: Rulebook, person: Person, scored: Scored
) -> None:
    one = person("P01", 80, group=None, branch="90", not_applicable=NO_GROUP)
    result = first(scored(annual, [one], roster_size=20))
    assert result.total == Decimal("84.00")
    assert "AMB-A11" in [reason.clause for reason in result.reasons]


def test_a_component_that_does_not_exist_is_not_a_missing_one(annual: Rulebook, person: Person, scored: Scored) -> None:
    absent = person("absent", 80, group=None, not_applicable=NO_GROUP)
    missing = person("missing", 80, group=None)
    outcome = scored(annual, [absent, missing], roster_size=20)
    assert [each.status for each in outcome.people] == ["complete", "incomplete"]


def test_a_rulebook_may_refuse_a_branch_without_groups(reread: Reread, person: Person, scored: Scored) -> None:
    with pytest.raises(Invalid) as refused:
        scored(reread(no_party_group="refuse"), [person("P01", 80, group=None, not_applicable=NO_GROUP)])
    assert [finding.code for finding in refused.value.findings] == ["component-required"]


def test_only_what_the_rulebook_calls_optional_may_be_absent(annual: Rulebook, person: Person, scored: Scored) -> None:
    with pytest.raises(Invalid) as refused:
        scored(annual, [person("P01", 80, masses=None, not_applicable=frozenset({"masses", "organisation", "x"}))])
    assert sorted(finding.code for finding in refused.value.findings) == [
        "component-required", "component-required", "component-unknown",
    ]  # fmt: skip


def test_renormalising_spreads_the_weight_of_what_is_missing(reread: Reread, person: Person, scored: Scored) -> None:
    rulebook = reread(missing_component="renormalise")
    result = first(scored(rulebook, [person("P01", 90, masses=None, work="80")], roster_size=20))
    assert result.total_exact == Fraction(80 * 35 + 90 * 45, 80)
    assert result.status == "complete"


def test_renormalising_within_the_organisation_leaves_its_forty_per_cent(
    reread: Reread, person: Person, scored: Scored
) -> None:
    rulebook = reread(missing_component="renormalise")
    result = first(scored(rulebook, [person("P01", 80, group=None, branch="90")], roster_size=20))
    assert result.total_exact == 84


def test_renormalising_nothing_at_all_is_still_incomplete(reread: Reread, person: Person, scored: Scored) -> None:
    result = first(scored(reread(missing_component="renormalise"), [person("P01")], roster_size=20))
    assert (result.status, result.total) == ("incomplete", None)


def test_last_years_score_is_carried_only_where_the_rulebook_says_so(
    annual: Rulebook, reread: Reread, person: Person, scored: Scored
) -> None:
    one = person("P01", 90, masses=None, last_year={"masses": Given(Decimal(70))})
    result = first(scored(reread(missing_component="carry_last_year"), [one], roster_size=20))
    assert result.total == Decimal("86.00")
    with pytest.raises(Invalid):
        scored(annual, [one], roster_size=20)


def test_carrying_without_last_years_score_is_incomplete(reread: Reread, person: Person, scored: Scored) -> None:
    rulebook = reread(missing_component="carry_last_year")
    assert first(scored(rulebook, [person("P01", 90, masses=None)])).status == "incomplete"


@pytest.mark.parametrize(("ballots", "status"), [(4, "incomplete"), (5, "complete"), (None, "complete")])
def test_fewer_than_five_valid_ballots_of_the_masses_are_insufficient(
    annual: Rulebook, person: Person, scored: Scored, ballots: int | None, status: str
) -> None:
    one = person("P01", 90, masses=Given(Decimal(80), ballots=ballots))
    result = first(scored(annual, [one], roster_size=20))
    assert result.status == status
    assert ("AMB-A14" in [reason.clause for reason in result.reasons]) == (status == "incomplete")


def test_single_ballots_are_counted_and_averaged(annual: Rulebook, person: Person, scored: Scored) -> None:
    four = tuple(Given(Decimal(value)) for value in (60, 70, 80, 90))
    five = (*four, Given(Decimal(100)))
    outcome = scored(annual, [person("a", 80, masses=four), person("b", 80, masses=five)], roster_size=20)
    assert [each.status for each in outcome.people] == ["incomplete", "complete"]
    assert outcome.people[1].total_exact == 80


def test_the_trimmed_mean_leaves_out_one_at_each_end(reread: Reread, person: Person, scored: Scored) -> None:
    ballots = tuple(Given(Decimal(value)) for value in (100, 0, 80, 90, 85))
    result = first(scored(reread(masses_mean="trimmed"), [person("P01", 85, masses=ballots)], roster_size=20))
    assert result.total_exact == 85


def test_grades_on_ballots_become_points_and_abstentions_count_for_nothing(
    reread: Reread, annual: Rulebook, person: Person, scored: Scored
) -> None:
    counted = Counted({"优秀": 12, "合格": 6, "基本合格": 1, "不合格": 1, "弃权": 2}, sources=(17,))
    one = person("P01", 85, masses=counted)
    result = first(scored(reread(masses_mean="grades"), [one], roster_size=20))
    assert result.total_exact == Fraction(85 * 80, 100) + Fraction(1200 + 450 + 50, 20) * Fraction(20, 100)
    with pytest.raises(Invalid) as refused:
        scored(annual, [one], roster_size=20)
    assert [finding.code for finding in refused.value.findings] == ["source-not-declared"]


def test_abstentions_alone_are_insufficient(reread: Reread, person: Person, scored: Scored) -> None:
    one = person("P01", 85, masses=Counted({"优秀": 4, "弃权": 20}))
    assert first(scored(reread(masses_mean="grades"), [one], roster_size=20)).status == "incomplete"


@pytest.mark.parametrize(
    ("joined", "status", "star"),
    [
        (date(2025, 7, 1), "complete", 4),
        (date(2025, 7, 2), "not_rated", 0),
        (date(2025, 12, 31), "not_rated", 0),
        (date(2019, 12, 31), "complete", 4),
    ],
)
def test_joining_less_than_six_months_before_the_end_is_evaluated_without_a_star(
    annual: Rulebook, person: Person, scored: Scored, joined: date, status: str, star: int
) -> None:
    result = first(scored(annual, [person("P01", 90, joined=joined)], roster_size=20))
    assert (result.status, result.star, str(result.total)) == (status, star, "90.00")
    assert ("AMB-A15" in [reason.clause for reason in result.reasons]) == (status == "not_rated")


def test_a_newcomer_takes_no_place_from_others(annual: Rulebook, person: Person, scored: Scored) -> None:
    people = [person("new", 99, joined=date(2025, 9, 1)), person("old", 95)]
    assert [each.star for each in scored(annual, people, roster_size=20).people] == [0, 5]


def test_pro_rata_counts_the_total_by_whole_months(reread: Reread, person: Person, scored: Scored) -> None:
    one = person("P01", 90, joined=date(2025, 3, 15))
    result = first(scored(reread(newcomers="pro_rata"), [one], roster_size=20))
    assert (result.total_exact, result.status) == (Fraction(90 * 9, 12), "complete")


def test_joining_after_the_period_is_refused(annual: Rulebook, person: Person, scored: Scored) -> None:
    with pytest.raises(Invalid):
        scored(annual, [person("P01", 90, joined=date(2026, 1, 1))])


def test_an_exempt_member_has_no_star_and_stays_in_the_denominator(
    annual: Rulebook, reread: Reread, person: Person, scored: Scored
) -> None:
    people = [person(f"P{number:02}", 70) for number in range(19)]
    everyone = [person("exempt", exempt=True), *people]
    outcome = scored(annual, everyone)
    assert (first(outcome).status, first(outcome).star, first(outcome).total) == ("not_rated", 0, None)
    assert [cap.cap for cap in outcome.caps] == [1, 6]
    assert [cap.cap for cap in scored(reread(cap_base="evaluated"), everyone).caps] == [0, 5]


def test_an_open_top_lets_a_component_exceed_one_hundred(
    annual: Rulebook, reread: Reread, person: Person, scored: Scored
) -> None:
    one = person("P01", 90, work="120")
    assert first(scored(reread(component_range="open_top"), [one], roster_size=20)).total == Decimal("100.50")
    with pytest.raises(Invalid) as refused:
        scored(annual, [one])
    (finding,) = refused.value.findings
    assert finding.code == "score-out-of-range"
    assert "P01" in finding.message.en
    assert "Work performance" in finding.message.en
