"""What waits for a second person, over HTTP: seen, seconded, withdrawn or declined."""

from datetime import datetime
from typing import Any

import msgspec
from fastapi import APIRouter, FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.status import HTTP_202_ACCEPTED, HTTP_204_NO_CONTENT

from api.commands.answers import Recorded, recorded
from api.commands.preconditions import expected_of
from api.doors import Decider, DeciderAgain
from api.identity.seconding import Pending, Seconding, WaitsForSecond, seconded
from api.problems import language_of
from domain.ids import PersonId
from domain.text import Text
from ledger.ledger import Ledger, Receipt


class PendingShown(BaseModel):
    """A command that waits for its second person."""

    pending: str
    command: str = Field(examples=["appoint"])
    asked: dict[str, Any] = Field(description="what was asked for, as it would be sent")
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    own: bool = Field(description="you asked for it yourself, so somebody else must second it")

    @classmethod
    def of(cls, waiting: Pending, *, own: bool) -> "PendingShown":
        """Return what waits as it is shown."""
        asked = msgspec.to_builtins(waiting.order.command)
        return cls(
            pending=waiting.pending,
            command=waiting.order.command.NAME,
            asked={name: value for name, value in asked.items() if name != "seconded_by"},
            asked_by=waiting.actor,
            asked_at=waiting.asked_at,
            expires_at=waiting.expires_at,
            own=own,
        )


def add_pending(router: APIRouter, seconding: Seconding, ledger: Ledger) -> None:
    """Add the routes of what waits."""

    @router.get("/pending")
    def listed(decider: Decider) -> list[PendingShown]:
        """List what you have asked for that waits, and what you may second."""
        found = seconding.listed(decider.person)
        return [PendingShown.of(each, own=each.actor == decider.person) for each in found]

    @router.get("/pending/{pending}")
    def one(pending: str, decider: Decider) -> PendingShown:
        """Show one of them."""
        found = seconding.of(pending, decider.person)
        return PendingShown.of(found, own=found.actor == decider.person)

    @router.post("/pending/{pending}/second")
    async def stand_behind(pending: str, decider: DeciderAgain) -> Recorded:
        """Stand behind it as the second person: it is recorded as the first one's, seconded by you."""
        waiting = await run_in_threadpool(seconding.of, pending, decider.person)
        return recorded(await carry_out(seconding, ledger, waiting, decider.person))

    @router.delete("/pending/{pending}", status_code=HTTP_204_NO_CONTENT)
    def withdraw(pending: str, decider: Decider) -> None:
        """Withdraw what you asked for, or decline what you were to second."""
        seconding.drop(seconding.of(pending, decider.person))


async def carry_out(seconding: Seconding, ledger: Ledger, waiting: Pending, second: PersonId) -> Receipt:
    """Record what waited as the first one's, with the second; once, under the id that it had from the beginning."""
    order = waiting.order
    command = seconded(order.command, second)
    receipt = await ledger.submit(
        command,
        actor=waiting.actor,
        on_behalf_of=order.on_behalf_of,
        command_id=order.command_id,
        expected=expected_of(command, order.if_match),
    )
    await run_in_threadpool(seconding.done, waiting, second)
    return receipt


def answer_waiting(app: FastAPI) -> None:
    """Answer 202 where something waits for a second person."""
    app.add_exception_handler(WaitsForSecond, _waits)


def _waits(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, WaitsForSecond):
        raise error
    said = {"code": "waits-for-second", "title": "Accepted", "status": HTTP_202_ACCEPTED}
    detail = {"detail": _WAITS.said_in(language_of(request))}
    shown = {**said, **detail, **PendingShown.of(error.pending, own=True).model_dump(mode="json")}
    where = f"/api/v1/pending/{error.pending.pending}"
    return JSONResponse(shown, HTTP_202_ACCEPTED, {"Location": where, "Cache-Control": "no-store"})


_WAITS = Text(
    "已提交，尚待另一人复核；请由有此职权的另一人在72小时内登录复核。",
    "This waits for a second person: somebody else with such an office signs in and seconds it within 72 hours.",
)
