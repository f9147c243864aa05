"""The application: routes put together from collaborators that are handed in."""

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import FastAPI

from api.ability import Ability
from api.access import AccessLog
from api.ballots.app import Apart, create_ballots_app
from api.commands.imports import imports_router
from api.commands.recording import Recording
from api.commands.routes import commands_router
from api.description import describe
from api.doors import require_doors
from api.health import health_router
from api.identity.identified import Identified
from api.identity.pending_routes import answer_waiting
from api.identity.routes import identity_router
from api.journal import AccessJournal
from api.living import Lifespan
from api.metrics import Counting, Metrics, metrics_router
from api.pages.routes import add_pages
from api.principal import Identities, Introducing, Nobody
from api.problems import add_problems
from api.queries.beside import Beside
from api.queries.routers import query_routers
from api.queries.schemas import add_schemas
from api.witness import create_witness_app
from domain.catalogue import CATALOGUE
from ledger.ledger import Ledger
from projections.engine import Follower


def create_app(  # noqa: PLR0913 - the collaborators, each named once
    *,
    ledger: Ledger,
    follower: Follower,
    identities: Identities | None = None,
    ability: Ability | None = None,
    recording: Recording | None = None,
    journal: AccessJournal | None = None,
    lifespan: Lifespan | None = None,
    beside: Beside | None = None,
    version: str = "0",
) -> FastAPI:
    """Return the application for one ledger; without identities nobody is signed in, and only public doors open.

    Where the identities are those of accounts, people can sign in.
    """
    able, kept = ability or Ability(), recording or Recording(ledger, follower)
    app = FastAPI(title="Starledger 星鉴", version=version, docs_url=None, redoc_url=None, lifespan=lifespan)
    add_problems(app)
    answer_waiting(app)
    metrics = Metrics(ledger, follower, able)
    app.include_router(health_router(ledger, follower, able))
    app.include_router(metrics_router(ledger, metrics))
    for router in query_routers(ledger, follower, beside or Beside(stopping=able.stopping), kept):
        app.include_router(router)
    app.include_router(commands_router(kept, CATALOGUE.deciders))
    app.include_router(imports_router(kept))
    if isinstance(identities, Identified):
        app.include_router(identity_router(identities, ledger))
    add_schemas(app)
    describe(app)
    if beside is not None and beside.witness is not None:
        app.mount("/witness", create_witness_app(beside.witness))
    add_pages(app, kept, identities)
    require_doors(app)
    app.add_middleware(Introducing, identities=identities or Nobody(), ability=able, journal=journal)
    app.add_middleware(Counting, metrics=metrics)
    app.add_middleware(AccessLog)
    app.add_middleware(CorrelationIdMiddleware)
    app.add_middleware(Apart, ballots=create_ballots_app(kept, identities or Nobody(), able))
    return app
