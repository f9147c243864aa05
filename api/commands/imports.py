"""Tables over HTTP: a workbook that was sent ahead is previewed, and written by one confirmation, whole or not at all.

The preview never writes (S3). The confirmation computes it anew and writes it as one batch where it comes to what was
seen, which `If-Match` says; asked twice it writes once (S4). The workbook is read in a child with limits.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Annotated, Any, Final

import msgspec
from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import BaseModel, Field

from api.commands.answers import Recorded, recorded
from api.commands.asking import ask
from api.commands.bodies import read_object
from api.commands.faults import MalformedRequest, Unfit
from api.commands.preconditions import PreviewNeeded, PreviewStale
from api.commands.recording import Recording
from api.commands.shapes import fields_of, record_shape
from api.doors import Recorder, SignedIn
from api.principal import Principal
from api.problems import language_of
from api.viewing import viewer_for
from domain.decision import NotFound, NotPermitted, Refused
from domain.ids import Evidence
from domain.text import Language, Text
from ledger.ledger import Ledger
from ledger.store import Attachment
from workbooks.confined import read_grid_confined
from workbooks.grid import Grid
from workbooks.roster import read_roster
from workbooks.table_proposal import Proposal
from workbooks.table_register import register
from workbooks.table_roster import plan_roster
from workbooks.table_roster_out import proposal as roster_proposal
from workbooks.table_round import round_facts
from workbooks.table_score_proposal import Extras, score_proposal
from workbooks.write_marked import write_marked

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_ONCE: Final = 2
"""How many workbooks are read at the same time: each takes a process of its own."""


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """What is said of a filled-in Table 3-1: which file it is, and what comes beside it."""

    workbook: Evidence
    ballots: int | None = None
    occurred_on: date | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class RosterTable:
    """What is said of a roster: which file it is, and the day of joining for those whose line has none."""

    workbook: Evidence
    joined: date | None = None


@dataclass(frozen=True, slots=True)
class By:
    """Who asks, in which language."""

    actor: str
    language: Language


Propose = Callable[[Ledger, str, Grid, Any, By], Proposal]


class TablePreview(BaseModel):
    """What a table would do; nothing was written. `confirm_with` is what the confirmation sends back in If-Match."""

    can_be_confirmed: bool
    confirm_with: str | None = Field(examples=['"5f2b…"'])
    preview: dict[str, Any] = Field(description="counts, and each line: new, changed from → to, error, note")
    errors: list[dict[str, str]] = Field(description="cell, and what is wrong with it")


def imports_router(recording: Recording) -> APIRouter:
    """Return the routes of both tables."""
    router = APIRouter(tags=["tables"])
    limiter = CapacityLimiter(AT_ONCE)
    _add(router, _Importing(recording, limiter, "round", ScoreTable, _scores), "rounds/{round}/score-imports")
    _add(router, _Importing(recording, limiter, "branch", RosterTable, _roster), "branches/{branch}/roster-imports")
    return router


@dataclass(frozen=True, slots=True)
class _Importing:
    """One kind of table: what it is about (a field of the URL), what is said of it, and how it is proposed."""

    recording: Recording
    limiter: CapacityLimiter
    about: str
    said: type
    propose: Propose

    async def read(self, request: Request, principal: Principal) -> "_Read":
        """Return the table and what it comes to, for who may see what is recorded there."""
        said = _said(self.said, await read_object(request))
        by = By(principal.person, language_of(request))
        key = request.path_params[self.about]
        return await to_thread.run_sync(self._read, said, key, principal, by, limiter=self.limiter)

    def _read(self, said: Any, key: str, principal: Principal, by: By) -> "_Read":  # noqa: ANN401 - either kind
        ledger = self.recording.ledger
        where = {"round_id": key} if self.about == "round" else {"branch": key}
        if not viewer_for(ledger, principal, **where).holds_office:
            raise NotPermitted("not-yours-to-see", _NOT_YOURS)
        found = () if self.recording.uploads is None else self.recording.uploads.named((said.workbook,))
        if not found:
            raise NotFound("workbook-not-here", _NOT_HERE)
        grid = read_grid_confined(found[0].content)
        proposal = self.propose(ledger, key, grid, said, by)
        if proposal.command is not None and not proposal.faults:
            ledger.preview(proposal.command, actor=by.actor, attachments=found)
        return _Read(found[0], grid, proposal)


@dataclass(frozen=True, slots=True)
class _Read:
    workbook: Attachment
    grid: Grid
    proposal: Proposal

    @property
    def tag(self) -> str | None:
        """Return what stands for what was seen; None where there is nothing to confirm."""
        if self.proposal.command is None or self.proposal.faults:
            return None
        seen = msgspec.json.encode([self.workbook.sha256, self.proposal.as_json], order="deterministic")
        return f'"{sha256(seen).hexdigest()[:32]}"'


def _add(router: APIRouter, importing: _Importing, at: str) -> None:
    about = importing.about

    @router.post(f"/api/v1/{at}/preview", operation_id=f"preview-{about}-table", openapi_extra=_body(importing.said))
    async def preview(request: Request, principal: Annotated[Principal, Depends(SignedIn("read"))]) -> TablePreview:
        """Say what a workbook that was sent ahead would do, all errors at once; nothing is written."""
        read = await importing.read(request, principal)
        plain: Mapping[str, Any] = msgspec.to_builtins(read.proposal.as_json)
        errors = [_error(finding, language_of(request)) for finding in read.proposal.faults]
        tag = read.tag
        return TablePreview(can_be_confirmed=tag is not None, confirm_with=tag, preview=dict(plain), errors=errors)

    @router.post(f"/api/v1/{at}/marked", operation_id=f"mark-{about}-table", openapi_extra=_body(importing.said))
    async def marked(request: Request, principal: Annotated[Principal, Depends(SignedIn("read"))]) -> Response:
        """Give the sheet back with the bad cells marked."""
        read = await importing.read(request, principal)
        sheet = await to_thread.run_sync(write_marked, read.grid, read.proposal.faults)
        return Response(sheet, media_type=XLSX)

    @router.post(
        f"/api/v1/{at}/confirmation",
        operation_id=f"confirm-{about}-table",
        status_code=201,
        openapi_extra=_body(importing.said),
    )
    async def confirm(
        request: Request,
        response: Response,
        principal: Recorder,
        if_match: Annotated[str | None, Header(description="`confirm_with` of the preview")] = None,
        idempotency_key: Annotated[str | None, Header()] = None,
    ) -> Recorded:
        """Write what was seen as one batch, whole or not at all; pressed twice it is written once."""
        read = await importing.read(request, principal)
        if read.proposal.faults:
            raise Refused("table-has-errors", _HAS_ERRORS)
        if read.proposal.command is None:
            raise Refused("nothing-new", _NOTHING_NEW)
        if if_match is None:
            raise PreviewNeeded("preview-needed", _LOOK_FIRST)
        if read.tag != if_match:
            raise PreviewStale("preview-stale", _CHANGED)
        key = idempotency_key or f"{if_match}{read.proposal.command_id or ''}"
        receipt = await ask(
            importing.recording.ledger,
            principal,
            read.proposal.command,
            command_id=key,
            attachments=(read.workbook,),
        )
        response.status_code = 200 if receipt.repeated or not receipt.positions else 201
        return recorded(receipt)


def _said(kind: type, body: dict[str, object]) -> Any:  # noqa: ANN401 - either kind
    try:
        return record_shape(fields_of(kind), kind).read(body, "")
    except Unfit as unfit:
        raise MalformedRequest(unfit.faults) from None


def _body(kind: type) -> dict[str, Any]:
    shape = record_shape(fields_of(kind), kind)
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": shape.schema, "example": shape.example}},
        }
    }


def _error(finding: Any, language: Language) -> dict[str, str]:  # noqa: ANN401
    message = f"{finding.message.said_in(language)} {finding.remedy.said_in(language)}"
    return {"field": finding.place, "code": finding.code, "message": message.strip()}


def _scores(ledger: Ledger, key: str, grid: Grid, said: ScoreTable, by: By) -> Proposal:
    extras = Extras(said.ballots, said.occurred_on, said.reason)
    return score_proposal(round_facts(ledger, key), grid, said.workbook, extras, by)


def _roster(ledger: Ledger, key: str, grid: Grid, said: RosterTable, by: By) -> Proposal:
    known = register(ledger, key)
    return roster_proposal(plan_roster(read_roster(grid), known, said.joined), known, said.workbook, by.language)


_NOT_YOURS = Text("导入须由本支部有职务的人办理。", "Tables are imported by those who hold an office there.")
_NOT_HERE = Text(
    "没有收到这个工作簿；请先用 PUT /api/v1/attachments/{sha256} 上传。",
    "The workbook is not here; send it first with PUT /api/v1/attachments/{sha256}.",
)
_HAS_ERRORS = Text(
    "表格有误，什么都没有写入；请改正后重新上传。",
    "The table has errors; nothing was written. Correct it and send it again.",
)
_NOTHING_NEW = Text(
    "没有新的或改动的内容，没有写入。", "There is nothing new and nothing changed; nothing was written."
)
_LOOK_FIRST = Text(
    "请先预览，并在 If-Match 中送回其 confirm_with。", "Preview first, and send its `confirm_with` back in If-Match."
)
_CHANGED = Text(
    "账本在您预览之后有变动，什么都没有写入；请重新预览。",
    "The ledger has changed since you looked and nothing was written; preview again.",
)
