"""Public commitments: made, approved or returned, superseded; fulfilled and appraised."""

from datetime import date, timedelta

import pytest

from domain.appointments import Appointed, RelationDeclared
from domain.commitments import (
    AREAS,
    VIRTUES,
    Commitment,
    CommitmentAppraised,
    CommitmentApproved,
    CommitmentMade,
    CommitmentReturned,
    CommitmentRevoked,
    FulfilmentReported,
)
from domain.committing import ApproveCommitment, MakeCommitment, ReturnCommitment, RevokeCommitment
from domain.decision import Command, Conflict, NotFound, NotPermitted, replace
from domain.fulfilling import AppraiseCommitment, ReportFulfilment
from domain.ids import CommitmentId
from domain.membership import MemberLeft, MemberTransferred
from domain.roles import RECORDER, SECRETARY
from domain.rulebook import parse_rulebook
from domain.sealed import Sealed
from rulebooks import shipped
from tests.controls import (
    BRANCH,
    FOUNDED,
    LI,
    OTHER_BRANCH,
    PAPER,
    QIAN,
    STAFF,
    STRANGER,
    SUN,
    WANG,
    YEAR_END,
    ZHANG,
    ZHOU,
)
from tests.domain.conftest import World

ONE, TWO = CommitmentId("promise-1"), CommitmentId("promise-2")
SPRING, DUE, SUMMER, AUTUMN = date(2025, 3, 1), date(2025, 8, 31), date(2025, 6, 30), date(2025, 9, 1)
DAY = timedelta(days=1)
MAKE = MakeCommitment(
    commitment=ONE,
    person=SUN,
    period="2025",
    virtue="family",
    area="service",
    on=SPRING,
    due=DUE,
    statement=Sealed("每月陪护老人"),
    plan=Sealed("每月第一个周六"),
    private_circumstances=Sealed("本人腰伤"),
)
MADE = CommitmentMade(
    commitment=ONE,
    person=SUN,
    branch=BRANCH,
    period="2025",
    virtue="family",
    area="service",
    on=SPRING,
    due=DUE,
    statement=Sealed("每月陪护老人"),
    plan=Sealed("每月第一个周六"),
    private_circumstances=Sealed("本人腰伤"),
)
APPROVE = ApproveCommitment(commitment=ONE)
APPROVED = CommitmentApproved(commitment=ONE, person=SUN)
RETURN = ReturnCommitment(commitment=ONE, reason=Sealed("太笼统"))
RETURNED = CommitmentReturned(commitment=ONE, person=SUN, reason=Sealed("太笼统"))
REVOKE = RevokeCommitment(commitment=ONE, reason=Sealed("调岗"))
REVOKED = CommitmentRevoked(commitment=ONE, person=SUN, reason=Sealed("调岗"), successor=None)
SUCCESSOR = replace(MADE, commitment=TWO), replace(APPROVED, commitment=TWO)
REPORT = ReportFulfilment(commitment=ONE, on=SUMMER, report=Sealed("已陪护四次"), evidence=(PAPER,))
REPORTED = FulfilmentReported(commitment=ONE, person=SUN, on=SUMMER, report=Sealed("已陪护四次"), evidence=(PAPER,))
APPRAISE = AppraiseCommitment(commitment=ONE, on=AUTUMN, side="branch", outcome="kept", remark=Sealed("属实"))
APPRAISED = CommitmentAppraised(
    commitment=ONE, person=SUN, on=AUTUMN, side="branch", outcome="kept", remark=Sealed("属实")
)
EVERY_ACT = (APPROVE, RETURN, REVOKE, REPORT, APPRAISE)
MOVED = MemberTransferred(person=SUN, from_branch=BRANCH, to_branch=OTHER_BRANCH, on=AUTUMN, extract=PAPER)


def close_to(person: str) -> RelationDeclared:
    return RelationDeclared(person=SUN, other=type(SUN)(person), relation="sibling")


def as_of(world: World, commitment: CommitmentId = ONE) -> Commitment:
    folded = world.fold(Commitment, commitment)
    assert isinstance(folded, Commitment)
    return folded


# making


def test_a_member_commits_himself_in_public_with_a_plan_and_a_day(branch: World) -> None:
    branch.when(MAKE, actor=SUN).then(MADE)
    branch.after(MADE).when(MAKE, actor=SUN).then_nothing()


