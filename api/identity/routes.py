"""The routes of signing in, and of one's own account."""

from fastapi import APIRouter, Depends

from api.identity.answers import no_store
from api.identity.entrance import add_entrance, add_presence
from api.identity.identified import Identified
from api.identity.journal_route import add_journal
from api.identity.key_routes import add_keys
from api.identity.own_account import add_own_account
from api.identity.pending_routes import add_pending
from ledger.ledger import Ledger


def identity_router(identified: Identified, ledger: Ledger) -> APIRouter:
    """Return every route of accounts; no answer of theirs is kept in a cache."""
    router = APIRouter(prefix="/api/v1", tags=["identity"], dependencies=[Depends(no_store)])
    add_entrance(router, identified)
    add_presence(router, identified, ledger)
    add_own_account(router, identified.accounts, identified)
    add_keys(router, identified.accounts)
    add_pending(router, identified.accounts.seconding, ledger)
    add_journal(router, identified.accounts)
    return router
