"""Codes of one-time slips: 80 random bits in four groups of four, without letters that are mistaken for one another."""

import secrets
import unicodedata
from collections.abc import Callable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTERS, GROUP = 16, 4
BITS = 5
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code(random: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """Return a fresh code such as `7K2M-0QXD-9TZ4-HB3W`."""
    number = int.from_bytes(random(LETTERS * BITS // 8))
    letters = "".join(ALPHABET[number >> BITS * place & 31] for place in range(LETTERS))
    return "-".join(letters[start : start + GROUP] for start in range(0, LETTERS, GROUP))


def read_code(words: str) -> str:
    """Return a code as it was printed, however it was typed: small letters, spaces, full width, O for 0."""
    plain = unicodedata.normalize("NFKC", words).upper().translate(_READ_AS)
    letters = "".join(letter for letter in plain if letter in ALPHABET)
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))
