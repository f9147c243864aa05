"""Signing in, proving again that it is you, and leaving, as pages; in a demonstration also by choosing who to be."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.doors import ANYBODY, NotSignedIn, Visitor
from api.identity.attempts import TooMany
from api.identity.demonstration import people_to_be, to_be
from api.identity.identified import Identified, require_own_page
from api.identity.signing_in import Entered, step_up, with_link, with_password
from api.journal import note_refusal
from api.pages.problem_pages import NEXT, SIGN_IN, STEP_UP
from api.pages.site import Site
from api.principal import Principal
from domain.decision import Refused
from projections.names import person_names

LONGEST: Final = 200
Words = Annotated[str, Form(max_length=LONGEST)]
DEVICE: Final = "browser"


@dataclass(frozen=True, slots=True)
class Entry:
    """How somebody comes in: what he fills in, and where he goes on to."""

    site: Site
    identified: Identified

    def form(
        self, request: Request, template: str, refused: Refused | None = None, visitor: Principal | None = None
    ) -> Response:
        """Return a form, with what was wrong with it on top."""
        content = {
            "errors": [] if refused is None else [(None, refused.why)],
            "next": inside(request.query_params.get(NEXT)),
            "means": visitor and visitor.means,
        }
        return self.site.sheet(request, visitor).page(template, content, status=_status(refused))

    def let_in(
        self,
        request: Request,
        template: str,
        next_page: str,
        enter: Callable[[], Entered],
        visitor: Principal | None = None,
    ) -> Response:
        """Let somebody in and send him on, or say on the same form why not."""
        try:
            require_own_page(request, needed=False)
            entered = enter()
        except Refused as refused:
            note_refusal(request, refused)
            return self.form(request, template, refused, visitor)
        before = None if visitor is not None else self.identified.session_in(request)
        if before is not None:
            self.identified.accounts.sessions.end(before.account, before.session)
        answer = RedirectResponse(inside(next_page), HTTPStatus.SEE_OTHER.value)
        self.identified.cookies.put(answer, entered.token, entered.session)
        return answer


def signing_in_router(site: Site, identified: Identified) -> APIRouter:
    """Return the routes by which people come in and leave."""
    router, entry = APIRouter(include_in_schema=False), Entry(site, identified)
    for add in (_add_password, _add_link, _add_demonstration, _add_proof, _add_leaving):
        add(router, entry)
    return router


def _add_password(router: APIRouter, entry: Entry) -> None:
    template = "signing/in.html"

    @router.get(SIGN_IN, dependencies=[ANYBODY])
    def ask(request: Request) -> Response:
        """Ask for person and password; in a demonstration offer the list of people."""
        return entry.form(request, template)

    @router.post(SIGN_IN, dependencies=[ANYBODY])
    def sign_in(request: Request, person: Words, password: Words, code: Words = "", next_page: Words = "/") -> Response:
        """Sign in with a password."""
        accounts = entry.identified.accounts
        enter = partial(with_password, accounts, person, password, code, DEVICE)
        return entry.let_in(request, template, next_page, enter)


def _add_link(router: APIRouter, entry: Entry) -> None:
    template = "signing/link.html"

    @router.get(f"{SIGN_IN}/link", dependencies=[ANYBODY])
    def ask(request: Request) -> Response:
        """Ask for the one-time link; what follows the # of it is put in by the page itself."""
        return entry.form(request, template)

    @router.post(f"{SIGN_IN}/link", dependencies=[ANYBODY])
    def sign_in(request: Request, token: Words, code: Words = "") -> Response:
        """Sign in with a one-time link."""
        return entry.let_in(request, template, "/", partial(with_link, entry.identified.accounts, token, code, DEVICE))


def _add_demonstration(router: APIRouter, entry: Entry) -> None:
    ledger = entry.site.ledger

    @router.get(f"{SIGN_IN}/demo", dependencies=[ANYBODY])
    def people(request: Request) -> Response:
        """List whom one can be in a demonstration."""
        offered, names = people_to_be(ledger), person_names(ledger)
        people = [(names.get(each.person, each.person), each) for each in offered]
        content = {"people": people, "next": inside(request.query_params.get(NEXT))}
        return entry.site.sheet(request).page("signing/demo.html", content)

    @router.post(f"{SIGN_IN}/demo", dependencies=[ANYBODY])
    def be(request: Request, person: Words, next_page: Words = "/") -> Response:
        """Be somebody in a demonstration; refused on every other ledger."""
        enter = partial(to_be, ledger, entry.identified.accounts, person, DEVICE)
        return entry.let_in(request, "signing/in.html", next_page, enter)


def _add_proof(router: APIRouter, entry: Entry) -> None:
    template = "signing/again.html"

    @router.get(STEP_UP)
    def ask(request: Request, visitor: Visitor) -> Response:
        """Ask for a fresh proof."""
        return entry.form(request, template, visitor=visitor)

    @router.post(STEP_UP)
    def prove(
        request: Request, visitor: Visitor, password: Words = "", code: Words = "", next_page: Words = "/"
    ) -> Response:
        """Prove once more that it is you."""
        enter = partial(step_up, entry.identified.accounts, visitor, password, code)
        return entry.let_in(request, template, next_page, enter, visitor)


def _add_leaving(router: APIRouter, entry: Entry) -> None:
    @router.post("/sign-out")
    def sign_out(visitor: Visitor) -> Response:
        """End this session."""
        entry.identified.accounts.sessions.end(visitor.account, visitor.session)
        answer = RedirectResponse(SIGN_IN, HTTPStatus.SEE_OTHER.value)
        entry.identified.cookies.drop(answer)
        return answer


def _status(refused: Refused | None) -> int:
    if refused is None:
        return HTTPStatus.OK
    if isinstance(refused, TooMany):
        return HTTPStatus.TOO_MANY_REQUESTS
    return HTTPStatus.UNAUTHORIZED if isinstance(refused, NotSignedIn) else HTTPStatus.FORBIDDEN


def inside(path: str | None) -> str:
    """Return where to go on: a page of ours, never one elsewhere."""
    if path is None or not path.startswith("/") or path.startswith(("//", "/\\")):
        return "/"
    parts = urlsplit(path)
    return "/" if parts.scheme or parts.netloc else path
