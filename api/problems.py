"""What went wrong, as RFC 9457 problem documents: a stable code, and what to do next in the reader's language."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from asgi_correlation_id import correlation_id
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.ability import CannotRecord
from api.commands.bodies import AnotherType, TooLarge
from api.commands.faults import MALFORMED, MalformedRequest
from api.commands.preconditions import PreconditionNeeded, PreviewNeeded, PreviewStale, etag
from api.commands.uploads import NoRoom
from api.doors import NotSignedIn
from api.identity.attempts import TooMany
from api.journal import note_refusal
from api.moments import ViewBehind
from domain.decision import Conflict, NotFound, NotPermitted, Refused
from domain.findings import Invalid
from domain.text import Language, Text
from ledger.clock import ClockLeapt
from ledger.expecting import Stale
from ledger.failures import Damaged, InDoubt, NotStored, trouble_with_disk
from projections.engine import FaultyView

MEDIA_TYPE = "application/problem+json"
REQUEST_ID = "X-Request-ID"
LANGUAGE_KEY = "lang"
"""The part of an address, and the cookie, that say a language."""
TYPE_PREFIX = "urn:starledger:problem:"
STATUSES: Mapping[type[Refused], HTTPStatus] = {
    ViewBehind: HTTPStatus.SERVICE_UNAVAILABLE,
    CannotRecord: HTTPStatus.SERVICE_UNAVAILABLE,
    NotSignedIn: HTTPStatus.UNAUTHORIZED,
    PreconditionNeeded: HTTPStatus.PRECONDITION_REQUIRED,
    PreviewNeeded: HTTPStatus.PRECONDITION_REQUIRED,
    PreviewStale: HTTPStatus.PRECONDITION_FAILED,
    Stale: HTTPStatus.PRECONDITION_FAILED,
    NoRoom: HTTPStatus.TOO_MANY_REQUESTS,
    AnotherType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    NotFound: HTTPStatus.NOT_FOUND,
    NotPermitted: HTTPStatus.FORBIDDEN,
    Conflict: HTTPStatus.CONFLICT,
    Refused: HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""Which status answers which kind of refusal; the first that fits."""
FAULTS: Mapping[type[Exception], tuple[str, int]] = {
    InDoubt: ("in-doubt", 1),
    NotStored: ("not-stored", 30),
    ClockLeapt: ("clock-leapt", 60),
    Damaged: ("ledger-damaged", 300),
}
"""What stops recording: its code, and after how many seconds it is worth asking again."""

_log = structlog.stdlib.get_logger("api")


def problem(status: HTTPStatus, code: str, detail: Text | None, language: Language, **more: object) -> JSONResponse:
    """Return a problem document; `code` is stable, `detail` for people."""
    body: dict[str, Any] = {"type": TYPE_PREFIX + code, "title": status.phrase, "status": status.value, "code": code}
    if detail is not None:
        body["detail"] = detail.said_in(language)
    headers = {"Cache-Control": "no-store"} | ({} if detail is None else {"Content-Language": language})
    return JSONResponse(body | more, status.value, headers, MEDIA_TYPE)


def language_of(request: Request) -> Language:
    """Return the language asked for now, or chosen before, or of the browser; Chinese unless English comes first."""
    for chosen in (request.query_params.get(LANGUAGE_KEY), request.cookies.get(LANGUAGE_KEY)):
        if chosen in ("zh", "en"):
            return "en" if chosen == "en" else "zh"
    wanted = [_preference(part) for part in request.headers.get("accept-language", "").split(",")]
    known = [(-weight, place, name) for place, (name, weight) in enumerate(wanted) if name in ("zh", "en") and weight]
    return "en" if known and min(known)[2] == "en" else "zh"


def _preference(part: str) -> tuple[str, float]:
    name, _, parameter = part.strip().partition(";")
    _, _, weight = parameter.partition("q=")
    try:
        return name.split("-")[0].lower(), float(weight or 1)
    except ValueError:
        return name.split("-")[0].lower(), 0.0


def add_problems(app: FastAPI) -> None:
    """Answer everything that goes wrong with a problem document; what broke is logged, without its words."""
    add_answers(app)
    for fault in FAULTS:
        app.add_exception_handler(fault, _stopped)
    app.add_exception_handler(FaultyView, _faulty)
    app.add_exception_handler(Exception, _unexpected)


