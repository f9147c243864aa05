"""The application that takes votes: without access log, request's id, metrics or journal.

It stands before everything else that looks at a request (`Apart`). What goes wrong is answered and written nowhere, for
a line with its time would say when somebody voted. Whose vote it is, is known while the request lasts, to ask the
ledger whether he may; that he has voted is then a fact, what he voted lies in the box, and nothing joins the two.
"""

import contextlib
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from api.ability import Ability
from api.ballots.leaf import AT
from api.ballots.paper_pages import paper_pages_router
from api.ballots.routes import ballots_router
from api.ballots.voting_pages import voting_pages_router
from api.commands.recording import Recording
from api.doors import require_doors
from api.pages.assets import assets_router
from api.pages.problem_pages import add_problem_pages
from api.pages.safety import Safety
from api.pages.site import Site
from api.principal import Identities, Introducing
from api.problems import UNEXPECTED, add_answers, language_of, problem
from domain.text import Text
from ledger.failures import InDoubt


def create_ballots_app(recording: Recording, identities: Identities, ability: Ability) -> ASGIApp:
    """Return the application; it keeps and says nothing but what the keeper of the boxes does."""
    app = FastAPI(title="Starledger ballots", docs_url=None, redoc_url=None, openapi_url=None)
    add_answers(app)
    app.add_exception_handler(Exception, _broken)
    app.include_router(ballots_router(recording))
    app.include_router(voting_pages_router(recording))
    app.include_router(paper_pages_router(recording))
    # The files of the pages too: who loads them at the main application is written down there, with the time.
    app.include_router(assets_router(), prefix=AT)
    add_problem_pages(app, Site(recording.ledger, recording.follower))
    app.add_middleware(Safety)
    require_doors(app)
    return _Quiet(Introducing(app, identities, ability))


class _Quiet:
    """Keeps what broke from every log: a line would say when somebody voted."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; what broke has been answered by `_broken`, and is raised again for servers to log it."""
        with contextlib.suppress(Exception):
            await self._app(scope, receive, send)


def _broken(request: Request, error: Exception) -> JSONResponse:
    doubt = isinstance(error, InDoubt)
    code, why = ("in-doubt", _IN_DOUBT) if doubt else ("unexpected", UNEXPECTED)
    status = HTTPStatus.SERVICE_UNAVAILABLE if doubt else HTTPStatus.INTERNAL_SERVER_ERROR
    return problem(status, code, why, language_of(request))


class Apart:
    """Hands what belongs to ballots to their own application, before anything else has looked at it."""

    def __init__(self, app: ASGIApp, ballots: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app
        self._ballots = ballots

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on to the one or the other."""
        apart = scope["type"] == "http" and f"{scope['path']}/".startswith(f"{AT}/")
        await (self._ballots if apart else self._app)(scope, receive, send)


_IN_DOUBT = Text(
    "数据库没有答复是否已登记；请再投一次，不会重复。", "It is in doubt whether this was kept; do it again."
)
