"""Which keys sign for the ledger, from when on, and who outside holds which checkpoint of it (design §4).

Nothing here verifies a signature: what a key is worth is told by whoever verifies, from these facts and from the keys
that he was given himself. A handover is a checkpoint that says `successor KEY` and is signed by both keys; here it is
only read as far as to keep a wrong file, and a key that has ended, out of the record.
"""

import base64
import binascii
import re
import typing
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, assert_never

from domain.appointments import Offices
from domain.decision import (
    Command,
    Conflict,
    Context,
    Event,
    Fact,
    Refused,
    State,
    command,
    deciders,
    event,
    members_of,
)
from domain.ids import Document, Evidence
from domain.refusals import not_in_future, unless_same
from domain.roles import OPERATOR
from domain.text import Text

Holding = Literal["witness", "notice", "auditor", "time_stamp", "other"]
"""Another installation that cosigned it; a paper that hangs; an auditor's folder; a time-stamping authority."""

SUCCESSOR = "successor "
_KEY = re.compile(r"[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}")
_ROOT = re.compile(r"[0-9a-f]{64}")
_KEY_ID_BYTES = 4

# commands


@command("announce-key", roles=(OPERATOR,), at="log-keys", reach="decide", grave=True)
class AnnounceKey(Command):
    """Enter that a key signs for the ledger; `handover`: the checkpoint by which the key before handed over to it.

    Without a handover, after another key, whoever verifies is told so until he trusts the new key by himself.
    """

    key: str
    since: date
    decided_by: str
    handover: Document | None = None


@command("retire-key", roles=(OPERATOR,), at="log-key-retirements", reach="decide", grave=True)
class RetireKey(Command):
    """Enter that a key signs no more: what it signed counts up to a checkpoint of so many facts, and nothing after."""

    key: str
    last_size: int
    why: str
    decided_by: str


@command("record-anchor", roles=(OPERATOR,), at="anchors")
class RecordAnchor(Command):
    """Enter that somebody outside holds a checkpoint: origin, number of facts, root (hex); `copy`: the thing itself."""

    origin: str
    size: int
    root: str
    kind: Holding
    held_by: str
    since: date
    copy: Evidence | None = None


# events


@event("anchoring.KeyAnnounced.v1")
class KeyAnnounced(Event):
    """A key signs for the ledger since a day; with `handover`, the key before said so itself."""

    key: str
    since: date
    decided_by: str
    handover: Document | None


@event("anchoring.KeyRetired.v1")
class KeyRetired(Event):
    """What a key signed counts up to a checkpoint of `last_size` facts."""

    key: str
    last_size: int
    why: str
    decided_by: str


@event("anchoring.AnchorRecorded.v1")
class AnchorRecorded(Event):
    """Somebody outside holds the checkpoint of the first `size` facts."""

    origin: str
    size: int
    root: str
    kind: Holding
    held_by: str
    since: date
    copy: Evidence | None


KeyEvent = KeyAnnounced | KeyRetired
AnchoringEvent = KeyAnnounced | KeyRetired | AnchorRecorded


# states


@dataclass(slots=True)
class LogKeys(State):
    """The keys that were announced and retired, and the ids of those that have handed over."""

    EVENTS = members_of(KeyEvent)
    announced: dict[str, KeyAnnounced] = field(default_factory=dict)
    retired: dict[str, KeyRetired] = field(default_factory=dict)
    handed_over: set[str] = field(default_factory=set)

    def evolve(self, fact: Fact) -> None:
        """Take one more announcement or retirement into account."""
        happened = typing.cast("KeyEvent", fact.event)
        match happened:
            case KeyAnnounced():
                self.announced[happened.key] = happened
                if happened.handover is not None:
                    signers = _signers(_lines(fact.document(happened.handover)))
                    self.handed_over |= signers - {key_id(happened.key)}
            case KeyRetired():
                self.retired[happened.key] = happened
            case _:
                assert_never(happened)

    def has_ended(self, identity: str) -> bool:
        """Return whether the key with this id was retired or has handed over."""
        return identity in self.handed_over or identity in map(key_id, self.retired)


@dataclass(slots=True)
class Anchors(State):
    """Every anchor that was recorded."""

    EVENTS = (AnchorRecorded,)
    recorded: list[AnchorRecorded] = field(default_factory=list)

    def evolve(self, fact: Fact) -> None:
        """Take one more anchor into account."""
        self.recorded.append(typing.cast("AnchorRecorded", fact.event))


# deciders


def announce_key(asked: AnnounceKey, context: Context, keys: LogKeys, offices: Offices) -> list[Event]:
    """Record a key once; a handover must name it, be signed by it, and come from no key that has ended."""
    offices.require(asked, context)
    _require_key(asked.key)
    not_in_future(asked.since, context)
    known = keys.announced.get(asked.key)
    if known is not None and (known.handover == asked.handover or known.handover is not None):
        return unless_same(_same(known, asked), Conflict("already-announced", _already_announced(asked.key)))
    if keys.has_ended(key_id(asked.key)):
        raise Refused("key-ended", _ended(asked.key))
    if keys.announced and _name(asked.key) not in map(_name, keys.announced):
        raise Refused("another-origin", _another_origin(asked.key))
    if asked.handover is not None:
        _require_handover(asked.key, context.documents[asked.handover], keys)
    return [
        KeyAnnounced(key=asked.key, since=asked.since, decided_by=asked.decided_by.strip(), handover=asked.handover)
    ]


