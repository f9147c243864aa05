"""The stored line of text that a fact is: how it is written, and how it is read back.

One JSON object in UTF-8, without line ends, fields in this order:

    position recorded_at clock type actor on_behalf_of command tags nonce data

Bytes are written once and never re-written; whoever verifies hashes them as they stand.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property, lru_cache
from hashlib import sha256
from typing import Any, Union

import msgspec

from domain.decision import NO_DOCUMENTS, Event, Fact
from domain.ids import Document, may_mention
from domain.sealed import Sealed
from ledger.failures import EntryTooLarge
from ledger.schema import INDEXED_CHARACTERS

MAX_ENTRY_BYTES = 65_535
OPAQUE = "dcb:"
"""Before the type of a fact that came through the library's recorder: its data is none of our JSON."""
HASHED = "sha256:"


class Envelope(msgspec.Struct, frozen=True, gc=False):
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


class Said(msgspec.Struct, frozen=True):
    """What a fact takes from an entry; who wants to know whether the rest of it is in order verifies."""

    position: int
    recorded_at: datetime
    type: str
    actor: str
    on_behalf_of: str | None
    command: str
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


@lru_cache(maxsize=4_096)
def indexed(name: str) -> str:
    """Return what stands for a type or a tag in an index: itself, or a hash of what no index of both engines takes.

    A name that looks like such a hash is hashed too, so that no two names share a place.
    """
    if len(name) <= INDEXED_CHARACTERS and "\0" not in name and not name.startswith(HASHED):
        return name
    return HASHED + sha256(name.encode()).hexdigest()


_ENVELOPE = msgspec.json.Decoder(Envelope)
_SAID = msgspec.json.Decoder(Said)
_ENCODE = msgspec.json.Encoder().encode


def read_envelope(entry: bytes | str) -> Envelope:
    """Return the fields of a stored entry; `msgspec.MsgspecError` where it is not one."""
    return _ENVELOPE.decode(entry)


def write_entry(envelope: Envelope) -> bytes:
    """Return the line of text that is stored; `EntryTooLarge` above 65,535 bytes."""
    entry = _ENCODE(envelope)
    if len(entry) > MAX_ENTRY_BYTES:
        raise EntryTooLarge(len(entry), MAX_ENTRY_BYTES)
    return entry


class EventWriter:
    """Writes the data of events; belongs to one thread at a time."""

    def __init__(self, salts: Salts) -> None:
        """Seal words under `salts`."""
        self._salts = salts
        self._sealed: list[SealedValue] = []
        self._encode = msgspec.json.Encoder(enc_hook=self._said_for).encode

    def write(self, event: Event) -> tuple[bytes, tuple[SealedValue, ...]]:
        """Return the event's JSON, and the sealed values whose digests stand in it."""
        self._sealed.clear()
        return self._encode(event), tuple(self._sealed)

    def _said_for(self, value: Any) -> str:  # noqa: ANN401 - whatever msgspec does not know
        if not isinstance(value, Sealed):
            message = f"{type(value).__name__} cannot be stored"
            raise NotImplementedError(message)
        if value.text is None:
            return value.digest
        kept = seal(value.text, self._salts())
        self._sealed.append(kept)
        return kept.digest


def write_data(event: Event, salts: Salts) -> tuple[bytes, tuple[SealedValue, ...]]:
    """Return what a writer of its own writes for one event."""
    return EventWriter(salts).write(event)


def digests_of(event: Event) -> list[str]:
    """Return the digests of the sealed values that an event read from the ledger mentions."""
    found: list[str] = []

    def hook(value: Any) -> str:  # noqa: ANN401
        found.append(value.digest)
        return ""

    msgspec.to_builtins(event, enc_hook=hook)
    return found


Decode = Callable[[bytes | msgspec.Raw], Event]
"""Makes an event of its stored JSON; a `msgspec.MsgspecError` where it cannot."""


class EventReader:
    """Decodes stored events of the known types into their dataclasses."""

    def __init__(self, events: Mapping[str, type[Event]]) -> None:
        """Know `events` by their stored names."""
        self._decoders = _Decoders(events)
        self._kinds: tuple[Any, ...] = tuple(events.values())

    def read(self, name: str, data: bytes | msgspec.Raw) -> Event:
        """Return the event stored as `data` under `name`; a `ForeignEvent` where the name is unknown."""
        return self._decoders[name](data)

    def fact(self, entry: bytes | str) -> Fact:
        """Return the fact in an entry, without the attachments that decisions read."""
        said = _SAID.decode(entry)
        event = self._decoders[said.type](said.data)
        return Fact(said.position, said.recorded_at, said.actor, said.on_behalf_of, event, said.command)

    def facts(self, entries: bytes | str) -> tuple[list[Fact], bool]:
        """Return the facts in a JSON array of entries, as `fact` would, and whether any may name a document.

        All is decoded in one call, the events included. Of known types only: `msgspec.ValidationError` for any other.
        """
        decoded = self._many.decode(entries)
        make = tuple.__new__  # what `Fact` does too, after a call of its own
        facts = [
            make(Fact, (e.position, e.recorded_at, e.actor, e.on_behalf_of, e.event, e.command, NO_DOCUMENTS))
            for e in decoded
        ]
        return facts, not self._naming_documents.isdisjoint(map(type, decoded))

    @cached_property
    def _many(self) -> msgspec.json.Decoder[list[Any]]:
        known = tuple(map(_said_with, self._kinds))
        return msgspec.json.Decoder(list[Union[known]], dec_hook=_read_sealed)  # type: ignore[valid-type]  # noqa: UP007

    @cached_property
    def _naming_documents(self) -> set[type]:
        return {_said_with(kind) for kind in self._kinds if may_mention(kind, (Document,))}

    def decoder(self, name: str) -> Decode | None:
        """Return what makes an event of this name out of its stored data; None where the name is unknown."""
        return self._decoders[name] if name in self._decoders.events else None


class _Decoders(dict[str, Decode]):
    """Decoders by the names of events, each made when it is first asked for; those of unknown names are not kept."""

    def __init__(self, events: Mapping[str, type[Event]]) -> None:
        super().__init__()
        self.events = events

    def __missing__(self, name: str) -> Decode:
        kind = self.events.get(name)
        if kind is None:
            return lambda data: ForeignEvent(name, bytes(data))
        return self.setdefault(name, msgspec.json.Decoder(kind, dec_hook=_read_sealed).decode)


@cache
def _said_with(kind: Any) -> type[msgspec.Struct]:  # noqa: ANN401 - "type[Event]" would not count as hashable
    """Return what is said in the entries of one type, with the event already made of its data."""
    fields: dict[str, Any] = {each.name: each.type for each in msgspec.structs.fields(Said)}
    del fields["type"], fields["data"]
    return msgspec.defstruct(
        kind.__name__,
        [*fields.items(), ("event", kind)],
        tag_field="type",
        tag=kind.NAME,
        rename={"event": "data"},
        frozen=True,
        gc=False,
    )


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
