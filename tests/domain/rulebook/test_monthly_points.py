"""The shipped scheme of months says what seed B says, and gives the procedure every number and word it needs."""

import tomllib
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction

import pytest

import rulebooks
from domain.rulebook import FAMILIES, Rulebook, lint, parse_rulebook

Changed = Callable[..., Rulebook]
MonthlyChanged = Callable[..., Rulebook]


@pytest.fixture(scope="session")
def monthly() -> Rulebook:
    return parse_rulebook(rulebooks.shipped("monthly-points"))


@pytest.fixture(scope="session")
def read(changed: Changed) -> MonthlyChanged:
    """Return the shipped scheme of months with other readings."""

    def reread(**choices: str) -> Rulebook:
        defaults = {name: switch.default for name, switch in FAMILIES["seed-b"].items()}
        pairs = [(f'{name} = "{defaults[name]}"', f'{name} = "{choice}"') for name, choice in choices.items()]
        return changed(*pairs, name="monthly-points")

    return reread


def tables(value: object) -> Iterator[dict[str, object]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from tables(inner)
    if isinstance(value, list):
        for inner in value:
            yield from tables(inner)


def test_every_reading_of_seed_b_stands_in_the_file_with_its_default(monthly: Rulebook) -> None:
    switches = FAMILIES["seed-b"]
    assert [switch.amb for switch in switches.values()] == [f"AMB-B{number}" for number in range(1, 29)]
    assert monthly.stated == set(switches)
    assert monthly.readings == {name: switch.default for name, switch in switches.items()}


@pytest.mark.parametrize("size", [3, 9, 60])
def test_the_linter_only_notes_the_clauses_that_explain(monthly: Rulebook, size: int) -> None:
    found = [(finding.code, finding.place) for finding in lint(monthly, size)]
    assert found == [("note-clause-unused", f"clauses.{clause}") for clause in ("B-20", "B-46", "B-49", "AMB-A13")]


def test_weights_and_bands_are_those_of_the_seed(monthly: Rulebook) -> None:
    assert [(c.code, int(c.weight), c.clause) for c in monthly.components] == [
        ("appraisal", 30, "B-40"),
        ("records", 70, "B-40"),
    ]
    assert [(band.star, band.low, band.high, band.clause) for band in monthly.bands] == [
        (5, 95, None, "B-14"),
        (4, 90, 95, "B-15"),
        (3, 85, 90, "B-16"),
        (2, 80, 85, "B-17"),
        (1, 75, 80, "B-18"),
        (0, None, 75, "B-19"),
    ]
    assert monthly.caps == ()


def test_the_year_is_70_and_30_with_six_months_at_least(monthly: Rulebook) -> None:
    annual = monthly.annual
    assert annual is not None
    assert annual.weights == {"records": 70, "appraisal": 30}
    assert annual.once == ("appraisal",)
    assert (annual.formula, annual.unassessed, annual.minimum_months) == ("R2", "left_out", 6)
    assert (annual.clause, annual.months_clause) == ("B-47", "AMB-B26")


def test_five_leads_of_twenty_begin_full_and_a_bonus_at_nothing(monthly: Rulebook) -> None:
    leads = [group for group in monthly.groups if group.code != "bonus"]
    assert [group.title.zh for group in leads] == [
        "带头学习提高", "带头争创佳绩", "带头服务群众", "带头遵纪守法", "带头弘扬正气",
    ]  # fmt: skip
    nothing, five, twenty = Decimal(0), Decimal(5), Decimal(20)
    assert {(each.start, each.low, each.high) for each in leads} == {(twenty, nothing, twenty)}
    assert {each.component for each in leads} == {"records"}
    assert [(each.start, each.high) for each in monthly.groups if each.code == "bonus"] == [(nothing, five)]


def test_every_lead_has_items_that_add_and_items_that_deduct(monthly: Rulebook) -> None:
    for group in monthly.groups:
        signs = {item.value.high > 0 for item in monthly.items.values() if item.group == group.code}
        assert signs == ({True} if group.code == "bonus" else {True, False}), group.code


def test_four_stages_in_the_order_of_the_seed(monthly: Rulebook) -> None:
    conduct = monthly.conduct
    assert [stage.title.zh for stage in conduct.stages] == ["承诺记实", "一讲二评三公示", "计分评星", "公示反馈"]
    stages = [step.stage for step in monthly.procedure]
    assert list(dict.fromkeys(stages)) == [stage.code for stage in conduct.stages]
    assert stages == sorted(stages, key=[stage.code for stage in conduct.stages].index)


def test_sessions_are_in_the_last_week_and_after_each_quarter(monthly: Rulebook) -> None:
    month, quarter = monthly.conduct.session("monthly"), monthly.conduct.session("quarterly")
    assert month is not None
    assert quarter is not None
    assert (month.months, month.window, month.days) == (tuple(range(1, 13)), "last_days", 7)
    assert (month.judges, month.invited) == ("previous_month", ("staff",))
    assert (quarter.months, quarter.window, quarter.days) == ((1, 4, 7, 10), "first_days", 7)
    assert (quarter.invited, quarter.representatives_at_least) == (("staff", "representatives"), 3)
    assert monthly.conduct.session("weekly") is None


def test_the_words_of_the_forms_are_those_of_the_seed(monthly: Rulebook) -> None:
    forms = monthly.conduct.forms
    assert [word.title.zh for word in forms.commitment_categories] == ["政治品德", "职业道德", "家庭美德", "社会公德"]
    assert [word.title.zh for word in forms.commitment_areas] == ["能力提升", "党风民风", "岗位履职", "服务群众"]
    assert [word.code for word in forms.commitment_aspects if word.private] == ["health"]
    assert [word.title.zh for word in forms.report_heads] == ["履行岗位职责", "完成承诺事项", "转变工作作风"]
    assert [word.title.zh for word in forms.comment_parts] == ["找出不足", "剖析原因", "整改要求"]
    assert [word.title.zh for word in forms.staff_aspects] == ["思想表现", "履职尽责", "完成任务"]
    assert [word.title.zh for word in forms.talk_kinds] == ["提醒谈话", "诫勉谈话"]


def test_ballots_and_the_list_of_the_excellent(monthly: Rulebook) -> None:
    conduct, appraisal = monthly.conduct, monthly.leaves()["appraisal"]
    assert conduct.ballot_box is not None
    assert conduct.excellent is not None
    assert (conduct.ballot_box.shown_from, conduct.ballot_box.small_body) == (5, "open")
    assert (appraisal.ballots_minimum, appraisal.ballot_groups) == (5, ("members", "representatives"))
    assert (conduct.excellent.by, conduct.excellent.grade, conduct.excellent.at_most) == (
        "grade",
        "优秀",
        Fraction(1, 3),
    )


def test_four_things_are_open_each_by_its_clause(monthly: Rulebook) -> None:
    assert [each.clause for each in monthly.conduct.openness] == ["B-52", "B-53", "B-54", "B-55"]
    assert all(each.audience for each in monthly.conduct.openness)


def test_notices_hang_seven_days_and_objections_have_their_terms(monthly: Rulebook) -> None:
    publicity, objections = monthly.publicity, monthly.objections
    assert (publicity.days, publicity.unit, publicity.start_counted) == (7, "calendar_days", False)
    assert (objections.accept_within, objections.rule_within, objections.extension_at_most) == (3, 10, 20)
    assert (objections.unit, objections.anonymous) == ("working_days", True)
    assert monthly.confirmation.hold == "ripple"


@pytest.mark.parametrize(
    ("star", "fell_short", "codes"),
    [
        (0, True, ["talk"]),
        (0, False, []),
        (1, False, []),
        (2, False, []),
        (3, False, ["recommendation"]),
        (5, False, ["recommendation"]),
    ],
)
def test_honours_begin_at_three_stars_and_a_talk_follows_where_there_is_none(
    monthly: Rulebook, star: int, codes: list[str], *, fell_short: bool
) -> None:
    met = [each.code for each in monthly.consequences if each.meets(star, fell_short=fell_short)]
    assert met == codes


# readings that choose data of the procedure


def test_readings_choose_what_the_procedure_reads(read: MonthlyChanged) -> None:
    other = read(
        last_week="iso_week",
        month_judged="to_date",
        excellent_list="four_stars_up",
        notice_days="working_days",
        objection_terms="five_fifteen_thirty",
        held_while_open="all",
        annual_formula="R1",
        unassessed_months="zero",
    )
    month = other.conduct.session("monthly")
    assert month is not None
    assert other.conduct.excellent is not None
    assert other.annual is not None
    assert (month.window, month.judges) == ("iso_last_week", "this_month")
    assert other.conduct.excellent.by == "four_stars_up"
    assert (other.publicity.unit, other.publicity.start_counted) == ("working_days", False)
    objections = other.objections
    assert (objections.accept_within, objections.rule_within, objections.extension_at_most) == (5, 15, 30)
    assert other.confirmation.hold == "all"
    assert (other.annual.formula, other.annual.unassessed) == ("R1", "zero")


def test_the_quarterly_session_keeps_its_own_window(read: MonthlyChanged) -> None:
    quarter = read(last_week="iso_week").conduct.session("quarterly")
    assert quarter is not None
    assert quarter.window == "first_days"


def test_objections_may_be_taken_with_a_name_only(read: MonthlyChanged) -> None:
    objections = read(objection_terms="named_only").objections
    assert (objections.anonymous, objections.rule_within) == (False, 10)


def test_the_day_of_posting_may_count(read: MonthlyChanged) -> None:
    assert read(notice_days="start_counted").publicity.start_counted


@pytest.mark.parametrize(("choice", "qualified"), [("quarters", 75), ("gentle", 85)])
def test_a_scale_of_grades_is_chosen(read: MonthlyChanged, choice: str, qualified: int) -> None:
    grades = read(grade_points=choice).leaves()["appraisal"].grades
    assert grades is not None
    assert grades.points["合格"] == Decimal(qualified)


def test_every_alternative_of_every_reading_can_be_read(read: MonthlyChanged) -> None:
    for name, switch in FAMILIES["seed-b"].items():
        for choice in switch.meanings:
            assert read(**{name: choice}).readings[name] == choice


def test_no_table_of_the_file_has_a_switch_of_the_other_seed() -> None:
    document = tomllib.loads(rulebooks.shipped("monthly-points").decode())
    assert not set(document["readings"]) & set(FAMILIES["seed-a"])
    assert all("readings" not in table for table in tables(document) if table is not document)
