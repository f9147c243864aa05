"""Paper keyed in by two tellers, each for himself, and where they differ (V2)."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from api.ballots.filled_sheets import SEVERAL, Fields, form_of, marks_in, one, own_fields_of
from api.ballots.leaf import AT, leaf
from api.commands.recording import Recording
from api.doors import Reader, Recorder
from api.pages.words import GROUPS, worded
from api.principal import Principal
from domain.ballots import groups_of
from domain.decision import Refused
from domain.text import Text
from ledger.ballot_paper import compare_sheets, key_in, take_back

TAKE_BACK = "take_back"


def paper_pages_router(recording: Recording) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix=f"{AT}/paper/{{box}}", include_in_schema=False)

    @router.get("")
    def form(box: str, request: Request, teller: Reader, group: str = "", number: str = "1") -> Response:
        """Show an empty sheet to key in, and below it where the tellers differ."""
        return _form(recording, request, teller, box, [("group", group), ("number", number)])

    @router.post("")
    async def key(box: str, request: Request, teller: Recorder) -> Response:
        """Keep a sheet as this teller reads it, or take back what he keyed in; then the next one."""
        fields = await own_fields_of(request)
        return await run_in_threadpool(_key, recording, request, teller, box, fields)

    return router


def _form(  # noqa: PLR0913 - what a form is shown with
    recording: Recording,
    request: Request,
    teller: Principal,
    box: str,
    fields: Fields,
    refused: Refused | None = None,
) -> Response:
    with recording.keeper().lent(box) as held:
        found, opened = compare_sheets(held, actor=teller.person), held.opened
    content = {
        "form": form_of(opened, recording.ledger, fields),
        "groups": [(group, worded(GROUPS, group)) for group in groups_of(opened)],
        "group": one(fields, "group"),
        "number": one(fields, "number"),
        "differences": [(each, worded(GROUPS, each.group), teller.person in each.keyed_by) for each in found],
        "several": SEVERAL,
    }
    return leaf(recording.ledger, request, teller, "ballots/paper.html", content, refused=refused)


def _key(recording: Recording, request: Request, teller: Principal, box: str, fields: Fields) -> Response:
    group, back = one(fields, "group"), bool(one(fields, TAKE_BACK))
    try:
        number = _number(fields)
        with recording.keeper().lent(box) as held:
            if back:
                take_back(held, group, number, actor=teller.person)
            else:
                key_in(held, group, number, marks_in(held.opened, fields), actor=teller.person)
    except Refused as refused:
        return _form(recording, request, teller, box, fields, refused)
    following = request.url.include_query_params(group=group, number=number if back else number + 1)
    return RedirectResponse(f"{following.path}?{following.query}", HTTPStatus.SEE_OTHER.value)


def _number(fields: Fields) -> int:
    written = one(fields, "number")
    if not (written.isascii() and written.isdecimal() and len(written) < 7):  # noqa: PLR2004 - more than any box holds
        raise Refused("no-number", _NO_NUMBER)
    return int(written)


_NO_NUMBER = Text("编号须为数字，如 1；请照纸票上写的填写。", "The sheet's number is a whole number such as 1.")
