"""一讲: what members and staff report to a session, in words or in writing (B-28, B-30, AMB-B21, AMB-B25)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from domain.decision import Command, Conflict, NotFound, NotPermitted, replace
from domain.ids import MeetingId, PersonId
from domain.meetings import MeetingAttended, MeetingClosed, MeetingConvened
from domain.reports import GiveReport, ReportGiven, StaffReportGiven
from domain.sealed import Sealed
from tests.control_events import EVENTS
from tests.control_meetings import (
    CONVENE_QUARTERLY,
    CONVENED_ON,
    GAO,
    HELD_ON,
    MONTHLY,
    OFF,
    PRESENT,
    STAFF_REPORT,
    report,
)
from tests.controls import BRANCH, CHEN, LI, QIAN, STAFF, SUN, WANG, WU, ZHANG, ZHAO, noon
from tests.domain.conftest import Answer, World

SPOKEN = ReportGiven(
    meeting=MONTHLY,
    branch=BRANCH,
    person=WU,
    on=HELD_ON,
    written=False,
    chair=LI,
    duties=Sealed("完成检修计划"),
    commitments=Sealed("两项承诺已兑现"),
    style=Sealed("下班组更勤"),
)
STAFF_SPOKEN = StaffReportGiven(
    meeting=MONTHLY, branch=BRANCH, person=STAFF, on=HELD_ON, written=False, duties=Sealed("台账按时完成")
)
CLOSED = replace(EVENTS[MeetingClosed], meeting=MONTHLY)


@pytest.fixture(scope="module")
def convened(up_to: Callable[[Command], World]) -> World:
    """Return the world in which the session is convened."""
    return up_to(report(SUN))


@pytest.fixture(scope="module")
def attended(up_to: Callable[[Command], World]) -> World:
    """Return the world in which it is known who came."""
    return up_to(report(LI))


def telling(
    world: World, person: PersonId = WU, actor: PersonId | None = None, on: date = HELD_ON, **changes: object
) -> Answer:
    """Give a member's report, by himself unless somebody else enters it."""
    return world.when(replace(report(person), **changes), actor=actor or person, at=noon(on))


def test_a_member_reports_under_three_heads_himself_or_by_the_recorder(attended: World) -> None:
    telling(attended).then(SPOKEN)
    telling(attended, actor=ZHANG).then(SPOKEN)
    telling(attended.after(SPOKEN)).then_nothing()


def test_nobody_else_reports_for_him(attended: World) -> None:
    telling(attended, actor=CHEN).refused("wrong-office", NotPermitted)
    attended.when(STAFF_REPORT, actor=GAO, at=noon(HELD_ON)).refused("wrong-office", NotPermitted)


def test_staff_report_under_one_head(attended: World) -> None:
    attended.when(STAFF_REPORT, actor=STAFF, at=noon(HELD_ON)).then(STAFF_SPOKEN)
    attended.after(STAFF_SPOKEN).when(STAFF_REPORT, actor=ZHANG, at=noon(HELD_ON)).then_nothing()


def test_members_and_staff_of_this_branch_report(attended: World) -> None:
    telling(attended, QIAN, ZHANG).refused("not-of-this-branch")
    telling(attended, STAFF).refused("not-a-member-then")
    member = replace(STAFF_REPORT, person=WU)
    attended.when(member, actor=WU, at=noon(HELD_ON)).refused("not-on-the-staff")


def test_nothing_is_said_before_it_is_known_who_came(convened: World) -> None:
    telling(convened).refused("attendance-missing")
    convened.when(STAFF_REPORT, actor=STAFF, at=noon(HELD_ON)).refused("attendance-missing")


def test_nothing_is_said_before_the_day_of_the_meeting(attended: World) -> None:
    telling(attended, on=HELD_ON - timedelta(days=1)).refused("attendance-missing")


def test_who_was_not_there_writes(attended: World) -> None:
    telling(attended, SUN, written=False).refused("not-present")
    written = replace(SPOKEN, person=SUN, written=True, chair=None)
    telling(attended, SUN).then_nothing()
    without = World(tuple(fact for fact in attended.facts if not isinstance(fact.event, ReportGiven)))
    telling(without, SUN).then(written)


def test_a_written_report_may_come_before_the_meeting_and_counts_as_of_then(convened: World) -> None:
    written = replace(SPOKEN, person=SUN, on=CONVENED_ON, written=True, chair=None)
    telling(convened, SUN, on=CONVENED_ON).then(written)
    telling(convened, SUN, on=HELD_ON + timedelta(days=2)).then(replace(written, on=HELD_ON))


def test_who_has_written_may_still_speak_but_not_the_other_way_round(attended: World) -> None:
    came = attended.after(replace(_attendance(attended), present=(*PRESENT, SUN), excused=()))
    telling(came, SUN, written=False).then(replace(SPOKEN, person=SUN))
    telling(attended.after(SPOKEN), written=True).refused("already-spoken", Conflict)


def _attendance(world: World) -> MeetingAttended:
    return next(fact.event for fact in reversed(world.facts) if isinstance(fact.event, MeetingAttended))


def test_nobody_presides_while_he_himself_reports(attended: World) -> None:
    telling(attended, LI).then(replace(SPOKEN, person=LI, chair=WANG))
    telling(attended, LI, chair=ZHAO).then(replace(SPOKEN, person=LI, chair=ZHAO))
    telling(attended, LI, chair=LI).refused("chair-needed")
    telling(attended, LI, chair=SUN).refused("chair-needed")
    telling(attended, WANG).then(replace(SPOKEN, person=WANG, chair=LI))


def test_without_a_deputy_there_somebody_is_named_to_preside(attended: World) -> None:
    alone = tuple(person for person in PRESENT if person != WANG)
    world = attended.after(replace(_attendance(attended), present=alone, absent=(WANG,)))
    telling(world, LI).refused("chair-needed")
    telling(world, LI, chair=CHEN).then(replace(SPOKEN, person=LI, chair=CHEN))


def test_nobody_reports_after_the_close(attended: World) -> None:
    over = attended.after(CLOSED)
    telling(over).refused("meeting-closed")
    telling(over, SUN).refused("meeting-closed")
    over.when(STAFF_REPORT, actor=STAFF, at=noon(HELD_ON)).refused("meeting-closed")


def test_reports_are_given_to_sessions_that_were_convened(attended: World, up_to: Callable[[Command], World]) -> None:
    telling(attended, meeting=OFF).refused("unknown-meeting", NotFound)
    world = up_to(CONVENE_QUARTERLY).after(
        replace(EVENTS[MeetingConvened], meeting=MeetingId("members"), kind="members", **_same_rules(attended))
    )
    telling(world, meeting=MeetingId("members")).refused("no-reports-here")


def _same_rules(world: World) -> dict[str, object]:
    convened = next(fact.event for fact in world.facts if isinstance(fact.event, MeetingConvened))
    return {"document": convened.document, "timing": None}


def test_the_words_of_a_report_decide_nothing(attended: World) -> None:
    empty = GiveReport(meeting=MONTHLY, person=WU, duties=Sealed(""), commitments=Sealed(""), style=Sealed(""))
    answer = attended.when(empty, actor=WU, at=noon(HELD_ON))
    answer.then(replace(SPOKEN, duties=Sealed(""), commitments=Sealed(""), style=Sealed("")))
