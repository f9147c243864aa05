"""Printed slips: a short code and a PIN, for members and masses who have no password. They read and report, no more.

A slip lasts thirty days, and a new one voids the one before. Its code is looked up under the accounts' key, its PIN is
hashed as passwords are; both are tried a few times an hour at most.
"""

import secrets
from datetime import timedelta
from typing import Final, NamedTuple

from sqlalchemy import delete, insert, select

from api.identity.passwords import Passwords
from api.identity.shelf import Shelf
from api.identity.tables import accounts, slips

LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""None of them is taken for another in print."""
CODE_LETTERS: Final = 10
PIN_DIGITS: Final = 6
LIFETIME: Final = timedelta(days=30)


class Slip(NamedTuple):
    """What is printed, once."""

    code: str
    pin: str


class Slips:
    """Issues slips and knows them again."""

    def __init__(self, shelf: Shelf, passwords: Passwords) -> None:
        """Keep them on this shelf."""
        self._shelf = shelf
        self._passwords = passwords

    def issue(self, account: str, issued_by: str) -> Slip:
        """Return a new slip of an account, which is seen this once."""
        code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS))
        slip = Slip(f"{code[:5]}-{code[5:]}", f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}")
        hashed, now = self._passwords.hashed(slip.pin), self._shelf.now()
        values = {"code": self.mark(slip.code), "account": account, "pin": hashed, "issued_by": issued_by}
        with self._shelf.changing() as connection:
            connection.execute(delete(slips).where(slips.c.account == account))
            connection.execute(insert(slips).values(**values, issued_at=now, expires_at=now + LIFETIME))
        return slip

    def person_of(self, code: str, pin: str) -> str | None:
        """Return whose slip it is, None after as much work where code and PIN do not fit."""
        asked = (
            select(slips.c.pin, accounts.c.person)
            .join_from(slips, accounts)
            .where(
                slips.c.code == self.mark(code),
                slips.c.expires_at > self._shelf.now(),
                accounts.c.ledger_id == self._shelf.ledger_id,
                accounts.c.disabled.is_(False),
            )
        )
        with self._shelf.asking() as connection:
            row = connection.execute(asked).first()
        fits = self._passwords.fits(pin, None if row is None else row.pin)
        return row.person if row is not None and fits else None

    def mark(self, code: str) -> bytes:
        """Return where a code is looked up, however it was typed."""
        plain = "".join(letter for letter in code.upper() if letter.isalnum())
        return self._shelf.keyring.lookup("slip", plain)

    def void(self, account: str) -> None:
        """Let the slip of an account be worth nothing."""
        with self._shelf.changing() as connection:
            connection.execute(delete(slips).where(slips.c.account == account))
