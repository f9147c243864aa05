"""What went wrong, as a page: the same problem document that programs are sent, said with what to do next."""

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from inspect import isawaitable
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from api.pages.safety import HEADERS
from api.pages.site import Site, wants_page

Handler = Callable[[Request, Exception], Response | Awaitable[Response]]
SIGN_IN, STEP_UP, NEXT = "/sign-in", "/step-up", "next"


def add_problem_pages(app: FastAPI, site: Site) -> None:
    """Show every problem that the application answers as a page to whoever asks for pages."""
    for kind, handler in list(app.exception_handlers.items()):
        app.add_exception_handler(kind, _with_pages(handler, site))


def _with_pages(handler: Handler, site: Site) -> Handler:
    async def handle(request: Request, error: Exception) -> Response:
        found = handler(request, error)
        answer = await found if isawaitable(found) else found
        shown = _as_page(site, request, answer) if wants_page(request) else answer
        # What is unexpected is answered outside the layer that puts these on.
        for name, value in HEADERS.items():
            shown.headers[name] = value
        return shown

    return handle


def _as_page(site: Site, request: Request, answer: Response) -> Response:
    document: dict[str, Any] = json.loads(bytes(answer.body))
    elsewhere = _ELSEWHERE.get(document["code"])
    if elsewhere is not None and request.method == "GET":
        return RedirectResponse(_coming_back(elsewhere, request), HTTPStatus.SEE_OTHER.value)
    unasked = Request({**request.scope, "query_string": b""})
    content = {"problem": document, "way_on": elsewhere and _coming_back(elsewhere, request)}
    page = site.sheet(unasked).page("problem.html", content, status=answer.status_code)
    for name, value in answer.headers.items():
        if name not in ("content-type", "content-length", "content-language"):
            page.headers[name] = value
    return page


def _coming_back(elsewhere: str, request: Request) -> str:
    """Return the address that leads back to this page afterwards."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"{elsewhere}?{NEXT}={quote(here if request.method == 'GET' else '/')}"


_ELSEWHERE = {
    "not-signed-in": SIGN_IN,
    "session-ended": SIGN_IN,
    "step-up-needed": STEP_UP,
    "enrolment-needed": "/account",
}
"""Problems that are solved by going somewhere first."""
