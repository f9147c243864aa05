"""The key of the accounts: 32 random bytes in a file of their own beside the database, never in it.

seal    HMAC-SHA-256(key, "seal"): AES-256-GCM over what must be read again, bound to what it belongs to
lookup  HMAC-SHA-256(key, purpose ‖ 0 ‖ words): where something short (a slip's code) is looked up
form    HMAC-SHA-256(key, "form" ‖ 0 ‖ session), hex: the token that a session's forms carry
"""

import contextlib
import hmac
import secrets
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.decision import Refused
from domain.text import Text
from ledger.whole_files import create

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
TOKEN_BYTES: Final = 32
"""256 random bits: nobody finds one by trying."""
KEY_FILE: Final = "accounts.key"


class Keyring:
    """Seals and marks what accounts keep; it never shows its key."""

    def __init__(self, key: bytes) -> None:
        """Use a key of 32 bytes."""
        self._key = key

    def seal(self, words: bytes, belongs_to: str) -> bytes:
        """Return words sealed under a fresh nonce; they open only as what they belong to."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self._derived(b"seal")).encrypt(nonce, words, belongs_to.encode())

    def unseal(self, sealed: bytes, belongs_to: str) -> bytes:
        """Return the words; `Refused` where another key sealed them, or for something else."""
        try:
            opened = AESGCM(self._derived(b"seal")).decrypt(
                sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], belongs_to.encode()
            )
        except InvalidTag:
            raise Refused("accounts-key-differs", _OTHER_KEY) from None
        return opened

    def lookup(self, purpose: str, words: str) -> bytes:
        """Return where something short is looked up: nobody without the key can try all there are."""
        return self._derived(purpose.encode() + b"\0" + words.encode())

    def form_token(self, session: str) -> str:
        """Return what the forms of a session carry."""
        return self.lookup("form", session).hex()

    def _derived(self, purpose: bytes) -> bytes:
        return hmac.digest(self._key, purpose, "sha256")


def keyring_in(data: Path) -> Keyring:
    """Return the keyring of an installation, made on first use; `Refused` where its file is damaged."""
    path = data / KEY_FILE
    if not path.exists():
        with contextlib.suppress(FileExistsError):
            create(path, secrets.token_bytes(KEY_BYTES))
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise Refused("accounts-key-damaged", _damaged(path))
    return Keyring(key)


def new_token() -> str:
    """Return a token of 256 random bits, fit for a URL or a cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest_of(token: str) -> bytes:
    """Return what is kept of a token: nobody gets from it to the token."""
    return sha256(token.encode()).digest()


_OTHER_KEY = Text(
    f"账户数据不是用这里的 {KEY_FILE} 封存的；请从备份恢复该文件。",
    f"What accounts keep was not sealed under the {KEY_FILE} that lies here; restore that file from a backup.",
)


def _damaged(path: Path) -> Text:
    return Text(
        f"文件 {path} 已损坏（应为 {KEY_BYTES} 字节）；请从备份恢复。",
        f"{path} is damaged ({KEY_BYTES} bytes expected); restore it from a backup.",
    )