def retire_key(asked: RetireKey, context: Context, keys: LogKeys, offices: Offices) -> list[Event]:
    """Record once up to which checkpoint a key's signatures count."""
    offices.require(asked, context)
    _require_key(asked.key)
    if asked.last_size < 0:
        raise Refused("no-size", _NO_SIZE)
    retired = KeyRetired(key=asked.key, last_size=asked.last_size, why=asked.why, decided_by=asked.decided_by)
    known = keys.retired.get(asked.key)
    if known is not None:
        return unless_same(known == retired, Conflict("already-retired", _already_retired(known)))
    return [retired]


def record_anchor(asked: RecordAnchor, context: Context, anchors: Anchors, offices: Offices) -> list[Event]:
    """Record an anchor once, also one that the ledger contradicts: that is what it is kept for."""
    offices.require(asked, context)
    not_in_future(asked.since, context)
    if asked.size < 0:
        raise Refused("no-size", _NO_SIZE)
    if not _ROOT.fullmatch(asked.root):
        raise Refused("malformed-root", _MALFORMED_ROOT)
    if not asked.origin.strip() or not asked.held_by.strip():
        raise Refused("holder-missing", _HOLDER_MISSING)
    recorded = AnchorRecorded(
        origin=asked.origin,
        size=asked.size,
        root=asked.root,
        kind=asked.kind,
        held_by=asked.held_by,
        since=asked.since,
        copy=asked.copy,
    )
    return [] if recorded in anchors.recorded else [recorded]


DECIDERS = deciders(announce_key, retire_key, record_anchor)


# keys and handovers, as far as they can be read without arithmetic


def key_id(key: str) -> str:
    """Return the id in the middle of a public key: eight hex digits."""
    return key.split("+")[1]


def _name(key: str) -> str:
    return key.split("+", maxsplit=1)[0]


def _require_key(key: str) -> None:
    if not _KEY.fullmatch(key):
        raise Refused("malformed-key", _MALFORMED_KEY)


def _require_handover(key: str, document: bytes, keys: LogKeys) -> None:
    lines = _lines(document)
    signers = _signers(lines)
    others = signers - {key_id(key)}
    if f"{SUCCESSOR}{key}" not in lines or key_id(key) not in signers or not others:
        raise Refused("no-handover", _no_handover(key))
    if any(map(keys.has_ended, others)):
        raise Refused("key-ended", _ended(", ".join(sorted(others))))


def _lines(document: bytes) -> list[str]:
    return document.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")


def _signers(lines: list[str]) -> set[str]:
    """Return the ids of the keys that the signature lines of a note name, whether or not they have signed."""
    encoded = [line.rsplit(" ", 1)[-1] for line in lines if line.startswith("— ")]
    return {found for each in encoded if (found := _id_in(each)) is not None}


def _id_in(encoded: str) -> str | None:
    try:
        return base64.b64decode(encoded)[:_KEY_ID_BYTES].hex()
    except (binascii.Error, ValueError):
        return None


def _same(known: KeyAnnounced, asked: AnnounceKey) -> bool:
    return (known.since, known.decided_by, known.handover) == (asked.since, asked.decided_by.strip(), asked.handover)


# words

_MALFORMED_KEY = Text(
    "公钥应为「名称+八位十六进制+Base64」一行，如 checkpoint --vkey 所示。",
    "A public key is one line, name+8 hex digits+Base64, as checkpoint --vkey prints it.",
)
_MALFORMED_ROOT = Text(
    "树根应为 64 位小写十六进制，如 verify 所示。", "A root has 64 hex digits in small letters, as verify prints it."
)
_NO_SIZE = Text("请写明检查点覆盖多少条事实。", "Say how many facts the checkpoint covers.")
_HOLDER_MISSING = Text("请写明账本名称（origin）和由谁保存。", "Say the log's origin, and who holds the checkpoint.")


def _no_handover(key: str) -> Text:
    return Text(
        f"该文件不是把签署权移交给 {key} 的检查点；请使用 signer rotate 给出的文件。",
        f"The file is no checkpoint that hands over to {key}; use the one that signer rotate printed.",
    )


def _ended(keys: str) -> Text:
    return Text(
        f"密钥 {keys} 已停用或已移交，不能再签署或移交；如属误登，请换新密钥。",
        f"The key {keys} was retired or has handed over; it signs and hands over no more. Make a new one.",
    )


def _another_origin(key: str) -> Text:
    return Text(
        f"{key} 的名称与本账本已公布的公钥不同；更换密钥不改名称。",
        f"{key} bears another name than the keys announced so far; a new key keeps the name.",
    )


def _already_announced(key: str) -> Text:
    return Text(
        f"公钥 {key} 已公布，内容不同；请查看历史。",
        f"The key {key} was announced with other details; see the history.",
    )


def _already_retired(known: KeyRetired) -> Text:
    return Text(
        f"该密钥已停用，签署只计到 {known.last_size} 条；不能更改。",
        f"The key is retired: what it signed counts up to {known.last_size} facts; that cannot be changed.",
    )