def test_the_recorder_enters_what_a_member_of_his_branch_commits_himself_to(branch: World) -> None:
    branch.when(MAKE, actor=ZHANG).then(MADE)


def test_nobody_else_commits_a_member_to_anything(branch: World) -> None:
    branch.when(MAKE, actor=ZHOU).refused("wrong-office", NotPermitted)
    branch.after(close_to(ZHANG)).when(MAKE, actor=ZHANG).refused("recused", NotPermitted)


def test_only_who_was_a_member_on_the_day_commits_himself(branch: World) -> None:
    branch.when(replace(MAKE, on=FOUNDED - DAY), actor=SUN).refused("not-a-member-then")
    branch.when(replace(MAKE, person=STAFF), actor=STAFF).refused("not-a-member-then")
    branch.when(replace(MAKE, person=STRANGER), actor=STRANGER).refused("no-membership", NotFound)


def test_no_commitment_is_made_in_the_future(branch: World) -> None:
    later = YEAR_END + DAY
    branch.when(replace(MAKE, on=later, due=later), actor=SUN).refused("in-the-future")


def test_a_commitment_is_for_a_year_or_a_month(branch: World) -> None:
    branch.when(replace(MAKE, period="2025-03"), actor=SUN).then(replace(MADE, period="2025-03"))
    branch.when(replace(MAKE, period="2025-13"), actor=SUN).refused("malformed-period")


def test_a_commitment_is_not_due_before_it_is_made(branch: World) -> None:
    branch.when(replace(MAKE, due=SPRING - DAY), actor=SUN).refused("due-before-made")
    branch.when(replace(MAKE, due=SPRING), actor=SUN).then(replace(MADE, due=SPRING))


def test_a_commitment_keeps_its_id_to_itself(branch: World) -> None:
    world = branch.after(MADE)
    for other in (replace(MAKE, virtue="public"), replace(MAKE, area="duty"), replace(MAKE, due=DUE + DAY)):
        world.when(other, actor=SUN).refused("id-taken", Conflict)
    world.when(replace(MAKE, person=ZHOU), actor=ZHOU).refused("id-taken", Conflict)
    world.after(RETURNED).when(replace(MAKE, person=ZHOU), actor=ZHOU).refused("id-taken", Conflict)
    world.after(APPROVED).when(replace(MAKE, area="duty"), actor=SUN).refused("id-taken", Conflict)


def test_there_are_the_four_virtues_and_the_four_areas_that_the_shipped_scheme_names() -> None:
    forms = parse_rulebook(shipped("monthly-points")).conduct.forms
    assert {one.code: one.title.zh for one in forms.commitment_categories} == {
        code: title.zh for code, title in VIRTUES.items()
    }
    assert {one.code: one.title.zh for one in forms.commitment_areas} == {
        code: title.zh for code, title in AREAS.items()
    }
    assert [title.zh for title in VIRTUES.values()] == ["政治品德", "职业道德", "家庭美德", "社会公德"]


# the answer of the branch


def test_an_officer_of_the_branch_approves_a_commitment(branch: World) -> None:
    branch.after(MADE).when(APPROVE, actor=LI).then(APPROVED)
    branch.after(MADE, APPROVED).when(APPROVE, actor=LI).then_nothing()


def test_what_is_returned_with_a_reason_the_member_makes_anew(branch: World) -> None:
    branch.after(MADE).when(RETURN, actor=WANG).then(RETURNED)
    returned = branch.after(MADE, RETURNED)
    returned.when(RETURN, actor=WANG).then_nothing()
    returned.when(APPROVE, actor=LI).refused("commitment-returned")
    better = replace(MAKE, area="duty")
    returned.when(better, actor=SUN).then(replace(MADE, area="duty"))
    returned.after(replace(MADE, area="duty")).when(APPROVE, actor=LI).then(APPROVED)


def test_what_is_approved_is_not_returned(branch: World) -> None:
    branch.after(MADE, APPROVED).when(RETURN, actor=LI).refused("already-approved", Conflict)


