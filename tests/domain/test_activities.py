"""Recorded activities: who records, who verifies, who takes back."""

from datetime import date, timedelta

import pytest

from domain.activities import (
    Activity,
    ActivityRecorded,
    ActivityReversed,
    ActivityVerified,
    RecordActivity,
    ReverseActivity,
    VerifyActivity,
)
from domain.activity_kinds import ACTIVITY_KINDS
from domain.appointments import RelationDeclared
from domain.decision import Conflict, NotFound, NotPermitted, replace
from domain.ids import ActivityId
from domain.membership import MemberLeft, MemberTransferred
from domain.sealed import Sealed
from tests.controls import BRANCH, FOUNDED, LI, OTHER_BRANCH, PAPER, STAFF, STRANGER, SUN, YEAR_END, ZHANG, ZHOU
from tests.domain.conftest import World

ACTIVITY, SUMMER, AUTUMN = ActivityId("act-1"), date(2025, 6, 30), date(2025, 9, 1)
RECORD = RecordActivity(
    activity=ACTIVITY,
    person=SUN,
    kind="serving",
    dimension="party",
    occurred_on=SUMMER,
    statement=Sealed("为职工维修"),
    item="B-3",
    evidence=(PAPER,),
)
VERIFY = VerifyActivity(activity=ACTIVITY)
REVERSE = ReverseActivity(activity=ACTIVITY, reason=Sealed("重复"))
RECORDED = ActivityRecorded(
    activity=ACTIVITY,
    person=SUN,
    branch=BRANCH,
    kind="serving",
    dimension="party",
    occurred_on=SUMMER,
    statement=Sealed("为职工维修"),
    item="B-3",
    evidence=(PAPER,),
    reported=False,
)
REPORTED = replace(RECORDED, reported=True)
VERIFIED = ActivityVerified(activity=ACTIVITY, person=SUN)
REVERSED = ActivityReversed(activity=ACTIVITY, person=SUN, reason=Sealed("重复"))
CLOSE = RelationDeclared(person=SUN, other=ZHANG, relation="sibling")


# recording


def test_a_recorder_records_what_a_member_of_his_branch_did(branch: World) -> None:
    branch.when(RECORD, actor=ZHANG).then(RECORDED)
    branch.after(RECORDED).when(RECORD, actor=ZHANG).then_nothing()


def test_what_a_member_reports_himself_waits_for_somebody_else(branch: World) -> None:
    branch.when(RECORD, actor=SUN).then(REPORTED)
    folded = branch.after(REPORTED).fold(Activity, ACTIVITY)
    assert isinstance(folded, Activity)
    assert not folded.verified


def test_a_recorder_who_reports_his_own_activity_does_not_verify_it(branch: World) -> None:
    own = replace(RECORD, person=ZHANG)
    done = branch.when(own, actor=ZHANG)
    done.then(replace(REPORTED, person=ZHANG))
    branch.after(*done.events).when(VERIFY, actor=ZHANG).refused("own-case", NotPermitted)


def test_an_activity_keeps_its_id_to_itself(branch: World) -> None:
    for other in (replace(RECORD, kind="five_one"), replace(RECORD, occurred_on=AUTUMN), replace(RECORD, evidence=())):
        branch.after(RECORDED).when(other, actor=ZHANG).refused("id-taken", Conflict)


def test_only_kinds_that_the_seed_names_are_recorded(branch: World) -> None:
    branch.when(replace(RECORD, kind="check-in"), actor=ZHANG).refused("unknown-kind", NotFound)


def test_nothing_is_recorded_before_it_happens(branch: World) -> None:
    tomorrow = YEAR_END + timedelta(days=1)
    branch.when(replace(RECORD, occurred_on=tomorrow), actor=ZHANG).refused("in-the-future")


def test_an_activity_falls_into_the_time_of_membership(branch: World) -> None:
    early = replace(RECORD, occurred_on=FOUNDED - timedelta(days=1))
    branch.when(early, actor=ZHANG).refused("not-a-member-then")
    left = branch.after(MemberLeft(person=SUN, branch=BRANCH, on=SUMMER, cause="withdrew", reason=None))
    left.when(RECORD, actor=ZHANG).refused("not-a-member-then")
    branch.when(replace(RECORD, person=STAFF), actor=ZHANG).refused("not-a-member-then")
    branch.when(replace(RECORD, person=STRANGER), actor=STRANGER).refused("no-membership", NotFound)


