"""A catalogue that contradicts itself is refused at its place; one that rewards traces is spoken about."""

from collections.abc import Callable

import pytest

import rulebooks
from domain.activity_kinds import ACTIVITY_KINDS
from domain.findings import Invalid
from domain.rulebook import Rulebook, cited, lint, parse_rulebook

Changed = Callable[..., Rulebook]
SERVE = 'code = "serve"\ntitle = { zh = "带头服务群众", en = "Leading in serving the masses" }\ncomponent = "records"\n'


@pytest.fixture(scope="session")
def annual() -> Rulebook:
    return parse_rulebook(rulebooks.shipped("annual-360"))


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ('code = "merit"', 'code = "study"', ("group-doubled", "groups.study")),
        ('code = "study-taught"', 'code = "study-skill"', ("item-doubled", "items[1].code")),
        ('group = "bonus"', 'group = "bonuses"', ("group-unknown", "items.bonus-honour.group")),
        (SERVE, SERVE.replace("records", "labour"), ("component-unknown", "groups.serve.component")),
        (SERVE, SERVE.replace("records", "appraisal"), ("component-unknown", "groups.serve.component")),
        (SERVE, SERVE + "start = 21\n", ("group-contradicted", "groups.serve")),
        (SERVE + "low = 0", SERVE + "low = 30", ("group-contradicted", "groups.serve")),
        ("points = -3\nmax_times = 2", "points = 0\nmax_times = 2", ("item-value-unfit", "items.study-absent")),
        (
            "points_low = 1\npoints_high = 3",
            "points_low = 4\npoints_high = 3",
            ("item-value-unfit", "items.study-skill"),
        ),
        ("points_low = 1\npoints_high = 3", "points = 1\npoints_high = 3", ("item-value-unfit", "items[0].points")),
        ("points_low = 1\npoints_high = 3", "points_low = 1", ("field-missing", "items[0].points_high")),
        ("per_period_cap = 4", "per_period_cap = 0", ("item-value-unfit", "items.study-skill.per_period_cap")),
        ("max_times = 2", "max_times = 0", ("field-unfit", "items[1].max_times")),
        (
            'activities = ["meetings_lesson"]',
            'activities = ["lessons"]',
            ("activity-unknown", "items.study-task-missed.activities"),
        ),
        (
            'post = "班组长", points_low = 1',
            'post = "班组长", points_low = 9',
            ("item-value-unfit", "items.merit-result.posts.班组长"),
        ),
        (
            "weights = { records = 70, appraisal = 30 }",
            "weights = { records = 70, appraisal = 20 }",
            ("weights-not-100", "annual.weights"),
        ),
        (
            "weights = { records = 70, appraisal = 30 }",
            "weights = { records = 100 }",
            ("weights-not-100", "annual.weights"),
        ),
        ('once = ["appraisal"]', 'once = ["self"]', ("component-unknown", "annual.once")),
        ("minimum_months = 6", "minimum_months = 13", ("months-unfit", "annual.minimum_months")),
        ('period = "month" ', 'period = "year" ', ("annual-unfit", "annual")),
        ('stage = "score"', 'stage = "scores"', ("stage-unknown", "procedure[7].stage")),
        ("months = [1, 4, 7, 10]", "months = [1, 4, 7, 13]", ("months-unfit", "sessions.quarterly.months")),
        ("months = [1, 4, 7, 10]", "months = []", ("months-unfit", "sessions.quarterly.months")),
        ('family = "seed-b"', 'family = "seed-c"', ("field-unfit", "family")),
        ('annual_formula = "R2"', 'annual_formula = "R3"', ("field-unfit", "readings.annual_formula")),
        ('annual_formula = "R2"', 'cap_rounding = "floor"', ("field-unknown", "readings.cap_rounding")),
        ("shown_from = 5", "shown_from = 2", ("field-unfit", "ballot_box.shown_from")),
        ('at_most = "1/3"', "at_most = 0.33", ("field-unfit", "excellent.at_most")),
        ("quarters = {", "quarter = {", ("grades-missing", "components[0].grades.scales.quarters")),
        ("entries = true ", "entries = false ", ("component-unknown", "groups.study.component")),
    ],
)
def test_a_fault_is_refused_at_its_place(changed: Changed, old: str, new: str, finding: tuple[str, str]) -> None:
    with pytest.raises(Invalid) as verdict:
        changed((old, new), name="monthly-points")
    assert finding in [(each.code, each.place) for each in verdict.value.findings]