@pytest.mark.parametrize("asked", [APPROVE, RETURN])
def test_neither_the_recorder_nor_the_member_nor_somebody_close_approves_or_returns(
    branch: World, asked: Command
) -> None:
    world = branch.after(MADE)
    world.when(asked, actor=ZHANG).refused("wrong-office", NotPermitted)
    world.when(asked, actor=SUN).refused("wrong-office", NotPermitted)
    world.after(close_to(LI)).when(asked, actor=LI).refused("recused", NotPermitted)
    branch.after(replace(MADE, person=LI)).when(asked, actor=LI).refused("own-case", NotPermitted)


@pytest.mark.parametrize("asked", EVERY_ACT)
def test_nothing_is_done_about_a_commitment_that_is_not_there(branch: World, asked: Command) -> None:
    branch.when(asked, actor=LI).refused("unknown-commitment", NotFound)


@pytest.mark.parametrize("asked", [APPROVE, RETURN, REPORT, APPRAISE])
def test_nothing_is_done_about_a_commitment_that_was_revoked(branch: World, asked: Command) -> None:
    branch.after(MADE, APPROVED, REVOKED).when(asked, actor=LI).refused("commitment-revoked")


def test_the_branch_in_which_the_member_is_now_looks_after_his_commitments(branch: World) -> None:
    head = Appointed(person=QIAN, role=SECRETARY, branch=OTHER_BRANCH, since=FOUNDED, until=None, decided_by="党委")
    world = branch.after(MADE, MOVED, head)
    world.when(APPROVE, actor=QIAN).then(APPROVED)
    world.when(APPROVE, actor=LI).refused("wrong-office", NotPermitted)
    gone = branch.after(MADE, MemberLeft(person=SUN, branch=BRANCH, on=AUTUMN, cause="withdrew", reason=None))
    gone.when(APPROVE, actor=LI).then(APPROVED)


# revoking


def test_a_member_withdraws_his_commitment_until_it_is_approved(branch: World) -> None:
    world = branch.after(MADE)
    world.when(REVOKE, actor=SUN).then(REVOKED)
    world.when(REVOKE, actor=ZHANG).then(REVOKED)
    world.after(REVOKED).when(REVOKE, actor=SUN).then_nothing()
    world.after(REVOKED).when(MAKE, actor=SUN).then_nothing()
    branch.after(MADE, RETURNED, REVOKED).when(replace(MAKE, area="duty"), actor=SUN).refused("id-taken", Conflict)


def test_what_is_approved_goes_only_for_an_approved_successor_of_the_same_member(branch: World) -> None:
    world, instead = branch.after(MADE, APPROVED), replace(REVOKE, successor=TWO)
    world.when(REVOKE, actor=LI).refused("successor-needed")
    world.when(instead, actor=LI).refused("unknown-commitment", NotFound)
    world.after(SUCCESSOR[0]).when(instead, actor=LI).refused("not-approved")
    world.when(replace(REVOKE, successor=ONE), actor=LI).refused("its-own-successor")
    another = [replace(event, person=ZHOU) for event in SUCCESSOR]
    world.after(*another).when(instead, actor=LI).refused("successor-of-another")
    done = replace(REVOKED, successor=TWO)
    world.after(*SUCCESSOR).when(instead, actor=LI).then(done)
    after = world.after(*SUCCESSOR, done)
    after.when(instead, actor=LI).then_nothing()
    after.when(REVOKE, actor=LI).refused("commitment-revoked", Conflict)
    assert as_of(after, TWO).require_standing() == replace(as_of(after).require_made(), commitment=TWO)


def test_who_committed_himself_cannot_revoke_what_is_approved_nor_can_anybody_else_without_office(
    branch: World,
) -> None:
    world, instead = branch.after(MADE, APPROVED, *SUCCESSOR), replace(REVOKE, successor=TWO)
    world.when(instead, actor=SUN).refused("wrong-office", NotPermitted)
    branch.after(MADE).when(REVOKE, actor=ZHOU).refused("wrong-office", NotPermitted)
    world.after(close_to(ZHANG)).when(instead, actor=ZHANG).refused("recused", NotPermitted)
    clerk = Appointed(person=SUN, role=RECORDER, branch=BRANCH, since=FOUNDED, until=None, decided_by="支委会")
    world.after(clerk).when(instead, actor=SUN).refused("own-case", NotPermitted)


# fulfilling


