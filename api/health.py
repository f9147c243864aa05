"""Whether the process lives, and whether it can answer (O4)."""

from http import HTTPStatus

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from api.ability import STOPPING, Ability
from api.doors import ANYBODY
from api.problems import language_of, problem
from domain.text import Text
from ledger.cautions import cautions
from ledger.ledger import Ledger
from projections.engine import Follower

_log = structlog.stdlib.get_logger("api.health")


class Health(BaseModel):
    """The process answers."""

    status: str = "ok"


class ViewState(BaseModel):
    """How far a view has got; `faulty_at` is the position of the fact it cannot take."""

    position: int
    behind: int
    faulty_at: int | None


class CautionSaid(BaseModel):
    """Something that works and should be put right."""

    code: str
    message: str


class Readiness(BaseModel):
    """Both databases answer. A view that lags or fails does not stop facts from being recorded.

    `records` is false where reads alone go on; why, `hindrance` says.
    """

    status: str = "ok"
    records: bool
    hindrance: str | None
    size: int
    views: dict[str, ViewState]
    cautions: list[CautionSaid]


def health_router(ledger: Ledger, follower: Follower, ability: Ability) -> APIRouter:
    """Return the two routes."""
    router = APIRouter(tags=["health"], dependencies=[ANYBODY])

    @router.get("/healthz")
    def healthz() -> Health:
        """Return that the process answers."""
        return Health()

    @router.get("/readyz", response_model=Readiness)
    def readyz(request: Request) -> Readiness | JSONResponse:
        """Return that ledger and views answer, and how far the views have got."""
        try:
            size, positions = ledger.head().size, follower.positions()
        except (SQLAlchemyError, OSError) as error:
            _log.error("not-ready", exc_info=error)
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, "not-ready", _NOT_READY, language_of(request))
        language = language_of(request)
        hindrance = ability.hindrance()
        if hindrance is STOPPING:
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, STOPPING.code, STOPPING.why, language)
        return Readiness(
            records=hindrance is None,
            hindrance=None if hindrance is None else hindrance.code,
            size=size,
            views={name: _state(follower, name, at, size) for name, at in positions.items()},
            cautions=[CautionSaid(code=c.code, message=c.why.said_in(language)) for c in cautions(ledger.engine)],
        )

    return router


def _state(follower: Follower, name: str, position: int, size: int) -> ViewState:
    fault = follower.faults.get(name)
    return ViewState(
        position=position, behind=max(0, size - position), faulty_at=None if fault is None else fault.position
    )


_NOT_READY = Text(
    "数据库没有应答；请稍后重试，或请管理员运行 doctor。", "A database does not answer; try later, or run doctor."
)
