"""Groups of raters by their shares, what people give themselves, results that are passed or not, and plain sums."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.rulebook import Rulebook, parse_rulebook
from domain.scoring import PersonResult, score
from domain.sheet import Candidate, Counted, Given, Measure, PeriodGiven, Score, Sheet, sheet_faults

SCHEMES = Path(__file__).parents[1] / "schemes"
VOICES = some.dictionaries(some.sampled_from(["好", "较好", "一般", "差"]), some.integers(3, 40), min_size=1)


def scheme(name: str, *changes: tuple[str, str]) -> Rulebook:
    text = (SCHEMES / f"{name}.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return parse_rulebook(text.encode())


def only(rulebook: Rulebook, period: str, **components: Score) -> PersonResult:
    return score(rulebook, Sheet(period, (Candidate("p", components=components),))).people[0]


ENDS = scheme("both-ends")
OWN = scheme("both-ends", ("ballots = { voices", "ballots = { exclude_self = true, voices"))
PASS = scheme(
    "gates-and-probation",
    ("[scope]", '[result]\nkind = "pass"\n\n[scope]'),
    ('[[bands]]\nstar = 4\nlabel = { zh = "四星", en = "four stars" }\nlow = 90\nclause = "3"\n', ""),
    ('[[bands]]\nstar = 3\nlabel = { zh = "三星", en = "three stars" }\nlow = 75\nhigh = 90\nclause = "3"\n', ""),
    ("low = 60\nhigh = 75", "low = 60"),
    ("for_star_at_least = 4", "for_star_at_least = 2"), ("otherwise = 3", "otherwise = 1"),
    ("for_star_at_least = 4", "for_star_at_least = 2"), ("otherwise = 3", "otherwise = 1"),
    ("for_star_at_least = 3", "for_star_at_least = 2"), ("otherwise = 2", "otherwise = 1"),
    ("consecutive = 2\n", ""), ("star_at_most = 2", "star_at_most = 1"),
)  # fmt: skip


def mean(voices: dict[str, int]) -> Decimal:
    points = {"好": 100, "较好": 80, "一般": 60, "差": 0}
    return Decimal(sum(points[grade] * count for grade, count in voices.items())) / sum(voices.values())


@given(members=VOICES, masses=VOICES, more=some.integers(2, 9))
def test_how_many_come_never_changes_what_a_group_weighs(
    members: dict[str, int], masses: dict[str, int], more: int
) -> None:
    many = {grade: count * more for grade, count in masses.items()}
    once = only(ENDS, "2025", work=Given(Decimal(80)), peers=Counted(groups={"members": members, "masses": masses}))
    often = only(ENDS, "2025", work=Given(Decimal(80)), peers=Counted(groups={"members": members, "masses": many}))
    assert once.total_exact == often.total_exact
    assert once.total is not None
    by_hand = Decimal(80) * 70 / 100 + (mean(members) * 60 + mean(masses) * 40) / 100 * 30 / 100
    assert abs(once.total - by_hand) <= Decimal("0.005")


def test_what_people_give_themselves_does_not_count_where_the_rulebook_says_so() -> None:
    # without his own 100: (80 + 90) ÷ 2 = 85; with it (80 + 90 + 100) ÷ 3 = 90
    values = (Given(Decimal(80), rater="a"), Given(Decimal(90), rater="b"), Given(Decimal(100), rater="p"))
    without, with_it = (only(each, "2025", work=Given(Decimal(0)), peers=values).standing for each in (OWN, ENDS))
    assert without.values()["peers"] == 85
    assert with_it.values()["peers"] == 90


def test_a_result_may_be_passed_or_not_and_a_gate_may_fail_it() -> None:
    def of(points: int, *, clean: bool) -> tuple[int | None, list[str]]:
        known: dict[str, Measure] = {
            "tasks_done": Decimal(100),
            "tasks_exceeded": Decimal(30),
            "attendance": Decimal(95),
            "clean": clean,
        }
        given_points = {"tasks": Given(Decimal(points)), "appraisal": Given(Decimal(points))}
        candidate = Candidate("p", components=given_points, gates=known)
        result = score(PASS, Sheet("2025", (candidate,))).people[0]
        return result.star, [label.en for label in result.labels]

    assert of(60, clean=True) == (2, ["two stars"])
    assert of(59, clean=True) == (1, ["one star"])
    assert of(60, clean=False) == (1, ["one star"])


@given(some.lists(some.decimals(0, 30, places=6), min_size=1, max_size=4))
def test_a_sum_over_quarters_is_rounded_once(points: list[Decimal]) -> None:
    rules = scheme("quarterly-sums", ("minimum_periods = 3", "minimum_periods = 1"))
    periods = tuple(PeriodGiven(f"2025-Q{n}", {"points": Given(each)}) for n, each in enumerate(points, start=1))
    result = score(rules, Sheet("2025", (Candidate("p", periods=periods),))).people[0]
    assert result.total_exact is not None
    assert Decimal(result.total_exact.numerator) / result.total_exact.denominator == min(Decimal(100), sum(points))


def by_group(group: str, *points: int, ballots: int | None = None) -> tuple[Given, ...]:
    return tuple(
        Given(Decimal(each), ballots=ballots, rater=f"{group}{n}", group=group) for n, each in enumerate(points)
    )


def test_points_that_name_their_group_weigh_its_share() -> None:
    # (90 + 80 + 70) ÷ 3 × 60 % + 90 × 40 % = 84
    values = (*by_group("members", 90, 80, 70), Given(Decimal(90), ballots=4, group="masses"))
    result = only(ENDS, "2025", work=Given(Decimal(0)), peers=values)
    assert result.standing.values()["peers"] == 84
    few = only(ENDS, "2025", work=Given(Decimal(0)), peers=(*by_group("members", 90, 80), values[-1]))
    assert few.status == "incomplete"
    assert "members" in str(few.reasons)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (by_group("strangers", 90), "voters-unknown"),
        ((*by_group("members", 90), Given(Decimal(90), rater="x")), "group-missing"),
    ],
)
def test_groups_that_points_name_are_those_of_the_rulebook(values: tuple[Given, ...], code: str) -> None:
    sheet = Sheet("2025", (Candidate("p", components={"work": Given(Decimal(0)), "peers": values}),))
    assert [each.code for each in sheet_faults(sheet, ENDS)] == [code]
