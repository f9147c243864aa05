"""Reading what may have been tampered with: strictly, and never trusting a type."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

import msgspec

from domain.decision import Event
from ledger.asking import Answer
from ledger.entry import Envelope, EventReader, Opaque, is_opaque, sealed_digest

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

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Nonce = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]


class _Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    position: int
    recorded_at: Instant
    clock: Instant
    type: str
    actor: str
    on_behalf_of: str | None
    command: str
    tags: tuple[str, ...]
    nonce: Nonce
    data: msgspec.Raw


_STRICT = msgspec.json.Decoder(_Envelope)
_OPAQUE = msgspec.json.Decoder(Opaque)
_ANSWER = msgspec.json.Decoder(Answer)


class Malformed(Exception):  # noqa: N818 - becomes a finding
    """An entry that the ledger did not write; the message says why."""


def read_strictly(raw: bytes) -> Envelope:
    """Return an entry's fields; `Malformed` unless it is one line of UTF-8 JSON with exactly these fields in order."""
    try:
        raw.decode()
        strict = _STRICT.decode(raw)
    except MALFORMED as error:
        raise Malformed(str(error)) from None
    envelope = Envelope(*(getattr(strict, name) for name in Envelope.__struct_fields__))
    if msgspec.json.encode(envelope) != raw:
        _require_exact_fields(raw)
    return envelope


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
    if tuple(names) != Envelope.__struct_fields__:
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


class Reader:
    """Reads the events of a catalogue out of entries that may be anything."""

    def __init__(self, events: Mapping[str, type[Event]]) -> None:
        """Know `events` by their stored names."""
        self._reader = EventReader(events)

    def event_of(self, envelope: Envelope) -> Event | None:
        """Return the event in an envelope, None where it is opaque; one of `MALFORMED` where it cannot be read."""
        if is_opaque(envelope.type):
            _OPAQUE.decode(envelope.data)
            return None
        return self._reader.read(envelope.type, envelope.data)

    def knows(self, kind: str) -> bool:
        """Return whether facts of this type can be read."""
        return is_opaque(kind) or self._reader.knows(kind)

    def envelope_in(self, entry: object) -> Envelope | None:
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
        if envelope is None or not self._reader.knows(envelope.type):
            return None
        try:
            return self._reader.read(envelope.type, envelope.data)
        except MALFORMED:
            return None
