"""All queries: a list of routers over one ledger and its views."""

from fastapi import APIRouter

from api.queries.desk import Answering
from api.queries.people import people_router
from api.queries.rounds import rounds_router
from ledger.ledger import Ledger
from projections.engine import Follower


def query_routers(ledger: Ledger, follower: Follower) -> list[APIRouter]:
    """Return the routers of everything that can be read."""
    answering = Answering(ledger, follower)
    return [rounds_router(answering), people_router(answering)]
