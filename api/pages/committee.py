"""All branches on one board: how far each has come, what is late, open objections, how many stars stand (C1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.doors import Reader
from api.pages.site import Site, Visit
from api.pages.work import Board, board_of
from api.viewing import Standing, standing_of
from domain.organisation import Organisation
from projections.folding import folded
from projections.objection_register import OBJECTION_REGISTER, registered_objections
from projections.stars import STARS, current_stars, opened_rounds

MOST_ROUNDS: Final = 2
"""How many rounds of each branch stand on the board, the newest first."""
OPEN: Final = frozenset({"filed", "accepted"})


@dataclass(frozen=True, slots=True)
class Line:
    """One round of a branch: what is due, how many things are late, open objections, confirmed stars of how many."""

    board: Board
    late: int
    objections: int
    confirmed: int
    people: int


@dataclass(frozen=True, slots=True)
class BranchOnBoard:
    """A branch with its newest rounds; without any, nothing has been opened there."""

    branch: str
    lines: tuple[Line, ...]


def committee_router(site: Site) -> APIRouter:
    """Return the route of the board."""
    router = APIRouter(include_in_schema=False)

    @router.get("/committee")
    def committee(request: Request, reader: Reader) -> Response:
        """Show every branch in which one holds an office; those of the committee see all."""
        standing = standing_of(site.ledger, reader.person)
        own = next((term.branch for term in standing.terms if term.branch is not None), None)
        with site.visit(request, reader, STARS.name, OBJECTION_REGISTER.name, branch=own) as visit:
            branches = [BranchOnBoard(branch, tuple(_lines(visit, branch))) for branch in _branches(visit, standing)]
            return visit.page("committee/index.html", {"branches": branches})

    return router


def _branches(visit: Visit, standing: Standing) -> list[str]:
    known = folded(visit.ledger, Organisation, upto=visit.upto).branches
    return [branch for branch in known if standing.viewer(branch).holds_office]


def _lines(visit: Visit, branch: str) -> Iterator[Line]:
    for frame in opened_rounds(visit.reading, branch)[:MOST_ROUNDS]:
        board = board_of(visit, frame)
        stars = current_stars(visit.reading, round_id=frame.round)
        cases = registered_objections(visit.reading, round_id=frame.round)
        yield Line(
            board=board,
            late=sum(task.due.overdue for task in board.tasks),
            objections=sum(each.stage in OPEN for each in cases),
            confirmed=sum(each.confirmed is not None for each in stars),
            people=len(stars),
        )
