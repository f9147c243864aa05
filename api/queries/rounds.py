"""Queries about a round: its stars, its sheet, its notices, its objections, what is due, its boards and ballots."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.queries.desk import Answering, Asked, AskedId, Desk, Id, Limit
from api.queries.schemas import shows
from api.viewing import unknown_round
from domain.decision import NotFound
from domain.rounds import Round
from domain.rulebook.model import Rulebook
from domain.text import Text
from projections.agenda import Agenda, agenda
from projections.answers.notices import PostedWithCode, with_codes
from projections.answers.reading import BallotsTold, BoardsTold, ReturnTold, StarsTold, YearTold
from projections.appraisal_return import appraisal_return
from projections.ballot_count import BALLOT_COUNT, ballot_counts, open_appraisals
from projections.boards import BOARDS, posted_boards, staff_results
from projections.disclosure import Matrix, disclosure_matrix
from projections.folding import folded
from projections.month_agenda import MonthAgenda, month_agenda
from projections.notice_board import NOTICE_BOARD, posted_notices
from projections.objection_register import OBJECTION_REGISTER, RegisteredObjection, registered_objections
from projections.round_row import RoundFrame
from projections.score_sheet import SCORE_SHEET, ScoreSheet, score_sheet
from projections.stars import STARS, current_stars, round_frame, round_frames
from projections.year_table import YEAR_TABLE, year_table


def rounds_router(answering: Answering) -> APIRouter:
    """Return the routes that list rounds and tell of one what its members ask first."""
    router = APIRouter(prefix="/api/v1/rounds", tags=["rounds"])

    @router.get("", **shows("listRounds", list[RoundFrame]))
    def rounds(asked: Asked, branch: AskedId = None, after: AskedId = None, limit: Limit = 100) -> Response:
        """Return the rounds there are, by id: that they are held is no secret."""
        with answering.desk(asked, (STARS.name,), branch=branch) as desk:
            found = round_frames(desk.reading, branch=branch, after=after or "", limit=limit + 1)
            return desk.page(found[:limit], {"after": found[limit - 1].round} if len(found) > limit else {})

    @router.get("/{round_id}", **shows("readRound", RoundFrame))
    def one(round_id: Id, asked: Asked) -> Response:
        """Return what a round evaluates and by which rules."""
        with answering.desk(asked, (STARS.name,), round_id=round_id) as desk:
            return desk.tell(_frame(desk, round_id))

    @router.get("/{round_id}/stars", **shows("readStars", StarsTold))
    def stars(round_id: Id, asked: Asked) -> Response:
        """Return the stars of a round: computed, posted, confirmed. Of two rulebooks never compared (AMB-A2)."""
        with answering.desk(asked, (STARS.name,), round_id=round_id) as desk:
            _frame(desk, round_id)
            found = current_stars(desk.reading, round_id=round_id)
            return desk.tell(StarsTold(desk.upto, desk.curtain.over(found)))

    @router.get("/{round_id}/sheet", **shows("readSheet", ScoreSheet))
    def sheet(round_id: Id, asked: Asked) -> Response:
        """Return the score sheet of a round: Table 3-1 (A-27), raw scores of 0 to 100 (AMB-A10)."""
        with answering.desk(asked, (SCORE_SHEET.name,), round_id=round_id) as desk:
            found = score_sheet(desk.reading, round_id)
            if found is None:
                raise NotFound("unknown-round", unknown_round(round_id))
            return desk.tell(desk.curtain.over(found))

    @router.get("/{round_id}/notices", **shows("readNotices", list[PostedWithCode]))  # type: ignore[valid-type]
    def notices(round_id: Id, asked: Asked) -> Response:
        """Return the notices of a round: their codes, where they hang, until when, and their lines."""
        with answering.desk(asked, (NOTICE_BOARD.name,), round_id=round_id) as desk:
            found = desk.curtain.over(posted_notices(desk.reading, round_id))
            return desk.tell(with_codes(desk.ledger, desk.reading, round_id, found))

    @router.get("/{round_id}/objections", **shows("readObjections", list[RegisteredObjection]))
    def objections(round_id: Id, asked: Asked) -> Response:
        """Return the register of objections of a round, with their terms."""
        with answering.desk(asked, (OBJECTION_REGISTER.name,), round_id=round_id) as desk:
            return desk.tell(desk.curtain.over(registered_objections(desk.reading, round_id=round_id)))

    @router.get("/{round_id}/agenda", **shows("readAgenda", Agenda))
    def due(round_id: Id, asked: Asked) -> Response:
        """Return what is due: the next step, what is missing, whose clock runs, who can be confirmed (S8)."""
        with answering.desk(asked, round_id=round_id) as desk:
            return desk.tell(desk.curtain.over(agenda(desk.ledger, round_id, desk.now, desk.upto)))

    return router


def months_router(answering: Answering) -> APIRouter:
    """Return the routes that tell of a month, a year and their ballots."""
    router = APIRouter(prefix="/api/v1/rounds", tags=["months"])

    @router.get("/{round_id}/month", **shows("readMonth", MonthAgenda))
    def month(round_id: Id, asked: Asked, meeting: AskedId = None) -> Response:
        """Return what is due in a month: sessions, who has not reported, been commented on or voted."""
        with answering.desk(asked, round_id=round_id) as desk:
            found = month_agenda(desk.ledger, round_id, desk.now, meeting, desk.upto, desk.names)
            return desk.tell(desk.curtain.over(found))

    @router.get("/{round_id}/boards", **shows("readBoards", BoardsTold))
    def boards(round_id: Id, asked: Asked) -> Response:
        """Return what hangs of a month: the indoor board, the list of the excellent, the staff's results."""
        with answering.desk(asked, (STARS.name, BOARDS.name), round_id=round_id) as desk:
            frame = _frame(desk, round_id)
            found = desk.curtain.over(posted_boards(desk.reading, round_id))
            staff = desk.curtain.over(staff_results(desk.reading, frame.branch, frame.period))
            return desk.tell(BoardsTold(desk.upto, found, staff))

    @router.get("/{round_id}/year", **shows("readYear", YearTold))
    def year(round_id: Id, asked: Asked) -> Response:
        """Return the annual table: the total of every month or quarter, the year's result, its confirmation (B-42)."""
        with answering.desk(asked, (YEAR_TABLE.name,), round_id=round_id) as desk:
            found = year_table(desk.reading, round_id, _rules(desk, round_id))
            if found is None:
                raise NotFound("no-annual-round", _no_year(round_id))
            return desk.tell(YearTold(desk.upto, desk.curtain.over(found)))

    @router.get("/{round_id}/ballots", **shows("readBallots", BallotsTold))
    def ballots(round_id: Id, asked: Asked, box: AskedId = None) -> Response:
        """Return ballot boxes: sheets issued, returned, valid, void, and the counts that may be shown (form 8)."""
        with answering.desk(asked, (BALLOT_COUNT.name,), round_id=round_id) as desk:
            found = desk.curtain.over(ballot_counts(desk.reading, round_id=round_id, box=box))
            openly = desk.curtain.over(open_appraisals(desk.reading, round_id))
            return desk.tell(BallotsTold(desk.upto, found, openly))

    @router.get("/{round_id}/return", **shows("readReturn", ReturnTold))
    def annual_return(round_id: Id, asked: Asked) -> Response:
        """Return the annual return of the appraisal: taking part, grades, disposals, whether it adds up (form 19)."""
        with answering.desk(asked, round_id=round_id) as desk:
            found = appraisal_return(desk.ledger, round_id, desk.upto)
            return desk.tell(ReturnTold(desk.upto, desk.curtain.over(found)))

    @router.get("/{round_id}/disclosure", **shows("readDisclosure", Matrix))
    def disclosure(
        round_id: Id,
        asked: Asked,
        audience: Annotated[str | None, Query(description="only its column", examples=["masses"])] = None,
    ) -> Response:
        """Return 四公开 as a matrix: what each audience is shown under which clause, what is withheld and why."""
        with answering.desk(asked, round_id=round_id) as desk:
            matrix = disclosure_matrix(_rules(desk, round_id))
            known = audience is not None and audience in matrix.audiences
            return desk.tell(matrix.for_audience(audience) if known and audience else matrix)

    return router


def _frame(desk: Desk, round_id: str) -> RoundFrame:
    found = round_frame(desk.reading, round_id)
    if found is None:
        raise NotFound("unknown-round", unknown_round(round_id))
    return found


def _rules(desk: Desk, round_id: str) -> Rulebook:
    return folded(desk.ledger, Round, round_id, desk.upto).rulebook


def _no_year(round_id: str) -> Text:
    return Text(
        f"没有年度评定 {round_id}；月度评定请查 month。", f"There is no annual round {round_id}; for a month ask month."
    )
