"""One-time codes of an authenticator (TOTP, RFC 6238), and the recovery codes for who has lost it.

A code works once: the last time step that was used is kept, and only a later one is taken. The secret is sealed.
"""

import secrets
from dataclasses import dataclass
from typing import Final

import pyotp
from sqlalchemy import delete, insert, select, update

from api.identity.attempts import CODE, Limits
from api.identity.shelf import Shelf
from api.identity.tables import accounts, recovery_codes

ISSUER: Final = "Starledger"
RECOVERY_CODES: Final = 8
RECOVERY_BYTES: Final = 10
STEPS_ASIDE: Final = (0, -1, 1)
"""A clock may be half a minute off."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What somebody enters into his authenticator, shown once."""

    secret: str
    address: str

    def __repr__(self) -> str:
        """Show nothing."""
        return "Enrolment()"


class Codes:
    """Enrols authenticators and takes their codes."""

    def __init__(self, shelf: Shelf, limits: Limits) -> None:
        """Keep secrets on this shelf, sealed."""
        self._shelf = shelf
        self._limits = limits

    def begin(self, account: str, person: str) -> Enrolment:
        """Return a new secret; it counts once a code of it has been given. Until then the one before does."""
        secret = pyotp.random_base32()
        with self._shelf.changing() as connection:
            chosen = update(accounts).where(accounts.c.account == account)
            connection.execute(chosen.values(code_coming=self._sealed(account, secret)))
        return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=person, issuer_name=ISSUER))

    def confirm(self, account: str, code: str) -> tuple[str, ...] | None:
        """Return recovery codes, shown this once, where the code is of the secret that was begun; None where not."""
        self._limits.count(CODE, account)
        with self._shelf.asking() as connection:
            coming = connection.execute(select(accounts.c.code_coming).where(accounts.c.account == account)).scalar()
        step = None if coming is None else self._step_of(self._opened(account, coming), code)
        if step is None:
            return None
        drawn = tuple(secrets.token_hex(RECOVERY_BYTES) for _ in range(RECOVERY_CODES))
        with self._shelf.changing() as connection:
            begun = update(accounts).where(accounts.c.account == account, accounts.c.code_coming == coming)
            enrolled = {"code_secret": coming, "code_coming": None, "code_confirmed": True, "code_step": step}
            if connection.execute(begun.values(**enrolled)).rowcount != 1:
                return None
            connection.execute(delete(recovery_codes).where(recovery_codes.c.account == account))
            kept = [{"code": self._mark(account, code), "account": account} for code in drawn]
            connection.execute(insert(recovery_codes), kept)
        return drawn

    def use(self, account: str, code: str) -> bool:
        """Use a code of the authenticator, or a recovery code; return whether it was one, and for the first time."""
        self._limits.count(CODE, account)
        used = self._use_step(account, code) or self._use_recovery(account, code)
        if used:
            self._limits.forgive(CODE, account)
        return used

    def forget(self, account: str) -> None:
        """Let an account have no authenticator: its owner enrols another."""
        with self._shelf.changing() as connection:
            gone = {"code_secret": None, "code_coming": None, "code_confirmed": False}
            connection.execute(update(accounts).where(accounts.c.account == account).values(**gone))
            connection.execute(delete(recovery_codes).where(recovery_codes.c.account == account))

    def _use_step(self, account: str, code: str) -> bool:
        asked = select(accounts.c.code_secret).where(accounts.c.account == account, accounts.c.code_confirmed)
        with self._shelf.asking() as connection:
            sealed = connection.execute(asked).scalar()
        step = None if sealed is None else self._step_of(self._opened(account, sealed), code)
        if step is None:
            return False
        later = update(accounts).where(accounts.c.account == account, accounts.c.code_step < step)
        with self._shelf.changing() as connection:
            return connection.execute(later.values(code_step=step)).rowcount == 1

    def _use_recovery(self, account: str, code: str) -> bool:
        this = recovery_codes.c.code == self._mark(account, code)
        with self._shelf.changing() as connection:
            chosen = delete(recovery_codes).where(this, recovery_codes.c.account == account)
            return connection.execute(chosen).rowcount == 1

    def _step_of(self, secret: str, code: str) -> int | None:
        """Return the time step that a code is of, None where it is of none near now."""
        now, totp = self._shelf.now(), pyotp.TOTP(secret)
        given = "".join(code.split())
        near = (totp.timecode(now) + aside for aside in STEPS_ASIDE)
        return next((step for step in near if secrets.compare_digest(totp.generate_otp(step), given)), None)

    def _sealed(self, account: str, secret: str) -> bytes:
        return self._shelf.keyring.seal(secret.encode(), f"code:{account}")

    def _opened(self, account: str, sealed: bytes) -> str:
        return self._shelf.keyring.unseal(sealed, f"code:{account}").decode()

    def _mark(self, account: str, code: str) -> bytes:
        plain = code.strip().lower().replace("-", "")
        return self._shelf.keyring.lookup(f"recovery:{account}", plain)