def test_a_member_or_the_recorder_reports_what_was_done_once_a_day(branch: World) -> None:
    world = branch.after(MADE, APPROVED)
    world.when(REPORT, actor=SUN).then(REPORTED)
    world.when(REPORT, actor=ZHANG).then(REPORTED)
    world.after(REPORTED).when(REPORT, actor=SUN).refused("already-reported", Conflict)
    next_day = SUMMER + DAY
    world.after(REPORTED).when(replace(REPORT, on=next_day), actor=SUN).then(replace(REPORTED, on=next_day))


def test_nobody_else_reports_for_a_member(branch: World) -> None:
    world = branch.after(MADE, APPROVED)
    world.when(REPORT, actor=ZHOU).refused("wrong-office", NotPermitted)
    world.after(close_to(ZHANG)).when(REPORT, actor=ZHANG).refused("recused", NotPermitted)


def test_only_an_approved_commitment_is_reported_on_and_appraised(branch: World) -> None:
    branch.after(MADE).when(REPORT, actor=SUN).refused("not-approved")
    branch.after(MADE).when(APPRAISE, actor=LI).refused("not-approved")


def test_reports_and_appraisals_bear_a_day_between_the_commitment_and_today(branch: World) -> None:
    world = branch.after(MADE, APPROVED)
    for asked, actor in ((REPORT, SUN), (APPRAISE, LI)):
        world.when(replace(asked, on=SPRING - DAY), actor=actor).refused("before-commitment")
        world.when(replace(asked, on=YEAR_END + DAY), actor=actor).refused("in-the-future")


# appraising


def test_the_member_his_branch_and_the_masses_each_appraise_a_commitment(branch: World) -> None:
    world = branch.after(MADE, APPROVED)
    world.when(APPRAISE, actor=LI).then(APPRAISED)
    world.after(APPRAISED).when(APPRAISE, actor=LI).then_nothing()
    own, theirs = replace(APPRAISE, side="self"), replace(APPRAISE, side="masses", outcome="partly")
    world.after(APPRAISED).when(own, actor=SUN).then(replace(APPRAISED, side="self"))
    world.after(APPRAISED).when(theirs, actor=ZHANG).then(replace(APPRAISED, side="masses", outcome="partly"))


def test_only_the_member_himself_gives_the_self_appraisal(branch: World) -> None:
    world = branch.after(MADE, APPROVED)
    world.when(replace(APPRAISE, side="self"), actor=LI).refused("not-himself", NotPermitted)


def test_the_recorder_does_not_appraise_for_the_branch(branch: World) -> None:
    branch.after(MADE, APPROVED).when(APPRAISE, actor=ZHANG).refused("wrong-office", NotPermitted)


@pytest.mark.parametrize("side", ["branch", "masses"])
def test_nobody_enters_the_appraisal_of_others_in_his_own_case_or_of_somebody_close(branch: World, side: str) -> None:
    asked = replace(APPRAISE, side=side)
    world = branch.after(MADE, APPROVED)
    world.when(asked, actor=ZHOU).refused("wrong-office", NotPermitted)
    world.after(close_to(LI)).when(asked, actor=LI).refused("recused", NotPermitted)
    own = branch.after(replace(MADE, person=LI), replace(APPROVED, person=LI))
    own.when(asked, actor=LI).refused("own-case", NotPermitted)


def test_before_it_is_due_a_commitment_is_appraised_only_on_a_report(branch: World) -> None:
    world, early = branch.after(MADE, APPROVED), replace(APPRAISE, on=DUE - DAY)
    world.when(early, actor=LI).refused("nothing-to-appraise")
    world.after(replace(REPORTED, on=DUE)).when(early, actor=LI).refused("nothing-to-appraise")
    world.after(REPORTED).when(early, actor=LI).then(replace(APPRAISED, on=DUE - DAY))
    world.when(replace(APPRAISE, on=DUE), actor=LI).then(replace(APPRAISED, on=DUE))


def test_the_newest_appraisal_of_a_side_counts_and_none_is_put_before_it(branch: World) -> None:
    world = branch.after(MADE, APPROVED, APPRAISED)
    worse = replace(APPRAISE, outcome="not_kept", on=AUTUMN + DAY)
    world.when(worse, actor=LI).then(replace(APPRAISED, outcome="not_kept", on=AUTUMN + DAY))
    world.when(replace(worse, on=AUTUMN - DAY), actor=LI).refused("appraised-later", Conflict)
    assert as_of(world).appraised == {"branch": as_of(world).appraised["branch"]}
