"""All queries: a list of routers over one ledger and its views."""

from fastapi import APIRouter

from api.commands.recording import Recording
from api.queries.auditing import checks_router, history_router, reasons_router
from api.queries.beside import Beside
from api.queries.boards import boards_router
from api.queries.desk import Answering
from api.queries.exports import boxes_router, exports_router
from api.queries.facts import facts_router
from api.queries.people import people_router
from api.queries.proofs import proofs_router
from api.queries.rounds import months_router, rounds_router
from api.queries.rulebooks import rulebooks_router, supposing_router
from api.queries.tables import tables_router
from ledger.ledger import Ledger
from projections.engine import Follower


def query_routers(ledger: Ledger, follower: Follower, beside: Beside, recording: Recording) -> list[APIRouter]:
    """Return the routers of everything that can be read."""
    answering = Answering(ledger, follower)
    makers = (
        rounds_router,
        months_router,
        people_router,
        reasons_router,
        history_router,
        checks_router,
        boards_router,
        rulebooks_router,
        supposing_router,
        tables_router,
    )
    with_others = (facts_router, proofs_router)
    return [
        *(make(answering) for make in makers),
        *(make(answering, beside) for make in with_others),
        exports_router(answering, recording),
        boxes_router(answering, recording),
    ]
