"""Passwords and PINs: argon2id, a few at a time, and as slow for an account that does not exist.

One hash takes 64 MiB; without the semaphore a thousand sign-ins at once would want 64 GiB.
"""

import secrets
from threading import BoundedSemaphore
from typing import Final

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from domain.decision import Refused
from domain.text import Text

AT_ONCE: Final = 2
SHORTEST: Final = 12
LONGEST: Final = 256
"""Longer words would only keep the processor busy."""


class Passwords:
    """Hashes words and compares them with hashes, `at_once` at a time; the others wait their turn."""

    def __init__(self, at_once: int = AT_ONCE, hashing: Argon2Hasher | None = None) -> None:
        """Work on as many at once; `hashing` sets the cost."""
        self._hash = PasswordHash((hashing or Argon2Hasher(parallelism=1),))
        self._turn = BoundedSemaphore(at_once)
        self._nobodys = self.hashed(secrets.token_hex())

    def hashed(self, words: str) -> str:
        """Return the hash to keep."""
        with self._turn:
            return self._hash.hash(words)

    def fits(self, words: str, kept: str | None) -> bool:
        """Return whether the words are those that were hashed; where nothing is kept, False after as much work."""
        with self._turn:
            try:
                same = self._hash.verify(words[:LONGEST], kept or self._nobodys)
            except UnknownHashError:
                same = False
        return same and kept is not None


def require_good(password: str, person: str) -> None:
    """Raise `Refused` for a password that is too short, too long, or hardly one."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused("password-length", _LENGTH)
    if len(set(password.lower())) < SHORTEST // 2 or not set(password.lower()) - set(person.lower()):
        raise Refused("password-too-simple", _SIMPLE)


_LENGTH = Text(
    f"密码须为{SHORTEST}至{LONGEST}个字符；一句好记的话比几个符号更好。",
    f"A password has {SHORTEST} to {LONGEST} characters; a sentence you remember is better than a few signs.",
)
_SIMPLE = Text("这个密码太简单；请换一个。", "This password is too simple; choose another.")
