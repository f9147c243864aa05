"""One-time links: 256 random bits that sign one person in once, before a time. Only a hash is kept."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from sqlalchemy import ColumnElement, and_, delete, insert, select, update

from api.identity.keyring import digest_of, new_token
from api.identity.shelf import Shelf
from api.identity.tables import accounts, links

Purpose = Literal["first run", "invitation", "reset", "demo"]
LIFETIMES: Final[dict[Purpose, timedelta]] = {
    "first run": timedelta(minutes=15),
    "invitation": timedelta(hours=72),
    "reset": timedelta(hours=2),
    "demo": timedelta(hours=72),
}
KEPT_AFTER: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Link:
    """A link that can still be used, and whose it is."""

    account: str
    person: str


class Links:
    """Issues links and takes them back, once each."""

    def __init__(self, shelf: Shelf) -> None:
        """Keep them on this shelf."""
        self._shelf = shelf

    def issue(self, account: str, purpose: Purpose, issued_by: str) -> str:
        """Return a new link's token, which is seen this once; the account's earlier links are void."""
        token, now = new_token(), self._shelf.now()
        values = {"token": digest_of(token), "account": account, "purpose": purpose, "issued_by": issued_by}
        with self._shelf.changing() as connection:
            connection.execute(delete(links).where(links.c.account == account, links.c.used_at.is_(None)))
            connection.execute(delete(links).where(links.c.expires_at < now - KEPT_AFTER))
            ends = now + LIFETIMES[purpose]
            connection.execute(insert(links).values(**values, issued_at=now, expires_at=ends))
        return token

    def usable(self, token: str) -> Link | None:
        """Return a link that has neither been used nor expired, without using it."""
        asked = (
            select(accounts.c.account, accounts.c.person)
            .join_from(links, accounts)
            .where(self._usable(token), accounts.c.ledger_id == self._shelf.ledger_id, accounts.c.disabled.is_(False))
        )
        with self._shelf.asking() as connection:
            row = connection.execute(asked).first()
        return None if row is None else Link(row.account, row.person)

    def use(self, token: str) -> bool:
        """Use a link; return whether it could be used: of two who try at once, one succeeds."""
        with self._shelf.changing() as connection:
            used = connection.execute(update(links).where(self._usable(token)).values(used_at=self._shelf.now()))
            return used.rowcount == 1

    def _usable(self, token: str) -> ColumnElement[bool]:
        return and_(
            links.c.token == digest_of(token), links.c.used_at.is_(None), links.c.expires_at > self._shelf.now()
        )
