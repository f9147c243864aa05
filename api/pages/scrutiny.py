"""What an auditor compares and computes again: two moments, a replay, what would be otherwise, findings, why not."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.doors import Reader
from api.moments import position_asked
from api.pages.site import Site, Visit
from domain.decision import NotPermitted, Refused
from domain.rulebook import Rulebook
from domain.text import Text
from projections.answers.auditing import compared, replayed, rounds_asked
from projections.answers.hypothetical import Supposed, hypothesis
from projections.answers.scrutiny import findings_told
from projections.answers.supposing import otherwise_told, why_not_told
from projections.compare import compare
from projections.findings.examine import CHECKS, examined
from projections.replay import replay
from projections.stars import STARS, opened_rounds
from projections.what_if import what_if
from projections.why_not import why_not

MOST_LINES: Final = 300
Asked = Annotated[str, Query(max_length=64)]


def scrutiny_router(site: Site) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)
    for add in (_add_compare, _add_replay, _add_what_if, _add_findings, _add_why_not):
        add(router, site)
    return router


def _add_compare(router: APIRouter, site: Site) -> None:
    @router.get("/audit/compare")
    def compare_moments(  # noqa: PLR0913 - the two moments, and of what
        request: Request,
        reader: Reader,
        first: Asked = "",
        last: Asked = "",
        round_id: Asked = "",
        person: Asked = "",
    ) -> Response:
        """Show which lines differ between two moments, and the facts that did it (A2)."""
        with site.visit(request, reader, STARS.name, round_id=round_id or None) as visit:
            moments = [_moment(visit, each) for each in (first or "1", last)]
            content: dict[str, object] = {"rounds": opened_rounds(visit.reading), "first": first, "last": last}
            content |= {"round": round_id, "person": person, "moments": moments, "found": None, "notes": [], "more": 0}
            if first:
                found = compare(visit.ledger, *moments, round_id=round_id or None, person=person or None)
                _told, lines, notes = compared(moments, found[:MOST_LINES], visit.curtain)
                content |= {"found": lines, "notes": notes, "more": max(0, len(found) - MOST_LINES)}
            return visit.page("audit/compare.html", content)


def _add_replay(router: APIRouter, site: Site) -> None:
    @router.get("/audit/replay")
    def replay_round(request: Request, reader: Reader, round_id: Asked = "") -> Response:
        """Compute every published number of a round again, and show which differ: there must be none."""
        with site.visit(request, reader, STARS.name, round_id=round_id or None) as visit:
            rounds = rounds_asked(visit.ledger, round_id, None, visit.upto) if round_id else frozenset()
            found = replay(visit.ledger, rounds, visit.upto) if rounds else None
            shown = None if found is None else replayed(found, visit.curtain.over(found.differences))
            content = {"rounds": opened_rounds(visit.reading), "round": round_id, "found": shown}
            return visit.page("audit/replay.html", content)


def _add_what_if(router: APIRouter, site: Site) -> None:
    @router.get("/audit/what-if")
    def suppose(  # noqa: PLR0913 - each hypothesis has its field
        request: Request,
        reader: Reader,
        round_id: Asked = "",
        objection: Asked = "",
        ruled: Asked = "upheld",
        points: Asked = "",
        cap_rounding: Asked = "",
        change: Asked = "",
        without: Annotated[str, Query(pattern=r"^[0-9]{0,15}$")] = "",
        inquorate: Asked = "",
    ) -> Response:
        """Show everybody who would have another result, had one thing been otherwise; nothing is written (A9)."""
        with site.visit(request, reader, STARS.name, round_id=round_id or None) as visit:
            supposed = Supposed(
                round_id=round_id or None,
                objection=objection or None,
                ruled=ruled,
                points=tuple(points.split()),
                changes=tuple(change.split()),
                cap_rounding=cap_rounding or None,
                without=int(without) if without else None,
                inquorate=inquorate or None,
            )
            content: dict[str, object] = {"rounds": opened_rounds(visit.reading), "supposed": supposed}
            content |= {"found": None, "errors": [], "points": points, "change": change}
            if objection or cap_rounding or change or without or inquorate:
                try:
                    content["found"] = _otherwise(visit, supposed)
                except Refused as refused:
                    content["errors"] = [(None, refused.why)]
            return visit.page("audit/what_if.html", content)


def _otherwise(visit: Visit, supposed: Supposed) -> object:
    sought = hypothesis(supposed, visit.ledger, visit.upto, _no_rulebook)
    rounds = () if supposed.round_id is None else (supposed.round_id,)
    found = what_if(visit.ledger, sought, rounds, visit.upto, visit.curtain.disclosures)
    return otherwise_told(found, visit.names.person)


def _add_findings(router: APIRouter, site: Site) -> None:
    @router.get("/audit/findings")
    def findings(request: Request, reader: Reader, round_id: Asked = "") -> Response:
        """Show what an auditor may want to look at: counts, the same elsewhere, the facts; nobody is accused (A10)."""
        with site.visit(request, reader, STARS.name, round_id=round_id or None) as visit:
            if round_id:
                visit.desk.require_office()
            content: dict[str, object] = {"rounds": opened_rounds(visit.reading), "round": round_id, "checks": []}
            if visit.curtain.disclosures.viewer.holds_office:
                answers = examined(visit.ledger.read(upto=visit.position), CHECKS)
                where = {f"round:{round_id}"} if round_id else set()
                content["checks"] = findings_told(visit.position, answers, where).checks
            return visit.page("audit/findings.html", content)


def _add_why_not(router: APIRouter, site: Site) -> None:
    @router.get("/rounds/{round_id}/people/{person}/why-not")
    def another_star(
        round_id: str, person: str, request: Request, reader: Reader, star: Annotated[int, Query(ge=0, le=100)] = 5
    ) -> Response:
        """Show what stands between somebody and a star, and the least that would suffice (A4)."""
        with site.visit(request, reader, STARS.name, round_id=round_id) as visit:
            found = why_not(visit.ledger, round_id, person, star, visit.now, visit.upto, visit.curtain.disclosures)
            return visit.page("audit/why_not.html", {"found": why_not_told(found)})


def _moment(visit: Visit, words: str) -> int:
    return position_asked(visit.ledger, words) if words else visit.position


def _no_rulebook(_word: str) -> Rulebook:
    raise NotPermitted("not-here", _ONLY_AT_THE_TERMINAL)


_ONLY_AT_THE_TERMINAL = Text(
    "另用一份评星办法试算，请用“评星办法”页面或终端的 what-if。",
    "Another rulebook is tried on the page of rulebooks, or at the terminal with what-if.",
)
