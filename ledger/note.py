r"""Signed notes: a text under which keys have put their names (c2sp.org/signed-note, Ed25519 only).

    note       text "\n" signature line…             the text ends with a line end; the last empty line parts them
    line       "— " name " " base64(key id ‖ signature) "\n"
    key id     SHA-256(name ‖ 0x0A ‖ kind ‖ public key)[:4]          kind 0x01: a signature, 0x04: a cosignature/v1
    vkey       name "+" hex(key id) "+" base64(kind ‖ public key)                        what everybody may know
    skey       "PRIVATE+KEY+" name "+" hex(key id) "+" base64(kind ‖ seed)               what only the signer has

Both key forms are those of Go's `sumdb/note`. A text is believed only when a known key has signed it; lines of unknown
keys are passed over, a line of a known key that does not fit spoils the whole note.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
KEY_ID_BYTES = 4
SEED_BYTES = 32
MOST_SIGNATURES = 100
MOST_BYTES = 1_000_000
_PRIVATE = "PRIVATE+KEY+"
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_LINE = re.compile(r"— (\S+) (\S+)")


class MalformedNote(ValueError):  # noqa: N818 - says what is the case
    """What should be a note or a key does not have its form."""


class UnverifiedNote(Exception):  # noqa: N818 - says what is the case
    """No known key has signed the note, or a known key's signature does not fit."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A line under a note: whose it says it is, and the signature's bytes."""

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        """Return the line as it stands in the note."""
        return f"— {self.name} {to_base64(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the lines under it; nothing has been verified yet."""

    text: str
    signatures: tuple[Signature, ...]

    def as_bytes(self) -> bytes:
        """Return the note as it is kept and sent."""
        return (self.text + "\n" + "".join(each.line() for each in self.signatures)).encode()


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under its name."""

    KIND: ClassVar[bytes] = ED25519
    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Return the four bytes that stand for name and key."""
        return sha256(self.name.encode() + b"\n" + self.KIND + self.public).digest()[:KEY_ID_BYTES]

    def __str__(self) -> str:
        """Return the vkey."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(self.KIND + self.public)}"

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """Return the key that a vkey is; `MalformedNote` where it is none."""
        name, key_id, public = _parts_of_key(vkey, cls.KIND)
        key = cls(name, public)
        if key.key_id.hex() != key_id:
            message = "the key does not have the id that stands before it"
            raise MalformedNote(message)
        return key

    def verifies(self, text: str, signature: bytes) -> bool:
        """Return whether this key has signed the text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """A private key under its name; it never shows itself."""

    PUBLIC: ClassVar[type[VerifierKey]] = VerifierKey
    name: str
    seed: bytes

    @property
    def verifier(self) -> VerifierKey:
        """Return the public key."""
        return self.PUBLIC(self.name, self.private().public_key().public_bytes_raw())

    def skey(self) -> str:
        """Return the key as its file holds it."""
        return f"{_PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{to_base64(self.PUBLIC.KIND + self.seed)}"

    @classmethod
    def parse(cls, skey: str) -> Self:
        """Return the key that an skey is; `MalformedNote` where it is none."""
        if not skey.startswith(_PRIVATE):
            message = "no private key"
            raise MalformedNote(message)
        name, key_id, seed = _parts_of_key(skey.removeprefix(_PRIVATE), cls.PUBLIC.KIND)
        key = cls(name, seed)
        if key.verifier.key_id.hex() != key_id:
            message = "the private key does not have the id that stands before it"
            raise MalformedNote(message)
        return key

    def sign(self, text: str) -> Signature:
        """Return this key's line for a text."""
        return Signature(self.name, self.verifier.key_id, self.private().sign(text.encode()))

    def private(self) -> Ed25519PrivateKey:
        """Return the key that signs."""
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def is_name(name: str) -> bool:
    """Return whether a key may be called so: not empty, without Unicode spaces, plus signs and control characters."""
    return bool(name) and not any(letter.isspace() or letter == "+" or letter < " " for letter in name)


def sign_note(text: str, *keys: SigningKey) -> bytes:
    """Return the text with a line of each key; `MalformedNote` where the text could not be read back."""
    note = Note(text, tuple(key.sign(text) for key in keys)).as_bytes()
    if parse_note(note).text != text:
        message = "the text cannot be signed"
        raise MalformedNote(message)
    return note


def parse_note(raw: bytes) -> Note:
    """Return text and lines as they stand; `MalformedNote` unless all of it has the form. Nothing is verified."""
    if len(raw) > MOST_BYTES:
        message = f"a note of {len(raw)} bytes"
        raise MalformedNote(message)
    try:
        said = raw.decode()
    except UnicodeDecodeError as error:
        raise MalformedNote(str(error)) from None
    text, parted, lines = said.rpartition("\n\n")
    if not text or not parted or not lines.endswith("\n") or _CONTROL.search(said):
        message = "no text with signature lines under it"
        raise MalformedNote(message)
    signatures = lines.removesuffix("\n").split("\n")
    if len(signatures) > MOST_SIGNATURES:
        message = f"{len(signatures)} signatures"
        raise MalformedNote(message)
    return Note(text + "\n", tuple(map(_signature, signatures)))


def open_note(raw: bytes, keys: Iterable[VerifierKey]) -> Note:
    """Return the text with the lines of known keys alone, all of which fit.

    Raises `MalformedNote`, and `UnverifiedNote` where no known key has signed or where one's line does not fit.
    """
    note = parse_note(raw)
    known = {(key.name, key.key_id): key for key in keys}
    ours = tuple(each for each in note.signatures if (each.name, each.key_id) in known)
    if not ours or not _all_fit(note.text, ours, [known[each.name, each.key_id] for each in ours]):
        raise UnverifiedNote
    return Note(note.text, ours)


def _all_fit(text: str, signatures: Sequence[Signature], keys: Sequence[VerifierKey]) -> bool:
    return all(key.verifies(text, each.signature) for each, key in zip(signatures, keys, strict=True))


def _signature(line: str) -> Signature:
    match = _LINE.fullmatch(line)
    if match is None or not is_name(match[1]):
        message = "a signature line has another form"
        raise MalformedNote(message)
    decoded = from_base64(match[2])
    if len(decoded) <= KEY_ID_BYTES:
        message = "a signature is missing"
        raise MalformedNote(message)
    return Signature(match[1], decoded[:KEY_ID_BYTES], decoded[KEY_ID_BYTES:])


def _parts_of_key(key: str, kind: bytes) -> tuple[str, str, bytes]:
    """Return (name, key id in hex, 32 bytes of key) of either kind of key."""
    name, _, rest = key.partition("+")
    key_id, _, encoded = rest.partition("+")
    decoded = from_base64(encoded)
    if not is_name(name) or decoded[:1] != kind or len(decoded) != 1 + SEED_BYTES:
        message = "no Ed25519 key of this kind under a name"
        raise MalformedNote(message)
    return name, key_id, decoded[1:]


def from_base64(encoded: str) -> bytes:
    """Return the bytes behind standard Base64 (RFC 4648 §4); `MalformedNote` unless it is their only spelling."""
    try:
        decoded = base64.b64decode(encoded.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise MalformedNote(str(error)) from None
    if to_base64(decoded) != encoded:
        message = "Base64 with bits left over"
        raise MalformedNote(message)
    return decoded


def to_base64(raw: bytes) -> str:
    """Return standard Base64 (RFC 4648 §4)."""
    return base64.b64encode(raw).decode()
