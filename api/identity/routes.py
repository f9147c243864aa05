"""The routes of signing in, and of one's own account."""

from fastapi import APIRouter, Depends

from api.identity.answers import no_store
from api.identity.entrance import add_entrance
from api.identity.identified import Identified
from api.identity.own_account import add_own_account


def identity_router(identified: Identified) -> APIRouter:
    """Return every route of accounts; no answer of theirs is kept in a cache."""
    router = APIRouter(prefix="/api/v1", tags=["identity"], dependencies=[Depends(no_store)])
    add_entrance(router, identified.accounts, identified)
    add_own_account(router, identified.accounts, identified)
    return router
