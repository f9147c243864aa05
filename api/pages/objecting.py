"""Objecting to a line of a notice while it hangs: choose, say why, hand in; the receipt has a deadline (M4)."""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from api.commands.asking import ask
from api.doors import Reader, Recorder
from api.journal import note_refusal
from api.pages.rounds import frame_of
from api.pages.site import Site, Visit
from api.principal import Principal
from domain.decision import Refused
from domain.ids import Evidence, ObjectionId, PersonId, RoundId
from domain.objections import FileObjection, Objections
from domain.sealed import Sealed
from domain.text import Text
from ledger.attachable import BY_MEDIA_TYPE, MOST_BYTES, MOST_MEGABYTES
from ledger.ledger import Receipt
from ledger.store import Attachment
from projections.folding import folded
from projections.notice_board import NOTICE_BOARD, PostedLine, PostedNotice, posted_notices
from projections.stars import STARS

KEY_BYTES: Final = 18
LONGEST: Final = 4000
Words = Annotated[str, Form(max_length=LONGEST)]
PICTURES: Final = "image/jpeg,image/png,application/pdf"


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody filled in; it stands in the form again where something was wrong with it (S12)."""

    about: str = ""
    statement: str = ""
    how: str = "openly"
    key: str = ""


def objecting_router(site: Site) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/rounds/{round_id}/object")
    def form(round_id: str, request: Request, reader: Reader, about: str = "") -> Response:
        """Ask to which line somebody objects, and why."""
        return _form(site, request, reader, round_id, Filled(about, key=secrets.token_urlsafe(KEY_BYTES)), None)

    @router.post("/rounds/{round_id}/object")
    async def hand_in(  # noqa: PLR0913 - the fields of the form
        round_id: str,
        request: Request,
        recorder: Recorder,
        about: Words,
        statement: Words,
        key: Words,
        how: Words = "openly",
        photo: Annotated[UploadFile | None, File()] = None,
    ) -> Response:
        """Hand the objection in; asked again under the same key it happens once."""
        filled = Filled(about, statement, how, key)
        try:
            attached = await _attached(photo)
            command = _objection(round_id, recorder, filled, attached)
            receipt = await ask(site.ledger, recorder, command, attachments=attached, command_id=key)
        except Refused as refused:
            note_refusal(request, refused)
            return await run_in_threadpool(_form, site, request, recorder, round_id, filled, refused)
        return await run_in_threadpool(_receipt, site, request, recorder, command, receipt)

    return router


def _form(  # noqa: PLR0913 - what a form is shown with
    site: Site, request: Request, principal: Principal, round_id: str, filled: Filled, refused: Refused | None
) -> Response:
    with site.visit(request, principal, STARS.name, NOTICE_BOARD.name, round_id=round_id) as visit:
        content = {
            "round": frame_of(visit, round_id),
            "lines": _open_lines(visit, round_id),
            "filled": filled,
            "errors": [] if refused is None else [(_FIELDS.get(refused.code), refused.why)],
            "pictures": PICTURES,
            "megabytes": MOST_MEGABYTES,
        }
        status = HTTPStatus.OK if refused is None else HTTPStatus.UNPROCESSABLE_ENTITY
        return visit.page("objecting/form.html", content, status=status)


def _open_lines(visit: Visit, round_id: str) -> list[tuple[PostedNotice, PostedLine]]:
    """Return the lines in whose window one can object at this moment."""
    hanging = [each for each in posted_notices(visit.reading, round_id) if each.hangs and each.ends_at is not None]
    current = [each for each in hanging if each.ends_at is not None and visit.now < each.ends_at]
    return [(each, line) for each in visit.curtain.over(current) for line in each.lines if line.replaced_by is None]


def _objection(round_id: str, principal: Principal, filled: Filled, attached: list[Attachment]) -> FileObjection:
    """Return the command; its id follows from the key, so that it is the same one when asked again."""
    confidential = filled.how == "confidential"
    return FileObjection(
        round=RoundId(round_id),
        objection=ObjectionId(f"O-{sha256(filled.key.encode()).hexdigest()[:10]}"),
        about=PersonId(filled.about),
        statement=Sealed(text=filled.statement.strip()),
        objector=None if confidential else principal.person,
        evidence=Evidence(attached[0].sha256) if attached else None,
        confidential=confidential,
    )


async def _attached(photo: UploadFile | None) -> list[Attachment]:
    """Return the photo that was sent along, none where none was; `Refused` for what cannot be kept."""
    if photo is None or not photo.filename:
        return []
    content = await photo.read(MOST_BYTES + 1)
    kind = BY_MEDIA_TYPE.get((photo.content_type or "").lower())
    if kind is None or kind.media_type not in PICTURES.split(",") or not kind.fits(content):
        raise Refused("unknown-kind-of-file", _NO_PICTURE)
    if len(content) > MOST_BYTES:
        raise Refused("too-large", _TOO_LARGE)
    return [Attachment.of(content, kind.media_type)]


def _receipt(site: Site, request: Request, principal: Principal, asked: FileObjection, receipt: Receipt) -> Response:
    with site.visit(request, principal, STARS.name, round_id=asked.round) as visit:
        cases = folded(visit.ledger, Objections, asked.round).cases
        content = {
            "round": frame_of(visit, asked.round),
            "asked": {"objection": asked.objection, "about": asked.about, "confidential": asked.confidential},
            "receipt": {"positions": receipt.positions, "at": receipt.recorded_at, "command": receipt.command_id},
            "accept_by": cases[asked.objection].filed.accept_by,
            "rule_by": cases[asked.objection].filed.rule_by,
        }
        return visit.page("objecting/receipt.html", content, status=HTTPStatus.CREATED)


_FIELDS = {"unknown-kind-of-file": "photo", "too-large": "photo", "malformed-text": "statement"}
"""Which field a refusal is about; others are about the objection as a whole."""
_NO_PICTURE = Text(
    "只能附照片（JPEG、PNG）或 PDF；请重新选择文件。", "Attach a photo (JPEG, PNG) or a PDF; choose again."
)
_TOO_LARGE = Text(
    f"文件超过{MOST_MEGABYTES}MB；请换用较小的照片。",
    f"The file is larger than {MOST_MEGABYTES} MB; choose a smaller one.",
)
