"""二评: comments on what was reported, by whose office it is and never on oneself (B-31 to B-33, AMB-B21)."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.appointments import Appointed, RelationDeclared, Relieved
from domain.comments import CommentMade, PeerCommentMade
from domain.decision import Command, Conflict, NotPermitted, replace
from domain.ids import PersonId
from domain.meetings import MeetingAttended, MeetingClosed
from domain.reports import ReportGiven, StaffReportGiven
from domain.roles import ADMINISTRATIVE_LEADER, DEPUTY_SECRETARY
from domain.sealed import Sealed
from tests.control_events import EVENTS
from tests.control_meetings import (
    ATTEND,
    CLOSE,
    DIRECTOR,
    HELD_ON,
    MONTHLY,
    PRESENT,
    REMARK,
    STAFF_REPORT,
    comment,
    report,
)
from tests.controls import BRANCH, CHEN, LI, STAFF, SUN, WANG, WU, ZHANG, ZHAO, ZHOU, noon
from tests.domain.conftest import Answer, World

MADE = CommentMade(
    meeting=MONTHLY,
    branch=BRANCH,
    person=WU,
    on=HELD_ON,
    commentator=LI,
    shortcomings=Sealed("学习不够"),
    causes=Sealed("时间安排不当"),
    demands=Sealed("每周学习一次"),
)
REMARKED = PeerCommentMade(meeting=MONTHLY, branch=BRANCH, person=WU, on=HELD_ON, peer=ZHOU, remark=Sealed("乐于助人"))
CLOSED = replace(EVENTS[MeetingClosed], meeting=MONTHLY)


@pytest.fixture(scope="module")
def attended(up_to: Callable[[Command], World]) -> World:
    """Return the world in which it is known who came, and only Sun has reported, in writing."""
    return up_to(report(LI))


@pytest.fixture(scope="module")
def reported(up_to: Callable[[Command], World]) -> World:
    """Return the world in which Li, Wu, Sun and the staff have reported."""
    return up_to(comment(WU))


def commenting(world: World, person: PersonId, actor: PersonId, commentator: PersonId | None = None) -> Answer:
    """Comment on a person."""
    return world.when(replace(comment(person), commentator=commentator), actor=actor, at=noon(HELD_ON))


def attendance(world: World, present: Sequence[PersonId]) -> World:
    """Return the world in which exactly these members came."""
    known = next(fact.event for fact in reversed(world.facts) if isinstance(fact.event, MeetingAttended))
    return world.after(replace(known, present=tuple(present)))


def test_the_secretary_comments_on_each_member_in_three_parts(reported: World) -> None:
    commenting(reported, WU, LI).then(MADE)
    commenting(reported.after(MADE), WU, LI).then_nothing()


def test_the_recorder_may_enter_what_the_secretary_said(reported: World) -> None:
    commenting(reported, WU, ZHANG, LI).then(MADE)
    commenting(reported, WU, CHEN, LI).refused("wrong-office", NotPermitted)


def test_a_written_report_is_commented_on_too(reported: World) -> None:
    commenting(reported, SUN, LI).then(replace(MADE, person=SUN))


def test_nobody_is_commented_on_before_he_has_reported(attended: World) -> None:
    commenting(attended, WU, LI).refused("not-reported-yet")
    attended.when(REMARK, actor=ZHOU, at=noon(HELD_ON)).refused("not-reported-yet")


def test_comments_are_made_at_the_meeting(reported: World, up_to: Callable[[Command], World]) -> None:
    asked = replace(comment(SUN), commentator=LI)
    up_to(ATTEND).when(asked, actor=LI, at=noon(HELD_ON)).refused("attendance-missing")
    reported.when(asked, actor=LI, at=noon(HELD_ON - timedelta(days=1))).refused("attendance-missing")


def test_the_deputy_comments_on_the_secretary_and_nobody_on_himself(reported: World) -> None:
    commenting(reported, LI, WANG).then(replace(MADE, person=LI, commentator=WANG))
    commenting(reported, LI, LI).refused("own-case", NotPermitted)
    commenting(reported, LI, ZHANG, LI).refused("own-case", NotPermitted)
    commenting(reported, LI, CHEN).refused("not-the-commentator", NotPermitted)


def test_the_deputy_does_not_comment_where_the_secretary_can(reported: World) -> None:
    commenting(reported, WU, WANG).refused("not-the-commentator", NotPermitted)


def test_the_deputy_stands_in_where_the_secretary_was_not_there(reported: World) -> None:
    world = attendance(reported, [person for person in PRESENT if person != LI])
    commenting(world, WU, WANG).then(replace(MADE, commentator=WANG))
    commenting(world, WU, LI).refused("not-the-commentator", NotPermitted)


def test_the_deputy_stands_in_where_the_secretary_is_close_to_the_person(reported: World) -> None:
    world = reported.after(RelationDeclared(person=LI, other=WU, relation="close_relative"))
    commenting(world, WU, LI).refused("recused", NotPermitted)
    commenting(world, WU, WANG).then(replace(MADE, commentator=WANG))


def test_the_office_is_that_of_the_day_of_the_meeting(reported: World) -> None:
    relieved = Relieved(person=WANG, role=DEPUTY_SECRETARY, branch=BRANCH, on=HELD_ON, decided_by="支部委员会")
    commenting(reported.after(relieved), LI, WANG).refused("not-the-commentator", NotPermitted)
    later = replace(relieved, on=HELD_ON + timedelta(days=1))
    commenting(reported.after(later), LI, WANG).then(replace(MADE, person=LI, commentator=WANG))


def test_the_administrative_leader_comments_on_the_staff(reported: World) -> None:
    commenting(reported, STAFF, DIRECTOR).then(replace(MADE, person=STAFF, commentator=DIRECTOR))
    commenting(reported, STAFF, LI).refused("not-the-commentator", NotPermitted)
    commenting(reported, WU, DIRECTOR).refused("not-the-commentator", NotPermitted)


def test_the_leader_may_be_one_of_the_committee_or_of_this_branch_only(reported: World) -> None:
    office = Appointed(
        person=CHEN, role=ADMINISTRATIVE_LEADER, branch=None, since=HELD_ON, until=None, decided_by="厂部"
    )
    commenting(reported.after(office), STAFF, CHEN).then(replace(MADE, person=STAFF, commentator=CHEN))
    elsewhere = replace(EVENTS[Appointed], person=CHEN, role=ADMINISTRATIVE_LEADER)
    assert commenting(reported.after(elsewhere), STAFF, CHEN).events
    other = replace(office, branch="workshop-2")
    commenting(reported.after(other), STAFF, CHEN).refused("not-the-commentator", NotPermitted)


def test_a_person_is_commented_on_once(reported: World) -> None:
    world = attendance(reported.after(MADE), [person for person in PRESENT if person != LI])
    commenting(world, WU, WANG).refused("already-commented", Conflict)


def test_members_may_comment_on_each_other_once_for_each_pair(reported: World) -> None:
    reported.when(REMARK, actor=ZHOU, at=noon(HELD_ON)).then(REMARKED)
    reported.when(replace(REMARK, peer=ZHOU), actor=ZHANG, at=noon(HELD_ON)).then(REMARKED)
    again = reported.after(REMARKED)
    again.when(REMARK, actor=ZHOU, at=noon(HELD_ON)).then_nothing()
    again.when(REMARK, actor=ZHAO, at=noon(HELD_ON)).then(replace(REMARKED, peer=ZHAO))


def test_a_peer_is_a_member_who_was_there_and_another_than_himself(reported: World) -> None:
    reported.when(REMARK, actor=WU, at=noon(HELD_ON)).refused("own-case", NotPermitted)
    for absent in (SUN, STAFF, DIRECTOR):
        reported.when(REMARK, actor=absent, at=noon(HELD_ON)).refused("not-a-peer", NotPermitted)
    named = replace(REMARK, peer=ZHOU)
    reported.when(named, actor=CHEN, at=noon(HELD_ON)).refused("wrong-office", NotPermitted)


def test_members_comment_on_members(reported: World) -> None:
    on_staff = replace(REMARK, person=STAFF)
    reported.when(on_staff, actor=ZHOU, at=noon(HELD_ON)).refused("not-a-member")


def test_nothing_is_commented_on_after_the_close(reported: World) -> None:
    over = reported.after(CLOSED)
    commenting(over, WU, LI).refused("meeting-closed")
    over.when(REMARK, actor=ZHOU, at=noon(HELD_ON)).refused("meeting-closed")


MOVES: tuple[tuple[Command, PersonId], ...] = (
    (ATTEND, ZHANG),
    (report(LI), LI),
    (report(WU), WU),
    (report(SUN), SUN),
    (STAFF_REPORT, STAFF),
    (comment(WU), LI),
    (comment(SUN), LI),
    (comment(LI), WANG),
    (comment(STAFF), DIRECTOR),
    (REMARK, ZHOU),
    (CLOSE, ZHANG),
)


@settings(deadline=None)
@given(moves=st.lists(st.sampled_from(MOVES), max_size=25))
def test_in_no_order_is_anybody_commented_on_before_he_reported_nor_anything_done_after_the_close(
    up_to: Callable[[Command], World], moves: list[tuple[Command, PersonId]]
) -> None:
    world = up_to(report(SUN))
    begins = len(world.facts)
    for asked, actor in moves:
        world = world.after(*world.when(asked, actor=actor, at=noon(HELD_ON)).events)
    reported: set[PersonId] = set()
    commented: set[PersonId] = set()
    came = closed = False
    for fact in world.facts[begins:]:
        assert not closed
        match fact.event:
            case MeetingAttended():
                came = True
            case ReportGiven() | StaffReportGiven() as told:
                assert came or told.written
                reported.add(told.person)
            case CommentMade() | PeerCommentMade() as made:
                assert came
                assert made.person in reported
                commented.add(made.person)
            case MeetingClosed() as over:
                closed = True
                missing = {*over.without_report, *over.staff_without_report}
                assert missing == {*PRESENT, SUN, STAFF} - reported
            case _:
                pass
    assert commented <= reported
