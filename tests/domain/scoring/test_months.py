"""Seed B's month: 30 % appraisal and 70 % record, bands at every edge, ballots by grade, groups of voters apart."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.findings import Invalid
from domain.rulebook import Rulebook
from domain.scoring import PersonResult, Step, score
from domain.sheet import Candidate, Counted, Given, Score, Sheet

Monthly = Callable[..., PersonResult]
Reread = Callable[..., Rulebook]
points = st.decimals(0, 100, places=2)


def flat(number: str) -> dict[str, Given]:
    return {"records": Given(Decimal(number)), "appraisal": Given(Decimal(number))}


def said(step: Step) -> str:
    return "\n".join([step.label.en, *(said(child) for child in step.children)])


@pytest.mark.parametrize(
    ("number", "star"),
    [
        ("100", 5),
        ("95", 5),
        ("94.995", 5),
        ("94.994", 4),
        ("94.99", 4),
        ("90", 4),
        ("89.995", 4),
        ("89.994", 3),
        ("89.5", 3),
        ("89", 3),
        ("85", 3),
        ("84.99", 2),
        ("80", 2),
        ("79.99", 1),
        ("75", 1),
        ("74.995", 1),
        ("74.994", 0),
        ("74.99", 0),
        ("0", 0),
    ],
)
def test_each_edge_of_a_band_is_decided_by_the_published_number(
    monthly: Rulebook, of_month: Monthly, number: str, star: int
) -> None:
    result = of_month(monthly, **flat(number))
    assert (result.score_star, result.star) == (star, star)


def test_below_75_no_star_is_given_and_the_total_still_stands(monthly: Rulebook, of_month: Monthly) -> None:
    result = of_month(monthly, **flat("74.99"))
    assert (result.status, result.star, result.total) == ("not_rated", 0, Decimal("74.99"))
    assert result.label is not None
    assert result.label.zh == "不评定星级"
    assert result.fell_short
    assert [reason.clause for reason in result.reasons] == ["B-19", "B-19"]


def test_who_is_exempt_did_not_fall_short_and_has_no_talk(monthly: Rulebook) -> None:
    one = Candidate("a", components=flat("60"), exempt=True)
    result = score(monthly, Sheet("2025-03", (one,))).people[0]
    assert (result.status, result.star, result.fell_short) == ("not_rated", 0, False)
    talk = next(each for each in monthly.consequences if each.code == "talk")
    assert [talk.meets(0, fell_short=True), talk.meets(0), talk.meets(1)] == [True, False, False]


@pytest.mark.parametrize(("number", "reading"), [("95", "AMB-B1"), ("75", "AMB-B3"), ("90", ""), ("96", "")])
def test_the_reading_that_decides_an_edge_is_named_on_it_alone(
    monthly: Rulebook, of_month: Monthly, number: str, reading: str
) -> None:
    (band,) = of_month(monthly, **flat(number)).explanation.children
    assert band.readings == ((reading, "AMB-B2") if reading else ("AMB-B2",))


@pytest.mark.parametrize(
    ("number", "total", "star"), [("89.5", "90", 4), ("89.49", "89", 3), ("94.5", "95", 5), ("74.5", "75", 1)]
)
def test_rounding_to_an_integer_first_gives_the_other_star(
    monthly_read: Reread, of_month: Monthly, number: str, total: str, star: int
) -> None:
    result = of_month(monthly_read(band_gaps="integer_first"), **flat(number))
    assert (str(result.total), result.star) == (total, star)


@given(points, points)
def test_a_month_is_the_naive_weighted_sum(
    monthly: Rulebook, of_month: Monthly, record: Decimal, appraisal: Decimal
) -> None:
    naive = Fraction(7 * int(record * 100) + 3 * int(appraisal * 100), 1000)
    assert of_month(monthly, records=Given(record), appraisal=Given(appraisal)).total_exact == naive


@pytest.mark.parametrize("missing", ["records", "appraisal"])
def test_a_month_without_one_of_its_values_is_incomplete(monthly: Rulebook, of_month: Monthly, missing: str) -> None:
    result = of_month(monthly, **(flat("90") | {missing: None}))
    assert (result.status, result.star, result.total) == ("incomplete", None, None)
    assert [reason.clause for reason in result.reasons] == ["AMB-A13"]


def test_nothing_may_be_left_out_of_a_month_as_not_applicable(monthly: Rulebook) -> None:
    one = Candidate("a", components={"records": Given(Decimal(90))}, not_applicable=frozenset({"appraisal"}))
    with pytest.raises(Invalid) as refused:
        score(monthly, Sheet("2025-03", (one,)))
    assert [finding.code for finding in refused.value.findings] == ["component-required"]


# ballots


def appraised(rulebook: Rulebook, of_month: Monthly, appraisal: Score) -> Fraction | None:
    """Return what the appraisal came to, or None where it came to nothing."""
    result = of_month(rulebook, records=Given(Decimal(90)), appraisal=appraisal)
    (tally,) = (each for each in result.standing.tallies if each.component.code == "appraisal")
    assert (tally.value is None) == (result.status == "incomplete")
    return tally.value


def test_grades_become_points_and_abstentions_count_for_nothing(monthly: Rulebook, of_month: Monthly) -> None:
    counted = Counted({"优秀": 12, "合格": 6, "基本合格": 1, "不合格": 1, "弃权": 2})
    assert appraised(monthly, of_month, counted) == Fraction(12 * 100 + 6 * 75 + 50, 20)


@pytest.mark.parametrize(
    ("grades", "valid"),
    [
        ({"优秀": 5}, True),
        ({"优秀": 4}, False),
        ({"优秀": 4, "弃权": 9}, False),
        ({"优秀": 4, "不合格": 1}, True),
        ({}, False),
    ],
)
def test_fewer_than_five_valid_ballots_are_insufficient(
    monthly: Rulebook, of_month: Monthly, grades: dict[str, int], *, valid: bool
) -> None:
    assert (appraised(monthly, of_month, Counted(grades)) is not None) == valid


def test_a_body_too_small_for_a_secret_ballot_needs_one_voice(monthly: Rulebook, of_month: Monthly) -> None:
    assert appraised(monthly, of_month, Counted({"优秀": 2, "合格": 1}, open_vote=True)) == Fraction(275, 3)
    assert appraised(monthly, of_month, Counted({"弃权": 3}, open_vote=True)) is None


def test_too_few_ballots_are_said_to_be_too_few(monthly: Rulebook, of_month: Monthly) -> None:
    result = of_month(monthly, records=Given(Decimal(90)), appraisal=Counted({"优秀": 4}))
    (reason,) = result.reasons
    assert reason.clause == "AMB-A14"
    assert "4 valid ballots, fewer than 5" in reason.text.en


GROUPS = Counted(groups={"members": {"优秀": 6, "合格": 2}, "representatives": {"合格": 3, "不合格": 1, "弃权": 1}})


@pytest.mark.parametrize(
    ("choice", "value"),
    [
        ("one_voice", Fraction(600 + 150 + 225, 12)),
        ("own_share", Fraction(750, 8) * Fraction(7, 10) + Fraction(225, 4) * Fraction(3, 10)),
        ("beside", Fraction(750, 8)),
    ],
)
def test_representatives_count_as_the_reading_says(
    monthly_read: Reread, of_month: Monthly, choice: str, value: Fraction
) -> None:
    assert appraised(monthly_read(representatives=choice), of_month, GROUPS) == value


def test_each_groups_result_is_shown_apart(monthly: Rulebook, of_month: Monthly) -> None:
    tree = of_month(monthly, records=Given(Decimal(90)), appraisal=GROUPS).explanation
    assert "members: (100 × 6 + 75 × 2) ÷ 8 = 93.75" in said(tree)
    assert "representatives: (75 × 3 + 0 × 1) ÷ 4 = 56.25" in said(tree)


def test_a_group_without_a_valid_ballot_leaves_its_share_to_the_other(monthly_read: Reread, of_month: Monthly) -> None:
    counted = Counted(groups={"members": {"优秀": 6}, "representatives": {"弃权": 3}})
    assert appraised(monthly_read(representatives="own_share"), of_month, counted) == 100


def test_ballots_beside_do_not_help_to_reach_the_minimum(monthly_read: Reread, of_month: Monthly) -> None:
    counted = Counted(groups={"members": {"优秀": 4}, "representatives": {"优秀": 9}})
    assert appraised(monthly_read(representatives="beside"), of_month, counted) is None
    assert appraised(monthly_read(representatives="one_voice"), of_month, counted) == 100


@given(
    st.dictionaries(st.sampled_from(["优秀", "合格", "基本合格", "不合格", "弃权"]), st.integers(0, 30)),
    st.dictionaries(st.sampled_from(["优秀", "合格", "基本合格", "不合格", "弃权"]), st.integers(0, 30)),
)
def test_one_voice_each_is_the_same_however_the_voters_are_grouped(
    monthly: Rulebook, of_month: Monthly, members: dict[str, int], others: dict[str, int]
) -> None:
    together = {grade: members.get(grade, 0) + others.get(grade, 0) for grade in {*members, *others}}
    grouped = Counted(groups={"members": members, "representatives": others})
    assert appraised(monthly, of_month, grouped) == appraised(monthly, of_month, Counted(together))


def test_another_scale_of_grades_gives_other_points(monthly_read: Reread, of_month: Monthly) -> None:
    counted = Counted({"优秀": 1, "合格": 1, "基本合格": 1, "不合格": 2})
    assert appraised(monthly_read(grade_points="gentle"), of_month, counted) == Fraction(100 + 85 + 70 + 100, 5)


def test_numeric_ballots_are_points_and_no_grades(monthly_read: Reread, of_month: Monthly) -> None:
    numeric = monthly_read(grade_points="numeric")
    five = tuple(Given(Decimal(value)) for value in (70, 80, 90, 100, 85))
    assert appraised(numeric, of_month, five) == 85
    assert appraised(numeric, of_month, five[:4]) is None
    with pytest.raises(Invalid) as refused:
        appraised(numeric, of_month, Counted({"优秀": 9}))
    assert [finding.code for finding in refused.value.findings] == ["source-not-declared"]


def test_a_group_that_the_rulebook_does_not_know_is_refused(monthly: Rulebook, of_month: Monthly) -> None:
    with pytest.raises(Invalid) as refused:
        appraised(monthly, of_month, Counted(groups={"guests": {"优秀": 9, "excellent": 1}}))
    assert [finding.code for finding in refused.value.findings] == ["voters-unknown", "grade-unknown"]
