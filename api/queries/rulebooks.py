"""Queries about rulebooks: the documents themselves, what is doubtful in them, in what two differ, what clauses govern.

A rulebook is named as at the terminal: a shipped one by its name, one adopted in the ledger by `ID` or `ID@VERSION`.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Path, Query, Response

import rulebooks
from api.queries.desk import Answering, Asked, AskedId, Desk, Id, sent
from api.queries.schemas import sends, shows
from domain.decision import NotFound
from domain.findings import Invalid
from domain.rulebook import lint, parse_rulebook
from domain.rulebook.compare import differences
from domain.text import Text
from ledger.ledger import Ledger
from projections.answers.adopted import adopted_document, adopted_named
from projections.answers.hypothetical import Supposed, hypothesis
from projections.answers.rulebooks import (
    Checked,
    Diffed,
    Explained,
    Named,
    Read,
    by_clause,
    checked,
    diffed,
    explained,
)
from projections.answers.supposing import OtherwiseTold, TrialTold, otherwise_told, trial_told
from projections.rulebook_trial import trial
from projections.what_if import what_if

TOML = "application/toml"
Word = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.\-]{1,64}(@[0-9]{1,9})?$", examples=["annual-360", "annual-360@1"])]
AskedWord = Annotated[
    str, Query(pattern=r"^[A-Za-z0-9_.\-]{1,64}(@[0-9]{1,9})?$", examples=["annual-360", "monthly-points"])
]


class Known(msgspec.Struct, frozen=True):
    """The rulebooks that were adopted in the ledger, and those that the program brings along."""

    adopted: Sequence[Named]
    shipped: Sequence[str]


def rulebooks_router(answering: Answering) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/api/v1", tags=["rulebooks"])

    @router.get("/rulebooks", **shows("listRulebooks", Known))
    def known(asked: Asked) -> Response:
        """Return the rulebooks that were adopted, in every version, and those that are shipped."""
        with answering.desk(asked) as desk:
            return desk.tell(Known(adopted_named(desk.ledger, desk.upto), rulebooks.SHIPPED))

    @router.get("/rulebooks/diff", **shows("diffRulebooks", Diffed))
    def diff(asked: Asked, old: AskedWord, new: AskedWord) -> Response:
        """Return in what two rulebooks differ by meaning: from what to what, under which clause."""
        with answering.desk(asked) as desk:
            before, after = (_read(desk, word) for word in (old, new))
            return desk.tell(diffed(before, after, differences(before.rulebook, after.rulebook)))

    @router.get("/rulebooks/{name}", **sends("readRulebook", TOML))
    def document(name: Word, asked: Asked) -> Response:
        """Return the bytes of a rulebook's document, as it was adopted or is shipped."""
        with answering.desk(asked) as desk:
            return sent(asked, _document(desk.ledger, name, desk.upto), TOML)

    @router.get("/rulebooks/{name}/check", **shows("checkRulebook", Checked))
    def check(name: Word, asked: Asked, roster_size: Annotated[int | None, Query(ge=1, le=10_000)] = None) -> Response:
        """Return what is wrong or doubtful in a rulebook."""
        with answering.desk(asked) as desk:
            try:
                read = _read(desk, name)
                return desk.tell(checked(read, lint(read.rulebook, roster_size)))
            except Invalid as unusable:
                return desk.tell(checked(None, unusable.findings))

    @router.get("/rulebooks/{name}/explanation", **shows("explainRulebook", Explained))
    def explanation(
        name: Word, asked: Asked, clause: Annotated[str | None, Query(examples=["A-27"])] = None
    ) -> Response:
        """Return what a rulebook says in sentences, clause by clause, with what each clause governs (A-3)."""
        with answering.desk(asked) as desk:
            read = _read(desk, name)
            found = by_clause(read.rulebook)
            if clause is not None and clause not in found:
                raise NotFound("unknown-clause", _no_clause(clause))
            return desk.tell(explained(read, found if clause is None else {clause: found[clause]}))

    return router


def supposing_router(answering: Answering) -> APIRouter:
    """Return the routes that compute what would be otherwise; they write nothing."""
    router = APIRouter(prefix="/api/v1", tags=["rulebooks"])

    @router.get("/rounds/{round_id}/trial", **shows("tryRulebook", TrialTold))
    def try_on(round_id: Id, asked: Asked, rulebook: AskedWord) -> Response:
        """Compute a past round under another rulebook: who changes, and by which clause. Writes nothing."""
        with answering.desk(asked, round_id=round_id) as desk:
            desk.require_office()
            found = trial(desk.ledger, round_id, _read(desk, rulebook).rulebook, desk.upto)
            return desk.tell(trial_told(found, desk.names.person))

    @router.get("/what-if", **shows("whatIf", OtherwiseTold))
    def otherwise(  # noqa: PLR0913 - each hypothesis has its parameter
        asked: Asked,
        round_id: Annotated[AskedId, Query(alias="round")] = None,
        objection: AskedId = None,
        ruled: Literal["upheld", "dismissed"] = "upheld",
        points: Annotated[tuple[str, ...], Query(description="PERSON.COMPONENT=POINTS")] = (),
        rulebook: Annotated[str | None, Query(description="under this one", examples=["monthly-points"])] = None,
        changes: Annotated[tuple[str, ...], Query(alias="set", description="PLACE=VALUE of the rulebook")] = (),
        cap_rounding: Literal["floor", "half_up", "ceil"] | None = None,
        without: Annotated[int | None, Query(ge=1, lt=10**15, description="had this fact not been recorded")] = None,
        inquorate: AskedId = None,
    ) -> Response:
        """Compute what would be otherwise, in memory: everybody who would change, from what to what, and why (A9)."""
        supposed = Supposed(
            round_id=round_id,
            objection=objection,
            ruled=ruled,
            points=points,
            rulebook=rulebook,
            changes=changes,
            cap_rounding=cap_rounding,
            without=without,
            inquorate=inquorate,
        )
        with answering.desk(asked, round_id=round_id) as desk:
            sought = hypothesis(supposed, desk.ledger, desk.upto, lambda word: _read(desk, word).rulebook)
            rounds = () if round_id is None else (round_id,)
            found = what_if(desk.ledger, sought, rounds, desk.upto, desk.curtain.disclosures)
            return desk.tell(otherwise_told(found, desk.names.person))

    return router


def _read(desk: Desk, word: str) -> Read:
    content = _document(desk.ledger, word, desk.upto)
    return Read(content, parse_rulebook(content))


def _document(ledger: Ledger, word: str, upto: int) -> bytes:
    """Return a document: of an adopted rulebook where there is one of that name, else of a shipped one."""
    found = adopted_document(ledger, word, upto)
    if found is None and word in rulebooks.SHIPPED:
        return rulebooks.shipped(word)
    if found is None:
        raise NotFound("unknown-rulebook", _no_rulebook(word))
    return found


def _no_rulebook(word: str) -> Text:
    shipped = "、".join(rulebooks.SHIPPED), ", ".join(rulebooks.SHIPPED)
    return Text(
        f"没有通过办法 {word}；随附的办法：{shipped[0]}。", f"No rulebook {word} was adopted; shipped: {shipped[1]}."
    )


def _no_clause(clause: str) -> Text:
    return Text(f"办法中没有条款 {clause}；请核对编号。", f"The rulebook has no clause {clause}; check the id.")
