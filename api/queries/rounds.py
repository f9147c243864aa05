"""Queries about a round: its stars, its sheet, its notices, its objections, what is due."""

from fastapi import APIRouter, Response

from api.queries.desk import Answering, Asked
from api.viewing import unknown_round
from domain.decision import NotFound
from projections.score_sheet import SCORE_SHEET, score_sheet
from projections.stars import STARS, current_stars, round_frame


def rounds_router(answering: Answering) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/api/v1/rounds", tags=["rounds"])

    @router.get("/{round_id}/stars", operation_id="readStars")
    def stars(round_id: str, asked: Asked) -> Response:
        """Return the stars of a round: computed, posted, confirmed."""
        with answering.desk(asked, (STARS.name,), round_id=round_id) as desk:
            if round_frame(desk.reading, round_id) is None:
                raise NotFound("unknown-round", unknown_round(round_id))
            found = current_stars(desk.reading, round_id=round_id)
            return desk.tell({"position": desk.upto, "stars": desk.curtain.over(found)})

    @router.get("/{round_id}/sheet", operation_id="readSheet")
    def sheet(round_id: str, asked: Asked) -> Response:
        """Return the score sheet of a round: Table 3-1 (A-27), raw scores of 0 to 100 (AMB-A10)."""
        with answering.desk(asked, (SCORE_SHEET.name,), round_id=round_id) as desk:
            found = score_sheet(desk.reading, round_id)
            if found is None:
                raise NotFound("unknown-round", unknown_round(round_id))
            return desk.tell(desk.curtain.over(found))

    return router
