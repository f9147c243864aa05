"""A round as ordered steps for whoever runs it: how far it is, what a vote needs, who is cut by which cap (S13)."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.doors import Reader
from api.pages.buttons import Button, step_button
from api.pages.rounds import frame_of as frame_row
from api.pages.site import Site, Visit
from api.pages.work import Task, tasks_of
from domain.dates import civil_date
from domain.lists import voters_on
from domain.membership import Membership
from domain.text import Text
from projections.agenda import agenda
from projections.folding import folded
from projections.month_frame import month_frame
from projections.month_steps import all_month_steps
from projections.next_step import all_steps
from projections.round_frame import Frame, frame_of
from projections.round_row import RoundFrame
from projections.stars import STARS


@dataclass(frozen=True, slots=True)
class Light:
    """A step: `state` is done, now (the first that is not done) or later; the button takes the present one on."""

    name: str
    clause: str
    state: str
    text: Text | None
    button: Button | None


@dataclass(frozen=True, slots=True)
class Quorum:
    """What a vote on the list needs today, and how the newest one went where there was one."""

    voters: int
    present_at_least: int
    yes_more_than: str
    present: int | None
    yes: int | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Cut:
    """A person whose star is lower than the score alone gives, with the reasons and their clauses."""

    person: str
    by_score: int
    star: int
    reasons: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class CapLine:
    """The places of a star: how many there are by which rounding, how many are taken."""

    star: int
    places: int
    taken: int
    clause: str
    how: Text


def running_router(site: Site) -> APIRouter:
    """Return the route."""
    router = APIRouter(include_in_schema=False)

    @router.get("/rounds/{round_id}/run")
    def run(round_id: str, request: Request, reader: Reader) -> Response:
        """Show a round as steps, with what each needs, to those who hold an office there."""
        with site.visit(request, reader, STARS.name, round_id=round_id) as visit:
            row = frame_row(visit, round_id)
            office = visit.curtain.disclosures.viewer.holds_office
            content = {"round": row, "office": office, **(_content(visit, row) if office else {})}
            return visit.page("running/run.html", content)

    return router


def _content(visit: Visit, row: RoundFrame) -> dict[str, object]:
    frame = frame_of(visit.ledger, row.round, visit.now, visit.position)
    due = visit.curtain.over(agenda(visit.ledger, row.round, visit.now, visit.upto, visit.names))
    tasks: tuple[Task, ...] = tasks_of(visit, row)
    return {
        "steps": lights(_left(visit, row, frame), row),
        "quorum": _quorum(visit, frame),
        "caps": [CapLine(c.star, c.cap, c.used, c.clause, c.explanation.label) for c in frame.outcome.caps],
        "cut": list(_cut(frame)),
        "ties": [(each.text, each.clause) for each in frame.outcome.decisions_needed],
        "held": due.held,
        "confirmable": due.confirmable,
        "tasks": tasks,
    }


def lights(steps: list[tuple[str, str, Text | None]], row: RoundFrame) -> list[Light]:
    """Return the light of each step (its name, its clause, what is left of it): after the first open one all wait."""
    first = next((number for number, (_, _, left) in enumerate(steps) if left is not None), len(steps))
    return [
        Light(
            name=name,
            clause=clause,
            state="done" if number < first else "now" if number == first else "later",
            text=left if number == first else None,
            button=step_button(name, row) if number == first else None,
        )
        for number, (name, clause, left) in enumerate(steps)
    ]


def _left(visit: Visit, row: RoundFrame, frame: Frame) -> list[tuple[str, str, Text | None]]:
    if "-" not in row.period:
        return [(step.name, step.clause, left) for step, left in all_steps(frame)]
    month = month_frame(visit.ledger, row.round, None, visit.position)
    return [(step.name, step.clause, step.text if is_open else None) for step, is_open in all_month_steps(month)]


def _quorum(visit: Visit, frame: Frame) -> Quorum:
    rule = frame.this.rulebook.meeting
    voters = voters_on(frame.this, folded(visit.ledger, Membership, "", visit.position), civil_date(visit.now))
    vote = frame.lists.votes[-1] if frame.lists.votes else None
    due = len(voters) if vote is None else vote.should_attend
    return Quorum(
        voters=due,
        present_at_least=ceil(rule.present_at_least * due),
        yes_more_than=str(Fraction(rule.yes_more_than)),
        present=None if vote is None else vote.voters_present,
        yes=None if vote is None else vote.yes,
        outcome=None if vote is None else vote.outcome,
    )


def _cut(frame: Frame) -> Iterator[Cut]:
    """Yield who takes a lower star than the score alone gives, in the order of the sheet, never by rank."""
    for each in frame.outcome.people:
        if each.star is not None and each.score_star is not None and each.star < each.score_star:
            reasons = tuple((reason.clause, reason.text) for reason in each.reasons)
            yield Cut(each.person, each.score_star, each.star, reasons)
