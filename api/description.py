"""The description of the interface (OpenAPI 3.1), completed with what every operation may answer."""

from functools import cache
from typing import Any

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


def describe(app: FastAPI) -> None:
    """Let the application describe its problems too; made once, when it is first asked for."""
    generate = app.openapi

    @cache
    def described() -> dict[str, Any]:
        found = generate()
        schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        found.setdefault("components", {}).setdefault("schemas", {}).update(schema.pop("$defs"), Problem=schema)
        return found

    app.openapi = described  # type: ignore[method-assign]
