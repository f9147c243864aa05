"""The first page: what somebody needs to know and do today, by what the ledger says he is."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.doors import Reader
from api.pages.site import Site, Visit
from api.viewing import Standing, standing_of
from projections.agenda import Agenda, agenda
from projections.notice_board import NOTICE_BOARD, PostedNotice, posted_notices
from projections.round_row import RoundFrame
from projections.stars import STARS, current_stars, opened_rounds

MOST_ROUNDS = 3
VIEWS = (STARS.name, NOTICE_BOARD.name)


@dataclass(frozen=True, slots=True)
class Underway:
    """A round that is under way: what is due in it."""

    round: RoundFrame
    agenda: Agenda


def home_router(site: Site) -> APIRouter:
    """Return the route of the first page."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def home(request: Request, reader: Reader) -> Response:
        """Show one's star, the notices that hang with their clocks, and what is due where one holds an office."""
        standing = standing_of(site.ledger, reader.person)
        branch = None if standing.stay is None else standing.stay.branch
        with site.visit(request, reader, *VIEWS, branch=branch) as visit:
            mine = visit.curtain.over(current_stars(visit.reading, person=reader.person), reader.person)
            years = [each for each in mine if "-" not in each.period] or mine
            content = {
                "offices": standing.terms,
                "branch": branch,
                "star": years[-1] if years else None,
                "hanging": list(_hanging(visit, branch)),
                "underway": list(_underway(visit, standing)),
            }
            return visit.page("home/home.html", content)

    return router


def _hanging(visit: Visit, branch: str | None) -> Iterator[tuple[RoundFrame, PostedNotice]]:
    """Yield the notices of a branch in whose window one can object now."""
    for frame in [] if branch is None else opened_rounds(visit.reading, branch):
        for notice in visit.curtain.over(posted_notices(visit.reading, frame.round)):
            if notice.hangs and notice.ends_at is not None and visit.now < notice.ends_at:
                yield frame, notice


def _underway(visit: Visit, standing: Standing) -> Iterator[Underway]:
    """Yield the newest rounds of the branches in which somebody holds an office, with what is due there."""
    branches = {term.branch for term in standing.terms}
    frames = [each for each in opened_rounds(visit.reading) if each.branch in branches or None in branches]
    for frame in frames[:MOST_ROUNDS]:
        due = agenda(visit.ledger, frame.round, visit.now, visit.upto, visit.names)
        yield Underway(frame, visit.curtain.over(due))
