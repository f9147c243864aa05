"""The staff outside the Party: graded without a star, posted on a notice of their own, handed to the administration.

B-35, B-39, B-46, AMB-B22.
"""

from collections.abc import Callable

import pytest

from domain.comments import CommentMade
from domain.decision import Command, Conflict, NotFound, NotPermitted, Refused, replace
from domain.ids import BranchId, MeetingId, NoticeId
from domain.meetings import MeetingClosed
from domain.staff_results import (
    StaffAppraised,
    StaffAppraisedV1,
    StaffLinePosted,
    StaffResults,
    StaffResultsPosted,
    StaffResultsSent,
)
from tests.control_events import EVENTS
from tests.control_meetings import APPRAISE, CLOSE, HELD_ON, MONTHLY, POST, SEND, comment
from tests.controls import BRANCH, LI, OTHER_BRANCH, STAFF, SUN, WU, ZHANG, noon
from tests.domain.conftest import Answer, World

APPRAISED = EVENTS[StaffAppraised]
POSTED, LINE, SENT = EVENTS[StaffResultsPosted], EVENTS[StaffLinePosted], EVENTS[StaffResultsSent]


@pytest.fixture(scope="module")
def commented(up_to: Callable[[Command], World]) -> World:
    """Return the world in which the staff's report was commented on."""
    return up_to(APPRAISE)


@pytest.fixture(scope="module")
def closed(up_to: Callable[[Command], World]) -> World:
    """Return the world in which the session is over, and nothing has followed from it."""
    return up_to(POST)


def appraising(world: World, **changes: object) -> Answer:
    """Appraise the staff with some fields changed."""
    return world.when(replace(APPRAISE, **changes), actor=ZHANG, at=noon(HELD_ON))


def later(world: World) -> World:
    """Return the world in which another month's session graded the staff as well, and is closed."""
    december = MeetingId("december")
    again = replace(APPRAISED, meeting=december, period="2026-11", overall="合格")
    return world.after(again, replace(EVENTS[MeetingClosed], meeting=december))


def test_staff_are_graded_in_three_aspects_and_overall_without_a_star(commented: World) -> None:
    appraising(commented).then(APPRAISED)
    appraising(commented.after(APPRAISED)).then_nothing()
    assert not hasattr(APPRAISED, "star")


def test_until_the_close_the_newest_grades_count(commented: World) -> None:
    appraising(commented.after(APPRAISED), overall="合格").then(replace(APPRAISED, overall="合格"))


def test_staff_are_graded_after_they_were_commented_on(up_to: Callable[[Command], World]) -> None:
    world = up_to(comment(STAFF))
    appraising(world).refused("not-commented-yet")
    made = replace(EVENTS[CommentMade], meeting=MONTHLY, person=STAFF)
    appraising(world.after(made)).then(APPRAISED)


def test_grades_are_those_of_the_rulebook(commented: World) -> None:
    for aspect in ("attitude", "duties", "tasks", "overall"):
        appraising(commented, **{aspect: "五星"}).refused("unknown-grade", NotFound)


def test_members_are_not_graded_here(commented: World) -> None:
    appraising(commented, person=WU).refused("not-on-the-staff")


def test_the_grades_are_entered_by_the_branch_and_never_by_oneself(commented: World) -> None:
    commented.when(APPRAISE, actor=SUN, at=noon(HELD_ON)).refused("wrong-office", NotPermitted)
    commented.when(APPRAISE, actor=STAFF, at=noon(HELD_ON)).refused("wrong-office", NotPermitted)
    appraising(commented, person=ZHANG).refused("own-case", NotPermitted)


def test_a_meeting_that_is_over_grades_nobody(closed: World) -> None:
    appraising(closed).refused("meeting-closed")


def test_the_results_are_posted_on_a_notice_of_their_own(closed: World) -> None:
    closed.when(POST, actor=ZHANG, at=noon(HELD_ON)).then(POSTED, LINE)
    again = closed.after(POSTED, LINE)
    again.when(POST, actor=ZHANG, at=noon(HELD_ON)).then_nothing()
    again.when(replace(POST, contact="李"), actor=ZHANG, at=noon(HELD_ON)).refused("id-taken", Conflict)


