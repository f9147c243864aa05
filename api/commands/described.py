"""How an operation stands in the description of the interface (OpenAPI 3.1): words, request, example, answers."""

import inspect
from typing import Any, Final

from api.commands.answers import Recorded
from api.commands.places import Place
from api.commands.previews import Preview
from api.commands.shapes import Field, Shape

_PROBLEM: Final = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
_ANSWERS: Final = {
    401: "Nobody has signed in.",
    403: "You may not do this, or must first prove once more who you are.",
    404: "What the command speaks of is not there.",
    409: "Something else was done before that excludes this, or the key was used for something else.",
    413: "Larger than is taken.",
    415: "Send JSON, and say so in Content-Type.",
    422: "The request cannot be read, or is refused; `code` says why.",
    429: "Too many requests; ask again after Retry-After.",
    503: "It is in doubt whether this was kept, or nothing can be recorded now: ask again under the same key.",
}
_OF_CHANGES: Final = {
    412: "Something was recorded about it since; ETag says what is there now.",
    428: "Say in If-Match which ETag you saw.",
}


def described(place: Place, answer: type[Recorded] | None = None, file: str | None = None) -> dict[str, Any]:
    """Return what is said of the operation of a command to FastAPI."""
    kind = place.kind
    return {
        "operation_id": kind.NAME,
        "response_model": answer or Recorded,
        "summary": kind.NAME.replace("-", " "),
        "description": _words(place),
        "tags": [kind.__module__.removeprefix("domain.").replace("_", " ")],
        "responses": {200: _done_before(answer), **_problems(place), **_file(file)},
        "openapi_extra": {
            "parameters": [_parameter(field) for field in place.in_url],
            "requestBody": _request(place.body),
        },
    }


def _words(place: Place) -> str:
    who = ", ".join(place.kind.ROLES) or "whoever the decision allows"
    return f"{inspect.getdoc(place.kind)}\n\nWho: {who}. Key must reach: {place.kind.REACH}." + (
        " Needs a fresh proof of who you are." if place.kind.GRAVE else ""
    )


def _problems(place: Place) -> dict[int | str, dict[str, Any]]:
    said = _ANSWERS | _OF_CHANGES if place.kind.CHANGES else _ANSWERS
    return {status: _PROBLEM | {"description": words} for status, words in said.items()}


def _done_before(answer: type[Recorded] | None) -> dict[str, Any]:
    words = "It had been done before under this key, or was so already; or, with `dry_run`, what would be recorded."
    return {"description": words, "model": answer or Recorded | Preview}


def _file(media_type: str | None) -> dict[int | str, dict[str, Any]]:
    """Return the answer that is a file, where it is one."""
    content = {str(media_type): {"schema": {"type": "string", "format": "binary"}}}
    return {} if media_type is None else {201: {"description": "the file", "content": content}}


def _parameter(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "in": "path",
        "required": True,
        "schema": field.shape.schema,
        "example": field.shape.example,
    }


def _request(shape: Shape) -> dict[str, Any]:
    content = {"schema": shape.schema, "example": shape.example}
    return {"required": bool(shape.schema["required"]), "content": {"application/json": content}}
