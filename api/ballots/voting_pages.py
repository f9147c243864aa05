"""The ballot on one screen: a voter's own sheet, and that of whoever holds a printed one-time slip (V1, V2)."""

from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from api.ballots.filled_sheets import Fields, fields_of, form_of, marks_in, one, own_fields_of
from api.ballots.leaf import AT, leaf
from api.commands.recording import Recording
from api.doors import ANYBODY, Reader, Recorder
from api.identity.identified import require_own_page
from api.principal import Principal
from domain.decision import Refused
from ledger.ballot_marks import RECORDED

EVEN_VOID, CAST = "even_if_void", "cast"
WOULD_BE_VOID: Final = "sheet-would-be-void"
SLIP: Final = "/slip"


def voting_pages_router(recording: Recording) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix=AT, include_in_schema=False)
    _add_own(router, recording)
    _add_slip(router, recording)
    return router


def _add_own(router: APIRouter, recording: Recording) -> None:
    @router.get("/vote")
    def find(request: Request, reader: Reader, box: str = "") -> Response:
        """Ask which box somebody votes in, and lead there."""
        if box.strip():
            return RedirectResponse(str(request.url_for("sheet", box=box.strip()).path), 303)
        return leaf(recording.ledger, request, reader, "ballots/find.html", {})

    @router.get("/vote/{box}")
    def sheet(box: str, request: Request, reader: Reader) -> Response:
        """Show the sheet of one's own."""
        return _sheet(recording, request, reader, box)

    @router.post("/vote/{box}")
    async def vote(box: str, request: Request, voter: Recorder) -> Response:
        """Drop it into the box, or say on the same sheet why it was not taken."""
        fields = await own_fields_of(request)
        return await run_in_threadpool(_vote, recording, request, voter, box, fields)


def _sheet(  # noqa: PLR0913 - what a form is shown with
    recording: Recording,
    request: Request,
    voter: Principal,
    box: str,
    fields: Fields = (),
    refused: Refused | None = None,
) -> Response:
    opened = recording.keeper().voters_sheet(box, voter.person)
    content = {"form": form_of(opened, recording.ledger, fields, voter.person), "slip": None, **_said(refused)}
    return leaf(recording.ledger, request, voter, "ballots/sheet.html", content, refused=refused)


def _vote(recording: Recording, request: Request, voter: Principal, box: str, fields: Fields) -> Response:
    keeper = recording.keeper()
    marks = marks_in(keeper.voters_sheet(box, voter.person), fields)
    try:
        keeper.vote(box, voter.person, marks, even_void=bool(one(fields, EVEN_VOID)))
    except Refused as refused:
        return _sheet(recording, request, voter, box, fields, refused)
    return _taken(recording, request, voter, f"{AT}/vote/{box}")


def _add_slip(router: APIRouter, recording: Recording) -> None:
    @router.get(SLIP, dependencies=[ANYBODY])
    def ask(request: Request, box: str = "") -> Response:
        """Ask for the code of a slip; the code never stands in an address."""
        return _ask(recording, request, box)

    @router.post(SLIP, dependencies=[ANYBODY])
    async def slip(request: Request) -> Response:
        """Show the sheet that a slip opens; filled in, drop it into the box."""
        require_own_page(request, needed=False)
        fields = await fields_of(request)
        step = _vote_by_slip if one(fields, CAST) else _slips_sheet
        return await run_in_threadpool(partial(step, recording, request, fields))


def _ask(recording: Recording, request: Request, box: str, refused: Refused | None = None) -> Response:
    return leaf(recording.ledger, request, None, "ballots/slip.html", {"box": box}, refused=refused)


def _slips_sheet(recording: Recording, request: Request, fields: Fields, refused: Refused | None = None) -> Response:
    box, code = one(fields, "box"), one(fields, "code")
    try:
        opened = recording.keeper().slips_sheet(box, code)
    except Refused as unknown:
        return _ask(recording, request, box, unknown)
    content = {"form": form_of(opened, recording.ledger, fields), "slip": code, **_said(refused)}
    return leaf(recording.ledger, request, None, "ballots/sheet.html", content, refused=refused)


def _vote_by_slip(recording: Recording, request: Request, fields: Fields) -> Response:
    box, code, keeper = one(fields, "box"), one(fields, "code"), recording.keeper()
    try:
        marks = marks_in(keeper.slips_sheet(box, code), fields)
        keeper.vote_by_slip(box, code, marks, even_void=bool(one(fields, EVEN_VOID)))
    except Refused as refused:
        return _slips_sheet(recording, request, fields, refused)
    return _taken(recording, request, None, f"{AT}{SLIP}")


def _taken(recording: Recording, request: Request, voter: Principal | None, again: str) -> Response:
    content = {"recorded": RECORDED, "again": again}
    return leaf(recording.ledger, request, voter, "ballots/taken.html", content)


def _said(refused: Refused | None) -> dict[str, object]:
    return {"recorded": RECORDED, "void": refused is not None and refused.code == WOULD_BE_VOID}
