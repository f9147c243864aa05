"""Convening, replacing, attending and closing meetings (B-27, B-29, AMB-B6, AMB-B12, AMB-B24, AMB-B25)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from domain.attendance import Apology
from domain.convening import ReplaceMeeting
from domain.decision import Command, Conflict, NotFound, NotPermitted, Refused, replace
from domain.ids import BranchId, MeetingId, PersonId, RulebookId
from domain.meetings import (
    ApologySent,
    MeetingAttended,
    MeetingCalledOff,
    MeetingClosed,
    MeetingConvened,
    ReplacementDeclared,
    RepresentativesInvited,
)
from domain.sealed import Sealed
from tests.control_meetings import (
    APPRAISE,
    ATTEND,
    CALL_OFF,
    CLOSE,
    CONVENE,
    CONVENE_NEXT,
    CONVENED_ON,
    DIRECTOR,
    GAO,
    HAN,
    HELD_ON,
    INVITE,
    MONTHLY,
    OFF,
    POST,
    PRESENT,
    QUARTERLY,
    REPLACE,
    SESSION_ON,
    SESSIONS,
    SESSIONS_DOCUMENT,
    report,
)
from tests.controls import BRANCH, CHEN, LI, OTHER_BRANCH, PAPER, QIAN, STAFF, SUN, WANG, WU, ZHANG, ZHAO, ZHOU, noon
from tests.domain.conftest import Answer, World

CONVENED = MeetingConvened(
    meeting=MONTHLY,
    branch=BRANCH,
    rulebook=SESSIONS,
    version=1,
    document=SESSIONS_DOCUMENT,
    kind="monthly",
    judges="2026-10",
    on=HELD_ON,
    begins=CONVENE.begins,
    place="党员活动室",
    chair=LI,
    timing="in_time",
    reason_outside=None,
)
ATTENDED = MeetingAttended(
    meeting=MONTHLY,
    branch=BRANCH,
    on=HELD_ON,
    should_attend=8,
    present=PRESENT,
    excused=(SUN,),
    absent=(),
    attending_staff=(STAFF,),
    representatives=(),
)
APOLOGY = ApologySent(meeting=MONTHLY, person=SUN, on=HELD_ON, reason=None, health=Sealed("住院"))
INVITED = RepresentativesInvited(
    meeting=QUARTERLY, branch=BRANCH, on=SESSION_ON, people=(STAFF, GAO, HAN), how=INVITE.how, again=(), last_on=None
)
REPLACED = ReplacementDeclared(meeting=QUARTERLY, branch=BRANCH, kind="monthly", replaces="2026-11")


@pytest.fixture(scope="module")
def ready(up_to: Callable[[Command], World]) -> World:
    """Return the world before the first session is convened."""
    return up_to(CONVENE)


@pytest.fixture(scope="module")
def convened(up_to: Callable[[Command], World]) -> World:
    """Return the world in which the session is convened, and Sun has written."""
    return up_to(ATTEND)


@pytest.fixture(scope="module")
def attended(up_to: Callable[[Command], World]) -> World:
    """Return the world in which it is known who came to the session."""
    return up_to(report(LI))


@pytest.fixture(scope="module")
def appraised(up_to: Callable[[Command], World]) -> World:
    """Return the world in which everything was said at the session."""
    return up_to(CLOSE)


@pytest.fixture(scope="module")
def closed(up_to: Callable[[Command], World]) -> World:
    """Return the world in which the session is over."""
    return up_to(POST)


@pytest.fixture(scope="module")
def quarterly(up_to: Callable[[Command], World]) -> World:
    """Return the world in which the quarterly session is convened."""
    return up_to(REPLACE)


@pytest.fixture(scope="module")
def invited(quarterly: World) -> World:
    """Return the world in which representatives are invited to it."""
    return quarterly.after(INVITED)


def convening(world: World, **changes: object) -> Answer:
    """Ask for the session with some fields changed."""
    return world.when(replace(CONVENE, **changes), actor=ZHANG, at=noon(CONVENED_ON))


def attending(world: World, on: date = HELD_ON, **changes: object) -> Answer:
    """Enter the attendance with some fields changed."""
    return world.when(replace(ATTEND, **changes), actor=ZHANG, at=noon(on))


# convening


def test_a_session_is_convened_under_the_rulebook_in_force_on_its_day(ready: World) -> None:
    convening(ready).then(CONVENED)
    convening(ready.after(CONVENED)).then_nothing()


def test_a_session_outside_its_week_is_valid_flagged_and_says_why(ready: World) -> None:
    early, late = HELD_ON - timedelta(days=3), HELD_ON + timedelta(days=5)
    convening(ready, on=early).refused("reason-missing")
    convening(ready, on=late, reason_outside=" ").refused("reason-missing")
    why = "设备抢修"
    convening(ready, on=early, reason_outside=why).then(replace(CONVENED, on=early, timing="early", reason_outside=why))
    convening(ready, on=late, reason_outside=why).then(replace(CONVENED, on=late, timing="late", reason_outside=why))


def test_a_reason_is_not_kept_where_none_is_needed(ready: World) -> None:
    convening(ready, reason_outside="以防万一").then(CONVENED)


def test_a_month_is_not_judged_before_it_is_over(ready: World) -> None:
    convening(ready, on=date(2026, 10, 31), reason_outside="提前").refused("month-not-over")
    first = replace(CONVENED, on=date(2026, 11, 1), timing="early", reason_outside="提前")
    convening(ready, on=first.on, reason_outside="提前").then(first)


def test_a_session_judges_one_month(ready: World) -> None:
    convening(ready, judges="2026").refused("not-a-month")
    convening(ready, judges="2026-13").refused("malformed-period")


def test_a_quarterly_session_is_held_in_its_months(ready: World) -> None:
    convening(ready, kind="quarterly").refused("not-its-month")


def test_a_kind_of_meeting_is_one_of_the_rulebook(ready: World) -> None:
    convening(ready, kind="weekly").refused("unknown-kind", NotFound)
    convening(ready, rulebook=RulebookId("no-such")).refused("no-rulebook-in-force", NotFound)
    convening(ready, rulebook=RulebookId("annual-360")).refused("unknown-kind", NotFound)


def test_each_month_is_judged_by_one_session(ready: World) -> None:
    again = convening(ready.after(CONVENED), meeting=MeetingId("another"))
    again.refused("already-convened", Conflict)
    convening(ready.after(CONVENED), on=date(2026, 11, 27)).refused("id-taken", Conflict)


def test_a_members_meeting_is_held_as_often_as_needed_and_has_no_week(ready: World) -> None:
    day = date(2026, 11, 3)
    first = replace(CONVENED, kind="members", judges="2026", on=day, timing=None)
    convening(ready, kind="members", judges="2026", on=day).then(first)
    another = MeetingId("another")
    second = convening(ready.after(first), kind="members", judges="2026", on=day, meeting=another)
    second.then(replace(first, meeting=another))
    convening(ready, kind="members", judges="next year").refused("malformed-period")


def test_place_hour_chair_and_branch_are_known(ready: World) -> None:
    convening(ready, begins="half past two").refused("malformed-hour")
    convening(ready, begins="24:00").refused("malformed-hour")
    convening(ready, begins="23:59").then(replace(CONVENED, begins="23:59"))
    convening(ready, place=" ").refused("place-missing")
    convening(ready, chair=PersonId("nobody")).refused("unknown-person", NotFound)
    convening(ready, branch=BranchId("nowhere")).refused("unknown-branch", NotFound)


def test_the_branch_s_own_recorders_convene_its_meetings(ready: World) -> None:
    ready.when(CONVENE, actor=SUN, at=noon(CONVENED_ON)).refused("wrong-office", NotPermitted)
    convening(ready, branch=OTHER_BRANCH).then(replace(CONVENED, branch=OTHER_BRANCH))
    ready.when(replace(CONVENE, branch=OTHER_BRANCH), actor=WANG, at=noon(CONVENED_ON)).refused(
        "wrong-office", NotPermitted
    )


def test_a_session_may_be_entered_after_its_day(ready: World) -> None:
    ready.when(CONVENE, actor=ZHANG, at=noon(HELD_ON + timedelta(days=9))).then(CONVENED)


# calling off and replacing


def test_a_meeting_that_is_called_off_makes_room_for_another(up_to: Callable[[Command], World]) -> None:
    world, day = up_to(CALL_OFF), noon(date(2026, 12, 21))
    off = MeetingCalledOff(meeting=OFF, branch=BRANCH, reason=CALL_OFF.reason)
    world.when(CALL_OFF, actor=ZHANG, at=day).then(off)
    world.after(off).when(CALL_OFF, actor=ZHANG, at=day).then_nothing()
    another = replace(CONVENE_NEXT, meeting=MeetingId("another"))
    world.when(another, actor=ZHANG, at=day).refused("already-convened", Conflict)
    assert world.after(off).when(another, actor=ZHANG, at=day).events


def test_a_meeting_is_called_off_with_a_reason_and_only_before_it_is_held(convened: World, attended: World) -> None:
    off = replace(CALL_OFF, meeting=MONTHLY)
    convened.when(replace(off, reason=""), actor=ZHANG, at=noon(HELD_ON)).refused("reason-missing")
    attended.when(off, actor=ZHANG, at=noon(HELD_ON)).refused("already-held", Conflict)
    convened.when(replace(off, meeting=OFF), actor=ZHANG, at=noon(HELD_ON)).refused("unknown-meeting", NotFound)


def test_nothing_happens_at_a_meeting_that_is_called_off(convened: World) -> None:
    off = convened.after(MeetingCalledOff(meeting=MONTHLY, branch=BRANCH, reason="停电"))
    attending(off).refused("called-off")
    off.when(report(SUN), actor=SUN, at=noon(HELD_ON)).refused("called-off")


def replacing(world: World, **changes: object) -> Answer:
    """Declare a replacement with some fields changed."""
    return world.when(replace(REPLACE, **changes), actor=ZHANG, at=noon(CONVENED_ON))


@pytest.mark.parametrize("month", ["2026-11", "2026-12"])
def test_a_quarterly_session_may_replace_a_neighbouring_monthly_one(quarterly: World, month: str) -> None:
    declared = replace(REPLACED, replaces=month)
    replacing(quarterly, replaces=month).then(declared)
    replacing(quarterly.after(declared), replaces=month).then_nothing()


@pytest.mark.parametrize("month", ["2026-09", "2027-01"])
def test_a_session_replaces_no_other_than_a_neighbour(quarterly: World, month: str) -> None:
    replacing(quarterly, replaces=month).refused("not-a-neighbour")


def test_a_session_replaces_one_other(quarterly: World) -> None:
    replacing(quarterly.after(REPLACED), replaces="2026-12").refused("replaces-another", Conflict)


def test_what_is_replaced_is_not_held_beside_it(quarterly: World) -> None:
    replacing(quarterly.after(REPLACED), replaces="2026-11").then_nothing()
    again = quarterly.after(REPLACED).when(
        replace(CONVENE_NEXT, meeting=MeetingId("another")), actor=ZHANG, at=noon(CONVENED_ON)
    )
    again.refused("already-replaced", Conflict)


def test_what_is_convened_is_not_replaced_unless_called_off(quarterly: World) -> None:
    monthly = replace(CONVENED, meeting=MeetingId("another"), judges="2026-11", on=date(2026, 12, 28))
    replacing(quarterly.after(monthly)).refused("already-convened", Conflict)


def test_what_one_session_replaces_another_does_not(quarterly: World) -> None:
    other = MeetingId("another")
    convened = replace(CONVENED, meeting=other, kind="quarterly", judges="2026-12", on=SESSION_ON)
    replacing(quarterly.after(convened, replace(REPLACED, meeting=other))).refused("already-replaced", Conflict)


def test_a_monthly_session_replaces_nothing(convened: World) -> None:
    asked = ReplaceMeeting(meeting=MONTHLY, branch=BRANCH, replaces="2026-10")
    convened.when(asked, actor=ZHANG, at=noon(CONVENED_ON)).refused("replaces-nothing")


def test_a_meeting_is_named_with_its_own_branch(quarterly: World) -> None:
    replacing(quarterly, branch=OTHER_BRANCH).refused("other-branch")


# attendance


def test_who_came_is_recorded_beside_who_should_have(convened: World) -> None:
    attending(convened).then(APOLOGY, ATTENDED)
    attending(convened.after(APOLOGY, ATTENDED)).then_nothing()


def test_who_sent_no_apology_is_absent(convened: World) -> None:
    attending(convened, apologies=()).then(replace(ATTENDED, excused=(), absent=(SUN,)))


def test_until_the_close_a_corrected_list_counts(attended: World) -> None:
    attending(attended, present=(*PRESENT, SUN), apologies=()).then(
        replace(ATTENDED, present=(*PRESENT, SUN), excused=())
    )
    later = Apology(person=WU, reason=Sealed("出差"))
    without_wu = tuple(person for person in PRESENT if person != WU)
    attending(attended, present=without_wu, apologies=(later,)).then(
        ApologySent(meeting=MONTHLY, person=WU, on=HELD_ON, reason=Sealed("出差"), health=None),
        replace(ATTENDED, present=without_wu, excused=(WU, SUN)),
    )


def test_attendance_is_recorded_on_the_day_or_later(convened: World) -> None:
    attending(convened, on=HELD_ON - timedelta(days=1)).refused("in-the-future")
    attending(convened, on=HELD_ON + timedelta(days=3)).then(APOLOGY, ATTENDED)


def test_members_are_present_staff_attend(convened: World) -> None:
    attending(convened, present=(*PRESENT, STAFF)).refused("not-a-member-here")
    attending(convened, present=(*PRESENT, QIAN)).refused("not-a-member-here")
    attending(convened, attending_staff=(WU,)).refused("not-on-the-staff")
    attending(convened, attending_staff=(GAO,)).refused("no-membership", NotFound)


def test_nobody_is_both_present_and_excused_and_an_apology_has_a_reason(convened: World) -> None:
    attending(convened, present=(*PRESENT, SUN)).refused("present-and-excused")
    attending(convened, apologies=(Apology(person=SUN),)).refused("reason-missing")


def test_representatives_who_come_are_on_the_list_drawn_up_beforehand(convened: World, invited: World) -> None:
    attending(convened, representatives=(GAO,)).refused("not-invited")
    world = attending(
        invited, on=SESSION_ON, meeting=QUARTERLY, present=(*PRESENT, SUN), apologies=(), representatives=(GAO, HAN)
    )
    world.then(
        replace(
            ATTENDED,
            meeting=QUARTERLY,
            on=SESSION_ON,
            present=(*PRESENT, SUN),
            excused=(),
            representatives=(GAO, HAN),
        )
    )


def test_who_spoke_was_there(appraised: World) -> None:
    without_wu = tuple(person for person in PRESENT if person != WU)
    attending(appraised).then_nothing()
    attending(appraised, present=without_wu).refused("spoke-at-the-meeting", Conflict)
    attending(appraised, attending_staff=()).refused("spoke-at-the-meeting", Conflict)


# closing


def closing(world: World) -> Answer:
    """Close the session at noon of its day."""
    return world.when(CLOSE, actor=ZHANG, at=noon(HELD_ON))


def test_closing_says_who_neither_reported_nor_was_commented_on(appraised: World) -> None:
    over = MeetingClosed(
        meeting=MONTHLY,
        branch=BRANCH,
        on=HELD_ON,
        without_report=(WANG, ZHANG, CHEN, ZHAO, ZHOU),
        without_comment=(WANG, ZHANG, CHEN, ZHAO, ZHOU),
        staff_without_report=(),
        staff_without_comment=(),
        representatives_lacking=0,
        staff_lacking=False,
        minutes=PAPER,
    )
    closing(appraised).then(over)
    closing(appraised.after(over)).then_nothing()


def test_what_is_missing_does_not_keep_a_meeting_open(attended: World) -> None:
    (over,) = closing(attended.after(replace(ATTENDED, attending_staff=()))).events
    assert isinstance(over, MeetingClosed)
    assert set(over.without_comment) == {*PRESENT, SUN}
    assert over.staff_lacking


def test_closing_says_that_staff_were_not_heard_and_representatives_were_lacking(invited: World) -> None:
    came = replace(ATTENDED, meeting=QUARTERLY, on=SESSION_ON, representatives=(GAO, HAN))
    asked = replace(CLOSE, meeting=QUARTERLY)
    (over,) = invited.after(came).when(asked, actor=ZHANG, at=noon(SESSION_ON)).events
    assert isinstance(over, MeetingClosed)
    assert (over.staff_without_report, over.staff_without_comment) == ((STAFF,), (STAFF,))
    assert over.representatives_lacking == 1
    more = replace(came, representatives=(GAO, HAN, STAFF, DIRECTOR))
    (over,) = invited.after(more).when(asked, actor=ZHANG, at=noon(SESSION_ON)).events
    assert isinstance(over, MeetingClosed)
    assert over.representatives_lacking == 0


def test_nobody_is_missed_at_a_members_meeting(ready: World) -> None:
    meeting = replace(CONVENED, kind="members", judges="2026", timing=None)
    (over,) = closing(ready.after(meeting, replace(ATTENDED, attending_staff=()))).events
    assert isinstance(over, MeetingClosed)
    assert (over.without_report, over.without_comment, over.staff_lacking) == ((), (), False)


def test_a_meeting_is_not_closed_before_it_is_known_who_came(convened: World) -> None:
    closing(convened).refused("attendance-missing")


def test_a_meeting_is_closed_once(closed: World) -> None:
    closed.when(replace(CLOSE, minutes=None), actor=ZHANG, at=noon(HELD_ON)).refused("already-closed", Conflict)


@pytest.mark.parametrize(
    "asked",
    [
        ATTEND,
        report(WANG),
        replace(report(CHEN), written=True),
        APPRAISE,
        replace(CALL_OFF, meeting=MONTHLY),
        replace(REPLACE, meeting=MONTHLY),
        replace(INVITE, meeting=MONTHLY),
    ],
    ids=lambda asked: asked.NAME,
)
def test_nothing_is_entered_after_the_close(closed: World, asked: Command) -> None:
    refusal = closed.when(asked, actor=ZHANG, at=noon(HELD_ON)).refused("meeting-closed")
    assert isinstance(refusal, Refused)


@pytest.mark.parametrize("asked", [ATTEND, CLOSE, CALL_OFF, REPLACE, INVITE], ids=lambda asked: asked.NAME)
def test_only_recorders_of_the_branch_keep_its_meetings(up_to: Callable[[Command], World], asked: Command) -> None:
    day = SESSION_ON if asked in (REPLACE, INVITE) else date(2026, 12, 21)
    for actor in (SUN, GAO):
        up_to(asked).when(asked, actor=actor, at=noon(day)).refused("wrong-office", NotPermitted)
