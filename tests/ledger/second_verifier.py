"""A second verifier, written from the texts alone (RFC 9162 §2.1, RFC 8032 §5.1.7, c2sp.org/signed-note).

It shares nothing with `ledger`: proofs are checked bit by bit as the RFC puts it, Ed25519 is computed with integers,
and a checkpoint is taken apart by hand. Where it and the ledger disagree, one of them is wrong.
"""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256, sha512

Point = tuple[int, int, int, int]

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE_D = -121665 * pow(121666, -1, PRIME) % PRIME
ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def includes(index: int, size: int, leaf: bytes, path: Sequence[bytes], root: bytes) -> bool:
    """Follow RFC 9162 §2.1.3.2 step by step."""
    if index < 0 or index >= size or any(len(each) != 32 for each in [leaf, root, *path]):
        return False
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0:
            return False
        if fn % 2 == 1 or fn == sn:
            r = node(p, r)
            if fn % 2 == 0:
                while fn % 2 == 0 and fn != 0:
                    fn >>= 1
                    sn >>= 1
        else:
            r = node(r, p)
        fn >>= 1
        sn >>= 1
    return sn == 0 and r == root


def extends(first: int, first_root: bytes, second: int, second_root: bytes, path: Sequence[bytes]) -> bool:
    """Follow RFC 9162 §2.1.4.2 step by step; the empty tree begins every tree, without a proof."""
    if first < 0 or first > second or any(len(each) != 32 for each in [first_root, second_root, *path]):
        return False
    if first in (0, second):
        return not path and first_root == (second_root if first else sha256(b"").digest())
    hashes = list(path)
    if first & (first - 1) == 0:
        hashes.insert(0, first_root)
    if not path:
        return False
    fn, sn = first - 1, second - 1
    while fn % 2 == 1:
        fn >>= 1
        sn >>= 1
    fr = sr = hashes[0]
    for c in hashes[1:]:
        if sn == 0:
            return False
        if fn % 2 == 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while fn % 2 == 0 and fn != 0:
                fn >>= 1
                sn >>= 1
        else:
            sr = node(sr, c)
        fn >>= 1
        sn >>= 1
    return fr == first_root and sr == second_root and sn == 0


# Ed25519, RFC 8032 §5.1


def add(one: Point, two: Point) -> Point:
    a = (one[1] - one[0]) * (two[1] - two[0]) % PRIME
    b = (one[1] + one[0]) * (two[1] + two[0]) % PRIME
    c = 2 * one[3] * two[3] * CURVE_D % PRIME
    d = 2 * one[2] * two[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def times(factor: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            total = add(total, point)
        point = add(point, point)
        factor >>= 1
    return total


def same(one: Point, two: Point) -> bool:
    return (one[0] * two[2] - two[0] * one[2]) % PRIME == 0 and (one[1] * two[2] - two[1] * one[2]) % PRIME == 0


def point_of(encoded: bytes) -> Point | None:
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= PRIME:
        return None
    squared = (y * y - 1) * pow(CURVE_D * y * y + 1, -1, PRIME) % PRIME
    x = pow(squared, (PRIME + 3) // 8, PRIME)
    if (x * x - squared) % PRIME:
        x = x * ROOT_OF_MINUS_ONE % PRIME
    if (x * x - squared) % PRIME or (x == 0 and sign):
        return None
    x = PRIME - x if x & 1 != sign else x
    return x, y, 1, x * y % PRIME


BASE = point_of((4 * pow(5, -1, PRIME) % PRIME).to_bytes(32, "little"))


def has_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether the signature is that of the message under an Ed25519 key."""
    if len(signature) != 64 or BASE is None:
        return False
    key, nonce_point, scalar = point_of(public), point_of(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or nonce_point is None or scalar >= ORDER:
        return False
    challenge = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % ORDER
    return same(times(scalar, BASE), add(nonce_point, times(challenge, key)))


# checkpoints


@dataclass(frozen=True)
class Said:
    """What a checkpoint says."""

    origin: str
    size: int
    root: bytes


def plain_base64(words: str) -> bytes | None:
    """Return the bytes, None unless they would be written in just this way."""
    try:
        decoded = b64decode(words.encode("ascii"))
    except ValueError:
        return None
    return decoded if b64encode(decoded).decode() == words else None


def checkpoint(raw: bytes, name: str, public: bytes) -> Said | None:
    """Return what a checkpoint says if the key of this name has signed it, else None."""
    parts = parted(raw)
    if parts is None:
        return None
    body, under = parts
    signed = "".join(line + "\n" for line in body).encode()
    key_id = sha256(name.encode() + b"\n\x01" + public).digest()[:4]
    signatures = [signature_in(line) for line in under]
    ours = [each[1][4:] for each in signatures if each is not None and each[0] == name and each[1][:4] == key_id]
    if None in signatures or len(under) > 100 or not ours:
        return None
    return said(body) if all(has_signed(public, signed, each) for each in ours) and body[0] == name else None


def parted(raw: bytes) -> tuple[list[str], list[str]] | None:
    """Return the lines of the text and those under it."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if any(ord(letter) < 32 and letter != "\n" for letter in text) or not text.endswith("\n"):
        return None
    lines = text.split("\n")[:-1]
    blanks = [number for number, line in enumerate(lines) if line == ""]
    if not blanks or blanks[-1] in (0, len(lines) - 1):
        return None
    return lines[: blanks[-1]], lines[blanks[-1] + 1 :]


def signature_in(line: str) -> tuple[str, bytes] | None:
    """Return name and bytes of a signature line."""
    words = line.split(" ")
    if len(words) != 3 or words[0] != "\u2014" or not words[1] or "+" in words[1]:
        return None
    decoded = plain_base64(words[2])
    if decoded is None or len(decoded) < 5 or any(letter.isspace() for letter in words[1]):
        return None
    return words[1], decoded


def said(body: list[str]) -> Said | None:
    """Return what the lines of a checkpoint say."""
    if len(body) < 3 or "" in body or not (body[1].isascii() and body[1].isdigit()) or len(body[1]) > 19:
        return None
    root = plain_base64(body[2])
    if str(int(body[1])) != body[1] or int(body[1]) >= 2**63 or root is None or len(root) != 32:
        return None
    return Said(body[0], int(body[1]), root)
