"""Queries of whoever checks: history, two moments compared, replay, findings, explanation, why not (A1 to A10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from api.moments import position_asked
from api.queries.desk import After, Answering, Asked, AskedId, Desk, Id, Limit, sent
from api.queries.schemas import described, shows
from api.viewing import unknown_round
from domain.decision import NotFound, Selector
from domain.text import Text
from projections.answers.auditing import (
    ComparedTold,
    NoteTold,
    ReplayedTold,
    as_told,
    compared,
    notes_of,
    replayed,
    rounds_asked,
)
from projections.answers.reading import UnitsTold
from projections.answers.scrutiny import FindingsTold, findings_told
from projections.answers.supposing import WhyNotTold, why_not_told
from projections.appraisal_return import disposals_by_unit
from projections.compare import compare
from projections.disclosed_tree import explanation_for
from projections.explain import explain
from projections.explanation import Explanation
from projections.fact_notes import FactNote
from projections.findings.examine import CHECKS, examined
from projections.history import REVISIONS
from projections.one_page import one_page
from projections.page_html import page_html
from projections.page_matter import matter_of
from projections.page_text import page_lines, page_text
from projections.prov import provenance
from projections.replay import replay
from projections.told import encoded
from projections.why_not import why_not

MOST_SCANNED = 20_000
"""How many facts one page of the history looks at, where few of them are what was asked for."""
HTML, PLAIN, PROV = "text/html; charset=utf-8", "text/plain; charset=utf-8", "application/json"
Form = Literal["json", "prov", "text", "page", "html"]
Moment = Annotated[str, Query(description="a position, or an RFC 3339 time with its offset", examples=["120"])]


def history_router(answering: Answering) -> APIRouter:
    """Return the routes that tell what happened, and what differs between two moments."""
    router = APIRouter(prefix="/api/v1", tags=["auditing"])

    @router.get("/history", **shows("readHistory", list[NoteTold]))
    def history(  # noqa: PLR0913 - each filter is a parameter
        asked: Asked,
        person: AskedId = None,
        round_id: Annotated[AskedId, Query(alias="round")] = None,
        objection: AskedId = None,
        branch: AskedId = None,
        actor: AskedId = None,
        action: Annotated[str | None, Query(description="the type of a fact, or its beginning")] = None,
        since: Annotated[str | None, Query(description="recorded after this moment")] = None,
        until: Annotated[str | None, Query(description="recorded no later than this moment")] = None,
        *,
        late: Annotated[bool, Query(description="only what was entered late (A5)")] = False,
        revised: Annotated[bool, Query(description="only what changes earlier facts")] = False,
        after: After = 0,
        limit: Limit = 100,
    ) -> Response:
        """Return facts, oldest first, each in one sentence; filters look at no more than the reader is shown."""
        about = {"person": person, "round": round_id, "objection": objection, "branch": branch}
        with answering.desk(asked, branch=branch, round_id=round_id, person=person) as desk:
            sought = _Sought(about, actor, action, late, revised, limit)
            first = after if since is None else max(after, position_asked(desk.ledger, since))
            last = desk.upto if until is None else min(desk.upto, position_asked(desk.ledger, until))
            found, scanned = _page(desk, sought, first, last)
            return desk.page(found, {} if scanned is None else {"after": scanned})

    @router.get("/compare", **shows("compareMoments", ComparedTold))
    def compare_moments(
        asked: Asked,
        first: Annotated[Moment, Query(alias="from")],
        last: Annotated[str | None, Query(alias="to", description="the other moment, else now")] = None,
        round_id: Annotated[AskedId, Query(alias="round")] = None,
        person: AskedId = None,
    ) -> Response:
        """Return the lines that were added, changed or removed between two moments, and the facts that did it (A2)."""
        with answering.desk(asked, round_id=round_id, person=person) as desk:
            moments = [desk.upto if each is None else position_asked(desk.ledger, each) for each in (first, last)]
            found = compare(desk.ledger, *moments, round_id=round_id, person=person)
            return desk.tell(compared(moments, found, desk.curtain)[0])

    return router


def checks_router(answering: Answering) -> APIRouter:
    """Return the routes that compute again, and look for what an auditor may want to see."""
    router = APIRouter(prefix="/api/v1", tags=["auditing"])

    @router.get("/rounds/{round_id}/replay", **shows("replayRound", ReplayedTold))
    def replay_round(round_id: Id, asked: Asked) -> Response:
        """Compute every published number of a round again from facts and rulebooks, and return which differ."""
        with answering.desk(asked, round_id=round_id) as desk:
            return _replayed(desk, rounds_asked(desk.ledger, round_id, None, desk.upto), round_id)

    @router.get("/years/{year}/replay", **shows("replayYear", ReplayedTold))
    def replay_year(year: Id, asked: Asked) -> Response:
        """Compute every published number of a year and its months again, and return which differ."""
        with answering.desk(asked) as desk:
            return _replayed(desk, rounds_asked(desk.ledger, None, year, desk.upto), year)

    @router.get("/years/{year}/return", **shows("readReturnsByUnit", UnitsTold))
    def by_unit(year: Id, asked: Asked) -> Response:
        """Return the measures of all branches in a year, by kind of unit: for offices of the committee (form 19)."""
        with answering.desk(asked) as desk:
            desk.require_office()
            return desk.tell(UnitsTold(desk.upto, disposals_by_unit(desk.ledger, year, desk.upto)))

    @router.get("/findings", **shows("readFindings", FindingsTold))
    def findings(
        asked: Asked,
        check: Annotated[list[str] | None, Query(description="only these checks (codes)")] = None,
        round_id: Annotated[AskedId, Query(alias="round")] = None,
        branch: AskedId = None,
    ) -> Response:
        """Return what an auditor may want to look at: counts, the same elsewhere, the facts; nobody is accused (A10).

        For office-holders and auditors. Without a round or a branch, for those of the committee.
        """
        with answering.desk(asked, branch=branch, round_id=round_id) as desk:
            desk.require_office()
            unknown = set(check or ()) - {each.code for each in CHECKS}
            if unknown:
                raise NotFound("unknown-check", _no_such_check(min(unknown)))
            checks = [each for each in CHECKS if not check or each.code in check]
            where = {f"{kind}:{value}" for kind, value in (("round", round_id), ("branch", branch)) if value}
            return desk.tell(findings_told(desk.upto, examined(desk.ledger.read(upto=desk.upto), checks), where))

    return router


def reasons_router(answering: Answering) -> APIRouter:
    """Return the routes that say why somebody has the star he has, or not another."""
    router = APIRouter(prefix="/api/v1/rounds", tags=["reasons"])

    @router.get(
        "/{round_id}/people/{person}/explanation",
        **described("explainStar", {"application/json": {"schema": {}}, "text/html": {}, "text/plain": {}}),
    )
    def explanation(
        round_id: Id,
        person: Id,
        asked: Asked,
        form: Annotated[Form, Query(alias="format", description="prov: W3C PROV-JSON; page: one sheet")] = "json",
    ) -> Response:
        """Return the tree behind a star: confirmation, notice, vote, caps, band, total, scores, facts, clauses (A4)."""
        with answering.desk(asked, round_id=round_id) as desk:
            found = explain(desk.ledger, round_id, person, desk.upto, curtain=desk.facts)
            return _explained(desk, explanation_for(found, desk.curtain), form)

    @router.get("/{round_id}/people/{person}/why-not", **shows("whyNotThisStar", WhyNotTold))
    def why_not_this_star(
        round_id: Id, person: Id, asked: Asked, star: Annotated[int, Query(ge=0, le=100, examples=[5])]
    ) -> Response:
        """Return what stands between a person and a star, and the least that would suffice (A4)."""
        with answering.desk(asked, round_id=round_id) as desk:
            found = why_not(desk.ledger, round_id, person, star, desk.now, desk.upto, desk.curtain.disclosures)
            return desk.tell(why_not_told(found))

    return router


@dataclass(frozen=True, slots=True)
class _Sought:
    """Which notes of the history are asked for: about what, and by what they show."""

    about: Mapping[str, str | None]
    actor: str | None
    action: str | None
    late: bool
    revised: bool
    limit: int

    def matches(self, note: FactNote) -> bool:
        """Return whether a note is asked for; what is withheld matches nothing that was not shown."""
        return (
            self.actor in (None, note.actor)
            and note.type.startswith(self.action or "")
            and (note.late or not self.late)
            and (note.type.startswith(REVISIONS) or not self.revised)
        )


def _page(desk: Desk, sought: _Sought, after: int, upto: int) -> tuple[list[NoteTold], int | None]:
    """Return a page of notes, and after which position the next one begins; None at the end."""
    tags = tuple(f"{kind}:{value}" for kind, value in sought.about.items() if value is not None)
    facts = desk.ledger.read((Selector(tags=tags),) if tags else (), after=after, upto=upto)
    scanned = list(islice(facts, MOST_SCANNED))
    notes = notes_of(scanned, sought.about["person"], desk.curtain, desk.upto)
    found = [one for one in notes if sought.matches(one)]
    page, more = [as_told(one) for one in found[: sought.limit]], len(found) > sought.limit
    if more:
        return page, found[sought.limit - 1].position
    return page, scanned[-1].position if len(scanned) == MOST_SCANNED else None


def _replayed(desk: Desk, rounds: frozenset[str], asked: str) -> Response:
    if not rounds:
        raise NotFound("unknown-round", unknown_round(asked))
    found = replay(desk.ledger, rounds, desk.upto)
    return desk.tell(replayed(found, desk.curtain.over(found.differences)))


def _explained(desk: Desk, found: Explanation, form: Form) -> Response:
    if form == "json":
        return desk.tell(found.as_json())
    lines, language = [each.line(desk.curtain.language) for each in desk.curtain.withheld], desk.curtain.language
    if form == "prov":
        return sent(desk.question, encoded(provenance(desk.ledger, found, lines)), PROV)
    if form == "text":
        return sent(desk.question, "\n".join((found.as_text(language), *lines)).encode(), PLAIN)
    page = one_page(matter_of(found, desk.ledger.head(), lines), language, lambda tried: len(page_lines(tried)))
    if form == "html":
        return sent(desk.question, page_html(page).encode(), HTML)
    return sent(desk.question, page_text(page).encode(), PLAIN)


def _no_such_check(code: str) -> Text:
    known = "、".join(check.code for check in CHECKS), ", ".join(check.code for check in CHECKS)
    return Text(f"没有检查「{code}」；可用：{known[0]}。", f"There is no check '{code}'; known: {known[1]}.")
