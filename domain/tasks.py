"""Tasks and resolutions that the organisation assigns to a member, and what became of them (A-6, A-11)."""

import typing
from dataclasses import dataclass
from datetime import date
from typing import Literal, assert_never

from domain.appointments import Offices
from domain.dates import civil_date
from domain.decision import (
    Command,
    Conflict,
    Context,
    Event,
    Fact,
    NotFound,
    State,
    command,
    deciders,
    event,
    members_of,
)
from domain.ids import BranchId, PersonId, TaskId
from domain.membership import Membership
from domain.refusals import not_in_future, taken, unless_same
from domain.roles import RECORDERS
from domain.sealed import Sealed
from domain.text import Text

Outcome = Literal["done", "partly", "not_done"]


# commands


@command("assign-task", roles=RECORDERS, at="tasks")
class AssignTask(Command):
    """Assign a task to a member, to be done by a day; `resolution` names the decision it carries out."""

    task: TaskId
    person: PersonId
    what: Sealed
    due: date
    resolution: str | None = None


@command("complete-task", roles=RECORDERS, at="tasks/{task}/completion", changes=True)
class CompleteTask(Command):
    """Enter what became of a task, as its branch found it on a day."""

    task: TaskId
    on: date
    outcome: Outcome
    statement: Sealed


# events


@event("task.Assigned.v1")
class TaskAssigned(Event):
    """A member has a task, to be done by a day."""

    task: TaskId
    person: PersonId
    branch: BranchId
    what: Sealed
    due: date
    resolution: str | None


@event("task.Completed.v1")
class TaskCompleted(Event):
    """A task was found done, partly done or not done on a day."""

    task: TaskId
    person: PersonId
    on: date
    outcome: Outcome
    statement: Sealed


TaskEvent = TaskAssigned | TaskCompleted


# state


@dataclass(slots=True)
class Task(State):
    """One task and its newest outcome."""

    KIND = TaskId
    EVENTS = members_of(TaskEvent)
    assigned: TaskAssigned | None = None
    completed: TaskCompleted | None = None

    def evolve(self, fact: Fact) -> None:
        """Take one more fact about the task into account."""
        happened = typing.cast("TaskEvent", fact.event)
        match happened:
            case TaskAssigned():
                self.assigned = happened
            case TaskCompleted():
                self.completed = happened
            case _:
                assert_never(happened)


# deciders


def assign_task(
    asked: AssignTask, context: Context, this: Task, membership: Membership, offices: Offices
) -> list[Event]:
    """Assign a task to somebody who is a member today; nobody assigns one to himself or to somebody close."""
    stay = membership.require_member(asked.person, civil_date(context.now))
    offices.require(asked, context, stay.branch)
    offices.require_stranger(context, asked.person)
    if this.assigned is not None:
        return unless_same(_says(this.assigned) == _says(asked), taken(asked.task))
    return [
        TaskAssigned(
            task=asked.task,
            person=asked.person,
            branch=stay.branch,
            what=asked.what,
            due=asked.due,
            resolution=asked.resolution,
        )
    ]


def complete_task(asked: CompleteTask, context: Context, this: Task, offices: Offices) -> list[Event]:
    """Enter an outcome; what is done stays done, anything less may be found done later."""
    if this.assigned is None:
        raise NotFound("unknown-task", _unknown(asked.task))
    offices.require(asked, context, this.assigned.branch)
    offices.require_stranger(context, this.assigned.person)
    not_in_future(asked.on, context)
    if this.completed is not None:
        if (this.completed.on, this.completed.outcome) == (asked.on, asked.outcome):
            return []
        if this.completed.outcome == "done" or asked.on < this.completed.on:
            raise Conflict("already-completed", _completed(this.completed))
    return [
        TaskCompleted(
            task=asked.task,
            person=this.assigned.person,
            on=asked.on,
            outcome=asked.outcome,
            statement=asked.statement,
        )
    ]


DECIDERS = deciders(assign_task, complete_task)


def _says(record: AssignTask | TaskAssigned) -> tuple[object, ...]:
    return (record.person, record.due, record.resolution)


def _unknown(key: str) -> Text:
    return Text(f"没有任务 {key}；请先布置，或核对编号。", f"There is no task {key}; assign it, or check the id.")


def _completed(found: TaskCompleted) -> Text:
    return Text(
        f"任务 {found.task} 已于 {found.on} 登记结果；请核对日期和结果。",
        f"The outcome of task {found.task} was entered for {found.on}; check the day and the outcome.",
    )
