"""A route for each command class: what is declared beside it says where, who comes in, and what is sent."""

import re
import secrets
from collections.abc import Callable, Coroutine, Iterable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.commands.answers import recorded
from api.commands.asking import ask
from api.commands.bodies import read_object
from api.commands.by_hand import ANSWERS, FILES, RUNS, By
from api.commands.described import described
from api.commands.faults import Fault, MalformedRequest, Unfit
from api.commands.places import FILLED_IN, ON_BEHALF_OF, PLACES, Place, spelt
from api.commands.preconditions import etag, version_of
from api.commands.previews import preview_of
from api.commands.recording import Recording
from api.commands.shapes import SHA256, Field
from api.doors import Recorder, SignedIn
from api.principal import Principal
from domain.ballot_returns import ReturnSheet
from domain.decision import Command, Refused
from domain.text import Text
from ledger.ledger import Receipt

MOST_WAIT_SECONDS: Final = 10
_WAIT: Final = re.compile(r"(?:^|[,;\s])wait=([0-9]{1,3})(?:$|[,;\s])")
Endpoint = Callable[..., Coroutine[Any, Any, Any]]


def commands_router(recording: Recording, kinds: Iterable[type[Command]]) -> APIRouter:
    """Return a route for each of these commands but the vote, which leaves no trace here, and one for files."""
    router = APIRouter()
    for kind in kinds:
        if kind is not ReturnSheet:
            place, make = PLACES[kind], _by_hand if kind in RUNS else _derived
            router.post(place.path, status_code=201, **described(place, ANSWERS.get(kind), FILES.get(kind)))(
                make(recording, place)
            )
    if recording.uploads is not None:
        _add_uploads(router, recording)
    return router


def _derived(recording: Recording, place: Place) -> Endpoint:
    async def run(  # noqa: PLR0913 - what HTTP has for it
        request: Request,
        response: Response,
        principal: Annotated[Principal, Depends(_door(place))],
        idempotency_key: Annotated[str | None, Header(description=_KEY)] = None,
        if_match: Annotated[str | None, Header(description=_IF_MATCH)] = None,
        prefer: Annotated[str | None, Header(description=_PREFER)] = None,
        dry_run: Annotated[bool, Query(description=_DRY_RUN)] = False,  # noqa: FBT002 - as HTTP has it
    ) -> Any:  # noqa: ANN401 - what is answered stands in the description
        command, on_behalf_of = read_command(place, await read_object(request), request.path_params)
        attached = () if recording.uploads is None else await run_in_threadpool(recording.uploads.of, command)
        said: dict[str, Any] = {"on_behalf_of": on_behalf_of, "attachments": attached}
        if dry_run:
            return await run_in_threadpool(_previewed, recording, command, principal, said)
        key = idempotency_key or secrets.token_urlsafe(18)
        response.headers["Idempotency-Key"] = key
        receipt = await ask(recording.ledger, principal, command, command_id=key, if_match=if_match, **said)
        await _complete(recording, response, command, receipt, prefer)
        return recorded(receipt)

    return run


def _by_hand(recording: Recording, place: Place) -> Endpoint:
    async def run(
        request: Request,
        response: Response,
        principal: Annotated[Principal, Depends(_door(place))],
        prefer: Annotated[str | None, Header(description=_PREFER)] = None,
    ) -> Any:  # noqa: ANN401 - what is answered stands in the description
        command, on_behalf_of = read_command(place, await read_object(request), request.path_params)
        receipt, answer = await RUNS[place.kind](recording, command, By(principal, on_behalf_of))
        headed = answer if isinstance(answer, Response) else response
        headed.headers["Cache-Control"] = "no-store"
        await _complete(recording, headed, command, receipt, prefer)
        return answer

    return run


def _door(place: Place) -> SignedIn:
    return SignedIn(place.kind.REACH, step_up=place.kind.GRAVE)


def _previewed(recording: Recording, command: Command, principal: Principal, said: dict[str, Any]) -> Response:
    events = recording.ledger.preview(command, actor=principal.person, **said)
    preview = preview_of(recording.ledger, events, principal)
    return Response(preview.model_dump_json(), media_type="application/json")


def read_command(place: Place, body: dict[str, object], in_url: dict[str, str]) -> tuple[Any, str | None]:
    """Return the command that a request says, and for which body; `MalformedRequest` with all that is wrong."""
    faults: list[Fault] = []
    said: dict[str, Any] = dict(FILLED_IN.get(place.kind, {}))
    try:
        said |= place.body.read(body, "")
    except Unfit as unfit:
        faults += unfit.faults
    for field in place.in_url:
        try:
            said[field.name] = field.shape.read(_from_url(field, in_url[field.name]), field.name)
        except Unfit as unfit:
            faults += unfit.faults
    if faults:
        raise MalformedRequest(faults)
    on_behalf_of = said.pop(ON_BEHALF_OF.name, None)
    return place.kind(**said), on_behalf_of


def _from_url(field: Field, words: str) -> object:
    """Return what a part of the URL says: a number where the field is one."""
    return int(words) if field.hint is int and words.isdecimal() and len(words) < 11 else words  # noqa: PLR2004


async def _complete(
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


def _add_uploads(router: APIRouter, recording: Recording) -> None:
    @router.put("/api/v1/attachments/{sha256}", status_code=201, tags=["attachments"], operation_id="send-ahead")
    async def put(sha256: str, request: Request, _sender: Recorder) -> Response:
        """Keep a file for a day, until a command names it by its SHA-256; Content-Type says what it is (≤ 20 MB)."""
        if not SHA256.fullmatch(sha256):
            raise MalformedRequest([Fault("sha256", "not-a-file")])
        if recording.uploads is None:
            raise Refused("no-uploads-here", _NO_UPLOADS)
        new = await recording.uploads.take(request, sha256)
        return Response(status_code=201 if new else 200)


_KEY = "chosen by you, bound to your account: sent again under it, the command happens once and answers the same"
_IF_MATCH = "for what changes something: the ETag that you saw"
_PREFER = f"`wait=5`: answer once the views show it, or after so many seconds (at most {MOST_WAIT_SECONDS})"
_DRY_RUN = "say what would be recorded and whom that would change, and record nothing"
_NO_UPLOADS = Text("这个服务不接收附件。", "This server takes no files.")
