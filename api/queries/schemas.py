"""What answers look like, for OpenAPI 3.1: schemas of the records that JSON is made of, with the marks of disclosure.

The schemas come from the records themselves, so that they cannot differ from what is sent. A field that the disclosure
matrix may withhold can also be the mark that stands in its place, or nothing.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from fastapi import FastAPI

from domain.text import Text
from projections.answers.notices import CheckedNotice, CopyLine, PostedWithCode
from projections.disclosed_rows import ROWS
from projections.notice_board import PostedLine, PostedNotice
from projections.withholding import OPEN

REFERENCE: Final = "#/components/schemas/{name}"
MARK: Final = {"type": "string", "description": "the mark of what is withheld, with its clause"}


class WithheldTold(msgspec.Struct, frozen=True):
    """A field that was withheld, under which clause, and why."""

    field: str
    clause: str
    why: Text


_collected: dict[str, Any] = {}
"""The schemas of the records that answers are made of, by name."""


def shows(operation: str, answer: Any, *, description: str = "") -> dict[str, Any]:  # noqa: ANN401
    """Return how a route that answers with `answer` in its frame is described; `operation` is its stable id."""
    content = {"application/json": {"schema": _framed(answer)}}
    return described(operation, content, description=description)


def sends(operation: str, *media_types: str, binary: bool = False) -> dict[str, Any]:
    """Return how a route that sends text, or bytes, is described."""
    schema = {"type": "string", **({"format": "binary"} if binary else {})}
    return described(operation, {each: {"schema": schema} for each in media_types})


def described(operation: str, content: Mapping[str, Any], *, description: str = "") -> dict[str, Any]:
    """Return the description of a route: its id, and what it answers."""
    answers: dict[int | str, Any] = {
        200: {"description": description or "the answer", "content": dict(content), "headers": _HEADERS},
        304: {"description": "the reader has this answer already"},
    }
    return {"operation_id": operation, "responses": answers}


def add_schemas(app: FastAPI) -> None:
    """Let the application's description name every record that an answer is made of."""
    build = app.openapi

    def openapi() -> dict[str, Any]:
        document = build()
        schemas: dict[str, Any] = document.setdefault("components", {}).setdefault("schemas", {})
        schemas |= _components()
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _framed(answer: Any) -> dict[str, Any]:  # noqa: ANN401 - a class, or a list of one
    properties = {**_FRAME, "answer": _schema_of(answer), "withheld": _schema_of(list[WithheldTold])}
    return {"type": "object", "properties": properties, "required": list(properties)}


def _schema_of(kind: Any) -> dict[str, Any]:  # noqa: ANN401
    (schema,), found = msgspec.json.schema_components([kind], ref_template=REFERENCE)
    twice = [name for name, each in found.items() if _collected.get(name, each) != each]
    if twice:
        message = f"two records are called {', '.join(twice)}"
        raise ValueError(message)
    _collected.update(found)
    return schema


def _components() -> dict[str, Any]:
    """Return the schemas of all records, those of the disclosure matrix with their marks."""
    codes = {kind.__name__: rows for kind, rows in {**ROWS, **_MADE_OF_ROWS}.items()}
    return {name: _marked(schema, codes.get(name)) for name, schema in _collected.items()}


def _marked(schema: dict[str, Any], codes: Mapping[str, Any] | None) -> dict[str, Any]:
    if codes is None:
        return schema
    properties = {
        name: own if codes.get(name) == OPEN else {"anyOf": [own, MARK, {"type": "array", "items": MARK}, _NOTHING]}
        for name, own in schema["properties"].items()
    }
    return {**schema, "properties": properties}


_MADE_OF_ROWS: Final[Mapping[type, Any]] = {
    PostedWithCode: ROWS[PostedNotice],
    CheckedNotice: ROWS[PostedNotice],
    CopyLine: ROWS[PostedLine],
}
_NOTHING: Final = {"type": "null"}
_FRAME: Final = {
    "ledger": {"type": "string", "description": "which ledger", "examples": ["main"]},
    "position": {"type": "integer", "description": "up to which fact the answer is true", "examples": [4286]},
    "behind": {"type": "integer", "description": "facts that are recorded but not in this answer yet", "examples": [0]},
    "simulated_clock": {"type": "boolean", "description": "a demonstration, not a real evaluation"},
    "audience": {"type": ["string", "null"], "description": "as whom the reader is seen", "examples": ["masses"]},
    "reader": {"type": ["string", "null"], "description": "who reads", "examples": ["p-017"]},
}
_HEADERS: Final = {
    "ETag": {"schema": {"type": "string"}, "description": "of this answer, for If-None-Match"},
    "Link": {"schema": {"type": "string"}, "description": "the next page, where there is one (RFC 8288)"},
}
