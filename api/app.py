"""The application: routes put together from collaborators that are handed in."""

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import FastAPI

from api.access import AccessLog
from api.health import health_router
from api.problems import add_problems
from api.stars import stars_router
from ledger.ledger import Ledger
from projections.engine import Follower


def create_app(*, ledger: Ledger, follower: Follower, version: str = "0") -> FastAPI:
    """Return the application for one ledger. Signing in comes later: whoever runs it binds it to loopback only."""
    app = FastAPI(title="Starledger 星鉴", version=version, docs_url=None, redoc_url=None)
    add_problems(app)
    app.include_router(health_router(ledger, follower))
    app.include_router(stars_router(ledger, follower))
    app.add_middleware(AccessLog)
    app.add_middleware(CorrelationIdMiddleware)
    return app
