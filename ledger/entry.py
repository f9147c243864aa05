"""The stored line of text that a fact is: how it is written, and how it is read back.

One JSON object in UTF-8, without line ends, fields in this order:

    position recorded_at clock type actor on_behalf_of command tags nonce data

Bytes are written once and never re-written; whoever verifies hashes them as they stand.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from domain.decision import Event, Fact
from domain.sealed import Sealed
from ledger.failures import EntryTooLarge
from ledger.schema import INDEXED_CHARACTERS

MAX_ENTRY_BYTES = 65_535
OPAQUE = "dcb:"
"""Before the type of a fact that came through the library's recorder: its data is none of our JSON."""
HASHED = "sha256:"


class Envelope(msgspec.Struct, frozen=True):
    """An entry's fields, with `data` still in the bytes that were stored."""

    position: int
    recorded_at: datetime
    clock: datetime
    type: str
    actor: str
    on_behalf_of: str | None
    command: str
    tags: tuple[str, ...]
    nonce: str
    data: msgspec.Raw


class Opaque(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The data of a fact that came through the library's recorder (base64 in JSON)."""

    opaque: bytes


@dataclass(frozen=True, slots=True)
class SealedValue:
    """The words behind a digest: `digest = SHA-256(salt ‖ UTF-8 words)`, both in hex."""

    digest: str
    salt: str
    value: str


@dataclass(frozen=True, slots=True)
class ForeignEvent(Event):
    """An event of a type that this version of the program does not know; `data` is its JSON."""

    NAME = "foreign"
    type: str
    data: bytes


Salts = Callable[[], bytes]
"""A source of 16 random bytes per call."""


def seal(words: str, salt: bytes) -> SealedValue:
    """Return the digest of `words` under `salt` (16 random bytes) together with both."""
    return SealedValue(sealed_digest(words, salt.hex()), salt.hex(), words)


def sealed_digest(words: str, salt: str) -> str:
    """Return SHA-256(salt ‖ words) in hex; `salt` is hex."""
    return sha256(bytes.fromhex(salt) + words.encode()).hexdigest()


def is_opaque(kind: str) -> bool:
    """Return whether facts of this type came through the library's recorder."""
    return kind.startswith(OPAQUE)


def indexed(name: str) -> str:
    """Return what stands for a type or a tag in an index: itself, or a hash of what no index of both engines takes.

    A name that looks like such a hash is hashed too, so that no two names share a place.
    """
    if len(name) <= INDEXED_CHARACTERS and "\0" not in name and not name.startswith(HASHED):
        return name
    return HASHED + sha256(name.encode()).hexdigest()


_ENVELOPE = msgspec.json.Decoder(Envelope)
_ENCODER = msgspec.json.Encoder()


def read_envelope(entry: bytes | str) -> Envelope:
    """Return the fields of a stored entry; `msgspec.MsgspecError` where it is not one."""
    return _ENVELOPE.decode(entry)


def write_entry(envelope: Envelope) -> bytes:
    """Return the line of text that is stored; `EntryTooLarge` above 65,535 bytes."""
    entry = _ENCODER.encode(envelope)
    if len(entry) > MAX_ENTRY_BYTES:
        raise EntryTooLarge(len(entry), MAX_ENTRY_BYTES)
    return entry


def write_data(event: Event, salts: Salts) -> tuple[bytes, tuple[SealedValue, ...]]:
    """Return the event's JSON, and the sealed values whose digests stand in it."""
    sealed: list[SealedValue] = []

    def hook(value: Any) -> str:  # noqa: ANN401 - whatever msgspec does not know
        if not isinstance(value, Sealed):
            message = f"{type(value).__name__} cannot be stored"
            raise NotImplementedError(message)
        if value.text is None:
            return value.digest
        kept = seal(value.text, salts())
        sealed.append(kept)
        return kept.digest

    return msgspec.json.encode(event, enc_hook=hook), tuple(sealed)


def digests_of(event: Event) -> list[str]:
    """Return the digests of the sealed values that an event read from the ledger mentions."""
    found: list[str] = []

    def hook(value: Any) -> str:  # noqa: ANN401
        found.append(value.digest)
        return ""

    msgspec.to_builtins(event, enc_hook=hook)
    return found


class EventReader:
    """Decodes stored events of the known types into their dataclasses."""

    def __init__(self, events: Mapping[str, type[Event]]) -> None:
        """Know `events` by their stored names."""
        self._events = events
        self._decoders: dict[str, msgspec.json.Decoder[Event]] = {}

    def knows(self, name: str) -> bool:
        """Return whether events of this name can be decoded."""
        return name in self._events

    def read(self, name: str, data: bytes | msgspec.Raw) -> Event:
        """Return the event stored as `data` under `name`; a `ForeignEvent` where the name is unknown."""
        decoder = self._decoders.get(name) or self._prepare(name)
        return ForeignEvent(name, bytes(data)) if decoder is None else decoder.decode(data)

    def fact(self, envelope: Envelope) -> Fact:
        """Return the fact in an envelope, without the attachments that decisions read."""
        return Fact(
            position=envelope.position,
            recorded_at=envelope.recorded_at,
            actor=envelope.actor,
            on_behalf_of=envelope.on_behalf_of,
            event=self.read(envelope.type, envelope.data),
            command_id=envelope.command,
        )

    def _prepare(self, name: str) -> "msgspec.json.Decoder[Event] | None":
        if name not in self._events:
            return None
        decoder = msgspec.json.Decoder(self._events[name], dec_hook=_read_sealed)
        self._decoders[name] = decoder
        return decoder


def _read_sealed(kind: type, value: Any) -> Any:  # noqa: ANN401 - msgspec's hook
    if kind is Sealed and isinstance(value, str):
        return Sealed(digest=value)
    message = f"{kind.__name__} cannot be read"
    raise NotImplementedError(message)


def words_hook(kind: type, value: Any) -> Any:  # noqa: ANN401 - msgspec's hook
    """Return `Sealed` words from plain text: how commands, unlike events, are read."""
    if kind is Sealed and isinstance(value, str):
        return Sealed(text=value)
    message = f"{kind.__name__} cannot be read"
    raise NotImplementedError(message)
