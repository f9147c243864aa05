"""One person's record over the years."""

from datetime import date

from domain.membership import MemberTransferred
from projections.engine import Reading
from projections.person_record import person_record
from tests.controls import (
    ACTIVITY,
    BRANCH,
    GROUP,
    LI,
    MOVER,
    OPERATOR,
    OTHER_BRANCH,
    PLAN,
    REVIEW,
    ROUND,
    RULEBOOK,
    SUN,
    TASK,
    WU,
    ZHOU,
)
from tests.projections.test_stars_view import position_of
from tests.projections.year_ledger import Year


def test_the_stays_of_a_member_who_moved_and_left(reading: Reading) -> None:
    stays = person_record(reading, MOVER).stays
    assert [(stay.branch, stay.since, stay.until, stay.left_as) for stay in stays] == [
        (BRANCH, date(2025, 1, 6), date(2025, 6, 30), "transferred"),
        (OTHER_BRANCH, date(2025, 6, 30), date(2025, 8, 1), "transferred_out"),
    ]
    assert {stay.kind for stay in stays} == {"formal"}


def test_a_stay_knows_since_when_a_member_is_formal(reading: Reading) -> None:
    assert [(stay.kind, stay.formal_since) for stay in person_record(reading, WU).stays] == [
        ("probationary", date(2025, 7, 1))
    ]


def test_offices_have_terms(reading: Reading) -> None:
    mover, operator = person_record(reading, MOVER).offices, person_record(reading, OPERATOR).offices
    assert [(o.role, o.branch, o.since, o.until) for o in mover] == [
        ("recorder", BRANCH, date(2025, 1, 6), date(2025, 6, 1))
    ]
    assert [(o.role, o.branch) for o in operator] == [("operator", None)]


def test_stars_over_the_years_name_their_scheme(reading: Reading) -> None:
    stars = person_record(reading, SUN).stars
    assert [(one.round, one.period, one.rulebook, one.version, one.star) for one in stars] == [
        (ROUND, "2025", RULEBOOK, 1, 4)
    ]


def test_activities_tasks_goals_posts_and_groups(reading: Reading) -> None:
    sun, zhou = person_record(reading, SUN), person_record(reading, ZHOU)
    assert [(e.thing, e.what, e.state, e.on) for e in sun.of_kind("activity")] == [
        (ACTIVITY, "public_welfare", "reversed", date(2025, 8, 30))
    ]
    assert [(e.thing, e.state, e.on, e.until) for e in zhou.of_kind("task")] == [
        (TASK, "done", date(2025, 10, 30), date(2025, 10, 31))
    ]
    assert [(e.what, e.state) for e in sun.of_kind("goal")] == [("2025", "4")]
    assert [e.what for e in sun.of_kind("post")] == ["质检班长"]
    assert [e.thing for e in sun.of_kind("group")] == [GROUP]


def test_awards_improvements_feedback_and_reviews(reading: Reading) -> None:
    sun, wu = person_record(reading, SUN), person_record(reading, WU)
    assert [(e.what, e.state) for e in sun.of_kind("award")] == [("优秀共产党员", "市国资委党委")]
    assert [e.what for e in sun.of_kind("recommendation")] == ["优秀共产党员"]
    assert [(e.thing, e.state, e.on, e.until, e.other) for e in wu.of_kind("improvement")] == [
        (PLAN, "reached", date(2026, 6, 30), date(2026, 6, 30), SUN)
    ]
    assert [(e.thing, e.state) for e in wu.of_kind("feedback")] == [(ROUND, "witnessed")]
    assert [(e.thing, e.state) for e in wu.of_kind("review")] == [(REVIEW, "upheld")]


def test_sealed_words_are_references_that_the_ledger_resolves(reading: Reading, ended: Year) -> None:
    (goal,) = person_record(reading, SUN).of_kind("goal")
    assert goal.sealed is not None
    assert ended.ledger.words((goal.sealed,)) == {goal.sealed: "零返工"}


def test_a_record_as_of_a_day_knows_nothing_later(ended: Year) -> None:
    with ended.follower().as_of(position_of(ended, MemberTransferred) - 1) as reading:
        assert [stay.until for stay in person_record(reading, MOVER).stays] == [None]
        assert person_record(reading, WU).stars == ()


def test_nobody_is_known_who_is_not_there(reading: Reading) -> None:
    record = person_record(reading, "stranger-to-all")
    assert (record.stays, record.offices, record.stars, record.entries) == ((), (), (), ())
    assert person_record(reading, LI).stays != ()