def add_answers(app: FastAPI) -> None:
    """Answer what is refused, cannot be read or is not there; nothing of it is logged."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(Invalid, _invalid)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _of_http)


def _refused(request: Request, error: Exception) -> JSONResponse:
    refused = error if isinstance(error, Refused) else Refused("refused", UNEXPECTED)
    status = next(status for kind, status in STATUSES.items() if isinstance(refused, kind))
    note_refusal(request, refused)
    language = language_of(request)
    answer = problem(status, refused.code, refused.why, language, **_more_of(refused, language))
    if isinstance(refused, (PreconditionNeeded, Stale)):
        answer.headers["ETag"] = etag(refused.found)
    if isinstance(refused, (CannotRecord, NoRoom, TooMany, ViewBehind)):
        answer.headers["Retry-After"] = str(refused.retry_after)
    if isinstance(refused, NotSignedIn):
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _more_of(refused: Refused, language: Language) -> dict[str, object]:
    """Return what stands in the document of some refusals beside the code: each fault, or what was seen and what is."""
    if isinstance(refused, MalformedRequest):
        return {"errors": [fault.said_in(language) for fault in refused.faults]}
    if isinstance(refused, Stale):
        return {"expected": etag(refused.expected), "current": etag(refused.found)}
    return {"current": etag(refused.found)} if isinstance(refused, PreconditionNeeded) else {}


def _invalid(request: Request, error: Exception) -> JSONResponse:
    """Name everything that is wrong in a document, each with its place and what to do."""
    language, found = language_of(request), error.findings if isinstance(error, Invalid) else ()
    errors = [
        {
            "field": each.place,
            "code": each.code,
            "message": f"{each.message.said_in(language)} {each.remedy.said_in(language)}",
        }
        for each in found
    ]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-document", _INVALID, language, errors=errors)


def _malformed(request: Request, error: Exception) -> JSONResponse:
    """Name each field that cannot be read, without repeating what was sent."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    errors = [
        {"field": ".".join(map(str, each["loc"])), "code": each["type"], "message": each["type"]} for each in found
    ]
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return problem(status, "malformed-request", MALFORMED, language_of(request), errors=errors)


def _of_http(request: Request, error: Exception) -> JSONResponse:
    status = HTTPStatus(error.status_code) if isinstance(error, HTTPException) else HTTPStatus.INTERNAL_SERVER_ERROR
    answer = problem(status, status.phrase.lower().replace(" ", "-"), None, language_of(request))
    if isinstance(error, HTTPException) and error.headers:
        answer.headers.update(error.headers)
    return answer


def _faulty(request: Request, error: Exception) -> JSONResponse:
    """Say which view cannot be read at present; facts are recorded all the same."""
    _log.error("faulty-view", exc_info=error)
    where = (error.view, error.position) if isinstance(error, FaultyView) else ("", 0)
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, "faulty-view", _faulty_view(*where), language_of(request))


def _stopped(request: Request, error: Exception) -> JSONResponse:
    """Say why nothing can be recorded now, or that it is in doubt; asked again under the same key it happens once."""
    code, seconds = next(found for kind, found in FAULTS.items() if isinstance(error, kind))
    _log.error(code, exc_info=error)
    why = getattr(error, "why", None)
    answer = problem(HTTPStatus.SERVICE_UNAVAILABLE, code, why if isinstance(why, Text) else None, language_of(request))
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _unexpected(request: Request, error: Exception) -> JSONResponse:
    """Answer from outside every other layer, so the request's id must be put on here."""
    trouble = trouble_with_disk(error)
    if trouble is not None:
        return _stopped(request, NotStored(trouble))
    _log.error("unexpected", exc_info=error)
    answer = problem(HTTPStatus.INTERNAL_SERVER_ERROR, "unexpected", UNEXPECTED, language_of(request))
    answer.headers[REQUEST_ID] = correlation_id.get() or ""
    return answer


_INVALID = Text("文件不能使用；请按 errors 逐项修改。", "The document cannot be used; see `errors`.")
UNEXPECTED = Text(
    "服务器出现意外错误；请稍后重试，并把 X-Request-ID 告诉管理员。",
    "Something unexpected happened; try again later, and give the operator the X-Request-ID.",
)


def _faulty_view(view: str, position: int) -> Text:
    return Text(
        f"视图 {view} 不能处理第{position}条记录，暂时无法查询；记录不受影响，请告知管理员。",
        f"The view '{view}' fails at fact {position} and cannot be read; recording is not affected. Tell the operator.",
    )
