"""All pages: a list of routers over one site, the static files, the headers, and problems as pages."""

from fastapi import FastAPI

from api.commands.recording import Recording
from api.identity.identified import Identified
from api.pages.assets import assets_router
from api.pages.board import board_router
from api.pages.committee import committee_router
from api.pages.doing.router import doing_router
from api.pages.home import home_router
from api.pages.integrity import integrity_router
from api.pages.journal import journal_router
from api.pages.member import member_router
from api.pages.moments import moments_router
from api.pages.objecting import objecting_router
from api.pages.own_account import own_account_router
from api.pages.pictures import pictures_router
from api.pages.problem_pages import add_problem_pages
from api.pages.rounds import rounds_router
from api.pages.running import running_router
from api.pages.safety import Safety
from api.pages.scrutiny import scrutiny_router
from api.pages.signing_in import signing_in_router
from api.pages.site import Site
from api.pages.waiting import waiting_router
from api.pages.work import work_router
from api.principal import Identities

ROUTERS = (
    committee_router,
    moments_router,
    board_router,
    home_router,
    work_router,
    member_router,
    rounds_router,
    running_router,
    objecting_router,
    pictures_router,
    journal_router,
    scrutiny_router,
    integrity_router,
)
"""What makes the routers of the pages from a site."""


def add_pages(app: FastAPI, recording: Recording, identities: Identities | None = None) -> None:
    """Add every page to an application that has handlers of problems already; signing in, where there are accounts."""
    site = Site(recording.ledger, recording.follower)
    app.include_router(assets_router())
    for router in ROUTERS:
        app.include_router(router(site))
    app.include_router(doing_router(site, recording))
    if isinstance(identities, Identified):
        app.include_router(waiting_router(site, identities.accounts.seconding))
        app.include_router(signing_in_router(site, identities))
        app.include_router(own_account_router(site, identities))
    add_problem_pages(app, site)
    app.add_middleware(Safety)
