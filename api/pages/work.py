"""The month board 本月工作: what is due by when where somebody holds an office, one button for each thing (S8)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.doors import Reader
from api.pages.buttons import Button, buttons_for, step_button
from api.pages.site import Site, Visit
from api.viewing import Standing, standing_of
from domain.dates import deadline
from domain.text import Text
from projections.agenda import Due, agenda
from projections.month_agenda import month_agenda
from projections.month_steps import MonthStep
from projections.next_step import NextStep
from projections.round_row import RoundFrame
from projections.stars import STARS, opened_rounds

MOST_ROUNDS: Final = 4
"""How many rounds of a branch are looked at, the newest first: what is older is found among the rounds."""
FOR_EVERYBODY: Final = frozenset(
    {"convene-session", "hold-session", "invite-representatives", "report", "comment", "window"}
)
"""What a reminder may say to a whole group: no scores, no objections, nobody's ballot."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits, and the buttons that settle it."""

    due: Due
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """A round with something to do: the next step and its button, the tasks, the reminder to be copied if any."""

    round: RoundFrame
    text: Text | None
    clause: str | None
    button: Button | None
    tasks: tuple[Task, ...]
    reminder: Text | None


def work_router(site: Site) -> APIRouter:
    """Return the route of the month board."""
    router = APIRouter(include_in_schema=False)

    @router.get("/work")
    def work(request: Request, reader: Reader) -> Response:
        """Show what is due in the newest rounds of every branch where one holds an office."""
        standing = standing_of(site.ledger, reader.person)
        own = next((term.branch for term in standing.terms if term.branch is not None), None)
        with site.visit(request, reader, STARS.name, branch=own) as visit:
            boards = [board_of(visit, frame) for frame in _rounds(visit, standing)]
            waiting = [each for each in boards if each.text or each.tasks]
            return visit.page("work/index.html", {"boards": waiting, "offices": bool(standing.terms)})

    return router


def board_of(visit: Visit, frame: RoundFrame) -> Board:
    """Return what is due in a round, as far as the reader may see it."""
    step, items, meeting = _due(visit, frame)
    return Board(
        round=frame,
        text=None if step is None else step.text,
        clause=None if step is None else step.clause,
        button=None if step is None else step_button(step.name, frame),
        tasks=_tasks(visit, frame, items, meeting),
        reminder=_reminder(visit.names.branch(frame.branch), frame.period, items),
    )


def tasks_of(visit: Visit, frame: RoundFrame) -> tuple[Task, ...]:
    """Return everything that is due in a round, each thing with its buttons."""
    _, items, meeting = _due(visit, frame)
    return _tasks(visit, frame, items, meeting)


def _tasks(visit: Visit, frame: RoundFrame, items: Sequence[Due], meeting: str | None) -> tuple[Task, ...]:
    return tuple(Task(each, buttons_for(each, frame, meeting, visit.names)) for each in items)


def _due(visit: Visit, frame: RoundFrame) -> tuple[NextStep | MonthStep | None, tuple[Due, ...], str | None]:
    """Return the next step, everything that is due, and the meeting of the month where there is one."""
    due = visit.curtain.over(agenda(visit.ledger, frame.round, visit.now, visit.upto, visit.names))
    if "-" not in frame.period:
        return due.next_step, due.items, None
    month = month_agenda(visit.ledger, frame.round, visit.now, None, visit.upto, visit.names)
    shown = visit.curtain.over(month)
    return shown.next_step, (*shown.items, *due.items), shown.meeting


def _rounds(visit: Visit, standing: Standing) -> Iterator[RoundFrame]:
    frames = opened_rounds(visit.reading)
    for branch in dict.fromkeys(frame.branch for frame in frames):
        if standing.viewer(branch).holds_office:
            yield from [frame for frame in frames if frame.branch == branch][:MOST_ROUNDS]


def _reminder(branch: str, period: str, items: Sequence[Due]) -> Text | None:
    """Return what one can paste into the group of the branch; None where there is nothing for everybody."""
    said = [each for each in items if each.code in FOR_EVERYBODY]
    if not said:
        return None
    zh = [f"· {each.text.zh}{f'（截止 {deadline(each.due_at)}）' if each.due_at else ''}" for each in said]
    en = [f"· {each.text.en}{f' (by {deadline(each.due_at)})' if each.due_at else ''}" for each in said]
    return Text("\n".join((f"【{branch} {period}】提醒：", *zh)), "\n".join((f"[{branch} {period}] Reminder:", *en)))