def test_a_notice_says_where_it_hangs_and_who_is_told_of_doubts(closed: World) -> None:
    for wrong in (replace(POST, places=()), replace(POST, places=(" ",)), replace(POST, contact="")):
        closed.when(wrong, actor=ZHANG, at=noon(HELD_ON)).refused("notice-incomplete")


def test_a_year_s_notice_has_a_line_for_each_session(closed: World) -> None:
    year = replace(POST, period="2026", notice=NoticeId("year"))
    first = replace(LINE, notice=year.notice)
    later(closed).when(year, actor=ZHANG, at=noon(HELD_ON)).then(
        replace(POSTED, period="2026", notice=year.notice),
        first,
        replace(first, period="2026-11", overall="合格"),
    )


def test_the_results_are_handed_to_the_administration(closed: World) -> None:
    closed.when(SEND, actor=LI, at=noon(HELD_ON)).then(SENT)
    closed.after(SENT).when(SEND, actor=LI, at=noon(HELD_ON)).then_nothing()
    closed.when(replace(SEND, to_body=" "), actor=LI, at=noon(HELD_ON)).refused("body-missing")


def test_what_came_since_is_handed_over_again(closed: World) -> None:
    more = later(closed.after(SENT)).when(SEND, actor=LI, at=noon(HELD_ON))
    more.then(replace(SENT, appraisals=2))


def test_what_a_meeting_found_counts_once_it_is_closed(up_to: Callable[[Command], World]) -> None:
    world = up_to(CLOSE)
    for asked in (POST, SEND):
        world.when(asked, actor=ZHANG, at=noon(HELD_ON)).refused("no-staff-results")


def test_nothing_is_posted_or_sent_of_a_period_without_results(closed: World) -> None:
    for asked in (replace(POST, period="2026-09"), replace(SEND, period="2025"), replace(POST, branch=OTHER_BRANCH)):
        closed.when(asked, actor=LI, at=noon(HELD_ON)).refused("no-staff-results")
    closed.when(replace(SEND, period="2026-1"), actor=LI, at=noon(HELD_ON)).refused("malformed-period")


@pytest.mark.parametrize("asked", [POST, SEND], ids=lambda asked: asked.NAME)
def test_the_branch_s_own_recorders_publish_and_send(closed: World, asked: Command) -> None:
    closed.when(asked, actor=SUN, at=noon(HELD_ON)).refused("wrong-office", NotPermitted)
    nowhere = replace(asked, branch=BranchId("nowhere"))
    refusal = closed.when(nowhere, actor=ZHANG, at=noon(HELD_ON)).refused("unknown-branch", NotFound)
    assert isinstance(refusal, Refused)


def test_what_was_found_while_the_aspect_was_called_thought_counts_as_it_did(closed: World) -> None:
    before = StaffAppraisedV1(
        meeting=MONTHLY,
        branch=BRANCH,
        person=STAFF,
        period="2026-10",
        on=HELD_ON,
        thought="合格",
        duties="合格",
        tasks="优秀",
        overall="优秀",
    )
    world = closed.after(before)
    lines = [
        each for each in world.when(POST, actor=ZHANG, at=noon(HELD_ON)).events if isinstance(each, StaffLinePosted)
    ]
    assert [(line.attitude, line.duties) for line in lines] == [("合格", "合格")]


@pytest.mark.parametrize(("begins", "years"), [(1, {"2025"}), (12, {"2026"})])
def test_a_month_s_results_stand_in_the_year_that_the_meeting_s_rulebook_puts_it_in(
    closed: World, begins: int, years: set[str]
) -> None:
    facts = (
        fact._replace(
            event=replace(fact.event, period="2025-12") if isinstance(fact.event, StaffAppraised) else fact.event,
            documents={
                name: text.replace(b'period = "year"', f'period = "year"\nyear_begins = {begins}'.encode())
                for name, text in fact.documents.items()
            },
        )
        for fact in closed.facts
    )
    results = World(tuple(facts)).fold(StaffResults, BRANCH)
    assert isinstance(results, StaffResults)
    assert {year for year in ("2025", "2026") if results.of(year)} == years
    assert results.of("2025-12")
    assert bool(results.of("2026-Q1")) == (begins == 12)
