"""A route for each command class: what is declared beside it says where, who comes in, and what is sent."""

import re
import secrets
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.commands.answers import Recorded, recorded
from api.commands.asking import ask
from api.commands.bodies import read_object
from api.commands.described import described
from api.commands.faults import Fault, MalformedRequest, Unfit
from api.commands.places import ON_BEHALF_OF, PLACES, Place, spelt
from api.commands.preconditions import etag, version_of
from api.commands.shapes import Field
from api.doors import SignedIn
from api.principal import Principal
from domain.archiving import ExportSealed
from domain.ballot_closing import CloseBox, VoidBox
from domain.ballot_opening import OpenBox
from domain.ballot_returns import PrintSlips, ReturnSheet
from domain.decision import Command
from domain.private_reading import ReadSealed
from ledger.ledger import Ledger, Receipt
from projections.engine import Follower

BY_HAND: Final[frozenset[type[Command]]] = frozenset(
    {OpenBox, PrintSlips, ReturnSheet, CloseBox, VoidBox, ReadSealed, ExportSealed}
)
"""Commands that need more than the ledger, or answer more than a receipt: their routes are written by hand."""
MOST_WAIT_SECONDS: Final = 10
_WAIT: Final = re.compile(r"(?:^|[,;\s])wait=([0-9]{1,3})(?:$|[,;\s])")
Endpoint = Callable[..., Coroutine[Any, Any, Recorded]]


@dataclass(frozen=True, slots=True)
class Recording:
    """What recording over HTTP works with."""

    ledger: Ledger
    follower: Follower


def commands_router(recording: Recording, kinds: Iterable[type[Command]]) -> APIRouter:
    """Return a route for each of these commands."""
    router = APIRouter()
    for kind in kinds:
        place = PLACES[kind]
        router.post(place.path, status_code=201, **described(place))(_endpoint(recording, place))
    return router


def _endpoint(recording: Recording, place: Place) -> Endpoint:
    door = SignedIn(place.kind.REACH, step_up=place.kind.GRAVE)

    async def run(  # noqa: PLR0913 - what HTTP has for it
        request: Request,
        response: Response,
        principal: Annotated[Principal, Depends(door)],
        idempotency_key: Annotated[str | None, Header(description=_KEY)] = None,
        if_match: Annotated[str | None, Header(description=_IF_MATCH)] = None,
        prefer: Annotated[str | None, Header(description=_PREFER)] = None,
    ) -> Recorded:
        command, on_behalf_of = read_command(place, await read_object(request), request.path_params)
        key = idempotency_key or secrets.token_urlsafe(18)
        receipt = await ask(
            recording.ledger,
            principal,
            command,
            on_behalf_of=on_behalf_of,
            command_id=key,
            if_match=if_match,
        )
        response.headers["Idempotency-Key"] = key
        await answered(recording, response, command, receipt, prefer)
        return recorded(receipt)

    run.__name__ = place.kind.__name__
    return run


def read_command(place: Place, body: dict[str, object], in_url: dict[str, str]) -> tuple[Any, str | None]:
    """Return the command that a request says, and for which body; `MalformedRequest` with all that is wrong."""
    faults: list[Fault] = []
    try:
        said = place.body.read(body, "")
    except Unfit as unfit:
        faults += unfit.faults
    spelled: dict[str, object] = {}
    for field in place.in_url:
        try:
            spelled[field.name] = field.shape.read(_from_url(field, in_url[field.name]), field.name)
        except Unfit as unfit:
            faults += unfit.faults
    if faults:
        raise MalformedRequest(faults)
    on_behalf_of = said.pop(ON_BEHALF_OF.name, None)
    return place.kind(**spelled, **said), on_behalf_of


def _from_url(field: Field, words: str) -> object:
    """Return what a part of the URL says: a number where the field is one."""
    return int(words) if field.hint is int and words.isdecimal() and len(words) < 11 else words  # noqa: PLR2004


async def answered(
    recording: Recording, response: Response, command: Command, receipt: Receipt, prefer: str | None
) -> None:
    """Complete the answer: 201 or 200, where the thing is and its version, once the views show it if that is wanted."""
    response.status_code = 200 if receipt.repeated or not receipt.positions else 201
    place = PLACES[type(command)]
    if place.thing:
        response.headers["Location"] = f"/api/v1/{spelt(place.thing, command)}"
    elif receipt.positions:
        response.headers["Location"] = f"/api/v1/facts/{receipt.positions[0]}"
    version = await run_in_threadpool(version_of, recording.ledger, command)
    if version is not None:
        response.headers["ETag"] = etag(version)
    seconds = _wait(prefer)
    if seconds and receipt.positions:
        await run_in_threadpool(recording.follower.catch_up, receipt.positions[-1], seconds=seconds)
        response.headers["Preference-Applied"] = f"wait={seconds}"


def _wait(prefer: str | None) -> int:
    """Return how many seconds the answer may wait for the views (RFC 7240 §4.3), within bounds."""
    found = _WAIT.search(prefer or "")
    return min(int(found[1]), MOST_WAIT_SECONDS) if found else 0


_KEY = "chosen by you, bound to your account: sent again under it, the command happens once and answers the same"
_IF_MATCH = "for what changes something: the ETag that you saw"
_PREFER = f"`wait=5`: answer once the views show it, or after so many seconds (at most {MOST_WAIT_SECONDS})"
