"""One's own account: the password, the authenticator, the sessions that have not ended."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.doors import Owner
from api.identity.identified import Identified
from api.identity.own_account import begin, confirm, set_password
from api.journal import note_refusal
from api.pages.signing_in import Words
from api.pages.site import Site
from api.principal import Principal
from domain.decision import Refused


def own_account_router(site: Site, identified: Identified) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)
    accounts = identified.accounts

    @router.get("/account")
    def account(request: Request, owner: Owner) -> Response:
        """Show what there is, and the forms."""
        return shown(request, owner)

    @router.post("/account/password")
    def password(request: Request, owner: Owner, new: Words, old: Words = "") -> Response:
        """Set the password; all other sessions end."""
        try:
            set_password(accounts, owner, new, old)
        except Refused as refused:
            return shown(request, owner, refused)
        return shown(request, owner, done="password")

    @router.post("/account/authenticator")
    def authenticator(request: Request, owner: Owner) -> Response:
        """Show what goes into the authenticator, once."""
        begun = begin(accounts, owner)
        return shown(request, owner, enrolment={"secret": begun.secret, "address": begun.address})

    @router.post("/account/authenticator/confirm")
    def confirmed(request: Request, owner: Owner, code: Words) -> Response:
        """Show the recovery codes, once, as the authenticator works."""
        try:
            codes = confirm(accounts, owner, code)
        except Refused as refused:
            return shown(request, owner, refused)
        return shown(request, owner, codes=codes)

    @router.post("/account/sessions/end")
    def end(request: Request, owner: Owner, session: Words) -> Response:
        """End one of one's sessions, at once."""
        accounts.sessions.end(owner.account, session)
        return shown(request, owner)

    def shown(request: Request, owner: Principal, refused: Refused | None = None, **more: Any) -> Response:  # noqa: ANN401
        if refused is not None:
            note_refusal(request, refused)
        kept = accounts.people.of(owner.person)
        content = {
            "errors": [] if refused is None else [(None, refused.why)],
            "must_enrol": owner.reach == {"account"},
            "has_password": kept is not None and kept.password is not None,
            "has_code": kept is not None and kept.has_code,
            "sessions": accounts.sessions.listed(owner.account),
            "enrolment": None,
            "codes": None,
            "done": None,
        }
        return site.sheet(request, owner).page("account/account.html", content | more, status=422 if refused else 200)

    return router
