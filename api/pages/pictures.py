"""The charts that pages show: each as a picture of its own, before the same reader as the table beside it."""

from decimal import Decimal

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.doors import Reader
from api.pages.charts import MEDIA_TYPE, Bar, columns, lines_of_progress
from api.pages.rounds import frame_of
from api.pages.shown import said
from api.pages.site import Site, Visit
from domain.tally import Results
from domain.text import Text
from projections.disclosed_rows import Hidden
from projections.folding import folded
from projections.stars import STARS, CurrentStar, current_stars


def pictures_router(site: Site) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/charts/months.svg")
    def months(round_id: str, request: Request, reader: Reader) -> Response:
        """Draw one's own months of a year."""
        with site.visit(request, reader, STARS.name, person=reader.person) as visit:
            year = frame_of(visit, round_id)
            mine = visit.curtain.over(current_stars(visit.reading, person=reader.person), reader.person)
            ours = [each for each in mine if each.branch == year.branch and each.period.startswith(f"{year.period}-")]
            bars = [Bar(each.period[-2:], _number(each.total), each.total or "") for each in ours]
            return _svg(columns(bars, _said(visit, _MONTHS), Decimal(100)))

    @router.get("/charts/distribution.svg")
    def distribution(round_id: str, request: Request, reader: Reader) -> Response:
        """Draw how many have each star, against how many may."""
        with site.visit(request, reader, STARS.name, round_id=round_id) as visit:
            stars = visit.curtain.over(current_stars(visit.reading, round_id=round_id))
            tallied = folded(visit.ledger, Results, round_id, visit.upto).tallied
            caps = {} if tallied is None else {each.star: each.cap for each in tallied.caps}
            bars = [_share(star, stars, caps.get(star)) for star in range(5, -1, -1)]
            return _svg(columns(bars, _said(visit, _DISTRIBUTION), Decimal(4)))

    @router.get("/charts/progress.svg")
    def progress(round_id: str, request: Request, reader: Reader) -> Response:
        """Draw how far a round has come: computed, posted, confirmed, of all on its roster."""
        with site.visit(request, reader, STARS.name, round_id=round_id) as visit:
            stars = current_stars(visit.reading, round_id=round_id)
            done = (
                sum(each.status != "not_computed" for each in stars),
                sum(each.notice is not None for each in stars),
            )
            counts = zip(_STEPS, (*done, sum(each.confirmed is not None for each in stars)), strict=True)
            bars = [_of_all(_said(visit, name), count, len(stars)) for name, count in counts]
            return _svg(lines_of_progress(bars, _said(visit, _PROGRESS)))

    return router


def _number(total: str | None) -> Decimal:
    return Decimal(0) if total is None or isinstance(total, Hidden) else Decimal(total)


def _share(star: int, stars: list[CurrentStar], cap: int | None) -> Bar:
    count = sum(each.star == star for each in stars)
    said = str(count) if cap is None else f"{count} / {cap}"
    return Bar("★" * star or "☆", Decimal(count), said, None if cap is None else Decimal(cap))


def _of_all(name: str, count: int, everybody: int) -> Bar:
    return Bar(name, Decimal(count), f"{count} / {everybody}", Decimal(everybody))


def _said(visit: Visit, words: Text) -> str:
    return str(said(words, visit.language))


def _svg(picture: str) -> Response:
    return Response(picture, media_type=MEDIA_TYPE, headers={"Cache-Control": "private, no-store"})


_MONTHS = Text("各月总分", "Total of each month")
_DISTRIBUTION = Text("星级分布与名额", "Stars, and how many there may be")
_PROGRESS = Text("评定进度", "How far the round has come")
_STEPS = (Text("已计分", "computed"), Text("已公示", "posted"), Text("已确认", "confirmed"))
