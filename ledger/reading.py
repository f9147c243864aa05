"""Reading what may have been tampered with: strictly, and never trusting a type."""

import dataclasses
import json
import re
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec

from domain.decision import Event
from domain.ids import ATTACHED, may_mention
from domain.sealed import Sealed
from ledger.asking import Answer
from ledger.entry import EventReader, Opaque, indexed, is_opaque, sealed_digest

MALFORMED = (
    msgspec.MsgspecError,
    NotImplementedError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    RecursionError,
)
"""What decoding anything at all may end in."""

MOST_KINDS = 1_000
"""How many types of fact are remembered: those of other applications have any names."""

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Nonce = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]


class Strict(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """An entry's fields, none too many and none missing; `data` still in the bytes that were stored."""

    position: int
    recorded_at: Instant
    clock: Instant
    type: str
    actor: str
    on_behalf_of: str | None
    command: str
    tags: tuple[str, ...]
    nonce: str
    data: msgspec.Raw


class _Nonce(msgspec.Struct):
    """The nonce again, with the pattern that is dear to match for each entry of a ledger in order."""

    nonce: Nonce


ReadFact = tuple[int, Strict, Event | None]
"""Where a fact is stored, its fields, and its event; None where that could not be read, or where its data is opaque."""

_STRICT = msgspec.json.Decoder(Strict)
_ENCODER = msgspec.json.Encoder()
_NONCES = re.compile("[0-9a-f]*")
_NONCE_CHARACTERS = 32
_OPAQUE = msgspec.json.Decoder(Opaque)
_ANSWER = msgspec.json.Decoder(Answer)


class Malformed(Exception):  # noqa: N818 - becomes a finding
    """An entry that the ledger did not write; the message says why."""


def read_strictly(raw: bytes) -> Strict:
    """Return an entry's fields; `Malformed` unless it is one line of UTF-8 JSON with exactly these fields in order."""
    try:
        raw.decode()
        strict = _STRICT.decode(raw)
        msgspec.convert({"nonce": strict.nonce}, _Nonce)
    except MALFORMED as error:
        raise Malformed(str(error)) from None
    if _ENCODER.encode(strict) != raw:
        _require_exact_fields(raw)
    return strict


def read_as_written(entries: Sequence[bytes]) -> list[Strict] | None:
    """Return the fields of many entries, or None unless each is, to the byte, as this version writes it.

    What is here is also what `read_strictly` returns; what is not is for that to judge. May raise one of `MALFORMED`.
    """
    envelopes = list(map(_STRICT.decode, entries))
    nonces = [envelope.nonce for envelope in envelopes]
    sound = set(map(len, nonces)) <= {_NONCE_CHARACTERS} and _NONCES.fullmatch("".join(nonces))
    return envelopes if sound and list(map(_ENCODER.encode, envelopes)) == entries else None


def _require_exact_fields(raw: bytes) -> None:
    """Whatever else wrote it (another version, other escapes): no field twice, none out of place, no line end."""
    if b"\n" in raw:
        message = "line end"
        raise Malformed(message)
    names: list[str] = []
    try:
        json.loads(raw, object_pairs_hook=lambda pairs: names.__setitem__(slice(None), [name for name, _ in pairs]))
    except MALFORMED as error:
        raise Malformed(str(error)) from None
    if tuple(names) != Strict.__struct_fields__:
        message = f"fields {', '.join(names)}"
        raise Malformed(message)


def read_answer(stored: object) -> Answer | None:
    """Return the answer kept beside a command id, or None where it is none."""
    if not isinstance(stored, str):
        return None
    try:
        answer = _ANSWER.decode(stored)
    except MALFORMED:
        return None
    return None if answer.recorded_at.tzinfo is None else answer


def read_instant(text: object) -> datetime | None:
    """Return a column's time, which a cast has made text, in UTC; None where it is none."""
    try:
        instant = datetime.fromisoformat(str(text))
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def fits(digest: str, salt: object, value: object) -> bool:
    """Return whether words and salt are those behind a digest."""
    try:
        return isinstance(salt, str) and isinstance(value, str) and sealed_digest(value, salt) == digest
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Kind:
    """What there is to know of a type of fact before any is read."""

    indexed: str
    """What stands for it in the index."""
    read: Callable[[bytes | msgspec.Raw], Event | None]
    """Makes an event of its data, None where that is opaque; one of `MALFORMED` where it cannot be read."""
    seals: bool = False
    attaches: bool = False


class Reader:
    """Reads the events of a catalogue out of entries that may be anything."""

    def __init__(self, events: Mapping[str, type[Event]]) -> None:
        """Know `events` by their stored names."""
        self._events = events
        self._reader = EventReader(events)
        self._kinds: dict[str, Kind] = {}

    def kind(self, name: str) -> Kind | None:
        """Return what is known of the facts of a type, None where they cannot be read."""
        return self._kinds.get(name) or self._learn(name)

    def envelope_in(self, entry: object) -> Strict | None:
        """Return the envelope in a stored entry, or None."""
        if not isinstance(entry, str):
            return None
        try:
            return read_strictly(entry.encode("utf-8", "surrogateescape"))
        except Malformed:
            return None

    def event_in(self, entry: object) -> Event | None:
        """Return the event of a known type in a stored entry, or None."""
        envelope = self.envelope_in(entry)
        decode = None if envelope is None else self._reader.decoder(envelope.type)
        if envelope is None or decode is None:
            return None
        try:
            return decode(envelope.data)
        except MALFORMED:
            return None

    def _learn(self, name: str) -> Kind | None:
        if is_opaque(name):
            kind = Kind(indexed(name), _read_opaque)
        elif (decode := self._reader.decoder(name)) is not None:
            event = self._events[name]
            kind = Kind(indexed(name), decode, may_hold(event, Sealed), may_mention(event, ATTACHED))
        else:
            return None
        if len(self._kinds) < MOST_KINDS:
            self._kinds[name] = kind
        return kind


def _read_opaque(data: bytes | msgspec.Raw) -> None:
    _OPAQUE.decode(data)


def may_hold(hint: Any, wanted: type) -> bool:  # noqa: ANN401 - a type in any of its forms
    """Return whether a value of this type could hold one of `wanted`, whatever it is nested in."""
    if dataclasses.is_dataclass(hint):
        return any(may_hold(each, wanted) for each in typing.get_type_hints(hint).values())
    return hint is wanted or any(may_hold(part, wanted) for part in typing.get_args(hint))
