"""Accounts: one for each person of a ledger who may sign in."""

import secrets
from dataclasses import dataclass

from sqlalchemy import Row, insert, select, update

from api.identity.shelf import Shelf
from api.identity.tables import accounts
from domain.ids import PersonId

ACCOUNT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account, as it stands."""

    account: str
    person: PersonId
    password: str | None
    has_code: bool
    disabled: bool

    @property
    def can_sign_in(self) -> bool:
        """Return whether its owner has set a password, and it is open."""
        return self.password is not None and not self.disabled

    def __repr__(self) -> str:
        """Show which, never what is kept of its password."""
        return f"Account({self.account!r})"


class People:
    """Finds, makes and changes accounts."""

    def __init__(self, shelf: Shelf) -> None:
        """Keep them on this shelf."""
        self._shelf = shelf

    def of(self, person: str) -> Account | None:
        """Return a person's account, None where he has none."""
        asked = select(accounts).where(accounts.c.ledger_id == self._shelf.ledger_id, accounts.c.person == person)
        with self._shelf.asking() as connection:
            row = connection.execute(asked).first()
        return None if row is None else _account(row)

    def all(self) -> list[Account]:
        """Return every account of the ledger, by person."""
        asked = select(accounts).where(accounts.c.ledger_id == self._shelf.ledger_id).order_by(accounts.c.person)
        with self._shelf.asking() as connection:
            return [_account(row) for row in connection.execute(asked)]

    def made_for(self, person: PersonId) -> Account:
        """Return a person's account, made where there is none yet."""
        found = self.of(person)
        if found is not None:
            return found
        made = Account(secrets.token_hex(ACCOUNT_BYTES), person, None, has_code=False, disabled=False)
        with self._shelf.changing() as connection:
            connection.execute(
                insert(accounts).values(
                    account=made.account, ledger_id=self._shelf.ledger_id, person=person, made_at=self._shelf.now()
                )
            )
        return made

    def set_password(self, account: str, hashed: str | None) -> None:
        """Keep another password's hash, or none."""
        self._change(account, password=hashed)

    def set_disabled(self, account: str, *, disabled: bool) -> None:
        """Close an account, or open it again."""
        self._change(account, disabled=disabled)

    def _change(self, account: str, **values: object) -> None:
        with self._shelf.changing() as connection:
            connection.execute(update(accounts).where(accounts.c.account == account).values(**values))


def _account(row: Row[tuple[object, ...]]) -> Account:
    return Account(row.account, PersonId(row.person), row.password, row.code_confirmed, row.disabled)
