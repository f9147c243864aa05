"""A page of the ballots: it keeps nothing, nothing keeps it, and even its files come from the application apart."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response

from api.pages.assets import address_of
from api.pages.pen import pen
from api.pages.site import A_YEAR_SECONDS, HTML, Sheet
from api.principal import Principal
from api.problems import LANGUAGE_KEY, STATUSES
from domain.decision import Refused
from ledger.ledger import Ledger

AT: Final = "/ballots"
"""Where everything of ballots lies: apart from the access log, the metrics and the journal."""


def leaf(  # noqa: PLR0913 - what a page is made of
    ledger: Ledger,
    request: Request,
    principal: Principal | None,
    template: str,
    content: Mapping[str, Any],
    *,
    refused: Refused | None = None,
) -> Response:
    """Return a page that no cache keeps and that has no JSON beside it; what was refused stands on top of it."""
    sheet = Sheet(request, principal, ledger, None)
    errors = [] if refused is None else [(None, refused.why)]
    html = pen(sheet.language).get_template(template).render(**content, errors=errors, visit=sheet, asset=_asset)
    answer = Response(html, _status(refused), {"Cache-Control": "no-store"}, HTML)
    answer.headers["Content-Language"] = sheet.language
    if LANGUAGE_KEY in request.query_params:
        answer.set_cookie(LANGUAGE_KEY, sheet.language, A_YEAR_SECONDS, samesite="lax", httponly=True)
    return answer


def _asset(path: str) -> str:
    return AT + address_of(path)


def _status(refused: Refused | None) -> int:
    if refused is None:
        return 200
    return next(status for kind, status in STATUSES.items() if isinstance(refused, kind)).value
