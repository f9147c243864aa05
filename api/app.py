"""The application: routes put together from collaborators that are handed in."""

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import FastAPI

from api.access import AccessLog
from api.doors import require_doors
from api.health import health_router
from api.principal import Identities, Introducing, Nobody
from api.problems import add_problems
from api.queries.routers import query_routers
from ledger.ledger import Ledger
from projections.engine import Follower


def create_app(
    *, ledger: Ledger, follower: Follower, identities: Identities | None = None, version: str = "0"
) -> FastAPI:
    """Return the application for one ledger; without identities nobody is signed in, and only public doors open."""
    app = FastAPI(title="Starledger 星鉴", version=version, docs_url=None, redoc_url=None)
    add_problems(app)
    app.include_router(health_router(ledger, follower))
    for router in query_routers(ledger, follower):
        app.include_router(router)
    require_doors(app)
    app.add_middleware(Introducing, identities=identities or Nobody())
    app.add_middleware(AccessLog)
    app.add_middleware(CorrelationIdMiddleware)
    return app
