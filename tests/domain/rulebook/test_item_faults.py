"""What contradicts itself in measures, levels, times, versions, categories and orders is refused at its place."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from domain.findings import Invalid
from domain.rulebook import Rulebook, cited, parse_rulebook

SCHEMES = Path(__file__).parent.parent / "schemes"
Parsed = Callable[..., Rulebook]


@pytest.fixture(scope="module")
def parsed() -> Parsed:
    """Return a scheme of the tests with texts replaced, each of which must stand in it."""

    def read(name: str, *replacements: tuple[str, str]) -> Rulebook:
        text = (SCHEMES / f"{name}.toml").read_text(encoding="utf-8")
        for old, new in replacements:
            assert old in text, old
            text = text.replace(old, new, 1)
        return parse_rulebook(text.encode())

    return read


MEASURES = "categories-and-measures"
ORDER = "clamp-order"
STEPS = "{ upto = 0, points = 0 }, { upto = 20, points = -1 }, { upto = 50, points = -3 }, { points = -8 }"
LATE = "effective = { from = 2025-07-01, to = 2025-12-31 }"


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("percent = 60", "percent = 60\npoints = 1", ("item-value-unfit", "items[0].percent")),
        ("percent = 60", "percent = 0", ("item-value-unfit", "items.output")),
        ("percent = 60", 'percent = "much"', ("field-unfit", "items[0].percent")),
        ('points = "0.5" }', "worth = 1 }", ("field-missing", "items[2].per.points")),
        (STEPS, "{ upto = 20, points = -1 }", ("item-value-unfit", "items.task-hours.steps")),
        (STEPS, "", ("item-value-unfit", "items.task-hours.steps")),
        (STEPS, "{ points = -1 }, { points = -8 }", ("item-value-unfit", "items.task-hours.steps")),
        (
            STEPS,
            "{ upto = 20, points = -1 }, { upto = 20, points = -3 }, { points = -8 }",
            ("item-value-unfit", "items.task-hours.steps"),
        ),
        (
            "percent = 60",
            'percent = 60\nposts = [{ post = "x", points = 1 }]',
            ("item-value-unfit", "items.output.posts"),
        ),
        ("city = 2", "city = 0", ("item-value-unfit", "items.report.levels.city")),
        ("per_occurrence_cap = 4", "per_occurrence_cap = 0", ("item-value-unfit", "items.service.per_occurrence_cap")),
        ("free_times = 1", "free_times = -1", ("field-unfit", "items[5].free_times")),
        ("free_times = 1", 'beyond = "ignored"', ("item-times-unfit", "items.leave.beyond")),
        ("points_high = 5", "points_high = 5\nmax_times = 2", ("item-times-unfit", "items.commended.max_times")),
        ("points_low = 1", "points_low = -1", ("exclusive-signs", "items.report.exclusive")),
        ("percent = 40", 'percent = 40\nexclusive = "press"', ("exclusive-apart", "items.quality.exclusive")),
        (LATE, "effective = { from = 2025-06-30 }", ("item-versions-overlap", "items.letter#2.effective")),
        (LATE, "effective = { from = 2025-07-01, to = 2025-06-30 }", ("item-days-unfit", "items.letter#2.effective")),
        (LATE, "", ("item-doubled", "items[9].code")),
        (LATE, LATE + '\nexclusive = "y"', ("item-versions-apart", "items.letter#2")),
        ('categories = ["mobile"]', 'categories = ["mobil"]', ("category-unknown", "items.letter.categories")),
        ('categories = ["core"]', 'categories = ["cores"]', ("category-unknown", "groups.leading.categories")),
        ("start_by = { core = 50 }", "start_by = { cor = 50 }", ("category-unknown", "groups.duty.start_by")),
        ("start_by = { core = 50 }", "start_by = { core = -1 }", ("group-contradicted", "groups.duty")),
        ('group = "duty"\npoints = -2', 'group = "leading"\ncategories = ["mobile"]\npoints = -2',
         ("category-contradicted", "items.leave.categories")),
        ('code = "ordinary"', 'code = "core"', ("category-doubled", "categories.core")),
        ('posts = ["外派"]', 'posts = ["班组长"]', ("category-doubled", "categories")),
        ("range = { low = 0,", "range = { low = 9, high = 9,", ("range-unfit", "components.conduct.range")),
        ("free_times = 1", 'recorded_by = ["chef"]', ("field-unfit", "items[5].recorded_by")),
        ("free_times = 1", 'verified_by = ["chef"]', ("field-unfit", "items[5].verified_by")),
    ],
)  # fmt: skip
def test_a_fault_in_the_worth_of_items_is_refused_at_its_place(
    parsed: Parsed, old: str, new: str, finding: tuple[str, str]
) -> None:
    with pytest.raises(Invalid) as verdict:
        parsed(MEASURES, (old, new))
    assert finding in [(each.code, each.place) for each in verdict.value.findings]
    assert all(each.remedy.zh and each.remedy.en for each in verdict.value.findings)


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("entries = true\n", "", ("order-unfit", "components.points.order")),
        ("at_most = 100\n", "at_most = 100\ntimes = 2\n", ("order-unfit", "components[0].order[3].at_most")),
        ("at_most = 100\n", "", ("order-unfit", "components[0].order[3].order")),
        ("at_most = 100\n", "times = 0\n", ("order-unfit", "components.points.order[3].times")),
        ("at_most = 100\n", "start = 5\n", ("order-unfit", "components.points.order[3]")),
        ("at_most = 100\n", "upto = 100\n", ("field-unknown", "components[0].order[3].upto")),
        ("at_most = 20\n", "at_most = 20\nat_least = 21\n", ("order-unfit", "components.points.order[1]")),
        ('add = ["honours"]', 'add = ["honour"]', ("group-unknown", "components.points.order")),
        ('add = ["honours"]', 'add = ["honours", "bonus"]', ("group-doubled", "components.points.order")),
        ('add = ["honours"]', "at_most = 99", ("group-uncounted", "components.points.order")),
        ("retired = 70", "pensioner = 70", ("category-unknown", "components.points.order[0].start_by")),
        ("otherwise = 80\n", "", ("field-missing", "components[0].order[0].otherwise")),
    ],
)
def test_a_fault_in_an_order_is_refused_at_its_place(
    parsed: Parsed, old: str, new: str, finding: tuple[str, str]
) -> None:
    with pytest.raises(Invalid) as verdict:
        parsed(ORDER, (old, new))
    assert finding in [(each.code, each.place) for each in verdict.value.findings]


def test_the_groups_of_an_order_begin_at_nothing(parsed: Parsed) -> None:
    assert {group.code: group.start for group in parsed(ORDER).groups} == {"bonus": 0, "honours": 0, "deductions": 0}


def test_steps_ranges_categories_and_versions_cite_clauses_of_their_own(parsed: Parsed) -> None:
    places = dict(cited(parsed(ORDER))) | dict(cited(parsed(MEASURES)))
    assert places["components.points.order[3]"] == "7"
    assert places["components.conduct.range"] == "4"
    assert places["categories.core"] == "2"
    assert places["items.letter#2"] == "11"


def test_a_category_is_told_by_post_or_is_the_only_one_without_posts(parsed: Parsed) -> None:
    rulebook = parsed(MEASURES)
    told = [rulebook.category_of("", frozenset(posts)) for posts in (["班组长"], ["外派"], ["工人"], [])]
    assert told == ["core", "mobile", "ordinary", "ordinary"]
    assert rulebook.category_of("mobile", frozenset({"班组长"})) == "mobile"
    two = parsed(MEASURES, ('posts = ["外派"]\n', ""))
    assert two.category_of("", frozenset()) == ""


def test_what_one_occurrence_can_be_worth_is_known_with_its_level_and_cap(parsed: Parsed) -> None:
    items = parsed(MEASURES, ("per_occurrence_cap = 4\n", "")).items
    once = {code: item.once() for code, item in items.items()}
    once["capped"] = parsed(MEASURES).items["service"].once()
    wanted = {"report": (2, 6), "task-hours": (-8, 0), "output": (0, 60), "service": (0, None), "capped": (0, 4)}
    for code, (least, most) in wanted.items():
        assert once[code] == (Decimal(least), None if most is None else Decimal(most)), code