def test_the_branch_of_the_day_records_even_after_a_move(branch: World) -> None:
    moved = branch.after(
        MemberTransferred(person=SUN, from_branch=BRANCH, to_branch=OTHER_BRANCH, on=AUTUMN, extract=PAPER)
    )
    moved.when(RECORD, actor=ZHANG).then(RECORDED)
    moved.when(replace(RECORD, occurred_on=AUTUMN), actor=ZHANG).refused("wrong-office", NotPermitted)


def test_who_is_no_recorder_records_for_nobody_else(branch: World) -> None:
    branch.when(RECORD, actor=ZHOU).refused("wrong-office", NotPermitted)


def test_a_recorder_does_not_record_for_somebody_close(branch: World) -> None:
    branch.after(CLOSE).when(RECORD, actor=ZHANG).refused("recused", NotPermitted)


# verifying


def test_somebody_else_verifies_what_was_reported(branch: World) -> None:
    world = branch.after(REPORTED)
    world.when(VERIFY, actor=ZHANG).then(VERIFIED)
    world.after(VERIFIED).when(VERIFY, actor=ZHANG).then_nothing()


def test_what_a_recorder_recorded_needs_no_verification(branch: World) -> None:
    branch.after(RECORDED).when(VERIFY, actor=LI).then_nothing()


def test_nobody_verifies_his_own_activity_nor_that_of_somebody_close(branch: World) -> None:
    branch.after(REPORTED).when(VERIFY, actor=SUN).refused("own-case", NotPermitted)
    branch.after(REPORTED, CLOSE).when(VERIFY, actor=ZHANG).refused("recused", NotPermitted)


def test_only_a_recorder_verifies_and_only_what_is_there_and_stands(branch: World) -> None:
    branch.after(REPORTED).when(VERIFY, actor=ZHOU).refused("wrong-office", NotPermitted)
    branch.when(VERIFY, actor=ZHANG).refused("unknown-activity", NotFound)
    branch.after(REPORTED, REVERSED).when(VERIFY, actor=ZHANG).refused("activity-reversed")


# taking back


def test_a_recorder_takes_an_activity_back_and_the_old_fact_stays(branch: World) -> None:
    world = branch.after(RECORDED)
    world.when(REVERSE, actor=ZHANG).then(REVERSED)
    after = world.after(REVERSED)
    after.when(REVERSE, actor=ZHANG).then_nothing()
    folded = after.fold(Activity, ACTIVITY)
    assert isinstance(folded, Activity)
    assert folded.reversed
    assert folded.recorded is not None


def test_a_member_takes_back_his_report_until_it_is_verified(branch: World) -> None:
    branch.after(REPORTED).when(REVERSE, actor=SUN).then(REVERSED)
    branch.after(REPORTED, VERIFIED).when(REVERSE, actor=SUN).refused("own-case", NotPermitted)


def test_only_a_recorder_who_is_not_close_takes_back_for_another(branch: World) -> None:
    branch.after(RECORDED).when(REVERSE, actor=ZHOU).refused("wrong-office", NotPermitted)
    branch.after(RECORDED, CLOSE).when(REVERSE, actor=ZHANG).refused("recused", NotPermitted)
    branch.when(REVERSE, actor=ZHANG).refused("unknown-activity", NotFound)


# the kinds


@pytest.mark.parametrize("clause", ["A-11", "A-12", "A-17", "A-47", "A-48", "A-49"])
def test_every_clause_that_names_activities_has_a_kind(clause: str) -> None:
    assert any(kind.clause == clause for kind in ACTIVITY_KINDS.values())


def test_the_three_kinds_of_a_49_are_key_and_no_other() -> None:
    key = {kind.code for kind in ACTIVITY_KINDS.values() if kind.key}
    assert key == {"serving", "one_plus_one", "public_welfare"}
    assert {ACTIVITY_KINDS[code].clause for code in key} == {"A-49"}
