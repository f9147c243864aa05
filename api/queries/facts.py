"""The feed of facts: pages by position, a stream of server-sent events, and one fact with its proof (I4, A1)."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Annotated, Final

import anyio
import msgspec
from fastapi import APIRouter, Header, Path, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from api.queries.beside import Beside
from api.queries.desk import PRIVATE, After, Answering, Asked, Desk, Limit, Question, sent
from api.queries.proofs import InclusionTold, inclusion, signed_receipt
from api.queries.schemas import described, sends, shows
from domain.decision import NotFound, NotPermitted, Refused
from domain.text import Text
from projections.answers.auditing import NoteTold, as_told, notes_of
from projections.answers.facts import FactTold, facts_told
from projections.told import encoded

PAGE: Final = 200
"""How many facts of a stream are read at once."""
LOOK_AGAIN_SECONDS: Final = 0.5
QUIET_SECONDS: Final = 15.0
"""After how long without a fact a stream says that it is still there."""
EVENTS: Final = "text/event-stream"
Position = Annotated[int, Path(ge=1, lt=10**15, examples=[120])]


class FactShown(msgspec.Struct, frozen=True):
    """One fact: as it is stored, in one sentence, and the proof that it is in the tree."""

    fact: FactTold
    note: NoteTold | None
    inclusion: InclusionTold


def facts_router(answering: Answering, beside: Beside) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/api/v1/facts", tags=["facts"])

    @router.get("", **shows("listFacts", list[FactTold]))
    def feed(asked: Asked, after: After = 0, limit: Limit = 100) -> Response:
        """Return facts as they are stored, in the one order; of what the reader may not see, that it is there."""
        with answering.desk(asked) as desk:
            found = list(islice(facts_told(desk.ledger, desk.curtain, after, min(desk.upto, after + limit)), limit))
            more = bool(found) and found[-1].position < desk.upto
            return desk.page(found, {"after": found[-1].position} if more else {})

    @router.get("/stream", **described("streamFacts", {EVENTS: {}}))
    async def stream(
        asked: Asked,
        after: After = 0,
        last_event_id: Annotated[str | None, Header(description="where the stream before this one ended")] = None,
    ) -> StreamingResponse:
        """Send facts as they are recorded, as server-sent events; their ids are positions, for `Last-Event-ID`."""
        begin = int(last_event_id) if last_event_id and _is_position(last_event_id) else after
        # Asked once before the answer begins: after that, a refusal could not be answered any more.
        found = await run_in_threadpool(_new, answering, asked, begin)
        return StreamingResponse(
            _events(answering, beside, asked, begin, found), media_type=EVENTS, headers={"Cache-Control": PRIVATE}
        )

    @router.get("/{position}", **shows("readFact", FactShown))
    def one(position: Position, asked: Asked) -> Response:
        """Return one fact as it is stored, in one sentence, with its leaf hash and the proof that it is in the tree."""
        with _at(answering, asked, position) as (desk, told):
            facts = desk.ledger.read(after=position - 1, upto=position)
            notes = [as_told(each) for each in notes_of(facts, None, desk.curtain, desk.upto)]
            proof = inclusion(desk.ledger, position, desk.upto)
            return desk.tell(FactShown(told, notes[0] if notes else None, proof))

    @router.get("/{position}/receipt", **sends("readReceipt", "text/plain"))
    def receipt(position: Position, asked: Asked) -> Response:
        """Return a receipt that a fact is in the ledger, for anybody to check without it (tlog-proof; M5)."""
        with _at(answering, asked, position) as (desk, told):
            if told.entry is None:
                raise NotPermitted("withheld", _WITHHELD)
            content = signed_receipt(desk.ledger, beside.signer, position)
            return sent(asked, content, "text/plain; charset=utf-8")

    return router


@contextmanager
def _at(answering: Answering, asked: Question, position: int) -> Iterator[tuple[Desk, FactTold]]:
    with answering.desk(asked) as desk:
        told = next(facts_told(desk.ledger, desk.curtain, position - 1, position), None)
        if told is None or position > desk.upto:
            raise NotFound("unknown-fact", _no_fact(position))
        yield desk, told


async def _events(
    answering: Answering, beside: Beside, asked: Question, after: int, found: list[FactTold]
) -> AsyncIterator[bytes]:
    """Yield the facts found after a position, then each new one, until the server ends or it has lasted enough.

    Ends as well where the reader may read no longer: when he asks again he is told why.
    """
    until, quiet = time.monotonic() + beside.stream_seconds, time.monotonic()
    yield b"retry: 2000\n\n"
    while True:
        for each in found:
            after = each.position
            yield f"id: {after}\nevent: fact\ndata: {encoded(each).decode()}\n\n".encode()
        if beside.stopping.is_set() or (not found and time.monotonic() >= until):
            return
        if found:
            quiet = time.monotonic()
        else:
            if time.monotonic() - quiet >= QUIET_SECONDS:
                yield b": here\n\n"
                quiet = time.monotonic()
            await anyio.sleep(LOOK_AGAIN_SECONDS)
        try:
            found = await run_in_threadpool(_new, answering, asked, after)
        except Refused:
            return


def _new(answering: Answering, asked: Question, after: int) -> list[FactTold]:
    """Return the next facts, as the reader may see them at this moment: an office that ended since opens nothing."""
    with answering.desk(asked) as desk:
        return list(facts_told(desk.ledger, desk.curtain, after, min(desk.upto, after + PAGE)))


def _is_position(words: str) -> bool:
    return words.isascii() and words.isdigit() and len(words) < len(str(10**15))


_WITHHELD = Text(
    "这条事实不向您出示，也就不能给出回执；当事人可自行索取。",
    "This fact is not shown to you, so there is no receipt of it for you; whom it concerns may ask.",
)


def _no_fact(position: int) -> Text:
    return Text(f"没有第 {position} 条事实；请核对。", f"There is no fact {position}; check.")
