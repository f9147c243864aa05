"""Tasks that the organisation assigns, and what became of them."""

from datetime import date, timedelta
from typing import Literal

import pytest

from domain.appointments import RelationDeclared
from domain.decision import Conflict, NotFound, NotPermitted, replace
from domain.ids import TaskId
from domain.membership import MemberLeft
from domain.sealed import Sealed
from domain.tasks import AssignTask, CompleteTask, TaskAssigned, TaskCompleted
from tests.controls import BRANCH, STAFF, STRANGER, SUN, YEAR_END, ZHANG, ZHOU
from tests.domain.conftest import World

TASK, DUE, AUTUMN = TaskId("task-7"), date(2026, 3, 31), date(2025, 9, 1)
ASSIGN = AssignTask(task=TASK, person=SUN, what=Sealed("整理台账"), due=DUE, resolution="2025-7")
ASSIGNED = TaskAssigned(task=TASK, person=SUN, branch=BRANCH, what=Sealed("整理台账"), due=DUE, resolution="2025-7")
COMPLETE = CompleteTask(task=TASK, on=AUTUMN, outcome="partly", statement=Sealed("完成一半"))
PARTLY = TaskCompleted(task=TASK, person=SUN, on=AUTUMN, outcome="partly", statement=Sealed("完成一半"))
DONE = replace(PARTLY, outcome="done")
CLOSE = RelationDeclared(person=SUN, other=ZHANG, relation="sibling")


def test_a_member_is_assigned_a_task(branch: World) -> None:
    branch.when(ASSIGN, actor=ZHANG).then(ASSIGNED)
    branch.after(ASSIGNED).when(ASSIGN, actor=ZHANG).then_nothing()


def test_a_task_keeps_its_id_to_itself(branch: World) -> None:
    branch.after(ASSIGNED).when(replace(ASSIGN, due=YEAR_END), actor=ZHANG).refused("id-taken", Conflict)
    branch.after(ASSIGNED).when(replace(ASSIGN, person=ZHOU), actor=ZHANG).refused("id-taken", Conflict)


def test_tasks_are_for_those_who_are_members_today(branch: World) -> None:
    branch.when(replace(ASSIGN, person=STAFF), actor=ZHANG).refused("not-a-member-then")
    branch.when(replace(ASSIGN, person=STRANGER), actor=ZHANG).refused("no-membership", NotFound)
    left = branch.after(MemberLeft(person=SUN, branch=BRANCH, on=AUTUMN, cause="withdrew", reason=None))
    left.when(ASSIGN, actor=ZHANG).refused("not-a-member-then")


def test_only_a_recorder_assigns_and_not_to_himself_nor_to_somebody_close(branch: World) -> None:
    branch.when(ASSIGN, actor=ZHOU).refused("wrong-office", NotPermitted)
    branch.when(replace(ASSIGN, person=ZHANG), actor=ZHANG).refused("own-case", NotPermitted)
    branch.after(CLOSE).when(ASSIGN, actor=ZHANG).refused("recused", NotPermitted)


def test_the_outcome_of_a_task_is_entered(branch: World) -> None:
    world = branch.after(ASSIGNED)
    world.when(COMPLETE, actor=ZHANG).then(PARTLY)
    world.after(PARTLY).when(COMPLETE, actor=ZHANG).then_nothing()


@pytest.mark.parametrize("outcome", ["partly", "not_done"])
def test_what_was_not_done_may_be_found_done_on_the_same_day_or_later(
    branch: World, outcome: Literal["partly", "not_done"]
) -> None:
    world = branch.after(ASSIGNED, replace(PARTLY, outcome=outcome))
    for day in (AUTUMN, AUTUMN + timedelta(days=30)):
        asked = replace(COMPLETE, outcome="done", on=day)
        world.when(asked, actor=ZHANG).then(replace(DONE, on=day, statement=asked.statement))


def test_what_is_done_stays_done_and_nothing_is_found_before_it_was_found_last(branch: World) -> None:
    later = AUTUMN + timedelta(days=30)
    branch.after(ASSIGNED, DONE).when(replace(COMPLETE, on=later), actor=ZHANG).refused("already-completed", Conflict)
    earlier = replace(COMPLETE, outcome="done", on=AUTUMN - timedelta(days=1))
    branch.after(ASSIGNED, PARTLY).when(earlier, actor=ZHANG).refused("already-completed", Conflict)


def test_only_a_recorder_enters_an_outcome_and_not_his_own_nor_of_somebody_close(branch: World) -> None:
    branch.after(ASSIGNED).when(COMPLETE, actor=ZHOU).refused("wrong-office", NotPermitted)
    branch.after(ASSIGNED, CLOSE).when(COMPLETE, actor=ZHANG).refused("recused", NotPermitted)
    own = branch.after(replace(ASSIGNED, person=ZHANG))
    own.when(COMPLETE, actor=ZHANG).refused("own-case", NotPermitted)


def test_an_outcome_belongs_to_a_task_and_to_a_day_that_has_come(branch: World) -> None:
    branch.when(COMPLETE, actor=ZHANG).refused("unknown-task", NotFound)
    tomorrow = replace(COMPLETE, on=YEAR_END + timedelta(days=1))
    branch.after(ASSIGNED).when(tomorrow, actor=ZHANG).refused("in-the-future")
