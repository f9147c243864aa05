"""A round as its branch sees it: where it stands, its stars in the order of the roster, its notices and clocks."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.doors import Reader
from api.pages.explaining import explained
from api.pages.site import Site, Visit
from api.viewing import unknown_round
from domain.decision import NotFound
from domain.rounds import Round
from projections.agenda import agenda
from projections.folding import folded
from projections.notice_board import NOTICE_BOARD, posted_notices
from projections.notice_codes import coded_notices
from projections.round_row import RoundFrame
from projections.stars import STARS, current_stars, opened_rounds, round_frame

VIEWS = (STARS.name, NOTICE_BOARD.name)


def rounds_router(site: Site) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/rounds")
    def rounds(request: Request, reader: Reader) -> Response:
        """Show every round, the newest first."""
        with site.visit(request, reader, STARS.name) as visit:
            return visit.page("rounds/index.html", {"rounds": opened_rounds(visit.reading)})

    @router.get("/rounds/{round_id}")
    def one(round_id: str, request: Request, reader: Reader) -> Response:
        """Show where a round stands, its stars, and its notices."""
        with site.visit(request, reader, *VIEWS, round_id=round_id) as visit:
            frame = frame_of(visit, round_id)
            due = agenda(visit.ledger, round_id, visit.now, visit.upto, visit.names)
            content = {
                "round": frame,
                "rules": folded(visit.ledger, Round, round_id, visit.upto).rulebook.title,
                "agenda": visit.curtain.over(due),
                "stars": visit.curtain.over(current_stars(visit.reading, round_id=round_id)),
                "notices": visit.curtain.over(posted_notices(visit.reading, round_id)),
                "codes": {each.notice: each.code for each in coded_notices(visit.ledger, visit.upto, round_id)},
            }
            return visit.page("rounds/round.html", content)

    @router.get("/rounds/{round_id}/people/{person}")
    def why(round_id: str, person: str, request: Request, reader: Reader) -> Response:
        """Show why somebody's star is what it is, as far as it is open to the reader (A4)."""
        with site.visit(request, reader, STARS.name, round_id=round_id) as visit:
            return visit.page("rounds/why.html", {"found": explained(visit, round_id, person)})

    return router


def frame_of(visit: Visit, round_id: str) -> RoundFrame:
    """Return what a round evaluates; `NotFound` where there is no such round."""
    frame = round_frame(visit.reading, round_id)
    if frame is None:
        raise NotFound("unknown-round", unknown_round(round_id))
    return frame
