"""A member's own pages: the star and why it is so, the commitments, the years (M1 to M3)."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.doors import Reader
from api.pages.explaining import explained
from api.pages.site import Site, Visit
from projections.disclosed_rows import Hidden
from projections.fact_notes import note
from projections.history import HISTORY, Sought, facts_at, history_lines
from projections.person_record import VIEWS_OF_A_RECORD, person_record
from projections.round_row import RoundFrame
from projections.stars import STARS, CurrentStar, current_stars

MOST_OF_ONES_OWN: Final = 100_000
MOST_RECEIPTS: Final = 50


def member_router(site: Site) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/me")
    def me(request: Request, reader: Reader, round_id: str | None = None) -> Response:
        """Show one's own star in a round, the newest year unless another is asked for, and how it came to be."""
        with site.visit(request, reader, STARS.name, person=reader.person) as visit:
            mine = visit.curtain.over(current_stars(visit.reading, person=reader.person), reader.person)
            chosen = _chosen(mine, round_id)
            found = None if chosen is None else explained(visit, chosen.round, reader.person)
            months = [each for each in mine if chosen is not None and _is_month_of(each, chosen)]
            return visit.page("member/me.html", {"stars": mine, "star": chosen, "found": found, "months": months})

    @router.get("/me/record")
    def record(request: Request, reader: Reader) -> Response:
        """Show one's own record over the years: branches, offices, stars, commitments, what one did."""
        with site.visit(request, reader, *VIEWS_OF_A_RECORD, person=reader.person) as visit:
            found = visit.curtain.over(person_record(visit.reading, reader.person), reader.person)
            words = _statements(visit, [each.sealed for each in found.of_kind("commitment")])
            return visit.page("member/record.html", {"record": found, "words": words})

    @router.get("/me/receipts")
    def receipts(request: Request, reader: Reader) -> Response:
        """Show what one recorded oneself, the newest first, each with its receipt (M5)."""
        with site.visit(request, reader, HISTORY.name, person=reader.person) as visit:
            mine = history_lines(visit.reading, Sought(actor=reader.person), limit=MOST_OF_ONES_OWN)
            facts = facts_at(visit.ledger, [each.position for each in mine[-MOST_RECEIPTS:]])
            notes = [note(facts[position], visit.telling) for position in sorted(facts, reverse=True)]
            return visit.page("member/receipts.html", {"notes": notes, "all": len(mine)})

    return router


def _chosen(stars: list[CurrentStar], round_id: str | None) -> CurrentStar | None:
    """Return the star of the round asked for; of none, of the newest year, else of the newest month."""
    if round_id is not None:
        return next((each for each in stars if each.round == round_id), None)
    years = [each for each in stars if "-" not in each.period]
    return next(reversed(years or stars), None)


def _is_month_of(star: CurrentStar, year: CurrentStar | RoundFrame) -> bool:
    return star.branch == year.branch and star.period.startswith(f"{year.period}-")


def _statements(visit: Visit, digests: list[str | None]) -> dict[str, str]:
    """Return the words of one's own commitments, as far as they are kept."""
    return visit.ledger.words(tuple(each for each in digests if each is not None and not isinstance(each, Hidden)))
