"""The public board: what hangs outside under the clauses of the scheme, for whoever passes; nobody has to sign in.

On a screen on the wall it turns its pages by itself (`?turn=20`): with htmx, and without any script too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.doors import ANYBODY
from api.pages.site import Site, Visit
from domain.decision import NotFound
from domain.text import Text
from projections.boards import BOARDS, BoardLine, PostedBoard, posted_boards
from projections.disclosed_rows import Hidden
from projections.notice_board import NOTICE_BOARD, PostedLine, PostedNotice, posted_notices
from projections.notice_codes import coded_notices
from projections.round_row import RoundFrame
from projections.stars import STARS, opened_rounds

OUTSIDE: Final = "outside"
LINES: Final = 10
"""How many lines stand on one page of the wall."""
QUICKEST, SLOWEST = 5, 600
VIEWS = (STARS.name, NOTICE_BOARD.name, BOARDS.name)


@dataclass(frozen=True, slots=True)
class Slide:
    """One page of the wall: part of a notice or of a board, with the columns that are shown to everybody."""

    notice: PostedNotice | None
    board: PostedBoard | None
    code: str | None
    columns: tuple[str, ...]
    lines: tuple[PostedLine | BoardLine, ...]
    part: int
    parts: int


def board_router(site: Site) -> APIRouter:
    """Return the routes of the board."""
    router = APIRouter(include_in_schema=False, dependencies=[ANYBODY])

    @router.get("/board")
    def boards(request: Request) -> Response:
        """Show of which branches and periods something hangs."""
        with site.visit(request, None, *VIEWS) as visit:
            hanging = [(frame, count) for frame in opened_rounds(visit.reading) if (count := _hanging(visit, frame))]
            return visit.page("board/index.html", {"rounds": hanging})

    @router.get("/board/{round_id}")
    def board(round_id: str, request: Request, slide: int = 1, turn: int | None = None) -> Response:
        """Show what hangs for a round, one page at a time."""
        with site.visit(request, None, *VIEWS, round_id=round_id) as visit:
            frame = next((each for each in opened_rounds(visit.reading) if each.round == round_id), None)
            slides = [] if frame is None else list(_slides(visit, frame))
            if frame is None or not slides:
                raise NotFound("nothing-hangs", _nothing_hangs(round_id))
            at = (slide - 1) % len(slides)
            content = {"round": frame, "slide": slides[at], "number": at + 1, "slides": len(slides)}
            seconds = None if turn is None else min(max(turn, QUICKEST), SLOWEST)
            return visit.page("board/wall.html", content | {"turn": seconds})

    return router


def _hanging(visit: Visit, frame: RoundFrame) -> int:
    notices = [each for each in posted_notices(visit.reading, frame.round) if each.hangs]
    outside = [each for each in posted_boards(visit.reading, frame.round) if each.board == OUTSIDE]
    return len(notices) + len(outside)


def _slides(visit: Visit, frame: RoundFrame) -> Iterator[Slide]:
    codes = {each.notice: each.code for each in coded_notices(visit.ledger, visit.position, frame.round)}
    for notice in visit.curtain.over(posted_notices(visit.reading, frame.round)):
        if notice.hangs:
            columns = _shown(("total", "star"), notice.lines)
            current = tuple(line for line in notice.lines if line.replaced_by is None)
            for part, lines, parts in _parts(current):
                yield Slide(notice, None, codes.get(notice.notice), columns, lines, part, parts)
    for board in visit.curtain.over(posted_boards(visit.reading, frame.round)):
        if board.board == OUTSIDE:
            for part, lines, parts in _parts(board.lines):
                yield Slide(None, board, None, (), lines, part, parts)


def _shown(columns: Iterable[str], lines: tuple[PostedLine, ...]) -> tuple[str, ...]:
    """Return the columns in which there is something that everybody may see."""
    return tuple(name for name in columns if any(not isinstance(getattr(line, name), Hidden | None) for line in lines))


def _parts(
    lines: tuple[PostedLine | BoardLine, ...],
) -> Iterator[tuple[int, tuple[PostedLine | BoardLine, ...], int]]:
    parts = -(-len(lines) // LINES)
    for part in range(parts):
        yield part + 1, lines[part * LINES : (part + 1) * LINES], parts


def _nothing_hangs(round_id: str) -> Text:
    return Text(
        f"公示栏上没有 {round_id} 的内容；请从公示栏首页选择。",
        f"Nothing of {round_id} hangs; choose from the board's first page.",
    )
