"""Workbooks to download: Table 3-1 to be filled in or as recorded, and a branch's roster, for its office-holders (S1).

They are of now, whatever moment is asked about elsewhere: each reads back without a change.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from api.queries.desk import Answering, Asked, Desk, Id, sent
from api.queries.schemas import sends
from domain.decision import Refused
from domain.text import Text
from workbooks import table_out, table_roster_out
from workbooks.table_register import register
from workbooks.table_round import round_facts

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def tables_router(answering: Answering) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/api/v1", tags=["tables"])

    @router.get("/rounds/{round_id}/template.xlsx", **sends("readTemplate", XLSX, binary=True))
    def template(round_id: Id, asked: Asked) -> Response:
        """Return Table 3-1 with this round's names, ready to be filled in."""
        with answering.desk(asked, round_id=round_id) as desk:
            _require_now(desk)
            return sent(asked, table_out.template(round_facts(desk.ledger, round_id)), XLSX)

    @router.get("/rounds/{round_id}/sheet.xlsx", **sends("readTable", XLSX, binary=True))
    def table(
        round_id: Id,
        asked: Asked,
        with_stars: Annotated[bool, Query(description="with the stars of the newest tally")] = False,  # noqa: FBT002
    ) -> Response:
        """Return Table 3-1 as recorded, with totals."""
        with answering.desk(asked, round_id=round_id) as desk:
            _require_now(desk)
            return sent(asked, table_out.filled(round_facts(desk.ledger, round_id), with_stars=with_stars), XLSX)

    @router.get("/branches/{branch}/roster.xlsx", **sends("readRoster", XLSX, binary=True))
    def roster(branch: Id, asked: Asked) -> Response:
        """Return the branch's roster as it stands today."""
        with answering.desk(asked, branch=branch) as desk:
            _require_now(desk)
            return sent(asked, table_roster_out.roster(register(desk.ledger, branch)), XLSX)

    return router


def _require_now(desk: Desk) -> None:
    """Raise `NotPermitted` for who holds no office there, `Refused` where another moment than now is asked about."""
    desk.require_office()
    if desk.question.as_of is not None:
        raise Refused("of-now-alone", _OF_NOW)


_OF_NOW = Text(
    "工作簿只按现状给出；请去掉 as_of，或用 JSON 查询当时的内容。",
    "Workbooks are of now; leave as_of out, or ask for JSON as of that moment.",
)
