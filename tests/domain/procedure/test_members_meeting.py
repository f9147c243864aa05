"""The members' meeting votes on the list: quorum, majority, what follows (AMB-B19, B20, B24, NORM-BRANCH-11)."""

from collections.abc import Sequence
from datetime import date

import pytest

from domain.appointments import Appointed
from domain.attendance import RecordAttendance
from domain.closing import CloseMeeting
from domain.convening import CallOffMeeting, ConveneMeeting
from domain.decision import Conflict, NotFound, NotPermitted, replace
from domain.ids import MeetingId, PersonId, RulebookId
from domain.lists import Lists, VoteHeld, outcome
from domain.meetings import MEMBERS_MEETING, MeetingConvened, ReplacementDeclared
from domain.membership import MemberJoined, MemberLeft
from domain.roles import RECORDER
from domain.rulebook import parse_rulebook
from tests.controls import (
    ANNUAL_360,
    BRANCH,
    CHEN,
    DOCUMENT,
    FOUNDED,
    LI,
    MEMBERS,
    OTHER_BRANCH,
    QIAN,
    ROUND,
    RULEBOOK,
    STAFF,
    STRANGER,
    SUN,
    WANG,
    ZHANG,
)
from tests.domain.conftest import Answer, World
from tests.domain.procedure.conftest import PROPOSE, TALLY, VOTE, VOTING, on, take

MEETING = parse_rulebook(ANNUAL_360).meeting


def held(world: World, present: Sequence[PersonId], yes: int, no: int = 0, abstain: int = 0) -> Answer:
    """Return what comes of a vote by these people; the reasons are those of a meeting that may reject."""
    asked = replace(VOTE, present=tuple(present), yes=yes, no=no, abstain=abstain, reasons="分数有疑问")
    return world.when(asked, actor=ZHANG, at=VOTING)


def came_to(answer: Answer) -> VoteHeld:
    assert answer.refusal is None
    (vote,) = answer.events
    assert isinstance(vote, VoteHeld)
    return vote


def test_a_vote_is_recorded_with_those_present_and_those_who_should_attend(proposed: World) -> None:
    proposed.when(VOTE, actor=ZHANG, at=VOTING).then(
        VoteHeld(
            round=ROUND,
            list=1,
            on=VOTING.date(),
            chair=LI,
            present=MEMBERS,
            should_attend=8,
            voters_present=8,
            yes=7,
            no=1,
            abstain=0,
            outcome="adopted",
            reasons="",
            minutes=None,
        )
    )


def test_a_vote_entered_again_changes_nothing(adopted: World) -> None:
    adopted.when(VOTE, actor=ZHANG, at=VOTING).then_nothing()


def test_half_of_the_voters_make_a_quorum_and_one_fewer_do_not(proposed: World) -> None:
    assert came_to(held(proposed, MEMBERS[:4], yes=4)).outcome == "rejected"
    assert came_to(held(proposed, MEMBERS[:3], yes=3)).outcome == "inquorate"


def test_more_than_half_of_those_who_should_attend_adopt_the_list(proposed: World) -> None:
    assert came_to(held(proposed, MEMBERS, yes=4, no=1, abstain=3)).outcome == "rejected"
    assert came_to(held(proposed, MEMBERS[:5], yes=5)).outcome == "adopted"
    assert came_to(held(proposed, MEMBERS, yes=5, no=3)).outcome == "adopted"


@pytest.mark.parametrize(
    ("should_attend", "present", "yes", "comes_to"),
    [
        (8, 4, 4, "rejected"),
        (8, 3, 3, "inquorate"),
        (8, 5, 5, "adopted"),
        (7, 4, 4, "adopted"),
        (7, 3, 3, "inquorate"),
        (7, 7, 3, "rejected"),
        (1, 1, 1, "adopted"),
        (2, 1, 1, "rejected"),
    ],
)
def test_quorum_is_half_and_majority_more_than_half_of_those_with_a_vote(
    should_attend: int, present: int, yes: int, comes_to: str
) -> None:
    assert outcome(MEETING, should_attend, present, yes) == comes_to


def test_probationary_members_staff_and_guests_do_not_count(proposed: World) -> None:
    beginner = MemberJoined(person=STRANGER, branch=BRANCH, kind="probationary", on=date(2025, 11, 1), group=None)
    vote = came_to(held(proposed.after(beginner), (*MEMBERS[:3], STRANGER, STAFF, QIAN), yes=3))
    assert (vote.should_attend, vote.voters_present, vote.outcome) == (8, 3, "inquorate")


def test_those_who_should_attend_are_the_members_of_the_day_of_the_meeting(proposed: World) -> None:
    left = MemberLeft(person=SUN, branch=BRANCH, on=VOTING.date(), cause="died", reason=None)
    came = MemberJoined(person=STRANGER, branch=BRANCH, kind="formal", on=VOTING.date(), group=None)
    assert came_to(held(proposed.after(left), MEMBERS, yes=7)).should_attend == 7
    assert came_to(held(proposed.after(came), MEMBERS, yes=7)).should_attend == 9


