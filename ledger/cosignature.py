r"""Cosignatures: a witness says when a checkpoint was the newest it had seen of a log (c2sp.org/tlog-cosignature, v1).

    line       "— " name " " base64(key id ‖ u64be time ‖ Ed25519 signature) "\n"       under the checkpoint it is about
    signed     "cosignature/v1\n" "time " seconds "\n" text of the checkpoint
    key id     SHA-256(name ‖ 0x0A ‖ 0x04 ‖ public key)[:4]

A cosignature of an independent witness is what a log that shows different people different histories cannot get twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ledger.note import Note, Signature, SigningKey, VerifierKey, parse_note

COSIGNATURE_V1 = b"\x04"
TIME_BYTES = 8
LATEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class WitnessKey(VerifierKey):
    """A witness's public key under its name."""

    KIND: ClassVar[bytes] = COSIGNATURE_V1

    def verifies(self, text: str, signature: bytes) -> bool:
        """Return whether this witness has cosigned the text, whenever that was."""
        seconds = int.from_bytes(signature[:TIME_BYTES])
        if len(signature) <= TIME_BYTES or seconds > LATEST:
            return False
        try:
            key = Ed25519PublicKey.from_public_bytes(self.public)
            key.verify(signature[TIME_BYTES:], _signed(text, seconds))
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True, repr=False)
class WitnessSigningKey(SigningKey):
    """A witness's private key under its name; it never shows itself."""

    PUBLIC: ClassVar[type[VerifierKey]] = WitnessKey

    def cosign(self, text: str, at: datetime) -> Signature:
        """Return this witness's line for the text of a checkpoint, cosigned at an instant, in whole seconds."""
        seconds = int(at.timestamp())
        signature = self.private().sign(_signed(text, seconds))
        return Signature(self.name, self.verifier.key_id, seconds.to_bytes(TIME_BYTES) + signature)


@dataclass(frozen=True, slots=True)
class Witnessed:
    """That a witness cosigned, and when it says that was."""

    name: str
    at: datetime

    def as_json(self) -> dict[str, str]:
        """Return name and time as JSON-ready values."""
        return {"name": self.name, "at": self.at.isoformat()}


def _signed(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def witnessed(raw: bytes, witnesses: Iterable[WitnessKey]) -> tuple[Witnessed, ...]:
    """Return which of `witnesses` cosigned a checkpoint, each once, at its latest; others' lines are passed over.

    A line under a known witness's name and key that does not fit says nothing. `MalformedNote` where it is no note.
    """
    note = parse_note(raw)
    known = {(key.name, key.key_id): key for key in witnesses}
    found: dict[str, Witnessed] = {}
    for line in note.signatures:
        key = known.get((line.name, line.key_id))
        if key is not None and key.verifies(note.text, line.signature):
            at = _time_of(line)
            if line.name not in found or found[line.name].at < at:
                found[line.name] = Witnessed(line.name, at)
    return tuple(found.values())


def with_cosignatures(raw: bytes, lines: Iterable[Signature]) -> bytes:
    """Return a checkpoint with more lines under it, none twice."""
    note = parse_note(raw)
    return Note(note.text, tuple(dict.fromkeys((*note.signatures, *lines)))).as_bytes()


def lines_of(answer: bytes, text: str, witness: WitnessKey) -> tuple[Signature, ...]:
    """Return the lines of a witness's answer that are its own and fit; `MalformedNote` where they are no lines."""
    note = parse_note(text.encode() + b"\n" + answer)
    mine = (line for line in note.signatures if (line.name, line.key_id) == (witness.name, witness.key_id))
    return tuple(line for line in mine if witness.verifies(text, line.signature))


def _time_of(line: Signature) -> datetime:
    seconds = int.from_bytes(line.signature[:TIME_BYTES])
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.max.replace(tzinfo=UTC)
