"""The stars of a round, for programs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.doors import Reader
from api.moments import position_asked
from domain.decision import NotFound
from domain.text import Text
from ledger.ledger import Ledger
from projections.engine import Follower, Reading
from projections.round_row import RoundFrame
from projections.stars import STARS, CurrentStar, current_stars, round_frame

CATCH_UP_SECONDS = 5.0
"""How long an answer may wait for the view; after that it says how far behind it is."""


class ConfirmedStar(BaseModel):
    """A star that a body confirmed."""

    star: int
    label: str
    total: str | None = Field(description="exact decimal", examples=["89.47"])
    body: str
    position: int
    at: datetime
    superseded: int = Field(description="how many earlier confirmations it replaced")


class Star(BaseModel):
    """Where one person stands; numbers are exact decimals in text."""

    person: str
    status: str = Field(examples=["complete"])
    total: str | None = Field(examples=["89.47"])
    total_exact: str | None = Field(examples=["89.470"])
    score_star: int | None = Field(description="by score alone")
    star: int | None = Field(description="proposed: what caps and ties leave")
    label: str
    notice: str | None
    window_ends_at: datetime | None
    in_question: bool
    confirmed: ConfirmedStar | None


class Stars(BaseModel):
    """The stars of a round in the order of its roster, as the ledger stood at `position`."""

    model_config = ConfigDict(title="Stars")

    ledger: str
    round: str
    branch: str
    period: str
    rulebook: str
    version: int
    position: int
    behind: int = Field(description="facts that are recorded but not in this answer yet")
    simulated_clock: bool = Field(description="a demonstration, not a real evaluation")
    stars: list[Star]


def stars_router(ledger: Ledger, follower: Follower) -> APIRouter:
    """Return the route that answers for one ledger."""
    router = APIRouter(prefix="/api/v1", tags=["rounds"])

    @router.get("/rounds/{round_id}/stars")
    def stars(
        round_id: str,
        _reader: Reader,
        as_of: Annotated[
            str | None, Query(description="a position, or an RFC 3339 time with offset", examples=["120"])
        ] = None,
    ) -> Stars:
        """Return the stars of a round as they stand, or as they stood `as_of` a position or a time."""
        with _reading(ledger, follower, as_of) as reading:
            frame = round_frame(reading, round_id)
            if frame is None:
                raise NotFound("unknown-round", _unknown_round(round_id))
            return _answer(ledger, reading, frame)

    return router


@contextmanager
def _reading(ledger: Ledger, follower: Follower, as_of: str | None) -> Iterator[Reading]:
    if as_of is None:
        with follower.reading(only=(STARS.name,), seconds=CATCH_UP_SECONDS) as reading:
            yield reading
    else:
        with follower.as_of(position_asked(ledger, as_of), only=(STARS.name,)) as reading:
            yield reading


def _answer(ledger: Ledger, reading: Reading, frame: RoundFrame) -> Stars:
    return Stars(
        ledger=reading.ledger_id,
        round=frame.round,
        branch=frame.branch,
        period=frame.period,
        rulebook=frame.rulebook,
        version=frame.version,
        position=reading.position,
        behind=reading.behind,
        simulated_clock=ledger.clock.simulated,
        stars=[_star(one) for one in current_stars(reading, round_id=frame.round)],
    )


def _star(one: CurrentStar) -> Star:
    confirmed = one.confirmed
    return Star(
        person=one.person,
        status=one.status,
        total=one.total,
        total_exact=one.total_exact,
        score_star=one.score_star,
        star=one.star,
        label=one.label,
        notice=one.notice,
        window_ends_at=one.window_ends_at,
        in_question=one.in_question,
        confirmed=None
        if confirmed is None
        else ConfirmedStar(
            star=confirmed.star,
            label=confirmed.label,
            total=confirmed.total,
            body=confirmed.body,
            position=confirmed.position,
            at=confirmed.at,
            superseded=confirmed.superseded,
        ),
    )


def _unknown_round(round_id: str) -> Text:
    return Text(f"没有评定周期 {round_id}；请核对编号。", f"There is no round {round_id}; check the id.")