def test_somebody_named_twice_is_present_once(proposed: World) -> None:
    vote = came_to(held(proposed, (*MEMBERS[:3], MEMBERS[0]), yes=3))
    assert (vote.present, vote.voters_present) == (MEMBERS[:3], 3)


@pytest.mark.parametrize(("yes", "no", "abstain"), [(9, 0, 0), (4, 4, 1), (9, -1, 0), (0, 0, -1)])
def test_there_are_no_more_votes_than_voters_present(proposed: World, yes: int, no: int, abstain: int) -> None:
    held(proposed, MEMBERS, yes, no, abstain).refused("more-votes-than-voters")


def test_the_votes_of_the_absent_and_of_guests_do_not_count(proposed: World) -> None:
    held(proposed, MEMBERS[:5], yes=6).refused("more-votes-than-voters")
    held(proposed, (*MEMBERS[:5], STAFF, QIAN), yes=6).refused("more-votes-than-voters")


def test_an_inquorate_meeting_is_recorded_and_held_again(proposed: World) -> None:
    world = proposed.after(came_to(held(proposed, MEMBERS[:3], yes=3)))
    again = replace(VOTE, on=date(2026, 1, 12))
    assert came_to(world.when(again, actor=ZHANG, at=on(1, 12))).outcome == "adopted"
    adopted = take(world, ZHANG, on(1, 12), again)
    assert len(lists(adopted).votes) == 2


def test_an_adopted_list_is_not_voted_on_again(adopted: World) -> None:
    again = replace(VOTE, on=date(2026, 1, 12), yes=0, no=8, reasons="反悔")
    adopted.when(again, actor=ZHANG, at=on(1, 12)).refused("already-adopted", Conflict)


def test_a_rejected_list_goes_back_with_reasons(proposed: World) -> None:
    asked = replace(VOTE, yes=4, no=4)
    proposed.when(asked, actor=ZHANG, at=VOTING).refused("reasons-missing")
    proposed.when(replace(asked, reasons=" "), actor=ZHANG, at=VOTING).refused("reasons-missing")


def test_after_a_rejection_a_new_version_is_voted_on_and_not_the_old_one(proposed: World) -> None:
    world = proposed.after(came_to(held(proposed, MEMBERS, yes=4, no=4)))
    monday = replace(VOTE, on=date(2026, 1, 12))
    world.when(monday, actor=ZHANG, at=on(1, 12)).refused("already-rejected", Conflict)
    second = take(world, CHEN, on(1, 9), PROPOSE)
    second.when(monday, actor=ZHANG, at=on(1, 12)).refused("no-such-list", NotFound)
    assert came_to(second.when(replace(monday, list=2), actor=ZHANG, at=on(1, 12))).outcome == "adopted"


def test_a_rejected_list_can_be_tallied_and_proposed_anew(proposed: World) -> None:
    world = proposed.after(came_to(held(proposed, MEMBERS, yes=4, no=4)))
    world.when(TALLY, actor=ZHANG, at=on(1, 9)).then_nothing()
    second = take(world, CHEN, on(1, 9), PROPOSE)
    proposal = lists(second).proposed
    assert proposal is not None
    assert (proposal.list, lists(second).outcome) == (2, None)


def test_no_meeting_votes_on_a_list_before_there_is_one(tallied: World, proposed: World) -> None:
    tallied.when(VOTE, actor=ZHANG, at=VOTING).refused("no-such-list", NotFound)
    proposed.when(replace(VOTE, list=2), actor=ZHANG, at=VOTING).refused("no-such-list", NotFound)
    proposed.when(replace(VOTE, on=date(2026, 1, 6)), actor=ZHANG, at=VOTING).refused("before-the-proposal")
    assert proposed.when(replace(VOTE, on=date(2026, 1, 7)), actor=ZHANG, at=VOTING).events


def test_a_meeting_to_come_has_not_voted(proposed: World) -> None:
    proposed.when(replace(VOTE, on=date(2026, 1, 9)), actor=ZHANG, at=VOTING).refused("in-the-future")


def test_recorders_and_secretaries_of_the_branch_enter_a_vote(proposed: World) -> None:
    for actor in (LI, WANG, ZHANG):
        assert proposed.when(VOTE, actor=actor, at=VOTING).events
    office = Appointed(
        person=QIAN, role=RECORDER, branch=OTHER_BRANCH, since=FOUNDED, until=None, decided_by="党员大会"
    )
    for actor in (CHEN, SUN, STAFF, QIAN):
        proposed.after(office).when(VOTE, actor=actor, at=VOTING).refused("wrong-office", NotPermitted)


def lists(world: World) -> Lists:
    found = world.fold(Lists, ROUND)
    assert isinstance(found, Lists)
    return found


