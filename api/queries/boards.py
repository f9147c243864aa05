"""What anybody may read without signing in: what hangs in public now, and whether a code is of a notice here (S9)."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Response

from api.doors import ANYBODY
from api.queries.desk import PUBLIC, Answering, AskedByAnybody, Id
from api.queries.schemas import shows
from domain.decision import Refused
from domain.text import Text
from projections.answers.notices import (
    CheckedNotice,
    PostedWithCode,
    checked_notice,
    notice_of,
    with_codes,
)
from projections.boards import BOARDS, PostedBoard, StaffNotice, posted_boards, staff_results
from projections.notice_board import NOTICE_BOARD, posted_notices
from projections.notice_codes import read_code
from projections.stars import STARS, round_frames
from projections.withholding import NOTICE


class PublicBoard(msgspec.Struct, frozen=True):
    """What a branch has hanging for everybody to see."""

    branch: str
    notices: list[PostedWithCode]  # type: ignore[valid-type]
    boards: list[PostedBoard]
    staff: list[StaffNotice]


def boards_router(answering: Answering) -> APIRouter:
    """Return the routes; they stand open, and show what the masses are shown."""
    router = APIRouter(prefix="/api/v1/public", tags=["public"], dependencies=[ANYBODY])

    @router.get("/boards/{branch}", **shows("readPublicBoard", PublicBoard))
    def board(branch: Id, asked: AskedByAnybody) -> Response:
        """Return what a branch has hanging now, as far as it hangs for the masses."""
        with answering.desk(asked, (STARS.name, NOTICE_BOARD.name, BOARDS.name), branch=branch) as desk:
            frames = round_frames(desk.reading, branch=branch)
            notices, boards = [], []
            for frame in frames:
                scope = desk.curtain.disclosures.scope(frame, desk.curtain.disclosures.everywhere())
                if scope.withheld(NOTICE) is None:
                    hanging = [each for each in posted_notices(desk.reading, frame.round) if each.hangs]
                    notices += with_codes(desk.ledger, desk.reading, frame.round, desk.curtain.over(hanging))
                    boards += desk.curtain.over(posted_boards(desk.reading, frame.round))
            staff = desk.curtain.over(staff_results(desk.reading, branch)) if frames else []
            return desk.tell(PublicBoard(branch, notices, boards, staff), cache=PUBLIC)

    @router.get("/notices/{code}", **shows("checkNotice", CheckedNotice))
    def by_code(
        code: Annotated[str, Path(max_length=64, examples=["7C4K-0M2X-9QRS-TVWX"])], asked: AskedByAnybody
    ) -> Response:
        """Return which list a code stands for: posted when, by which rules, until when it hung, what replaced it."""
        written = read_code(code)
        if written is None:
            raise Refused("malformed-code", _malformed(code))
        with answering.desk(asked, (NOTICE_BOARD.name,)) as desk:
            coded, notice = notice_of(desk.ledger, desk.reading, written)
            shown = desk.curtain.over(notice)
            return desk.tell(checked_notice(coded, shown, (), desk.ledger, asked.language), cache=PUBLIC)

    return router


def _malformed(code: str) -> Text:
    return Text(
        f"「{code}」不是公示代码；代码如 7C4K-0M2X-9QRS-TVWX。",
        f"'{code}' is no code of a notice, such as 7C4K-0M2X-9QRS-TVWX.",
    )
