"""The description of the interface (OpenAPI 3.1), completed with what every operation may answer."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field


class Fault(BaseModel):
    """One thing that is wrong with a request."""

    field: str = Field(examples=["points"])
    code: str = Field(examples=["not-a-decimal"])
    message: str


class Problem(BaseModel):
    """What went wrong (RFC 9457): `type` and `code` are stable, `detail` is for people, in their language."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["urn:starledger:problem:notice-not-hanging"])
    title: str
    status: int
    code: str = Field(examples=["notice-not-hanging"])
    detail: str | None = None
    errors: list[Fault] | None = None


PROBLEMS: Final[Mapping[str, str]] = {
    "401": "Nobody has signed in.",
    "403": "It is not for whoever asks, or he must first prove once more that it is he.",
    "404": "There is no such thing, or not yet at that moment.",
    "409": "It conflicts with what there is.",
    "413": "Larger than is taken.",
    "422": "The request cannot be read, or is refused; `code` says why.",
    "429": "Too many at once; Retry-After says when to come back.",
    "503": "It cannot be answered at present; Retry-After says when to come back.",
}
"""What any operation may answer with, where it says nothing of its own."""
_CONTENT: Final = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def describe(app: FastAPI) -> None:
    """Let the application describe its problems too; made once, when it is first asked for."""
    generate = app.openapi

    @cache
    def described() -> dict[str, Any]:
        found = generate()
        schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        found.setdefault("components", {}).setdefault("schemas", {}).update(schema.pop("$defs"), Problem=schema)
        for operations in found["paths"].values():
            for operation in operations.values():
                _complete(operation["responses"])
        return found

    app.openapi = described  # type: ignore[method-assign]


def _complete(responses: dict[str, Any]) -> None:
    """Add the problems that an operation may answer with to those that it names itself."""
    for status, words in PROBLEMS.items():
        own = responses.setdefault(status, {"description": words})
        own["content"] = _CONTENT
