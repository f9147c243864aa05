"""Doing something: fill in, see what would be recorded and whom it changes, confirm, keep the receipt (S6, M5).

Nothing is recorded before the second button. The form keeps what was typed whatever is wrong with it, and carries a key
under which the command happens once, however often the button is pressed.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.datastructures import FormData

from api.commands.answers import Recorded
from api.commands.asking import ask
from api.commands.by_hand import RUNS, By
from api.commands.faults import FAULTS, Fault, MalformedRequest
from api.commands.places import PLACES, Place
from api.commands.preconditions import etag, version_of
from api.commands.previews import preview_of
from api.commands.recording import Recording
from api.commands.routes import read_command
from api.doors import FORM_FIELD, NotSteppedUp, Reader, SignedIn
from api.identity.seconding import Pending, WaitsForSecond
from api.pages.doing.command_words import GROUPS, title_of
from api.pages.doing.field_words import label_of
from api.pages.doing.filled import Filled, body_of, files_in
from api.pages.doing.inputs import FILES, ROWS, Input, Offer, inputs_of, new_values
from api.pages.doing.offering import offer_to
from api.pages.site import Site, Visit
from api.principal import Principal
from api.viewing import standing_of
from domain.catalogue import CATALOGUE
from domain.dates import civil_date
from domain.decision import Command, Conflict, NotFound, NotPermitted, Refused
from domain.text import Text
from ledger.ledger import Receipt
from ledger.store import Attachment
from projections.fact_notes import notes_at
from projections.sentences import tell
from projections.stars import STARS, round_frame

KEY_BYTES: Final = 18
STEP, KEY, SEEN, WAITING = "step", "key", "seen", ".waiting"
RECORD, CHANGE = "record", "change"
_NOT_TYPED: Final = frozenset({STEP, SEEN, FORM_FIELD})
WAIT_SECONDS: Final = 5.0
OWN: Final = frozenset(
    {
        "make-commitment", "report-fulfilment", "propose-entry", "record-activity", "reverse-activity", "set-goal",
        "file-objection", "withdraw-objection", "declare-relation", "read-sealed", "request-review",
    }
)  # fmt: skip
"""What somebody may ask for in his own matter, without any office; the decider says whether he may."""
_INDEX: Final = re.compile(r"\[([0-9]+)\]")


@dataclass(frozen=True, slots=True)
class Doing:
    """One command on pages: where it lives, and what it is recorded with."""

    site: Site
    recording: Recording
    place: Place

    @property
    def kind(self) -> type[Command]:
        """Return the command class."""
        return self.place.kind

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Return what is asked for, whatever there is to choose from."""
        return inputs_of(self.place, Offer())


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form asks for: a command, for which body of people, and the files that came along by their inputs."""

    command: Any
    on_behalf_of: str | None
    files: Mapping[str, Sequence[Attachment]]

    @property
    def attached(self) -> tuple[Attachment, ...]:
        """Return the files."""
        return tuple(each for several in self.files.values() for each in several)


def doing_router(site: Site, recording: Recording) -> APIRouter:
    """Return the routes: what one can do, and a form for each."""
    router = APIRouter(include_in_schema=False)

    @router.get("/do")
    def index(request: Request, reader: Reader) -> Response:
        """List what somebody can do by his offices, and in his own matter."""
        standing = standing_of(site.ledger, reader.person)
        offices = {term.role for term in standing.terms}
        with site.visit(request, reader) as visit:
            return visit.page("doing/index.html", {"groups": _offered(offices), "context": _context(request)})

    kinds = {kind.NAME: kind for kind in CATALOGUE.deciders}
    for _, commands in GROUPS:
        for name, _ in commands:
            _add(router, Doing(site, recording, PLACES[kinds[name]]))
    return router


def _offered(offices: set[str]) -> list[tuple[Text, list[tuple[str, Text]]]]:
    kinds = {kind.NAME: kind for kind in CATALOGUE.deciders}
    groups = [
        (
            title,
            [(name, title_of(kinds[name])) for name, _ in commands if name in OWN or offices & set(kinds[name].ROLES)],
        )
        for title, commands in GROUPS
    ]
    return [(title, commands) for title, commands in groups if commands]


def _context(request: Request) -> dict[str, str]:
    return {
        name: value for name, value in request.query_params.items() if name in ("round", "branch", "person", "meeting")
    }


def _add(router: APIRouter, doing: Doing) -> None:
    kind = doing.kind
    comes_in, records = SignedIn("read", step_up=kind.GRAVE), SignedIn(kind.REACH)

    @router.get(f"/do/{kind.NAME}", name=f"form of {kind.NAME}")
    def form(request: Request, principal: Annotated[Principal, Depends(comes_in)]) -> Response:
        today = civil_date(doing.site.ledger.clock.now())
        given = new_values(doing.place, today) | dict(request.query_params) | {KEY: secrets.token_urlsafe(KEY_BYTES)}
        return _form(doing, request, principal, Filled.begun(given))

    @router.post(f"/do/{kind.NAME}", name=f"fill in {kind.NAME}")
    async def fill_in(request: Request, principal: Annotated[Principal, Depends(records)]) -> Response:
        sent = await request.form()
        filled = Filled.of(sent)
        try:
            files = await _files(doing, sent, filled)
            asked = Asked(*_command(doing, filled, files), files)
            if filled.one(STEP) == CHANGE:
                return await run_in_threadpool(_form, doing, request, principal, filled)
            if filled.one(STEP) == RECORD:
                return await _record(doing, request, principal, filled, asked)
            return await run_in_threadpool(_preview, doing, request, principal, filled, asked)
        except WaitsForSecond as waits:
            return await run_in_threadpool(_waits, doing, request, principal, waits.pending)
        except Refused as refused:
            return await run_in_threadpool(_form, doing, request, principal, filled, refused)


async def _files(doing: Doing, sent: FormData, filled: Filled) -> dict[str, list[Attachment]]:
    """Return the files of a form: those that come with it, else those that came when it was looked at before."""
    found = await files_in(sent, doing.inputs)
    uploads = doing.recording.uploads
    if uploads is None:
        return found
    for each in (each for several in found.values() for each in several):
        await run_in_threadpool(uploads.keep, each)
    for asked in doing.inputs:
        if asked.kind == "file" and asked.name not in found:
            again = [uploads.find(name) for name in filled.all(asked.name + WAITING)]
            found |= {asked.name: [each for each in again if each is not None]} if again else {}
    return found


def _command(doing: Doing, filled: Filled, files: Mapping[str, Sequence[Attachment]]) -> tuple[Any, str | None]:
    """Return the command that a form says, and for which body of people; `MalformedRequest` with all that is wrong."""
    body = body_of([each for each in doing.inputs if each.kind != "file"], filled)
    for asked in doing.inputs:
        names = [each.sha256 for each in files.get(asked.name, ())]
        if asked.kind == "file" and names:
            body[asked.name] = names if asked.several else names[0]
    in_url = {each.name: str(body.pop(each.name, "")) for each in doing.place.in_url}
    return read_command(doing.place, body, in_url)


def _form(
    doing: Doing, request: Request, principal: Principal, filled: Filled, refused: Refused | None = None
) -> Response:
    standing = standing_of(doing.site.ledger, principal.person)
    with doing.site.visit(request, principal, STARS.name) as visit:
        round_id, branch = _where(visit, filled)
        content = {
            "name": doing.kind.NAME,
            "title": title_of(doing.kind),
            "inputs": inputs_of(doing.place, offer_to(visit, standing, branch, round_id)),
            "filled": filled,
            "errors": _errors(refused),
            "rows": ROWS,
            "files": FILES,
        }
        status = HTTPStatus.OK if refused is None else _status(refused)
        return visit.page("doing/form.html", content, status=status)


def _where(visit: Visit, filled: Filled) -> tuple[str | None, str | None]:
    """Return the round that a form is about, and the branch, as far as they are known already."""
    round_id = filled.one("round") or None
    frame = round_frame(visit.reading, round_id) if round_id else None
    return (None if frame is None else frame.round), (filled.one("branch") or (frame.branch if frame else None))


def _errors(refused: Refused | None) -> list[tuple[str | None, Text]]:
    if isinstance(refused, MalformedRequest):
        return [(_place_of(fault.field), _said(fault)) for fault in refused.faults]
    return [] if refused is None else [(None, refused.why)]


def _place_of(field: str) -> str | None:
    return _INDEX.sub(r".\1", field) or None


def _said(fault: Fault) -> Text:
    label, words = label_of(_INDEX.sub("", fault.field).rpartition(".")[2]), FAULTS[fault.code]
    known = f" {fault.known}" if fault.known else ""
    return Text(f"{label.zh}：{words.zh}{known}", f"{label.en}: {words.en}{known}")


def _status(refused: Refused) -> HTTPStatus:
    kinds: dict[type, HTTPStatus] = {
        NotPermitted: HTTPStatus.FORBIDDEN,
        Conflict: HTTPStatus.CONFLICT,
        NotFound: HTTPStatus.NOT_FOUND,
    }
    return next((kinds[kind] for kind in type(refused).__mro__ if kind in kinds), HTTPStatus.UNPROCESSABLE_ENTITY)


def _preview(doing: Doing, request: Request, principal: Principal, filled: Filled, asked: Asked) -> Response:
    ledger = doing.site.ledger
    said = {"on_behalf_of": asked.on_behalf_of, "attachments": asked.attached}
    events = ledger.preview(asked.command, actor=principal.person, **said)  # type: ignore[arg-type]
    version = version_of(ledger, asked.command)
    with doing.site.visit(request, principal, STARS.name) as visit:
        content = {
            "name": doing.kind.NAME,
            "title": title_of(doing.kind),
            "sentences": [tell(event, visit.telling) for event in events],
            "effects": preview_of(ledger, events, principal).effects,
            "sent": _sent_again(filled, asked.files, "" if version is None else etag(version)),
        }
        return visit.page("doing/preview.html", content)


def _sent_again(filled: Filled, files: Mapping[str, Sequence[Attachment]], seen: str) -> list[tuple[str, str]]:
    """Return what the confirming form carries: all that was typed, the files that wait, and what had been seen."""
    typed = [(name, each) for name, values in filled.values.items() for each in values if name not in _NOT_TYPED]
    waiting = [(name + WAITING, each.sha256) for name, several in files.items() for each in several]
    return [*typed, *waiting, (SEEN, seen)]


async def _record(doing: Doing, request: Request, principal: Principal, filled: Filled, asked: Asked) -> Response:
    if doing.kind.GRAVE and not principal.stepped_up:
        raise NotSteppedUp("step-up-needed", _PROVE_AGAIN)
    if doing.kind in RUNS:
        receipt, answer = await RUNS[doing.kind](doing.recording, asked.command, By(principal, asked.on_behalf_of))
        if isinstance(answer, Response):
            return answer
        given = answer.model_dump(exclude=set(Recorded.model_fields))
    else:
        receipt = await ask(
            doing.site.ledger,
            principal,
            asked.command,
            on_behalf_of=asked.on_behalf_of,
            attachments=asked.attached,
            command_id=filled.one(KEY) or None,
            if_match=filled.one(SEEN) or None,
        )
        given = {}
    return await run_in_threadpool(_receipt, doing, request, principal, receipt, given)


def _waits(doing: Doing, request: Request, principal: Principal, waiting: Pending) -> Response:
    with doing.site.visit(request, principal) as visit:
        content = {"title": title_of(doing.kind), "expires_at": waiting.expires_at}
        return visit.page("doing/waits.html", content, status=HTTPStatus.ACCEPTED)


def _receipt(
    doing: Doing, request: Request, principal: Principal, receipt: Receipt, given: Mapping[str, Any]
) -> Response:
    doing.recording.follower.keep_up(seconds=WAIT_SECONDS)
    with doing.site.visit(request, principal, STARS.name) as visit:
        notes = notes_at(visit.ledger, receipt.positions, visit.telling)
        content = {
            "name": doing.kind.NAME,
            "title": title_of(doing.kind),
            "receipt": receipt,
            "notes": list(notes.values()),
            "given": given,
        }
        return visit.page("doing/receipt.html", content, status=HTTPStatus.CREATED)


_PROVE_AGAIN = Text(
    "此项须再次验证身份，您的验证已过时。请在另一页打开“再次验证”，完成后回到这里再按一次。",
    "This needs a fresh proof that it is you, and yours is over. Prove it on another page (/step-up), press again.",
)
