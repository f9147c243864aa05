"""Proofs for anybody: checkpoints, hash tiles, inclusion and consistency (c2sp.org/tlog-tiles, RFC 6962, RFC 9162).

A leaf says nothing about its entry, which has 16 random bytes; so these stand open, and nothing else of the ledger.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Path, Query, Response

from api.doors import ANYBODY
from api.moments import ViewBehind
from api.queries.beside import Beside
from api.queries.desk import PUBLIC, Answering, AskedByAnybody, sent
from api.queries.schemas import sends, shows
from domain.decision import NotFound, Refused
from domain.text import Text
from ledger import tree
from ledger.key_folder import WillNotSign
from ledger.ledger import Ledger
from ledger.proofs import prove_record, prove_tree
from ledger.proving import receipts_at
from ledger.signer import Signing
from ledger.tiles import tile_at

FOREVER: Final = "public, max-age=31536000, immutable"
WALKS: Final = 2
"""How many proofs are made at a time: each walks over the leaves."""
WAIT_SECONDS: Final = 10.0
Size = Annotated[int, Query(ge=0, lt=10**15, examples=[4286])]


class InclusionTold(msgspec.Struct, frozen=True):
    """That a leaf is among the first `size`: `path` are the hashes (hex) that lead to its root (RFC 9162, 2.1.3)."""

    position: int
    size: int
    leaf: str
    path: list[str]


class ConsistencyTold(msgspec.Struct, frozen=True):
    """That the first `new` facts begin with the first `old` (RFC 9162, 2.1.4)."""

    old: int
    new: int
    path: list[str]


def proofs_router(answering: Answering, beside: Beside) -> APIRouter:
    """Return the routes; they stand open."""
    router = APIRouter(prefix="/api/v1/log", tags=["proofs"], dependencies=[ANYBODY])
    ledger, walking = answering.ledger, _Walking()

    @router.get("/checkpoint", **sends("readCheckpoint", "text/plain"))
    def checkpoint(asked: AskedByAnybody) -> Response:
        """Return the checkpoint that was signed last, with the cosignatures it has (c2sp.org/tlog-checkpoint)."""
        with _signing(beside.signer) as signer:
            return sent(asked, signer.last_signed(), "text/plain; charset=utf-8", cache=PUBLIC)

    @router.get("/key", **sends("readLogKey", "text/plain"))
    def key(asked: AskedByAnybody) -> Response:
        """Return the public key that checkpoints are signed with; trust it only if it came to you another way, too."""
        with _signing(beside.signer) as signer:
            return sent(asked, f"{signer.keys()[0]}\n".encode(), "text/plain; charset=utf-8", cache=PUBLIC)

    @router.get("/tile/{path:path}", **sends("readTile", "application/octet-stream", binary=True))
    def tile(path: Annotated[str, Path(max_length=64, examples=["0/000"])], asked: AskedByAnybody) -> Response:
        """Return a tile of the hash tree; entries are never among them."""
        with walking.turn():
            found = tile_at(path, ledger.head().size, lambda first, last: _leaves(ledger, first, last))
        if found is None:
            raise NotFound("unknown-tile", _NO_TILE)
        return sent(asked, found.as_bytes(), "application/octet-stream", cache=FOREVER)

    @router.get("/proofs/inclusion", **shows("proveInclusion", InclusionTold))
    def included(asked: AskedByAnybody, position: Annotated[int, Query(ge=1, lt=10**15)], size: Size) -> Response:
        """Return the proof that a fact is among the first `size`, without the fact."""
        with answering.desk(asked) as desk, walking.turn():
            _require(size, desk.upto, position)
            return desk.tell(inclusion(ledger, position, size), cache=PUBLIC)

    @router.get("/proofs/consistency", **shows("proveConsistency", ConsistencyTold))
    def consistent(asked: AskedByAnybody, old: Size, new: Size) -> Response:
        """Return the proof that the first `new` facts begin with the first `old`."""
        with answering.desk(asked) as desk, walking.turn():
            _require(new, desk.upto, old)
            path = prove_tree(ledger, old, new) if 0 < old < new else ()
            return desk.tell(ConsistencyTold(old, new, [each.hex() for each in path]), cache=PUBLIC)

    return router


def inclusion(ledger: Ledger, position: int, size: int) -> InclusionTold:
    """Return the proof that the fact at `position` is among the first `size`."""
    proof = prove_record(ledger, position, size)
    return InclusionTold(position, size, proof.leaf.hex(), [each.hex() for each in proof.path])


def signed_receipt(ledger: Ledger, signer: Signing | None, position: int) -> bytes:
    """Return a receipt of a fact; signs a checkpoint first where none covers it. `NotFound` without a signer."""
    with _signing(signer) as signing:
        return receipts_at(ledger, (position,), signing)[position].as_bytes()


class _Walking:
    """Lets only a few at a time walk over all leaves; who waits too long is told to come back."""

    def __init__(self) -> None:
        self._turns = threading.BoundedSemaphore(WALKS)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn; raises `ViewBehind` where there is none for ten seconds."""
        if not self._turns.acquire(timeout=WAIT_SECONDS):
            raise ViewBehind("busy", _BUSY)
        try:
            yield
        finally:
            self._turns.release()


@contextmanager
def _signing(signer: Signing | None) -> Iterator[Signing]:
    if signer is None or not signer.is_born():
        raise NotFound("nothing-signed", _NOTHING_SIGNED)
    try:
        yield signer
    except WillNotSign as refusal:
        raise ViewBehind("will-not-sign", refusal.why) from refusal


def _require(size: int, head: int, first: int) -> None:
    if size > head:
        raise NotFound("position-not-reached", _not_reached(size, head))
    if first > size:
        raise Refused("malformed-range", _BACKWARDS)


def _leaves(ledger: Ledger, first: int, last: int) -> Iterator[bytes]:
    return (tree.leaf_hash(row.entry) for row in ledger.rows(after=first, upto=last))


_NO_TILE = Text("没有这一块哈希树。", "There is no such tile of the tree.")
_BUSY = Text("正在计算的证明太多；请稍后再取。", "Too many proofs are being made; come back in a moment.")
_NOTHING_SIGNED = Text(
    "还没有签署过检查点；请管理员运行 checkpoint。",
    "No checkpoint has been signed yet; the operator runs `checkpoint`.",
)
_BACKWARDS = Text("前一个数应不大于后一个。", "The first number is to be no more than the second.")


def _not_reached(size: int, head: int) -> Text:
    return Text(f"账本只到第{head}条，没有第{size}条。", f"The ledger ends at fact {head}; there is no {size}.")
