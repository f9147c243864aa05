"""The key of a ballot box: born when it opens, kept outside the database, destroyed when it closes (design §3).

master  32 random bytes, in a file of its own
seal    HMAC-SHA-256(master, "seal"): AES-256-GCM over the whole contents, a fresh nonce at every drop
places  HMAC-SHA-256(master, "places"): where in the contents a voter's or a slip's sheet lies
pass    HMAC-SHA-256(master, "pass"), hex: shows the ledger that a command comes from the keeper
sealed  nonce (12 bytes) ‖ ciphertext ‖ tag; the ledger's name and the box's are authenticated with it
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MASTER_BYTES = 32
NONCE_BYTES = 12
PLACE_BYTES = 16


class BoxDamaged(Exception):  # noqa: N818 - says what is the case
    """The sealed contents were not written under this key: the file was altered, or is another box's."""


@dataclass(frozen=True, slots=True, repr=False)
class BoxKey:
    """The key of one box of one ledger; it never shows itself."""

    master: bytes
    bound_to: bytes

    @property
    def keeper_pass(self) -> str:
        """Return what proves to the ledger that a command comes from the keeper."""
        return self._derived(b"pass").hex()

    def place(self, of: str) -> str:
        """Return where the sheet of a voter or slip lies: hex that says nothing without the key."""
        return hmac.digest(self._derived(b"places"), of.encode(), "sha256")[:PLACE_BYTES].hex()

    def seal(self, contents: bytes, random: Callable[[int], bytes]) -> bytes:
        """Return contents sealed under a fresh nonce: nothing in it resembles what was sealed before."""
        nonce = random(NONCE_BYTES)
        return nonce + AESGCM(self._derived(b"seal")).encrypt(nonce, contents, self.bound_to)

    def unseal(self, sealed: bytes) -> bytes:
        """Return the contents; `BoxDamaged` where they were not sealed by this key."""
        try:
            return AESGCM(self._derived(b"seal")).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self.bound_to)
        except (InvalidTag, ValueError):  # ValueError: cut off within the nonce
            raise BoxDamaged from None

    def _derived(self, purpose: bytes) -> bytes:
        return hmac.digest(self.master, purpose, "sha256")
