"""What stands beside the ledger: an archive to take away, which anybody can check (A8), and how far a box has got.

Without sealed words; with them it is a command, whose fact says that they left (`api/commands`). Either needs a fresh
proof of who asks. Whoever is not shown everything gets the facts that he is shown whole.
"""

import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from api.commands.recording import Recording
from api.doors import SignedIn
from api.principal import Principal
from api.queries.desk import PRIVATE, Answering, Asked, AskedId, Desk, Id, Question, question_of
from api.queries.schemas import described, shows
from domain.ballot_boxes import Box
from domain.decision import NotFound, NotPermitted, Refused
from domain.ids import PersonId, RoundId, tag
from domain.text import Text
from ledger.archive.export import Shows, Wanted, export
from ledger.archive.parts import EVERYTHING
from ledger.ballot_boxes import Status
from projections.disclosed_facts import FactReader
from projections.disclosed_rows import COUNTS
from projections.folding import folded

ZIP = "application/zip"


def _to_export(
    request: Request, principal: Annotated[Principal, Depends(SignedIn("export", step_up=True))]
) -> Question:
    return question_of(request, principal)


Exporting = Annotated[Question, Depends(_to_export)]
"""A question of somebody who takes something away with him."""


def exports_router(answering: Answering, recording: Recording) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/api/v1", tags=["exports"])

    @router.get("/archive", **described("downloadArchive", {ZIP: {"schema": {"type": "string", "format": "binary"}}}))
    def archive(
        asked: Exporting, round_id: Annotated[AskedId, Query(alias="round")] = None, person: AskedId = None
    ) -> Response:
        """Return the ledger, or the facts of a round or a person, as one archive without sealed words."""
        if round_id is not None and person is not None:
            raise Refused("one-of-two", _ONE_OF_TWO)
        with answering.desk(asked) as desk:
            folder = tempfile.TemporaryDirectory(prefix="archive.")
            try:
                written = Path(folder.name) / "archive.zip"
                export(desk.ledger, written, _wanted(desk, round_id, person, recording))
            except BaseException:
                folder.cleanup()
                raise
            sent_whole = BackgroundTask(folder.cleanup)
            name = f"{desk.ledger.ledger_id}.zip"
            headers = {"Cache-Control": PRIVATE}
            return FileResponse(written, media_type=ZIP, filename=name, background=sent_whole, headers=headers)

    return router


def boxes_router(answering: Answering, recording: Recording) -> APIRouter:
    """Return the route that says how far a ballot box has got."""
    router = APIRouter(prefix="/api/v1", tags=["months"])

    @router.get("/rounds/{round_id}/boxes/{box}", **shows("readBoxStatus", Status))
    def status(round_id: Id, box: Id, asked: Asked) -> Response:
        """Return how many sheets went out and came back; never, before the close, what is on them."""
        with answering.desk(asked, round_id=round_id) as desk:
            found = recording.keeper().status(box)
            opened = folded(desk.ledger, Box, box).require_known()
            if opened.round != round_id:
                raise NotFound("unknown-box", _no_box(box))
            disclosures = desk.curtain.disclosures
            withheld = disclosures.scope(opened, disclosures.everywhere()).withheld(COUNTS)
            if withheld is not None:
                raise NotPermitted("withheld", Text(withheld.line("zh"), withheld.line("en")))
            return desk.tell(found)

    return router


def _wanted(desk: Desk, round_id: str | None, person: str | None, recording: Recording) -> Wanted:
    """Return what the reader takes along: everything, or an extract, or what he is shown whole."""
    scope = EVERYTHING if round_id is None else tag(RoundId, round_id)
    scope = scope if person is None else tag(PersonId, person)
    facts, viewer = desk.facts, desk.curtain.disclosures.viewer
    # An officer for whom nothing is his own case takes the whole; otherwise an archive would claim to be complete.
    if facts is None or (viewer.holds_office and all(map(_shows(facts), desk.ledger.read(upto=desk.upto)))):
        return Wanted(scope, checkpoints=recording.checkpoints())
    if scope != EVERYTHING:
        raise NotPermitted("for-office-holders", _EXTRACTS)
    return Wanted(f"audience:reader-{viewer.person}", shows=_shows(facts), checkpoints=recording.checkpoints())


def _shows(facts: FactReader) -> Shows:
    return lambda fact: facts.not_whole(fact) is None


_ONE_OF_TWO = Text("按人或按评定周期摘录，只能选一种。", "Extract either a person's facts or a round's.")
_EXTRACTS = Text(
    "摘录只提供给党委的任职人员和监督员；不加条件即可取得向您出示的内容。",
    "Extracts are for office-holders of the committee and auditors; without a condition you get what you are shown.",
)


def _no_box(box: str) -> Text:
    return Text(f"没有票箱 {box}；请核对编号。", f"There is no box {box}; check the id.")
