"""The masses' representatives: on a list drawn up beforehand, no members, and taking turns (B-36, AMB-B11)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from domain.decision import Command, NotFound, replace
from domain.ids import MeetingId, PersonId
from domain.meetings import MeetingAttended, MeetingCalledOff, MeetingConvened, RepresentativesInvited
from tests.control_events import EVENTS
from tests.control_meetings import (
    ATTEND,
    CONVENED_ON,
    DIRECTOR,
    GAO,
    HAN,
    INVITE,
    MONTHLY,
    QUARTERLY,
    REPLACE,
    SESSION_ON,
    SESSIONS_DOCUMENT,
)
from tests.controls import BRANCH, OTHER_BRANCH, QIAN, STAFF, WU, ZHANG, noon
from tests.domain.conftest import Answer, World

CONVENED = replace(EVENTS[MeetingConvened], document=SESSIONS_DOCUMENT)
ATTENDED = EVENTS[MeetingAttended]
INVITED = RepresentativesInvited(
    meeting=QUARTERLY, branch=BRANCH, on=SESSION_ON, people=(STAFF, GAO, HAN), how=INVITE.how, again=(), last_on=None
)


@pytest.fixture(scope="module")
def convened(up_to: Callable[[Command], World]) -> World:
    """Return the world in which the monthly session is convened."""
    return up_to(ATTEND)


@pytest.fixture(scope="module")
def quarterly(up_to: Callable[[Command], World]) -> World:
    """Return the world in which the quarterly session is convened."""
    return up_to(REPLACE)


@pytest.fixture(scope="module")
def invited(quarterly: World) -> World:
    """Return the world in which representatives are invited to it."""
    return quarterly.after(INVITED)


def inviting(world: World, on: date = CONVENED_ON, **changes: object) -> Answer:
    """Invite representatives with some fields changed."""
    return world.when(replace(INVITE, **changes), actor=ZHANG, at=noon(on))


def test_at_least_three_representatives_are_invited_beforehand(quarterly: World) -> None:
    inviting(quarterly).then(INVITED)
    inviting(quarterly.after(INVITED)).then_nothing()
    inviting(quarterly, people=(STAFF, GAO, STAFF)).refused("too-few-representatives")
    inviting(quarterly, how=" ").refused("choice-unexplained")
    inviting(quarterly, on=SESSION_ON).then(INVITED)
    inviting(quarterly, on=SESSION_ON + timedelta(days=1)).refused("not-beforehand")


def test_the_list_is_not_drawn_up_once_it_is_known_who_came(invited: World) -> None:
    came = replace(ATTENDED, meeting=QUARTERLY, on=SESSION_ON, representatives=(GAO,))
    changed = inviting(invited.after(came), on=SESSION_ON, people=(GAO, HAN, QIAN))
    changed.refused("not-beforehand")


def test_a_list_that_replaces_another_of_the_same_session_repeats_nobody(invited: World) -> None:
    inviting(invited, people=(GAO, HAN, DIRECTOR)).then(replace(INVITED, people=(GAO, HAN, DIRECTOR)))


def test_representatives_speak_for_the_masses_and_are_no_members(quarterly: World) -> None:
    inviting(quarterly, people=(GAO, HAN, QIAN)).refused("not-of-the-masses")
    inviting(quarterly, people=(GAO, HAN, PersonId("nobody"))).refused("unknown-person", NotFound)


def test_representatives_are_invited_to_quarterly_sessions(convened: World) -> None:
    inviting(convened, meeting=MONTHLY).refused("no-representatives-here")


def test_who_was_a_representative_last_time_is_reported(quarterly: World) -> None:
    last, day = MeetingId("workshop-1.q3"), date(2026, 10, 3)
    earlier = replace(CONVENED, meeting=last, kind="quarterly", judges="2026-09", on=day)
    world = quarterly.after(earlier, replace(INVITED, meeting=last, on=day, people=(GAO, QIAN, WU)))
    inviting(world).then(replace(INVITED, again=(GAO,), last_on=day))
    before_that = replace(INVITED, meeting=MeetingId("workshop-1.q2"), on=date(2026, 7, 3), people=(HAN,))
    inviting(world.after(before_that)).then(replace(INVITED, again=(GAO,), last_on=day))
    off = world.after(MeetingCalledOff(meeting=last, branch=BRANCH, reason="停电"))
    inviting(off).then(INVITED)


def test_representatives_are_invited_by_the_session_s_own_branch(quarterly: World) -> None:
    inviting(quarterly, branch=OTHER_BRANCH).refused("other-branch")