def test_a_component_of_entries_without_a_group_is_refused(changed: Changed) -> None:
    with pytest.raises(Invalid) as verdict:
        changed(('code = "masses"', 'code = "masses"\nentries = true'))
    assert [(each.code, each.place) for each in verdict.value.findings] == [
        ("groups-missing", "components.masses.entries")
    ]


def test_a_share_of_its_own_must_leave_something_to_both(changed: Changed) -> None:
    with pytest.raises(Invalid) as verdict:
        changed(('"one_voice"', '"own_share"'), ("share = 30", "share = 100"), name="monthly-points")
    assert [each.code for each in verdict.value.findings] == ["share-unfit"]


# what the linter says


def spoken(changed: Changed, *replacements: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        (each.code, each.place)
        for each in lint(changed(*replacements, name="monthly-points"), 20)
        if each.code != "note-clause-unused"
    ]


def test_an_item_or_a_group_without_a_clause_is_named(changed: Changed) -> None:
    item = 'per_period_cap = 6\nkey = true\nactivities = ["serving"]\n'
    said = spoken(
        changed,
        (item + 'clause = "B-12"', item),
        (SERVE + 'low = 0\nhigh = 20\nclause = "AMB-B9"', SERVE + "low = 0\nhigh = 20"),
    )
    assert said == [("clause-missing", "groups.serve.clause"), ("clause-missing", "items.serve-solved.clause")]


@pytest.mark.parametrize(
    ("words", "norm"),
    [
        ('zh = "每日打卡", en = "Seen daily"', ("2023年12月", "December 2023")),
        ('zh = "上传照片", en = "Seen"', ("2024年8月", "August 2024")),
        ('zh = "活动", en = "Photographs sent in"', ("2024年8月", "August 2024")),
    ],
)
def test_an_item_that_rewards_a_trace_is_named_with_the_norm(
    changed: Changed, words: str, norm: tuple[str, str]
) -> None:
    rulebook = changed(('zh = "学习见效", en = "Learning put to use"', words), name="monthly-points")
    (found,) = [each for each in lint(rulebook, 20) if each.code == "rewards-traces"]
    assert found.place == "items.study-skill"
    assert norm[0] in found.remedy.zh
    assert norm[1] in found.remedy.en


def test_a_deduction_for_a_trace_rewards_nobody(changed: Changed) -> None:
    assert spoken(changed, ('zh = "无故缺席组织生活"', 'zh = "代人签到"')) == []


def test_a_value_that_its_group_cannot_hold_is_noted(changed: Changed) -> None:
    assert spoken(changed, ("points = -20", "points = -21")) == [("note-item-exceeds-group", "items.law-sanction")]


def test_groups_that_never_come_to_the_top_are_noted(changed: Changed) -> None:
    said = spoken(changed, (SERVE + "low = 0\nhigh = 20", SERVE + "low = 0\nhigh = 12"))
    assert said == [("note-never-full", "components.records")]


def test_another_reading_left_out_is_noted_with_its_default(changed: Changed) -> None:
    assert spoken(changed, ("talk = ", "# talk = ")) == [("note-reading-default", "readings.talk")]


# the catalogue of seed A


def test_every_kind_of_activity_of_seed_a_is_answered_by_an_item(annual: Rulebook) -> None:
    answered = {code for item in annual.items.values() for code in item.activities}
    assert answered == set(ACTIVITY_KINDS)


def test_the_key_items_of_seed_a_are_the_three_of_a_49(annual: Rulebook) -> None:
    key = [item for item in annual.items.values() if item.key]
    assert {code for item in key for code in item.activities} == {"serving", "one_plus_one", "public_welfare"}
    assert {item.clause for item in key} == {"A-49"}


def test_job_and_party_work_both_have_items_that_add_and_that_deduct(annual: Rulebook) -> None:
    for component in ("work", "branch"):
        signs = {item.value.high > 0 for item in annual.items_of(component)}
        assert signs == {True, False}, component
        assert {annual.component_of(item) for item in annual.items_of(component)} == {component}
    assert not annual.items_of("masses")


@pytest.mark.parametrize("name", ["annual-360", "monthly-points"])
def test_every_item_says_what_must_be_seen_and_cites_a_clause(name: str) -> None:
    rulebook = parse_rulebook(rulebooks.shipped(name))
    places = dict(cited(rulebook))
    for item in rulebook.items.values():
        assert item.test.zh
        assert item.test.en
        assert places[f"items.{item.code}"] in rulebook.clauses