# a vote at a meeting on record

ASSEMBLY = MeetingId("assembly")
CONVENE = ConveneMeeting(
    meeting=ASSEMBLY,
    branch=BRANCH,
    rulebook=RULEBOOK,
    kind=MEMBERS_MEETING,
    judges="2025",
    on=VOTING.date(),
    place="党员活动室",
    chair=LI,
)
AT_ASSEMBLY = replace(VOTE, meeting=ASSEMBLY)


def convened(world: World, asked: ConveneMeeting = CONVENE, present: Sequence[PersonId] = MEMBERS) -> World:
    """Return the world after a meeting was convened and attended."""
    return take(world, ZHANG, VOTING, asked, RecordAttendance(meeting=asked.meeting, present=tuple(present)))


def test_a_vote_names_the_meeting_that_took_it(proposed: World) -> None:
    vote = came_to(convened(proposed).when(AT_ASSEMBLY, actor=ZHANG, at=VOTING))
    assert (vote.meeting, vote.outcome) == (ASSEMBLY, "adopted")


def test_a_vote_names_no_meeting_that_was_not_convened_is_called_off_or_over(proposed: World) -> None:
    proposed.when(AT_ASSEMBLY, actor=ZHANG, at=VOTING).refused("unknown-meeting", NotFound)
    off = take(proposed, ZHANG, VOTING, CONVENE, CallOffMeeting(meeting=ASSEMBLY, reason="停电"))
    off.when(AT_ASSEMBLY, actor=ZHANG, at=VOTING).refused("called-off")
    over = take(convened(proposed), ZHANG, VOTING, CloseMeeting(meeting=ASSEMBLY))
    over.when(AT_ASSEMBLY, actor=ZHANG, at=VOTING).refused("meeting-closed")


def test_a_vote_names_no_meeting_of_another_branch(proposed: World) -> None:
    (meeting,) = proposed.when(CONVENE, actor=ZHANG, at=VOTING).events
    world = proposed.after(replace(meeting, branch=OTHER_BRANCH))
    world.when(AT_ASSEMBLY, actor=ZHANG, at=VOTING).refused("other-branch")


def test_a_vote_is_held_on_the_day_of_its_meeting(proposed: World) -> None:
    world = convened(proposed, replace(CONVENE, on=date(2026, 1, 7)))
    world.when(AT_ASSEMBLY, actor=ZHANG, at=VOTING).refused("other-day")


def test_nobody_votes_at_a_meeting_before_it_is_on_record_who_came(proposed: World) -> None:
    world = take(proposed, ZHANG, VOTING, CONVENE)
    world.when(AT_ASSEMBLY, actor=ZHANG, at=VOTING).refused("attendance-missing")


def test_a_meeting_without_a_quorum_takes_no_vote(proposed: World) -> None:
    few = replace(AT_ASSEMBLY, present=MEMBERS[:3], yes=3, no=0)
    convened(proposed, present=MEMBERS[:3]).when(few, actor=ZHANG, at=VOTING).refused("meeting-inquorate")
    assert came_to(convened(proposed).when(few, actor=ZHANG, at=VOTING)).outcome == "inquorate"


def test_who_votes_at_a_meeting_is_on_record_as_present(proposed: World) -> None:
    convened(proposed, present=MEMBERS[:7]).when(AT_ASSEMBLY, actor=ZHANG, at=VOTING).refused("not-at-the-meeting")


def test_a_session_votes_only_on_the_list_of_the_period_it_judges(proposed: World) -> None:
    session = MeetingConvened(
        meeting=ASSEMBLY,
        branch=BRANCH,
        rulebook=RULEBOOK,
        version=1,
        document=DOCUMENT,
        kind="monthly",
        judges="2025-12",
        on=VOTING.date(),
        begins=None,
        place="党员活动室",
        chair=LI,
        timing="in_time",
        reason_outside=None,
    )
    attended = RecordAttendance(meeting=ASSEMBLY, present=MEMBERS)
    world = take(proposed.after(session), ZHANG, VOTING, attended)
    world.when(AT_ASSEMBLY, actor=ZHANG, at=VOTING).refused("not-on-the-agenda")
    other = take(proposed.after(replace(session, judges="2025", rulebook=RulebookId("x"))), ZHANG, VOTING, attended)
    other.when(AT_ASSEMBLY, actor=ZHANG, at=VOTING).refused("not-on-the-agenda")
    for its_own in (
        (replace(session, judges="2025"),),
        (session, ReplacementDeclared(meeting=ASSEMBLY, branch=BRANCH, kind="monthly", replaces="2025")),
    ):
        judging = take(proposed.after(*its_own), ZHANG, VOTING, attended)
        assert came_to(judging.when(AT_ASSEMBLY, actor=ZHANG, at=VOTING)).meeting == ASSEMBLY
