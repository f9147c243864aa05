"""Controls for keys and anchors: one key hands over to the next and is retired; somebody outside holds a checkpoint.

The handover and the anchor are about no facts at all, so that they fit any ledger that this story is part of.
"""

from datetime import date
from hashlib import sha256

from domain.anchoring import (
    AnchorRecorded,
    AnnounceKey,
    KeyAnnounced,
    KeyRetired,
    RecordAnchor,
    RetireKey,
)
from domain.decision import Command, Event
from domain.ids import Document, Evidence, PersonId
from ledger import tree
from ledger.checkpoint import TreeHead
from ledger.handover import sign_handover
from ledger.note import SEED_BYTES, SigningKey

LOG_NAME = "example.org/committee"
FIRST_KEY, NEXT_KEY = (SigningKey(LOG_NAME, bytes([number]) * SEED_BYTES) for number in (1, 2))
HANDOVER = sign_handover(TreeHead(LOG_NAME, 0, tree.EMPTY_ROOT), FIRST_KEY, NEXT_KEY)
HANDOVER_DOCUMENT = Document(sha256(HANDOVER).hexdigest())

_FIRST, _NEXT = str(FIRST_KEY.verifier), str(NEXT_KEY.verifier)
_PAPER = Evidence(sha256(b"a paper").hexdigest())
_SINCE, _ANCHORED = date(2027, 7, 3), date(2027, 7, 5)

ANCHORING_PARTS: tuple[tuple[PersonId, date, tuple[Command, ...]], ...] = (
    (
        PersonId("operator"),
        _ANCHORED,
        (
            AnnounceKey(key=_FIRST, since=_SINCE, decided_by="厂党委"),
            AnnounceKey(key=_NEXT, since=_ANCHORED, decided_by="厂党委", handover=HANDOVER_DOCUMENT),
            RetireKey(key=_FIRST, last_size=0, why="已移交新密钥", decided_by="厂党委"),
            RecordAnchor(
                origin=LOG_NAME,
                size=0,
                root=tree.EMPTY_ROOT.hex(),
                kind="auditor",
                held_by="审计处",
                since=_ANCHORED,
                copy=_PAPER,
            ),
        ),
    ),
)

ANCHORING_EVENTS: tuple[Event, ...] = (
    KeyAnnounced(key=_NEXT, since=_ANCHORED, decided_by="厂党委", handover=HANDOVER_DOCUMENT),
    KeyRetired(key=_FIRST, last_size=0, why="已移交新密钥", decided_by="厂党委"),
    AnchorRecorded(
        origin=LOG_NAME,
        size=0,
        root=tree.EMPTY_ROOT.hex(),
        kind="auditor",
        held_by="审计处",
        since=_ANCHORED,
        copy=_PAPER,
    ),
)
