"""What the tests of proofs share: the recursive definitions, subtrees in memory, and how to damage a proof."""

import os
import random
from collections.abc import Sequence
from hashlib import sha256

from ledger import tree

SEED = int(os.environ.get("STARLEDGER_SEED", "20260105"))

# The entries of RFC 6962's reference implementation.
ENTRIES = [
    bytes.fromhex(entry)
    for entry in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]

Claim = tuple[tuple[int, int], tuple[bytes, bytes], tuple[bytes, ...]]


def soak(runs: int) -> int:
    """Return how often to try: the size for every day, or a multiple of it by STARLEDGER_SOAK."""
    return runs * int(os.environ.get("STARLEDGER_SOAK", "1"))


def leaves_of(entries: Sequence[bytes]) -> list[bytes]:
    return [sha256(b"\x00" + entry).digest() for entry in entries]


def _half(size: int) -> int:
    half = 1
    while half * 2 < size:
        half *= 2
    return half


def recursive_root(leaves: Sequence[bytes]) -> bytes:
    """Return MTH as RFC 9162 §2.1.1 defines it, from leaf hashes."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    half = _half(len(leaves))
    return sha256(b"\x01" + recursive_root(leaves[:half]) + recursive_root(leaves[half:])).digest()


def recursive_proof(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return PATH(m, D_n) as RFC 9162 §2.1.3.1 defines it."""
    if len(leaves) == 1:
        return []
    half = _half(len(leaves))
    if index < half:
        return [*recursive_proof(index, leaves[:half]), recursive_root(leaves[half:])]
    return [*recursive_proof(index - half, leaves[half:]), recursive_root(leaves[:half])]


def subtrees_of(leaves: Sequence[bytes]) -> tree.Subtrees:
    """Return how to look up perfect subtrees over leaves in memory."""

    def subtree(level: int, index: int) -> bytes:
        assert (index + 1) << level <= len(leaves)
        return recursive_root(leaves[index << level : (index + 1) << level])

    return subtree


def damaged(
    dice: random.Random, numbers: tuple[int, int], hashes: tuple[bytes, bytes], proof: Sequence[bytes]
) -> Claim:
    """Return the claim with one thing in it changed, so that it is not true any more."""
    path = list(proof)
    ways = (
        ["number", "hash", "longer"] + ["flip", "shorter", "double", "length"] * bool(path) + ["swap"] * (len(path) > 1)
    )
    match dice.choice(ways):
        case "number":
            return _other_number(dice, numbers), hashes, tuple(path)
        case "hash":
            place = dice.randrange(2)
            return numbers, (_flipped(dice, hashes[0]), hashes[1]) if place else (hashes[0], bytes(32)), tuple(path)
        case "longer":
            path.insert(dice.randint(0, len(path)), dice.choice([bytes(32), hashes[0], hashes[1]]))
        case "flip":
            place = dice.randrange(len(path))
            path[place] = _flipped(dice, path[place])
        case "shorter":
            del path[dice.randrange(len(path))]
        case "double":
            path.append(dice.choice(path))
        case "length":
            place = dice.randrange(len(path))
            path[place] = dice.choice([b"", path[place][:-1], path[place] + b"\x00"])
        case _:
            one, two = dice.sample(range(len(path)), 2)
            path[one], path[two] = path[two], path[one]
    return numbers, hashes, tuple(path)


def _flipped(dice: random.Random, hashed: bytes) -> bytes:
    place = dice.randrange(256)
    return (int.from_bytes(hashed, "big") ^ 1 << place).to_bytes(32, "big")


def _other_number(dice: random.Random, numbers: tuple[int, int]) -> tuple[int, int]:
    """Change the leaf's number or the earlier size; the size of the whole is for the checkpoint to say."""
    return numbers[0] + dice.choice([-(2**63), -2, -1, 1, 2, 64, 2**63]), numbers[1]
